"""Reading label jobs as a decision needs them."""

from __future__ import annotations

import sqlite3

from local_store.domain.floor import Label

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
