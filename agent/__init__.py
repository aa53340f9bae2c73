"""Puts it together: floor work, HTTP API, screens and the command line."""

__version__ = "0.6.0"
