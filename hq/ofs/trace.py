"""Single units and lots, from the dock to the customer and back: for recalls and regulated goods (section 10)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from hq.calls import Act, Api, Call, answer, pack_json, unpack_json
from hq.idempotency import Answer
from hq.keys import FLOOR
from hq.ofs import progress, timeline
from hq.ofs.models import MAX_LINES, Body, Ident, Quantity
from web.pages import Page, page, position_of
from web.problems import Refused

routes = Api()


class SerialsAssign(Body):
    """Serials of units picked for one line."""

    fulfillment_id: Ident
    order_line_id: Ident
    serials: tuple[Ident, ...] = Field(min_length=1, max_length=MAX_LINES)


class LotConsume(Body):
    """Units of a lot that were picked for one line."""

    lot_id: Ident
    qty: Quantity
    fulfillment_id: Ident
    order_line_id: Ident


class TraceQuery(Page):
    """One of both; asking by lot is our addition."""

    serial: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    lot_id: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None


@routes.writes("/serials/assign", SerialsAssign, *FLOOR)
def assign(call: Call, body: SerialsAssign) -> Answer:
    """Say which units were picked. The same serials for the same line again change nothing."""
    line = _line(call, body.fulfillment_id, body.order_line_id)
    for place, serial in enumerate(body.serials):
        _take_serial(call, f"serials.{place}", body, line["sku"], serial)
    (many,) = call.db.execute(
        "SELECT count(*) FROM serial_use WHERE fulfillment_id = ? AND order_line_id = ?",
        (body.fulfillment_id, body.order_line_id),
    ).fetchone()
    if many > line["picked"]:
        sentence = f"serials: {body.order_line_id} has {line['picked']} units picked and would have {many} serials."
        raise Refused(
            422, "too_many_serials", f"{sentence} Send the missing picks first.", {"picked": line["picked"]}
        )
    told = {"order_line_id": body.order_line_id, "sku": line["sku"], "serials": list(body.serials)}
    timeline.add(call, "serials_assigned", fulfillment_id=body.fulfillment_id, **told)
    return answer({"fulfillment_id": body.fulfillment_id, **told})


@routes.writes("/lot/consume", LotConsume, *FLOOR)
def consume(call: Call, body: LotConsume) -> Answer:
    """Say which lot units of a line came from; no more than were picked."""
    line = _line(call, body.fulfillment_id, body.order_line_id)
    (told_before,) = call.db.execute(
        "SELECT coalesce(sum(qty), 0) FROM trace WHERE event = 'lot_consumed' AND fulfillment_id = ?"
        " AND json_extract(details, '$.order_line_id') = ?",
        (body.fulfillment_id, body.order_line_id),
    ).fetchone()
    if told_before + body.qty > line["picked"]:
        sentence = (
            f"qty: {body.order_line_id} has {line['picked']} units picked, {told_before} of them with a lot already; "
            f"{body.qty} more cannot be. Send the missing picks first."
        )
        raise Refused(422, "more_than_picked", sentence, {"picked": line["picked"], "consumed": told_before})
    about = {"order_line_id": body.order_line_id}
    note(call, "lot_consumed", line["sku"], body.qty, lot_id=body.lot_id, fulfillment_id=body.fulfillment_id, **about)
    timeline.add(call, "lot_consumed", fulfillment_id=body.fulfillment_id, lot_id=body.lot_id, qty=body.qty, **about)
    return answer({**body.model_dump(), "sku": line["sku"]})


@routes.reads("/traceability", TraceQuery, *FLOOR)
def traceability(call: Call, query: TraceQuery) -> Answer:
    """Where a serial, or a lot, was seen, oldest first: received, picked, assigned, packed, returned."""
    if (query.serial is None) == (query.lot_id is None):
        raise Refused(422, "invalid", "Ask for one serial or for one lot_id.")
    (after,) = position_of(query.cursor, [0])
    rows = call.db.execute(
        "SELECT * FROM trace WHERE (serial = :serial OR lot_id = :lot) AND seq > :after ORDER BY seq LIMIT :limit",
        {"serial": query.serial, "lot": query.lot_id, "after": after, "limit": query.limit},
    ).fetchall()
    names = ("at", "event", "sku", "serial", "lot_id", "qty", "fulfillment_id", "actor", "device")
    items = [{**{name: row[name] for name in names}, "details": unpack_json(row["details"])} for row in rows]
    told = page(items, query.limit, [rows[-1]["seq"]] if rows else None)
    return answer({"serial": query.serial, "lot_id": query.lot_id, **told})


def note(
    act: Act,
    event: str,
    sku: str,
    qty: int,
    *,
    serial: str | None = None,
    lot_id: str | None = None,
    fulfillment_id: str | None = None,
    **details: Any,
) -> None:
    """Keep that a unit or a lot was seen."""
    act.db.execute(
        "INSERT INTO trace (at, event, sku, serial, lot_id, qty, fulfillment_id, details, actor, device)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (act.now, event, sku, serial, lot_id, qty, fulfillment_id, pack_json(details), act.actor, act.device),
    )


def free(act: Act, sku: str, serial: str, fulfillment_id: str) -> None:
    """A unit that was assigned to a fulfillment is on a shelf again; of another one's units nothing changes."""
    gone = act.db.execute(
        "DELETE FROM serial_use WHERE sku = ? AND serial = ? AND fulfillment_id = ?", (sku, serial, fulfillment_id)
    ).rowcount
    if gone:
        note(act, "put_back", sku, 1, serial=serial, fulfillment_id=fulfillment_id)


def _take_serial(call: Call, field: str, body: SerialsAssign, sku: str, serial: str) -> None:
    owner = call.db.execute("SELECT * FROM serial_use WHERE sku = ? AND serial = ?", (sku, serial)).fetchone()
    if owner is None:
        call.db.execute(
            "INSERT INTO serial_use VALUES (?, ?, ?, ?, ?)",
            (sku, serial, body.fulfillment_id, body.order_line_id, call.now),
        )
        about = {"serial": serial, "fulfillment_id": body.fulfillment_id}
        note(call, "assigned", sku, 1, **about, order_line_id=body.order_line_id)
    elif (owner["fulfillment_id"], owner["order_line_id"]) != (body.fulfillment_id, body.order_line_id):
        sentence = f"{field}: {serial} of {sku} was assigned to {owner['fulfillment_id']}; a unit goes out once."
        raise Refused(409, "serial_taken", sentence, {"fulfillment_id": owner["fulfillment_id"]})


def _line(call: Call, fulfillment_id: str, order_line_id: str) -> dict[str, Any]:
    progress.fulfillment_row(call, fulfillment_id)
    row = call.db.execute(
        "SELECT sku, (SELECT coalesce(sum(picked), 0) FROM task t WHERE t.fulfillment_id = l.fulfillment_id"
        " AND t.order_line_id = l.order_line_id) AS picked FROM fulfillment_line l"
        " WHERE fulfillment_id = ? AND order_line_id = ?",
        (fulfillment_id, order_line_id),
    ).fetchone()
    if row is None:
        raise Refused(422, "unknown_line", f"order_line_id: {fulfillment_id} has no line {order_line_id}.")
    return dict(row)
