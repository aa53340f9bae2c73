"""Whatever the bill: kits are planned by it, no unit appears or goes, and a bill that leads back is found."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from local_store.domain.kitting import Bills, Part, Piece, cycle, in_order, most, needs, plan

SKUS = [f"P{number}" for number in range(7)]


@st.composite
def bills(draw: st.DrawFn) -> Bills:
    """Bills without a way back: a kit is made of products after it. P0 always has one."""
    found: dict[str, tuple[Part, ...]] = {}
    for place, sku in enumerate(SKUS[:-1]):
        if place == 0 or draw(st.booleans()):
            parts = draw(st.lists(st.sampled_from(SKUS[place + 1 :]), min_size=1, max_size=3, unique=True))
            found[sku] = tuple(Part(each, Decimal(draw(st.integers(1, 3)))) for each in parts)
    return found


PIECES = st.lists(
    st.builds(
        Piece,
        st.sampled_from(SKUS[1:]),
        st.integers(1, 40).map(Decimal),
        st.sampled_from([None, "L1"]),
        serials=st.just(()),
        location_id=st.sampled_from([None, "A-1"]),
        built=st.just(False),
    ),
    max_size=12,
)


def sums(pieces: Any) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for piece in pieces:
        found[piece.sku] = found.get(piece.sku, Decimal(0)) + piece.qty
    return found


def by_hand(bill: Bills, sku: str, qty: Decimal, there: dict[str, Decimal]) -> bool:
    """Whether `qty` of a product can be had, by the plainest way: take what is there, build the rest of its parts."""
    taken = min(qty, there.get(sku, Decimal(0)))
    there[sku] = there.get(sku, Decimal(0)) - taken
    rest = qty - taken
    if rest == 0:
        return True
    return sku in bill and all(by_hand(bill, each.sku, each.qty * rest, there) for each in bill[sku])


@given(bills(), PIECES, st.integers(1, 5))
def test_whatever_the_bill_every_build_is_by_it_and_no_unit_appears_or_goes(
    bill: Bills, pieces: list[Piece], kits_wanted: int
) -> None:
    wanted_kits = Decimal(kits_wanted)
    able = most(bill, "P0", wanted_kits, pieces)
    found = plan(bill, "P0", able, pieces)
    assert not found.missing
    balance: dict[str, Decimal] = {}
    for build in found.builds:
        assert sums(build.used) == {part.sku: part.qty * build.qty for part in bill[build.sku]}
        for piece in build.used:
            balance[piece.sku] = balance.get(piece.sku, Decimal(0)) - (piece.qty if piece.built else Decimal(0))
        balance[build.sku] = balance.get(build.sku, Decimal(0)) + build.qty
    assert {sku: qty for sku, qty in balance.items() if qty} == ({"P0": able} if able else {})
    used = sums(piece for build in found.builds for piece in build.used if not piece.built)
    left = sums(found.left)
    for sku, qty in sums(pieces).items():
        assert used.get(sku, Decimal(0)) + left.get(sku, Decimal(0)) == qty
    if able < wanted_kits:
        assert plan(bill, "P0", able + 1, pieces).missing
        assert not by_hand(bill, "P0", able + 1, sums(pieces))


@given(bills(), st.integers(1, 5), st.integers(0, 9))
def test_with_all_that_is_needed_of_the_lowest_parts_just_so_many_kits_can_be_built(
    bill: Bills, kits_wanted: int, more: int
) -> None:
    number = Decimal(kits_wanted)
    lowest = [Piece(need.sku, need.qty) for need in needs(bill, "P0", number) if not need.is_kit]
    found = plan(bill, "P0", number, lowest)
    assert (found.missing, found.left) == ({}, ())
    assert most(bill, "P0", number + more, lowest) == number
    assert cycle(bill, "P0") is None
    order = in_order(bill, "P0")
    assert all(order.index(sku) < order.index(each.sku) for sku in order for each in bill.get(sku, ()))


def test_a_bill_that_leads_back_to_its_kit_is_found_at_any_depth() -> None:
    one = Decimal(1)
    round_bill: Mapping[str, tuple[Part, ...]] = {
        "A": (Part("B", one), Part("C", one)),
        "B": (Part("D", one),),
        "C": (Part("D", one),),
        "D": (Part("C", one),),
    }
    assert cycle(round_bill, "A") == ("A", "B", "D", "C", "D")
    deep = {f"K{n}": (Part(f"K{n + 1}", one),) for n in range(30)}
    assert cycle(deep, "K0") is not None
