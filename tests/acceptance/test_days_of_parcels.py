"""Days of those who pick with lots and totes, pack several parcels, and load: with HQ there, away, and off and on."""

from __future__ import annotations

from pathlib import Path

import pytest

from local_store.domain import commands as c
from local_store.domain.site import PickingRules
from tests.acceptance.days import LINES, Day, Line, lived
from tests.hq.site import Hq, order

# --- loader ------------------------------------------------------------------------------------------------------


async def _orders_for_dhl(hq: Hq) -> None:
    await hq.with_products(20)
    idents = []
    for number in (1, 2, 3):
        made = await hq.post("/fulfillments", {**order(f"ord_{number}", SKU_1=1), "carrier_hint": "DHL"})
        idents.append(made.body["fulfillment_id"])
    await hq.wave(*idents)


async def _a_loaders_day(day: Day) -> None:
    """Three parcels are sealed, the first two loaded; the third is not found, and the lorry goes without it."""
    ((picklist,),) = day.here.rows("SELECT picklist_id FROM picklist")
    await day.at("pick").signs_in("ben")
    await day.scans(picklist, "A-01-1", "SKU-1", "SKU-1", "SKU-1", picklist)
    await day.at("pack").signs_in("ben")
    for number in (1, 2, 3):
        await day.scans(f"ord_{number}", "SKU-1")
        await day.weighs(500)
        await day.does(c.Seal)
    labels = [sscc for (sscc,) in day.here.rows("SELECT sscc FROM package ORDER BY sscc")]
    await day.at("door").signs_in("ben")
    await day.scans(*labels[:2])
    assert (await day.tries(c.Scan, code=labels[0])).startswith("Order ord_1 is loaded already")
    assert "not on it: 1 (ord_3). Load what is missing, or close it without." in await day.tries(c.Complete)
    ((manifest,),) = day.here.rows("SELECT manifest_id FROM manifest")
    await day.asks("ben", c.CloseManifest, manifest_id=manifest, without_missing=True)
    notice = {"asn_reference": "OUT-7", "manifest_id": manifest, "destination_warehouse_id": "wh_2"}
    await day.asks("ben", c.MakeNotice, **notice)
    left = await day.does_not("eve", c.CloseDay)
    assert left.startswith("Not everything is done. Parcels not sealed: 0, sealed and not loaded: 1")
    await day.asks("eve", c.CloseDay, leave_open=True)
    assert day.said.text.endswith("is closed. Parcels that left: 2, manifests: 1.")


@pytest.mark.parametrize("line", LINES)
async def test_a_loaders_day(tmp_path: Path, line: Line) -> None:
    wanted = "SELECT count(*) FROM picklist"
    evening = await lived(tmp_path, line, _orders_for_dhl, wanted, _a_loaders_day)
    (manifest,) = evening["manifests"]
    assert (manifest["carrier_id"], manifest["status"]) == ("DHL", "submitted")
    assert manifest["orders"] == ["ord_1", "ord_2"]
    (notice,) = evening["asn_notices"]
    assert (notice["asn_reference"], notice["destination_warehouse_id"]) == ("OUT-7", "wh_2")
    assert notice["orders"] == ["ord_1", "ord_2"]
    assert [each["shipments"] for each in evening["fulfillments"]] == [1, 1, 1]


# --- deep packer -------------------------------------------------------------------------------------------------


async def _orders_with_notes(hq: Hq) -> None:
    await hq.with_products(20)
    notes = {"signatureRequired": True, "packingInstructions": "Upright"}
    made = await hq.post("/fulfillments", {**order("ord_1", SKU_1=3, SKU_2=1), "metadata": notes})
    await hq.wave(made.body["fulfillment_id"], await hq.order("ord_2", SKU_3=2))


async def _a_day_of_parcels(day: Day) -> None:
    """An order in two parcels, one tea moved over, its notes read; another order's parcel was wrong and is void."""
    ((picklist,),) = day.here.rows("SELECT picklist_id FROM picklist")
    await day.at("pick").signs_in("ben")
    await day.scans(picklist, "A-01-1", "SKU-1")
    await day.keys(3)
    await day.scans("A-02-1", "SKU-2", "A-10-1", "SKU-3")
    await day.keys(2)
    await day.scans(picklist)

    await day.at("pack").signs_in("ben")
    await day.scans("ord_1", "SKU-1", "SKU-1", "NEXT-PARCEL", "SKU-2", "SKU-1")
    await day.does(c.Repack, sku="SKU-1", qty=1, source=2, target=1)
    await day.weighs(1200)
    assert (await day.tries(c.Seal)).startswith("Read this and confirm it, then seal: The receiver has to sign")
    await day.scans("CONFIRM")
    await day.does(c.Seal)
    await day.weighs(400)
    await day.does(c.Seal)
    assert day.said.code == "pack.sealed"

    await day.scans("ord_2", "SKU-3", "SKU-3")
    await day.weighs(800)
    await day.does(c.Seal)
    wrong = day.here.rows("SELECT package_id FROM package ORDER BY sscc")[-1][0]
    await day.asks("ben", c.VoidPackage, package_id=wrong, reason="a jar leaks", approved_by="eve")
    await day.scans("ord_2", "SKU-3", "SKU-3")
    await day.weighs(850)
    await day.does(c.Seal)


@pytest.mark.parametrize("line", LINES)
async def test_a_day_of_parcels(tmp_path: Path, line: Line) -> None:
    wanted = "SELECT count(*) FROM picklist"
    evening = await lived(tmp_path, line, _orders_with_notes, wanted, _a_day_of_parcels)
    packed = {each["order_id"]: each["packages"] for each in evening["fulfillments"]}
    assert (packed["ord_1"]["count"], packed["ord_1"]["weight"]) == (2, 1600)
    assert (packed["ord_2"]["count"], packed["ord_2"]["weight"]) == (1, 850)
    assert [each["shipments"] for each in evening["fulfillments"]] == [1, 1]


# --- deep picker -------------------------------------------------------------------------------------------------

MILK = "09521234543213"
GOODS = [
    {"sku": "MILK", "name": "Milk", "gtin": MILK[1:], "location_id": "A-01-1", "expiry_required": True},
    {"sku": "PHONE", "name": "Phone", "location_id": "A-02-1", "serial_required": True},
]


async def _milk_and_phones(hq: Hq) -> None:
    stock = [
        {"location_id": each["location_id"], "sku": each["sku"], "quantity": 20, "reference": "opening"}
        for each in GOODS
    ]
    for kind, lines in (("products", GOODS), ("stock", stock)):
        assert (await hq.import_lines(kind, list(lines)))["rejected"] == 0
    await hq.wave(await hq.order("ord_1", MILK=2, PHONE=1), await hq.order("ord_2", PHONE=1))


async def _a_day_of_lots(day: Day) -> None:
    """Ana takes milk by lot and a phone by its number, each into its tote; Ben goes on where she stopped."""
    ((picklist,),) = day.here.rows("SELECT picklist_id FROM picklist")
    await day.at("pick").signs_in("ana")
    await day.scans(picklist, "A-01-1")
    assert "expired on 2020-01-31" in await day.tries(c.Scan, code=f"01{MILK}17200131" + "10L6", symbology="]C1")
    await day.scans(*[f"01{MILK}17301231" + "10L7"] * 2, symbology="]C1")
    await day.scans("TOTE-1", "A-02-1", "PHONE", "S-1", "TOTE-1")
    aside = {"picklist_id": picklist, "reason": "lunch"}
    await day.asks("ana", c.ReleasePicklist, **aside, workplace="pick")

    await day.at("pick-2").signs_in("ben")
    await day.scans(picklist, "A-02-1", "PHONE")
    assert (await day.tries(c.Scan, code="S-1")).startswith("Serial number S-1 of Phone (PHONE) is taken already.")
    await day.scans("S-2")
    assert (await day.tries(c.Scan, code="TOTE-1")) == "Tote TOTE-1 already holds order ord_1. Take another tote."
    await day.scans("TOTE-2", picklist)


@pytest.mark.parametrize("line", LINES)
async def test_a_day_of_lots(tmp_path: Path, line: Line) -> None:
    wanted, rules = "SELECT count(*) FROM picklist", {"picking": PickingRules(put_check=True)}
    evening = await lived(tmp_path, line, _milk_and_phones, wanted, _a_day_of_lots, **rules)
    assert {each["status"] for each in evening["fulfillments"]} == {"picked"}
    lots = [(each["lot_id"], each["qty"]) for each in evening["traced"] if each["event"] == "lot_consumed"]
    assert sum(qty for lot, qty in lots if lot == "L7") == 2
    assert sorted(each["serial"] for each in evening["traced"] if each["event"] == "assigned") == ["S-1", "S-2"]
