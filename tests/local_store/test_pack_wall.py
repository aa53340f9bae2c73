"""Several orders are open at one pack station, and the one that is meant comes to the front."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from local_store.domain.site import PackRule
from tests.support.floor import Bench, line, product


@pytest.fixture
def wall(open_bench: Callable[[str], Bench]) -> Bench:
    """Three orders that are ready at a pack station with two slots."""
    bench = open_bench("pack-1")
    bench.restart(packing=PackRule(slots=2))
    bench.given_products(product("SKU-1"), product("SKU-2"))
    bench.given_order("O-1", line("SKU-1", 2))
    bench.given_order("O-2", line("SKU-2", 1))
    bench.given_order("O-3", line("SKU-2", 1))
    bench.signed_in().scan("O-1", "O-2")
    return bench


def test_two_orders_are_open_at_once_and_a_scan_of_the_order_brings_it_to_the_front(wall: Bench) -> None:
    assert wall.place.fulfillment_id == "F-O-2"
    wall.scan("O-1")
    assert wall.screen.text == "Order O-1 is in front. Scan Item SKU-1 (SKU-1)."
    wall.scan("O-3")
    assert wall.screen.code == "pack.other_open"


def test_an_order_that_has_all_its_goods_comes_to_the_front_to_be_weighed(wall: Bench) -> None:
    wall.scan("SKU-2", "O-1", "O-2")
    assert wall.screen.text == "Order O-2 is in front, and everything is in. Weigh and seal it."


def test_an_item_that_only_another_open_order_wants_brings_that_one_to_the_front(wall: Bench) -> None:
    wall.scan("SKU-1")
    assert wall.place.fulfillment_id == "F-O-1"
    assert wall.pack_line("O-1", "SKU-1").packed == 1


def test_with_the_last_parcel_of_one_the_other_comes_to_the_front(wall: Bench) -> None:
    wall.scan("SKU-2")
    wall.weigh(100)
    wall.seal()
    assert wall.place.fulfillment_id == "F-O-1"
    wall.scan("SKU-1", "SKU-1")
    wall.weigh(200)
    wall.seal()
    assert wall.place.fulfillment_id is None
    live = wall.dump()
    assert wall.rebuilt_dump() == live
