"""Goods that are announced to us, and what came of them (our extension).

An announcement has the members that hq_contracts 3.4 prints for seed 002, under their printed names; what it leaves
open (the name `asnLines`, value lists) is an assumption. Receipts are ours alone.
"""

from __future__ import annotations

import hashlib
import sqlite3
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from hq.calls import Act, Api, Call, answer, moment, not_found, unpack_json
from hq.edge import once
from hq.idempotency import Answer
from hq.keys import FLOOR
from hq.ofs import stock, timeline, trace
from hq.ofs.models import MAX_LINES, Body, Ident, Metadata, Place, Quantity, Text, Time
from hq.ofs.stock import OUTSIDE, QUARANTINE, RECEIVING, Movement
from web.pages import NoQuery, Page, page, position_of
from web.problems import Refused

Short = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,35}$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]

routes = Api()


class Vendor(Body):
    """Both or neither."""

    name: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,50}$")]
    code: Ident


class Shipping(Body):
    """Who brings it."""

    carrier: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,30}$")]
    serviceId: Ident | None = None  # noqa: N815 -- as printed


class AsnLine(Body):
    """Units of one product that are expected."""

    lineId: int | None = Field(default=None, ge=0)  # noqa: N815 -- as printed
    purchaseOrderNumberLineId: int | None = Field(default=None, ge=0)  # noqa: N815 -- as printed
    sku: Ident
    inventoryType: Ident | None = None  # noqa: N815 -- as printed
    originCountryCode: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None  # noqa: N815 -- as printed
    expectedQuantity: Quantity  # noqa: N815 -- as printed
    unitOfMeasurement: Ident | None = None  # noqa: N815 -- as printed
    estimatedDeliveryDate: Text | None = None  # noqa: N815 -- as printed
    costDetails: Metadata | None = None  # noqa: N815 -- as printed


class PalletLine(Body):
    """Units of one product on a pallet, of the announced line with this number."""

    PBlineId: int = Field(ge=1)
    sku: Ident
    qty: Quantity
    lot: Ident | None = None
    expiry: Day | None = None
    serials: tuple[Ident, ...] = Field(default=(), max_length=MAX_LINES)


class Pallet(Body):
    """A pallet or carton with its SSCC (our extension)."""

    sscc: Annotated[str, StringConstraints(pattern=r"^\d{18}$")]
    content: tuple[PalletLine, ...] = Field(min_length=1, max_length=MAX_LINES)


class AsnCreate(Body):
    """Goods under way: `ASN` by the client's own id, or `PO` by the number of a purchase order."""

    clientId: Ident  # noqa: N815 -- as printed
    brand: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,30}$")] | None = None
    inboundType: Literal["PO", "ASN"]  # noqa: N815 -- as printed
    clientASNId: Short | None = None  # noqa: N815 -- as printed
    purchaseOrderNumber: Short | None = None  # noqa: N815 -- as printed
    receivingNode: Place  # noqa: N815 -- as printed
    vendorDetails: Vendor | None = None  # noqa: N815 -- as printed
    shippingDetails: Shipping | None = None  # noqa: N815 -- as printed
    asnLines: tuple[AsnLine, ...] = Field(min_length=1, max_length=MAX_LINES)  # noqa: N815 -- as assumed
    pallets: tuple[Pallet, ...] | None = Field(default=None, max_length=MAX_LINES)

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.inboundType == "ASN" and self.clientASNId is None:
            raise ValueError("clientASNId is required when inboundType is ASN")
        if self.inboundType == "PO" and self.purchaseOrderNumber is None:
            raise ValueError("purchaseOrderNumber is required when inboundType is PO")
        return self


class AsnQuery(Page):
    """Announcements to a house, of a purchase order, still expected or not, or all."""

    receivingNode: Place | None = None  # noqa: N815 -- as printed
    purchaseOrderNumber: Short | None = None  # noqa: N815 -- as printed
    clientASNId: Short | None = None  # noqa: N815 -- as printed
    status: Literal["expected", "partial", "received"] | None = None


class ReceiptLine(Body):
    """Units of one product as they came. Damaged ones go to quarantine, good ones wait to be put away."""

    sku: Ident
    qty: Quantity
    PBlineId: int | None = Field(default=None, ge=1)  # the announced line, where the station knows it
    lot: Ident | None = None
    expiry: Day | None = None
    serials: tuple[Ident, ...] = Field(default=(), max_length=MAX_LINES)
    condition: Literal["good", "damaged"] = "good"


class CorrectionLine(Body):
    """So many units more (or fewer) than a receipt said."""

    sku: Ident
    change: int = Field(ge=-1_000_000, le=1_000_000)
    PBlineId: int | None = Field(default=None, ge=1)
    condition: Literal["good", "damaged"] = "good"


class CorrectionCreate(Body):
    """What was wrong about a receipt: differences, and why."""

    correction_id: Ident
    receipt_id: Ident
    receiving_asn_id: Ident | None = None
    reason: Text
    approved_by: Ident
    lines: tuple[CorrectionLine, ...] = Field(min_length=1, max_length=MAX_LINES)


class DiscrepancyCreate(Body):
    """What is not as announced; a negative quantity takes back what was told before. Books nothing."""

    discrepancy_id: Ident
    receiving_asn_id: Ident | None = None
    receipt_id: Ident | None = None
    differs: Literal["over", "under", "damaged", "unexpected", "wrong_lot", "rejected"]
    sku: Ident
    qty: int = Field(ge=-1_000_000, le=1_000_000)
    lot: Ident | None = None
    reason: Text | None = None


class ReceiptCreate(Body):
    """A delivery, or a part of one: against an announcement, a purchase order, or blind where both are left out."""

    receipt_id: Ident
    warehouse_id: Place
    receiving_asn_id: Ident | None = None
    purchase_order_number: Short | None = None
    received_at: Time | None = None
    lines: tuple[ReceiptLine, ...] = Field(min_length=1, max_length=MAX_LINES)


@routes.writes("/edge/receiving-asns", AsnCreate, *FLOOR)
def create(call: Call, body: AsnCreate) -> Answer:
    """Announce goods. The same clientASNId with the same content again is the same announcement."""
    told = body.model_dump_json(exclude=None if body.pallets else {"pallets"})
    given = hashlib.sha256(told.encode()).hexdigest()
    known = call.db.execute("SELECT * FROM receiving_asn WHERE client_asn_id = ?", (body.clientASNId,)).fetchone()
    if known is not None:
        if known["given_hash"] == given:
            return answer(_shape(call, known))
        ident = known["receiving_asn_id"]
        sentence = f"clientASNId: {body.clientASNId} is here already as {ident} with other content; kept."
        raise Refused(409, "asn_exists", sentence, {"receivingASNId": ident})
    ident = call.new_id("rasn")
    text = body.model_dump_json(exclude={"asnLines"}, exclude_none=True)
    call.db.execute(
        "INSERT INTO receiving_asn (receiving_asn_id, inbound_type, client_asn_id, purchase_order_number,"
        " receiving_node, body, given_hash, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            ident,
            body.inboundType,
            body.clientASNId,
            body.purchaseOrderNumber,
            body.receivingNode,
            text,
            given,
            call.now,
            call.now,
        ),
    )
    for number, line in enumerate(body.asnLines, start=1):
        _require_product(call, f"asnLines.{number - 1}.sku", line.sku)
        told = line.model_dump_json(exclude={"sku", "expectedQuantity"}, exclude_none=True)
        call.db.execute(
            "INSERT INTO receiving_asn_line (receiving_asn_id, pb_line_id, sku, expected, body)"
            " VALUES (?, ?, ?, ?, ?)",
            (ident, number, line.sku, line.expectedQuantity, told),
        )
    timeline.add(call, "goods_announced", receiving_asn_id=ident, lines=len(body.asnLines))
    return answer(_shape(call, _row(call, ident)), 201)


@routes.reads("/edge/receiving-asns", AsnQuery, *FLOOR)
def list_asns(call: Call, query: AsnQuery) -> Answer:
    """Announcements in the order they came (our extension)."""
    (after,) = position_of(query.cursor, [0])
    rows = call.db.execute(
        "SELECT a.* FROM receiving_asn a WHERE seq > :after AND (:node IS NULL OR receiving_node = :node)"
        " AND (:po IS NULL OR purchase_order_number = :po) AND (:asn IS NULL OR client_asn_id = :asn)"
        " AND (:status IS NULL OR :status = (SELECT CASE WHEN sum(received) = 0 THEN 'expected'"
        "  WHEN sum(received < expected) = 0 THEN 'received' ELSE 'partial' END FROM receiving_asn_line l"
        "  WHERE l.receiving_asn_id = a.receiving_asn_id)) ORDER BY seq LIMIT :limit",
        {
            "after": after,
            "node": query.receivingNode,
            "po": query.purchaseOrderNumber,
            "asn": query.clientASNId,
            "status": query.status,
            "limit": query.limit,
        },
    ).fetchall()
    items = [_shape(call, row) for row in rows]
    return answer(page(items, query.limit, [rows[-1]["seq"]] if rows else None))


@routes.reads("/edge/receiving-asns/{id}", NoQuery, *FLOOR)
def get(call: Call, _query: NoQuery) -> Answer:
    """One announcement with what was received of it (our extension)."""
    return answer(_shape(call, _row(call, call.path["id"])))


@routes.writes("/edge/receipts", ReceiptCreate, *FLOOR)
def receive(call: Call, body: ReceiptCreate) -> Answer:
    """Book what came, more, less and other than announced included; the same receipt_id gets the same answer."""
    earlier = once.first_answer(call, "receipt", body.receipt_id, body)
    if earlier is not None:
        return earlier
    announced = _announced(call, body)
    told = []
    for place, line in enumerate(body.lines):
        where = f"lines.{place}"
        _require_product(call, f"{where}.sku", line.sku)
        if len(line.serials) > line.qty:
            sentence = f"{where}.serials: {len(line.serials)} serials for {line.qty} units of {line.sku}."
            raise Refused(422, "too_many_serials", sentence)
        to = RECEIVING if line.condition == "good" else QUARANTINE
        stock.move(call, Movement("receipt", line.sku, OUTSIDE, to, line.qty, reference=body.receipt_id))
        _trace(call, body, line)
        number = _raise_received(call, announced, where, line)
        told.append({**line.model_dump(mode="json"), "PBlineId": number, "unexpected": number is None})
    asn_id = announced["receiving_asn_id"] if announced else None
    at = moment(body.received_at) if body.received_at else call.now
    timeline.add(call, "goods_received", receipt_id=body.receipt_id, receiving_asn_id=asn_id, lines=len(told))
    answered = {
        "receipt_id": body.receipt_id,
        "warehouse_id": body.warehouse_id,
        "receiving_asn_id": asn_id,
        "purchase_order_number": body.purchase_order_number,
        "received_at": at,
        "lines": told,
    }
    return once.keep(call, "receipt", body.receipt_id, body, answered)


@routes.writes("/edge/receipt-corrections", CorrectionCreate, *FLOOR)
def correct(call: Call, body: CorrectionCreate) -> Answer:
    """Book differences to a receipt; the same correction_id gets the same answer. All lines or none."""
    earlier = once.first_answer(call, "correction", body.correction_id, body)
    if earlier is not None:
        return earlier
    announced = _row(call, body.receiving_asn_id) if body.receiving_asn_id else None
    for place, line in enumerate(body.lines):
        _require_product(call, f"lines.{place}.sku", line.sku)
        here = RECEIVING if line.condition == "good" else QUARANTINE
        there = stock.beside(call, here, line.sku)
        if there + line.change < 0:
            sentence = (
                f"lines.{place}: {there} of {line.sku} are there, {-line.change} cannot go. Put fewer away first."
            )
            raise Refused(409, "not_received", sentence, {"waiting": there})
        come, go = (OUTSIDE, here) if line.change > 0 else (here, OUTSIDE)
        if line.change:
            stock.move(
                call, Movement("adjustment", line.sku, come, go, abs(line.change), reference=body.correction_id)
            )
        if announced is not None and line.PBlineId is not None:
            call.db.execute(
                "UPDATE receiving_asn_line SET received = max(received + ?, 0)"
                " WHERE receiving_asn_id = ? AND pb_line_id = ? AND sku = ?",
                (line.change, announced["receiving_asn_id"], line.PBlineId, line.sku),
            )
    told = body.model_dump(mode="json")
    timeline.add(call, "receipt_corrected", receipt_id=body.receipt_id, lines=len(body.lines))
    return once.keep(call, "correction", body.correction_id, body, told)


@routes.writes("/edge/discrepancies", DiscrepancyCreate, *FLOOR)
def discrepancy(call: Call, body: DiscrepancyCreate) -> Answer:
    """Keep what a station found that was not as announced; the same discrepancy_id gets the same answer."""
    earlier = once.first_answer(call, "discrepancy", body.discrepancy_id, body)
    if earlier is not None:
        return earlier
    told = body.model_dump(mode="json")
    timeline.add(call, "discrepancy", **told)
    return once.keep(call, "discrepancy", body.discrepancy_id, body, told)


def _announced(call: Call, body: ReceiptCreate) -> sqlite3.Row | None:
    """What the receipt is against. A purchase order that was not announced is received all the same."""
    if body.receiving_asn_id is not None:
        row = _row(call, body.receiving_asn_id)
        if row["receiving_node"] != body.warehouse_id:
            sentence = f"{body.receiving_asn_id} is announced to {row['receiving_node']}, not to {body.warehouse_id}."
            raise Refused(422, "wrong_warehouse", sentence)
        return row
    if body.purchase_order_number is None:
        return None
    found: sqlite3.Row | None = call.db.execute(
        "SELECT * FROM receiving_asn WHERE purchase_order_number = ? AND receiving_node = ? ORDER BY seq LIMIT 1",
        (body.purchase_order_number, body.warehouse_id),
    ).fetchone()
    return found


def _raise_received(call: Call, announced: sqlite3.Row | None, where: str, line: ReceiptLine) -> int | None:
    """Count the units to the announced line, the first of the product that is not full; None when there is none."""
    if announced is None:
        return None
    row = call.db.execute(
        "SELECT pb_line_id FROM receiving_asn_line WHERE receiving_asn_id = ? AND sku = ?"
        " AND (? IS NULL OR pb_line_id = ?) ORDER BY received >= expected, pb_line_id LIMIT 1",
        (announced["receiving_asn_id"], line.sku, line.PBlineId, line.PBlineId),
    ).fetchone()
    if row is None:
        if line.PBlineId is not None:
            sentence = f"{where}.PBlineId: {announced['receiving_asn_id']} has no line {line.PBlineId} of {line.sku}."
            raise Refused(422, "unknown_line", sentence)
        return None
    call.db.execute(
        "UPDATE receiving_asn_line SET received = received + ? WHERE receiving_asn_id = ? AND pb_line_id = ?",
        (line.qty, announced["receiving_asn_id"], row["pb_line_id"]),
    )
    call.db.execute("UPDATE receiving_asn SET updated_at = ? WHERE seq = ?", (call.now, announced["seq"]))
    return int(row["pb_line_id"])


def _trace(call: Call, body: ReceiptCreate, line: ReceiptLine) -> None:
    about: dict[str, Any] = {"receipt_id": body.receipt_id, "expiry": line.expiry, "condition": line.condition}
    for serial in line.serials:
        trace.note(call, "received", line.sku, 1, serial=serial, lot_id=line.lot, **about)
    if line.lot is not None and line.qty > len(line.serials):
        trace.note(call, "received", line.sku, line.qty - len(line.serials), lot_id=line.lot, **about)


def _require_product(act: Act, field: str, sku: str) -> None:
    if act.db.execute("SELECT 1 FROM product WHERE sku = ?", (sku,)).fetchone() is None:
        raise Refused(422, "unknown_product", f"{field}: there is no product {sku} here. Import products first.")


def _row(act: Act, ident: str) -> sqlite3.Row:
    row: sqlite3.Row | None = act.db.execute(
        "SELECT * FROM receiving_asn WHERE receiving_asn_id = ?", (ident,)
    ).fetchone()
    if row is None:
        raise not_found("receiving ASN", ident)
    return row


def _shape(act: Act, row: sqlite3.Row) -> dict[str, Any]:
    lines = act.db.execute(
        "SELECT * FROM receiving_asn_line WHERE receiving_asn_id = ? ORDER BY pb_line_id", (row["receiving_asn_id"],)
    ).fetchall()
    came = sum(line["received"] for line in lines)
    full = all(line["received"] >= line["expected"] for line in lines)
    return {
        "receivingASNId": row["receiving_asn_id"],
        **unpack_json(row["body"]),
        "status": "received" if full else "partial" if came else "expected",
        "asnLines": [
            {
                "PBlineId": line["pb_line_id"],
                "sku": line["sku"],
                "expectedQuantity": line["expected"],
                "receivedQuantity": line["received"],
                **unpack_json(line["body"]),
            }
            for line in lines
        ],
        "createdAt": row["created_at"],
        "updatedAt": row["updated_at"],
    }
