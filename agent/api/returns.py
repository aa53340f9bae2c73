"""Goods that come back: seed 001 section 6 under `/v1/fulfillment`, and the same for pages of this station."""

from __future__ import annotations

import sqlite3
from typing import Annotated, Any

from aiohttp import web
from pydantic import BaseModel, Field

from agent.api.access import SCREEN
from agent.api.acts import add_acts
from agent.api.around import Around
from agent.api.return_shape import return_shape
from agent.api.seed_calls import NOT_FOUND, WRONG, Seed, by_whom, done, made
from local_store.domain import commands as c
from local_store.domain.events import Condition
from local_store.domain.returns import Return
from local_store.store import Store
from local_store.works import returns
from web.pages import Page, page, position_of
from web.problems import Refused
from web.routes import RouteTable, body_of, json_answer, query_of

READERS = ("receiver", "supervisor", "qc_agent", "picker", "packer", "admin")
_STATUSES = {
    "return.unknown": NOT_FOUND,
    **dict.fromkeys(
        (
            *("return.no_line", "return.line_twice", "return.more_than_came", "return.which_line"),
            *("return.which_serials", "goods.no_product", "goods.none", "goods.serials", "goods.serial_twice"),
        ),
        WRONG,
    ),
    "worker.may_not": 403,
}


class NewReturn(Seed):
    """What is to come back, as seed 001 has it. `sku` of a line is needed for an order that is not known here."""

    order_id: c.Id
    rma_reference: c.Id | None = None
    reason: str
    expected_lines: tuple[c.ExpectedLine, ...]
    return_method: str
    destination_warehouse_id: c.Id | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)


class CameBack(BaseModel):
    """Units of one line as they came."""

    line_id: c.Id
    qty: c.Amount
    condition: Condition = "good"
    serials: tuple[c.Id, ...] = ()


class Received(Seed):
    """What came. `received_at` is taken and not used: the station's own clock says when it heard of it."""

    received_lines: Annotated[tuple[CameBack, ...], Field(min_length=1, max_length=1000)]
    received_at: str | None = None


class Inspection(Seed):
    """What becomes of the goods. `line_id`, `serials` and `photos` (SHA-256) are our additions."""

    disposition: str
    restockable_qty: c.Amount | None = None
    notes: str | None = None
    line_id: c.Id | None = None
    serials: tuple[c.Id, ...] = ()
    photos: tuple[str, ...] = ()


class ReturnQuery(Page):
    """Returns to a warehouse, in a status, of an order, or all."""

    warehouse_id: c.Id | None = None
    status: Return | None = None
    order_id: c.Id | None = None


class ReturnTold(BaseModel):
    """A return as seed 001 has it."""

    id: str
    order_id: str | None
    status: Return
    destination_warehouse_id: str
    created_at: str
    updated_at: str
    expected_lines: list[dict[str, Any]]
    received_lines: list[dict[str, Any]]
    inspections: list[dict[str, Any]]
    rma_reference: str
    reason: str | None
    return_method: str | None
    return_label_url: str | None
    instructions: str | None
    metadata: dict[str, Any]
    version: int


class ReturnsTold(BaseModel):
    """A page of returns."""

    items: list[ReturnTold]
    next_cursor: str | None


class ReturnRoutes:
    """The handlers of returns in HQ's own shapes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes, of = RouteTable(), "/v1/fulfillment/returns"
        one = f"{of}/{{return_id}}"
        routes.get(of, SCREEN, *READERS, query=ReturnQuery, answers=ReturnsTold)(self.every)
        routes.post(of, SCREEN, *c.CreateReturn.roles, body=NewReturn, answers=ReturnTold, status=201)(self.create)
        routes.get(one, SCREEN, *READERS, answers=ReturnTold)(self.get)
        roles = (SCREEN, *c.ReceiveReturn.roles)
        routes.post(f"{one}/receive", *roles, body=Received, answers=ReturnTold, more=(412,))(self.receive)
        roles = (SCREEN, *c.InspectReturn.roles)
        routes.post(f"{one}/inspect", *roles, body=Inspection, answers=ReturnTold, more=(412,))(self.inspect)
        roles = (SCREEN, *c.CompleteReturn.roles)
        routes.post(f"{one}/complete", *roles, body=Seed, answers=ReturnTold, more=(412,))(self.complete)
        roles = (SCREEN, *c.ShipBackReturn.roles)
        routes.post(f"{one}/ship-back-to-supplier", *roles, body=Seed, answers=ReturnTold, more=(412,))(
            self.ship_back
        )
        return routes

    async def create(self, request: web.Request) -> web.Response:
        """Announce a return; its label is printed at the workplace where the customer ships the goods."""
        body = await body_of(request, NewReturn)
        told = body.model_dump(exclude={"workplace"})
        command = made(request, c.CreateReturn, {**told, **by_whom(request, body)})
        await done(request, self._store, command, _STATUSES)
        return self._answer(f"return_{command.command_id.hex}", 201)

    async def every(self, request: web.Request) -> web.Response:
        """Returns in the order of their ids."""
        query = query_of(request, ReturnQuery)
        home = self._store.site.warehouse_id
        rows = self._store.reader.execute(
            "SELECT return_id FROM returned WHERE return_id > :after AND (:status IS NULL OR status = :status)"
            " AND (:order_id IS NULL OR order_id = :order_id) AND (:warehouse IS NULL OR :warehouse ="
            " coalesce(details ->> '$.destination_warehouse_id', :home)) ORDER BY return_id LIMIT :limit",
            {
                "after": position_of(query.cursor, [""])[0],
                "status": query.status,
                "order_id": query.order_id,
                "home": home,
                "warehouse": query.warehouse_id,
                "limit": query.limit,
            },
        ).fetchall()
        items = [return_shape(self._store.reader, row[0], home) for row in rows]
        told = [each for each in items if each is not None]
        return json_answer(page(told, query.limit, [rows[-1][0]] if rows else None))

    async def get(self, request: web.Request) -> web.Response:
        """One return."""
        return self._answer(request.match_info["return_id"])

    async def receive(self, request: web.Request) -> web.Response:
        """Take what came, also more or less than was announced."""
        body, ident = await body_of(request, Received), request.match_info["return_id"]
        work = returns.load(self._store.reader, ident)
        if work is None:
            raise _no_return(ident)
        skus = {line.line_id: line.sku for line in work.lines}
        lines = []
        for place, line in enumerate(body.received_lines):
            if line.line_id not in skus:
                sentence = f"received_lines.{place}.line_id: return {ident[:60]} has no line {line.line_id[:60]}."
                raise Refused(WRONG, "unknown_line", f"{sentence} Scan what else came at the returns desk.")
            lines.append({**line.model_dump(), "sku": skus[line.line_id]})
        return await self._act(request, body, c.ReceiveReturn, lines=tuple(lines))

    async def inspect(self, request: web.Request) -> web.Response:
        """What becomes of all that waits, or of one line of it."""
        body = await body_of(request, Inspection)
        told = body.model_dump(exclude={"workplace"})
        return await self._act(request, body, c.InspectReturn, **{**told, "notes": body.notes or ""})

    async def complete(self, request: web.Request) -> web.Response:
        """Nothing more happens to it."""
        return await self._act(request, await body_of(request, Seed), c.CompleteReturn)

    async def ship_back(self, request: web.Request) -> web.Response:
        """Have HQ make an order of what was reshelved, for its supplier."""
        return await self._act(request, await body_of(request, Seed), c.ShipBackReturn)

    async def _act(self, request: web.Request, body: Seed, command: type[c.WorkerCommand], **of: Any) -> web.Response:
        ident = request.match_info["return_id"]
        wanted = made(request, command, {"return_id": ident, **of, **by_whom(request, body)})
        await done(request, self._store, wanted, _STATUSES, lambda db: self._version(db, ident))
        return self._answer(ident)

    def _version(self, db: sqlite3.Connection, ident: str) -> str | None:
        told = return_shape(db, ident, self._store.site.warehouse_id)
        return None if told is None else str(told["version"])

    def _answer(self, ident: str, status: int = 200) -> web.Response:
        told = return_shape(self._store.reader, ident, self._store.site.warehouse_id)
        if told is None:
            raise _no_return(ident)
        return json_answer({"return_id": ident, **told}, status, str(told["version"]))


def routes(around: Around) -> RouteTable:
    """Every route with the roles that may call it."""
    of = "/v1/station/returns"
    acts: dict[str, type[c.WorkerCommand]] = {
        of: c.CreateReturn,
        f"{of}/{{return_id}}/receive": c.ReceiveReturn,
        f"{of}/{{return_id}}/inspect": c.InspectReturn,
        f"{of}/{{return_id}}/complete": c.CompleteReturn,
        f"{of}/{{return_id}}/ship-back": c.ShipBackReturn,
    }
    table = ReturnRoutes(around.store).routes()
    add_acts(table, around.store, acts)
    return table


def _no_return(ident: str) -> Refused:
    return Refused(NOT_FOUND, "return.unknown", f"There is no return {ident[:60]!r} at this station.")
