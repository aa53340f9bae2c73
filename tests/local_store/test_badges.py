"""Badges that HQ signed: taken only when all is right, kept beside the journal, and over when they say so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_store import attempts, badges
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.badges import Signed
from local_store.domain.people import FREE_FAILURES, MOST_FAILURES, Attempts, wait_after
from local_store.domain.steady import LONGEST_OFF_MS, Steady, at
from tests.support.badges import DAY_MS, HOUR_MS, KEY, NOW_MS, person, signed
from tests.support.floor import EVE, SITE, Bench, line, new_id

ZOE = person("zoe", "picker", "supervisor", pin_hash="$argon2id$SECRET-OF-ZOE")
YAN = person("yan", "picker")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path, replace(SITE, badge_key=KEY))
    yield made
    made.close()


def take(bench: Bench, bundle: Signed, *, is_fresh: bool = True) -> str | None:
    """Take a bundle as the lane does; the people of the store are those of it then."""
    reason = bench.runner.run(
        bench.store.run(lambda tx: badges.take(tx, bundle, "main", "boot-1", is_fresh=is_fresh))
    )
    people = badges.together(SITE.workers, badges.people(bench.store.reader))
    bench.store.use_people(people, None)
    return reason


def over(bench: Bench) -> None:
    """The bundle is over."""
    bench.store.use_people(bench.store.site.workers, "2027-01-15T08:00:00.000Z")


def test_somebody_of_a_bundle_signs_in_with_their_badge(bench: Bench) -> None:
    assert take(bench, signed(ZOE, YAN)) is None
    bench.scan("BADGE-ZOE")
    assert bench.screen.text == "Hello Zoe."


@pytest.mark.parametrize(
    ("bundle", "reason"),
    [
        (signed(ZOE, key=bytes(32)), "key"),
        (signed(ZOE, signature="0" * 64), "signature"),
        (signed(ZOE, bundle=signed(ZOE, YAN).bundle), "signature"),
        (signed({"worker_id": "zoe"}), "form"),
        (signed(ZOE, warehouse_id="WH-2"), "warehouse"),
        (signed(ZOE, person("yan", badge_id="BADGE-ZOE")), "doubled"),
        (signed(ZOE, issued_ms=NOW_MS - HOUR_MS), "older"),
        (signed(ZOE, issued_ms=NOW_MS + HOUR_MS, days=0), "expired"),
    ],
)
def test_a_bundle_that_is_not_right_is_refused_and_the_one_before_stays(
    bench: Bench, bundle: Signed, reason: str
) -> None:
    take(bench, signed(YAN))
    before = badges.held(bench.store.reader)
    assert take(bench, bundle) == reason
    assert take(bench, bundle) == reason
    assert [fact.reason for fact in bench.facts(e.BadgesRefused)] == [reason], "told once, though it came twice"
    assert (badges.held(bench.store.reader), set(badges.people(bench.store.reader))) == (before, {"yan"})
    assert badges.refused(bench.store.reader) == {"main": reason}
    take(bench, signed(YAN, issued_ms=NOW_MS + 1))
    assert badges.refused(bench.store.reader) == {}


def test_a_bundle_that_is_over_is_refused_from_a_file_too(bench: Bench) -> None:
    bench.runner.run(bench.store.run(lambda tx: attempts.keep(tx, Steady("boot-1", tx.mono_ms, 0, NOW_MS))))
    assert take(bench, signed(ZOE, issued_ms=NOW_MS - 8 * DAY_MS), is_fresh=False) == "expired"
    assert take(bench, signed(ZOE, issued_ms=NOW_MS - 6 * DAY_MS), is_fresh=False) is None


def test_a_fact_says_who_came_changed_and_went_and_no_name_badge_or_pin(bench: Bench) -> None:
    take(bench, signed(ZOE, YAN))
    take(bench, signed(ZOE | {"roles": ["picker"]}, person("xia"), issued_ms=NOW_MS + 1))
    first, second = bench.facts(e.BadgesTaken)
    assert (first.people, first.added) == (2, ("yan", "zoe"))
    assert (second.added, second.changed, second.removed) == (("xia",), ("zoe",), ("yan",))
    told = bench.query("SELECT group_concat(body) FROM journal")[0][0]
    assert not [word for word in ("Zoe", "BADGE", "SECRET") if word in told]


def test_a_bundle_that_says_nothing_new_is_no_fact_until_it_is_six_hours_newer(bench: Bench) -> None:
    for issued_ms in (NOW_MS, NOW_MS + 1, NOW_MS + HOUR_MS, NOW_MS + 6 * HOUR_MS):
        assert take(bench, signed(ZOE, issued_ms=issued_ms)) is None
    assert len(bench.facts(e.BadgesTaken)) == 2
    assert badges.held(bench.store.reader).expires_ms == NOW_MS + 6 * HOUR_MS + 7 * DAY_MS  # type: ignore[union-attr]


def test_people_of_the_settings_stand_before_those_of_a_bundle(bench: Bench) -> None:
    take(bench, signed(person("eve", "picker", badge_id="OTHER"), person("eva", badge_id=EVE.badge), ZOE))
    assert set(bench.store.site.workers) == {"ana", "ben", "eve", "zoe"}
    assert bench.store.site.workers["eve"] == EVE


def test_roles_nobody_here_knows_give_nothing(bench: Bench) -> None:
    take(bench, signed(person("zoe", "picker", "emperor")))
    assert bench.store.site.workers["zoe"].roles == {"picker"}


def test_people_of_a_bundle_are_told_in_the_language_it_names_if_it_is_known_here(bench: Bench) -> None:
    take(bench, signed(person("zoe", "picker", language="de"), person("yan", "picker", language="tlh")))
    assert bench.scan("BADGE-ZOE").answer.text == "Hallo Zoe."
    assert bench.scan("BADGE-YAN").answer.text == "Hello Yan."


def test_once_the_badges_are_over_nobody_of_them_signs_in_anew_and_who_is_signed_in_finishes(bench: Bench) -> None:
    take(bench, signed(ZOE, YAN))
    bench.given_picklist("PL-1", line("SKU-1", 1))
    bench.scan("BADGE-ZOE", "PL-1")
    over(bench)
    bench.scan("A-1", "SKU-1")
    assert bench.complete().answer.code == "pick.completed"
    bench.sign_out()
    bench.scan("BADGE-YAN")
    assert bench.screen.text == (
        "Yan may not sign in or allow anything: badges were good until 2027-01-15T08:00:00.000Z; "
        "HQ renews them once it answers."
    )
    bench.scan("BADGE-ANA")
    assert bench.screen.text == "Hello Ana.", "people of the settings do not expire"


def test_once_the_badges_are_over_no_supervisor_of_them_allows_anything(bench: Bench) -> None:
    take(bench, signed(ZOE))

    count = {"sku": "SKU-1", "qty": 1, "location_id": "A-1", "badge": "BADGE-ZOE"}
    bench.given_picklist("PL-1", line("SKU-1", 1))
    over(bench)
    assert bench.do(c.CountStock(command_id=new_id(), **count)).answer.code == "worker.badges_ended"
    bench.store.use_people(bench.store.site.workers, None)
    assert bench.do(c.CountStock(command_id=new_id(), **count)).answer.code != "worker.badges_ended"


# --- time that no hand moves ---------------------------------------------------------------------------------------


def test_time_goes_with_the_steady_clock_whatever_the_wall_says() -> None:
    start = at(None, "b1", 1000, NOW_MS)
    for wall in (NOW_MS + 10 * 365 * DAY_MS, 0):
        assert at(start, "b1", 61_000, wall) == Steady("b1", 61_000, 60_000, NOW_MS + 60_000)


def test_a_reboot_counts_only_what_the_machine_ran_and_never_goes_back() -> None:
    start = Steady("b1", 500_000, 500_000, NOW_MS)
    on = at(start, "b2", 10_000, NOW_MS + DAY_MS)
    assert (on.ran_ms, on.now_ms) == (510_000, NOW_MS + DAY_MS)
    for wrong in (0, NOW_MS + 2 * LONGEST_OFF_MS):
        assert at(start, "b2", 10_000, wrong).now_ms == NOW_MS + 10_000


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["runs", "is set", "is off"]),
            st.integers(0, 10 * HOUR_MS),
            st.integers(-20 * 365 * DAY_MS, 20 * 365 * DAY_MS),
        ),
        max_size=30,
    )
)
def test_whatever_is_done_to_the_clock_a_wait_is_never_shorter_than_the_machine_ran(
    acts: list[tuple[str, int, int]],
) -> None:
    boots, mono, wall, ran = 0, 1000, NOW_MS, 0
    last = at(None, "b0", mono, wall)
    before = last
    for act, ms, moved in acts:
        if act == "runs":
            mono, wall, ran = mono + ms, wall + ms, ran + ms
        elif act == "is set":
            wall += moved
        else:
            boots, mono, ran, wall = boots + 1, ms, ran + ms, wall + moved
        last = at(last, f"b{boots}", mono, wall)
        assert last.ran_ms == ran, "not shorter by setting the clock, not longer by a restart"
        assert last.now_ms >= before.now_ms
        before = last


def test_waits_double_from_half_a_minute_to_an_hour() -> None:
    waits = [wait_after(failures) // 1000 for failures in range(FREE_FAILURES - 1, FREE_FAILURES + 9)]
    assert waits == [0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert wait_after(10**6) == 3_600_000
    assert (Attempts(MOST_FAILURES - 1).locked, Attempts(MOST_FAILURES).locked) == (False, True)
