"""Packing: open an order and verify every line, unit by unit; then see `closing`. Pure."""

from __future__ import annotations

from collections.abc import Container
from decimal import Decimal
from typing import Any

from local_store.domain import gs1, states, units
from local_store.domain.commands import KeyQuantity, Scan, Undo
from local_store.domain.events import (
    PackCounted,
    PackInHand,
    PackOpened,
    PackResumed,
    PackUndone,
    UnitIdentified,
    decimal_text,
)
from local_store.domain.floor import Decision, Floor
from local_store.domain.keying import new_pieces
from local_store.domain.meaning import shown
from local_store.domain.pack_work import PackLine, PackWork
from local_store.domain.site import Site
from local_store.domain.words import Answer, say


def open_fulfillment(site: Site, floor: Floor, worker_id: str, work: PackWork, package_id: str) -> Decision:
    """Begin to pack a fulfillment, or go on with one of several that are open here."""
    place, front = floor.place.workplace, floor.pack
    if front is not None and front.fulfillment_id == work.fulfillment_id:
        return Decision(say("pack.already", order=work.order_id))
    if any(other.fulfillment_id == work.fulfillment_id for other in floor.others):
        answer = scan_next(work, "pack.resumed", order=work.order_id)
        return Decision(answer, (resumed(work, place),), work.lane)
    if front is not None and len(floor.others) + 1 >= site.packing.slots:
        return Decision(say("pack.other_open", open=front.order_id, order=work.order_id))
    refusal = _not_now(work)
    if refusal is not None:
        return Decision(refusal)
    states.step(states.PACK_SESSION, work.session, "open")
    current = work.current
    if current is None:
        return Decision(say("pack.nothing_picked", order=work.order_id))
    fact = PackOpened(
        fulfillment_id=work.fulfillment_id,
        picklist_id=work.picklist_id,
        workplace=place,
        worker_id=worker_id,
        package_id=package_id,
        number=max((parcel.number for parcel in work.parcels), default=0) + 1,
    )
    lines = sum(line.qty > 0 for line in work.lines)
    return Decision(say("pack.opened", order=work.order_id, lines=lines, item=current.item), (fact,), work.lane)


def resumed(work: PackWork, place: str) -> PackResumed:
    """The packer goes on with another order that is open here."""
    return PackResumed(fulfillment_id=work.fulfillment_id, picklist_id=work.picklist_id, workplace=place)


def wanted_by(floor: Floor, work: PackWork) -> PackWork | None:
    """The other open order that wants the product that was scanned, where the one in front does not and one does."""
    skus = {meaning.id for meaning in floor.meanings if meaning.thing == "product"}
    if not skus or _wants(work, skus):
        return None
    found = [other for other in floor.others if _wants(other, skus)]
    return found[0] if len(found) == 1 else None


def scan(floor: Floor, work: PackWork, command: Scan) -> Decision:
    """A code was scanned while a parcel is open."""
    current = work.current
    products = {meaning.id: meaning for meaning in floor.meanings if meaning.thing == "product"}
    if not floor.meanings:
        if work.in_hand is not None and floor.seen is not None:
            return identify(floor, work, work.line(work.in_hand), Decimal(1), str(command.command_id))
        return Decision(scan_next(work, "scan.unknown", code=shown(command.code)))
    if not products:
        meaning = floor.meanings[0]
        return Decision(scan_next(work, "scan.not_for", code=shown(command.code), thing=meaning.named))
    got = next(iter(products.values())).item
    matching = [line for line in work.lines if _sku_in(work, line, products)]
    if not matching:
        return Decision(scan_next(work, "pack.not_in_order", got=got, order=work.order_id))
    waiting = [line for line in matching if line.wanted > 0]
    if not waiting:
        return Decision(scan_next(work, "pack.line_full", got=got, order=work.order_id))
    line = current if current in waiting and current is not None else waiting[0]
    sku = _sku_in(work, line, products)
    assert sku is not None
    if sku != line.sku:  # its lot and numbers are known from picking
        return _count(work, line, Decimal(products[sku].multiplier), str(command.command_id))
    return identify(floor, work, line, Decimal(products[sku].multiplier), str(command.command_id))


_ALL_IN = {
    "pack.line_full": "pack.line_full_all_in",
    "pack.not_in_order": "pack.not_in_order_all_in",
    "pack.parcel_sealed": "pack.parcel_sealed_all_in",
    "pack.resumed": "pack.resumed_all_in",
    "scan.not_for": "scan.not_for_all_in",
    "scan.unknown": "scan.unknown_all_in",
}
"""What is said instead where nothing is left to be scanned."""


def scan_next(work: PackWork, answer: str, /, **words: Any) -> Answer:
    """An answer that ends with the item to scan next, where there is one."""
    return say(_ALL_IN[answer], **words) if work.current is None else say(answer, **words, item=work.current.item)


def identify(floor: Floor, work: PackWork, line: PackLine, qty: Decimal, count_id: str) -> Decision:
    """Count units whose serial number or lot the scan tells; ask for a serial number that is missing."""
    parsed = floor.meant.parsed if floor.meant else None
    if not line.serial_required or (floor.seen is None and units.told_by_picking(work, line, qty)):
        decision = _count(work, line, qty, count_id)
        lot = parsed.lot if parsed else None
        if not decision.facts or lot is None:
            return decision
        return _with_unit(work, line, qty, count_id, decision, lot_id=lot, expires_on=_expiry(parsed))
    refusal = too_many(line, qty)
    if refusal is not None:
        return Decision(refusal)
    if floor.seen is None:
        of = {"fulfillment_id": work.fulfillment_id, "picklist_id": work.picklist_id}
        held = PackInHand(**of, order_line_id=line.order_line_id)
        return Decision(say("pack.wants_serial", item=line.item), (held,), work.lane)
    refusal = units.wrong_serial(work, line, qty, floor.seen)
    if refusal is not None:
        return Decision(refusal)
    decision = _count(work, line, qty, count_id)
    if not decision.facts:
        return decision
    lot = parsed.lot if parsed else None
    told = {"serial": floor.seen.serial, "lot_id": lot, "expires_on": _expiry(parsed)}
    return _with_unit(work, line, qty, count_id, decision, **told)


def key_quantity(work: PackWork, command: KeyQuantity) -> Decision:
    """The worker keyed how many are in the box in all; what is new is counted."""
    current = work.current
    if current is None:
        return Decision(say("pack.nothing_left"))
    counted = current.packed if work.counting_line_id == current.order_line_id else Decimal(0)
    if current.serial_required:
        return Decision(say("pack.serials_singly", item=current.item))
    pieces = new_pieces(command.quantity, counted, current.qty, current.item)
    if isinstance(pieces, Answer):
        return Decision(pieces)
    return _count(work, current, pieces, str(command.command_id))


def undo(work: PackWork, _command: Undo) -> Decision:
    """Take the last count out of the box; a weight accepted before no longer holds."""
    last = work.last_count
    if last is None or work.package_id is None:
        return Decision(say("pack.nothing_to_undo"))
    states.step(states.PACKAGE, work.package, "undo")
    line = work.line(last.line_id)
    packed = line.packed - last.qty
    fact = PackUndone(**_about(work, line, last.count_id), qty=last.qty, packed=packed)
    answer = say("pack.undone", item=line.item, packed=decimal_text(packed), qty=decimal_text(line.qty))
    return Decision(answer, (fact,), work.lane)


def _not_now(work: PackWork) -> Answer | None:
    if work.session is states.PackSession.WAITING:
        return say("pack.not_picked", order=work.order_id)
    if work.session is states.PackSession.PACKED:
        return say("pack.packed", order=work.order_id)
    if work.session is states.PackSession.PACKING:
        return say("pack.elsewhere", order=work.order_id, workplace=work.workplace)
    return None


def _wants(work: PackWork, skus: set[str]) -> bool:
    return any(_sku_in(work, line, skus) is not None and line.wanted > 0 for line in work.lines)


def _sku_in(work: PackWork, line: PackLine, skus: Container[str]) -> str | None:
    """Which of these products belongs to a line: its own, else one that was picked instead."""
    if line.sku in skus:
        return line.sku
    return next((sku for sku in sorted(units.others_for(work, line)) if sku in skus), None)


def _expiry(parsed: gs1.Parsed | None) -> str | None:
    return parsed.expiry.isoformat() if parsed and parsed.expiry else None


def _with_unit(
    work: PackWork, line: PackLine, qty: Decimal, count_id: str, decision: Decision, **told: str | None
) -> Decision:
    """A count, and what is known of the units it put in."""
    fact = UnitIdentified(**_about(work, line, count_id), sku=line.sku, qty=qty, **told)
    return decision._replace(facts=(*decision.facts, fact))


def too_many(line: PackLine, qty: Decimal) -> Answer | None:
    """Why so many more of a line do not belong in; None where they do."""
    packed = line.packed + qty
    if packed <= line.qty:
        return None
    return say(
        "pack.too_many",
        item=line.item,
        qty=decimal_text(line.qty),
        packed=decimal_text(line.packed),
        extra=decimal_text(packed - line.qty),
    )


def _count(work: PackWork, line: PackLine, qty: Decimal, count_id: str) -> Decision:
    packed = line.packed + qty
    refusal = too_many(line, qty)
    if refusal is not None:
        return Decision(refusal)
    if work.package_id is None:
        return Decision(say("pack.none"))
    states.step(states.PACKAGE, work.package, "count")
    fact = PackCounted(**_about(work, line, count_id), sku=line.sku, qty=qty, packed=packed)
    return Decision(_counted(work, line, packed), (fact,), work.lane)


def _about(work: PackWork, line: PackLine, count_id: str) -> dict[str, str | None]:
    """Which order, parcel and line a count belongs to."""
    return {
        "fulfillment_id": work.fulfillment_id,
        "picklist_id": work.picklist_id,
        "package_id": work.package_id,
        "order_line_id": line.order_line_id,
        "count_id": count_id,
    }


def _counted(work: PackWork, line: PackLine, packed: Decimal) -> Answer:
    qty = decimal_text(line.qty)
    if packed < line.qty:
        return say("pack.counted", item=line.item, packed=decimal_text(packed), qty=qty)
    if any(other.wanted > 0 for other in work.lines if other.order_line_id != line.order_line_id):
        return say("pack.line_done", item=line.item, qty=qty)
    return say("pack.all_done")
