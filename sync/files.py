"""Files between a lane and its HQ: carriers' labels that come, photos and papers that go.

One file is in memory at a time. What is wanted stands on disk, so that a restart goes on; a lost answer only fetches
or sends again, and nothing is fetched again once it is kept.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable
from uuid import NAMESPACE_URL, UUID, uuid5

from local_store import files
from local_store.checks import RowDamaged
from local_store.clock import Clock
from local_store.domain.commands import MAX_FILE_BYTES, ReceiveCarrierLabel
from local_store.domain.events import HqRefLearned
from local_store.files import KeptFile, Transfer
from local_store.store import Store
from local_store.transaction import Transaction
from local_store.writer import StoreInDoubt
from sync import retry
from sync.dialect import NoAnswer, Outcome, Reply
from sync.waiting import until

log = logging.getLogger(__name__)

DOUBT_PAUSE_MS = 1_000
MAX_CONTENT_TYPE = 100
_LABELS = (b"^XA", b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
"""How files begin that can be a label."""

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class CarrierLabel:
    """The label of a shipment as the carrier made it."""

    tracking_number: str
    content_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A file did not come or go: DEAD for good, AUTH or anything else for now; `reply` says how long."""

    outcome: Outcome
    sentence: str
    reply: Reply | None = None


class FilesHq(Protocol):
    """Files at one HQ."""

    async def carrier_label(self, shipment_id: str, key: str) -> CarrierLabel | Trouble:
        """Have the label of a shipment made, unless it is, and fetch it. `shipment_id` is HQ's."""

    async def send_file(self, file: KeptFile, sha256: str, of: str, key: str) -> str | Trouble:
        """Send a file; HQ's id of it once HQ has all of it."""


@runtime_checkable
class CarriesFiles(Protocol):
    """A client of a dialect whose HQ gives or takes files."""

    @property
    def files(self) -> FilesHq:
        """How."""


class LaneFiles:
    """Fetches and sends the files of one lane. Run `run` as a task of its own."""

    def __init__(
        self,
        name: str,
        store: Store,
        hq: FilesHq,
        *,
        clock: Clock,
        sleep: Sleep,
        chance: random.Random,
        new_id: Callable[[], UUID],
        report: Callable[[str, str, str], None],
        clear: Callable[[str], None],
    ) -> None:
        self.name, self._store, self._hq = name, store, hq
        self._clock, self._sleep, self._chance, self._new_id = clock, sleep, chance, new_id
        self._report, self._clear = report, clear
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """There may be another file."""
        self._wake.set()

    async def run(self) -> None:
        """Fetch and send what is wanted, for ever. What HQ refused is asked for once more at each start."""
        await self._store.run(lambda tx: files.ask_again(tx.connection, self.name))
        while True:
            self._wake.clear()
            try:
                wait_ms = await self._work()
            except StoreInDoubt as doubt:
                log.warning("files of %s: %s", self.name, doubt)
                wait_ms = DOUBT_PAUSE_MS
            self._tell()
            await until(self._wake, wait_ms, self._sleep)

    async def _work(self) -> int | None:
        """Do what is due; how long to wait for the next, None when nothing is wanted."""
        while (job := self._next()) is not None:
            trouble = await (self._fetch(job) if job.way == "down" else self._send(job))
            if trouble is not None:
                await self._settle(job, trouble)
                if trouble.outcome is Outcome.AUTH or (trouble.reply and retry.is_away(trouble.reply)):
                    break  # the others would fail too
        due_ms = files.next_due_ms(self._store.reader, self.name)
        if due_ms is None:
            return None
        return min(max(retry.FIRST_MS, due_ms - self._clock.wall_ms()), retry.LONGEST_RETRY_AFTER_MS)

    def _next(self) -> Transfer | None:
        now = self._clock.wall_ms()
        return files.next_transfer(self._store.reader, self.name, now, retry.LONGEST_RETRY_AFTER_MS)

    async def _fetch(self, job: Transfer) -> Trouble | None:
        got = await self._hq.carrier_label(job.name, _key("label", self.name, job.name))
        if isinstance(got, Trouble):
            return got
        if not may_be_a_label(got.data):
            return Trouble(Outcome.WAIT, f"What came for shipment {job.name} is no label ({got.content_type[:40]}).")
        if len(got.data) > MAX_FILE_BYTES:
            size = f"{len(got.data)} bytes; at most {MAX_FILE_BYTES} are kept"
            return Trouble(Outcome.DEAD, f"The label of shipment {job.name} has {size}.")
        command = ReceiveCarrierLabel(
            command_id=self._new_id(),
            lane=self.name,
            fulfillment_id=job.of,
            tracking_number=got.tracking_number,
            content_type=got.content_type[:MAX_CONTENT_TYPE],
            sha256=hashlib.sha256(got.data).hexdigest(),
            data=got.data,
        )
        receipt = await self._store.execute(command)
        if receipt.refused:
            return Trouble(Outcome.DEAD, receipt.answer.text)
        await self._store.run(lambda tx: files.done(tx.connection, job))
        return None

    async def _send(self, job: Transfer) -> Trouble | None:
        try:
            file = files.read(self._store.reader, job.name)
        except RowDamaged as damage:
            return Trouble(Outcome.DEAD, str(damage))
        if file is None:
            return Trouble(Outcome.DEAD, f"A file about {job.of} is no longer kept here, so HQ cannot have it.")
        key = _key("file", self.name, job.name, job.of, str(job.attempts))
        got = await self._hq.send_file(file, job.name, job.of, key)
        if isinstance(got, Trouble):
            return got
        await self._store.run(lambda tx: self._sent(tx, job, got))
        return None

    def _sent(self, tx: Transaction, job: Transfer, file_id: str) -> None:
        files.done(tx.connection, job)
        tx.append(HqRefLearned(lane=self.name, thing="file", local_id=job.name, hq_id=file_id))

    async def _settle(self, job: Transfer, trouble: Trouble) -> None:
        if trouble.outcome is Outcome.DEAD:
            await self._store.run(lambda tx: files.refuse(tx.connection, job, trouble.sentence))
            return
        wait_ms = retry.AUTH_PAUSE_MS
        now = self._clock.wall_ms()
        if trouble.outcome is not Outcome.AUTH:
            reply = trouble.reply or NoAnswer(trouble.sentence, sent=True)
            wait_ms = retry.delay_ms(job.attempts, reply, now, self._chance)
        await self._store.run(lambda tx: files.put_off(tx.connection, job, now + wait_ms, trouble.sentence))

    def _tell(self) -> None:
        problem, refused = f"hq.{self.name}.files", files.refusals(self._store.reader, self.name)
        if not refused:
            self._clear(problem)
            return
        more = f" And {len(refused) - 1} more." if len(refused) > 1 else ""
        self._report(
            problem,
            f"{self.name} did not give or take a file. {refused[0]}{more}",
            "Have the cause mended, or get the label at HQ. It is asked for once more when the agent is started.",
        )


def may_be_a_label(data: bytes) -> bool:
    """Whether a file begins as one that can be printed: a page of a portal is none."""
    return data.lstrip()[:5].startswith(_LABELS)


def _key(*of: str) -> str:
    """An idempotency key that is the same for the same act."""
    return str(uuid5(NAMESPACE_URL, " ".join(of)))
