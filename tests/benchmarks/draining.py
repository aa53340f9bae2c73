"""A month of facts gathered while HQ was away, told when it is back: beside a bare client that posts the same bodies.

`python -m tests.benchmarks.draining [EVENTS]`
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp

from agent import memory
from local_store import outbox
from local_store.clock import SystemClock
from local_store.store import Store
from sync.dialect import AtStation
from sync.dialects import DIALECTS
from sync.engine import IN_FLIGHT, LaneSync
from sync.feed import JournalFeed
from tests.benchmarks.answering import SCRATCH
from tests.benchmarks.counting import open_store, prepare
from tests.benchmarks.growing import fill
from tests.benchmarks.rounds import Goal, judge, judge_figure
from tests.support.floor import new_id

EVENTS = 1_000_000
LANE = "main"
ROUNDS = 5
SHARE = 20
"""A round tells one part in so many, and a bare client posts the same requests."""
MOST_ROWS_TOLD = 50_000
"""A round tells so many rows of the journal."""
CUTS = 100
LOOK_EVERY_S = 0.05

FAST = Goal("facts told in a second beside a bare client", 0.75, at_least=True)
ROWS = Goal("rows of the journal told in a second beside a bare client", 0.75, at_least=True)
CALM = Goal("p99 of a screen's view while telling", 100)


def run(events: int = EVENTS) -> bool:
    """Fill a store with so many facts that HQ does not know, tell them, and judge; whether all goals are met."""
    memory.settle()
    SCRATCH.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="drain-", dir=SCRATCH) as name:
        folder = Path(name)
        prepare(folder / "full")
        asyncio.run(fill(folder / "full", events))
        with _hq(folder / "hq.ready") as url:
            return asyncio.run(_measure(folder / "full", url, events))


async def _measure(folder: Path, url: str, events: int) -> bool:
    store = await open_store(folder)
    ours: list[float] = []
    bare: list[float] = []
    looks: list[float] = []
    for _ in range(ROUNDS):
        before = _last_request(store)
        told, took_s = await _tell(store, url, events // SHARE, looks)
        ours.append(told / took_s)
        requests = _requests(store, before)
        bare.append(told / await _post(url, requests))
    met = [judge(FAST, ours, bare, "facts/s"), await _journal(store, url)]
    looks.sort()
    p99 = looks[len(looks) * 99 // 100] * 1000
    met.append(
        judge_figure(CALM, [p99], " ms", f"{len(looks)} looks, median {statistics.median(looks) * 1000:.1f} ms")
    )
    left = await _cut_often(store, url)
    print(f"{'ok  ' if not left else 'MISS'} told to the last fact after {CUTS} cuts; {left} were left", flush=True)
    await store.close()
    return all(met) and not left


async def _tell(store: Store, url: str, many: int, looks: list[float]) -> tuple[int, float]:
    """Tell at least so many facts, with a screen that looks all the time; how many, and the seconds it took."""
    before = outbox.figures(store.reader, LANE).unsent
    began = time.perf_counter()
    async with _lane(store, url):
        looking = asyncio.create_task(_look(store, looks))
        while outbox.figures(store.reader, LANE).unsent > max(0, before - many):  # noqa: ASYNC110 -- looks at the store
            await asyncio.sleep(LOOK_EVERY_S)
        took_s = time.perf_counter() - began
        left = outbox.figures(store.reader, LANE).unsent
        looking.cancel()
    return before - left, took_s


async def _look(store: Store, looks: list[float]) -> None:
    """What a screen costs the loop: how long after its time a read of the store is answered."""
    while True:
        wanted = time.perf_counter() + LOOK_EVERY_S
        await asyncio.sleep(LOOK_EVERY_S)
        store.reader.execute("SELECT picklist_id FROM picklist WHERE status = 'open' LIMIT 50").fetchall()
        outbox.figures(store.reader, LANE)
        looks.append(time.perf_counter() - wanted)


async def _journal(store: Store, url: str) -> bool:
    """Tell the journal itself, as our own HQ keeps it, beside a bare client that puts the same bodies."""
    ours, bare = [], []
    for _ in range(ROUNDS):
        client = _client(url)
        put = client.put
        bodies: list[str] = []

        async def kept(path: str, body: str, put: Any = put, bodies: list[str] = bodies) -> Any:
            bodies.append(body)
            return await put(path, body)

        client.put = kept
        feed = JournalFeed(
            "keeper",  # a lane without promises: nothing of it need be compared first
            store,
            client.edge,
            host="bench",
            clock=SystemClock(),
            sleep=asyncio.sleep,
            new_key=new_id,
            report=lambda *_: None,
            clear=lambda _: None,
        )
        (last,) = store.reader.execute("SELECT max(seq) FROM journal").fetchone()
        began, task = time.perf_counter(), asyncio.create_task(feed.run())
        while feed.through() < min(last, MOST_ROWS_TOLD):  # noqa: ASYNC110 -- looks at a figure
            await asyncio.sleep(LOOK_EVERY_S / 5)
        told, took_s = feed.through(), time.perf_counter() - began
        task.cancel()
        await asyncio.wait([task])
        await client.close()
        ours.append(told / took_s)
        bare.append(told / await _put(url, bodies))
    return judge(ROWS, ours, bare, "rows/s")


async def _put(url: str, bodies: list[str]) -> float:
    headers = {"Content-Type": "application/json", "Authorization": "Bearer a-secret-of-this-station"}
    async with aiohttp.ClientSession(headers=headers) as session:
        began = time.perf_counter()
        for body in bodies:
            target = f"{url}/v1/fulfillment/edge/devices/st-1/journal"
            async with session.put(target, data=body.encode()) as answer:
                await answer.json()
        return time.perf_counter() - began


async def _cut_often(store: Store, url: str) -> int:
    """Tell the rest, cut off again and again at random moments; the facts left at the end."""
    chance = random.Random(1)
    for _ in range(CUTS):
        async with _lane(store, url):
            await asyncio.sleep(chance.uniform(0.05, 0.3))
    async with _lane(store, url):
        while unsent := outbox.figures(store.reader, LANE).unsent:  # noqa: ASYNC110 -- looks at the store
            await asyncio.sleep(LOOK_EVERY_S)
    wrong = store.reader.execute("SELECT count(*) FROM outbox WHERE lane = ? AND state <> 'delivered'", (LANE,))
    return int(unsent + wrong.fetchone()[0])


@asynccontextmanager
async def _lane(store: Store, url: str) -> AsyncIterator[LaneSync]:
    """The lane as the agent runs it, until the block ends; then whatever is in flight is cut off."""
    client = _client(url)
    lane = LaneSync(
        LANE,
        store,
        client,
        poll_s=3600,
        clock=SystemClock(),
        sleep=asyncio.sleep,
        chance=random.SystemRandom(),
        new_key=new_id,
        report=lambda *_: None,
        clear=lambda _: None,
    )
    task = asyncio.create_task(lane.run_push())
    try:
        yield lane
    finally:
        task.cancel()
        await asyncio.wait([task])
        await client.close()


def _client(url: str) -> Any:
    dialect = DIALECTS["ofs"]
    settings = dialect.settings.model_validate({"dialect": "ofs", "url": url, "secret": "hq", "tenant": "t1"})
    return dialect.make_client(settings, "a-secret-of-this-station", AtStation("st-1", "WH-1", SystemClock()))


def _last_request(store: Store) -> int:
    return int(store.reader.execute("SELECT coalesce(max(request_id), 0) FROM outbox_request").fetchone()[0])


def _requests(store: Store, after: int) -> list[tuple[Any, ...]]:
    rows = store.reader.execute(
        "SELECT path, body, idempotency_key FROM outbox_request WHERE request_id > ? AND state = 'answered'", (after,)
    )
    return [tuple(row) for row in rows]


async def _post(url: str, requests: list[tuple[Any, ...]]) -> float:
    """A bare client posts the same requests, as many at once as a lane; the seconds it took."""
    left = iter(requests)
    headers = {"Content-Type": "application/json", "Authorization": "Bearer a-secret-of-this-station"}
    async with aiohttp.ClientSession(headers=headers) as session:

        async def post() -> None:
            for path, body, key in left:
                target = f"{url}/v1/fulfillment{path}"
                async with session.post(target, data=body.encode(), headers={"Idempotency-Key": key}) as answer:
                    await answer.json()

        began = time.perf_counter()
        await asyncio.gather(*(post() for _ in range(IN_FLIGHT)))
        return time.perf_counter() - began


@contextmanager
def _hq(ready: Path) -> Iterator[str]:
    process = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.taking_hq", str(ready)])
    try:
        while not ready.exists() or not ready.read_text():
            time.sleep(0.05)
        found: str = json.loads(ready.read_text())["url"]
        yield found
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    sys.exit(0 if run(int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS) else 1)
