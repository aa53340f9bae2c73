"""A packer does whatever they like with several parcels and orders: nothing is lost, what is sealed never changes."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain import units
from local_store.domain.site import PackRule
from local_store.domain.states import Package
from tests.support.floor import SITE, Bench, line, new_id, product
from tests.torture.counts import scratch

ORDERS = {"O-1": {"SKU-1": 3, "SKU-2": 2}, "O-2": {"SKU-1": 1, "PHONE": 2}}
CODES = (
    "O-1",
    "O-2",
    "SKU-1",
    "SKU-2",
    "PHONE",
    "S-1",
    "S-2",
    "S-3",
    "NEXT-PARCEL",
    "PARCEL-1",
    "PARCEL-2",
    "PARCEL-3",
)
numbers = st.integers(1, 4)


class Parcels(RuleBasedStateMachine):
    """What is in the parcels is what was counted, and what is sealed stays, whatever is tried."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="parcels-machine-", dir=scratch()))
        self.bench = Bench(self.folder, replace(SITE, packing=PackRule(slots=2)), at="pack-1")
        self.sealed: dict[str, tuple[object, ...]] = {}

    @initialize()
    def the_day_begins(self) -> None:
        self.bench.given_products(product("SKU-1"), product("SKU-2"), product("PHONE", serial_required=True))
        for order, lines in ORDERS.items():
            self.bench.given_order(order, *(line(sku, qty) for sku, qty in lines.items()))
        self.bench.signed_in().scan("O-2", "O-1")

    @rule(codes=st.lists(st.sampled_from(CODES), min_size=1, max_size=4))
    def somebody_scans(self, codes: list[str]) -> None:
        self.bench.scan(*codes)

    @rule(which=st.integers(0, 20), into=numbers)
    def somebody_repacks_what_is_in_some_parcel(self, which: int, into: int) -> None:
        """Out of any parcel and into any, the sealed ones too."""
        front = self.bench.place.fulfillment_id
        if front is None:
            return
        work = self.bench.pack_work(front.removeprefix("F-"))
        inside = [(parcel, line_id) for parcel in work.parcels for line_id in work.contents(parcel)]
        if inside:
            parcel, line_id = inside[which % len(inside)]
            serials = units.serials_in(work, parcel, work.line(line_id))[:1]
            self.bench.repack(work.line(line_id).sku, 1, parcel.number, into, *serials)

    @rule(many=st.integers(1, 3), leave=st.booleans())
    def somebody_goes_on(self, many: int, *, leave: bool) -> None:
        """Put what is wanted next into the parcel, and perhaps leave it for another."""
        for number in range(many):
            front = self.bench.place.fulfillment_id
            current = self.bench.pack_work(front.removeprefix("F-")).current if front else None
            if current is not None:
                self.bench.scan(current.sku, *([f"S-{number}"] if current.serial_required else []))
        if leave:
            self.bench.next_parcel()

    @rule(act=st.sampled_from((c.Undo, c.Seal, c.NextParcel)))
    def somebody_acts(self, act: type[c.FloorCommand]) -> None:
        self.bench.floor(act)

    @rule()
    def somebody_closes_a_parcel(self) -> None:
        self.bench.weigh(300, reason="a gift")
        self.bench.seal()

    @rule()
    def something_is_short(self) -> None:
        self.bench.floor(c.MarkShort, reason="broken")

    @rule(which=st.integers(0, 5))
    def a_supervisor_voids_a_sealed_parcel(self, which: int) -> None:
        sealed = sorted(self.sealed)
        if sealed:
            package_id = sealed[which % len(sealed)]
            self.bench.do(c.VoidPackage(command_id=new_id(), package_id=package_id, reason="x", worker_id="eve"))

    @rule()
    def the_agent_restarts(self) -> None:
        self.bench.restart()

    @invariant()
    def a_sealed_parcel_never_changes_but_for_being_voided(self) -> None:
        rows = self.bench.query(
            "SELECT p.package_id, p.number, p.sscc, p.weight_mg, p.reason,"
            " (SELECT group_concat(order_line_id || ' ' || qty) FROM (SELECT * FROM package_item i"
            "   WHERE i.package_id = p.package_id ORDER BY order_line_id)) FROM package p WHERE p.sscc IS NOT NULL"
        )
        now = {str(row[0]): row for row in rows}
        assert self.sealed.items() <= now.items()
        self.sealed = now

    @invariant()
    def the_parcels_hold_just_what_was_counted_into_the_order(self) -> None:
        for order in ORDERS:
            work = self.bench.pack_work(order)
            inside: Counter[str] = Counter()
            for parcel in work.parcels:
                if parcel.state is not Package.VOIDED:
                    inside.update({line_id: int(qty) for line_id, qty in work.contents(parcel).items()})
            assert inside == {each.order_line_id: int(each.packed) for each in work.lines if each.packed}
            assert all(Decimal(0) <= each.packed <= each.qty for each in work.lines)

    @invariant()
    def each_unit_with_a_serial_number_is_in_one_open_or_sealed_parcel(self) -> None:
        work = self.bench.pack_work("O-2")
        serials = [unit.serial for unit in work.units]
        assert len(serials) == len(set(serials))
        (phone,) = [each for each in work.lines if each.sku == "PHONE"]
        assert len(serials) == phone.packed
        for parcel in work.parcels:
            if parcel.state is not Package.VOIDED:
                held = work.contents(parcel).get(phone.order_line_id, Decimal(0))
                assert sum(unit.package_id == parcel.package_id for unit in work.units) == held

    def teardown(self) -> None:
        told = self.bench.facts(e.PackagePacked)
        assert len({fact.package_id for fact in told}) == len(told)
        live = self.bench.dump()
        assert self.bench.rebuilt_dump() == live
        self.bench.close()
        shutil.rmtree(self.folder)


TestParcels = Parcels.TestCase
TestParcels.settings = settings(max_examples=12, stateful_step_count=40, deadline=None)
