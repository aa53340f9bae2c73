"""Kits: scanned together, built on several levels at once, taken apart; and that stock always adds up by the bill."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.site import Worker
from local_store.works.stock import balances, serial_at
from tests.support.floor import EVE, SITE, Bench, line, new_id, product

KIM = Worker("kim", "Kim", "BADGE-KIM", frozenset({"packer"}))
HERE = replace(SITE, workplaces={**SITE.workplaces, "kits": "kit"}, workers={**SITE.workers, "kim": KIM})


@pytest.fixture
def kits(tmp_path: Path) -> Iterator[Bench]:
    """Kim builds kits. HAMPER is 2 BOX and 1 WINE; BOX is 3 TIN and 1 LID; TIN is 2 TEA and 1 CAN."""
    bench = Bench(tmp_path / "data", HERE, at="kits")
    skus = ("HAMPER", "BOX", "WINE", "TIN", "LID", "TEA", "CAN", "NUT")
    bench.given_products(*(product(sku) for sku in skus), product("GIFT", serial_required=True))
    bench.given_picklist("PL-1", line("NUT", 1, at="A-1"), line("NUT", 1, at="B-2"))
    wanted(bench, "WO-BOX", "BOX", 1, TIN=3, LID=1)
    wanted(bench, "WO-TIN", "TIN", 1, TEA=2, CAN=1)
    wanted(bench, "WO-1", "HAMPER", 2, BOX=2, WINE=1)
    wanted(bench, "WO-GIFT", "GIFT", 2, TEA=1)
    yield bench.signed_in(KIM)
    bench.close()


def wanted(bench: Bench, ident: str, sku: str, qty: int, **parts: int) -> None:
    """HQ wants kits."""
    fact = e.WorkOrderAnnounced(
        lane="main",
        work_order_id=f"id-{ident}",
        number=ident,
        sku=sku,
        qty=Decimal(qty),
        parts=tuple(e.KitPart(sku=part, qty=Decimal(units)) for part, units in parts.items()),
    )
    bench.do(c.ReceiveInbound(command_id=new_id(), work_orders=(fact,)))


def scan(bench: Bench, **units: int) -> None:
    """Scan one of each, and key how many there are."""
    for sku, qty in units.items():
        bench.scan(sku)
        if qty > 1:
            bench.key(qty)


def packed(bench: Bench, order: str, sku: str, serial: str) -> None:
    """Pack one unit for an order and seal its parcel."""
    bench.scan(order, sku, serial)
    bench.weigh(100, reason="heavy")
    bench.seal()


def act(bench: Bench, command: type[c.WorkerCommand], worker: Worker = EVE, **of: Any) -> str:
    return bench.do(command(**{"command_id": new_id(), "worker_id": worker.worker_id, **of})).answer.text


def stock(bench: Bench, sku: str) -> dict[str, Decimal]:
    return {each.account: each.qty for each in balances(bench.store.reader, sku=sku)}


# --- building ---------------------------------------------------------------------------------------------------


def test_kits_are_built_three_levels_deep_of_the_lowest_parts_with_a_scanner_alone(kits: Bench) -> None:
    kits.scan("WO-1")
    assert kits.screen.text == "Work order WO-1: 2 of HAMPER. It takes 2 of WINE, 4 of LID, 24 of TEA, 12 of CAN."
    scan(kits, TEA=24, CAN=12, LID=4, WINE=1)
    kits.scan("WINE")
    assert kits.screen.text == "Everything is there, kits to build: 2. Build them, then complete WO-1."
    kits.scan("WO-1")
    assert kits.screen.text == "Built: 2 of HAMPER. Still to be built for work order WO-1: 0."
    built = kits.facts(e.KitBuilt)
    assert [(each.sku, int(each.qty)) for each in built] == [("TIN", 12), ("BOX", 4), ("HAMPER", 2)]
    assert [(each.sku, each.qty, each.built) for each in built[2].used] == [
        ("BOX", Decimal(4), True),
        ("WINE", Decimal(2), False),
    ]
    assert stock(kits, "HAMPER") == {"built": Decimal(-2), "dock": Decimal(2)}
    assert stock(kits, "TEA") == {"built": Decimal(24), "dock": Decimal(-24)}
    assert stock(kits, "BOX") == stock(kits, "TIN") == {}
    assert kits.query("SELECT count(*) FROM spool_job WHERE template = 'item'") == [(2,)]
    kits.scan("WO-1")
    assert kits.screen.text == "Work order WO-1 is through, kits built: 2. Choose another one."


def test_a_part_that_is_a_kit_is_taken_as_it_is_where_one_is_in_hand(kits: Bench) -> None:
    kits.scan("WO-1")
    scan(kits, BOX=3, TIN=2, TEA=2, CAN=1, LID=1, WINE=2)
    kits.complete()
    assert [(each.sku, int(each.qty)) for each in kits.facts(e.KitBuilt)] == [("TIN", 1), ("BOX", 1), ("HAMPER", 2)]
    assert stock(kits, "BOX") == {"built": Decimal(3), "dock": Decimal(-3)}


def test_components_leave_the_location_that_was_scanned_and_kits_are_where_they_were_scanned(kits: Bench) -> None:
    kits.scan("WO-BOX", "A-1", "TIN")
    kits.key(3)
    kits.scan("LID", "B-2", "BOX", "WO-BOX")
    assert stock(kits, "TIN") == {"built": Decimal(3), "location:A-1": Decimal(-3)}
    assert stock(kits, "BOX") == {"built": Decimal(-1), "location:B-2": Decimal(1)}


def test_lots_of_components_are_kept_and_the_serial_numbers_of_kits_as_well(kits: Bench) -> None:
    kits.given_products(product("TEA", "9521234543213"))
    kits.scan("WO-GIFT")
    kits.scan("010952123454321310L7", symbology="]C1")
    kits.scan("GIFT", "G-1", "WO-GIFT")
    assert kits.screen.text == "Built: 1 of GIFT. Still to be built for work order WO-GIFT: 1."
    (fact,) = kits.facts(e.KitBuilt)
    assert (fact.serials, fact.used[0].lot_id) == (("G-1",), "L7")
    assert serial_at(kits.store.reader, "GIFT", "G-1") == "dock"
    assert kits.query("SELECT label_values ->> '$.note' FROM spool_job") == [("G-1",)]


def test_a_kit_with_a_serial_number_is_scanned_before_it_counts_as_built(kits: Bench) -> None:
    kits.scan("WO-GIFT", "TEA")
    kits.complete()
    assert (
        kits.screen.text == "Each Item GIFT (GIFT) has a serial number. Scan the finished kits before you complete."
    )
    kits.short()
    assert kits.screen.code == "kit.scan_kits"


def test_a_unit_that_is_somewhere_else_is_no_component_and_a_kit_that_left_stays_one(kits: Bench) -> None:
    kits.given_products(product("TEA", serial_required=True))
    kits.given_order("O-2", line("TEA", 1))
    packed(kits.at("pack-1").signed_in(), "O-2", "TEA", "T-1")
    kits.at("kits").scan("WO-GIFT", "TEA", "T-1")
    assert kits.screen.code == "kit.unit_elsewhere"
    kits.scan("T-2", "GIFT", "G-1", "WO-GIFT")
    kits.given_order("O-3", line("GIFT", 1))
    packed(kits.at("pack-1"), "O-3", "GIFT", "G-1")
    (build,) = kits.facts(e.KitBuilt)
    said = act(kits, c.TakeApartKit, build_id=build.build_id, reason="no use")
    assert said.startswith("GIFT: serial number G-1 is in parcel pkg_")
    assert said.endswith("as far as is known. Scan the unit's location, or another unit.")


def test_what_is_missing_is_said_at_all_levels_and_short_builds_what_can_be_built(kits: Bench) -> None:
    kits.scan("WO-1")
    scan(kits, BOX=1, TIN=3, LID=1, WINE=2, TEA=1)
    kits.complete()
    assert kits.screen.text == (
        "For 2 of HAMPER this is missing: 11 of TEA, 6 of CAN, 2 of LID. Scan it, or mark the rest short."
    )
    kits.short("no tea")
    assert kits.screen.text == "Built: 1 of HAMPER, still to be built: 1. Missing: 11 of TEA, 6 of CAN, 2 of LID."
    (told,) = kits.facts(e.KitShort)
    assert (told.qty, told.reason, len(told.missing)) == (Decimal(1), "no tea", 3)
    assert stock(kits, "HAMPER") == {"built": Decimal(-1), "dock": Decimal(1)}
    assert stock(kits, "TEA") == {}
    kits.scan("WO-1")
    assert kits.screen.text.startswith("Work order WO-1: 1 of HAMPER.")


def test_without_anything_to_build_a_short_is_told_and_nothing_moves(kits: Bench) -> None:
    kits.scan("WO-1", "TEA")
    kits.short("all gone")
    assert kits.facts(e.KitBuilt) == []
    assert [each.qty for each in kits.facts(e.KitShort)] == [Decimal(2)]
    assert kits.query("SELECT status FROM tally") == [("discarded",)]


def test_what_was_scanned_and_not_used_is_named_to_be_put_back(kits: Bench) -> None:
    kits.scan("WO-GIFT", "TEA", "TEA", "GIFT", "G-1", "WO-GIFT")
    assert kits.screen.text == "Built for work order WO-GIFT: 1 of GIFT. Put back: 1 of TEA."
    assert stock(kits, "TEA") == {"built": Decimal(1), "dock": Decimal(-1)}


@pytest.mark.parametrize(
    ("codes", "sentence"),
    [
        (["WO-9"], "WO-9 is no work order that is known here. Scan its number, or choose it."),
        (["WO-NUT"], "Nobody said what NUT of work order WO-NUT is made of. Ask a supervisor to record its bill."),
        (["WO-ROUND"], "NUT would be a part of itself or too deep (NUT → TEA → NUT). Correct the bill."),
        (["WO-1", "WO-BOX"], "Work order WO-1 is open. Complete it before WO-BOX."),
        (["WO-1", "WO-1"], "Nothing was counted for work order WO-1 yet. Scan a component first."),
        (["WO-1", "NUT"], "Item NUT (NUT) is no part of work order WO-1. Put it back."),
        (["WO-TIN", "CAN", "CAN"], "Item CAN (CAN): work order WO-TIN takes 1 at most. Put the rest back."),
        (["WO-TIN", "TIN", "TIN"], "Item TIN (TIN): work order WO-TIN takes 1 at most. Put the rest back."),
        (
            ["WO-1", "A-1", "HAMPER", "B-2", "HAMPER"],
            (
                "Item HAMPER (HAMPER): the kits of work order WO-1 are being put at A-1. Scan that location, or "
                "complete first."
            ),
        ),
        (
            ["WO-TIN", "TIN", "WO-TIN"],
            "For 1 of TIN this is missing: 2 of TEA, 1 of CAN. Scan it, or mark the rest short.",
        ),
    ],
)
def test_what_cannot_be_scanned_here_is_said(kits: Bench, codes: list[str], sentence: str) -> None:
    wanted(kits, "WO-NUT", "NUT", 1)
    if codes == ["WO-ROUND"]:
        wanted(kits, "WO-ROUND", "NUT", 1, TEA=1)
        wanted(kits, "WO-TEA", "TEA", 1, NUT=1)
    kits.scan(*codes)
    assert kits.screen.text == sentence


def test_the_open_order_stays_open_and_short_needs_something_that_is_missing(kits: Bench) -> None:
    kits.scan("WO-TIN")
    kits.open("WO-TIN")
    assert kits.screen.text == "Work order WO-TIN is open already."
    scan(kits, TEA=2, CAN=1)
    kits.short()
    assert kits.screen.text == "Nothing is missing for work order WO-TIN. Complete it."
    kits.scan("TIN", "TIN")
    kits.undo()
    kits.undo()
    kits.undo()
    kits.scan("TIN")
    kits.short()
    assert kits.screen.text.startswith("For 1 of TIN this is missing: 1 of TEA, 1 of CAN.")


# --- taking apart -----------------------------------------------------------------------------------------------


def test_kits_that_are_taken_apart_are_their_components_again_level_by_level(kits: Bench) -> None:
    kits.scan("WO-1")
    scan(kits, BOX=3, TIN=3, LID=1, WINE=2)
    kits.complete()
    box, hamper = kits.facts(e.KitBuilt)
    of: dict[str, Any] = {"reason": "wrong wine"}
    assert act(kits, c.TakeApartKit, build_id=box.build_id, **of) == (
        "1 of BOX: inside HAMPER. Take that apart first."
    )
    assert act(kits, c.TakeApartKit, build_id=hamper.build_id, **of) == (
        "Taken apart: 2 of HAMPER. The components are to be put away."
    )
    assert act(kits, c.TakeApartKit, build_id=hamper.build_id, **of) == (
        "2 of HAMPER: taken apart before. Look at the list again."
    )
    assert stock(kits, "BOX") == {"built": Decimal(-1), "dock": Decimal(1)}
    act(kits, c.TakeApartKit, build_id=box.build_id, **of)
    assert stock(kits, "HAMPER") == stock(kits, "BOX") == stock(kits, "TIN") == stock(kits, "WINE") == {}
    kits.scan("WO-1")
    assert kits.screen.text.startswith("Work order WO-1: 2 of HAMPER.")
    assert act(kits, c.TakeApartKit, build_id="none", **of) == (
        "There is no build none here. Look it up at its work order."
    )


# --- bills and orders made here ---------------------------------------------------------------------------------


def part(sku: str, qty: Any = 1) -> dict[str, Any]:
    return {"sku": sku, "qty": Decimal(str(qty))}


def test_an_order_made_here_takes_the_bill_that_a_supervisor_recorded(kits: Bench) -> None:
    said = act(kits, c.RecordBill, sku="NUT", parts=(part("TEA", 2),))
    assert said == "Recorded: what NUT is made of, products: 1."
    said = act(kits, c.MakeWorkOrder, sku="NUT", qty=Decimal(3), number="WO-N")
    assert said == "Work order WO-N: 3 of NUT to be built."
    kits.scan("WO-N")
    assert kits.screen.text == "Work order WO-N: 3 of NUT. It takes 6 of TEA."
    assert act(kits, c.MakeWorkOrder, sku="NUT", qty=Decimal(3), number="WO-N") == (
        "There is a work order WO-N already. Leave it out, or give another."
    )


@pytest.mark.parametrize(
    ("command", "of", "sentence"),
    [
        (
            c.RecordBill,
            {"sku": "TEA", "parts": (part("HAMPER"),)},
            "TEA would be a part of itself or too deep (TEA → HAMPER → BOX → TIN → TEA). Correct the bill.",
        ),
        (
            c.RecordBill,
            {"sku": "TEA", "parts": (part("TEA"),)},
            "TEA would be a part of itself or too deep (TEA → TEA). Correct the bill.",
        ),
        (c.RecordBill, {"sku": "SALT", "parts": (part("TEA"),)}, "There is no product SALT here."),
        (
            c.RecordBill,
            {"sku": "NUT", "parts": ()},
            "Nothing goes into NUT. Name its parts, or record its bill first.",
        ),
        (c.RecordBill, {"sku": "NUT", "parts": (part("TEA", 0),)}, "0 of TEA is nothing that came."),
        (c.MakeWorkOrder, {"sku": "BOX", "qty": Decimal("0.5")}, "0.5 is not a quantity."),
    ],
)
def test_a_bill_or_order_that_cannot_be_is_refused(
    kits: Bench, command: type[c.WorkerCommand], of: dict[str, Any], sentence: str
) -> None:
    before = kits.query("SELECT count(*) FROM journal")
    assert act(kits, command, **of).startswith(sentence)
    assert kits.query("SELECT count(*) FROM journal") == before


def test_the_views_of_kits_are_what_a_rebuild_makes_of_the_journal(kits: Bench) -> None:
    act(kits, c.MakeWorkOrder, sku="BOX", qty=Decimal(3), number="WO-N")
    kits.scan("WO-TIN")
    scan(kits, TEA=2, CAN=1)
    kits.complete()
    (fact,) = kits.facts(e.KitBuilt)
    act(kits, c.TakeApartKit, build_id=fact.build_id, reason="bent")
    before = kits.dump()
    assert any(row.startswith("kit_build:") for row in before)
    assert kits.rebuilt_dump() == before
