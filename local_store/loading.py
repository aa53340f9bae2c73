"""Reading what one floor command needs, and no more, into the frozen values the domain decides on."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from local_store import numbers, works
from local_store.domain import offline, states, walking
from local_store.domain.asking import question
from local_store.domain.codes import Meaning, key_of
from local_store.domain.commands import (
    ChooseCarton,
    DecideLabel,
    FloorCommand,
    LinkCode,
    OpenWork,
    Photograph,
    ReprintLabel,
    Scan,
    Seal,
    UnlinkCode,
    VoidLabel,
    Weigh,
)
from local_store.domain.floor import Floor, Label, Place
from local_store.domain.linking import Link
from local_store.domain.meaning import Meant
from local_store.domain.pack_work import PackWork, SerialSeen
from local_store.domain.pick_work import PickHand, PickWork, Task, Traced
from local_store.domain.site import USUAL_PICKING, PickingRules
from local_store.domain.words import Answer
from local_store.loading_holds import held
from local_store.loading_labels import load_carrier_label, load_label, load_unchecked
from local_store.loading_packs import ASKS, count_of, load_cartons, load_open_packs, serial_seen
from local_store.works.part import meant_by

if TYPE_CHECKING:
    from local_store.transaction import Transaction

_PICK_ASKS = ASKS.format(id="p.picklist_id", thing="picklist")

ZONE = (
    "coalesce(p.zone, (SELECT CASE WHEN count(DISTINCT coalesce(w.zone, '')) = 1 THEN nullif(max(w.zone), '') END"
    " FROM pick_task t LEFT JOIN location w USING (location_id) WHERE t.picklist_id = p.picklist_id))"
)
"""The zone of picklist `p`: that which HQ names, else that of its locations where they are all of one."""
_AT = 4
"""Where the location stands in a row of a task."""

_NOTHING = Meant("")
_ABOUT_A_LABEL = (DecideLabel, ReprintLabel, VoidLabel)
_PICK_TASKS = {status.value: status for status in states.PickTask}


def load_floor(tx: Transaction, command: FloorCommand) -> Floor:
    """The workplace of a command, its open work, and what its code or id may mean; from memory where it is there."""
    place = tx.remembered.place(tx, command.workplace)
    meant = _meant(tx, command)
    work = tx.site.workplaces[command.workplace]
    if work == "pick":
        return _at_the_shelf(tx, place, command, meant)
    if work == "pack":
        return _at_the_box(tx, place, command, meant)
    desk = works.DESKS[work](tx, place, command, meant)
    return Floor(place=place, meanings=meant.meanings, unclear=meant.unclear, desk=desk)


def _at_the_shelf(tx: Transaction, place: Place, command: FloorCommand, meant: Meant) -> Floor:
    kept, meanings = tx.remembered, meant.meanings
    asked = next((meaning.id for meaning in meanings if meaning.thing == "picklist"), None)
    asked_pick = kept.pick(tx, asked) if asked else None
    pick = kept.pick(tx, place.picklist_id) if place.picklist_id else None
    floor = Floor(
        place=place,
        pick=pick,
        held=held(tx, command, meant, pick) if pick and kept.holds(tx) else None,
        meanings=meanings,
        unclear=meant.unclear,
        asked_pick=asked_pick,
        too_old=_too_old(tx, asked_pick),
        tote_order_id=_tote_order(tx, meanings),
    )
    if pick is not None:
        return works.picking.load_more(tx, floor, pick, command, meant)
    return floor if asked is None else floor._replace(zone=works.picking.zone_of(tx.connection, place.workplace))


def _at_the_box(tx: Transaction, place: Place, command: FloorCommand, meant: Meant) -> Floor:
    kept, meanings = tx.remembered, meant.meanings
    label, asked_pack = _label(tx, command, meanings), _asked_pack(tx, place, meanings)
    pack = kept.pack(tx, place.fulfillment_id) if place.fulfillment_id else None
    seals = isinstance(command, Seal) or (isinstance(command, Weigh) and command.hands_free)
    return Floor(
        place=place,
        pack=pack,
        held=held(tx, command, meant, pack) if pack and kept.holds(tx) else None,
        meanings=meanings,
        unclear=meant.unclear,
        asked_pack=asked_pack,
        too_old=_too_old(tx, asked_pack),
        label=label,
        unchecked=_unchecked(tx, place, command, label),
        numbers=numbers.load(tx.connection) if seals else {},
        others=load_open_packs(tx, place) if tx.site.packing.slots > 1 else (),
        meant=meant,
        seen=_serial_seen(tx, pack, command, meant) if pack is not None else None,
        has_file=isinstance(command, Photograph) and _has_file(tx, command),
        cartons=load_cartons(tx.connection) if isinstance(command, ChooseCarton) else (),
    )


def _too_old(tx: Transaction, asked: PickWork | PackWork | None) -> Answer | None:
    """Why work of an HQ that was silent for long is not begun."""
    if asked is None:
        return None
    return offline.too_old(tx.site.hq.get(asked.lane), tx.mono_ms, tx.site.freshness_ms)


def _has_file(tx: Transaction, command: Photograph) -> bool:
    row = tx.connection.execute("SELECT 1 FROM file WHERE sha256 = ?", (command.sha256,)).fetchone()
    return row is not None


def _serial_seen(tx: Transaction, work: PackWork, command: FloorCommand, meant: Meant) -> SerialSeen | None:
    """What is known of the serial number that a scan says, where its product is one that needs it."""
    if not isinstance(command, Scan):
        return None
    said = meant.parsed.serial if meant.parsed else None
    named = {meaning.id for meaning in meant.meanings if meaning.thing == "product"}
    line = next((each for each in work.lines if each.serial_required and each.sku in named), None)
    if line is None and work.in_hand is not None and not meant.meanings:
        line, said = work.line(work.in_hand), said or command.code.strip()
    if line is None or said is None:
        return None
    return serial_seen(tx.connection, work, line.sku, said)


def load_place(db: sqlite3.Connection, workplace: str) -> Place:
    """A workplace as it stands; one nobody used yet is empty."""
    row = db.execute(
        "SELECT workplace, worker_id, picklist_id, fulfillment_id, work_id FROM place WHERE workplace = ?",
        (workplace,),
    ).fetchone()
    return Place(*row) if row else Place(workplace)


def load_pick(db: sqlite3.Connection, picklist_id: str, rules: PickingRules = USUAL_PICKING) -> PickWork | None:
    """A picklist with its tasks in walking order: that of the shelves, unless the site keeps HQ's."""
    row = db.execute(
        f"SELECT p.lane, p.status, p.workplace, p.location_id, p.counting_task_id, {_PICK_ASKS}, p.given_to,"  # noqa: S608 -- ours
        f" h.task_id, h.qty, h.lot_id, h.expires_on, h.choice, {ZONE}, u.task_id, c.count_id, c.line_id, c.qty"
        " FROM picklist p LEFT JOIN pick_hand h USING (picklist_id) LEFT JOIN pick_put u USING (picklist_id)"
        " LEFT JOIN last_count c ON c.work = 'picklist:' || p.picklist_id AND c.n ="
        " (SELECT max(n) FROM last_count WHERE work = 'picklist:' || p.picklist_id) WHERE p.picklist_id = ?",
        (picklist_id,),
    ).fetchone()
    if row is None:
        return None
    lane, status, workplace, location_id, counting, asks, given_to, *hand, zone, put_task_id = row[:-3]
    rows = db.execute(
        "SELECT t.task_id, t.fulfillment_id, t.order_line_id, coalesce(f.order_id, t.fulfillment_id),"
        " t.location_id, t.sku, coalesce(p.name, t.sku), t.lot_id, coalesce(p.serial_required, 0),"
        " coalesce(p.expiry_required, 0), t.qty, t.picked, t.status, w.walk_order"
        " FROM pick_task t LEFT JOIN fulfillment f USING (fulfillment_id) LEFT JOIN product p USING (sku)"
        " LEFT JOIN location w ON w.location_id = t.location_id WHERE t.picklist_id = ? ORDER BY t.position",
        (picklist_id,),
    )
    walk = rows if rules.order == "hq" else sorted(rows, key=lambda row: walking.step(row[_AT], row[-1]))
    tasks = tuple(map(_task, walk))
    return PickWork(
        picklist_id=picklist_id,
        lane=lane,
        status=states.Picklist(status),
        tasks=tasks,
        workplace=workplace,
        location_id=location_id,
        counting_task_id=counting,
        last_count=count_of(*row[-3:]),
        asks=question(asks) if asks else None,
        given_to=given_to,
        traced=any(task.traced for task in tasks),
        in_hand=_hand(*hand),
        zone=zone,
        put_task_id=put_task_id,
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
    meant = meant_by(tx, command.code, command.symbology)
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


def _task(row: tuple[Any, ...]) -> Task:
    *described, lot_id, serial, expiry, qty, picked, status, _walk_order = row
    traced = Traced(lot_id, bool(serial), bool(expiry)) if lot_id is not None or serial or expiry else None
    return Task._make((*described, traced, Decimal(qty), Decimal(picked), _PICK_TASKS[status]))


def _hand(task_id: str | None, qty: str, *said: Any) -> PickHand | None:
    return PickHand(task_id, Decimal(qty), *said) if task_id is not None else None


def _meant(tx: Transaction, command: FloorCommand) -> Meant:
    if isinstance(command, Scan):
        return meant_by(tx, command.code, command.symbology)
    if isinstance(command, OpenWork):
        return Meant(command.id, tx.remembered.meanings(tx, key_of(command.id)))
    return _NOTHING


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
