"""People at workplaces of every kind do whatever they like, nonsense included: what must always hold, holds.

Every command there is takes part by itself. A part of the work that wants more than luck to get on has a line in
`floor_guides` or `floor_recipes`, and one in `STEPS` for states that only go on.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from local_store import journal, projections, works
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain import returns, states, stock
from local_store.domain.words import Tone
from local_store.transaction import Receipt
from local_store.works.stock import conserved
from tests.support import arbitrary, morning
from tests.support.floor import Bench
from tests.support.floor_guides import GUIDES
from tests.support.floor_recipes import FLOOR_RECIPES, IN_BETWEEN, NEVER, RECIPES, STEPS_OF
from tests.support.whole_floor import KINDS_OF_WORK, MACHINE, PLACES, SHELVES, SKUS, WORDS, badge_at, make_morning
from tests.torture.counts import scratch

FLOOR_COMMANDS = tuple(arbitrary.subclasses(c.FloorCommand))
PEOPLES_COMMANDS = (*works.ACTS, *arbitrary.subclasses(c.GoodsCommand), c.LinkCode, c.UnlinkCode, c.DecideException)
HELPED = (*RECIPES, *FLOOR_RECIPES)

STEPS: Mapping[str, tuple[str, str, tuple[str | int, ...], frozenset[str]]] = {
    "picklist": ("picklist_id", "status", tuple(states.Picklist), frozenset({"work.changed", "picklist.released"})),
    "pick_task": (
        *("task_id", "status", ("skipped", "open", "short", "done")),
        frozenset({"pick.undone", "pick.skipped", "pick.rebinned", "work.changed"}),
    ),
    "fulfillment": (
        *("fulfillment_id", "session", tuple(states.PackSession)),
        frozenset({"work.changed", "package.voided", "exception.decided"}),
    ),
    "package": (
        *("package_id", "status", tuple(states.Package)),
        frozenset({"pack.undone", "package.repacked", "package.carton_chosen", "package.material_used"}),
    ),
    "tally": ("tally_id", "status", ("open", "closed", "discarded"), frozenset()),
    "count_task": ("count_task_id", "status", ("open", "recount", "settled"), frozenset()),
    "returned": ("return_id", "status", tuple(returns.Return), frozenset()),
    "manifest": ("manifest_id", "status", ("open", "closed"), frozenset()),
    "parcel": ("package_id", "state", ("here", "loaded", "left"), frozenset({"parcel.unloaded"})),
    "qc": ("qc_id", "status", ("open", "resolved"), frozenset()),
    "hand_task": ("task_id", "status", ("open", "claimed", "done"), frozenset()),
    "kit_build": ("build_id", "taken_apart", (0, 1), frozenset()),
}
"""Of each table: its key, its state, the states in the order in which they go on, and facts that may go back."""

AS_TOLD = frozenset(
    {"receipt.recorded", "return.received", "return.surplus_received", "stock.adjusted", "serials.assigned"}
)
"""Facts about units as somebody saw them: they may be seen where nobody believed them."""


class WholeFloor(RuleBasedStateMachine):
    """Whatever people do: goods are conserved, nothing is done twice, and what is done stays."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="whole-floor-", dir=scratch()))
        self.bench = Bench(morning.copied(_the_morning(), self.folder / "data"), MACHINE)
        self.ids = itertools.count(1)
        self.done: list[tuple[c.Command, Receipt]] = []
        self.sealed: dict[str, Any] = {}
        self.states: dict[tuple[str, Any], Any] = {}
        self.seen_seq = 0
        self.seen: list[str] | None = None

    # what people do

    @rule(data=st.data(), kind=st.sampled_from(FLOOR_COMMANDS))
    def somebody_does_anything_at_a_workplace(self, data: st.DataObject, kind: type[c.FloorCommand]) -> None:
        """Mostly at a place where it can be done."""
        fitting = [place for place, work in sorted(PLACES.items()) if not kind.needs or work in kind.needs]
        place = data.draw(st.sampled_from(fitting * 5 + sorted(PLACES)))
        self._draw(data, kind, workplace=place)

    @rule(data=st.data(), place=st.sampled_from(sorted(PLACES)))
    def somebody_scans_anything(self, data: st.DataObject, place: str) -> None:
        self._draw(data, c.Scan, workplace=place, symbology=None)

    @rule(data=st.data(), kind=st.sampled_from(PEOPLES_COMMANDS))
    def somebody_does_anything_with_a_key_or_badge(self, data: st.DataObject, kind: type[c.Command]) -> None:
        self._draw(data, kind)

    @rule(kind=st.sampled_from(HELPED))
    def somebody_does_what_is_possible(self, kind: type[c.Command]) -> None:
        self.follow_the_recipe(kind)

    @rule(place=st.sampled_from(sorted(PLACES)), steps=st.integers(1, 4))
    def somebody_goes_on_as_the_screen_says(self, place: str, steps: int) -> None:
        for _ in range(steps):
            if self.bench.at(place).place.worker_id is None:
                self.act(c.Scan, place, code=badge_at(place))
            else:
                GUIDES[PLACES[place]](self, place)

    @rule(kind=st.sampled_from(KINDS_OF_WORK))
    def two_people_get_on_with_one_kind_of_work(self, kind: str) -> None:
        """Without this hardly any run would get as far as a sealed parcel or a second count."""
        for place in (f"{kind}-1", f"{kind}-2"):
            self.somebody_goes_on_as_the_screen_says(place=place, steps=7)

    @rule(sku=st.sampled_from(SKUS), at=st.sampled_from(SHELVES), qty=st.integers(0, 30))
    def somebody_corrects_what_is_believed(self, sku: str, at: str, qty: int) -> None:
        self.act(c.AdjustStock, worker_id="ana", sku=sku, location_id=at, qty=Decimal(qty), reason="why not")

    @rule(place=st.sampled_from(sorted(PLACES)))
    def somebody_takes_the_last_count_back(self, place: str) -> None:
        self.act(c.Undo, place)

    @rule()
    def the_agent_restarts(self) -> None:
        self.bench.restart()

    @rule(which=st.integers(0, 1000))
    @precondition(lambda self: self.done)
    def a_command_comes_again(self, which: int) -> None:
        command, first = self.done[which % len(self.done)]
        before = self._dump()
        again = self.bench.do(command)
        assert (again.answer, again.first_seq, again.last_seq) == (first.answer, first.first_seq, first.last_seq)
        assert self.bench.dump() == before

    @rule(
        thing=st.sampled_from(("picklist", "fulfillment")),
        state=st.sampled_from(("as_given", "cancelled", "given_away", "completed", "packing", "packed")),
        which=st.integers(0, 29),
    )
    def hq_says_something_else(self, thing: str, state: str, which: int) -> None:
        """Of work that is here: it is taken back, or somebody else has done it."""
        ids = [ident for (ident,) in self.bench.query(f"SELECT {thing}_id FROM {thing} ORDER BY {thing}_id")]
        for work_id in ids[which : which + 1]:  # mostly none: people are to get on with it
            self.act(c.SeeWork, lane="main", thing=thing, work_id=work_id, state=state)

    # what always holds

    @invariant()
    def goods_are_conserved(self) -> None:
        assert conserved(self.bench.store.reader) == []

    @invariant()
    def what_is_done_stays_done_unless_a_fact_takes_it_back(self) -> None:
        new = {kind for (kind,) in self.bench.query("SELECT DISTINCT kind FROM journal WHERE seq > ?", self.seen_seq)}
        ((self.seen_seq,),) = self.bench.query("SELECT max(seq) FROM journal")
        for table, (key, column, order, correcting) in STEPS.items():
            for ident, state in self.bench.query(f"SELECT {key}, {column} FROM {table}"):
                before = self.states.get((table, ident), state)
                went_back = order.index(state) < order.index(before)
                assert not went_back or correcting & new, f"{table} {ident} went from {before} to {state}"
                self.states[table, ident] = state

    @invariant()
    def nobody_picks_or_packs_more_than_there_was_to(self) -> None:
        lines = self.bench.query(
            "SELECT l.order_line_id, l.qty, l.picked, l.packed, (SELECT coalesce(sum(t.qty), 0) FROM pick_task t"
            "  WHERE t.fulfillment_id = l.fulfillment_id AND t.order_line_id = l.order_line_id"
            "  AND t.task_id LIKE 'over\\_%' ESCAPE '\\') FROM fulfillment_line l"
        )
        wrong = [row for row in lines if not 0 <= Decimal(row[3]) <= Decimal(row[2]) <= Decimal(row[1]) + row[4]]
        tasks = self.bench.query("SELECT task_id, qty, picked FROM pick_task")
        assert not wrong, wrong
        assert all(0 <= Decimal(picked) <= Decimal(qty) for _, qty, picked in tasks)

    @invariant()
    def a_sealed_parcel_never_changes(self) -> None:
        """It may be taken apart, and then it is void with its number."""
        rows = self.bench.query(
            "SELECT p.package_id, p.sscc, p.weight_mg, p.status, p.fulfillment_id,"
            " (SELECT group_concat(i.sku || i.qty) FROM package_item i WHERE i.package_id = p.package_id)"
            " FROM package p WHERE p.sscc IS NOT NULL"
        )
        now = {row[0]: row for row in rows}
        for package_id, before in self.sealed.items():
            after = now[package_id]
            assert after == before or (after[3], after[1]) == ("voided", before[1]), (before, after)
        self.sealed = now
        assert len({row[1] for row in rows}) == len(rows)

    @invariant()
    def no_workplace_shares_its_work(self) -> None:
        for column in ("picklist_id", "fulfillment_id", "work_id"):
            held = [row[0] for row in self.bench.query(f"SELECT {column} FROM place WHERE {column} IS NOT NULL")]
            assert len(set(held)) == len(held)

    @invariant()
    def only_shelves_and_the_dock_are_ever_below_nothing(self) -> None:
        """Nobody takes from a parcel, from what was picked or from what came back what never came there."""
        below = self.bench.query(
            "SELECT account, sku, sum(millionths) FROM stock WHERE account NOT LIKE 'location:%' AND account NOT IN"
            " ('supplier', 'customer', 'adjusted', 'elsewhere', 'built', 'dock')"
            " GROUP BY account, sku HAVING sum(millionths) < 0"
        )
        assert not below, below

    def no_task_is_picked_twice(self) -> None:
        counted, undone = self.bench.facts(e.PickCounted), {fact.count_id for fact in self.bench.facts(e.PickUndone)}
        assert len({fact.count_id for fact in counted}) == len(counted)
        total: defaultdict[str, Decimal] = defaultdict(Decimal)
        for fact in counted:
            total[fact.task_id] += fact.qty if fact.count_id not in undone else 0
        for back in self.bench.facts(e.PickRebinned):
            total[back.task_id] -= back.qty
        picked = self.bench.query("SELECT task_id, picked FROM pick_task")
        assert {task: Decimal(qty) for task, qty in picked} == {task: total[task] for task, _ in picked}

    def no_unit_is_in_two_places(self) -> None:
        """A unit with a serial number goes from where it was; only somebody who sees it may find it elsewhere."""
        at: dict[tuple[str, str], str] = {}
        for each in journal.read(self.bench.store.reader):
            for move in self._moves(each.fact, at):
                for serial in move.serials:
                    was = at.get((move.sku, serial))
                    seen_there = each.fact.kind in AS_TOLD or (each.fact.kind == "package.packed" and _on_shelf(was))
                    of_dock = was == stock.DOCK and each.fact.kind in {"pick.traced", "kit.built"}
                    assert was in {None, move.source} or seen_there or of_dock, (each.fact, was)
                    at[move.sku, serial] = move.target
        told = self.bench.query("SELECT sku, serial, account FROM serial")
        assert {(sku, serial): account for sku, serial, account in told} == at

    def _moves(self, fact: e.Fact, at: Mapping[tuple[str, str], str]) -> Sequence[stock.Move]:
        """With those that the ledger looks up: what a parcel held that left, and what a count that is undone was."""
        if isinstance(fact, e.ManifestClosed):
            gone = {stock.package(parcel.package_id) for parcel in fact.parcels}
            held = [(sku, serial, account) for (sku, serial), account in at.items() if account in gone]
            none = Decimal(0)
            return [
                stock.Move(sku, none, account, stock.CUSTOMER, serials=(serial,)) for sku, serial, account in held
            ]
        if isinstance(fact, e.PickUndone):
            of_count = [each for each in self.bench.facts(e.PickTraced) if each.count_id == fact.count_id]
            return [
                stock.Move(
                    *(each.sku, each.qty, stock.picked(each.picklist_id), stock.shelf(each.location_id)),
                    serials=each.serials,
                )
                for each in of_count
            ]
        return stock.moves(fact)

    def teardown(self) -> None:
        try:
            self.no_task_is_picked_twice()
            self.no_unit_is_in_two_places()
            last = self.bench.query("SELECT max(seq) FROM journal")[0][0]
            assert journal.verify(self.bench.store.reader) == last
            live = self.bench.dump()
            assert self.bench.rebuilt_dump() == live
        finally:
            self.bench.close()
            shutil.rmtree(self.folder)

    # helpers

    def follow_the_recipe(self, kind: type[c.Command]) -> Receipt | None:
        """Do what a recipe says; None where there is nothing now that it could be about."""
        recipe = FLOOR_RECIPES[kind] if issubclass(kind, c.FloorCommand) else RECIPES[kind]
        members = recipe(self.bench)
        if members is None:
            return None
        by = {"worker_id": "ana"} if issubclass(kind, c.WorkerCommand) else {}
        return self._do(kind.model_validate({"command_id": self._id(), **by, **members}))

    def act(self, kind: type[c.Command], place: str | None = None, **of: Any) -> Receipt:
        """One command. A refusal changes nothing, whatever it was; a question about a lot is remembered."""
        at = {} if place is None else {"workplace": place}
        return self._do(kind.model_validate({"command_id": self._id(), **at, **of}))

    def _id(self) -> UUID:
        """The same ids in every run: a run can be repeated, though ids stand in what is drawn."""
        return UUID(int=(0x7000 << 64) | (0x8 << 60) | next(self.ids))

    def _dump(self) -> list[str]:
        if self.seen is None:
            self.seen = self.bench.dump()
        return self.seen

    def _do(self, command: c.Command) -> Receipt:
        before = self._dump()
        receipt = self.bench.do(command)
        self.done.append((command, receipt))
        kinds = {
            kind
            for (kind,) in self.bench.query("SELECT kind FROM journal WHERE command_id = ?", command.command_id.bytes)
        }
        if receipt.refused and not (receipt.answer.tone is Tone.ASK and kinds == {"pick.in_hand"}):
            assert self.bench.dump() == before, (
                f"{command!r} was refused ({receipt.answer.text}) and changed something"
            )
            assert kinds <= {"scan.refused"}, command
        elif receipt.first_seq is not None:
            self.seen = None
        return receipt

    def _draw(self, data: st.DataObject, kind: type[c.Command], **fixed: Any) -> None:
        command = data.draw(arbitrary.instance(kind, self._pool, {"command_id": self._id(), **fixed}))
        if command is not None:
            self._do(command)

    def _pool(self, name: str) -> Sequence[str]:
        """Words for a member, and what the store knows under its name."""
        found = list(WORDS.get(name, ()))
        for table, columns in _columns().items():
            for column in columns:
                if column == name or (name in {"id", "job_id"} and column.endswith("_id")):
                    rows = self.bench.query(
                        f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL"
                        f" ORDER BY {column} DESC LIMIT 3"
                    )
                    found += [str(value) for (value,) in rows]
        return list(dict.fromkeys(found)) or ["why not"]


def _on_shelf(account: str | None) -> bool:
    """Where picking wrote no numbers down, the packer is the first to see which unit was taken from its shelf."""
    return account is not None and account.startswith("location:")


@cache
def _the_morning() -> Path:
    """A store with work and goods, made once: every run begins with a copy of it."""
    folder = Path(tempfile.mkdtemp(prefix="whole-floor-morning-", dir=scratch())) / "data"
    make_morning(folder)
    return folder


@cache
def _columns() -> Mapping[str, tuple[str, ...]]:
    """The columns of every view, by table."""
    bench = Bench(Path(tempfile.mkdtemp(dir=scratch())) / "data", MACHINE)
    found = defaultdict(tuple)
    for table in projections.PROJECTIONS:
        found[table] = tuple(row[1] for row in bench.query(f"PRAGMA table_info({table})"))
    bench.close()
    return found


def test_on_one_day_everything_that_can_be_asked_is_done_at_least_once() -> None:
    """Without this a machine that is refused everything would find nothing wrong."""
    day = WholeFloor()
    try:
        _a_day(day)
    finally:
        day.teardown()
    done = {type(command).kind for command, receipt in day.done if not receipt.refused}
    asked = {kind.kind for kind in FLOOR_COMMANDS} | {str(vars(kind)["kind"]) for kind in PEOPLES_COMMANDS}
    assert asked - done == NEVER.keys()


def _a_day(day: WholeFloor) -> None:
    for kind in HELPED:
        day.follow_the_recipe(kind)
    for work in KINDS_OF_WORK:
        for place in (f"{work}-1", f"{work}-2"):
            for step in range(STEPS_OF.get(work, 9)):
                day.somebody_goes_on_as_the_screen_says(place=place, steps=1)
                for kind in IN_BETWEEN.get((work, step), ()):
                    day.follow_the_recipe(kind)
        if work == "pack":
            for kind in RECIPES:
                day.follow_the_recipe(kind)
    day.act(c.Undo, "kit-1")
    for kind in HELPED:
        day.follow_the_recipe(kind)


TestWholeFloor = WholeFloor.TestCase
TestWholeFloor.settings = settings(
    max_examples=10,
    stateful_step_count=35,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.reuse, Phase.generate),  # the steps as they came: the long runs look for the fewest
)
