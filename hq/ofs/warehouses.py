"""Warehouses: their zones, people, workstations, and how much they get done (seed 001 section 8)."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from hq.calls import Act, Api, Call, answer, moment, not_found, pack_json, unpack_json
from hq.idempotency import Answer
from hq.keys import FLOOR, OFFICE
from hq.ofs import timeline
from hq.ofs.access import Role
from hq.ofs.models import Address, Body, Ident, Metadata, Place, Text
from web.pages import NoQuery, Page, page, position_of, sliced
from web.problems import Refused

CAPABILITIES = ("pick", "pack", "ship", "receive", "return", "count")
WINDOW_H = 24
"""Throughput is what was done in so many hours before now."""
SCRYPT = {"n": 2**14, "r": 8, "p": 1}
"""About 16 MiB and 50 ms for each try: four digits then cost minutes instead of none."""

routes = Api()


class WarehouseCreate(Body):
    """Seed 001 section 8: address, time zone, regions served."""

    warehouse_id: Place
    name: Text | None = None
    address: Address | None = None
    timezone: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+_/-]{1,64}$")] = "UTC"
    serviceable_regions: tuple[Text, ...] = Field(default=(), max_length=300)


class Worker(Body):
    """A person with a badge. `pin` is kept only as a salted scrypt hash."""

    worker_id: Ident
    badge_id: Ident
    name: Text = ""
    roles: tuple[Role, ...] = Field(default=("picker",), min_length=1, max_length=6)
    skills: tuple[Text, ...] = Field(default=(), max_length=50)
    pin: Annotated[str, StringConstraints(pattern=r"^\d{4,12}$")] | None = None
    active: bool = True


class Workstation(Body):
    """A place where work is done, or a scale that stands there."""

    station_id: Ident
    kind: Literal["pack", "receive", "return", "qc", "scale"]
    name: Text | None = None
    zone: Place | None = None
    metadata: Metadata = Field(default_factory=dict)


@routes.reads("/warehouses", Page, *FLOOR)
def list_warehouses(call: Call, query: Page) -> Answer:
    """All warehouses: those made here and those that locations name."""
    return answer(sliced([_shape(call, ident) for ident in _idents(call)], query))


@routes.writes("/warehouses", WarehouseCreate, OFFICE)
def create(call: Call, body: WarehouseCreate) -> Answer:
    """Say more of a warehouse, or make a new one."""
    known = call.db.execute("SELECT 1 FROM warehouse WHERE warehouse_id = ?", (body.warehouse_id,)).fetchone()
    if known is not None:
        raise Refused(409, "warehouse_exists", f"warehouse_id: {body.warehouse_id} is here already.")
    text = body.model_dump_json(exclude={"warehouse_id"})
    call.db.execute(
        "INSERT INTO warehouse (warehouse_id, body, created_at, updated_at) VALUES (?, ?, ?, ?)",
        (body.warehouse_id, text, call.now, call.now),
    )
    return answer(_shape(call, body.warehouse_id), 201)


@routes.reads("/warehouses/{id}", NoQuery, *FLOOR)
def get(call: Call, _query: NoQuery) -> Answer:
    """One warehouse."""
    return answer(_shape(call, _known(call)))


@routes.reads("/warehouses/{id}/zones", Page, *FLOOR)
def zones(call: Call, query: Page) -> Answer:
    """Zones with their locations and workstations; those with locations are for picking."""
    ident = _known(call)
    shelves = call.db.execute(
        "SELECT zone, count(*) AS locations FROM location WHERE warehouse_id = ? GROUP BY zone ORDER BY zone",
        (ident,),
    ).fetchall()
    told: dict[str, dict[str, Any]] = {
        row["zone"]: {"zone": row["zone"], "kinds": ["pick"], "locations": row["locations"], "workstations": []}
        for row in shelves
    }
    for row in _stations(call, ident):
        zone = row["zone"] or row["kind"]
        entry = told.setdefault(zone, {"zone": zone, "kinds": [], "locations": 0, "workstations": []})
        entry["workstations"].append(row["station_id"])
        if row["kind"] not in entry["kinds"]:
            entry["kinds"].append(row["kind"])
    return answer(sliced(list(told.values()), query))


@routes.reads("/warehouses/{id}/capacity", NoQuery, *FLOOR)
def capacity(call: Call, _query: NoQuery) -> Answer:
    """What was done an hour in the last day, and what is still to do, in units and parcels."""
    ident = _known(call)
    since = moment(call.services.clock() - timedelta(hours=WINDOW_H))
    row = call.db.execute(
        "SELECT (SELECT coalesce(sum(quantity), 0) FROM movement JOIN fulfillment USING (fulfillment_id)"
        "  WHERE kind = 'pick' AND at >= :since AND warehouse_id = :id) AS picked,"
        " (SELECT count(*) FROM package JOIN fulfillment USING (fulfillment_id)"
        "  WHERE package.created_at >= :since AND warehouse_id = :id) AS packed,"
        " (SELECT coalesce(sum(qty - picked), 0) FROM task JOIN picklist USING (picklist_id)"
        "  WHERE task.status = 'open' AND warehouse_id = :id) AS to_pick,"
        " (SELECT count(*) FROM worker WHERE warehouse_id = :id AND active) AS workers",
        {"since": since, "id": ident},
    ).fetchone()
    kinds = [station["kind"] for station in _stations(call, ident)]
    told = {
        "warehouse_id": ident,
        "picks_per_hour": _an_hour(row["picked"]),
        "packages_per_hour": _an_hour(row["packed"]),
        "units_to_pick": row["to_pick"],
        "workers": row["workers"],
        "workstations": {kind: kinds.count(kind) for kind in sorted(set(kinds))},
        "measured_hours": WINDOW_H,
    }
    return answer(told)


@routes.reads("/warehouses/{id}/workers", Page, *FLOOR)
def list_workers(call: Call, query: Page) -> Answer:
    """The people of a warehouse, without what their PINs hash to (our extension)."""
    ident = _known(call)
    (after,) = position_of(query.cursor, [0])
    rows = call.db.execute(
        "SELECT * FROM worker WHERE warehouse_id = ? AND seq > ? ORDER BY seq LIMIT ?", (ident, after, query.limit)
    ).fetchall()
    items = [worker_shape(row) for row in rows]
    return answer(page(items, query.limit, [rows[-1]["seq"]] if rows else None))


@routes.writes("/warehouses/{id}/workers", Worker, OFFICE)
def put_worker(call: Call, body: Worker) -> Answer:
    """Make a person known, or tell what has changed; without `pin` the old one stays."""
    ident = _known(call)
    owner = call.db.execute("SELECT worker_id FROM worker WHERE badge_id = ?", (body.badge_id,)).fetchone()
    if owner is not None and owner["worker_id"] != body.worker_id:
        sentence = f"badge_id: {body.badge_id} is the badge of {owner['worker_id']}; a badge means one person."
        raise Refused(409, "badge_taken", sentence, {"worker_id": owner["worker_id"]})
    known = call.db.execute("SELECT 1 FROM worker WHERE worker_id = ?", (body.worker_id,)).fetchone()
    call.db.execute(
        "INSERT INTO worker (worker_id, warehouse_id, name, badge_id, roles, skills, pin_hash, active, updated_at)"
        " VALUES (:worker, :warehouse, :name, :badge, :roles, :skills, :pin, :active, :now)"
        " ON CONFLICT (worker_id) DO UPDATE SET warehouse_id = excluded.warehouse_id, name = excluded.name,"
        " badge_id = excluded.badge_id, roles = excluded.roles, skills = excluded.skills,"
        " pin_hash = coalesce(excluded.pin_hash, pin_hash), active = excluded.active,"
        " updated_at = excluded.updated_at",
        {
            "worker": body.worker_id,
            "warehouse": ident,
            "name": body.name,
            "badge": body.badge_id,
            "roles": pack_json(list(body.roles)),
            "skills": pack_json(list(body.skills)),
            "pin": None if body.pin is None else pin_hash(body.pin, secrets.token_bytes(16)),
            "active": body.active,
            "now": call.now,
        },
    )
    timeline.add(call, "worker_registered", worker_id=body.worker_id, warehouse_id=ident, active=body.active)
    row = call.db.execute("SELECT * FROM worker WHERE worker_id = ?", (body.worker_id,)).fetchone()
    return answer(worker_shape(row), 200 if known else 201)


@routes.reads("/warehouses/{id}/workstation", Page, *FLOOR)
def list_workstations(call: Call, query: Page) -> Answer:
    """The workstations and scales of a warehouse (our extension)."""
    items = [_station(row) for row in _stations(call, _known(call))]
    return answer(sliced(items, query))


@routes.writes("/warehouses/{id}/workstation", Workstation, OFFICE)
def create_workstation(call: Call, body: Workstation) -> Answer:
    """A new pack station, bench or scale."""
    ident = _known(call)
    known = call.db.execute(
        "SELECT warehouse_id FROM workstation WHERE station_id = ?", (body.station_id,)
    ).fetchone()
    if known is not None:
        sentence = f"station_id: {body.station_id} is here already, in warehouse {known['warehouse_id']}."
        raise Refused(409, "workstation_exists", sentence)
    call.db.execute(
        "INSERT INTO workstation (station_id, warehouse_id, kind, name, zone, metadata, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (body.station_id, ident, body.kind, body.name, body.zone, pack_json(body.metadata), call.now),
    )
    row = call.db.execute("SELECT * FROM workstation WHERE station_id = ?", (body.station_id,)).fetchone()
    return answer(_station(row), 201)


def pin_hash(pin: str, salt: bytes) -> str:
    """`scrypt$n$r$p$salt$hash`, salt and hash as hex."""
    made = hashlib.scrypt(pin.encode(), salt=salt, dklen=32, **SCRYPT)
    return f"scrypt${SCRYPT['n']}${SCRYPT['r']}${SCRYPT['p']}${salt.hex()}${made.hex()}"


def worker_shape(row: sqlite3.Row) -> dict[str, Any]:
    """A person as told; the PIN's hash goes into badge bundles only."""
    return {
        "worker_id": row["worker_id"],
        "warehouse_id": row["warehouse_id"],
        "badge_id": row["badge_id"],
        "name": row["name"],
        "roles": unpack_json(row["roles"]),
        "skills": unpack_json(row["skills"]),
        "has_pin": row["pin_hash"] is not None,
        "active": bool(row["active"]),
        "updated_at": row["updated_at"],
    }


def _idents(act: Act) -> list[str]:
    rows = act.db.execute(
        "SELECT warehouse_id FROM warehouse UNION SELECT warehouse_id FROM location ORDER BY warehouse_id"
    )
    return [row["warehouse_id"] for row in rows]


def _known(call: Call) -> str:
    ident = call.path["id"]
    if ident not in _idents(call):
        raise not_found("warehouse", ident)
    return ident


def _stations(act: Act, warehouse_id: str) -> list[sqlite3.Row]:
    return act.db.execute("SELECT * FROM workstation WHERE warehouse_id = ? ORDER BY seq", (warehouse_id,)).fetchall()


def _station(row: sqlite3.Row) -> dict[str, Any]:
    names = ("station_id", "warehouse_id", "kind", "name", "zone", "created_at")
    return {**{name: row[name] for name in names}, "metadata": unpack_json(row["metadata"])}


def _shape(act: Act, ident: str) -> dict[str, Any]:
    row = act.db.execute("SELECT body FROM warehouse WHERE warehouse_id = ?", (ident,)).fetchone()
    said = (
        unpack_json(row["body"]) if row else WarehouseCreate(warehouse_id=ident).model_dump(exclude={"warehouse_id"})
    )
    return {"id": ident, "warehouse_id": ident, **said, "capabilities": list(CAPABILITIES)}


def _an_hour(number: int) -> float:
    return round(number / WINDOW_H, 2)
