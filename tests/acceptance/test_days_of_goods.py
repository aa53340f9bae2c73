"""Days of those who take goods in, count, judge and build: with HQ there, away, and now this, now that."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from local_store.domain import commands as c
from local_store.domain.codes import sscc_of
from tests.acceptance.days import LINES, Day, Line, lived
from tests.hq.site import Hq

PALLET = sscc_of("0614141", 3, 77)
TEA = "2900000000018"


def ready(table: str, many: int = 1) -> str:
    """The rows that were pulled are these, and the locations, which come last, are here as well."""
    return f"SELECT (SELECT count(*) FROM {table}) = {many} AND EXISTS (SELECT * FROM location)"


# --- receiver ----------------------------------------------------------------------------------------------------


async def _a_lorry_is_announced(hq: Hq) -> None:
    await hq.with_products(20)
    lines = [{"sku": sku, "expectedQuantity": qty} for sku, qty in (("SKU-1", 6), ("SKU-2", 3), ("SKU-3", 4))]
    pallet = {"sscc": PALLET, "content": [{"PBlineId": 1, "sku": "SKU-1", "qty": 4}]}
    said = {"clientId": "c1", "inboundType": "ASN", "clientASNId": "ASN-1", "receivingNode": "wh_1"}
    made = await hq.post("/edge/receiving-asns", {**said, "asnLines": lines, "pallets": [pallet]}, role="station")
    assert made.status == 201, made.text


async def _a_receivers_day(day: Day) -> None:
    """Rosa takes the tea, by pallet and loose; Rita bread and jam. One tea over, a bread wet, a jam missing."""
    ((asn,),) = day.here.rows("SELECT inbound_id FROM inbound")
    await day.at("dock").signs_in("rosa")
    await day.scans("ASN-1", PALLET, TEA, TEA)
    await day.at("dock-2").signs_in("rita")
    await day.scans("ASN-1", "SKU-2", "SKU-2")
    await day.does(c.SetValue, name="condition", value="damaged")
    await day.scans("SKU-2")
    await day.does(c.SetValue, name="condition", value="good")
    await day.scans("SKU-3", "SKU-3", "SKU-3")
    again = f"Pallet {PALLET} is counted already. Put it aside and scan the next one."
    assert await day.tries(c.Scan, code=PALLET) == again  # Rosa has it
    day.at("dock")
    assert (await day.tries(c.Scan, code=TEA)).startswith("Tea (SKU-1): 6 announced, 7 would be too many.")
    allowed = {"inbound_id": asn, "sku": "SKU-1", "qty": Decimal(7), "reason": "the driver has no way back"}
    await day.asks("rosa", c.AllowGoods, **allowed, approved_by="eve")
    await day.scans(TEA, "ASN-1")
    await day.at("dock-2").scans("ASN-1")
    await day.asks("rita", c.CloseInbound, inbound_id=asn, approved_by="eve")

    await day.at("put-away").signs_in("rosa")
    assert await day.tries(c.Scan, code=PALLET) == f"Pallet {PALLET} in hand. Bring it to A-01-1 and scan that."
    await day.scans("A-01-1", TEA, TEA, TEA, "A-01-1", "SKU-2", "SKU-2", "A-02-1")
    await day.scans("SKU-3", "SKU-3", "SKU-3", "A-10-1")
    assert (await day.tries(c.Scan, code="SKU-2")).startswith("Bread (SKU-2): 0 on the dock.")


@pytest.mark.parametrize("line", LINES)
async def test_a_receivers_day(tmp_path: Path, line: Line) -> None:
    evening = await lived(tmp_path, line, _a_lorry_is_announced, ready("inbound"), _a_receivers_day)
    (asn,) = evening["announced"]
    assert {each["sku"]: each["receivedQuantity"] for each in asn} == {"SKU-1": 7, "SKU-2": 3, "SKU-3": 3}
    assert len(evening["receipts"]) == 2
    found = sorted((each["differs"], each["sku"], each["qty"]) for each in evening["discrepancies"])
    assert found == [("damaged", "SKU-2", 1), ("over", "SKU-1", 1), ("under", "SKU-3", 1)]
    assert evening["shelves"] == {"SKU-1 at A-01-1": 27, "SKU-2 at A-02-1": 22, "SKU-3 at A-10-1": 23}
    assert evening["stock"]["quarantine"] == 1


# --- counter -----------------------------------------------------------------------------------------------------


async def _a_count_and_a_list(hq: Hq) -> None:
    await hq.with_products(20)
    await hq.wave(await hq.order("ord_1", SKU_1=3, SKU_2=2))
    wanted = {"type": "count", "warehouse_id": "wh_1", "subject": "A-10-1", "instructions": "Looks empty"}
    assert (await hq.post("/tasks", wanted)).status == 201


async def _a_counters_day(day: Day) -> None:
    """Ben counts 12 of the 20 jams, and so does Ana after him. Then bread is short, and Ben counts its shelf."""
    ((picklist,),) = day.here.rows("SELECT picklist_id FROM picklist")
    await day.at("count").signs_in("ben")
    await day.scans("A-10-1", "SKU-3")
    await day.keys(12)
    assert (await day.tries(c.Scan, code="A-10-1")).endswith("so somebody else will count it again.")
    assert (await day.tries(c.Scan, code="A-10-1")).startswith("Ben has counted A-10-1 already")
    await day.at("count-2").signs_in("ana")
    await day.scans("A-10-1", "SKU-3")
    await day.keys(12)
    await day.scans("A-10-1")
    assert day.said.code == "count.corrected"
    await day.does(c.SignOut)

    await day.at("pick").signs_in("ana")
    await day.scans(picklist, "A-01-1", "SKU-1")
    await day.keys(3)
    await day.scans("A-02-1", "SKU-2")
    await day.does(c.MarkShort, reason="shelf empty")
    await day.scans(picklist)
    await day.at("count").scans("A-02-1", "A-02-1", "A-02-1")  # nothing is there, and said once more
    assert day.said.code == "count.corrected"


@pytest.mark.parametrize("line", LINES)
async def test_a_counters_day(tmp_path: Path, line: Line) -> None:
    wanted = "SELECT (SELECT count(*) FROM picklist) = 1 AND (SELECT count(*) FROM count_task) = 1"
    evening = await lived(tmp_path, line, _a_count_and_a_list, wanted, _a_counters_day)
    assert evening["shelves"] == {"SKU-1 at A-01-1": 17, "SKU-2 at A-02-1": 0, "SKU-3 at A-10-1": 12}
    (task,) = evening["tasks"]
    assert task["result"] == {"by": "recount", "location_id": "A-10-1", "counted_by": "ana"}


# --- returns clerk and inspector ---------------------------------------------------------------------------------


async def _an_order_that_left(hq: Hq) -> None:
    """It was shipped by another station last week."""
    await hq.with_products(20)
    ident = await hq.picked("ord_1", SKU_1=3, SKU_2=1)
    items = [{"line_id": "ord_1-1", "qty": 3}, {"line_id": "ord_1-2", "qty": 1}]
    await hq.pack(ident, {"package_id": "pk-1", "weight": 900, "items": items}, seal=True)
    ship = {"fulfillment_id": ident, "packages": [{"package_id": "pk-1", "weight": 900}]}
    made = await hq.post("/shipments", ship)
    assert made.status == 201, made.text


async def _a_returns_day(day: Day) -> None:
    """The customer calls, Rosa announces the return. Three teas come, and a jam unasked; Quinn judges them."""
    asked = {"order_id": "ord_1", "rma_reference": "RMA-1", "reason": "damaged", "return_method": "ship"}
    expected = ({"order_line_id": "ord_1-1", "qty": 3, "sku": "SKU-1"},)
    await day.asks("rosa", c.CreateReturn, **asked, expected_lines=expected)
    ((ident,),) = day.here.rows("SELECT return_id FROM returned")
    await day.at("returns").signs_in("rosa")
    await day.scans("RMA-1", "SKU-1", "SKU-1", "SKU-1", "SKU-3", "RMA-1")
    assert (await day.tries(c.Scan, code="RMA-404")).startswith("RMA-404 is no return that is known here.")

    await day.at("inspection").signs_in("quinn")
    await day.scans("RMA-1", "reshelve", "SKU-1", "SKU-1", "scrap", "SKU-1")
    assert (await day.tries(c.Scan, code="SKU-1")).endswith("Put this unit aside.")
    await day.scans("quarantine", "SKU-3", "RMA-1")
    assert day.said.code == "return.all_inspected"
    await day.asks("quinn", c.CompleteReturn, return_id=ident)
    await day.at("put-away").signs_in("rosa")
    await day.scans("SKU-1", "SKU-1", "A-01-1")


@pytest.mark.parametrize("line", LINES)
async def test_a_returns_day(tmp_path: Path, line: Line) -> None:
    evening = await lived(tmp_path, line, _an_order_that_left, ready("product", 3), _a_returns_day)
    (back,) = evening["returns"]
    assert (back["rma_reference"], back["status"], back["order_id"]) == ("RMA-1", "completed", "ord_1")
    assert [(each["received"], each["restocked"]) for each in back["lines"]] == [(3, 2)]
    decided = {each["disposition"]: each["qty"] for each in evening["returned"][0]["decided"]}
    assert decided == {"reshelve": 2, "scrap": 1}
    assert evening["shelves"]["SKU-1 at A-01-1"] == 19
    assert {name: evening["stock"][name] for name in ("scrapped", "returned")} == {"scrapped": 1, "returned": 3}


# --- quality -----------------------------------------------------------------------------------------------------


async def _an_order_is_picked(hq: Hq) -> None:
    await hq.with_products(20)
    await hq.picked("ord_1", SKU_1=2, SKU_2=1)


async def _a_day_of_quality(day: Day) -> None:
    """The tea smells: Quinn holds it and looks at one of three units; nobody packs tea until it is let go."""
    ((order,),) = day.here.rows("SELECT fulfillment_id FROM fulfillment")
    await day.asks("quinn", c.HoldStock, sku="SKU-1", reason="smells")
    await day.asks("quinn", c.StartQc, subject_id=order, inspect=1, of_every=2)
    await day.at("pack").signs_in("ben")
    await day.scans("ord_1")
    assert (await day.tries(c.Scan, code="SKU-1")).startswith("Tea (SKU-1) must not be taken: SKU-1 is on hold")
    await day.scans("SKU-2")

    ((qc,),) = day.here.rows("SELECT qc_id FROM qc")
    await day.asks("quinn", c.RecordQc, qc_id=qc, check="smell", passed=True, measurements={"ppm": "3"})
    await day.asks("quinn", c.RecordQc, qc_id=qc, check="seal", passed=False, notes="one lid is bent")
    await day.asks("quinn", c.ResolveQc, qc_id=qc, disposition="reshelve", notes="it was the box beside it")
    ((hold,),) = day.here.rows("SELECT hold_id FROM stock_hold")
    await day.asks("quinn", c.ReleaseStock, hold_id=hold, reason="it was the box beside it")
    await day.scans("SKU-1", "SKU-1")
    await day.weighs(900)
    await day.does(c.Seal)


@pytest.mark.parametrize("line", LINES)
async def test_a_day_of_quality(tmp_path: Path, line: Line) -> None:
    evening = await lived(tmp_path, line, _an_order_is_picked, ready("fulfillment"), _a_day_of_quality)
    (qc,) = evening["qc"]
    assert (qc["status"], qc["disposition"]) == ("resolved", "reshelve")
    looked = {each["measurements"]["check"]: (each["passed"], each["notes"]) for each in qc["records"]}
    assert looked == {"smell": (True, None), "seal": (False, "one lid is bent")}
    (order,) = evening["fulfillments"]
    assert (order["packages"]["count"], order["shipments"]) == (1, 1)


# --- kitting -----------------------------------------------------------------------------------------------------

SHELVES = {"HAMPER": "K-01", "BOX": "K-02", "TIN": "K-03", "LID": "K-04", "LEAF": "K-05", "CAN": "K-06"}


async def _a_house_of_hampers(hq: Hq) -> None:
    goods: list[Any] = [{"sku": sku, "name": sku.title(), "location_id": at} for sku, at in SHELVES.items()]
    stock = [
        {"location_id": at, "sku": sku, "quantity": 40, "reference": f"opening {sku}"}
        for sku, at in SHELVES.items()
        if sku in {"LID", "LEAF", "CAN"}
    ]
    for kind, lines in (("products", goods), ("stock", stock)):
        assert (await hq.import_lines(kind, lines))["rejected"] == 0


async def _a_kitters_day(day: Day) -> None:
    """Two hampers of two boxes each; a box is three tins and a lid, a tin two leaves and a can: off the shelves."""
    for sku, parts in (("TIN", {"LEAF": 2, "CAN": 1}), ("BOX", {"TIN": 3, "LID": 1}), ("HAMPER", {"BOX": 2})):
        await day.asks(
            "eve", c.RecordBill, sku=sku, parts=tuple({"sku": of, "qty": qty} for of, qty in parts.items())
        )
    await day.asks("eve", c.MakeWorkOrder, number="WO-1", sku="HAMPER", qty=Decimal(2))
    await day.at("kitting").signs_in("ben")
    await day.scans("WO-1")
    assert day.said.text == "Work order WO-1: 2 of HAMPER. It takes 4 of LID, 24 of LEAF, 12 of CAN."
    for sku, qty in (("LEAF", 24), ("CAN", 12), ("LID", 3)):
        await day.scans(SHELVES[sku], sku)
        await day.keys(qty)
    assert "this is missing: 1 of LID." in await day.tries(c.Complete)
    await day.scans("LID", SHELVES["HAMPER"], "HAMPER", "HAMPER", "WO-1")
    assert day.said.text == "Built: 2 of HAMPER. Still to be built for work order WO-1: 0."
    shelf = "SELECT sku, millionths / 1000000 FROM stock WHERE account GLOB 'location:*' AND sku = ?"
    assert day.here.rows(shelf, "HAMPER") == [("HAMPER", 2)]
    assert day.here.rows(shelf, "LEAF") == [("LEAF", -24)]

    # This HQ has no call for kits, so what it believes of these shelves is put right by counts.
    for sku, left in (("LEAF", 16), ("CAN", 28), ("LID", 36)):
        of = {"sku": sku, "location_id": SHELVES[sku], "qty": Decimal(left)}
        await day.asks("eve", c.AdjustStock, **of, reason="built into hampers")
    await day.asks("eve", c.RequestCount, location_id=SHELVES["HAMPER"], reason="new hampers")
    await day.at("count").signs_in("ana")
    await day.scans(SHELVES["HAMPER"], "HAMPER", "HAMPER", SHELVES["HAMPER"])


@pytest.mark.parametrize("line", LINES)
async def test_a_kitters_day(tmp_path: Path, line: Line) -> None:
    evening = await lived(tmp_path, line, _a_house_of_hampers, ready("product", 6), _a_kitters_day)
    assert evening["shelves"] == {"HAMPER at K-01": 2, "LID at K-04": 36, "LEAF at K-05": 16, "CAN at K-06": 28}
    assert len(evening["counts"]) == 4
