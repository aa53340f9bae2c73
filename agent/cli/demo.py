"""`edge-agent demo`: HQ, a station and simulated devices on this machine, with a small day of work."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, Self

import click

from agent import memory, training
from agent.cli.common import Refusal, settings_from
from agent.cli.hq import call, import_ndjson
from agent.cli.run import write_atomically
from agent.log import set_up_logging

START_TIMEOUT_S = 30
ORDERS_PER_PICKLIST = 3
CODES = (
    "Badge of Ana: BADGE-ANA. Picklists, locations and products have their codes on the bench page.\n"
    "Stop with Ctrl+C. Start again with the same --folder to go on where you were."
)


class Day(NamedTuple):
    """Where and as whom the simulated day is worked. Nothing of a real station is in it but its ways."""

    station: str = "demo-1"
    listen: str = "127.0.0.1:0"
    language: str = "en"
    timezone: str = "UTC"
    apart: bool = False
    """Whether its folder is marked, so that no real station ever works on it."""


@click.command()
@click.option("--folder", type=click.Path(path_type=Path), default=Path("build/demo"), show_default=True)
@click.option("--fresh/--keep", default=True, show_default=True, help="Begin with an empty store.")
@click.option("--ready-file", type=click.Path(path_type=Path), help="Written once the screens answer.")
def demo(folder: Path, *, fresh: bool, ready_file: Path | None) -> None:
    """Try everything on this machine: nothing is installed, all ports are free ones."""
    work_day(folder, Day(), ready_file, fresh=fresh)


def work_day(folder: Path, day: Day, ready_file: Path | None, *, fresh: bool) -> None:
    """HQ, station and devices in one folder, until somebody stops it."""
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    folder = folder.resolve()
    if day.apart:
        training.mark(folder)
    set_up_logging("WARNING")
    with _Hq(folder) as hq:
        if not (folder / "loaded").exists():
            load_day(hq.url, hq.key("office"))
            (folder / "loaded").touch()
        asyncio.run(_station(folder, hq, day, ready_file))


def load_day(url: str, key: str) -> None:
    """Give HQ products, stock, orders, and picklists to pick."""
    from agent.demo import lines_of, rows_of  # noqa: PLC0415

    for kind, source in (("products", "products"), ("stock", "stock"), ("fulfillments", "orders")):
        report = import_ndjson(url, key, kind, lines_of(source))
        if report["rejected"]:
            raise Refusal(f"The demo day does not load: {report['errors']}")
    found = call(url, key, f"/fulfillments?limit={len(rows_of('orders'))}")["items"]
    ids = [each["id"] for each in found]
    priorities = ("urgent", "high", "normal", "low")
    for number, start in enumerate(range(0, len(ids), ORDERS_PER_PICKLIST)):
        wave = {
            "warehouse_id": "wh_1",
            "fulfillment_ids": ids[start : start + ORDERS_PER_PICKLIST],
            "priority": priorities[number % len(priorities)],
        }
        call(url, key, "/picklists", json.dumps(wave).encode())


class _Hq:
    """The central service as a process of its own, for as long as the demo runs."""

    def __init__(self, folder: Path) -> None:
        self._keys, self._ready, self._log = folder / "hq-keys.json", folder / "hq.ready", folder / "hq.log"
        self._database = folder / "hq.sqlite3"
        self.url = ""

    def __enter__(self) -> Self:
        self._ready.unlink(missing_ok=True)
        arguments = ["--database", str(self._database), "--port", "0", "--dev-keys", str(self._keys)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 -- our own program
                [sys.executable, "-m", "hq", *arguments, "--ready-file", str(self._ready)],
                stdout=log,
                stderr=log,
            )
        asyncio.run(self._wait())
        self.url = json.loads(self._ready.read_text())["url"]
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(START_TIMEOUT_S)

    def key(self, role: str) -> str:
        """The key of a role."""
        found: str = json.loads(self._keys.read_text())[role]
        return found

    async def _wait(self) -> None:
        async with asyncio.timeout(START_TIMEOUT_S):
            while not self._ready.exists():
                if self._process.poll() is not None:
                    raise Refusal(f"HQ did not start; see {self._log}.")
                await asyncio.sleep(0.02)


async def _station(folder: Path, hq: _Hq, day: Day, ready_file: Path | None) -> None:
    from agent.api.bench import BenchApi  # noqa: PLC0415
    from agent.wiring import Agent  # noqa: PLC0415
    from devices.simulators.bench import BenchDevices  # noqa: PLC0415

    bench = BenchDevices(
        folder / "devices",
        scanners=("pick-scanner", "pack-scanner"),
        resolution=Decimal("0.01"),
        capacity=Decimal(150),
    )
    await bench.start()
    config = folder / "edge.toml"
    config.write_text(_config(hq.url, bench.settings(), day), encoding="utf-8")
    secrets = folder / "secrets"
    secrets.mkdir(exist_ok=True)
    (secrets / "hq-main").touch(mode=0o600)
    (secrets / "hq-main").write_text(hq.key("station"))
    api = BenchApi(bench)
    agent = Agent(settings_from(config), folder, training=True, more_routes=[api.routes()], file=config)
    api.station = agent.station
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)

    def ready(url: str) -> None:
        print(f"Pick    {url}/pick\nPack    {url}/pack\nDevices {url}/bench\nHQ      {hq.url}\n{CODES}", flush=True)
        if ready_file is not None:
            write_atomically(ready_file, json.dumps({"url": url, "hq": hq.url}))

    memory.settle()
    try:
        await agent.run(ready, stop)
    finally:
        await bench.stop()


def _config(hq_url: str, devices: dict[str, dict[str, Any]], day: Day) -> str:
    sections = [
        _station_table(day),
        f'[hq.main]\ndialect = "ofs"\nurl = "{hq_url}"\ntenant = "demo"\nsecret = "hq-main"\npoll_s = 2',
        '[workplaces.pick]\nwork = "pick"\ndevices = ["pick-scanner"]',
        '[workplaces.pack]\nwork = "pack"\ndevices = ["pack-scanner", "scale", "printer"]',
        '[workers.ana]\nname = "Ana"\nbadge = "BADGE-ANA"\nroles = ["picker", "packer"]',
        '[workers.ben]\nname = "Ben"\nbadge = "BADGE-BEN"\nroles = ["packer"]',
        '[numbers.sscc]\ncompany_prefix = "0614141"\nlast = 99999',
        '[ship_from]\nname = "Demo warehouse"\naddress1 = "Dock 3"\ncity = "Rotterdam"\ncountry = "Netherlands"',
    ]
    for name, settings in devices.items():
        members = "\n".join(f"{key} = {json.dumps(value)}" for key, value in settings.items())
        sections.append(f"[devices.{name}]\n{members}")
    return "\n\n".join(sections) + "\n"


def _station_table(day: Day) -> str:
    return "\n".join(
        (
            "[station]",
            f'id = "{day.station}"',
            'warehouse_id = "wh_1"',
            'data_dir = "store"',
            f'listen = "{day.listen}"',
            f'language = "{day.language}"',
            f'timezone = "{day.timezone}"',
            "ballast_mb = 1",
        )
    )
