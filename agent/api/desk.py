"""`/v1/station/desk/…`: what a supervisor's page looks at. Figures of this station, HQ's beside them, and proofs."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import Annotated, Any, NamedTuple, TypeVar

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from agent import story_proof
from agent.api import desk_shapes as shapes
from agent.api.access import OPERATOR, SCREEN
from agent.api.reading import STATUS
from agent.api.story import THINGS
from agent.backlog import BacklogWatch, Sample
from agent.exceptions import as_json
from agent.lanes import Lanes
from agent.slips.people import people
from agent.slips.shift import shift_report
from local_store import figures, hours, journal, story
from local_store.clock import Clock, timestamp
from local_store.database import open_reader
from local_store.domain.codes import key_of
from local_store.domain.events import decimal_text
from local_store.hours import MS_PER_HOUR
from local_store.journal import JournalDamaged
from local_store.loading import load_meanings
from local_store.store import Store
from sync.dialect import Answer
from web.problems import Refused
from web.routes import RouteTable, json_answer, query_of

READERS = (SCREEN, OPERATOR, "supervisor", "admin")
PROVERS = (OPERATOR, "supervisor", "admin")
USUAL_HOURS, LONGEST_HOURS, DAY_HOURS = 8, 24, 24
LONGEST_REPORT_HOURS = 24 * 7
MOST_LATE = 50
SITE_FIGURES_LAST_S = 60
"""So long HQ is not asked again, however many pages are open."""
HQS_FIGURES = "metrics"
"""The call of a dialect that tells the figures of a whole site (seed 001, section 15)."""
T = TypeVar("T")


class _Query(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class DayQuery(_Query):
    """How many hours back."""

    hours: Annotated[int, Field(ge=1, le=LONGEST_HOURS)] = USUAL_HOURS


class MeantQuery(_Query):
    """A code as it was scanned or typed."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=250)]


class ReportQuery(_Query):
    """From when to when; until now where no end is named."""

    since: AwareDatetime
    until: AwareDatetime | None = None


class SiteFigures(NamedTuple):
    """What an HQ said of the whole site, and when."""

    at_ms: int
    told: dict[str, Any]


class Near(NamedTuple):
    """What these routes need of the agent around them."""

    store: Store
    clock: Clock
    lanes: Lanes
    backlog: BacklogWatch
    timezone: str


class DeskRoutes:
    """The handlers. Long reads use a reader of their own in a thread, so that no scan waits for them."""

    def __init__(self, near: Near) -> None:
        self._near = near
        self._of_site: dict[str, SiteFigures] = {}
        self._asking = asyncio.Lock()

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        table, base = RouteTable(), "/v1/station/desk"
        table.get(f"{base}/day", *READERS, query=DayQuery, answers=shapes.Day)(self.day)
        table.get(f"{base}/site", *READERS, answers=shapes.Site)(self.site)
        table.get(f"{base}/meant", *READERS, query=MeantQuery, answers=shapes.Meant)(self.meant)
        table.get(f"{base}/report", *READERS, query=ReportQuery, answers=shapes.Report)(self.report)
        table.get(f"{base}/proofs/{{package_id}}", *PROVERS, gives="application/json", more=(409,))(self.proof)
        return table

    async def day(self, request: web.Request) -> web.Response:
        """The figures of the last hours, the same hours of the day before, and what waits for a decision."""
        now_ms, asked = self._near.clock.wall_ms(), query_of(request, DayQuery)
        since_ms = now_ms - now_ms % MS_PER_HOUR - (asked.hours - 1) * MS_PER_HOUR
        told = await self._read(lambda db: self._day(db, since_ms, now_ms))
        lanes = {
            lane: [_sample(each) for each in found] for lane, found in self._near.backlog.since(since_ms).items()
        }
        site = self._near.store.site
        workers = [{"worker_id": each.worker_id, "name": each.name} for each in site.workers.values()]
        head = {"station": site.station_id, "language": site.language, "now": timestamp(now_ms)}
        return json_answer({**head, "since": timestamp(since_ms), **told, "backlog": lanes, "workers": workers})

    async def site(self, _request: web.Request) -> web.Response:
        """HQ's figures of the whole site and when HQ told them; without any, why there are none."""
        for lane in self._near.lanes.states():
            if HQS_FIGURES in self._near.lanes.client(lane).calls():
                async with self._asking:
                    return json_answer(await self._asked(lane))
        why = "No HQ of this station tells figures of the whole site: what you see is of this station only."
        return json_answer({"lane": None, "at": None, "figures": None, "sentence": why})

    async def meant(self, request: web.Request) -> web.Response:
        """What a code means here, of things that have a story: an order, a package, a list, a unit."""
        code = query_of(request, MeantQuery).code.strip()
        found = await self._read(lambda db: _meant(db, code))
        return json_answer({"code": code, "things": [{"thing": thing, "id": ident} for thing, ident in found]})

    async def report(self, request: web.Request) -> web.Response:
        """The report of a shift, from the journal of this station: counts, and what nobody can know."""
        asked, now_ms = query_of(request, ReportQuery), self._near.clock.wall_ms()
        since_ms, until_ms = _ms(asked.since), now_ms if asked.until is None else _ms(asked.until)
        if not 0 < until_ms - since_ms <= LONGEST_REPORT_HOURS * MS_PER_HOUR:
            most = LONGEST_REPORT_HOURS // DAY_HOURS
            words = f"A report ends after it begins, and is of {most} days at most. Choose other times."
            raise Refused(422, "invalid", words)
        site = self._near.store.site
        found = await self._read(
            lambda db: shift_report(db, site.station_id, since_ms, until_ms, self._near.timezone)
        )
        told = found._asdict()
        told["people"] = [{**each._asdict(), "name": self._name(each.worker_id)} for each in found.people]
        told["backlog"] = [each._asdict() for each in found.backlog]
        told["shorts"] = [{"reason": reason, "lines": lines} for reason, lines in found.shorts]
        return json_answer(told)

    async def proof(self, request: web.Request) -> web.Response:
        """The signed story of one package, as a file that proves itself."""
        asked, store = request.match_info["package_id"], self._near.store
        try:
            found = await self._read(lambda db: story.package_named(db, asked))
            if found is None:
                raise Refused(404, "not_found", f"There is no single package {asked[:60]!r} here. Scan its label.")
            folder, now_ms = store.path.parent, self._near.clock.wall_ms()
            text = await self._read(lambda db: story_proof.make(db, found, store.site.station_id, folder, now_ms))
        except (story_proof.NoProof, JournalDamaged) as refused:
            raise Refused(409, "no_proof", str(refused)) from refused
        headers = {"Content-Disposition": 'attachment; filename="proof.json"'}
        return web.Response(text=text, content_type="application/json", headers=headers)

    def _day(self, db: sqlite3.Connection, since_ms: int, now_ms: int) -> dict[str, Any]:
        site = self._near.store.site
        places = [name for name, work in site.workplaces.items() if work == "pick"]
        one_day_ms = DAY_HOURS * MS_PER_HOUR
        window = hours.of_window(db, since_ms, now_ms + 1)
        until_ms = since_ms + len(window.hours) * MS_PER_HOUR
        before = hours.of_window(db, since_ms - one_day_ms, until_ms - one_day_ms)
        found = figures.of_window(db, since_ms, now_ms, places)
        first = journal.first_since(db, since_ms)
        return {
            "orders": [*_orders(db), {"status": "ready_to_ship", "count": window.orders_packed}],
            "figures": {name: _told(value) for name, value in found._asdict().items() if value is not None},
            "hours": [_hour(each) for each in window.hours],
            "before": [_hour(each) for each in before.hours],
            "places": [_place(each) for each in window.places],
            "people": [
                {**each._asdict(), "name": self._name(each.worker_id)} for each in people(db, first, since_ms, now_ms)
            ],
            "late": [each._asdict() for each in figures.late(db, now_ms, "", MOST_LATE)],
            "exceptions": as_json(db),
            "complete": window.complete and before.complete and found.complete,
        }

    async def _asked(self, lane: str) -> dict[str, Any]:
        """What HQ said within the last minute, or says now; else what it said last, and that it does not answer."""
        now_ms, known = self._near.clock.wall_ms(), self._of_site.get(lane)
        sentence = ""
        if known is None or not 0 <= now_ms - known.at_ms < SITE_FIGURES_LAST_S * figures.MS_PER_S:
            client = self._near.lanes.client(lane)
            call = client.calls()[HQS_FIGURES]
            reply = await client.call(call.method, call.path, None)
            if isinstance(reply, Answer) and reply.status == web.HTTPOk.status_code and isinstance(reply.body, dict):
                known = self._of_site[lane] = SiteFigures(now_ms, _numbers(reply.body))
            else:
                why = f"It answered with status {reply.status}." if isinstance(reply, Answer) else reply.sentence
                sentence = f"HQ {lane} tells no figures of the whole site now. {why}"
        told = {"at": timestamp(known.at_ms), "figures": known.told} if known else {"at": None, "figures": None}
        return {"lane": lane, **told, "sentence": sentence}

    def _name(self, worker_id: str) -> str:
        worker = self._near.store.site.workers.get(worker_id)
        return worker.name if worker else worker_id

    async def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        def read() -> T:
            with closing(open_reader(self._near.store.path)) as db:
                return work(db)

        return await asyncio.to_thread(read)


def _orders(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Orders that are not packed, by HQ's words for their state."""
    rows = db.execute(
        f"SELECT {STATUS} AS told, count(*) FROM fulfillment INDEXED BY fulfillment_unpacked"  # noqa: S608 -- ours
        " WHERE session <> 'packed' GROUP BY told"
    )
    return [{"status": status, "count": count} for status, count in rows]


def _meant(db: sqlite3.Connection, code: str) -> list[tuple[str, str]]:
    """The things of a code: what it means on the floor, then what is called so."""
    found: list[tuple[str, str]] = [
        (each.thing, each.id) for each in load_meanings(db, key_of(code)) if each.thing in THINGS
    ]
    called = "SELECT 1 FROM story WHERE thing = ? AND id = ? LIMIT 1"
    found += [(thing, code) for thing in sorted(THINGS) if db.execute(called, (thing, code)).fetchone()]
    rows = db.execute("SELECT fulfillment_id FROM fulfillment WHERE order_id = ? LIMIT 5", (code,))
    found += [("fulfillment", ident) for (ident,) in rows]
    return list(dict.fromkeys(found))


def _hour(each: hours.Hour) -> dict[str, Any]:
    units = {"picked": decimal_text(each.picked), "packed": decimal_text(each.packed)}
    return {"since": timestamp(each.since_ms), **units, "parcels": each.parcels}


def _place(each: hours.Where) -> dict[str, Any]:
    works = [{"thing": thing, "id": ident} for thing, ident in each.works]
    return {"place": each.place, "shorts": each.shorts, "mis_scans": each.mis_scans, "works": works}


def _sample(each: Sample) -> dict[str, Any]:
    return {"at": timestamp(each.at_ms), "unsent": each.unsent, "parked": each.parked, "state": each.state}


def _told(value: Any) -> int | float | bool:
    """A JSON number, as HQ gives its figures; nothing is computed with it any more."""
    return value if isinstance(value, bool | int) else float(value)


def _numbers(body: dict[str, Any]) -> dict[str, int | float]:
    """HQ's figures: what is no number is not ours to show."""
    return {
        name: value
        for name, value in body.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and len(name) <= 60  # noqa: PLR2004 -- ours
    }


def _ms(at: datetime) -> int:
    return int(at.timestamp() * figures.MS_PER_S)
