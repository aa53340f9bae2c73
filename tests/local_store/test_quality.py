"""Quality control: what is inspected, and goods on hold, which nobody can pick, pack or build into a kit."""

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
from local_store.domain.quality import units_to_inspect
from local_store.domain.site import Worker
from local_store.domain.stock import SUPPLIER, Move, shelf
from local_store.works import stock
from local_store.works.quality import load, on_hold
from tests.support.floor import BEN, SITE, Bench, line, new_id, product

QUE = Worker("que", "Que", "BADGE-QUE", frozenset({"qc_agent"}))
KIM = Worker("kim", "Kim", "BADGE-KIM", frozenset({"packer"}))
HERE = replace(
    SITE,
    workplaces={**SITE.workplaces, "kits": "kit"},
    workers={**SITE.workers, "que": QUE, "kim": KIM},
)
GTIN = "9521234543213"


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Bench]:
    """TEA at A-1 and B-2 on a picklist that is open, JAM at A-1; order O-9 is picked."""
    bench = Bench(tmp_path / "data", HERE)
    bench.given_products(product("TEA", GTIN), product("JAM"))
    bench.given_picklist("PL-1", line("TEA", 2), line("JAM", 1), line("TEA", 1, at="B-2"))
    bench.given_order("O-9", line("TEA", 2), line("JAM", 1))
    bench.signed_in().scan("PL-1", "A-1")
    yield bench
    bench.close()


def act(bench: Bench, command: type[c.WorkerCommand], worker: Worker = QUE, **of: Any) -> str:
    return bench.do(command(**{"command_id": new_id(), "worker_id": worker.worker_id, **of})).answer.text


def hold(bench: Bench, **of: Any) -> str:
    said = act(bench, c.HoldStock, reason="smells", **of)
    assert said.startswith("Held: "), said
    return bench.facts(e.StockHeld)[-1].hold_id


def start(bench: Bench, subject_id: str = "F-O-9", **of: Any) -> str:
    said = act(bench, c.StartQc, subject_id=subject_id, **of)
    assert said.startswith("Inspection of "), said
    return bench.facts(e.QcStarted)[-1].qc_id


# --- holds ------------------------------------------------------------------------------------------------------


def test_a_product_on_hold_is_neither_picked_nor_packed_until_it_is_released(floor: Bench) -> None:
    hold_id = hold(floor, sku="TEA")
    floor.scan("TEA")
    assert floor.screen.text == (
        "Item TEA (TEA) must not be taken: TEA is on hold (smells). Leave it and ask quality control."
    )
    floor.scan("JAM")
    assert floor.screen.tone.value == "line_done"
    floor.at("pack-1").signed_in().scan("O-9", "TEA")
    assert floor.screen.code == "hold.taken"
    assert act(floor, c.ReleaseStock, hold_id=hold_id, reason="was the box") == "Released: TEA."
    floor.scan("TEA")
    assert floor.screen.text == "Item TEA (TEA): 1 of 2."
    floor.at("pick-1").scan("TEA")
    assert floor.screen.text == "Item TEA (TEA): 1 of 2."
    assert len(floor.facts(e.ScanRefused)) == 2


def test_a_quantity_is_not_keyed_for_goods_that_were_held_meanwhile(floor: Bench) -> None:
    floor.scan("TEA")
    hold(floor, sku="TEA")
    floor.key(2)
    assert floor.screen.code == "hold.taken"
    assert floor.task("TEA").picked == 1
    floor.undo()
    assert floor.screen.text == "Taken back: Item TEA (TEA) is at 0 of 2."


def test_a_hold_on_a_location_leaves_the_same_product_elsewhere_alone(floor: Bench) -> None:
    assert hold(floor, location_id="A-1")
    floor.scan("TEA")
    assert floor.screen.text == (
        "Item TEA (TEA) must not be taken: everything at A-1 is on hold (smells). Leave it and ask quality control."
    )
    floor.scan("B-2", "TEA")
    assert floor.screen.tone.value == "line_done"


def test_of_a_lot_on_hold_other_lots_may_be_taken(floor: Bench) -> None:
    hold(floor, sku="TEA", lot_id="L7")
    floor.scan(f"01{GTIN.zfill(14)}10L7", symbology="]C1")
    assert floor.screen.text == (
        "Item TEA (TEA) must not be taken: lot L7 of TEA is on hold (smells). Leave it and ask quality control."
    )
    floor.scan(f"01{GTIN.zfill(14)}10L8", symbology="]C1")
    assert floor.screen.text == "Item TEA (TEA): 1 of 2."


def test_where_a_held_lot_lies_it_must_be_scanned_which_lot_is_taken(floor: Bench) -> None:
    hold(floor, sku="TEA", lot_id="L7")
    floor.scan("TEA")
    assert floor.screen.text == "Item TEA (TEA): 1 of 2."
    put = (Move("TEA", Decimal(1), SUPPLIER, shelf("A-1"), "L7"),)
    floor.runner.run(floor.store.run(lambda tx: stock.follow(tx.connection, tx.head.seq, put)))
    floor.scan("TEA")
    assert floor.screen.code == "hold.taken"
    floor.scan(f"01{GTIN.zfill(14)}10L8", symbology="]C1")
    assert floor.screen.tone.value == "line_done"
    assert on_hold(floor.store.reader, "TEA", None, "B-2") is None


def test_a_unit_on_hold_is_told_by_its_serial_number(floor: Bench) -> None:
    hold(floor, sku="TEA", serial="S1")
    floor.scan(f"01{GTIN.zfill(14)}21S1", symbology="]C1")
    assert floor.screen.code == "hold.taken"
    floor.scan(f"01{GTIN.zfill(14)}21S2", symbology="]C1")
    assert floor.screen.text == "Item TEA (TEA): 1 of 2."


def test_what_is_on_hold_goes_into_no_kit(floor: Bench) -> None:
    parts = (e.KitPart(sku="TEA", qty=Decimal(1)),)
    order = e.WorkOrderAnnounced(
        lane="main", work_order_id="w", number="WO-1", sku="JAM", qty=Decimal(1), parts=parts
    )
    floor.do(c.ReceiveInbound(command_id=new_id(), work_orders=(order,)))
    hold(floor, sku="TEA")
    floor.at("kits").signed_in(KIM).scan("WO-1", "TEA")
    assert floor.screen.code == "hold.taken"


@pytest.mark.parametrize(
    ("command", "of", "sentence"),
    [
        (c.HoldStock, {}, "Say what is to be held: a product, a lot or unit of it, or a location."),
        (c.HoldStock, {"lot_id": "L1"}, "Say what is to be held: a product, a lot or unit of it, or a location."),
        (c.HoldStock, {"sku": "SALT"}, "There is no product SALT here. Look its number up in the list."),
        (c.ReleaseStock, {"hold_id": "none"}, "There is no hold none here. Look at the list again."),
    ],
)
def test_a_hold_that_cannot_be_is_refused(
    floor: Bench, command: type[c.WorkerCommand], of: dict[str, Any], sentence: str
) -> None:
    assert act(floor, command, reason="smells", **of) == sentence


# --- inspections ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("units", "inspect", "of_every", "wanted"),
    [
        (10, 1, 1, 10),
        (10, 1, 5, 2),
        (11, 1, 5, 3),
        (14, 2, 5, 6),
        (3, 2, 5, 2),
        (1, 2, 5, 1),
        (0, 1, 5, 0),
        (4, 9, 2, 4),
    ],
)
def test_so_many_of_every_so_many_units_are_inspected(units: int, inspect: int, of_every: int, wanted: int) -> None:
    assert units_to_inspect(Decimal(units), inspect, of_every) == wanted


def test_an_inspection_is_started_recorded_and_resolved_once_enough_was_looked_at(floor: Bench) -> None:
    qc_id = start(floor, inspect=1, of_every=2)
    assert floor.screen.text == "Inspection of O-9. Units to look at: 2 of 3."
    assert act(floor, c.StartQc, subject_id="F-O-9") == "O-9 is being inspected already."
    act(floor, c.RecordQc, qc_id=qc_id, check="weight", passed=True, measurements={"g": "101.5"})
    assert floor.screen.text == "Recorded. Units looked at: 1 of 2."
    assert act(floor, c.ResolveQc, qc_id=qc_id, disposition="reshelve") == (
        "O-9, units looked at: 1 of 2. Inspect the others, then resolve it."
    )
    act(floor, c.RecordQc, qc_id=qc_id, passed=False, notes="torn")
    assert act(floor, c.ResolveQc, qc_id=qc_id, disposition="quarantine") == "Recorded: O-9, decision: quarantine."
    assert act(floor, c.RecordQc, qc_id=qc_id) == (
        "The inspection of O-9 is resolved. Start a new one where more was found."
    )
    assert start(floor) != qc_id
    kinds = floor.query(
        "SELECT kind, entity FROM outbox JOIN journal USING (seq) WHERE kind LIKE 'qc.%' ORDER BY seq"
    )
    assert [kind for kind, entity in kinds if entity == f"qc:{qc_id}"] == [
        "qc.started",
        "qc.recorded",
        "qc.recorded",
        "qc.resolved",
    ]


def test_a_return_and_a_receipt_can_be_inspected_as_well(floor: Bench) -> None:
    lines = (e.AnnouncedLine(line_id="1", sku="TEA", expected=Decimal(4)),)
    inbound = e.InboundAnnounced(lane="main", inbound_id="ASN-1", against="asn", number="ASN-1", lines=lines)
    back = e.ReturnAnnounced(lane="main", return_id="R-1", number="RMA-1", lines=lines)
    floor.do(c.ReceiveInbound(command_id=new_id(), inbound=(inbound,), returns=(back,)))
    for ident in ("ASN-1", "R-1"):
        start(floor, ident)
    assert [(each.subject, each.of_units) for each in floor.facts(e.QcStarted)] == [
        ("receipt", Decimal(4)),
        ("return", Decimal(0)),
    ]
    assert act(floor, c.StartQc, subject_id="X") == (
        "X is no fulfillment, return or receipt that is known here. Look its number up in the list."
    )


def test_an_inspection_is_begun_by_the_number_that_people_know(floor: Bench) -> None:
    start(floor, "O-9")
    (fact,) = floor.facts(e.QcStarted)
    assert (fact.subject, fact.subject_id) == ("fulfillment", "F-O-9")
    for ident in ("R-1", "R-2"):
        told = e.ReturnAnnounced(lane="main", return_id=ident, number="RMA-1", lines=())
        floor.do(c.ReceiveInbound(command_id=new_id(), returns=(told,)))
    unknown = act(floor, c.StartQc, subject_id="RMA-1")
    assert unknown.startswith("RMA-1 is no fulfillment"), "a number of two things means neither"


def test_a_photo_is_recorded_only_where_it_is_kept_here(floor: Bench) -> None:
    qc_id = start(floor)
    assert act(floor, c.RecordQc, qc_id=qc_id, photos=("a" * 64,)) == (
        "The photo aaaaaaaaaaaa… is not at this station. Send it first, then record it."
    )
    added = floor.runner.run(
        floor.store.run(lambda tx: files.add(tx, b"\x89PNG\r\n\x1a\n", "image/png", "fulfillment:F-O-9"))
    )
    act(floor, c.RecordQc, qc_id=qc_id, photos=(added,))
    assert [each.photos for each in floor.facts(e.QcRecorded)] == [(added,)]
    assert act(floor, c.RecordQc, qc_id=qc_id, units=Decimal(-1)) == (
        "-1 of what was looked at cannot be. Key zero or more."
    )
    assert act(floor, c.RecordQc, qc_id="none") == "There is no inspection none here. Start one first."


def test_the_views_of_quality_are_what_a_rebuild_makes_of_the_journal(floor: Bench) -> None:
    qc_id = start(floor, of_every=9)
    act(floor, c.RecordQc, qc_id=qc_id, check="weight", measurements={"b": "1", "a": "2"})
    act(floor, c.ResolveQc, qc_id=qc_id, disposition="scrap", notes="torn")
    hold(floor, sku="TEA")
    before = floor.dump()
    assert any(row.startswith("stock_hold:") for row in before)
    assert floor.rebuilt_dump() == before
    found = load(floor.store.reader, qc_id)
    assert found is not None
    assert found.status.value == "resolved"


# --- what is told of the item in hand ---------------------------------------------------------------------------


@pytest.fixture
def cold(floor: Bench) -> Bench:
    """Milk with expiry dates and phones with serial numbers on an open list; lot L7 and number S1 are on hold."""
    floor.given_products(product("MILK", expiry_required=True), product("PHONE", serial_required=True))
    floor.given_picklist("PL-2", line("MILK", 2), line("PHONE", 2))
    hold(floor, sku="MILK", lot_id="L7")
    hold(floor, sku="PHONE", serial="S1")
    floor.at("pick-2").signed_in(BEN).scan("PL-2", "A-1")
    return floor


def test_a_lot_on_hold_is_not_taken_when_it_is_keyed_either(cold: Bench) -> None:
    cold.scan("MILK")
    cold.floor(c.SetValue, name="lot", value="L7")
    assert cold.screen.text == (
        "Item MILK (MILK) must not be taken: lot L7 of MILK is on hold (smells). Leave it and ask quality control."
    )
    cold.floor(c.SetValue, name="lot", value="L8")
    cold.scan("301231")
    assert cold.task("MILK").picked == 1


def test_a_serial_number_on_hold_is_not_taken_scanned_or_keyed_with_others(cold: Bench) -> None:
    cold.scan("PHONE", "S1")
    assert cold.screen.code == "hold.taken"
    cold.floor(c.KeySerials, serials=("S2", "S1"))
    assert cold.screen.code == "hold.taken"
    cold.scan("S3")
    assert cold.screen.text == "Item PHONE (PHONE): 1 of 2."


def test_the_scans_of_a_handheld_are_asked_one_by_one(cold: Bench) -> None:
    of = {"location_id": "A-1", "sku": "PHONE", "qty": 1, "timestamp": "2030-01-01T00:00:00Z"}
    scans = tuple(c.PickScan.model_validate({**of, "serial": serial}) for serial in ("S1", "S2"))
    act(cold, c.ScanPicks, BEN, picklist_id="PL-2", scans=scans)
    (checked,) = cold.facts(e.PicksChecked)
    assert [(each.code, len(each.tasks)) for each in checked.results] == [("taken", 0), (None, 1)]
