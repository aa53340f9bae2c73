"""Days of a receiver, of who puts goods away, and of a counter at three sizes of screen: the real page alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.codes import sscc_of
from tests.acceptance.screen_days import Hands, House, at_every_size, hands, house
from tests.acceptance.screen_days import chrome as chrome  # noqa: PLC0414 -- the fixture
from tests.support.dock import announced, expected, location, on_pallet, pallet
from tests.support.floor import new_id, product

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

CHAI, CHANG = "2900000000018", "2900000000025"
PALLET = sscc_of("0614141", 3, 77)


async def _lorry(place: House, *lines: e.AnnouncedLine, pallets: tuple[e.AnnouncedPallet, ...] = ()) -> None:
    """A delivery is announced, and the shelves for it are known: A-02-1 is small."""
    goods = (
        product("NW-001", CHAI, name="Chai", location_id="A-01-1"),
        product("NW-002", CHANG, name="Chang", lot_required=True, expiry_required=True),
        product("NW-003", "2900000000032", name="Aniseed Syrup"),
    )
    await place.does(c.ReceiveProducts(command_id=new_id(), products=goods))
    asn = announced("ASN-4711", *lines, pallets=pallets, supplier="Exotic Liquids")
    shelves = (location("A-01-1", 1, 200), location("A-02-1", 2, 10), location("B-01-1", 3, 500))
    await place.does(c.ReceiveInbound(command_id=new_id(), inbound=(asn,), locations=shelves))


# --- the receiver -------------------------------------------------------------------------------------------------


@at_every_size
async def test_a_receivers_day(chrome: Browser, tmp_path: Path, size: str) -> None:
    """A whole quantity, a damaged unit, a lot and a date by touch, one too many taken back, one rejected."""
    async with house(tmp_path) as place:
        await _lorry(place, expected("NW-001", 24), expected("NW-002", 2))
        async with hands(chrome, place, size, "receive", "rosa") as rosa:
            await rosa.chooses("ASN-4711")
            await rosa.shows("answer-band", "ASN-4711")
            await rosa.is_refused("NW-777", "NW-777 is not known here.")
            await _receives_chai(rosa)
            await rosa.loads_again()
            await rosa.shows("goods-lines .counted", "23")
            await _receives_chang(rosa)
            await rosa.taps("complete")
            await rosa.shows("next-thing", "Scan a delivery")
            await rosa.signs_out()
        assert (place.units("dock", "NW-001"), place.units("damaged", "NW-001")) == (23, 1)
        lines = place.rows("SELECT lot_id, expires_on FROM received_line WHERE sku = 'NW-002'")
        assert lines == [("L-44", "2031-03-31")]
        differs = place.rows("SELECT differs, reason FROM discrepancy WHERE differs = 'rejected'")
        assert differs == [("rejected", "too warm")]


async def _receives_chai(rosa: Hands) -> None:
    await rosa.scans(CHAI, "Chai (NW-001)")
    await rosa.keys_quantity("23")
    await rosa.shows("goods-lines .current", "23 of 24")
    await rosa.scans("NW-001", "24 in all")
    await rosa.scans(CHAI, "24 announced, 25 would be too many")
    await rosa.at("answer-band[data-meaning=ask]").wait_for()
    await rosa.taps("set-condition", "damaged")
    await rosa.shows("goods-lines .counted .short", "damaged")


async def _receives_chang(rosa: Hands) -> None:
    for expiry in ("300331", "310331"):
        await rosa.scans(CHANG, "scan or key its lot")
        await rosa.taps("set-lot")
        await rosa.keys("L-44")
        await rosa.shows("next-thing .amount", "scan its expiry date")
        await rosa.taps("set-expiry")
        await rosa.keys(expiry)
        await rosa.shows("next-thing .facts", f"20{expiry[:2]}-03-31")
        if expiry == "300331":
            await rosa.taps("undo")
            await rosa.shows("answer-band", "Taken back: 1 of Chang (NW-002).")
    await rosa.taps("more", "inbound-reject", "too warm")
    await rosa.keys("1")
    await rosa.shows("answer-band", "1 of Chang (NW-002)")


# --- who puts goods away ------------------------------------------------------------------------------------------


@at_every_size
async def test_a_day_of_who_puts_goods_away(chrome: Browser, tmp_path: Path, size: str) -> None:
    """Goods go to their home, not to a shelf that is too small; a pallet goes where there is room."""
    async with house(tmp_path) as place:
        on = pallet(PALLET, on_pallet("NW-003", 48))
        await _lorry(place, expected("NW-001", 23), expected("NW-003", 48), pallets=(on,))
        await place.scans("dock", "BADGE-ROSA", "ASN-4711", *["NW-001"] * 23, PALLET)
        await place.at("dock", c.Complete)
        async with hands(chrome, place, size, "put-away", "rosa") as rosa:
            await rosa.is_refused("A-01-1", "Nothing is in hand. Scan an item or a pallet")
            await rosa.chooses("NW-001")
            await rosa.shows("next-thing .headline", "A-01-1")
            await rosa.taps("undo")
            await rosa.shows("answer-band", "is back on the dock.")
            await rosa.scans(CHAI, "Bring it to A-01-1")
            await rosa.keys_quantity("23")
            await rosa.shows("next-thing .amount", "put 23 there")
            await rosa.is_refused(PALLET, "is in hand. Bring that to A-01-1 first")
            await rosa.is_refused("A-02-1", "A-02-1 has room for 10 more, in hand: 23. Bring it to A-01-1.")
            await rosa.loads_again()
            await rosa.shows("next-thing .amount", "put 23 there")
            await rosa.scans("A-01-1", "is at A-01-1.")
            await rosa.chooses(PALLET)
            await rosa.shows("next-thing .detail", PALLET)
            await rosa.scans("B-01-1", "is at B-01-1.")
            await rosa.shows("next-thing", "the dock is empty")
            await rosa.signs_out()
        found = [place.units(at, sku) for sku, at in (("NW-001", "location:A-01-1"), ("NW-003", "location:B-01-1"))]
        assert found == [23, 48]
        assert place.rows("SELECT sku FROM stock WHERE account = 'dock' AND millionths <> 0") == []


# --- the counter --------------------------------------------------------------------------------------------------


@at_every_size
async def test_a_counters_day(chrome: Browser, tmp_path: Path, size: str) -> None:
    """Rosa counts what is far from what is believed; Ben counts again and is believed. Another shelf is empty."""
    async with house(tmp_path) as place:
        goods = (product("NW-001", CHAI, name="Chai"),)
        await place.does(c.ReceiveProducts(command_id=new_id(), products=goods))
        counts = tuple(
            e.CountRequested(count_task_id=f"count_{n}", location_id=at, reason="stocktake")
            for n, at in enumerate(("A-01-1", "B-02-1"))
        )
        await place.does(c.ReceiveInbound(command_id=new_id(), counts=counts))
        await place.stocked("NW-001", "A-01-1", 20)
        async with hands(chrome, place, size, "count", "rosa") as rosa:
            await rosa.chooses("count_0")
            await rosa.shows("next-thing .headline", "A-01-1")
            await rosa.is_refused("B-02-1", "This is B-02-1, and the count is of A-01-1.")
            await rosa.scans("A-01-1", "A-01-1: scan")
            await _counts(rosa, "13")
            await rosa.taps("undo")
            await rosa.shows("answer-band", "Taken back")
            await rosa.loads_again()
            await _counts(rosa, "12")
            await rosa.scans("A-01-1", "somebody else will count it again")
            await rosa.scans("B-02-1", "B-02-1: scan")
            await rosa.taps("scan")
            await rosa.shows("action-bar", "Yes, it is empty")
            await rosa.taps("scan")
            await rosa.shows("next-thing", "Scan a location")
            await rosa.signs_out()
            await rosa.scans("BADGE-BEN", "Hello Ben.")
            await rosa.shows("choice-list", "recount")
            await rosa.scans("A-01-1", "A-01-1: scan")
            await _counts(rosa, "12")
            await rosa.taps("complete")
            await rosa.shows("next-thing", "no count is asked for here")
            await rosa.signs_out()
        assert place.units("location:A-01-1", "NW-001") == 12
        assert place.rows("SELECT DISTINCT status FROM count_task") == [("settled",)]


async def _counts(who: Hands, units: str) -> None:
    await who.scans(CHAI, "Chai (NW-001)")
    await who.keys_quantity(units)
    await who.shows("next-thing .amount", f"{units} counted")
