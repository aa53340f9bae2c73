"""Which box the packer is told to take: the smallest that holds everything, and what it could not be chosen by."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from agent.floor.pack_view import pack_view
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.cartons import FILLED_PERCENT, Goods, suggested
from tests.support.floor import Bench, line, new_id, product

Sides = tuple[int, int, int]


def size(*sides: int) -> e.Dimensions:
    return e.Dimensions(**dict(zip(("length_mm", "width_mm", "height_mm"), sides, strict=True)))


def box(name: str, *sides: int, most: int | None = None, tare: int | None = None) -> e.Carton:
    """Inner lengths in millimetres, weights in grams."""
    weights = {"max_mg": None if most is None else most * 1000, "tare_mg": None if tare is None else tare * 1000}
    return e.Carton(carton_id=name, name=name, **size(*sides).model_dump(), **weights)


SMALL = box("small", 200, 100, 100, most=1000, tare=100)
FLAT, LARGE = box("flat", 500, 300, 20), box("large", 400, 400, 400)
BOXES = (SMALL, FLAT, LARGE)


def goods(qty: int, sides: Sides | None, grams: int | None = 100, sku: str = "TEA") -> Goods:
    return Goods(sku, Decimal(qty), None if grams is None else grams * 1000, size(*sides) if sides else None)


def taken(*wanted: Goods) -> str | None:
    found = suggested(BOXES, wanted).carton
    return found.name if found else None


def test_the_smallest_box_that_holds_all_by_volume_is_taken_with_room_for_gaps() -> None:
    cube = (50, 50, 50)
    fits = 2_000_000 * FILLED_PERCENT // 100 // 125_000
    assert fits == 12
    assert taken(goods(fits, cube, 10)) == "small"
    assert taken(goods(fits + 1, cube, 10)) == "large"


def test_the_longest_item_fits_in_whichever_way_it_is_turned() -> None:
    assert taken(goods(2, (90, 200, 10))) == "small"
    assert taken(goods(2, (10, 201, 10))) == "flat"
    assert taken(goods(2, (30, 401, 30))) is None, "no box is so long and so high"


def test_one_unit_alone_needs_no_gaps() -> None:
    assert taken(goods(1, (200, 100, 100))) == "small"
    assert taken(goods(2, (200, 100, 50))) == "large"


def test_a_box_that_may_not_weigh_so_much_is_left() -> None:
    assert taken(goods(1, (50, 50, 15), 900)) == "small"
    assert taken(goods(1, (50, 50, 15), 901)) == "flat"


def test_what_is_not_known_is_not_guessed_and_is_named() -> None:
    by_weight = suggested(BOXES, (goods(1, None, 900, "JAM"), goods(1, (900, 900, 900), 1)))
    assert (by_weight.carton, by_weight.no_size, by_weight.no_weight) == (FLAT, ("JAM",), ())
    by_size = suggested(BOXES, (goods(9, (50, 50, 50), None, "JAM"),))
    assert (by_size.carton, by_size.no_size, by_size.no_weight) == (SMALL, (), ("JAM",))
    blind = suggested(BOXES, (goods(1, None), goods(1, (1, 1, 1), None)))
    assert (blind.carton, blind.blind) == (None, True)


@given(
    st.lists(st.tuples(st.integers(1, 4), st.tuples(*[st.integers(1, 400)] * 3)), min_size=1, max_size=4),
    st.permutations([0, 1, 2]),
)
def test_how_a_product_is_turned_makes_no_difference_and_no_box_overflows(
    units: list[tuple[int, Sides]], turned: list[int]
) -> None:
    wanted = [goods(qty, sides) for qty, sides in units]
    found = suggested(BOXES, wanted).carton
    again = suggested(BOXES, [goods(qty, (s[turned[0]], s[turned[1]], s[turned[2]])) for qty, s in units]).carton
    assert again == found
    if found is not None:
        inner = (found.length_mm, found.width_mm, found.height_mm)
        for _, sides in units:
            assert any(all(a <= b for a, b in zip(way, inner, strict=True)) for way in permutations(sides))
        volume = sum(qty * s[0] * s[1] * s[2] for qty, s in units)
        assert volume <= inner[0] * inner[1] * inner[2]


def shown_at(bench: Bench) -> object:
    view = pack_view(bench.store.reader, bench.place, bench.site, weight_doubted=False)
    return view["parcel"]["carton"]


def test_the_packer_sees_the_box_and_what_it_was_not_chosen_by(open_bench: Callable[[str], Bench]) -> None:
    bench = open_bench("pack-1")
    small = size(50, 50, 50)
    bench.given_products(product("TEA", size=small), product("JAM", size=small), product("NUT", grams=None))
    bench.given_order("O-1", line("TEA", 1), line("JAM", 1))
    bench.signed_in().scan("O-1")
    assert shown_at(bench) is None, "no boxes are known"
    bench.do(c.ReceiveCartons(command_id=new_id(), told=e.CartonsTold(lane="main", cartons=BOXES)))
    assert shown_at(bench) == {"carton_id": "small", "name": "small", "note": ""}
    bench.given_products(product("TEA", size=size(399, 60, 60)))
    assert shown_at(bench) == {"carton_id": "large", "name": "large", "note": ""}
    bench.given_products(product("TEA", size=size(900, 60, 60)))
    assert shown_at(bench) == {
        "carton_id": None,
        "name": "",
        "note": "No box is known to hold all of it. Use more than one.",
    }
    bench.given_products(product("TEA"))  # HQ tells no size any more
    note = "It goes by weight alone: the size of TEA is not known."
    assert shown_at(bench) == {"carton_id": "small", "name": "small", "note": note}
    assert bench.rebuilt_dump() == bench.dump()


def test_where_a_weight_or_nothing_is_known_that_is_said(open_bench: Callable[[str], Bench]) -> None:
    bench = open_bench("pack-1")
    bench.given_products(product("TEA", size=size(50, 50, 50), grams=None), product("NUT", grams=None))
    bench.do(c.ReceiveCartons(command_id=new_id(), told=e.CartonsTold(lane="main", cartons=BOXES)))
    bench.given_order("O-1", line("TEA", 1))
    bench.given_order("O-2", line("NUT", 1))
    bench.signed_in().scan("O-1")
    note = "It goes by size alone: the weight of TEA is not known."
    assert shown_at(bench) == {"carton_id": "small", "name": "small", "note": note}
    bench.scan("TEA")
    bench.weigh(500)
    bench.seal()
    bench.scan("O-2")
    note = "Choose a box by eye: the size of NUT is not known, nor the weight of NUT."
    assert shown_at(bench) == {"carton_id": None, "name": "", "note": note}
