"""Pitney Bowes' fulfillment APIs (seed 002) over the one truth: their orders are the office's fulfillments.

Goods announced to them, returns, work orders and bills of material have no place in seed 001; they are kept as
records of this API. Every assumption is marked in `hq/contracts/pitney_bowes.yaml`.
"""

from __future__ import annotations

from hq.calls import Services
from hq.facades.facade import Facade
from hq.facades.pitney_bowes import door, orders, products, records
from hq.facades.tokens import Tokens
from web.routes import RouteTable

LIFE_S = 35_999
"""Of a token, as in the example of hq_contracts 3.1."""


def facade(services: Services) -> Facade:
    """This API for the callers known by their keys."""
    tokens = Tokens(LIFE_S, services.clock)
    routes = RouteTable()
    routes.post("/oauth/token", door.ANYONE)(door.token_route(tokens, services.keys))
    for part in (products, orders, records):
        routes.routes.extend(part.routes.routes)
    return Facade(
        name="pitney_bowes",
        prefixes=("/oauth/token", "/shippingservices/"),
        routes=routes,
        caller=tokens.caller,
        refuse=door.refuse,
    )
