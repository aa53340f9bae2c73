"""Dialect of seed 004, Ventmere S2."""

from sync.dialect import Dialect
from sync.dialects.s2.capabilities import S2Hq, accepts
from sync.dialects.s2.client import make_client

DIALECT = Dialect(name="s2", settings=S2Hq, accepts=accepts, make_client=make_client)
