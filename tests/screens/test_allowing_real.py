"""A supervisor allows on a receiver's page, at a real agent: more than was announced, and an end with too little."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from agent import pins
from agent.cli.common import settings_from
from agent.people import WRONG_PIN
from agent.wiring import Agent
from local_store.domain import commands as c
from tests.screens.acting import keyed, more
from tests.screens.conftest import HANDHELD, RECORD_SIGNALS, Screen
from tests.screens.stand_in import StandIn
from tests.support.dock import announced, expected
from tests.support.floor import new_id, product
from tests.support.site import write_config

pytestmark = pytest.mark.asyncio(loop_scope="session")
PIN = "739154"
ANSWERED_MS = 16_000
"""A PIN is hashed slowly on purpose, and on a busy machine more slowly still."""
TEA, SALT = "4006381333931", "5901234123457"


@pytest_asyncio.fixture(loop_scope="session")
async def dock(tmp_path: Path) -> AsyncIterator[tuple[Agent, str]]:
    """A running agent: Rosa receives, Eve may allow; two of tea and four of salt are announced."""
    people = {
        "rosa": {"name": "Rosa", "badge": "BADGE-ROSA", "roles": ["receiver"]},
        "eve": {"name": "Eve", "badge": "BADGE-EVE", "roles": ["supervisor"], "pin_hash": pins.make(PIN)},
    }
    own = {"id": "st-1", "warehouse_id": "WH-1", "data_dir": "data", "listen": "127.0.0.1:0", "ballast_mb": 0}
    config = tmp_path / "edge.toml"
    write_config(config, {"station": own, "workplaces": {"dock": {"work": "receive"}}, "workers": people})
    agent = Agent(settings_from(config), tmp_path)
    stop, ready = asyncio.Event(), asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(agent.run(ready.set_result, stop))
    url = await ready
    goods = (product("TEA", TEA, name="Tea"), product("SALT", SALT, name="Salt"))
    await agent._store.execute(c.ReceiveProducts(command_id=new_id(), products=goods))
    asn = announced("ASN-1", expected("TEA", 2), expected("SALT", 4))
    await agent._store.execute(c.ReceiveInbound(command_id=new_id(), inbound=(asn,)))
    yield agent, url
    stop.set()
    await serving


@pytest_asyncio.fixture(loop_scope="session")
async def rosa(dock: tuple[Agent, str], browser: Browser) -> AsyncIterator[Screen]:
    """Rosa at her page, with the delivery open and both units of tea counted."""
    width, height = HANDHELD
    context = await browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    await context.add_init_script(RECORD_SIGNALS)
    screen = Screen(await context.new_page(), StandIn())
    screen.network_may_fail = True
    await screen.page.goto(f"{dock[1]}/receive")
    await screen.at("body[data-connected='true']").wait_for()
    for code, answer in (("BADGE-ROSA", "Hello Rosa."), ("ASN-1", "ASN-1 is open"), (TEA, "Tea"), (TEA, "2")):
        await screen.scan(code)
        await screen.shows("answer-band", answer)
    yield screen
    await context.close()
    assert screen.faults == []


async def eve_allows(screen: Screen, says: str, pin: str = PIN) -> None:
    await screen.shows("key-pad h2", "Supervisor: scan your badge")
    await screen.scan("BADGE-EVE")
    await screen.shows("key-pad h2", "Supervisor: key your PIN")
    await keyed(screen, pin)
    await screen.at("answer-band").filter(has_text=says).wait_for(timeout=ANSWERED_MS)


def facts(agent: Agent, kind: str) -> list[dict[str, Any]]:
    rows = agent._store.reader.execute("SELECT body FROM journal WHERE kind = ? ORDER BY seq", (kind,))
    return [json.loads(body) for (body,) in rows]


async def asks_for_three(screen: Screen) -> None:
    await screen.at("action-bar [data-key=inbound-allow]").click()
    await screen.at("reason-tiles [data-key='a gift']").click()
    await screen.shows("key-pad h2", "How many may come in all?")
    await keyed(screen, "3")


async def test_what_is_too_many_is_let_in_where_it_was_scanned(dock: tuple[Agent, str], rosa: Screen) -> None:
    agent, _ = dock
    await rosa.scan(TEA)
    await rosa.shows("answer-band", "2 announced, 3 would be too many")
    await asks_for_three(rosa)
    await eve_allows(rosa, WRONG_PIN, "000000")
    assert facts(agent, "inbound.allowed") == []
    await asks_for_three(rosa)
    await eve_allows(rosa, "Allowed: up to 3 of Tea (TEA).")
    await rosa.at("action-bar [data-key=inbound-allow]").wait_for(state="detached")  # nothing waits for it any more
    await rosa.scan(TEA)
    await rosa.shows("goods-lines .current", "3 of 2")
    (fact,) = facts(agent, "inbound.allowed")
    assert (fact["sku"], fact["qty"], fact["worker_id"], fact["approved_by"]) == ("TEA", "3", "rosa", "eve")
    (kept,) = agent._store.reader.execute("SELECT count(*) FROM journal WHERE body LIKE ?", (f"%{PIN}%",)).fetchone()
    assert kept == 0
    assert await rosa.text("station-strip .name bdi") == "Rosa"


async def test_a_product_that_is_allowed_is_named_by_scanning_it(dock: tuple[Agent, str], rosa: Screen) -> None:
    agent, _ = dock
    await more(rosa, "inbound-allow")
    await rosa.at("reason-tiles [data-key=wanted]").click()
    await rosa.shows("key-pad h2", "Scan what it is")
    await rosa.scan(SALT)
    await rosa.shows("key-pad h2", "How many may come in all?")
    await keyed(rosa, "9")
    await eve_allows(rosa, "Allowed: up to 9 of Salt (SALT).")
    assert [(fact["sku"], fact["qty"]) for fact in facts(agent, "inbound.allowed")] == [("SALT", "9")]


async def test_too_little_is_closed_with_a_supervisor_and_reopened_when_more_comes(
    dock: tuple[Agent, str], rosa: Screen
) -> None:
    agent, _ = dock
    await rosa.at("action-bar [data-key=complete]").click()
    await rosa.shows("next-thing", "Scan a delivery")
    await rosa.scan("ASN-1")
    await rosa.shows("answer-band", "ASN-1 is open")
    await more(rosa, "inbound-close")
    await eve_allows(rosa, "ASN-1 is closed")
    assert facts(agent, "inbound.closed")[0]["approved_by"] == "eve"
    await rosa.scan("ASN-1")
    await rosa.shows("answer-band", "Nothing was counted")
    await more(rosa, "inbound-reopen")
    await rosa.shows("reason-tiles h2", "Reopen ASN-1")
    await rosa.at("reason-tiles [data-key='more came']").click()
    await rosa.shows("answer-band", "ASN-1 is open again.")
    assert [fact["reason"] for fact in facts(agent, "inbound.reopened")] == ["more came"]
