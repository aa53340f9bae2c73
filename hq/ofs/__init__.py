"""The order fulfillment service of seed 001: bodies, state machines, and one module per kind of work."""
