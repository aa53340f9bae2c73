"""Facts of goods that come back to requests of seed 001 section 6, and what HQ's answers mean. Pure.

What nobody had announced has no line at HQ, which wants it received blind: that is our extension of receipts.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import AliasChoices, BaseModel, Field

from local_store.clock import timestamp
from local_store.domain import events as e
from local_store.outbox import NewRequest
from sync.dialect import Known, Learned, Missing, NotNeeded, Outcome, Verdict
from sync.dialects.ofs.goods import read_receipt, received
from sync.dialects.ofs.shaping import At, Build, Facts, Read, Sent, about, number, only, part, post
from sync.work import line_key


def _created(facts: Facts, known: Known, _at: At) -> NewRequest:
    """A line's product is named only where HQ may not know the order, for the seed has no member for it."""
    fact = only(facts, e.ReturnCreated)
    here = known.fulfillment_of_order(fact.order_id)
    lines = []
    for line in fact.expected_lines:
        ref = known.hq_ref("line", line_key(here, line.order_line_id)) if here else None
        told: dict[str, Any] = {"order_line_id": ref or line.order_line_id, "qty": number(line.qty)}
        lines.append(told if here else {**told, "sku": line.sku})
    return post(
        "/returns",
        order_id=fact.order_id,
        rma_reference=fact.rma_reference,
        reason=fact.reason,
        expected_lines=lines,
        return_method=fact.return_method,
        destination_warehouse_id=fact.destination_warehouse_id,
        **({"metadata": fact.metadata} if fact.metadata else {}),
    )


def _received(facts: Facts, known: Known, _at: At) -> NewRequest | Missing:
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
    path = f"/returns/{part(hq_return(known, fact.return_id))}/receive"
    return post(path, received_lines=lines, received_at=timestamp(facts[0].wall_ms))


def _surplus(facts: Facts, _known: Known, at: At) -> NewRequest:
    fact = only(facts, e.ReturnSurplus)
    return post(
        "/edge/receipts",
        receipt_id=fact.receipt_id,
        warehouse_id=at.warehouse_id,
        received_at=timestamp(facts[0].wall_ms),
        lines=[received(line) for line in fact.lines],
    )


def _inspected(facts: Facts, known: Known, _at: At) -> NewRequest | NotNeeded:
    """HQ decides about its own lines; what it has as a blind receipt is none of them.

    What may be sold again lies on the dock here until it is put away, which HQ is told as well.
    """
    fact = only(facts, e.ReturnInspected)
    theirs = [each for each in fact.goods if each.line_id is not None]
    if fact.goods and not theirs:
        return NotNeeded(f"HQ has these units of return {fact.return_id} as a blind receipt, under no line of it.")
    restock = fact.restockable_qty
    if fact.goods:
        restock = sum((each.qty for each in theirs if each.to == "reshelve"), Decimal(0))
    body: dict[str, Any] = {"disposition": fact.disposition, "restockable_qty": number(restock)}
    if fact.goods and restock > 0:
        body["to_receiving"] = True
    if fact.notes:
        body["notes"] = fact.notes
    if fact.line_id is not None:
        units = sum((each.qty for each in theirs), Decimal(0))
        body |= {"line_id": fact.line_id, "qty": number(units)}
    return post(f"/returns/{part(hq_return(known, fact.return_id))}/inspect", **body)


def _completed(facts: Facts, known: Known, _at: At) -> NewRequest:
    return post(f"/returns/{part(hq_return(known, only(facts, e.ReturnCompleted).return_id))}/complete")


def _ship_back(facts: Facts, known: Known, _at: At) -> NewRequest:
    ident = hq_return(known, only(facts, e.ReturnShipBackAsked).return_id)
    return post(f"/returns/{part(ident)}/ship-back-to-supplier")


def hq_return(known: Known, return_id: str) -> str:
    """What HQ calls a return: its own id of one that was announced here, else the one it gave."""
    return known.hq_ref("return", return_id) or return_id


class _OfReturn(BaseModel):
    return_id: str = Field(validation_alias=AliasChoices("id", "return_id"), min_length=1, max_length=120)
    rma_reference: str | None = None


class _OfFulfillment(BaseModel):
    fulfillment_id: str = Field(min_length=1, max_length=120)


def _read_created(facts: Facts, _sent: Sent, body: Any) -> Verdict:
    fact = only(facts, e.ReturnCreated)
    answer = _OfReturn.model_validate(body)
    learned = Learned("return", fact.return_id, answer.return_id)
    return about("return", fact.rma_reference, answer.rma_reference or fact.rma_reference, learned)


def _read_return(_facts: Facts, sent: Sent, body: Any) -> Verdict:
    return about("return", sent.ident, _OfReturn.model_validate(body).return_id)


def _read_ship_back(_facts: Facts, _sent: Sent, body: Any) -> Verdict:
    _OfFulfillment.model_validate(body)
    return Verdict(Outcome.OK)


def already_announced(fact: e.ReturnCreated, details: Mapping[str, Any]) -> Verdict | None:
    """HQ has a return of this number: it is this one, for a number is given once."""
    ident = details.get("return_id")
    if not isinstance(ident, str) or not ident:
        return None
    return Verdict(Outcome.DUP, learned=(Learned("return", fact.return_id, ident),))


BUILD: Mapping[str, Build] = {
    e.ReturnCreated.kind: _created,
    e.ReturnReceived.kind: _received,
    e.ReturnSurplus.kind: _surplus,
    e.ReturnInspected.kind: _inspected,
    e.ReturnCompleted.kind: _completed,
    e.ReturnShipBackAsked.kind: _ship_back,
}
READ: Mapping[str, Read] = {
    e.ReturnCreated.kind: _read_created,
    e.ReturnReceived.kind: _read_return,
    e.ReturnSurplus.kind: read_receipt,
    e.ReturnInspected.kind: _read_return,
    e.ReturnCompleted.kind: _read_return,
    e.ReturnShipBackAsked.kind: _read_ship_back,
}
