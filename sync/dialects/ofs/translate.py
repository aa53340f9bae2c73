"""Facts to requests and answers to what they mean, for seed 001. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from local_store.domain import events as e
from local_store.outbox import FixedRequest
from sync.dialect import Answer, Known, Learned, NoAnswer, Outcome, Reply, Verdict
from sync.dialects.ofs import arranging, dispatch, floor, goods, inbound, people, picking, quality, returns
from sync.dialects.ofs.capabilities import PROFILE
from sync.dialects.ofs.shaping import At, Build, Facts, Read, Sent, Told, grams
from sync.retry import classify
from sync.wording import clean, fault, said

CONFLICT, ACCEPTED = 409, 202
NOT_OFFERED = frozenset({404, 405, 501})
_PARTS = (floor, picking, goods, arranging, returns, quality, dispatch, people, inbound)
_BUILD: Mapping[str, Build] = {kind: build for part in _PARTS for kind, build in part.BUILD.items()}
_READ: Mapping[str, Read] = {kind: read for part in _PARTS for kind, read in part.READ.items()}


def take(facts: Facts) -> int:
    """How many facts share a request: counts of one picker on one picklist in a row, any other fact alone."""
    first = facts[0]
    if not isinstance(first.fact, e.PickCounted):
        return 1
    together = 1
    for each in facts[1 : PROFILE.scans_per_request]:
        if not isinstance(each.fact, e.PickCounted) or each.actor != first.actor or each.request_id is not None:
            break
        together += 1
    return together


class _Job(BaseModel):
    job_id: str = Field(min_length=1, max_length=120)
    status: str = Field(default="", max_length=40)
    failed: int = 0
    results: tuple[dict[str, Any], ...] = Field(default=(), max_length=1000)

    @property
    def succeeded(self) -> bool:
        """Whether nothing of it was refused."""
        return not self.failed and all(each.get("ok", True) for each in self.results)


def request_for(facts: Facts, known: Known, at: At) -> Told:
    """The request for facts that share one. Quantities go as JSON numbers where whole, else as exact text."""
    return _BUILD[facts[0].fact.kind](facts, known, at)


def verdict(facts: Facts, request: FixedRequest, reply: Reply) -> Verdict:
    """What a reply means. Success counts only when HQ's answer is about what was sent."""
    outcome = classify(reply)
    if isinstance(reply, NoAnswer):
        return Verdict(outcome, reply.sentence)
    fact, sent = facts[0].fact, Sent(request.path, json.loads(request.body))
    try:
        if reply.status == ACCEPTED:
            return _job(facts, sent, reply.body)
        if outcome is Outcome.OK:
            return _READ[fact.kind](facts, sent, reply.body)
    except ValidationError as error:
        return Verdict(Outcome.AMBIG, fault(f"HQ's answer to {request.path}", error))
    if outcome is Outcome.DEAD and reply.status == CONFLICT:
        already = _already_so(fact, sent.body, reply)
        if already is not None:
            return already
    if reply.status in NOT_OFFERED and request.path.startswith("/edge/"):
        what = request.path.removeprefix("/edge/").replace("-", " ")
        return Verdict(outcome, clean(f"{said(reply.status, reply.body)} {_NOT_OFFERED.format(what=what)}"))
    return Verdict(outcome, said(reply.status, reply.body))


_NOT_OFFERED = (
    "Seed 001 knows no {what}; only an HQ with our extension takes them. Where this one does not, tell it by other "
    "means and end this with `edge-agent sync repair --told`."
)


def _job(facts: Facts, sent: Sent, body: Any) -> Verdict:
    """HQ works on it as a job: success is only what the job, when it ended well, says of what was sent."""
    job = _Job.model_validate(body)
    if job.status in PROFILE.job_ended_badly or (job.status in PROFILE.job_ended_well and not job.succeeded):
        words = next((said(0, each).partition(": ")[2] for each in job.results if not each.get("ok", True)), "")
        return Verdict(Outcome.DEAD, clean(f"HQ's job {job.job_id} ended as {job.status} and did not do it. {words}"))
    if job.status not in PROFILE.job_ended_well:
        return Verdict(Outcome.WAIT, clean(f"HQ still works on it as job {job.job_id} ({job.status})."))
    if len(job.results) != 1:
        return Verdict(Outcome.AMBIG, clean(f"HQ's job {job.job_id} ended and does not say what came of it."))
    return _READ[facts[0].fact.kind](facts, sent, job.results[0])


_ENDS: Mapping[str, str] = {
    e.ReturnCompleted.kind: "completed",
    e.CountSettled.kind: "done",
    e.ManifestDispatched.kind: "submitted",
    e.PicklistStarted.kind: "in_progress",
}
"""The status that a thing has at HQ once such a fact was told."""


def _already_so(fact: e.Fact, sent: Any, reply: Answer) -> Verdict | None:
    """A 409 whose details show that HQ has just what was sent (hq_contracts 2.6); None for a real conflict."""
    error = reply.body.get("error") if isinstance(reply.body, dict) else None
    details = error.get("details") if isinstance(error, dict) else None
    if not isinstance(details, dict):
        return None
    learned: tuple[Learned, ...] = ()
    wanted: dict[str, Any] = {"status": _ENDS.get(fact.kind)}
    match fact:
        case e.ReturnCreated():
            return returns.already_announced(fact, details)
        case e.PicklistCompleted():
            wanted = {"status": "completed", "pick_confirmation_id": fact.pick_confirmation_id}
        case e.PackageSealed():
            wanted = {"package_id": sent["package_id"], "sealed": True}
        case e.PackagePacked():
            wanted = {"package_id": fact.package_id, "sscc": fact.sscc, "weight": grams(fact.weight_mg)}
            learned = (Learned("package", fact.package_id, fact.package_id),)
        case _ if fact.kind not in _ENDS:
            return None
    if any(details.get(name) != value for name, value in wanted.items()):
        return None
    return Verdict(Outcome.DUP, learned=learned)
