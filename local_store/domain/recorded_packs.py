"""Parcels that are told whole, with a person's own key: by the same rules as scan by scan. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from local_store.domain import closing, learning, packing, states, units, weights
from local_store.domain.commands import GivenItem, GivenPackage, OpenPackSession, RecordPack, SealPackage
from local_store.domain.events import (
    Fact,
    NumberKind,
    PackageMeasured,
    PackageOpened,
    PackageWeighed,
    PackCounted,
    PackOpened,
    UnitIdentified,
    WorkerSignedIn,
    decimal_text,
)
from local_store.domain.floor import Decision, Floor
from local_store.domain.meaning import shown
from local_store.domain.numbers import NUMBER_WORDS, Block, use
from local_store.domain.pack_work import PackLine, PackWork, Parcel, SerialSeen, Unit
from local_store.domain.people import By
from local_store.domain.site import Site
from local_store.domain.words import Answer, listed, say

TOLD = "told"
"""The name that stands for the scale of whoever told of a parcel."""


class Station(NamedTuple):
    """A pack station, the orders that a command names, and what is known of the serial numbers in it."""

    floor: Floor
    works: tuple[PackWork, ...] = ()
    taken: frozenset[str] = frozenset()
    """Ids of parcels that are in use."""
    serials: Mapping[tuple[str, str], SerialSeen] = {}
    numbers: Mapping[NumberKind, Block | None] = {}


class _Told(NamedTuple):
    """An order after some of its parcels were told, and the facts of them."""

    work: PackWork
    facts: tuple[Fact, ...]


def open_session(site: Site, by: By, loaded: Station, command: OpenPackSession) -> Decision:
    """Sign the packer in, and open the order that is named."""
    place = loaded.floor.place
    if command.session_of != by.worker.worker_id:
        return Decision(say("pack.session_of_other", worker=shown(command.session_of), name=by.worker.name))
    other = site.workers.get(place.worker_id or "")
    if other is not None and other.worker_id != by.worker.worker_id and place.open_work:
        return Decision(say("worker.busy", name=other.name))
    facts: tuple[Fact, ...] = ()
    if place.worker_id != by.worker.worker_id:
        facts = (WorkerSignedIn(workplace=place.workplace, worker_id=by.worker.worker_id),)
    signed_in = Decision(say("worker.signed_in", name=by.worker.name), facts)
    if command.fulfillment_id is None:
        return signed_in
    if not loaded.works:
        return Decision(say("pack.unknown", id=shown(command.fulfillment_id)))
    refusal = _asks(loaded) or _no_room(site, loaded.works[0])
    if refusal is not None:
        return Decision(refusal)
    package_id = f"pkg_{command.command_id.hex}"
    opening = packing.open_fulfillment(site, loaded.floor, by.worker.worker_id, loaded.works[0], package_id)
    if not opening.facts and opening.answer.code != "pack.already":
        return opening
    return opening._replace(facts=(*facts, *opening.facts))


def record(site: Site, by: By, loaded: Station, command: RecordPack) -> Decision:
    """Parcels that were packed and weighed: all of them are kept, or none."""
    told = {work.fulfillment_id: _Told(work, ()) for work in loaded.works}
    unknown = next((each for each in command.fulfillment_ids if each not in told), None)
    if unknown is not None:
        return Decision(say("pack.unknown", id=shown(unknown)))
    refusal = _asks(loaded)
    if refusal is not None:
        return Decision(refusal)
    seen: set[str] = set(loaded.taken)
    for place, package in enumerate(command.packages):
        if package.package_id in seen:
            return Decision(say("pack.package_taken", package=shown(package.package_id)))
        seen.add(package.package_id)
        owner = _owner(told, package)
        if isinstance(owner, Answer):
            return Decision(owner)
        after = _packed(site, by, loaded, owner, package, f"{command.command_id}:{place}")
        if isinstance(after, Answer):
            return Decision(after)
        told[owner.work.fulfillment_id] = after
    facts = tuple(fact for each in told.values() for fact in each.facts)
    lanes = {each.work.lane for each in told.values()}
    if len(lanes) > 1:
        return Decision(say("pack.two_hqs", orders=listed([shown(each) for each in command.fulfillment_ids])))
    return Decision(say("pack.recorded", parcels=len(command.packages)), facts, lanes.pop())


def seal(site: Site, _by: By, loaded: Station, command: SealPackage) -> Decision:
    """Close one parcel."""
    work = next(iter(loaded.works), None)
    parcel = next((each for each in work.parcels if each.package_id == command.package_id), None) if work else None
    if work is None or parcel is None:
        return Decision(say("pack.no_package", package=shown(command.package_id)))
    if not parcel.is_open:
        return Decision(say("pack.parcel_closed", number=parcel.number, order=work.order_id))
    refusal = _asks(loaded) or closing.not_ready(site, work, parcel)
    if refusal is not None:
        return Decision(refusal)
    used = {}
    for kind, block in loaded.numbers.items():
        if block is None:
            return Decision(say("pack.no_numbers", what=NUMBER_WORDS[kind], kind=kind))
        used[kind] = use(block)
    facts = closing.sealing(site, work, parcel, command.workplace, f"label_{command.command_id.hex}", used)
    return Decision(say("pack.sealed", order=work.order_id, sscc=used["sscc"].text), facts, work.lane)


def _asks(loaded: Station) -> Answer | None:
    """That a person has to decide about an order first."""
    sentence = next((work.asks for work in loaded.works if work.asks is not None), None)
    return None if sentence is None else say("work.asks", sentence=sentence)


def _no_room(site: Site, work: PackWork) -> Answer | None:
    """That work is not begun while there is no room for its facts."""
    begins = work.session is states.PackSession.READY and not site.accepts_new_work
    return say("work.no_room", work=work.order_id) if begins else None


def _owner(told: Mapping[str, _Told], package: GivenPackage) -> _Told | Answer:
    """The one order that has all lines of a parcel."""
    wanted = {item.line_id for item in package.items}
    found = [each for each in told.values() if wanted <= {line.order_line_id for line in each.work.lines}]
    if len(found) != 1 or len(wanted) != len(package.items):
        return say(
            "pack.no_lines", package=shown(package.package_id), lines=listed([shown(each) for each in sorted(wanted)])
        )
    return found[0]


def _packed(site: Site, by: By, loaded: Station, told: _Told, package: GivenPackage, ident: str) -> _Told | Answer:
    opened = _opened(site, by, loaded, told.work, package.package_id)
    if isinstance(opened, Answer):
        return opened
    work, facts = opened.work, [*told.facts, *opened.facts]
    for place, item in enumerate(package.items):
        counted = _counted(loaded, work, item, f"{ident}:{place}")
        if isinstance(counted, Answer):
            return counted
        work, facts = counted.work, [*facts, *counted.facts]
    weighed = _weighed(site, work, package)
    if isinstance(weighed, Answer):
        return weighed
    return _Told(weighed.work, (*facts, *weighed.facts))


def _opened(site: Site, by: By, loaded: Station, work: PackWork, package_id: str) -> _Told | Answer:
    """The parcel is open: the first of its order, or a further one."""
    number = max((each.number for each in work.parcels), default=0) + 1
    new = Parcel(package_id, number, states.Package.OPEN)
    if work.session is states.PackSession.PACKING and work.workplace == loaded.floor.place.workplace:
        left = work.parcel
        items = closing.items_of(work, left) if left is not None and left.is_open else ()
        left_id = left.package_id if left is not None and left.is_open else None
        fact: Fact = PackageOpened(**_of(work), package_id=package_id, number=number, left_id=left_id, left=items)
        kept = tuple(
            each._replace(items=tuple((item.order_line_id, item.qty) for item in items))
            if each.package_id == left_id
            else each
            for each in work.parcels
        )
        return _Told(work._replace(parcels=(*kept, new), package_id=package_id), (fact,))
    refusal = _no_room(site, work)
    if refusal is not None:
        return refusal
    opening = packing.open_fulfillment(site, loaded.floor, by.worker.worker_id, work, package_id)
    if not any(isinstance(fact, PackOpened) for fact in opening.facts):
        return opening.answer
    here = loaded.floor.place.workplace
    began = work._replace(session=states.PackSession.PACKING, workplace=here, package_id=package_id)
    return _Told(began._replace(parcels=(*work.parcels, new)), opening.facts)


def _counted(loaded: Station, work: PackWork, item: GivenItem, ident: str) -> _Told | Answer:
    """The units of one line: those with serial numbers one by one, the rest together."""
    line = work.line(item.line_id)
    if item.qty <= 0 or len(item.serials) > item.qty or (line.serial_required and len(item.serials) != item.qty):
        words = {"qty": decimal_text(item.qty), "serials": len(item.serials), "item": line.item}
        return say("pack.item_wrong", **words)
    facts: list[Fact] = []
    for place, serial in enumerate(item.serials):
        seen = loaded.serials.get((line.sku, serial)) or SerialSeen(serial, None, 0)
        refusal = packing.too_many(line, units.ONE) or units.wrong_serial(work, line, units.ONE, seen)
        if refusal is not None or work.package_id is None:
            return refusal or say("pack.none")
        count_id = f"{ident}:{place}"
        package_id = work.package_id
        told = {"package_id": package_id, "order_line_id": line.order_line_id, "count_id": count_id}
        work = _with(work, line, units.ONE)
        line = work.line(item.line_id)
        facts.append(PackCounted(**_of(work), **told, sku=line.sku, qty=units.ONE, packed=line.packed))
        facts.append(UnitIdentified(**_of(work), **told, sku=line.sku, qty=units.ONE, serial=serial))
        unit = Unit(count_id, package_id, line.order_line_id, units.ONE, serial, None)
        work = work._replace(units=(*work.units, unit))
    rest = item.qty - len(item.serials)
    if rest > 0:
        refusal = packing.too_many(line, rest)
        if refusal is not None or work.package_id is None:
            return refusal or say("pack.none")
        told = {"package_id": work.package_id, "order_line_id": line.order_line_id, "count_id": f"{ident}:rest"}
        work = _with(work, line, rest)
        packed = work.line(item.line_id).packed
        facts.append(PackCounted(**_of(work), **told, sku=line.sku, qty=rest, packed=packed))
    return _Told(work, tuple(facts))


def _with(work: PackWork, line: PackLine, qty: Decimal) -> PackWork:
    grown = line._replace(packed=line.packed + qty)
    lines = tuple(grown if each.order_line_id == line.order_line_id else each for each in work.lines)
    return work._replace(lines=lines)


def _weighed(site: Site, work: PackWork, package: GivenPackage) -> _Told | Answer:
    """The weight is judged like one of our scale's."""
    parcel = work.parcel
    assert parcel is not None
    tare_mg = site.weights.carton_mg
    held = closing.contents_of(work, parcel)
    step_mg = learning.finer(work.scale_steps.get(TOLD), package.weight_mg)
    expected = learning.expected_of(held, tare_mg, site.weights, step_mg)
    if expected is not None and not expected.fits(package.weight_mg) and package.weight_reason is None:
        return closing.wrong_weight(held, package.weight_mg, expected)
    facts: list[Fact] = []
    if package.size is not None:
        facts.append(PackageMeasured(**_of(work), package_id=parcel.package_id, dimensions=package.size))
    facts.append(_weighing(work, package, expected, tare_mg))
    now = parcel._replace(state=states.Package.WEIGHED, weight_mg=package.weight_mg, dimensions=package.size)
    parcels = tuple(now if each.package_id == now.package_id else each for each in work.parcels)
    return _Told(work._replace(parcels=parcels), tuple(facts))


def _weighing(
    work: PackWork, package: GivenPackage, expected: weights.Expected | None, tare_mg: int
) -> PackageWeighed:
    return PackageWeighed(
        **_of(work),
        package_id=package.package_id,
        weight_mg=package.weight_mg,
        scale=TOLD,
        expected_mg=expected.weight_mg if expected else None,
        tolerance_mg=expected.tolerance_mg if expected else None,
        reason=package.weight_reason,
        tare_mg=tare_mg,
    )


def _of(work: PackWork) -> dict[str, str | None]:
    return {"fulfillment_id": work.fulfillment_id, "picklist_id": work.picklist_id}
