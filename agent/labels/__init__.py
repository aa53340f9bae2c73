"""Labels: ZPL templates with typed fields, compiled once, and proof that data stays data."""
