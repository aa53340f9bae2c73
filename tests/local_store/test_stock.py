"""The ledger of stock: every fact about goods moves them from one account to another, and nothing else does."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from local_store.backup import FOLDER, make_backup
from local_store.clock import SystemClock
from local_store.database import FILE_NAME
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain import stock
from local_store.restore import restore
from local_store.salvage import salvage
from local_store.works.stock import balances, conserved, serial_at, sums
from tests.support.floor import EVE, Bench, line, new_id, product


@pytest.fixture
def here(bench: Bench) -> Bench:
    bench.given_products(product("TEA", location_id="A-1"), product("JAM", location_id="B-2"))
    return bench


def at(bench: Bench, sku: str = "TEA") -> dict[str, int]:
    """Where a product is, by account."""
    return {each.account: int(each.qty) for each in balances(bench.store.reader, sku=sku)}


def recorded(bench: Bench, fact: e.Fact) -> None:
    bench.runner.run(bench.store.run(lambda tx: tx.append(fact)))


def adjusted(bench: Bench, qty: int, sku: str = "TEA", location_id: str = "A-1") -> None:
    of: dict[str, Any] = {"worker_id": EVE.worker_id, "sku": sku, "location_id": location_id, "reason": "opening"}
    bench.do(c.AdjustStock(command_id=new_id(), qty=Decimal(qty), **of))


# --- what each fact moves ----------------------------------------------------------------------------------------


def test_a_pick_takes_from_the_shelf_and_its_undo_puts_back_just_there(here: Bench) -> None:
    adjusted(here, 10)
    here.given_picklist("PL-1", line("TEA", 3, at="A-1"))
    here.signed_in().scan("PL-1", "A-1", "TEA", "TEA")
    assert at(here) == {"adjusted": -10, "location:A-1": 8, "picked:PL-1": 2}
    here.undo()
    assert at(here) == {"adjusted": -10, "location:A-1": 9, "picked:PL-1": 1}


def test_a_short_moves_nothing_and_neither_does_taking_it_back(here: Bench) -> None:
    here.given_picklist("PL-1", line("TEA", 3, at="A-1"))
    here.signed_in().scan("PL-1", "A-1", "TEA")
    before = at(here)
    here.short()
    assert at(here) == before
    here.undo()
    assert at(here) == before, "what was short was never taken, so nothing is put back"


def test_more_may_be_taken_from_a_shelf_than_was_known_of(here: Bench) -> None:
    here.given_picklist("PL-1", line("TEA", 1, at="A-1"))
    here.signed_in().scan("PL-1", "A-1", "TEA")
    assert at(here) == {"location:A-1": -1, "picked:PL-1": 1}
    (told,) = sums(here.store.reader)
    assert (int(told.on_hand), told.below_zero, int(told.unbalanced)) == (0, 1, 0)


def test_packing_moves_from_what_was_picked_into_the_parcel_when_that_is_final(here: Bench) -> None:
    adjusted(here, 10)
    here.given_picklist("PL-1", line("TEA", 2, at="A-1"))
    here.signed_in().scan("PL-1", "A-1", "TEA", "TEA")
    here.complete()
    here.at("pack-1").signed_in().scan("O-PL-1", "TEA")
    here.undo()
    assert at(here) == {"adjusted": -10, "location:A-1": 8, "picked:PL-1": 2}
    here.scan("TEA", "TEA")
    here.weigh(200)
    here.seal()
    (packed,) = here.facts(e.PackagePacked)
    assert at(here) == {"adjusted": -10, "location:A-1": 8, f"package:{packed.package_id}": 2}


def test_what_another_station_picked_comes_from_elsewhere(here: Bench) -> None:
    here.given_order("O-1", line("TEA", 2))
    here.at("pack-1").signed_in().packed("O-1", 200)
    assert at(here)["elsewhere"] == -2
    (told,) = sums(here.store.reader, "TEA")
    assert [int(each) for each in (told.elsewhere, told.on_hand, told.unbalanced)] == [2, 2, 0]


def test_a_receipt_comes_from_a_supplier_to_the_dock_and_what_is_damaged_beside_it(here: Bench) -> None:
    lines = (
        e.ReceivedLine(sku="TEA", qty=Decimal(5), lot_id="L1", serials=("S1", "S2")),
        e.ReceivedLine(sku="TEA", qty=Decimal(1), condition="damaged"),
    )
    recorded(here, e.ReceiptRecorded(receipt_id="R1", against="blind", lines=lines))
    assert {name: units for name, units in at(here).items() if units > 0} == {"dock": 5, "damaged": 1}
    lots = {(each.account, each.lot_id): each.qty for each in balances(here.store.reader, sku="TEA")}
    assert lots["dock", "L1"] == 5
    assert serial_at(here.store.reader, "TEA", "S2") == "dock"
    assert sums(here.store.reader, "TEA")[0].received == 6


def test_a_return_comes_from_a_customer(here: Bench) -> None:
    back = e.ReceivedLine(sku="TEA", qty=Decimal(2), serials=("S1",))
    recorded(here, e.ReturnReceived(return_id="R1", lines=(back,)))
    assert at(here) == {"customer": -2, "returns": 2}
    assert serial_at(here.store.reader, "TEA", "S1") == "returns"
    assert sums(here.store.reader, "TEA")[0].shipped == -2


@pytest.mark.parametrize(
    ("before", "after", "missing", "found", "moved"),
    [
        (5, 7, (), (), [("adjusted", "location:A-1", 2)]),
        (5, 3, (), (), [("location:A-1", "adjusted", 2)]),
        (-2, 0, (), (), [("adjusted", "location:A-1", 2)]),
        (3, 3, ("S1",), ("S9",), [("location:A-1", "adjusted", 1), ("adjusted", "location:A-1", 1)]),
        (3, 2, ("S1",), (), [("location:A-1", "adjusted", 1)]),
        (0, 2, (), ("S1",), [("adjusted", "location:A-1", 1), ("adjusted", "location:A-1", 1)]),
    ],
)
def test_a_correction_moves_just_the_difference_and_units_with_numbers_by_their_numbers(
    before: int, after: int, missing: tuple[str, ...], found: tuple[str, ...], moved: list[tuple[str, str, int]]
) -> None:
    fact = e.StockAdjusted(
        sku="TEA",
        location_id="A-1",
        before=Decimal(before),
        after=Decimal(after),
        reason="counted",
        missing=missing,
        found=found,
    )
    assert [(move.source, move.target, int(move.qty)) for move in stock.moves(fact)] == moved


def test_received_and_adjusted_is_on_hand_and_shipped_whatever_happened(here: Bench) -> None:
    adjusted(here, 10)
    recorded(here, e.ReceiptRecorded(receipt_id="R1", against="blind", lines=(_line(5),)))
    recorded(here, e.ReturnReceived(return_id="R1", lines=(_line(1),)))
    here.given_picklist("PL-1", line("TEA", 2, at="A-1"))
    here.signed_in().scan("PL-1", "A-1", "TEA")
    (told,) = sums(here.store.reader)
    assert told.received + told.adjusted + told.elsewhere == told.on_hand + told.shipped == 15
    assert conserved(here.store.reader) == []


def test_a_balance_that_somebody_changed_in_the_file_is_found(here: Bench) -> None:
    adjusted(here, 10)
    here.runner.run(
        here.store.run(lambda tx: tx.connection.execute("UPDATE stock SET millionths = 1 WHERE account = 'adjusted'"))
    )
    (told,) = conserved(here.store.reader)
    assert (told.sku, told.unbalanced) == ("TEA", Decimal("10.000001"))


def test_a_balance_tells_the_last_fact_that_changed_it(here: Bench) -> None:
    adjusted(here, 10)
    adjusted(here, 4, "JAM", "B-2")
    adjusted(here, 9)
    newest = dict(here.query("SELECT sku, seq FROM stock WHERE account LIKE 'location:%'"))
    facts = dict(
        here.query("SELECT body ->> '$.sku', max(seq) FROM journal WHERE kind = 'stock.adjusted' GROUP BY 1")
    )
    assert newest == facts


# --- a store that was there before the ledger ----------------------------------------------------------------------


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Bench]:
    """A store in which one TEA was picked before stock was kept, as its first start with the ledger leaves it."""
    bench = Bench(tmp_path / "data")
    bench.given_products(product("TEA", location_id="A-1"))
    bench.given_picklist("PL-1", line("TEA", 3, at="A-1"))
    bench.signed_in().scan("PL-1", "A-1", "TEA")
    bench.runner.run(bench.store.close())
    with closing(sqlite3.connect(tmp_path / "data" / FILE_NAME)) as db, db:
        db.execute("DELETE FROM stock")
        db.execute("UPDATE stock_from SET seq = (SELECT max(seq) FROM journal)")
    bench.store = bench._open()
    yield bench
    bench.close()


def test_a_unit_goes_back_to_its_supplier_from_where_it_is(here: Bench) -> None:
    here.given_products(product("SAW", serial_required=True))
    adjusted(here, 2, "SAW")
    adjusted(here, 2, "SAW", "B-2")
    moved = e.MovedLine(sku="SAW", qty=Decimal(1), serials=("S1",))
    recorded(here, e.StockMoved(move_id="m", from_location_id="A-1", to_location_id="B-2", lines=(moved,), reason=""))

    def back(location_id: str) -> str:
        line_of = c.VendorGoods(sku="SAW", qty=Decimal(1), location_id=location_id, serials=("S1",))
        command = c.ShipToVendor(command_id=new_id(), worker_id="eve", vendor="Acme", lines=(line_of,))
        return here.do(command).answer.text

    assert back("A-1") == ("Serial number S1 of SAW is at B-2, as far as is known here. Scan the number on the unit.")
    assert back("B-2") == "Units that go back to Acme: 1."
    assert serial_at(here.store.reader, "SAW", "S1") == stock.SUPPLIER
    assert back("B-2").startswith("Serial number S1 of SAW is out of this warehouse")


def test_what_was_moved_before_stock_was_kept_is_in_no_ledger_nor_after_a_rebuild(old: Bench) -> None:
    assert at(old) == {}
    adjusted(old, 7)
    old.scan("TEA")
    wanted = {"adjusted": -7, "location:A-1": 6, "picked:PL-1": 1}
    assert at(old) == wanted
    live = old.dump()
    assert old.rebuilt_dump() == live
    assert at(old) == wanted


def test_a_salvaged_store_keeps_its_ledger_from_where_it_began(old: Bench) -> None:
    adjusted(old, 7)
    wanted = at(old)
    old.runner.run(old.store.close())
    salvage(old.store.path, "a test", old.site, SystemClock(), "0")
    old.store = old._open()
    assert at(old) == wanted


def test_a_store_that_is_salvaged_before_its_first_start_with_the_ledger_begins_with_nothing(old: Bench) -> None:
    old.runner.run(old.store.close())
    with closing(sqlite3.connect(old.store.path)) as db, db:
        db.execute("DROP TABLE stock_from")
    salvage(old.store.path, "a test", old.site, SystemClock(), "0")
    old.store = old._open()
    assert at(old) == {}
    adjusted(old, 7)
    assert at(old) == {"adjusted": -7, "location:A-1": 7}


def test_a_backup_that_is_put_back_keeps_its_ledger_from_where_it_began(old: Bench) -> None:
    adjusted(old, 7)
    wanted = at(old)
    made = old.runner.run(make_backup(old.store.path, SystemClock(), asyncio.sleep))
    file = old.store.path.parent / FOLDER / made.name
    adjusted(old, 1)
    old.runner.run(old.store.close())
    restore(old.store.path, file, old.site.station_id, SystemClock(), "0")
    old.store = old._open()
    assert at(old) == wanted


def _line(qty: int) -> e.ReceivedLine:
    return e.ReceivedLine(sku="TEA", qty=Decimal(qty))
