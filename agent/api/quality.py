"""Quality control: seed 001 section 12 under `/v1/fulfillment/qc`, and goods that are held under `/v1/station`."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from aiohttp import web
from pydantic import BaseModel, Field

from agent.api.access import SCREEN
from agent.api.acts import add_acts
from agent.api.around import Around
from agent.api.return_shape import number
from agent.api.seed_calls import NOT_FOUND, WRONG, Seed, by_whom, done, made
from local_store.clock import timestamp
from local_store.domain import commands as c
from local_store.store import Store
from local_store.works.quality import on_hold
from web.pages import Page, page, position_of
from web.problems import Refused
from web.routes import RouteTable, body_of, json_answer, query_of

READERS = ("qc_agent", "supervisor", "receiver", "picker", "packer", "admin")
_STATUSES = {
    "qc.unknown": NOT_FOUND,
    "qc.none": NOT_FOUND,
    "goods.negative": WRONG,
    "qc.no_photo": WRONG,
    "worker.may_not": 403,
}


class Start(Seed):
    """Nothing in seed 001; how many units are looked at is our addition: `inspect` of every `of_every`."""

    inspect: int = 1
    of_every: int = 1


class Record(Seed):
    """What was seen. `photos` are SHA-256 of files at this station; `check` and `units` are our additions."""

    passed: bool | None = None
    notes: str | None = None
    measurements: dict[str, str | int | bool] = Field(default_factory=dict, max_length=50)
    photos: tuple[str, ...] = ()
    check: str = ""
    units: c.Amount | None = None


class Resolve(Seed):
    """What is to become of it."""

    disposition: str
    notes: str | None = None


class QcTold(BaseModel):
    """An inspection as seed 001 has it; the numbers of units are our additions."""

    qc_id: str
    fulfillment_id: str | None
    return_id: str | None
    receipt_id: str | None
    status: str
    disposition: str | None
    notes: str | None
    units: int | str
    of_units: int | str
    seen: int | str
    records: list[dict[str, Any]]
    created_at: str
    updated_at: str
    version: int


class HoldTold(BaseModel):
    """Goods that nobody may take."""

    hold_id: str
    sku: str | None
    lot_id: str | None
    serial: str | None
    location_id: str | None
    reason: str


class HoldsTold(BaseModel):
    """A page of them."""

    items: list[HoldTold]
    next_cursor: str | None


class CheckQuery(BaseModel):
    """Goods that somebody wants to take."""

    sku: c.Id
    lot_id: c.Id | None = None
    serial: c.Id | None = None
    location_id: c.Id | None = None


class Checked(BaseModel):
    """The hold they are under, where there is one."""

    hold: HoldTold | None


class QualityRoutes:
    """The handlers of quality control."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes, of = RouteTable(), "/v1/fulfillment/qc/{id}"
        roles = (SCREEN, *sorted(c.StartQc.roles))
        routes.get(of, SCREEN, *READERS, answers=QcTold)(self.get)
        routes.post(f"{of}/start", *roles, body=Start, answers=QcTold, status=201, more=(200,))(self.start)
        routes.post(f"{of}/record", *roles, body=Record, answers=QcTold, more=(412,))(self.record)
        routes.post(f"{of}/resolve", *roles, body=Resolve, answers=QcTold, more=(412,))(self.resolve)
        routes.get("/v1/station/holds", SCREEN, *READERS, query=Page, answers=HoldsTold)(self.holds)
        routes.get("/v1/station/holds/check", SCREEN, *READERS, query=CheckQuery, answers=Checked)(self.check)
        return routes

    async def start(self, request: web.Request) -> web.Response:
        """Begin to inspect a fulfillment, a return or a receipt; one that is being inspected keeps its qc_id."""
        body, ident = await body_of(request, Start), request.match_info["id"]
        of = {"subject_id": ident, "inspect": body.inspect, "of_every": body.of_every}
        command = made(request, c.StartQc, {**of, **by_whom(request, body)})
        receipt = await done(request, self._store, command, _STATUSES)
        if receipt.first_seq is not None:
            return self._answer(f"qc_{receipt.command_id.hex}", 201)
        row = self._store.reader.execute(
            "SELECT qc_id FROM qc WHERE subject_id = ? ORDER BY made_seq DESC LIMIT 1", (ident,)
        ).fetchone()
        return self._answer(row["qc_id"])

    async def record(self, request: web.Request) -> web.Response:
        """Add what was seen."""
        body = await body_of(request, Record)
        measured = {name: _text(value) for name, value in body.measurements.items()}
        told = {**body.model_dump(exclude={"workplace"}), "measurements": measured, "notes": body.notes or ""}
        return await self._act(request, body, c.RecordQc, **told)

    async def resolve(self, request: web.Request) -> web.Response:
        """Decide what becomes of it."""
        body = await body_of(request, Resolve)
        return await self._act(request, body, c.ResolveQc, disposition=body.disposition, notes=body.notes or "")

    async def get(self, request: web.Request) -> web.Response:
        """One inspection with its records."""
        return self._answer(request.match_info["id"])

    async def holds(self, request: web.Request) -> web.Response:
        """What nobody may take."""
        query = query_of(request, Page)
        rows = self._store.reader.execute(
            "SELECT hold_id, sku, lot_id, serial, location_id, reason FROM stock_hold WHERE hold_id > ?"
            " ORDER BY hold_id LIMIT ?",
            (*position_of(query.cursor, [""]), query.limit),
        ).fetchall()
        return json_answer(page([dict(row) for row in rows], query.limit, [rows[-1]["hold_id"]] if rows else None))

    async def check(self, request: web.Request) -> web.Response:
        """Whether goods are on hold."""
        asked = query_of(request, CheckQuery)
        found = on_hold(self._store.reader, asked.sku, asked.lot_id, asked.location_id, asked.serial)
        return json_answer({"hold": found._asdict() if found else None})

    async def _act(self, request: web.Request, body: Seed, command: type[c.WorkerCommand], **of: Any) -> web.Response:
        ident = request.match_info["id"]
        wanted = made(request, command, {"qc_id": ident, **of, **by_whom(request, body)})
        await done(request, self._store, wanted, _STATUSES, lambda db: _version(db, ident))
        return self._answer(ident)

    def _answer(self, qc_id: str, status: int = 200) -> web.Response:
        row = self._store.reader.execute("SELECT * FROM qc WHERE qc_id = ?", (qc_id,)).fetchone()
        if row is None:
            raise Refused(NOT_FOUND, "qc.none", f"There is no inspection {qc_id[:60]!r} at this station.")
        told = {
            "qc_id": qc_id,
            **{f"{kind}_id": row["subject_id"] if row["subject"] == kind else None for kind in _KINDS},
            **{name: row[name] for name in ("status", "disposition", "notes")},
            **{name: number(row[name]) for name in ("units", "of_units", "seen")},
            "records": [{**each, "at": self._at(each.pop("seq"))} for each in json.loads(row["records"])],
            "created_at": self._at(row["made_seq"]),
            "updated_at": self._at(row["last_seq"]),
            "version": row["last_seq"],
        }
        return json_answer(told, status, str(row["last_seq"]))

    def _at(self, seq: int) -> str:
        (wall_ms,) = self._store.reader.execute("SELECT wall_ms FROM journal WHERE seq = ?", (seq,)).fetchone()
        return timestamp(wall_ms)


_KINDS = ("fulfillment", "return", "receipt")


def _version(db: sqlite3.Connection, qc_id: str) -> str | None:
    row = db.execute("SELECT last_seq FROM qc WHERE qc_id = ?", (qc_id,)).fetchone()
    return None if row is None else str(row[0])


def _text(value: object) -> str:
    """A measured value as text; what is exact stays so."""
    return value if isinstance(value, str) else json.dumps(value)


def routes(around: Around) -> RouteTable:
    """Every route with the roles that may call it."""
    table = QualityRoutes(around.store).routes()
    holds, checks = "/v1/station/holds", "/v1/station/qc"
    acts: dict[str, type[c.WorkerCommand]] = {
        holds: c.HoldStock,
        f"{holds}/{{hold_id}}/release": c.ReleaseStock,
        checks: c.StartQc,
        f"{checks}/{{qc_id}}/record": c.RecordQc,
        f"{checks}/{{qc_id}}/resolve": c.ResolveQc,
    }
    add_acts(table, around.store, acts)
    return table
