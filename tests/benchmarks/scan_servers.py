"""The two servers whose answers to a scan are compared, each in a process of its own.

`python -m tests.benchmarks.scan_servers ours|bare|handheld FOLDER [RECORDED]` prints its port and key, and serves
until its input ends. Ours is the station's application over a real store. The bare one validates the same body with
the same model, commits the rows that ours wrote for the same scans, those that wait together in one commit, and
answers. `handheld` is ours again, asked with a worker's key; the bare one answers both kinds of scans.
"""

from __future__ import annotations

import asyncio
import pickle
import queue
import sqlite3
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from aiohttp import web

from agent import memory
from agent.api import picking
from agent.api.access import StationKey
from agent.api.app import build_app, doors_of
from agent.api.around import Around
from agent.api.picking_shapes import Elements
from agent.api.station import Station, StationApi
from agent.floor.desk import Desk
from agent.floor.views import Strip
from agent.people import People
from agent.problems import Problems
from local_store.clock import SystemClock
from local_store.database import FILE_NAME, open_writer
from local_store.domain import commands as c
from local_store.keys import Key, digest_of, give
from local_store.store import Store
from tests.benchmarks.bare_loop import Statement
from tests.benchmarks.counting import open_store

ANSWER = {
    "answer": {
        "number": 1,
        "command_id": "0190a5a0-0000-7000-8000-000000000001",
        "tone": "good",
        "code": "pick.counted",
        "text": "999994 of 1000000: Item SKU-1 (SKU-1)",
        "at": "2030-05-06T12:02:00.000Z",
    }
}
RESULT = {
    "adjustment_id": None,
    "rebin_id": None,
    "outcome": "accepted",
    "tasks": [{"task_id": "PL-0-T1", "qty": 1}],
    "code": None,
    "message": None,
}
MOST = 64
HOUR_MS = 3_600_000

Waiting = tuple[list[Statement], asyncio.Future[None]]


@asynccontextmanager
async def ours(folder: Path) -> AsyncIterator[tuple[web.Application, str]]:
    """The station's application, with a desk for each workplace."""
    store, clock, key, port = await open_store(folder), SystemClock(), StationKey(folder), Port()
    station = station_of(store, clock)
    store.listen(lambda _recorded: station.changed())
    app = build_app(key, lambda: doors_of("127.0.0.1", port.number), [StationApi(station).routes()])
    app[PORT] = port
    yield app, key.key
    await store.close()


@asynccontextmanager
async def handheld(folder: Path) -> AsyncIterator[tuple[web.Application, str]]:
    """The routes of picking with the shapes of HQ, for a picker with a key."""
    store, clock, port = await open_store(folder), SystemClock(), Port()
    people = People(store, clock, "boot", sleep=asyncio.sleep, report=lambda *_: None, clear=lambda _problem: None)
    await people.start()
    secret, now_ms = f"worker.{store.site.station_id}.benchmark", people.now().now_ms
    key = Key("key_1", digest_of(secret), "worker", None, "ana", None, "test", now_ms, now_ms + HOUR_MS, None, now_ms)
    await store.run(lambda tx: give(tx, key))
    tables = [picking.routes(Around(store, clock))]
    app = build_app(StationKey(folder, people), lambda: doors_of("127.0.0.1", port.number), tables)
    app[PORT] = port
    yield app, secret
    await store.close()


def station_of(store: Store, clock: SystemClock) -> Station:
    """A station without devices, lanes and problems."""
    strip = Strip(
        lambda: store.site, SystemClock(), lambda _workplace: [], dict, Problems(clock.wall_ms), training=False
    )
    desks = {name: Desk(name, store, clock, lambda: None) for name in store.site.workplaces}
    return Station(store, strip, desks, {}, time.monotonic, "0", set(), dict, dict, dict)


class Port:
    """The port, once it is known."""

    number = 0


PORT = web.AppKey("port", Port)


class BareCommits:
    """A thread that commits rows: all that wait, at most 64 acts, in one transaction."""

    def __init__(self, file: Path, acts: list[list[Statement]]) -> None:
        self._file, self._acts = file, iter(acts)
        self._waiting: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    async def commit(self) -> None:
        """The next act is on disk."""
        done: asyncio.Future[None] = self._loop.create_future()
        self._waiting.put((next(self._acts), done))
        await done

    def stop(self) -> None:
        """Let the thread end."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        db = open_writer(self._file)
        while (first := self._waiting.get()) is not None:
            batch = [first]
            while len(batch) < MOST and not self._waiting.empty():
                more = self._waiting.get()
                batch += [more] if more is not None else []
            self._work(db, batch)
        db.close()

    def _work(self, db: sqlite3.Connection, batch: list[Waiting]) -> None:
        db.execute("BEGIN IMMEDIATE")
        for statements, _ in batch:
            for sql, values in statements:
                db.execute(sql, values)
        db.execute("COMMIT")
        self._loop.call_soon_threadsafe(_tell, batch)


def _tell(batch: list[Waiting]) -> None:
    for _, done in batch:
        done.set_result(None)


def acts_in(recorded: Path) -> list[list[Statement]]:
    """What ours wrote for each scan."""
    found: list[list[Statement]] = pickle.loads(recorded.read_bytes())
    return found


@asynccontextmanager
async def bare(folder: Path, recorded: Path) -> AsyncIterator[tuple[web.Application, str]]:
    """The anchor."""
    commits = BareCommits(folder / FILE_NAME, acts_in(recorded))

    async def scan(request: web.Request) -> web.Response:
        told = c.Scan.model_validate_json(await request.read())
        assert told.command_id
        await commits.commit()
        return web.json_response(ANSWER)

    async def handheld_scan(request: web.Request) -> web.Response:
        told = Elements.model_validate_json(await request.read()).root
        scans = [c.PickScan.model_validate(each) for each in told]
        await commits.commit()
        return web.json_response({"results": [{**RESULT, "scan_id": each.scan_id} for each in scans]})

    app = web.Application()
    app.router.add_post("/v1/fulfillment/picklists/{picklist_id}/scan", handheld_scan)
    app.router.add_post("/v1/station/workplaces/{workplace}/scan", scan)
    app[PORT] = Port()
    yield app, "none"
    commits.stop()


async def serve(kind: str, folder: Path, *more: Path) -> None:
    """Serve until the input ends."""
    servers = {"ours": ours, "handheld": handheld, "bare": partial(bare, recorded=more[0]) if more else ours}
    async with servers[kind](folder) as (app, key):
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        app[PORT].number = runner.addresses[0][1]
        print(app[PORT].number, key, flush=True)
        await asyncio.to_thread(sys.stdin.read)
        await runner.cleanup()


if __name__ == "__main__":
    memory.settle()
    asyncio.run(serve(sys.argv[1], *map(Path, sys.argv[2:])))
