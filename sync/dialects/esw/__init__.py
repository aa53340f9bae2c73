"""Dialect of seed 000, the Logistics Fulfillment API of ESW: it is told what happened to orders, and gives none."""

from sync.dialect import Dialect
from sync.dialects.esw.capabilities import EswHq, accepts
from sync.dialects.esw.client import make_client

DIALECT = Dialect(name="esw", settings=EswHq, accepts=accepts, make_client=make_client)
