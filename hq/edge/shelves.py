"""What people do at shelves beside picking: put goods away, and count them (our extension)."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from hq.calls import Api, Call
from hq.edge import once
from hq.idempotency import Answer
from hq.keys import FLOOR
from hq.ofs import stock, timeline
from hq.ofs.models import MAX_LINES, Body, Ident, Place, Quantity, Text, Time
from hq.ofs.stock import OUTSIDE, RECEIVING, Movement
from web.problems import Refused

routes = Api()


class PutAwayLine(Body):
    """Units of a product and the shelf they are on now."""

    sku: Ident
    qty: Quantity
    location_id: Place


class PutAway(Body):
    """Goods that were received and are on shelves now."""

    put_away_id: Ident
    lines: tuple[PutAwayLine, ...] = Field(min_length=1, max_length=MAX_LINES)
    receipt_id: Ident | None = None


class StockMove(Body):
    """Goods that went from one shelf to another."""

    move_id: Ident
    from_location_id: Place
    to_location_id: Place
    sku: Ident
    qty: Quantity
    reason: Text | None = None


class CountLine(Body):
    """Units of a product that are at a location, all of them."""

    location_id: Place
    sku: Ident
    qty: int = Field(ge=0, le=1_000_000)


class Count(Body):
    """What was counted, absolute."""

    count_id: Ident
    lines: tuple[CountLine, ...] = Field(min_length=1, max_length=MAX_LINES)
    counted_at: Time | None = None
    reason: Text | None = None


@routes.writes("/edge/put-aways", PutAway, *FLOOR)
def put_away(call: Call, body: PutAway) -> Answer:
    """Move received goods to their shelves; the same put_away_id gets the same answer. All lines or none."""
    earlier = once.first_answer(call, "put_away", body.put_away_id, body)
    if earlier is not None:
        return earlier
    for place, line in enumerate(body.lines):
        stock.open_shelf(call, line.location_id, line.sku)
        waiting = stock.beside(call, RECEIVING, line.sku)
        if waiting < line.qty:
            sentence = (
                f"lines.{place}: {waiting} of {line.sku} wait to be put away, not {line.qty}. Send the receipt first."
            )
            raise Refused(409, "not_received", sentence, {"waiting": waiting})
        stock.move(
            call, Movement("put_away", line.sku, RECEIVING, line.location_id, line.qty, reference=body.put_away_id)
        )
    told: dict[str, Any] = {"put_away_id": body.put_away_id, "lines": [line.model_dump() for line in body.lines]}
    timeline.add(call, "put_away", receipt_id=body.receipt_id, **told)
    return once.keep(call, "put_away", body.put_away_id, body, told)


@routes.writes("/edge/stock-moves", StockMove, *FLOOR)
def move(call: Call, body: StockMove) -> Answer:
    """Carry goods between shelves; the same move_id gets the same answer. What is promised to orders stays."""
    earlier = once.first_answer(call, "move", body.move_id, body)
    if earlier is not None:
        return earlier
    for location_id in (body.from_location_id, body.to_location_id):
        stock.open_shelf(call, location_id, body.sku)
    on_hand, reserved = stock.balance(call, body.from_location_id, body.sku)
    if on_hand - reserved < body.qty:
        sentence = (
            f"{on_hand} of {body.sku} are at {body.from_location_id}, {reserved} of them promised to orders; "
            f"{body.qty} cannot go. Count the shelf, or release the orders first."
        )
        raise Refused(409, "stock_too_low", sentence, {"on_hand": on_hand, "reserved": reserved})
    went = (body.from_location_id, body.to_location_id, body.qty)
    stock.move(call, Movement("put_away", body.sku, *went, reference=body.move_id))
    told: dict[str, Any] = body.model_dump(mode="json")
    timeline.add(call, "stock_moved", **told)
    return once.keep(call, "move", body.move_id, body, told)


@routes.writes("/edge/counts", Count, *FLOOR)
def count(call: Call, body: Count) -> Answer:
    """Book the difference between shelf and ledger as an adjustment; the same count_id gets the same answer."""
    earlier = once.first_answer(call, "count", body.count_id, body)
    if earlier is not None:
        return earlier
    told = []
    for place, line in enumerate(body.lines):
        if (line.location_id, line.sku) in {(each.location_id, each.sku) for each in body.lines[:place]}:
            sentence = f"lines.{place}: {line.sku} at {line.location_id} is there twice; add the two up."
            raise Refused(422, "line_doubled", sentence)
        told.append(_book(call, f"lines.{place}", line, body.count_id))
    timeline.add(call, "counted", count_id=body.count_id, reason=body.reason, lines=told)
    return once.keep(call, "count", body.count_id, body, {"count_id": body.count_id, "lines": told})


def _book(call: Call, where: str, line: CountLine, count_id: str) -> dict[str, Any]:
    stock.open_shelf(call, line.location_id, line.sku)
    on_hand, reserved = stock.balance(call, line.location_id, line.sku)
    if line.qty < reserved:
        sentence = (
            f"{where}: {line.qty} of {line.sku} are at {line.location_id}, and {reserved} are promised to orders. "
            "Mark those picks short first, then send the count again."
        )
        raise Refused(409, "below_reserved", sentence, {"on_hand": on_hand, "reserved": reserved})
    difference = line.qty - on_hand
    come, go = (OUTSIDE, line.location_id) if difference > 0 else (line.location_id, OUTSIDE)
    if difference:
        stock.move(call, Movement("adjustment", line.sku, come, go, abs(difference), reference=count_id))
    return {**line.model_dump(), "was": on_hand, "difference": difference}
