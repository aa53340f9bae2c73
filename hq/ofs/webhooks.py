"""Webhooks: what happened is told to the addresses that asked, signed, until they take it.

An event is kept in the transaction of its act, so none is lost and none is told that was rolled back. The secret
signs `timestamp.body` with HMAC-SHA256. Only https and this machine itself are called, and no redirect is followed.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from pydantic import AfterValidator, Field, StringConstraints

from hq.calls import Act, Api, Call, Services, answer, moment, not_found, pack_json, unpack_json
from hq.idempotency import Answer
from hq.keys import OFFICE
from hq.ofs.models import Body, Ident, Nothing
from hq.ofs.signed import is_loopback
from hq.ofs.wake import RETRY_S, Wake
from web.pages import Page, page, position_of

log = logging.getLogger(__name__)

HOOKS: web.AppKey[Wake] = web.AppKey("hooks", Wake)
EVENTS = (
    "fulfillment.created", "picklist.completed", "shipment.shipped", "shipment.delivered", "return.received",
)  # fmt: skip
Event = Literal[
    "fulfillment.created", "picklist.completed", "shipment.shipped", "shipment.delivered", "return.received"
]
TEST = "webhook.test"
TIMEOUT = aiohttp.ClientTimeout(total=5)
MAX_ATTEMPTS = 10
FIRST_WAIT_S = 2
LONGEST_WAIT_S = 3600
LOOK_AGAIN_S = 1.0
KEPT = 1000
"""Delivered events that are kept to look at."""

routes = Api()


def _callable(text: str) -> str:
    url = urlsplit(text)
    if not url.hostname or url.username is not None or url.password is not None:
        raise ValueError("must name a host and no user or password; the secret signs every call")
    if url.scheme != "https" and not (url.scheme == "http" and is_loopback(url.hostname)):
        raise ValueError("must begin with https://; plain http goes to this machine only")
    return text


class WebhookCreate(Body):
    """Seed 001 section 13."""

    url: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,500}$"), AfterValidator(_callable)]
    events: tuple[Event, ...] = Field(min_length=1, max_length=len(EVENTS))
    secret: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{16,200}$")]


class WebhookTest(Body):
    """One webhook to try, or all."""

    webhook_id: Ident | None = None


@routes.reads("/webhooks", Page, OFFICE)
def list_webhooks(call: Call, query: Page) -> Answer:
    """Webhooks without their secrets, with what waits and what was given up."""
    (after,) = position_of(query.cursor, [0])
    rows = call.db.execute(
        "SELECT * FROM webhook WHERE seq > ? ORDER BY seq LIMIT ?", (after, query.limit)
    ).fetchall()
    items = [_shape(call, row) for row in rows]
    return answer(page(items, query.limit, [rows[-1]["seq"]] if rows else None))


@routes.writes("/webhooks", WebhookCreate, OFFICE)
def create(call: Call, body: WebhookCreate) -> Answer:
    """Tell an address of events from now on."""
    ident = call.new_id("wh")
    call.db.execute(
        "INSERT INTO webhook (webhook_id, url, events, secret, created_at) VALUES (?, ?, ?, ?, ?)",
        (ident, body.url, pack_json(sorted(set(body.events))), body.secret, call.now),
    )
    return answer({"webhook_id": ident, **_shape(call, _row(call, ident))}, 201)


@routes.writes("/webhooks/test", WebhookTest, OFFICE)
def test(call: Call, body: WebhookTest) -> Answer:
    """Send one or every webhook an event `webhook.test`; what came of it stands in the list."""
    if body.webhook_id is not None:
        hooks = [_row(call, body.webhook_id)]
    else:
        hooks = call.db.execute("SELECT * FROM webhook ORDER BY seq").fetchall()
    told = [_promise(call, hook["webhook_id"], TEST, {}) for hook in hooks]
    return answer({"deliveries": told}, 202)


@routes.writes("/webhooks/{id}", Nothing, OFFICE, method="DELETE")
def delete(call: Call, _body: Nothing) -> Answer:
    """Forget a webhook and what it was not yet told."""
    row = _row(call, call.path["id"])
    call.db.execute("DELETE FROM webhook WHERE seq = ?", (row["seq"],))
    return answer({"webhook_id": row["webhook_id"], "deleted": True})


def emit(act: Act, event: Event, about: Mapping[str, Any]) -> None:
    """Keep an event for every webhook that asked for it; part of the act's transaction."""
    hooks = act.db.execute(
        "SELECT webhook_id FROM webhook WHERE EXISTS (SELECT 1 FROM json_each(events) WHERE value = ?)", (event,)
    ).fetchall()
    for hook in hooks:
        _promise(act, hook["webhook_id"], event, about)


async def work(services: Services, sleep: Callable[[float], Awaitable[None]]) -> None:
    """Deliver what is due, oldest first, for as long as the service runs."""
    outgoing = services.store.outgoing
    async with aiohttp.ClientSession(timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar()) as session:
        while True:
            outgoing.clear()
            try:
                while (due := _next_due(services)) is not None:
                    await _deliver(services, session, due)
            except sqlite3.OperationalError:
                log.exception("a webhook's outcome could not be written; trying again in %s s", RETRY_S)
                await sleep(RETRY_S)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN_S if _waiting(services) else None):
                    await outgoing.wait()


async def _deliver(services: Services, session: aiohttp.ClientSession, due: sqlite3.Row) -> None:
    timestamp = moment(services.clock())
    signed = hmac.new(due["secret"].encode(), f"{timestamp}.{due['body']}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-Webhook-Delivery": due["delivery_id"],
        "X-Webhook-Event": due["event"],
        "X-Webhook-Timestamp": timestamp,
        "X-Webhook-Signature": f"sha256={signed}",
    }
    try:
        async with session.post(
            due["url"], data=due["body"].encode(), headers=headers, allow_redirects=False
        ) as told:
            taken, heard = 200 <= told.status < 300, f"status {told.status}"  # noqa: PLR2004 -- any success
    except (aiohttp.ClientError, TimeoutError) as error:
        taken, heard = False, type(error).__name__
    _settle(services, due, heard, taken=taken)


def _settle(services: Services, due: sqlite3.Row, heard: str, *, taken: bool) -> None:
    attempts = due["attempts"] + 1
    status = "delivered" if taken else "failed" if attempts == MAX_ATTEMPTS else "pending"
    again = _later(services.clock(), attempts)
    with services.store.transaction() as db:
        db.execute(
            "UPDATE webhook_delivery SET status = ?, attempts = ?, next_at = ?, last_answer = ? WHERE seq = ?",
            (status, attempts, again, heard, due["seq"]),
        )
        if taken:
            db.execute("DELETE FROM webhook_delivery WHERE status = 'delivered' AND seq <= ?", (due["seq"] - KEPT,))
        else:  # one dead address must not keep the others waiting, and order stays
            db.execute(
                "UPDATE webhook_delivery SET next_at = max(next_at, ?) WHERE webhook_id = ? AND status = 'pending'",
                (again, due["webhook_id"]),
            )


def _later(now: datetime, attempts: int) -> str:
    return moment(now + timedelta(seconds=min(FIRST_WAIT_S * 2 ** (attempts - 1), LONGEST_WAIT_S)))


def _next_due(services: Services) -> sqlite3.Row | None:
    row: sqlite3.Row | None = services.store.db.execute(
        "SELECT d.*, w.url, w.secret FROM webhook_delivery d JOIN webhook w USING (webhook_id)"
        " WHERE status = 'pending' AND next_at <= ? ORDER BY next_at, d.seq LIMIT 1",
        (moment(services.clock()),),
    ).fetchone()
    return row


def _waiting(services: Services) -> bool:
    found = services.store.db.execute("SELECT 1 FROM webhook_delivery WHERE status = 'pending' LIMIT 1").fetchone()
    return found is not None


def _promise(act: Act, webhook_id: str, event: str, about: Mapping[str, Any]) -> dict[str, str]:
    # Behind what this address has not taken yet: in order, and a dead one is not tried anew for each event.
    delivery_id = act.new_id("dlv")
    body = pack_json({"delivery_id": delivery_id, "event": event, "occurred_at": act.now, **about})
    act.db.execute(
        "INSERT INTO webhook_delivery (delivery_id, webhook_id, event, body, status, next_at)"
        " VALUES (:id, :hook, :event, :body, 'pending', coalesce((SELECT max(next_at) FROM webhook_delivery"
        "  WHERE webhook_id = :hook AND status = 'pending'), :now))",
        {"id": delivery_id, "hook": webhook_id, "event": event, "body": body, "now": act.now},
    )
    act.store.outgoing.set()
    return {"delivery_id": delivery_id, "webhook_id": webhook_id}


def _row(call: Call, webhook_id: str) -> sqlite3.Row:
    row: sqlite3.Row | None = call.db.execute("SELECT * FROM webhook WHERE webhook_id = ?", (webhook_id,)).fetchone()
    if row is None:
        raise not_found("webhook", webhook_id)
    return row


def _shape(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    deliveries = call.db.execute(
        "SELECT delivery_id, event, status, attempts, last_answer FROM webhook_delivery WHERE webhook_id = ?"
        " ORDER BY seq DESC LIMIT 20",
        (row["webhook_id"],),
    )
    counts = call.db.execute(
        "SELECT count(*) FILTER (WHERE status = 'pending') AS pending,"
        " count(*) FILTER (WHERE status = 'failed') AS failed FROM webhook_delivery WHERE webhook_id = ?",
        (row["webhook_id"],),
    ).fetchone()
    return {
        "id": row["webhook_id"],
        "url": row["url"],
        "events": unpack_json(row["events"]),
        "created_at": row["created_at"],
        **dict(counts),
        "deliveries": [dict(each) for each in deliveries],
    }
