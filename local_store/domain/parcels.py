"""What a packer does about the parcels of an order beside scanning into them, weighing and sealing. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from local_store.domain import closing, states, units
from local_store.domain.commands import (
    ChooseCarton,
    ChooseParcel,
    ConfirmNotes,
    FloorCommand,
    MarkShort,
    Measure,
    NextParcel,
    Photograph,
    Repack,
    Scan,
    UseMaterial,
)
from local_store.domain.commands.packing import MOST_OF_A_NAME, MOST_PARCELS
from local_store.domain.events import (
    CartonChosen,
    Dimensions,
    Fact,
    MaterialUsed,
    NoteConfirmed,
    PackageChosen,
    PackageMeasured,
    PackageOpened,
    PackagePhotographed,
    PackShort,
    UnitsRepacked,
    decimal_text,
)
from local_store.domain.floor import Decision, Floor
from local_store.domain.meaning import shown
from local_store.domain.pack_work import PackLine, PackWork, Parcel
from local_store.domain.site import Site
from local_store.domain.words import Answer, listed, reasons, say

NEXT, CONFIRM, NUMBER, MATERIAL = "NEXT-PARCEL", "CONFIRM", "PARCEL-", "USE-"
"""Codes on the sheet beside the scanner, so that a scanner alone is enough."""


def by_code(command: Scan) -> FloorCommand | None:
    """The act that a code of the sheet stands for."""
    of: dict[str, Any] = {"command_id": command.command_id, "workplace": command.workplace}
    code = command.code.strip().upper()
    if code == NEXT:
        return NextParcel(**of)
    if code == CONFIRM:
        return ConfirmNotes(**of)
    material = code.removeprefix(MATERIAL).strip()
    if material and material != code:
        return UseMaterial(**of, material=material[:MOST_OF_A_NAME])
    digits = code.removeprefix(NUMBER)
    if digits != code and digits.isascii() and digits.isdigit() and 1 <= int(digits[:3]) <= MOST_PARCELS:
        return ChooseParcel(**of, number=int(digits[:3]))
    return None


def next_parcel(_site: Site, _floor: Floor, work: PackWork, command: NextParcel) -> Decision:
    """The open parcel is full; the rest goes into a new one, which is open from now on."""
    parcel = work.parcel
    if parcel is None:
        return Decision(say("pack.none"))
    if work.current is None:
        return Decision(say("pack.nothing_left"))
    if not work.contents(parcel):
        return Decision(say("pack.parcel_empty", number=parcel.number))
    opened = _opened(work, f"pkg_{command.command_id.hex}")
    if opened is None:
        return Decision(say("pack.too_many_parcels", most=MOST_PARCELS, order=work.order_id))
    answer = say("pack.next_parcel", number=opened.number, full=parcel.number, item=work.current.item)
    return Decision(answer, (opened,), work.lane)


def choose(_site: Site, _floor: Floor, work: PackWork, command: ChooseParcel) -> Decision:
    """Go on with another open parcel of the order."""
    parcel = _numbered(work, command.number)
    if isinstance(parcel, Answer):
        return Decision(parcel)
    answer = say("pack.parcel_chosen", number=parcel.number, order=work.order_id)
    if parcel.package_id == work.package_id:
        return Decision(answer)
    fact = PackageChosen(**_of(work), package_id=parcel.package_id, **_left(work))
    return Decision(answer, (fact,), work.lane)


def repack(_site: Site, _floor: Floor, work: PackWork, command: Repack) -> Decision:
    """Take units out of one open parcel and put them into another, or into a new one."""
    source = _numbered(work, command.source)
    if isinstance(source, Answer):
        return Decision(source)
    line = next((each for each in work.lines if each.sku == command.sku and _held(work, source, each) > 0), None)
    held = _held(work, source, line) if line else Decimal(0)
    if line is None or not 0 < command.qty <= held or command.source == command.target:
        words = {"sku": shown(command.sku), "number": source.number, "held": decimal_text(held)}
        return Decision(say("pack.not_in_parcel", qty=decimal_text(command.qty), **words))
    inside = units.serials_in(work, source, line)
    if line.serial_required and (len(command.serials) != command.qty or not set(command.serials) <= set(inside)):
        return Decision(
            say("pack.which_serials", number=source.number, serials=listed([shown(each) for each in inside]))
        )
    facts: list[Fact] = []
    target_id, highest = f"pkg_{command.command_id.hex}", max(each.number for each in work.parcels)
    if command.target == highest + 1 and highest < MOST_PARCELS:
        facts.append(PackageOpened(**_of(work), package_id=target_id, number=command.target, **_left(work)))
    else:
        target = _numbered(work, command.target)
        if isinstance(target, Answer):
            return Decision(target)
        states.step(states.PACKAGE, target.state, "repack")
        target_id = target.package_id
    states.step(states.PACKAGE, source.state, "repack")
    moved = UnitsRepacked(
        **_of(work),
        source_id=source.package_id,
        target_id=target_id,
        order_line_id=line.order_line_id,
        sku=line.sku,
        qty=command.qty,
        serials=command.serials if line.serial_required else (),
    )
    words = {"qty": decimal_text(command.qty), "item": line.item, "source": command.source, "target": command.target}
    return Decision(say("pack.repacked", **words), (*facts, moved), work.lane)


def short(_site: Site, _floor: Floor, work: PackWork, command: MarkShort) -> Decision:
    """The rest of the current line is not there."""
    line = work.current
    if line is None:
        return Decision(say("pack.nothing_left"))
    rest = any(each.packed > 0 for each in work.lines)
    rest = rest or any(each.wanted > 0 for each in work.lines if each.order_line_id != line.order_line_id)
    if not rest:
        return Decision(say("pack.nothing_there", order=work.order_id))
    fact = PackShort(
        **_of(work),
        order_line_id=line.order_line_id,
        count_id=str(command.command_id),
        sku=line.sku,
        qty=line.wanted,
        reason=command.reason,
    )
    reason = reasons.in_words(command.reason)
    answer = say("pack.short", item=line.item, missing=decimal_text(line.wanted), reason=reason)
    return Decision(answer, (fact,), work.lane)


def confirm(_site: Site, floor: Floor, work: PackWork, command: ConfirmNotes) -> Decision:
    """The packer confirms one note of the order, or all."""
    unread = [note for note in work.notes if not note.confirmed]
    read = [note for note in unread if command.code in {None, note.code}]
    if not read:
        return Decision(say("pack.no_note", order=work.order_id))
    who = floor.place.worker_id or ""
    facts = tuple(NoteConfirmed(**_of(work), code=note.code, sentence=note.sentence, worker_id=who) for note in read)
    left = len(unread) - len(read)
    return Decision(say("pack.confirmed", notes=len(read), left=left), facts, work.lane)


def choose_carton(_site: Site, floor: Floor, work: PackWork, command: ChooseCarton) -> Decision:
    """The parcel is this box."""
    parcel = _at_hand(work)
    if parcel is None:
        return Decision(say("pack.none"))
    carton = next((each for each in floor.cartons if command.carton_id in {each.carton_id, each.name}), None)
    if carton is None:
        return Decision(say("pack.no_carton", carton=shown(command.carton_id)))
    of = {**_of(work), "package_id": parcel.package_id}
    tare_mg = carton.tare_mg or 0
    fact = CartonChosen(**of, carton_id=carton.carton_id, name=carton.name, tare_mg=tare_mg)
    return Decision(say("pack.carton", number=parcel.number, carton=carton.name), (fact,), work.lane)


def use_material(site: Site, _floor: Floor, work: PackWork, command: UseMaterial) -> Decision:
    """Packing material went into the parcel."""
    parcel = _at_hand(work)
    if parcel is None:
        return Decision(say("pack.none"))
    if command.qty <= 0:
        return Decision(say("pack.material_none", qty=decimal_text(command.qty), material=shown(command.material)))
    tare_mg = site.weights.carton_mg if parcel.tare_mg is None else parcel.tare_mg
    fact = MaterialUsed(
        **_of(work),
        package_id=parcel.package_id,
        material=command.material,
        qty=command.qty,
        tare_mg=tare_mg + command.weight_mg,
    )
    words = {"qty": decimal_text(command.qty), "material": shown(command.material)}
    return Decision(say("pack.material", number=parcel.number, **words), (fact,), work.lane)


def measure(_site: Site, _floor: Floor, work: PackWork, command: Measure) -> Decision:
    """The outer size of the parcel."""
    parcel = _at_hand(work)
    if parcel is None:
        return Decision(say("pack.none"))
    size = Dimensions(length_mm=command.length_mm, width_mm=command.width_mm, height_mm=command.height_mm)
    fact = PackageMeasured(**_of(work), package_id=parcel.package_id, dimensions=size)
    shape = f"{size.length_mm} x {size.width_mm} x {size.height_mm} mm"
    return Decision(say("pack.measured", number=parcel.number, size=shape), (fact,), work.lane)


def photograph(_site: Site, floor: Floor, work: PackWork, command: Photograph) -> Decision:
    """A photo that was kept is of what is in the parcel."""
    parcel = _at_hand(work)
    if parcel is None:
        return Decision(say("pack.none"))
    if not floor.has_file:
        return Decision(say("pack.no_photo", order=work.order_id))
    fact = PackagePhotographed(**_of(work), package_id=parcel.package_id, sha256=command.sha256)
    return Decision(say("pack.photographed", number=parcel.number), (fact,), work.lane)


ACTS: Mapping[type[FloorCommand], Callable[[Site, Floor, PackWork, Any], Decision]] = {
    NextParcel: next_parcel,
    ChooseParcel: choose,
    Repack: repack,
    MarkShort: short,
    ConfirmNotes: confirm,
    ChooseCarton: choose_carton,
    UseMaterial: use_material,
    Measure: measure,
    Photograph: photograph,
}


def _at_hand(work: PackWork) -> Parcel | None:
    """The parcel that something is said of: the one to close now, else the one that scans go into."""
    return work.turn or work.parcel


def _numbered(work: PackWork, number: int) -> Parcel | Answer:
    """The open parcel with this number."""
    parcel = next((each for each in work.parcels if each.number == number), None)
    if parcel is None:
        return say("pack.no_parcel", number=number, order=work.order_id)
    if not parcel.is_open:
        return say("pack.parcel_closed", number=number, order=work.order_id)
    return parcel


def _opened(work: PackWork, package_id: str) -> PackageOpened | None:
    number = max(each.number for each in work.parcels) + 1
    if number > MOST_PARCELS:
        return None
    return PackageOpened(**_of(work), package_id=package_id, number=number, **_left(work))


def _left(work: PackWork) -> dict[str, Any]:
    """What the parcel that is left holds."""
    parcel = work.parcel
    if parcel is None or not parcel.is_open:
        return {}
    return {"left_id": parcel.package_id, "left": closing.items_of(work, parcel)}


def _held(work: PackWork, parcel: Parcel, line: PackLine) -> Decimal:
    return work.contents(parcel).get(line.order_line_id, Decimal(0))


def _of(work: PackWork) -> dict[str, Any]:
    return {"fulfillment_id": work.fulfillment_id, "picklist_id": work.picklist_id}
