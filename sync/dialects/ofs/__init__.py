"""Dialect of seed 001, the order fulfillment service."""
