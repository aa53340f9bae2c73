"""What a screen shows of a pack station: the order in front, its parcels, and the one thing to do next."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from agent.floor.label_view import labels_of
from agent.floor.pack_actions import (
    box_label,
    choose_parcel,
    doubt_actions,
    pack_actions,
    unread_of,
)
from agent.floor.view_parts import CHOICES, View, doing, progress, sign_in, total, weight_text
from local_store.domain import cartons, closing, learning, states
from local_store.domain.events import Carton, decimal_text
from local_store.domain.floor import Place
from local_store.domain.meaning import shown
from local_store.domain.notes import Note
from local_store.domain.pack_work import PackLine, PackWork, Parcel
from local_store.domain.people import APPROVES
from local_store.domain.printing import Job
from local_store.domain.site import Site
from local_store.domain.words import phrase
from local_store.loading_labels import load_unchecked
from local_store.loading_packs import load_cartons, load_pack, load_sizes

MOST_SLOTS = 12


def pack_view(db: sqlite3.Connection, place: Place, site: Site, *, weight_doubted: bool) -> View:
    """What a pack station shows."""
    work = load_pack(db, place.fulfillment_id) if place.fulfillment_id else None
    signed_in = place.worker_id is not None
    lines = [line for line in work.lines if line.qty > 0] if work else []
    labels = labels_of(db, place.workplace)
    doubt = next((label for label in labels if label["state"] == Job.UNCERTAIN), None) if signed_in else None
    shown_here = {
        "progress": progress(work.order_id, [line.wanted <= 0 for line in lines]) if work else None,
        "picklist": None,
        "labels": labels,
        "orders": _open_orders(db, place) if signed_in else [],
    }
    if work is None:
        choices = _orders_to_choose(db) if signed_in else []
        box_first = _box_first(db, place, label_check=site.label_check)
        following = box_first or _begin(anything_waits=bool(choices))
        actions: list[View] = []
        rest: View = {"parcel": None, "choices": choices}
    else:
        boxes = load_cartons(db)
        suggestion = _suggestion(db, work, boxes)
        photo = site.packing.photo or work.photo_asked
        following = _next_pack(work, photo_wanted=photo)
        chosen = {"weight_doubted": weight_doubted, "photo_wanted": photo, "allows": _allows(site, place)}
        named = suggestion["carton_id"] if suggestion else None
        actions = pack_actions(db, work, place.workplace, boxes, named, **chosen) if signed_in else []
        to_come = work.turn.package_id if work.turn and following["do"] == "seal" else None
        more = {"carton": suggestion, "label_to_come": to_come}
        rest = {"parcel": _parcel(db, work, lines, boxes) | more, "choices": []}
    if not signed_in:
        following = sign_in()
    elif doubt is not None:
        following, actions = _doubted(doubt), doubt_actions(doubt)
    return {"next": following, **shown_here, **rest, "actions": actions}


def _allows(site: Site, place: Place) -> bool:
    """Whether whoever works here may do alone what others need a supervisor for."""
    worker = site.workers.get(place.worker_id or "")
    return worker is not None and APPROVES in worker.roles


def _doubted(label: View) -> View:
    """A label of which nobody knows whether it came out: before anything else, while the printer is in sight."""
    order = label["order_id"] or label["sscc"]
    reason = phrase("Order {order}. {reason}", order=order, reason=label["reason"])
    return doing("label", phrase("Did the label come out?"), reason, phrase("Scan it if it is there"))


def _begin(*, anything_waits: bool) -> View:
    some, none = phrase("or an order, or choose one below"), phrase("or an order; none waits here yet")
    return doing("scan_parcel", phrase("Scan a tote"), some if anything_waits else none)


def _box_first(db: sqlite3.Connection, place: Place, *, label_check: bool) -> View | None:
    """The label that has to be scanned on its box before the next order, where the site wants that."""
    waits = load_unchecked(db, place.workplace) if label_check and place.fulfillment_id is None else None
    if waits is None:
        return None
    return doing("label", phrase("Scan the label"), phrase("on the box of order {order}", order=waits.order_id))


def _next_pack(work: PackWork, *, photo_wanted: bool) -> View:
    current = work.current
    if current is not None and work.in_hand == current.order_line_id:
        return doing("scan_item", phrase("Scan the serial number"), current.item, code=current.sku)
    if current is not None:
        qty = decimal_text(current.wanted)
        put = phrase("put {qty} more in", qty=qty) if current.packed > 0 else phrase("put {qty} in", qty=qty)
        return doing("scan_item", current.name, current.sku, put, current.sku)
    parcel, unread = work.turn, unread_of(work)
    name = _named(work, parcel)
    if photo_wanted and parcel is not None and parcel.photo is None:
        return doing(
            "photo", phrase("Photograph {parcel}", parcel=name), phrase("Show what is in it before it is closed")
        )
    if parcel is None or parcel.state is states.Package.OPEN:
        return doing("weigh", phrase("Weigh {parcel}", parcel=name), phrase("Close the box and put it on the scale"))
    if unread:
        return doing("confirm", phrase("Read and confirm"), unread[0].sentence, _still_unread(unread))
    return doing("seal", phrase("Seal {parcel}", parcel=name), phrase("The label is printed when it is sealed"))


def _still_unread(unread: list[Note]) -> str:
    return phrase("and {many} more", many=len(unread) - 1) if len(unread) > 1 else ""


def _named(work: PackWork, parcel: Parcel | None) -> str:
    if parcel is None or len(work.parcels) == 1:
        return phrase("the parcel")
    return phrase("parcel {number}", number=parcel.number)


def _parcel(db: sqlite3.Connection, work: PackWork, lines: list[PackLine], boxes: Sequence[Carton]) -> View:
    party = db.execute(
        "SELECT name, address ->> '$.city' AS city, address ->> '$.country' AS country FROM party WHERE party_id = ?",
        (work.party_id,),
    ).fetchone()
    rows = db.execute("SELECT * FROM package WHERE fulfillment_id = ? ORDER BY number", (work.fulfillment_id,))
    packages = {row["package_id"]: row for row in rows}
    current = work.current
    package = packages[work.package_id]
    known = {box.carton_id: box for box in boxes}
    used = _materials(db, work.fulfillment_id)
    return {
        "fulfillment_id": work.fulfillment_id,
        "order_id": work.order_id,
        "notes": [note.sentence for note in work.notes],
        "to_confirm": [note._asdict() for note in unread_of(work)],
        "ship_to": {
            "name": party["name"] if party else "",
            "city": (party["city"] if party else "") or "",
            "country": (party["country"] if party else "") or "",
        },
        "lines": [_pack_line(line, current) for line in lines],
        "package": {
            "package_id": work.package_id,
            "state": work.package.value,
            "sscc": package["sscc"],
            "weight_text": weight_text(package["weight_mg"]),
            "expected_text": weight_text(package["expected_mg"]),
        },
        "parcels": [
            _one_parcel(work, each, packages[each.package_id])
            | {"box": _box(known.get(each.carton_id or "")), "materials": used.get(each.package_id, [])}
            for each in work.parcels
        ],
        "serial_for": work.line(work.in_hand).name if work.in_hand else None,
    }


def _box(box: Carton | None) -> str:
    return phrase("{name}, {size}", name=box.name, size=box_label(box)) if box else ""


def _materials(db: sqlite3.Connection, fulfillment_id: str) -> dict[str, list[View]]:
    """What each parcel of an order is filled up with."""
    found: dict[str, list[View]] = {}
    for package_id, material, qty in db.execute(
        "SELECT package_id, material, qty FROM package JOIN package_material USING (package_id)"
        " WHERE fulfillment_id = ? ORDER BY material",
        (fulfillment_id,),
    ):
        found.setdefault(package_id, []).append({"material": material, "qty": qty})
    return found


def _one_parcel(work: PackWork, parcel: Parcel, row: sqlite3.Row) -> View:
    turn = work.turn
    return {
        "package_id": parcel.package_id,
        "number": parcel.number,
        "state": parcel.state.value,
        "scans_go_here": parcel.package_id == work.package_id and parcel.is_open,
        "to_close_now": turn is not None and turn.package_id == parcel.package_id,
        "sscc": row["sscc"],
        "carton_id": parcel.carton_id,
        "photo": parcel.photo,
        "size": _size(parcel),
        "choose": choose_parcel(work, parcel),
        "weight_text": weight_text(parcel.weight_mg),
        "expected_text": weight_text(row["expected_mg"]),
        "holds": [
            {"sku": each.line.sku, "name": each.line.name, "qty": decimal_text(each.qty)}
            for each in closing.contents_of(work, parcel)
        ],
    }


def _size(parcel: Parcel) -> str:
    size = parcel.dimensions
    return f"{size.length_mm} x {size.width_mm} x {size.height_mm} mm" if size else ""


def _suggestion(db: sqlite3.Connection, work: PackWork, known: Sequence[Carton]) -> View | None:
    """The box to take for what is not sealed yet, and what it was not chosen by; None where no boxes are known."""
    sealed = [each for each in work.parcels if each.state is states.Package.SEALED]
    left = {line.order_line_id: line.qty for line in work.lines}
    for line_id, qty in (inside for parcel in sealed for inside in work.contents(parcel).items()):
        left[line_id] -= qty
    lines = [line for line in work.lines if left[line.order_line_id] > 0]
    if not known or not lines:
        return None
    sizes = load_sizes(db, {line.sku for line in lines})
    goods = [
        cartons.Goods(line.sku, left[line.order_line_id], learning.unit_mg(line), sizes.get(line.sku))
        for line in lines
    ]
    found = cartons.suggested(known, goods)
    box = found.carton
    return {"carton_id": box.carton_id if box else None, "name": box.name if box else "", "note": _not_by(found)}


def _not_by(found: cartons.Suggested) -> str:
    """What the packer has to look at, for the store could not."""
    if found.blind:
        names = {"sku": shown(found.no_size[0]), "other": shown(found.no_weight[0])}
        return phrase("Choose a box by eye: the size of {sku} is not known, nor the weight of {other}.", **names)
    if found.carton is None:
        return phrase("No box is known to hold all of it. Use more than one.")
    if found.no_size:
        return phrase("It goes by weight alone: the size of {sku} is not known.", sku=shown(found.no_size[0]))
    if found.no_weight:
        return phrase("It goes by size alone: the weight of {sku} is not known.", sku=shown(found.no_weight[0]))
    return ""


def _pack_line(line: PackLine, current: PackLine | None) -> View:
    is_current = current is not None and current.order_line_id == line.order_line_id
    return {
        "order_line_id": line.order_line_id,
        "sku": line.sku,
        "name": line.name,
        "qty": decimal_text(line.qty),
        "packed": decimal_text(line.packed),
        "state": "done" if line.wanted <= 0 else "current" if is_current else "open",
    }


def _orders_to_choose(db: sqlite3.Connection) -> list[View]:
    rows = db.execute(
        "SELECT f.fulfillment_id, f.order_id, f.tote_id, f.ship_by, count(*), group_concat(l.picked)"
        " FROM (SELECT * FROM fulfillment WHERE session = 'ready' ORDER BY ready_seq LIMIT ?) f"
        " JOIN fulfillment_line l USING (fulfillment_id) GROUP BY f.fulfillment_id ORDER BY min(f.ready_seq)",
        (CHOICES,),
    )
    return [
        {
            "id": fulfillment_id,
            "title": order_id,
            "detail": phrase("tote {tote}", tote=tote_id) if tote_id else "",
            "priority": "normal",
            "lines": lines,
            "units": total(quantities),
            "ship_by": ship_by,
        }
        for fulfillment_id, order_id, tote_id, ship_by, lines, quantities in rows
    ]


def _open_orders(db: sqlite3.Connection, place: Place) -> list[View]:
    """The orders that are open at this station; choosing one brings it to the front."""
    rows = db.execute(
        "SELECT fulfillment_id, order_id, tote_id FROM fulfillment WHERE session = 'packing' AND workplace = ?"
        " ORDER BY fulfillment_id LIMIT ?",
        (place.workplace, MOST_SLOTS),
    ).fetchall()
    return [
        {
            "fulfillment_id": fulfillment_id,
            "order_id": order_id,
            "tote": tote_id or "",
            "in_front": fulfillment_id == place.fulfillment_id,
        }
        for fulfillment_id, order_id, tote_id in rows
    ]
