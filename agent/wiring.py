"""Builds every concrete object of a running agent and owns its tasks. Nothing else constructs across packages."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web

from agent import __version__
from agent.api.access import StationKey
from agent.api.app import build_app, doors_of
from agent.api.pages import Pages
from agent.api.station import Station, StationApi
from agent.floor.desk import Desk
from agent.floor.views import Strip
from agent.labels.shipping import Address
from agent.labels.spooler import Spooler
from agent.lanes import Lanes
from agent.problems import Problems
from agent.sd_notify import notify, watchdog_interval_s
from agent.supervisor import keep_running
from config import Settings
from devices.driver import Printer, ReadingDevice
from devices.readings import DeviceState
from devices.registry import DRIVERS
from local_store import spool
from local_store.clock import SystemClock
from local_store.domain.events import LabelReprintApproved, LabelRequested
from local_store.domain.site import Site, SsccNumbers, WeightRule, Worker
from local_store.journal import Recorded
from local_store.store import Store
from local_store.transaction import Transaction
from web.routes import RouteTable

MG_PER_G = 1000


class Agent:
    """One station. `run` returns after `stop` is set and everything is put away."""

    def __init__(
        self, settings: Settings, folder: Path, *, training: bool = False, more_routes: Iterable[RouteTable] = ()
    ) -> None:
        self._settings, self._more_routes = settings, list(more_routes)
        self._clock = SystemClock()
        self._problems = Problems(self._clock.wall_ms)
        self._lanes = Lanes(settings, folder, self._clock, self._problems)
        self._site = site_of(settings, self._lanes)
        self._store = Store(settings.station.data_dir, self._site, self._clock, __version__)
        self._kinds = settings.device_kinds({driver.name: driver.kind for driver in DRIVERS.values()})
        self._devices = {
            name: DRIVERS[model.driver].build(name, model, time.monotonic, asyncio.sleep)  # type: ignore[attr-defined]
            for name, model in settings.devices.items()
        }
        self._states = {
            name: DeviceState(name, "away", f"{name} is not connected yet.", "Wait a moment.")
            for name in self._devices
        }
        self._spoolers: list[Spooler] = []
        strip = Strip(self._site, self._devices_of, self._lanes.states, self._problems, training)
        self.station = Station(
            store=self._store,
            strip=strip,
            desks={name: Desk(name, self._store, self._clock, self._changed) for name in self._site.workplaces},
            scales=self._scales(),
            now=time.monotonic,
            version=__version__,
            retry_lane=self._lanes.wake,
            screens=set(),
        )

    async def run(self, on_ready: Callable[[str], None], stop: asyncio.Event) -> None:
        """Open the store, serve the screens, drive the devices and the lanes, until `stop` is set."""
        await self._store.open()
        await self._store.run(partial(_doubt_unfinished, run=self._store.epoch - 1))
        self._lanes.connect(self._store, self._changed)
        self._spoolers = list(self._build_spoolers())
        self._store.listen(self._committed)
        runner = web.AppRunner(self._build_app(), access_log=None, shutdown_timeout=2)
        await runner.setup()
        try:
            url = await self._listen(runner)
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(run, name=name) for name, run in self._tasks()]
                on_ready(url)
                notify("READY=1")
                await stop.wait()
                notify("STOPPING=1")
                for task in tasks:
                    task.cancel()
        finally:
            await runner.cleanup()
            await self._lanes.close()
            await self._store.close()

    def _tasks(self) -> Iterable[tuple[str, Any]]:
        """Every task of the agent with its name, each kept running by the supervisor."""
        runs: dict[str, Callable[[], Any]] = {}
        for name, device in self._devices.items():
            runs[f"device {name}"] = self._device_run(name, device)
        for name, desk in self.station.desks.items():
            runs[f"workplace {name}"] = desk.run
        for number, spooler in enumerate(self._spoolers):
            runs[f"print spool {number + 1}"] = spooler.run
        runs |= self._lanes.runs()
        interval_s = watchdog_interval_s()
        if interval_s is not None:
            runs["watchdog"] = partial(self._feed_watchdog, interval_s / 2)
        for name, run in runs.items():
            yield name, keep_running(name, run, self._problems, asyncio.sleep)

    def _device_run(self, name: str, device: Any) -> Callable[[], Any]:
        if isinstance(device, ReadingDevice) and self._kinds[name] != "printer":
            place = self._workplace_of(name)
            emit = self.station.desks[place].on_reading if place else _unused
            return partial(device.run, emit, self._reported)
        return partial(device.run, self._reported)

    def _reported(self, state: DeviceState) -> None:
        self._states[state.device] = state
        if state.state == "away":
            self._problems.report(f"device.{state.device}", state.sentence, state.next_step)
        else:
            self._problems.clear(f"device.{state.device}")
        self._changed()

    def _committed(self, recorded: list[Recorded]) -> None:
        """After a commit: paper, HQ and screens learn that there is something new."""
        if any(isinstance(each.fact, LabelRequested | LabelReprintApproved) for each in recorded):
            for spooler in self._spoolers:
                spooler.wake()
        if any(each.fact.for_hq for each in recorded):
            self._lanes.wake_all()
        self._changed()

    def _changed(self) -> None:
        self.station.changed()

    def _build_spoolers(self) -> Iterable[Spooler]:
        sender = self._settings.ship_from
        ship_from = Address(**sender.model_dump())
        for workplace, settings in self._settings.workplaces.items():
            for name in settings.devices:
                printer = self._devices[name]
                if self._kinds[name] == "printer" and isinstance(printer, Printer):
                    yield Spooler(
                        self._store, workplace, printer, ship_from, self._problems, asyncio.sleep, time.monotonic
                    )

    def _build_app(self) -> web.Application:
        key = StationKey(self._settings.station.data_dir)
        pages = Pages(key, with_bench=bool(self._more_routes))
        tables = [StationApi(self.station).routes(), pages.routes(), *self._more_routes]
        return build_app(key, lambda: doors_of(self._host, self._port), tables)

    async def _listen(self, runner: web.AppRunner) -> str:
        self._host, _, port = self._settings.station.listen.rpartition(":")
        await web.TCPSite(runner, self._host.strip("[]"), int(port)).start()
        self._port: int = runner.addresses[0][1]
        return f"http://{self._host}:{self._port}"

    def _devices_of(self, workplace: str) -> list[tuple[str, str, DeviceState]]:
        names = self._settings.workplaces[workplace].devices
        return [(name, self._kinds[name], self._states[name]) for name in names]

    def _workplace_of(self, device: str) -> str | None:
        return next((name for name, each in self._settings.workplaces.items() if device in each.devices), None)

    def _scales(self) -> dict[str, str]:
        found = {}
        for workplace, settings in self._settings.workplaces.items():
            for name in settings.devices:
                if self._kinds[name] == "scale":
                    found[workplace] = name
        return found

    async def _feed_watchdog(self, every_s: float) -> None:
        """Tell systemd that the loop turns and the store answers."""
        while True:
            self._store.reader.execute("SELECT 1").fetchone()
            notify("WATCHDOG=1")
            await asyncio.sleep(every_s)


def site_of(settings: Settings, lanes: Lanes) -> Site:
    """The plain data that the domain knows of the settings."""
    sscc = settings.numbers.sscc
    return Site(
        station_id=settings.station.id,
        warehouse_id=settings.station.warehouse_id,
        workplaces={name: workplace.work for name, workplace in settings.workplaces.items()},
        workers={
            name: Worker(name, worker.name, worker.badge, frozenset(worker.roles))
            for name, worker in settings.workers.items()
        },
        lanes=lanes.as_site(),
        weights=WeightRule(
            settings.packing.tolerance_percent,
            settings.packing.tolerance_g * MG_PER_G,
            settings.packing.carton_g * MG_PER_G,
        ),
        sscc=SsccNumbers(sscc.company_prefix, sscc.extension_digit, sscc.first, sscc.last) if sscc else None,
    )


def _doubt_unfinished(tx: Transaction, run: int) -> None:
    spool.doubt_unfinished(
        tx, f"The agent stopped without warning (its run {run}) while the label was on its way to the printer."
    )


def _unused(_reading: object) -> None:
    """A device that no workplace uses: its readings are shown nowhere."""
