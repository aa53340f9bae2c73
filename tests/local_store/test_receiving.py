"""Receiving, counted by several people; what differs is a fact. One file, because all of it is at the same dock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from local_store import files
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.codes import sscc_of
from local_store.domain.site import ReceivingRule
from local_store.works.receiving import load_inbound
from tests.support.dock import CARTON, JAM, PALLET, RAY, RIA, TEA, Dock, announced, expected, on_pallet, pallet
from tests.support.floor import new_id, product

PHOTO = b"\x89PNG\r\n\x1a\n a photo"


@pytest.fixture
def dock(tmp_path: Path) -> Iterator[Dock]:
    """ASN-1 announces ten TEA and four JAM; Ray is at the first desk."""
    made = Dock(tmp_path)
    made.given(announced("ASN-1", expected("TEA", 10), expected("JAM", 4)))
    made.signed_in(RAY)
    yield made
    assert made.dump() == made.rebuilt_dump()
    made.close()


def lines(dock: Dock) -> list[tuple[Any, ...]]:
    return [(line.sku, int(line.qty)) for fact in dock.facts(e.ReceiptRecorded) for line in fact.lines]


def told(dock: Dock) -> list[tuple[Any, ...]]:
    return [(fact.differs, fact.sku, fact.qty) for fact in dock.facts(e.DiscrepancyRecorded)]


# --- opening ----------------------------------------------------------------------------------------------------


def test_an_announcement_is_opened_by_its_number_and_its_goods_are_counted(dock: Dock) -> None:
    dock.scan("ASN-1")
    assert dock.screen.text == "ASN-1 is open. Units announced: 14, received: 0. Scan goods."
    dock.scan(TEA)
    assert dock.screen.text == "Item TEA (TEA): 1 more, 1 in all."
    dock.key(9)
    dock.scan("ASN-1")  # the same number again says that all is counted
    assert dock.screen.text == "Recorded. Units that came in: 9, lines: 1."
    (receipt,) = dock.facts(e.ReceiptRecorded)
    assert (receipt.against, receipt.inbound_id, receipt.lines[0].line_id) == ("asn", "ASN-1", "L-TEA")
    assert dock.stock("TEA") == {"dock": 9, "supplier": -9}
    assert dock.place.work_id is None


def test_a_purchase_order_is_opened_by_the_number_on_the_papers(dock: Dock) -> None:
    dock.given(announced("po_77", expected("TEA", 1), against="purchase_order", number="PO-77"))
    dock.received("PO-77", TEA)
    (receipt,) = dock.facts(e.ReceiptRecorded)
    assert (receipt.against, receipt.inbound_id) == ("purchase_order", "po_77")


def test_what_nobody_announced_is_received_blind_with_the_scanner_alone(dock: Dock) -> None:
    dock.scan("NONSENSE")
    assert dock.screen.text == (
        "NONSENSE is not announced here. Check the papers, or scan BLIND to receive it without an announcement."
    )
    dock.scan(TEA)
    assert dock.screen.text == (
        "Nothing is open here. Scan the number or a pallet of what was announced, or BLIND for other goods."
    )
    dock.scan("BLIND")
    assert dock.screen.text == "Goods that nobody announced: scan them. Scan BLIND again when all are counted."
    dock.scan(TEA, "BLIND")
    (receipt,) = dock.facts(e.ReceiptRecorded)
    assert (receipt.against, receipt.inbound_id, lines(dock)) == ("blind", None, [("TEA", 1)])
    assert told(dock) == []


def test_one_thing_is_open_at_a_time(dock: Dock) -> None:
    dock.given(announced("ASN-2", expected("TEA", 1)))
    dock.scan("ASN-1")
    dock.each_says(
        "ASN-1 is open here. Complete it first, then scan ASN-2 again.",
        lambda: dock.scan("ASN-2"),
        lambda: dock.open("ASN-2"),
    )
    dock.open("ASN-1")
    assert dock.screen.code == "receive.opened"
    dock.complete()
    assert dock.screen.text == "Nothing was counted, so nothing is recorded."
    assert dock.facts(e.ReceiptRecorded) == []


def test_a_full_disk_opens_nothing(dock: Dock) -> None:
    dock.store.accept_new_work(accepts=False)
    dock.scan("ASN-1")
    assert dock.screen.code == "work.no_room"


# --- several people and days ------------------------------------------------------------------------------------


def test_two_clerks_receive_one_announcement_each_on_a_tally_of_their_own(dock: Dock) -> None:
    dock.scan("ASN-1", TEA)
    dock.key(6)
    dock.at("in-2")
    dock.received("ASN-1", *[TEA] * 4, worker=RIA)
    dock.at("in-1").scan(TEA)
    assert dock.screen.text == (
        "Item TEA (TEA): 10 announced, 11 would be too many. Reject the rest, or a supervisor allows it."
    )
    dock.complete()
    assert lines(dock) == [("TEA", 4), ("TEA", 6)]
    actors = dock.query("SELECT actor FROM journal WHERE kind = 'receipt.recorded' ORDER BY seq")
    assert actors == [("ria",), ("ray",)]
    inbound = load_inbound(dock.store.reader, "ASN-1")
    assert inbound is not None
    assert [int(inbound.received(sku)) for sku in ("TEA", "JAM")] == [10, 0]


def test_what_a_colleague_is_still_counting_counts_towards_too_many(dock: Dock) -> None:
    dock.scan("ASN-1", TEA)
    dock.key(6)
    dock.at("in-2").signed_in(RIA).scan("ASN-1", TEA)
    dock.key(4)
    assert dock.screen.code == "tally.counted"
    dock.key(5)
    assert dock.screen.code == "receive.over"


def test_who_left_a_tally_goes_on_with_it_at_another_desk_after_a_restart(dock: Dock) -> None:
    dock.scan("ASN-1", TEA)
    dock.sign_out()
    dock.restart()
    dock.at("in-2").signed_in(RAY).scan("ASN-1", TEA)
    assert dock.screen.text == "Item TEA (TEA): 1 more, 2 in all."
    dock.complete()
    assert lines(dock) == [("TEA", 2)]


def test_somebody_else_takes_a_tally_over_by_its_id(dock: Dock) -> None:
    dock.scan("ASN-1", TEA)
    tally_id = dock.place.work_id
    dock.sign_out()
    assert tally_id is not None
    dock.at("in-2").signed_in(RIA).open(tally_id)
    dock.scan("ASN-1")
    assert lines(dock) == [("TEA", 1)]


def test_a_blind_tally_that_was_left_is_taken_over_too(dock: Dock) -> None:
    dock.scan("BLIND", TEA)
    tally_id = dock.place.work_id
    dock.sign_out()
    assert tally_id is not None
    dock.at("in-2").signed_in(RIA).open(tally_id)
    dock.scan(TEA, "BLIND")
    assert lines(dock) == [("TEA", 2)]


# --- pallets ----------------------------------------------------------------------------------------------------


def test_a_pallet_opens_its_announcement_and_is_received_whole_by_one_scan(dock: Dock) -> None:
    content = (on_pallet("TEA", 4, lot_id="L1"), on_pallet("JAM", 2))
    dock.given(announced("ASN-1", expected("TEA", 10), expected("JAM", 4), pallets=(pallet(PALLET, *content),)))
    dock.scan(f"00{PALLET}", symbology="]C1")
    assert dock.screen.text == f"Pallet {PALLET} is counted. Units: 6, lines: 2."
    dock.scan(PALLET)
    assert dock.screen.text == f"Pallet {PALLET} is counted already. Put it aside and scan the next one."
    dock.undo()
    assert dock.screen.text == f"Taken back: all of {PALLET}, lines: 2."
    dock.scan(PALLET)
    dock.complete()
    (receipt,) = dock.facts(e.ReceiptRecorded)
    assert [(each.sku, int(each.qty), each.lot_id, each.container) for each in receipt.lines] == [
        ("TEA", 4, "L1", PALLET),
        ("JAM", 2, None, PALLET),
    ]
    dock.scan("ASN-1", PALLET)
    assert dock.screen.code == "receive.pallet_again"


def test_a_pallet_of_another_announcement_waits_for_that_one(dock: Dock) -> None:
    dock.given(announced("ASN-2", expected("TEA", 4), pallets=(pallet(PALLET, on_pallet("TEA", 4)),)))
    dock.scan("ASN-1", PALLET)
    assert dock.screen.text == (
        f"Pallet {PALLET} belongs to ASN-2. Complete what is open here, then scan the pallet again."
    )


def test_a_pallet_that_is_too_much_is_not_counted_at_all(dock: Dock) -> None:
    content = (on_pallet("JAM", 4), on_pallet("TEA", 11))
    dock.given(announced("ASN-1", expected("TEA", 10), expected("JAM", 4), pallets=(pallet(PALLET, *content),)))
    dock.scan(PALLET)
    assert dock.screen.code == "receive.over"
    assert dock.facts(e.TallyOpened) == []


def test_units_are_counted_into_a_pallet_that_nobody_announced(dock: Dock) -> None:
    dock.scan("ASN-1", CARTON)
    assert dock.screen.text == f"{CARTON} is open: scan what is on it, and {CARTON} again when all is counted."
    dock.scan(TEA, TEA, CARTON)
    assert dock.screen.text == f"{CARTON} is counted, units: 2. Scan the next."
    dock.scan(TEA, CARTON)
    assert dock.screen.code == "receive.pallet_again"
    dock.complete()
    (receipt,) = dock.facts(e.ReceiptRecorded)
    assert [(int(line.qty), line.container) for line in receipt.lines] == [(2, CARTON), (1, None)]
    assert dock.query("SELECT container, sku, millionths FROM dock_unit") == [(CARTON, "TEA", 2_000_000)]


def test_a_location_is_no_goods(dock: Dock) -> None:
    dock.scan("ASN-1", "A-1")
    assert dock.screen.text == "A-1 is a location. Scan the goods here; they are put away later."


# --- lot, expiry, serial number, condition, weight --------------------------------------------------------------


def test_what_expires_too_soon_is_asked_for_and_a_second_person_allows_it(dock: Dock) -> None:
    dock.given_products(product("TEA", TEA, expiry_required=True, min_shelf_days=100_000))
    dock.scan("ASN-1", TEA, "270331")
    assert dock.screen.text.startswith("Item TEA (TEA) expires on 2027-03-31, and must not before 2")
    assert dock.screen.text.endswith(". Reject it, or a supervisor allows it.")
    said: dict[str, Any] = {
        "inbound_id": "ASN-1",
        "sku": "TEA",
        "expires_on": "2027-03-31",
        "reason": "agreed by phone",
    }
    dock.by(c.AllowGoods, **said)
    assert dock.screen.text == (
        "What the rules of receiving do not allow needs a second person. A supervisor allows it by badge and PIN."
    )
    dock.by(c.AllowGoods, second="eve", **said)
    assert dock.screen.text == "Allowed: Item TEA (TEA) that expires on 2027-03-31."
    dock.scan("270331")
    dock.complete()
    assert lines(dock) == [("TEA", 1)]


def test_a_blind_receipt_asks_about_expiry_too(dock: Dock) -> None:
    dock.given_products(product("TEA", TEA, expiry_required=True))
    dock.scan("BLIND", TEA, "200101")
    assert dock.screen.code == "receive.expires"
    (about,) = dock.query("SELECT about FROM tally")[0]
    dock.by(c.AllowGoods, second="eve", inbound_id=about, sku="TEA", expires_on="2020-01-01", reason="x")
    dock.scan("200101", "BLIND")
    assert lines(dock) == [("TEA", 1)]


def test_a_serial_number_is_never_received_twice(dock: Dock) -> None:
    dock.given_products(product("TEA", TEA, serial_required=True))
    dock.scan("ASN-1", TEA, "S1", "S1")
    assert dock.screen.code == "tally.serial_twice"
    dock.scan("S2", "ASN-1", "ASN-1", TEA, "S2")
    assert dock.screen.text == (
        "Serial number S2 of Item TEA (TEA) is in stock already (on the dock). Check the label, or ask a supervisor."
    )
    assert dock.facts(e.ReceiptRecorded)[0].lines[0].serials == ("S1", "S2")


def test_a_pallet_with_a_unit_that_is_in_stock_is_not_counted(dock: Dock) -> None:
    content = on_pallet("TEA", 2, serials=("S1", "S2"))
    other = sscc_of("0614141", 3, 9)
    again = on_pallet("TEA", 1, serials=("S2",))
    both = (pallet(PALLET, content), pallet(other, again))
    dock.given(announced("ASN-1", expected("TEA", 10), pallets=both))
    dock.scan(PALLET, other)
    assert dock.screen.code == "tally.serial_twice"
    dock.complete()
    dock.scan(other)
    assert dock.screen.code == "receive.serial_here"


def test_damaged_goods_stay_off_the_dock_and_carry_their_photo(dock: Dock) -> None:
    dock.scan("ASN-1", TEA, TEA)
    dock.says("condition", "damaged")
    assert dock.screen.text == "Item TEA (TEA), quantity 1: now damaged."
    dock.says("photo", "f" * 64)
    assert dock.screen.text == f"There is no photo {'f' * 59}… at this station. Take the picture again."
    sha256 = dock.runner.run(dock.store.run(lambda tx: files.add(tx, PHOTO, "image/png", "inbound:ASN-1")))
    assert sha256 is not None
    dock.says("photo", sha256)
    assert dock.screen.text == "The photo is kept with the 1 of Item TEA (TEA) counted last."
    dock.complete()
    (fact,) = dock.facts(e.DiscrepancyRecorded)
    assert (fact.differs, int(fact.qty), fact.photos) == ("damaged", 1, (sha256,))
    assert dock.stock("TEA") == {"dock": 1, "damaged": 1, "supplier": -2}


def test_another_lot_than_announced_is_told(dock: Dock) -> None:
    content = pallet(PALLET, on_pallet("TEA", 4, lot_id="L1"))
    dock.given(announced("ASN-1", expected("TEA", 10), pallets=(content,)))
    dock.given_products(product("TEA", TEA, lot_required=True))
    dock.scan("ASN-1", TEA)
    assert dock.screen.text == "Item TEA (TEA): scan or key its lot."
    dock.complete()
    assert dock.screen.text == ("Item TEA (TEA) is in hand and not counted: lot is missing. Say it, or scan on.")
    dock.scan("L9")
    dock.complete()
    assert told(dock) == [("wrong_lot", "TEA", 1)]


def weigh(dock: Dock, grams: int, **of: Any) -> None:
    dock.floor(c.Weigh, weight_mg=grams * 1000, **{**FINE, **of})


FINE = {"scale": "s", "stability": "stable", "range": "ok", "newer_than_request": True, "emptied": True}


def test_goods_of_varying_weight_are_weighed_one_by_one_by_the_rules_of_the_scale(dock: Dock) -> None:
    dock.given_products(product("JAM", JAM, catch_weight=True))
    dock.scan("ASN-1", JAM)
    assert dock.screen.text == "Item JAM (JAM): put it on the scale and weigh."
    weigh(dock, 900, stability="unstable")
    assert dock.screen.code == "scale.moving"
    weigh(dock, 900, emptied=False)
    assert dock.screen.code == "scale.not_emptied"
    weigh(dock, 900)
    assert dock.screen.text == "Item JAM (JAM): 1 more, 1 in all."
    dock.key(4)
    assert dock.screen.text == "Each unit of Item JAM (JAM) is weighed. Scan it and put it on the scale."
    weigh(dock, 900)
    assert dock.screen.code == "tally.item_first"
    dock.scan(JAM)
    weigh(dock, 1100)
    dock.complete()
    (receipt,) = dock.facts(e.ReceiptRecorded)
    assert [(int(line.qty), line.weight_mg) for line in receipt.lines] == [(2, 2_000_000)]


# --- more, less, other ------------------------------------------------------------------------------------------


def test_more_than_tolerated_needs_a_second_person_and_is_told(dock: Dock) -> None:
    dock.restart(receiving=ReceivingRule(over_percent=Decimal(10)))
    dock.scan("ASN-1", TEA)
    dock.key(11)
    assert dock.screen.code == "tally.counted"
    dock.key(12)
    assert dock.screen.code == "receive.over"
    dock.by(c.AllowGoods, second="eve", inbound_id="ASN-1", sku="TEA", qty=Decimal(12), reason="a gift")
    assert dock.screen.text == "Allowed: up to 12 of Item TEA (TEA)."
    dock.key(12)
    dock.complete()
    assert told(dock) == [("over", "TEA", 2)]
    (fact,) = dock.facts(e.GoodsAllowed)
    assert (fact.worker_id, fact.approved_by) == ("ray", "eve")


def test_an_item_that_is_not_announced_comes_in_only_when_a_second_person_allows_it(dock: Dock) -> None:
    dock.given_products(product("SALT", "SALT-CODE"))
    dock.scan("ASN-1", "SALT")
    assert dock.screen.text == ("Item SALT (SALT) is not announced with ASN-1. Reject it, or a supervisor allows it.")
    dock.by(c.AllowGoods, second="eve", inbound_id="ASN-1", sku="SALT", qty=Decimal(2), reason="wanted")
    dock.scan("SALT")
    dock.complete()
    assert told(dock) == [("unexpected", "SALT", 1)]
    assert dock.facts(e.ReceiptRecorded)[0].lines[0].line_id is None


def test_two_lines_of_one_product_are_filled_one_after_the_other(dock: Dock) -> None:
    dock.given(announced("ASN-3", expected("TEA", 2, "1"), expected("TEA", 3, "2")))
    dock.received("ASN-3", *[TEA] * 4)
    (receipt,) = dock.facts(e.ReceiptRecorded)
    assert [(line.line_id, int(line.qty)) for line in receipt.lines] == [("1", 2), ("2", 2)]


def test_rejected_goods_are_told_and_not_in_stock(dock: Dock) -> None:
    said: dict[str, Any] = {"inbound_id": "ASN-1", "sku": "TEA", "qty": Decimal(3), "reason": "wet"}
    dock.by(c.RejectGoods, **said, photo="f" * 64)
    assert dock.screen.code == "receive.no_photo"
    dock.by(c.RejectGoods, **said)
    assert dock.screen.text == ("Rejected: 3 of Item TEA (TEA). This is not in stock and goes back with the driver.")
    assert (told(dock), dock.stock("TEA")) == ([("rejected", "TEA", 3)], {})
    dock.by(c.RejectGoods, **{**said, "inbound_id": "ASN-9"})
    assert dock.screen.text == "ASN-9 is not announced here. Look its number up in the list."


def test_closing_tells_what_is_missing_and_too_little_needs_a_second_person(dock: Dock) -> None:
    dock.received("ASN-1", *[TEA] * 10)
    dock.at("in-2").signed_in(RIA).scan("ASN-1", JAM)
    dock.by(c.CloseInbound, second="eve", inbound_id="ASN-1")
    assert dock.screen.text == "Ria still counts goods of ASN-1. Complete that first."
    dock.complete()
    dock.by(c.CloseInbound, inbound_id="ASN-1")
    assert dock.screen.text == (
        "Too little came of JAM, and closing needs a second person. A supervisor allows it by badge and PIN."
    )
    dock.by(c.CloseInbound, second="eve", inbound_id="ASN-1")
    assert dock.screen.text == "ASN-1 is closed, units that came: 11 of 14."
    assert told(dock) == [("under", "JAM", 3)]
    dock.scan("ASN-1")
    assert dock.screen.text == ("ASN-1 is closed. Reopen it, or receive the goods as BLIND.")
    dock.by(c.CloseInbound, inbound_id="ASN-1")
    assert dock.screen.text == "ASN-1 is closed already. Nothing was changed."


def test_what_comes_after_all_is_taken_off_what_was_told_as_missing(dock: Dock) -> None:
    dock.by(c.ReopenInbound, inbound_id="ASN-1", reason="late lorry")
    assert dock.screen.text == "ASN-1 is open. Scan what came."
    dock.by(c.CloseInbound, second="eve", inbound_id="ASN-1")
    dock.by(c.ReopenInbound, inbound_id="ASN-1", reason="late lorry")
    assert dock.screen.text == "ASN-1 is open again. Scan what came."
    dock.received("ASN-1", *[TEA] * 10)
    dock.by(c.CloseInbound, second="eve", inbound_id="ASN-1")
    assert told(dock) == [("under", "TEA", 10), ("under", "JAM", 4), ("under", "TEA", -10)]
    for command, of in ((c.CloseInbound, {}), (c.ReopenInbound, {"reason": "x"}), (c.AllowGoods, ALLOWED)):
        dock.by(command, inbound_id="ASN-9", **of)
        assert dock.screen.code == "inbound.none"


ALLOWED = {"sku": "TEA", "qty": Decimal(1), "reason": "x"}


def test_a_little_less_is_closed_by_one_person_where_the_site_tolerates_it(dock: Dock) -> None:
    dock.restart(receiving=ReceivingRule(under_percent=Decimal(10)))
    dock.given(announced("ASN-4", expected("TEA", 10)))
    dock.received("ASN-4", *[TEA] * 9)
    dock.by(c.CloseInbound, inbound_id="ASN-4")
    assert (dock.screen.code, told(dock)) == ("inbound.closed", [("under", "TEA", 1)])


def test_an_allowance_says_one_thing(dock: Dock) -> None:
    dock.by(c.AllowGoods, second="eve", inbound_id="ASN-1", sku="TEA", reason="x")
    assert dock.screen.text == "An allowance is of one thing. Say how many, or which expiry date."


# --- corrections ------------------------------------------------------------------------------------------------


def correction(dock: Dock, line: int, change: int | str, *, second: str | None = "eve", **of: Any) -> str:
    (receipt,) = dock.facts(e.ReceiptRecorded)[-1:]
    change_of = c.Correction(line=line, change=Decimal(change), **of)
    said: dict[str, Any] = {"receipt_id": receipt.receipt_id, "lines": (change_of,), "reason": "miscounted"}
    return dock.by(c.CorrectReceipt, second=second, **said).answer.text


def test_a_receipt_is_corrected_by_differences_never_edited(dock: Dock) -> None:
    dock.received("ASN-1", *[TEA] * 10)
    assert "Correcting a receipt needs a second person." in correction(dock, 0, -2, second=None)
    said = correction(dock, 0, -2)
    assert said.startswith("Recorded: receipt receipt_")
    assert said.endswith(" is corrected, lines: 1.")
    (fact,) = dock.facts(e.ReceiptCorrected)
    assert (fact.worker_id, fact.approved_by, fact.reason, int(fact.lines[0].change)) == (
        "ray",
        "eve",
        "miscounted",
        -2,
    )
    assert dock.stock("TEA") == {"dock": 8, "supplier": -8}
    assert dock.facts(e.ReceiptRecorded)[0].lines[0].qty == 10
    correction(dock, 0, 5)
    assert told(dock) == [("over", "TEA", 3)]
    correction(dock, 0, -5)
    assert told(dock) == [("over", "TEA", 3), ("over", "TEA", -3)]


def test_a_correction_of_damaged_goods_leaves_the_dock_alone(dock: Dock) -> None:
    dock.scan("ASN-1", TEA, TEA)
    dock.says("condition", "damaged")
    dock.complete()
    correction(dock, 1, -1)
    assert dock.stock("TEA") == {"dock": 1, "supplier": -1}


def test_corrections_that_cannot_be_are_refused(dock: Dock) -> None:
    dock.received("ASN-1", *[TEA] * 3)
    assert correction(dock, 0, 0) == "Line 0: a change of 0 says nothing. Leave the line out."
    assert correction(dock, 0, -4) == "Line 0: only 3 of TEA came. Take no more than that away."
    assert correction(dock, 7, 1).endswith(" has no line 7. Its lines are counted from 0.")
    assert dock.screen.code == "receipt.no_line"
    assert correction(dock, 0, 1, serials=("x",)) == (
        "Line 0: TEA has serial numbers. Name one for each unit that the correction is about."
    )
    dock.at("put-1").signed_in(RAY).scan(TEA, TEA, "A-1")
    assert correction(dock, 0, -2) == (
        "Line 0: TEA still on the dock: only 1. Move the rest back first, or count the shelf."
    )
    twice = (c.Correction(line=0, change=Decimal(1)),) * 2
    receipt_id = dock.facts(e.ReceiptRecorded)[0].receipt_id
    dock.by(c.CorrectReceipt, second="eve", receipt_id=receipt_id, lines=twice, reason="x")
    assert dock.screen.text == "Line 0 is there twice. Add the two changes up."
    dock.by(c.CorrectReceipt, second="eve", receipt_id="r", lines=twice, reason="x")
    assert dock.screen.text == "There is no receipt r here. Look its number up in the list."


def test_a_correction_names_the_serial_numbers_it_is_about(dock: Dock) -> None:
    dock.given_products(product("TEA", TEA, serial_required=True))
    dock.received("ASN-1", TEA, "S1", "S2")
    assert correction(dock, 0, -1).startswith("Line 0: TEA has serial numbers.")
    assert correction(dock, 0, -1, serials=("S9",)).startswith("Line 0: TEA has serial numbers.")
    correction(dock, 0, -1, serials=("S1",))
    assert dock.query("SELECT serial, account FROM serial ORDER BY 1") == [("S1", "supplier"), ("S2", "dock")]
    assert correction(dock, 0, 1, serials=("S2",)).startswith("Line 0: TEA has serial numbers.")
    dock.scan("ASN-1", TEA, "S1", "ASN-1")  # it may come again
    assert dock.screen.code == "receive.done"


# --- labels -----------------------------------------------------------------------------------------------------


def test_units_without_a_code_of_their_own_get_a_label_when_they_come_in(dock: Dock) -> None:
    dock.given_products(product("SALT"))
    dock.scan("BLIND", "SALT", TEA)
    dock.scan("SALT", "BLIND")
    labels = dock.facts(e.PlainLabelRequested)
    assert [(fact.workplace, fact.template, fact.values["sku"]) for fact in labels] == [("in-1", "item", "SALT")] * 2
    dock.restart(receiving=replace(ReceivingRule(), label_unlabelled=False))
    dock.scan("BLIND", "SALT", "BLIND")
    assert len(dock.facts(e.PlainLabelRequested)) == 2


def test_labels_are_printed_on_demand(dock: Dock) -> None:
    said: dict[str, Any] = {"command_id": new_id(), "sku": "TEA", "copies": 3}
    dock.do(c.LabelGoods(**said, workplace="in-1"))
    assert dock.screen.text == "Labels of Item TEA (TEA) that are printed: 3."
    assert len(dock.facts(e.PlainLabelRequested)) == 3
    dock.by(c.LabelGoods, sku="TEA")
    assert dock.screen.text == "No workplace is named. Say at which one the labels are printed."
    dock.by(c.LabelGoods, sku="NOWT")
    assert dock.screen.text == "There is no product NOWT here. Look its number up in the list."


def test_only_who_receives_may(dock: Dock) -> None:
    dock.do(c.CloseInbound(command_id=new_id(), worker_id="ana", inbound_id="ASN-1"))
    assert dock.screen.code == "worker.may_not"
    dock.by(c.CloseInbound, second="ria", inbound_id="ASN-1")
    assert dock.screen.code == "worker.may_not_approve"
