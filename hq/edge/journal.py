"""The routes of a station's journal: its watermark, taking rows in, giving them back, and what has had its effect."""

from __future__ import annotations

import sqlite3
from typing import Any

from hq.calls import Api, Call, answer
from hq.edge import chain
from hq.edge.models import MAX_BODY, DeliveredQuery, Push, Row, RowsQuery
from hq.idempotency import Answer
from hq.keys import FLOOR
from web.pages import NoQuery

routes = Api()


@routes.reads("/edge/devices/{id}/watermark", NoQuery, *FLOOR)
def watermark(call: Call, _query: NoQuery) -> Answer:
    """Every lineage of a station with its last row, and which run of HQ this is (our extension)."""
    rows = call.db.execute("SELECT * FROM edge_lineage WHERE device_id = ? ORDER BY begun_at", (call.path["id"],))
    return answer({"instance": call.store.instance, "hq_time": call.now, "lineages": [_lineage(row) for row in rows]})


@routes.puts("/edge/devices/{id}/journal", Push, *FLOOR)
def push(call: Call, body: Push) -> Answer:
    """Keep rows for ever and answer their lineage's watermark, or 409 `rollback_or_clone`, `fork` (our extension)."""
    device_id = call.path["id"]
    parted = chain.take(call, device_id, body)
    if parted is not None:  # an answer and not an exception, so that the alarm is kept
        return answer(parted.refusal.body(), parted.refusal.status)
    row = call.db.execute(
        "SELECT * FROM edge_lineage WHERE device_id = ? AND lineage = ?", (device_id, body.lineage)
    ).fetchone()
    return answer({**_lineage(row), "instance": call.store.instance, "hq_time": call.now})


@routes.reads("/edge/devices/{id}/journal", RowsQuery, *FLOOR)
def rows_of(call: Call, query: RowsQuery) -> Answer:
    """Rows of one lineage, without those of its parents, in order; `more` tells whether to ask on (our extension)."""
    rows = call.db.execute(
        "SELECT * FROM edge_row WHERE device_id = ? AND lineage = ? AND seq > ? ORDER BY seq LIMIT ?",
        (call.path["id"], query.lineage, query.after, query.limit),
    ).fetchall()
    told: list[dict[str, Any]] = []
    size = 0
    for row in rows:
        size += len(row["body"])
        if told and size > MAX_BODY:
            return answer({"rows": told, "more": True})
        told.append({name: row[name] for name in Row.model_fields})
    return answer({"rows": told, "more": len(rows) == query.limit})


@routes.reads("/edge/devices/{id}/delivered", DeliveredQuery, *FLOOR)
def lacking(call: Call, query: DeliveredQuery) -> Answer:
    """Which of these facts have had no effect here (our extension)."""
    ids = query.ids.split(",")
    marks = ", ".join("?" * len(ids))
    rows = call.db.execute(
        f"SELECT event_id FROM edge_delivered WHERE device_id = ? AND event_id IN ({marks})",  # noqa: S608 -- marks
        (call.path["id"], *ids),
    )
    known = {row["event_id"] for row in rows}
    return answer({"lacking": [each for each in ids if each not in known]})


def _lineage(row: sqlite3.Row) -> dict[str, Any]:
    names = ("lineage", "parent", "parent_seq", "host", "fingerprint", "seq", "hash", "heard_at")
    return {name: row[name] for name in names}
