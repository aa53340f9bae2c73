"""One lane keeps every promise to one HQ. One file, because sending, waiting and asking for HQ share one state.

It does so whatever becomes of the network, HQ or this process.

Facts of one entity go in order, one request at a time; entities go in parallel. A request is committed before its
first byte and repeated just so until HQ's answer is known.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID

from local_store import outbox, turns
from local_store.checks import RowDamaged
from local_store.clock import Clock
from local_store.domain.badges import Signed
from local_store.domain.commands import Command
from local_store.domain.events import HqRefLearned, StockCounted
from local_store.outbox import FixedRequest, NewRequest, Promised
from local_store.store import Store
from local_store.transaction import Transaction
from local_store.writer import StoreInDoubt
from sync import retry
from sync.breaker import Breaker
from sync.dialect import Answer, Cursor, Fault, HqClient, Missing, Outcome, PullStopped, Reply, Verdict
from sync.feed import JournalFeed
from sync.known import KnownHere, keep_cursor
from sync.waiting import until

log = logging.getLogger(__name__)

IN_FLIGHT = 8
"""Requests at once: they share the flushes of the disk, which are what telling a backlog waits for."""
MOST_FACTS = 100
"""Facts in one request, at most."""
MANY_TRIES = 5
"""A request that failed so often is shown as a problem."""
SHOWN_FAULTS = 3
DOUBT_PAUSE_MS = 1_000
ROWS_PAUSE_MS = 100
"""Pause of a request whose rows HQ has lost and gets again."""

Sleep = Callable[[float], Awaitable[None]]
Report = Callable[[str, str, str], None]
Clear = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class LaneState:
    """How HQ is doing: since when (UTC milliseconds), and why in a sentence that is empty while all is well."""

    state: Literal["unknown", "reachable", "unreachable", "paused"]
    since_ms: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Pulse:
    """When HQ last answered, and when it is asked again while it is away or refuses the key (UTC milliseconds)."""

    answered_ms: int | None
    next_try_ms: int | None


@dataclass(frozen=True, slots=True)
class _Job:
    request: FixedRequest
    facts: list[Promised]
    may_be_there: bool
    """It was on its way before: HQ may have it."""


class TakesBadges(Protocol):
    """Who checks and keeps a bundle of badges."""

    async def __call__(self, signed: Signed, source: str, *, is_fresh: bool) -> str | None:
        """Take it; why it was refused, None when all is well."""


class LaneSync:
    """Pushes to and pulls from one HQ. Run `run_push` and `run_pull` together, each as a task of their own."""

    def __init__(
        self,
        name: str,
        store: Store,
        hq: HqClient,
        *,
        poll_s: int,
        is_source: bool = True,
        clock: Clock,
        sleep: Sleep,
        chance: random.Random,
        new_key: Callable[[], UUID],
        report: Report,
        clear: Clear,
        feed: JournalFeed | None = None,
        on_badges: TakesBadges | None = None,
    ) -> None:
        self.name = name
        self._on_badges = on_badges
        self._feed = feed
        if feed is not None:
            feed.on_advance(self._more_may_go)
        self._is_source = is_source
        self.outcomes: Counter[Outcome] = Counter()
        """How often each outcome of a request came."""
        self._store, self._hq, self._poll_s, self._clock, self._sleep = store, hq, poll_s, clock, sleep
        self._chance, self._new_key, self._report, self._clear = chance, new_key, report, clear
        self._breaker = Breaker(chance)
        self._nudge, self._pull_now = asyncio.Event(), asyncio.Event()
        self._waiting_line: deque[str] = deque()
        self._busy: set[str] = set()
        self._due: dict[str, int] = {}
        self._stranded: set[str] = set()
        self._often_failed: set[str] = set()
        self._paused_until = 0
        self._state = LaneState("unknown", clock.wall_ms(), "HQ was not asked yet.")
        self._observers: list[Callable[[LaneState], None]] = []
        self._answered_ms: int | None = None
        self._probe_ms: int | None = None

    def wake(self) -> None:
        """Facts were committed: look for work now."""
        self._nudge.set()

    def state(self) -> LaneState:
        """How HQ is doing."""
        return self._state

    def pulse(self) -> Pulse:
        """When HQ last answered, and when it is asked again."""
        if self._is_paused():
            return Pulse(self._answered_ms, self._clock.wall_ms() + self._paused_until - self._clock.mono_ms())
        return Pulse(self._answered_ms, self._probe_ms if self._breaker.is_open else None)

    def observe(self, observer: Callable[[LaneState], None]) -> None:
        """Have `observer` called whenever the state changes."""
        self._observers.append(observer)

    async def run_push(self) -> None:
        """Send what is promised, for ever. Also asks whether HQ is back after an outage."""
        await self._let_unanswered_go()  # an outage that ended while nobody watched
        async with asyncio.TaskGroup() as group:
            while True:
                self._nudge.clear()
                if self._breaker.is_open:
                    await self._probe()
                    continue
                if not self._is_paused():
                    self._dispatch(group)
                await until(self._nudge, self._next_due_ms(), self._sleep)

    async def run_pull(self) -> None:
        """Fetch work and products, for ever: every `poll_s`, and as soon as HQ is back."""
        while True:
            self._pull_now.clear()
            if self._may_send() and self._through() >= 0:
                await self._pull()
            await until(self._pull_now, self._poll_s * 1000, self._sleep)

    # --- pushing ------------------------------------------------------------------------------------------------

    def _dispatch(self, group: asyncio.TaskGroup) -> None:
        """Start work on the entities that wait longest, as many as may be in flight."""
        now = self._clock.mono_ms()
        self._due = {entity: due for entity, due in self._due.items() if due > now}
        if len(self._busy) < IN_FLIGHT and not self._waiting_line:
            skip = [*self._busy, *self._due]
            self._waiting_line.extend(outbox.entities_to_send(self._store.reader, self.name, skip, self._through()))
        while self._waiting_line and len(self._busy) < IN_FLIGHT:
            entity = self._waiting_line.popleft()
            self._busy.add(entity)
            group.create_task(self._drain(entity), name=f"{self.name} {entity}")

    async def _drain(self, entity: str) -> None:
        """Send an entity's requests one after the other, until nothing is left or one has to wait."""
        try:
            job = await self._store.run(lambda tx: self._next(tx, entity))
            while job is not None and self._may_send():
                wait_ms = job.request.due_ms - self._clock.wall_ms()
                if 0 < wait_ms <= retry.LONGEST_RETRY_AFTER_MS:  # longer than any pause: the clock was set back
                    self._due[entity] = self._clock.mono_ms() + wait_ms
                    return
                if job.facts[-1].seq > self._through():
                    self._due[entity] = self._clock.mono_ms() + ROWS_PAUSE_MS
                    return
                job = await self._settle(job, *await self._deliver(job))
        except StoreInDoubt as doubt:
            log.warning("%s: %s", self.name, doubt)
            self._due[entity] = self._clock.mono_ms() + DOUBT_PAUSE_MS
        finally:
            self._busy.discard(entity)
            self._nudge.set()

    async def _deliver(self, job: _Job) -> tuple[Reply, Verdict]:
        """Send a request, unless HQ shows that an earlier try of it had arrived."""
        if job.may_be_there:
            there = await self._hq.look_up(job.request, job.facts)
            if there is not None:
                return there
        reply = await self._hq.send(job.request, job.facts)
        return reply, self._hq.verdict(job.facts, job.request, reply)

    def _next(self, tx: Transaction, entity: str) -> _Job | None:
        """The entity's request to send now, fixed in this transaction if it is new.

        Nothing that is not what was written is ever sent: its entity waits, the others go on.
        """
        try:
            return self._fixed(tx, entity)
        except RowDamaged as damage:
            outbox.park_next(tx.connection, self.name, entity, str(damage))
            self._store.note_damage(str(damage))
            return None

    def _fixed(self, tx: Transaction, entity: str) -> _Job | None:
        while facts := self._next_facts(tx, entity):
            if (late := self._comes_too_late(tx, facts[0])) is not None:
                outbox.not_needed(tx.connection, self.name, facts[:1], late)
                continue
            request_id = facts[0].request_id
            if request_id is not None:
                return _Job(
                    outbox.open_request(tx.connection, request_id),
                    outbox.request_facts(tx.connection, request_id),
                    may_be_there=True,
                )
            facts = facts[: self._hq.take(facts)]
            new = self._hq.request(facts, KnownHere(tx.connection, self.name, is_source=self._is_source))
            if isinstance(new, Missing):
                outbox.park_unsent(tx.connection, self.name, facts[0].seq, new.sentence)
                return None
            if isinstance(new, NewRequest):
                request = outbox.fix_request(tx.connection, self.name, facts, new, tx.wall_ms)
                return _Job(request, facts, may_be_there=False)
            outbox.not_needed(tx.connection, self.name, facts, new.sentence)
        return None

    def _comes_too_late(self, tx: Transaction, promised: Promised) -> str | None:
        """Why a count is not told any more: it was refused, or waited for what was, and others went on meanwhile."""
        fact = promised.fact
        if not isinstance(fact, StockCounted) or fact.location_id is None:
            return None
        if not turns.overtaken(tx.connection, self.name, promised.seq, fact.sku, fact.location_id):
            return None
        return (
            f"HQ knows of later picks or put-aways of {fact.sku} at {fact.location_id}, which this count would undo "
            "there. Count it again."
        )

    def _next_facts(self, tx: Transaction, entity: str) -> list[Promised]:
        """The facts that may share the next request; most requests carry one, so two are looked at first."""
        for most in (2, MOST_FACTS):
            facts = outbox.next_facts(tx.connection, self.name, entity, most, self._through())
            if len(facts) < most or facts[0].request_id is not None or self._hq.take(facts) < most:
                break
        return facts

    async def _settle(self, job: _Job, reply: Reply, verdict: Verdict) -> _Job | None:
        """Keep what a reply means for its facts, and fix the entity's next request in the same commit."""
        self.outcomes[verdict.outcome] += 1
        self._heard(reply, verdict.outcome)
        status = reply.status if isinstance(reply, Answer) else None
        if verdict.outcome in {Outcome.AUTH, Outcome.WAIT, Outcome.AMBIG}:
            await self._put_off(job.request, reply, verdict)
            return None
        self._count_failures(job.request, failed=False)
        return await self._store.run(lambda tx: self._close(tx, job, verdict, status or 0))

    def _close(self, tx: Transaction, job: _Job, verdict: Verdict, status: int) -> _Job | None:
        request = job.request
        if verdict.outcome is Outcome.DEAD:
            outbox.park(tx.connection, request.request_id, status, verdict.sentence)
            return None
        if verdict.refused:
            outbox.delivered_in_part(tx.connection, request.request_id, status, verdict.refused)
        else:
            outbox.delivered(tx.connection, request.request_id, status)
        for each in verdict.learned:
            tx.append(HqRefLearned(lane=self.name, thing=each.thing, local_id=each.local_id, hq_id=each.hq_id))
        return self._next(tx, request.entity)

    async def _put_off(self, request: FixedRequest, reply: Reply, verdict: Verdict) -> None:
        """Remember when the request is to go again."""
        now = self._clock.wall_ms()
        wait_ms = 0
        if verdict.outcome is not Outcome.AUTH:
            wait_ms = retry.delay_ms(request.attempts, reply, now, self._chance)
            self._due[request.entity] = self._clock.mono_ms() + wait_ms
        if retry.is_away(reply):
            self._stranded.add(request.entity)
        elif verdict.outcome is not Outcome.AUTH:
            self._count_failures(request, failed=True, sentence=verdict.sentence)
        status = reply.status if isinstance(reply, Answer) else None
        await self._store.run(
            lambda tx: outbox.postpone(tx.connection, request.request_id, now + wait_ms, status, verdict.sentence)
        )

    def _count_failures(self, request: FixedRequest, *, failed: bool, sentence: str = "") -> None:
        """A problem while HQ takes a request not, again and again, though it can be reached."""
        problem = f"hq.{self.name}.not_taken"
        if not failed:
            self._often_failed.discard(request.entity)
            if not self._often_failed:
                self._clear(problem)
        elif request.attempts + 1 >= MANY_TRIES:
            self._often_failed.add(request.entity)
            self._report(
                problem,
                f"{self.name} did not take {request.path} in {request.attempts + 1} tries: {sentence}"
                f" Waiting for the same: {len(self._often_failed)} (the last is {request.entity}).",
                "It is tried again by itself, nothing is lost. If it stays, show this to those who run HQ.",
            )

    # --- is HQ there? -------------------------------------------------------------------------------------------

    def _through(self) -> int:
        """The last fact that may be sent: where HQ keeps the journal, its row must be there first."""
        return outbox.EVERYTHING if self._feed is None else self._feed.through()

    def _more_may_go(self, *, in_step_again: bool) -> None:
        self._nudge.set()
        if in_step_again:
            self._pull_now.set()

    def _may_send(self) -> bool:
        return not self._breaker.is_open and not self._is_paused()

    def _is_paused(self) -> bool:
        return self._clock.mono_ms() < self._paused_until

    def _heard(self, reply: Reply, outcome: Outcome) -> None:
        """What any reply says about the lane as a whole."""
        if isinstance(reply, Answer):
            self._answered_ms = self._clock.wall_ms()
        if retry.is_away(reply):
            self._breaker.trip()
            self._nudge.set()
        elif outcome is Outcome.AUTH:
            self._pause()
        else:
            self._is_well()

    def _is_well(self) -> None:
        self._paused_until = 0
        self._clear(f"hq.{self.name}.key")
        self._tell("reachable", "")

    def _pause(self) -> None:
        self._paused_until = self._clock.mono_ms() + retry.AUTH_PAUSE_MS
        sentence = f"{self.name} does not accept this station's key; work goes on, and nothing is sent until it does."
        self._report(
            f"hq.{self.name}.key",
            sentence,
            "Put a valid key into the secret file of this HQ and restart the agent. It is tried again every minute.",
        )
        self._tell("paused", sentence)

    async def _probe(self) -> None:
        """Ask once whether HQ is there; when it is not, wait before the next time."""
        trouble = await self._hq.probe()
        if trouble is not None:
            wait_ms = self._breaker.probe_failed()
            self._probe_ms = self._clock.wall_ms() + wait_ms
            self._tell("unreachable", f"{trouble} Work goes on; everything is sent when HQ is back.")
            await self._sleep(wait_ms / 1000)
            return
        self._answered_ms, self._probe_ms = self._clock.wall_ms(), None
        if self._breaker.probe_answered():
            for entity in self._stranded:
                self._due.pop(entity, None)
            await self._let_unanswered_go()
        self._stranded.clear()
        if not self._is_paused():
            self._tell("reachable", "")
        if self._feed is not None:
            self._feed.reconnected()
        self._pull_now.set()

    async def _let_unanswered_go(self) -> None:
        """Requests that only waited for HQ to come back need not wait out their pause."""
        try:
            await self._store.run(lambda tx: outbox.due_at_once(tx.connection, self.name))
        except StoreInDoubt as doubt:
            log.warning("%s: %s; requests go when their pause is over", self.name, doubt)

    def _tell(self, state: Literal["reachable", "unreachable", "paused"], sentence: str) -> None:
        before = self._state
        if (before.state, before.sentence) == (state, sentence):
            return
        since = before.since_ms if before.state == state else self._clock.wall_ms()
        self._state = LaneState(state, since, sentence)
        if self._is_source:
            self._store.see_hq(self.name, state)
        if before.state != state:
            log.info("%s is %s. %s", self.name, state, sentence)
        for observer in self._observers:
            observer(self._state)

    # --- pulling ------------------------------------------------------------------------------------------------

    async def _pull(self) -> None:
        faults, shown = 0, ""
        known = KnownHere(self._store.reader, self.name, is_source=self._is_source)
        try:
            async with aclosing(self._hq.pull(self.name, known, self._new_key)) as pulled:
                async for each in pulled:
                    if not self._store.site.accepts_new_work:
                        return  # the cursor stays, so that the next poll brings the rest again
                    if isinstance(each, Fault):
                        faults += 1
                        shown += f"{each.sentence} " if faults <= SHOWN_FAULTS else ""
                    else:
                        await self._take_in(each)
        except PullStopped as stop:
            self._heard(stop.reply, retry.classify(stop.reply))
            self._show_stop(stop)
            return
        except StoreInDoubt as doubt:
            log.warning("%s: %s; the next poll brings it again", self.name, doubt)
            return
        self._clear(f"hq.{self.name}.pull")
        self._answered_ms = self._clock.wall_ms()
        self._is_well()
        self._show_faults(faults, shown)
        await self._store.heard_hq(self.name)

    async def _take_in(self, pulled: Command | Cursor | Signed) -> None:
        if isinstance(pulled, Signed):
            assert self._on_badges is not None, "a station that cannot check badges does not ask for them"
            await self._on_badges(pulled, self.name, is_fresh=True)
        elif isinstance(pulled, Cursor):
            what, value = pulled.what, pulled.value
            await self._store.run(lambda tx: keep_cursor(tx.connection, self.name, what, value))
        else:
            await self._store.execute(pulled)

    def _show_stop(self, stop: PullStopped) -> None:
        """A refusal is a problem of its own; that HQ is away or does not accept the key is shown by the state."""
        reply = stop.reply
        if isinstance(reply, Answer) and retry.classify(reply) is not Outcome.AUTH and not retry.is_away(reply):
            self._report(
                f"hq.{self.name}.pull",
                f"{self.name} gave no work. {stop}",
                "What is here can be worked. It is asked again by itself; if this stays, tell those who run HQ.",
            )

    def _show_faults(self, faults: int, shown: str) -> None:
        problem = f"hq.{self.name}.documents"
        if not faults:
            self._clear(problem)
            return
        more = f"And {faults - SHOWN_FAULTS} more." if faults > SHOWN_FAULTS else ""
        self._report(
            problem,
            (shown + more).strip(),
            "The rest was taken. Have these corrected at HQ; they are read again at the next poll.",
        )

    # --- waiting ------------------------------------------------------------------------------------------------

    def _next_due_ms(self) -> int | None:
        """Until the first put-off request or the end of a pause; None when only a nudge can bring work."""
        now = self._clock.mono_ms()
        if self._is_paused():
            return self._paused_until - now
        if len(self._busy) >= IN_FLIGHT or not self._due:
            return None
        return max(0, min(self._due.values()) - now)
