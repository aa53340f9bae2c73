"""Dialect of seed 001, the order fulfillment service."""

from sync.dialect import Dialect
from sync.dialects.ofs.capabilities import OfsHq, accepts
from sync.dialects.ofs.client import make_client

DIALECT = Dialect(name="ofs", settings=OfsHq, accepts=accepts, make_client=make_client)
