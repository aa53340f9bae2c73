"""Lots, expiry dates and serial numbers of picks: asked for, refused, kept, and taken back with the count."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.stock import DOCK, Move
from local_store.domain.stock import shelf as shelf_of
from local_store.domain.words import Tone
from local_store.works import stock
from tests.support.floor import EVE, Bench, line, new_id, product

GTIN = "09501101530003"
GS = "\x1d"


@pytest.fixture
def shelf(bench: Bench) -> Bench:
    """Ana stands at A-1 with PL-1 open: three milks with an expiry date, two phones with serial numbers, one tea."""
    bench.given_products(
        product("MILK", GTIN, name="Milk", expiry_required=True),
        product("PHONE", name="Phone", serial_required=True),
        product("TEA", name="Tea"),
    )
    bench.given_picklist("PL-1", line("MILK", 3), line("PHONE", 2), line("TEA", 1))
    bench.signed_in().scan("PL-1", "A-1")
    return bench


def received(bench: Bench, sku: str, lot: str | None, expires: str | None, *serials: str, qty: int = 5) -> None:
    """Goods of a lot came in; a put-away of them is told by nobody, so the shelf is what a count says."""
    wanted = c.GoodsLine(sku=sku, qty=Decimal(qty), lot_id=lot, expires_on=expires, serials=serials)
    bench.do(c.RecordReceipt(command_id=new_id(), badge=EVE.badge, against="blind", lines=(wanted,)))


def at(bench: Bench, account: str) -> dict[tuple[str, str], Decimal]:
    """What is in an account of the ledger, by product and lot."""
    return {(each.sku, each.lot_id): each.qty for each in stock.balances(bench.store.reader, account=account)}


def on_shelf(bench: Bench, sku: str, lot: str, qty: int) -> None:
    """The ledger knows of these units at A-1: they were picked and went back there."""
    taken = e.PickTraced(
        picklist_id="PL-0", task_id="T-0", count_id=f"c-{lot}", location_id="A-1", sku=sku, qty=Decimal(-qty),
        lot_id=lot,
    )  # fmt: skip
    bench.runner.run(bench.store.run(lambda tx: tx.append(taken)))


# one scan, or one thing after the other


def test_a_gs1_code_says_item_lot_and_expiry_at_once(shelf: Bench) -> None:
    shelf.scan(f"01{GTIN}17301231" + "10L7", symbology="]C1")
    assert shelf.screen.text == "Milk (MILK): 1 of 3."
    (traced,) = shelf.facts(e.PickTraced)
    assert (traced.lot_id, traced.expires_on, int(traced.qty)) == ("L7", "2030-12-31", 1)
    assert at(shelf, "picked:PL-1") == {("MILK", "L7"): Decimal(1)}
    assert at(shelf, "location:A-1") == {("MILK", "L7"): Decimal(-1)}


def test_what_the_code_does_not_say_is_asked_for_and_counts_when_it_is_said(shelf: Bench) -> None:
    shelf.scan("MILK")
    assert (shelf.screen.text, int(shelf.task("MILK").picked)) == ("Milk (MILK): scan or key its expiry date.", 0)
    shelf.scan("301231")
    assert (shelf.screen.text, int(shelf.task("MILK").picked)) == ("Milk (MILK): 1 of 3.", 1)


def test_a_lot_that_is_known_here_says_its_expiry_by_itself(shelf: Bench) -> None:
    received(shelf, "MILK", "L7", "2030-01-31")
    shelf.scan("MILK")
    shelf.floor(c.SetValue, name="lot", value="L7")
    assert shelf.screen.text == "Milk (MILK): 1 of 3."
    assert shelf.facts(e.PickTraced)[0].expires_on == "2030-01-31"


def test_what_was_said_of_a_lot_holds_for_the_next_units_of_the_line(shelf: Bench) -> None:
    shelf.scan("MILK", "2030-12-31", "MILK")
    assert shelf.screen.text == "Milk (MILK): 2 of 3."
    shelf.key(3)
    assert shelf.screen.text == "Milk (MILK): 3 of 3. Line done."
    assert [fact.expires_on for fact in shelf.facts(e.PickTraced)] == ["2030-12-31"] * 3
    assert shelf.query("SELECT * FROM pick_hand") == []


def test_going_on_with_something_else_puts_the_item_down(shelf: Bench) -> None:
    shelf.scan("MILK", "TEA")
    assert int(shelf.task("TEA").picked) == 1
    shelf.scan("301231")
    assert shelf.screen.code == "scan.unknown"
    assert int(shelf.task("MILK").picked) == 0


def test_a_value_that_is_none_is_asked_for_again(shelf: Bench) -> None:
    shelf.floor(c.SetValue, name="lot", value="L1")
    assert shelf.screen.text == "No item is in hand yet. Scan one first."
    shelf.scan("MILK", "tomorrow")
    assert shelf.screen.text == "tomorrow cannot be the expiry of Milk (MILK). Scan or key it again."
    shelf.floor(c.SetValue, name="condition", value="damaged")
    assert shelf.screen.text == "damaged cannot be the condition of Milk (MILK). Scan or key it again."


# what must not go out


def test_expired_stock_is_refused_by_the_day_of_the_site(shelf: Bench) -> None:
    shelf.scan("MILK", "2020-02-29")
    assert shelf.screen.text == (
        "Milk (MILK): this one expired on 2020-02-29. Set it aside, tell a supervisor, and take another one."
    )
    assert int(shelf.task("MILK").picked) == 0


def test_the_day_is_that_of_the_site_and_not_of_greenwich(shelf: Bench) -> None:
    shelf.restart(timezone="Pacific/Kiritimati")
    ahead = shelf.runner.run(shelf.store.run(_today))
    shelf.restart(timezone="Pacific/Niue")
    behind = shelf.runner.run(shelf.store.run(_today))
    assert ahead > behind


def _today(tx: object) -> str:
    from local_store.works.picking import today  # noqa: PLC0415 -- needs a transaction

    return today(tx)  # type: ignore[arg-type]


def test_where_a_lot_that_expires_first_is_at_hand_it_is_named_and_asked_about(shelf: Bench) -> None:
    received(shelf, "MILK", "OLD", "2030-01-31")
    on_shelf(shelf, "MILK", "OLD", 5)
    late = f"01{GTIN}17301231" + "10NEW"
    shelf.scan(late, symbology="]C1")
    assert (shelf.screen.tone, int(shelf.task("MILK").picked)) == (Tone.ASK, 0)
    assert shelf.screen.text == (
        "Milk (MILK): lot OLD is here and expires first, on 2030-01-31. Take it, or scan NEW again to take that."
    )
    shelf.scan(late, symbology="]C1")
    assert shelf.screen.text == "Milk (MILK): 1 of 3."
    assert shelf.facts(e.PickTraced)[-1].choice == "later_lot"
    shelf.scan(f"01{GTIN}17300131" + "10OLD", symbology="]C1")
    assert (shelf.screen.text, shelf.facts(e.PickTraced)[-1].choice) == ("Milk (MILK): 2 of 3.", None)


def test_another_lot_than_planned_is_taken_only_when_it_is_meant(bench: Bench) -> None:
    bench.given_products(product("MILK", name="Milk"))
    task = e.TaskPlan(
        task_id="T1", fulfillment_id="F1", order_line_id="L1", location_id="A-1", sku="MILK", qty=Decimal(2),
        lot_id="L-PLAN",
    )  # fmt: skip
    listed = e.PicklistReceived(lane="main", picklist_id="PL-2", priority="normal", ship_by=None, tasks=(task,))
    bench.do(c.ReceiveWork(command_id=new_id(), fulfillments=(), parties=(), picklist=listed))
    bench.signed_in().scan("PL-2", "A-1", "MILK")
    assert bench.screen.text == "Milk (MILK): scan or key its lot."
    bench.scan("L-9")
    assert bench.screen.text == (
        "Milk (MILK): lot L-PLAN is planned, and this is L-9. Take L-PLAN, or scan this again to change the lot."
    )
    bench.floor(c.SetValue, name="lot", value="L-PLAN")
    assert (bench.screen.text, bench.facts(e.PickTraced)[-1].choice) == ("Milk (MILK): 1 of 2.", None)
    bench.floor(c.SetValue, name="lot", value="L-9")
    bench.floor(c.SetValue, name="lot", value="L-9")
    assert (int(bench.task("MILK").picked), bench.facts(e.PickTraced)[-1].choice) == (2, "other_lot")


# serial numbers


def test_serial_numbers_are_scanned_one_after_the_other(shelf: Bench) -> None:
    shelf.scan("PHONE")
    assert shelf.screen.text == "Phone (PHONE): scan its serial number."
    shelf.scan("S1", "S2")
    assert shelf.screen.text == "Phone (PHONE): 2 of 2. Line done."
    assert shelf.query("SELECT serial, account FROM serial ORDER BY serial") == [
        ("S1", "picked:PL-1"),
        ("S2", "picked:PL-1"),
    ]


def test_many_serial_numbers_are_keyed_in_one_go(shelf: Bench) -> None:
    shelf.scan("PHONE")
    shelf.floor(c.KeySerials, serials=("S1", "S1"))
    assert shelf.screen.text == "Serial number S1 of Phone (PHONE) is taken already. Scan each unit once."
    shelf.floor(c.KeySerials, serials=("S1", "S2"))
    assert int(shelf.task("PHONE").picked) == 2
    assert shelf.facts(e.PickTraced)[0].serials == ("S1", "S2")


def test_a_serial_number_counts_once(shelf: Bench) -> None:
    shelf.scan("PHONE", "S1", "S1")
    assert shelf.screen.text == "Serial number S1 of Phone (PHONE) is taken already. Scan each unit once."
    assert int(shelf.task("PHONE").picked) == 1
    shelf.key(2)
    assert shelf.screen.text == "Phone (PHONE) has serial numbers. Scan that of each unit."


OF_PHONE = {"fulfillment_id": "F-0", "order_line_id": "L-0", "sku": "PHONE"}
THE_UNIT = e.RebinnedPart(count_id="c-0", qty=Decimal(1), serials=("S1",))
PUT_BACK = e.PickRebinned(
    picklist_id="PL-0", rebin_id="r1", task_id="T-0", **OF_PHONE, location_id="B-9", qty=Decimal(1),
    picked=Decimal(0), line_picked=Decimal(0), reason="r", parts=(THE_UNIT,),
)  # fmt: skip
CAME_BACK = e.ReceivedLine(sku="PHONE", qty=Decimal(1), serials=("S1",))


@pytest.mark.parametrize(
    ("fact", "where"),
    [
        (e.SerialsAssigned(picklist_id="PL-0", **OF_PHONE, serials=("S1",)), "picked for PL-0"),
        (PUT_BACK, "at B-9"),
        (e.ReturnReceived(return_id="R1", lines=(CAME_BACK,)), "among the returns"),
    ],
)
def test_a_unit_that_is_elsewhere_is_refused_with_where(shelf: Bench, fact: e.Fact, where: str) -> None:
    shelf.runner.run(shelf.store.run(lambda tx: tx.append(fact)))
    shelf.scan("PHONE", "S1")
    assert shelf.screen.text == (
        f"Serial number S1 of Phone (PHONE) is {where}, as far as is known here. Put it aside and tell a supervisor."
    )
    assert int(shelf.task("PHONE").picked) == 0


def test_a_unit_from_the_dock_may_go_out_at_once(shelf: Bench) -> None:
    received(shelf, "PHONE", None, None, "S1", qty=1)
    shelf.scan("PHONE", "S1")
    assert int(shelf.task("PHONE").picked) == 1


def test_one_serial_number_is_of_one_unit(shelf: Bench) -> None:
    shelf.given_products(product("PHONE", "PHONES*2", name="Phone", serial_required=True))
    shelf.scan("PHONES")
    shelf.floor(c.KeySerials, serials=("S1", "S2"))
    assert int(shelf.task("PHONE").picked) == 2
    shelf.undo()
    shelf.scan("95011015300", "PHONES")
    assert int(shelf.task("PHONE").picked) == 0


# undo, and what HQ is told


def test_undo_takes_lot_and_serial_number_back_with_the_count(shelf: Bench) -> None:
    before = (at(shelf, "location:A-1"), at(shelf, "picked:PL-1"))
    shelf.scan("PHONE", "S1")
    shelf.undo()
    assert (at(shelf, "location:A-1"), at(shelf, "picked:PL-1")) == before
    assert shelf.query("SELECT account FROM serial") == [("location:A-1",)]
    assert shelf.query("SELECT count(*) FROM pick_trace") == [(0,)]
    shelf.scan("PHONE", "S1")
    assert int(shelf.task("PHONE").picked) == 1


def test_hq_is_told_of_lots_and_serial_numbers_once_they_are_final(shelf: Bench) -> None:
    shelf.scan("PHONE", "S1")
    shelf.undo()
    shelf.scan("PHONE", "S2", "S3", "TEA")
    shelf.scan(f"01{GTIN}17301231" + "10L7", f"01{GTIN}17301231" + "10L7", symbology="]C1")
    shelf.scan(f"01{GTIN}17301130" + "10L6", symbology="]C1")
    assert shelf.facts(e.SerialsAssigned) == []
    shelf.scan("PL-1")
    assert shelf.screen.code == "pick.completed"
    (told,) = shelf.facts(e.SerialsAssigned)
    assert (told.order_line_id, told.serials) == ("PL-1-L2", ("S2", "S3"))
    assert [(fact.lot_id, int(fact.qty), fact.expires_on) for fact in shelf.facts(e.LotConsumed)] == [
        ("L7", 2, "2030-12-31"),
        ("L6", 1, "2030-11-30"),
    ]
    live = shelf.dump()
    assert shelf.rebuilt_dump() == live


def test_a_plain_product_counts_as_ever_and_leaves_nothing_beside(open_bench: Callable[[str], Bench]) -> None:
    bench = open_bench("pick-1")
    bench.given_products(product("TEA"))
    bench.given_picklist("PL-1", line("TEA", 2))
    bench.signed_in().scan("PL-1", "A-1", "TEA", "TEA")
    kinds = bench.query("SELECT kind FROM journal ORDER BY seq DESC LIMIT 2")
    assert kinds == [("pick.counted",), ("pick.counted",)]


# what a handheld tells, at once or afterwards


def test_a_handheld_cannot_change_a_planned_lot_by_itself(bench: Bench) -> None:
    bench.given_products(product("MILK", name="Milk"))
    task = e.TaskPlan(
        task_id="T1", fulfillment_id="F1", order_line_id="L1", location_id="A-1", sku="MILK", qty=Decimal(2),
        lot_id="L-PLAN",
    )  # fmt: skip
    listed = e.PicklistReceived(lane="main", picklist_id="PL-3", priority="normal", ship_by=None, tasks=(task,))
    bench.do(c.ReceiveWork(command_id=new_id(), fulfillments=(), parties=(), picklist=listed))
    bench.signed_in().scan("PL-3")
    scan = {"location_id": "A-1", "sku": "MILK", "qty": 1, "timestamp": "2030-01-01T00:00:00Z", "lot": "L-9"}
    scans = (c.PickScan.model_validate(scan),)
    bench.do(c.ScanPicks(command_id=new_id(), worker_id="ana", picklist_id="PL-3", scans=scans))
    (checked,) = bench.facts(e.PicksChecked)
    assert checked.results[0].message == (
        "Milk (MILK): lot L-PLAN is planned, this is L-9. Put it back and take L-PLAN."
    )


def test_lots_and_serial_numbers_are_told_of_units_that_were_picked(shelf: Bench) -> None:
    shelf.scan("TEA")
    tea = {"worker_id": "ana", "fulfillment_id": "F-O-PL-1", "order_line_id": "PL-1-L3"}
    shelf.do(c.AssignSerials(command_id=new_id(), **tea, serials=("T1",)))
    assert shelf.screen.text == "Tea (TEA), serial numbers kept: 1."
    shelf.do(c.ConsumeLot(command_id=new_id(), **tea, lot_id="T-LOT", qty=Decimal(1)))
    assert shelf.screen.text == "Tea (TEA): 1 of lot T-LOT."
    assert at(shelf, "picked:PL-1") == {("TEA", "T-LOT"): Decimal(1)}
    live = shelf.dump()
    assert shelf.rebuilt_dump() == live


# lots on other shelves


def test_a_lot_on_another_shelf_that_expires_first_is_named_once_and_refuses_nothing(shelf: Bench) -> None:
    received(shelf, "MILK", "L0", "2030-06-30")
    moved = (Move("MILK", Decimal(2), DOCK, shelf_of("B-7"), "L0"),)
    shelf.runner.run(shelf.store.run(lambda tx: stock.follow(tx.connection, tx.head.seq, moved)))
    shelf.scan(f"01{GTIN}17301231" + "10L7", symbology="]C1")
    assert shelf.screen.text == ("Milk (MILK): 1 of 3. Lot L0 at B-7 expires first, on 2030-06-30.")
    assert shelf.screen.tone is Tone.COUNTED
    shelf.scan("MILK")
    assert shelf.screen.text == "Milk (MILK): 2 of 3."
    shelf.scan(f"01{GTIN}17300601" + "10L1", symbology="]C1")
    assert shelf.screen.text == "Milk (MILK): 3 of 3. Line done."
