"""The HTTP API of the station, its pages and its live updates."""
