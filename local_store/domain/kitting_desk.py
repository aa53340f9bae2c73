"""The workplace where kits are built. Pure.

A work order is opened by its number; components are scanned, with the location they come from where one was scanned
before. Finished kits may be scanned too: then so many are built, at the location scanned before them, with their
serial numbers. The number once more builds. What is missing is said at all levels; `short` builds what can be built.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from local_store.domain import stock, tally, tracing
from local_store.domain.commands import Complete, FloorCommand, MarkShort, OpenWork, Scan
from local_store.domain.events import (
    Fact,
    KitBuilt,
    KitComponent,
    KitShort,
    MissingPart,
    PlainLabelRequested,
    TallyClosed,
    decimal_text,
)
from local_store.domain.floor import Decision, Floor
from local_store.domain.kits_asked import of_itself
from local_store.domain.kitting import NO_BILLS, ZERO, Bills, Piece, Plan, cycle, most, needs, plan
from local_store.domain.meaning import shown
from local_store.domain.site import Site, Worker
from local_store.domain.tally import InHand, Item, Tally
from local_store.domain.words import Answer, listed, phrase, say

MOST_LABELS = 50
"""Kits of one act that get a label by themselves."""
LONGEST_ON_LABEL = 20
"""Products a sentence names."""


class Order(NamedTuple):
    """A work order as it stands."""

    work_order_id: str
    number: str
    sku: str
    qty: Decimal
    built: Decimal = ZERO
    lane: str | None = None
    open: bool = True

    @property
    def left(self) -> Decimal:
        """How many kits are still to be built."""
        return max(self.qty - self.built, ZERO)

    @property
    def title(self) -> str:
        """What people call it."""
        return shown(self.number)


class KitDesk(NamedTuple):
    """What such a workplace is shown of the store."""

    desk: tally.Desk
    open: Order | None = None
    kit: Item | None = None
    """What the open order, or the one that is named, builds."""
    bills: Bills = NO_BILLS
    """Of that kit and of every part that is one itself."""
    named: Order | None = None
    open_tally: str | None = None
    held: Answer | None = None
    """Why what was scanned must not be taken: it is on hold."""
    serial_at: Callable[[str, str], str | None] = lambda _sku, _serial: None
    """The account in which the unit (SKU, serial number) is; None for one that nobody saw."""


def at_kits(site: Site, floor: Floor, worker: Worker, command: FloorCommand) -> Decision:
    """An act at a workplace where kits are built."""
    here: KitDesk = floor.desk
    counted, order = here.desk.tally, here.open
    if counted is None or order is None:
        return _open(site, floor, worker, command)
    way = cycle(here.bills, order.sku)
    if way is not None:  # it was changed since
        return Decision(of_itself(way))
    if here.named is not None and here.named.work_order_id != order.work_order_id:
        return Decision(say("kit.other_open", open=order.title, id=here.named.title))
    if isinstance(command, OpenWork):
        return Decision(say("kit.already", id=order.title))
    if isinstance(command, MarkShort | Complete) or here.named is not None:
        if (left := _unit_left(here, order, counted)) is not None:
            return Decision(left)
        built = _short(here, order, counted, command) if isinstance(command, MarkShort) else None
        return built or _complete(here, order, counted, command)
    if here.held is not None:
        return Decision(here.held)
    decision = tally.act(here.desk, command, lambda _tally, hand: _not_for(here, order, counted, hand))
    return _with_what_is_there(here, order, counted, decision)


def _open(site: Site, floor: Floor, worker: Worker, command: FloorCommand) -> Decision:
    here: KitDesk = floor.desk
    if not isinstance(command, Scan | OpenWork):
        return Decision(say("tally.none"))
    asked, order = command.code if isinstance(command, Scan) else command.id, here.named
    if order is None:
        return Decision(say("kit.unknown", code=shown(asked)))
    if order.left == 0 or not order.open:
        return Decision(say("kit.through", id=order.title, built=decimal_text(order.built)))
    if not here.bills.get(order.sku):
        return Decision(say("kit.no_bill", id=order.title, sku=shown(order.sku)))
    way = cycle(here.bills, order.sku)
    if way is not None:
        return Decision(of_itself(way))
    if not site.accepts_new_work:
        return Decision(say("work.no_room", work=order.title))
    tally_id = here.open_tally or f"tally_{command.command_id.hex}"
    fact = tally.opened("kit", order.work_order_id, floor.place.workplace, worker.worker_id, tally_id)
    words = {"sku": shown(order.sku), "qty": decimal_text(order.left)}
    parts = _listed({need.sku: need.qty for need in needs(here.bills, order.sku, order.left) if not need.is_kit})
    return Decision(say("kit.opened", id=order.title, parts=parts, **words), (fact,), order.lane)


def _not_for(here: KitDesk, order: Order, counted: Tally, hand: InHand) -> Answer | None:
    """Only what goes into the kit at some level, and the kit itself, and no more of it than could be used."""
    sku, total = hand.item.sku, counted.total(hand.item.sku) + hand.qty
    at = counted.location_id
    refusal = _unit_elsewhere(here, order, hand.item, hand.serial, at) if hand.serial else None
    if refusal or (hand.serial and (refusal := tally.counted_elsewhere(here.desk, hand.item, hand.serial))):
        return refusal
    words = {"item": hand.item.title, "id": order.title}
    if sku == order.sku:
        other = next((each for each in counted.counts if each.item.sku == sku), None)
        if other is not None and other.location_id != counted.location_id:
            at = shown(other.location_id) if other.location_id else phrase("the dock")
            return say("kit.one_place", location=at, **words)
        return say("kit.too_many", qty=decimal_text(order.left), **words) if total > order.left else None
    need = next((each for each in needs(here.bills, order.sku, order.left) if each.sku == sku), None)
    if need is None:
        return say("kit.not_part", **words)
    return say("kit.too_many", qty=decimal_text(need.qty), **words) if total > need.qty else None


def _unit_elsewhere(here: KitDesk, order: Order, item: Item, serial: str, location_id: str | None) -> Answer | None:
    """Why this unit cannot be a component from here, or a kit that is new; None where it can."""
    at = here.serial_at(item.sku, serial)
    if at is None or at in ({stock.BUILT} if item.sku == order.sku else {stock.DOCK, stock.at(location_id)}):
        return None
    return say("kit.unit_elsewhere", item=item.title, serial=shown(serial), where=tracing.in_words(at))


def _unit_left(here: KitDesk, order: Order, counted: Tally) -> Answer | None:
    """A unit that was counted and is gone since: somebody else has it."""
    units = ((each.item, serial, each.location_id) for each in counted.counts for serial in each.serials)
    return next(filter(None, (_unit_elsewhere(here, order, *unit) for unit in units)), None)


def _with_what_is_there(here: KitDesk, order: Order, counted: Tally, decision: Decision) -> Decision:
    """Say so once everything is there."""
    new = [each for each in decision.facts if each.kind == "tally.counted"]
    if not new or _kits(counted, order):
        return decision
    facts = {name: getattr(new[0], name) for name in ("sku", "qty", "lot_id", "serials", "location_id")}
    pieces = [*_pieces(counted, order), Piece(**facts)]
    if most(here.bills, order.sku, order.left, pieces) < order.left:
        return decision
    return decision._replace(answer=say("kit.all_there", qty=decimal_text(order.left), id=order.title))


def _complete(here: KitDesk, order: Order, counted: Tally, command: FloorCommand) -> Decision:
    kits, pieces = _kits(counted, order), _pieces(counted, order)
    if not counted.counts:
        return Decision(say("kit.nothing_counted", id=order.title))
    if not kits and here.kit is not None and here.kit.serial_required:
        return Decision(say("kit.scan_kits", item=here.kit.title))
    wanted = kits or order.left
    found = plan(here.bills, order.sku, wanted, pieces)
    if found.missing:
        words = {"qty": decimal_text(wanted), "sku": shown(order.sku), "missing": _listed(found.missing)}
        return Decision(say("kit.missing", **words))
    facts = (*_built(order, counted, found, command), *_labels(here, order, counted, wanted, command))
    closed = TallyClosed(tally_id=counted.tally_id)
    return Decision(_built_answer(order, wanted, found), (*facts, closed), order.lane)


def _short(here: KitDesk, order: Order, counted: Tally, command: MarkShort) -> Decision:
    """Build what can be built; what is missing for the others is told, and they stay to be built."""
    pieces = _pieces(counted, order)
    kits = _kits(counted, order)
    able = most(here.bills, order.sku, kits or order.left, pieces)
    if kits > able:
        missing = _listed(plan(here.bills, order.sku, kits, pieces).missing)
        return Decision(say("kit.missing", qty=decimal_text(kits), sku=shown(order.sku), missing=missing))
    if able and not kits and here.kit is not None and here.kit.serial_required:
        return Decision(say("kit.scan_kits", item=here.kit.title))
    rest = order.left - able
    missing_parts = plan(here.bills, order.sku, order.left, pieces).missing
    if not rest or not missing_parts:
        return Decision(say("kit.nothing_short", id=order.title))
    found = plan(here.bills, order.sku, able, pieces)
    told = KitShort(
        work_order_id=order.work_order_id,
        qty=rest,
        missing=tuple(MissingPart(sku=sku, qty=qty) for sku, qty in missing_parts.items()),
        reason=command.reason,
    )
    facts = (*_built(order, counted, found, command), *_labels(here, order, counted, able, command), told)
    closed = TallyClosed(tally_id=counted.tally_id, discarded=able == 0, reason=command.reason)
    words = {"built": decimal_text(able), "rest": decimal_text(rest), "missing": _listed(missing_parts)}
    return Decision(say("kit.short", sku=shown(order.sku), **words), (*facts, closed), order.lane)


def _built(order: Order, counted: Tally, found: Plan, command: FloorCommand) -> tuple[Fact, ...]:
    """One fact for each kit that was built, parts of a kit before it."""
    kits = [each for each in counted.counts if each.item.sku == order.sku]
    ident = f"build_{command.command_id.hex}"
    facts = []
    for place, each in enumerate(found.builds):
        whole = each.sku == order.sku
        facts.append(
            KitBuilt(
                work_order_id=order.work_order_id,
                build_id=ident if whole else f"{ident}_{place}",
                sku=each.sku,
                qty=each.qty,
                used=tuple(KitComponent(**piece._asdict()) for piece in each.used),
                serials=tuple(serial for kit in kits for serial in kit.serials) if whole else (),
                location_id=kits[0].location_id if whole and kits else None,
                into=None if whole else ident,
            )
        )
    return tuple(facts)


def _built_answer(order: Order, kits: Decimal, found: Plan) -> Answer:
    words = {"qty": decimal_text(kits), "sku": shown(order.sku), "id": order.title}
    back = {piece.sku: ZERO for piece in found.left}
    for piece in found.left:
        back[piece.sku] += piece.qty
    if back:
        return say("kit.built_back", back=_listed(back), **words)
    return say("kit.built", rest=decimal_text(order.left - kits), **words)


def _labels(
    here: KitDesk, order: Order, counted: Tally, kits: Decimal, command: FloorCommand
) -> tuple[PlainLabelRequested, ...]:
    """An item label for each kit, with its serial number where it has one."""
    if kits > MOST_LABELS or len(order.sku) > LONGEST_ON_LABEL or not order.sku.isascii():
        return ()
    serials = [serial for each in counted.counts if each.item.sku == order.sku for serial in each.serials]
    name = here.kit.name if here.kit else order.sku
    return tuple(
        PlainLabelRequested(
            job_id=f"label_{command.command_id.hex}_{n}",
            workplace=command.workplace,
            template="item",
            values={
                "name": name[:90],
                "sku": order.sku,
                "note": (serials[n] if n < len(serials) else order.number)[:40],
            },
        )
        for n in range(int(kits))
    )


def _kits(counted: Tally, order: Order) -> Decimal:
    return counted.total(order.sku)


def _pieces(counted: Tally, order: Order) -> list[Piece]:
    """The components in hand, those that are alike in one."""
    found: dict[tuple[object, ...], Piece] = {}
    for each in counted.counts:
        if each.item.sku == order.sku:
            continue
        key = (each.item.sku, each.lot_id, each.location_id)
        before = found.get(key, Piece(each.item.sku, ZERO, each.lot_id, (), each.location_id))
        found[key] = before._replace(qty=before.qty + each.qty, serials=before.serials + each.serials)
    return list(found.values())


def _listed(units: Mapping[str, Decimal]) -> str:
    told = [phrase("{qty} of {sku}", qty=decimal_text(qty), sku=shown(sku)) for sku, qty in units.items()]
    return listed(told)
