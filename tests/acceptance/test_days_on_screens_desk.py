"""A supervisor's day at her desk, on a tablet and on a desktop: a real agent, the real pages of the desk, no HQ."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from local_store.domain import commands as c
from local_store.domain import events as e
from tests.acceptance.screen_days import DEADLINE_MS, PIN, Hands, House, at_a_desk, house, page_of
from tests.acceptance.screen_days import chrome as chrome  # noqa: PLC0414 -- the fixture
from tests.screens.conftest import PICTURES
from tests.support.floor import new_id, product
from tests.support.loading import PARTY
from tests.support.site import until

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


async def _a_morning(place: House) -> None:
    """Ana picked three units of PL-1, one of another line was not there; HQ cancelled PL-1. Nobody took PL-2 yet."""
    goods = tuple(product(sku, name=name) for sku, name in (("NW-001", "Chai"), ("NW-002", "Chang")))
    await place.does(c.ReceiveProducts(command_id=new_id(), products=goods))
    for ident in ("PL-1", "PL-2"):
        await _listed(place, ident)
    await place.scans("pick", "BADGE-ANA", "PL-1", "A-01-1", *["NW-001"] * 3)
    receipt = await place.agent._store.execute(c.Scan(command_id=new_id(), workplace="pick", code="NW-001"))
    assert receipt.refused
    await place.scans("pick", "B-02-1")
    await place.at("pick", c.MarkShort, reason="location empty")
    gone: dict[str, Any] = {"thing": "picklist", "work_id": "PL-1", "state": "cancelled"}
    await place.does(c.SeeWork(command_id=new_id(), lane="main", **gone))


async def _listed(place: House, ident: str) -> None:
    lines = (("NW-001", 3, "A-01-1"), ("NW-002", 2, "B-02-1"))
    names = {"fulfillment_id": f"F-{ident}", "lane": "main"}
    wanted = tuple(e.WorkLine(order_line_id=f"{ident}-{sku}", sku=sku, qty=Decimal(qty)) for sku, qty, _ in lines)
    of = {"order_id": f"O-{ident}", "warehouse_id": "WH-1", "party_id": "party-1", "lines": wanted}
    order = e.FulfillmentReceived.model_validate({**names, **of})
    tasks = tuple(
        e.TaskPlan(
            task_id=f"{ident}-{sku}",
            fulfillment_id=f"F-{ident}",
            order_line_id=f"{ident}-{sku}",
            location_id=at,
            sku=sku,
            qty=Decimal(qty),
        )
        for sku, qty, at in lines
    )
    picklist = e.PicklistReceived(lane="main", picklist_id=ident, priority="normal", ship_by=None, tasks=tasks)
    given = {"fulfillments": (order,), "parties": (PARTY,), "picklist": picklist}
    await place.does(c.ReceiveWork(command_id=new_id(), **given))


@at_a_desk
async def test_a_supervisors_day(chrome: Browser, tmp_path: Path, size: str) -> None:
    """She reads the figures, signs in, arranges, decides what HQ took back, reads a story, and takes tables along."""
    async with house(tmp_path) as place:
        await _a_morning(place)
        async with page_of(chrome, size, f"{place.url}/supervise", "supervisor") as eve:
            await _reads_the_figures(eve)
            await _signs_in(eve)
            await _arranges(eve)
            await _decides(eve)
            await _reads_a_story(eve)
            rows = await _saves(eve, "labour", "tab today")
            assert [row[0] for row in rows] == ["Name", "Ana"]
            await eve.page.screenshot(path=PICTURES / f"day_supervisor_{size}_today.png", full_page=True)
            await _reads_the_report(eve)
        by_eve = place.rows("SELECT kind FROM journal WHERE actor = 'eve' ORDER BY seq")
        given, decided = ["picklist.given"] * 2, ["exception.decided"] * 2
        arranged = ["picklist.prioritised", *given, "task.created", *decided]
        assert [kind for (kind,) in by_eve if kind in arranged] == arranged
        assert place.rows("SELECT picklist_id, given_to, priority FROM picklist") == [("PL-2", "ben", 0)]
        assert place.units("location:A-01-1", "NW-001") == 0, "what was picked for nothing is back"
        assert place.rows("SELECT instructions, worker_id FROM hand_task") == [("Count D-01-3", "rosa")]


async def _reads_the_figures(eve: Hands) -> None:
    await eve.shows("today-view .scope", "This station only.")
    await eve.shows("[data-figure='mis_picks'] .figure", "1")
    await eve.shows("today-view .ranks", "B-02-1")
    await eve.shows("today-view .card[aria-label='Labour time']", "Ana")
    await eve.touches(eve.at("[data-key='tab decide']"))
    await eve.shows("decide-view .notice", "Sign in with a supervisor's badge and PIN")
    assert await eve.at("decide-view .case .row button:enabled").count() == 0, "looking is not deciding"


async def _is_told(eve: Hands, said: str) -> None:
    """An answer stands where she looks, wherever on the page she is."""
    await eve.shows("#said", said)
    await expect(eve.at("#said")).to_be_in_viewport(ratio=0.98, timeout=DEADLINE_MS)


async def _signs_in(eve: Hands) -> None:
    """With the wrong PIN first."""
    eve.network_may_fail = True  # the browser notes the refusal of the wrong PIN
    for pin, said in (("111111", "PIN"), (PIN, "Eve is signed in here and may decide.")):
        if pin != PIN:
            await eve.touches(eve.at("[data-key='sign-in']"))
        await eve.scan("BADGE-EVE")
        await eve.at("#pin:focus").wait_for(timeout=DEADLINE_MS)
        await eve.page.keyboard.type(pin, delay=60)
        await expect(eve.at("#pin")).to_have_value(pin, timeout=DEADLINE_MS)
        await eve.touches(eve.at("desk-who [data-key=send]"))
        await _is_told(eve, said)
    await until(lambda: eve.network_failed, "the browser did not note the refusal")
    eve.network_may_fail = False


async def _arranges(eve: Hands) -> None:
    await eve.touches(eve.at("[data-key='tab arrange']"))
    await eve.at("[data-key='list PL-2']").click()
    await eve.page.get_by_role("button", name="urgent", exact=True).click()
    await _is_told(eve, "PL-2 is urgent now.")
    await eve.page.get_by_role("button", name="Ana", exact=True).click()
    await _is_told(eve, "PL-2 is for Ana now.")
    await eve.page.get_by_role("button", name="Ben", exact=True).click()
    await _is_told(eve, "PL-2 is for Ben now.")
    await eve.at("#task-what").fill("Count D-01-3")
    await eve.at("#task-who").select_option("rosa")
    await eve.at("[data-key='sv_make_task']").click()
    await _is_told(eve, "The task is in the list")
    await eve.shows("arrange-view table", "Count D-01-3")


async def _decides(eve: Hands) -> None:
    await eve.shows("[data-key='tab decide'] .count", "1")
    await eve.at("[data-key='tab decide']").click()
    await eve.shows("decide-view .case", "HQ cancelled picklist PL-1")
    await eve.touches(eve.page.get_by_role("button", name="Hold it for now"))
    await _is_told(eve, "picklist PL-1 is held.")
    await eve.touches(eve.page.get_by_role("button", name="Put it back (proposed)"))
    await _is_told(eve, "picklist PL-1 is no longer here.")
    await eve.shows("decide-view", "HQ took nothing back")


async def _reads_a_story(eve: Hands) -> None:
    await eve.touches(eve.at("#code"))
    await eve.page.keyboard.type("O-PL-2", delay=60)
    await expect(eve.at("#code")).to_have_value("O-PL-2", timeout=DEADLINE_MS)
    await eve.touches(eve.at("[data-key='find']"))
    await eve.shows("story-view h2", "Order F-PL-2")
    await eve.shows("story-view .story", "Order came from HQ")
    await eve.scan("PL-2")
    await eve.shows("story-view h2", "Picklist PL-2")
    await eve.shows("story-view .story [data-action='picklist.given']", "Eve")


async def _saves(eve: Hands, table: str, tab: str) -> list[list[str]]:
    """The rows of a table as the file has them."""
    await eve.touches(eve.at(f"[data-key='{tab}']"))
    async with eve.page.expect_download() as saving:
        await eve.at(f"[data-csv='{table}']").click(timeout=DEADLINE_MS)
    with (await (await saving.value).path()).open(encoding="utf-8-sig", newline="") as saved:
        return list(csv.reader(saved))


async def _reads_the_report(eve: Hands) -> None:
    await eve.page.get_by_role("link", name="Shift report").click()
    for what, many in (("Units picked", "3"), ("Lines short", "1")):
        row = eve.at("shift-report tr").filter(has_text=what)
        await row.filter(has_text=many).first.wait_for(timeout=DEADLINE_MS)
    await eve.touches(eve.at("[data-key='last 12']"))
    await eve.shows("shift-report", "Ana")
    async with eve.page.expect_download() as saving:
        await eve.touches(eve.at("[data-key='csv']"))
    assert (await saving.value).suggested_filename.endswith(".csv")
