"""Packing: verify every line, weigh, seal; a sealed package never changes again."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from local_store.domain import states, weights
from local_store.domain.commands import KeyQuantity, Scan, Seal, Undo, Weigh
from local_store.domain.events import (
    LabelRequested,
    NumberKind,
    PackagePacked,
    PackageSealed,
    PackageWeighed,
    PackCounted,
    PackedItem,
    PackOpened,
    PackUndone,
    ShipmentRequested,
    UsedNumber,
    decimal_text,
)
from local_store.domain.floor import Decision, Floor, PackLine, PackWork
from local_store.domain.keying import new_pieces
from local_store.domain.meaning import shown
from local_store.domain.numbers import NUMBER_WORDS, Block, use
from local_store.domain.site import Site
from local_store.domain.words import Answer, say


def open_fulfillment(
    place: str, worker_id: str, work: PackWork, open_now: PackWork | None, package_id: str
) -> Decision:
    """Begin to pack a fulfillment."""
    if open_now is not None:
        return Decision(_other_order(open_now, work))
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
    )
    lines = sum(line.qty > 0 for line in work.lines)
    return Decision(say("pack.opened", order=work.order_id, lines=lines, item=current.item), (fact,), work.lane)


def scan(floor: Floor, work: PackWork, command: Scan) -> Decision:
    """A code was scanned while a parcel is open."""
    current = work.current
    wanted = current.item if current else "nothing more"
    products = {meaning.id: meaning for meaning in floor.meanings if meaning.thing == "product"}
    if not floor.meanings:
        return Decision(say("scan.unknown", code=shown(command.code), wanted=wanted))
    if not products:
        if floor.asked_pack is not None:
            return Decision(_other_order(work, floor.asked_pack))
        meaning = floor.meanings[0]
        thing = f"{meaning.thing} {meaning.id}"
        return Decision(say("scan.not_for", code=shown(command.code), thing=thing, wanted=wanted))
    got = next(iter(products.values())).item
    matching = [line for line in work.lines if line.sku in products]
    if not matching:
        return Decision(say("pack.not_in_order", got=got, order=work.order_id, item=wanted))
    waiting = [line for line in matching if line.wanted > 0]
    if not waiting:
        return Decision(say("pack.line_full", got=got, order=work.order_id, item=wanted))
    line = current if current in waiting and current is not None else waiting[0]
    return _count(work, line, Decimal(products[line.sku].multiplier), str(command.command_id))


def key_quantity(work: PackWork, command: KeyQuantity) -> Decision:
    """The worker keyed how many are in the box in all; what is new is counted."""
    current = work.current
    if current is None:
        return Decision(say("pack.nothing_left"))
    counted = current.packed if work.counting_line_id == current.order_line_id else Decimal(0)
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
    fact = PackUndone(
        fulfillment_id=work.fulfillment_id,
        picklist_id=work.picklist_id,
        package_id=work.package_id,
        order_line_id=line.order_line_id,
        count_id=last.count_id,
        qty=last.qty,
        packed=packed,
    )
    answer = say("pack.undone", item=line.item, packed=decimal_text(packed), qty=decimal_text(line.qty))
    return Decision(answer, (fact,), work.lane)


def weigh(site: Site, work: PackWork, command: Weigh) -> Decision:
    """Accept the scale's weight, when the contents are complete and the weight can be trusted and explained."""
    refusal = _not_verified(work)
    if refusal is not None or work.package_id is None:
        return Decision(refusal or say("pack.none"))
    weighing = weights.Weighing(
        command.scale,
        command.weight_mg,
        command.stability,
        command.range,
        command.fault,
        command.newer_than_request,
        command.emptied,
    )
    refusal = weights.refusal(weighing, again=work.package is states.Package.WEIGHED)
    if refusal is not None or command.weight_mg is None:
        return Decision(refusal or say("scale.none"))
    expected = weights.expected([(line.packed, line.nominal_mg) for line in work.lines], site.weights)
    if expected is not None and not expected.fits(command.weight_mg) and command.reason is None:
        return Decision(
            say(
                "pack.wrong_weight",
                weight=weights.kilograms(command.weight_mg),
                expected=weights.kilograms(expected.weight_mg),
                tolerance=weights.kilograms(expected.tolerance_mg),
            )
        )
    states.step(states.PACKAGE, work.package, "weigh")
    fact = PackageWeighed(
        fulfillment_id=work.fulfillment_id,
        picklist_id=work.picklist_id,
        package_id=work.package_id,
        weight_mg=command.weight_mg,
        scale=command.scale,
        expected_mg=expected.weight_mg if expected else None,
        tolerance_mg=expected.tolerance_mg if expected else None,
        reason=command.reason,
    )
    return Decision(say("pack.weighed", weight=weights.kilograms(command.weight_mg)), (fact,), work.lane)


def seal(work: PackWork, numbers: Mapping[NumberKind, Block | None], command: Seal) -> Decision:
    """Close the parcel: its contents become final, it gets its numbers, its shipment and its label job."""
    refusal = _not_verified(work)
    if refusal is not None:
        return Decision(refusal)
    if work.package is not states.Package.WEIGHED or work.package_id is None or work.weight_mg is None:
        return Decision(say("pack.not_weighed"))
    used = {}
    for kind, block in numbers.items():
        if block is None:
            return Decision(say("pack.no_numbers", what=NUMBER_WORDS[kind], kind=kind))
        used[kind] = use(block)
    sscc = used["sscc"].text
    states.step(states.PACKAGE, work.package, "seal")
    states.step(states.PACK_SESSION, work.session, "seal")
    package_id = work.package_id
    of = {"fulfillment_id": work.fulfillment_id, "picklist_id": work.picklist_id}
    facts = (
        PackagePacked(**of, package_id=package_id, weight_mg=work.weight_mg, sscc=sscc, items=_items(work)),
        PackageSealed(
            **of,
            workplace=command.workplace,
            package_id=package_id,
            sscc=sscc,
            sscc_serial=used["sscc"].number,
            numbers=tuple(used.values()),
        ),
        _shipment(work, package_id, work.weight_mg),
        LabelRequested(
            **of,
            job_id=f"label_{command.command_id.hex}",
            package_id=package_id,
            sscc=sscc,
            workplace=command.workplace,
        ),
    )
    return Decision(_sealed(work.order_id, sscc, used.get("package")), facts, work.lane)


def _items(work: PackWork) -> tuple[PackedItem, ...]:
    return tuple(
        PackedItem(order_line_id=line.order_line_id, sku=line.sku, qty=line.packed)
        for line in work.lines
        if line.packed > 0
    )


def _sealed(order_id: str, sscc: str, package: UsedNumber | None) -> Answer:
    if package is None:
        return say("pack.sealed", order=order_id, sscc=sscc)
    return say("pack.sealed_numbered", order=order_id, sscc=sscc, package=package.text)


def _shipment(work: PackWork, package_id: str, weight_mg: int) -> ShipmentRequested:
    return ShipmentRequested(
        fulfillment_id=work.fulfillment_id,
        picklist_id=work.picklist_id,
        warehouse_id=work.warehouse_id,
        party_id=work.party_id,
        packages=((package_id, weight_mg),),
        reference=work.order_id,
        carrier_hint=work.carrier_hint,
        service_code=work.service_code,
        insurance=work.insurance,
    )


def _not_now(work: PackWork) -> Answer | None:
    if work.session is states.PackSession.WAITING:
        return say("pack.not_picked", order=work.order_id)
    if work.session is states.PackSession.PACKED:
        return say("pack.packed", order=work.order_id)
    if work.session is states.PackSession.PACKING:
        return say("pack.elsewhere", order=work.order_id, workplace=work.workplace)
    return None


def _not_verified(work: PackWork) -> Answer | None:
    waiting = [line for line in work.lines if line.wanted > 0]
    if not waiting:
        return None
    lines = sum(line.qty > 0 for line in work.lines)
    return say("pack.not_verified", open=len(waiting), lines=lines, item=waiting[0].item)


def _other_order(work: PackWork, asked: PackWork) -> Answer:
    if asked.fulfillment_id == work.fulfillment_id:
        return say("pack.already", order=work.order_id)
    return say("pack.other_open", open=work.order_id, order=asked.order_id)


def _count(work: PackWork, line: PackLine, qty: Decimal, count_id: str) -> Decision:
    packed = line.packed + qty
    if packed > line.qty:
        answer = say(
            "pack.too_many",
            item=line.item,
            qty=decimal_text(line.qty),
            packed=decimal_text(line.packed),
            extra=decimal_text(packed - line.qty),
        )
        return Decision(answer)
    if work.package_id is None:
        return Decision(say("pack.none"))
    states.step(states.PACKAGE, work.package, "count")
    fact = PackCounted(
        fulfillment_id=work.fulfillment_id,
        picklist_id=work.picklist_id,
        package_id=work.package_id,
        order_line_id=line.order_line_id,
        count_id=count_id,
        sku=line.sku,
        qty=qty,
        packed=packed,
    )
    return Decision(_counted(work, line, packed), (fact,), work.lane)


def _counted(work: PackWork, line: PackLine, packed: Decimal) -> Answer:
    qty = decimal_text(line.qty)
    if packed < line.qty:
        return say("pack.counted", item=line.item, packed=decimal_text(packed), qty=qty)
    if any(other.wanted > 0 for other in work.lines if other.order_line_id != line.order_line_id):
        return say("pack.line_done", item=line.item, qty=qty)
    return say("pack.all_done")
