"""Dialect of seed 002, the Pitney Bowes fulfillment APIs."""

from sync.dialect import Dialect
from sync.dialects.pitney_bowes.capabilities import PbHq, accepts
from sync.dialects.pitney_bowes.client import make_client

DIALECT = Dialect(name="pitney_bowes", settings=PbHq, accepts=accepts, make_client=make_client)
