"""One table says what may be done while HQ is away, and nothing is done that it does not allow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_store.clock import SystemClock
from local_store.domain import commands as c
from local_store.domain.offline import (
    CONTRACT,
    MS_PER_DAY,
    OPEN_WORK,
    WAITING,
    HqState,
    Operation,
    Rule,
    Sight,
    verdict,
)
from local_store.works import ACTS
from tests.support.floor import ANA, SITE, Bench, line, product
from tests.support.generated import check_table
from tests.support.needs import ROOT

NOW = SystemClock().mono_ms()


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path / "store", SITE)
    bench.given_products(product("SKU-1"))
    bench.given_picklist("PL-7", line("SKU-1", 2))
    bench.given_order("O-8", line("SKU-1", 1))
    yield bench
    bench.close()


def last_heard(bench: Bench, days_ago: int) -> None:
    sight = Sight("unreachable", NOW - days_ago * MS_PER_DAY - 60_000)
    bench.store.site = replace(bench.store.site, hq={"main": sight})


def test_every_command_of_a_person_stands_in_one_row() -> None:
    by_people = {command.kind for command in ACTS} | set(c.FLOOR_COMMANDS)
    by_people |= {
        command.kind for command in (c.RecordReceipt, c.ReceiveReturn, c.CountStock, c.LinkCode, c.DecideException)
    }
    told = [command for row in CONTRACT for command in row.commands]
    assert by_people - set(told) == set()
    assert len(told) == len(set(told))


def test_each_row_that_needs_hq_has_a_name_of_its_own_on_the_screens() -> None:
    assert set(WAITING) == {row.name for row in CONTRACT if row.rule is Rule.NEEDS_HQ}


def test_what_is_recorded_here_needs_no_hq_and_only_new_work_grows_old() -> None:
    assert {row.rule for row in CONTRACT if row.commands} == {Rule.ALWAYS, Rule.WHILE_FRESH}
    assert [row for row in CONTRACT if row.rule is Rule.WHILE_FRESH] == [OPEN_WORK]


def test_a_list_is_begun_after_a_month_without_hq_and_not_after_more_than_the_site_allows(day: Bench) -> None:
    day.at("pick-1").signed_in(ANA)
    last_heard(day, 36)
    day.scan("PL-7")
    assert day.screen.text == (
        "Days since HQ was last heard: 36; after 35, work it gave is not begun, for it may be "
        "called off by now. Finish what is open, and tell IT."
    )
    last_heard(day, 31)
    assert day.scan("PL-7").answer.code == "pick.opened"


def test_what_is_open_is_finished_however_long_hq_is_silent(day: Bench) -> None:
    day.at("pick-1").signed_in(ANA).scan("PL-7")
    last_heard(day, 90)
    day.scan("A-1", "SKU-1", "SKU-1", "PL-7")
    assert day.screen.code == "pick.completed"


def test_a_parcel_is_not_begun_either(day: Bench) -> None:
    last_heard(day, 90)
    assert day.at("pack-1").signed_in(ANA).scan("O-8").answer.code == "work.too_old"
    last_heard(day, 0)
    assert day.scan("O-8").answer.code == "pack.opened"


def test_when_hq_was_heard_is_known_again_after_a_restart(day: Bench) -> None:
    day.runner.run(day.store.heard_hq("main"))
    before = day.store.site.hq["main"].heard_ms
    day.restart()
    sight = day.store.site.hq["main"]
    assert before is not None
    assert sight.heard_ms is not None
    assert abs(sight.heard_ms - before) < 1_000  # the two clocks are read one after the other
    assert sight.state == "unknown"


@given(
    row=st.sampled_from(CONTRACT),
    state=st.sampled_from(("unknown", "reachable", "unreachable", "paused")),
    days_ago=st.none() | st.integers(0, 400),
    most=st.integers(1, 365),
)
def test_a_verdict_follows_from_the_row_and_nothing_else(
    row: Operation, state: HqState, days_ago: int | None, most: int
) -> None:
    heard = None if days_ago is None else NOW - days_ago * MS_PER_DAY
    said = verdict(row, Sight(state, heard), NOW, most * MS_PER_DAY)
    fresh = days_ago is None or days_ago <= most
    assert said.allowed is {Rule.ALWAYS: True, Rule.NEEDS_HQ: state == "reachable", Rule.WHILE_FRESH: fresh}[row.rule]
    assert said.sentence.endswith(".")
    if said.until_ms is not None:
        assert said.until_ms >= NOW


def test_the_page_shows_the_table() -> None:
    words = {
        Rule.ALWAYS: "yes, and HQ is told when it is back",
        Rule.WHILE_FRESH: "yes, for `offline.work_days` (35) after HQ was last heard",
        Rule.NEEDS_HQ: "no, it waits for HQ",
    }
    rows = [(row.what, words[row.rule], ", ".join(f"`{each}`" for each in sorted(row.commands))) for row in CONTRACT]
    check_table(ROOT / "docs" / "offline.md", "offline", ("what", "with HQ away", "commands"), rows)
