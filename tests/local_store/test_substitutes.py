"""Another product for what is short, and more than was asked: where the order, a supervisor or the site allows it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.site import PickingRules
from local_store.works import stock
from tests.local_store.test_totes_and_places import in_stock
from tests.support.floor import BEN, EVE, Bench, line, new_id, product

ALLOWS: dict[str, Any] = {"substitutes": {"TEA": ["MINT"]}}


@pytest.fixture
def short(bench: Bench) -> Bench:
    """Of four teas one is there; six mints lie at C-3, six salts at D-4. The order allows mint for tea."""
    bench.given_products(
        product("TEA", name="Tea"), product("MINT", name="Mint", grams=70), product("SALT", name="Salt")
    )
    given(bench, ALLOWS)
    in_stock(bench, "MINT", "C-3", 6)
    in_stock(bench, "SALT", "D-4", 6)
    bench.signed_in().scan("PL-1", "A-1", "TEA")
    bench.short("shelf empty")
    return bench


def given(bench: Bench, metadata: dict[str, Any]) -> None:
    order = e.FulfillmentReceived(
        lane="main",
        fulfillment_id="F-O-1",
        order_id="O-1",
        warehouse_id="WH-1",
        party_id="party-1",
        lines=(e.WorkLine(order_line_id="L-1", sku="TEA", qty=Decimal(4)),),
        metadata=metadata,
    )
    task = e.TaskPlan(
        task_id="T-1", fulfillment_id="F-O-1", order_line_id="L-1", location_id="A-1", sku="TEA", qty=Decimal(4)
    )
    picklist = e.PicklistReceived(lane="main", picklist_id="PL-1", priority="normal", ship_by=None, tasks=(task,))
    party = c.Party(party_id="party-1", name="Zoë", address={})
    bench.do(c.ReceiveWork(command_id=new_id(), fulfillments=(order,), parties=(party,), picklist=picklist))


def instead(bench: Bench, sku: str, worker: str = "ana", approver: str | None = None, task: str = "T-1") -> None:
    of = {"picklist_id": "PL-1", "task_id": task, "sku": sku}
    bench.do(c.SubstitutePick(command_id=new_id(), worker_id=worker, approved_by=approver, **of))


def more(bench: Bench, qty: str, task: str = "PL-1-T1") -> None:
    of = {"picklist_id": "PL-1", "task_id": task, "qty": Decimal(qty), "reason": "full box"}
    bench.do(c.OverPick(command_id=new_id(), worker_id="ana", **of))


def ledger(bench: Bench, account: str) -> dict[str, int]:
    return {each.sku: int(each.qty) for each in stock.balances(bench.store.reader, account=account)}


def stays_true(bench: Bench) -> None:
    assert stock.conserved(bench.store.reader) == []
    live = bench.dump()
    assert bench.rebuilt_dump() == live


# substitutes


def test_a_substitute_is_chosen_by_scanning_it_after_the_short_and_counts_for_the_same_line(short: Bench) -> None:
    short.scan("MINT")
    assert short.screen.text == "Tea (TEA): 3 of Mint (MINT) are taken instead, from C-3. Go there and scan them."
    short.scan("C-3", "MINT", "MINT", "MINT")
    short.complete()
    (fact,) = short.facts(e.PickSubstituted)
    assert (fact.for_sku, fact.sku, int(fact.qty), fact.allowed_by) == ("TEA", "MINT", 3, None)
    (left_short,) = short.facts(e.PickShort)
    assert left_short.qty == 3
    assert short.query("SELECT picked FROM fulfillment_line") == [("4",)]
    assert ledger(short, "picked:PL-1") == {"TEA": 1, "MINT": 3}
    assert ledger(short, "location:C-3") == {"MINT": 3}
    stays_true(short)


def test_packing_takes_the_substitute_for_its_line_and_the_parcel_holds_what_was_picked(short: Bench) -> None:
    short.scan("MINT", "C-3", "MINT", "MINT", "MINT")
    short.complete()
    short.at("pack-1").signed_in(BEN).scan("O-1", "SALT")
    assert short.screen.code == "pack.not_in_order"
    short.scan("MINT", "MINT", "TEA", "MINT")
    assert short.screen.code == "pack.all_done"
    short.weigh(1500)  # nobody knows what a line with substitutes weighs
    short.seal()
    assert short.screen.code == "pack.sealed"
    (packed,) = short.facts(e.PackagePacked)
    assert [(each.sku, int(each.qty)) for each in packed.items[0].picked] == [("MINT", 3)]
    assert ledger(short, "picked:PL-1") == {}
    assert ledger(short, f"package:{packed.package_id}") == {"TEA": 1, "MINT": 3}
    assert [sku for (sku,) in short.query("SELECT sku FROM learned_weight ORDER BY sku")] == ["MINT", "TEA"]
    stays_true(short)


def test_what_the_order_does_not_name_is_refused_until_a_supervisor_allows_it(short: Bench) -> None:
    refusal = (
        "Salt (SALT) may not go out for Tea (TEA): the order does not name it. Put it back, or ask a supervisor to "
        "allow it."
    )
    short.each_says(refusal, lambda: short.scan("SALT"))
    instead(short, "SALT")
    assert short.screen.text == refusal
    assert short.facts(e.PickSubstituted) == []
    instead(short, "SALT", approver=EVE.worker_id)
    (fact,) = short.facts(e.PickSubstituted)
    assert (fact.sku, fact.location_id, fact.allowed_by) == ("SALT", "D-4", "eve")


def test_only_what_is_short_is_replaced_and_only_once(short: Bench) -> None:
    instead(short, "MINT")
    assert short.screen.code == "pick.substituted"
    instead(short, "MINT")
    assert short.screen.text == (
        "Tea (TEA) lacks nothing for which Mint (MINT) could go out. Mark the line short first, or take another "
        "product."
    )
    instead(short, "NEVER-SEEN")
    assert short.screen.text == "NEVER-SEEN is no product that is known here. Choose another one."
    instead(short, "MINT", task="T-9")
    assert short.screen.code == "pick.no_task"
    assert len(short.facts(e.PickSubstituted)) == 1


def test_a_product_that_is_nowhere_is_not_taken_instead(short: Bench) -> None:
    short.given_products(product("JAM", name="Jam"))
    instead(short, "JAM", worker="eve")
    assert short.screen.text == "No Jam (JAM) is known to be anywhere here. Choose another product, or go on without."


def test_a_substitute_that_is_short_itself_may_be_replaced_again(short: Bench) -> None:
    short.scan("MINT", "C-3", "MINT")
    short.short("shelf empty")
    (first,) = short.facts(e.PickSubstituted)
    instead(short, "SALT", approver="eve", task=first.task_id)
    assert [fact.qty for fact in short.facts(e.PickSubstituted)] == [3, 2]
    short.scan("D-4", "SALT", "SALT")
    short.complete()
    assert short.query("SELECT picked FROM fulfillment_line") == [("4",)]
    stays_true(short)


# more than was asked


@pytest.fixture
def full(bench: Bench) -> Bench:
    """All ten teas are taken; the site allows a quarter more."""
    bench.restart(picking=PickingRules(over_percent=Decimal(25)))
    bench.given_products(product("TEA", name="Tea"))
    bench.given_picklist("PL-1", line("TEA", 10))
    bench.signed_in().scan("PL-1", "A-1", "TEA")
    bench.key(10)
    return bench


def test_as_much_more_as_the_site_allows_is_taken_with_a_reason_and_goes_out(full: Bench) -> None:
    more(full, "2")
    assert full.screen.text == "Tea (TEA): 2 more than asked may be taken from A-1. Scan each of them."
    full.scan("TEA", "TEA")
    full.complete()
    (fact,) = full.facts(e.PickOver)
    assert (int(fact.qty), fact.reason) == (2, "full box")
    assert ledger(full, "picked:PL-1") == {"TEA": 12}
    full.at("pack-1").signed_in(BEN).packed("O-PL-1", 1200)
    (packed,) = full.facts(e.PackagePacked)
    assert ledger(full, f"package:{packed.package_id}") == {"TEA": 12}
    stays_true(full)


def test_more_than_the_site_allows_is_refused_in_all_steps_together(full: Bench) -> None:
    more(full, "3")
    assert full.screen.text == (
        "Tea (TEA): 10 are asked, and 3 more are too many: 2 more may be taken here. Put the others back."
    )
    more(full, "1")
    more(full, "2")
    assert full.screen.text.endswith("and 2 more are too many: 1 more may be taken here. Put the others back.")
    more(full, "0.5")
    assert full.screen.code == "quantity.bad"


def test_a_site_that_allows_nothing_more_refuses_it_as_ever(full: Bench) -> None:
    full.restart(picking=PickingRules())
    assert full.scan("TEA").refused
    more(full, "1")
    assert full.screen.text.endswith("and 1 more are too many: 0 more may be taken here. Put the others back.")
    assert full.facts(e.PickOver) == []


def test_more_is_taken_only_of_a_line_that_is_full(full: Bench) -> None:
    full.undo()
    more(full, "1")
    assert full.screen.text == "Tea (TEA) is not full yet. Take what was asked before you take more."


def test_extra_units_that_are_not_wanted_after_all_are_undone_and_short(full: Bench) -> None:
    more(full, "2")
    full.scan("TEA")
    full.undo()
    full.short("not needed")
    full.complete()
    assert ledger(full, "picked:PL-1") == {"TEA": 10}
    stays_true(full)
