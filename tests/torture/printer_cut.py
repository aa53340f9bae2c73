"""The printer's power is cut after every byte of a label and around its printing; every fault comes at every phase.

Each case is one parcel's label over a real TCP socket. When the spool has come to an end with it, what it says is
held against the paper; then somebody mends the printer, looks at the paper and answers as the screen asks.

    python -m tests.torture.printer_cut --seed 1 --sample 0      (0: every case)
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any

import uuid_utils.compat as uuid

from agent.floor.label_view import labels_of
from agent.labels.shipping import Address
from agent.labels.spooler import Spooler
from agent.problems import Problems
from devices.driver import Printer, Proof, Surroundings
from devices.registry import DRIVERS
from devices.simulators.zpl_printer import PrinterFault, When, ZplPrinterSimulator
from local_store import spool
from local_store.clock import SystemClock
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.codes import sscc_of
from local_store.domain.printing import ASKING, Job
from local_store.domain.site import Site, Worker
from local_store.journal import Recorded
from local_store.store import Store
from tests.support.site import free_port, until
from tests.torture.counts import Counts, command_line, in_processes, processes, scratch

PLACE = "pack"
ADDRESS = {
    "address1": "Ærøgade Øst 1, 2. værelse, på gården, ^XZ~JA 東京都千代田区",
    "address2": "Überseeallee Südöstliche Höhe 12",
    "city": "Łódź Śródmieście",
    "postal_code": "90-001",
    "region": "województwo łódzkie",
    "country": "Polska",
}
SENDER = Address(name="Großhändler Süd", address1="Straße 1", city="Köln", postal_code="50667", country="Deutschland")
"""Together they make a label of about 2,000 bytes."""
SITE = Site("station-1", "WH-1", {PLACE: "pack"}, {"ana": Worker("ana", "Ana", "BADGE-ANA", frozenset({"packer"}))})
VIEW_WITHIN_MS = 3000
CASE_LIMIT_S = 30
INTERRUPTS: tuple[PrinterFault, ...] = ("paper_out", "head_open", "ribbon_out")
OTHER_FAULTS: tuple[PrinterFault, ...] = ("paused", "over_temperature", "buffer_full")
ANSWERS: tuple[PrinterFault, ...] = ("silent", "cut", "garbage", "wrong", "late", "flood", "half_open")
BOTH = (False, True)
PROOFS: tuple[Proof, ...] = ("counter", "status", "alert")
PHASES: tuple[When, ...] = ("before", "during", "uncounted", "after")


@dataclass(frozen=True)
class Case:
    """What happens to one label. `cut` is a byte of it or a phase of its printing; `fault` comes at `phase`."""

    cut: int | When | None = None
    fault: PrinterFault | None = None
    phase: When | None = None
    reprints: bool = False
    """Reprint after error is on, and the printer does not let the label switch it off."""
    counts_torn: bool = False
    silent_in_error: bool = False
    decided_first: bool = False
    """The person answers before the printer is mended."""
    elsewhere: When | None = None
    """Another computer's label comes at that phase."""
    swallowed: When | None = None
    """The printer forgets what it holds at that phase, as by its cancel key."""
    proof: Proof = "counter"
    """What the site lets prove a label; a printer with a proof of another kind has no counter."""


@dataclass
class Part:
    """The cases of one process."""

    seed: int
    cases: list[Case] = field(default_factory=list)


def run(seed: int, sample: int) -> Counts:
    """`sample` seeded cases, or every one (0)."""
    length = asyncio.run(_label_length())
    cases = list(all_cases(length))
    if sample:
        cases = random.Random(seed).sample(cases, sample)
    many = min(processes(), 4)
    counts = in_processes("printer_cut", seed, _part, [Part(seed, cases[n::many]) for n in range(many)])
    counts.done["bytes of the label"] = length
    return counts


def all_cases(length: int) -> Iterator[Case]:
    """Every case for a label of so many bytes."""
    for at, reprints in product(range(length + 1), BOTH):
        yield Case(cut=at, reprints=reprints)
    for reprints, counts_torn, decided_first in product(BOTH, BOTH, BOTH):
        case = Case(reprints=reprints, counts_torn=counts_torn, decided_first=decided_first)
        yield from (replace(case, cut=when) for when in PHASES)
        for fault, phase, silent in product(INTERRUPTS, PHASES, BOTH):
            yield replace(case, fault=fault, phase=phase, silent_in_error=silent)
    for phase in PHASES[:2]:
        yield Case(swallowed=phase)
        yield Case(swallowed=phase, proof="alert")
    for proof in PROOFS:
        yield Case(proof=proof)
        yield from _each_phase(proof)


def _each_phase(proof: Proof) -> Iterator[Case]:
    for phase, reprints in product(PHASES, BOTH):
        yield Case(cut=phase, reprints=reprints, proof=proof)
        yield Case(elsewhere=phase, reprints=reprints, proof=proof)
        for fault in (*INTERRUPTS, *OTHER_FAULTS, *ANSWERS):
            yield Case(fault=fault, phase=phase, reprints=reprints, proof=proof)
            yield Case(fault=fault, phase=phase, silent_in_error=True, decided_first=True, proof=proof)


class Yard:
    """A store and a packer; each case brings a printer of its own."""

    def __init__(self, folder: Path, counts: Counts) -> None:
        self.store = Store(folder, SITE, SystemClock(), "torture")
        self.counts = counts
        self.violations: list[str] = []
        self.changed = asyncio.Event()
        self._clock = SystemClock()
        self._serial = 0
        self._spooler: Spooler | None = None
        self._now = 0.0

    async def open(self) -> None:
        """Open the store and sign the packer in."""
        await self.store.open()
        self.store.listen(self._committed)
        await self.do(c.Scan, code="BADGE-ANA")

    async def do(self, command: Any, **members: Any) -> str:
        """What the packer does; the code of the answer."""
        receipt = await self.store.execute(command(command_id=uuid.uuid7(), workplace=PLACE, **members))
        return receipt.answer.code

    async def sealed_parcel(self) -> str:
        """A parcel is sealed and its label wanted; returns its SSCC."""
        self._serial += 1
        sscc, of = sscc_of("0614141", 3, self._serial), f"{self._serial}"
        line = e.WorkLine(order_line_id="1", sku="S", qty=1, picked=1)
        fulfillment = e.FulfillmentReceived(
            lane="main", fulfillment_id=f"F{of}", order_id=f"O{of}", warehouse_id="w", party_id="P", lines=(line,),
            picked=True,
        )  # fmt: skip
        party = c.Party(party_id="P", name="Bäckerei ^XA~JA", address=ADDRESS)
        await self.store.execute(
            c.ReceiveWork(command_id=uuid.uuid7(), fulfillments=(fulfillment,), parties=(party,))
        )
        parcel = {"fulfillment_id": f"F{of}", "workplace": PLACE, "package_id": f"pkg_{of}"}
        facts = (
            e.PackOpened(**parcel, worker_id="ana"),
            e.PackageSealed(**parcel, sscc=sscc, sscc_serial=self._serial),
            e.LabelRequested(**parcel, job_id=f"label_{self._serial:032x}", sscc=sscc),
        )
        await self.store.run(lambda tx: [tx.append(fact) for fact in facts])
        return sscc

    def job(self) -> spool.SpoolJob:
        """The newest parcel's label job."""
        jobs = spool.recent(self.store.reader, PLACE, 3)
        return next(job for job in jobs if job.package_id == f"pkg_{self._serial}")

    async def until_job(self, *states: Job) -> spool.SpoolJob:
        """Wait until the label job is in one of these states."""
        while self.job().state not in states:
            self.changed.clear()
            await self.changed.wait()
        return self.job()

    def print_on(self, of: dict[str, Any]) -> tuple[Spooler, Printer]:
        """A spooler for the printer with these settings, whose pauses cost no time."""
        driver = DRIVERS["zpl_printer"]
        settings = {"driver": "zpl_printer", **of}
        name = f"printer-{self._serial + 1}"
        printer = driver.build(name, driver.settings.model_validate(settings), Surroundings(self.now, self.sleep))
        assert isinstance(printer, Printer)
        problems = Problems(self._clock.wall_ms)
        self._spooler = Spooler(
            self.store, PLACE, [printer], SENDER, problems, self.sleep, self.now,
            mono_ms=self._clock.mono_ms, boot_id="boot", expire_after_ms=3_600_000,
        )  # fmt: skip
        return self._spooler, printer

    def now(self) -> float:
        """A clock that only pauses move."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """A pause without waiting; the printer gets a moment."""
        self._now += seconds
        await asyncio.sleep(0.0005)

    def _committed(self, recorded: list[Recorded]) -> None:
        for each in recorded:
            if isinstance(each.fact, e.LabelUncertain):
                self._require_on_the_view(each.fact.job_id, each.wall_ms)
        if self._spooler is not None:
            self._spooler.wake()
        self.changed.set()

    def _require_on_the_view(self, job_id: str, since_ms: int) -> None:
        asks = {view["job_id"] for view in labels_of(self.store.reader, PLACE) if len(view["questions"]) == 3}
        took_ms = self._clock.wall_ms() - since_ms
        self.counts.done["doubts"] += 1
        self.counts.done["doubts on the view within 100 ms"] += took_ms <= 100
        if job_id not in asks or took_ms > VIEW_WITHIN_MS:
            self.violations.append(f"{job_id} is in doubt and not on the view after {took_ms} ms")


class Label:
    """One case: a printer, a parcel, and what the paper says about it."""

    def __init__(self, yard: Yard, case: Case) -> None:
        self.yard, self.case = yard, case
        self.simulator = ZplPrinterSimulator(
            print_s=0,
            reprints=case.reprints,
            obeys_jz=not case.reprints,
            counts=case.proof == "counter",
            counts_torn=case.counts_torn,
            silent_in_error=case.silent_in_error,
        )
        self.decisions = 0
        self.sscc = ""

    async def play(self) -> None:
        """From the sealed parcel to a label on its box."""
        await self.simulator.start()
        self._plan()
        spooler, printer = self.yard.print_on(self._settings())
        listening = [printer.run(lambda _state: None)] if self.simulator.alerts_to else []
        working = asyncio.gather(spooler.run(), *listening)
        try:
            await until(self._is_heard, "nobody listens to the printer")
            self.sscc = await self.yard.sealed_parcel()
            await self._first_attempt()
            while (await self.yard.until_job(Job.CONFIRMED, *ASKING)).state is not Job.CONFIRMED:
                await self._person_looks()
        finally:
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working
            await self.simulator.stop()
        self._judge_the_end()

    def _plan(self) -> None:
        case = self.case
        if case.cut is not None:
            self.simulator.plan_power_cut(case.cut)
        elif case.fault is not None and case.phase is not None:
            self.simulator.plan_fault(case.fault, case.phase)
        elif case.swallowed is not None:
            self.simulator.plan(self.simulator.forget, case.swallowed)
        elif case.elsewhere is not None:
            self.simulator.plan(lambda: self.simulator.print_from_elsewhere(b"^XAother^XZ"), case.elsewhere)

    def _settings(self) -> dict[str, Any]:
        quiet = self.case.fault in ANSWERS or self.case.silent_in_error
        settings = {**self.simulator.address, "answer_timeout_s": 0.05 if quiet else 5.0, "proof": self.case.proof}
        if self.case.proof == "alert":
            self.simulator.alerts_to = ("127.0.0.1", free_port())
            settings["alert_listen"] = f"127.0.0.1:{self.simulator.alerts_to[1]}"
        return settings

    async def _is_heard(self) -> bool:
        """Whether somebody listens where the printer sends its messages, if it sends any."""
        if self.simulator.alerts_to is not None:
            try:
                _, writer = await asyncio.open_connection(*self.simulator.alerts_to)
            except ConnectionRefusedError:
                return False
            writer.close()
        return True

    async def _first_attempt(self) -> None:
        """Until the spool has come to an end with the label by itself, mended or not."""
        job = await self.yard.until_job(Job.CONFIRMED, *ASKING)
        self.yard.counts.done[job.state.value] += 1
        if job.state is Job.FAILED_CLEAN and (self.whole or self.simulator.torn):
            self._violation("said that nothing came out, and something did")
        if not self.case.decided_first:
            await self._mend()
        self._judge_the_machine(job)

    async def _person_looks(self) -> None:
        job = self.yard.job()
        if self.whole > self.decisions:
            await self.yard.do(c.Scan, code=f"00{self.sscc}", symbology="]C1")
        else:
            self.decisions += 1
            decision = "did_not" if job.state is Job.UNCERTAIN else "print"
            await self.yard.do(c.DecideLabel, job_id=job.job_id, decision=decision)
        await self._mend()

    async def _mend(self) -> None:
        """Somebody mends whatever it is, and the printer finishes what it holds."""
        self.simulator.set_faults()
        if self.case.fault == "half_open":
            await self.simulator.power_cycle()
        await self.simulator.replug()
        await until(lambda: self.simulator.idle, "the printer did not finish", every_s=0.0005)

    @property
    def whole(self) -> int:
        """Whole labels of this parcel on paper."""
        return sum(self.sscc.encode() in label for label in self.simulator.labels)

    def _judge_the_machine(self, job: spool.SpoolJob) -> None:
        if self.case == Case(proof=self.case.proof) and job.state is not Job.CONFIRMED:
            self._violation(f"nothing was wrong, and it is {job.state} ({job.reason})")
        if job.state is Job.CONFIRMED and self.whole != 1:
            self._violation(f"called printed by its {job.evidence}, and {self.whole} whole labels are there")

    def _judge_the_end(self) -> None:
        labels = [label for label in self.simulator.labels if self.sscc.encode() in label]
        marked = sum(b"COPY" in label for label in labels)
        done = self.yard.counts.done
        done["cases"] += 1
        done["decisions"] += self.decisions
        done["marked copies"] += marked
        if not labels:
            done["silent misses"] += 1
            self._violation("there is no label on the box")
        if len(labels) - marked > 1:
            done["silent duplicates"] += 1
            self._violation(f"{len(labels) - marked} labels without a copy mark")
        if self.simulator.formats_received > 1 + self.decisions + (self.case.elsewhere is not None):
            self._violation(f"sent {self.simulator.formats_received} times with {self.decisions} decisions")

    def _violation(self, what: str) -> None:
        self.yard.violations.append(f"{self.case}: {what}")


def _part(part: Part) -> Counts:
    counts = Counts("printer_cut", part.seed)
    asyncio.run(_play_all(part.cases, counts))
    return counts


async def _play_all(cases: list[Case], counts: Counts) -> None:
    with tempfile.TemporaryDirectory(dir=scratch(), prefix="edge-printer-") as name:
        yard = Yard(Path(name), counts)
        await yard.open()
        for case in cases:
            try:
                async with asyncio.timeout(CASE_LIMIT_S):
                    await Label(yard, case).play()
            except TimeoutError:
                yard.violations.append(f"{case}: no end after {CASE_LIMIT_S} s, the label is {yard.job().state}")
        await yard.store.close()
        counts.violations += yard.violations


async def _label_length() -> int:
    """Bytes of the label that all cases print."""
    with tempfile.TemporaryDirectory(dir=scratch(), prefix="edge-printer-") as name:
        yard = Yard(Path(name), Counts("printer_cut", 0))
        await yard.open()
        await Label(yard, Case()).play()
        (zpl,) = yard.store.reader.execute("SELECT zpl FROM spool_job").fetchone()
        await yard.store.close()
        return len(zpl)


if __name__ == "__main__":
    command_line(run, sample=0)()
