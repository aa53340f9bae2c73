"""HQ's word against what lies here: the whole table, and the rules that no row may break."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local_store.domain import events as e
from local_store.domain.commands import SeeWork
from local_store.domain.conflicts import (
    APPLIES,
    TABLE,
    WITHDRAWS,
    HqDid,
    LineHere,
    Raised,
    Stage,
    Step,
    WorkHere,
    review,
    word_of,
)
from tests.support.floor import new_id
from tests.support.generated import check_table
from tests.support.needs import ROOT

BEGUN = [stage for stage in Stage if stage is not Stage.NOT_BEGUN]
ANN = ("Ann", '{"city": "Reims"}')


def seen(state: Any = "as_given", lines: dict[str, int] | None = None, **of: Any) -> SeeWork:
    wanted = tuple(
        e.WorkLine(order_line_id=line, sku="S", qty=Decimal(qty))
        for line, qty in (lines or {"L1": 3, "L2": 1}).items()
    )
    order = e.FulfillmentReceived(
        lane="main", fulfillment_id="F", order_id="O-1", warehouse_id="w", party_id="p", lines=wanted
    )
    return SeeWork(
        command_id=new_id(), lane="main", thing="fulfillment", work_id="F", state=state, fulfillment=order, **of
    )


def line(ident: str, qty: int, done: int, **of: Any) -> LineHere:
    return LineHere(ident, f"Tea ({ident})", Decimal(qty), Decimal(done), **{"touched": True, **of})


def here(stage: Stage, *lines: LineHere, **of: Any) -> WorkHere:
    return WorkHere(
        **{
            "thing": "fulfillment",
            "work_id": "F",
            "lane": "main",
            "called": "O-1",
            "stage": stage,
            "unsent": False,
            "lines": lines or (line("L1", 3, 2), line("L2", 1, 1)),
            "party": ANN,
            **of,
        }
    )


def test_the_table_says_something_of_every_case_and_the_page_says_the_same() -> None:
    assert set(TABLE) == {(stage, unsent, did) for stage in Stage for unsent in (False, True) for did in HqDid}
    rows = [[did.value, *(_cell(stage, did) for stage in Stage)] for did in HqDid]
    head = ["HQ", *(stage.value for stage in Stage)]
    check_table(ROOT / "docs" / "work.md", "withdrawn-work", head, rows)


def _cell(stage: Stage, did: HqDid) -> str:
    ruling, unsent = TABLE[stage, False, did], TABLE[stage, True, did]
    if ruling.take == "ask":
        assert unsent == ruling
        return ", ".join(f"**{step}**" if place == 0 else step.value for place, step in enumerate(ruling.steps))
    assert (ruling.take, unsent.take) == ("silently", "later")
    return "taken over"


@pytest.mark.parametrize("did", HqDid)
def test_what_nobody_began_is_taken_over_but_never_before_hq_has_every_fact(did: HqDid) -> None:
    assert TABLE[Stage.NOT_BEGUN, False, did].take == "silently"
    assert TABLE[Stage.NOT_BEGUN, True, did].take == "later"


@pytest.mark.parametrize("stage", [Stage.SEALED, Stage.LABELLED])
@pytest.mark.parametrize("did", HqDid)
def test_nothing_that_anybody_may_choose_changes_a_sealed_package(stage: Stage, did: HqDid) -> None:
    for unsent in (False, True):
        ruling = TABLE[stage, unsent, did]
        assert ruling.take == "ask"
        assert not set(ruling.steps) & set(APPLIES)
        assert Step.HOLD in ruling.steps


def test_every_question_has_a_way_to_do_nothing_and_a_way_to_wait() -> None:
    for ruling in TABLE.values():
        if ruling.take == "ask":
            assert {Step.HOLD, Step.CONTINUE} <= set(ruling.steps)


STATES = st.sampled_from(["as_given", "cancelled", "given_away", "completed", "packing", "packed"])
AMOUNTS = st.integers(0, 4)
LINES = st.lists(
    st.builds(line, st.sampled_from(["L1", "L2", "L3"]), AMOUNTS, AMOUNTS, touched=st.booleans()),
    max_size=3,
    unique_by=lambda each: each.line_id,
)
WANTED = st.dictionaries(st.sampled_from(["L1", "L2", "L3", "L4"]), st.integers(1, 4), min_size=1)


@settings(max_examples=250)
@given(
    st.sampled_from(list(Stage)),
    LINES,
    STATES,
    WANTED,
    st.tuples(st.booleans(), st.booleans()),
    st.sampled_from([None, ANN, ("Ann", '{"city": "Paris"}')]),
)
def test_hqs_word_never_overwrites_what_it_was_not_told_nor_what_is_sealed_and_is_asked_about_once(
    stage: Stage,
    lines: list[LineHere],
    state: str,
    wanted: dict[str, int],
    flags: tuple[bool, bool],
    address: Any,
) -> None:
    unsent, on_a_list = flags
    work = here(stage, *lines, unsent=unsent, on_a_list=on_a_list)
    word = seen(state, wanted)
    found = review(work, word, address)
    taken = [fact for fact in found.facts if isinstance(fact, e.WorkWithdrawn | e.WorkChanged)]
    goods = [fact for fact in taken if isinstance(fact, e.WorkWithdrawn) or fact.fulfillment]
    if stage is Stage.PACKING:
        assert not goods
    if unsent or stage in {Stage.SEALED, Stage.LABELLED}:
        assert not taken
        assert not found.address
    for fact in found.facts:
        if isinstance(fact, e.ExceptionRaised):
            raised = Raised(fact.exception_id, fact.word, fact.stage, fact.did, "open")
            assert review(work._replace(raised=(raised,)), word, address).facts == tuple(
                each for each in found.facts if each is not fact
            )


@pytest.mark.parametrize(
    ("stage", "state", "sentence"),
    [
        (
            Stage.PICKING,
            "cancelled",
            "HQ cancelled order O-1, which is being picked here. Put 2 of Tea (L1), 1 of Tea (L2) back on the shelf.",
        ),
        (
            Stage.PACKING,
            "packed",
            (
                "HQ says that another station packed order O-1, which is being packed here. "
                "Take 2 of Tea (L1), 1 of Tea (L2) out of the package and bring it back to stock."
            ),
        ),
        (
            Stage.LABELLED,
            "cancelled",
            "HQ cancelled order O-1, which is labelled here. Void the label and set the parcel aside.",
        ),
        (
            Stage.SEALED,
            "given_away",
            "HQ gave order O-1 to another station, and it is sealed here. Set the parcel aside until it is clear.",
        ),
    ],
)
def test_an_exception_says_what_happened_and_where_the_goods_go(stage: Stage, state: str, sentence: str) -> None:
    (fact,) = review(here(stage), seen(state), None).facts
    assert isinstance(fact, e.ExceptionRaised)
    assert fact.sentence == sentence


@pytest.mark.parametrize(
    ("lines", "did", "goods"),
    [
        ({"L1": 1, "L2": 1}, HqDid.QTY_DOWN, "Take 1 of Tea (L1) out of the package"),
        ({"L1": 3}, HqDid.LINE_REMOVED, "Take 1 of Tea (L2) out of the package"),
        ({"L1": 5, "L2": 1}, HqDid.QTY_UP, "It goes on as it is"),
        ({"L1": 3, "L2": 1, "L9": 1}, HqDid.QTY_UP, "It goes on as it is"),
        ({"L1": 2}, HqDid.LINE_REMOVED, "Take 1 of Tea (L2) out of the package"),
    ],
)
def test_the_gravest_change_of_a_line_is_told_with_what_is_too_much(
    lines: dict[str, int], did: HqDid, goods: str
) -> None:
    (fact,) = review(here(Stage.PACKING), seen(lines=lines), None).facts
    assert isinstance(fact, e.ExceptionRaised)
    assert fact.did == did.value
    assert goods in fact.sentence


@pytest.mark.parametrize("stage", [Stage.PACKING, Stage.SEALED, Stage.LABELLED])
@pytest.mark.parametrize("lines", [{"L1": 2, "L2": 1}, {"L2": 1}, {"L1": 3, "L2": 1, "L9": 1}])
def test_what_is_in_a_package_is_never_changed_without_a_word_not_even_a_line_that_nobody_touched(
    stage: Stage, lines: dict[str, int]
) -> None:
    untouched = here(stage, line("L1", 3, 0, touched=False), line("L2", 1, 1))
    (fact,) = review(untouched, seen(lines=lines), None).facts
    assert isinstance(fact, e.ExceptionRaised)


def test_a_picked_order_that_wants_no_more_than_was_found_is_taken_as_hq_has_it() -> None:
    """Two of three were there, and HQ now wants two: nothing lies in a wrong place."""
    (fact,) = review(here(Stage.PICKED), seen(lines={"L1": 2, "L2": 1}), None).facts
    assert isinstance(fact, e.WorkChanged)


def test_while_a_list_is_picked_the_lines_of_its_orders_are_its_own_matter() -> None:
    picking = here(Stage.PICKING, on_a_list=True)
    assert review(picking, seen(lines={"L1": 1, "L2": 1}), None).facts == ()
    assert review(picking, seen("cancelled"), None).facts != ()
    assert review(picking._replace(list_asks=True), seen("cancelled"), None).facts == ()


def test_a_list_that_was_completed_here_is_not_anothers() -> None:
    through = here(Stage.PICKED, thing="picklist", confirmation_id="pc-1")
    assert review(through, seen("completed", confirmation_id="pc-1"), None).facts == ()
    assert review(through, seen("completed"), None).facts == ()
    (fact,) = review(through, seen("completed", confirmation_id="pc-2"), None).facts
    assert isinstance(fact, e.ExceptionRaised)


def test_an_order_that_is_packed_here_is_not_called_packed_elsewhere() -> None:
    for stage in (Stage.SEALED, Stage.LABELLED):
        assert review(here(stage), seen("packed"), ANN).facts == ()
    for stage in (Stage.PICKING, Stage.PACKING):
        assert review(here(stage), seen("packing"), ANN).facts == ()


@pytest.mark.parametrize("stage", BEGUN)
def test_what_a_supervisor_let_go_on_is_not_asked_again_at_any_stage(stage: Stage) -> None:
    word = seen("cancelled")
    let = Raised("ex_1", word_of(word, HqDid.CANCELLED), Stage.PICKING.value, "cancelled", "decided")
    assert review(here(stage, raised=(let,)), word, None).facts == ()
    assert review(here(stage, raised=(let._replace(word="another"),)), word, None).facts != ()


def test_hq_saying_again_what_is_so_here_takes_the_question_back() -> None:
    asked = Raised("ex_1", "w", Stage.PICKING.value, "cancelled", "open")
    (fact,) = review(here(Stage.PICKING, raised=(asked,)), seen(), ANN).facts
    assert isinstance(fact, e.ExceptionDecided)
    assert (fact.exception_id, fact.by) == ("ex_1", "hq")


def test_an_address_is_replaced_until_the_package_is_sealed_and_nothing_of_it_is_in_a_fact() -> None:
    paris = ("Ann", '{"city": "Paris"}')
    for stage in (Stage.NOT_BEGUN, Stage.PICKING, Stage.PICKED, Stage.PACKING):
        found = review(here(stage), seen(), paris)
        assert found.address
        assert "Paris" not in str(found)
    found = review(here(Stage.LABELLED), seen(), paris)
    assert not found.address
    assert isinstance(found.facts[0], e.ExceptionRaised)
    assert "Paris" not in str(found)
    assert review(here(Stage.LABELLED, party=None), seen(), paris).facts == ()  # erased here


def test_a_withdrawal_is_said_once_whatever_the_lines_are() -> None:
    for did in WITHDRAWS:
        assert word_of(seen(lines={"L1": 1}), did) == word_of(seen(lines={"L1": 2}), did)
    assert word_of(seen(lines={"L1": 1}), HqDid.QTY_DOWN) != word_of(seen(lines={"L1": 2}), HqDid.QTY_DOWN)


@pytest.mark.parametrize("stage", [Stage.PICKED, Stage.PACKING])
def test_of_an_order_whose_sealed_parcel_was_taken_apart_here_hqs_word_is_our_own(stage: Stage) -> None:
    assert review(here(stage), seen("packed"), ANN).facts != ()
    assert review(here(stage, voided=True), seen("packed"), ANN).facts == ()
    assert review(here(stage, voided=True), seen("packing"), ANN).facts == ()
