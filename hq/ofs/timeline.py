"""Who did what, with which device: every physical act is added here in its own transaction (seed 001 section 19)."""

from __future__ import annotations

from typing import Any

from hq.calls import Act, pack_json, unpack_json


def add(
    act: Act, action: str, *, fulfillment_id: str | None = None, picklist_id: str | None = None, **details: Any
) -> None:
    """Add one act. One on a whole picklist names no fulfillment."""
    row = (
        act.now,
        action,
        fulfillment_id,
        picklist_id,
        act.actor,
        act.device,
        act.correlation_id,
        pack_json(details),
    )
    act.db.execute(
        "INSERT INTO timeline (at, action, fulfillment_id, picklist_id, actor, device, correlation_id, details)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        row,
    )


def of_fulfillment(act: Act, fulfillment_id: str) -> list[dict[str, Any]]:
    """Everything that happened to a fulfillment, acts on its picklists included, oldest first."""
    rows = act.db.execute(
        "SELECT * FROM timeline WHERE fulfillment_id = :id OR (fulfillment_id IS NULL AND picklist_id IN"
        " (SELECT picklist_id FROM task WHERE fulfillment_id = :id)) ORDER BY seq",
        {"id": fulfillment_id},
    )
    return [
        {
            "at": row["at"],
            "action": row["action"],
            "picklist_id": row["picklist_id"],
            "actor": row["actor"],
            "device": row["device"],
            "correlation_id": row["correlation_id"],
            "details": unpack_json(row["details"]),
        }
        for row in rows
    ]
