"""Parcels that are loaded, manifests and notices."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from local_store import journal, outbox
from local_store.domain import commands as c
from local_store.domain import dispatching, spelling, states
from local_store.domain.asking import question
from local_store.domain.codes import Meaning, key_of
from local_store.domain.commands import FloorCommand
from local_store.domain.dispatch import MOST_MISSING, Desk, Manifest, OnBoard, Parcel, carriers_of, takes
from local_store.domain.dispatching import DayEnd, ToAnnounce, ToOpen, ToSendBack
from local_store.domain.floor import Place
from local_store.domain.meaning import Meant
from local_store.loading_labels import load_label
from local_store.works import dispatch_views, stock
from local_store.works.part import MS_PER_S, Act, Acts, DeskLoad, Rule, meant_by

if TYPE_CHECKING:
    from local_store.transaction import Transaction

TABLES: tuple[str, ...] = ("manifest", "parcel", "notice", "vendor_shipment", "closed_day")

_ASKS = (
    "(SELECT x.sentence FROM work_exception x WHERE x.thing = 'fulfillment' AND x.work_id = f.fulfillment_id"
    " AND x.state <> 'decided' AND (x.proposed <> 'continue' OR x.state = 'held') LIMIT 1)"
)
"""As `loading` asks it of an order that is packed."""
_VOIDED = (
    "EXISTS (SELECT 1 FROM spool_job s WHERE s.package_id = p.package_id AND s.file = '' AND s.state = 'voided')"
)
"""The number of a parcel is burned with any copy of its label."""
_PARCEL = (
    "SELECT p.package_id, p.fulfillment_id, coalesce(f.order_id, p.fulfillment_id), coalesce(f.lane, ''),"  # noqa: S608 -- ours
    f" coalesce(p.sscc, ''), p.status, f.carrier_hint, {_VOIDED}, {_ASKS}, r.manifest_id FROM package p"
    " LEFT JOIN fulfillment f USING (fulfillment_id) LEFT JOIN parcel r USING (package_id)"
)
_HERE = (
    "SELECT p.package_id, p.fulfillment_id, coalesce(f.order_id, p.fulfillment_id), coalesce(p.sscc, ''),"  # noqa: S608 -- ours
    " f.carrier_hint FROM parcel r JOIN package p USING (package_id)"
    " LEFT JOIN fulfillment f ON f.fulfillment_id = p.fulfillment_id"
    f" WHERE r.state = 'here' AND p.status = 'sealed' AND NOT {_VOIDED} AND {_ASKS} IS NULL ORDER BY r.seq LIMIT ?"
)
_MANIFEST = "SELECT manifest_id, carrier, dock, dispatch_date, status, workplace FROM manifest"


# --- what is shown of the store ----------------------------------------------------------------------------------


def load_manifest(db: sqlite3.Connection, manifest_id: str | None) -> Manifest | None:
    """A manifest with what is on it, and while it is open with what should be."""
    row = db.execute(f"{_MANIFEST} WHERE manifest_id = ?", (manifest_id,)).fetchone()
    if row is None:
        return None
    manifest = Manifest(*row)
    parcels = db.execute(
        "SELECT r.package_id, r.fulfillment_id, coalesce(f.order_id, r.fulfillment_id), coalesce(p.sscc, '')"
        " FROM parcel r LEFT JOIN package p USING (package_id)"
        " LEFT JOIN fulfillment f ON f.fulfillment_id = r.fulfillment_id WHERE r.manifest_id = ? ORDER BY r.seq",
        (manifest_id,),
    )
    missing = here(db, manifest.carrier) if manifest.status == "open" else ()
    return manifest._replace(parcels=tuple(OnBoard(*each) for each in parcels), missing=missing)


def here(db: sqlite3.Connection, carrier: str | None = None, limit: int = MOST_MISSING) -> tuple[OnBoard, ...]:
    """Sealed parcels that may leave and are on no manifest: all, or those HQ said this carrier takes."""
    found = []
    for *board, hint in db.execute(_HERE, (limit,)):
        if carrier is None or (carriers_of(hint) and takes(carrier, hint)):
            found.append(OnBoard(*board))
    return tuple(found)


def load_parcel(db: sqlite3.Connection, package_id: str) -> Parcel | None:
    """A parcel as it stands."""
    row = db.execute(f"{_PARCEL} WHERE p.package_id = ?", (package_id,)).fetchone()
    if row is None:
        return None
    package, fulfillment, order, lane, sscc, status, hint, voided, asks, manifest_id = row
    head = db.execute(f"{_MANIFEST} WHERE manifest_id = ?", (manifest_id,)).fetchone() if manifest_id else None
    of = (
        package,
        fulfillment,
        order,
        lane,
        sscc,
        states.Package(status),
        hint,
        bool(voided),
        question(asks) if asks else None,
    )
    return Parcel(*of, manifest=Manifest(*head) if head else None)


def parcel_meant(db: sqlite3.Connection, meanings: tuple[Meaning, ...]) -> Parcel | None:
    """The parcel that a code means: by its own number, a label on it, or the carrier's; else the order's."""
    for meaning in meanings:
        if meaning.thing in {"package", "carrier_label"}:
            return load_parcel(db, meaning.id)
        if meaning.thing == "label":
            label = load_label(db, meaning.id)
            parcel = load_parcel(db, label.package_id) if label else None
            return parcel._replace(voided=parcel.voided or label.state == "voided") if parcel and label else parcel
    named = next((meaning.id for meaning in meanings if meaning.thing == "fulfillment"), None)
    return _by_order(db, named) if named else None


def _by_order(db: sqlite3.Connection, fulfillment_id: str) -> Parcel | None:
    row = db.execute(
        "SELECT package_id FROM package WHERE fulfillment_id = ? ORDER BY status = 'sealed' LIMIT 1",
        (fulfillment_id,),
    ).fetchone()
    parcel = load_parcel(db, row[0]) if row else None
    if parcel is not None:
        return parcel._replace(by_order_code=True)
    order = db.execute(
        "SELECT order_id, lane FROM fulfillment WHERE fulfillment_id = ?", (fulfillment_id,)
    ).fetchone()
    return Parcel("", fulfillment_id, order[0], order[1], "", None) if order else None


def _desk(tx: Transaction, place: Place, command: FloorCommand, meant: Meant) -> Desk:
    db = tx.connection
    manifest = load_manifest(db, place.work_id)
    parcel = parcel_meant(db, meant.meanings)
    named = next((meaning.id for meaning in meant.meanings if meaning.thing == "manifest"), None)
    asked = load_manifest(db, named)
    if asked is not None or manifest is not None or parcel is None or not carriers_of(parcel.carrier_hint):
        return Desk(manifest, asked, parcel)
    left = _open_at(db, command.workplace, parcel)
    return Desk(None, left, parcel, _fresh(tx, command, parcel) if left is None else None)


def _fresh(tx: Transaction, command: FloorCommand, parcel: Parcel) -> Manifest:
    carrier, workplace = carriers_of(parcel.carrier_hint)[0], command.workplace
    of = (spelling.manifest_id(command.command_id), carrier, workplace, today(tx.site.timezone, tx.wall_ms))
    return Manifest(*of, "open", workplace, missing=here(tx.connection, carrier))


def _open_at(db: sqlite3.Connection, dock: str, parcel: Parcel) -> Manifest | None:
    """The open manifest at a dock for the carrier of a parcel, where it was left."""
    rows = db.execute(f"{_MANIFEST} WHERE dock = ? AND status = 'open' ORDER BY opened_seq DESC LIMIT 20", (dock,))
    for row in rows.fetchall():
        if takes(row[1], parcel.carrier_hint):
            return load_manifest(db, row[0])
    return None


def today(timezone: str, wall_ms: int) -> str:
    """The day at the site."""
    return _local(timezone, wall_ms).date().isoformat()


def _local(timezone: str, wall_ms: int) -> datetime:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 -- not at the start, which is measured

    return datetime.fromtimestamp(wall_ms / MS_PER_S, UTC).astimezone(ZoneInfo(timezone))


def day_end(db: sqlite3.Connection, timezone: str, wall_ms: int, *, loads: bool) -> DayEnd:
    """What the day came to; where nothing is loaded at this station, nothing is missed on a manifest."""
    now = _local(timezone, wall_ms)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    since = journal.first_since(db, int(midnight.timestamp() * MS_PER_S))
    sealed, manifests, dispatched, unsealed, labels, closed = db.execute(
        "SELECT (SELECT count(*) FROM journal WHERE seq >= :since AND kind = 'package.sealed'),"
        " (SELECT count(*) FROM manifest WHERE closed_seq >= :since),"
        " (SELECT count(*) FROM manifest m JOIN parcel USING (manifest_id) WHERE m.closed_seq >= :since),"
        " (SELECT count(*) FROM fulfillment WHERE session = 'packing'),"
        " (SELECT count(*) FROM spool_job WHERE state IN"
        "  ('queued', 'ready', 'sending', 'sent', 'uncertain', 'failed_clean', 'expired')),"
        " (SELECT count(*) FROM closed_day WHERE day = :day)",
        {"since": since, "day": now.date().isoformat()},
    ).fetchone()
    lanes = [outbox.figures(db, lane) for lane in outbox.lanes_of(db)]
    return DayEnd(
        *(now.date().isoformat(), bool(closed), sealed, dispatched, manifests, unsealed),
        not_loaded=len(here(db)) if loads else 0,
        labels_waiting=labels,
        unsent=sum(each.unsent for each in lanes),
        parked=sum(each.parked for each in lanes),
    )


def local_fulfillment(db: sqlite3.Connection, shipment_id: str) -> str | None:
    """The fulfillment of a shipment, named as here or as an HQ has it; None where it is not known."""
    own = spelling.shipment_of(shipment_id)
    row = db.execute(
        "SELECT local_id FROM hq_ref WHERE thing = 'shipment' AND hq_id = ? UNION ALL"
        " SELECT fulfillment_id FROM fulfillment WHERE fulfillment_id = ? LIMIT 1",
        (shipment_id, own),
    ).fetchone()
    return row[0] if row else None


DESKS: Mapping[str, DeskLoad] = {"load": _desk}
RULES: Mapping[str, Rule] = dispatch_views.RULES


# --- what acts need ----------------------------------------------------------------------------------------------


def _to_open(tx: Transaction, command: c.OpenManifest) -> ToOpen:
    db = tx.connection
    found: list[tuple[str, Parcel | None]] = []
    for code in command.parcels:
        fulfillment_id = local_fulfillment(db, code)
        if fulfillment_id is None:
            found.append((code, parcel_meant(db, tx.remembered.meanings(tx, key_of(code)))))
            continue
        rows = db.execute("SELECT package_id FROM package WHERE fulfillment_id = ?", (fulfillment_id,)).fetchall()
        found += [(code, load_parcel(db, row[0])) for row in rows] or [(code, _by_order(db, fulfillment_id))]
    return ToOpen(tuple(found))


def _to_close(tx: Transaction, command: c.CloseManifest) -> Manifest | None:
    return load_manifest(tx.connection, command.manifest_id)


def _to_unload(tx: Transaction, command: c.UnloadParcel) -> tuple[Manifest | None, str | None]:
    db = tx.connection
    parcel = parcel_meant(db, meant_by(tx, command.parcel).meanings) or load_parcel(db, command.parcel)
    return load_manifest(db, command.manifest_id), parcel.package_id if parcel else None


def _to_announce(tx: Transaction, command: c.MakeNotice) -> ToAnnounce:
    db = tx.connection
    known = db.execute("SELECT 1 FROM notice WHERE asn_reference = ?", (command.asn_reference,)).fetchone()
    if command.manifest_id is not None and not command.fulfillment_ids:
        manifest = load_manifest(db, command.manifest_id)
        away = manifest if manifest is not None and manifest.status == "closed" else None
        orders = dict.fromkeys(each.fulfillment_id for each in away.parcels) if away else ()
        return ToAnnounce(known is not None, frozenset({away.manifest_id} if away else ()), tuple(orders))
    manifests, not_away = set(), None
    named = tuple(dict.fromkeys(local_fulfillment(db, each) or each for each in command.fulfillment_ids))
    for fulfillment_id in named:
        rows = db.execute(
            "SELECT DISTINCT manifest_id FROM parcel WHERE fulfillment_id = ? AND state = 'left'", (fulfillment_id,)
        ).fetchall()
        manifests |= {row[0] for row in rows}
        not_away = not_away or (None if rows else fulfillment_id)
    return ToAnnounce(known is not None, frozenset(manifests), named, not_away)


def _to_send_back(tx: Transaction, command: c.ShipToVendor) -> ToSendBack:
    found: dict[tuple[str, str], Decimal] = {}
    for account, sku in {(dispatching.source_of(line), line.sku) for line in command.lines}:
        balances = stock.balances(tx.connection, account=account, sku=sku)
        found[account, sku] = sum((each.qty for each in balances), Decimal(0))
    units = {(line.sku, serial) for line in command.lines for serial in line.serials}
    at = {unit: stock.serial_at(tx.connection, *unit) for unit in units}
    return ToSendBack(found, {unit: account for unit, account in at.items() if account is not None})


def _to_close_day(tx: Transaction, _command: c.CloseDay) -> DayEnd:
    loads = "load" in tx.site.workplaces.values()
    return day_end(tx.connection, tx.site.timezone, tx.wall_ms, loads=loads)


ACTS: Acts = {
    c.OpenManifest: Act(_to_open, dispatching.open_manifest),
    c.CloseManifest: Act(_to_close, dispatching.close_manifest),
    c.UnloadParcel: Act(_to_unload, dispatching.unload_parcel),
    c.MakeNotice: Act(_to_announce, dispatching.make_notice),
    c.ShipToVendor: Act(_to_send_back, dispatching.ship_to_vendor),
    c.CloseDay: Act(_to_close_day, dispatching.close_day),
}
