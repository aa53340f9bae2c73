"""Two pickers and two packers do whatever they like, in any order, with restarts between: the rules always hold."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from local_store import journal, spool
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.pick_work import Count
from local_store.transaction import Receipt, Transaction
from tests.support.floor import ANA, BEN, Bench, line, new_id, product
from tests.torture.counts import scratch

CODES = (
    ANA.badge, BEN.badge, "PL-7", "PL-8", "A-1", "B-2", "SKU-1", "SKU-2", "CASE-2", "SKU-9",
    "TOTE-1", "TOTE-2", "O-1", "O-3", "O-8", "O-9", "GARBAGE",
)  # fmt: skip
PLACES = ("pick-1", "pick-2", "pack-1", "pack-2")

places = st.sampled_from(PLACES)


class Floor(RuleBasedStateMachine):
    """Whatever people do: nothing is counted twice, nothing sealed changes, every answer is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="floor-machine-", dir=scratch()))
        self.bench = Bench(self.folder)
        self.done: list[tuple[c.Command, Receipt]] = []
        self.sealed: dict[str, tuple[object, ...]] = {}

    @initialize()
    def the_day_begins(self) -> None:
        self.bench.given_products(product("SKU-1"), product("SKU-2", "CASE-2*3"), product("SKU-9"))
        self.bench.given_picklist("PL-7", line("SKU-1", 2, order="O-1"), line("SKU-2", 4, at="B-2", order="O-2"))
        self.bench.given_picklist("PL-8", line("SKU-2", 3, order="O-3"), line("SKU-1", 1, order="O-3"))
        self.bench.given_order("O-8", line("SKU-1", 2), line("SKU-2", 1))
        self.bench.given_order("O-9", line("SKU-2", 4))
        for place, worker in zip(PLACES, (ANA, BEN, ANA, BEN), strict=True):
            self.bench.at(place).scan(worker.badge)

    # what people do

    @rule(place=places, code=st.sampled_from(CODES))
    def somebody_scans(self, place: str, code: str) -> None:
        self._act(c.Scan, place, code=code)

    @rule(place=places, steps=st.integers(1, 12))
    def somebody_goes_on_as_the_screen_says(self, place: str, steps: int) -> None:
        """Without this rule hardly any run would get as far as a sealed parcel."""
        for _ in range(steps):
            self._go_on(place)

    @rule(place=places, quantity=st.integers(-1, 5))
    def somebody_keys(self, place: str, quantity: int) -> None:
        self._act(c.KeyQuantity, place, quantity=Decimal(quantity))

    @rule(place=places, work=st.sampled_from(("PL-7", "PL-8", "F-O-1", "O-2", "O-3", "nothing")))
    def somebody_opens(self, place: str, work: str) -> None:
        self._act(c.OpenWork, place, id=work)

    @rule(place=places, kind=st.sampled_from((c.Skip, c.Complete, c.Seal, c.SignOut)))
    def somebody_acts(self, place: str, kind: type[c.FloorCommand]) -> None:
        self._act(kind, place)

    @rule(place=places)
    def somebody_finds_the_shelf_empty(self, place: str) -> None:
        self._act(c.MarkShort, place, reason="shelf empty")

    @rule(place=places, grams=st.sampled_from((0, 300, 99_000)), reason=st.sampled_from((None, "a gift")))
    def somebody_weighs(self, place: str, grams: int, reason: str | None) -> None:
        reading = {"stability": "stable", "range": "ok", "newer_than_request": True, "emptied": True}
        self._act(c.Weigh, place, weight_mg=grams * 1000, reason=reason, **reading)

    @rule(place=places)
    def undo_is_exact(self, place: str) -> None:
        """After undo the goods counted are those from before the undone count, and the count before is next."""
        before, stack = self._goods(), self._counts(place)
        self._act(c.Undo, place)
        if not stack:
            assert self._goods() == before
            return
        last = stack[-1]
        assert self._goods() == before | {last.line_id: before[last.line_id] - last.qty}
        assert self._counts(place) == stack[:-1]

    @rule(place=places, decision=st.sampled_from(("came_out", "did_not", "damaged")))
    def a_label_is_printed_in_doubt_and_decided(self, place: str, decision: str) -> None:
        def print_it(tx: Transaction) -> str:
            job = next(iter(spool.waiting(tx.connection, place, 1)), None)
            if job is None:
                return "no such label"
            spool.rendered(tx, job.job_id, b"^XA^XZ")
            spool.doubted(tx, job, spool.begin(tx, job, None), "the cable was out")
            return job.job_id

        job_id = self.bench.runner.run(self.bench.store.run(print_it))
        self._act(c.DecideLabel, place, job_id=job_id, decision=decision)

    @rule()
    def the_agent_restarts(self) -> None:
        self.bench.restart()

    @rule(which=st.integers(0, 1000))
    @precondition(lambda self: self.done)
    def a_command_comes_again(self, which: int) -> None:
        """Every receipt can be repeated, at any time, and nothing happens."""
        command, first = self.done[which % len(self.done)]
        before = self.bench.dump()
        again = self.bench.do(command)
        assert (again.answer, again.first_seq, again.last_seq) == (first.answer, first.first_seq, first.last_seq)
        assert self.bench.dump() == before

    # what always holds

    @invariant()
    def nobody_picks_more_than_wanted_or_packs_more_than_picked(self) -> None:
        lines = self.bench.query("SELECT qty, picked, packed FROM fulfillment_line")
        assert all(0 <= Decimal(packed) <= Decimal(picked) <= Decimal(qty) for qty, picked, packed in lines)
        tasks = self.bench.query("SELECT qty, picked FROM pick_task")
        assert all(0 <= Decimal(picked) <= Decimal(qty) for qty, picked in tasks)

    def no_unit_was_counted_twice(self) -> None:
        """What is picked is the sum of the counts that were not taken back, each of its own command."""
        counted, undone = self.bench.facts(e.PickCounted), {fact.count_id for fact in self.bench.facts(e.PickUndone)}
        assert len({fact.count_id for fact in counted}) == len(counted)
        total: Counter[str] = Counter()
        for fact in counted:
            total[fact.task_id] += int(fact.qty) if fact.count_id not in undone else 0
        picked = self.bench.query("SELECT task_id, picked FROM pick_task")
        assert {task: int(qty) for task, qty in picked} == {task: total[task] for task, _ in picked}

    @invariant()
    def a_sealed_parcel_never_changes(self) -> None:
        rows = self.bench.query(
            "SELECT p.package_id, p.sscc, p.weight_mg, p.status, f.session,"
            " (SELECT group_concat(packed) FROM fulfillment_line l WHERE l.fulfillment_id = f.fulfillment_id)"
            " FROM package p JOIN fulfillment f USING (fulfillment_id) WHERE p.sscc IS NOT NULL"
        )
        now = {row[0]: row for row in rows}
        assert self.sealed.items() <= now.items()
        self.sealed = now
        assert len({row[1] for row in rows}) == len(rows)

    @invariant()
    def no_workplace_shares_its_work(self) -> None:
        for column in ("picklist_id", "fulfillment_id"):
            held = [row[0] for row in self.bench.query(f"SELECT {column} FROM place WHERE {column} IS NOT NULL")]
            assert len(set(held)) == len(held)

    def the_journal_is_whole(self) -> None:
        last = self.bench.query("SELECT max(seq) FROM journal")[0][0]
        assert journal.verify(self.bench.store.reader) == last

    def teardown(self) -> None:
        self.no_unit_was_counted_twice()
        self.the_journal_is_whole()
        live = self.bench.dump()
        assert self.bench.rebuilt_dump() == live
        self.bench.close()
        shutil.rmtree(self.folder)

    # helpers

    def _act(self, kind: type[c.FloorCommand], place: str, **of: object) -> None:
        command = kind.model_validate({"command_id": new_id(), "workplace": place, **of})
        self.done.append((command, self.bench.do(command)))

    def _go_on(self, place: str) -> None:
        """Do what somebody would do next at a place: sign in, open work, scan what is wanted, finish."""
        here = self.bench.at(place).place
        if here.worker_id is None:
            self._act(c.Scan, place, code=ANA.badge)
        elif place.startswith("pick"):
            self._go_on_picking(place, here.picklist_id)
        else:
            self._go_on_packing(place, here.fulfillment_id)

    def _go_on_picking(self, place: str, picklist_id: str | None) -> None:
        work = self.bench.pick_work(picklist_id) if picklist_id else None
        if work is None:
            self._act(c.Scan, place, code={"pick-1": "PL-7", "pick-2": "PL-8"}[place])
        elif work.current is None:
            self._act(c.Complete, place)
        else:
            here = work.location_id == work.current.location_id
            self._act(c.Scan, place, code=work.current.sku if here else work.current.location_id)

    def _go_on_packing(self, place: str, fulfillment_id: str | None) -> None:
        if fulfillment_id is None:
            ready = self.bench.query("SELECT order_id FROM fulfillment WHERE session = 'ready' ORDER BY ready_seq")
            self._act(c.Scan, place, code=ready[0][0] if ready else "O-1")
            return
        work = self.bench.pack_work(fulfillment_id.removeprefix("F-"))
        if work.current is not None:
            self._act(c.Scan, place, code=work.current.sku)
        elif work.weight_mg is None:
            self._act(
                c.Weigh,
                place,
                weight_mg=300_000,
                stability="stable",
                range="ok",
                newer_than_request=True,
                emptied=True,
            )
        else:
            self._act(c.Seal, place)

    def _goods(self) -> dict[str, Decimal]:
        tasks = self.bench.query("SELECT task_id, picked FROM pick_task")
        lines = self.bench.query("SELECT order_line_id, packed FROM fulfillment_line")
        return {thing: Decimal(qty) for thing, qty in tasks + lines}

    def _counts(self, place: str) -> list[Count]:
        here = self.bench.at(place).place
        open_work = (
            f"picklist:{here.picklist_id}" if place.startswith("pick") else f"fulfillment:{here.fulfillment_id}"
        )
        if here.worker_id is None:
            return []
        rows = self.bench.query("SELECT count_id, line_id, qty FROM last_count WHERE work = ? ORDER BY n", open_work)
        return [Count(count_id, line_id, Decimal(qty)) for count_id, line_id, qty in rows]


class ManyFloors(Floor):
    """The same for longer days, and more of them."""


TestFloor = Floor.TestCase
TestFloor.settings = settings(max_examples=10, stateful_step_count=40)

TestManyFloors = pytest.mark.slow(ManyFloors.TestCase)
TestManyFloors.settings = settings(max_examples=8, stateful_step_count=80)
