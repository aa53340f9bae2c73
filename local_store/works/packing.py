"""Parcels beyond the first scan: what each holds, what was confirmed of it, and what products turn out to weigh."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from local_store import numbers
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain import learning, recorded_packs, sealed, states
from local_store.domain.events import decimal_text
from local_store.domain.floor import Floor
from local_store.domain.pack_work import Learned
from local_store.domain.recorded_packs import Station
from local_store.domain.sealed import Sealed
from local_store.loading_labels import load_label
from local_store.loading_packs import load_open_packs, serial_seen
from local_store.loading_picked import load_inside
from local_store.works.part import Act, Acts, DeskLoad, Rule

if TYPE_CHECKING:
    from local_store.transaction import Transaction

TABLES = (
    "pack_short",
    "pack_hand",
    "package_unit",
    "pack_note",
    "package_material",
    "carton",
    "learned_weight",
    "scale_step",
    "product_size",
)
DESKS: Mapping[str, DeskLoad] = {}

_OPEN_AGAIN = (
    "UPDATE package SET status = 'open', weight_mg = NULL, expected_mg = NULL, reason = NULL"
    " WHERE package_id = ? AND status = 'weighed'"
)


def _opened(db: sqlite3.Connection, _seq: int, fact: e.PackageOpened) -> None:
    db.execute(
        "INSERT INTO package(package_id, fulfillment_id, status, number) VALUES (?,?,?,?)",
        (fact.package_id, fact.fulfillment_id, states.Package.OPEN, fact.number),
    )
    _left(db, fact)


def _chosen(db: sqlite3.Connection, _seq: int, fact: e.PackageChosen) -> None:
    _left(db, fact)
    db.execute("DELETE FROM package_item WHERE package_id = ?", (fact.package_id,))
    db.execute(_OPEN_AGAIN, (fact.package_id,))


def _left(db: sqlite3.Connection, fact: e.OfParcelLeft) -> None:
    """What the parcel that was left holds is written down; what the open one holds follows from the totals."""
    db.execute("DELETE FROM package_item WHERE package_id = ?", (fact.left_id,))
    db.executemany(
        "INSERT INTO package_item VALUES (?,?,?,?)",
        [(fact.left_id, item.order_line_id, item.sku, decimal_text(item.qty)) for item in fact.left],
    )
    db.execute(
        "UPDATE fulfillment SET package_id = ?, counting_line_id = NULL WHERE fulfillment_id = ?",
        (fact.package_id, fact.fulfillment_id),
    )
    db.execute("DELETE FROM last_count WHERE work = ?", (fact.entity,))


def _repacked(db: sqlite3.Connection, _seq: int, fact: e.UnitsRepacked) -> None:
    (current,) = db.execute(
        "SELECT package_id FROM fulfillment WHERE fulfillment_id = ?", (fact.fulfillment_id,)
    ).fetchone()
    for package_id, qty in ((fact.source_id, -fact.qty), (fact.target_id, fact.qty)):
        if package_id != current:
            _add(db, package_id, fact, qty)
        db.execute(_OPEN_AGAIN, (package_id,))
    db.executemany(
        "UPDATE package_unit SET package_id = ? WHERE fulfillment_id = ? AND order_line_id = ? AND serial = ?",
        [(fact.target_id, fact.fulfillment_id, fact.order_line_id, serial) for serial in fact.serials],
    )
    db.execute("DELETE FROM last_count WHERE work = ?", (fact.entity,))
    db.execute("UPDATE fulfillment SET counting_line_id = NULL WHERE fulfillment_id = ?", (fact.fulfillment_id,))


def _add(db: sqlite3.Connection, package_id: str, fact: e.UnitsRepacked, qty: Decimal) -> None:
    key = (package_id, fact.order_line_id)
    row = db.execute("SELECT qty FROM package_item WHERE package_id = ? AND order_line_id = ?", key).fetchone()
    total = Decimal(row[0] if row else 0) + qty
    db.execute("DELETE FROM package_item WHERE package_id = ? AND order_line_id = ?", key)
    if total > 0:
        db.execute("INSERT INTO package_item VALUES (?,?,?,?)", (*key, fact.sku, decimal_text(total)))


def _short(db: sqlite3.Connection, seq: int, fact: e.PackShort) -> None:
    db.execute(
        "INSERT INTO pack_short VALUES (?,?,?,?,?)",
        (fact.fulfillment_id, fact.order_line_id, fact.count_id, decimal_text(fact.qty), fact.reason),
    )
    db.execute("INSERT INTO last_count VALUES (?,?,?,?,'0')", (fact.entity, seq, fact.count_id, fact.order_line_id))
    db.execute("UPDATE fulfillment SET counting_line_id = NULL WHERE fulfillment_id = ?", (fact.fulfillment_id,))


def _undone(db: sqlite3.Connection, _seq: int, fact: e.PackUndone) -> None:
    db.execute(
        "DELETE FROM pack_short WHERE fulfillment_id = ? AND count_id = ?", (fact.fulfillment_id, fact.count_id)
    )
    db.execute("DELETE FROM package_unit WHERE count_id = ?", (fact.count_id,))


def _sealed(db: sqlite3.Connection, _seq: int, fact: e.PackageSealed) -> None:
    """With the last parcel, those go that were opened and stayed empty."""
    if not fact.last:
        return
    db.execute(
        "DELETE FROM package WHERE fulfillment_id = :id AND status = 'open'"
        " AND EXISTS (SELECT 1 FROM package WHERE fulfillment_id = :id AND number > 1)",
        {"id": fact.fulfillment_id},
    )
    db.execute("DELETE FROM pack_hand WHERE fulfillment_id = ?", (fact.fulfillment_id,))


def _voided(db: sqlite3.Connection, seq: int, fact: e.PackageVoided) -> None:
    db.execute("UPDATE package SET status = ? WHERE package_id = ?", (states.Package.VOIDED, fact.package_id))
    for item in fact.items:
        key = (fact.fulfillment_id, item.order_line_id)
        (packed,) = db.execute(
            "SELECT packed FROM fulfillment_line WHERE fulfillment_id = ? AND order_line_id = ?", key
        ).fetchone()
        left = decimal_text(Decimal(packed) - item.qty)
        db.execute(
            "UPDATE fulfillment_line SET packed = ? WHERE fulfillment_id = ? AND order_line_id = ?", (left, *key)
        )
    db.execute("DELETE FROM package_unit WHERE package_id = ?", (fact.package_id,))
    db.execute(
        "UPDATE fulfillment SET session = ?, ready_seq = ?, package_id = NULL, shipment_asked = 0"
        " WHERE fulfillment_id = ? AND session = ?",
        (states.PackSession.READY, seq, fact.fulfillment_id, states.PackSession.PACKED),
    )
    db.execute("DELETE FROM last_count WHERE work = ?", (fact.entity,))


def _shipped(db: sqlite3.Connection, _seq: int, fact: e.ShipmentRequested) -> None:
    db.execute("UPDATE fulfillment SET shipment_asked = 1 WHERE fulfillment_id = ?", (fact.fulfillment_id,))


def _resumed(db: sqlite3.Connection, _seq: int, fact: e.PackResumed) -> None:
    db.execute("UPDATE place SET fulfillment_id = ? WHERE workplace = ?", (fact.fulfillment_id, fact.workplace))


def _in_hand(db: sqlite3.Connection, _seq: int, fact: e.PackInHand) -> None:
    db.execute("DELETE FROM pack_hand WHERE fulfillment_id = ?", (fact.fulfillment_id,))
    if fact.order_line_id is not None:
        db.execute("INSERT INTO pack_hand VALUES (?,?)", (fact.fulfillment_id, fact.order_line_id))


def _identified(db: sqlite3.Connection, _seq: int, fact: e.UnitIdentified) -> None:
    db.execute("DELETE FROM pack_hand WHERE fulfillment_id = ?", (fact.fulfillment_id,))
    db.execute(
        "INSERT INTO package_unit VALUES (?,?,?,?,?,?,?,?,?)",
        (
            *(fact.count_id, fact.fulfillment_id, fact.package_id, fact.order_line_id, fact.sku),
            *(decimal_text(fact.qty), fact.serial, fact.lot_id, fact.expires_on),
        ),
    )


def _confirmed(db: sqlite3.Connection, _seq: int, fact: e.NoteConfirmed) -> None:
    db.execute("INSERT OR IGNORE INTO pack_note VALUES (?,?,?)", (fact.fulfillment_id, fact.code, fact.worker_id))


def _carton(db: sqlite3.Connection, _seq: int, fact: e.CartonChosen) -> None:
    db.execute(
        "UPDATE package SET carton_id = ?, tare_mg = ? WHERE package_id = ?",
        (fact.carton_id, fact.tare_mg, fact.package_id),
    )
    db.execute("DELETE FROM package_material WHERE package_id = ?", (fact.package_id,))
    db.execute(_OPEN_AGAIN, (fact.package_id,))


def _material(db: sqlite3.Connection, _seq: int, fact: e.MaterialUsed) -> None:
    key = (fact.package_id, fact.material)
    row = db.execute("SELECT qty FROM package_material WHERE package_id = ? AND material = ?", key).fetchone()
    total = decimal_text(Decimal(row[0] if row else 0) + fact.qty)
    db.execute("INSERT OR REPLACE INTO package_material VALUES (?,?,?)", (*key, total))
    db.execute("UPDATE package SET tare_mg = ? WHERE package_id = ?", (fact.tare_mg, fact.package_id))
    db.execute(_OPEN_AGAIN, (fact.package_id,))


def _measured(db: sqlite3.Connection, _seq: int, fact: e.PackageMeasured) -> None:
    size = fact.dimensions
    db.execute(
        "UPDATE package SET length_mm = ?, width_mm = ?, height_mm = ? WHERE package_id = ?",
        (size.length_mm, size.width_mm, size.height_mm, fact.package_id),
    )


def _photographed(db: sqlite3.Connection, _seq: int, fact: e.PackagePhotographed) -> None:
    db.execute("UPDATE package SET photo = ? WHERE package_id = ?", (fact.sha256, fact.package_id))


def _told(db: sqlite3.Connection, _seq: int, fact: e.CartonsTold) -> None:
    db.execute("DELETE FROM carton WHERE lane = ?", (fact.lane,))
    for each in fact.cartons:
        size = (each.length_mm, each.width_mm, each.height_mm)
        row = (fact.lane, each.carton_id, each.name, *size, each.tare_mg, each.max_mg)
        db.execute("INSERT INTO carton VALUES (?,?,?,?,?,?,?,?)", row)


def _product(db: sqlite3.Connection, _seq: int, fact: e.ProductReceived) -> None:
    db.execute("DELETE FROM product_size WHERE sku = ?", (fact.sku,))
    if fact.size is not None:
        size = (fact.size.length_mm, fact.size.width_mm, fact.size.height_mm)
        db.execute("INSERT INTO product_size VALUES (?,?,?,?)", (fact.sku, *size))


def _weighed(db: sqlite3.Connection, _seq: int, fact: e.PackageWeighed) -> None:
    """Each weight tells how finely its scale weighs."""
    if fact.tare_mg is None:  # weighed before weights were learned
        return
    row = db.execute("SELECT step_mg FROM scale_step WHERE scale = ?", (fact.scale,)).fetchone()
    step_mg = learning.finer(row[0] if row else None, fact.weight_mg)
    db.execute("INSERT OR REPLACE INTO scale_step VALUES (?,?)", (fact.scale, step_mg))
    db.execute("UPDATE package SET step_mg = ? WHERE package_id = ?", (step_mg, fact.package_id))


def _learn(db: sqlite3.Connection, _seq: int, fact: e.PackagePacked) -> None:
    """A parcel whose weight nobody had to explain tells what its products weigh."""
    row = db.execute(
        "SELECT tare_mg, reason, step_mg FROM package WHERE package_id = ?", (fact.package_id,)
    ).fetchone()
    tare_mg, reason, step_mg = row or (None, None, None)
    if tare_mg is None or reason is not None:  # no tare: weighed before weights were learned
        return
    amounts: dict[str, Decimal] = {}
    for item in fact.items:
        units = [(each.sku, each.qty) for each in item.picked]
        for sku, qty in (*units, (item.sku, item.qty - sum((qty for _, qty in units), Decimal(0)))):
            if qty:
                amounts[sku] = amounts.get(sku, Decimal(0)) + qty
    known = {sku: _known(db, sku) for sku in amounts}
    for sku, weight in learning.learn(amounts, known, fact.weight_mg - tare_mg, step_mg or 0).items():
        db.execute("INSERT OR REPLACE INTO learned_weight VALUES (?,?,?,?,?)", (sku, *weight))


def _known(db: sqlite3.Connection, sku: str) -> Learned | None:
    row = db.execute(
        "SELECT parcels, mean_mg, doubt_mg2, spread_mg2 FROM learned_weight WHERE sku = ?", (sku,)
    ).fetchone()
    if row is not None:
        return Learned(*row)
    product = db.execute("SELECT nominal_weight_mg FROM product WHERE sku = ?", (sku,)).fetchone()
    nominal_mg = product[0] if product else None
    return learning.from_nominal(nominal_mg) if nominal_mg else None


RULES: Mapping[str, Rule] = {
    e.PackageOpened.kind: _opened,
    e.PackageChosen.kind: _chosen,
    e.UnitsRepacked.kind: _repacked,
    e.PackShort.kind: _short,
    e.PackUndone.kind: _undone,
    e.PackageSealed.kind: _sealed,
    e.PackageVoided.kind: _voided,
    e.ShipmentRequested.kind: _shipped,
    e.PackResumed.kind: _resumed,
    e.PackInHand.kind: _in_hand,
    e.UnitIdentified.kind: _identified,
    e.NoteConfirmed.kind: _confirmed,
    e.CartonChosen.kind: _carton,
    e.MaterialUsed.kind: _material,
    e.PackageMeasured.kind: _measured,
    e.PackagePhotographed.kind: _photographed,
    e.CartonsTold.kind: _told,
    e.PackageWeighed.kind: _weighed,
    e.PackagePacked.kind: _learn,
    e.ProductReceived.kind: _product,
}


def _sealed_order(tx: Transaction, fulfillment_id: str, package_id: str | None = None) -> Sealed:
    row = tx.connection.execute(
        "SELECT shipment_asked FROM fulfillment WHERE fulfillment_id = ?", (fulfillment_id,)
    ).fetchone()
    label = load_label(tx.connection, package_id) if package_id else None
    inside = load_inside(tx.connection, package_id) if package_id else ()
    return Sealed(tx.remembered.pack(tx, fulfillment_id), label, bool(row and row[0]), inside)


def _of_package(tx: Transaction, command: c.VoidPackage) -> Sealed:
    row = tx.connection.execute(
        "SELECT fulfillment_id FROM package WHERE package_id = ?", (command.package_id,)
    ).fetchone()
    return _sealed_order(tx, row[0], command.package_id) if row else Sealed(None)


def _session(tx: Transaction, command: c.OpenPackSession) -> Station:
    return _station(tx, command.workplace, (command.fulfillment_id,) if command.fulfillment_id else ())


def _recording(tx: Transaction, command: c.RecordPack) -> Station:
    db = tx.connection
    found = _station(tx, command.workplace, command.fulfillment_ids)
    known = (
        db.execute("SELECT 1 FROM package WHERE package_id = ?", (each.package_id,)) for each in command.packages
    )
    taken = (each.package_id for each, row in zip(command.packages, known, strict=True) if row.fetchone())
    lines = {line.order_line_id: (line, work) for work in found.works for line in work.lines}
    told = [(*lines[item.line_id], item) for each in command.packages for item in each.items if item.line_id in lines]
    serials = {
        (line.sku, serial): serial_seen(db, work, line.sku, serial)
        for line, work, item in told
        for serial in item.serials
    }
    return found._replace(taken=frozenset(taken), serials=serials)


def _sealing(tx: Transaction, command: c.SealPackage) -> Station:
    row = tx.connection.execute(
        "SELECT fulfillment_id FROM package WHERE package_id = ?", (command.package_id,)
    ).fetchone()
    return _station(tx, command.workplace, (row[0],) if row else ())._replace(numbers=numbers.load(tx.connection))


def _station(tx: Transaction, workplace: str, fulfillment_ids: tuple[str, ...]) -> Station:
    place = tx.remembered.place(tx, workplace)
    pack = tx.remembered.pack(tx, place.fulfillment_id) if place.fulfillment_id else None
    floor = Floor(place, pack=pack, others=load_open_packs(tx, place))
    works = (tx.remembered.pack(tx, each) for each in dict.fromkeys(fulfillment_ids))
    return Station(floor, tuple(work for work in works if work is not None))


ACTS: Acts = {
    c.OpenPackSession: Act(_session, recorded_packs.open_session),
    c.RecordPack: Act(_recording, recorded_packs.record),
    c.SealPackage: Act(_sealing, recorded_packs.seal),
    c.VoidPackage: Act(_of_package, sealed.void),
    c.RequestShipment: Act(lambda tx, command: _sealed_order(tx, command.fulfillment_id), sealed.request_shipment),
}
