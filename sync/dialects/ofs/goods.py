"""Facts of goods that come in, and of counts, to requests, and what HQ's answers mean. Pure.

They are our extension: an HQ without it answers 404.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from local_store.clock import timestamp
from local_store.domain import events as e
from local_store.outbox import NewRequest
from sync.dialect import Known, NotNeeded, Verdict
from sync.dialects.ofs.shaping import At, Build, Facts, Read, Sent, about, number, only, part, post


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
        lines=[received(line) for line in fact.lines],
        **against,
    )


def received(line: e.ReceivedLine) -> dict[str, Any]:
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


def _settled(facts: Facts, known: Known, _at: At) -> NewRequest | NotNeeded:
    """The end of a task that HQ gave."""
    fact = only(facts, e.CountSettled)
    task = known.hq_ref("count", fact.count_task_id)
    if task is None:
        return NotNeeded(f"The count of {fact.location_id} was asked for at this station; HQ has no task for it.")
    result = {"by": fact.by, "location_id": fact.location_id, "counted_by": fact.counted_by}
    return post(f"/tasks/{part(task)}/complete", result=result)


class OfReceipt(BaseModel):
    """HQ's answer about a receipt."""

    receipt_id: str


class _OfTask(BaseModel):
    task_id: str


class _OfCount(BaseModel):
    count_id: str


def read_receipt(_facts: Facts, sent: Sent, body: Any) -> Verdict:
    """HQ has the receipt that was sent."""
    return about("receipt", sent.body["receipt_id"], OfReceipt.model_validate(body).receipt_id)


def _read_count(_facts: Facts, sent: Sent, body: Any) -> Verdict:
    return about("count", sent.body["count_id"], _OfCount.model_validate(body).count_id)


def _read_task(_facts: Facts, sent: Sent, body: Any) -> Verdict:
    return about("task", sent.ident, _OfTask.model_validate(body).task_id)


BUILD: Mapping[str, Build] = {
    e.ReceiptRecorded.kind: _receipt,
    e.StockCounted.kind: _count,
    e.CountSettled.kind: _settled,
}
READ: Mapping[str, Read] = {
    e.ReceiptRecorded.kind: read_receipt,
    e.StockCounted.kind: _read_count,
    e.CountSettled.kind: _read_task,
}
