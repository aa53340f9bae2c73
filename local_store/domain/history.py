"""What another lineage of this station did, joined with what was done here: goods are where hands put them. Pure.

The rule, fact by fact: what nobody touched here since the two lines parted becomes true here too. Where the same
line of goods was counted in both, what hands here counted stays in the view, the other count still reaches HQ, and a
person is told to look. A picklist or parcel that was closed there is closed here, unless it was closed here as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from local_store.domain import events as e
from local_store.domain.events import Fact

NEVER_APPLIED = (
    e.StationStarted,
    e.StationClockJumped,
    e.StationSalvaged,
    e.StationRestored,
    e.StationFenced,
    e.FenceSettled,
    e.HistoryConflict,
    e.HistoryConflictSettled,
    e.WorkerSignedIn,
    e.WorkerSignedOut,
    e.ScanRefused,
    e.ProductReceived,
    e.InboundAnnounced,
    e.ReturnAnnounced,
    e.WorkOrderAnnounced,
    e.StockTold,
    e.PicklistStarted,
    e.NumbersRetired,
    e.NumbersBurned,
)
"""Facts about another run, about who stood where, and about what HQ tells anew by itself."""

_CLOSING = (e.PicklistCompleted, e.PackageSealed)
_ALWAYS = (e.FulfillmentReceived, e.PicklistReceived, e.PackOpened, e.HqRefLearned, e.NumbersLeased)
"""Facts that add something and take nothing away."""
_TOLD_AGAIN = (e.WorkWithdrawn, e.WorkChanged, e.ExceptionRaised, e.ExceptionDecided)
"""What HQ said of work. Where the work was touched here as well, HQ is asked again and says it anew."""


class Here(NamedTuple):
    """What was done here since the lines parted: subjects counted, entities closed, SSCCs given to which package."""

    counted: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    sscc: Mapping[str, str] = {}


class Joined(NamedTuple):
    """Whether a fact of the other lineage changes the views here, and what a person must be told, if anything."""

    applied: bool
    conflict: e.HistoryConflict | None = None


def here(facts: Iterable[Fact]) -> Here:
    """What was done here, from the facts since the lines parted."""
    counted, closed, sscc = set(), set(), {}
    for fact in facts:
        subject = _subject(fact)
        if subject is not None:
            counted.add(subject)
        if isinstance(fact, _CLOSING):
            closed.add(fact.entity)
        if isinstance(fact, e.PackageSealed):
            sscc[fact.sscc] = fact.package_id
    return Here(frozenset(counted), frozenset(closed), sscc)


def join(fact: Fact, done: Here) -> Joined:
    """What becomes of one fact of the other lineage."""
    if isinstance(fact, NEVER_APPLIED):
        return Joined(applied=False)
    if isinstance(fact, e.PackageSealed) and done.sscc.get(fact.sscc, fact.package_id) != fact.package_id:
        return Joined(fact.entity not in done.closed, _same_number(fact, done.sscc[fact.sscc]))
    if isinstance(fact, _ALWAYS):
        return Joined(applied=True)
    if isinstance(fact, _CLOSING):
        if fact.entity in done.closed:
            return Joined(applied=False, conflict=_both_closed(fact))
        return Joined(applied=True, conflict=_closed_there(fact) if _touched(fact, done) else None)
    if isinstance(fact, _TOLD_AGAIN):
        return Joined(applied=fact.entity not in done.closed and not _touched(fact, done))
    subject = _subject(fact)
    if subject is not None and subject in done.counted:
        return Joined(applied=False, conflict=_both_counted(fact))
    if fact.entity in done.closed:
        return Joined(applied=False, conflict=_both_counted(fact) if subject is not None else None)
    return Joined(applied=True)


def _subject(fact: Fact) -> str | None:
    """What a count is about: one line of goods, or the weight of one package."""
    match fact:
        case e.PickCounted() | e.PickShort() | e.PickUndone():
            return f"{fact.entity} {fact.task_id}"
        case e.PackCounted() | e.PackUndone():
            return f"{fact.entity} {fact.order_line_id}"
        case e.PackageWeighed():
            return f"{fact.entity} {fact.package_id}"
    return None


def _touched(fact: Fact, done: Here) -> bool:
    return any(subject.startswith(f"{fact.entity} ") for subject in done.counted)


def _named(fact: Fact) -> str:
    kind, _, ident = fact.entity.partition(":")
    return f"{'Picklist' if kind == 'picklist' else 'Parcel'} {ident}"


def _both_counted(fact: Fact) -> e.HistoryConflict:
    sentence = (
        f"{_named(fact)} was worked on here and, without this store knowing, before. "
        "Count what is there, and put back what is too much."
    )
    return e.HistoryConflict(subject=fact.entity, sentence=sentence)


def _closed_there(fact: Fact) -> e.HistoryConflict:
    sentence = (
        f"{_named(fact)} was finished before, without this store knowing, and worked on here again. "
        "It is closed now; put back what was taken a second time."
    )
    return e.HistoryConflict(subject=fact.entity, sentence=sentence)


def _both_closed(fact: Fact) -> e.HistoryConflict:
    sentence = (
        f"{_named(fact)} was finished here and, without this store knowing, before. Find both, send one, and put the "
        "goods of the other back."
    )
    return e.HistoryConflict(subject=fact.entity, sentence=sentence)


def _same_number(fact: e.PackageSealed, package_id: str) -> e.HistoryConflict:
    sentence = (
        f"SSCC {fact.sscc} is on two parcels: package {package_id}, sealed here, and package {fact.package_id} of "
        f"{fact.fulfillment_id}. Hold both back and give one of them a new label."
    )
    return e.HistoryConflict(subject=f"sscc:{fact.sscc}", sentence=sentence)
