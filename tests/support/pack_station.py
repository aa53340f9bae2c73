"""A pack station to print on: a real store, a spooler, and simulated printers on real ports."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import uuid_utils.compat as uuid

from agent.labels.shipping import Address
from agent.labels.spooler import Spooler
from agent.problems import Problems
from devices.driver import Printer, Surroundings
from devices.registry import DRIVERS
from devices.simulators.zpl_printer import ZplPrinterSimulator
from local_store import spool
from local_store.clock import Clock, SystemClock
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.printing import Job
from local_store.domain.site import Site, SsccNumbers, Worker
from local_store.domain.words import Answer
from local_store.store import Store
from tests.support.patient_loop import patient_now
from tests.support.site import until

PACK = "pack"
SITE = Site(
    "station-1",
    "WH-1",
    {PACK: "pack"},
    {"ana": Worker("ana", "Ana", "BADGE-ANA", frozenset({"packer"}))},
    sscc=SsccNumbers("0614141", 3, 1, 999),
)


class SetClock:
    """A clock that tests set; both faces of it."""

    def __init__(self) -> None:
        self.wall, self.mono = SystemClock().wall_ms(), 1_000_000

    def wall_ms(self) -> int:
        """Milliseconds since 1970."""
        return self.wall

    def mono_ms(self) -> int:
        """Milliseconds since boot."""
        return self.mono


class PackStation:
    """A store, a spooler and printers; `seal_an_order` is all it takes to want a label."""

    def __init__(self, folder: Path, clock: Clock | None = None, *, site: Site = SITE, **printer: Any) -> None:
        self.printer = ZplPrinterSimulator(**{"print_s": 0.01, **printer})
        self.clock = clock or SystemClock()
        self.problems = Problems(self.clock.wall_ms)
        self.store = Store(folder, site, self.clock, "test")
        self.hold: str | None = None
        self._orders = 0
        self._running: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Switch the printer on and sign Ana in."""
        await self.printer.start()
        await self.store.open()
        await self.do(c.Scan, code="BADGE-ANA")

    async def close(self) -> None:
        """Stop everything."""
        await self.stop_printing()
        await self.store.close()
        await self.printer.stop()

    async def do(self, command: Callable[..., c.FloorCommand], **members: Any) -> str:
        """What Ana does; the code of the answer."""
        return (await self.ask(command, **members)).code

    async def ask(self, command: Callable[..., c.FloorCommand], **members: Any) -> Answer:
        """What Ana does; the whole answer."""
        receipt = await self.store.execute(command(command_id=uuid.uuid7(), workplace=PACK, **members))
        answer: Answer = receipt.answer
        return answer

    async def receive_an_order(self) -> str:
        """An order that was picked elsewhere is there; returns its fulfillment."""
        self._orders += 1
        of = f"{self._orders}"
        party = c.Party(party_id=f"P{of}", name="Bäckerei ^XA~JA", address={"city": "Köln"})
        line = e.WorkLine(order_line_id="1", sku="S", qty=1, picked=1)
        fulfillment = e.FulfillmentReceived(
            lane="main",
            fulfillment_id=f"F{of}",
            order_id=f"O{of}",
            warehouse_id="w",
            party_id=party.party_id,
            lines=(line,),
            picked=True,
        )
        product = e.ProductReceived(sku="S", name="Salt")
        await self.store.execute(c.ReceiveProducts(command_id=uuid.uuid7(), products=(product,)))
        await self.store.execute(
            c.ReceiveWork(command_id=uuid.uuid7(), fulfillments=(fulfillment,), parties=(party,))
        )
        return f"F{of}"

    async def weigh_an_order(self) -> None:
        """An order picked elsewhere is packed here, and its only parcel weighed."""
        await self.do(c.OpenWork, id=await self.receive_an_order())
        await self.do(c.Scan, code="S")
        stable = {"stability": "stable", "range": "ok", "newer_than_request": True, "emptied": True}
        await self.do(c.Weigh, scale="scale", weight_mg=1_000_000, **stable)

    async def seal_an_order(self) -> str:
        """An order picked elsewhere is packed and sealed here; returns its SSCC."""
        await self.weigh_an_order()
        assert await self.do(c.Seal) == "pack.sealed"
        row = self.store.reader.execute("SELECT sscc FROM spool_job ORDER BY requested_seq DESC LIMIT 1").fetchone()
        sscc: str = row[0]
        return sscc

    def printer_of(self, simulator: ZplPrinterSimulator, name: str = "printer", **settings: Any) -> Printer:
        """The driver for a simulated printer."""
        driver = DRIVERS["zpl_printer"]
        quick = {"driver": "zpl_printer", "confirm_timeout_s": 5, "answer_timeout_s": 0.3, **simulator.address}
        printer = driver.build(
            name, driver.settings.model_validate({**quick, **settings}), Surroundings(patient_now, soon)
        )
        assert isinstance(printer, Printer)
        return printer

    def print(self, *printers: Printer, boot_id: str = "boot-1", expire_min: int = 30, **settings: Any) -> Spooler:
        """Start a spooler for these printers, or for the one there is with these settings."""
        spooler = Spooler(
            self.store,
            PACK,
            printers or [self.printer_of(self.printer, **settings)],
            Address(name="Warehouse"),
            self.problems,
            soon,
            patient_now,
            mono_ms=self.clock.mono_ms,
            boot_id=boot_id,
            expire_after_ms=expire_min * 60_000,
            hold=lambda: self.hold,
        )
        self.store.listen(lambda _recorded: spooler.wake())
        self._running.append(asyncio.create_task(spooler.run()))
        return spooler

    async def stop_printing(self) -> None:
        """Stop every spooler."""
        for running in self._running:
            running.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        self._running = []

    def jobs(self) -> list[spool.SpoolJob]:
        """The jobs as the screen has them: what asks first."""
        return spool.recent(self.store.reader, PACK, 10)

    def job_of(self, sscc: str) -> spool.SpoolJob:
        """The newest job with this number."""
        jobs = [job for job in self.jobs() if job.sscc == sscc]
        return max(jobs, key=lambda job: job.waiting_seq)

    async def until_job_is(self, state: Job) -> spool.SpoolJob:
        """Wait until the job on top is in this state."""
        await until(lambda: self.jobs()[0].state is state, f"the label did not become {state} ({self.jobs()[0]})")
        return self.jobs()[0]

    async def until_problem(self, words: str) -> tuple[str, str]:
        """Wait until a problem says these words; its sentence and next step."""
        await until(lambda: self._saying(words), f"no problem said {words!r} ({self.problems.open()})")
        return self._saying(words)[0]

    async def until_no_problem(self) -> None:
        """Wait until every problem is gone."""
        await until(lambda: not self.problems.open(), "the problem did not go away")

    def _saying(self, words: str) -> list[tuple[str, str]]:
        return [(each.sentence, each.next_step) for each in self.problems.open() if words in each.sentence]


def site_with(**changes: Any) -> Site:
    """The site of the station with other rules."""
    return replace(SITE, **changes)


async def soon(seconds: float) -> None:
    """The spooler's pauses, shortened: only their order matters here."""
    await asyncio.sleep(min(seconds, 0.02))
