from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hq.ofs.states import NEXT, Fulfillment, IllegalMove, Picklist, Progress, move, status_of

ACTS = st.lists(
    st.tuples(
        st.sampled_from(["pick", "put_back", "short", "pack", "pack_anew", "ship", "complete"]), st.integers(1, 4)
    )
)


@pytest.mark.parametrize("kind", list(NEXT))
def test_every_status_has_its_row_in_the_table(kind: type[StrEnum]) -> None:
    assert set(NEXT[kind]) == set(kind)


@pytest.mark.parametrize("kind", list(NEXT))
def test_every_status_can_be_reached_from_the_first(kind: type[StrEnum]) -> None:
    reached = {next(iter(kind))}
    while more := {after for status in reached for after in NEXT[kind][status]} - reached:
        reached |= more
    assert reached == set(kind)


def test_fulfillment_and_picklist_statuses_are_those_of_the_seed() -> None:
    assert " ".join(Fulfillment) == (
        "created awaiting_allocation allocated picking picked packing ready_to_ship shipped closed cancelled"
    )
    assert " ".join(Picklist) == "draft assigned in_progress completed cancelled"


def test_nothing_leaves_cancelled_and_only_closing_or_a_cancelled_shipment_follows_shipping() -> None:
    assert NEXT[Fulfillment][Fulfillment.CANCELLED] == frozenset()
    assert NEXT[Fulfillment][Fulfillment.SHIPPED] == {Fulfillment.READY_TO_SHIP, Fulfillment.CLOSED}


def test_an_illegal_move_says_what_is_where_and_what_may_follow() -> None:
    sentence = "Fulfillment ful_1 is shipped and cannot become cancelled; from shipped it may become "
    sentence += "closed, ready_to_ship."
    with pytest.raises(IllegalMove, match=re.escape(sentence)):
        move("Fulfillment ful_1", Fulfillment.SHIPPED, Fulfillment.CANCELLED)


@dataclass
class Hands:
    """What hands can do to one order of `to_pick` units while its picklist is in progress, and after."""

    to_pick: int
    picked: int = 0
    packed: int = 0
    shipped: int = 0
    started: bool = True

    def pick(self, count: int) -> None:
        number = min(count, self.to_pick)
        self.to_pick, self.picked = self.to_pick - number, self.picked + number

    def put_back(self, count: int) -> None:
        number = min(count, self.picked - self.packed)
        self.picked -= number
        self.to_pick += number if self.started else 0

    def short(self, _count: int) -> None:
        self.to_pick = 0

    def pack(self, count: int) -> None:
        self.packed += min(count, self.picked - self.packed)

    def pack_anew(self, count: int) -> None:
        if self.packed > self.shipped:  # at least one unit stays in the package
            self.packed = max(self.packed - count, self.shipped + 1)

    def ship(self, _count: int) -> None:
        self.shipped = self.packed

    def complete(self, _count: int) -> None:
        self.started = self.started and self.to_pick > 0

    def progress(self) -> Progress:
        return Progress(self.started, int(self.to_pick > 0), self.picked, self.packed, self.shipped)


@given(st.integers(1, 6), ACTS)
def test_whatever_hands_do_the_status_that_follows_is_a_legal_move(ordered: int, acts: list[tuple[str, int]]) -> None:
    hands, status = Hands(ordered), Fulfillment.PICKING
    for act, count in acts:
        getattr(hands, act)(count)
        after = status_of(hands.progress())
        if after is not status:
            move("Fulfillment", status, after)
        status = after
        if status in {Fulfillment.SHIPPED, Fulfillment.AWAITING_ALLOCATION}:
            return
