"""Floor work: which open work a reading belongs to, and what the worker sees of it."""
