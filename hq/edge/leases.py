"""Leases: while a station has one on a thing, no other is given one (our extension)."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import Any

from pydantic import Field

from hq.calls import Act, Api, Call, answer, moment, not_found
from hq.idempotency import Answer
from hq.keys import FLOOR
from hq.ofs import timeline
from hq.ofs.models import Body, Ident, Nothing
from web.pages import Page, page, position_of
from web.problems import Refused

MAX_TTL_S = 24 * 3600

routes = Api()


class LeaseWanted(Body):
    """A kind of thing, which one, who wants it, and for how long without word from it."""

    thing: Ident
    id: Ident
    station: Ident
    ttl_s: int = Field(ge=1, le=MAX_TTL_S)


class Renewal(Body):
    """For how long from now."""

    ttl_s: int = Field(ge=1, le=MAX_TTL_S)


class LeaseQuery(Page):
    """Leases of one station, or all; those that have ended are not told."""

    station: Ident | None = None


@routes.writes("/edge/leases", LeaseWanted, *FLOOR)
def take(call: Call, body: LeaseWanted) -> Answer:
    """Take a lease; its holder may take it again and has it longer. 409 with the holder while another has it."""
    held = call.db.execute(
        "SELECT * FROM work_lease WHERE thing = ? AND thing_id = ?", (body.thing, body.id)
    ).fetchone()
    if held is not None and _lasts(call, held) and held["station"] != body.station:
        raise _held(held)
    again = held is not None and _lasts(call, held)
    ident = held["lease_id"] if again else call.new_id("lease")
    call.db.execute(
        "INSERT OR REPLACE INTO work_lease VALUES (?, ?, ?, ?, ?, ?)",
        (
            ident,
            body.thing,
            body.id,
            body.station,
            held["leased_at"] if again else call.now,
            _until(call, body.ttl_s),
        ),
    )
    if not again:
        timeline.add(call, "leased", lease_id=ident, thing=body.thing, id=body.id, station=body.station)
    return answer(_shape(_row(call, ident)), 200 if again else 201)


@routes.reads("/edge/leases", LeaseQuery, *FLOOR)
def list_leases(call: Call, query: LeaseQuery) -> Answer:
    """What is leased now (our extension)."""
    thing, ident = position_of(query.cursor, ["", ""])
    rows = call.db.execute(
        "SELECT * FROM work_lease WHERE (thing, thing_id) > (:thing, :id) AND expires_at > :now"
        " AND (:station IS NULL OR station = :station) ORDER BY thing, thing_id LIMIT :limit",
        {"thing": thing, "id": ident, "now": call.now, "station": query.station, "limit": query.limit},
    ).fetchall()
    last = [rows[-1]["thing"], rows[-1]["thing_id"]] if rows else None
    return answer(page([_shape(row) for row in rows], query.limit, last))


@routes.writes("/edge/leases/{id}/renew", Renewal, *FLOOR)
def renew(call: Call, body: Renewal) -> Answer:
    """Have it longer; also one that has ended, as long as nobody else took the thing. 404 when somebody did."""
    row = _row(call, call.path["id"])
    call.db.execute(
        "UPDATE work_lease SET expires_at = ? WHERE lease_id = ?", (_until(call, body.ttl_s), row["lease_id"])
    )
    return answer(_shape(_row(call, row["lease_id"])))


@routes.writes("/edge/leases/{id}/release", Nothing, *FLOOR)
def release(call: Call, _body: Nothing) -> Answer:
    """Give it back. One that is gone already is no fault."""
    ident = call.path["id"]
    gone = call.db.execute("DELETE FROM work_lease WHERE lease_id = ?", (ident,)).rowcount
    if gone:
        timeline.add(call, "lease_released", lease_id=ident)
    return answer({"lease_id": ident, "released": True})


def holder(act: Act, thing: str, ident: str) -> str | None:
    """The station that has a lease on a thing now."""
    row = act.db.execute(
        "SELECT station FROM work_lease WHERE thing = ? AND thing_id = ? AND expires_at > ?", (thing, ident, act.now)
    ).fetchone()
    return row["station"] if row is not None else None


def _held(row: sqlite3.Row) -> Refused:
    sentence = (
        f"{row['thing']} {row['thing_id']} is leased to {row['station']} until {row['expires_at']}. Take another one."
    )
    return Refused(409, "held_by_other", sentence, {"station": row["station"], "expires_at": row["expires_at"]})


def _lasts(call: Call, row: sqlite3.Row) -> bool:
    return str(row["expires_at"]) > call.now


def _until(call: Call, seconds: int) -> str:
    return moment(call.services.clock() + timedelta(seconds=seconds))


def _row(call: Call, lease_id: str) -> sqlite3.Row:
    row: sqlite3.Row | None = call.db.execute("SELECT * FROM work_lease WHERE lease_id = ?", (lease_id,)).fetchone()
    if row is None:
        raise not_found("lease", lease_id)
    return row


def _shape(row: sqlite3.Row) -> dict[str, Any]:
    names = ("lease_id", "thing", "station", "leased_at", "expires_at")
    return {**{name: row[name] for name in names}, "id": row["thing_id"]}
