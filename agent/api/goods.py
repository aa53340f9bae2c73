"""`/v1/station/receipts`, `returns` and `counts`: goods in, goods back and counts, under a supervisor's badge."""

from __future__ import annotations

from aiohttp import web

from agent.api.access import SCREEN
from agent.api.deciding import decided
from local_store.domain.commands import (
    CompleteReturn,
    CountStock,
    InspectReturn,
    ReceiveReturn,
    RecordReceipt,
)
from local_store.store import Store
from web.routes import RouteTable, body_of


class GoodsRoutes:
    """The routes of goods. Any page may call them; the badge in the command says who may."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes, of_return = RouteTable(), "/v1/station/returns/{return_id}"
        routes.post("/v1/station/receipts", SCREEN)(self.receipt)
        routes.post(f"{of_return}/receive", SCREEN)(self.receive)
        routes.post(f"{of_return}/inspect", SCREEN)(self.inspect)
        routes.post(f"{of_return}/complete", SCREEN)(self.complete)
        routes.post("/v1/station/counts", SCREEN)(self.count)
        return routes

    async def receipt(self, request: web.Request) -> web.Response:
        """Goods came in: against an announcement, a purchase order, or blind."""
        return await decided(self._store, await body_of(request, RecordReceipt))

    async def receive(self, request: web.Request) -> web.Response:
        """Goods of a return arrived."""
        return await decided(self._store, await body_of(request, ReceiveReturn, **request.match_info))

    async def inspect(self, request: web.Request) -> web.Response:
        """What becomes of the goods of a return."""
        return await decided(self._store, await body_of(request, InspectReturn, **request.match_info))

    async def complete(self, request: web.Request) -> web.Response:
        """Nothing more happens to a return."""
        return await decided(self._store, await body_of(request, CompleteReturn, **request.match_info))

    async def count(self, request: web.Request) -> web.Response:
        """How many units of a product there are, at a location or in the whole warehouse."""
        return await decided(self._store, await body_of(request, CountStock))
