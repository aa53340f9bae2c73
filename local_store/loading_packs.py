"""Reading orders at the pack station: their lines, parcels, and what was confirmed of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from local_store.domain import states
from local_store.domain.asking import question
from local_store.domain.events import Carton, CartonsTold, Dimensions
from local_store.domain.floor import Place
from local_store.domain.notes import Note, notes_of, wants_photo
from local_store.domain.pack_work import Learned, PackLine, PackWork, Parcel, SerialSeen, Unit
from local_store.domain.pick_work import Count
from local_store.domain.stock import picked
from local_store.loading_picked import load_picked

if TYPE_CHECKING:
    from local_store.transaction import Transaction

ASKS = (
    "(SELECT x.sentence FROM work_exception x WHERE x.work_id = {id} AND x.thing = '{thing}'"
    " AND x.state <> 'decided' AND (x.proposed <> 'continue' OR x.state = 'held') LIMIT 1)"
)
_CARTON = ("carton_id", "name", "length_mm", "width_mm", "height_mm", "tare_mg", "max_mg")
_PACK_ASKS = ASKS.format(id="f.fulfillment_id", thing="fulfillment")
_PACK = (
    "SELECT f.fulfillment_id, f.order_id, f.lane, f.warehouse_id, f.party_id, f.picklist_id, f.session,"  # noqa: S608
    " f.carrier_hint, f.service_code, f.insurance, f.workplace, f.package_id, p.status, p.weight_mg,"
    f" f.counting_line_id, {_PACK_ASKS}, f.metadata,"
    " (SELECT h.order_line_id FROM pack_hand h WHERE h.fulfillment_id = f.fulfillment_id),"
    " c.count_id, c.line_id, c.qty"
    " FROM fulfillment f LEFT JOIN package p ON p.package_id = f.package_id"
    " LEFT JOIN last_count c ON c.work = 'fulfillment:' || f.fulfillment_id"
    " WHERE f.fulfillment_id = ? ORDER BY c.n DESC LIMIT 1"
)


def load_pack(db: sqlite3.Connection, fulfillment_id: str) -> PackWork | None:
    """A fulfillment at the pack station, with its parcels."""
    row = db.execute(_PACK, (fulfillment_id,)).fetchone()
    if row is None:
        return None
    fulfillment_id, order_id, lane, warehouse_id, party_id, picklist_id, session, *rest = row
    carrier_hint, service_code, insurance, workplace, package_id, package, weight_mg, counting, asks, *rest = rest
    metadata, in_hand, *last = rest
    said = json.loads(metadata) if metadata else {}
    return PackWork(
        fulfillment_id=fulfillment_id,
        order_id=order_id,
        lane=lane,
        warehouse_id=warehouse_id,
        party_id=party_id,
        picklist_id=picklist_id,
        session=states.PackSession(session),
        lines=_lines(db, fulfillment_id),
        carrier_hint=carrier_hint,
        service_code=service_code,
        insurance=json.loads(insurance) if insurance else None,
        workplace=workplace,
        package_id=package_id,
        package=states.Package(package) if package else states.Package.OPEN,
        weight_mg=weight_mg,
        counting_line_id=counting,
        last_count=count_of(*last),
        asks=question(asks) if asks else None,
        parcels=_parcels(db, fulfillment_id),
        units=_units(db, fulfillment_id),
        in_hand=in_hand,
        notes=_notes(db, fulfillment_id, said) if said else (),
        photo_asked=wants_photo(said),
        scale_steps=dict(db.execute("SELECT scale, step_mg FROM scale_step")),
        **load_picked(db, fulfillment_id, picklist_id),
    )


def load_open_packs(tx: Transaction, place: Place) -> tuple[PackWork, ...]:
    """The orders that are open at a pack station beside the one in front of the packer."""
    rows = tx.connection.execute(
        "SELECT fulfillment_id FROM fulfillment WHERE session = 'packing' AND workplace = ?"
        " AND fulfillment_id IS NOT ? ORDER BY fulfillment_id",
        (place.workplace, place.fulfillment_id),
    ).fetchall()
    found = (tx.remembered.pack(tx, fulfillment_id) for (fulfillment_id,) in rows)
    return tuple(work for work in found if work is not None)


def may_be_sealed(tx: Transaction, workplace: str) -> bool:
    """Whether the parcel whose turn it is at a pack station lacks nothing but its weight and its seal."""
    place = tx.remembered.place(tx, workplace)
    work = tx.remembered.pack(tx, place.fulfillment_id) if place.worker_id and place.fulfillment_id else None
    if work is None or work.turn is None or work.asks is not None:
        return False
    photo = work.turn.photo is not None or not (tx.site.packing.photo or work.photo_asked)
    return photo and all(note.confirmed for note in work.notes)


def load_cartons(db: sqlite3.Connection) -> tuple[Carton, ...]:
    """The boxes there are, as HQs describe them, the smallest first."""
    rows = db.execute(f"SELECT {', '.join(_CARTON)} FROM carton ORDER BY length_mm * width_mm * height_mm, carton_id")  # noqa: S608 -- ours
    return tuple(_carton(row) for row in rows)


def load_sizes(db: sqlite3.Connection, skus: Iterable[str]) -> dict[str, Dimensions]:
    """The sizes of one unit of these products, of as many as they are known."""
    rows = db.execute(
        "SELECT sku, length_mm, width_mm, height_mm FROM product_size WHERE sku IN (SELECT value FROM json_each(?))",
        (json.dumps(list(skus)),),
    )
    return {sku: Dimensions(length_mm=long, width_mm=wide, height_mm=high) for sku, long, wide, high in rows}


def are_new_cartons(db: sqlite3.Connection, told: CartonsTold) -> bool:
    """Whether the boxes of an HQ are others than those known here."""
    rows = db.execute(f"SELECT {', '.join(_CARTON)} FROM carton WHERE lane = ?", (told.lane,))  # noqa: S608 -- ours
    return {_carton(row) for row in rows} != set(told.cartons)


def _carton(row: Sequence[Any]) -> Carton:
    return Carton(**dict(zip(_CARTON, row, strict=True)))


def serial_seen(db: sqlite3.Connection, work: PackWork, sku: str, serial: str) -> SerialSeen:
    """What is known of a unit that is to go into a parcel of an order."""
    row = db.execute("SELECT account FROM serial WHERE sku = ? AND serial = ?", (sku, serial)).fetchone()
    (known,) = db.execute(
        "SELECT count(*) FROM serial WHERE sku = ? AND account = ?", (sku, picked(work.picklist_id))
    ).fetchone()
    return SerialSeen(serial, row[0] if row else None, known)


def count_of(count_id: str | None, line_id: str, qty: str) -> Count | None:
    """The count that can be taken back; None where there is none."""
    return Count(count_id, line_id, Decimal(qty)) if count_id is not None else None


def _lines(db: sqlite3.Connection, fulfillment_id: str) -> tuple[PackLine, ...]:
    rows = db.execute(
        "SELECT l.order_line_id, l.sku, coalesce(p.name, l.sku), l.picked,"
        " (SELECT group_concat(s.qty) FROM pack_short s WHERE s.fulfillment_id = l.fulfillment_id"
        "  AND s.order_line_id = l.order_line_id), l.packed, p.nominal_weight_mg,"
        " coalesce(p.serial_required, 0), w.parcels, w.mean_mg, w.doubt_mg2, w.spread_mg2"
        " FROM fulfillment_line l LEFT JOIN product p USING (sku) LEFT JOIN learned_weight w USING (sku)"
        " WHERE l.fulfillment_id = ? ORDER BY l.position",
        (fulfillment_id,),
    )
    return tuple(map(_line, rows))


def _line(row: tuple[Any, ...]) -> PackLine:
    order_line_id, sku, name, picked, shorts, packed, nominal_mg, serial_required, *learned = row
    qty = Decimal(picked) - sum((Decimal(short) for short in (shorts or "0").split(",")), Decimal(0))
    weighed = Learned(*learned) if learned[0] is not None else None
    return PackLine(order_line_id, sku, name, qty, Decimal(packed), nominal_mg, bool(serial_required), weighed)


def _parcels(db: sqlite3.Connection, fulfillment_id: str) -> tuple[Parcel, ...]:
    items: dict[str, list[tuple[str, Decimal]]] = {}
    for package_id, line_id, qty in db.execute(
        "SELECT i.package_id, i.order_line_id, i.qty FROM package p JOIN package_item i USING (package_id)"
        " WHERE p.fulfillment_id = ? ORDER BY i.package_id, i.order_line_id",
        (fulfillment_id,),
    ):
        items.setdefault(package_id, []).append((line_id, Decimal(qty)))
    rows = db.execute(
        "SELECT package_id, number, status, weight_mg, carton_id, tare_mg, photo, length_mm, width_mm, height_mm"
        " FROM package WHERE fulfillment_id = ? ORDER BY number, package_id",
        (fulfillment_id,),
    )
    return tuple(_parcel(row, tuple(items.get(row[0], ()))) for row in rows)


def _parcel(row: tuple[Any, ...], items: tuple[tuple[str, Decimal], ...]) -> Parcel:
    package_id, number, status, weight_mg, carton_id, tare_mg, photo, length, width, height = row
    size = None if length is None else Dimensions(length_mm=length, width_mm=width, height_mm=height)
    state = states.Package(status)
    return Parcel(package_id, number, state, weight_mg, items, carton_id, tare_mg, photo, size)


def _units(db: sqlite3.Connection, fulfillment_id: str) -> tuple[Unit, ...]:
    rows = db.execute(
        "SELECT count_id, package_id, order_line_id, qty, serial, lot_id FROM package_unit"
        " WHERE fulfillment_id = ? ORDER BY count_id",
        (fulfillment_id,),
    )
    return tuple(
        Unit(count, package, line, Decimal(qty), serial, lot) for count, package, line, qty, serial, lot in rows
    )


def _notes(db: sqlite3.Connection, fulfillment_id: str, said: dict[str, Any]) -> tuple[Note, ...]:
    rows = db.execute("SELECT code FROM pack_note WHERE fulfillment_id = ?", (fulfillment_id,))
    confirmed = {code for (code,) in rows}
    return tuple(note._replace(confirmed=note.code in confirmed) for note in notes_of(said))
