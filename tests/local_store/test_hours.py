"""Rates and trouble, hour by hour: by hand, and against a slow reckoning over the whole journal."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from local_store import hours, journal
from local_store.domain import events as e
from tests.local_store.test_figures import DAY, HOUR, Day, left, mis_scan, order

Units = dict[int, Decimal]


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    made = Day(tmp_path)
    await made.store.open()
    yield made
    await made.store.close()


def counted(count: str, qty: str, at: str = "A", task: str = "t", status: str = "open") -> e.PickCounted:
    of = {"picklist_id": "PL", "location_id": at, "sku": "TEA", "count_id": count, "status": status}
    return e.PickCounted(task_id=task, qty=Decimal(qty), picked=Decimal(qty), **of)


def undone(count: str, qty: str, task: str = "t") -> e.PickUndone:
    of = {"picklist_id": "PL", "count_id": count, "undo_id": f"u{count}", "picked": Decimal(0), "status": "open"}
    return e.PickUndone(task_id=task, qty=Decimal(qty), **of)


def short(task: str, at: str = "A", reason: str = "empty", picklist: str = "PL") -> e.PickShort:
    of = {"picklist_id": picklist, "location_id": at, "sku": "TEA", "count_id": f"s{task}", "reason": reason}
    return e.PickShort(task_id=task, qty=Decimal(1), status="short", **of)


def window(day: Day, since: int = 0, until: int = 8) -> hours.Window:
    return hours.of_window(day.store.reader, DAY + since * HOUR, DAY + until * HOUR)


async def test_of_nothing_every_hour_is_nought(day: Day) -> None:
    told = window(day)
    assert [each.since_ms for each in told.hours] == [DAY + n * HOUR for n in range(8)]
    assert {(each.picked, each.packed, each.parcels) for each in told.hours} == {(Decimal(0), Decimal(0), 0)}
    assert (told.places, told.reasons, told.orders_packed, told.complete) == ((), (), 0, True)


async def test_what_is_taken_back_is_missing_in_the_hour_it_was_counted_in(day: Day) -> None:
    await day.at(-5, counted("before", "9"))
    await day.at(10, counted("c1", "4"), counted("c2", "0.5"))
    await day.at(70, counted("c3", "7"), undone("c1", "4"), undone("before", "9"))
    assert [each.picked for each in window(day).hours[:3]] == [Decimal("0.5"), Decimal(7), Decimal(0)]


async def test_shorts_and_wrong_scans_stand_at_the_location_the_list_was_at(day: Day) -> None:
    await day.at(1, e.LocationConfirmed(picklist_id="PL", location_id="B-2"))
    await day.at(2, mis_scan("pick-1").model_copy(update={"work": "PL"}), mis_scan("pack-1"))
    await day.at(3, mis_scan("pick-1", hours.NOT_A_MIS_SCAN).model_copy(update={"work": "PL"}))
    await day.at(4, short("t1", "B-2"), short("t2", "C-3", "damaged"), short("t3", "C-3"), undone("st3", "1", "t3"))
    told = window(day)
    assert [(each.place, each.shorts, each.mis_scans) for each in told.places] == [
        ("B-2", 1, 1),
        ("C-3", 1, 0),
        ("pack-1", 0, 1),
    ]
    assert dict(told.reasons) == {"empty": 1, "damaged": 1}
    assert [ident for _, ident in told.places[0].works] == ["PL"]
    assert told.places[2].works == ()


async def test_parcels_are_counted_by_their_seal_and_orders_by_their_last_parcel(day: Day) -> None:
    await day.at(0, order("F1", None), order("F2", None))
    await day.at(10, *left("F1"))
    await day.at(130, *left("F2"))
    told = window(day)
    assert ([each.parcels for each in told.hours[:3]], told.orders_packed) == ([1, 0, 1], 2)


async def test_a_window_takes_only_its_own_time_and_says_when_it_left_something_out(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    await day.at(30, counted("c1", "1"))
    await day.at(60, counted("c2", "2"))
    await day.at(119, counted("c3", "4"))
    await day.at(120, counted("c4", "8"))
    assert [each.picked for each in window(day, 1, 2).hours] == [Decimal(6)]
    monkeypatch.setattr(hours, "MOST_FACTS", 2)
    told = window(day)
    assert (told.complete, sum(each.picked for each in told.hours)) == (False, Decimal(12))


async def test_any_day_is_told_as_a_slow_reckoning_tells_it(day: Day) -> None:
    chance = random.Random(20301)
    open_counts: list[tuple[str, str, str]] = []
    minute = -90
    for number in range(400):
        minute += chance.randrange(3)
        if open_counts and chance.random() < 0.25:
            count, qty, task = open_counts.pop(chance.randrange(len(open_counts)))
            await day.at(minute, undone(count, qty, task))
        elif chance.random() < 0.15:
            await day.at(minute, short(f"t{number}", chance.choice("ABC"), chance.choice(["empty", "damaged"])))
        else:
            made = (f"c{number}", chance.choice(["1", "2.5", "12"]), f"t{number}")
            open_counts.append(made)
            await day.at(minute, counted(made[0], made[1], chance.choice("ABC"), made[2]))
    for since, until in ((0, 8), (-2, 3), (1, 2), (4, 9)):
        told = window(day, since, until)
        picked, shorts = slowly(day, since, until)
        assert {n: each.picked for n, each in enumerate(told.hours) if each.picked} == picked
        assert {each.place: each.shorts for each in told.places} == shorts


def slowly(day: Day, since: int, until: int) -> tuple[Units, dict[str, int]]:
    """Each count looked for its undo through all facts of the window; each short for what came after it."""
    first, last = DAY + since * HOUR, DAY + until * HOUR
    facts = [each for each in journal.read(day.store.reader) if first <= each.wall_ms < last]
    picked: Units = {}
    shorts: Counter[str] = Counter()
    for place, each in enumerate(facts):
        later = [after.fact for after in facts[place + 1 :]]
        if isinstance(each.fact, e.PickCounted):
            counts = [fact.count_id for fact in later if isinstance(fact, e.PickUndone)]
            if each.fact.count_id not in counts:
                hour = (each.wall_ms - first) // HOUR
                picked[hour] = picked.get(hour, Decimal(0)) + each.fact.qty
        if isinstance(each.fact, e.PickShort):
            tasks = [fact.task_id for fact in later if isinstance(fact, e.PickCounted | e.PickUndone)]
            shorts[each.fact.location_id] += each.fact.task_id not in tasks
    return picked, {place: n for place, n in shorts.items() if n}
