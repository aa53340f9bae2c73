"""Totes that are checked, other places after a short, lists that change hands, and zones."""

from __future__ import annotations

from decimal import Decimal

import pytest

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.site import PickingRules
from local_store.works import stock
from tests.support.floor import BEN, EVE, Bench, line, new_id, product

# totes


@pytest.fixture
def cart(bench: Bench) -> Bench:
    """Ana stands at A-1 with a cart for two orders; the site wants each tote to be scanned."""
    bench.restart(picking=PickingRules(put_check=True))
    bench.given_products(product("TEA", name="Tea"), product("JAM", name="Jam"))
    bench.given_picklist(
        "PL-1", line("TEA", 2, order="O-1"), line("TEA", 1, order="O-2"), line("JAM", 1, order="O-2")
    )
    bench.signed_in().scan("PL-1", "A-1")
    return bench


def test_after_each_line_its_tote_is_scanned(cart: Bench) -> None:
    cart.scan("TEA", "TEA")
    assert cart.screen.text == ("Tea (TEA): 2 of 2. Line done. Put it into the tote of order O-1 and scan the tote.")
    cart.scan("TEA")
    assert cart.screen.text == "Tea (TEA) is for order O-1, which has no tote yet. Scan an empty tote for it."
    cart.scan("TOTE-1")
    assert cart.screen.text == "TOTE-1 is right: it is for order O-1."
    assert [(fact.fulfillment_id, fact.tote_id) for fact in cart.facts(e.PickPut)] == [("F-O-1", "TOTE-1")]


def test_a_wrong_tote_is_refused_with_the_right_one(cart: Bench) -> None:
    cart.scan("TEA", "TEA", "TOTE-1", "TEA")
    cart.scan("TOTE-1")
    assert cart.screen.text == "Tote TOTE-1 already holds order O-1. Take another tote."
    cart.scan("TOTE-2", "JAM", "TOTE-1")
    assert cart.screen.text == "TOTE-1 is for order O-1. Put Jam (JAM) into TOTE-2 and scan that one."
    cart.scan("JAM")
    assert cart.screen.text == "Put Jam (JAM) into TOTE-2 first, and scan that tote."
    cart.complete()
    assert cart.screen.code == "pick.put_first"
    cart.scan("TOTE-2")
    cart.complete()
    assert cart.screen.code == "pick.completed"
    live = cart.dump()
    assert cart.rebuilt_dump() == live


def test_undo_takes_the_goods_out_of_hand_again(cart: Bench) -> None:
    cart.scan("TEA", "TEA")
    cart.undo()
    assert cart.query("SELECT * FROM pick_put") == []
    cart.short()
    assert cart.screen.code == "pick.put"


def test_a_line_of_which_nothing_was_taken_goes_into_no_tote(cart: Bench) -> None:
    cart.short()
    assert cart.screen.code == "pick.short"


def test_a_list_of_one_order_needs_no_tote(cart: Bench) -> None:
    cart.given_picklist("PL-2", line("TEA", 1))
    cart.at("pick-2").signed_in(BEN).scan("PL-2", "A-1", "TEA")
    assert cart.screen.code == "pick.all_done"


# other places after a short


def in_stock(bench: Bench, sku: str, location: str, qty: int) -> None:
    """The ledger knows of these units: they went back there from another list."""
    fact = e.PickRebinned(
        picklist_id="PL-0", rebin_id=f"r-{location}", task_id="T-0", fulfillment_id="F-0", order_line_id="L-0",
        location_id=location, sku=sku, qty=Decimal(qty), picked=Decimal(0), line_picked=Decimal(0), reason="r",
    )  # fmt: skip
    bench.runner.run(bench.store.run(lambda tx: tx.append(fact)))


def test_after_a_short_the_rest_is_taken_where_it_is_known_to_be(picking: Bench) -> None:
    in_stock(picking, "SKU-2", "C-3", 4)
    in_stock(picking, "SKU-2", "D-4", 1)
    picking.scan("A-1", "SKU-1", "SKU-1", "SKU-2")
    picking.short("shelf empty")
    assert picking.screen.text == (
        "Chang (SKU-2): 5 short (shelf empty). Go on. At C-3: 4, as far as is known here. Scan "
        "that location to take it there."
    )
    picking.scan("C-3")
    assert picking.screen.text == "Chang (SKU-2): take 4 from C-3 instead. Go to C-3."
    picking.scan("C-3", "SKU-2")
    picking.key(4)
    assert picking.screen.text == "Chang (SKU-2): 4 of 4. Line done."
    picking.scan("B-2", "SKU-3")
    picking.complete()
    assert picking.query("SELECT picked FROM fulfillment_line WHERE sku = 'SKU-2'") == [("5",)]
    live = picking.dump()
    assert picking.rebuilt_dump() == live


def test_a_short_asks_for_a_count_of_its_place(picking: Bench) -> None:
    picking.scan("A-1")
    picking.short("shelf empty")
    (asked,) = picking.facts(e.CountRequested)
    assert (asked.location_id, asked.sku, asked.reason) == ("A-1", "SKU-1", "short on PL-7: shelf empty")


def test_only_what_was_short_just_now_is_taken_elsewhere_and_only_where_it_is(picking: Bench) -> None:
    in_stock(picking, "SKU-1", "C-3", 4)
    picking.floor(c.Replan, location_id="C-3")
    assert picking.screen.text == "Nothing on PL-7 was marked short just now. Mark the line short first."
    picking.scan("A-1")
    picking.short()
    picking.floor(c.Replan, location_id="D-9")
    assert picking.screen.text == "No Chai (SKU-1) is known to be at D-9. Choose another location."
    picking.floor(c.Replan, location_id="C-3")
    picking.floor(c.Replan, location_id="C-3")
    assert picking.screen.code == "pick.nothing_short"
    assert [fact.qty for fact in picking.facts(e.PickReplanned)] == [Decimal(2)]


def test_a_short_of_the_last_line_can_still_be_taken_elsewhere(bench: Bench) -> None:
    bench.given_products(product("TEA", name="Tea", location_id="A-1"))
    bench.given_picklist("PL-1", line("TEA", 1))
    in_stock(bench, "TEA", "B-1", 1)
    bench.given_picklist("PL-2", line("TEA", 1, at="B-1"))
    bench.signed_in().scan("PL-1", "A-1")
    bench.short()
    bench.scan("B-1", "B-1", "TEA")
    assert bench.screen.code == "pick.all_done"


# lists that change hands


def test_a_list_that_is_put_aside_goes_on_with_another_picker(picking: Bench) -> None:
    picking.scan("A-1", "SKU-1", "SKU-1")
    picking.do(c.ReleasePicklist(command_id=new_id(), workplace="pick-1", picklist_id="PL-7", reason="pause"))
    assert picking.screen.text == "PL-7 is put aside, lines through: 1 of 3. It is for anybody."
    assert picking.place.picklist_id is None
    picking.at("pick-2").signed_in(BEN).scan("PL-7")
    assert picking.screen.text == "PL-7 is open, lines: 3. Go to A-1."
    picking.scan("A-1", "SKU-2")
    picking.key(6)
    picking.scan("B-2", "SKU-3")
    picking.complete()
    assert picking.screen.code == "pick.completed"
    who = picking.query("SELECT actor, count(*) FROM journal WHERE kind = 'pick.counted' GROUP BY actor")
    assert who == [("ana", 1 + 1), ("ben", 3)]
    live = picking.dump()
    assert picking.rebuilt_dump() == live


def test_only_a_list_that_is_being_picked_is_put_aside(picking: Bench) -> None:
    picking.given_picklist("PL-8", line("SKU-1", 1))
    aside = {"workplace": "pick-1", "reason": "pause"}
    picking.do(c.ReleasePicklist(command_id=new_id(), picklist_id="PL-8", **aside))
    assert picking.screen.text == "PL-8 is open, and not being picked. Start it first."
    picking.do(c.ReleasePicklist(command_id=new_id(), picklist_id="PL-404", **aside))
    assert picking.screen.code == "pick.unknown"


def test_goods_in_hand_for_a_tote_are_put_there_before_the_list_is_put_aside(cart: Bench) -> None:
    cart.scan("TEA", "TEA")
    cart.do(c.ReleasePicklist(command_id=new_id(), workplace="pick-1", picklist_id="PL-1", reason="pause"))
    assert cart.screen.text == "Tea (TEA) is in hand for its tote. Scan the tote at the workplace first."


def test_a_list_is_handed_to_the_next_zone(picking: Bench) -> None:
    zoned = {"command_id": new_id(), "workplace": "pick-1", "picklist_id": "PL-7", "reason": "zone B"}
    picking.do(c.ReleasePicklist(**zoned, zone="B"))
    assert picking.screen.text == "PL-7 is put aside, lines through: 0 of 3. It is for those of zone B."
    picking.do(c.ChooseZone(command_id=new_id(), workplace="pick-1", zone="A"))
    assert picking.screen.text == "pick-1 works in A from now on."
    picking.scan("PL-7")
    assert picking.screen.text == "PL-7 is for zone B, and pick-1 works in A. Choose another one, or another zone."
    picking.do(c.ChooseZone(command_id=new_id(), workplace="pick-1"))
    assert picking.screen.text == "pick-1 works in all zones from now on."
    picking.scan("PL-7")
    assert picking.screen.code == "pick.opened"


def test_a_zone_is_of_a_workplace(picking: Bench) -> None:
    picking.do(c.ChooseZone(command_id=new_id(), worker_id="ana", zone="A"))
    assert picking.screen.text == "Say at which workplace you pick. The zone is kept for that."


# goods that go back


def test_picked_goods_go_back_to_a_shelf_and_are_stock_there(picking: Bench) -> None:
    picking.scan("A-1", "SKU-1", "SKU-1")
    ((task_id,),) = picking.query("SELECT task_id FROM pick_task WHERE sku = 'SKU-1'")
    told = c.PickRebin(rebin_id="r", task_id=task_id, qty=Decimal(1), location_id="S-1", reason="box is torn")
    picking.do(c.RebinPicks(command_id=new_id(), worker_id=EVE.worker_id, picklist_id="PL-7", rebins=(told,)))
    assert picking.screen.text == "PL-7: 1 of 1 are right."
    assert [each.qty for each in stock.balances(picking.store.reader, account="location:S-1")] == [1]
    assert int(picking.task("SKU-1").picked) == 1
    picking.undo()
    assert picking.screen.code == "pick.nothing_to_undo"
    live = picking.dump()
    assert picking.rebuilt_dump() == live


def test_a_list_that_was_begun_and_put_aside_is_never_withdrawn_silently(picking: Bench) -> None:
    picking.scan("A-1", "SKU-1")
    picking.do(c.ReleasePicklist(command_id=new_id(), workplace="pick-1", picklist_id="PL-7", reason="pause"))
    gone = c.SeeWork(command_id=new_id(), lane="main", thing="picklist", work_id="PL-7", state="given_away")
    picking.do(gone)
    (asked,) = picking.facts(e.ExceptionRaised)
    assert asked.sentence.startswith("HQ gave picklist PL-7 to another station, and it is being picked here.")
    picking.scan("PL-7")
    assert picking.screen.code == "work.asks"
