"""What a site can set: one edge.toml, checked in full before anything starts."""
