"""What a picker may do with a picklist, and what the screen says."""

from __future__ import annotations

from decimal import Decimal

import pytest

from local_store.domain import events as e
from local_store.domain.states import Picklist, PickTask
from local_store.domain.words import Tone
from tests.support.floor import BEN, Bench, line, product

OR_LINK = ", or ask a supervisor to link the code."

# opening a list


def test_a_scanned_picklist_opens_and_says_where_to_go(bench: Bench) -> None:
    bench.given_picklist("PL-7", line("SKU-1", 2, at="A-1"))
    bench.signed_in().scan("PL-7")
    assert bench.screen.text == "PL-7 is open, lines: 1. Go to A-1."
    assert bench.place.picklist_id == "PL-7"
    assert bench.pick_work("PL-7").status is Picklist.IN_PROGRESS


def test_a_picklist_can_be_chosen_from_the_list_instead(bench: Bench) -> None:
    bench.given_picklist("PL-7", line("SKU-1", 2))
    bench.signed_in().open("PL-7")
    assert bench.screen.code == "pick.opened"


def test_an_open_list_opened_again_is_only_noted(picking: Bench) -> None:
    picking.open("PL-7")
    assert (picking.screen.tone, picking.screen.text) == (Tone.NOTE, "PL-7 is open already.")
    picking.scan("PL-7")
    assert picking.screen.code == "pick.already"


def test_a_second_list_waits_until_the_first_is_complete(picking: Bench) -> None:
    picking.given_picklist("PL-8", line("SKU-1", 1))
    picking.open("PL-8")
    assert picking.screen.text == "PL-7 is open. Complete it before PL-8."
    picking.scan("PL-8")
    assert picking.screen.code == "pick.other_open"


def test_a_list_in_progress_elsewhere_is_not_opened_twice(picking: Bench) -> None:
    picking.at("pick-2").signed_in(BEN).scan("PL-7")
    assert picking.screen.text == "PL-7 is in progress at pick-1. Choose another one."


def test_an_unknown_list_is_refused(bench: Bench) -> None:
    bench.signed_in().scan("PL-404")
    assert bench.screen.text == "PL-404 is not known here. Choose one from the list."


def test_without_an_open_list_an_item_or_an_act_asks_for_one(picking: Bench) -> None:
    picking.at("pick-2").signed_in(BEN)
    picking.each_says(
        "No picklist is open. Scan a picklist or choose one.",
        lambda: picking.scan("SKU-1"), lambda: picking.open("SKU-1"), picking.skip, picking.undo,
    )  # fmt: skip


# locations


def test_the_location_is_scanned_before_the_item(picking: Bench) -> None:
    picking.scan("SKU-1")
    assert picking.screen.text == "Scan the location A-1 before the item."


def test_the_right_location_names_the_item(picking: Bench) -> None:
    picking.scan("A-1")
    assert picking.screen.text == "A-1 is right. Scan Chai (SKU-1)."


def test_a_wrong_location_is_refused_and_names_the_right_one(picking: Bench) -> None:
    picking.scan("C-3")
    assert picking.screen.text == "This is C-3. Go to A-1 and scan it."
    assert picking.pick_work("PL-7").location_id is None


def test_a_later_location_of_the_list_may_come_first(picking: Bench) -> None:
    picking.scan("B-2")
    assert picking.screen.text == "B-2 is right. Scan Aniseed Syrup (SKU-3)."
    picking.scan("SKU-3")
    assert picking.screen.code == "pick.line_done"


# counting


def test_every_scan_counts_one_until_the_line_is_done(picking: Bench) -> None:
    picking.scan("A-1", "2900000000018")
    assert picking.screen.text == "Chai (SKU-1): 1 of 2."
    picking.scan("2900000000018")
    assert picking.screen.text == "Chai (SKU-1): 2 of 2. Line done."
    assert picking.task("SKU-1").status is PickTask.DONE


def test_a_case_code_counts_as_many_as_the_case_holds(picking: Bench) -> None:
    picking.scan("A-1", "2900000000032")
    assert picking.task("SKU-2").picked == 6


def test_a_case_that_holds_too_many_is_refused_with_what_to_put_back(picking: Bench) -> None:
    picking.scan("A-1", "SKU-2", "2900000000032")
    assert picking.screen.text == "Chang (SKU-2): only 6 wanted, 1 counted. Put 1 back."
    assert picking.task("SKU-2").picked == 1


def test_a_wrong_item_is_refused_and_the_line_stays_open(picking: Bench) -> None:
    picking.scan("A-1", "SKU-9")
    assert picking.screen.text == "Tofu (SKU-9) is not on PL-7. Put it back and scan Chai (SKU-1)."
    assert picking.task("SKU-1").status is PickTask.OPEN


def test_an_item_that_is_to_be_taken_elsewhere_is_put_back(picking: Bench) -> None:
    picking.scan("A-1", "SKU-3")
    assert picking.screen.text == (
        "Aniseed Syrup (SKU-3) is to be taken from B-2, and you are at A-1. Put it back; here it is Chai (SKU-1)."
    )


def test_an_item_whose_line_is_full_is_put_back(picking: Bench) -> None:
    picking.scan("A-1", "SKU-1", "SKU-1", "SKU-1")
    assert picking.screen.text == "Chai (SKU-1) is complete on PL-7. Put it back and scan Chang (SKU-2)."


def test_an_item_of_a_finished_line_from_another_place_is_the_wrong_item_here(picking: Bench) -> None:
    picking.scan("B-2", "SKU-3", "A-1", "SKU-3")
    assert picking.screen.text == (
        "This is Aniseed Syrup (SKU-3). PL-7 needs Chai (SKU-1) from here. Put it back and scan Chai (SKU-1)."
    )


def test_an_unknown_code_is_refused_and_says_what_is_wanted(picking: Bench) -> None:
    picking.scan("GARBAGE")
    assert picking.screen.text == "GARBAGE is not known here. Check the label and scan A-1" + OR_LINK
    picking.scan("A-1", "GARBAGE")
    assert picking.screen.text == "GARBAGE is not known here. Check the label and scan Chai (SKU-1)" + OR_LINK


def test_a_code_of_something_else_says_what_it_is(picking: Bench) -> None:
    picking.scan("A-1", "O-PL-7")
    assert picking.screen.text == "O-PL-7 is fulfillment F-O-PL-7. Scan Chai (SKU-1)."


def test_the_same_product_for_two_orders_fills_one_line_after_the_other(bench: Bench) -> None:
    bench.given_picklist("PL-7", line("SKU-1", 1, order="O-1"), line("SKU-1", 2, order="O-2"))
    bench.signed_in().scan("PL-7", "A-1", "SKU-1", "SKU-1")
    assert [task.picked for task in bench.pick_work("PL-7").tasks] == [1, 1]


@pytest.mark.parametrize(
    ("on_the_box", "scanned", "symbology"),
    [
        ("4006381333931", "04006381333931", None),  # EAN-13 scanned as GTIN-14
        ("4006381333931", "010400638133393110LOT-A", "]C1"),  # a GS1-128 with a lot behind it
        ("036000291452", "0036000291452", None),  # UPC-A scanned as EAN-13
        ("96385074", "96385074", None),  # EAN-8
    ],
)
def test_a_gtin_is_the_same_product_in_every_code_that_carries_it(
    bench: Bench, on_the_box: str, scanned: str, symbology: str | None
) -> None:
    bench.given_products(product("SKU-1", on_the_box))
    bench.given_picklist("PL-7", line("SKU-1", 1))
    bench.signed_in().scan("PL-7", "A-1")
    bench.scan(scanned, symbology=symbology)
    assert bench.screen.code == "pick.all_done"


@pytest.mark.parametrize("name", ["96385074", "4006381333931"])
def test_a_sku_location_or_list_named_by_digits_that_look_like_a_gtin_is_still_found(bench: Bench, name: str) -> None:
    bench.given_products(product(name))
    bench.given_picklist(name, line(name, 1, at=name))
    bench.signed_in().open(name)
    assert bench.screen.code == "pick.opened"
    bench.sign_out()
    bench.signed_in().scan("A-404", name)
    assert bench.screen.code == "pick.already"


@pytest.mark.parametrize("code", ["²" * 8, "٣" * 13, "①" * 12, "\x00", "💥", "'; DROP TABLE journal; --"])
def test_no_code_however_strange_does_more_than_be_refused(picking: Bench, code: str) -> None:
    picking.scan("A-1", code)
    assert picking.screen.code == "scan.unknown"
    assert picking.facts(e.ScanRefused)[-1].code == code


# keyed quantities


def test_a_keyed_quantity_is_how_many_are_in_hand_in_all(picking: Bench) -> None:
    picking.scan("A-1", "SKU-2")
    picking.key(5)
    assert picking.screen.text == "Chang (SKU-2): 5 of 6."
    assert [fact.qty for fact in picking.facts(e.PickCounted)] == [1, 4]


def test_nothing_is_keyed_before_the_item_was_scanned_once(picking: Bench) -> None:
    picking.scan("A-1")
    picking.key(2)
    assert picking.screen.text == "Scan Chai (SKU-1) once before you key a quantity."


def test_fewer_than_counted_needs_undo(picking: Bench) -> None:
    picking.scan("A-1", "SKU-2", "SKU-2")
    picking.key(1)
    assert picking.screen.text == "Counted already: 2, you keyed 1. Use Undo to take a count back."


def test_the_same_number_again_changes_nothing(picking: Bench) -> None:
    picking.scan("A-1", "SKU-2")
    picking.key(1)
    assert (picking.screen.tone, picking.screen.text) == (Tone.NOTE, "Chang (SKU-2): 1 of 6 stays as it is.")


def test_more_than_wanted_is_refused(picking: Bench) -> None:
    picking.scan("A-1", "SKU-2")
    picking.key(7)
    assert picking.screen.text == "Chang (SKU-2): only 6 wanted, 1 counted. Put 1 back."
    assert picking.task("SKU-2").picked == 1


@pytest.mark.parametrize("keyed", ["0", "-1", "1.5"])
def test_what_is_no_number_of_pieces_is_refused(picking: Bench, keyed: str) -> None:
    picking.scan("A-1", "SKU-2")
    picking.key(keyed)
    assert picking.screen.text == f"{keyed} is not a quantity. Key a whole number above zero."


def test_goods_sold_by_measure_may_be_keyed_with_a_fraction(bench: Bench) -> None:
    bench.given_picklist("PL-7", line("SKU-1", "2.5"))
    bench.signed_in().scan("PL-7", "A-1", "SKU-1")
    bench.key("2.5")
    assert bench.screen.text == "SKU-1 (SKU-1): 2.5 of 2.5. All lines are done: complete PL-7."


def test_a_quantity_is_keyed_only_where_the_goods_lie(bench: Bench) -> None:
    bench.given_picklist("PL-7", line("SKU-1", 4, at="A-1"), line("SKU-3", 1, at="B-2"))
    bench.signed_in().scan("PL-7", "A-1", "SKU-1", "SKU-1", "B-2", "SKU-3")
    bench.undo()
    bench.undo()
    bench.key(4)
    assert bench.screen.text == "Scan the location A-1 before the item."


# skipping, shorts, undo


def test_a_skipped_line_comes_back_after_the_others(picking: Bench) -> None:
    picking.scan("A-1")
    picking.skip()
    assert picking.screen.text == "Chai (SKU-1) comes back later. Go to A-1."
    picking.scan("2900000000032", "B-2", "SKU-3")
    current = picking.pick_work("PL-7").current
    assert current is not None
    assert current.sku == "SKU-1"
    picking.scan("A-1", "SKU-1", "SKU-1")
    assert picking.screen.text == "Chai (SKU-1): 2 of 2. All lines are done: complete PL-7."


def test_a_skipped_line_may_still_be_picked_at_once(picking: Bench) -> None:
    picking.scan("A-1")
    picking.skip()
    picking.scan("SKU-1")
    assert picking.task("SKU-1").status is PickTask.OPEN


def test_a_short_needs_a_reason_and_ends_the_line(picking: Bench) -> None:
    picking.scan("A-1", "SKU-1")
    picking.short("one is broken")
    assert picking.screen.text == "Chai (SKU-1): 1 short (one is broken). Go on."
    assert (picking.task("SKU-1").status, picking.task("SKU-1").picked) == (PickTask.SHORT, Decimal(1))
    with pytest.raises(ValueError, match="at least 1 character"):
        picking.short("  ")


def test_undo_takes_back_the_last_count_and_then_the_one_before(picking: Bench) -> None:
    picking.scan("A-1", "SKU-2")
    picking.key(6)
    picking.undo()
    assert picking.screen.text == "Taken back: Chang (SKU-2) is at 1 of 6."
    picking.undo()
    assert picking.screen.text == "Taken back: Chang (SKU-2) is at 0 of 6."
    picking.undo()
    assert picking.screen.text == "Nothing was counted on PL-7 yet. Scan an item first."


def test_undo_opens_a_short_line_again_with_what_was_counted(picking: Bench) -> None:
    picking.scan("A-1", "SKU-1")
    picking.short()
    picking.undo()
    assert (picking.task("SKU-1").status, picking.task("SKU-1").picked) == (PickTask.OPEN, Decimal(1))
    assert picking.query("SELECT reason FROM pick_task WHERE sku = 'SKU-1'") == [(None,)]


def test_undo_writes_a_new_fact_and_leaves_the_old_one(picking: Bench) -> None:
    picking.scan("A-1", "SKU-1")
    picking.undo()
    (counted,), (undone,) = picking.facts(e.PickCounted), picking.facts(e.PickUndone)
    assert (undone.count_id, undone.qty, undone.picked) == (counted.count_id, Decimal(1), Decimal(0))


# totes


def test_a_tote_is_taken_for_the_order_being_picked(picking: Bench) -> None:
    picking.scan("TOTE-5")
    assert picking.screen.text == "Tote TOTE-5 is for order O-PL-7."


def test_a_tote_never_holds_two_orders(bench: Bench) -> None:
    bench.given_picklist("PL-7", line("SKU-1", 1, order="O-1"), line("SKU-2", 1, order="O-2"))
    bench.signed_in().scan("PL-7", "TOTE-5", "A-1", "SKU-1", "TOTE-5")
    assert bench.screen.text == "Tote TOTE-5 already holds order O-1. Take another tote."


def test_a_tote_that_was_packed_out_serves_the_next_order(bench: Bench) -> None:
    bench.given_picklist("PL-7", line("SKU-1", 1, order="O-9"))
    bench.signed_in().scan("PL-7", "TOTE-5", "A-1", "SKU-1", "PL-7")
    bench.at("pack-1").signed_in(BEN).packed("O-9", grams=100)
    bench.given_picklist("PL-8", line("SKU-1", 1, order="O-2"))
    bench.at("pick-1").scan("PL-8", "TOTE-5", "A-1", "SKU-1", "PL-8")
    bench.at("pack-1").scan("TOTE-5")
    assert bench.screen.text == "Order O-2, lines to verify: 1. Scan SKU-1 (SKU-1)."
