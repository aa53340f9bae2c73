"""Reading what one floor command needs, and no more, into the frozen values the domain decides on."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from local_store import numbers
from local_store.domain import states
from local_store.domain.codes import Meaning, key_of
from local_store.domain.commands import (
    DecideLabel,
    FloorCommand,
    LinkCode,
    OpenWork,
    ReprintLabel,
    Scan,
    Seal,
    UnlinkCode,
    VoidLabel,
)
from local_store.domain.floor import Count, Floor, Label, PackLine, PackWork, PickWork, Place, Task
from local_store.domain.linking import Link
from local_store.domain.meaning import Meant, mean

if TYPE_CHECKING:
    from local_store.transaction import Transaction

_SAME = "FROM spool_job o WHERE o.package_id = nullif(s.package_id, '') AND (o.file = '') = (s.file = '')"
"""The jobs for one and the same label of a package: our own, or the carrier's."""
_LABEL = (
    "SELECT s.job_id, s.package_id, s.fulfillment_id, s.picklist_id, coalesce(f.order_id, ''), s.sscc, s.state,"  # noqa: S608 -- ours
    f" s.copy_no, coalesce((SELECT max(o.copy_no) {_SAME}), 1), coalesce((SELECT max(o.copy_no) {_SAME}"
    "  AND o.state NOT IN ('cancelled', 'expired', 'failed_clean')), 1),"
    f" EXISTS (SELECT 1 {_SAME} AND o.state IN ('sending', 'sent')),"
    f" EXISTS (SELECT 1 {_SAME} AND o.job_id <> s.job_id AND o.state NOT IN ('confirmed', 'cancelled', 'voided')),"
    " s.box_check, s.template, s.label_values, s.file FROM spool_job s LEFT JOIN fulfillment f USING (fulfillment_id)"
)
_ON_A_BOX = "s.label_class = 'unique' AND s.file = '' AND s.state NOT IN ('cancelled', 'voided')"

_ASKS = (
    "(SELECT x.sentence FROM work_exception x WHERE x.work_id = {id} AND x.thing = '{thing}'"
    " AND x.state <> 'decided' AND (x.proposed <> 'continue' OR x.state = 'held') LIMIT 1)"
)
_PICK_ASKS = _ASKS.format(id="p.picklist_id", thing="picklist")
_PACK_ASKS = _ASKS.format(id="f.fulfillment_id", thing="fulfillment")

MS_PER_S = 1000
_NOTHING = Meant("")
_ABOUT_A_LABEL = (DecideLabel, ReprintLabel, VoidLabel)
_PICK_TASKS = {status.value: status for status in states.PickTask}


def load_floor(tx: Transaction, command: FloorCommand) -> Floor:
    """The workplace of a command, its open work, and what its code or id may mean; from memory where it is there."""
    kept, site = tx.remembered, tx.site
    place = kept.place(tx, command.workplace)
    meant = _meant(tx, command)
    meanings = meant.meanings
    if site.workplaces[command.workplace] == "pick":
        asked = next((meaning.id for meaning in meanings if meaning.thing == "picklist"), None)
        return Floor(
            place=place,
            pick=kept.pick(tx, place.picklist_id) if place.picklist_id else None,
            meanings=meanings,
            unclear=meant.unclear,
            asked_pick=kept.pick(tx, asked) if asked else None,
            tote_order_id=_tote_order(tx, meanings),
        )
    label = _label(tx, command, meanings)
    return Floor(
        place=place,
        pack=kept.pack(tx, place.fulfillment_id) if place.fulfillment_id else None,
        meanings=meanings,
        unclear=meant.unclear,
        asked_pack=_asked_pack(tx, place, meanings),
        label=label,
        unchecked=_unchecked(tx, place, command, label),
        numbers=numbers.load(tx.connection) if isinstance(command, Seal) else {},
    )


def load_place(db: sqlite3.Connection, workplace: str) -> Place:
    """A workplace as it stands; one nobody used yet is empty."""
    row = db.execute(
        "SELECT workplace, worker_id, picklist_id, fulfillment_id FROM place WHERE workplace = ?", (workplace,)
    ).fetchone()
    return Place(*row) if row else Place(workplace)


def load_pick(db: sqlite3.Connection, picklist_id: str) -> PickWork | None:
    """A picklist with its tasks in walking order."""
    row = db.execute(
        f"SELECT p.lane, p.status, p.workplace, p.location_id, p.counting_task_id, {_PICK_ASKS},"  # noqa: S608 -- ours
        " c.count_id, c.line_id, c.qty FROM picklist p"
        " LEFT JOIN last_count c ON c.work = 'picklist:' || p.picklist_id AND c.n ="
        " (SELECT max(n) FROM last_count WHERE work = 'picklist:' || p.picklist_id) WHERE p.picklist_id = ?",
        (picklist_id,),
    ).fetchone()
    if row is None:
        return None
    lane, status, workplace, location_id, counting, asks, *last_count = row
    tasks = db.execute(
        "SELECT t.task_id, t.fulfillment_id, t.order_line_id, coalesce(f.order_id, t.fulfillment_id),"
        " t.location_id, t.sku, coalesce(p.name, t.sku), t.qty, t.picked, t.status"
        " FROM pick_task t LEFT JOIN fulfillment f USING (fulfillment_id) LEFT JOIN product p USING (sku)"
        " WHERE t.picklist_id = ? ORDER BY t.position",
        (picklist_id,),
    )
    return PickWork(
        picklist_id=picklist_id,
        lane=lane,
        status=states.Picklist(status),
        tasks=tuple(map(_task, tasks)),
        workplace=workplace,
        location_id=location_id,
        counting_task_id=counting,
        last_count=_count(*last_count),
        asks=asks,
    )


def load_pack(db: sqlite3.Connection, fulfillment_id: str) -> PackWork | None:
    """A fulfillment at the pack station, with its open package."""
    row = db.execute(
        "SELECT f.fulfillment_id, f.order_id, f.lane, f.warehouse_id, f.party_id, f.picklist_id, f.session,"  # noqa: S608
        " f.carrier_hint, f.service_code, f.insurance, f.workplace, f.package_id, p.status, p.weight_mg,"
        f" f.counting_line_id, {_PACK_ASKS}, c.count_id, c.line_id, c.qty"
        " FROM fulfillment f LEFT JOIN package p ON p.package_id = f.package_id"
        " LEFT JOIN last_count c ON c.work = 'fulfillment:' || f.fulfillment_id"
        " WHERE f.fulfillment_id = ? ORDER BY c.n DESC LIMIT 1",
        (fulfillment_id,),
    ).fetchone()
    if row is None:
        return None
    fulfillment_id, order_id, lane, warehouse_id, party_id, picklist_id, session, *rest = row
    carrier_hint, service_code, insurance, workplace, package_id, package, weight_mg, counting, asks, *last = rest
    lines = db.execute(
        "SELECT l.order_line_id, l.sku, coalesce(p.name, l.sku), l.picked, l.packed, p.nominal_weight_mg"
        " FROM fulfillment_line l LEFT JOIN product p USING (sku) WHERE l.fulfillment_id = ? ORDER BY l.position",
        (fulfillment_id,),
    )
    return PackWork(
        fulfillment_id=fulfillment_id,
        order_id=order_id,
        lane=lane,
        warehouse_id=warehouse_id,
        party_id=party_id,
        picklist_id=picklist_id,
        session=states.PackSession(session),
        lines=tuple(map(_pack_line, lines)),
        carrier_hint=carrier_hint,
        service_code=service_code,
        insurance=json.loads(insurance) if insurance else None,
        workplace=workplace,
        package_id=package_id,
        package=states.Package(package) if package else states.Package.OPEN,
        weight_mg=weight_mg,
        counting_line_id=counting,
        last_count=_count(*last),
        asks=asks,
    )


def load_meanings(db: sqlite3.Connection, key: str) -> tuple[Meaning, ...]:
    """What a code may mean, by its key (see `codes.key_of`)."""
    rows = db.execute(
        "SELECT c.thing, c.id, c.multiplier, p.name FROM code c"
        " LEFT JOIN product p ON c.thing = 'product' AND p.sku = c.id WHERE c.key = :key"
        " UNION ALL SELECT 'product', l.sku, l.multiplier, p.name FROM linked_code l LEFT JOIN product p USING (sku)"
        " WHERE l.key = :key AND NOT EXISTS"
        "  (SELECT 1 FROM code c WHERE c.key = :key AND c.thing = 'product' AND c.id = l.sku)",
        {"key": key},
    )
    return tuple(Meaning(*row) for row in rows)


def load_link(tx: Transaction, command: LinkCode | UnlinkCode) -> tuple[Meant, Link | None]:
    """What a code means now, and the link it has."""
    meant = mean(command.code, command.symbology, lambda key: tx.remembered.meanings(tx, key), _year(tx))
    row = tx.connection.execute(
        "SELECT l.key, l.code, l.sku, l.multiplier, p.name FROM linked_code l LEFT JOIN product p USING (sku)"
        " WHERE l.key = ? OR l.code = ? ORDER BY l.key = ? DESC LIMIT 1",
        (meant.key, command.code, meant.key),
    ).fetchone()
    return meant, Link(*row) if row else None


def load_product(tx: Transaction, sku: str) -> Meaning | None:
    """The product of this SKU, where it is known here."""
    found = tx.remembered.meanings(tx, key_of(sku))
    return next((each for each in found if each.thing == "product" and each.id == sku), None)


def load_label(db: sqlite3.Connection, job_or_package_id: str) -> Label | None:
    """The label job with this id, or the newest one of our own for the package with this id."""
    row = db.execute(
        f"{_LABEL} WHERE s.job_id = :id OR (s.package_id = :id AND s.file = '')"
        " ORDER BY s.state = 'cancelled', s.requested_seq DESC LIMIT 1",
        {"id": job_or_package_id},
    ).fetchone()
    return Label(*row) if row else None


def load_carrier_label(db: sqlite3.Connection, package_id: str) -> Label | None:
    """The newest job for the carrier's label of a package."""
    row = db.execute(
        f"{_LABEL} WHERE s.package_id = ? AND s.file <> ''"
        " ORDER BY s.state = 'cancelled', s.requested_seq DESC LIMIT 1",
        (package_id,),
    ).fetchone()
    return Label(*row) if row else None


def load_unchecked(db: sqlite3.Connection, workplace: str) -> Label | None:
    """The label that waits to be scanned on its box at a workplace: the newest, else one found on another box."""
    row = db.execute(
        f"{_LABEL} WHERE s.workplace = ? AND {_ON_A_BOX} ORDER BY s.requested_seq DESC LIMIT 1", (workplace,)
    ).fetchone()
    if row is None or Label(*row).box_check != "done":
        return Label(*row) if row else None
    row = db.execute(
        f"{_LABEL} WHERE s.workplace = ? AND s.box_check = 'swapped' AND {_ON_A_BOX}"
        " ORDER BY s.requested_seq DESC LIMIT 1",
        (workplace,),
    ).fetchone()
    return Label(*row) if row else None


def _pack_line(row: tuple[Any, ...]) -> PackLine:
    order_line_id, sku, name, picked, packed, nominal_mg = row
    return PackLine(order_line_id, sku, name, Decimal(picked), Decimal(packed), nominal_mg)


def _task(row: tuple[Any, ...]) -> Task:
    *described, qty, picked, status = row
    return Task._make((*described, Decimal(qty), Decimal(picked), _PICK_TASKS[status]))


def _meant(tx: Transaction, command: FloorCommand) -> Meant:
    if isinstance(command, Scan):
        return mean(command.code, command.symbology, lambda key: tx.remembered.meanings(tx, key), _year(tx))
    if isinstance(command, OpenWork):
        return Meant(command.id, tx.remembered.meanings(tx, key_of(command.id)))
    return _NOTHING


def _year(tx: Transaction) -> int:
    return datetime.fromtimestamp(tx.wall_ms / MS_PER_S, UTC).year


def _asked_pack(tx: Transaction, place: Place, meanings: tuple[Meaning, ...]) -> PackWork | None:
    """The fulfillment a code names; where an order has several, the open one comes first, then one that is ready."""
    named = [tx.remembered.pack(tx, meaning.id) for meaning in meanings if meaning.thing == "fulfillment"]
    found = [work for work in named if work is not None]
    ready = states.PackSession.READY
    return min(found, key=lambda w: (w.fulfillment_id != place.fulfillment_id, w.session is not ready), default=None)


def _tote_order(tx: Transaction, meanings: tuple[Meaning, ...]) -> str | None:
    for meaning in meanings:
        if meaning.thing == "fulfillment":
            row = tx.connection.execute(
                "SELECT order_id FROM fulfillment WHERE fulfillment_id = ? AND session <> 'packed'", (meaning.id,)
            ).fetchone()
            if row:
                order_id: str = row[0]
                return order_id
    return None


def _label(tx: Transaction, command: FloorCommand, meanings: tuple[Meaning, ...]) -> Label | None:
    if isinstance(command, _ABOUT_A_LABEL):
        return load_label(tx.connection, command.job_id)
    for meaning in meanings:
        if meaning.thing == "package":
            return load_label(tx.connection, meaning.id)
        if meaning.thing == "carrier_label":
            return load_carrier_label(tx.connection, meaning.id)
        if meaning.thing == "label":
            label = load_label(tx.connection, meaning.id)
            return label._replace(scanned_copy=meaning.multiplier) if label else None
    return None


def _unchecked(tx: Transaction, place: Place, command: FloorCommand, label: Label | None) -> Label | None:
    """A box waits for its label between two orders only, and only a scan or the next order can ask about it."""
    asks = label is not None if isinstance(command, Scan) else isinstance(command, OpenWork)
    if place.fulfillment_id is not None or not (asks or tx.site.label_check):
        return None
    return load_unchecked(tx.connection, place.workplace)


def _count(count_id: str | None, line_id: str, qty: str) -> Count | None:
    return Count(count_id, line_id, Decimal(qty)) if count_id is not None else None
