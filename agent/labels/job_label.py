"""What stands on the label of one job, and its bytes for one printer."""

from __future__ import annotations

import json
import sqlite3

from agent.labels.library import Templates
from agent.labels.shipping import TEMPLATE, Address, ShippingLabel, render_shipping_label
from agent.labels.template import LabelRefused
from local_store.checks import RowDamaged
from local_store.domain.printing import attempt_code
from local_store.parties import address_of
from local_store.spool import SpoolJob

MAX_LINE = 200
"""Longer parts of an address are cut; the template cuts them further to what fits."""


def label_bytes(db: sqlite3.Connection, job: SpoolJob, ship_from: Address, dpi: int, templates: Templates) -> bytes:
    """The bytes of a job's label for a printer of `dpi`. Raises LabelRefused, LabelUnsafe and TemplateFault."""
    if job.template == TEMPLATE:
        return render_shipping_label(label_of(db, job, ship_from), dpi, templates)
    return templates.get(job.template, dpi).render(json.loads(job.label_values))


def label_of(db: sqlite3.Connection, job: SpoolJob, ship_from: Address) -> ShippingLabel:
    """All that stands on the shipping label of a job.

    Raises LabelRefused when the receiver is no longer kept, or not as it was written.
    """
    row = db.execute(
        "SELECT f.order_id, f.carrier_hint, f.service_code, a.weight_mg, f.party_id"
        " FROM fulfillment f JOIN package a ON a.package_id = ? WHERE f.fulfillment_id = ?",
        (job.package_id, job.fulfillment_id),
    ).fetchone()
    try:
        address = address_of(db, row["party_id"])
    except RowDamaged as damage:
        raise LabelRefused(str(damage)) from damage
    if address is None:
        raise LabelRefused(
            f"The address for order {row['order_id']} is no longer kept here; print its label where it is kept."
        )
    known = {key: str(value)[:MAX_LINE] for key, value in address.items() if key in Address.model_fields and value}
    return ShippingLabel(
        ship_from=ship_from,
        ship_to=Address.model_validate({"name": "", **known}),
        order_id=row["order_id"][:MAX_LINE],
        carrier=(row["carrier_hint"] or "")[:MAX_LINE],
        service=(row["service_code"] or "")[:MAX_LINE],
        weight_mg=row["weight_mg"],
        sscc=job.sscc,
        attempt_id=attempt_code(job.job_id, job.copy_no),
        copy_number=job.copy_no,
    )
