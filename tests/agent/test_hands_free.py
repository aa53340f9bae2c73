"""Hands-free packing: a stable, fitting weight seals and prints by itself, once, and no other weight ever does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from agent.floor.desk import Desk, Said
from devices.readings import Scan, Weight
from local_store.clock import SystemClock
from local_store.domain import commands as c
from local_store.domain.site import PackRule
from local_store.store import Store
from tests.support.floor import ANA, SITE, _fulfillment, line, new_id, product
from tests.support.site import until


class Bench:
    """A pack station at which Ana packs without touching the screen; its clock is moved by its readings."""

    def __init__(self, store: Store) -> None:
        self.store, self.said, self.now = store, list[Said](), 0.0
        self.desk = Desk("pack-1", store, SystemClock(), lambda: None, hands_free="scale-1")
        self.desk.on_said.append(self.said.append)

    async def given(self, order: str, **of: Any) -> None:
        """An order of two SKU-1, 100 g each, open and complete but for its weight."""
        wanted = [(f"{order}-L1", line("SKU-1", 2))]
        told = _fulfillment(order, wanted, picked=True).model_copy(update=of)
        await self.store.execute(c.ReceiveWork(command_id=new_id(), fulfillments=(told,), parties=()))
        await self.scans(order, "SKU-1", "SKU-1")

    async def scans(self, *codes: str) -> None:
        for code in codes:
            before = len(self.said)
            self.desk.on_reading(Scan("scanner", code.encode(), None, self.now))
            await until(partial(self._said_more_than, before), "no answer came")

    def _said_more_than(self, many: int) -> bool:
        return len(self.said) > many

    async def lies(self, grams: int | None, seconds: float = 3.0, **of: Any) -> None:
        """So much lies on the scale for so long; ten readings a second."""
        for _ in range(int(seconds * 10)):
            self.now += 0.1
            self.desk.on_reading(reading(self.now, grams, of))
        await self.settled()

    async def settled(self) -> None:
        """Until everything that was heard is decided."""
        for _ in range(20):
            await self.store.run(lambda _tx: None)
            await asyncio.sleep(0)

    def sealed(self) -> int:
        (many,) = self.store.reader.execute("SELECT count(*) FROM journal WHERE kind = 'package.sealed'").fetchone()
        return int(many)

    def labels(self) -> int:
        (many,) = self.store.reader.execute("SELECT count(*) FROM spool_job").fetchone()
        return int(many)


def reading(now: float, grams: int | None, of: dict[str, Any]) -> Weight:
    members = {"mode": "gross", "zero": "unknown", "stability": "stable", "range": "ok", "fault": None, **of}
    return Weight("scale-1", None if grams is None else Decimal(grams), "g", "g", raw=b"", t_mono=now, **members)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    store = Store(tmp_path, replace(SITE, packing=PackRule(hands_free=True)), SystemClock(), "test")
    await store.open()
    await store.execute(
        c.ReceiveProducts(command_id=new_id(), products=(product("SKU-1"), product("HEAVY", grams=None)))
    )
    made = Bench(store)
    running = asyncio.create_task(made.desk.run())
    await made.scans(ANA.badge)
    yield made
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await store.close()


async def test_a_fitting_weight_seals_and_prints_by_itself_and_only_once(bench: Bench) -> None:
    await bench.lies(0)
    await bench.given("O-1")
    await bench.lies(200, seconds=20)
    assert (bench.sealed(), bench.labels()) == (1, 1)
    assert bench.said[-1].answer.code == "pack.sealed"


async def test_the_scale_must_be_emptied_before_the_next_parcel(bench: Bench) -> None:
    await bench.lies(0)
    await bench.given("O-1")
    await bench.lies(200)
    await bench.given("O-2")
    await bench.lies(200, seconds=10)
    assert [said.answer.code for said in bench.said].count("scale.not_emptied") == 1
    await bench.lies(None, seconds=1, stability="unstable")
    await bench.lies(201, seconds=10)
    assert bench.sealed() == 1
    await bench.lies(0)
    await bench.lies(200)
    assert bench.sealed() == 2


@pytest.mark.parametrize(
    "of",
    [{"stability": "unstable"}, {"stability": "unknown"}, {"range": "over"}, {"range": "unknown"}, {"fault": "E5"}],
)
async def test_a_doubtful_weight_never_seals(bench: Bench, of: dict[str, Any]) -> None:
    await bench.lies(0)
    await bench.given("O-1")
    await bench.lies(200, seconds=10, **of)
    assert bench.sealed() == 0


async def test_a_weight_that_does_not_fit_is_said_once_and_never_seals(bench: Bench) -> None:
    await bench.lies(0)
    await bench.given("O-1")
    await bench.lies(900, seconds=10)
    assert [said.answer.code for said in bench.said].count("pack.wrong_weight") == 1
    assert bench.sealed() == 0
    await bench.lies(0)
    await bench.lies(200)
    assert bench.sealed() == 1


async def test_while_goods_go_in_nothing_is_said_of_the_weight(bench: Bench) -> None:
    await bench.lies(0)
    told = _fulfillment("O-1", [("O-1-L1", line("SKU-1", 2))], picked=True)
    await bench.store.execute(c.ReceiveWork(command_id=new_id(), fulfillments=(told,), parties=()))
    await bench.scans("O-1")
    await bench.lies(100)
    await bench.scans("SKU-1")
    before = len(bench.said)
    await bench.lies(100)
    assert len(bench.said) == before


async def test_notes_are_confirmed_first_then_the_weight_that_lies_there_seals(bench: Bench) -> None:
    await bench.lies(0)
    await bench.given("O-1", metadata={"signatureRequired": True})
    await bench.lies(200, seconds=10)
    assert bench.sealed() == 0
    await bench.scans("CONFIRM")
    await bench.lies(200)
    assert bench.sealed() == 1


async def test_a_weight_that_nobody_can_check_is_taken_and_the_seal_left_to_the_packer(bench: Bench) -> None:
    await bench.lies(0)
    told = _fulfillment("O-1", [("O-1-L1", line("HEAVY", 1))], picked=True)
    await bench.store.execute(c.ReceiveWork(command_id=new_id(), fulfillments=(told,), parties=()))
    await bench.scans("O-1", "HEAVY")
    await bench.lies(5000)
    assert bench.sealed() == 0
    assert bench.said[-1].answer.code == "pack.weighed"
