"""Directed put-away: from the dock to where the rules propose, or where they permit it; and from shelf to shelf."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.events import MovedLine
from local_store.domain.put_away import Spot, refusal
from tests.support.dock import (
    CARTON,
    JAM,
    PALLET,
    RAY,
    RIA,
    TEA,
    Dock,
    announced,
    expected,
    location,
    on_pallet,
    pallet,
)
from tests.support.floor import product


@pytest.fixture
def dock(tmp_path: Path) -> Iterator[Dock]:
    """Six TEA and four JAM wait on the dock, and a pallet of four TEA; JAM lives at A-1. Ray is at the shelves."""
    made = Dock(tmp_path)
    made.given(
        announced("ASN-1", expected("TEA", 10), expected("JAM", 4), pallets=(pallet(PALLET, on_pallet("TEA", 4)),)),
        location("A-1", 1, 5, mixed=False),
        location("B-1", 2, 3),
        location("B-2", 3, 50),
        location("B-3", 4),
    )
    made.received("ASN-1", *[TEA] * 6, *[JAM] * 4, PALLET)
    made.at("put-1").signed_in(RAY)
    yield made
    assert made.dump() == made.rebuilt_dump()
    made.close()


def test_an_item_is_taken_and_brought_to_the_first_empty_location_with_room(dock: Dock) -> None:
    dock.scan(TEA)
    assert dock.screen.text == "1 of TEA in hand. Bring it to B-1 and scan that."
    dock.key(5)
    assert dock.screen.text == "5 of TEA in hand. Bring it to B-2 and scan that."
    dock.scan("B-2")
    assert dock.screen.text == "5 of TEA is at B-2. Scan the next."
    (fact,) = dock.facts(e.PutAwayRecorded)
    assert (fact.location_id, fact.proposed, fact.follows) == ("B-2", "B-2", "inbound:ASN-1")
    assert dock.stock("TEA") == {"dock": 5, "location:B-2": 5, "supplier": -10}
    assert dock.query(
        "SELECT entity, follows FROM outbox JOIN journal USING (seq) WHERE kind = 'put_away.recorded'"
    ) == [(f"put_away:{fact.put_away_id}", "inbound:ASN-1")]


def test_the_home_of_a_product_comes_first_then_where_it_is_already(dock: Dock) -> None:
    dock.scan(JAM)
    assert dock.screen.text == "1 of JAM in hand. Bring it to A-1 and scan that."
    dock.undo()
    dock.scan(TEA, "B-3", TEA)
    assert dock.screen.text == "1 of TEA in hand. Bring it to B-3 and scan that."


def test_a_pallet_goes_by_two_scans(dock: Dock) -> None:
    dock.scan(PALLET)
    assert dock.screen.text == f"Pallet {PALLET} in hand. Bring it to B-2 and scan that."
    dock.key(2)
    assert dock.screen.text == "A whole pallet is in hand. Bring it away, or lay it back (Undo)."
    dock.scan("B-2")
    assert dock.stock("TEA")["location:B-2"] == 4
    dock.scan(PALLET)
    assert dock.screen.text == f"{PALLET} is not on the dock. Scan another pallet, or items one by one."


def test_another_location_is_refused_with_the_reason_and_the_proposal(dock: Dock) -> None:
    dock.scan(TEA)
    dock.key(4)
    dock.scan("B-1")
    assert dock.screen.text == "B-1 has room for 3 more, in hand: 4. Bring it to B-2."
    dock.scan("B-2", JAM, "A-1", TEA, "A-1")
    assert dock.screen.text == "A-1 holds JAM, and only one product may be there. Bring it to B-2."
    assert dock.place.work_id == "put_away:put-1"


def test_two_products_are_not_put_where_one_may_be(dock: Dock) -> None:
    both = tuple(MovedLine(sku=sku, qty=Decimal(1)) for sku in ("TEA", "JAM"))
    said = refusal(Spot("A-1", Decimal(5), mixed=False), both, "B-2")
    assert str(said) == "Only one product may be at A-1, and several are in hand. Bring it to B-2."


def test_what_is_in_hand_is_brought_away_or_laid_back_first(dock: Dock) -> None:
    dock.scan(TEA)
    in_hand = "1 of TEA is in hand. Bring that to B-1 first, or lay it back (Undo)."
    dock.each_says(in_hand, lambda: dock.scan(JAM), lambda: dock.scan(PALLET))
    dock.undo()
    assert dock.screen.text == "1 of TEA is back on the dock."
    dock.undo()
    assert dock.screen.text == "Nothing is in hand. What is on a shelf is moved with a stock move."
    dock.scan("B-1")
    assert dock.screen.text == "Nothing is in hand. Scan an item or a pallet that stands on the dock."
    assert dock.key(2).answer.code == "put_away.none"
    assert dock.complete().answer.code == "put_away.none"


def test_what_is_not_on_the_dock_or_in_another_hand_cannot_be_taken(dock: Dock) -> None:
    dock.scan("NONSENSE")
    assert dock.screen.text == "NONSENSE is not known here. Scan an item or a pallet of the dock."
    dock.scan(JAM)
    dock.key(4)
    dock.at("put-2").signed_in(RIA).scan(JAM)
    assert dock.screen.text == "Item JAM (JAM): 0 on the dock. Receive more first, or scan other goods."
    dock.scan(PALLET)
    dock.at("put-1").scan("A-1", PALLET)
    assert dock.screen.code == "put_away.pallet_gone"


def test_what_a_correction_took_meanwhile_is_not_put_away(dock: Dock) -> None:
    dock.scan(JAM)
    dock.key(4)
    receipt_id = dock.facts(e.ReceiptRecorded)[0].receipt_id
    (line,) = [n for n, each in enumerate(dock.facts(e.ReceiptRecorded)[0].lines) if each.sku == "JAM"]
    change = c.Correction(line=line, change=Decimal(-1))
    dock.by(c.CorrectReceipt, second="eve", receipt_id=receipt_id, lines=(change,), reason="miscounted")
    dock.scan("A-1")
    assert dock.screen.text == "JAM: 3 on the dock. Receive more first, or scan other goods."


def test_units_of_a_pallet_may_go_one_by_one(dock: Dock) -> None:
    dock.scan(TEA)
    dock.key(8)
    dock.scan("B-2", PALLET)
    assert dock.screen.text == f"Pallet {PALLET} in hand. Bring it to B-2 and scan that."
    dock.scan("B-2")
    assert dock.facts(e.PutAwayRecorded)[-1].lines[0].qty == 2
    assert dock.stock("TEA") == {"location:B-2": 10, "supplier": -10}
    assert dock.query("SELECT * FROM dock_unit") == []


def test_each_lot_is_brought_away_by_itself(dock: Dock) -> None:
    dock.given_products(product("RICE", "RICE-1", lot_required=True))
    dock.at("in-1").scan("BLIND", "RICE-1", "L1", "RICE-1", "L2", "RICE-1", "L2", "BLIND")
    dock.at("put-1").scan("RICE-1")
    assert [line.lot_id for line in dock.facts(e.PutAwayTaken)[-1].lines] == ["L2"]
    dock.key(3)
    assert dock.screen.code == "put_away.not_on_dock"
    dock.scan("B-3")
    assert dock.query("SELECT account, lot_id FROM stock WHERE sku = 'RICE' AND millionths > 0") == [
        ("dock", "L1"),
        ("dock", "L2"),
        ("location:B-3", "L2"),
    ]


def test_another_lot_than_the_one_in_hand_waits(dock: Dock) -> None:
    dock.given_products(product("RICE", "09506000134352", lot_required=True))
    one, other = "010950600013435210L1", "010950600013435210L2"
    dock.at("in-1")
    for code in ("BLIND", one, other, "BLIND"):
        dock.scan(code, symbology="]C1" if code.startswith("01") else None)
    dock.at("put-1").scan(one, symbology="]C1")
    dock.scan(other, symbology="]C1")
    assert dock.screen.code == "put_away.in_hand"


def test_units_with_serial_numbers_are_put_away_by_them(dock: Dock) -> None:
    dock.given_products(product("PHONE", "PHONE-1", serial_required=True))
    dock.at("in-1").scan("BLIND", "PHONE-1", "S1", "S2", "S3", "BLIND")
    dock.at("put-1").scan("PHONE-1")
    assert dock.screen.text == "Item PHONE (PHONE) has serial numbers. Scan the serial number of each unit."
    dock.scan("S1", "S1")
    assert dock.screen.text == "Serial number S1 is in hand already. Scan the next unit."
    dock.key(2)
    assert dock.screen.code == "put_away.scan_serial"
    dock.scan("S3", "B-3")
    assert dock.facts(e.PutAwayRecorded)[-1].lines[0].serials == ("S1", "S3")
    assert dock.query("SELECT serial, account FROM serial ORDER BY serial") == [
        ("S1", "location:B-3"),
        ("S2", "dock"),
        ("S3", "location:B-3"),
    ]


def test_a_unit_is_in_one_hand_only_and_one_that_left_the_dock_is_not_brought(dock: Dock) -> None:
    dock.given_products(product("PHONE", "PHONE-1", serial_required=True))
    dock.at("in-1").scan("BLIND", "PHONE-1", "S1", "S2", "S3", "BLIND")
    dock.at("put-1").scan("S1")
    dock.at("put-2").signed_in(RIA).scan("S1")
    assert dock.screen.text == (
        "Serial number S1 of Item PHONE (PHONE) is not on the dock, or somebody else has it. "
        "Scan the number on the unit."
    )
    receipt_id = dock.facts(e.ReceiptRecorded)[-1].receipt_id
    wrong = c.Correction(line=0, change=Decimal(-1), serials=("S1",))
    dock.by(c.CorrectReceipt, second="eve", receipt_id=receipt_id, lines=(wrong,), reason="never came")
    dock.at("put-1").scan("B-3")
    assert dock.screen.text == (
        "Serial number S1 of PHONE is not on the dock any more. Lay it back (Undo), and scan what is there."
    )
    assert not dock.facts(e.PutAwayRecorded)
    dock.undo()
    dock.scan("S2", "B-3")
    assert dock.stock("PHONE") == {"dock": 1, "location:B-3": 1, "supplier": -2}


def test_where_nothing_has_room_the_person_chooses_a_place_that_nobody_described(dock: Dock) -> None:
    dock.given_products(product("SAND", location_id="YARD"))
    dock.given(location("YARD", 9, 1), *(location(each, 9, 1) for each in ("B-1", "B-2", "B-3")))
    dock.scan(TEA)
    dock.key(6)
    assert dock.screen.text == (
        "6 of TEA in hand. No location is proposed for it: bring it where it fits and scan that."
    )
    dock.scan("YARD")
    assert dock.screen.text == "YARD has room for 1 more, in hand: 6. Bring it to another location."


def test_a_carton_counted_at_the_dock_is_put_away_as_one(dock: Dock) -> None:
    dock.at("in-1").scan("BLIND", CARTON, JAM, JAM, CARTON, "BLIND")
    dock.at("put-1").scan(CARTON, "A-1")
    assert dock.stock("JAM") == {"dock": 4, "location:A-1": 2, "supplier": -6}


# --- from shelf to shelf ----------------------------------------------------------------------------------------


def moved(dock: Dock, **of: Any) -> str:
    said: dict[str, Any] = {"from_location_id": "B-2", "to_location_id": "B-3", "sku": "TEA", "qty": Decimal(2), **of}
    return dock.by(c.MoveStock, **said).answer.text


def test_goods_go_from_shelf_to_shelf(dock: Dock) -> None:
    dock.scan(PALLET, "B-2")
    assert moved(dock) == "Recorded: 2 of TEA went from B-2 to B-3."
    assert dock.stock("TEA") == {"dock": 6, "location:B-2": 2, "location:B-3": 2, "supplier": -10}


def test_moves_that_cannot_be_are_refused(dock: Dock) -> None:
    dock.scan(JAM, "A-1")
    assert moved(dock, to_location_id="B-2") == "B-2 is where it is. Name another location."
    assert moved(dock, to_location_id="Z-9") == "There is no location Z-9 here. Scan its label."
    assert moved(dock, from_location_id="Z-8").startswith("There is no location Z-8 here.")
    assert moved(dock, sku="NOWT") == "There is no product NOWT here. Look its number up in the list."
    assert moved(dock, serials=("a", "b", "c")) == "TEA: quantity 2, serial numbers: 3. Name no more than are moved."
    assert moved(dock, serials=("a",)) == "Serial number a of TEA is not at B-2. Scan the units there again."
    assert moved(dock, to_location_id="A-1") == (
        "A-1 holds JAM, and only one product may be there. Bring it to another location."
    )
    assert dock.facts(e.StockMoved) == []
