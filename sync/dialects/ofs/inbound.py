"""Facts of receiving and put-away to requests, and what HQ announces and tells of locations. Our extension.

An HQ without it answers 404: then nothing is announced, and facts are parked with HQ's words.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from local_store.domain import events as e
from local_store.domain.codes import is_sscc
from local_store.domain.commands import HqRef, ReceiveInbound
from local_store.outbox import NewRequest
from sync.dialect import Fault, Known, Pulled, Verdict
from sync.dialects.ofs.documents import Ident, Positive, Quantity, Text
from sync.dialects.ofs.lists import NO_EXTENSION, Reader, items
from sync.dialects.ofs.shaping import At, Build, Facts, Read, Sent, about, number, only, post
from sync.reading import document

ASNS, LOCATIONS = "/edge/receiving-asns", "/edge/locations"
MAX_LINES = 1000
OPEN = ("expected", "partial")
"""States of an announcement of which something is still to come."""


def _sscc(text: str) -> str:
    if not is_sscc(text):
        raise ValueError("is no SSCC of 18 digits with its check digit")
    return text


Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$")]


class _AsnLine(BaseModel):
    line_id: int = Field(alias="PBlineId", ge=0)
    sku: Ident
    expected: Positive = Field(alias="expectedQuantity")
    received: Quantity = Field(default=Decimal(0), alias="receivedQuantity")


class _PalletLine(BaseModel):
    line_id: int = Field(alias="PBlineId", ge=0)
    sku: Ident
    qty: Positive
    lot: Ident | None = None
    expiry: Day | None = None
    serials: tuple[Ident, ...] = Field(default=(), max_length=MAX_LINES)


class _Pallet(BaseModel):
    sscc: Annotated[str, AfterValidator(_sscc)]
    content: tuple[_PalletLine, ...] = Field(min_length=1, max_length=MAX_LINES)


class _Vendor(BaseModel):
    name: Text = ""


class Asn(BaseModel):
    """Goods announced to us, with the members that are read of it."""

    ident: Ident = Field(alias="receivingASNId")
    kind: Literal["PO", "ASN"] = Field(alias="inboundType")
    asn_number: Ident | None = Field(default=None, alias="clientASNId")
    order_number: Ident | None = Field(default=None, alias="purchaseOrderNumber")
    vendor: _Vendor | None = Field(default=None, alias="vendorDetails")
    lines: tuple[_AsnLine, ...] = Field(alias="asnLines", min_length=1, max_length=MAX_LINES)
    pallets: tuple[_Pallet, ...] | None = Field(default=None, max_length=MAX_LINES)


class Location(BaseModel):
    """A location; what it says of room and mixing is optional."""

    location_id: Ident
    warehouse_id: Ident
    zone: Text = ""
    capacity: Positive | None = None
    mixed: bool = True


async def pull(
    hq: Reader, lane: str, warehouse_id: str, new_id: Callable[[], UUID], *, with_locations: bool
) -> AsyncGenerator[Pulled, None]:
    """What is announced and not all here yet; and the locations in the order of the walk, where they are wanted."""
    for status in OPEN:
        query = {"receivingNode": warehouse_id, "status": status}
        async for item in items(hq, ASNS, f"HQ's list {ASNS}", NO_EXTENSION, **query):
            asn = document(Asn, item, "HQ's receiving ASN")
            if isinstance(asn, Fault):
                yield asn
            else:
                yield announced(lane, asn, new_id())
    if not with_locations:
        return
    told: list[e.LocationTold] = []
    async for item in items(hq, LOCATIONS, f"HQ's list {LOCATIONS}", NO_EXTENSION, warehouse_id=warehouse_id):
        location = document(Location, item, "HQ's location")
        if isinstance(location, Fault):
            yield location
        else:
            told.append(e.LocationTold(lane=lane, walk_order=len(told) + 1, **location.model_dump()))
    if told:
        yield ReceiveInbound(command_id=new_id(), locations=tuple(told))


def announced(lane: str, asn: Asn, command_id: UUID) -> ReceiveInbound:
    """An announcement as the store keeps it. One of a purchase order is told to HQ by that order's number."""
    number_of = (asn.order_number if asn.kind == "PO" else asn.asn_number) or asn.ident
    fact = e.InboundAnnounced(
        lane=lane,
        inbound_id=asn.ident,
        against="purchase_order" if asn.kind == "PO" else "asn",
        number=number_of,
        supplier=asn.vendor.name if asn.vendor else "",
        lines=tuple(
            e.AnnouncedLine(line_id=str(line.line_id), sku=line.sku, expected=line.expected, received=line.received)
            for line in asn.lines
        ),
        pallets=tuple(
            e.AnnouncedPallet(sscc=each.sscc, content=tuple(map(_on_pallet, each.content)))
            for each in asn.pallets or ()
        ),
    )
    refs: tuple[HqRef, ...] = ()
    if asn.kind == "PO":
        refs = (HqRef(lane=lane, thing="purchase_order", local_id=asn.ident, hq_id=number_of),)
    return ReceiveInbound(command_id=command_id, inbound=(fact,), refs=refs)


def _on_pallet(line: _PalletLine) -> e.PalletLine:
    return e.PalletLine(
        line_id=str(line.line_id),
        sku=line.sku,
        qty=line.qty,
        lot_id=line.lot,
        expires_on=line.expiry,
        serials=line.serials,
    )


# --- facts to requests ------------------------------------------------------------------------------------------


def _put_away(facts: Facts, known: Known, _at: At) -> NewRequest:
    fact = only(facts, e.PutAwayRecorded)
    location = known.hq_ref("location", fact.location_id) or fact.location_id
    lines = [{"sku": line.sku, "qty": number(line.qty), "location_id": location} for line in fact.lines]
    return post("/edge/put-aways", put_away_id=fact.put_away_id, lines=lines)


def _correction(facts: Facts, known: Known, _at: At) -> NewRequest:
    fact = only(facts, e.ReceiptCorrected)
    lines = [
        {"sku": line.sku, "change": number(line.change), "condition": line.condition, **_line(line.line_id)}
        for line in fact.lines
    ]
    return post(
        "/edge/receipt-corrections",
        correction_id=fact.correction_id,
        receipt_id=fact.receipt_id,
        reason=fact.reason,
        approved_by=fact.approved_by,
        lines=lines,
        **_asn(known, fact.inbound_id),
    )


def _discrepancy(facts: Facts, known: Known, _at: At) -> NewRequest:
    fact = only(facts, e.DiscrepancyRecorded)
    optional = {"receipt_id": fact.receipt_id, "lot": fact.lot_id, "reason": fact.reason or None}
    return post(
        "/edge/discrepancies",
        discrepancy_id=fact.discrepancy_id,
        differs=fact.differs,
        sku=fact.sku,
        qty=number(fact.qty),
        **_asn(known, fact.inbound_id),
        **{name: value for name, value in optional.items() if value is not None},
    )


def _moved(facts: Facts, known: Known, _at: At) -> NewRequest:
    fact = only(facts, e.StockMoved)
    (line,) = fact.lines
    source, target = (known.hq_ref("location", each) or each for each in (fact.from_location_id, fact.to_location_id))
    words = {"reason": fact.reason} if fact.reason else {}
    what = {"sku": line.sku, "qty": number(line.qty), **words}
    return post("/edge/stock-moves", move_id=fact.move_id, from_location_id=source, to_location_id=target, **what)


def _asn(known: Known, inbound_id: str | None) -> dict[str, str]:
    if inbound_id is None or inbound_id.startswith("blind:"):
        return {}
    return {"receiving_asn_id": known.hq_ref("inbound", inbound_id) or inbound_id}


def _line(line_id: str | None) -> dict[str, int]:
    return {"PBlineId": int(line_id[:9])} if line_id and line_id.isascii() and line_id.isdigit() else {}


class _Told(BaseModel):
    put_away_id: str | None = None
    correction_id: str | None = None
    discrepancy_id: str | None = None
    move_id: str | None = None


def _reads(member: str) -> Read:
    def read(_facts: Facts, sent: Sent, body: Any) -> Verdict:
        got: str | None = getattr(_Told.model_validate(body), member)
        return about(member.removesuffix("_id").replace("_", "-"), sent.body[member], got)

    return read


BUILD: Mapping[str, Build] = {
    e.PutAwayRecorded.kind: _put_away,
    e.ReceiptCorrected.kind: _correction,
    e.DiscrepancyRecorded.kind: _discrepancy,
    e.StockMoved.kind: _moved,
}
READ: Mapping[str, Read] = {
    e.PutAwayRecorded.kind: _reads("put_away_id"),
    e.ReceiptCorrected.kind: _reads("correction_id"),
    e.DiscrepancyRecorded.kind: _reads("discrepancy_id"),
    e.StockMoved.kind: _reads("move_id"),
}
