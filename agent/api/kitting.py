"""`/v1/station/work-orders`: kits to build, what they need at all levels, and kits that are taken apart."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from agent.api.access import SCREEN
from agent.api.acts import add_acts
from agent.api.around import Around
from agent.api.return_shape import number
from agent.api.seed_calls import NOT_FOUND
from local_store.domain import commands as c
from local_store.domain.events import decimal_text
from local_store.domain.kitting import cycle, needs
from local_store.domain.kitting_desk import Order
from local_store.store import Store
from local_store.works.kitting import load_order, order_bills
from local_store.works.stock import balances
from web.pages import Page, page, position_of
from web.problems import Refused
from web.routes import RouteTable, json_answer, query_of

READERS = ("packer", "supervisor", "receiver", "picker", "admin")


class OrderTold(BaseModel):
    """A work order."""

    work_order_id: str
    number: str
    sku: str
    qty: int | str
    built: int | str
    open: bool


class OrdersTold(BaseModel):
    """A page of them."""

    items: list[OrderTold]
    next_cursor: str | None


class NeedTold(BaseModel):
    """What the kits that are still to be built need of one product; `here` is what all accounts inside hold of it."""

    level: int
    sku: str
    qty: int | str
    is_kit: bool
    here: int | str


class BuildTold(BaseModel):
    """Kits that were built; `into` is the build that they went into."""

    build_id: str
    sku: str
    qty: int | str
    into: str | None
    taken_apart: bool
    used: list[dict[str, Any]]
    serials: list[str]
    location_id: str | None


class WholeOrderTold(OrderTold):
    """A work order with what it needs, and what was built."""

    needs: list[NeedTold]
    fault: str | None
    """Why its bill cannot be built."""
    builds: list[BuildTold]


class KitRoutes:
    """The handlers that read."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes, of = RouteTable(), "/v1/station/work-orders"
        routes.get(of, SCREEN, *READERS, query=Page, answers=OrdersTold)(self.every)
        routes.get(f"{of}/{{work_order_id}}", SCREEN, *READERS, answers=WholeOrderTold)(self.get)
        return routes

    async def every(self, request: web.Request) -> web.Response:
        """Work orders in the order of their ids."""
        query, db = query_of(request, Page), self._store.reader
        rows = db.execute(
            "SELECT work_order_id FROM kit_order WHERE work_order_id > ? ORDER BY work_order_id LIMIT ?",
            (*position_of(query.cursor, [""]), query.limit),
        ).fetchall()
        found = [load_order(db, row[0]) for row in rows]
        items = [_shape(order) for order in found if order is not None]
        return json_answer(page(items, query.limit, [rows[-1][0]] if rows else None))

    async def get(self, request: web.Request) -> web.Response:
        """One work order, by its id or number: what it needs at all levels, and what was built."""
        db, ident = self._store.reader, request.match_info["work_order_id"]
        order = load_order(db, ident)
        if order is None:
            raise Refused(NOT_FOUND, "kit.unknown", f"There is no work order {ident[:60]!r} at this station.")
        bills = order_bills(db, order)
        way = cycle(bills, order.sku)
        wanted = () if way is not None else needs(bills, order.sku, order.left)
        told = [
            {**need._asdict(), "qty": number(decimal_text(need.qty)), "here": self._here(need.sku)} for need in wanted
        ]
        fault = None if way is None else " → ".join(way)[:200]
        return json_answer({**_shape(order), "needs": told, "fault": fault, "builds": self._builds(order)})

    def _here(self, sku: str) -> int | str:
        inside = [
            each.qty
            for each in balances(self._store.reader, sku=sku)
            if each.account == "dock" or each.account.startswith("location:")
        ]
        return number(decimal_text(sum(inside, Decimal(0))))

    def _builds(self, order: Order) -> list[dict[str, Any]]:
        rows = self._store.reader.execute(
            "SELECT build_id, sku, qty, into_build, taken_apart, fact FROM kit_build WHERE work_order_id = ?"
            " ORDER BY seq DESC LIMIT 200",
            (order.work_order_id,),
        )
        found = []
        for row in rows:
            fact = json.loads(row["fact"])
            of = {
                "build_id": row["build_id"],
                "sku": row["sku"],
                "qty": number(row["qty"]),
                "into": row["into_build"],
            }
            more = {name: fact[name] for name in ("used", "serials", "location_id")}
            found.append({**of, "into": row["into_build"], "taken_apart": bool(row["taken_apart"]), **more})
        return found


def _shape(order: Order) -> dict[str, Any]:
    return {
        "work_order_id": order.work_order_id,
        "number": order.number,
        "sku": order.sku,
        "qty": number(decimal_text(order.qty)),
        "built": number(decimal_text(order.built)),
        "open": order.open,
    }


def routes(around: Around) -> RouteTable:
    """Every route with the roles that may call it."""
    table = KitRoutes(around.store).routes()
    acts: dict[str, type[c.WorkerCommand]] = {
        "/v1/station/work-orders": c.MakeWorkOrder,
        "/v1/station/bills": c.RecordBill,
        "/v1/station/kit-builds/{build_id}/take-apart": c.TakeApartKit,
    }
    add_acts(table, around.store, acts)
    return table
