"""Exsited's API (seed 003, hq_contracts 4) over the one truth: invoices are the fulfillments, each order has one."""

from __future__ import annotations

from aiohttp import web

from hq.calls import Services
from hq.facades.exsited import demand, fulfilling, goods, inbound, returns
from hq.facades.exsited.session import Sessions, refuse
from hq.facades.facade import Facade
from hq.keys import Caller
from web.routes import RouteTable

BASE = "/api"
"""Before the paths of the contract, which begin with the version."""


def facade(services: Services) -> Facade:
    """The API over this store."""
    sessions = Sessions(services.keys, services.clock)
    routes = RouteTable()
    for module in (fulfilling, demand, goods, inbound, returns):
        routes.routes += module.routes.routes
    sessions.add_to(routes)

    async def caller(request: web.Request) -> Caller | None:
        return await sessions.caller(request)

    return Facade("exsited", (BASE + "/",), routes, caller, refuse, base=BASE)
