"""Packing: weigh a parcel and seal it. A sealed package never changes again. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from local_store.domain import learning, states, units, weights
from local_store.domain.commands import Seal, Weigh
from local_store.domain.events import (
    Fact,
    LabelRequested,
    NumberKind,
    PackageChosen,
    PackageOpened,
    PackagePacked,
    PackageSealed,
    PackageWeighed,
    PackedItem,
    ShipmentRequested,
    UsedNumber,
)
from local_store.domain.floor import Decision
from local_store.domain.numbers import NUMBER_WORDS, Block, use
from local_store.domain.pack_work import PackWork, Parcel
from local_store.domain.packing import scan_next
from local_store.domain.site import Site
from local_store.domain.words import Answer, phrase, say


def weigh(site: Site, work: PackWork, command: Weigh) -> Decision:
    """Accept the scale's weight, when the contents are complete and the weight can be trusted and explained."""
    parcel = work.turn
    if parcel is None:
        return Decision(_nothing_to_weigh(work))
    weighing = weights.Weighing(
        command.scale,
        command.weight_mg,
        command.stability,
        command.range,
        command.fault,
        command.newer_than_request,
        command.emptied,
    )
    refusal = weights.refusal(weighing, again=parcel.state is states.Package.WEIGHED)
    if refusal is not None or command.weight_mg is None:
        return Decision(refusal or say("scale.none"))
    tare_mg = site.weights.carton_mg if parcel.tare_mg is None else parcel.tare_mg
    held = contents_of(work, parcel)
    step_mg = learning.finer(work.scale_steps.get(command.scale), command.weight_mg)
    expected = learning.expected_of(held, tare_mg, site.weights, step_mg)
    if expected is not None and not expected.fits(command.weight_mg) and command.reason is None:
        return Decision(wrong_weight(held, command.weight_mg, expected))
    states.step(states.PACKAGE, parcel.state, "weigh")
    fact = PackageWeighed(
        fulfillment_id=work.fulfillment_id,
        picklist_id=work.picklist_id,
        package_id=parcel.package_id,
        weight_mg=command.weight_mg,
        scale=command.scale,
        expected_mg=expected.weight_mg if expected else None,
        tolerance_mg=expected.tolerance_mg if expected else None,
        reason=command.reason,
        tare_mg=tare_mg,
    )
    weight = weights.kilograms(command.weight_mg)
    if len(work.parcels) > 1:
        return Decision(say("pack.parcel_weighed", number=parcel.number, weight=weight), (fact,), work.lane)
    return Decision(say("pack.weighed", weight=weight), (fact,), work.lane)


def weigh_and_seal(
    site: Site, work: PackWork, numbers: Mapping[NumberKind, Block | None], command: Weigh
) -> Decision:
    """Hands-free: weigh, and seal in the same breath where the weight fits what is known of the contents.

    A weight that nobody can check is accepted, and sealing is left to the packer.
    """
    weighed = weigh(site, work, command)
    parcel = work.turn
    if not weighed.facts or parcel is None or command.weight_mg is None:
        return weighed
    (fact,) = weighed.facts
    assert isinstance(fact, PackageWeighed)
    if fact.expected_mg is None or fact.reason is not None:
        return weighed
    now = parcel._replace(state=states.Package.WEIGHED, weight_mg=command.weight_mg)
    parcels = tuple(now if each.package_id == now.package_id else each for each in work.parcels)
    sealed = seal(site, work._replace(parcels=parcels), numbers, command)
    return Decision(sealed.answer, (*weighed.facts, *sealed.facts), work.lane) if sealed.facts else sealed


def seal(site: Site, work: PackWork, numbers: Mapping[NumberKind, Block | None], command: Seal | Weigh) -> Decision:
    """Close the parcel whose turn it is: contents final, numbers used, label wanted; with the last, the shipment."""
    parcel = work.turn
    if parcel is None:
        return Decision(_nothing_to_weigh(work))
    refusal = not_ready(site, work, parcel)
    if refusal is not None or parcel.weight_mg is None:
        return Decision(refusal or say("pack.not_weighed"))
    used = {}
    for kind, block in numbers.items():
        if block is None:
            return Decision(say("pack.no_numbers", what=NUMBER_WORDS[kind], kind=kind))
        used[kind] = use(block)
    states.step(states.PACKAGE, parcel.state, "seal")
    facts = sealing(site, work, parcel, command.workplace, f"label_{command.command_id.hex}", used)
    return Decision(_sealed(work, parcel, used), facts, work.lane)


def sealing(
    site: Site, work: PackWork, parcel: Parcel, workplace: str, job_id: str, used: Mapping[NumberKind, UsedNumber]
) -> tuple[Fact, ...]:
    """The facts of a parcel that is closed with these numbers."""
    of = {"fulfillment_id": work.fulfillment_id, "picklist_id": work.picklist_id}
    sscc, weight_mg, package_id = used["sscc"].text, parcel.weight_mg or 0, parcel.package_id
    others = [each for each in work.parcels if each.package_id != package_id]
    waiting = [each for each in others if each.is_open and work.contents(each)]
    last = work.current is None and not waiting
    if last:
        states.step(states.PACK_SESSION, work.session, "seal")
    items = tuple(_as_picked(work, parcel, item) for item in items_of(work, parcel))
    size = parcel.dimensions
    facts: list[Fact] = [
        PackagePacked(**of, package_id=package_id, weight_mg=weight_mg, sscc=sscc, items=items, dimensions=size),
        PackageSealed(
            **of,
            workplace=workplace,
            package_id=package_id,
            sscc=sscc,
            sscc_serial=used["sscc"].number,
            numbers=tuple(used.values()),
            last=last,
        ),
    ]
    if last and site.packing.ship_at_seal:
        facts.append(shipment_of(work, parcel))
    if not last and package_id == work.package_id and waiting:
        facts.append(PackageChosen(**of, package_id=waiting[0].package_id))
    elif not last and package_id == work.package_id:
        number = max(each.number for each in work.parcels) + 1
        facts.append(PackageOpened(**of, package_id=f"pkg_{job_id}", number=number))
    facts.append(LabelRequested(**of, job_id=job_id, package_id=package_id, sscc=sscc, workplace=workplace))
    return tuple(facts)


def items_of(work: PackWork, parcel: Parcel) -> tuple[PackedItem, ...]:
    """What a parcel holds, with the serial numbers and lots that are known, in the order of the lines."""
    held = work.contents(parcel)
    return tuple(
        PackedItem(
            order_line_id=line.order_line_id,
            sku=line.sku,
            qty=held[line.order_line_id],
            serials=units.serials_in(work, parcel, line),
            lots=units.lots_in(work, parcel, line),
        )
        for line in work.lines
        if line.order_line_id in held
    )


def _as_picked(work: PackWork, parcel: Parcel, item: PackedItem) -> PackedItem:
    """An item with what picking knows of its units."""
    known = units.picked_in(work, parcel, work.line(item.order_line_id))
    if not known:
        return item
    serials = {*item.serials, *(serial for each in known if each.sku == item.sku for serial in each.serials)}
    return item.model_copy(update={"picked": known, "serials": tuple(sorted(serials))})


def contents_of(work: PackWork, parcel: Parcel) -> tuple[learning.Content, ...]:
    """The lines in a parcel, with how much of each; with a substitute among it nobody knows what a line weighs."""
    held = work.contents(parcel)
    lines = (line for line in work.lines if line.order_line_id in held)
    return tuple(
        learning.Content(
            line._replace(nominal_mg=None, learned=None) if units.others_for(work, line) else line,
            held[line.order_line_id],
        )
        for line in lines
    )


def shipment_of(work: PackWork, sealed_now: Parcel | None = None) -> ShipmentRequested:
    """The shipment of all sealed parcels of an order; `sealed_now` is closed by the same act."""
    parcels = [each for each in work.parcels if each.state is states.Package.SEALED]
    if sealed_now is not None:
        parcels.append(sealed_now)
    parcels.sort(key=lambda each: each.number)
    return ShipmentRequested(
        fulfillment_id=work.fulfillment_id,
        picklist_id=work.picklist_id,
        warehouse_id=work.warehouse_id,
        party_id=work.party_id,
        packages=tuple((each.package_id, each.weight_mg or 0) for each in parcels),
        reference=work.order_id,
        carrier_hint=work.carrier_hint,
        service_code=work.service_code,
        insurance=work.insurance,
    )


def _sealed(work: PackWork, parcel: Parcel, used: Mapping[NumberKind, UsedNumber]) -> Answer:
    order, sscc, package = work.order_id, used["sscc"].text, used.get("package")
    others = [each for each in work.parcels if each.package_id != parcel.package_id and each.is_open]
    if work.current is not None or any(work.contents(each) for each in others):
        return scan_next(work, "pack.parcel_sealed", order=order, number=parcel.number, sscc=sscc)
    if package is None:
        return say("pack.sealed", order=order, sscc=sscc)
    return say("pack.sealed_numbered", order=order, sscc=sscc, package=package.text)


def not_ready(site: Site, work: PackWork, parcel: Parcel) -> Answer | None:
    """What is still to be done about a parcel before it may be closed."""
    if parcel.state is not states.Package.WEIGHED:
        return say("pack.not_weighed")
    unread = [note for note in work.notes if not note.confirmed]
    if unread:
        return say("pack.confirm_first", note=unread[0].sentence)
    if parcel.photo is None and (site.packing.photo or work.photo_asked):
        return say("pack.photo_first", number=parcel.number, order=work.order_id)
    return None


def wrong_weight(held: tuple[learning.Content, ...], weight_mg: int, expected: weights.Expected) -> Answer:
    """That a weight does not fit, and which product is likely missing or too many."""
    found = learning.suspect(held, weight_mg - expected.weight_mg, expected.tolerance_mg)
    said = phrase(
        "The scale says {weight}, the contents should weigh {expected} ± {tolerance}.",
        weight=weights.kilograms(weight_mg),
        expected=weights.kilograms(expected.weight_mg),
        tolerance=weights.kilograms(expected.tolerance_mg),
    )
    if found is not None:
        line, many = found
        words = {"found": said, "many": abs(many), "item": line.item}
        too_many = phrase("{found} {many} of {item} seems to be too many.", **words)
        said = too_many if many > 0 else phrase("{found} {many} of {item} seems to be missing.", **words)
    return say("pack.wrong_weight", found=said)


def _nothing_to_weigh(work: PackWork) -> Answer:
    waiting = [line for line in work.lines if line.wanted > 0]
    if not waiting:
        return say("pack.none")
    lines = sum(line.qty > 0 for line in work.lines)
    return say("pack.not_verified", open=len(waiting), lines=lines, item=waiting[0].item)
