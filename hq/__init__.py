"""A central fulfillment API to run against: seed 001 on SQLite, always its own process."""
