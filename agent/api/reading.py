"""`/v1/fulfillment/…` to read: what this station holds of the work, in the shapes of seed 001.

A client written for HQ finds its members here. What only HQ knows is null: when something was made, allocations,
shipments. A quantity is a whole number, or decimal text where it is not whole.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from aiohttp import web
from pydantic import BaseModel

from agent.api import held as h
from agent.api.access import OPERATOR, SCREEN
from agent.api.around import Around
from local_store.domain import states
from local_store.domain.events import decimal_text
from local_store.domain.site import Site
from web.pages import NoQuery, Page, page, position_of, sliced
from web.problems import Refused, shown
from web.routes import Handler, RouteTable, query_of, versioned

BASE = "/v1/fulfillment"
READERS = (SCREEN, OPERATOR, "picker", "packer", "receiver", "supervisor", "qc_agent", "admin")
MG_PER_G, MM_PER_CM = 1000, 10

PICKLIST_STATUS: Mapping[str, h.PicklistStatus] = {
    states.Picklist.OPEN: "assigned",
    states.Picklist.IN_PROGRESS: "in_progress",
    states.Picklist.COMPLETED: "completed",
}
"""A picklist that is here was given to this station: HQ calls that assigned."""
STATUS = (
    "CASE session WHEN 'ready' THEN 'picked' WHEN 'packing' THEN 'packing' WHEN 'packed' THEN 'ready_to_ship'"
    " ELSE CASE WHEN EXISTS (SELECT 1 FROM pick_task t WHERE t.fulfillment_id = fulfillment.fulfillment_id"
    "  AND (t.picked <> '0' OR t.status IN ('done', 'short'))) THEN 'picking'"
    " WHEN EXISTS (SELECT 1 FROM pick_task t WHERE t.fulfillment_id = fulfillment.fulfillment_id) THEN 'allocated'"
    " ELSE 'awaiting_allocation' END END"
)
TASK_STATUS = "CASE t.status WHEN 'done' THEN 'done' WHEN 'short' THEN 'short' ELSE 'open' END"
TASKS = (
    f"SELECT t.*, {TASK_STATUS} AS told, p.priority, p.workplace, p.status AS list_status, place.worker_id"  # noqa: S608
    " FROM pick_task t JOIN picklist p USING (picklist_id) LEFT JOIN place ON place.workplace = p.workplace"
    "  AND place.picklist_id = p.picklist_id"
)
QUEUES: Mapping[str, str] = {
    "waves": "SELECT count(*) FROM picklist WHERE status <> 'completed'",
    "unassigned_waves": "SELECT count(*) FROM picklist WHERE status = 'open'",
    "packing": "SELECT count(*) FROM fulfillment WHERE session IN ('ready', 'packing')",
    "labels": "SELECT count(*) FROM spool_job WHERE state <> 'confirmed'",
    "exceptions": "SELECT count(*) FROM work_exception WHERE state <> 'decided'",
}


class Held(NamedTuple):
    """Where answers are read from."""

    db: sqlite3.Connection
    site: Site
    named: str
    """What the path names; empty where it names nothing."""


Read = Callable[[Held, Any], h.Json]


def routes(around: Around) -> RouteTable:
    """Every route with the roles that may call it."""
    table = RouteTable()
    for path, read, query, answers in READS:
        told = partial(table.get, f"{BASE}{path}", *READERS)
        told(query=query, answers=answers, more=(304,))(_handler(around, read, query))
    return table


def fulfillments(held: Held, query: h.FulfillmentQuery) -> h.Json:
    """The fulfillments this station holds, by id."""
    (after,) = position_of(query.cursor, [""])
    rows = held.db.execute(
        f"SELECT *, {STATUS} AS told FROM fulfillment WHERE fulfillment_id > :after"  # noqa: S608 -- our own words
        " AND (:order IS NULL OR order_id = :order) AND (:status IS NULL OR told = :status)"
        " ORDER BY fulfillment_id LIMIT :limit",
        {"after": after, "order": query.order_id, "status": query.status, "limit": query.limit},
    ).fetchall()
    last = [rows[-1]["fulfillment_id"]] if rows else None
    return page([_fulfillment(held, row) for row in rows], query.limit, last)


def fulfillment(held: Held, _query: NoQuery) -> h.Json:
    """One fulfillment with its lines, tasks and packages."""
    row = held.db.execute(
        f"SELECT *, {STATUS} AS told FROM fulfillment WHERE fulfillment_id = ?",  # noqa: S608 -- our own words
        (held.named,),
    ).fetchone()
    if row is None:
        raise _missing("fulfillment", held.named)
    return _fulfillment(held, row)


def picklists(held: Held, query: h.PicklistQuery) -> h.Json:
    """The picklists this station was given, most urgent first."""
    rank, after = position_of(query.cursor, [-1, ""])
    wanted = [here for here, told in PICKLIST_STATUS.items() if query.status in {None, told}]
    rows = held.db.execute(
        "SELECT p.*, place.worker_id FROM picklist p LEFT JOIN place ON place.picklist_id = p.picklist_id"
        " WHERE (p.priority, p.picklist_id) > (?, ?) AND p.status IN (SELECT value FROM json_each(?))"
        " ORDER BY p.priority, p.picklist_id LIMIT ?",
        (rank, after, json.dumps(wanted), query.limit),
    ).fetchall()
    last = [rows[-1]["priority"], rows[-1]["picklist_id"]] if rows else None
    return page([_picklist(held, row) for row in rows], query.limit, last)


def tasks(held: Held, query: h.TaskQuery) -> h.Json:
    """The lines to pick that this station holds, by priority, picklist and walking order."""
    rank, picklist_id, position = position_of(query.cursor, [-1, "", -1])
    rows = held.db.execute(
        f"{TASKS} WHERE (p.priority, t.picklist_id, t.position) > (:rank, :picklist, :position)"
        " AND told = :status AND p.status <> 'completed' AND (:worker IS NULL OR place.worker_id = :worker)"
        " AND (:priority IS NULL OR p.priority = :priority)"
        " ORDER BY p.priority, t.picklist_id, t.position LIMIT :limit",
        {
            "rank": rank,
            "picklist": picklist_id,
            "position": position,
            "limit": query.limit,
            "status": query.status,
            "worker": query.worker_id,
            "priority": states.PRIORITIES.index(query.priority) if query.priority else None,
        },
    ).fetchall()
    last = [rows[-1][name] for name in ("priority", "picklist_id", "position")] if rows else None
    return page([_task(held, row) for row in rows], query.limit, last)


def queues(held: Held, query: Page) -> h.Json:
    """How much waits where on this station."""
    counted = [{"queue": name, "count": held.db.execute(sql).fetchone()[0]} for name, sql in QUEUES.items()]
    return sliced(counted, query)


def warehouses(held: Held, query: Page) -> h.Json:
    """The warehouse this station stands in."""
    return sliced([_warehouse(held.site)], query)


def warehouse(held: Held, _query: NoQuery) -> h.Json:
    """The same by its name; a station knows of no other."""
    if held.named != held.site.warehouse_id:
        raise _missing("warehouse", held.named)
    return _warehouse(held.site)


def profiles(held: Held, query: Page) -> h.Json:
    """The boxes that HQs described, by id; of two HQs' boxes of one id that of the first."""
    (after,) = position_of(query.cursor, [""])
    rows = held.db.execute(
        "SELECT *, min(lane) FROM carton WHERE carton_id > ? GROUP BY carton_id ORDER BY carton_id LIMIT ?",
        (after, query.limit),
    ).fetchall()
    last = [rows[-1]["carton_id"]] if rows else None
    return page([_profile(row) for row in rows], query.limit, last)


def settings(held: Held, _query: NoQuery) -> h.Json:
    """What this station goes by, without secrets; it is set in edge.toml."""
    weights = held.site.weights
    return {
        "default_warehouse_id": held.site.warehouse_id,
        "allowed_splits": False,
        "default_label_format": "zpl",
        "packaging_rules": {
            "tolerance_percent": decimal_text(weights.tolerance_percent),
            "tolerance_g": weights.tolerance_mg // MG_PER_G,
            "carton_g": weights.carton_mg // MG_PER_G,
        },
        "station_id": held.site.station_id,
        "label_check": held.site.label_check,
    }


READS: tuple[tuple[str, Read, type[BaseModel], type[BaseModel]], ...] = (
    ("/fulfillments", fulfillments, h.FulfillmentQuery, h.Fulfillments),
    ("/fulfillments/{fulfillment_id}", fulfillment, NoQuery, h.Fulfillment),
    ("/picklists", picklists, h.PicklistQuery, h.Picklists),
    ("/tasks", tasks, h.TaskQuery, h.Tasks),
    ("/queues", queues, Page, h.Queues),
    ("/warehouses", warehouses, Page, h.Warehouses),
    ("/warehouses/{warehouse_id}", warehouse, NoQuery, h.Warehouse),
    ("/packaging-profiles", profiles, Page, h.Profiles),
    ("/settings", settings, NoQuery, h.Settings),
)


def _handler(around: Around, read: Read, query: type[BaseModel]) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        named = next(iter(request.match_info.values()), "")
        held = Held(around.store.reader, around.store.site, named)
        return versioned(request, read(held, query_of(request, query)))

    handle.__doc__ = read.__doc__
    return handle


def _fulfillment(held: Held, row: sqlite3.Row) -> h.Json:
    ident = row["fulfillment_id"]
    found = held.db.execute(f"{TASKS} WHERE t.fulfillment_id = ? ORDER BY t.picklist_id, t.position", (ident,))
    work = [_task(held, task) for task in found]
    return {
        "id": ident,
        "order_id": row["order_id"],
        "warehouse_id": row["warehouse_id"],
        "status": row["told"],
        "lines": [_line(line) for line in _all(held, "fulfillment_line", ident, "position")],
        "allocation_id": None,
        "picklist_id": work[-1]["picklist_id"] if work else row["picklist_id"],
        "packages": [
            _package(each) for each in _all(held, "package", ident, "package_id") if each["weight_mg"] is not None
        ],
        "shipments": [],
        "created_at": None,
        "updated_at": None,
        "metadata": json.loads(row["metadata"] or "{}"),
        "carrier_hint": row["carrier_hint"],
        "service_code": row["service_code"],
        "insurance": json.loads(row["insurance"] or "null"),
        "requested_ship_date": row["ship_by"],
        "tasks": work,
    }


def _all(held: Held, table: str, fulfillment_id: str, order: str) -> list[sqlite3.Row]:
    query = f"SELECT * FROM {table} WHERE fulfillment_id = ? ORDER BY {order}"  # noqa: S608 -- our own words
    return held.db.execute(query, (fulfillment_id,)).fetchall()


def _line(row: sqlite3.Row) -> h.Json:
    return {
        "order_line_id": row["order_line_id"],
        "sku": row["sku"],
        "qty": _qty(row["qty"]),
        "allocated": [],
        "picked": _qty(row["picked"]),
        "packed": _qty(row["packed"]),
        "attributes": {},
    }


def _package(row: sqlite3.Row) -> h.Json:
    return {
        "package_id": row["package_id"],
        "weight": (row["weight_mg"] + MG_PER_G // 2) // MG_PER_G,
        "dimensions": None,
        "sscc": row["sscc"],
        "sealed": row["status"] == states.Package.SEALED,
    }


def _picklist(held: Held, row: sqlite3.Row) -> h.Json:
    found = held.db.execute(f"{TASKS} WHERE t.picklist_id = ? ORDER BY t.position", (row["picklist_id"],))
    work = [_task(held, task) for task in found]
    return {
        "id": row["picklist_id"],
        "picklist_id": row["picklist_id"],
        "warehouse_id": held.site.warehouse_id,
        "fulfillment_ids": list(dict.fromkeys(task["fulfillment_id"] for task in work)),
        "status": PICKLIST_STATUS[row["status"]],
        "tasks": work,
        "priority": states.PRIORITIES[row["priority"]],
        "worker_id": row["worker_id"],
        "device_id": held.site.station_id,
        "pick_confirmation_id": row["pick_confirmation_id"],
        "created_at": None,
    }


def _task(held: Held, row: sqlite3.Row) -> h.Json:
    short = Decimal(row["qty"]) - Decimal(row["picked"]) if row["told"] == "short" else Decimal(0)
    return {
        "type": "pick",
        **{name: row[name] for name in ("task_id", "picklist_id", "fulfillment_id", "order_line_id", "location_id")},
        "sku": row["sku"],
        "lot_id": None,
        "qty": _qty(row["qty"]),
        "picked": _qty(row["picked"]),
        "short": _qty(decimal_text(short)),
        "status": row["told"],
        "short_reason": row["reason"] if row["told"] == "short" else None,
        "worker_id": row["worker_id"],
        "device_id": held.site.station_id if row["workplace"] else None,
    }


def _warehouse(site: Site) -> h.Json:
    return {
        "id": site.warehouse_id,
        "warehouse_id": site.warehouse_id,
        "capabilities": sorted(set(site.workplaces.values())),
        "workstations": sorted(site.workplaces),
    }


def _profile(row: sqlite3.Row) -> h.Json:
    sizes = {name[0]: row[name] for name in ("length_mm", "width_mm", "height_mm")}
    tare, most = row["tare_mg"], row["max_mg"]
    return {
        "profile_id": row["carton_id"],
        "name": row["name"],
        "dimensions": {name: _in_units(mm, MM_PER_CM) for name, mm in sizes.items()},
        "tare_weight": None if tare is None else _in_units(tare, MG_PER_G),
        "max_weight": None if most is None else _in_units(most, MG_PER_G),
        "default": None,
        "warehouse_id": None,
    }


def _in_units(amount: int, parts: int) -> h.Qty:
    """An amount in units that have so many parts."""
    return _qty(decimal_text(Decimal(amount) / parts))


def _qty(text: str) -> h.Qty:
    quantity = Decimal(text)
    return int(quantity) if quantity == quantity.to_integral_value() else decimal_text(quantity)


def _missing(what: str, ident: str) -> Refused:
    return Refused(404, "not_found", f"There is no {what} {shown(ident)} on this station; HQ may know of it.")
