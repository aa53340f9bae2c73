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
NO_NUMBER = "0" * 18
"""An SSCC with the right check digit that no company can give."""


def label_bytes(db: sqlite3.Connection, job: SpoolJob, ship_from: Address, dpi: int, templates: Templates) -> bytes:
    """The bytes of a job's label for a printer of `dpi`. Raises LabelRefused, LabelUnsafe and TemplateFault."""
    if job.template == TEMPLATE:
        return render_shipping_label(label_of(db, job, ship_from), dpi, templates)
    return templates.get(job.template, dpi).render(json.loads(job.label_values))


def label_of(db: sqlite3.Connection, job: SpoolJob, ship_from: Address) -> ShippingLabel:
    """All that stands on the shipping label of a job.

    Raises LabelRefused when the receiver is no longer kept, or not as it was written.
    """
    return _label(db, job.package_id, ship_from, job.sscc, attempt_code(job.job_id, job.copy_no), job.copy_no)


def label_to_come(db: sqlite3.Connection, package_id: str, ship_from: Address) -> ShippingLabel | None:
    """The label that a parcel gets when it is sealed, with zeros for its number; None for a parcel nobody knows.

    Raises LabelRefused as `label_of`.
    """
    if db.execute("SELECT 1 FROM package WHERE package_id = ?", (package_id,)).fetchone() is None:
        return None
    return _label(db, package_id, ship_from, NO_NUMBER, attempt_id="", copy_no=1)


def _label(
    db: sqlite3.Connection, package_id: str, ship_from: Address, sscc: str, attempt_id: str, copy_no: int
) -> ShippingLabel:
    row = db.execute(
        "SELECT f.order_id, f.carrier_hint, f.service_code, a.weight_mg, f.party_id"
        " FROM package a JOIN fulfillment f USING (fulfillment_id) WHERE a.package_id = ?",
        (package_id,),
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
        sscc=sscc,
        attempt_id=attempt_id,
        copy_number=copy_no,
    )
