"""Slips of a running station: the route, the command, and the paper in a simulated printer."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from agent.cli.common import settings_from
from agent.wiring import Agent
from devices.simulators.receipt_printer import ReceiptPrinterSimulator
from local_store import journal, projections
from local_store.domain import events as e
from local_store.transaction import Transaction
from tests.support.floor import Bench, line, product
from tests.support.site import until, write_config

RECEIPTS = {"driver": "receipt_printer", "status_interval_s": 0.2, "answer_timeout_s": 0.2, "confirm_timeout_s": 1}


def give_work(folder: Path) -> None:
    """PL-7 waits, O-1 is packed."""
    bench = Bench(folder / "data", at="pack-1")
    bench.given_products(product("SKU-1", name="Hammer"))
    bench.given_picklist("PL-7", line("SKU-1", 2, "A-1"))
    bench.given_order("O-1", line("SKU-1", 2))
    bench.signed_in().packed("O-1", 500)
    bench.close()


def configured(folder: Path, receipts: dict[str, dict[str, Any]], places: dict[str, list[str]]) -> Path:
    write_config(
        folder / "edge.toml",
        {
            "station": {
                "id": "station-1",
                "warehouse_id": "WH-1",
                "data_dir": str(folder / "data"),
                "listen": "127.0.0.1:0",
                "ballast_mb": 0,
            },
            "workplaces": {name: {"work": "pack", "devices": devices} for name, devices in places.items()},
            "devices": receipts,
            "workers": {"ana": {"name": "Ana", "badge": "BADGE-ANA", "roles": ["packer"]}},
            "numbers": {"sscc": {"company_prefix": "0614141", "last": 9999}},
        },
    )
    return folder / "edge.toml"


class Station:
    """A running agent, asked as the command line asks it."""

    def __init__(self, agent: Agent, url: str, config: Path, session: aiohttp.ClientSession) -> None:
        self.agent, self.url, self.config, self.session = agent, url, config, session

    async def ask(self, **body: Any) -> tuple[int, Any]:
        """POST a slip."""
        async with self.session.post(f"{self.url}/v1/station/slips", json=body) as answer:
            return answer.status, await answer.json()

    async def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`edge-agent slip …` against it."""
        return await asyncio.to_thread(edge_agent, self.config, *arguments, "--url", self.url)


def edge_agent(config: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "agent", "slip", *arguments, "--config", str(config)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@asynccontextmanager
async def station(
    folder: Path, receipts: dict[str, dict[str, Any]], places: dict[str, list[str]]
) -> AsyncIterator[Station]:
    await asyncio.to_thread(give_work, folder)
    config = configured(folder, receipts, places)
    agent = Agent(settings_from(config), folder)
    stop, ready = asyncio.Event(), asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(agent.run(ready.set_result, stop))
    url = await ready
    key = (folder / "data" / "station.key").read_text()
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {key}"}) as session:
        yield Station(agent, url, config, session)
    stop.set()
    await serving


@pytest.fixture
async def printer() -> AsyncIterator[ReceiptPrinterSimulator]:
    simulator = ReceiptPrinterSimulator()
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def bench(tmp_path: Path, printer: ReceiptPrinterSimulator) -> AsyncIterator[Station]:
    receipts = {"slips": {**RECEIPTS, **printer.address}}
    async with station(tmp_path, receipts, {"pack-1": ["slips"], "pack-2": []}) as running:
        await until(lambda: state_of(running) == "ready", "the printer did not become ready")
        yield running


def state_of(running: Station) -> str:
    (_, kind, state), *_ = running.agent.station.strip.devices("pack-1")
    assert kind == "receipt_printer"
    return str(state.state)


async def test_a_slip_is_printed_once_and_the_answer_says_what_proves_it(
    bench: Station, printer: ReceiptPrinterSimulator
) -> None:
    status, body = await bench.ask(kind="packing", id="O-1")
    assert (status, body["slip"]["result"]) == (200, "printed")
    assert body["slip"]["sentence"] == "Printed on slips: it has worked it off and is in order."
    (paper,) = printer.slips
    assert "Hammer                                   2" in paper
    assert "[barcode 306141410000000013]" in paper
    done = await bench.command("shift", "--hours", "12")
    assert (done.returncode, done.stdout) == (0, "Printed on slips: it has worked it off and is in order.\n")
    assert "SHIFT REPORT" in printer.slips[1][0]
    assert printer.drawer_kicks == 0


async def test_a_printed_slip_is_a_fact_and_the_views_rebuild_to_the_same(bench: Station) -> None:
    await bench.ask(kind="pick", id="PL-7")
    store = bench.agent.station.store
    facts = [each.fact for each in journal.read(store.reader) if isinstance(each.fact, e.OfSlip)]
    assert facts == [e.SlipPrinted(workplace="pack-1", slip="pick", of="PL-7", printer="slips", evidence="status")]
    before = list(projections.dump(store.reader))

    def rebuild(tx: Transaction) -> None:
        projections.clear(tx.connection)
        for each in journal.read(tx.connection):
            projections.apply(tx.connection, each.seq, each.fact)

    await store.run(rebuild)
    assert list(projections.dump(store.reader)) == before


async def test_a_slip_in_doubt_is_told_recorded_and_not_sent_again(
    bench: Station, printer: ReceiptPrinterSimulator
) -> None:
    printer.plan_fault("cover_open", after_lines=3)
    done = await bench.command("pick", "PL-7")
    assert done.returncode == 1
    assert done.stdout.startswith("The receipt printer has its cover open, and the slip was not finished. Close the")
    doubts = [each.fact for each in journal.read(bench.agent.station.store.reader)]
    assert [fact.reason for fact in doubts if isinstance(fact, e.SlipDoubted)] == [
        "The receipt printer has its cover open, and the slip was not finished."
    ]
    printer.set_faults()
    await until(lambda: printer.slips and printer.idle, "what the printer held did not come out")
    assert len(printer.slips) == 1


async def test_without_paper_nothing_is_sent_and_the_screen_says_why(
    bench: Station, printer: ReceiptPrinterSimulator
) -> None:
    printer.set_faults("paper_end")
    _, body = await bench.ask(kind="pick", id="PL-7", workplace="pack-1")
    assert body["slip"] == {
        "result": "not_printed",
        "sentence": "Nothing was printed. The receipt printer is out of paper.",
        "next_step": "Put in a new roll.",
        "printer": "slips",
    }
    await until(bench.agent.station.strip.problems.open, "no problem is shown")
    (problem,) = bench.agent.station.strip.problems.open()
    assert (problem.sentence, problem.next_step) == ("The receipt printer is out of paper.", "Put in a new roll.")
    assert printer.printed == b""


REFUSALS: list[tuple[dict[str, Any], int, str]] = [
    ({"kind": "pick", "id": "PL-9"}, 404, "There is no picklist 'PL-9' on this station; there is PL-7."),
    (
        {"kind": "bill", "id": "PL-7"},
        422,
        "kind: Input should be 'packing', 'pick', 'discrepancy', 'shift' or 'manifest'",
    ),
    (
        {"kind": "pick", "id": "PL-7", "workplace": "pack-2"},
        409,
        "The workplace 'pack-2' has no receipt printer; there is one at pack-1.",
    ),
    ({"kind": "shift", "hours": 0}, 422, "hours: Input should be greater than or equal to 1"),
    (
        {"kind": "shift", "since": "2026-01-02T06:00:00Z", "until": "2026-01-02T05:00:00Z"},
        422,
        "A report ends after it begins, and is of 168 hours at most.",
    ),
    ({"kind": "shift", "since": "2026-01-02T06:00:00"}, 422, "since: Input should have timezone info"),
]


async def test_what_cannot_be_printed_is_refused_in_words(bench: Station, printer: ReceiptPrinterSimulator) -> None:
    for body, status, says in REFUSALS:
        got, answer = await bench.ask(**body)
        assert (got, says in answer["error"]["message"]) == (status, True), answer
    assert printer.printed == b""


async def test_a_program_without_the_stations_key_prints_nothing(
    bench: Station, printer: ReceiptPrinterSimulator
) -> None:
    async with (
        aiohttp.ClientSession() as stranger,
        stranger.post(f"{bench.url}/v1/station/slips", json={"kind": "shift"}) as answer,
    ):
        assert answer.status == 401
    assert printer.printed == b""


async def test_with_two_receipt_printers_the_workplace_must_be_said_and_each_prints_its_own(tmp_path: Path) -> None:
    one, other = ReceiptPrinterSimulator(), ReceiptPrinterSimulator()
    await one.start()
    await other.start()
    receipts = {"one": {**RECEIPTS, **one.address}, "other": {**RECEIPTS, **other.address, "confirm": "process_id"}}
    async with station(tmp_path, receipts, {"pack-1": ["one"], "pack-2": ["other"]}) as running:
        status, body = await running.ask(kind="pick", id="PL-7")
        assert (status, body["error"]["message"]) == (409, "Say at which workplace to print: pack-1, pack-2.")

        async def printed() -> bool:
            done = await running.command("pick", "PL-7", "--at", "pack-2")
            return done.stdout == "Printed on other, which said so.\n"

        await until(printed, "the other printer did not print")
        assert one.slips == []
        assert len(other.slips) == 1
    await one.stop()
    await other.stop()


async def test_a_station_without_a_receipt_printer_says_so_and_offers_the_text(tmp_path: Path) -> None:
    async with station(tmp_path, {}, {"pack-1": []}) as running:
        done = await running.command("pick", "PL-7")
        assert done.returncode == 2
        assert "This station has no receipt printer." in done.stderr
        assert "--text" in done.stderr
        shown = await running.command("pick", "PL-7", "--text")
        assert "Hammer                                              2 [    ]" in shown.stdout


def test_a_pick_ticket_can_be_had_as_text_while_screen_printer_and_agent_are_dead(tmp_path: Path) -> None:
    give_work(tmp_path)
    config = configured(tmp_path, {}, {"pack-1": []})
    shown = edge_agent(config, "pick", "PL-7", "--text")
    assert (shown.returncode, shown.stderr) == (0, "")
    lines = shown.stdout.splitlines()
    assert lines[0].strip() == "PICK PL-7"
    assert [each for each in lines if each.startswith("*")] == ["*PL-7*", "*A-1*", "*SKU-1*"]
    refused = edge_agent(config, "pick", "PL-9", "--text")
    assert (refused.returncode, refused.stderr) == (
        2,
        "There is no picklist 'PL-9' on this station; there is PL-7.\n",
    )
    dead = edge_agent(config, "pick", "PL-7", "--url", "http://127.0.0.1:9")
    assert dead.returncode == 2
    assert json.dumps("station.key")[1:-1] in dead.stderr
