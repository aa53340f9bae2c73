"""What a site can set: one edge.toml, checked in full before anything starts."""

from config.loading import ConfigFaults, load
from config.model import Hq, Settings
from config.secrets import read_secret

__all__ = ["ConfigFaults", "Hq", "Settings", "load", "read_secret"]
