"""The agent stops in the middle of every kind of act: nothing is lost or doubled, and the truth is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext

from tests.screens.conftest import DEADLINE_MS, HANDHELD, RECORD_SIGNALS, Screen
from tests.screens.stand_in import StandIn
from tests.support.floor import Bench, line, product
from tests.support.screen_station import ScreenStation, bench_of

pytestmark = pytest.mark.asyncio(loop_scope="session")
Ending = Callable[[ScreenStation, float], Coroutine[Any, Any, None]]
SHORT_STOP_S, LONG_STOP_S = 1.0, 10.0
OK, BROKEN = "key-pad [data-key=ok]", "reason-tiles [data-key=damaged]"
WEIGH, FIRST = "action-bar [data-key=weigh]", "action-bar .primary >> nth=0"
ITEM = "Item SKU-1 (SKU-1)"


async def scans(screen: Screen) -> None:
    await screen.scan("SKU-1")


async def keys_four(screen: Screen) -> None:
    await screen.at("button.amount").click()
    await screen.at("key-pad [data-key='4']").click()


async def says_short(screen: Screen) -> None:
    await screen.at("action-bar [data-key=short]").click()
    await screen.at("reason-tiles [data-key=damaged]").wait_for()


async def nothing(_screen: Screen) -> None:
    """Nothing comes before the act."""


def touches(selector: str) -> Callable[[Screen], Awaitable[None]]:
    async def touch(screen: Screen) -> None:
        await screen.at(selector).dispatch_event("click")  # at once: a stop is noticed after five seconds

    return touch


@dataclass(frozen=True)
class Kind:
    """An act, the fact it leads to, its answer, what the page says until then, and what is done before the act."""

    work: str
    act: Callable[[Screen], Awaitable[None]]
    fact: str
    answer: str
    unsent: str
    begin: Callable[[Screen], Awaitable[None]] = nothing


KINDS = {
    "pick-scan": Kind("pick", scans, "pick.counted", f"{ITEM}: 1 of 9.", "scan SKU-1"),
    "pick-quantity": Kind("pick", touches(OK), "pick.counted", f"{ITEM}: 4 of 9.", "quantity 4", keys_four),
    "pick-short": Kind(
        "pick", touches(BROKEN), "pick.short", f"{ITEM}: 9 short (damaged)", "short (damaged)", says_short
    ),
    "pick-undo": Kind("pick", touches("action-bar [data-key=undo]"), "pick.undone", "Taken back", "undo"),
    "pick-open": Kind(
        "pick", touches("choice-list [data-key=PL-pick-open]"), "picklist.started", "PL-pick-open is open", "open"
    ),
    "pick-complete": Kind(
        "pick", touches("action-bar [data-key=complete]"), "picklist.completed", "PL-pick-complete", "complete"
    ),
    "pick-sign-out": Kind("pick", touches(".sign-out"), "worker.signed_out", "Ana is signed out.", "sign out"),
    "pack-weigh": Kind("pack", touches(WEIGH), "package.weighed", "Seal the parcel.", "weigh"),
    "pack-seal": Kind("pack", touches(FIRST), "package.sealed", "Order O-pack-seal is sealed.", "seal"),
    "pack-label": Kind("pack", touches(FIRST), "label.confirmed", "Label", "the answer"),
}
QUICK = ("pick-scan", "pick-sign-out", "pack-seal")


def give_work(folder: Path, names: tuple[str, ...]) -> None:
    """Each act has a workplace of its own, where everything is done but the act itself."""
    bench = bench_of(folder, {name: KINDS[name].work for name in names})
    bench.given_products(product("SKU-1"), product("SKU-2", grams=None))
    for name in names:
        bench.at(name).signed_in()
        if KINDS[name].work == "pack":
            bench.given_order(f"O-{name}", line("SKU-2", 1))
            bench.scan(f"O-{name}", "SKU-2")
            bench.weigh(500)
        else:
            bench.given_picklist(f"PL-{name}", line("SKU-1", 9))
            pick_up_to(bench, name)
    bench.close()


def pick_up_to(bench: Bench, name: str) -> None:
    if name in {"pick-open", "pick-sign-out"}:
        return
    bench.scan(f"PL-{name}", "A-1")
    if name in {"pick-quantity", "pick-undo", "pick-complete"}:
        bench.scan("SKU-1")
    if name == "pick-complete":
        bench.key(9)


@asynccontextmanager
async def pages(
    folder: Path, browser: Browser, names: tuple[str, ...]
) -> AsyncIterator[tuple[ScreenStation, dict[str, Screen]]]:
    """The page of each act, at a running agent."""
    await asyncio.to_thread(give_work, folder, names)
    station = ScreenStation(folder, {name: KINDS[name].work for name in names})
    await station.start()
    width, height = HANDHELD
    context = await browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    await context.add_init_script(RECORD_SIGNALS)
    try:
        screens = {name: await opened(context, station, name) for name in names}
        if "pack-label" in names:
            await doubted(station, screens["pack-label"])
        station.scale.put_load_mg(500_000)
        yield station, screens
        assert [fault for screen in screens.values() for fault in screen.faults] == []
    finally:
        await context.close()
        await station.stop()


async def opened(context: BrowserContext, station: ScreenStation, name: str) -> Screen:
    screen = Screen(await context.new_page(), StandIn())
    screen.network_may_fail = True
    await screen.page.goto(f"{station.url}/{KINDS[name].work}?workplace={name}")
    await screen.at("body[data-connected='true']").wait_for()
    return screen


async def doubted(station: ScreenStation, screen: Screen) -> None:
    """The printer took the label, and is switched off before it came out."""
    await screen.at(FIRST).click()
    await screen.shows("label-jobs", "Label sent")
    await station.printer.unplug()
    await screen.shows("next-thing h1", "Did the label come out?")


async def goes_on_as_if_nothing_happened(station: ScreenStation, stop_s: float) -> None:
    await asyncio.sleep(stop_s)  # the stop itself is the fact under test
    station.carry_on()


async def is_killed_and_starts_again(station: ScreenStation, stop_s: float) -> None:
    await asyncio.sleep(stop_s)  # as above
    await station.kill_and_start()


async def acts_during_a_stop(
    station: ScreenStation,
    screens: dict[str, Screen],
    ending: Ending,
    stop_s: float,
) -> None:
    before = {name: station.facts(KINDS[name].fact) for name in screens}
    told = {name: await screen.text("answer-band") for name, screen in screens.items()}
    for name, screen in screens.items():
        await KINDS[name].begin(screen)
    station.pause()
    await asyncio.gather(*(KINDS[name].act(screen) for name, screen in screens.items()))
    for name, screen in screens.items():
        await screen.shows("unsent-note", f"Unsent: {KINDS[name].unsent}")
        assert await screen.text("answer-band") == told[name], "nothing is shown as done that is not"
    ended = asyncio.create_task(ending(station, stop_s))
    if stop_s == LONG_STOP_S:
        for screen in screens.values():
            await screen.shows("connection-band", "Not connected to the station.")
    await ended
    for name, screen in screens.items():
        await screen.at("answer-band").filter(has_text=KINDS[name].answer).wait_for(timeout=DEADLINE_MS)
        await screen.page.wait_for_function("() => document.querySelector('unsent-note').childElementCount === 0")
        assert await screen.text("held-note") == ""
        assert await screen.at("body").get_attribute("data-connected") == "true"
    facts = [KINDS[name].fact for name in screens]
    for name in screens:
        fact = KINDS[name].fact
        assert station.facts(fact) - before[name] == facts.count(fact), f"{name}: each act counts once"


ENDINGS = [goes_on_as_if_nothing_happened, is_killed_and_starts_again]


@pytest.mark.parametrize("ending", ENDINGS)
async def test_an_act_during_a_short_stop_counts_once_and_is_answered(
    tmp_path: Path, browser: Browser, ending: Ending
) -> None:
    async with pages(tmp_path, browser, QUICK) as (station, screens):
        await acts_during_a_stop(station, screens, ending, SHORT_STOP_S)


@pytest.mark.slow
@pytest.mark.parametrize("ending", ENDINGS)
async def test_every_kind_of_act_during_ten_seconds_of_stop_counts_once_and_is_answered(
    tmp_path: Path, browser: Browser, ending: Ending
) -> None:
    async with pages(tmp_path, browser, tuple(KINDS)) as (station, screens):
        await acts_during_a_stop(station, screens, ending, LONG_STOP_S)
