"""Devices of the house, the keys HQ gives them for a while, and the roles people have (seed 001 section 17)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Literal

from aiohttp import web
from pydantic import Field

from hq import idempotency
from hq.calls import (
    BASE,
    Api,
    Call,
    Services,
    answer,
    answer_once,
    call_of,
    moment,
    not_found,
    pack_json,
    unpack_json,
)
from hq.idempotency import Answer
from hq.keys import FLOOR, STATION, Caller, digest_of
from hq.ofs import timeline
from hq.ofs.models import Body, Ident, Metadata, Place, Text
from web.pages import NoQuery, Page, page, position_of, sliced
from web.problems import Refused
from web.routes import body_of

ROLES = ("picker", "packer", "supervisor", "qc_agent", "receiver", "admin")
"""Those of the seed, and two of ours: who takes goods in, and who looks after the machines."""
Role = Literal["picker", "packer", "supervisor", "qc_agent", "receiver", "admin"]
MAX_TTL_S = 24 * 3600

routes = Api()


class Device(Body):
    """What a device is; members are assumptions of ours (hq_contracts 2.2)."""

    kind: Literal["scanner", "printer", "scale", "handheld", "tablet", "station"]
    model: Text | None = None
    firmware: Text | None = None
    warehouse_id: Place | None = None
    metadata: Metadata = Field(default_factory=dict)


class KeyWanted(Body):
    """A key for one device, which one worker may hold; it ends by itself after `ttl_s` seconds."""

    device_id: Ident
    worker_id: Ident | None = None
    ttl_s: int = Field(default=8 * 3600, ge=1, le=MAX_TTL_S)


class KeyQuery(Page):
    """Keys of a device, or all; those that have expired are not told."""

    device_id: Ident | None = None


@routes.writes("/devices/{id}/register", Device, *FLOOR)
def register(call: Call, body: Device) -> Answer:
    """Make a device known, or tell what it is now."""
    ident = call.path["id"]
    known = call.db.execute("SELECT 1 FROM device WHERE device_id = ?", (ident,)).fetchone()
    call.db.execute(
        "INSERT INTO device (device_id, kind, model, firmware, warehouse_id, metadata, registered_at, updated_at)"
        " VALUES (:id, :kind, :model, :firmware, :warehouse_id, :told, :now, :now) ON CONFLICT (device_id) DO UPDATE"
        " SET kind = excluded.kind, model = excluded.model, firmware = excluded.firmware,"
        " warehouse_id = excluded.warehouse_id, metadata = excluded.metadata, updated_at = excluded.updated_at",
        {**body.model_dump(exclude={"metadata"}), "id": ident, "told": pack_json(body.metadata), "now": call.now},
    )
    timeline.add(call, "device_registered", device_id=ident, kind=body.kind, firmware=body.firmware)
    return answer(_device(_device_row(call, ident)), 200 if known else 201)


@routes.reads("/devices", Page, *FLOOR)
def list_devices(call: Call, query: Page) -> Answer:
    """The devices in the order they became known (our extension)."""
    (after,) = position_of(query.cursor, [0])
    rows = call.db.execute("SELECT * FROM device WHERE seq > ? ORDER BY seq LIMIT ?", (after, query.limit)).fetchall()
    items = [_device(row) for row in rows]
    return answer(page(items, query.limit, [rows[-1]["seq"]] if rows else None))


@routes.reads("/devices/{id}", NoQuery, *FLOOR)
def get_device(call: Call, _query: NoQuery) -> Answer:
    """One device (our extension)."""
    return answer(_device(_device_row(call, call.path["id"])))


@routes.reads("/devices/{id}/log", Page, *FLOOR)
def device_log(call: Call, query: Page) -> Answer:
    """Everything that was done with a device, oldest first (seed 001 section 19: per-device logs)."""
    (after,) = position_of(query.cursor, [0])
    rows = call.db.execute(
        "SELECT * FROM timeline WHERE device = ? AND seq > ? ORDER BY seq LIMIT ?",
        (call.path["id"], after, query.limit),
    ).fetchall()
    names = ("at", "action", "fulfillment_id", "picklist_id", "actor", "correlation_id")
    items = [{**{name: row[name] for name in names}, "details": unpack_json(row["details"])} for row in rows]
    return answer(page(items, query.limit, [rows[-1]["seq"]] if rows else None))


@routes.reads("/roles", Page, *FLOOR)
def list_roles(_call: Call, query: Page) -> Answer:
    """The roles that people in a warehouse may have."""
    return answer(sliced(ROLES, query))


@routes.reads("/keys", KeyQuery, *FLOOR)
def list_keys(call: Call, query: KeyQuery) -> Answer:
    """Keys that HQ gave and that still work, without their secrets."""
    (after,) = position_of(query.cursor, [0])
    rows = call.db.execute(
        "SELECT * FROM issued_key WHERE seq > :after AND expires_at > :now"
        " AND (:device IS NULL OR device_id = :device) ORDER BY seq LIMIT :limit",
        {"after": after, "now": call.now, "device": query.device_id, "limit": query.limit},
    ).fetchall()
    items = [_key(row) for row in rows]
    return answer(page(items, query.limit, [rows[-1]["seq"]] if rows else None))


@routes.post(BASE + "/keys", *FLOOR)
async def create_key(request: web.Request) -> web.StreamResponse:
    """Give a key for a while. The secret is told in the answer alone and kept nowhere.

    Repeating the call tells it again as long as this run of HQ lasts; after that 409: ask for another key.
    """
    idempotency.key_of(request)
    body = await body_of(request, KeyWanted)
    call = call_of(request)
    hashed = hashlib.sha256(await request.read()).hexdigest()
    kept = answer_once(call, hashed, lambda call: _issue(call, body))
    told = json.loads(kept.text or "")
    secret = _secret_of(call, told["key_id"])
    row = call.db.execute("SELECT * FROM issued_key WHERE key_id = ?", (told["key_id"],)).fetchone()
    if row["digest"] != digest_of(secret):
        sentence = f"HQ was started anew and cannot tell the secret of {told['key_id']} again. Ask for another key."
        raise Refused(409, "secret_forgotten", sentence, {"key_id": told["key_id"]})
    headers = {name: kept.headers[name] for name in ("Idempotency-Replayed",) if name in kept.headers}
    return web.json_response({**told, "key": secret}, status=kept.status, headers=headers)


def finder(services: Services) -> Callable[[bytes], Caller | None]:
    """Looks a key up that HQ gave, as long as it works, by the SHA-256 of its secret."""

    def find(digest: bytes) -> Caller | None:
        row = services.store.db.execute(
            "SELECT * FROM issued_key WHERE digest = ? AND expires_at > ?", (digest, moment(services.clock()))
        ).fetchone()
        return None if row is None else Caller(row["worker_id"] or row["device_id"], STATION, row["device_id"])

    return find


def _issue(call: Call, body: KeyWanted) -> Answer:
    if call.services.keys.is_issued(call.request):
        raise Refused(403, "wrong_key", "A key given for a while gives no further ones. Use the station's own key.")
    key_id = call.new_id("key")
    expires = moment(call.services.clock() + timedelta(seconds=body.ttl_s))
    call.db.execute("DELETE FROM issued_key WHERE expires_at <= ?", (call.now,))
    call.db.execute(
        "INSERT INTO issued_key (key_id, digest, device_id, worker_id, issued_by, made_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            key_id,
            digest_of(_secret_of(call, key_id)),
            body.device_id,
            body.worker_id,
            call.actor,
            call.now,
            expires,
        ),
    )
    timeline.add(call, "key_given", key_id=key_id, device_id=body.device_id, worker_id=body.worker_id)
    return answer(_key(call.db.execute("SELECT * FROM issued_key WHERE key_id = ?", (key_id,)).fetchone()), 201)


def _secret_of(call: Call, key_id: str) -> str:
    made = hmac.new(call.store.key_secret, key_id.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def _device_row(call: Call, device_id: str) -> sqlite3.Row:
    row: sqlite3.Row | None = call.db.execute("SELECT * FROM device WHERE device_id = ?", (device_id,)).fetchone()
    if row is None:
        raise not_found("device", device_id)
    return row


def _device(row: sqlite3.Row) -> dict[str, Any]:
    names = ("device_id", "kind", "model", "firmware", "warehouse_id", "registered_at", "updated_at")
    return {**{name: row[name] for name in names}, "metadata": unpack_json(row["metadata"])}


def _key(row: sqlite3.Row) -> dict[str, Any]:
    names = ("key_id", "device_id", "worker_id", "issued_by", "made_at", "expires_at")
    return {**{name: row[name] for name in names}, "role": STATION}
