"""A store of an earlier version: after the steps of this one its views are what a rebuild makes of its journal."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path

from local_store import projections
from local_store.database import FILE_NAME
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.migrations import statements_of
from tests.support.floor import Bench, line, new_id, product
from tests.support.needs import ROOT

OF_RETURNS_AND_KITS = (
    "returned",
    "return_goods",
    "return_inspection",
    "kit_order",
    "kit_bill",
    "kit_build",
    "qc",
    "stock_hold",
)


def test_parcels_that_were_packed_before_are_known_with_all_that_is_in_them(
    open_bench: Callable[[str], Bench],
) -> None:
    bench = open_bench("pack-1")
    bench.given_products(product("SKU-1"), product("SKU-2"))
    bench.given_order("O-1", line("SKU-1", 2), line("SKU-2", 1))
    bench.given_order("O-2", line("SKU-1", 1))
    bench.signed_in().packed("O-1", 500)
    file = bench.store.path.parent / FILE_NAME
    with closing(sqlite3.connect(file)) as db:
        wanted = list(projections.dump(db))
        assert sum(row.startswith("package_item:") for row in wanted) == 2
        db.execute("DELETE FROM package_item")  # as the version before left it
        db.execute("UPDATE package SET packed_sscc = NULL")
        assert list(projections.dump(db)) != wanted
        for statement in statements_of("007_contents"):
            if "CREATE TABLE" not in statement and not statement.startswith(("ALTER", "CREATE INDEX")):
                db.execute(statement)
        assert list(projections.dump(db)) == wanted


def test_returns_and_kits_of_an_earlier_version_are_known_with_what_was_done_about_them(
    open_bench: Callable[[str], Bench],
) -> None:
    bench = open_bench("pack-1")
    bench.given_products(product("SKU-1"))
    units = Decimal(2)
    goods = (e.ReceivedLine(line_id="L1", sku="SKU-1", qty=units, lot_id="L7", serials=("a", "b")),)
    lines = (e.AnnouncedLine(line_id="L1", sku="SKU-1", expected=units),)
    parts = (e.KitPart(sku="SKU-1", qty=Decimal("0.5")),)
    order = e.WorkOrderAnnounced(lane="main", work_order_id="w", number="W", sku="KIT", qty=units, parts=parts)
    facts = (
        e.ReturnAnnounced(lane="main", return_id="R1", number="RMA-1", order_id="O", lines=lines),
        e.ReturnAnnounced(lane="main", return_id="R2", number="RMA-2", lines=lines, open=False),
        e.ReturnReceived(return_id="R1", lines=goods),
        e.ReturnInspected(return_id="R1", disposition="scrap", restockable_qty=Decimal(1), notes="wet"),
        e.ReturnReceived(return_id="R3", lines=goods),
        e.ReturnReceived(return_id="R2", lines=goods),
        e.ReturnInspected(return_id="R2", disposition="scrap", restockable_qty=Decimal(0)),
        e.ReturnCompleted(return_id="R2"),
        order,
        order.model_copy(update={"qty": Decimal(3), "open": False}),
        e.WorkOrderAnnounced(lane="main", work_order_id="w2", number="W2", sku="OTHER", qty=units),
    )
    bench.runner.run(bench.store.run(lambda tx: [tx.append(fact) for fact in facts]))
    file = bench.store.path.parent / FILE_NAME
    with closing(sqlite3.connect(file)) as db:
        wanted = list(projections.dump(db))
        for table in OF_RETURNS_AND_KITS:
            db.execute(f"DROP TABLE {table}")  # as the version before left it
        for statement in statements_of("021_returns_and_kits"):
            db.execute(statement)
        assert list(projections.dump(db)) == wanted


def test_what_hqs_believed_before_shelves_were_told_is_of_the_whole_warehouse(
    open_bench: Callable[[str], Bench],
) -> None:
    bench = open_bench("pick-1")
    for qty in (3, 7):
        told = e.StockTold(lane="main", warehouse_id="WH-1", sku="SKU-1", qty=Decimal(qty))
        bench.do(c.ReceiveInbound(command_id=new_id(), stock=(told,)))
    with closing(sqlite3.connect(bench.store.path.parent / FILE_NAME)) as db:
        wanted = list(projections.dump(db))
        assert sum(row.startswith("stock_told:") for row in wanted) == 1
        db.execute("DROP TABLE stock_told")
        (old,) = (each for each in statements_of("008_inbound") if "TABLE stock_told" in each)
        db.execute(old)
        db.execute("INSERT INTO stock_told VALUES ('main', 'WH-1', 'SKU-1', '7')")
        for statement in statements_of("020_counting"):
            if "stock_told" in statement:
                db.execute(statement)
        assert list(projections.dump(db)) == wanted


def test_a_store_that_0_4_0_wrote_is_what_its_facts_make_of_it_and_work_goes_on(tmp_path: Path) -> None:
    """Orders half picked and half packed, receipts, returns and announcements, written by the program of then."""
    folder = tmp_path / "store"
    folder.mkdir()
    with closing(sqlite3.connect(folder / FILE_NAME)) as db:
        db.executescript((ROOT / "tests/recordings/store_0_4_0.sql").read_text(encoding="utf-8"))
    bench = Bench(folder)
    try:
        assert bench.dump() == bench.rebuilt_dump()
        bench.at("pack-2").scan("SKU-1")
        bench.weigh(300, reason="heavy wrapping")
        assert bench.screen.code == "pack.weighed"
        assert bench.seal().answer.code == "pack.no_numbers"  # a copied file: its numbers are another station's
        assert bench.at("pick-2").scan("SKU-2").answer.code == "work.asks"
        assert bench.dump() == bench.rebuilt_dump()
    finally:
        bench.close()
