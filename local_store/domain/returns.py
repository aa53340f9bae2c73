"""Goods that come back: announced, received, inspected, completed. Pure.

What came is kept as it came, also what nobody announced. What is inspected leaves the returns desk: to the dock, from
where it is put away, to repair, to quarantine, or it is scrapped. Nothing goes back to an earlier state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from local_store.domain import states
from local_store.domain.commands import (
    CompleteReturn,
    CreateReturn,
    GoodsLine,
    InspectReturn,
    ReceiveReturn,
    ShipBackReturn,
)
from local_store.domain.events import (
    Disposition,
    ExpectedBack,
    Fact,
    InspectedGoods,
    PlainLabelRequested,
    ReceivedLine,
    ReturnCompleted,
    ReturnCreated,
    ReturnInspected,
    ReturnReceived,
    ReturnShipBackAsked,
    ReturnSurplus,
    decimal_text,
)
from local_store.domain.floor import Decision
from local_store.domain.goods_lines import lines_of, units, wrong_lines
from local_store.domain.meaning import shown
from local_store.domain.people import By
from local_store.domain.site import Site
from local_store.domain.words import Answer, say, word

ZERO = Decimal(0)


class Return(StrEnum):
    """Where goods that come back are."""

    AWAITING = "awaiting_return"  # announced; nothing came
    RECEIVED = "received"  # some or all of it is here and waits for inspection
    INSPECTED = "inspected"  # everything that came has its disposition
    COMPLETED = "completed"  # nothing more happens


RETURN: Mapping[tuple[Return, str], Return] = {
    (Return.AWAITING, "receive"): Return.RECEIVED,
    (Return.RECEIVED, "receive"): Return.RECEIVED,  # a second parcel of the same return
    (Return.RECEIVED, "inspect"): Return.RECEIVED,  # something still waits
    (Return.RECEIVED, "inspect_last"): Return.INSPECTED,
    (Return.INSPECTED, "complete"): Return.COMPLETED,
}


class Line(NamedTuple):
    """What is expected under one line of a return, and what came of it here."""

    line_id: str
    sku: str
    expected: Decimal
    received: Decimal = ZERO


class Came(NamedTuple):
    """Units that came and wait for inspection."""

    line_id: str | None
    sku: str
    qty: Decimal
    lot_id: str | None = None
    serials: tuple[str, ...] = ()


class ReturnWork(NamedTuple):
    """A return as it stands here."""

    return_id: str
    number: str
    order_id: str | None
    status: Return
    lane: str | None = None
    lines: tuple[Line, ...] = ()
    waiting: tuple[Came, ...] = ()
    restocked: bool = False
    """Whether any of it was reshelved."""
    shipped_back: bool = False
    counting: str | None = None
    """The workplace where units of it are counted that are not recorded yet."""

    @property
    def title(self) -> str:
        """What people call it."""
        return shown(self.number)

    def wanted(self, sku: str) -> Decimal:
        """How many units of a product are still expected."""
        return sum((max(line.expected - line.received, ZERO) for line in self.lines if line.sku == sku), ZERO)


class Ordered(NamedTuple):
    """A line of the order that goods come back from, as far as it is known here."""

    order_line_id: str
    sku: str


class ForCreating(NamedTuple):
    """What a new return is checked against."""

    ordered: tuple[Ordered, ...]
    known: AbstractSet[str]
    """Those of the SKUs named that are products here."""
    same_number: str | None
    """The return that has this number already."""


class ForReceiving(NamedTuple):
    """A return, and which of the SKUs named are products here."""

    work: ReturnWork | None
    known: AbstractSet[str]


def create(site: Site, by: By, found: ForCreating, command: CreateReturn) -> Decision:
    """Announce a return; its number is on its label, and the same number twice is refused."""
    ident = f"return_{command.command_id.hex}"
    number = command.rma_reference or f"RMA-{command.command_id.hex[-12:].upper()}"
    if found.same_number is not None:
        return Decision(say("return.number_taken", number=shown(number)))
    lines = _expected(found, command)
    if isinstance(lines, Answer):
        return Decision(lines)
    warehouse = command.destination_warehouse_id or site.warehouse_id
    made = ReturnCreated(
        return_id=ident,
        order_id=command.order_id,
        rma_reference=number,
        reason=command.reason,
        expected_lines=lines,
        return_method=command.return_method,
        destination_warehouse_id=warehouse,
        metadata=command.metadata or None,
    )
    if command.return_method != "ship" or by.workplace is None:
        return Decision(say("return.created", id=shown(number), order=shown(command.order_id)), (made,))
    label = PlainLabelRequested(
        job_id=f"label_{command.command_id.hex}",
        workplace=by.workplace,
        template="return",
        values={"number": number, "order": command.order_id, "warehouse": warehouse},
    )
    return Decision(say("return.created_label", id=shown(number), order=shown(command.order_id)), (made, label))


def _expected(found: ForCreating, command: CreateReturn) -> tuple[ExpectedBack, ...] | Answer:
    ordered = {each.order_line_id: each.sku for each in found.ordered}
    lines: dict[str, ExpectedBack] = {}
    for line in command.expected_lines:
        sku = ordered.get(line.order_line_id, line.sku)
        if sku is None or line.sku not in {None, sku}:
            return say("return.no_line", line=shown(line.order_line_id), order=shown(command.order_id))
        if sku not in found.known:
            return say("goods.no_product", sku=shown(sku))
        if line.qty <= 0:
            return say("goods.none", qty=decimal_text(line.qty), sku=shown(sku))
        if line.order_line_id in lines:
            return say("return.line_twice", line=shown(line.order_line_id))
        lines[line.order_line_id] = ExpectedBack(order_line_id=line.order_line_id, sku=sku, qty=line.qty)
    return tuple(lines.values())


def receive(_site: Site, _by: By, found: ForReceiving, command: ReceiveReturn) -> Decision:
    """Goods of a return arrived. One that HQ never announced here is taken by its id alone."""
    refusal = _unknown(command.lines, found.known) or wrong_lines(command.lines)
    if refusal is not None:
        return Decision(refusal)
    ident = command.return_id
    work = found.work or ReturnWork(ident, ident, None, Return.AWAITING)
    if (work.status, "receive") not in RETURN:
        return Decision(say("return.through", id=work.title, status=word(work.status.value, "return")))
    receipt_id = f"receipt_{command.command_id.hex}"
    facts = received(work, lines_of(command.lines), receipt_id, trust=found.work is None)
    return Decision(say("return.received", units=units(command.lines), id=work.title), facts, work.lane)


def received(
    work: ReturnWork, lines: Iterable[ReceivedLine], receipt_id: str, *, trust: bool = False
) -> tuple[Fact, ...]:
    """The facts about goods that came: what stands under a line of the return, and what stands under none.

    `trust` takes the lines that are named as they are: of a return whose lines are not known here.
    """
    states.step(RETURN, work.status, "receive")
    known = {line.line_id for line in work.lines}
    of_lines: list[ReceivedLine] = []
    others: list[ReceivedLine] = []
    for line in lines:
        if line.line_id is not None and (trust or line.line_id in known):
            of_lines.append(line)
        elif line.line_id is None and any(each.sku == line.sku for each in work.lines):
            of_lines += _shared_out(work, line, of_lines)
        else:
            others.append(line.model_copy(update={"line_id": None}))
    facts: list[Fact] = []
    if of_lines:
        facts.append(ReturnReceived(return_id=work.return_id, lines=tuple(of_lines)))
    if others:
        facts.append(ReturnSurplus(return_id=work.return_id, receipt_id=receipt_id, lines=tuple(others)))
    return tuple(facts)


def _shared_out(work: ReturnWork, goods: ReceivedLine, before: Sequence[ReceivedLine]) -> list[ReceivedLine]:
    """Units of a product under the lines that expect it, in order; what is too many under the last of them."""
    matching = [line for line in work.lines if line.sku == goods.sku]
    left, serials, found = goods.qty, list(goods.serials), []
    for line in matching:
        here = line.received + sum((each.qty for each in before if each.line_id == line.line_id), ZERO)
        qty = left if line is matching[-1] else min(left, max(line.expected - here, ZERO))
        if qty > 0:
            whole = int(qty)
            told = {"line_id": line.line_id, "qty": qty, "serials": tuple(serials[:whole])}
            found.append(goods.model_copy(update=told))
            left, serials = left - qty, serials[whole:]
    return found


def inspect(_site: Site, _by: By, work: ReturnWork | None, command: InspectReturn) -> Decision:
    """Decide about all that waits, or about one line of it."""
    if work is None:
        return Decision(say("return.unknown", id=shown(command.return_id)))
    waiting = [each for each in work.waiting if command.line_id in {None, each.line_id}]
    if not waiting:
        return Decision(say("return.nothing_waits", id=work.title, status=word(work.status.value, "return")))
    total = sum((each.qty for each in waiting), ZERO)
    default = total if command.disposition == "reshelve" else ZERO
    restock = default if command.restockable_qty is None else command.restockable_qty
    refusal = _wrong_restock(work, waiting, restock, total, command)
    if refusal is not None:
        return Decision(refusal)
    last = len(waiting) == len(work.waiting)
    if last and work.counting is not None:
        return Decision(say("return.still_coming", id=work.title, workplace=work.counting))
    goods = disposed(waiting, command.disposition, restock, frozenset(command.serials))
    fact = ReturnInspected(
        return_id=work.return_id,
        disposition=command.disposition,
        restockable_qty=restock,
        notes=command.notes,
        line_id=command.line_id,
        goods=goods,
        photos=command.photos,
    )
    states.step(RETURN, work.status, "inspect_last" if last else "inspect")
    words = {"id": work.title, "disposition": command.disposition}
    return Decision(say("return.inspected", qty=decimal_text(restock), **words), (fact,), work.lane)


def _wrong_restock(
    work: ReturnWork, waiting: Sequence[Came], restock: Decimal, total: Decimal, command: InspectReturn
) -> Answer | None:
    """Never more can be sold again than came, and it must be clear which units."""
    if restock < 0 or restock > total:
        words = {"qty": decimal_text(restock), "total": decimal_text(total)}
        return say("return.more_than_came", id=work.title, **words)
    if restock in {ZERO, total}:
        return None
    if len({each.line_id for each in waiting}) > 1:
        return say("return.which_line", id=work.title)
    there = {serial for each in waiting for serial in each.serials}
    named = set(command.serials)
    if there and (not named <= there or len(named) != restock):
        return say("return.which_serials", id=work.title, qty=decimal_text(restock))
    return None


def disposed(
    waiting: Iterable[Came], disposition: Disposition, restock: Decimal, sellable: AbstractSet[str] = frozenset()
) -> tuple[InspectedGoods, ...]:
    """Where each unit goes: `restock` of them to a shelf, the `sellable` serial numbers first among them."""
    rest: Disposition = "quarantine" if disposition == "reshelve" else disposition
    found: list[InspectedGoods] = []
    for each in waiting:
        good = tuple(serial for serial in each.serials if serial in sellable)
        kept = min(restock, Decimal(len(good)) if sellable and each.serials else each.qty)
        if not sellable:
            good = each.serials[: int(kept)]
        bad = tuple(serial for serial in each.serials if serial not in good)
        of = {"line_id": each.line_id, "sku": each.sku, "lot_id": each.lot_id}
        if kept > 0:
            found.append(InspectedGoods(**of, qty=kept, serials=good, to="reshelve"))
        if each.qty > kept:
            found.append(InspectedGoods(**of, qty=each.qty - kept, serials=bad, to=rest))
        restock -= kept
    return tuple(found)


def complete(_site: Site, _by: By, work: ReturnWork | None, command: CompleteReturn) -> Decision:
    """Nothing more happens to it, once all that came has its disposition."""
    if work is None:
        return Decision(say("return.unknown", id=shown(command.return_id)))
    if (work.status, "complete") not in RETURN:
        return Decision(say("return.not_yet", id=work.title, status=word(work.status.value, "return")))
    fact = ReturnCompleted(return_id=work.return_id)
    return Decision(say("return.completed", id=work.title), (fact,), work.lane)


def ship_back(_site: Site, _by: By, work: ReturnWork | None, command: ShipBackReturn) -> Decision:
    """Ask HQ to make an order of what is on a shelf again; it comes back as work to pick and to pack."""
    if work is None:
        return Decision(say("return.unknown", id=shown(command.return_id)))
    if work.shipped_back:
        return Decision(say("return.ships_back", id=work.title))
    if not work.restocked:
        return Decision(say("return.nothing_to_ship", id=work.title))
    return Decision(
        say("return.ship_back", id=work.title), (ReturnShipBackAsked(return_id=work.return_id),), work.lane
    )


def _unknown(lines: tuple[GoodsLine, ...], known: AbstractSet[str]) -> Answer | None:
    unknown = next((line.sku for line in lines if line.sku not in known), None)
    return None if unknown is None else say("goods.no_product", sku=shown(unknown))
