"""Facts to requests, for Exsited. Pure.

Records are made under ids that follow from the facts they tell: the same fact never makes two (hq_contracts 4.6).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import quote

from local_store.domain import events as e
from local_store.domain.events import decimal_text
from local_store.outbox import NewRequest, Promised
from sync.dialect import FulfillmentHere, Known, Missing, NotNeeded, PackageHere
from sync.dialects.exsited.answers import FULFILLMENT, RECEIPT, RETURN
from sync.dialects.exsited.capabilities import Profile
from sync.dialects.exsited.quantities import rate_of, to_uom
from sync.wording import clean
from sync.work import line_key

Facts = Sequence[Promised]
Build = Callable[[Promised, Known, Profile], NewRequest | Missing | NotNeeded]
F = TypeVar("F", bound=e.Fact)

MAX_NOTE = 1000


class _Refusal(Exception):  # noqa: N818 -- carries a sentence out of the loops below, and no further
    """A request cannot be made."""


def request_for(facts: Facts, known: Known, profile: Profile) -> NewRequest | Missing | NotNeeded:
    """The request that tells HQ of a fact; each goes alone. Quantities go as text in the unit of the line at HQ."""
    (fact,) = facts
    try:
        return _BUILD[fact.fact.kind](fact, known, profile)
    except _Refusal as refusal:
        return Missing(str(refusal))


def record_id(prefix: str, event_id: bytes, profile: Profile) -> str:
    """Our id of a record: the same for the same fact, in a restored store too."""
    return f"{prefix}-{hashlib.sha256(event_id).hexdigest()[: profile.id_characters].upper()}"


def _shipment(promised: Promised, known: Known, profile: Profile) -> NewRequest:
    """What is in the parcels, per line of the invoice."""
    fact = _only(promised, e.ShipmentRequested)
    here = known.fulfillment(fact.fulfillment_id)
    if here is None:
        raise _Refusal(f"Fulfillment {fact.fulfillment_id} is not here any more, so its lines cannot be told to HQ.")
    invoice = known.hq_ref("order", fact.fulfillment_id)
    if invoice is None:
        raise _Refusal(
            f"HQ's invoice of order {here.order_id} is not known here. When HQ has one, the next poll brings its "
            "number: then send again."
        )
    body = {
        "status": profile.shipped_status,
        "date": _day(promised.wall_ms),
        "id": record_id("FF", promised.event_id, profile),
        "fulfillments": _fulfilled(fact, here, known, profile),
    }
    numbers = [package.sscc for package in _packages(fact, known)]
    if profile.tracking_number == "sscc" and len(numbers) == 1:
        body["tracking_number"] = numbers[0]
    return _post(f"{profile.base_path}/invoices/{_part(invoice)}/item-fulfillments", FULFILLMENT, body)


def _fulfilled(
    fact: e.ShipmentRequested, here: FulfillmentHere, known: Known, profile: Profile
) -> list[dict[str, str]]:
    packed: dict[str, Decimal] = {}
    for package in _packages(fact, known):
        for item in package.items:
            packed[item.order_line_id] = packed.get(item.order_line_id, Decimal(0)) + item.qty
    lines = {line.order_line_id: line for line in here.lines}
    told = []
    for line_id, qty in packed.items():
        line, key = lines.get(line_id), line_key(here.fulfillment_id, line_id)
        if line is None or qty > line.qty:
            ordered = decimal_text(line.qty) if line else "none"
            raise _Refusal(
                f"Order {here.order_id}: {decimal_text(qty)} of line {line_id} are packed and {ordered} ordered; HQ "
                "takes no more than is left. Find out which is true and settle it at HQ by hand."
            )
        told.append(
            {
                "item_uuid": _ref(known, "product", line.sku, f"item {line.sku}"),
                "fulfillment_quantity": _in_uom(known, key, qty, profile),
                "uuid": _ref(known, "line", key, f"{line.sku} in order {here.order_id}"),
            }
        )
    return told


def _packages(fact: e.ShipmentRequested, known: Known) -> list[PackageHere]:
    found = []
    for package_id, _ in fact.packages:
        package = known.package(package_id)
        if package is None:
            raise _Refusal(f"What is in package {package_id} is not known here, so HQ cannot be told of it.")
        found.append(package)
    return found


def _receipt(promised: Promised, known: Known, profile: Profile) -> NewRequest | NotNeeded:
    """What came against a purchase order; what was not ordered, and what is damaged, stands in the note."""
    fact = _only(promised, e.ReceiptRecorded)
    if fact.against != "purchase_order" or fact.inbound_id is None:
        return NotNeeded(f"Receipt {fact.receipt_id} is not against a purchase order: this HQ takes no other.")
    order = _ref(known, "purchase_order", fact.inbound_id, f"purchase order {fact.inbound_id}")
    lines = [
        {profile.receipt_line_uuid: uuid, profile.receipt_line_quantity: qty}
        for uuid, qty in _came(fact.inbound_id, fact.lines, known, profile)
    ]
    if not lines:
        return NotNeeded(f"Nothing in receipt {fact.receipt_id} was ordered: this HQ takes only what was.")
    body = {
        "receipt_status": profile.receipt_status,
        "date": _day(promised.wall_ms),
        "id": record_id("IR", promised.event_id, profile),
        "receipts": lines,
    }
    note = _note(fact.lines)
    if note:
        body["note"] = note
    return _post(f"{profile.receipt_path}/purchase-orders/{_part(order)}/item-receipts", RECEIPT, body)


def _returned(promised: Promised, known: Known, profile: Profile) -> NewRequest | NotNeeded:
    fact = _only(promised, e.ReturnReceived)
    rma = _ref(known, "return", fact.return_id, f"return {fact.return_id}")
    invoice = _ref(known, "return_invoice", fact.return_id, f"the invoice of return {fact.return_id}")
    lines = [
        {"rma_receive_quantity": qty, "uuid": uuid} for uuid, qty in _came(fact.return_id, fact.lines, known, profile)
    ]
    if not lines:
        return NotNeeded(f"Nothing that came with return {fact.return_id} is in it: this HQ takes only what is.")
    path = f"{profile.return_path}/invoices/{_part(invoice)}/return-merchandise-authorisations/{_part(rma)}/receive"
    return _post(path, RETURN, {"receive_returns": lines})


def _came(owner: str, lines: Iterable[e.ReceivedLine], known: Known, profile: Profile) -> list[tuple[str, str]]:
    """(HQ's line, quantity in its unit) of all that has a line there."""
    total: dict[str, Decimal] = {}
    for line in lines:
        if line.line_id is not None:
            total[line.line_id] = total.get(line.line_id, Decimal(0)) + line.qty
    return [
        (
            _ref(known, "line", line_key(owner, line_id), f"line {line_id} of {owner}"),
            _in_uom(known, line_key(owner, line_id), qty, profile),
        )
        for line_id, qty in total.items()
    ]


def _note(lines: Iterable[e.ReceivedLine]) -> str:
    texts = []
    for line in lines:
        how = [
            *(["not ordered"] if line.line_id is None else []),
            *(["damaged"] if line.condition == "damaged" else []),
        ]
        if how:
            texts.append(f"{decimal_text(line.qty)} of {line.sku} {' and '.join(how)}")
    return clean("; ".join(texts))[:MAX_NOTE]


def _in_uom(known: Known, key: str, qty: Decimal, profile: Profile) -> str:
    return to_uom(qty, rate_of(known.hq_ref("line_uom", key)), profile.quantity_places)


def _ref(known: Known, thing: str, local_id: str, what: str) -> str:
    found = known.hq_ref(thing, local_id)
    if found is None:
        raise _Refusal(f"HQ's id of {what} is not known here. When HQ has it, a poll brings it: then send again.")
    return found


def _day(wall_ms: int) -> str:
    return datetime.fromtimestamp(wall_ms / 1000, UTC).date().isoformat()


def _only(promised: Promised, kind: type[F]) -> F:
    assert isinstance(promised.fact, kind)
    return promised.fact


def _post(path: str, wrapper: str, body: Any) -> NewRequest:
    return NewRequest("POST", path, json.dumps({wrapper: body}, ensure_ascii=False, sort_keys=True))


def _part(ident: str) -> str:
    return quote(ident, safe="")


_BUILD: Mapping[str, Build] = {
    e.ShipmentRequested.kind: _shipment,
    e.ReceiptRecorded.kind: _receipt,
    e.ReturnReceived.kind: _returned,
}
