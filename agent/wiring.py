"""Builds the objects of a running agent, its devices by `hardware`, and owns its tasks. Nothing else does."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import time as clock_time
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web

from agent import __version__, count_plan
from agent.api import floor
from agent.api.access import StationKey
from agent.api.app import build_app
from agent.api.around import Around
from agent.api.codes import CodeRoutes
from agent.api.desk import DeskRoutes, Near
from agent.api.exceptions import ExceptionRoutes
from agent.api.files import FileRoutes
from agent.api.goods import GoodsRoutes
from agent.api.identity import IdentityRoutes
from agent.api.it import ItRoutes, Machine
from agent.api.labels import LabelPictures
from agent.api.lanes import LaneRoutes
from agent.api.pages import Pages
from agent.api.pictures import Pictures
from agent.api.slips import SlipRoutes
from agent.api.station import Station, StationApi
from agent.api.work import WorkRoutes
from agent.backlog import BacklogWatch
from agent.doors import Listeners, badge_key
from agent.exceptions import ExceptionWatch
from agent.floor.desk import Desk
from agent.floor.scale_watch import ScaleWatch
from agent.floor.views import Strip
from agent.hardware import Hardware
from agent.identity import IdentityWatch
from agent.labels.library import FOLDER, load_site, sizes_of
from agent.labels.shipping import Address
from agent.labels.spooler import MS_PER_MIN, Spooler
from agent.lanes import Lanes
from agent.metrics import Metrics
from agent.people import People
from agent.problems import Problems
from agent.schedule import CalendarJob, Schedule
from agent.sd_notify import notify, watchdog_interval_s
from agent.site import MG_PER_G, site_of
from agent.slips.at_seal import SlipsAtSeal
from agent.slips.counter import SlipCounter
from agent.store_care import StoreCare
from agent.store_watch import StoreWatch
from agent.supervisor import keep_running
from agent.training import is_marked
from config import ConfigFaults, Settings, read_secret
from config.sources import Source
from local_store import spool
from local_store.clock import SystemClock
from local_store.domain.events import FenceSettled, HqRefLearned, LabelRequested, OfLabel, PlainLabelRequested
from local_store.journal import Recorded
from local_store.retention import close_night
from local_store.store import Store
from local_store.transaction import Transaction
from web.routes import RouteTable

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
TRAINED_THERE = "station.data_dir: training was done in {folder}; give real work a folder of its own"
STATE_DIRECTORY = "STATE_DIRECTORY"
"""Set by systemd for a service that keeps something: this is a station at work and not a trial."""


class Agent:
    """One station. `run` returns after `stop` is set and everything is put away."""

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        *,
        training: bool = False,
        more_routes: Iterable[RouteTable] = (),
        file: Path | None = None,
    ) -> None:
        """`folder` holds edge.toml, the secrets and the site's templates; `file` is edge.toml where there is one."""
        if is_marked(settings.station.data_dir) and not training:
            raise ConfigFaults([TRAINED_THERE.format(folder=settings.station.data_dir)])
        self._settings, self._more_routes = settings, list(more_routes)
        self._file, self._source = file, Source.of(file) if file else None
        self._clock = SystemClock()
        self._problems = Problems(self._clock.wall_ms)
        self._templates = load_site(folder / FOLDER, sizes_of(settings))
        self._ship_from = Address(**settings.ship_from.model_dump())
        self._lanes = Lanes(settings, folder, self._clock, self._problems)
        named = settings.people.badge_key
        key = badge_key(read_secret(named, folder)) if named else None
        self._site = replace(site_of(settings, self._lanes), badge_key=key)
        self._listeners, self._folder = Listeners(settings, folder), folder
        self._store = Store(
            settings.station.data_dir,
            self._site,
            self._clock,
            __version__,
            ballast_bytes=settings.station.ballast_mb * BYTES_PER_MB,
            lasting=STATE_DIRECTORY in os.environ,
        )
        self._people = People(
            self._store,
            self._clock,
            BOOT_ID.read_text().strip(),
            sleep=asyncio.sleep,
            report=self._problems.report,
            clear=self._problems.clear,
        )
        self._watch = StoreWatch(self._store, self._problems, self._changed, asyncio.sleep)
        self._care = StoreCare(self._store, self._problems, self._changed, self._clock, asyncio.sleep)
        self._exceptions = ExceptionWatch(self._store, self._problems)
        self._backlog = BacklogWatch(self._store, self._lanes.states, self._clock.wall_ms, asyncio.sleep)
        self._identity = IdentityWatch(self._store, self._problems, self._lanes.keep_journals)
        self._hardware = Hardware(settings, self._problems, self._changed)
        slip_printers = self._hardware.receipt_printers()
        self._counter = SlipCounter(self._store, slip_printers, self._clock.wall_ms, settings.station.timezone)
        at_seal = slip_printers.keys() if settings.packing.slip else set[str]()
        self._slips = SlipsAtSeal(self._counter.print, at_seal, self._problems)
        self._spoolers: list[Spooler] = []
        folder_name = settings.station.pictures
        self._pictures = Pictures(settings.station.data_dir / folder_name if folder_name else None)
        self.station = self._build_station(training=training)

    async def run(self, on_ready: Callable[[str], None], stop: asyncio.Event) -> None:
        """Open the store, serve the screens, drive the devices and the lanes, until `stop` is set."""
        notify(f"EXTEND_TIMEOUT_USEC={LONGEST_START_US}")
        await self._store.open()
        await self._store.run(partial(_doubt_unfinished, run=self._store.epoch - 1))
        await self._people.start()
        self._lanes.connect(self._store, self._changed, self._people.take_bundle)
        self._spoolers = list(self._build_spoolers())
        self._identity.look()
        self._exceptions.look()
        self._store.listen(self._committed)
        runner = web.AppRunner(self._build_app(), access_log=None, shutdown_timeout=2)
        await runner.setup()
        try:
            url = await self._listeners.open(runner)
            self._look_at_certificate()
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
        runs = self._hardware.runs(lambda workplace: self.station.desks[workplace].on_reading)
        for name, desk in self.station.desks.items():
            runs[f"workplace {name}"] = desk.run
        runs["packing slips"] = self._slips.run
        for number, spooler in enumerate(self._spoolers):
            runs[f"print spool {number + 1}"] = spooler.run
        runs |= self._lanes.runs() | self._watch.runs() | self._care.runs() | self._schedule().runs()
        runs |= {"people": self._people.run, "backlog": self._backlog.run}
        if self._settings.people.bundle_file:
            from agent.badge_file import BadgeFile  # noqa: PLC0415 -- most stations get their badges from HQ

            path = self._folder / self._settings.people.bundle_file
            runs["badge file"] = BadgeFile(path, self._people, self._problems, asyncio.sleep).run
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
            count_plan.job(self._store, self._settings.counting.per_night),
        ]
        return Schedule(self._settings.station.timezone, jobs, self._store, self._clock, asyncio.sleep)

    async def _tidy(self) -> None:
        """Let go of what nobody needs any more, and see what ends soon."""
        self._look_at_certificate()
        station = self._settings.station
        if await close_night(self._store, asyncio.sleep, station.erase_addresses_after_days):
            self._problems.clear(ERASURE)
        else:
            self._problems.report(ERASURE, *NOT_ANEW)
        if station.work_files:
            from agent.work_files import let_go  # noqa: PLC0415 -- most stations never read a file of work

            folder = station.data_dir / station.work_files
            await asyncio.to_thread(let_go, folder, station.erase_addresses_after_days, self._clock.wall_ms())

    def _look_at_certificate(self) -> None:
        self._listeners.look(self._problems.report, self._problems.clear, self._people.now().now_ms)

    def _committed(self, recorded: list[Recorded]) -> None:
        """After a commit: paper, HQ and screens learn that there is something new."""
        for_paper = LabelRequested | PlainLabelRequested | OfLabel | FenceSettled
        if any(isinstance(each.fact, for_paper) for each in recorded):
            for spooler in self._spoolers:
                spooler.wake()
        if any(each.fact.for_hq for each in recorded):
            self._lanes.wake_all()
        self._lanes.look_at_leases(recorded)
        if any(isinstance(each.fact, HqRefLearned) for each in recorded):
            self._lanes.wake_files()
        self._lanes.tell_journals()
        self._slips.follow(recorded)
        self._identity.follow(recorded)
        self._exceptions.follow(recorded)
        self._changed()

    def _changed(self) -> None:
        self.station.changed()

    def _build_spoolers(self) -> Iterable[Spooler]:
        boot_id = BOOT_ID.read_text().strip()
        for workplace in self._settings.workplaces:
            printers = self._hardware.label_printers(workplace)
            if printers:
                yield Spooler(
                    self._store,
                    workplace,
                    printers,
                    self._ship_from,
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
        key = StationKey(self._settings.station.data_dir, self._people)
        pages = Pages(key, with_bench=bool(self._more_routes))
        pictures = LabelPictures(self._store, self._templates, self._ship_from)
        devices = self._hardware.routes()
        settling, codes = IdentityRoutes(self._store), CodeRoutes(self._store)
        slips = SlipRoutes(self._counter)
        lanes, metrics = LaneRoutes(self._store, self._lanes), Metrics(self._store, self._lanes, self._clock)
        deciding, files = ExceptionRoutes(self._store), WorkRoutes(self._store)
        photos, goods = FileRoutes(self._store, self._lanes), GoodsRoutes(self._store)
        tables = [StationApi(self.station).routes(), settling.routes(), codes.routes(), pictures.routes()]
        tables += [lanes.routes(), metrics.routes(), deciding.routes(), files.routes(), slips.routes()]
        tables += [
            photos.routes(),
            self._pictures.routes(),
            goods.routes(),
            devices.routes(),
            self._hardware.it_acts(self._store).routes(),
            ItRoutes(self._machine()).routes(),
            pages.routes(),
            *self._more_routes,
        ]
        near = Near(self._store, self._clock, self._lanes, self._backlog, self._settings.station.timezone)
        tables += [DeskRoutes(near).routes(), *floor.tables(Around(self._store, self._clock))]
        return build_app(key, self._listeners.doors, tables)

    def _machine(self) -> Machine:
        return self._hardware.machine(
            source=self._source, file=self._file, station=self.station, lanes=self._lanes, clock=self._clock
        )

    def _build_station(self, *, training: bool) -> Station:
        has_picture = self._pictures.has
        strip = Strip(
            lambda: self._store.site,
            self._clock,
            self._hardware.at,
            self._lanes.states,
            self._problems,
            training,
            has_picture,
        )
        return Station(
            store=self._store,
            strip=strip,
            desks=self._desks(),
            scales=self._hardware.scales(),
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
        empty_mg, scales = packing.empty_g * MG_PER_G, self._hardware.scales()
        return {
            name: Desk(
                name,
                self._store,
                self._clock,
                self._changed,
                signal=self._hardware.signal,
                empty_mg=empty_mg,
                watch=watch.look,
                hands_free=scales.get(name) if packing.hands_free else None,
            )
            for name in self._site.workplaces
        }

    async def _feed_watchdog(self, every_s: float) -> None:
        """Tell systemd that the loop turns and the store answers."""
        while True:
            self._store.reader.execute("SELECT 1").fetchone()
            notify("WATCHDOG=1")
            await asyncio.sleep(every_s)


async def _first_of(*events: asyncio.Event) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def _doubt_unfinished(tx: Transaction, run: int) -> None:
    spool.doubt_unfinished(
        tx, f"The agent stopped without warning (its run {run}) while the label was on its way to the printer."
    )
