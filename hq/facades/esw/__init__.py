"""The Logistics Fulfillment API of ESW (seed 000) over the one truth, below `/esw`.

It reads no orders, so a warehouse must be told by another road what ESW calls them. Here that can be worked out:
`eswOrderReference` is the order number, `threePlRequest` is `3PL-` and that number, a `lineItemId` is the place of
the line in its order, counted from 1, and a `fulfillmentCentreId` is a warehouse.
"""

from __future__ import annotations

from aiohttp import web

from hq.calls import Services
from hq.facades.esw import orders, signing_in, stock
from hq.facades.esw.words import MOUNT, refuse
from hq.facades.facade import Facade
from hq.facades.tokens import Tokens
from hq.keys import Caller
from web.routes import RouteTable

TOKEN_LIFE_S = 3600
"""No life of a token is published (hq_contracts 1.1)."""


def facade(services: Services) -> Facade:
    """This API, with tokens that end with the process."""
    tokens = Tokens(TOKEN_LIFE_S, services.clock)

    async def caller(request: web.Request) -> Caller | None:
        """The holder of a bearer token, or of a raw key in `Authorization` (both are seen, hq_contracts 1.1)."""
        return await tokens.caller(request) or services.keys.holder(request.headers.get("Authorization", ""))

    routes = RouteTable()
    for table in (signing_in.routes(tokens), orders.routes, stock.routes):
        routes.routes += table.routes
    return Facade("esw", (f"{MOUNT}/",), routes, caller, refuse, base=MOUNT)
