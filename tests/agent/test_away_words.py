"""While HQ is away each screen says until when its work may be begun, and what waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from agent.floor import views
from agent.floor.views import Strip, lanes_view, view_of
from agent.problems import Problems
from local_store.domain.offline import MS_PER_DAY, Sight
from sync.engine import LaneState
from tests.support.floor import ANA, SITE, Bench
from tests.support.pack_station import SetClock

HEARD_MS, WALL_MS = 5_000_000_000, 1_795_000_000_000  # 2026-11-18T11:06:40Z
WAITS = (
    "Waits for HQ: labels of carriers, new work, new parcel numbers, what is looked up at HQ, "
    "figures of the whole site."
)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path / "data", replace(SITE, timezone="Europe/Berlin"))
    yield bench
    bench.close()


def strip_of(bench: Bench, state: Literal["reachable", "unreachable"] = "unreachable", days_later: int = 0) -> Strip:
    clock = SetClock()
    clock.wall, clock.mono = (at_ms + days_later * MS_PER_DAY for at_ms in (WALL_MS, HEARD_MS))
    lanes: dict[str, views.LaneState] = {"main": LaneState(state, 0, "")}
    return Strip(
        lambda: bench.store.site, clock, lambda _: [], lambda: lanes, Problems(clock.wall_ms), training=False
    )


def words(bench: Bench, strip: Strip) -> list[str]:
    (lane,) = lanes_view(bench.store.reader, strip)
    found: list[str] = lane["offline"]
    return found


def heard(bench: Bench) -> None:
    bench.store.site = replace(bench.store.site, hq={"main": Sight("unreachable", HEARD_MS)})


def test_work_of_hq_may_be_begun_until_a_moment_in_the_time_of_the_site(bench: Bench) -> None:
    heard(bench)
    until = "Work that HQ gave may be begun until 2026-12-23 12:06."
    assert words(bench, strip_of(bench)) == [until, WAITS]
    assert words(bench, strip_of(bench, days_later=3)) == [until, WAITS], "it does not move with the day"


def test_when_hq_was_silent_for_too_long_no_work_of_it_is_begun(bench: Bench) -> None:
    heard(bench)
    told = words(bench, strip_of(bench, days_later=36))
    assert told == ["Work that HQ gave is not begun now, because HQ was silent for too long.", WAITS]


def test_of_an_hq_that_never_gave_work_nothing_grows_old(bench: Bench) -> None:
    assert words(bench, strip_of(bench)) == [WAITS]


def test_while_hq_can_be_reached_there_is_nothing_to_say(bench: Bench) -> None:
    heard(bench)
    assert words(bench, strip_of(bench, "reachable")) == []


def test_somebody_whose_badge_came_a_moment_ago_is_on_the_screen_at_once(bench: Bench) -> None:
    strip, zoe = strip_of(bench), replace(ANA, worker_id="zoe", name="Zoe", badge="BADGE-ZOE")
    bench.store.use_people({**bench.store.site.workers, "zoe": zoe}, None)
    bench.scan("BADGE-ZOE")
    assert view_of(bench.store.reader, strip, bench.workplace, None)["worker"] == {"worker_id": "zoe", "name": "Zoe"}
