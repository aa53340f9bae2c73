"""A real agent with simulated devices, for pages in a real browser: it can be paused, killed and started again."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from devices.simulators.line_scanner import LineScannerSimulator
from devices.simulators.mt_sics_scale import MtSicsScaleSimulator
from devices.simulators.zpl_printer import ZplPrinterSimulator
from tests.support.floor import SITE, Bench
from tests.support.site import Process, free_port, until, write_config

WEIGHED_AT, PRINTED_AT, SCANNED_AT = "pack-weigh", "pack-label", "pick-scanner"
PRINT_S = 60.0
"""Longer than a test: what the printer took is not out yet."""


def bench_of(folder: Path, places: Mapping[str, str]) -> Bench:
    """The store of the station before its agent runs."""
    return Bench(folder / "data", replace(SITE, workplaces=dict(places)))


class ScreenStation:
    """`edge-agent run` over the store in `folder/data`, with a scale, a printer and a scanner at their workplaces."""

    def __init__(self, folder: Path, places: Mapping[str, str]) -> None:
        self.folder, self.places = folder, places
        self.scale = MtSicsScaleSimulator(
            folder / "scale", unit="kg", resolution=Decimal("0.001"), capacity=Decimal(30), settle_s=0.02
        )
        self.printer = ZplPrinterSimulator(print_s=PRINT_S)
        self.scanner = LineScannerSimulator(folder / "scanner")
        self.agent = Process(folder, "agent", ["-m", "agent", "run", "--config", str(folder / "edge.toml")])
        self._port = free_port()
        self.url = ""

    async def start(self) -> None:
        """Switch everything on."""
        for device in (self.scale, self.printer, self.scanner):
            await device.start()
        self._write_config()
        self.url = await self.agent.start()

    async def stop(self) -> None:
        """Switch everything off."""
        self.carry_on()
        self.agent.stop()
        for device in (self.scale, self.printer, self.scanner):
            await device.stop()

    def pause(self) -> None:
        """The agent does nothing from now on, and its connections stay."""
        os.kill(self.agent.pid, signal.SIGSTOP)

    def carry_on(self) -> None:
        """It goes on where it was."""
        os.kill(self.agent.pid, signal.SIGCONT)

    async def kill_and_start(self) -> None:
        """It ends in the middle of whatever it did, and another one begins."""
        self.agent.kill()
        await self.agent.start()

    def facts(self, kind: str) -> int:
        """How many facts of a kind are on disk."""
        with closing(sqlite3.connect(f"file:{self.folder / 'data' / 'edge.sqlite3'}?mode=ro", uri=True)) as db:
            (found,) = db.execute("SELECT count(*) FROM journal WHERE kind = ?", (kind,)).fetchone()
        return int(found)

    async def until_facts(self, kind: str, many: int) -> None:
        """Wait for so many facts of a kind."""
        await until(lambda: self.facts(kind) >= many, f"no {many} facts of {kind}")

    def _write_config(self) -> None:
        devices: dict[str, dict[str, Any]] = {
            WEIGHED_AT: {"scale": {"driver": "mt_sics_scale", **self.scale.address, "poll_ms": 20}},
            PRINTED_AT: {"printer": {"driver": "zpl_printer", **self.printer.address}},
            SCANNED_AT: {"scanner": {"driver": "serial_scanner", **self.scanner.address}},
        }
        here = {place: devices.get(place, {}) for place in self.places}
        write_config(
            self.folder / "edge.toml",
            {
                "station": {
                    "id": SITE.station_id,
                    "warehouse_id": SITE.warehouse_id,
                    "data_dir": "data",
                    "listen": f"127.0.0.1:{self._port}",
                    "ballast_mb": 1,
                },
                "devices": {name: settings for own in here.values() for name, settings in own.items()},
                "workplaces": {
                    place: {"work": work, "devices": list(here[place])} for place, work in self.places.items()
                },
                "workers": {"ana": {"name": "Ana", "badge": "BADGE-ANA", "roles": ["picker", "packer"]}},
                "numbers": {"sscc": {"company_prefix": "0614141", "extension_digit": 3, "first": 1, "last": 9999}},
            },
        )
