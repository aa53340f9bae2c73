"""Facts of picking beside counts to requests, and what HQ's answers mean. Pure.

Lots and serial numbers are seed 001 section 10, re-bins section 3. Goods that are taken from another location than
planned, other goods, and more than was asked go as corrections of our extension: an HQ without it refuses them, and
they are parked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field

from local_store.domain import events as e
from local_store.outbox import NewRequest
from sync.dialect import Known, Outcome, Verdict
from sync.dialects.ofs.floor import of_picklist, read_results
from sync.dialects.ofs.shaping import At, Build, Facts, Read, Sent, about, number, only, part, post
from sync.wording import clean


def _serials(facts: Facts, _known: Known, _at: At) -> NewRequest:
    fact = only(facts, e.SerialsAssigned)
    line = {"fulfillment_id": fact.fulfillment_id, "order_line_id": fact.order_line_id}
    return post("/serials/assign", **line, serials=list(fact.serials))


def _lot(facts: Facts, _known: Known, _at: At) -> NewRequest:
    fact = only(facts, e.LotConsumed)
    line = {"fulfillment_id": fact.fulfillment_id, "order_line_id": fact.order_line_id}
    return post("/lot/consume", **line, lot_id=fact.lot_id, qty=number(fact.qty))


def _replanned(facts: Facts, _known: Known, _at: At) -> NewRequest:
    return _added("relocate", only(facts, e.PickReplanned))


def _substituted(facts: Facts, _known: Known, _at: At) -> NewRequest:
    fact = only(facts, e.PickSubstituted)
    return _added("substitute", fact, sku=fact.sku)


def _over(facts: Facts, _known: Known, _at: At) -> NewRequest:
    fact = only(facts, e.PickOver)
    return _added("over", fact, reason=fact.reason)


def _added(kind: str, fact: e.OfAddedTask, **more: str) -> NewRequest:
    """A task beside another one: HQ makes the same, under our id, and takes the scans for it."""
    adjustment = {
        "adjustment_id": fact.task_id,
        "task_id": fact.of_task_id,
        "kind": kind,
        "qty": number(fact.qty),
        "location_id": fact.location_id,
        "new_task_id": fact.task_id,
        **more,
    }
    return post(f"/picklists/{part(fact.picklist_id)}/adjust", adjustments=[adjustment])


def _rebinned(facts: Facts, known: Known, _at: At) -> NewRequest:
    fact = only(facts, e.PickRebinned)
    rebin: dict[str, Any] = {
        "rebin_id": fact.rebin_id,
        "task_id": fact.task_id,
        "qty": number(fact.qty),
        "location_id": known.hq_ref("location", fact.location_id) or fact.location_id,
        "reason": fact.reason,
    }
    serials = [serial for each in fact.parts for serial in each.serials]
    return post(
        f"/picklists/{part(fact.picklist_id)}/rebin", rebins=[rebin | ({"serials": serials} if serials else {})]
    )


class _OfLine(BaseModel):
    order_line_id: str | None = None


def _read_line(_facts: Facts, sent: Sent, body: Any) -> Verdict:
    ident = sent.body["order_line_id"]
    return about("line", ident, _OfLine.model_validate(body).order_line_id or ident)


class _Rebin(BaseModel):
    rebin_id: str
    outcome: str
    message: str = "no reason given"


class _Rebins(BaseModel):
    results: tuple[_Rebin, ...] = Field(min_length=1, max_length=1)


def _read_rebin(facts: Facts, sent: Sent, body: Any) -> Verdict:
    (result,) = _Rebins.model_validate(body).results
    wanted = sent.body["rebins"][0]["rebin_id"]
    verdict = about("re-bin", wanted, result.rebin_id)
    if verdict.outcome is not Outcome.OK or result.outcome == "accepted":
        return verdict
    return Verdict(Outcome.OK, refused={facts[0].seq: clean(f"HQ refused this: {result.message}")})


BUILD: Mapping[str, Build] = {
    e.SerialsAssigned.kind: of_picklist(_serials),
    e.LotConsumed.kind: of_picklist(_lot),
    e.PickReplanned.kind: of_picklist(_replanned),
    e.PickSubstituted.kind: of_picklist(_substituted),
    e.PickOver.kind: of_picklist(_over),
    e.PickRebinned.kind: of_picklist(_rebinned),
}
READ: Mapping[str, Read] = {
    e.SerialsAssigned.kind: _read_line,
    e.LotConsumed.kind: _read_line,
    e.PickReplanned.kind: read_results,
    e.PickSubstituted.kind: read_results,
    e.PickOver.kind: read_results,
    e.PickRebinned.kind: _read_rebin,
}
