"""A machine without edge.toml: finds its devices, lets a person try each, and writes the settings."""
