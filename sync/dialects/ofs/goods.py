"""Facts of goods that come in or back, and of counts, to requests, and what HQ's answers mean. Pure.

Returns are seed 001 section 6. Receipts and counts are our extension: an HQ without it answers 404.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import AliasChoices, BaseModel, Field

from local_store.clock import timestamp
from local_store.domain import events as e
from local_store.outbox import NewRequest
from sync.dialect import Known, Missing, NotNeeded, Verdict
from sync.dialects.ofs.shaping import At, Build, Facts, Read, Sent, about, number, only, part, post


def _return_received(facts: Facts, known: Known, _at: At) -> NewRequest | Missing:
    fact = only(facts, e.ReturnReceived)
    lines = []
    for line in fact.lines:
        if line.line_id is None:
            return Missing(
                f"{line.sku} was not announced with return {fact.return_id}, and HQ takes lines of a return by their "
                "id only. Record it as a blind receipt, and end this with `edge-agent sync repair --told`."
            )
        lines.append(
            {
                "line_id": line.line_id,
                "qty": number(line.qty),
                "condition": line.condition,
                "serials": list(line.serials),
            }
        )
    path = f"/returns/{part(_return(known, fact))}/receive"
    return post(path, received_lines=lines, received_at=timestamp(facts[0].wall_ms))


def _return_inspected(facts: Facts, known: Known, _at: At) -> NewRequest:
    fact = only(facts, e.ReturnInspected)
    notes = {"notes": fact.notes} if fact.notes else {}
    restock = number(fact.restockable_qty)
    path = f"/returns/{part(_return(known, fact))}/inspect"
    return post(path, disposition=fact.disposition, restockable_qty=restock, **notes)


def _return_completed(facts: Facts, known: Known, _at: At) -> NewRequest:
    return post(f"/returns/{part(_return(known, only(facts, e.ReturnCompleted)))}/complete")


def _receipt(facts: Facts, known: Known, at: At) -> NewRequest:
    fact = only(facts, e.ReceiptRecorded)
    against: dict[str, str] = {}
    if fact.inbound_id is not None and fact.against == "asn":
        against = {"receiving_asn_id": known.hq_ref("inbound", fact.inbound_id) or fact.inbound_id}
    elif fact.inbound_id is not None:
        against = {"purchase_order_number": known.hq_ref("purchase_order", fact.inbound_id) or fact.inbound_id}
    return post(
        "/edge/receipts",
        receipt_id=fact.receipt_id,
        warehouse_id=at.warehouse_id,
        received_at=timestamp(facts[0].wall_ms),
        lines=[_received(line) for line in fact.lines],
        **against,
    )


def _received(line: e.ReceivedLine) -> dict[str, Any]:
    """A line of a receipt. Announced lines are numbers at HQ; any other id is left to HQ, which goes by the SKU."""
    told: dict[str, Any] = {"sku": line.sku, "qty": number(line.qty), "condition": line.condition}
    if line.line_id is not None and line.line_id.isascii() and line.line_id.isdigit():
        told["PBlineId"] = int(line.line_id[:9])
    return told | {
        name: value
        for name, value in (("lot", line.lot_id), ("expiry", line.expires_on), ("serials", list(line.serials)))
        if value
    }


def _count(facts: Facts, known: Known, _at: At) -> NewRequest | NotNeeded:
    """The id follows from the fact's own, so that a store that was restored makes the same."""
    fact = only(facts, e.StockCounted)
    if fact.location_id is None:
        return NotNeeded(f"HQ books counts by location, and {fact.sku} was counted in the whole warehouse.")
    if fact.article_status != "active":
        return NotNeeded(
            f"HQ counts what can be sold, and this count of {fact.sku} is of {fact.article_status} units."
        )
    location = known.hq_ref("location", fact.location_id) or fact.location_id
    line = {"location_id": location, "sku": fact.sku, "qty": number(fact.qty)}
    count_id = str(UUID(bytes=facts[0].event_id))
    return post("/edge/counts", count_id=count_id, lines=[line], counted_at=timestamp(facts[0].wall_ms))


def _return(known: Known, fact: e.OfReturn) -> str:
    return known.hq_ref("return", fact.return_id) or fact.return_id


class _OfReturn(BaseModel):
    return_id: str = Field(validation_alias=AliasChoices("id", "return_id"))


class _OfReceipt(BaseModel):
    receipt_id: str


class _OfCount(BaseModel):
    count_id: str


def _read_return(_facts: Facts, sent: Sent, body: Any) -> Verdict:
    return about("return", sent.ident, _OfReturn.model_validate(body).return_id)


def _read_receipt(_facts: Facts, sent: Sent, body: Any) -> Verdict:
    return about("receipt", sent.body["receipt_id"], _OfReceipt.model_validate(body).receipt_id)


def _read_count(_facts: Facts, sent: Sent, body: Any) -> Verdict:
    return about("count", sent.body["count_id"], _OfCount.model_validate(body).count_id)


BUILD: Mapping[str, Build] = {
    e.ReturnReceived.kind: _return_received,
    e.ReturnInspected.kind: _return_inspected,
    e.ReturnCompleted.kind: _return_completed,
    e.ReceiptRecorded.kind: _receipt,
    e.StockCounted.kind: _count,
}
READ: Mapping[str, Read] = {
    e.ReturnReceived.kind: _read_return,
    e.ReturnInspected.kind: _read_return,
    e.ReturnCompleted.kind: _read_return,
    e.ReceiptRecorded.kind: _read_receipt,
    e.StockCounted.kind: _read_count,
}
