"""Cycle counts, blind and scan by scan; a count far off is made again. One file, because all begin with one shelf."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agent import count_plan
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.counts_asked import Shelf, due
from local_store.domain.site import CountingRule, Worker
from local_store.transaction import Receipt
from local_store.works import counting, stock
from tests.support import morning
from tests.support.floor import ANA, BEN, EVE, SITE, Bench, line, new_id, product

CARL = Worker("carl", "Carl", "BADGE-CARL", frozenset({"picker"}))
COUNTING = replace(
    SITE,
    workplaces={**SITE.workplaces, "count-1": "count", "count-2": "count"},
    workers={**SITE.workers, "carl": CARL},
)
HERE = "location:A-1"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten TEA and five JAM at A-1, as a supervisor said."""
    folder = tmp_path_factory.mktemp("made") / "data"
    bench = Bench(folder, COUNTING, at="count-1")
    bench.given_products(
        product("TEA", "CASE*6", name="Tea", location_id="A-1"),
        product("JAM", name="Jam", location_id="A-1"),
        product("SAW", name="Saw", location_id="B-2", serial_required=True),
    )
    adjusted(bench, "TEA", 10)
    adjusted(bench, "JAM", 5)
    bench.signed_in()
    bench.close()
    return folder


@pytest.fixture
def here(made: Path, tmp_path: Path) -> Iterator[Bench]:
    """Ana stands at the workplace for counting."""
    bench = Bench(morning.copied(made, tmp_path / "data"), COUNTING, at="count-1")
    yield bench
    bench.close()


def act(bench: Bench, command: type[c.WorkerCommand], worker: Worker = EVE, **of: Any) -> Receipt:
    """What a supervisor does with a key of their own."""
    return bench.do(command(**{"command_id": new_id(), "worker_id": worker.worker_id, **of}))


def adjusted(bench: Bench, sku: str, qty: Any, at: str = "A-1", lot_id: str | None = None) -> Receipt:
    amount = Decimal(str(qty))
    return act(bench, c.AdjustStock, sku=sku, qty=amount, location_id=at, lot_id=lot_id, reason="opening")


def asked(bench: Bench, at: str = "A-1", **of: Any) -> str:
    """A supervisor asks for a count; its id."""
    act(bench, c.RequestCount, location_id=at, reason="first of the month", **of)
    return bench.facts(e.CountRequested)[-1].count_task_id


def counted(bench: Bench, *codes: str, at: str = "A-1") -> str:
    """A count of a location from its first scan to its last; what is said at the end."""
    bench.scan(at, *codes, at)
    return bench.screen.text


def on_shelf(bench: Bench, account: str = HERE) -> dict[tuple[str, str], Decimal]:
    found = stock.balances(bench.store.reader, account=account)
    return {(each.sku, each.lot_id): each.qty for each in found}


# --- at the shelf ------------------------------------------------------------------------------------------------


def test_a_count_is_made_with_a_scanner_alone_and_tells_hq_the_absolute_quantity(here: Bench) -> None:
    asked(here)
    here.scan("A-1")
    assert here.screen.text == "A-1: scan all that is there. At the end scan A-1 again."
    here.scan("CASE", "TEA")
    assert here.screen.text == "Tea (TEA): 1 more, 7 in all."
    here.key(9)
    here.scan(*["JAM"] * 5, "A-1")
    assert here.screen.text == "A-1 is counted. Corrected: 9 of TEA."
    told = {fact.sku: fact.qty for fact in here.facts(e.StockCounted)[2:]}
    assert told == {"TEA": 9, "JAM": 5}
    assert on_shelf(here) == {("TEA", ""): 9, ("JAM", ""): 5}
    assert on_shelf(here, "adjusted") == {("TEA", ""): -9, ("JAM", ""): -5}
    (fact,) = (each for each in here.facts(e.StockAdjusted) if each.count_task_id)
    assert (fact.before, fact.after) == (Decimal(10), Decimal(9))
    assert fact.reason == "first of the month"
    assert here.query("SELECT DISTINCT entity FROM outbox WHERE seq > 10 AND entity LIKE 'stock:%' ORDER BY 1") == [
        ("stock:JAM",),
        ("stock:TEA",),
    ]


def test_while_somebody_counts_no_answer_tells_what_is_expected(here: Bench) -> None:
    asked(here)
    for act_ in ("A-1", "TEA", "TEA", "JAM", "B-2", "A-1"):
        here.scan(act_)
        assert "10" not in here.screen.text
        assert "5" not in here.screen.text


def test_what_was_not_scanned_is_gone_only_when_the_counter_says_that_the_location_is_through(here: Bench) -> None:
    adjusted(here, "JAM", 1)
    asked(here)
    here.scan("A-1", "CASE")
    here.key(10)
    assert on_shelf(here)["JAM", ""] == 1
    here.complete()
    assert on_shelf(here) == {("TEA", ""): 10}


def test_an_empty_location_is_told_by_scanning_it_twice_more(here: Bench) -> None:
    asked(here, "B-2")
    here.scan("B-2", "B-2")
    assert here.screen.text == "Nothing was counted at B-2. If it is empty, scan B-2 once more."
    assert here.scan("B-2").answer.text == "B-2 is counted, and all was as expected."
    assert here.place.work_id is None


def test_a_count_of_one_product_leaves_the_others_as_they_are(here: Bench) -> None:
    asked(here, sku="TEA")
    here.scan("A-1", "JAM")
    assert here.screen.text == "This count is of TEA only. Leave Jam (JAM) where it is."
    here.scan("CASE")
    here.key(9)
    here.scan("A-1")
    assert on_shelf(here) == {("TEA", ""): 9, ("JAM", ""): 5}


def test_a_count_is_chosen_from_the_list_and_begins_at_its_location(here: Bench) -> None:
    here.open(asked(here, sku="TEA"))
    assert here.screen.text == "Count TEA at A-1. Scan A-1 first."
    here.each_says(
        "Nothing is counted before you are there. Go to A-1 and scan it.", lambda: here.scan("TEA"), here.complete
    )
    here.each_says("This is B-2, and the count is of A-1. Go to A-1.", lambda: here.scan("B-2"))
    here.scan("A-1", "TEA")
    assert here.screen.text == "Tea (TEA): 1 more, 1 in all."


def test_what_cannot_be_counted_is_refused_in_words(here: Bench) -> None:
    none = "No count is open here. Scan the location that is to be counted."
    here.each_says(none, lambda: here.scan("TEA"), lambda: here.key(3), here.undo, here.complete)
    here.scan("A-1")
    assert here.screen.text == (
        "Nobody asked for a count of A-1. Scan another location, or ask a supervisor for this one."
    )
    here.open("count-9")
    assert here.screen.text == "There is no count count-9 here. Choose one from the list."
    first, _ = asked(here), asked(here, "B-2")
    here.open(first)
    here.open(first)
    assert here.screen.text == "A-1 is being counted here. Finish it before you begin another count."
    here.floor(c.SetValue, name="condition", value="damaged")
    assert here.screen.text == (
        "Damaged units are not counted as stock. Set them aside, tell a supervisor, and count the rest."
    )
    here.at("count-2").signed_in(BEN).scan("A-1")
    assert here.screen.text == "A-1 is being counted at count-1. Count another location."


def test_a_count_that_was_left_goes_on_at_another_workplace(here: Bench) -> None:
    asked(here)
    here.scan("A-1", "CASE")
    here.sign_out()
    here.at("count-2").signed_in(BEN).scan("A-1", "TEA")
    assert here.screen.text == "Tea (TEA): 1 more, 7 in all."
    assert here.at("count-1").place.work_id is None


def test_no_count_is_begun_while_there_is_no_room(here: Bench) -> None:
    asked(here)
    here.restart(accepts_new_work=False)
    before = here.dump()
    assert here.scan("A-1").refused
    assert here.dump() == before


def test_lots_are_asked_for_where_stock_is_kept_by_lots(here: Bench) -> None:
    adjusted(here, "JAM", 0)
    adjusted(here, "JAM", 3, lot_id="L1")
    adjusted(here, "JAM", 2, lot_id="L2")
    asked(here, sku="JAM")
    here.scan("A-1", "JAM")
    assert here.screen.text == "Jam (JAM): scan or key its lot."
    here.scan("L1")
    here.key(2)
    here.scan("JAM", "L2")
    here.key(2)
    here.scan("A-1")
    assert here.screen.text == "A-1 is counted. Corrected: 2 of JAM lot L1."
    fact = here.facts(e.StockCounted)[-1]
    assert fact.qty == 4
    assert {lot.lot_id: lot.qty for lot in fact.lots} == {"L1": 2, "L2": 2}


# --- the rule of the second count ----------------------------------------------------------------------------------


def far_off(bench: Bench) -> str:
    """Ana counted far too few; the count."""
    count = asked(bench)
    assert counted(bench, "TEA", "JAM") == (
        "A-1 is counted. It differs from what was expected, so somebody else will count it again."
    )
    return count


def test_a_count_that_is_far_off_changes_nothing_and_another_person_counts_again(here: Bench) -> None:
    far_off(here)
    assert on_shelf(here) == {("TEA", ""): 10, ("JAM", ""): 5}
    here.scan("A-1")
    assert here.screen.text == (
        "Ana has counted A-1 already, and a second pair of eyes is wanted. Leave it to a colleague."
    )
    here.sign_out()
    here.signed_in(BEN)
    assert counted(here, "TEA", "JAM") == "A-1 is counted. Corrected: 1 of JAM, 1 of TEA."
    assert on_shelf(here) == {("TEA", ""): 1, ("JAM", ""): 1}
    assert here.facts(e.CountSettled)[-1].by == "recount"


def test_a_second_count_that_is_as_believed_shows_that_the_first_was_wrong(here: Bench) -> None:
    far_off(here)
    here.at("count-2").signed_in(BEN)
    here.scan("A-1", "TEA")
    here.key(10)
    here.scan("JAM")
    here.key(5)
    assert here.complete().answer.text == "A-1 is counted, and all was as expected."
    assert on_shelf(here) == {("TEA", ""): 10, ("JAM", ""): 5}


def test_what_is_picked_between_two_counts_is_no_difference_between_them(here: Bench) -> None:
    here.given_picklist("PL-1", line("TEA", 1, at="A-1"))
    asked(here, sku="TEA")
    assert "again" in counted(here, "TEA", "TEA", "TEA")
    here.at("pick-1").signed_in(BEN).scan("PL-1", "A-1", "TEA")
    here.at("count-2").signed_in(BEN)
    assert counted(here, "TEA", "TEA") == "A-1 is counted. Corrected: 2 of TEA."
    assert on_shelf(here)["TEA", ""] == 2


def test_three_counts_that_differ_wait_for_a_supervisor_who_may_accept_the_last(here: Bench) -> None:
    count = far_off(here)
    here.at("count-2").signed_in(BEN)
    assert "somebody else" in counted(here, "TEA", "TEA")
    here.sign_out()
    here.signed_in(CARL)
    assert "somebody else" in counted(here, "TEA", "TEA", "TEA")
    act(here, c.SettleCount, count_task_id=count, choice="accept")
    assert here.screen.text == "A-1 is counted. Corrected: 0 of JAM, 3 of TEA."
    assert on_shelf(here) == {("TEA", ""): 3}
    act(here, c.SettleCount, count_task_id=count, choice="keep")
    assert here.screen.text == "The count of A-1 is through. Where it is wrong, ask for a new one."


def test_what_was_taken_after_the_count_that_is_accepted_is_not_there_again(here: Bench) -> None:
    here.given_picklist("PL-1", line("TEA", 2, at="A-1"))
    count = far_off(here)
    here.at("pick-1").signed_in(BEN).scan("PL-1", "A-1", "TEA")
    act(here, c.SettleCount, count_task_id=count, choice="accept")
    assert on_shelf(here).get(("TEA", ""), 0) == 0
    assert here.facts(e.StockCounted)[-1].qty == 0
    second = asked(here, sku="TEA")
    adjusted(here, "TEA", 10)
    here.at("count-1")
    assert "again" in counted(here, "TEA")
    adjusted(here, "TEA", 1)
    act(here, c.SettleCount, count_task_id=second, choice="accept")
    assert here.screen.text == (
        "More TEA was taken from A-1 since it was counted than there was. Let it be counted again."
    )


def test_a_supervisor_may_drop_a_count_and_what_was_scanned_for_it_counts_for_nothing(here: Bench) -> None:
    count = asked(here)
    act(here, c.SettleCount, count_task_id=count, choice="accept")
    assert here.screen.text == (
        "Nobody has counted A-1 yet, so there is nothing to accept. Let it be counted, or drop it."
    )
    here.scan("A-1", "TEA")
    act(here, c.SettleCount, count_task_id=count, choice="keep")
    assert here.screen.text == "The count of A-1 is through. All stays as it was believed."
    assert here.place.work_id is None
    assert on_shelf(here) == {("TEA", ""): 10, ("JAM", ""): 5}
    act(here, c.SettleCount, count_task_id="count-9", choice="keep")
    assert here.screen.text == "There is no count count-9 here. Choose one from the list."


# --- serial numbers ----------------------------------------------------------------------------------------------


def saws(bench: Bench, *serials: str) -> None:
    """Saws at B-2, known by their numbers after a count that was counted twice."""
    asked(bench, "B-2")
    for worker, place in ((ANA, "count-1"), (BEN, "count-2")):
        bench.at(place)
        if bench.place.worker_id is None:
            bench.signed_in(worker)
        bench.scan("B-2", "SAW", *serials)
        bench.complete()


def test_serial_numbers_are_counted_one_by_one_and_each_missing_one_is_named(here: Bench) -> None:
    saws(here, "S1", "S2", "S3")
    assert on_shelf(here, "location:B-2") == {("SAW", ""): 3}
    assert stock.serial_at(here.store.reader, "SAW", "S2") == "location:B-2"
    asked(here, "B-2")
    here.at("count-1").scan("B-2", "SAW", "S1")
    assert here.scan("S1").answer.text == "Serial number S1 of Saw (SAW) is counted already. Scan each unit once."
    here.scan("S9", "S3", "B-2")
    assert "again" in here.screen.text, "as many saws as before, but not the same ones"
    here.at("count-2").scan("B-2", "SAW", "S9", "S3", "S1", "B-2")
    assert here.screen.text == "B-2 is counted. Corrected: 3 of SAW (missing: S2)."
    fact = here.facts(e.StockAdjusted)[-1]
    assert (fact.missing, fact.found) == (("S2",), ("S9",))
    places = {serial: stock.serial_at(here.store.reader, "SAW", serial) for serial in ("S1", "S2", "S9")}
    assert places == {"S1": "location:B-2", "S2": "adjusted", "S9": "location:B-2"}


# --- asked for, by hand and by the calendar ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "of", "sentence"),
    [
        (
            c.RequestCount,
            {"location_id": "X-9", "reason": "why"},
            "There is no location X-9 here. Look at its label and key it again.",
        ),
        (
            c.RequestCount,
            {"location_id": "A-1", "sku": "SALT", "reason": "why"},
            "There is no product SALT here. Look its number up in the list.",
        ),
        (
            c.AdjustStock,
            {"location_id": "A-1", "sku": "SALT", "qty": Decimal(1), "reason": "why"},
            "There is no product SALT here. Look its number up in the list.",
        ),
        (
            c.AdjustStock,
            {"location_id": "A-1", "sku": "TEA", "qty": Decimal(-1), "reason": "why"},
            "-1 of Tea (TEA) cannot be. Key zero or more.",
        ),
        (
            c.AdjustStock,
            {"location_id": "B-2", "sku": "SAW", "qty": Decimal(1), "reason": "why"},
            "Units of Saw (SAW) have serial numbers, so a quantity is not enough. Ask for a count of B-2.",
        ),
    ],
)
def test_what_a_supervisor_asks_for_in_vain_is_said(
    here: Bench, command: type[c.WorkerCommand], of: dict[str, Any], sentence: str
) -> None:
    before = here.dump()
    assert act(here, command, **of).answer.text == sentence
    assert here.dump() == before


def test_the_same_count_is_asked_for_once(here: Bench) -> None:
    asked(here)
    assert here.screen.text == "A-1 will be counted: first of the month."
    asked(here)
    assert here.screen.text == "A count of A-1 is open already (first of the month). Wait for it."
    asked(here, sku="TEA")
    assert here.screen.text == "A-1 will be counted: first of the month."


def test_an_adjustment_by_hand_says_from_what_to_what_and_why_and_only_a_supervisor_makes_it(here: Bench) -> None:
    of: dict[str, Any] = {"sku": "TEA", "location_id": "A-1", "qty": Decimal(8), "reason": "two were wet"}
    assert act(here, c.AdjustStock, **of).answer.text == "8 of Tea (TEA) at A-1: corrected from 10 (two were wet)."
    assert act(here, c.AdjustStock, **of).answer.text == "8 of Tea (TEA) at A-1: this is what was believed already."
    assert act(here, c.AdjustStock, ANA, **of).refused
    assert on_shelf(here)["TEA", ""] == 8
    assert here.facts(e.StockCounted)[-1].qty == 8


def test_the_locations_with_the_most_picks_are_counted_oftenest(here: Bench) -> None:
    rule = CountingRule(a_days=30, b_days=90, c_days=365)
    shelves = [Shelf("A", 80, 31), Shelf("B", 15, 91), Shelf("C", 5, 364), Shelf("D", 0, 365), Shelf("E", 0, None)]
    assert [shelf.location_id for shelf in due(rule, shelves, 9)] == ["E", "A", "B", "D"]
    assert [shelf.location_id for shelf in due(rule, shelves, 1)] == ["E"]
    assert due(rule, [Shelf("A", 80, 29), Shelf("B", 15, 89)], 9) == ()


def test_counts_that_are_due_are_planned_once(here: Bench) -> None:
    assert act(here, c.PlanCounts).answer.text == "Locations to be counted: 1."
    assert act(here, c.PlanCounts).answer.text == "No location is due to be counted."
    here.scan("A-1", "TEA")
    here.key(10)
    here.scan("JAM")
    here.key(5)
    here.complete()
    assert act(here, c.PlanCounts).answer.text == "No location is due to be counted."
    assert here.query("SELECT location_id FROM location_counted") == [("A-1",)]


def test_the_calendar_asks_for_what_is_due_and_for_no_more_than_there_are_hands_for(here: Bench) -> None:
    adjusted(here, "TEA", 1, at="B-2")

    async def night(hands: int) -> None:
        await count_plan.job(here.store, hands).work()

    here.runner.run(night(0))
    assert here.facts(e.CountRequested) == []
    for _ in range(3):
        here.runner.run(night(1))
    assert here.query("SELECT location_id, reason FROM count_task ORDER BY seq") == [("A-1", "due"), ("B-2", "due")]


def test_a_short_pick_may_ask_for_a_count_of_a_location_that_nobody_scanned_before(here: Bench) -> None:
    fact = e.CountRequested(count_task_id="spot-1", location_id="Z-9", sku="TEA", reason="short")
    here.runner.run(here.store.run(lambda tx: tx.append(fact)))
    here.scan("Z-9")
    assert here.screen.text == "Z-9: scan TEA. At the end scan Z-9 again."
    assert [each.count_task_id for each in counting.open_at(here.store.reader, "Z-9")] == ["spot-1"]


def test_the_views_of_counts_are_what_a_rebuild_makes(here: Bench) -> None:
    far_off(here)
    saws(here, "S1")
    live = here.dump()
    assert here.rebuilt_dump() == live


def test_hq_hears_of_a_count_after_what_was_taken_from_the_shelf_before_it(here: Bench) -> None:
    here.given_picklist("PL-1", line("TEA", 2, at="A-1"), line("SAW", 1, at="B-2"))
    here.at("pick-1").signed_in().scan("PL-1", "A-1", "TEA", "TEA", "B-2")
    here.short("shelf empty")
    asked(here)
    here.at("count-2").signed_in(BEN).scan("A-1", "CASE", "TEA", "TEA", *["JAM"] * 5, "A-1")
    here.scan("B-2", "B-2", "B-2")
    told = {fact.sku: fact.follows for fact in here.facts(e.StockCounted)[2:]}
    assert told == {"TEA": "picklist:PL-1", "JAM": "stock:JAM"}
    (short,) = (fact for fact in here.facts(e.CountRequested) if fact.sku == "SAW")
    assert short.after == "picklist:PL-1"
