"""The print worker of one workplace: one label at a time, each attempt on disk before its first byte.

Printing is an uncertain act (architecture, invariant 6): a label is called printed only when there is proof; whatever
else happens after the first byte makes it uncertain, for a person to settle. A job goes to the next printer of the
workplace only while it is surely not begun.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from agent.labels.carrier import CarrierLabel, carrier_zpl, is_for, stock_of
from agent.labels.job_label import label_bytes
from agent.labels.library import PACKAGED, Templates
from agent.labels.proof import Before, CameOut, Doubt, NothingCameOut, NotNow, Verdict, look, wait_for_proof
from agent.labels.roll import Sized, wrong_roll
from agent.labels.shipping import Address
from agent.labels.template import LabelRefused, LabelUnsafe, TemplateFault
from agent.problems import Problems
from devices.driver import Printer, PrinterLink
from devices.transports import DeviceUnreachable, TransportLost
from local_store import files, spool
from local_store.checks import RowDamaged
from local_store.spool import SpoolJob
from local_store.store import Store
from local_store.transaction import Transaction

log = logging.getLogger(__name__)

RETRY_S = 2.0
"""Pause before a printer that is away or out of labels is asked again."""
AT_ONCE = 20
"""Waiting jobs that are looked at: a label for another roll does not hold up those behind it."""
MS_PER_MIN = 60_000


class Spooler:
    """Prints the labels of one workplace on its printers, the first that can.

    `mono_ms` and `boot_id` tell how long a label has waited; after `expire_after_ms` a person is asked. While `hold`
    says a sentence (why nothing may be printed now), nothing is started.
    """

    def __init__(
        self,
        store: Store,
        workplace: str,
        printers: Sequence[Printer],
        ship_from: Address,
        problems: Problems,
        sleep: Callable[[float], Awaitable[None]],
        now: Callable[[], float],
        *,
        mono_ms: Callable[[], int],
        boot_id: str,
        expire_after_ms: int,
        templates: Templates = PACKAGED,
        hold: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._store, self._workplace, self._printers = store, workplace, printers
        self._ship_from, self._problems, self._sleep, self._now = ship_from, problems, sleep, now
        self._mono_ms, self._boot_id, self._expire_after_ms, self._hold = mono_ms, boot_id, expire_after_ms, hold
        self._templates = templates
        self._wake = asyncio.Event()
        self._said_dpi: dict[str, int | None] = {}

    def wake(self) -> None:
        """There may be a new label to print."""
        self._wake.set()

    async def run(self) -> None:
        """Print what waits, for ever."""
        await self._store.run(self._begin_again)
        while True:
            self._wake.clear()
            jobs = await self._still_wanted(spool.waiting(self._store.reader, self._workplace, AT_ONCE))
            if not jobs:
                self._problems.clear(self._hold_id)
                await self._wake.wait()
            elif self._held() or not await self._print_one(jobs):
                await self._sleep(RETRY_S)

    def _begin_again(self, tx: Transaction) -> None:
        """Only one attempt is ever on its way here, and this worker begins: whatever still seems so was cut off."""
        spool.remember_boot(tx, self._boot_id)
        spool.doubt_unfinished(tx, "Printing broke off while the label was on its way.", self._workplace)

    async def _still_wanted(self, jobs: list[SpoolJob]) -> list[SpoolJob]:
        """Without those that waited too long: an old label that comes out late ends on a wrong box."""
        wanted = []
        for job in jobs:
            waited_ms = spool.waited_ms(self._store.reader, job, self._mono_ms(), self._boot_id)
            if waited_ms is None:
                reason = "The computer was switched off while it waited for a printer, nobody knows for how long."
            elif waited_ms > self._expire_after_ms:
                reason = f"It waited more than {self._expire_after_ms // MS_PER_MIN} min for a printer."
            else:
                wanted.append(job)
                continue
            await self._store.run(lambda tx, job=job, reason=reason: spool.expired(tx, job, reason))  # type: ignore[misc]
        return wanted

    def _held(self) -> bool:
        reason = self._hold()
        if reason is None:
            self._problems.clear(self._hold_id)
            return False
        self._problems.report(
            self._hold_id, reason, "The labels that wait are printed by themselves once this is over."
        )
        return True

    async def _print_one(self, jobs: list[SpoolJob]) -> bool:
        """Get one job further; False when no printer takes any of them now."""
        stuck: set[str] = set()
        for job in jobs:
            if job.template in stuck:
                continue
            for printer in self._printers:
                if await self._try(job, printer):
                    return True
            stuck.add(job.template)
        return False

    async def _try(self, job: SpoolJob, printer: Printer) -> bool:
        """One attempt on one printer. False when it cannot take this label now; no byte of it was sent then."""
        try:
            template = self._sized(job, printer)
            ready = await self._rendered(job, printer)
        except (LabelRefused, LabelUnsafe, TemplateFault) as fault:
            reason = str(fault)
            await self._store.run(lambda tx: spool.cannot_be_made(tx, job, reason))
            return True
        try:
            async with printer.connect() as link:
                before = await self._look(link, printer, template)
                if isinstance(before, Before):
                    await self._attempt(link, ready, printer, before)
                    return True
                return self._away(printer, *before)
        except DeviceUnreachable as fault:  # refused, or lost before the attempt was recorded: no byte was sent
            return self._away(printer, fault.sentence, fault.next_step)

    async def _look(self, link: PrinterLink, printer: Printer, template: Sized) -> Before | NotNow:
        before = await look(link, printer, spool.counted(self._store.reader, printer.name))
        if isinstance(before, NotNow):
            return before
        if printer.name not in self._said_dpi:
            self._said_dpi[printer.name] = await link.resolution_dpi()
        wrong = wrong_roll(template, printer, before.label_length_dots, self._said_dpi[printer.name])
        return wrong or before

    async def _rendered(self, job: SpoolJob, printer: Printer) -> SpoolJob:
        """The job with sound bytes for this printer, made and committed when it has none."""
        if (
            job.is_sound
            and job.zpl_dpi == printer.dpi
            and (not job.file or is_for(job.zpl or b"", stock_of(printer)))
        ):
            return job
        if job.zpl is not None and not job.is_sound:
            self._problems.report(
                f"print.{self._workplace}.damaged",
                f"The stored bytes of label {job.title} were damaged; they were made again before they were sent.",
                "If this is said again, have the disk of this station checked.",
            )
        if job.file:
            zpl = await self._carriers_bytes(job, printer)
        else:
            zpl = label_bytes(self._store.reader, job, self._ship_from, printer.dpi, self._templates)
        return await self._store.run(lambda tx: spool.rendered(tx, job.job_id, zpl, printer.dpi))

    def _sized(self, job: SpoolJob, printer: Printer) -> Sized:
        """The size of a label: a carrier's is fitted to the roll that there is."""
        return CarrierLabel(*stock_of(printer)) if job.file else self._templates.get(job.template, printer.dpi)

    async def _carriers_bytes(self, job: SpoolJob, printer: Printer) -> bytes:
        """The carrier's label for this printer. Raises LabelRefused."""
        try:
            file = files.read(self._store.reader, job.file)
        except RowDamaged as damage:
            raise LabelRefused(str(damage)) from damage
        if file is None:
            raise LabelRefused("The carrier's file is no longer kept on this station; get the label from HQ.")
        return await asyncio.to_thread(carrier_zpl, file.data, stock_of(printer), printer.dpi)

    async def _attempt(self, link: PrinterLink, job: SpoolJob, printer: Printer, before: Before) -> None:
        n = await self._store.run(lambda tx: _begin(tx, job, before, printer))
        if n is None:
            return
        try:
            await link.send(job.zpl or b"")
            await self._store.run(lambda tx: spool.taken(tx, job, n))
            verdict = await wait_for_proof(link, printer, before, self._now, self._sleep)
        except TransportLost as lost:
            verdict = Doubt(f"The connection to the printer broke while the label was on its way ({lost.sentence})")
        await self._store.run(lambda tx: _settle(tx, job, n, verdict))
        self._tell(printer, before, verdict)

    def _tell(self, printer: Printer, before: Before, verdict: Verdict) -> None:
        self._problems.clear(_device_id(printer))
        shared_id = f"print.{printer.name}.shared"
        if isinstance(verdict, Doubt):
            log.warning("a label on %s is uncertain: %s", printer.name, verdict.reason)
        if before.shared is not None or (isinstance(verdict, Doubt) and verdict.count_after is not None):
            self._problems.report(
                shared_id,
                f"Somebody else prints on '{printer.name}': its counter moved by more than this station's labels.",
                "Find the other computer or agent and give it another printer: while two print, no label is proved.",
            )
        elif isinstance(verdict, CameOut):
            self._problems.clear(shared_id)

    def _away(self, printer: Printer, sentence: str, next_step: str) -> bool:
        self._said_dpi.pop(printer.name, None)  # it may come back with another head
        self._problems.report(_device_id(printer), sentence, next_step)
        return False

    @property
    def _hold_id(self) -> str:
        return f"print.{self._workplace}.hold"


def _begin(tx: Transaction, job: SpoolJob, before: Before, printer: Printer) -> int | None:
    """Record the attempt; None when a person discarded the job or decided about it meanwhile."""
    if not spool.is_ready(tx, job):
        return None
    return spool.begin(tx, job, before.label_count, printer.name)


def _settle(tx: Transaction, job: SpoolJob, n: int, verdict: Verdict) -> None:
    match verdict:
        case CameOut(evidence, count_after):
            spool.confirmed(tx, job, n, count_after, evidence)
        case Doubt(reason, count_after):
            spool.doubted(tx, job, n, reason, count_after)
        case NothingCameOut(reason, count_after):
            spool.came_to_nothing(tx, job, n, reason, count_after)


def _device_id(printer: Printer) -> str:
    return f"device.{printer.name}"
