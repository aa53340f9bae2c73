"""Lots, expiry dates and serial numbers of what is picked: asked for, checked, and kept beside the count. Pure.

One scan may say all of it at once (GS1); what a unit still lacks is asked for, and it counts when nothing is missing.
What was said of a lot holds for the next units of the line, until the picker goes on with something else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from local_store.domain import stock
from local_store.domain.codes import Meaning
from local_store.domain.commands import KeyQuantity, KeySerials, Scan, SetValue
from local_store.domain.events import (
    Fact,
    LotChoice,
    LotConsumed,
    PickCounted,
    PickInHand,
    PickSetDown,
    PickTraced,
    SerialsAssigned,
)
from local_store.domain.floor import Decision, Floor
from local_store.domain.keying import new_pieces
from local_store.domain.meaning import shown
from local_store.domain.pick_work import PickHand, PickTrace, PickWork, Task, Tracing
from local_store.domain.states import PickTask
from local_store.domain.taking import take
from local_store.domain.tally import day_of
from local_store.domain.words import Answer, phrase, say, word

ONE = Decimal(1)
LONGEST = 100
"""Characters of a lot or a serial number: GS1 allows twenty."""
MOST_SERIALS = 500
"""Serial numbers in one fact for HQ, which takes a thousand."""
_WANTS = {"lot": "pick.wants_lot", "expiry": "pick.wants_expiry", "serial": "pick.wants_serial"}


def scan(floor: Floor, work: PickWork, command: Scan) -> Decision | None:
    """What a code says of lots and serial numbers; None where it is an ordinary scan."""
    desk = floor.tracing
    if desk is None:
        return None
    products = {meaning.id: meaning for meaning in floor.meanings if meaning.thing == "product"}
    if products:
        task = line_for(work, products, desk)
        if task is None or not (task.traced or _says_more(desk)):
            return None
        hand, serials = _read(work, task, products[task.sku], desk)
        return _take(desk, work, task, hand, serials, str(command.command_id))
    hand_now = work.in_hand
    if hand_now is None or any(meaning.thing in {"location", "picklist"} for meaning in floor.meanings):
        return None
    missing = wanting(work.task(hand_now.task_id), hand_now, ())
    if missing is None:
        return None
    said = desk.said
    told = {"lot": said.lot, "serial": said.serial, "expiry": said.expiry} if said else {}
    return _say(desk, work, missing, str(told.get(missing) or command.code).strip(), str(command.command_id))


def set_value(floor: Floor, work: PickWork, command: SetValue) -> Decision:
    """The worker keyed a lot, an expiry date or a serial number of the item in hand."""
    if work.in_hand is None or floor.tracing is None:
        return Decision(say("pick.item_first"))
    return _say(floor.tracing, work, command.name, command.value, str(command.command_id))


def key_serials(floor: Floor, work: PickWork, command: KeySerials) -> Decision:
    """Many serial numbers in a row, each of one unit of the item in hand or of the current line."""
    task = work.task(work.in_hand.task_id) if work.in_hand else work.current
    if task is None:
        return Decision(say("pick.nothing_left", picklist=work.picklist_id))
    if work.location_id != task.location_id or floor.tracing is None:
        return Decision(say("pick.scan_location", wanted=task.location_id))
    hand = (work.in_hand or PickHand(task.task_id, ONE))._replace(qty=Decimal(len(command.serials)))
    return _take(floor.tracing, work, task, hand, command.serials, str(command.command_id))


def key_quantity(floor: Floor, work: PickWork, command: KeyQuantity) -> Decision | None:
    """More units of the lot in hand; None where the line only counts."""
    hand, current = work.in_hand, work.current
    if current is None or floor.tracing is None or not (hand or current.traced):
        return None
    if hand is None or hand.task_id != current.task_id:
        return Decision(say("quantity.scan_first", item=current.item))
    if wanting(current, hand, ()) == "serial":
        return Decision(say("pick.serials_only", item=current.item))
    pieces = new_pieces(command.quantity, current.picked, current.qty, current.item)
    if isinstance(pieces, Answer):
        return Decision(pieces)
    return _take(floor.tracing, work, current, hand._replace(qty=pieces), (), str(command.command_id))


def line_for(work: PickWork, products: dict[str, Meaning], desk: Tracing) -> Task | None:
    """The line at this location that a scanned product is for: that of its lot, else the current one."""
    here = [task for task in work.tasks if task.waits and task.sku in products]
    here = [task for task in here if task.location_id == work.location_id]
    lot = desk.said.lot if desk.said else None
    of_lot = [task for task in here if lot and task.traced and task.traced.lot_id == lot]
    current = [task for task in here if task is work.current]
    return next(iter(of_lot or current or here), None)


def wanting(task: Task, hand: PickHand, serials: tuple[str, ...]) -> str | None:
    """What is still to be said of the item in hand before it counts: `lot`, `expiry`, `serial`."""
    traced = task.traced
    if traced is None:
        return None
    if traced.lot_id is not None and hand.lot_id is None:
        return "lot"
    if traced.expiry_required and hand.expires_on is None:
        return "expiry"
    return "serial" if traced.serial_required and not serials else None


def final(work: PickWork, traces: Iterable[PickTrace]) -> tuple[Fact, ...]:
    """What HQ is told of lots and serial numbers once a list is through: what was taken back never happened."""
    serials: dict[tuple[str, str, str], list[str]] = {}
    lots: dict[tuple[str, str, str, str], tuple[Decimal, str | None]] = {}
    for trace in traces:
        task = work.task(trace.task_id)
        line = (task.fulfillment_id, task.order_line_id, task.sku)
        if trace.serials:
            serials.setdefault(line, []).extend(trace.serials)
        if trace.lot_id:
            before, _ = lots.get((*line, trace.lot_id), (Decimal(0), None))
            lots[(*line, trace.lot_id)] = (before + trace.qty, trace.expires_on)
    facts: list[Fact] = []
    for line, found in serials.items():
        of = {"fulfillment_id": line[0], "order_line_id": line[1], "sku": line[2]}
        for start in range(0, len(found), MOST_SERIALS):
            part = tuple(found[start : start + MOST_SERIALS])
            facts.append(SerialsAssigned(picklist_id=work.picklist_id, serials=part, **of))
    for (*order_line, lot_id), (qty, expires_on) in lots.items():
        fulfillment_id, line_id, sku = order_line
        of = {"fulfillment_id": fulfillment_id, "order_line_id": line_id, "sku": sku}
        facts.append(LotConsumed(picklist_id=work.picklist_id, lot_id=lot_id, expires_on=expires_on, qty=qty, **of))
    return tuple(facts)


def wrong_serials(
    desk: Tracing, picklist_id: str, location_id: str, item: str, serials: tuple[str, ...]
) -> Answer | None:
    """Why these units cannot be taken from here; None when they can be, as far as this station knows."""
    within_reach = {None, stock.shelf(location_id), stock.DOCK}
    for place, serial in enumerate(serials):
        at = desk.serials.get(serial)
        if serial in serials[:place] or at == stock.picked(picklist_id):
            return say("pick.serial_twice", serial=shown(serial), item=item)
        if at not in within_reach:
            return say("pick.serial_elsewhere", serial=shown(serial), item=item, where=in_words(at or ""))
    return None


def in_words(account: str) -> str:
    """Where goods of an account of the ledger are, as a sentence says it."""
    what, _, which = account.partition(":")
    words = {
        "location": phrase("at {which}", which=shown(which)),
        "picked": phrase("picked for {which}", which=shown(which)),
        "package": phrase("in parcel {which}", which=shown(which)),
        stock.DOCK: phrase("on the dock"),
        stock.CUSTOMER: phrase("with a customer"),
        stock.RETURNS: phrase("among the returns"),
        stock.DAMAGED: phrase("set aside as damaged"),
    }
    return words.get(what, phrase("out of this warehouse"))


def _says_more(desk: Tracing) -> bool:
    said = desk.said
    return said is not None and bool(said.lot or said.serial or said.expiry)


def _read(work: PickWork, task: Task, meaning: Meaning, desk: Tracing) -> tuple[PickHand, tuple[str, ...]]:
    """A product that was scanned with all that its code says; the lot that was in hand holds where it says none."""
    before, said = work.in_hand, desk.said
    hand = PickHand(task.task_id, Decimal(meaning.multiplier))
    if before is not None and before.task_id == task.task_id:
        hand = before._replace(qty=hand.qty)
    if said is None:
        return hand, ()
    if said.lot is not None and said.lot != hand.lot_id:
        hand = PickHand(task.task_id, hand.qty, lot_id=said.lot)
    if said.expiry is not None:
        hand = hand._replace(expires_on=said.expiry.isoformat())
    return hand, (said.serial,) if said.serial else ()


def _say(desk: Tracing, work: PickWork, name: str, value: str, count_id: str) -> Decision:
    """One thing more is known of the item in hand."""
    hand, serials = work.in_hand, ()
    assert hand is not None
    task, text = work.task(hand.task_id), value.strip()
    day = day_of(text) if name == "expiry" else None
    if not text or len(text) > LONGEST or name not in _WANTS or (name == "expiry" and day is None):
        return Decision(
            say(
                "pick.no_value", value=shown(text), name=word(name) if name in _WANTS else shown(name), item=task.item
            )
        )
    if name == "serial":
        return _take(desk, work, task, hand._replace(qty=ONE), (text,), count_id)
    if name == "expiry":
        hand = hand._replace(expires_on=day)
    elif text != hand.lot_id:
        hand = PickHand(hand.task_id, hand.qty, lot_id=text)
    return _take(desk, work, task, hand, serials, count_id)


def _take(
    desk: Tracing, work: PickWork, task: Task, hand: PickHand, serials: tuple[str, ...], count_id: str
) -> Decision:
    """Count what is in hand, or ask for what it lacks."""
    if hand.expires_on is None and hand.lot_id is not None:
        hand = hand._replace(expires_on=desk.expiry.get(hand.lot_id))
    refusal = _wrong(desk, work, task, hand, serials)
    if refusal is not None:
        return Decision(refusal)
    missing = wanting(task, hand, serials)
    if missing is not None:
        return Decision(say(_WANTS[missing], item=task.item), _held(work, hand), work.lane)
    question = _question(desk, task, hand)
    if question is not None and hand.choice != question[0]:
        return Decision(question[1], _held(work, hand._replace(choice=question[0])), work.lane)
    decision = take(work, task, hand.qty, count_id)
    if not decision.facts:
        return decision
    (counted,) = decision.facts
    assert isinstance(counted, PickCounted)
    beside: tuple[Fact, ...] = (_traced(task, counted, hand, serials),)
    if counted.status != PickTask.DONE:
        beside += _held(work, hand)
    elif work.in_hand is not None:
        beside += (PickSetDown(picklist_id=work.picklist_id),)
    return Decision(_with_first(desk, work, task, hand, decision.answer), (counted, *beside), decision.source)


def _with_first(desk: Tracing, work: PickWork, task: Task, hand: PickHand, answer: Answer) -> Answer:
    """What is told, and once for each lot where another shelf has one that expires first; that is no refusal."""
    first, planned = desk.elsewhere, task.traced.lot_id if task.traced else None
    if first is None or planned is not None or hand.expires_on is None or first.expires_on >= hand.expires_on:
        return answer
    before = next((each for each in (work.in_hand,) if each and each.task_id == task.task_id), None)
    if before is not None and (before.lot_id, before.expires_on) == (hand.lot_id, hand.expires_on) and task.picked:
        return answer
    told = {"lot": shown(first.lot_id), "location": shown(first.location_id), "expires": first.expires_on}
    return replace(say("pick.earlier_elsewhere", sentence=answer, **told), tone=answer.tone)


def _wrong(desk: Tracing, work: PickWork, task: Task, hand: PickHand, serials: tuple[str, ...]) -> Answer | None:
    if hand.expires_on is not None and hand.expires_on < desk.today:
        lot = phrase("lot {lot}", lot=shown(hand.lot_id)) if hand.lot_id else phrase("this one")
        return say("pick.expired", item=task.item, lot=lot, expires=hand.expires_on)
    if not serials:
        return None
    if hand.qty != len(serials):
        return say("pick.serial_of_many", serial=shown(serials[0]), item=task.item)
    return wrong_serials(desk, work.picklist_id, task.location_id, task.item, serials)


def _question(desk: Tracing, task: Task, hand: PickHand) -> tuple[LotChoice, Answer] | None:
    """What the picker must mean by taking this lot: not that which was planned, or which expires first."""
    planned = task.traced.lot_id if task.traced else None
    got = shown(hand.lot_id) if hand.lot_id else phrase("expires {day}", day=hand.expires_on)
    if planned is not None:
        answer = say("pick.other_lot", wanted=shown(planned), item=task.item, got=got)
        return None if hand.lot_id == planned else ("other_lot", answer)
    if hand.expires_on is None:
        return None
    earlier = [
        (lot.expires_on, lot.lot_id)
        for lot in desk.here
        if lot.expires_on is not None and desk.today <= lot.expires_on < hand.expires_on
    ]
    if not earlier:
        return None
    expires, first = min(earlier)
    return "later_lot", say("pick.earlier_lot", item=task.item, lot=shown(first), expires=expires, got=got)


def _held(work: PickWork, hand: PickHand) -> tuple[Fact, ...]:
    """The item in hand; nothing where it is so already."""
    return () if hand == work.in_hand else (PickInHand(picklist_id=work.picklist_id, **hand._asdict()),)


def _traced(task: Task, counted: PickCounted, hand: PickHand, serials: tuple[str, ...]) -> PickTraced:
    return PickTraced(
        picklist_id=counted.picklist_id,
        task_id=task.task_id,
        count_id=counted.count_id,
        location_id=task.location_id,
        sku=task.sku,
        qty=counted.qty,
        lot_id=hand.lot_id or "",
        expires_on=hand.expires_on,
        serials=serials,
        choice=hand.choice,
    )
