"""What becomes of work that HQ took back or changed while it lies here: goods are where hands put them. Pure.

Nothing begun, nothing asked: HQ's word is taken over. Otherwise a visible exception is recorded, with the step that a
person is to take, and HQ's word becomes true here only by that decision. A sealed package never changes. What has
facts that HQ was not told yet is never overwritten: it is looked at again when they are sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Literal, NamedTuple

from local_store.domain import asking, bringing_back
from local_store.domain import events as e
from local_store.domain.added import ADDED
from local_store.domain.bringing_back import Held
from local_store.domain.commands import SeeWork
from local_store.domain.events import AskedGoods, Asking, Fact, WorkKind, decimal_text


class Stage(StrEnum):
    """How far the goods are."""

    NOT_BEGUN = "not begun"  # nobody here has touched them
    PICKING = "being picked"  # some may be off their shelf
    PICKED = "picked"  # in a tote or on the way to the pack station
    PACKING = "being packed"  # in an open package
    SEALED = "sealed"  # the package is closed; its label is not known to be on paper
    LABELLED = "labelled"  # the label is on paper, or may be


class HqDid(StrEnum):
    """What HQ did to the work."""

    CANCELLED = "cancelled"
    COMPLETED_ELSEWHERE = "completed elsewhere"  # a picklist: another station says it is through
    PACKED_ELSEWHERE = "packed elsewhere"  # a fulfillment: another station packs or has packed it
    GIVEN_AWAY = "given to another station"
    LINE_REMOVED = "line removed"
    QTY_DOWN = "quantity lowered"
    QTY_UP = "quantity raised"  # or a line added
    ADDRESS_CHANGED = "address changed"


class Step(StrEnum):
    """What a person can do about it."""

    PUT_BACK = "put_back"  # onto the shelf they came from
    RE_BIN = "re_bin"  # out of the tote, back to stock
    UNPACK = "unpack"  # out of the open package, back to stock
    TAKE_MORE = "take_more"
    VOID_LABEL = "void_label"
    HOLD = "hold"  # set aside; it is asked again
    CONTINUE = "continue"  # as it is here, whatever HQ says


WITHDRAWS = (HqDid.CANCELLED, HqDid.COMPLETED_ELSEWHERE, HqDid.PACKED_ELSEWHERE, HqDid.GIVEN_AWAY)
"""After these nothing is left to do here but to bring the goods back."""
APPLIES = (Step.PUT_BACK, Step.RE_BIN, Step.UNPACK, Step.TAKE_MORE)
"""Steps after which HQ's word is true here."""

_PUT_BACK = (Step.PUT_BACK, Step.HOLD, Step.CONTINUE)
_RE_BIN = (Step.RE_BIN, Step.HOLD, Step.CONTINUE)
_UNPACK = (Step.UNPACK, Step.HOLD, Step.CONTINUE)
_VOID = (Step.VOID_LABEL, Step.HOLD, Step.CONTINUE)
_HOLD = (Step.HOLD, Step.VOID_LABEL, Step.CONTINUE)
_GO_ON = (Step.CONTINUE, Step.HOLD)
_SILENTLY: tuple[Step, ...] = ()

_STEPS: Mapping[Stage, tuple[tuple[Step, ...], ...]] = {
    # cancelled, completed elsewhere, packed elsewhere, given away, line removed, lowered, raised, address
    Stage.NOT_BEGUN: (_SILENTLY,) * 8,
    Stage.PICKING: (*(_PUT_BACK,) * 6, (Step.TAKE_MORE, Step.HOLD, Step.CONTINUE), _SILENTLY),
    # A tote that was picked here and is packed at another station is the usual way of things.
    Stage.PICKED: (_RE_BIN, _RE_BIN, _SILENTLY, _RE_BIN, _RE_BIN, _RE_BIN, _GO_ON, _SILENTLY),
    Stage.PACKING: (*(_UNPACK,) * 6, _GO_ON, _SILENTLY),
    Stage.SEALED: (_VOID, _HOLD, _HOLD, _HOLD, _HOLD, _HOLD, _GO_ON, _VOID),
    Stage.LABELLED: (_VOID, _HOLD, _VOID, _HOLD, _HOLD, _HOLD, _GO_ON, _VOID),
}


class Ruling(NamedTuple):
    """What is done about HQ's word; with `ask`, the steps a person may choose from, the proposed one first."""

    take: Literal["silently", "later", "ask"]
    steps: tuple[Step, ...] = ()


def _ruled(steps: tuple[Step, ...], *, unsent: bool) -> Ruling:
    if steps:
        return Ruling("ask", steps)
    return Ruling("later" if unsent else "silently")


TABLE: Mapping[tuple[Stage, bool, HqDid], Ruling] = {
    (stage, unsent, did): _ruled(steps, unsent=unsent)
    for stage, row in _STEPS.items()
    for did, steps in zip(HqDid, row, strict=True)
    for unsent in (False, True)
}
"""(what is here, whether HQ was not told all of it yet, what HQ did) -> what is done. The whole rule."""


class LineHere(NamedTuple):
    """A task of a picklist, or a line of a fulfillment, as it stands here."""

    line_id: str
    item: str
    qty: Decimal
    done: Decimal
    """What hands here took for it; for an order that was picked elsewhere, what was picked."""
    touched: bool
    """Whether anything was done about it here."""
    planned: Decimal | None = None
    """Of a fulfillment's line: what the tasks here take for it, where there are any."""


class Raised(NamedTuple):
    """An exception that waits, or that a person has decided."""

    exception_id: str
    word: str
    stage: str
    did: str
    state: Literal["open", "held", "decided"]


class WorkHere(NamedTuple):
    """A picklist or fulfillment as it stands here, as far as HQ's word can concern it."""

    thing: WorkKind
    work_id: str
    lane: str
    called: str
    """The number that people call it by."""
    stage: Stage
    unsent: bool
    lines: tuple[LineHere, ...]
    on_a_list: bool = False
    """Of a fulfillment: whether a picklist here is not complete yet, which says what to pick for it."""
    picked_elsewhere: bool = False
    """Of a fulfillment: whether another station picked it, so that what it picked is what is packed here."""
    voided: bool = False
    """Of a fulfillment: whether a parcel was sealed here and taken apart, so that HQ's word of it is our own."""
    list_asks: bool = False
    """Of a fulfillment: whether a person has to decide about its picklist first."""
    confirmation_id: str | None = None
    party: tuple[str, str] | None = None
    """Name and address as they are kept; None where they are not."""
    raised: tuple[Raised, ...] = ()
    held: tuple[Held, ...] = ()
    """The goods that were picked for it and are in no sealed parcel."""

    @property
    def title(self) -> str:
        """What it is and what people call it."""
        return asking.title(self.thing, self.called)


class Review(NamedTuple):
    """What follows from HQ's word: the facts, and whether its address replaces the one that is kept."""

    facts: tuple[Fact, ...] = ()
    address: bool = False


_MAY_BE_QUIET = (Stage.NOT_BEGUN, Stage.PICKING, Stage.PICKED)
"""Before anything is in a package, a line may change without goods being in a wrong place."""


class _Change(NamedTuple):
    did: HqDid
    quiet: bool = False
    """Whether no goods are in a wrong place by it, so that it counts as not begun."""
    lines: tuple[AskedGoods, ...] = ()


def review(here: WorkHere, seen: SeeWork, address: tuple[str, str] | None) -> Review:
    """What follows from what HQ says of work that is here; `address` is HQ's, written as ours is kept."""
    change = _change(here, seen)
    moved = address is not None and here.party is not None and address != here.party
    if change is None and not moved:
        return Review(tuple(_settled(here, each) for each in here.raised))
    facts: tuple[Fact, ...] = ()
    if change is not None:
        facts = _follow(here, seen, change)
    if not moved or any(isinstance(fact, e.WorkWithdrawn) for fact in facts):
        return Review(facts)
    ruling = TABLE[here.stage, here.unsent, HqDid.ADDRESS_CHANGED]
    if ruling.take == "silently":
        return Review((*facts, _changed(here, seen, HqDid.ADDRESS_CHANGED)), address=True)
    if ruling.take == "ask" and change is None:
        return Review(_ask(here, seen, _Change(HqDid.ADDRESS_CHANGED), ruling))
    return Review(facts)


def word_of(seen: SeeWork, did: HqDid) -> str:
    """A digest of what HQ said. Of an address it says only that there is another one: it can be erased."""
    said = "" if did in WITHDRAWS or did is HqDid.ADDRESS_CHANGED else _wanted_text(seen)
    return hashlib.sha256(f"{did.value}\n{said}".encode()).hexdigest()[:16]


def wanted(seen: SeeWork) -> dict[str, Decimal]:
    """What HQ wants now, by task or line."""
    if seen.picklist is not None:
        return {task.task_id: task.qty for task in seen.picklist.tasks}
    if seen.fulfillment is not None:
        picked = seen.fulfillment.picked
        return {line.order_line_id: line.picked if picked else line.qty for line in seen.fulfillment.lines}
    return {}


def _change(here: WorkHere, seen: SeeWork) -> _Change | None:
    """The gravest thing HQ did."""
    match seen.state:
        case "packing" | "packed" if here.voided:
            return None
        case "cancelled":
            return _Change(HqDid.CANCELLED)
        case "given_away":
            return _Change(HqDid.GIVEN_AWAY)
        case "completed":
            return _Change(HqDid.COMPLETED_ELSEWHERE) if _is_anothers(here, seen.confirmation_id) else None
        case "packing":
            return _Change(HqDid.PACKED_ELSEWHERE) if here.stage in {Stage.NOT_BEGUN, Stage.PICKED} else None
        case "packed":
            open_here = here.stage not in {Stage.SEALED, Stage.LABELLED}
            return _Change(HqDid.PACKED_ELSEWHERE) if open_here else None
    return _changed_lines(here, seen)


def _is_anothers(here: WorkHere, confirmation_id: str | None) -> bool:
    """Whether a picklist that HQ calls complete was completed by somebody else, as far as HQ tells."""
    if here.confirmation_id is None:
        return True
    return confirmation_id is not None and confirmation_id != here.confirmation_id


def _changed_lines(here: WorkHere, seen: SeeWork) -> _Change | None:
    """What is to be picked for an order says its picklist, as long as that is not complete."""
    now = wanted(seen)
    if not now:
        return None
    changes = [_changed_line(here, line, now.get(line.line_id)) for line in here.lines]
    if now.keys() - {line.line_id for line in here.lines}:
        may_grow = here.stage in {Stage.NOT_BEGUN, Stage.PICKING}
        changes.append(_Change(HqDid.QTY_UP, quiet=may_grow, lines=(AskedGoods(),)))
    found = [change for change in changes if change is not None]
    loud = [change for change in found if not change.quiet]
    if not loud:
        return found[0] if found else None
    order = list(HqDid)
    gravest = min((change.did for change in loud), key=order.index)
    return _Change(gravest, lines=tuple(goods for change in loud if change.did is gravest for goods in change.lines))


def _changed_line(here: WorkHere, line: LineHere, want: Decimal | None) -> _Change | None:
    """What HQ did to one line; it wants none of it where it does not name it any more."""
    if want is None and here.unsent and line.line_id.startswith(ADDED):
        return None  # a task that we added: HQ hears of it only now
    wants = want or Decimal(0)
    if wants == line.qty and want is not None:
        return None
    was_short = here.stage is Stage.PICKED and line.done <= wants < line.qty
    as_planned = want is not None and want == line.planned
    quiet = here.stage in _MAY_BE_QUIET and (not line.touched or as_planned or was_short)
    if want is None:
        return _Change(HqDid.LINE_REMOVED, quiet, (_amount(line, line.done),))
    if want < line.qty:
        return _Change(HqDid.QTY_DOWN, quiet, (_amount(line, max(line.done - want, Decimal(0))),))
    return _Change(HqDid.QTY_UP, quiet, (_amount(line, want - line.qty),))


def _follow(here: WorkHere, seen: SeeWork, change: _Change) -> tuple[Fact, ...]:
    by_list = here.on_a_list and not change.quiet and change.did not in WITHDRAWS
    if here.list_asks or by_list:
        return ()
    ruling = TABLE[Stage.NOT_BEGUN if change.quiet else here.stage, here.unsent, change.did]
    if ruling.take == "later":
        return ()
    if ruling.take == "ask":
        return _ask(here, seen, change, ruling)
    if change.did in WITHDRAWS:
        fact = e.WorkWithdrawn(lane=here.lane, thing=here.thing, work_id=here.work_id, reason=change.did.value)
        return (*bringing_back.handed_over(here.held), fact)
    return (_changed(here, seen, change.did),)


def _ask(here: WorkHere, seen: SeeWork, change: _Change, ruling: Ruling) -> tuple[Fact, ...]:
    """A new exception; none when HQ said the same before and a person knows of it."""
    word = word_of(seen, change.did)
    if any(each.word == word and (each.state == "decided" or each.stage == here.stage) for each in here.raised):
        return ()
    name = hashlib.sha256(f"{here.thing}:{here.work_id}\n{here.stage.value}\n{word}".encode()).hexdigest()[:16]
    asked = _asking(here, change, ruling.steps[0])
    fact = e.ExceptionRaised(
        lane=here.lane,
        thing=here.thing,
        work_id=here.work_id,
        exception_id=f"ex_{name}",
        word=word,
        stage=here.stage.value,
        did=change.did.value,
        sentence=str(asking.sentence(asked)),
        asking=asked,
        proposed=ruling.steps[0].value,
        offered=tuple(step.value for step in ruling.steps),
        picklist=seen.picklist,
        fulfillment=seen.fulfillment,
    )
    return (fact,)


def _settled(here: WorkHere, raised: Raised) -> Fact:
    """HQ says again what is so here."""
    return e.ExceptionDecided(
        lane=here.lane,
        thing=here.thing,
        work_id=here.work_id,
        exception_id=raised.exception_id,
        choice=Step.CONTINUE.value,
        by="hq",
    )


def _changed(here: WorkHere, seen: SeeWork, did: HqDid) -> Fact:
    anew = {} if did is HqDid.ADDRESS_CHANGED else {"picklist": seen.picklist, "fulfillment": seen.fulfillment}
    return e.WorkChanged(lane=here.lane, thing=here.thing, work_id=here.work_id, what=did.value, **anew)


def _asking(here: WorkHere, change: _Change, step: Step) -> Asking:
    done = tuple(_amount(line, line.done) for line in here.lines if line.done > 0)
    goods = (change.lines or done) if here.stage is not Stage.NOT_BEGUN else ()
    return Asking(
        thing=here.thing,
        called=here.called,
        did=change.did.value,
        stage=here.stage.value,
        proposed=step.value,
        goods=goods[: asking.MOST_GOODS],
        more=max(len(goods) - asking.MOST_GOODS, 0),
    )


def _amount(line: LineHere, qty: Decimal) -> AskedGoods:
    return AskedGoods(item=line.item, qty=qty)


def _wanted_text(seen: SeeWork) -> str:
    return "\n".join(f"{line} {decimal_text(qty)}" for line, qty in sorted(wanted(seen).items()))
