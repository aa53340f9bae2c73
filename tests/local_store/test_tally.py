"""Tallying: goods are counted scan by scan, whatever for; what a unit lacks is asked for, and every scan is kept."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain import tally as t
from local_store.domain.codes import Meaning
from local_store.domain.meaning import Meant
from local_store.domain.words import say
from local_store.works import tally
from tests.support.dock import JAM, RAY, TEA, Dock
from tests.support.floor import new_id, product

CASE = "14006381333938"
GTIN = f"0{TEA}"
PHOTO = "f" * 64


@pytest.fixture
def dock(tmp_path: Path) -> Iterator[Dock]:
    """Ray counts goods that nobody announced; PHONEs have serial numbers, MILK expires."""
    made = Dock(tmp_path)
    made.given_products(
        product("PHONE", "PHONE-1", serial_required=True),
        product("MILK", "MILK-1", expiry_required=True),
        product("BOX", "BOX-1*6", serial_required=True),
    )
    made.signed_in(RAY).scan("BLIND")
    yield made
    assert made.dump() == made.rebuilt_dump()
    made.close()


def counted(dock: Dock) -> list[tuple[Any, ...]]:
    found = tally.load(dock.store.reader, dock.place.work_id)
    assert found is not None
    return [(each.item.sku, each.qty) for each in found.counts]


def test_each_scan_counts_one_and_a_case_as_many_as_are_in_it(dock: Dock) -> None:
    dock.scan(TEA, CASE)
    assert dock.screen.text == "Item TEA (TEA): 6 more, 7 in all."
    assert counted(dock) == [("TEA", 1), ("TEA", 6)]


def test_a_keyed_quantity_is_all_that_is_in_hand_so_that_a_repeat_does_no_harm(dock: Dock) -> None:
    dock.scan(TEA)
    dock.key(5)
    dock.key(5)
    assert dock.screen.code == "quantity.same"
    assert sum(qty for _, qty in counted(dock)) == 5
    dock.key(3)
    assert dock.screen.code == "quantity.fewer"


def test_a_keyed_quantity_needs_an_item_and_never_stands_for_serial_numbers(dock: Dock) -> None:
    sentence = "Scan an item before you key a quantity. Units with serial numbers are scanned."
    dock.key(5)
    assert dock.screen.text == sentence
    dock.scan("PHONE-1", "S1")
    dock.key(5)
    assert dock.screen.text == sentence


def test_what_a_unit_lacks_is_asked_for_and_the_next_scan_answers(dock: Dock) -> None:
    dock.scan("MILK-1")
    assert dock.screen.text == "Item MILK (MILK): scan or key its expiry date."
    assert counted(dock) == []
    dock.scan("soon")
    assert dock.screen.text == "soon is no date. Key it as year-month-day, like 2027-03-31."
    dock.scan("991231")
    assert dock.screen.text == "Item MILK (MILK): 1 more, 1 in all."
    dock.scan("PHONE-1")
    assert dock.screen.text == "Item PHONE (PHONE): scan its serial number."
    dock.scan("S1", "S2")
    assert counted(dock) == [("MILK", 1), ("PHONE", 1), ("PHONE", 1)]


def test_a_code_that_is_known_here_never_becomes_a_serial_number(dock: Dock) -> None:
    dock.scan("PHONE-1", "S1", "A-1", TEA, "PHONE-1", "BLIND")
    serials = [serial for each in dock.facts(e.TallyCounted) for serial in each.serials]
    assert serials == ["S1"]


def test_one_gs1_code_says_everything_at_once(dock: Dock) -> None:
    dock.scan(f"01{GTIN}17271231" + "10L7\x1d" + "21X9", symbology="]C1")
    (fact,) = dock.facts(e.TallyCounted)
    assert (fact.lot_id, fact.expires_on, fact.serials) == ("L7", "2027-12-31", ("X9",))


def test_a_serial_number_is_of_one_unit_and_counts_once(dock: Dock) -> None:
    dock.scan("PHONE-1", "S1", "S1")
    assert dock.screen.text == ("Serial number S1 of Item PHONE (PHONE) is counted already. Scan each unit once.")
    dock.scan(f"01{CASE}21X9", symbology="]C1")
    assert dock.screen.text == ("Serial number X9 is of one unit, and this code counts 6. Scan the unit itself.")


def test_a_case_of_units_with_serial_numbers_is_asked_for_them_one_by_one(dock: Dock) -> None:
    dock.scan("BOX-1", "S1", "S2")
    assert counted(dock) == [("BOX", 1), ("BOX", 1)]


def test_what_is_said_after_a_count_is_said_of_that_count(dock: Dock) -> None:
    dock.scan(TEA, TEA)
    dock.says("lot", "L7")
    assert dock.screen.text == "Item TEA (TEA), quantity 1: now good, lot L7."
    dock.says("expiry", "2099-12-31")
    dock.says("condition", "damaged")
    dock.says("serial", "X1")
    assert (
        dock.screen.text == "Item TEA (TEA), quantity 1: now damaged, lot L7, expires 2099-12-31, serial number X1."
    )
    assert counted(dock) == [("TEA", 1), ("TEA", 1)]
    dock.complete()
    first, second = dock.facts(e.ReceiptRecorded)[0].lines
    assert (first.lot_id, first.condition) == (None, "good")
    assert (second.lot_id, second.condition, second.serials) == ("L7", "damaged", ("X1",))


def test_several_units_have_no_serial_number_together(dock: Dock) -> None:
    dock.scan(CASE)
    dock.says("serial", "X1")
    assert dock.screen.code == "tally.serial_of_many"
    dock.scan("PHONE-1", "S1", TEA)
    dock.undo()
    dock.scan(TEA)
    dock.says("serial", "X1")
    dock.scan(TEA)
    dock.says("serial", "X1")
    assert dock.screen.code == "tally.serial_twice"


def test_what_is_said_while_a_unit_waits_is_said_of_that_unit(dock: Dock) -> None:
    dock.scan("MILK-1")
    dock.says("condition", "damaged")
    assert dock.screen.text == "Item MILK (MILK): what is scanned next counts as damaged."
    dock.says("lot", "L1")
    dock.says("expiry", "2099-12-31")
    (fact,) = dock.facts(e.TallyCounted)
    assert (fact.condition, fact.lot_id) == ("damaged", "L1")


def test_a_damaged_unit_does_not_make_the_next_one_damaged(dock: Dock) -> None:
    dock.scan("PHONE-1")
    dock.says("condition", "damaged")
    dock.scan("S1", "S2")
    assert [fact.condition for fact in dock.facts(e.TallyCounted)] == ["damaged", "good"]


def test_nothing_is_said_of_nothing(dock: Dock) -> None:
    sentence = "No item is in hand yet. Scan one first."
    dock.each_says(sentence, lambda: dock.says("lot", "L1"), lambda: dock.says("condition", "damaged"))
    dock.scan(TEA)
    dock.says("condition", "shiny")
    assert dock.screen.text == "shiny cannot be the condition of an item. Key it again."


def test_a_photo_stays_with_its_count_when_more_is_said_of_it(dock: Dock) -> None:
    found = t.act(desk(counts=(one(),)), said("photo", PHOTO), nothing_wrong)
    assert (found.answer.code, found.facts) == (
        "tally.photographed",
        (e.TallyPhotographed(tally_id="T", count_id="n1", sha256=PHOTO),),
    )
    again = t.act(desk(counts=(one()._replace(photo=PHOTO),)), said("condition", "damaged"), nothing_wrong)
    assert isinstance(again.facts[-1], e.TallyPhotographed)
    assert t.act(desk(), said("photo", PHOTO), nothing_wrong).answer.code == "tally.item_first"


def test_the_last_count_is_taken_back(dock: Dock) -> None:
    dock.undo()
    assert dock.screen.text == "Nothing was counted yet. Scan an item first."
    dock.scan(TEA, CASE)
    dock.undo()
    assert dock.screen.text == "Taken back: 6 of Item TEA (TEA). Still counted: 1."


def test_a_code_that_means_nothing_or_something_else_is_refused(dock: Dock) -> None:
    dock.scan("NONSENSE")
    assert dock.screen.text == "NONSENSE is not known here. Scan the item, or ask a supervisor to link it."
    other = desk(meant=Meant("PL-1", (Meaning("picklist", "PL-1"),)))
    assert t.act(other, scan("PL-1"), nothing_wrong).answer.text == "PL-1 is picklist PL-1. Scan an item."


def test_where_nothing_is_open_nothing_is_counted() -> None:
    nothing = t.Desk(None, Meant(""), None)
    assert t.act(nothing, scan(TEA), nothing_wrong).answer.text == (
        "Nothing is open here. Scan what the goods belong to, or choose it from the list."
    )


def test_goods_are_counted_where_they_are() -> None:
    here = desk(meant=Meant("A-1", (Meaning("location", "A-1"),)))
    found = t.act(here, scan("A-1"), nothing_wrong)
    assert found.answer.text == "A-1: scan what is there."
    assert found.facts == (e.TallyMoved(tally_id="T", location_id="A-1"),)


def test_an_amended_count_stays_at_its_location() -> None:
    found = t.act(desk(counts=(one()._replace(location_id="A-1"),)), said("lot", "L1"), nothing_wrong)
    assert [fact.location_id for fact in found.facts if isinstance(fact, e.TallyCounted)] == ["A-1"]


def test_what_the_kind_of_work_does_not_want_is_refused_however_it_comes() -> None:
    refusal = say("tally.item_first")
    for acted in (
        t.act(desk(meant=meant_tea(), item=ITEM), scan(TEA), lambda *_: refusal),
        t.act(desk(counts=(one(),)), c.KeyQuantity(**here(), quantity=Decimal(5)), lambda *_: refusal),
        t.act(desk(counts=(one(),)), said("lot", "L1"), lambda *_: refusal),
    ):
        assert (acted.answer, acted.facts) == (refusal, ())


ITEM = t.Item("TEA", "Item TEA")


def nothing_wrong(_tally: t.Tally, _hand: t.InHand) -> None:
    return None


def one() -> t.Counted:
    return t.Counted("n1", ITEM, Decimal(1))


NOTHING = Meant("")


def desk(counts: tuple[t.Counted, ...] = (), meant: Meant = NOTHING, item: t.Item | None = None) -> t.Desk:
    return t.Desk(t.Tally("T", "count", "A-1", counts=counts), meant, item)


def meant_tea() -> Meant:
    return Meant(TEA, (Meaning("product", "TEA"),))


def here() -> dict[str, Any]:
    return {"command_id": new_id(), "workplace": "in-1"}


def scan(code: str) -> c.Scan:
    return c.Scan(**here(), code=code)


def said(name: str, value: str) -> c.SetValue:
    return c.SetValue.model_validate({**here(), "name": name, "value": value})


class Counting(RuleBasedStateMachine):
    """However somebody counts, takes back and restarts: tally and receipts are what was scanned."""

    @initialize()
    def begin(self) -> None:
        self.folder = TemporaryDirectory()
        self.dock = Dock(Path(self.folder.name))
        self.dock.given_products(product("PHONE", "PHONE-1", serial_required=True))
        self.dock.signed_in(RAY).scan("BLIND")
        self.counts: list[tuple[str, Decimal]] = []
        self.received: dict[str, Decimal] = {}
        self.serial = 0

    @rule(code=st.sampled_from([(TEA, "TEA", 1), (CASE, "TEA", 6), (JAM, "JAM", 1)]))
    def scans(self, code: tuple[str, str, int]) -> None:
        self.dock.scan(code[0])
        self.counts.append((code[1], Decimal(code[2])))

    @rule()
    def scans_a_serial_number(self) -> None:
        self.serial += 1
        self.dock.scan("PHONE-1", f"S{self.serial}")
        self.counts.append(("PHONE", Decimal(1)))

    @precondition(lambda self: self.counts and self.counts[-1][0] == "PHONE")
    @rule()
    def scans_the_same_serial_number_again(self) -> None:
        found = tally.load(self.dock.store.reader, self.dock.place.work_id)
        assert found is not None
        self.dock.scan("PHONE-1", found.counts[-1].serials[0])
        assert self.dock.screen.code == "tally.serial_twice"

    @precondition(lambda self: self.counts and self.counts[-1][0] != "PHONE")
    @rule(more=st.integers(1, 5))
    def keys(self, more: int) -> None:
        found = tally.load(self.dock.store.reader, self.dock.place.work_id)
        assert found is not None
        last = found.counts[-1]
        alike = sum(each.qty for each in found.counts if (each.item, each.condition) == (last.item, last.condition))
        self.dock.key(int(alike) + more)
        self.counts.append((last.item.sku, Decimal(more)))

    @precondition(lambda self: self.counts and self.counts[-1][0] != "PHONE")
    @rule()
    def says_it_is_damaged(self) -> None:
        self.dock.scan(TEA)
        self.counts.append(("TEA", Decimal(1)))
        self.dock.says("condition", "damaged")

    @precondition(lambda self: self.counts)
    @rule()
    def takes_back(self) -> None:
        self.dock.undo()
        self.counts.pop()

    @rule()
    def restarts(self) -> None:
        self.dock.restart()

    @rule()
    def completes_and_begins_anew(self) -> None:
        if self.counts and self.counts[-1][0] == "PHONE":
            self.dock.undo()  # so that no serial number is asked for twice in the model
            self.counts.pop()
        self.dock.complete()
        for sku, qty in self.counts:
            self.received[sku] = self.received.get(sku, Decimal(0)) + qty
        self.counts = []
        self.dock.scan("BLIND")

    @invariant()
    def the_tally_is_what_was_scanned(self) -> None:
        found = tally.load(self.dock.store.reader, self.dock.place.work_id)
        assert found is not None
        assert [(each.item.sku, each.qty) for each in found.counts] == self.counts

    @invariant()
    def the_receipts_say_what_was_tallied(self) -> None:
        came: dict[str, Decimal] = {}
        for fact in self.dock.facts(e.ReceiptRecorded):
            for line in fact.lines:
                came[line.sku] = came.get(line.sku, Decimal(0)) + line.qty
        assert came == self.received

    def teardown(self) -> None:
        if hasattr(self, "dock"):
            assert self.dock.dump() == self.dock.rebuilt_dump()
            self.dock.close()
            self.folder.cleanup()


TestCounting = Counting.TestCase
TestCounting.settings = settings(max_examples=10, stateful_step_count=10, deadline=None)
