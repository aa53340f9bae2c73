"""What every facade does to the one truth, whatever its API calls it. Each runs inside the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hq.calls import Act, pack_json, unpack_json
from hq.ofs import packing, picking, picklists, progress, shipments, timeline
from hq.ofs.models import Package, PicklistCreate, ShipmentCreate, ShippedPackage
from hq.ofs.shapes import fulfillment_shape
from hq.ofs.states import Picklist
from web.problems import Refused


def fulfillments(act: Act, after_seq: int = 0, limit: int = 200) -> list[tuple[int, dict[str, Any]]]:
    """(seq, fulfillment as in seed 001 section 18) in the order they came, from after `after_seq` on."""
    rows = act.db.execute("SELECT * FROM fulfillment WHERE seq > ? ORDER BY seq LIMIT ?", (after_seq, limit))
    return [(row["seq"], fulfillment_shape(act, row)) for row in rows.fetchall()]


def fulfillment_of_order(act: Act, order_id: str) -> dict[str, Any] | None:
    """The fulfillment of an order number, None when there is none."""
    row = act.db.execute("SELECT * FROM fulfillment WHERE order_id = ?", (order_id,)).fetchone()
    return None if row is None else fulfillment_shape(act, row)


def confirm_picked(
    act: Act, fulfillment_id: str, picked: Mapping[str, int], reason: str = "not found", *, ends: bool = True
) -> None:
    """Bring what is picked of each named line to that many units in all, and end these lines: the rest is short.

    Where it does not end them, more may be picked later. Makes a wave of the fulfillment when it has none. Repeating
    it changes nothing. Raises Refused: 422 for a line that does not exist or more than was ordered, 409 for fewer
    than are picked already or for missing stock.
    """
    tasks = _tasks(act, fulfillment_id, picked)
    for line_id, wanted in picked.items():
        mine = [task for task in tasks if task["order_line_id"] == line_id]
        _bring_to(act, line_id, mine, wanted, reason if ends else None)
    _complete_waves(act, {str(task["picklist_id"]) for task in tasks})
    progress.settle(act, fulfillment_id)


def pack(act: Act, station_id: str, fulfillment_id: str, package: Package) -> str:
    """Keep a package (weight in grams, dims in centimetres) and seal it; its id. Sealed just so already: no change.

    Raises Refused as the pack station of seed 001 does: 409 for a sealed one with other contents.
    """
    known = act.db.execute("SELECT * FROM package WHERE package_id = ?", (package.package_id,)).fetchone()
    if known is not None and known["sealed_at"] is not None and _is_same(act, known, package):
        return str(known["package_id"])
    package_id = packing.keep_package(act, station_id, "package", package, (fulfillment_id,))
    packing.require_picked(act, fulfillment_id)
    packing.close_package(act, station_id, package_id)
    progress.settle(act, fulfillment_id)
    return package_id


def ship(act: Act, fulfillment_id: str, package_ids: Sequence[str], carrier: str | None, tracking: str | None) -> str:
    """Ship sealed packages, under a tracking number where there is one; the id of the shipment. Raises Refused."""
    shipped = tuple(ShippedPackage(package_id=package_id) for package_id in package_ids)
    body = ShipmentCreate(fulfillment_id=fulfillment_id, packages=shipped, carrier_hint=carrier)
    shipment_id = shipments.ship(act, body)
    if tracking is not None:
        act.db.execute("UPDATE shipment SET tracking_number = ? WHERE shipment_id = ?", (tracking, shipment_id))
    return shipment_id


# --- what only one API knows of ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Record:
    """Something an API keeps that seed 001 has no place for, under the id that API gives it."""

    record_id: str
    version: int
    body: dict[str, Any]
    created_at: str
    updated_at: str


def record(act: Act, dialect: str, kind: str, record_id: str) -> Record | None:
    """One record, None when it is not there."""
    row = act.db.execute(
        "SELECT * FROM facade_record WHERE dialect = ? AND kind = ? AND record_id = ?", (dialect, kind, record_id)
    ).fetchone()
    return None if row is None else _record(row)


def records(act: Act, dialect: str, kind: str) -> Iterator[Record]:
    """All records of a kind, in the order they were made."""
    rows = act.db.execute(
        "SELECT * FROM facade_record WHERE dialect = ? AND kind = ? ORDER BY seq", (dialect, kind)
    ).fetchall()
    return (_record(row) for row in rows)


def keep_record(act: Act, dialect: str, kind: str, record_id: str, body: Mapping[str, Any]) -> None:
    """Make a record, or give it another body and the next version."""
    act.db.execute(
        "INSERT INTO facade_record (dialect, kind, record_id, body, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (dialect, kind, record_id) DO UPDATE SET body = excluded.body, version = version + 1,"
        " updated_at = excluded.updated_at",
        (dialect, kind, record_id, pack_json(body), act.now, act.now),
    )


def _record(row: sqlite3.Row) -> Record:
    return Record(row["record_id"], row["version"], unpack_json(row["body"]), row["created_at"], row["updated_at"])


def _tasks(act: Act, fulfillment_id: str, picked: Mapping[str, int]) -> list[sqlite3.Row]:
    """The pick tasks of a fulfillment; made, and their waves begun, where nobody has done so yet."""
    row = progress.fulfillment_row(act, fulfillment_id)
    lines = {
        line["order_line_id"]: line["qty"]
        for line in act.db.execute(
            "SELECT order_line_id, qty FROM fulfillment_line WHERE fulfillment_id = ?", (fulfillment_id,)
        )
    }
    for line_id, wanted in picked.items():
        if not 0 <= wanted <= lines.get(line_id, -1):
            ordered = f"{lines[line_id]} were ordered" if line_id in lines else "there is no such line"
            sentence = f"{wanted} picked of line {line_id} of {row['order_id']}: {ordered}."
            raise Refused(422, "line_differs", sentence, {"order_line_id": line_id})
    query = "SELECT * FROM task WHERE fulfillment_id = ? ORDER BY seq"
    if not act.db.execute(query, (fulfillment_id,)).fetchall():
        picklists.make(act, PicklistCreate(warehouse_id=row["warehouse_id"], fulfillment_ids=(fulfillment_id,)))
    tasks: list[sqlite3.Row] = act.db.execute(query, (fulfillment_id,)).fetchall()
    for picklist_id in {task["picklist_id"] for task in tasks}:
        _begin(act, picklist_id)
    return tasks


def _begin(act: Act, picklist_id: str) -> None:
    row = picklists.picklist_row(act, picklist_id)
    if Picklist(row["status"]) in {Picklist.DRAFT, Picklist.ASSIGNED}:
        picklists.set_status(act, picklist_id, Picklist.IN_PROGRESS)
        timeline.add(act, "picking_started", picklist_id=picklist_id)


def _bring_to(act: Act, line_id: str, tasks: list[sqlite3.Row], wanted: int, reason: str | None) -> None:
    before = sum(task["picked"] for task in tasks)
    if wanted < before:
        sentence = f"{before} of line {line_id} are picked already; {wanted} would be fewer. Put goods back instead."
        raise Refused(409, "already_picked", sentence, {"picked": before})
    left = wanted - before
    for task in tasks:
        if task["status"] != "open":
            continue
        qty = min(left, task["qty"] - task["picked"])
        if qty:
            picking.take(act, dict(task), qty)
            left -= qty
        if reason is not None and task["picked"] + qty < task["qty"]:
            picking.end_short(act, {**dict(task), "picked": task["picked"] + qty}, reason)
    if left:
        sentence = f"{left} of line {line_id} cannot be picked: its tasks are done or short."
        raise Refused(409, "line_closed", sentence, {"picked": wanted - left})


def _complete_waves(act: Act, picklist_ids: set[str]) -> None:
    for picklist_id in sorted(picklist_ids):
        row = picklists.picklist_row(act, picklist_id)
        still_open = act.db.execute(
            "SELECT 1 FROM task WHERE picklist_id = ? AND status = 'open'", (picklist_id,)
        ).fetchone()
        if still_open is None and Picklist(row["status"]) is Picklist.IN_PROGRESS:
            picklists.set_status(act, picklist_id, Picklist.COMPLETED)
            timeline.add(act, "picklist_completed", picklist_id=picklist_id)


def _is_same(act: Act, known: sqlite3.Row, package: Package) -> bool:
    rows = act.db.execute(
        "SELECT order_line_id, qty FROM package_item WHERE package_id = ?", (known["package_id"],)
    ).fetchall()
    inside = {row["order_line_id"]: row["qty"] for row in rows}
    return known["weight_g"] == package.weight and inside == {item.line_id: item.qty for item in package.items}
