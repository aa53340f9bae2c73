"""A doubtful label is on the packer's screen within three seconds: a whole agent, a real socket, a page."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import uuid_utils.compat as uuid

from agent.cli.common import settings_from
from agent.wiring import Agent
from devices.simulators.zpl_printer import ZplPrinterSimulator
from local_store.domain import commands as c
from local_store.domain import events as e

EDGE_TOML = """
[station]
id = "station-1"
warehouse_id = "WH-1"
data_dir = "data"
listen = "127.0.0.1:0"
ballast_mb = 0

[devices.printer]
driver = "zpl_printer"
host = "127.0.0.1"
port = {port}

[workplaces.pack]
work = "pack"
devices = ["printer"]

[workers.ana]
name = "Ana"
badge = "BADGE-ANA"
roles = ["packer"]

[numbers.sscc]
company_prefix = "0614141"
last = 99
"""


@asynccontextmanager
async def running(folder: Path, printer: ZplPrinterSimulator) -> AsyncIterator[tuple[Agent, str]]:
    (folder / "edge.toml").write_text(EDGE_TOML.format(port=printer.port))
    agent = Agent(settings_from(folder / "edge.toml"), folder)
    stop, ready = asyncio.Event(), asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(agent.run(ready.set_result, stop))
    yield agent, await ready
    stop.set()
    await serving


async def seal_an_order(agent: Agent) -> None:
    line = e.WorkLine(order_line_id="1", sku="S", qty=1, picked=1)
    fulfillment = e.FulfillmentReceived(
        lane="main", fulfillment_id="F1", order_id="O1", warehouse_id="w", party_id="P", lines=(line,), picked=True
    )
    party = c.Party(party_id="P", name="Toms", address={"city": "Köln"})
    stable = {"scale": "scale", "weight_mg": 1, "stability": "stable", "range": "ok", "newer_than_request": True}
    stable["emptied"] = True
    acts: list[tuple[type[c.Command], dict[str, Any]]] = [
        (c.ReceiveWork, {"fulfillments": (fulfillment,), "parties": (party,)}),
        (c.Scan, {"workplace": "pack", "code": "BADGE-ANA"}),
        (c.OpenWork, {"workplace": "pack", "id": "F1"}),
        (c.Scan, {"workplace": "pack", "code": "S"}),
        (c.Weigh, {"workplace": "pack", **stable}),
        (c.Seal, {"workplace": "pack"}),
    ]
    for kind, members in acts:
        receipt = await agent.station.store.execute(kind(command_id=uuid.uuid7(), **members))
    assert receipt.answer.code == "pack.sealed"


async def label_on_screen(socket: aiohttp.ClientWebSocketResponse, state: str) -> dict[str, Any]:
    """Wait until the page is told of a label in this state."""
    while True:
        message = json.loads((await socket.receive()).data)
        if message["kind"] == "view":
            for label in message["view"]["labels"]:
                if label["state"] == state:
                    found: dict[str, Any] = label
                    return found


async def test_a_doubtful_label_is_on_the_screen_within_three_seconds_with_its_three_questions(
    tmp_path: Path,
) -> None:
    printer = ZplPrinterSimulator(print_s=60)
    await printer.start()
    async with running(tmp_path, printer) as (agent, url), asyncio.timeout(60):
        jar = aiohttp.CookieJar(unsafe=True)  # the station's address is a number
        async with aiohttp.ClientSession(cookie_jar=jar) as page:
            (await page.get(f"{url}/pack")).release()
            async with page.ws_connect(f"{url}/v1/station/live?workplace=pack") as socket:
                await seal_an_order(agent)
                await label_on_screen(socket, "sent")
                cut_at = time.monotonic()
                await printer.unplug()
                label = await label_on_screen(socket, "uncertain")
                took_s = time.monotonic() - cut_at
    assert took_s < 3
    assert label["sentence"].endswith("Did it come out?")
    assert [each["decision"] for each in label["questions"]] == ["came_out", "did_not", "damaged"]
    await printer.stop()
