"""A count and what is taken from its shelf reach HQ in the order they happened, whatever is refused meanwhile."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from local_store import outbox, turns
from local_store.domain import events as e
from local_store.domain import stock
from local_store.outbox import NewRequest, Promised
from local_store.transaction import Transaction
from tests.support.floor import Bench, line

T = TypeVar("T")
LANE = "main"
LISTS, SKUS, PLACES = ("PL-1", "PL-2", "PL-3"), ("TEA", "JAM"), ("A-1", "B-2")
ANY_LIST, ANY_SKU, ANY_PLACE = st.sampled_from(LISTS), st.sampled_from(SKUS), st.sampled_from(PLACES)
AT_FIRST = 1000
ONE = Decimal(1)


def task_of(picklist: str, sku: str, place: str) -> str:
    return f"{picklist}-T{1 + SKUS.index(sku) * len(PLACES) + PLACES.index(place)}"


class Shelves(RuleBasedStateMachine):
    """People pick, take back, put away and count; HQ gets requests in any order the store allows, and refuses some.

    Every count says what is there, so HQ's shelves are the true ones in the end, or a fact came out of its turn.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.bench = Bench(Path(self.folder.name))
        self.true = dict.fromkeys(((place, sku) for place in PLACES for sku in SKUS), AT_FIRST)
        self.hq = dict(self.true)
        self.picked: Counter[tuple[str, str, str]] = Counter()
        self.made, self.refusals = 0, 0

    @initialize()
    def lists_come(self) -> None:
        for picklist in LISTS:
            self.bench.given_picklist(picklist, *(line(sku, 500, at=place) for sku in SKUS for place in PLACES))

    @rule(picklist=ANY_LIST, sku=ANY_SKU, place=ANY_PLACE)
    def is_picked(self, picklist: str, sku: str, place: str) -> None:
        self.true[place, sku] -= 1
        self.picked[picklist, sku, place] += 1
        task = task_of(picklist, sku, place)
        of = {"picklist_id": picklist, "location_id": place, "sku": sku, "qty": ONE, "picked": ONE, "status": "open"}
        self.record(e.PickCounted(task_id=task, count_id=self.next_id(), **of))

    @rule(picklist=ANY_LIST, sku=ANY_SKU, place=ANY_PLACE)
    def is_taken_back(self, picklist: str, sku: str, place: str) -> None:
        if not self.picked[picklist, sku, place]:
            return
        self.true[place, sku] += 1
        self.picked[picklist, sku, place] -= 1
        of = {"task_id": task_of(picklist, sku, place), "qty": ONE, "picked": ONE, "status": "open"}
        ids = {"count_id": "c", "undo_id": self.next_id()}
        self.record(e.PickUndone(picklist_id=picklist, **ids, **of))

    @rule(sku=ANY_SKU, place=ANY_PLACE)
    def is_put_away(self, sku: str, place: str) -> None:
        self.true[place, sku] += 1
        lines = (e.MovedLine(sku=sku, qty=ONE),)
        of = {"workplace": "dock", "lines": lines, "location_id": place}
        self.record(e.PutAwayRecorded(put_away_id=self.next_id(), **of))

    @rule(sku=ANY_SKU, place=ANY_PLACE)
    def is_counted(self, sku: str, place: str) -> None:
        self.record(e.StockCounted(sku=sku, location_id=place, qty=Decimal(self.true[place, sku])))

    @rule(data=st.data(), many=st.integers(1, 3), refused=st.booleans())
    def hq_is_told(self, data: st.DataObject, many: int, *, refused: bool) -> None:
        may_go = self.run(lambda tx: outbox.entities_to_send(tx.connection, LANE, []))
        if may_go:
            self.send(data.draw(st.sampled_from(may_go)), many, refused=refused)

    @rule()
    def somebody_has_what_was_refused_sent_again(self) -> None:
        parked = self.run(lambda tx: outbox.parked(tx.connection, LANE))
        for _, entity, _, _ in parked:
            self.run(partial(self.retried, entity))

    @staticmethod
    def retried(entity: str, tx: Transaction) -> int:
        return outbox.retry_parked(tx.connection, LANE, entity)

    @invariant()
    def something_may_go_unless_all_waits_for_a_person(self) -> None:
        unsent = self.bench.query("SELECT 1 FROM outbox WHERE state = 'pending'")
        parked = self.bench.query("SELECT 1 FROM outbox WHERE state = 'parked'")
        may_go = self.run(lambda tx: outbox.entities_to_send(tx.connection, LANE, []))
        assert may_go or parked or not unsent

    def teardown(self) -> None:
        try:
            self.everything_goes()
        finally:
            self.bench.close()
            self.folder.cleanup()

    def everything_goes(self) -> None:
        self.somebody_has_what_was_refused_sent_again()
        while may_go := self.run(lambda tx: outbox.entities_to_send(tx.connection, LANE, [])):
            self.send(may_go[-1], 3, refused=False)
        assert self.bench.query("SELECT seq, entity FROM outbox WHERE state IN ('pending', 'parked')") == []
        assert self.hq == self.true

    # what the lane does

    def send(self, entity: str, many: int, *, refused: bool) -> None:
        def go(tx: Transaction) -> list[Promised]:
            facts = outbox.next_facts(tx.connection, LANE, entity, many)
            first = facts[0]
            if isinstance(first.fact, e.StockCounted):
                where = (first.fact.sku, first.fact.location_id or "")
                if turns.overtaken(tx.connection, LANE, first.seq, *where):
                    assert self.refusals, "a count came too late though nothing held it up"
                    outbox.not_needed(tx.connection, LANE, facts[:1], "too late")
                    return []
                facts = facts[:1]
            if first.request_id is not None:
                facts, request = outbox.request_facts(tx.connection, first.request_id), first.request_id
            else:
                new = NewRequest("POST", "/", "{}")
                request = outbox.fix_request(tx.connection, LANE, facts, new, tx.wall_ms).request_id
            if refused:
                self.refusals += 1
                outbox.park(tx.connection, request, 409, "no")
                return []
            outbox.delivered(tx.connection, request, 200)
            return facts

        for each in self.run(go):
            self.book(each.fact)

    def book(self, fact: e.Fact) -> None:
        match fact:
            case e.StockCounted():
                self.hq[fact.location_id or "", fact.sku] = int(fact.qty)
            case e.PickCounted():
                self.hq[fact.location_id, fact.sku] -= 1
            case e.PickUndone():
                number = int(fact.task_id.rpartition("-T")[2]) - 1
                self.hq[PLACES[number % len(PLACES)], SKUS[number // len(PLACES)]] += 1
            case e.PutAwayRecorded():
                self.hq[fact.location_id, fact.lines[0].sku] += 1

    def record(self, fact: e.Fact) -> None:
        self.run(lambda tx: tx.append(fact, source=LANE))

    def run(self, act: Callable[[Transaction], T]) -> T:
        return self.bench.runner.run(self.bench.store.run(act))

    def next_id(self) -> str:
        self.made += 1
        return f"id-{self.made}"


TestShelves = Shelves.TestCase
TestShelves.settings = settings(max_examples=12, stateful_step_count=25, deadline=None)


def test_a_count_that_waits_for_a_refused_list_holds_up_no_other_list(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "data")
    bench.given_picklist("PL-1", line("TEA", 2))
    bench.given_picklist("PL-2", line("TEA", 2))
    of = {"location_id": "A-1", "sku": "TEA", "qty": ONE, "picked": ONE, "status": "open"}
    first = e.PickCounted(picklist_id="PL-1", task_id="PL-1-T1", count_id="c1", **of)
    count = e.StockCounted(sku="TEA", location_id="A-1", qty=Decimal(5))
    second = e.PickCounted(picklist_id="PL-2", task_id="PL-2-T1", count_id="c2", **of)

    def refused(tx: Transaction) -> list[str]:
        seq = tx.append(first, source=LANE)
        tx.append(count, source=LANE)
        tx.append(second, source=LANE)
        outbox.park_unsent(tx.connection, LANE, seq, "no")
        return outbox.entities_to_send(tx.connection, LANE, [])

    may_go = bench.runner.run(bench.store.run(refused))
    bench.close()
    assert may_go == ["picklist:PL-2"]


@pytest.mark.parametrize("counted", [False, True])
def test_what_a_list_sends_next_is_found_without_looking_at_what_else_waits(tmp_path: Path, *, counted: bool) -> None:
    bench = Bench(tmp_path / "data")
    of = {"location_id": "A-1", "qty": ONE, "picked": ONE, "status": "open"}

    def recorded(tx: Transaction) -> None:
        if counted:
            tx.append(e.StockCounted(sku="JAM", location_id="B-2", qty=ONE), source=LANE)
        for n in range(1000):
            ids = {"picklist_id": f"PL-{n // 10}", "task_id": f"T-{n}", "count_id": f"c{n}"}
            tx.append(e.PickCounted(sku=f"SKU-{n % 7}", **ids, **of), source=LANE)

    bench.runner.run(bench.store.run(recorded))
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    db = bench.store.reader
    db.set_progress_handler(step, 100)
    facts = outbox.next_facts(db, LANE, "picklist:PL-99", 100)
    db.set_progress_handler(None, 0)
    bench.close()
    assert len(facts) == 10
    assert steps < 100, f"{steps} hundred steps of SQLite for ten facts"


def test_what_moves_goods_at_shelves_is_told_in_turn_with_counts() -> None:
    """Of facts that move nothing at HQ's shelves (kits, and what HQ has on its dock) the order does not matter."""
    elsewhere = {
        *(e.PickTraced.kind, e.SerialsAssigned.kind, e.LotConsumed.kind, e.StockAdjusted.kind),
        *(e.PackagePacked.kind, e.PackageVoided.kind, e.ReceiptRecorded.kind, e.ReceiptCorrected.kind),
        *(e.PickPutBack.kind, e.PickHandedOver.kind),  # HQ itself had said so
        *(e.ReturnReceived.kind, e.ReturnSurplus.kind, e.ReturnInspected.kind, e.KitBuilt.kind, e.KitTakenApart.kind),
    }
    assert {*stock.RULES, e.PickUndone.kind} == stock.AT_SHELVES | elsewhere
