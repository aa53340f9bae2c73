"""One folder for each central API the agent can speak."""

from sync.dialect import Dialect
from sync.dialects.ofs.capabilities import ACCEPTS, OfsHq
from sync.dialects.ofs.client import make_client

DIALECTS: dict[str, Dialect] = {
    "ofs": Dialect(name="ofs", settings=OfsHq, accepts=ACCEPTS, make_client=make_client),
}
"""Every HQ this agent can speak to, by the name used in edge.toml."""
