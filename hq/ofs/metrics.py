"""How the house does: figures for a monitoring system, and what is late (seed 001 section 15)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from aiohttp import web

from hq.calls import BASE, SERVICES, Api, Call, answer, moment
from hq.idempotency import Answer
from hq.keys import FLOOR, OPERATOR
from hq.ofs.models import Place
from web.pages import Page, page, position_of
from web.routes import json_answer

WINDOW = timedelta(hours=24)
COUNTED = (
    ("hq_fulfillments", "SELECT status, count(*) FROM fulfillment GROUP BY status"),
    ("hq_picklists", "SELECT status, count(*) FROM picklist GROUP BY status"),
    ("hq_pick_tasks", "SELECT status, count(*) FROM task GROUP BY status"),
    ("hq_shipments", "SELECT status, count(*) FROM shipment GROUP BY status"),
    ("hq_returns", "SELECT status, count(*) FROM rma GROUP BY status"),
    ("hq_jobs", "SELECT status, count(*) FROM job GROUP BY status"),
    ("hq_webhook_deliveries", "SELECT status, count(*) FROM webhook_delivery GROUP BY status"),
)
LATE = (
    "SELECT seq, fulfillment_id, order_id, warehouse_id, status, requested_ship_date FROM fulfillment"
    " WHERE requested_ship_date < :now AND status NOT IN ('shipped', 'closed', 'cancelled')"
    " AND seq > :after AND (:warehouse IS NULL OR warehouse_id = :warehouse) ORDER BY seq LIMIT :limit"
)

routes = Api()


class SlaQuery(Page):
    """Late orders of one warehouse, or all."""

    warehouse_id: Place | None = None


@routes.reads("/slas", SlaQuery, *FLOOR)
def slas(call: Call, query: SlaQuery) -> Answer:
    """Orders that should have left and have not, with how late they are in seconds."""
    (after,) = position_of(query.cursor, [0])
    rows = call.db.execute(
        LATE,
        {"now": call.now, "after": after, "warehouse": query.warehouse_id, "limit": query.limit},
    ).fetchall()
    names = ("fulfillment_id", "order_id", "warehouse_id", "status", "requested_ship_date")
    items = [
        {**{name: row[name] for name in names}, "late_s": _seconds(row["requested_ship_date"], call.now)}
        for row in rows
    ]
    return answer(page(items, query.limit, [rows[-1]["seq"]] if rows else None))


@routes.get(BASE + "/metrics", *FLOOR, OPERATOR)
async def metrics(request: web.Request) -> web.Response:
    """The seed's figures, of the last 24 hours, as JSON; who asks for text/plain gets Prometheus text with counts."""
    services = request.app[SERVICES]
    figures = _figures(services.store.db, services.clock())
    known = {name: value for name, value in figures.items() if value is not None}
    if "text/plain" not in request.headers.get("Accept", ""):
        return json_answer(known)
    lines = [*_counts(services.store.db), *(f"{name} {value}" for name, value in known.items())]
    return web.Response(text="\n".join([*lines, ""]), content_type="text/plain", charset="utf-8")


def _counts(db: sqlite3.Connection) -> Iterable[str]:
    for name, query in COUNTED:
        yield f"# TYPE {name} gauge"
        for status, number in db.execute(query).fetchall():
            yield f'{name}{{status="{status}"}} {number}'


def _figures(db: sqlite3.Connection, now: datetime) -> dict[str, float | None]:
    """What cannot be said yet is None, not 0."""
    since = {"since": moment(now - WINDOW), "now": moment(now)}
    picks = sorted(
        row[0]
        for row in db.execute(
            "SELECT sum(quantity) FROM movement WHERE kind = 'pick' AND at >= :since"
            " GROUP BY actor, substr(at, 1, 13)",
            since,
        )
    )
    late = db.execute(LATE, {**since, "after": 0, "warehouse": None, "limit": -1}).fetchall()
    row = db.execute(
        "SELECT (SELECT count(*) FROM package WHERE created_at >= :since) AS packed,"
        " (SELECT avg(left_at <= requested_ship_date) FROM (SELECT requested_ship_date, max(shipment.created_at)"
        "  AS left_at FROM fulfillment JOIN shipment USING (fulfillment_id) WHERE fulfillment.status IN"
        "  ('shipped', 'closed') AND requested_ship_date IS NOT NULL AND shipment.status <> 'cancelled'"
        "  GROUP BY fulfillment_id) WHERE left_at >= :since) AS on_time,"
        " (SELECT avg((julianday(updated_at) - julianday(created_at)) * 86400) FROM rma"
        "  WHERE status = 'completed' AND updated_at >= :since) AS coming_back,"
        " (SELECT avg(task.status = 'done') FROM task JOIN picklist USING (picklist_id) WHERE task.status <> 'open'"
        "  AND picklist.updated_at >= :since) AS first_pass,"
        " (SELECT avg((julianday(t.at) - julianday(s.created_at)) * 86400) FROM timeline t JOIN shipment s"
        "  ON s.shipment_id = json_extract(t.details, '$.shipment_id')"
        "  WHERE t.action = 'label_generated' AND t.at >= :since) AS labelling",
        since,
    ).fetchone()
    return {
        "pick_rate_p50": _percentile(picks, 0.5),
        "pick_rate_p95": _percentile(picks, 0.95),
        "pack_throughput": row["packed"],
        "on_time_ship_rate": row["on_time"],
        "ship_late_count": len(late),
        "returns_processing_time": row["coming_back"],
        "first_pass_yield": row["first_pass"],
        "label_generation_latency": row["labelling"],
    }


def _percentile(ordered: list[int], share: float) -> float | None:
    """The nearest rank: units a person picked in an hour."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def _seconds(earlier: str, later: str) -> int:
    return int((datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds())
