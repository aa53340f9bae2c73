"""Where each fulfillment stands, brought in line with what hands did."""

from __future__ import annotations

import sqlite3

from hq.calls import Act, not_found
from hq.ofs import states
from hq.ofs.states import Fulfillment, Progress


def fulfillment_row(act: Act, fulfillment_id: str) -> sqlite3.Row:
    """The stored fulfillment. Raises Refused 404."""
    row: sqlite3.Row | None = act.db.execute(
        "SELECT * FROM fulfillment WHERE fulfillment_id = ?", (fulfillment_id,)
    ).fetchone()
    if row is None:
        raise not_found("fulfillment", fulfillment_id)
    return row


def settle(act: Act, fulfillment_id: str) -> Fulfillment:
    """Bring the status in line with what hands did. A cancelled or closed fulfillment stays so."""
    old = Fulfillment(fulfillment_row(act, fulfillment_id)["status"])
    new = (
        old
        if old in {Fulfillment.CANCELLED, Fulfillment.CLOSED}
        else states.status_of(progress_of(act, fulfillment_id))
    )
    if new is not old:
        states.move(f"Fulfillment {fulfillment_id}", old, new)
    set_status(act, fulfillment_id, new)
    return new


def progress_of(act: Act, fulfillment_id: str) -> Progress:
    """The units picked, packed and shipped, and the tasks still open."""
    row = act.db.execute(
        "SELECT"
        " EXISTS (SELECT 1 FROM task JOIN picklist USING (picklist_id)"
        "  WHERE fulfillment_id = :id AND picklist.status = 'in_progress') AS started,"
        " (SELECT count(*) FROM task WHERE fulfillment_id = :id AND status = 'open') AS open_tasks,"
        " (SELECT coalesce(sum(picked), 0) FROM task WHERE fulfillment_id = :id) AS picked,"
        " (SELECT coalesce(sum(qty), 0) FROM package_item WHERE fulfillment_id = :id) AS packed,"
        " (SELECT coalesce(sum(qty), 0) FROM package_item JOIN package USING (package_id)"
        "  WHERE package.fulfillment_id = :id AND shipment_id IS NOT NULL) AS shipped",
        {"id": fulfillment_id},
    ).fetchone()
    return Progress(bool(row["started"]), row["open_tasks"], row["picked"], row["packed"], row["shipped"])


def set_status(act: Act, fulfillment_id: str, status: Fulfillment) -> None:
    """Write a status that was checked, and count the version up."""
    act.db.execute(
        "UPDATE fulfillment SET status = ?, version = version + 1, updated_at = ? WHERE fulfillment_id = ?",
        (status, act.now, fulfillment_id),
    )
