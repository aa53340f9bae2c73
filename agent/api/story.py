"""The routes of timelines, traceability and figures: HQ's own (seed 001, sections 1, 10, 15), and the station's."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from typing import Annotated, Any, TypeVar
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from agent.api.access import OPERATOR, SCREEN
from agent.api.around import Around
from local_store import figures, journal, outbox, story
from local_store.clock import timestamp
from local_store.database import open_reader
from local_store.journal import Row
from local_store.story import Story
from web.problems import Refused
from web.routes import ANYONE, RouteTable, json_answer, query_of

SEED, STATION = "/v1/fulfillment", "/v1/station"
READERS = ("picker", "packer", "receiver", "supervisor", "qc_agent", "admin", SCREEN)
THINGS = frozenset({"package", "fulfillment", "picklist", "return", "manifest", "work_order", "serial"})
WINDOW_HOURS, LONGEST_WINDOW_HOURS = 24, 24 * 7
MOST_SHOWN = 200
_DEVICE = ("device", "scale", "printer")
_PLACE = ("workplace", "location_id", "dock")
T = TypeVar("T")


class _Query(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class TraceQuery(_Query):
    """The serial number of a unit."""

    serial: Annotated[str, StringConstraints(min_length=1, max_length=120)]


class WindowQuery(_Query):
    """How many hours back the figures reach."""

    hours: Annotated[int, Field(ge=1, le=LONGEST_WINDOW_HOURS)] = WINDOW_HOURS


class LateQuery(_Query):
    """Late orders of one warehouse, or all, in pages."""

    warehouse_id: Annotated[str, StringConstraints(max_length=120)] | None = None
    cursor: Annotated[str, StringConstraints(max_length=200)] = ""
    limit: Annotated[int, Field(ge=1, le=MOST_SHOWN)] = 50


class Step(BaseModel):
    """One act, as HQ tells it; `seq`, `event_id` and `hash` are of the journal row. `sound`: its hash fits it."""

    at: str
    action: str
    picklist_id: str | None
    actor: str | None
    device: str
    place: str | None
    correlation_id: str
    details: dict[str, Any]
    station: str
    seq: int
    event_id: str
    hash: str
    sound: bool


class Timeline(BaseModel):
    """What this station knows of a thing, oldest first; not `complete` where that is more than is told."""

    items: list[Step]
    next_cursor: None = None
    complete: bool


class Trace(BaseModel):
    """Where a unit was seen at this station; `account` is where it is now, see the ledger of stock."""

    serial: str
    items: list[dict[str, Any]]
    next_cursor: None = None
    account: str | None


class Window(BaseModel):
    """From when to when, by the clock of this station."""

    since: str
    until: str


class Metrics(BaseModel):
    """HQ's figures, of this station only; those that cannot be said yet are left out."""

    model_config = ConfigDict(extra="allow")
    window: Window
    scope: str
    data_age_s: int | None


class Late(BaseModel):
    """Orders that should have left, and how late they are."""

    items: list[dict[str, Any]]
    next_cursor: str | None


class Health(BaseModel):
    """How each part does: `ok`, or a few words."""

    status: str
    subsystems: dict[str, str]


def routes(around: Around) -> RouteTable:
    """Every route with the roles that may call it."""
    table, own = RouteTable(), StoryRoutes(around)
    table.get(f"{SEED}/fulfillments/{{id}}/timeline", *READERS, answers=Timeline)(own.timeline)
    table.get(f"{STATION}/stories/{{thing}}/{{id}}", *READERS, answers=Timeline)(own.story)
    table.get(f"{SEED}/traceability", *READERS, query=TraceQuery, answers=Trace)(own.trace)
    table.get(f"{SEED}/metrics", *READERS, OPERATOR, query=WindowQuery, answers=Metrics, gives="text/plain")(
        own.metrics
    )
    table.get(f"{SEED}/slas", *READERS, query=LateQuery, answers=Late)(own.slas)
    table.get(f"{SEED}/health", ANYONE, answers=Health, more=(503,))(own.health)
    return table


class StoryRoutes:
    """The handlers. Long reads use a reader of their own in a thread, so that no scan waits for them."""

    def __init__(self, around: Around) -> None:
        self._store, self._clock = around.store, around.clock

    async def timeline(self, request: web.Request) -> web.Response:
        """Everything that happened to an order here, with actor, device and correlation id."""
        return await self._told("fulfillment", request.match_info["id"])

    async def story(self, request: web.Request) -> web.Response:
        """Everything that happened here to a package, order, list, return, manifest, work order or unit."""
        thing = request.match_info["thing"]
        if thing not in THINGS:
            raise Refused(
                404, "not_found", f"There are no stories of a {thing[:40]}; of {', '.join(sorted(THINGS))}."
            )
        return await self._told(thing, request.match_info["id"])

    async def trace(self, request: web.Request) -> web.Response:
        """Where a unit was seen here, oldest first."""
        serial = query_of(request, TraceQuery).serial
        found = await self._read(lambda db: story.of(db, "serial", serial))
        rows = self._store.reader.execute("SELECT account FROM serial WHERE serial = ? LIMIT 1", (serial,)).fetchone()
        items = [_seen(row, serial) for row in found.rows]
        answer = {"serial": serial, "items": items, "next_cursor": None, "account": rows[0] if rows else None}
        return json_answer(answer)

    async def metrics(self, request: web.Request) -> web.Response:
        """The seed's figures of this station; who asks for text/plain gets them as Prometheus text."""
        now_ms, hours = self._clock.wall_ms(), query_of(request, WindowQuery).hours
        since_ms = now_ms - hours * figures.MS_PER_HOUR
        places = [name for name, work in self._store.site.workplaces.items() if work == "pick"]
        found = await self._read(lambda db: figures.of_window(db, since_ms, now_ms, places))
        known = {name: _number(value) for name, value in found._asdict().items() if value is not None}
        if "text/plain" in request.headers.get("Accept", ""):
            lines = [f"{name} {value:g}" for name, value in known.items()]
            return web.Response(text="\n".join([*lines, ""]), content_type="text/plain", charset="utf-8")
        window = {"since": timestamp(since_ms), "until": timestamp(now_ms)}
        age = self._age_s(now_ms)
        return json_answer({**known, "window": window, "scope": "this station only", "data_age_s": age})

    async def slas(self, request: web.Request) -> web.Response:
        """Orders given to this station that should have left and have not."""
        query, now_ms = query_of(request, LateQuery), self._clock.wall_ms()
        if query.warehouse_id not in {None, self._store.site.warehouse_id}:
            return json_answer({"items": [], "next_cursor": None})
        found = figures.late(self._store.reader, now_ms, query.cursor, query.limit)
        items = [each._asdict() for each in found]
        after = found[-1].fulfillment_id if len(found) == query.limit else None
        return json_answer({"items": items, "next_cursor": after})

    async def health(self, _request: web.Request) -> web.Response:
        """Whether the store, the labels and the lanes to HQ do their work; 503 where somebody must look.

        For anyone, as at HQ: what looks on from outside has no key, and nothing of the work is told.
        """
        db = self._store.reader
        (asking,) = db.execute(
            "SELECT count(*) FROM spool_job WHERE state IN ('uncertain', 'failed_clean', 'expired')"
        ).fetchone()
        told = {"store": "ok" if self._store.site.accepts_new_work else "the disk is nearly full"}
        told["label_generator"] = f"{asking} labels ask what became of them" if asking else "ok"
        for lane in outbox.lanes_of(db):
            parked = outbox.figures(db, lane).parked
            told[f"lane_{lane}"] = f"{parked} facts are parked" if parked else "ok"
        well = all(each == "ok" for each in told.values())
        return json_answer({"status": "ok" if well else "degraded", "subsystems": told}, 200 if well else 503)

    async def _told(self, thing: str, ident: str) -> web.Response:
        found = await self._read(lambda db: story.of(db, thing, ident))
        if not found.rows:
            raise Refused(404, "not_found", f"This station knows nothing of {thing} {ident[:60]}. HQ may.")
        return json_answer(_timeline(found))

    async def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        def read() -> T:
            with closing(open_reader(self._store.path)) as db:
                return work(db)

        return await asyncio.to_thread(read)

    def _age_s(self, now_ms: int) -> int | None:
        """How old the newest fact is."""
        head = journal.head_of(self._store.reader).seq
        row = self._store.reader.execute("SELECT wall_ms FROM journal WHERE seq = ?", (head,)).fetchone()
        return max(0, now_ms - row[0]) // figures.MS_PER_S if row else None


def _timeline(found: Story) -> dict[str, Any]:
    return {"items": [_step(row) for row in found.rows], "next_cursor": None, "complete": found.complete}


def _step(row: Row) -> dict[str, Any]:
    told = story.details(row)
    return {
        "at": timestamp(row.wall_ms),
        "action": story.action(row),
        "picklist_id": told.get("picklist_id"),
        "actor": row.actor,
        "device": _first(told, _DEVICE) or row.station,
        "place": _first(told, _PLACE),
        "correlation_id": row.correlation_id or str(UUID(bytes=row.command_id)),
        "details": told,
        "station": row.station,
        "seq": row.seq,
        "event_id": str(UUID(bytes=row.event_id)),
        "hash": row.hash.hex(),
        "sound": journal.is_sound(row),
    }


def _seen(row: Row, serial: str) -> dict[str, Any]:
    """A sight of a unit in HQ's shape."""
    step = _step(row)
    told = step["details"]
    line = next((each for each in told.get("lines", ()) if serial in each.get("serials", ())), told)
    return {
        "at": step["at"],
        "event": step["action"],
        "sku": line.get("sku"),
        "serial": serial,
        "lot_id": line.get("lot_id"),
        "qty": 1,
        "fulfillment_id": told.get("fulfillment_id"),
        "actor": row.actor,
        "device": step["device"],
        "details": told,
    }


def _first(told: dict[str, Any], names: tuple[str, ...]) -> str | None:
    return next((told[name] for name in names if told.get(name)), None)


def _number(value: Decimal | int) -> int | float:
    """A JSON number, as HQ gives its figures; nothing is computed with it any more."""
    return float(value) if isinstance(value, Decimal) else value
