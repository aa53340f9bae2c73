"""A store that holds millions of events: whether it still takes new ones as fast, and how large it gets.

`python -m tests.benchmarks.growing FOLDER EVENTS` only fills a store, to be looked at.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from itertools import pairwise
from pathlib import Path

from agent import memory
from local_store.database import FILE_NAME
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.journal import Recorded
from local_store.store import Store
from tests.benchmarks import restarting
from tests.benchmarks.answering import SCRATCH
from tests.benchmarks.counting import GROWERS, Timed, copy_of, count_pieces, open_store, prepare
from tests.benchmarks.rounds import Goal, interleaved, judge, judge_figure
from tests.support.floor import ANA, new_id

EVENTS = 1_000_000
YOUNG = 20
"""A young store holds one part in so many: the middle of the first tenth."""
TENTHS = 10
LINES, PIECES = 3, 8
"""Of a picklist: the orders of the real set have 2.6 lines of about as many pieces."""
FACTS_OF_A_LIST = 2 + 2 + 1 + LINES * PIECES + 1
"""Fulfillment and list received, list assigned and started, location, counts, completed."""
SCANS = 3200
COUNTED = 20_000
IN_FLIGHT = 64

STEADY = Goal("scans in a second on a grown store beside a young one", 0.85, at_least=True)
SMALL = Goal("file for a counting scan: journal and receipt", 600)


def run(events: int = EVENTS) -> bool:
    """Fill a store with so many events, then measure and print; whether all goals are met."""
    memory.settle()
    SCRATCH.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="grow-", dir=SCRATCH) as name:
        folder = Path(name)
        prepare(folder / "prepared")
        prepared, grown = folder / "prepared" / FILE_NAME, folder / "grown"
        met = [_small(prepared, folder / "small")]
        copy_of(prepared, grown)
        asyncio.run(fill(grown, events // YOUNG))
        copy_of(grown / FILE_NAME, folder / "young")
        rates = asyncio.run(fill(grown, events - events // YOUNG, events // YOUNG))
        size = (grown / FILE_NAME).stat().st_size
        print(f"     facts in a second, in each tenth of {events:,}: {' '.join(f'{rate:,.0f}' for rate in rates)}")
        print(f"     {size / events:,.0f} bytes of file a fact, with all views, promises and parties", flush=True)
        met.append(beside_a_young_one(grown, folder / "young"))
        met.append(restarting.run(grown, folder))
        return all(met)


async def fill(folder: Path, events: int, held: int = 0) -> list[float]:
    """Have 64 pickers pick list after list until there are so many facts more; facts in a second, for each tenth.

    HQ is away and nothing that is promised to it is delivered: the worst case for the indexes of the outbox.
    """
    store = await open_store(folder)
    (start,) = store.reader.execute("SELECT max(seq) FROM journal").fetchone()
    marks = [time.perf_counter()]

    def note(recorded: list[Recorded]) -> None:
        if recorded[-1].seq - start >= events * len(marks) // TENTHS:
            marks.append(time.perf_counter())

    store.listen(note)
    lists = iter(range(held, held + events // FACTS_OF_A_LIST + 1))  # their numbers: none has come before
    await asyncio.gather(*(_pick_lists(store, workplace, lists) for workplace in GROWERS))
    await store.close()
    return [events / TENTHS / (after - before) for before, after in pairwise(marks[: TENTHS + 1])]


def beside_a_young_one(grown: Path, young: Path) -> bool:
    """The same scans on the grown store and on a copy of it from the middle of its first tenth, in turn."""

    def scans(folder: Path, _number: int) -> Timed:
        async def work() -> Timed:
            store = await open_store(folder)
            timed = await count_pieces(store, SCANS, IN_FLIGHT)
            await store.close()
            return timed

        return asyncio.run(work())

    rounds = interleaved({"grown": partial(scans, grown), "young": partial(scans, young)})
    ours, anchor = ([timed.per_second for timed in rounds[name]] for name in ("grown", "young"))
    return judge(STEADY, ours, anchor, "a second")


def bytes_of_a_count(prepared: Path, folder: Path, many: int = COUNTED) -> dict[str, float]:
    """Bytes of file that a counting scan takes, by table or index, with the slack of their pages."""
    copy_of(prepared, folder)
    before = _pages(folder / FILE_NAME)

    async def work() -> None:
        store = await open_store(folder)
        await count_pieces(store, many, IN_FLIGHT)
        await store.close()

    asyncio.run(work())
    after = _pages(folder / FILE_NAME)
    return {name: (size - before.get(name, 0)) / many for name, size in after.items()}


def _small(prepared: Path, folder: Path) -> bool:
    sizes = bytes_of_a_count(prepared, folder)
    outbox = sum(size for name, size in sizes.items() if name.startswith("outbox"))
    parts = f"journal {sizes['journal']:.0f}, receipt {sizes['receipt']:.0f}; its promise to one HQ {outbox:.0f} more"
    return judge_figure(SMALL, [sizes["journal"] + sizes["receipt"]], " B", parts)


def _pages(file: Path) -> dict[str, int]:
    db = sqlite3.connect(file)
    sizes = dict(db.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))
    db.close()
    return sizes


async def _pick_lists(store: Store, workplace: str, lists: Iterator[int]) -> None:
    async def scan(code: str) -> None:
        await store.execute(c.Scan(command_id=new_id(), workplace=workplace, code=code))

    await scan(ANA.badge)
    for number in lists:
        await store.execute(_work(number))
        await scan(f"PL-{number:07}")
        await scan("A-1")
        for line in range(LINES):
            for _ in range(PIECES):
                await scan(f"SKU-{line}")
        receipt = await store.execute(c.Complete(command_id=new_id(), workplace=workplace))
        assert receipt.answer.code == "pick.completed", receipt.answer


def _work(number: int) -> c.ReceiveWork:
    order, skus = f"O-{number:07}", [f"SKU-{line}" for line in range(LINES)]
    qty = Decimal(PIECES)
    lines = tuple(e.WorkLine(order_line_id=f"{order}-{sku}", sku=sku, qty=qty) for sku in skus)
    tasks = tuple(
        e.TaskPlan(
            task_id=f"{order}-T-{sku}",
            fulfillment_id=f"F-{order}",
            order_line_id=f"{order}-{sku}",
            location_id="A-1",
            sku=sku,
            qty=qty,
        )
        for sku in skus
    )
    fulfillment = e.FulfillmentReceived(
        lane="main",
        fulfillment_id=f"F-{order}",
        order_id=order,
        warehouse_id="WH-1",
        party_id=f"party-{number:07}",
        lines=lines,
    )
    picklist = e.PicklistReceived(
        lane="main", picklist_id=f"PL-{number:07}", priority="normal", ship_by=None, tasks=tasks
    )
    party = c.Party(
        party_id=f"party-{number:07}", name="Zoë Müller", address={"city": "Łódź", "street": "Piotrkowska 1"}
    )
    return c.ReceiveWork(command_id=new_id(), fulfillments=(fulfillment,), parties=(party,), picklist=picklist)


if __name__ == "__main__":
    target, many = Path(sys.argv[1]), int(sys.argv[2])
    prepare(target)
    memory.settle()
    print(" ".join(f"{rate:,.0f}" for rate in asyncio.run(fill(target, many))))
