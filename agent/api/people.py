"""Who may sign in, their keys, and the devices they carry (seed 001 section 17), with our sign-in and enrolment."""

from __future__ import annotations

import json
import sqlite3
from typing import Annotated, Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from agent.api.access import (
    OPERATOR,
    SCREEN,
    STATION_KEY,
    Caller,
    caller_of,
    device_cookie,
    people_of,
)
from agent.api.acts import Pin, add_acts
from agent.api.around import Around
from agent.api.deciding import in_words
from agent.api.idempotency import command_id_of
from agent.people import DEVICE_KEY_MS, WORKER_IDLE_MS, Given
from local_store import keys
from local_store.clock import timestamp
from local_store.domain.commands import Badge, DeviceDetails, DeviceKind, DeviceText, Id, RegisterDevice, UnlockPin
from local_store.domain.site import ROLES
from local_store.keys import Key
from local_store.store import Store
from web.pages import NoQuery, Page, page, position_of
from web.problems import Refused
from web.routes import ANYONE, RouteTable, body_of, json_answer, query_of

PEOPLE = tuple(sorted(ROLES))
KEEPERS = ("admin", "supervisor")
"""Who may give keys and take them back."""
SHOWN_ROLES = ("picker", "packer", "receiver", "supervisor", "qc_agent", "admin")
MAX_TTL_S = 24 * 3600
BASE = "/v1/fulfillment"


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Listed(BaseModel):
    """One page of a list; without `next_cursor` it is the last."""

    items: list[Any]
    next_cursor: str | None


class SignIn(_Body):
    """Badge and PIN of a person."""

    badge: Badge
    pin: Pin


class SignedIn(BaseModel):
    """A worker's key. It ends at `expires_at`, or once it was not used for `idle_s` seconds."""

    key: str
    key_id: str
    worker_id: str
    name: str
    roles: list[str]
    expires_at: str
    idle_s: int


class KeyWanted(_Body):
    """A key for one device, which the caller may hold; it ends by itself after `ttl_s` seconds."""

    device_id: Id
    worker_id: Id | None = None
    ttl_s: int = Field(default=8 * 3600, ge=1, le=MAX_TTL_S)


class KeyShown(BaseModel):
    """A key without its secret."""

    key_id: str
    device_id: str | None
    worker_id: str | None
    issued_by: str
    made_at: str
    expires_at: str
    role: str


class KeyMade(KeyShown):
    """A key with its secret, which a repeat of the call tells again."""

    key: str


class KeyQuery(Page):
    """Keys of a device, or all; those that have ended are not told."""

    device_id: Id | None = None


class DeviceTold(_Body):
    """What a device is."""

    kind: DeviceKind
    model: DeviceText | None = None
    firmware: DeviceText | None = None
    warehouse_id: Id | None = None
    metadata: DeviceDetails = Field(default_factory=dict)


class _NamedDevice(DeviceTold):
    device_id: Id


class DeviceShown(DeviceTold):
    """A device as it is known here."""

    device_id: str
    registered_at: str
    updated_at: str


class EnrolmentWanted(_Body):
    """A handheld is to work at a workplace of this station."""

    device_id: Id
    workplace: Id


class EnrolmentCode(BaseModel):
    """A one-time code for a handheld."""

    code: str
    device_id: str
    workplace: str
    expires_at: str


class Enrol(_Body):
    """The one-time code as the handheld scanned it."""

    code: Annotated[str, StringConstraints(min_length=6, max_length=40)]


class Ended(BaseModel):
    """Whether a key worked until now."""

    ended: bool


def routes(around: Around) -> RouteTable:
    """Every route with the roles that may call it."""
    table, api = RouteTable(), PeopleRoutes(around.store)
    own = "/v1/station"
    table.post(f"{own}/sign-in", SCREEN, OPERATOR, body=SignIn, answers=SignedIn, more=(423,))(api.sign_in)
    table.post(f"{own}/sign-out", *PEOPLE, answers=Ended)(api.sign_out)
    table.post(
        f"{own}/enrolments", OPERATOR, *KEEPERS, body=EnrolmentWanted, answers=EnrolmentCode, status=201, more=(404,)
    )(api.offer)
    table.post(f"{own}/enrol", ANYONE, body=Enrol, answers=KeyMade, status=201)(api.enrol)
    table.post(f"{own}/keys/{{key_id}}/revoke", OPERATOR, *KEEPERS, answers=Ended)(api.revoke)
    table.get(f"{BASE}/keys", SCREEN, OPERATOR, *PEOPLE, query=KeyQuery, answers=Listed)(api.list_keys)
    table.post(f"{BASE}/keys", OPERATOR, *KEEPERS, body=KeyWanted, answers=KeyMade, status=201)(api.give)
    table.get(f"{BASE}/roles", SCREEN, OPERATOR, *PEOPLE, query=NoQuery, answers=Listed)(api.roles)
    device = f"{BASE}/devices/{{device_id}}"
    table.post(f"{device}/register", *PEOPLE, body=DeviceTold, answers=DeviceShown, status=201, more=(200,))(
        api.register
    )
    table.get(f"{device}/log", SCREEN, OPERATOR, *PEOPLE, query=Page, answers=Listed)(api.log)
    add_acts(table, around.store, {f"{own}/people/{{person}}/unlock": UnlockPin})
    return table


class PeopleRoutes:
    """The handlers of people."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def sign_in(self, request: web.Request) -> web.Response:
        """A worker's key for badge and PIN."""
        asked = await body_of(request, SignIn)
        people = people_of(request)
        with in_words():
            given = await people.sign_in(asked.badge, asked.pin, caller_of(request).device_id)
        worker = self._store.site.workers[given.key.worker_id or ""]
        told = {"key": given.secret, "key_id": given.key.key_id, "worker_id": worker.worker_id, "name": worker.name}
        until = {"expires_at": timestamp(given.key.expires_ms), "idle_s": WORKER_IDLE_MS // 1000}
        return json_answer({**told, "roles": sorted(worker.roles), **until})

    async def sign_out(self, request: web.Request) -> web.Response:
        """The caller's own key works no more."""
        caller = caller_of(request)
        with in_words():
            done = await people_of(request).end(caller.key_id or "", by=caller.worker_id, signs_out=True)
        return json_answer({"ended": done})

    async def revoke(self, request: web.Request) -> web.Response:
        """Take a key back: it works no more, wherever it is."""
        key_id = request.match_info["key_id"]
        if keys.get(self._store.reader, key_id) is None:
            raise Refused(404, "not_found", f"There is no key {key_id[:40]!r} here; look at {BASE}/keys.")
        with in_words():
            done = await people_of(request).end(key_id, by=caller_of(request).worker_id)
        return json_answer({"ended": done})

    async def list_keys(self, request: web.Request) -> web.Response:
        """Keys that this station gave and that still work, without their secrets."""
        query = query_of(request, KeyQuery)
        now_ms = people_of(request).now().now_ms
        (after,) = position_of(query.cursor, [""])
        found = keys.working(self._store.reader, now_ms, query.device_id, str(after), query.limit)
        return json_answer(page([_shown(each) for each in found], query.limit, [found[-1].key_id] if found else None))

    async def give(self, request: web.Request) -> web.Response:
        """Give a key for a while: to a device, held by nobody or by the caller. A repeat tells the same key again."""
        ident, asked = f"key_{command_id_of(request).hex}", await body_of(request, KeyWanted)
        caller, people = caller_of(request), people_of(request)
        if asked.worker_id not in {None, caller.worker_id}:
            raise Refused(403, "not_yours", f"A key for {asked.worker_id} is given for their badge and PIN only.")
        workplace = None if asked.worker_id else _workplace(self._store, asked.device_id, caller)
        now_ms = people.now().now_ms
        key = Key(
            ident,
            b"",
            "worker" if asked.worker_id else "device",
            asked.device_id,
            asked.worker_id,
            workplace,
            _name(caller),
            now_ms,
            now_ms + asked.ttl_s * 1000,
            None,
            now_ms,
        )
        with in_words():
            given = await people.give(ident, key, request.app[STATION_KEY].key.encode())
        return json_answer(_made(given), 201)

    async def roles(self, request: web.Request) -> web.Response:
        """The roles that people in a warehouse may have."""
        query_of(request, NoQuery)
        return json_answer({"items": list(SHOWN_ROLES), "next_cursor": None})

    async def register(self, request: web.Request) -> web.Response:
        """Make a device known, or tell what it is now."""
        command_id = command_id_of(request)
        asked = await body_of(request, _NamedDevice, **request.match_info)
        members = {**asked.model_dump(exclude={"kind"}), "device_kind": asked.kind}
        by = caller_of(request).worker_id
        with in_words():
            receipt = await self._store.execute(RegisterDevice(command_id=command_id, worker_id=by, **members))
        if receipt.refused:
            raise Refused(422, receipt.answer.code, receipt.answer.text)
        row = _device_row(self._store.reader, asked.device_id)
        assert row is not None
        return json_answer(_device(row), 201 if receipt.first_seq == row["first_seq"] else 200)

    async def log(self, request: web.Request) -> web.Response:
        """Everything that was done with a device, oldest first (seed 001 section 19: per-device logs)."""
        query = query_of(request, Page)
        (after,) = position_of(query.cursor, [0])
        rows = self._store.reader.execute(
            "SELECT journal.seq, wall_ms, kind, actor, correlation_id, body FROM device_act JOIN journal USING (seq)"
            " WHERE device_id = ? AND device_act.seq > ? ORDER BY device_act.seq LIMIT ?",
            (request.match_info["device_id"], after, query.limit),
        ).fetchall()
        return json_answer(page([_act(row) for row in rows], query.limit, [rows[-1]["seq"]] if rows else None))

    async def offer(self, request: web.Request) -> web.Response:
        """A one-time code by which a handheld gets its key."""
        asked = await body_of(request, EnrolmentWanted)
        if asked.workplace not in self._store.site.workplaces:
            known = ", ".join(self._store.site.workplaces)
            raise Refused(
                404, "no_workplace", f"There is no workplace {asked.workplace[:40]!r} here; there is {known}."
            )
        with in_words():
            code, kept = await people_of(request).offer(asked.device_id, asked.workplace, _name(caller_of(request)))
        told = {"code": code, "device_id": kept.device_id, "workplace": kept.workplace}
        return json_answer({**told, "expires_at": timestamp(kept.expires_ms)}, 201)

    async def enrol(self, request: web.Request) -> web.Response:
        """Swap a one-time code for the key of a handheld, once; its browser keeps it as a cookie."""
        asked = await body_of(request, Enrol)
        with in_words():
            given = await people_of(request).enrol(asked.code)
        response = json_answer(_made(given), 201)
        age = DEVICE_KEY_MS // 1000
        response.set_cookie(
            device_cookie(request),
            given.secret,
            max_age=age,
            httponly=True,
            samesite="Strict",
            secure=request.secure,
            path="/",
        )
        return response


def _name(caller: Caller) -> str:
    return caller.worker_id or OPERATOR


def _workplace(store: Store, device_id: str, caller: Caller) -> str:
    """The workplace of a device that enrolled before. Raises Refused 409 for one that did not."""
    row = store.reader.execute(
        "SELECT workplace FROM access_key WHERE device_id = ? AND role = 'device' ORDER BY made_ms DESC LIMIT 1",
        (device_id,),
    ).fetchone()
    if row is None:
        words = "Enrol it first: a supervisor asks for a code, and the device scans it."
        raise Refused(409, "not_enrolled", f"{device_id[:40]!r} works at no workplace here. {words}")
    found: str = row[0]
    return caller.workplace or found


def _shown(key: Key) -> dict[str, Any]:
    return {
        "key_id": key.key_id,
        "device_id": key.device_id,
        "worker_id": key.worker_id,
        "issued_by": key.issued_by,
        "made_at": timestamp(key.made_ms),
        "expires_at": timestamp(key.expires_ms),
        "role": key.role,
    }


def _made(given: Given) -> dict[str, Any]:
    return {**_shown(given.key), "key": given.secret}


def _device_row(db: sqlite3.Connection, device_id: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "SELECT known_device.*, first.wall_ms AS registered_ms, last.wall_ms AS updated_ms FROM known_device"
        " JOIN journal AS first ON first.seq = first_seq JOIN journal AS last ON last.seq = known_device.seq"
        " WHERE device_id = ?",
        (device_id,),
    ).fetchone()
    return row


def _device(row: sqlite3.Row) -> dict[str, Any]:
    members = {name: row[name] for name in ("device_id", "model", "firmware", "warehouse_id")}
    times = {"registered_at": timestamp(row["registered_ms"]), "updated_at": timestamp(row["updated_ms"])}
    return {**members, "kind": row["device_kind"], "metadata": json.loads(row["metadata"]), **times}


def _act(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "at": timestamp(row["wall_ms"]),
        "action": row["kind"],
        "fulfillment_id": None,
        "picklist_id": None,
        "actor": row["actor"],
        "correlation_id": row["correlation_id"],
        "details": json.loads(row["body"]),
    }
