"""What people say of kits: what one is made of, how many are wanted, and that one is taken apart. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from local_store.domain import stock, tracing
from local_store.domain.commands import MakeWorkOrder, RecordBill, TakeApartKit
from local_store.domain.events import BillRecorded, KitBuilt, KitPart, KitTakenApart, WorkOrderMade, decimal_text
from local_store.domain.floor import Decision
from local_store.domain.kitting import Bills, Part, cycle, parts_of
from local_store.domain.meaning import shown
from local_store.domain.people import By
from local_store.domain.site import Site
from local_store.domain.words import Answer, say


class BuildHere(NamedTuple):
    """Kits that were built, for taking them apart."""

    fact: KitBuilt
    taken_apart: bool
    inside: str | None
    """The kit they went into, as long as that is one."""
    lane: str | None
    units: Mapping[str, str] = {}
    """The accounts of those of the kits that have serial numbers."""


class ForBills(NamedTuple):
    """What a bill or a new order is checked against."""

    known: AbstractSet[str]
    bills: Bills
    number_taken: bool = False


def record_bill(_site: Site, _by: By, found: ForBills, command: RecordBill) -> Decision:
    """What one kit is made of, from now on."""
    parts = parts_of(command.parts)
    refusal = _wrong_bill(found, command.sku, parts)
    if refusal is not None:
        return Decision(refusal)
    fact = BillRecorded(sku=command.sku, parts=_as_told(parts))
    return Decision(say("kit.bill", sku=shown(command.sku), parts=len(parts)), (fact,))


def make_order(_site: Site, _by: By, found: ForBills, command: MakeWorkOrder) -> Decision:
    """Kits are to be built, of the parts that are named or of those of the bill."""
    parts = parts_of(command.parts) or found.bills.get(command.sku, ())
    refusal = _wrong_bill(found, command.sku, parts)
    if refusal is not None:
        return Decision(refusal)
    if command.qty <= 0 or command.qty % 1 != 0:
        return Decision(say("quantity.bad", keyed=decimal_text(command.qty)))
    number = command.number or f"WO-{command.command_id.hex[-10:].upper()}"
    if found.number_taken:
        return Decision(say("kit.number_taken", number=shown(number)))
    ident = f"work_order_{command.command_id.hex}"
    fact = WorkOrderMade(work_order_id=ident, number=number, sku=command.sku, qty=command.qty, parts=_as_told(parts))
    words = {"qty": decimal_text(command.qty), "sku": shown(command.sku)}
    return Decision(say("kit.ordered", id=shown(number), **words), (fact,))


def take_apart(_site: Site, _by: By, build: BuildHere | None, command: TakeApartKit) -> Decision:
    """Kits become the components again that went into them, with their lots and serial numbers."""
    if build is None:
        return Decision(say("kit.no_build", id=shown(command.build_id)))
    fact = build.fact
    words = {"sku": shown(fact.sku), "qty": decimal_text(fact.qty)}
    if build.taken_apart:
        return Decision(say("kit.apart_before", **words))
    if build.inside is not None:
        return Decision(say("kit.inside", inside=shown(build.inside), **words))
    here = stock.at(command.location_id or fact.location_id)
    for serial, at in build.units.items():
        if at != here:
            where = tracing.in_words(at)
            return Decision(say("kit.unit_elsewhere", item=words["sku"], serial=shown(serial), where=where))
    told = KitTakenApart(
        work_order_id=fact.work_order_id,
        build_id=fact.build_id,
        sku=fact.sku,
        qty=fact.qty,
        parts=tuple(each.model_copy(update={"location_id": None, "built": False}) for each in fact.used),
        serials=fact.serials,
        location_id=command.location_id or fact.location_id,
        reason=command.reason,
    )
    return Decision(say("kit.apart", **words), (told,), build.lane)


def _wrong_bill(found: ForBills, sku: str, parts: tuple[Part, ...]) -> Answer | None:
    unknown = next((each for each in (sku, *(part.sku for part in parts)) if each not in found.known), None)
    if unknown is not None:
        return say("goods.no_product", sku=shown(unknown))
    if not parts:
        return say("kit.no_parts", sku=shown(sku))
    bad = next((part for part in parts if part.qty <= 0), None)
    if bad is not None:
        return say("goods.none", qty=decimal_text(bad.qty), sku=shown(bad.sku))
    way = cycle({**found.bills, sku: parts}, sku)
    return of_itself(way) if way is not None else None


def _as_told(parts: tuple[Part, ...]) -> tuple[KitPart, ...]:
    return tuple(KitPart(sku=part.sku, qty=part.qty) for part in parts)


def of_itself(way: tuple[str, ...]) -> Answer:
    """That a kit would be a part of itself, and by which way."""
    return say("kit.of_itself", sku=shown(way[0]), way=shown(" → ".join(way), 200))
