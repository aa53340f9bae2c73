"""What picking knew of units goes with them: into parcels, out of them again, and back to the shelf."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.works import stock
from tests.local_store.test_withdrawn_work import decide, hq_says
from tests.support.floor import BEN, EVE, Bench, line, new_id, product

GTIN = "09501101530003"


@pytest.fixture
def cold(open_bench: Callable[[str], Bench]) -> Bench:
    """Three milks of two lots, and two phones with serial numbers, are picked for one order and wait to be packed."""
    bench = open_bench("pick-1")
    bench.given_products(product("MILK", GTIN, expiry_required=True), product("PHONE", serial_required=True))
    bench.given_picklist("PL-1", line("MILK", 3), line("PHONE", 2))
    bench.signed_in().scan("PL-1", "A-1")
    for lot in ("L1", "L1", "L2"):
        bench.scan(f"01{GTIN}1730123110{lot}", symbology="]C1")
    bench.floor(c.KeySerials, serials=("S1", "S2"))
    bench.complete()
    assert bench.screen.code == "pick.completed"
    return bench.at("pack-1").signed_in(BEN).scan("O-PL-1") and bench


def ledger(bench: Bench, account: str) -> dict[tuple[str, str], int]:
    return {(each.sku, each.lot_id): int(each.qty) for each in stock.balances(bench.store.reader, account=account)}


def test_lots_leave_what_is_picked_as_they_came_and_lie_in_the_parcel(cold: Bench) -> None:
    cold.scan("MILK", "MILK", "MILK", "PHONE", "S1", "PHONE", "S2")
    cold.weigh(500)
    cold.seal()
    (packed,) = cold.facts(e.PackagePacked)
    assert ledger(cold, "picked:PL-1") == {}
    assert ledger(cold, f"package:{packed.package_id}") == {("MILK", "L1"): 2, ("MILK", "L2"): 1, ("PHONE", ""): 2}
    assert stock.serial_at(cold.store.reader, "PHONE", "S2") == f"package:{packed.package_id}"
    live = cold.dump()
    assert cold.rebuilt_dump() == live


def test_units_of_two_parcels_go_as_scanned_and_else_in_the_order_they_were_picked(cold: Bench) -> None:
    cold.scan(f"01{GTIN}10L2", symbology="]C1")
    cold.scan("MILK", "PHONE", "S2", "NEXT-PARCEL", "MILK", "PHONE", "S1")
    for _ in range(2):
        cold.weigh(300, reason="wrapping")
        cold.seal()
    first, second = (fact.package_id for fact in cold.facts(e.PackagePacked))
    assert ledger(cold, f"package:{first}") == {("MILK", "L1"): 1, ("MILK", "L2"): 1, ("PHONE", ""): 1}
    assert ledger(cold, f"package:{second}") == {("MILK", "L1"): 1, ("PHONE", ""): 1}
    assert ledger(cold, "picked:PL-1") == {}
    assert stock.serial_at(cold.store.reader, "PHONE", "S2") == f"package:{first}"


def test_a_parcel_that_is_taken_apart_gives_its_lots_and_numbers_back(cold: Bench) -> None:
    before = ledger(cold, "picked:PL-1")
    cold.scan("MILK", "MILK", "MILK", "PHONE", "S1", "PHONE", "S2")
    cold.weigh(500)
    cold.seal()
    (packed,) = cold.facts(e.PackagePacked)
    cold.do(
        c.VoidPackage(
            command_id=new_id(), workplace="pack-1", worker_id=EVE.worker_id, package_id=packed.package_id, reason="r"
        )
    )
    assert cold.screen.code == "pack.voided"
    assert ledger(cold, "picked:PL-1") == before
    assert stock.serial_at(cold.store.reader, "PHONE", "S1") == "picked:PL-1"
    live = cold.dump()
    assert cold.rebuilt_dump() == live


def test_goods_of_a_cancelled_order_go_back_as_the_lots_and_units_they_are(cold: Bench) -> None:
    cold.scan("MILK", "PHONE", "S1")
    told = e.FulfillmentReceived(
        lane="main", fulfillment_id="F-O-PL-1", order_id="O-PL-1", warehouse_id="WH-1", party_id="party-1", lines=()
    )
    hq_says(cold, "fulfillment", "F-O-PL-1", "cancelled", fulfillment=told)
    decide(cold, "unpack")
    assert cold.screen.code == "exception.gone_back"
    assert ledger(cold, "picked:PL-1") == ledger(cold, "location:A-1") == {}
    assert {stock.serial_at(cold.store.reader, "PHONE", each) for each in ("S1", "S2")} == {"location:A-1"}
    live = cold.dump()
    assert cold.rebuilt_dump() == live


def picked_phones(open_bench: Callable[[str], Bench], *lists: tuple[int, str]) -> Bench:
    """One list with phones for these orders, all picked by their numbers."""
    bench = open_bench("pick-1")
    bench.given_products(product("PHONE", "2900000000018*2", serial_required=True))
    bench.given_picklist("PL-1", *(line("PHONE", qty, order=order) for qty, order in lists))
    bench.signed_in().scan("PL-1", "A-1")
    for place, (qty, _) in enumerate(lists):
        bench.floor(c.KeySerials, serials=tuple(f"S{place}{number}" for number in range(qty)))
    bench.complete()
    return bench.at("pack-1").signed_in(BEN)


def test_where_only_one_unit_can_be_meant_its_number_is_not_scanned_again(
    open_bench: Callable[[str], Bench],
) -> None:
    bench = picked_phones(open_bench, (1, "O-1"))
    bench.scan("O-1", "PHONE")
    assert bench.screen.code == "pack.all_done"
    bench.weigh(100)
    bench.seal()
    (packed,) = bench.facts(e.PackagePacked)
    assert packed.items[0].serials == ("S00",)
    assert stock.serial_at(bench.store.reader, "PHONE", "S00") == f"package:{packed.package_id}"


@pytest.mark.parametrize("lists", [((2, "O-1"),), ((1, "O-1"), (1, "O-2"))])
def test_where_the_units_must_be_told_apart_the_number_is_asked_for(
    open_bench: Callable[[str], Bench], lists: tuple[tuple[int, str], ...]
) -> None:
    bench = picked_phones(open_bench, *lists)
    bench.scan("O-1", "PHONE")
    assert bench.screen.text == "Item PHONE (PHONE): scan its serial number."


def test_a_case_of_all_units_of_a_line_says_their_numbers_by_itself(open_bench: Callable[[str], Bench]) -> None:
    bench = picked_phones(open_bench, (2, "O-1"))
    bench.scan("O-1", "2900000000018")
    bench.weigh(200)
    bench.seal()
    assert bench.facts(e.PackagePacked)[0].items[0].serials == ("S00", "S01")


def test_what_a_supervisor_has_put_back_is_on_the_shelf_as_its_lot(
    open_bench: Callable[[str], Bench],
) -> None:
    bench = open_bench("pick-1")
    bench.given_products(product("MILK", GTIN, expiry_required=True))
    bench.given_picklist("PL-1", line("MILK", 3))
    bench.signed_in().scan("PL-1", "A-1")
    for lot in ("L1", "L2"):
        bench.scan(f"01{GTIN}1730123110{lot}", symbology="]C1")
    task = bench.task("MILK")
    back = e.PickUndone(
        picklist_id="PL-1", task_id=task.task_id, count_id="exc-1", undo_id="exc-1:T", qty=Decimal(1),
        picked=Decimal(1), status="open",
    )  # fmt: skip
    bench.runner.run(bench.store.run(lambda tx: tx.append(back)))
    assert ledger(bench, "picked:PL-1") == {("MILK", "L1"): 1}
    assert ledger(bench, "location:A-1") == {("MILK", "L1"): -1}
    assert [fact.lot_id for fact in bench.facts(e.PickTraced)] == ["L1", "L2"]
    assert bench.query("SELECT lot_id FROM pick_trace") == [("L1",)]
    live = bench.dump()
    assert bench.rebuilt_dump() == live
