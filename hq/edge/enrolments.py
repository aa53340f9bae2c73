"""Enrolment: one-time codes by which a machine becomes a station, with its settings and a key of its own.

A machine that becomes a station takes its name over: the key of the machine before works no more, and no shared key
speaks for a station that has a key of its own. So the machine that was replaced is told nothing and believed nothing.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from datetime import timedelta
from typing import Annotated, Any

from aiohttp import web
from pydantic import Field, StringConstraints

from hq import idempotency
from hq.calls import BASE, Api, Call, answer, answer_once, call_of, moment, pack_json, refusals_of, unpack_json
from hq.edge.alarms import raise_alarm
from hq.edge.models import Host
from hq.idempotency import Answer
from hq.keys import OFFICE, digest_of
from hq.ofs import timeline
from hq.ofs.models import Body
from web.pages import Page, page, position_of
from web.problems import Refused
from web.routes import ANYONE, body_of, json_answer

TRIES = 5
MAX_TTL_S, USUAL_TTL_S = 7 * 24 * 3600, 24 * 3600
FOR_EVER = "9999-12-31T23:59:59.999Z"
"""The key of a station ends when another machine takes its name over, or when the office takes it back."""
ISSUED_BY = "enrolment"
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

Station = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Tables = dict[str, Any]

routes = Api()


class EnrolmentWanted(Body):
    """A machine is to become this station. `settings` are tables of edge.toml; what is missing is chosen there."""

    device_id: Station
    settings: Tables = Field(default_factory=dict)
    ttl_s: int = Field(default=USUAL_TTL_S, ge=60, le=MAX_TTL_S)


class CodeShown(Body):
    """The code, and the machine that shows it."""

    code: Annotated[str, StringConstraints(min_length=8, max_length=40)]
    host: Host


class EnrolmentQuery(Page):
    """Enrolments of one station, or all."""

    device_id: Station | None = None


@routes.post(BASE + "/edge/enrolments", OFFICE)
async def offer(request: web.Request) -> web.StreamResponse:
    """A one-time code for a machine that is to become a station. It is told once and kept nowhere (our extension)."""
    idempotency.key_of(request)
    body = await body_of(request, EnrolmentWanted)
    call, code = call_of(request), _new_code()
    kept = answer_once(call, hashlib.sha256(await request.read()).hexdigest(), lambda call: _offer(call, body, code))
    told = unpack_json(kept.text)
    row = call.db.execute("SELECT digest FROM enrolment WHERE enrolment_id = ?", (told["enrolment_id"],)).fetchone()
    if row["digest"] != digest_of(code):
        sentence = "This call was answered before, and its code is told once only. Ask for another with a new key."
        raise Refused(409, "secret_forgotten", sentence)
    return json_answer({**told, "code": code}, 201)


@routes.reads("/edge/enrolments", EnrolmentQuery, OFFICE)
def list_enrolments(call: Call, query: EnrolmentQuery) -> Answer:
    """Enrolments, newest last, without their codes (our extension)."""
    (after,) = position_of(query.cursor, [0])
    rows = call.db.execute(
        "SELECT * FROM enrolment WHERE seq > :after AND (:device IS NULL OR device_id = :device)"
        " ORDER BY seq LIMIT :limit",
        {"after": after, "device": query.device_id, "limit": query.limit},
    ).fetchall()
    return answer(page([_shown(row) for row in rows], query.limit, [rows[-1]["seq"]] if rows else None))


@routes.post(BASE + "/edge/enrolments/redeem", ANYONE)
async def redeem(request: web.Request) -> web.StreamResponse:
    """Swap a code for settings and key, once; the code itself is the key of this call (our extension)."""
    body, call = await body_of(request, CodeShown), call_of(request)
    with refusals_of(request, "Ask the office for a new code."), call.store.transaction():
        found = _found(call, body.code)
        told = None if found is None else _redeem(call, found, body.host)
    if told is None:  # the try was counted in the transaction
        raise Refused(403, "wrong_code", WRONG_CODE)
    return json_answer(told, 201)


def _offer(call: Call, body: EnrolmentWanted, code: str) -> Answer:
    ident, expires = call.new_id("enr"), moment(call.services.clock() + timedelta(seconds=body.ttl_s))
    call.db.execute(
        "INSERT INTO enrolment (enrolment_id, handle, digest, device_id, settings, made_by, made_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            ident,
            _handle(code),
            digest_of(code),
            body.device_id,
            pack_json(body.settings),
            call.actor,
            call.now,
            expires,
        ),
    )
    timeline.add(call, "enrolment_offered", device_id=body.device_id, enrolment_id=ident)
    return answer({"enrolment_id": ident, "device_id": body.device_id, "expires_at": expires}, 201)


def _found(call: Call, code: str) -> sqlite3.Row | None:
    """The enrolment of a code that works; a wrong try is counted at the one whose first half it names."""
    shown = code.strip().upper()
    row: sqlite3.Row | None = call.db.execute(
        "SELECT * FROM enrolment WHERE handle = ? AND redeemed_at IS NULL AND expires_at > ? AND tries < ?",
        (_handle(shown), call.now, TRIES),
    ).fetchone()
    if row is None or row["digest"] == digest_of(shown):
        return row
    call.db.execute("UPDATE enrolment SET tries = tries + 1 WHERE seq = ?", (row["seq"],))
    return None


def _redeem(call: Call, row: sqlite3.Row, host: Host) -> Tables:
    device_id, secret, key_id = row["device_id"], secrets.token_urlsafe(32), call.new_id("key")
    before = call.db.execute(
        "UPDATE issued_key SET expires_at = ? WHERE device_id = ? AND issued_by = ? AND expires_at > ?",
        (call.now, device_id, ISSUED_BY, call.now),
    ).rowcount
    known = call.db.execute(
        "SELECT host, fingerprint FROM edge_lineage WHERE device_id = ? ORDER BY heard_at DESC LIMIT 1", (device_id,)
    ).fetchone()
    call.db.execute(
        "INSERT INTO issued_key (key_id, digest, device_id, worker_id, issued_by, made_at, expires_at)"
        " VALUES (?, ?, ?, NULL, ?, ?, ?)",
        (key_id, digest_of(secret), device_id, ISSUED_BY, call.now, FOR_EVER),
    )
    call.db.execute(
        "UPDATE enrolment SET redeemed_at = ?, host = ?, key_id = ? WHERE seq = ?",
        (call.now, host.name, key_id, row["seq"]),
    )
    if before or known is not None:
        was = f"{known['host']} ({known['fingerprint'][:8]})" if known is not None else "the machine before"
        sentence = (
            f"Station {device_id} is on {host.name} now. {was} has no key any more: switch it off, and look what it "
            "had not sent yet."
        )
        raise_alarm(call, device_id, "replaced", row["enrolment_id"], sentence, [was, host.name])
    timeline.add(call, "station_enrolled", device_id=device_id, enrolment_id=row["enrolment_id"], key_id=key_id)
    replaces = bool(before) or known is not None
    return {"device_id": device_id, "settings": unpack_json(row["settings"]), "key": secret, "replaces": replaces}


def _new_code() -> str:
    halves = ("".join(secrets.choice(_ALPHABET) for _ in range(many)) for many in (4, 10))
    return "-".join(halves)


def _handle(code: str) -> str:
    return code.partition("-")[0]


def _shown(row: sqlite3.Row) -> Tables:
    names = ("enrolment_id", "device_id", "made_by", "made_at", "expires_at", "redeemed_at", "host")
    return {name: row[name] for name in names}


WRONG_CODE = "This code is wrong, used or over. Ask the office for a new one."
