"""One lane's journal at HQ: every row is told before the requests that carry its fact, so HQ can give it back.

HQ never has the effect of a fact whose row it does not hold. A store that was restored or copied therefore finds at
its first contact that HQ knows more: it is fenced, gets what it lacks, and only then goes on (reliability 4.3).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Protocol
from uuid import UUID

from local_store import identity, journal, numbers
from local_store.clock import Clock
from local_store.domain.events import NumberKind, NumbersLeased
from local_store.domain.numbers import ALL_KINDS, KEEP_DAYS, block_size
from local_store.journal import JournalDamaged, Row
from local_store.outbox import EVERYTHING
from local_store.store import Store
from local_store.writer import StoreInDoubt
from sync import recovery
from sync.dialect import Answer, Outcome
from sync.edge import EdgeHq, EdgeRow, EdgeStopped, Lineage, NotOffered, Parted, Point, Push, Watermark
from sync.recovery import Shared
from sync.retry import classify, is_away
from sync.waiting import until

log = logging.getLogger(__name__)

MOST_ROWS = 500
MOST_BYTES = 256 * 1024
LOOK_AGAIN_MS = 300_000
NOT_OFFERED_MS = 3_600_000
REST_MS = 2_000
"""Pause after HQ failed; HQ coming back ends it."""
SHORT_REST_MS = 1_000
MANY_FAILURES = 3
TOO_LARGE = 413
NOTHING = -1

Sleep = Callable[[float], Awaitable[None]]
Report = Callable[[str, str, str], None]


class Advanced(Protocol):
    """Who wants to know that more facts may be sent."""

    def __call__(self, *, in_step_again: bool) -> None:
        """More may go; `in_step_again` when nothing might before."""


class JournalFeed:
    """Tells one HQ this station's journal. Run `run` as a task of its own."""

    def __init__(
        self,
        lane: str,
        store: Store,
        hq: EdgeHq,
        *,
        host: str,
        clock: Clock,
        sleep: Sleep,
        new_key: Callable[[], UUID],
        report: Report,
        clear: Callable[[str], None],
    ) -> None:
        self._lane, self._store, self._hq, self._host = lane, store, hq, host
        self._clock, self._sleep, self._new_key = clock, sleep, new_key
        self._report, self._clear = report, clear
        self._wake = asyncio.Event()
        self._through, self._in_step, self._was_offered = NOTHING, False, False
        self._rests_until = self._looks_at = 0
        self._most_rows = MOST_ROWS
        self._none_to_lease: set[NumberKind] = set()
        self._failures, self._instance = 0, ""
        self._advanced: Advanced = _nobody
        self.asked = False
        """Whether HQ was asked once since the start, with whatever outcome."""

    def on_advance(self, advanced: Advanced) -> None:
        """Have `advanced(in_step_again=…)` called when more facts may be sent."""
        self._advanced = advanced

    def through(self) -> int:
        """The last row HQ holds: facts up to here may be sent; below zero nothing may, nor work be pulled."""
        return self._through

    def may_keep(self) -> bool:
        """False once HQ has said that it keeps no journals."""
        return self._through != EVERYTHING

    def wake(self) -> None:
        """Facts were committed."""
        self._wake.set()

    def refill(self) -> None:
        """Look now whether numbers are running low, also of a kind of which HQ had none to give."""
        self._none_to_lease.clear()
        self._wake.set()

    def reconnected(self) -> None:
        """HQ is there again, and may be another than before: look before anything else is sent."""
        if self._through == EVERYTHING:
            return
        self._out_of_step()
        self._rests_until = 0
        self._wake.set()

    async def run(self) -> None:
        """Keep HQ's copy of the journal up to date, for ever."""
        while True:
            self._wake.clear()
            now = self._clock.mono_ms()
            if now >= self._rests_until:
                await self._turn(now)
            until_ms = max(self._rests_until, self._looks_at) if self._in_step else self._rests_until
            await until(self._wake, max(0, until_ms - self._clock.mono_ms()), self._sleep)

    async def _turn(self, now: int) -> None:
        try:
            if not self._in_step or now >= self._looks_at:
                await self._look()
            if self._was_offered:
                await self._tell_rows()
                await self._refill()
            self._failures = 0
            self._clear(self._problem)
        except NotOffered as refusal:
            self._not_offered(refusal)
        except Parted as parted:
            log.warning("%s: %s", self._lane, parted)
            self._rest(SHORT_REST_MS)
        except EdgeStopped as stop:
            self._stopped(stop)
        except JournalDamaged as damage:
            self._rest(REST_MS)
            self._report(self._problem, f"The journal cannot be told to {self._lane}: {damage}", DAMAGED)
        except StoreInDoubt as doubt:
            log.warning("%s: %s", self._lane, doubt)
            self._rest(SHORT_REST_MS)
        finally:
            self.asked = True

    # --- is HQ's copy the same as this journal? ----------------------------------------------------------------

    async def _look(self) -> None:
        """Compare lineages; when HQ knows more, get it back before anything goes on."""
        mark = await self._hq.watermark()
        self._was_offered = True
        mine = _find(mark, identity.lineage_of(self._store.reader))
        held = identity.fence_held(self._store.reader)
        if mine is None or held is not None or not recovery.has(self._store.reader, mine.head):
            mine = await self._join(mark, mine)
        if held is not None or identity.fence_held(self._store.reader) is not None:
            await self._recover(mark)
        elif recovery.compared_with(self._store.reader, self._lane) != mark.instance:
            await recovery.compare(self._store, self._hq, self._lane, mark.instance)
        self._in_step, self._looks_at = True, self._clock.mono_ms() + LOOK_AGAIN_MS
        self._instance = mark.instance
        self._none_to_lease.clear()
        self._reach(mine.seq)

    async def _join(self, mark: Watermark, mine: Lineage | None) -> Lineage:
        """Find where this store's chain parts from HQ's, fence if HQ has more, and tell HQ of this lineage."""
        if not mark.lineages:
            return await self._announce(None)
        agreed = await recovery.shared(self._store, self._hq, mark)
        contained = mine is not None and recovery.has(self._store.reader, mine.head)
        if identity.fence_held(self._store.reader) is None or (mine is not None and not contained):
            ahead = await recovery.is_behind(self._store, self._hq, mark, agreed)
            if ahead is None and not contained:
                ahead = mine
            if ahead is not None:
                await self._fence(ahead, agreed)
                mine = None
        return mine or await self._announce(agreed.point())

    async def _fence(self, ahead: Lineage, agreed: Shared) -> None:
        sentence = (
            f"{self._lane} had facts of this station, told from {ahead.host or 'elsewhere'}, which were not here: "
            "it was put back to an older state, or a second machine works with a copy of it."
        )
        reason = recovery.reason(self._store.reader, agreed)
        await self._store.run(lambda tx: identity.fence_now(tx, reason, sentence))

    async def _announce(self, parent: Point | None) -> Lineage:
        return await self._hq.push(self._push_of([], parent))

    async def _recover(self, mark: Watermark) -> None:
        """Take in what is not here, then let printing go on."""
        taken = 0
        if mark.lineages:
            agreed = await recovery.shared(self._store, self._hq, mark)
            taken = await recovery.fetch(self._store, self._hq, mark, agreed)
            await recovery.fetch_addresses(self._store, self._hq, self._lane)
        await recovery.compare(self._store, self._hq, self._lane, mark.instance)
        await self._store.run(lambda tx: identity.settle(tx, self._lane, recovered=taken))
        log.warning("%s: the store is in step with HQ again; %d facts came back", self._lane, taken)

    # --- rows ---------------------------------------------------------------------------------------------------

    async def _tell_rows(self) -> None:
        while rows := self._batch():
            try:
                tip = await self._hq.push(self._push_of(rows, None))
            except EdgeStopped as stop:
                if isinstance(stop.reply, Answer) and stop.reply.status == TOO_LARGE and len(rows) > 1:
                    self._most_rows = max(1, len(rows) // 2)
                    continue
                raise
            self._most_rows = MOST_ROWS
            if tip.instance != self._instance:
                raise Parted("HQ was started anew; it is compared again.")
            self._accept(tip, rows)

    def _accept(self, tip: Lineage, rows: list[Row]) -> None:
        """An answer counts when its hash is ours, and for no more than was offered; it may also go back."""
        if not recovery.has(self._store.reader, tip.head):
            raise Parted(f"HQ has another row {tip.seq} of this station than this store.")
        if tip.seq < self._through:
            raise Parted(f"HQ had row {self._through} of this station and now ends at {tip.seq}.")
        reached = min(tip.seq, rows[-1].seq)
        if reached == self._through:
            raise EdgeStopped(None, f"HQ takes no row after {reached} of this station's journal.")
        self._reach(reached)

    def _batch(self) -> list[Row]:
        """The next rows, whole commands as far as they fit: HQ never holds half of what was done at once."""
        rows = journal.rows(self._store.reader, self._through, self._most_rows + 1)
        size, fits, whole = 0, 0, 0
        for row, following in pairwise([*rows, None]):
            assert row is not None
            journal.check(row)
            size += len(row.body)
            if fits and (size > MOST_BYTES or fits == self._most_rows):
                break
            fits += 1
            if following is None or following.command_id != row.command_id:
                whole = fits
        return rows[: whole or fits]

    def _push_of(self, rows: list[Row], parent: Point | None) -> Push:
        reader = self._store.reader
        epochs = dict(reader.execute("SELECT epoch_id, ordinal FROM epoch").fetchall()) if rows else {}
        gaps = reader.execute(
            "SELECT first_seq, last_seq FROM journal_gap WHERE last_seq > ? ORDER BY first_seq LIMIT 1000",
            (max(0, self._through),),
        )
        return Push(
            lineage=identity.lineage_of(reader),
            host={"name": self._host, "fingerprint": identity.host_of(reader)},
            parent=parent,
            gaps=tuple((first, last) for first, last in gaps),
            rows=tuple(EdgeRow.of(row, epochs[row.epoch_id]) for row in rows),
        )

    def _reach(self, through: int) -> None:
        was_out = self._through < 0
        self._through = through
        self._advanced(in_step_again=was_out)

    # --- numbers ------------------------------------------------------------------------------------------------

    async def _refill(self) -> None:
        """Ask for numbers of every kind of which too few days are left."""
        left = {each.kind: each for each in numbers.figures(self._store.reader)}
        for kind in ALL_KINDS:
            known = left.get(kind)
            if kind in self._none_to_lease or (known is not None and known.days >= KEEP_DAYS):
                continue
            lineage = identity.lineage_of(self._store.reader)
            count = block_size(known.busiest_day if known else 0)
            block = await self._hq.lease(lineage, kind, count, str(self._new_key()))
            if block is None:
                self._none_to_lease.add(kind)
                continue
            fact = NumbersLeased(
                **block.model_dump(exclude={"kind"}), number_kind=kind, next=block.first, source=self._lane
            )
            await self._store.run(lambda tx, fact=fact: tx.append(fact))  # type: ignore[misc]

    # --- when it does not go on ---------------------------------------------------------------------------------

    @property
    def _problem(self) -> str:
        return f"hq.{self._lane}.journal"

    def _out_of_step(self) -> None:
        self._in_step = False
        self._through = NOTHING

    def _rest(self, wait_ms: int) -> None:
        self._out_of_step()
        self._rests_until = self._clock.mono_ms() + wait_ms

    def _not_offered(self, refusal: NotOffered) -> None:
        if self._was_offered:
            self._stopped(EdgeStopped(None, f"HQ kept this station's journal, and now: {refusal}"))
            return
        self._in_step, self._looks_at = True, self._clock.mono_ms() + NOT_OFFERED_MS
        self._reach(EVERYTHING)

    def _stopped(self, stop: EdgeStopped) -> None:
        """HQ away or a refused key is told by the lane; anything else that stays is a problem of its own."""
        self._rest(REST_MS)
        reply = stop.reply
        if reply is not None and (is_away(reply) or classify(reply) is Outcome.AUTH):
            return
        self._failures += 1
        if reply is None or self._failures >= MANY_FAILURES:
            self._report(
                self._problem,
                f"{self._lane} does not take this station's journal, so nothing is sent. {stop}",
                "It is tried again by itself, nothing is lost. If it stays, show this to those who run HQ.",
            )


DAMAGED = "Restart the agent when the floor can pause: what is whole is salvaged then, and told to HQ."


def _nobody(*, in_step_again: bool) -> None:
    """Nobody waits for it."""


def _find(mark: Watermark, lineage: str) -> Lineage | None:
    return next((each for each in mark.lineages if each.lineage == lineage), None)
