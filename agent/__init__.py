"""Puts it together: floor work, HTTP API, screens and the command line."""
