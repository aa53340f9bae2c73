"""The workplaces where goods come back and are inspected: everything can be done with a scanner alone. Pure.

A return is opened by its number, its label, or its order; scanning it again closes what was counted. Where goods are
inspected, one of four codes on the wall says what becomes of the units that are scanned after it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple, cast, get_args

from local_store.domain import states, tally
from local_store.domain.commands import Complete, FloorCommand, OpenWork, Scan, Undo
from local_store.domain.events import (
    Disposition,
    Fact,
    InspectedGoods,
    ReceivedLine,
    ReturnInspected,
    TallyClosed,
    TallyCounted,
    TallyMoved,
    decimal_text,
)
from local_store.domain.floor import Decision, Floor
from local_store.domain.meaning import shown
from local_store.domain.returns import RETURN, ZERO, Came, Return, ReturnWork, received
from local_store.domain.site import Site, Worker
from local_store.domain.stock import RETURNS
from local_store.domain.tally import Counted, InHand, Tally
from local_store.domain.words import Answer, listed, say, word

DISPOSITIONS: tuple[Disposition, ...] = get_args(Disposition)


class ReturnDesk(NamedTuple):
    """What such a workplace is shown of the store."""

    desk: tally.Desk
    open: ReturnWork | None = None
    """The return of the open tally."""
    named: tuple[ReturnWork, ...] = ()
    """The returns that a scan or an open names; several where an order has several."""
    open_tally: str | None = None
    """A tally of the named return that somebody left."""
    serial_at: Callable[[str, str], str | None] = lambda _sku, _serial: None
    """The account in which the unit (SKU, serial number) is; None for one that nobody saw."""


def at_return(site: Site, floor: Floor, worker: Worker, command: FloorCommand) -> Decision:
    """An act at a workplace where goods come back."""
    here: ReturnDesk = floor.desk
    opened = _open(site, floor, worker, command, "receive")
    if opened is not None:
        return opened
    work, counted = here.open, here.desk.tally
    if work is None or counted is None:
        return Decision(say("tally.none"))
    through = _through(work, counted, command, "receive")
    if through is not None:
        return through
    if isinstance(command, Complete) or here.named:
        return _received(work, counted, command)
    return _with_a_word(work, counted, tally.act(here.desk, command, lambda _tally, hand: _is_back(here, hand)))


def at_inspection(site: Site, floor: Floor, worker: Worker, command: FloorCommand) -> Decision:
    """An act at a workplace where goods that came back are inspected."""
    here: ReturnDesk = floor.desk
    opened = _open(site, floor, worker, command, "inspect")
    if opened is not None:
        return opened
    work, counted = here.open, here.desk.tally
    if work is None or counted is None:
        return Decision(say("tally.none"))
    if isinstance(command, Scan) and command.code.strip().lower() in DISPOSITIONS:
        to = command.code.strip().lower()
        return Decision(
            say("return.to", disposition=word(to)), (TallyMoved(tally_id=counted.tally_id, location_id=to),)
        )
    if isinstance(command, Complete) or here.named:
        return _through(work, counted, command, "inspect") or _inspected(work, counted)
    if isinstance(command, Scan) and here.desk.item is None and floor.meanings:
        meaning = floor.meanings[0]
        return Decision(say("tally.not_for", code=shown(command.code), thing=meaning.named))
    return tally.act(here.desk, command, lambda _tally, hand: _not_to_inspect(work, counted, hand), _wants_serial)


def _open(site: Site, floor: Floor, worker: Worker, command: FloorCommand, what: str) -> Decision | None:
    """Open the return that is named; None where the command is about the one that is open."""
    here: ReturnDesk = floor.desk
    if here.desk.tally is not None:
        same = any(each.return_id == here.desk.tally.about for each in here.named)
        if same and isinstance(command, OpenWork):
            return Decision(say("return.already", id=here.open.title if here.open else here.desk.tally.about))
        if same or not here.named:
            return None
        open_now = here.open.title if here.open else here.desk.tally.about
        return Decision(say("return.other_open", open=open_now, id=here.named[0].title))
    if not isinstance(command, Scan | OpenWork):
        return None
    asked = shown(command.code if isinstance(command, Scan) else command.id)
    if not here.named:
        return Decision(say("return.not_known", code=asked))
    if len(here.named) > 1:
        return Decision(say("return.several", order=asked, ids=listed([each.title for each in here.named])))
    return _opened(site, floor, worker, command, what)


def _opened(site: Site, floor: Floor, worker: Worker, command: FloorCommand, what: str) -> Decision:
    here: ReturnDesk = floor.desk
    work, workplace = here.named[0], floor.place.workplace
    if (work.status, what) not in RETURN:
        words = {"id": work.title, "status": word(work.status.value, "return")}
        return Decision(say("return.nothing_came" if work.status is Return.AWAITING else "return.through", **words))
    if not site.accepts_new_work:
        return Decision(say("work.no_room", work=work.title))
    tally_id = here.open_tally or f"tally_{command.command_id.hex}"
    kind = "return" if what == "receive" else "inspect"
    fact = tally.opened(kind, work.return_id, workplace, worker.worker_id, tally_id)
    if what == "receive":
        return Decision(say("return.opened", id=work.title, lines=len(work.lines)), (fact,), work.lane)
    waiting = decimal_text(sum((each.qty for each in work.waiting), ZERO))
    return Decision(say("return.inspect", id=work.title, units=waiting), (fact,), work.lane)


def _through(work: ReturnWork, counted: Tally, command: FloorCommand, what: str) -> Decision | None:
    """Somebody else was faster: nothing more of this return can be done here. None where it can.

    What was counted can be taken back, and when nothing is left the tally is closed.
    """
    if (work.status, what) in RETURN or isinstance(command, Undo):
        return None
    words = {"id": work.title, "status": word(work.status.value, "return")}
    if counted.counts:
        return Decision(say("return.through", **words))
    closed = TallyClosed(tally_id=counted.tally_id, discarded=True, reason="it was dealt with elsewhere")
    return Decision(say("return.left", **words), (closed,))


def _is_back(here: ReturnDesk, hand: InHand) -> Answer | None:
    """What came back is here, whatever it is; but the same unit is not here twice."""
    if hand.serial is None:
        return None
    if here.serial_at(hand.item.sku, hand.serial) == RETURNS:
        return say("return.serial_back", serial=shown(hand.serial), item=hand.item.title)
    return tally.counted_elsewhere(here.desk, hand.item, hand.serial)


def _with_a_word(work: ReturnWork, counted: Tally, decision: Decision) -> Decision:
    """Say so where a unit was not expected; it is kept all the same."""
    fact = next((each for each in decision.facts if isinstance(each, TallyCounted)), None)
    if fact is None or counted.total(fact.sku) + fact.qty <= work.wanted(fact.sku):
        return decision
    return decision._replace(answer=say("return.unexpected", sku=fact.sku, id=work.title))


def _received(work: ReturnWork, counted: Tally, command: FloorCommand) -> Decision:
    if not counted.counts:
        return Decision(say("return.nothing_counted", id=work.title))
    facts = received(work, _lines(counted.counts), f"receipt_{command.command_id.hex}")
    number = decimal_text(sum((each.qty for each in counted.counts), ZERO))
    closed = TallyClosed(tally_id=counted.tally_id)
    return Decision(say("return.received", units=number, id=work.title), (*facts, closed), work.lane)


def _lines(counts: Sequence[Counted]) -> list[ReceivedLine]:
    """One line for all counts that are alike."""
    found: dict[tuple[object, ...], ReceivedLine] = {}
    for each in counts:
        key = (each.item.sku, each.condition, each.lot_id, each.expires_on)
        before = found.get(key)
        found[key] = ReceivedLine(
            sku=each.item.sku,
            qty=each.qty + (before.qty if before else ZERO),
            condition=each.condition,
            lot_id=each.lot_id,
            expires_on=each.expires_on,
            serials=(before.serials if before else ()) + each.serials,
        )
    return list(found.values())


def _wants_serial(hand: InHand) -> str | None:
    """Which unit it is must be known where units are told apart; the rest is known since it came."""
    return "serial" if hand.item.serial_required and hand.serial is None else None


def _not_to_inspect(work: ReturnWork, counted: Tally, hand: InHand) -> Answer | None:
    """A unit is inspected once, and only one that came."""
    if counted.location_id not in DISPOSITIONS:
        return say("return.disposition_first", choices=listed(DISPOSITIONS))
    came = sum((each.qty for each in work.waiting if each.sku == hand.item.sku), ZERO)
    words = {"item": hand.item.title, "id": work.title}
    if counted.total(hand.item.sku) + hand.qty > came:
        return say("return.not_waiting", qty=decimal_text(came), **words)
    known = {serial for each in work.waiting if each.sku == hand.item.sku for serial in each.serials}
    if known and hand.serial is not None and hand.serial not in known:
        return say("return.other_serial", serial=shown(hand.serial), **words)
    return None


def _inspected(work: ReturnWork, counted: Tally) -> Decision:
    """One fact for each disposition of each line."""
    if not counted.counts:
        return Decision(say("return.nothing_counted", id=work.title))
    goods, left = _taken(work.waiting, counted.counts)
    refusal = _gone(work, counted.counts, goods, left)
    if refusal is not None:
        return Decision(refusal)
    by_decision: dict[tuple[str | None, Disposition], list[InspectedGoods]] = {}
    for each in goods:
        by_decision.setdefault((each.line_id, each.to), []).append(each)
    facts: list[Fact] = []
    for (line_id, to), units in by_decision.items():
        number = sum((each.qty for each in units), ZERO)
        restock = number if to == "reshelve" else ZERO
        of = {"return_id": work.return_id, "line_id": line_id, "goods": tuple(units)}
        facts.append(ReturnInspected(disposition=to, restockable_qty=restock, **of))
    states.step(RETURN, work.status, "inspect" if left else "inspect_last")
    facts.append(TallyClosed(tally_id=counted.tally_id))
    words = {"id": work.title, "left": decimal_text(left)}
    return Decision(
        say("return.some_inspected" if left else "return.all_inspected", **words), tuple(facts), work.lane
    )


def _gone(
    work: ReturnWork, counts: Sequence[Counted], goods: Sequence[InspectedGoods], left: Decimal
) -> Answer | None:
    """Why these units cannot be inspected after all: others were faster, or more is on its way."""
    for each in counts:
        sku = each.item.sku
        counted = sum((count.qty for count in counts if count.item.sku == sku), ZERO)
        found = sum((unit.qty for unit in goods if unit.sku == sku), ZERO)
        if found < counted:
            return say("return.not_waiting", qty=decimal_text(found), item=each.item.title, id=work.title)
    if not left and work.counting is not None:
        return say("return.still_coming", id=work.title, workplace=work.counting)
    return None


def _taken(waiting: Sequence[Came], counts: Sequence[Counted]) -> tuple[list[InspectedGoods], Decimal]:
    """The units that were scanned, taken from what came; and how many units still wait."""
    left = list(waiting)
    found: list[InspectedGoods] = []
    for count in counts:
        qty, to = count.qty, cast("Disposition", count.location_id)
        for place, came in enumerate(left):
            if came.sku != count.item.sku or came.qty <= 0 or qty <= 0:
                continue
            if count.serials and came.serials and not set(count.serials) & set(came.serials):
                continue
            taken = min(qty, came.qty)
            serials = count.serials or came.serials[: int(taken)]
            of = {"line_id": came.line_id, "sku": came.sku, "lot_id": came.lot_id}
            found.append(InspectedGoods(**of, qty=taken, serials=serials, to=to))
            rest = tuple(serial for serial in came.serials if serial not in serials)
            left[place], qty = came._replace(qty=came.qty - taken, serials=rest), qty - taken
    return _joined(found), sum((each.qty for each in left), ZERO)


def _joined(goods: Sequence[InspectedGoods]) -> list[InspectedGoods]:
    found: dict[tuple[object, ...], InspectedGoods] = {}
    for each in goods:
        key = (each.line_id, each.sku, each.lot_id, each.to)
        before = found.get(key)
        if before is not None:
            told = {"qty": before.qty + each.qty, "serials": before.serials + each.serials}
            found[key] = before.model_copy(update=told)
        else:
            found[key] = each
    return list(found.values())
