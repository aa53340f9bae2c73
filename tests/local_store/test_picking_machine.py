"""Pickers with lots and serial numbers do whatever they like, with restarts between: goods and ledger stay right."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.works import stock
from tests.support.floor import ANA, BEN, Bench, line, new_id, product
from tests.torture.counts import scratch

PLACES = ("pick-1", "pick-2")
LISTS = ("PL-1", "PL-2")
GTIN = "09501101530003"
CODES = (
    "PL-1", "PL-2", "A-1", "B-2", "TEA", "MILK", "PHONE", "S1", "S2", "S3", "S4", "301231", "200101", "TOTE-1",
    f"]C101{GTIN}1730123110L1", f"]C101{GTIN}1730063010L2",
)  # fmt: skip
places, lists, serials = st.sampled_from(PLACES), st.sampled_from(LISTS), st.sampled_from(("S1", "S2", "S3", "S4"))


class Pickers(RuleBasedStateMachine):
    """No unit is picked twice, undo is exact, what is picked is what the ledger has, a rebuild is equal."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="picking-machine-", dir=scratch()))
        self.bench = Bench(self.folder)

    @initialize()
    def the_day_begins(self) -> None:
        self.bench.given_products(
            product("TEA"), product("MILK", GTIN, expiry_required=True), product("PHONE", serial_required=True)
        )
        self.bench.given_picklist("PL-1", line("TEA", 2), line("MILK", 2), line("PHONE", 2), line("TEA", 1, at="B-2"))
        self.bench.given_picklist("PL-2", line("PHONE", 2), line("MILK", 1, at="B-2"), line("TEA", 1))
        for place, worker in zip(PLACES, (ANA, BEN), strict=True):
            self.bench.at(place).scan(worker.badge)

    @rule(place=places, codes=st.lists(st.sampled_from(CODES), min_size=1, max_size=5))
    def somebody_scans(self, place: str, codes: list[str]) -> None:
        self.bench.at(place).scan(*codes)

    @rule(place=places, which=lists)
    def somebody_opens(self, place: str, which: str) -> None:
        self.bench.at(place).open(which)

    @rule(place=places, steps=st.integers(1, 8), serial=serials)
    def somebody_goes_on_as_the_screen_says(self, place: str, steps: int, serial: str) -> None:
        for _ in range(steps):
            ident = self.bench.at(place).place.picklist_id
            if ident is None:
                return
            work = self.bench.pick_work(ident)
            current = work.current
            if current is None:
                self.bench.complete()
            elif work.location_id != current.location_id:
                self.bench.scan(current.location_id)
            else:
                self.bench.scan(current.sku, {"MILK": "301231", "PHONE": serial}.get(current.sku, current.sku))

    @rule(place=places, told=st.lists(serials, min_size=1, max_size=3))
    def somebody_keys_many_serial_numbers(self, place: str, told: list[str]) -> None:
        self.bench.at(place).floor(c.KeySerials, serials=tuple(told))

    @rule(place=places, kind=st.sampled_from((c.Skip, c.Complete)))
    def somebody_acts(self, place: str, kind: type[c.FloorCommand]) -> None:
        self.bench.at(place).floor(kind)

    @rule(place=places)
    def somebody_finds_too_little(self, place: str) -> None:
        self.bench.at(place).short()

    @rule(place=places, at=st.sampled_from(("A-1", "B-2", "S-1")))
    def somebody_looks_elsewhere(self, place: str, at: str) -> None:
        self.bench.at(place).floor(c.Replan, location_id=at)

    @rule(which=lists)
    def somebody_puts_a_list_aside(self, which: str) -> None:
        self.bench.do(c.ReleasePicklist(command_id=new_id(), worker_id="ana", picklist_id=which, reason="pause"))

    @rule(which=lists, task=st.integers(1, 4), qty=st.integers(1, 2), told=st.lists(serials, max_size=2))
    def somebody_brings_goods_back(self, which: str, task: int, qty: int, told: list[str]) -> None:
        back = c.PickRebin(
            rebin_id="r", task_id=f"{which}-T{task}", qty=Decimal(qty), location_id="S-1", serials=tuple(told)
        )
        self.bench.do(c.RebinPicks(command_id=new_id(), worker_id="ana", picklist_id=which, rebins=(back,)))

    @rule(which=lists, sku=st.sampled_from(("TEA", "MILK", "PHONE")), serial=st.none() | serials)
    def a_handheld_tells_of_scans(self, which: str, sku: str, serial: str | None) -> None:
        each = {"location_id": "A-1", "sku": sku, "qty": 1, "timestamp": "2030-01-01T00:00:00Z"}
        lot = {"lot": "L1"} if sku == "MILK" else {}
        serial = serial if sku == "PHONE" else None  # every number below is of a phone
        scans = [c.PickScan.model_validate({**each, **lot, "serial": serial}) for _ in range(2)]
        self.bench.do(c.ScanPicks(command_id=new_id(), worker_id="ben", picklist_id=which, scans=tuple(scans)))

    @rule(place=places)
    def undo_is_exact(self, place: str) -> None:
        """After undo the picks, the ledger and the serial numbers are those from before the count."""
        self.bench.at(place)
        last = self._last(self.bench.place.picklist_id)
        before, picked = self._ledger(), self._picked()
        self.bench.undo()
        undone = self.bench.facts(e.PickUndone)[-1:] if last else []
        if not undone or undone[0].count_id != last:
            assert (self._ledger(), self._picked()) == (before, picked)
            return
        (fact,) = undone
        task = next(each for each in self.bench.pick_work(fact.picklist_id).tasks if each.task_id == fact.task_id)
        assert self._picked() == picked | {fact.task_id: picked[fact.task_id] - fact.qty}
        after = self._ledger()
        for account, sign in ((f"picked:{fact.picklist_id}", -1), (f"location:{task.location_id}", 1)):
            moved = after.get((account, task.sku), Decimal(0)) - before.get((account, task.sku), Decimal(0))
            assert moved == sign * fact.qty

    @rule()
    def the_agent_restarts(self) -> None:
        self.bench.restart()

    # what always holds

    @invariant()
    def what_is_picked_is_what_the_ledger_has(self) -> None:
        for which in LISTS:
            on_tasks: Counter[str] = Counter()
            for sku, qty in self.bench.query("SELECT sku, picked FROM pick_task WHERE picklist_id = ?", which):
                on_tasks[sku] += int(qty)
            kept: Counter[str] = Counter()
            for each in stock.balances(self.bench.store.reader, account=f"picked:{which}"):
                assert each.qty >= 0, each
                kept[each.sku] += int(each.qty)
            assert +on_tasks == +kept

    @invariant()
    def every_phone_is_one_unit_in_one_place(self) -> None:
        on_counts = [
            serial
            for (text,) in self.bench.query("SELECT serials FROM pick_trace WHERE sku = 'PHONE'")
            for serial in json.loads(text)
        ]
        assert len(on_counts) == len(set(on_counts))
        picked = {serial for serial, at in self._serials().items() if at.startswith("picked:")}
        assert set(on_counts) == picked
        phones = sum(int(qty) for (qty,) in self.bench.query("SELECT picked FROM pick_task WHERE sku = 'PHONE'"))
        assert phones == len(picked)

    @invariant()
    def nobody_picks_more_than_wanted(self) -> None:
        tasks = self.bench.query("SELECT qty, picked FROM pick_task")
        assert all(0 <= Decimal(picked) <= Decimal(qty) for qty, picked in tasks)
        wanted = self.bench.query(
            "SELECT l.qty, sum(t.picked) FROM fulfillment_line l"
            " JOIN pick_task t USING (fulfillment_id, order_line_id)"
            " GROUP BY 1, fulfillment_id, order_line_id"
        )
        assert all(Decimal(str(picked)) <= Decimal(qty) for qty, picked in wanted)

    @invariant()
    def nothing_expired_is_picked(self) -> None:
        assert self.bench.query("SELECT 1 FROM pick_trace WHERE expires_on < '2026-01-01'") == []

    def teardown(self) -> None:
        live = self.bench.dump()
        assert self.bench.rebuilt_dump() == live
        self.bench.close()
        shutil.rmtree(self.folder)

    def _last(self, picklist_id: str | None) -> str | None:
        work = self.bench.pick_work(picklist_id) if picklist_id else None
        return work.last_count.count_id if work and work.last_count else None

    def _ledger(self) -> dict[tuple[str, str], Decimal]:
        total: dict[tuple[str, str], Decimal] = {}
        for each in stock.balances(self.bench.store.reader):
            key = (each.account, each.sku)
            total[key] = total.get(key, Decimal(0)) + each.qty
        return {key: qty for key, qty in total.items() if qty}

    def _picked(self) -> dict[str, Decimal]:
        return {task: Decimal(qty) for task, qty in self.bench.query("SELECT task_id, picked FROM pick_task")}

    def _serials(self) -> dict[str, str]:
        return dict(self.bench.query("SELECT serial, account FROM serial WHERE sku = 'PHONE'"))


class ManyPickers(Pickers):
    """The same for longer days, and more of them."""


TestPickers = Pickers.TestCase
TestPickers.settings = settings(max_examples=5, stateful_step_count=25)

TestManyPickers = pytest.mark.slow(ManyPickers.TestCase)
TestManyPickers.settings = settings(max_examples=15, stateful_step_count=50)
