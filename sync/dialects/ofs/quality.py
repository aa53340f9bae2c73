"""Facts of quality control to requests of seed 001 section 12, and what HQ's answers mean. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field

from local_store.domain import events as e
from local_store.outbox import NewRequest
from sync.dialect import Known, Learned, Missing, NotNeeded, Verdict
from sync.dialects.ofs.returns import hq_return
from sync.dialects.ofs.shaping import At, Build, Facts, Read, Sent, Told, about, only, part, post


def _started(facts: Facts, known: Known, _at: At) -> NewRequest | NotNeeded:
    fact = only(facts, e.QcStarted)
    if fact.subject == "receipt":
        return NotNeeded(f"HQ inspects fulfillments and returns, and {fact.subject_id} is goods that came in.")
    if fact.subject == "return":
        ident = hq_return(known, fact.subject_id)
    else:
        ident = known.hq_ref("fulfillment", fact.subject_id) or fact.subject_id
    return post(f"/qc/{part(ident)}/start")


def _recorded(facts: Facts, known: Known, _at: At) -> Told:
    """The check and the number of units are among the measurements: the seed has no members for them."""
    fact = only(facts, e.QcRecorded)
    there = known.hq_ref("qc", fact.qc_id)
    if there is None:
        return _never_started(fact)
    photos = []
    for sha256 in fact.photos:
        file_id = known.hq_ref("file", sha256)
        if file_id is None:
            return Missing(
                f"HQ has no photo {sha256[:12]} of inspection {fact.qc_id} yet. Photos are sent by themselves; send "
                "this again once it is there."
            )
        photos.append(file_id)
    measured = {**fact.measurements, "units": e.decimal_text(fact.units)}
    told: dict[str, Any] = {"measurements": {**measured, **({"check": fact.check} if fact.check else {})}}
    told |= {"passed": fact.passed} if fact.passed is not None else {}
    told |= {"notes": fact.notes} if fact.notes else {}
    return post(f"/qc/{part(there)}/record", **told, **({"photos": photos} if photos else {}))


def _resolved(facts: Facts, known: Known, _at: At) -> NewRequest | NotNeeded:
    fact = only(facts, e.QcResolved)
    there = known.hq_ref("qc", fact.qc_id)
    if there is None:
        return _never_started(fact)
    notes = {"notes": fact.notes} if fact.notes else {}
    return post(f"/qc/{part(there)}/resolve", disposition=fact.disposition, **notes)


def _never_started(fact: e.OfQc) -> NotNeeded:
    """Facts of one inspection go in order, so HQ's id is known unless HQ was not told of its start."""
    return NotNeeded(f"HQ was not told of inspection {fact.qc_id}: it inspects fulfillments and returns only.")


class _Qc(BaseModel):
    qc_id: str = Field(min_length=1, max_length=120)
    fulfillment_id: str | None = None
    return_id: str | None = None


def _read_started(facts: Facts, sent: Sent, body: Any) -> Verdict:
    fact, answer = only(facts, e.QcStarted), _Qc.model_validate(body)
    got = answer.fulfillment_id or answer.return_id or sent.ident
    return about(fact.subject, sent.ident, got, Learned("qc", fact.qc_id, answer.qc_id))


def _read_qc(_facts: Facts, sent: Sent, body: Any) -> Verdict:
    return about("inspection", sent.ident, _Qc.model_validate(body).qc_id)


BUILD: Mapping[str, Build] = {
    e.QcStarted.kind: _started,
    e.QcRecorded.kind: _recorded,
    e.QcResolved.kind: _resolved,
}
READ: Mapping[str, Read] = {
    e.QcStarted.kind: _read_started,
    e.QcRecorded.kind: _read_qc,
    e.QcResolved.kind: _read_qc,
}
