"""Days of a picker, a packer and a loader at three sizes of screen: the real page alone."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from local_store.domain import commands as c
from local_store.domain import events as e
from tests.acceptance.screen_days import Hands, House, at_every_size, hands, house
from tests.acceptance.screen_days import chrome as chrome  # noqa: PLC0414 -- the fixture
from tests.support.floor import new_id, product
from tests.support.loading import PARTY
from tests.support.site import until

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

CHAI, CHANG, SYRUP = "2900000000018", "2900000000025", "2900000000032"
GRAM_MG = 1000


async def _goods(place: House) -> None:
    goods = (
        product("NW-001", CHAI, name="Chai"),
        product("NW-002", CHANG, name="Chang"),
        product("NW-003", SYRUP, name="Aniseed Syrup"),
    )
    await place.does(c.ReceiveProducts(command_id=new_id(), products=goods))


def _order(order: str, *lines: tuple[str, int], picked: bool = True, **of: Any) -> e.FulfillmentReceived:
    """An order as HQ gives it; its fulfillment is called `F-` and the order."""
    wanted = tuple(
        e.WorkLine(order_line_id=f"{order}-{sku}", sku=sku, qty=Decimal(qty), picked=Decimal(qty if picked else 0))
        for sku, qty in lines
    )
    names = {"lane": "main", "fulfillment_id": f"F-{order}", "order_id": order, "warehouse_id": "WH-1"}
    return e.FulfillmentReceived.model_validate(
        {**names, "party_id": "party-1", "lines": wanted, "picked": picked, **of}
    )


async def _given(place: House, fact: e.FulfillmentReceived, picklist: e.PicklistReceived | None = None) -> None:
    await place.does(c.ReceiveWork(command_id=new_id(), fulfillments=(fact,), parties=(PARTY,), picklist=picklist))


# --- the picker ---------------------------------------------------------------------------------------------------


async def _listed(place: House, ident: str, priority: e.Priority, *lines: tuple[str, int, str]) -> None:
    """A picklist for an order of its own: (SKU, quantity, location) of each line."""
    order = f"O-{ident}"
    tasks = tuple(
        e.TaskPlan(
            task_id=f"{ident}-{sku}",
            fulfillment_id=f"F-{order}",
            order_line_id=f"{order}-{sku}",
            location_id=at,
            sku=sku,
            qty=Decimal(qty),
        )
        for sku, qty, at in lines
    )
    told = e.PicklistReceived(lane="main", picklist_id=ident, priority=priority, ship_by=None, tasks=tasks)
    await _given(place, _order(order, *((sku, qty) for sku, qty, _ in lines), picked=False), told)


@at_every_size
async def test_a_pickers_day(chrome: Browser, tmp_path: Path, size: str) -> None:
    """A wrong item, a quantity keyed and taken back, a line put off, an empty shelf and its goods elsewhere."""
    async with house(tmp_path) as place:
        await _goods(place)
        for sku, at in (("NW-001", "A-01-1"), ("NW-002", "B-02-1"), ("NW-003", "C-09-1")):
            await place.stocked(sku, at, 9)
        await _listed(place, "PL-1", "normal", ("NW-003", 1, "D-01-1"))
        lines = (("NW-001", 4, "A-01-1"), ("NW-002", 2, "B-02-1"), ("NW-003", 1, "B-03-1"))
        await _listed(place, "PL-2", "urgent", *lines)
        async with hands(chrome, place, size, "pick", "ana") as ana:
            assert (await ana.text("choice-list .choice")).startswith("PL-2"), "the urgent list stands first"
            await ana.chooses("PL-2")
            await _picks_chai(ana)
            await _skips_chang_and_finds_syrup_elsewhere(ana)
            await ana.loads_again()
            await _picks_what_is_left_of_chang(ana)
            await ana.signs_out()
        assert place.rows("SELECT picklist_id, status FROM picklist ORDER BY 1") == [
            ("PL-1", "open"),
            ("PL-2", "completed"),
        ]
        assert place.rows("SELECT sku, location_id, picked FROM pick_task WHERE picked <> '0' ORDER BY 1") == [
            ("NW-001", "A-01-1", "4"),
            ("NW-002", "B-02-1", "1"),
            ("NW-003", "C-09-1", "1"),
        ]
        left = [place.units(f"location:{at}", sku) for sku, at in (("NW-001", "A-01-1"), ("NW-003", "C-09-1"))]
        assert left == [5, 8]
        counts = place.rows("SELECT location_id FROM count_task ORDER BY 1")
        assert counts == [("B-02-1",), ("B-03-1",)], "where something lacked is counted"


async def _picks_chai(ana: Hands) -> None:
    await ana.shows("next-thing .headline", "A-01-1")
    await ana.is_refused(CHAI, "Scan the location A-01-1 before the item.")
    await ana.scans("A-01-1", "A-01-1 is right.")
    await ana.is_refused(CHANG, "Put it back")
    await ana.scans(CHAI, "Chai (NW-001): 1 of 4.")
    await ana.keys_quantity("3")
    await ana.shows("answer-band", "Chai (NW-001): 3 of 4.")
    await ana.taps("undo")
    await ana.shows("answer-band", "Taken back: Chai (NW-001) is at 1 of 4.")
    await ana.scans(CHAI, "Chai (NW-001): 2 of 4.")
    await ana.keys_quantity("5")
    await ana.shows("answer-band", "only 4 wanted")
    await ana.keys_quantity("4")
    await ana.shows("answer-band", "Line done.")


async def _skips_chang_and_finds_syrup_elsewhere(ana: Hands) -> None:
    await ana.shows("next-thing .headline", "B-02-1")
    await ana.taps("skip")
    await ana.shows("next-thing .headline", "B-03-1")
    await ana.scans("B-03-1", "B-03-1 is right.")
    await ana.taps("short", "location empty")
    await ana.shows("answer-band", "Aniseed Syrup (NW-003): 1 short (location empty)")
    await ana.taps("replan", "C-09-1")
    await ana.shows("answer-band", "take 1 from C-09-1 instead")
    await ana.scans("C-09-1", "C-09-1 is right.")
    await ana.scans(SYRUP, "Line done.")


async def _picks_what_is_left_of_chang(ana: Hands) -> None:
    await ana.shows("next-thing .headline", "B-02-1")
    await ana.scans("B-02-1", "B-02-1 is right.")
    await ana.scans(CHANG, "Chang (NW-002): 1 of 2.")
    await ana.taps("short", "not enough")
    await ana.shows("answer-band", "1 short (not enough)")
    await ana.shows("next-thing .headline", "All lines done")
    await ana.taps("complete")
    await ana.shows("answer-band", "PL-2 is complete.")
    await ana.shows("choice-list", "PL-1")


# --- the packer ---------------------------------------------------------------------------------------------------


@at_every_size
async def test_a_packers_day(chrome: Browser, tmp_path: Path, size: str) -> None:
    """A box is chosen, a wrong item put aside, one is missing; weighed, read and confirmed, sealed and labelled."""
    async with house(tmp_path) as place:
        await _goods(place)
        box = e.Carton(
            carton_id="BOX-S", name="Small box", length_mm=300, width_mm=200, height_mm=150, tare_mg=50 * GRAM_MG
        )
        told = e.CartonsTold(lane="main", cartons=(box,))
        await place.does(c.ReceiveCartons(command_id=new_id(), told=told))
        await _given(place, _order("O-2", ("NW-003", 1)))
        notes = {"packingInstructions": "With care"}
        lines = (("NW-001", 3), ("NW-002", 1), ("NW-003", 1))
        await _given(place, _order("O-1", *lines, metadata=notes))
        async with hands(chrome, place, size, "pack", "ben") as ben:
            await ben.chooses("F-O-1")
            await _puts_goods_into_the_box(ben)
            await ben.loads_again()
            await _weighs_and_seals(ben, place)
            await ben.shows("label-jobs", "Label came out")
            await ben.shows("choice-list", "O-2")
            await ben.signs_out()
        ((sscc, state),) = place.rows("SELECT sscc, status FROM package WHERE fulfillment_id = 'F-O-1'")
        assert state == "sealed"
        (label,) = place.bench.printer.labels
        assert sscc.encode() in label
        assert place.rows("SELECT sscc, state FROM spool_job") == [(sscc, "confirmed")]
        assert place.rows("SELECT sku, packed FROM fulfillment_line WHERE fulfillment_id = 'F-O-1' ORDER BY 1") == [
            ("NW-001", "3"),
            ("NW-002", "1"),
            ("NW-003", "0"),
        ]


async def _puts_goods_into_the_box(ben: Hands) -> None:
    await ben.taps("carton", "BOX-S")
    await ben.shows("answer-band", "Small box")
    await ben.is_refused("O-2", "Order O-1 is open. Seal it before O-2.")
    await ben.scans(CHAI, "Chai (NW-001): 1 of 3.")
    await ben.keys_quantity("3")
    await ben.shows("answer-band", "Line done.")
    await ben.is_refused(CHAI, "Chai (NW-001) is complete in order O-1. Take it out")
    await ben.taps("undo")
    await ben.shows("answer-band", "Taken back: Chai (NW-001) is at 1 of 3.")
    await ben.scans(CHAI, "Chai (NW-001): 2 of 3.")
    await ben.scans(CHAI, "Chai (NW-001): 3 of 3.")
    await ben.scans(CHANG, "Chang (NW-002): 1 of 1.")
    await ben.taps("short", "not in the tote")
    await ben.shows("answer-band", "1 not there (not in the tote)")


async def _weighs_and_seals(ben: Hands, place: House) -> None:
    await ben.shows("next-thing .headline", "Weigh the parcel")
    await ben.taps("weigh")
    await ben.shows("answer-band", "Put the parcel on it and weigh again.")
    await place.bench.put_load_mg(5000 * GRAM_MG)
    await ben.shows("live-weight", "5.000 kg")
    await ben.taps("weigh")
    await ben.shows("answer-band", "Check what is in the box")
    await place.bench.put_load_mg(460 * GRAM_MG)
    await ben.shows("live-weight", "0.460 kg")
    await ben.taps("weigh")
    await ben.shows("answer-band", "0.460 kg. Seal the parcel.")
    await ben.shows("next-thing", "With care")
    await ben.taps("confirm")
    await ben.shows("next-thing .headline", "Seal the parcel")
    await ben.taps("seal")
    await ben.shows("answer-band", "Order O-1 is sealed.")
    await until(lambda: place.bench.printer.labels, "the label did not come out")


# --- the loader ---------------------------------------------------------------------------------------------------


@at_every_size
async def test_a_loaders_day(chrome: Browser, tmp_path: Path, size: str) -> None:
    """Three parcels for DHL: one is loaded and taken off again as damaged; the doors are shut without it."""
    async with house(tmp_path) as place:
        await _goods(place)
        await place.scans("pack", "BADGE-BEN")
        ssccs = [await _sealed(place, f"O-{n}") for n in range(3)]
        async with hands(chrome, place, size, "load", "ana") as ana:
            await ana.scans(ssccs[0], "Order O-0 is on.")
            await ana.shows("next-thing", "2 still to come")
            await ana.is_refused(ssccs[0], "Order O-0 is loaded already")
            await ana.scans(ssccs[1], "Order O-1 is on.")
            await ana.taps("undo")
            await ana.shows("next-thing", "2 still to come")
            await ana.scans(ssccs[1], "Order O-1 is on.")
            await ana.loads_again()
            await ana.scans(ssccs[2], "Order O-2 is on.")
            await ana.shows("next-thing", "all of them are on")
            await ana.taps("more", "parcel-unload", "damaged")
            await ana.keys(ssccs[2])
            await ana.shows("next-thing", "1 still to come")
            assert await ana.at("action-bar [data-key=complete]").is_disabled()
            await ana.taps("more", "manifest-close")
            await ana.shows("next-thing", "Scan a parcel")
            await ana.signs_out()
        assert place.rows("SELECT status FROM manifest") == [("closed",)]
        assert place.rows("SELECT count(*) FROM parcel WHERE state = 'left'") == [(2,)]


async def _sealed(place: House, order: str) -> str:
    """An order for DHL that was packed and sealed; its SSCC."""
    await _given(place, _order(order, ("NW-001", 1), carrier_hint="DHL"))
    await place.scans("pack", order, "NW-001")
    reading = {"stability": "stable", "range": "ok", "newer_than_request": True, "emptied": True}
    await place.at("pack", c.Weigh, scale="scale", weight_mg=100 * GRAM_MG, reason="light", **reading)
    await place.at("pack", c.Seal)
    ((sscc,),) = place.rows("SELECT sscc FROM package WHERE fulfillment_id = ?", f"F-{order}")
    found: str = sscc
    return found
