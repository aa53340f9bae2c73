"""Dialect of seed 003, Exsited's item fulfillments and what belongs to them."""

from sync.dialect import Dialect
from sync.dialects.exsited.capabilities import ExsitedHq, accepts
from sync.dialects.exsited.client import make_client

DIALECT = Dialect(name="exsited", settings=ExsitedHq, accepts=accepts, make_client=make_client)
