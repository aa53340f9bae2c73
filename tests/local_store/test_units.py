"""A unit with a serial number is in one place: what one desk has counted, no other desk counts as well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.site import Worker
from tests.support.dock import PALLET, announced, on_pallet, pallet
from tests.support.floor import SITE, Bench, line, new_id, product

WORKERS = {
    name: Worker(name, name.title(), f"BADGE-{name}", frozenset({"receiver", "packer", "supervisor"}))
    for name in ("ray", "ria", "rob", "rhea", "kim", "kai")
}
DESKS = {
    "in-1": "receive",
    "in-2": "receive",
    "back-1": "return",
    "back-2": "return",
    "kits-1": "kit",
    "kits-2": "kit",
}
OPENS = {"in-1": "ASN-1", "in-2": "ASN-1", "back-1": "RMA-1", "back-2": "RMA-2", "kits-1": "WO-1", "kits-2": "WO-2"}
HERE = replace(SITE, workplaces={**SITE.workplaces, **DESKS}, workers={**SITE.workers, **WORKERS})
SAID = "Serial number S1 of Item CAM (CAM) is counted at {at} already. Look there, or take it back there."


def made(folder: Path) -> Bench:
    """Cameras are announced and come back, and go into kits; somebody is at every desk, and its work is open."""
    bench = Bench(folder, HERE)
    bench.given_products(product("CAM", serial_required=True), product("GIFT"))
    bench.given_order("O-1", line("CAM", 9))
    on_it = pallet(PALLET, on_pallet("CAM", 2, serials=("S1", "S2")))
    asn = announced("ASN-1", e.AnnouncedLine(line_id="1", sku="CAM", expected=Decimal(99)), pallets=(on_it,))
    back = e.AnnouncedLine(line_id="L", sku="CAM", expected=Decimal(99))
    returns = tuple(
        e.ReturnAnnounced(lane="main", return_id=number, number=number, order_id="O-1", lines=(back,))
        for number in ("RMA-1", "RMA-2")
    )
    of = {"lane": "main", "sku": "GIFT", "qty": Decimal(9), "parts": (e.KitPart(sku="CAM", qty=Decimal(1)),)}
    orders = tuple(e.WorkOrderAnnounced(work_order_id=each, number=each, **of) for each in ("WO-1", "WO-2"))
    bench.do(c.ReceiveInbound(command_id=new_id(), inbound=(asn,), returns=returns, work_orders=orders))
    for desk, worker in zip(DESKS, WORKERS.values(), strict=True):
        bench.at(desk).signed_in(worker).scan(OPENS[desk])
    return bench


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Bench]:
    bench = made(tmp_path / "data")
    yield bench
    bench.close()


@pytest.mark.parametrize(
    ("first", "second"),
    [("in-1", "in-2"), ("back-1", "back-2"), ("kits-1", "kits-2"), ("in-1", "back-1"), ("back-2", "kits-1")],
)
def test_a_unit_that_another_desk_has_counted_is_refused_at_the_scan(desks: Bench, first: str, second: str) -> None:
    desks.at(first).scan("CAM", "S1")
    assert desks.screen.code in {"tally.counted", "kit.all_there", "return.unexpected"}, desks.screen
    desks.at(second).scan("CAM", "S1")
    assert desks.screen.text == SAID.format(at=first)
    desks.scan("S2")
    assert [fact.serials for fact in desks.facts(e.TallyCounted)] == [("S1",), ("S2",)]


def test_once_it_is_taken_back_the_unit_may_be_counted_at_the_other_desk(desks: Bench) -> None:
    desks.at("in-1").scan("CAM", "S1")
    desks.undo()
    desks.at("in-2").scan("CAM", "S1")
    assert desks.screen.code == "tally.counted"


def test_a_pallet_with_a_unit_that_another_desk_has_counted_is_refused_whole(desks: Bench) -> None:
    desks.at("in-1").scan("CAM", "S1")
    desks.at("in-2").scan(PALLET)
    assert desks.screen.text == SAID.format(at="in-1")


def test_a_unit_that_came_back_and_waits_for_inspection_does_not_come_back_again(desks: Bench) -> None:
    desks.at("back-1").scan("CAM", "S1", "RMA-1")
    desks.at("back-2").scan("CAM", "S1")
    assert desks.screen.text == (
        "Serial number S1 of Item CAM (CAM) came back already and waits for inspection. Check its label."
    )


class Units(RuleBasedStateMachine):
    """However units are scanned, taken back and completed, none is on two open tallies, and none comes in twice."""

    @initialize()
    def begin(self) -> None:
        self.folder = TemporaryDirectory()
        self.desks = made(Path(self.folder.name))

    @rule(desk=st.sampled_from(list(DESKS)), serial=st.sampled_from(["S1", "S2", "S3"]))
    def scans_a_unit(self, desk: str, serial: str) -> None:
        if self.desks.at(desk).place.work_id is None:
            self.desks.scan(OPENS[desk])
        self.desks.scan("CAM", serial)

    @rule(desk=st.sampled_from(["in-1", "in-2"]))
    def scans_a_pallet(self, desk: str) -> None:
        self.desks.at(desk).scan(PALLET)

    @rule(desk=st.sampled_from(list(DESKS)))
    def takes_back(self, desk: str) -> None:
        self.desks.at(desk).undo()

    @rule(desk=st.sampled_from(["in-1", "in-2", "back-1", "back-2"]))
    def completes(self, desk: str) -> None:
        self.desks.at(desk).complete()

    @invariant()
    def no_unit_is_on_two_open_tallies(self) -> None:
        twice = self.desks.query(
            "SELECT s.value, count(*) FROM tally t JOIN tally_count c USING (tally_id), json_each(c.serials) s"
            " WHERE t.status = 'open' GROUP BY 1 HAVING count(*) > 1"
        )
        assert twice == []

    @invariant()
    def no_unit_comes_in_twice_and_none_comes_back_twice(self) -> None:
        came = [each.serials for fact in self.desks.facts(e.ReceiptRecorded) for each in fact.lines]
        back = [each.serials for fact in self.desks.facts(e.ReturnReceived) for each in fact.lines]
        back += [each.serials for fact in self.desks.facts(e.ReturnSurplus) for each in fact.lines]
        for lines in (came, back):
            assert [
                unit for unit, times in Counter(each for line in lines for each in line).items() if times > 1
            ] == []

    def teardown(self) -> None:
        if hasattr(self, "desks"):
            self.desks.close()
            self.folder.cleanup()


TestUnits = Units.TestCase
TestUnits.settings = settings(max_examples=8, stateful_step_count=20, deadline=None)
