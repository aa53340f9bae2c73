"""What a packer can do now, as buttons, tiles and keys: every command of a pack station that fits the moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from agent.floor.label_view import VOID_REASONS
from agent.floor.view_parts import Asked, View, action, quantity_action, step, tile, undo_action
from local_store.domain import closing, states, units
from local_store.domain.commands.packing import MOST_PARCELS
from local_store.domain.events import Carton, decimal_text
from local_store.domain.notes import Note
from local_store.domain.pack_work import PackLine, PackWork, Parcel
from local_store.domain.words import phrase
from local_store.domain.words.reasons import PACK_SHORT

WEIGHT_REASONS = (
    tile("counted again, all is in", phrase("Counted again, all is in")),
    tile("other packaging", phrase("Other packaging")),
    tile("nominal weight is wrong", phrase("The nominal weight is wrong")),
)
PACK_SHORT_REASONS = tuple({"code": code, "label": label} for code, label in PACK_SHORT.items())
MM_PER_CM = 10
RECENT_LABELS = 30
"""Parcels of this station whose packing materials are offered again."""
MOST_TILES = 24
"""Things to choose from at once: more are found sooner by their code."""


def doubt_actions(label: View) -> list[View]:
    """The answers about a label of which nobody knows whether it came out. Until then they are the way on."""
    of = label["job_id"]
    return [
        action("label-decision", each["label"], body={"job_id": of, "decision": each["decision"]}, place="first")
        for each in label["questions"]
    ]


def pack_actions(
    db: sqlite3.Connection,
    work: PackWork,
    workplace: str,
    boxes: Sequence[Carton],
    suggested_id: str | None,
    *,
    weight_doubted: bool,
    photo_wanted: bool,
    allows: bool,
) -> list[View]:
    """What can be done about the order in front."""
    at_hand = work.turn or work.parcel
    found = [*_closing(work, weight_doubted=weight_doubted, photo_wanted=photo_wanted), undo_action(work)]
    if work.current is not None:
        counting = work.counting_line_id == work.current.order_line_id
        filled = work.parcel is not None and bool(work.contents(work.parcel))
        found += [
            quantity_action(enabled=counting and not work.current.serial_required),
            action("next-parcel", phrase("Next parcel"), enabled=filled, place="bar" if filled else "more"),
            action("short", phrase("Short"), reasons=list(PACK_SHORT_REASONS)),
        ]
    if at_hand is not None:
        is_empty = not work.contents(at_hand)
        box = [_box(at_hand, boxes, suggested_id, is_first=is_empty)] if boxes else []
        found += [*box, *_filling(materials(db, workplace)), _measuring()]
    return [*found, *_moving(work), *_unpacking(work, allows=allows)]


def unread_of(work: PackWork) -> list[Note]:
    """The notes of the order that nobody confirmed yet."""
    return [note for note in work.notes if not note.confirmed]


def choose_parcel(work: PackWork, parcel: Parcel) -> View:
    """Going on with this parcel of the order."""
    here = parcel.package_id == work.package_id
    label = phrase("parcel {number}", number=parcel.number)
    return action("parcel", label, enabled=parcel.is_open and not here, body={"number": parcel.number})


def box_label(box: Carton) -> str:
    """The inner size of a box as a tile says it."""
    sides = (decimal_text_cm(each) for each in (box.length_mm, box.width_mm, box.height_mm))
    long, wide, high = sides
    return phrase("{long} x {wide} x {high} cm", long=long, wide=wide, high=high)


def decimal_text_cm(length_mm: int) -> str:
    """Millimetres as centimetres, exactly."""
    whole, rest = divmod(length_mm, MM_PER_CM)
    return f"{whole}.{rest}" if rest else str(whole)


def materials(db: sqlite3.Connection, workplace: str) -> list[str]:
    """The packing materials that were used here lately."""
    rows = db.execute(
        "SELECT DISTINCT m.material FROM (SELECT package_id FROM spool_job WHERE workplace = ?"
        " ORDER BY requested_seq DESC LIMIT ?) JOIN package_material m USING (package_id)"
        " ORDER BY m.material LIMIT ?",
        (workplace, RECENT_LABELS, MOST_TILES),
    )
    return [material for (material,) in rows]


def _closing(work: PackWork, *, weight_doubted: bool, photo_wanted: bool) -> list[View]:
    """What closes the parcel whose turn it is."""
    unread = unread_of(work)
    confirm = [
        action("confirm", phrase("Confirm"), body={"code": note.code}, place="bar" if work.turn else "more")
        for note in unread[:1]
    ]
    if work.turn is None:
        return confirm
    weighed = work.turn.state is states.Package.WEIGHED
    photo = [_photo(work)] if photo_wanted and work.turn.photo is None else []
    found = [action("weigh", phrase("Weigh again") if weighed or weight_doubted else phrase("Weigh"))]
    if weight_doubted and not weighed:
        found.append(action("weigh", phrase("Keep it: why?"), reasons=list(WEIGHT_REASONS)))
    return [*photo, *found, *confirm, action("seal", phrase("Seal"), enabled=weighed and not unread and not photo)]


def _photo(work: PackWork) -> View:
    about = f"fulfillment:{work.fulfillment_id}"
    return action("photo", phrase("Take a photo"), pad="photo", member="sha256", about=about)


def _box(parcel: Parcel, boxes: Sequence[Carton], suggested_id: str | None, *, is_first: bool) -> View:
    """Which box it is: the suggested one stands first. `is_first`: it is the next thing a hand reaches for."""
    ordered = sorted(boxes, key=lambda box: box.carton_id != suggested_id)[:MOST_TILES]
    tiles = [tile(box.carton_id, box.name, box_label(box)) for box in ordered]
    ask = phrase("Which box is parcel {number}?", number=parcel.number)
    in_sight = is_first and parcel.carton_id is None
    of: Asked = {"member": "carton_id", "ask": ask, "place": "bar" if in_sight else "more"}
    return action("carton", phrase("Box"), reasons=tiles, **of)


def _filling(used: Sequence[str]) -> list[View]:
    """Packing material: what was used here lately by a tile, any other by its name."""
    many = [step(phrase("How many?"), "qty", pad="number")]
    of: Asked = {"member": "material", "ask": phrase("Name of the packing material"), "then": many, "place": "more"}
    if not used:
        return [action("material", phrase("Packing material"), pad="text", **of)]
    other = action("material", phrase("Other packing material"), pad="text", **of)
    of["ask"] = phrase("Which packing material?")
    return [action("material", phrase("Packing material"), reasons=[tile(each, each) for each in used], **of), other]


def _measuring() -> View:
    sides = [
        step(phrase("Width in mm"), "width_mm", pad="number"),
        step(phrase("Height in mm"), "height_mm", pad="number"),
    ]
    of: Asked = {"member": "length_mm", "ask": phrase("Length in mm"), "then": sides, "place": "more"}
    return action("measure", phrase("Measure"), pad="number", **of)


def _moving(work: PackWork) -> list[View]:
    """Taking goods out of one open parcel and putting them into another."""
    tiles = [
        tile_
        for parcel in work.parcels
        if parcel.is_open
        for content in closing.contents_of(work, parcel)
        for tile_ in _movable(work, parcel, content.line, decimal_text(content.qty))
    ]
    if not tiles:
        return []
    many = [step(phrase("How many?"), "qty", pad="number")]
    ask = phrase("What is moved?")
    label = phrase("Move goods")
    return [action("repack", label, reasons=tiles[:MOST_TILES], member="sku", ask=ask, then=many, place="more")]


def _movable(work: PackWork, parcel: Parcel, line: PackLine, qty: str) -> list[View]:
    """Goods in a parcel as tiles; of those with serial numbers each unit, for it has to be said which."""
    targets = [each.number for each in work.parcels if each.is_open and each.number != parcel.number]
    fresh = max(each.number for each in work.parcels) + 1
    into = [tile(number, phrase("parcel {number}", number=number)) for number in targets]
    if fresh <= MOST_PARCELS:
        into.append(tile(fresh, phrase("a new parcel")))
    where = step(phrase("Into which parcel?"), "target", reasons=into)
    many = step(phrase("How many?"), "qty", pad="number")
    out_of = phrase("{qty} in parcel {number}", qty=qty, number=parcel.number)
    body = {"source": parcel.number}
    if not line.serial_required:
        return [tile(line.sku, line.item, out_of, body=body, then=[where, many])]
    return [
        tile(
            line.sku,
            line.item,
            phrase("{serial} in parcel {number}", serial=serial, number=parcel.number),
            body={**body, "qty": "1", "serials": [serial]},
            then=[where],
        )
        for serial in units.serials_in(work, parcel, line)
    ]


def _unpacking(work: PackWork, *, allows: bool) -> list[View]:
    """Taking a sealed parcel of this order apart, which a supervisor allows."""
    return [
        action(
            "package-void",
            phrase("Unpack parcel {number}", number=parcel.number),
            reasons=list(VOID_REASONS),
            path=f"/v1/station/packages/{parcel.package_id}/void",
            place="more",
            approval=not allows,
        )
        for parcel in work.parcels
        if parcel.state is states.Package.SEALED
    ]
