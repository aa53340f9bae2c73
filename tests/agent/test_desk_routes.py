"""What a supervisor's page is told: figures of this station, HQ's beside them, stories by any code, and proofs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent import story_proof
from agent.api import desk_shapes as shapes
from agent.api.access import STATION_KEY
from agent.api.desk import DeskRoutes
from agent.backlog import BacklogWatch
from sync.dialect import Answer, NamedCall, NoAnswer, Reply
from tests.support.door import Door, Known, opened
from tests.support.floor import ANA, SITE, Bench, line, product

BASE = "/v1/station/desk"


def given_a_shift(folder: Path) -> None:
    """Ana picks a list with one short line, then packs an order of two parcels' worth of tea."""
    bench = Bench(folder, SITE)
    bench.given_products(product("TEA"), product("SAW"))
    bench.given_picklist("PL-1", line("TEA", 3, "A-1"), line("SAW", 1, "B-2"))
    bench.given_order("O-9", line("TEA", 2))
    bench.signed_in(ANA).scan("PL-1", "A-1", "TEA", "SAW", "TEA", "TEA", "B-2")
    bench.short("shelf empty")
    bench.complete()
    bench.at("pack-1").signed_in(ANA).packed("O-9", 700)
    bench.close()


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    await asyncio.to_thread(given_a_shift, tmp_path / "data")
    async with opened(tmp_path) as door:
        yield door


async def get(door: Door, path: str, key: str = "") -> tuple[int, Any]:
    """A page of the station asks, or whoever's key it is."""
    cookie = "" if key else door.client.app[STATION_KEY].cookie
    status, text = await door.call(Known("GET", path, frozenset()), key=key, cookie=cookie)
    return status, json.loads(text)


async def test_a_day_tells_rates_trouble_labour_and_orders_by_state(door: Door) -> None:
    status, told = await get(door, f"{BASE}/day?hours=2")
    assert status == 200, told
    day = shapes.Day.model_validate(told)
    assert len(day.hours) == len(day.before) == 2
    assert sum(float(each.picked) for each in day.hours) == 3
    assert sum(each.parcels for each in day.hours) == 1
    assert {(each.place, each.shorts, each.mis_scans) for each in day.places} == {("A-1", 0, 1), ("B-2", 1, 0)}
    assert ("ana", "3", 1) in {(each.worker_id, each.units_picked, each.parcels) for each in day.people}
    assert {each.status: each.count for each in day.orders}["ready_to_ship"] == 1
    assert sum(each.count for each in day.orders) == 2
    assert (day.figures["mis_picks"], day.complete, day.backlog) == (1, True, {})


@pytest.mark.parametrize("query", ["hours=0", "hours=25", "days=1"])
async def test_a_day_is_never_longer_than_a_day(door: Door, query: str) -> None:
    assert (await get(door, f"{BASE}/day?{query}"))[0] == 422


@pytest.mark.parametrize(
    ("code", "thing"),
    [("PL-1", ("picklist", "PL-1")), ("O-9", ("fulfillment", "F-O-9")), ("F-O-9", ("fulfillment", "F-O-9"))],
)
async def test_any_code_leads_to_what_has_a_story(door: Door, code: str, thing: tuple[str, str]) -> None:
    _, told = await get(door, f"{BASE}/meant?code={code}")
    assert thing in [(each["thing"], each["id"]) for each in told["things"]]
    status, story = await get(door, f"/v1/station/stories/{thing[0]}/{thing[1]}")
    assert (status, len(story["items"]) > 1) == (200, True)


async def test_a_code_without_a_story_means_nothing_and_is_no_fault(door: Door) -> None:
    assert (await get(door, f"{BASE}/meant?code=TEA"))[1]["things"] == []
    assert (await get(door, f"{BASE}/meant?code=%27%3B--"))[1]["things"] == []


async def test_the_sscc_of_a_parcel_leads_to_it_and_to_a_proof_that_holds(door: Door) -> None:
    (sscc,) = door.store.reader.execute("SELECT sscc FROM package WHERE sscc IS NOT NULL").fetchone()
    _, told = await get(door, f"{BASE}/meant?code={sscc}")
    (package,) = [each["id"] for each in told["things"] if each["thing"] == "package"]
    key = await door.key("supervisor")
    status, text = await door.call(Known("GET", f"{BASE}/proofs/{package}", frozenset()), key=key)
    assert status == 200
    assert story_proof.verify(text).faults == ()
    assert (await get(door, f"{BASE}/proofs/none", key))[0] == 404
    assert (await get(door, f"{BASE}/proofs/{package}", await door.key("picker")))[0] == 403
    assert (await get(door, f"{BASE}/proofs/{package}"))[0] == 403


async def test_the_report_of_a_shift_counts_orders_units_and_reasons(door: Door) -> None:
    since, until = "2020-01-01T00:00:00Z", "2020-01-01T08:00:00Z"
    status, told = await get(door, f"{BASE}/report?since={since}&until={until}")
    assert status == 200, told
    assert shapes.Report.model_validate(told).picked_orders == 0
    (_, day) = await get(door, f"{BASE}/day?hours=2")
    report = shapes.Report.model_validate((await get(door, f"{BASE}/report?since={day['since']}"))[1])
    assert (report.picked_orders, report.packed_orders, report.picked_units, report.packed_units) == (1, 1, "3", "2")
    assert [(each.reason, each.lines) for each in report.shorts] == [("shelf empty", 1)]
    assert (report.mis_scans, report.refusals, report.exceptions_open) == (1, 1, 0)
    assert [(each.name, each.parcels) for each in report.people] == [("ana", 1)]


@pytest.mark.parametrize(
    "times",
    [
        "since=2020-01-02T00:00:00Z&until=2020-01-01T00:00:00Z",
        "since=2020-01-01T00:00:00Z",
        "since=2020-01-01T00:00:00&until=2020-01-01T08:00:00",
        "until=2020-01-01T08:00:00Z",
    ],
)
async def test_a_report_wants_times_in_order_with_their_zone_and_a_week_at_most(door: Door, times: str) -> None:
    assert (await get(door, f"{BASE}/report?{times}"))[0] == 422


class Hq:
    """An HQ that says what it is told to say."""

    def __init__(self, *replies: Reply) -> None:
        self.replies, self.asked = list(replies), 0

    def calls(self) -> Mapping[str, NamedCall]:
        return {"metrics": NamedCall("GET", "/metrics", "figures of the work")}

    async def call(self, _method: str, _path: str, _body: str | None) -> Reply:
        self.asked += 1
        return self.replies.pop(0)


def desk(door: Door, hq: Any) -> tuple[DeskRoutes, SimpleNamespace]:
    """The routes with a lane to this HQ, and the clock that they read."""
    clock = SimpleNamespace(now=1_000_000)
    clock.wall_ms = lambda: clock.now
    lanes = SimpleNamespace(states=lambda: {"main": None}, client=lambda _lane: hq)
    near = SimpleNamespace(store=door.store, clock=clock, lanes=lanes, backlog=None, timezone="UTC")
    return DeskRoutes(cast("Any", near)), clock


async def site(routes: DeskRoutes) -> Any:
    return json.loads(cast("bytes", (await routes.site(cast("Any", None))).body))


async def test_hqs_figures_come_with_their_time_and_hq_is_not_asked_again_at_once(door: Door) -> None:
    hq = Hq(Answer(200, {"pack_throughput": 7, "odd": "x", "flag": True}), NoAnswer("It did not answer.", sent=False))
    routes, clock = desk(door, hq)
    first = await site(routes)
    assert (first["figures"], first["at"], first["sentence"]) == (
        {"pack_throughput": 7},
        "1970-01-01T00:16:40.000Z",
        "",
    )
    clock.now += 59_000
    assert await site(routes) == first
    assert hq.asked == 1
    clock.now += 2_000
    later = await site(routes)
    assert (later["figures"], later["at"]) == (first["figures"], first["at"])
    assert later["sentence"] == "HQ main tells no figures of the whole site now. It did not answer."


async def test_without_hqs_figures_it_is_said_that_these_are_of_this_station(door: Door) -> None:
    routes, _ = desk(door, Hq(Answer(503, None)))
    told = await site(routes)
    assert (told["figures"], told["at"]) == (None, None)
    assert "status 503" in told["sentence"]
    _, own = await get(door, f"{BASE}/site")
    assert own["sentence"].startswith("No HQ of this station tells figures of the whole site")


async def test_the_backlog_keeps_what_changed_and_when_hq_was_away(door: Door) -> None:
    now, state = [1_000], ["reachable"]
    lane = SimpleNamespace(state="", since_ms=None, sentence="")

    def states() -> Any:
        return {"main": SimpleNamespace(**{**vars(lane), "state": state[0]})}

    async def never(_seconds: float) -> None:
        raise AssertionError

    watch = BacklogWatch(door.store, states, lambda: now[0], never)
    for at, told in ((1_000, "reachable"), (2_000, "reachable"), (3_000, "unreachable"), (4_000, "reachable")):
        now[0], state[0] = at, told
        watch.look()
    now[0] = 5_000
    found = [(each.at_ms, each.state) for each in watch.since(0)["main"]]
    assert found == [(1_000, "reachable"), (3_000, "unreachable"), (4_000, "reachable"), (5_000, "reachable")]
    assert [each.at_ms for each in watch.since(3_500)["main"]] == [3_000, 4_000, 5_000]
    assert watch.since(0)["main"][0].unsent > 0
