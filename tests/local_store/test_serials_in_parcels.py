"""Units with serial numbers go into parcels one by one, and each is in one parcel only."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from local_store.domain import events as e
from local_store.works import stock
from tests.support.floor import BEN, Bench, line, product


@pytest.fixture
def serials(open_bench: Callable[[str], Bench]) -> Bench:
    """Ana has an order of two phones open, whose serial numbers are wanted."""
    bench = open_bench("pack-1")
    bench.given_products(product("PHONE", "2900000000018", serial_required=True), product("SKU-2"))
    bench.given_order("O-1", line("PHONE", 2), line("SKU-2", 1))
    bench.signed_in().scan("O-1")
    return bench


def test_a_unit_is_counted_with_its_serial_number_only(serials: Bench) -> None:
    serials.scan("PHONE")
    assert serials.screen.text == "Item PHONE (PHONE): scan its serial number."
    assert serials.pack_line("O-1", "PHONE").packed == 0
    serials.restart()
    serials.scan("S-1")
    assert serials.screen.text == "Item PHONE (PHONE): 1 of 2."
    serials.scan("PHONE", "S-1")
    assert serials.screen.text == "Serial number S-1 of Item PHONE (PHONE) is in already. Scan the next unit."
    serials.scan("S-2", "SKU-2")
    serials.key(2)
    serials.weigh(300)
    serials.seal()
    (packed,) = serials.facts(e.PackagePacked)
    assert packed.items[0].serials == ("S-1", "S-2")
    assert stock.serial_at(serials.store.reader, "PHONE", "S-1") == f"package:{packed.package_id}"
    live = serials.dump()
    assert serials.rebuilt_dump() == live


def test_a_gs1_code_says_item_and_serial_number_and_lot_at_once(serials: Bench) -> None:
    serials.scan("01029000000000182112345\x1d10L7", symbology="]d2")
    (unit,) = serials.facts(e.UnitIdentified)
    assert (unit.serial, unit.lot_id) == ("12345", "L7")


def test_undo_takes_the_serial_number_out_with_its_unit(serials: Bench) -> None:
    serials.scan("PHONE", "S-1")
    serials.undo()
    assert serials.pack_work("O-1").units == ()
    serials.scan("PHONE", "S-1")
    assert serials.pack_line("O-1", "PHONE").packed == 1


def test_a_number_is_never_keyed_for_units_with_serial_numbers(serials: Bench) -> None:
    serials.scan("PHONE", "S-1")
    serials.key(2)
    assert serials.screen.text == ("Item PHONE (PHONE) has serial numbers. Scan each unit, then its serial number.")


def test_a_serial_number_that_is_in_another_parcel_is_refused(serials: Bench) -> None:
    serials.scan("PHONE", "S-1", "PHONE", "S-2", "SKU-2")
    serials.weigh(300)
    serials.seal()
    serials.given_order("O-2", line("PHONE", 1))
    serials.scan("O-2", "PHONE", "S-1")
    assert serials.screen.text == (
        "Serial number S-1 of Item PHONE (PHONE) is in another parcel. Put the unit aside and tell a supervisor."
    )


def test_where_picking_recorded_serial_numbers_only_those_may_go_in(serials: Bench) -> None:
    serials.given_picklist("PL-7", line("PHONE", 2))
    serials.at("pick-1").signed_in(BEN).scan("PL-7", "A-1", "PHONE", "S-9", "PHONE", "S-10")
    serials.complete()
    serials.at("pack-2").signed_in(BEN).scan("O-PL-7", "PHONE", "S-8")
    assert serials.screen.text == (
        "Serial number S-8 of Item PHONE (PHONE) was not picked for order O-PL-7. "
        "Put it aside and take one from the tote."
    )
    serials.scan("S-9")
    assert serials.pack_line("O-PL-7", "PHONE").packed == 1


def test_units_with_serial_numbers_are_repacked_by_them(serials: Bench) -> None:
    serials.scan("PHONE", "S-1", "PHONE", "S-2", "NEXT-PARCEL")
    serials.repack("PHONE", 1, 1, 2)
    assert serials.screen.text == (
        "Say which units go: parcel 1 holds serial numbers S-1, S-2. Scan one for each unit."
    )
    serials.repack("PHONE", 1, 1, 2, "S-2")
    serials.scan("SKU-2")
    serials.weigh(100)
    serials.seal()
    serials.weigh(200)
    serials.seal()
    assert [fact.items[0].serials for fact in serials.facts(e.PackagePacked)] == [("S-1",), ("S-2",)]


def test_a_count_its_unit_and_its_undo_name_the_order_the_list_the_parcel_and_the_line(serials: Bench) -> None:
    serials.given_picklist("PL-7", line("PHONE", 2))
    serials.at("pick-1").signed_in(BEN).scan("PL-7", "A-1", "PHONE", "S-9", "PHONE", "S-10")
    serials.complete()
    serials.at("pack-2").signed_in(BEN).scan("O-PL-7", "PHONE", "S-9")
    serials.undo()
    work = serials.pack_work("O-PL-7")
    (named,) = {
        (fact.fulfillment_id, fact.picklist_id, fact.package_id, fact.order_line_id, fact.count_id)
        for fact in (
            serials.facts(e.PackCounted)[-1],
            serials.facts(e.UnitIdentified)[-1],
            serials.facts(e.PackUndone)[-1],
        )
    }
    assert named[:4] == (work.fulfillment_id, "PL-7", work.package_id, work.lines[0].order_line_id)
