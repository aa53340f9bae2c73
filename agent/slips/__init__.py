"""Slips of paper: what stands on them, how it is laid out, and how it gets to a receipt printer."""
