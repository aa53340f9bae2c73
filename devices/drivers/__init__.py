"""One file per kind of device: its settings, and how it is talked to."""
