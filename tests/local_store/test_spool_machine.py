"""Whatever printers, people and power do, in any order: no shipping label is sent twice unasked."""

from __future__ import annotations

import shutil
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from local_store import journal, spool
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.printing import Job, LabelClass, attempt_code
from local_store.spool import SpoolJob
from local_store.transaction import Transaction
from tests.support.floor import ANA, Bench, line, product
from tests.torture.counts import scratch

PLACE = "pack-1"
ANSWERS = ("came_out", "did_not", "damaged", "print", "discard")
NAMED_BY_A_PERSON = (e.LabelReprintApproved, e.LabelReleased)

some = st.integers(0, 50)


class Spool(RuleBasedStateMachine):
    """A model of nothing but this: when bytes were handed to a printer, and what people had said before."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="spool-machine-", dir=scratch()))
        self.bench = Bench(self.folder, at=PLACE)
        self.handed: list[tuple[str, str, int]] = []
        """(job id, SSCC, last fact before the bytes left)"""
        self.on_its_way: tuple[SpoolJob, int] | None = None
        self.orders = 0
        self.asked: list[tuple[int, str]] = []
        self.read_up_to = 0

    def teardown(self) -> None:
        self.bench.close()
        shutil.rmtree(self.folder)

    @initialize()
    def the_day_begins(self) -> None:
        self.bench.given_products(product("SKU-1"))
        self.bench.scan(ANA.badge)
        self.a_parcel_is_sealed()
        self.a_parcel_is_sealed()

    # what is wanted

    @precondition(lambda self: self.orders < 12)
    @rule()
    def a_parcel_is_sealed(self) -> None:
        self.orders += 1
        self.bench.given_order(f"O-{self.orders}", line("SKU-1", 1))
        self.bench.packed(f"O-{self.orders}", 100)

    @precondition(lambda self: len(self._jobs()) < 20)
    @rule()
    def a_location_label_is_wanted(self) -> None:
        self.bench.floor(c.PrintLabel, template="location", values={"code": "A-1"})

    # what the print worker and the printer do

    @precondition(lambda self: self.on_its_way is None)
    @rule(counts=st.booleans(), takes_all=st.booleans())
    def the_longest_waiting_label_is_sent(self, *, counts: bool, takes_all: bool) -> None:
        job = next(iter(spool.waiting(self.bench.store.reader, PLACE, 1)), None)
        if job is None:
            return
        job, n = self._run(lambda tx: _begin(tx, job, 7 if counts else None))
        self.handed.append((job.job_id, job.sscc, self._head()))
        if takes_all:
            self._run(lambda tx: spool.taken(tx, job, n))
        self.on_its_way = job, n

    @precondition(lambda self: self.on_its_way is None)
    @rule(ends=st.lists(st.sampled_from(("counter", "status", "doubt", "nothing")), min_size=1, max_size=4))
    def labels_go_all_the_way(self, ends: list[str]) -> None:
        """Without this rule hardly any run would get as far as a second copy."""
        for end in ends:
            self.the_longest_waiting_label_is_sent(counts=True, takes_all=True)
            if self.on_its_way is not None:
                self.the_attempt_ends(end)

    @precondition(lambda self: self.on_its_way is not None)
    @rule(end=st.sampled_from(("counter", "status", "doubt", "nothing")))
    def the_attempt_ends(self, end: str) -> None:
        assert self.on_its_way is not None
        (job, n), self.on_its_way = self.on_its_way, None
        if end == "doubt":
            self._run(lambda tx: spool.doubted(tx, job, n, "Nobody knows.", None))
        elif end == "nothing" and self._job(job.job_id).state is Job.SENT:
            self._run(lambda tx: spool.came_to_nothing(tx, job, n, "It is empty.", 7))
        else:
            self._run(lambda tx: spool.confirmed(tx, job, n, 8, "counter"))

    @rule()
    def the_agent_is_killed_and_started(self) -> None:
        self.on_its_way = None
        self.bench.restart()
        self._run(lambda tx: spool.doubt_unfinished(tx, "The agent stopped."))
        assert not [job for job in self._jobs() if job.state in {Job.SENDING, Job.SENT}]

    @precondition(lambda self: len(self._jobs()) > 6)
    @rule()
    def the_store_is_fenced(self) -> None:
        self.on_its_way = None
        self._run(lambda tx: spool.doubt_all(tx, "This store is a copy."))
        settled = {Job.CONFIRMED, Job.UNCERTAIN, Job.CANCELLED, Job.VOIDED}
        assert {job.state for job in self._jobs()} <= settled

    @rule()
    def the_oldest_label_expires(self) -> None:
        job = next(iter(spool.waiting(self.bench.store.reader, PLACE, 1)), None)
        if job is not None:
            self._run(lambda tx: spool.expired(tx, job, "It waited too long."))

    # what people do

    @rule(which=some, decision=st.sampled_from(ANSWERS))
    def a_person_answers(self, which: int, decision: str) -> None:
        self._about(which, c.DecideLabel, decision=decision)

    @rule(which=some)
    def a_person_wants_it_again(self, which: int) -> None:
        self._about(which, c.ReprintLabel, reason="lost")

    @rule(which=some)
    def a_person_voids_it(self, which: int) -> None:
        self._about(which, c.VoidLabel, reason="wrong contents")

    @rule(which=some, copy_no=st.sampled_from((None, 1, 2, 3)))
    def a_label_is_scanned(self, which: int, copy_no: int | None) -> None:
        jobs = [job for job in self._jobs() if job.sscc]
        if jobs:
            job = jobs[which % len(jobs)]
            self.bench.scan(attempt_code(job.job_id, copy_no) if copy_no else job.sscc)

    # what always holds

    @invariant()
    def between_two_times_a_unique_label_is_sent_a_person_has_said_so(self) -> None:
        asked = self._asked_for()
        of = {job.job_id: job for job in self._jobs()}
        for sscc in {sscc for _, sscc, _ in self.handed if sscc}:
            seqs = [seq for _, each, seq in self.handed if each == sscc]
            for before, after in pairwise(seqs):
                said = [job_id for seq, job_id in asked if before < seq <= after and of[job_id].sscc == sscc]
                assert said, f"{sscc} was sent twice and nobody had asked for it"

    @invariant()
    def every_copy_of_a_number_has_its_own_copy_number(self) -> None:
        copies = [(job.sscc, job.copy_no) for job in self._jobs() if job.sscc]
        assert len(copies) == len(set(copies))

    @invariant()
    def a_burned_number_is_not_printed_any_more(self) -> None:
        burned = {job.sscc for job in self._jobs() if job.state is Job.VOIDED}
        waiting = {job.sscc for job in self._jobs() if job.state in {Job.QUEUED, Job.READY, Job.SENDING, Job.SENT}}
        assert not burned & waiting

    @invariant()
    def a_repeatable_label_is_not_sent_for_ever(self) -> None:
        for job in self._jobs():
            if job.label_class is LabelClass.REPEATABLE:
                asked = sum(job_id == job.job_id for _, job_id in self._asked_for())
                sent = sum(job_id == job.job_id for job_id, _, _ in self.handed)
                assert sent <= spool.MOST_ATTEMPTS * (1 + asked)

    @invariant()
    def every_label_that_asks_is_on_the_screen(self) -> None:
        asking = {job.job_id for job in self._jobs() if job.state in {Job.UNCERTAIN, Job.FAILED_CLEAN, Job.EXPIRED}}
        shown = [job.job_id for job in spool.recent(self.bench.store.reader, PLACE, 1)]
        assert set(shown[: len(asking)]) == asking

    def _about(self, which: int, command: type[c.FloorCommand], **of: Any) -> None:
        jobs = self._jobs()
        if jobs:
            self.bench.floor(command, job_id=jobs[which % len(jobs)].job_id, **of)

    def _run(self, work: Any) -> Any:
        return self.bench.runner.run(self.bench.store.run(work))

    def _jobs(self) -> list[SpoolJob]:
        return spool._jobs(self.bench.store.reader, "TRUE ORDER BY requested_seq")

    def _job(self, job_id: str) -> SpoolJob:
        return next(job for job in self._jobs() if job.job_id == job_id)

    def _asked_for(self) -> list[tuple[int, str]]:
        """(fact, job) of everything that people asked to be printed."""
        for each in journal.read(self.bench.store.reader, self.read_up_to):
            self.read_up_to = each.seq
            if job_id := _asked_by_a_person(each.fact):
                self.asked.append((each.seq, job_id))
        return self.asked

    def _head(self) -> int:
        return journal.head_of(self.bench.store.reader).seq


def _begin(tx: Transaction, job: SpoolJob, count: int | None) -> tuple[SpoolJob, int]:
    ready = spool.rendered(tx, job.job_id, b"^XA^XZ")
    return ready, spool.begin(tx, ready, count, "printer")


def _asked_by_a_person(fact: e.Fact) -> str | None:
    if isinstance(fact, NAMED_BY_A_PERSON):
        return fact.job_id
    if isinstance(fact, e.LabelRequested) and fact.copy_no > 1:
        return fact.job_id
    return None


class LongSpool(Spool):
    """The same for longer days, and more of them."""


TestSpool = pytest.mark.slow(Spool.TestCase)
TestSpool.settings = settings(max_examples=8, stateful_step_count=30)

TestLongSpool = pytest.mark.slow(LongSpool.TestCase)
TestLongSpool.settings = settings(max_examples=8, stateful_step_count=40)
