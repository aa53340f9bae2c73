"""Builds every concrete object of a running agent and owns its tasks. Nothing else constructs across packages."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterable
from datetime import time as clock_time
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web

from agent import __version__
from agent.api.access import StationKey
from agent.api.app import build_app, doors_of
from agent.api.codes import CodeRoutes
from agent.api.devices import DeviceRoutes, DeviceWatch
from agent.api.exceptions import ExceptionRoutes
from agent.api.files import FileRoutes
from agent.api.goods import GoodsRoutes
from agent.api.identity import IdentityRoutes
from agent.api.labels import LabelPictures
from agent.api.lanes import LaneRoutes
from agent.api.pages import Pages
from agent.api.slips import SlipRoutes
from agent.api.station import Station, StationApi
from agent.api.work import WorkRoutes
from agent.exceptions import ExceptionWatch
from agent.floor.desk import Desk
from agent.floor.scale_watch import ScaleWatch
from agent.floor.views import Strip
from agent.identity import IdentityWatch
from agent.labels.library import FOLDER, load_site, sizes_of
from agent.labels.shipping import Address
from agent.labels.spooler import MS_PER_MIN, Spooler
from agent.lanes import Lanes
from agent.metrics import Metrics
from agent.problems import Problems
from agent.schedule import CalendarJob, Schedule
from agent.sd_notify import notify, watchdog_interval_s
from agent.slips.counter import SlipCounter
from agent.store_care import StoreCare
from agent.store_watch import StoreWatch
from agent.supervisor import keep_running
from config import Settings
from config.model import PlainRange
from devices.driver import FeedbackScanner, Printer, ReadingDevice, ReceiptPrinter, Surroundings
from devices.hotplug import HotPlug
from devices.readings import DeviceState
from devices.recorder import Recorder
from devices.registry import DRIVERS
from local_store import spool
from local_store.clock import SystemClock
from local_store.domain.events import FenceSettled, HqRefLearned, LabelRequested, OfLabel, PlainLabelRequested
from local_store.domain.site import PlainNumbers, Site, SsccNumbers, WeightRule, Worker
from local_store.journal import Recorded
from local_store.retention import close_night
from local_store.store import Store
from local_store.transaction import Transaction
from web.routes import RouteTable

MG_PER_G = 1000
BYTES_PER_MB = 1 << 20
LONGEST_START_US = 3_600_000_000
"""A damaged store is salvaged before anything else, which takes minutes for a large one."""
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
ERASURE = "store.erasure"
NOT_ANEW = (
    (
        "Names that were erased may still stand in free parts of the store's file: it is too large to be written "
        "anew while people work, or there is no room for it."
    ),
    "Stop the agent when the floor can pause, run `edge-agent rebuild`, and start it again.",
)
STATE_DIRECTORY = "STATE_DIRECTORY"
"""Set by systemd for a service that keeps something: this is a station at work and not a trial."""


class Agent:
    """One station. `run` returns after `stop` is set and everything is put away."""

    def __init__(
        self, settings: Settings, folder: Path, *, training: bool = False, more_routes: Iterable[RouteTable] = ()
    ) -> None:
        self._settings, self._more_routes = settings, list(more_routes)
        self._clock = SystemClock()
        self._problems = Problems(self._clock.wall_ms)
        self._templates = load_site(folder / FOLDER, sizes_of(settings))
        self._lanes = Lanes(settings, folder, self._clock, self._problems)
        self._site = site_of(settings, self._lanes)
        self._store = Store(
            settings.station.data_dir,
            self._site,
            self._clock,
            __version__,
            ballast_bytes=settings.station.ballast_mb * BYTES_PER_MB,
            lasting=STATE_DIRECTORY in os.environ,
        )
        self._watch = StoreWatch(self._store, self._problems, self._changed, asyncio.sleep)
        self._care = StoreCare(self._store, self._problems, self._changed, self._clock, asyncio.sleep)
        self._exceptions = ExceptionWatch(self._store, self._problems)
        self._identity = IdentityWatch(self._store, self._problems, self._lanes.keep_journals)
        self._recorder = Recorder()
        self._plug, self._watching = HotPlug(), DeviceWatch()
        self._kinds = settings.device_kinds(lambda driver: DRIVERS[driver].kind)
        around = Surroundings(time.monotonic, self._plug.sleep, self._recorder.tap)
        self._devices = {
            name: DRIVERS[model.driver].build(name, model, around)  # type: ignore[attr-defined]
            for name, model in settings.devices.items()
        }
        self._states = {name: not_yet_connected(name) for name in self._devices}
        self._spoolers: list[Spooler] = []
        self.station = self._build_station(training=training)

    async def run(self, on_ready: Callable[[str], None], stop: asyncio.Event) -> None:
        """Open the store, serve the screens, drive the devices and the lanes, until `stop` is set."""
        notify(f"EXTEND_TIMEOUT_USEC={LONGEST_START_US}")
        await self._store.open()
        await self._store.run(partial(_doubt_unfinished, run=self._store.epoch - 1))
        self._lanes.connect(self._store, self._changed)
        self._spoolers = list(self._build_spoolers())
        self._identity.look()
        self._exceptions.look()
        self._store.listen(self._committed)
        runner = web.AppRunner(self._build_app(), access_log=None, shutdown_timeout=2)
        await runner.setup()
        try:
            url = await self._listen(runner)
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(run, name=name) for name, run in self._tasks()]
                on_ready(url)
                notify("READY=1")
                await _first_of(stop, self._store.gave_up)
                notify("STOPPING=1")
                for task in tasks:
                    task.cancel()
        finally:
            await runner.cleanup()
            await self._lanes.close()
            await self._store.close()
        self._store.require_trusted()

    def _tasks(self) -> Iterable[tuple[str, Any]]:
        """Every task of the agent with its name, each kept running by the supervisor."""
        station = self._settings.station
        runs: dict[str, Callable[[], Any]] = {"hot plug": self._plug.run}
        for name, device in self._devices.items():
            runs[f"device {name}"] = self._device_run(name, device)
        for name, desk in self.station.desks.items():
            runs[f"workplace {name}"] = desk.run
        for number, spooler in enumerate(self._spoolers):
            runs[f"print spool {number + 1}"] = spooler.run
        runs |= self._lanes.runs() | self._watch.runs() | self._care.runs() | self._schedule().runs()
        if station.work_files:
            from agent.work_files import WorkFiles  # noqa: PLC0415 -- most stations never read a file of work

            folder = station.data_dir / station.work_files
            runs["work files"] = WorkFiles(self._store, folder, self._problems, asyncio.sleep).run
        interval_s = watchdog_interval_s()
        if interval_s is not None:
            runs["watchdog"] = partial(self._feed_watchdog, interval_s / 2)
        for name, run in runs.items():
            yield name, keep_running(name, run, self._problems, asyncio.sleep)

    def _schedule(self) -> Schedule:
        """What is done once a day, in the site's time."""
        jobs = [
            *self._care.jobs(),
            CalendarJob("nightly tidying", clock_time(3, 30), self._tidy),
            CalendarJob("number refill", clock_time(4, 30), self._lanes.refill_numbers),
        ]
        return Schedule(self._settings.station.timezone, jobs, self._store, self._clock, asyncio.sleep)

    async def _tidy(self) -> None:
        """Let go of what nobody needs any more."""
        station = self._settings.station
        if await close_night(self._store, asyncio.sleep, station.erase_addresses_after_days):
            self._problems.clear(ERASURE)
        else:
            self._problems.report(ERASURE, *NOT_ANEW)
        if station.work_files:
            from agent.work_files import let_go  # noqa: PLC0415 -- most stations never read a file of work

            folder = station.data_dir / station.work_files
            await asyncio.to_thread(let_go, folder, station.erase_addresses_after_days, self._clock.wall_ms())

    def _device_run(self, name: str, device: Any) -> Callable[[], Any]:
        if isinstance(device, ReadingDevice) and self._kinds[name] in {"scanner", "scale"}:
            place = self._workplace_of(name)
            emit = self.station.desks[place].on_reading if place else _unused
            return partial(device.run, self._watching.through(emit), self._reported)
        return partial(device.run, self._reported)

    def _reported(self, state: DeviceState) -> None:
        self._states[state.device] = state
        self._watching.tell(state)
        if state.state == "away":
            self._problems.report(f"device.{state.device}", state.sentence, state.next_step)
        else:
            self._problems.clear(f"device.{state.device}")
        self._changed()

    def _signal(self, scanner: str, good: bool) -> None:  # noqa: FBT001 -- what a Desk calls
        device = self._devices.get(scanner)
        if isinstance(device, FeedbackScanner):
            device.feedback(good=good)

    def _committed(self, recorded: list[Recorded]) -> None:
        """After a commit: paper, HQ and screens learn that there is something new."""
        for_paper = LabelRequested | PlainLabelRequested | OfLabel | FenceSettled
        if any(isinstance(each.fact, for_paper) for each in recorded):
            for spooler in self._spoolers:
                spooler.wake()
        if any(each.fact.for_hq for each in recorded):
            self._lanes.wake_all()
        if any(isinstance(each.fact, HqRefLearned) for each in recorded):
            self._lanes.wake_files()
        self._lanes.tell_journals()
        self._identity.follow(recorded)
        self._exceptions.follow(recorded)
        self._changed()

    def _changed(self) -> None:
        self.station.changed()

    def _build_spoolers(self) -> Iterable[Spooler]:
        sender = self._settings.ship_from
        ship_from = Address(**sender.model_dump())
        boot_id = BOOT_ID.read_text().strip()
        for workplace, settings in self._settings.workplaces.items():
            named = [self._devices[name] for name in settings.devices if self._kinds[name] == "printer"]
            printers = [printer for printer in named if isinstance(printer, Printer)]
            if printers:
                yield Spooler(
                    self._store,
                    workplace,
                    printers,
                    ship_from,
                    self._problems,
                    asyncio.sleep,
                    time.monotonic,
                    mono_ms=self._clock.mono_ms,
                    boot_id=boot_id,
                    expire_after_ms=self._settings.printing.expire_min * MS_PER_MIN,
                    templates=self._templates,
                    hold=lambda: self._identity.hold() or self._lanes.hold(),
                )

    def _build_app(self) -> web.Application:
        key = StationKey(self._settings.station.data_dir)
        pages = Pages(key, with_bench=bool(self._more_routes))
        pictures = LabelPictures(self._store, self._templates)
        devices = DeviceRoutes(
            self._devices,
            self._settings.device_drivers(),
            self._kinds,
            self._states,
            self._recorder,
            self._watching,
            time.monotonic,
        )
        settling, codes = IdentityRoutes(self._store), CodeRoutes(self._store)
        slips = SlipRoutes(
            SlipCounter(self._store, self._receipt_printers(), self._clock.wall_ms, self._settings.station.timezone)
        )
        lanes, metrics = LaneRoutes(self._store, self._lanes), Metrics(self._store, self._lanes, self._clock)
        deciding, files = ExceptionRoutes(self._store), WorkRoutes(self._store)
        photos, goods = FileRoutes(self._store, self._lanes), GoodsRoutes(self._store)
        tables = [StationApi(self.station).routes(), settling.routes(), codes.routes(), pictures.routes()]
        tables += [lanes.routes(), metrics.routes(), deciding.routes(), files.routes(), slips.routes()]
        tables += [photos.routes(), goods.routes(), devices.routes(), pages.routes(), *self._more_routes]
        return build_app(key, lambda: doors_of(self._host, self._port), tables)

    async def _listen(self, runner: web.AppRunner) -> str:
        self._host, _, port = self._settings.station.listen.rpartition(":")
        await web.TCPSite(runner, self._host.strip("[]"), int(port)).start()
        self._port: int = runner.addresses[0][1]
        return f"http://{self._host}:{self._port}"

    def _build_station(self, *, training: bool) -> Station:
        strip = Strip(self._site, self._devices_of, self._lanes.states, self._problems, training)
        return Station(
            store=self._store,
            strip=strip,
            desks=self._desks(),
            scales=self._scales(),
            now=time.monotonic,
            version=__version__,
            screens=set(),
            disk=self._watch.as_json,
            care=self._care.as_json,
            identity=self._identity.as_json,
        )

    def _desks(self) -> dict[str, Desk]:
        packing = self._settings.packing
        watch = ScaleWatch(self._problems, self._changed, packing.frozen_after_min)
        empty_mg = packing.empty_g * MG_PER_G
        return {
            name: Desk(
                name,
                self._store,
                self._clock,
                self._changed,
                signal=self._signal,
                empty_mg=empty_mg,
                watch=watch.look,
            )
            for name in self._site.workplaces
        }

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

    def _receipt_printers(self) -> dict[str, ReceiptPrinter]:
        """The first receipt printer of each workplace that has one."""
        found: dict[str, ReceiptPrinter] = {}
        for workplace, settings in self._settings.workplaces.items():
            for name in settings.devices:
                device = self._devices[name]
                if self._kinds[name] == "receipt_printer" and isinstance(device, ReceiptPrinter):
                    found.setdefault(workplace, device)
        return found

    async def _feed_watchdog(self, every_s: float) -> None:
        """Tell systemd that the loop turns and the store answers."""
        while True:
            self._store.reader.execute("SELECT 1").fetchone()
            notify("WATCHDOG=1")
            await asyncio.sleep(every_s)


def not_yet_connected(device: str) -> DeviceState:
    """What is said of a device until its driver says something."""
    return DeviceState(device, "away", f"{device} is not connected yet.", "Wait a moment.")


async def _first_of(*events: asyncio.Event) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


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
        label_check=settings.packing.label_check,
        carrier_labels=settings.printing.carrier_labels,
        sscc=SsccNumbers(sscc.company_prefix, sscc.extension_digit, sscc.first, sscc.last) if sscc else None,
        package_numbers=_plain(settings.numbers.package),
        parcel_numbers=_plain(settings.numbers.parcel),
    )


def _plain(numbers: PlainRange | None) -> PlainNumbers | None:
    return PlainNumbers(numbers.prefix, numbers.first, numbers.last) if numbers else None


def _doubt_unfinished(tx: Transaction, run: int) -> None:
    spool.doubt_unfinished(
        tx, f"The agent stopped without warning (its run {run}) while the label was on its way to the printer."
    )


def _unused(_reading: object) -> None:
    """A device that no workplace uses: its readings are shown nowhere."""
