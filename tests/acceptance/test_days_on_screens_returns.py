"""Days of a returns clerk, an inspector and a kitter at three sizes of screen: the real page alone."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser

from local_store.domain import commands as c
from local_store.domain import events as e
from tests.acceptance.screen_days import Hands, House, at_every_size, hands, house
from tests.acceptance.screen_days import chrome as chrome  # noqa: PLC0414 -- the fixture
from tests.support.dock import expected
from tests.support.floor import new_id, product

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

CHAI, X7 = "2900000000018", "2900000000209"


async def _goods(place: House) -> None:
    goods = (
        product("NW-001", CHAI, name="Chai", location_id="A-01-1"),
        product("NW-020", X7, name="Hand scanner X7", serial_required=True),
        product("NW-099", name="Gift box"),
        product("KIT-1", name="Breakfast hamper", location_id="K-01"),
    )
    await place.does(c.ReceiveProducts(command_id=new_id(), products=goods))


async def _a_return(place: House) -> None:
    """HQ announced that three teas and a scanner come back."""
    lines = (expected("NW-001", 3, "l-1"), expected("NW-020", 1, "l-2"))
    told = e.ReturnAnnounced(lane="main", return_id="R-1", number="RMA-1001", order_id="ord_10248", lines=lines)
    await place.does(c.ReceiveInbound(command_id=new_id(), returns=(told,)))


# --- the returns clerk --------------------------------------------------------------------------------------------


def _photo() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (1200, 800), "brown").save(kept, "PNG")
    return kept.getvalue()


@at_every_size
async def test_a_returns_clerks_day(chrome: Browser, tmp_path: Path, size: str) -> None:
    """Two good teas, a damaged one with its photo, a unit by its number, and something that nobody announced."""
    async with house(tmp_path) as place:
        await _goods(place)
        await _a_return(place)
        async with hands(chrome, place, size, "return", "rosa") as rosa:
            await rosa.is_refused("RMA-404", "RMA-404 is no return that is known here.")
            await rosa.chooses("R-1")
            await rosa.shows("answer-band", "Return RMA-1001, lines expected: 2.")
            await _takes_tea_back(rosa)
            await rosa.loads_again()
            await rosa.shows("goods-lines .counted .short", "damaged")
            await rosa.scans(X7, "scan its serial number")
            await rosa.taps("set-serial")
            await rosa.keys("SN-0001")
            await rosa.shows("next-thing .headline", "All of it is back")
            await rosa.scans("NW-099", "return RMA-1001 expects no more of it")
            await rosa.taps("complete")
            await rosa.shows("answer-band", "Units of return RMA-1001 that are here: 5.")
            await rosa.shows("next-thing", "Scan a return")
            await rosa.signs_out()
        assert place.rows("SELECT status FROM returned") == [("received",)]
        assert [place.units("returns", sku) for sku in ("NW-001", "NW-020", "NW-099")] == [3, 1, 1]
        assert place.rows("SELECT serial FROM serial WHERE sku = 'NW-020'") == [("SN-0001",)]
        assert place.rows("SELECT content_type FROM file") == [("image/jpeg",)]


async def _takes_tea_back(rosa: Hands) -> None:
    await rosa.scans(CHAI, "Chai (NW-001): 1 more, 1 in all.")
    await rosa.keys_quantity("3")
    await rosa.shows("goods-lines .counted", "3")
    await rosa.taps("undo")
    await rosa.shows("answer-band", "Taken back: 2 of Chai (NW-001).")
    await rosa.scans(CHAI, "2 in all.")
    await rosa.scans(CHAI, "3 in all.")
    await rosa.taps("set-condition", "damaged")
    await rosa.shows("goods-lines .counted .short", "damaged")
    await rosa.taps("more")
    await rosa.takes_a_photo("set-photo", _photo())
    await rosa.shows("answer-band", "The photo is kept with the 1 of Chai (NW-001) counted last.")


# --- the inspector ------------------------------------------------------------------------------------------------


@at_every_size
async def test_an_inspectors_day(chrome: Browser, tmp_path: Path, size: str) -> None:
    """Two teas are sold again, one is scrapped, the scanner goes to repair; a check of the receipt is decided."""
    async with house(tmp_path) as place:
        await _goods(place)
        await _a_return(place)
        await place.scans("back", "BADGE-ROSA", "RMA-1001", *["NW-001"] * 3, "NW-020", "SN-0001", "RMA-1001")
        async with hands(chrome, place, size, "inspect", "quinn") as quinn:
            await _checks(quinn)
            await quinn.chooses("R-1")
            await quinn.shows("next-thing .headline", "What becomes of it?")
            await quinn.is_refused(CHAI, "Say what becomes of it first")
            await _judges(quinn)
            await quinn.taps("complete")
            await quinn.shows("answer-band", "All that came of return RMA-1001 is inspected")
            await quinn.shows("next-thing", "nothing waits for inspection")
            await quinn.signs_out()
        assert [place.units("dock", sku) for sku in ("NW-001", "NW-020")] == [2, 0]
        assert [place.units("repair", "NW-020"), place.units("adjusted", "NW-001")] == [1, 1]
        assert place.rows("SELECT SUM(millionths) FROM stock WHERE account = 'returns'") == [(0,)]
        decided = place.rows("SELECT subject_id, status, seen FROM qc")
        assert decided == [("R-1", "resolved", "4")]


async def _checks(quinn: Hands) -> None:
    """Four units came: three are good, one is dirty, and all of it goes on to be inspected."""
    await quinn.taps("more", "qc-start")
    await quinn.keys("RMA-1001")
    await quinn.shows("check-cards .title", "RMA-1001")
    await quinn.shows("check-cards", "0 of 4 looked at")
    good, bad, decide = (quinn.at("check-cards .row button").nth(place) for place in range(3))
    assert await decide.is_disabled(), "nobody decides before all were looked at"
    await good.click()
    await quinn.keys("3")
    await quinn.shows("check-cards", "3 of 4 looked at")
    await bad.click()
    await quinn.taps("dirty")
    await quinn.keys("1")
    await quinn.shows("check-cards", "4 of 4 looked at")
    await decide.click()
    await quinn.taps("reshelve")
    await quinn.at("check-cards article").wait_for(state="hidden")


async def _judges(quinn: Hands) -> None:
    await quinn.taps("reshelve")
    await quinn.shows("answer-band", "What is scanned now:")
    await quinn.scans(CHAI, "Chai (NW-001): 1 more, 1 in all.")
    await quinn.scans(CHAI, "2 in all.")
    await quinn.scans(CHAI, "3 in all.")
    await quinn.taps("undo")
    await quinn.shows("answer-band", "Taken back: 1 of Chai (NW-001).")
    await quinn.taps("scrap")
    await quinn.shows("answer-band", "What is scanned now: scrap.")
    await quinn.scans(CHAI, "3 in all.")
    await quinn.is_refused(CHAI, "only 3 to inspect. Put this unit aside.")
    await quinn.loads_again()
    await quinn.shows("choice-list .chosen", "Scrap")
    await quinn.taps("repair")
    await quinn.shows("answer-band", "What is scanned now: repair.")
    await quinn.scans(X7, "scan its serial number")
    await quinn.is_refused("SN-0002", "SN-0002")
    await quinn.scans("SN-0001", "1 in all.")
    await quinn.shows("next-thing .headline", "All is inspected")


# --- the kitter ---------------------------------------------------------------------------------------------------


@at_every_size
async def test_a_kitters_day(chrome: Browser, tmp_path: Path, size: str) -> None:
    """Two hampers are wanted and one gift box is there: one is built short, the other when a box came."""
    async with house(tmp_path) as place:
        await _goods(place)
        await place.stocked("NW-001", "A-01-1", 20)
        await place.stocked("NW-099", "G-01-1", 2)
        bill = ({"sku": "NW-001", "qty": 3}, {"sku": "NW-099", "qty": 1})
        await place.does(c.RecordBill.model_validate({**_by_eve(), "sku": "KIT-1", "parts": bill}))
        order = {"number": "WO-77", "sku": "KIT-1", "qty": Decimal(2)}
        await place.does(c.MakeWorkOrder.model_validate({**_by_eve(), **order}))
        ((ident,),) = place.rows("SELECT work_order_id FROM kit_order")
        async with hands(chrome, place, size, "kit", "ben") as ben:
            await ben.chooses(ident)
            await _builds_what_can_be_built(ben)
            await ben.loads_again()
            await ben.scans("WO-77", "Work order WO-77: 1 of KIT-1.")
            await ben.scans("A-01-1", "A-01-1: scan")
            await ben.scans(CHAI, "1 in all.")
            await ben.keys_quantity("3")
            await ben.scans("G-01-1", "G-01-1: scan")
            await ben.scans("NW-099", "Everything is there, kits to build: 1.")
            await ben.taps("complete")
            await ben.shows("answer-band", "Built: 1 of KIT-1. Still to be built for work order WO-77: 0.")
            await ben.shows("next-thing", "nothing is to be built here")
            await ben.signs_out()
        assert place.rows("SELECT sku, qty, built FROM kit_order") == [("KIT-1", "2", "2")]
        shelves = (("NW-001", "location:A-01-1"), ("NW-099", "location:G-01-1"), ("KIT-1", "dock"))
        assert [place.units(at, sku) for sku, at in shelves] == [14, 0, 2]


def _by_eve() -> dict[str, object]:
    return {"command_id": new_id(), "worker_id": "eve"}


async def _builds_what_can_be_built(ben: Hands) -> None:
    await ben.shows("next-thing .headline", "Chai")
    await ben.scans("A-01-1", "A-01-1: scan")
    await ben.is_refused("NW-020", "Hand scanner X7 (NW-020)")
    await ben.scans(CHAI, "Chai (NW-001): 1 more, 1 in all.")
    await ben.keys_quantity("6")
    await ben.shows("goods-lines", "6 of 6")
    await ben.is_refused(CHAI, "work order WO-77 takes 6 at most")
    await ben.scans("G-01-1", "G-01-1: scan")
    await ben.scans("NW-099", "Gift box (NW-099): 1 more, 1 in all.")
    await ben.taps("undo")
    await ben.shows("answer-band", "Taken back: 1 of Gift box (NW-099).")
    await ben.scans("NW-099", "Gift box (NW-099): 1 more, 1 in all.")
    assert await ben.at("action-bar [data-key=complete]").is_disabled()
    await ben.taps("short", "component not there")
    await ben.shows("answer-band", "Built: 1 of KIT-1, still to be built: 1.")
