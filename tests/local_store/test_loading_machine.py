"""However people load: each parcel leaves once, and goods never vanish."""

from __future__ import annotations

from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.works import stock
from tests.support.floor import BEN
from tests.support.loading import LOU, a_dock, act, sealed


class Loading(RuleBasedStateMachine):
    """However parcels are scanned, undone, unloaded and doors shut: each leaves once, and goods never vanish."""

    folder: Path
    made = 0

    def __init__(self) -> None:
        super().__init__()
        Loading.made += 1
        self.bench = a_dock(self.folder / str(Loading.made))
        self.bench.at("dock-2").signed_in(BEN)
        self.codes = [sealed(self.bench, f"O-{number}", "DHL" if number % 2 else "UPS") for number in range(4)]
        self.on: dict[str, str] = {}
        self.left: set[str] = set()

    @rule(parcel=st.integers(0, 3), dock=st.sampled_from(["dock-1", "dock-2"]))
    def scan(self, parcel: int, dock: str) -> None:
        many = len(self.bench.facts(e.ParcelLoaded))
        self.bench.at(dock).scan(self.codes[parcel])
        new = self.bench.facts(e.ParcelLoaded)[many:]
        for fact in new:
            assert fact.sscc not in self.on
            assert fact.sscc not in self.left
            self.on[fact.sscc] = fact.manifest_id

    @rule(dock=st.sampled_from(["dock-1", "dock-2"]))
    def undo(self, dock: str) -> None:
        many = len(self.bench.facts(e.ParcelUnloaded))
        self.bench.at(dock).undo()
        for fact in self.bench.facts(e.ParcelUnloaded)[many:]:
            ((sscc,),) = self.bench.query("SELECT sscc FROM package WHERE package_id = ?", fact.package_id)
            assert self.on.pop(sscc) == fact.manifest_id

    @rule(dock=st.sampled_from(["dock-1", "dock-2"]))
    def shut(self, dock: str) -> None:
        ident = self.bench.at(dock).place.work_id
        if ident is None:
            return
        act(self.bench, c.CloseManifest, LOU, manifest_id=ident, without_missing=True)
        gone = {sscc for sscc, manifest in self.on.items() if manifest == ident}
        if gone:
            assert {each.sscc for each in self.bench.facts(e.ManifestClosed)[-1].parcels} == gone
        self.left |= gone
        self.on = {sscc: manifest for sscc, manifest in self.on.items() if manifest != ident}

    @invariant()
    def what_left_is_with_customers_and_the_rest_in_its_parcels(self) -> None:
        there = stock.balances(self.bench.store.reader, account="customer")
        assert sum(each.qty for each in there) == 2 * len(self.left)
        assert sum(each.qty for each in stock.balances(self.bench.store.reader, sku="TEA")) == 0

    def teardown(self) -> None:
        before = self.bench.dump()
        assert self.bench.rebuilt_dump() == before
        self.bench.close()


def test_however_people_load_each_parcel_leaves_once(tmp_path: Path) -> None:
    Loading.folder = tmp_path
    run_state_machine_as_test(Loading, settings=settings(max_examples=4, stateful_step_count=20, deadline=None))
