"""Reads from the store what stands on a slip. Read-only: any reader will do, also while no agent runs."""

from __future__ import annotations

import sqlite3
from decimal import Decimal

from agent.slips.documents import (
    Difference,
    Different,
    DiscrepancySlip,
    Goods,
    InboundSlip,
    Loaded,
    ManifestSlip,
    PackingSlip,
    PickTicket,
    ToPick,
)
from local_store.domain import closing, states
from local_store.domain.codes import key_of
from local_store.domain.events import decimal_text
from local_store.domain.inbound import Inbound
from local_store.domain.pack_work import PackWork
from local_store.domain.pick_work import PickWork, Task
from local_store.domain.site import USUAL_PICKING, PickingRules
from local_store.domain.stock import MILLIONTHS
from local_store.domain.weights import kilograms
from local_store.loading import load_meanings, load_pick
from local_store.loading_packs import load_pack
from local_store.parties import address_of
from local_store.works.dispatch import load_manifest
from local_store.works.receiving import load_inbound

_ADDRESS = ("name", "address1", "address2", "postal_code", "city", "country")


class NoSlip(Exception):  # noqa: N818 -- a refusal in words
    """There is no such slip: why, and which there is."""


def packing_slip(db: sqlite3.Connection, asked: str) -> PackingSlip:
    """The slip of a sealed package, or of the last one of an order, asked for by order, fulfillment, package or SSCC.

    Raises NoSlip, and RowDamaged for an address that is not what was written.
    """
    work, package_id = _pack_work(db, asked)
    if work is None:
        raise NoSlip(f"There is no order or package {asked[:60]!r} on this station.")
    parcel = next((each for each in work.parcels if each.package_id == (package_id or work.package_id)), None)
    if parcel is None or parcel.state is not states.Package.SEALED:
        raise NoSlip(f"Order {work.order_id} is not sealed yet: what is in its package may still change.")
    row = db.execute("SELECT sscc, weight_mg FROM package WHERE package_id = ?", (parcel.package_id,)).fetchone()
    address = address_of(db, work.party_id) or {}
    return PackingSlip(
        order_id=work.order_id,
        package_id=parcel.package_id,
        sscc=row["sscc"] or "",
        weight=kilograms(row["weight_mg"]) if row["weight_mg"] is not None else "",
        ship_to=tuple(str(address[part]) for part in _ADDRESS if address.get(part)),
        goods=tuple(
            Goods(each.line.sku, each.line.name, decimal_text(each.qty)) for each in closing.contents_of(work, parcel)
        ),
    )


def pick_ticket(
    db: sqlite3.Connection, picklist_id: str, as_of: str, rules: PickingRules = USUAL_PICKING
) -> PickTicket:
    """A picklist for paper. Raises NoSlip."""
    work = _pick_work(db, picklist_id, rules)
    row = db.execute("SELECT ship_by FROM picklist WHERE picklist_id = ?", (work.picklist_id,)).fetchone()
    return PickTicket(
        picklist_id=work.picklist_id,
        status=_in_words(work.status),
        ship_by=row["ship_by"] or "",
        lines=tuple(map(_to_pick, work.tasks)),
        as_of=as_of,
    )


def discrepancy_slip(db: sqlite3.Connection, asked: str, as_of: str) -> DiscrepancySlip | InboundSlip:
    """What differs: the lines of a picklist given up short or taken too often, or what came of an announcement.

    Raises NoSlip.
    """
    found = [each.id for each in load_meanings(db, key_of(asked)) if each.thing == "inbound"]
    if found and (inbound := load_inbound(db, found[0])) is not None:
        return _inbound_slip(inbound, db, as_of)
    work = _pick_work(db, asked)
    rows = db.execute("SELECT task_id, reason FROM pick_task WHERE picklist_id = ?", (work.picklist_id,))
    reasons = {task_id: reason or "" for task_id, reason in rows}
    differs = [task for task in work.tasks if task.picked > task.qty or task.status is states.PickTask.SHORT]
    return DiscrepancySlip(
        picklist_id=work.picklist_id,
        status=_in_words(work.status),
        differences=tuple(_difference(task, reasons.get(task.task_id, "")) for task in differs),
        open_lines=sum(task.waits for task in work.tasks),
        as_of=as_of,
    )


def manifest_slip(db: sqlite3.Connection, manifest_id: str, as_of: str) -> ManifestSlip:
    """What is on a manifest, and while it is open what should be. Raises NoSlip."""
    manifest = load_manifest(db, manifest_id.strip())
    if manifest is None:
        raise NoSlip(f"There is no manifest {manifest_id[:60]!r} on this station.")
    return ManifestSlip(
        manifest_id=manifest.manifest_id,
        carrier=manifest.carrier,
        dock=manifest.dock,
        day=manifest.dispatch_date,
        status=manifest.status,
        parcels=tuple(Loaded(each.order_id, each.sscc) for each in manifest.parcels),
        missing=tuple(Loaded(each.order_id, each.sscc) for each in manifest.missing),
        as_of=as_of,
    )


def _inbound_slip(inbound: Inbound, db: sqlite3.Connection, as_of: str) -> InboundSlip:
    rows = db.execute(
        "SELECT sku, differs, millionths, reason FROM discrepancy WHERE inbound_id = ? ORDER BY seq, discrepancy_id",
        (inbound.inbound_id,),
    )
    differences = tuple(
        Different(sku, differs.replace("_", " "), decimal_text(Decimal(qty) / MILLIONTHS), reason)
        for sku, differs, qty, reason in rows
    )
    return InboundSlip(inbound.number, "open" if inbound.open else "closed", differences, as_of)


def _pack_work(db: sqlite3.Connection, asked: str) -> tuple[PackWork | None, str | None]:
    """The order, and the package where that was asked for."""
    for meaning in load_meanings(db, key_of(asked)):
        if meaning.thing == "fulfillment":
            return load_pack(db, meaning.id), None
        if meaning.thing == "package":
            return _packed_as(db, meaning.id), meaning.id
    return _packed_as(db, asked), asked


def _packed_as(db: sqlite3.Connection, package_id: str) -> PackWork | None:
    row = db.execute("SELECT fulfillment_id FROM package WHERE package_id = ?", (package_id,)).fetchone()
    return load_pack(db, row[0]) if row else None


def _pick_work(db: sqlite3.Connection, picklist_id: str, rules: PickingRules = USUAL_PICKING) -> PickWork:
    work = load_pick(db, picklist_id.strip(), rules)
    if work is not None:
        return work
    rows = db.execute("SELECT picklist_id FROM picklist WHERE status <> 'completed' ORDER BY picklist_id LIMIT 20")
    known = ", ".join(row[0] for row in rows)
    there = f"there is {known}" if known else "there is none here"
    raise NoSlip(f"There is no picklist {picklist_id[:60]!r} on this station; {there}.")


def _to_pick(task: Task) -> ToPick:
    return ToPick(
        location=task.location_id,
        sku=task.sku,
        name=task.name,
        order_id=task.order_id,
        wanted=decimal_text(task.wanted),
        picked=decimal_text(task.picked),
        state=task.status.value,
    )


def _difference(task: Task, reason: str) -> Difference:
    over = task.picked - task.qty
    return Difference(
        location=task.location_id,
        sku=task.sku,
        name=task.name,
        order_id=task.order_id,
        qty=decimal_text(task.qty),
        picked=decimal_text(task.picked),
        difference=f"+{decimal_text(over)}" if over > Decimal(0) else decimal_text(over),
        reason=reason,
    )


def _in_words(status: states.Picklist) -> str:
    return status.value.replace("_", " ")
