"""What the facts of loading and dispatch add up to."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping

from local_store.domain import events as e
from local_store.domain.codes import key_of
from local_store.works.part import Rule


def _sealed(db: sqlite3.Connection, seq: int, fact: e.PackageSealed) -> None:
    """What was sealed before anything could be loaded here is not waited for."""
    db.execute(
        "INSERT OR IGNORE INTO parcel SELECT ?1, ?2, 'here', NULL, ?3 WHERE ?3 > (SELECT seq FROM stock_from)",
        (fact.package_id, fact.fulfillment_id, seq),
    )


def _opened(db: sqlite3.Connection, seq: int, fact: e.ManifestOpened) -> None:
    db.execute(
        "INSERT INTO manifest VALUES (?,?,?,?,'open',?,?,?,NULL)"
        " ON CONFLICT DO UPDATE SET workplace = excluded.workplace, worker_id = excluded.worker_id",
        (
            *(fact.manifest_id, fact.carrier, fact.dock, fact.dispatch_date),
            *(fact.workplace, fact.worker_id, seq),
        ),
    )
    db.execute(
        "INSERT OR REPLACE INTO code VALUES (?, 'manifest', ?, 1)", (key_of(fact.manifest_id), fact.manifest_id)
    )
    db.execute("UPDATE place SET work_id = NULL WHERE work_id = ?", (fact.manifest_id,))
    db.execute("UPDATE place SET work_id = ? WHERE workplace = ?", (fact.manifest_id, fact.workplace))


def _loaded(db: sqlite3.Connection, seq: int, fact: e.ParcelLoaded) -> None:
    db.execute(
        "INSERT OR REPLACE INTO parcel VALUES (?,?,'loaded',?,?)",
        (fact.package_id, fact.fulfillment_id, fact.manifest_id, seq),
    )


def _unloaded(db: sqlite3.Connection, seq: int, fact: e.ParcelUnloaded) -> None:
    db.execute(
        "UPDATE parcel SET state = 'here', manifest_id = NULL, seq = ? WHERE package_id = ?", (seq, fact.package_id)
    )


def _closed(db: sqlite3.Connection, seq: int, fact: e.ManifestClosed) -> None:
    db.execute("UPDATE manifest SET status = 'closed', closed_seq = ? WHERE manifest_id = ?", (seq, fact.manifest_id))
    db.execute("UPDATE parcel SET state = 'left' WHERE manifest_id = ?", (fact.manifest_id,))
    db.execute("UPDATE place SET work_id = NULL WHERE work_id = ?", (fact.manifest_id,))


def _noticed(db: sqlite3.Connection, seq: int, fact: e.NoticeMade) -> None:
    db.execute(
        "INSERT OR REPLACE INTO notice VALUES (?,?,?,?,?,?)",
        (
            *(fact.asn_reference, fact.manifest_id, json.dumps(fact.fulfillment_ids, ensure_ascii=False)),
            *(fact.expected_arrival, fact.destination_warehouse_id, seq),
        ),
    )


def _vendor(db: sqlite3.Connection, seq: int, fact: e.VendorShipped) -> None:
    lines = json.dumps([line.model_dump(mode="json") for line in fact.lines], ensure_ascii=False)
    db.execute(
        "INSERT OR REPLACE INTO vendor_shipment VALUES (?,?,?,?,?,?)",
        (fact.vendor_shipment_id, fact.vendor, fact.warehouse_id, lines, fact.rma_reference, seq),
    )


def _day(db: sqlite3.Connection, seq: int, fact: e.DayClosed) -> None:
    db.execute("INSERT OR REPLACE INTO closed_day VALUES (?,?)", (fact.day, seq))


RULES: Mapping[str, Rule] = {
    e.PackageSealed.kind: _sealed,
    e.ManifestOpened.kind: _opened,
    e.ParcelLoaded.kind: _loaded,
    e.ParcelUnloaded.kind: _unloaded,
    e.ManifestClosed.kind: _closed,
    e.NoticeMade.kind: _noticed,
    e.VendorShipped.kind: _vendor,
    e.DayClosed.kind: _day,
}
