"""Manifests, shipments and notices as HQ shapes them (seed 001, sections 5, 11 and 18), as far as is known here."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from local_store.clock import timestamp
from local_store.domain.dispatch import Manifest, OnBoard
from local_store.domain.spelling import shipment_id
from local_store.works.dispatch import here, load_manifest, local_fulfillment

MG_PER_G = 1000
FILE_COLUMNS = (
    "manifest_id", "carrier_id", "dispatch_date", "shipment_id", "carrier_tracking_number", "service_code",
    "order_id", "package_id", "weight", "sscc",
)  # fmt: skip
"""Of the file of a manifest; `weight` in grams. HQ's own file has the same, without the order."""
_STATUS = {"here": "label_pending", "loaded": "booked", "left": "in_transit"}


def hq_id(db: sqlite3.Connection, thing: str, local_id: str) -> str | None:
    """What an HQ calls a thing of ours; the first lane's where several do."""
    row = db.execute(
        "SELECT hq_id FROM hq_ref WHERE thing = ? AND local_id = ? ORDER BY lane LIMIT 1", (thing, local_id)
    ).fetchone()
    return row[0] if row else None


def local_id(db: sqlite3.Connection, thing: str, ident: str) -> str:
    """Our own id for what may be named by an HQ's."""
    row = db.execute("SELECT local_id FROM hq_ref WHERE thing = ? AND hq_id = ? LIMIT 1", (thing, ident)).fetchone()
    return row[0] if row else ident


def manifest_shape(db: sqlite3.Connection, manifest: Manifest, file_url: str) -> dict[str, Any]:
    """A manifest; `shipments` are HQ's ids where they are known. `missing` are packages that should be on it."""
    seqs = db.execute(
        "SELECT opened_seq, coalesce(closed_seq, opened_seq) FROM manifest WHERE manifest_id = ?",
        (manifest.manifest_id,),
    ).fetchone()
    created, updated = (_at(db, seq) for seq in seqs)
    fulfillments = dict.fromkeys(each.fulfillment_id for each in manifest.parcels)
    return {
        "id": manifest.manifest_id,
        "manifest_id": manifest.manifest_id,
        "hq_id": hq_id(db, "manifest", manifest.manifest_id),
        "carrier_id": manifest.carrier,
        "dock": manifest.dock,
        "dispatch_date": manifest.dispatch_date,
        "status": "draft" if manifest.status == "open" else "submitted",
        "shipments": [_shipment_name(db, each) for each in fulfillments],
        "packages": [_parcel(each) for each in manifest.parcels],
        "missing": [_parcel(each) for each in manifest.missing],
        "manifest_file_url": file_url,
        "created_at": created,
        "updated_at": updated,
    }


def manifest_lines(db: sqlite3.Connection, manifest: Manifest) -> Iterator[dict[str, Any]]:
    """The lines of a manifest's file, one for each package, with the members of `FILE_COLUMNS`."""
    for each in manifest.parcels:
        row = db.execute(
            "SELECT p.weight_mg, f.service_code, c.tracking_number FROM package p"
            " LEFT JOIN fulfillment f USING (fulfillment_id)"
            " LEFT JOIN carrier_label c ON c.package_id = p.package_id WHERE p.package_id = ? LIMIT 1",
            (each.package_id,),
        ).fetchone()
        weight_mg, service_code, tracking = row or (None, None, None)
        told = (
            *(manifest.manifest_id, manifest.carrier, manifest.dispatch_date),
            *(_shipment_name(db, each.fulfillment_id), tracking, service_code, each.order_id, each.package_id),
            *(_grams(weight_mg), each.sscc),
        )
        yield dict(zip(FILE_COLUMNS, told, strict=True))


def as_ndjson(lines: Iterable[dict[str, Any]]) -> str:
    """One JSON object a line."""
    return "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)


def as_csv(lines: Iterable[dict[str, Any]]) -> str:
    """A table with its header. A cell that a spreadsheet would compute begins with an apostrophe."""
    text = io.StringIO()
    table = csv.DictWriter(text, FILE_COLUMNS)
    table.writeheader()
    for line in lines:
        table.writerow({name: _cell(value) for name, value in line.items()})
    return text.getvalue()


def shipment_shape(db: sqlite3.Connection, ident: str) -> dict[str, Any] | None:
    """A shipment by HQ's id or ours: the sealed parcels of one order, and where they are as far as is known here."""
    fulfillment_id = local_fulfillment(db, ident)
    if fulfillment_id is None:
        return None
    head = db.execute(
        "SELECT warehouse_id, carrier_hint, service_code, metadata FROM fulfillment WHERE fulfillment_id = ?",
        (fulfillment_id,),
    ).fetchone()
    parcels = db.execute(
        "SELECT r.package_id, p.weight_mg, p.sscc, r.state, c.tracking_number, m.carrier FROM parcel r"
        " LEFT JOIN package p USING (package_id) LEFT JOIN carrier_label c ON c.package_id = r.package_id"
        " LEFT JOIN manifest m USING (manifest_id) WHERE r.fulfillment_id = ? ORDER BY r.package_id",
        (fulfillment_id,),
    ).fetchall()
    if head is None or not parcels:
        return None
    warehouse_id, hint, service_code, metadata = head
    tracking = next((row[4] for row in parcels if row[4]), None)
    first, last = db.execute(
        "SELECT min(seq), max(seq) FROM story JOIN journal USING (seq) WHERE thing = 'fulfillment' AND id = ?"
        " AND kind IN ('shipment.requested', 'carrier_label.received', 'parcel.loaded', 'manifest.closed')",
        (fulfillment_id,),
    ).fetchone()
    return {
        "id": _shipment_name(db, fulfillment_id),
        "fulfillment_id": fulfillment_id,
        "status": _status([row[3] for row in parcels], tracking),
        "carrier": next((row[5] for row in parcels if row[5]), hint),
        "carrier_service": service_code,
        "carrier_tracking_number": tracking,
        "label_url": None,
        "from_warehouse_id": warehouse_id,
        "packages": [{"package_id": row[0], "weight": _grams(row[1]), "sscc": row[2]} for row in parcels],
        "created_at": _at(db, first),
        "updated_at": _at(db, last),
        "metadata": json.loads(metadata) if metadata else {},
    }


def shipments(db: sqlite3.Connection, after: str, limit: int) -> list[dict[str, Any]]:
    """Shipments of this station by their fulfillment's id, after one."""
    rows = db.execute(
        "SELECT DISTINCT fulfillment_id FROM parcel WHERE fulfillment_id > ? ORDER BY fulfillment_id LIMIT ?",
        (after, limit),
    ).fetchall()
    found = (shipment_shape(db, shipment_id(row[0])) for row in rows)
    return [shape for shape in found if shape is not None]


def notice_shape(db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    """A shipping notice, from its row."""
    reference, manifest_id, fulfillment_ids, arrival, destination, seq = row
    return {
        "asn_id": hq_id(db, "notice", reference) or reference,
        "asn_reference": reference,
        "manifest_id": manifest_id,
        "shipments": [_shipment_name(db, each) for each in json.loads(fulfillment_ids)],
        "expected_arrival": arrival,
        "destination_warehouse_id": destination,
        "created_at": _at(db, seq),
    }


def vendor_shape(db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    """Goods that went back to a supplier, from their row; quantities as text."""
    ident, vendor, warehouse_id, lines, rma_reference, seq = row
    return {
        "id": ident,
        "hq_id": hq_id(db, "vendor_shipment", ident),
        "status": "shipped",
        "warehouse_id": warehouse_id,
        "vendor": vendor,
        "lines": json.loads(lines),
        "rma_reference": rma_reference,
        "created_at": _at(db, seq),
    }


def day_lists(db: sqlite3.Connection, limit: int, *, loads: bool) -> dict[str, list[Any]]:
    """What is left at the end of a day, each list cut at `limit`; `loads` where parcels are loaded here."""
    unsealed = db.execute("SELECT order_id FROM fulfillment WHERE session = 'packing' ORDER BY 1 LIMIT ?", (limit,))
    labels = db.execute(
        "SELECT job_id, state, workplace FROM spool_job WHERE state NOT IN ('confirmed', 'cancelled', 'voided')"
        " ORDER BY requested_seq LIMIT ?",
        (limit,),
    )
    manifests = db.execute(
        "SELECT manifest_id, carrier, dock FROM manifest WHERE status = 'open' ORDER BY opened_seq LIMIT ?", (limit,)
    )
    return {
        "unsealed_orders": [row[0] for row in unsealed],
        "not_loaded_parcels": [_parcel(each) for each in (here(db, limit=limit) if loads else ())],
        "waiting_labels": [dict(zip(("job_id", "state", "workplace"), row, strict=True)) for row in labels],
        "open_manifests": [dict(zip(("manifest_id", "carrier", "dock"), row, strict=True)) for row in manifests],
    }


def find_manifest(db: sqlite3.Connection, ident: str) -> Manifest | None:
    """A manifest by our id or HQ's."""
    return load_manifest(db, local_id(db, "manifest", ident))


def _status(states: list[str], tracking: str | None) -> str:
    """The least that is so of every parcel."""
    least = min(states, key=list(_STATUS).index)
    return "label_generated" if least == "here" and tracking else _STATUS[least]


def _shipment_name(db: sqlite3.Connection, fulfillment_id: str) -> str:
    return hq_id(db, "shipment", fulfillment_id) or shipment_id(fulfillment_id)


def _parcel(each: OnBoard) -> dict[str, str]:
    return each._asdict()


def _grams(weight_mg: int | None) -> int | None:
    return None if weight_mg is None else round(Decimal(weight_mg) / MG_PER_G)


def _at(db: sqlite3.Connection, seq: int | None) -> str | None:
    row = db.execute("SELECT wall_ms FROM journal WHERE seq = ?", (seq,)).fetchone()
    return timestamp(row[0]) if row else None


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
