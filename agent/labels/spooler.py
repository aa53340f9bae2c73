"""The print worker of one workplace: one label at a time, each attempt on disk before its first byte.

Printing is an uncertain act (architecture, invariant 6): a label is called printed only when the printer's own
counter rose by just this one; whatever else happens after the first byte makes it uncertain, for a person to settle.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from collections.abc import Awaitable, Callable

from agent.labels.shipping import Address, ShippingLabel, render_shipping_label
from agent.problems import Problems
from devices.driver import Printer, PrinterLink
from devices.transports import ConnectRefused, TransportLost
from local_store import spool
from local_store.domain.printing import Job
from local_store.spool import SpoolJob
from local_store.store import Store

log = logging.getLogger(__name__)

POLL_S = 0.02
"""First pause between two looks at the printer's counter; it grows, since a label takes a second on real paper."""
SLOWEST_POLL_S = 1.0
MAX_LINE = 200
"""Longer parts of an address are cut; the template cuts them further to what fits."""
RETRY_S = 2.0
"""Pause before a printer that is away or out of labels is asked again."""


class Spooler:
    """Prints the labels of one workplace on its one printer."""

    def __init__(
        self,
        store: Store,
        workplace: str,
        printer: Printer,
        ship_from: Address,
        problems: Problems,
        sleep: Callable[[float], Awaitable[None]],
        now: Callable[[], float],
    ) -> None:
        self._store, self._workplace, self._printer = store, workplace, printer
        self._ship_from, self._problems, self._sleep, self._now = ship_from, problems, sleep, now
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """There may be a new label to print."""
        self._wake.set()

    async def run(self) -> None:
        """Print what waits, for ever."""
        while True:
            self._wake.clear()
            job = spool.next_job(self._store.reader, self._workplace)
            if job is None:
                await self._wake.wait()
            elif job.state is Job.QUEUED:
                zpl = render_shipping_label(label_of(self._store.reader, job, self._ship_from), self._printer.dpi)
                job_id = job.job_id
                await self._store.run(lambda tx, job_id=job_id, zpl=zpl: spool.rendered(tx, job_id, zpl))  # type: ignore[misc]
            elif not await self._print(job):
                await self._sleep(RETRY_S)

    async def _print(self, job: SpoolJob) -> bool:
        """One attempt. False when the printer cannot take a label now; nothing was sent then."""
        try:
            async with self._printer.connect() as link:
                before = await self._ready_with_count(link)
                if before is None:
                    return False
                await self._attempt(link, job, before)
        except ConnectRefused as refusal:
            self._away(refusal.sentence, refusal.next_step)
            return False
        except TransportLost as lost:  # before the attempt was recorded: surely no byte of the label was sent
            self._away(lost.sentence, lost.next_step)
            return False
        self._problems.clear(self._problem_id)
        return True

    async def _ready_with_count(self, link: PrinterLink) -> int | None:
        """The labels the printer has counted so far, when it is ready for one more; None when it is not."""
        status = await link.status()
        if status is None:
            self._away(
                f"The label printer '{self._printer.name}' does not answer.",
                "Look at it: are labels and ribbon in, is the head closed? The label is printed once it answers.",
            )
            return None
        if status.trouble is not None:
            what, fix = status.trouble
            self._away(what, f"{fix} The label is printed by itself then.")
            return None
        if not status.empty:
            self._away(
                f"The label printer '{self._printer.name}' still holds labels of somebody else.",
                "Let it finish; a printer that this station uses should get labels from nobody else.",
            )
            return None
        count = await link.label_count()
        if count is None:
            self._away(
                f"The label printer '{self._printer.name}' does not say how many labels it has printed.",
                "Without its counter no label can be proved; use a printer with odometer.total_label_count.",
            )
        return count

    async def _attempt(self, link: PrinterLink, job: SpoolJob, before: int) -> None:
        n = await self._store.run(lambda tx: spool.begin(tx, job, before))
        try:
            await link.send(job.zpl or b"")
            await self._store.run(lambda tx: spool.taken(tx, job.job_id, n))
            doubt = await self._wait_for_proof(link, job, n, before)
        except TransportLost as lost:
            doubt = f"The connection to the printer broke while the label was on its way ({lost.sentence})."
        if doubt is not None:
            log.warning("label %s is uncertain: %s", job.job_id, doubt)
            await self._store.run(lambda tx: spool.doubted(tx, job, n, doubt))

    async def _wait_for_proof(self, link: PrinterLink, job: SpoolJob, n: int, before: int) -> str | None:
        """Wait until the counter shows this label. Returns why it stays in doubt, None when it is proved."""
        deadline = self._now() + self._printer.confirm_timeout_s
        pause_s = POLL_S
        while self._now() < deadline:
            status = await link.status()
            if status is not None and status.empty:  # asked first: a counter read while labels wait proves nothing
                count = await link.label_count()
                if count == before + 1:
                    await self._store.run(lambda tx: spool.confirmed(tx, job, n, before + 1))
                    return None
                if count is not None and count != before:
                    return f"The printer's counter went from {before} to {count} while one label was on its way."
            await self._sleep(pause_s)
            pause_s = min(pause_s * 2, SLOWEST_POLL_S)
        status = await link.status()
        seen = "It does not answer." if status is None else status.sentence
        return f"The printer did not count the label within {self._printer.confirm_timeout_s:g} s. {seen}"

    @property
    def _problem_id(self) -> str:
        return f"device.{self._printer.name}"

    def _away(self, sentence: str, next_step: str) -> None:
        self._problems.report(self._problem_id, sentence, next_step)


def label_of(db: sqlite3.Connection, job: SpoolJob, ship_from: Address) -> ShippingLabel:
    """All that stands on the label of a job."""
    row = db.execute(
        "SELECT f.order_id, f.carrier_hint, f.service_code, a.weight_mg, p.name, p.address"
        " FROM fulfillment f JOIN package a ON a.package_id = ? LEFT JOIN party p USING (party_id)"
        " WHERE f.fulfillment_id = ?",
        (job.package_id, job.fulfillment_id),
    ).fetchone()
    address = json.loads(row["address"]) if row["address"] else {}
    address["name"] = row["name"] or ""
    known = {key: str(value)[:MAX_LINE] for key, value in address.items() if key in Address.model_fields and value}
    return ShippingLabel(
        ship_from=ship_from,
        ship_to=Address.model_validate({"name": "", **known}),
        order_id=row["order_id"][:MAX_LINE],
        carrier=(row["carrier_hint"] or "")[:MAX_LINE],
        service=(row["service_code"] or "")[:MAX_LINE],
        weight_mg=row["weight_mg"],
        sscc=job.sscc,
        attempt_id=f"{job.job_id[-8:]}-{job.copy_no}",
        copy_number=job.copy_no,
    )
