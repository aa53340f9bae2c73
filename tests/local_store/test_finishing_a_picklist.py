"""How a picklist ends, and what is kept of the scans that were refused on the way."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.words import Tone
from tests.support.floor import ANA, BEN, Bench, line, new_id, product


def pick_all(bench: Bench) -> None:
    bench.scan("A-1", "SKU-1", "SKU-1", "2900000000032", "B-2", "SKU-3")
    assert bench.screen.code == "pick.all_done"


def test_a_list_with_open_lines_is_not_completed(picking: Bench) -> None:
    picking.complete()
    assert picking.screen.text == "Lines still open: 3 of 3. Pick them or mark them short."


def test_a_completed_list_frees_the_workplace_and_the_orders_may_be_packed(picking: Bench) -> None:
    pick_all(picking)
    picking.complete()
    assert picking.screen.tone is Tone.LIST_DONE
    assert picking.place.picklist_id is None
    assert picking.pack_line("O-PL-7", "SKU-2").qty == 6


def test_a_scanner_alone_is_enough_from_badge_to_completion(bench: Bench) -> None:
    bench.given_picklist("PL-7", line("SKU-1", 1))
    bench.scan(ANA.badge, "PL-7", "A-1", "SKU-1", "PL-7")
    assert bench.screen.code == "pick.completed"


def test_when_all_lines_are_through_nothing_more_is_counted(picking: Bench) -> None:
    pick_all(picking)
    picking.each_says(
        "All lines are through. Complete PL-7.",
        lambda: picking.scan("SKU-1"), lambda: picking.key(1), picking.skip, picking.short,
    )  # fmt: skip


def test_a_completed_list_is_not_opened_again(picking: Bench) -> None:
    pick_all(picking)
    picking.complete()
    picking.scan("PL-7")
    assert picking.screen.text == "PL-7 is completed already. Choose another one."


def test_a_list_that_comes_from_hq_again_changes_nothing(picking: Bench) -> None:
    picking.scan("A-1", "SKU-1")
    before = picking.dump()
    picking.given_picklist("PL-7", line("SKU-9", 5))
    assert picking.screen.text == "Received."
    assert picking.dump() == before


def test_a_task_whose_order_hq_forgot_to_send_is_picked_all_the_same(bench: Bench) -> None:
    task = e.TaskPlan(
        task_id="T-1", fulfillment_id="F-404", order_line_id="L-1", location_id="A-1", sku="SKU-1", qty=Decimal(1)
    )
    picklist = e.PicklistReceived(lane="main", picklist_id="PL-7", priority="low", ship_by=None, tasks=(task,))
    bench.do(c.ReceiveWork(command_id=new_id(), fulfillments=(), parties=(), picklist=picklist))
    bench.signed_in().scan("PL-7", "A-1", "SKU-1", "PL-7")
    assert bench.screen.code == "pick.completed"


def test_an_order_on_two_lists_may_be_packed_when_both_are_complete(bench: Bench) -> None:
    bench.given_products(product("SKU-1"), product("SKU-2"))
    bench.given_picklist("PL-7", line("SKU-1", 1, order="O-1"))
    bench.given_picklist("PL-8", line("SKU-2", 1, order="O-1"))
    bench.signed_in().scan("PL-7", "A-1", "SKU-1", "PL-7")
    bench.at("pack-1").signed_in(BEN).scan("O-1")
    assert bench.screen.text == "Order O-1 is not picked yet. Take another tote."
    bench.at("pick-1").scan("PL-8", "A-1", "SKU-2", "PL-8")
    bench.at("pack-1").scan("O-1")
    assert bench.screen.code == "pack.opened"


def test_a_list_that_comes_after_its_order_was_sealed_does_not_open_it_again(bench: Bench) -> None:
    bench.given_picklist("PL-7", line("SKU-1", 1, order="O-1"))
    bench.signed_in().scan("PL-7", "A-1", "SKU-1", "PL-7")
    bench.at("pack-1").signed_in(BEN).packed("O-1", grams=100)
    bench.given_picklist("PL-8", line("SKU-2", 1, order="O-1"))
    bench.at("pick-1").scan("PL-8", "A-1", "SKU-2", "PL-8")
    bench.at("pack-1").scan("O-1")
    assert bench.screen.text == "Order O-1 is packed already. Take another tote."


# mis-scans


def test_every_refused_scan_is_a_fact_with_its_reason(picking: Bench) -> None:
    picking.given_picklist("PL-8", line("SKU-1", 1))
    picking.scan("SKU-1", "C-3", "GARBAGE", "PL-8", "A-1", "SKU-9")
    assert [fact.reason for fact in picking.facts(e.ScanRefused)] == [
        "pick.scan_location", "pick.wrong_location", "scan.unknown", "pick.other_open", "pick.not_on_list",
    ]  # fmt: skip
    assert {fact.work for fact in picking.facts(e.ScanRefused)} == {"PL-7"}


def test_a_refused_scan_is_a_fact_also_where_no_work_is_open(picking: Bench) -> None:
    picking.at("pick-2").scan("PL-7")
    picking.signed_in(BEN).scan("PL-7", "PL-404")
    assert [fact.reason for fact in picking.facts(e.ScanRefused)] == ["worker.none", "pick.elsewhere", "pick.unknown"]


def test_a_refused_key_is_no_mis_scan(picking: Bench) -> None:
    picking.key(1)
    picking.complete()
    assert picking.facts(e.ScanRefused) == []


@pytest.mark.parametrize("at", ["pick-1", "pack-1"])
def test_an_act_of_the_other_kind_of_work_is_refused(open_bench: Callable[[str], Bench], at: str) -> None:
    bench = open_bench(at).signed_in()
    if at == "pick-1":
        bench.seal()
        assert bench.screen.text == "seal is not possible at pick-1, which is a place to pick."
        bench.decide_label("label-1", "damaged")
        assert bench.screen.code == "work.kind"
    else:
        bench.complete()
        assert bench.screen.text == "complete is not possible at pack-1, which is a place to pack."
