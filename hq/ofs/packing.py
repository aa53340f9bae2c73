"""Pack stations: what was put into which package, and closing it. A sealed package never changes."""

from __future__ import annotations

import sqlite3
from typing import Any

from hq.calls import Act, Api, Call, answer, not_found, pack_json
from hq.idempotency import Answer
from hq.keys import FLOOR
from hq.ofs import progress, timeline, trace
from hq.ofs.models import OpenSession, Pack, Package, Seal
from hq.ofs.shapes import package_shape
from hq.ofs.states import Fulfillment
from web.problems import Refused

routes = Api()


@routes.writes("/pack-stations/{id}/open-session", OpenSession, *FLOOR)
def open_session(call: Call, body: OpenSession) -> Answer:
    """A worker begins at a pack station."""
    if body.fulfillment_id is not None:
        progress.fulfillment_row(call, body.fulfillment_id)
    session_id = call.new_id("session")
    call.db.execute(
        "INSERT INTO pack_session (session_id, station_id, worker_id, fulfillment_id, opened_at)"
        " VALUES (?, ?, ?, ?, ?)",
        (session_id, call.path["id"], body.worker_id, body.fulfillment_id, call.now),
    )
    return answer({"session_id": session_id, "station_id": call.path["id"], **body.model_dump()}, 201)


@routes.writes("/pack-stations/{id}/pack", Pack, *FLOOR)
def pack(call: Call, body: Pack) -> Answer:
    """Record packages; one not yet sealed is packed anew. Refused whole when a line has more packed than picked."""
    for ident in body.fulfillment_ids:
        row = progress.fulfillment_row(call, ident)
        if row["status"] == Fulfillment.CANCELLED:
            sentence = f"Fulfillment {ident} is cancelled: unpack it and put the goods back."
            raise Refused(409, "fulfillment_cancelled", sentence, {"fulfillment_id": ident})
    told = []
    for place, package in enumerate(body.packages):
        package_id = keep_package(call, call.path["id"], f"packages.{place}", package, body.fulfillment_ids)
        told.append({"package_id": package_id, "client_package_id": package.package_id})
    for ident in body.fulfillment_ids:
        require_picked(call, ident)
    reached = [progress.settle(call, ident) for ident in body.fulfillment_ids]
    ready = all(status is Fulfillment.READY_TO_SHIP for status in reached)
    return answer({"packages": told, "ready_to_ship": ready})


@routes.writes("/pack-stations/{id}/seal", Seal, *FLOOR)
def seal(call: Call, body: Seal) -> Answer:
    """Close a package: its contents are frozen and its label is awaited."""
    close_package(call, call.path["id"], body.package_id)
    sealed = package_shape(call, package_row(call, body.package_id))
    return answer({**sealed, "label": {"status": "label_pending"}})


def close_package(act: Act, station_id: str, package_id: str) -> None:
    """Freeze the contents of a package. Raises Refused 404, or 409 when it is sealed already."""
    row = package_row(act, package_id)
    _require_open(act, row)
    act.db.execute("UPDATE package SET sealed_at = ? WHERE package_id = ?", (act.now, package_id))
    timeline.add(act, "sealed", fulfillment_id=row["fulfillment_id"], package_id=package_id, station_id=station_id)


def package_row(act: Act, package_id: str) -> sqlite3.Row:
    """The stored package. Raises Refused 404."""
    row = _find(act, package_id)
    if row is None:
        raise not_found("package", package_id)
    return row


def _find(act: Act, package_id: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = act.db.execute("SELECT * FROM package WHERE package_id = ?", (package_id,)).fetchone()
    return row


def keep_package(act: Act, station_id: str, field: str, package: Package, fulfillment_ids: tuple[str, ...]) -> str:
    """Keep a package of one of the named fulfillments, anew if it is there and open; its id. Raises Refused."""
    fulfillment_id = _owner(act, field, package, fulfillment_ids)
    package_id = package.package_id or act.new_id("pkg")
    _make_room(act, package_id, fulfillment_id)
    _check_sscc(act, field, package, package_id)
    act.db.execute(
        "INSERT INTO package (package_id, fulfillment_id, station_id, weight_g, dims, sscc, metadata, created_at)"
        " VALUES (:package_id, :fulfillment_id, :station_id, :weight, :dims, :sscc, :metadata, :now)"
        " ON CONFLICT (package_id) DO UPDATE SET station_id = excluded.station_id, weight_g = excluded.weight_g,"
        " dims = excluded.dims, sscc = excluded.sscc, metadata = excluded.metadata",
        {
            "package_id": package_id,
            "fulfillment_id": fulfillment_id,
            "station_id": station_id,
            "weight": package.weight,
            "dims": package.dims.model_dump_json() if package.dims else None,
            "sscc": package.sscc,
            "metadata": pack_json(package.metadata),
            "now": act.now,
        },
    )
    act.db.executemany(
        "INSERT INTO package_item (package_id, fulfillment_id, order_line_id, qty, serials) VALUES (?, ?, ?, ?, ?)",
        [
            (package_id, fulfillment_id, item.line_id, item.qty, pack_json(list(item.serials)))
            for item in package.items
        ],
    )
    _trace_serials(act, package_id, fulfillment_id, package)
    named = {"fulfillment_id": fulfillment_id, "package_id": package_id, "station_id": station_id}
    contents: list[dict[str, Any]] = [item.model_dump() for item in package.items]
    timeline.add(act, "packed", **named, weight=package.weight, sscc=package.sscc, items=contents)
    return package_id


def _trace_serials(act: Act, package_id: str, fulfillment_id: str, package: Package) -> None:
    for item in package.items:
        if item.serials:
            row = act.db.execute(
                "SELECT sku FROM fulfillment_line WHERE fulfillment_id = ? AND order_line_id = ?",
                (fulfillment_id, item.line_id),
            ).fetchone()
            for serial in item.serials:
                about = {"serial": serial, "fulfillment_id": fulfillment_id}
                trace.note(act, "packed", row["sku"], 1, **about, package_id=package_id)


def _owner(act: Act, field: str, package: Package, fulfillment_ids: tuple[str, ...]) -> str:
    """The one fulfillment among `fulfillment_ids` that has all lines of the package."""
    for place, item in enumerate(package.items):
        where = f"{field}.items.{place}"
        if item.line_id in {earlier.line_id for earlier in package.items[:place]}:
            raise Refused(422, "line_doubled", f"{where}.line_id: {item.line_id} is there twice; add the two up.")
        if len(item.serials) > item.qty:
            sentence = f"{where}.serials: {len(item.serials)} serials for {item.qty} units of {item.line_id}."
            raise Refused(422, "too_many_serials", sentence)
    wanted = [item.line_id for item in package.items]
    rows = act.db.execute(
        "SELECT fulfillment_id FROM fulfillment_line WHERE fulfillment_id IN (SELECT value FROM json_each(?))"
        " AND order_line_id IN (SELECT value FROM json_each(?)) GROUP BY fulfillment_id HAVING count(*) = ?",
        (pack_json(list(fulfillment_ids)), pack_json(wanted), len(wanted)),
    ).fetchall()
    if len(rows) != 1:
        many = "more than one" if rows else "none"
        sentence = (
            f"{field}: {many} of the named fulfillments has the lines {', '.join(wanted)}. "
            "A package holds goods of one fulfillment; name that one."
        )
        raise Refused(422, "unknown_line", sentence, {"line_ids": wanted})
    return str(rows[0]["fulfillment_id"])


def _make_room(act: Act, package_id: str, fulfillment_id: str) -> None:
    """Empty a package that is packed anew. Raises Refused 409 when it is sealed or belongs elsewhere."""
    row = _find(act, package_id)
    if row is None:
        return
    if row["fulfillment_id"] != fulfillment_id:
        sentence = f"Package {package_id} belongs to fulfillment {row['fulfillment_id']}, not to {fulfillment_id}."
        raise Refused(409, "package_of_other", sentence, {"fulfillment_id": row["fulfillment_id"]})
    _require_open(act, row)
    act.db.execute("DELETE FROM package_item WHERE package_id = ?", (package_id,))


def _require_open(act: Act, row: sqlite3.Row) -> None:
    if row["sealed_at"] is not None:
        sentence = f"Package {row['package_id']} was sealed at {row['sealed_at']}; a sealed package never changes."
        raise Refused(409, "package_sealed", sentence, package_shape(act, row))


def _check_sscc(act: Act, field: str, package: Package, package_id: str) -> None:
    row = act.db.execute(
        "SELECT package_id FROM package WHERE sscc = ? AND package_id <> ?", (package.sscc, package_id)
    ).fetchone()
    if row is not None:
        sentence = f"{field}.sscc: {package.sscc} is on package {row['package_id']} already; use the next number."
        raise Refused(409, "sscc_taken", sentence, {"package_id": row["package_id"]})


def require_picked(act: Act, fulfillment_id: str) -> None:
    """Refuse with 422 when more of a line is packed than picked."""
    row = act.db.execute(
        "SELECT i.order_line_id AS line, sum(i.qty) AS packed, (SELECT coalesce(sum(t.picked), 0) FROM task t"
        "  WHERE t.fulfillment_id = i.fulfillment_id AND t.order_line_id = i.order_line_id) AS picked"
        " FROM package_item i WHERE i.fulfillment_id = ? GROUP BY i.order_line_id HAVING packed > picked",
        (fulfillment_id,),
    ).fetchone()
    if row is not None:
        sentence = (
            f"Line {row['line']} of {fulfillment_id} has {row['picked']} picked, with this {row['packed']} would be "
            "packed. Count the box, or send the missing picks first."
        )
        raise Refused(422, "more_than_picked", sentence, dict(row))
