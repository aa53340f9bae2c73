"""The order in which the locations of a list are walked, and the zone that a list is of."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.slips.gather import pick_ticket
from local_store.domain import commands as c
from local_store.domain import walking
from local_store.domain.site import PickingRules
from local_store.domain.stock import SUPPLIER, Move, shelf
from local_store.works import stock
from tests.support.dock import location
from tests.support.floor import Bench, line, new_id, product


@pytest.fixture
def aisle(bench: Bench) -> Bench:
    """HQ gave a list in no order of the shelves."""
    bench.given_products(product("TEA"), product("JAM"), product("OIL"))
    bench.given_picklist("PL-1", line("TEA", 1, at="A-10"), line("JAM", 1, at="B-1"), line("OIL", 1, at="A-2"))
    return bench.signed_in()


def told(bench: Bench, *locations: tuple[str, int, str]) -> None:
    """HQ described these places: name, place on the walk, zone."""
    of = tuple(location(name, order, zone=zone) for name, order, zone in locations)
    bench.do(c.ReceiveInbound(command_id=new_id(), locations=of))


def walk(bench: Bench) -> list[str]:
    return [task.location_id for task in bench.pick_work("PL-1").tasks]


def test_where_nothing_is_known_of_the_shelves_numbers_in_their_names_count_as_numbers(aisle: Bench) -> None:
    assert walk(aisle) == ["A-2", "A-10", "B-1"]
    aisle.scan("PL-1")
    assert aisle.screen.text == "PL-1 is open, lines: 3. Go to A-2."
    assert [each.location for each in pick_ticket(aisle.store.reader, "PL-1", "").lines] == ["A-2", "A-10", "B-1"]


def test_a_list_is_walked_as_hq_describes_the_shelves_and_what_is_not_described_comes_last(aisle: Bench) -> None:
    aisle.scan("PL-1")
    told(aisle, ("B-1", 1, ""), ("A-10", 2, ""))
    assert walk(aisle) == ["B-1", "A-10", "A-2"]
    aisle.scan("B-1", "JAM")
    assert aisle.pick_work("PL-1").current == aisle.task("TEA")


def test_a_site_may_keep_the_order_of_hq(aisle: Bench) -> None:
    told(aisle, ("B-1", 1, ""), ("A-10", 2, ""), ("A-2", 3, ""))
    aisle.restart(picking=PickingRules(order="hq"))
    assert walk(aisle) == ["A-10", "B-1", "A-2"]
    aisle.scan("PL-1")
    assert aisle.screen.text == "PL-1 is open, lines: 3. Go to A-10."


def test_a_task_for_another_location_comes_where_its_shelf_is_on_the_walk(aisle: Bench) -> None:
    there = (Move("OIL", Decimal(1), SUPPLIER, shelf("A-3")),)
    aisle.runner.run(aisle.store.run(lambda tx: stock.follow(tx.connection, tx.head.seq, there)))
    aisle.scan("PL-1", "A-2")
    aisle.short()
    aisle.floor(c.Replan, location_id="A-3")
    assert aisle.screen.code == "pick.replanned"
    assert walk(aisle) == ["A-2", "A-3", "A-10", "B-1"]


@pytest.mark.parametrize(
    ("zones", "zone"), [(("Z1", "Z1", "Z1"), "Z1"), (("Z1", "Z2", "Z1"), None), (("Z1", "", "Z1"), None)]
)
def test_a_list_that_hq_gives_no_zone_is_of_the_zone_of_its_shelves(
    aisle: Bench, zones: tuple[str, str, str], zone: str | None
) -> None:
    told(aisle, *((name, 1, of) for name, of in zip(("A-10", "B-1", "A-2"), zones, strict=True)))
    assert aisle.pick_work("PL-1").zone == zone
    aisle.do(c.ChooseZone(command_id=new_id(), workplace="pick-1", zone="Z9"))
    aisle.scan("PL-1")
    assert aisle.screen.code == ("pick.other_zone" if zone else "pick.opened")


@given(st.lists(st.text(max_size=8), max_size=8))
def test_names_of_places_can_always_be_put_in_one_order(names: list[str]) -> None:
    assert sorted(reversed(names), key=walking.natural) == sorted(names, key=walking.natural)  # noqa: C414 -- the point
