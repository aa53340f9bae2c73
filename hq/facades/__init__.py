"""The other four central APIs over the one truth. Each facade speaks one API; what it means is in `hq/central.py`."""
