"""The work that is measured: pickers who count pieces, each on a picklist of their own.

`python -m tests.benchmarks.counting PREPARED FOLDER MANY IN_FLIGHT` does just this, to be watched from outside.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from agent import memory
from local_store.clock import SystemClock
from local_store.database import FILE_NAME
from local_store.domain import commands as c
from local_store.domain.site import Site
from local_store.store import Store
from local_store.transaction import Receipt
from tests.support.floor import ANA, SITE, Bench, line, new_id, product

PICKERS = 64
LINES = 3
"""Lines of a picklist: the orders of the real set have 2.6 on average."""
QTY = 1_000_000

COUNTERS = [f"pick-{n}" for n in range(PICKERS)]
"""Workplaces whose pickers have a list open, of which they count for ever."""
GROWERS = [f"grow-{n}" for n in range(PICKERS)]
"""Workplaces where nobody is yet."""

FLOOR: Site = replace(SITE, workplaces=dict.fromkeys([*COUNTERS, *GROWERS], "pick"))


@dataclass(frozen=True)
class Timed:
    """One run: how long each act took, and all of them together."""

    each_s: list[float]
    whole_s: float

    @property
    def per_second(self) -> float:
        """Acts in a second."""
        return len(self.each_s) / self.whole_s


def prepare(folder: Path) -> None:
    """A store in which every picker stands at a location, with a picklist open."""
    bench = Bench(folder, FLOOR)
    skus = [f"SKU-{n}" for n in range(LINES)]
    bench.given_products(*(product(sku) for sku in skus))
    for n in range(PICKERS):
        bench.given_picklist(f"PL-{n}", *(line(sku, QTY) for sku in skus))
        bench.at(f"pick-{n}").scan(ANA.badge, f"PL-{n}", "A-1")
    bench.close()


def counts(many: int, pickers: int) -> list[c.Scan]:
    """Scans that count one piece each, the pickers taking turns."""
    return [
        c.Scan(command_id=new_id(), workplace=f"pick-{n % pickers}", code=f"SKU-{n // pickers % LINES}")
        for n in range(many)
    ]


def copy_of(file: Path, folder: Path) -> Path:
    """A fresh folder with a copy of a store's file."""
    folder.mkdir(parents=True)
    shutil.copy(file, folder / FILE_NAME)
    return folder


async def open_store(folder: Path) -> Store:
    """The store in a folder, ready for work."""
    store = Store(folder, FLOOR, SystemClock(), "0")
    await store.open()
    return store


async def count_pieces(store: Store, many: int, in_flight: int) -> Timed:
    """Have so many pickers at a time count pieces; each waits for the answer before the next scan."""
    commands = iter(counts(many, in_flight))
    each_s: list[float] = []

    async def picker(commands: Iterable[c.Scan]) -> None:
        for command in commands:
            begun = time.perf_counter()
            _counted(await store.execute(command))
            each_s.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    await asyncio.gather(*(picker(commands) for _ in range(in_flight)))
    return Timed(each_s, time.perf_counter() - begun)


def _counted(receipt: Receipt) -> None:
    assert receipt.answer.code == "pick.counted", receipt.answer


async def _count_and_close(folder: Path, many: int, in_flight: int) -> None:
    store = await open_store(folder)
    await count_pieces(store, many, in_flight)
    await store.close()


if __name__ == "__main__":
    file, copy, how_many, at_once = sys.argv[1:]
    memory.settle()
    asyncio.run(_count_and_close(copy_of(Path(file), Path(copy)), int(how_many), int(at_once)))
