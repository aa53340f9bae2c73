"""However a purchase order is received, rejected, corrected, closed and put away: stock and discrepancies add up."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.works.receiving import load_inbound, load_receipt
from tests.support.dock import (
    CARTON,
    JAM,
    PALLET,
    RAY,
    RIA,
    TEA,
    Dock,
    announced,
    expected,
    location,
    on_pallet,
    pallet,
)

ANNOUNCED = {"TEA": 7, "JAM": 3}
SKUS = st.sampled_from(["TEA", "JAM", "SALT"])
DESKS = st.sampled_from(["in-1", "in-2"])
CODES = {"TEA": TEA, "JAM": JAM, "SALT": "SALT"}


class Receiving(RuleBasedStateMachine):
    """announced + over = received + under, received = put away + dock + damaged, and the books balance."""

    @initialize()
    def begin(self) -> None:
        self.folder = TemporaryDirectory()
        self.dock = Dock(Path(self.folder.name))
        self.dock.given_products(
            self.dock.facts(e.ProductReceived)[0].model_copy(update={"sku": "SALT", "barcodes": ()})
        )
        whole = pallet(PALLET, on_pallet("TEA", 2), on_pallet("JAM", 1))
        lines = (expected("TEA", 3, "L-TEA"), expected("TEA", 4, "L-TEA-2"), expected("JAM", 3))
        self.dock.given(announced("PO-1", *lines, pallets=(whole,), against="purchase_order"), location("B-1", 1))
        for desk, worker in (("in-1", RAY), ("in-2", RIA), ("put-1", RAY)):
            self.dock.at(desk).signed_in(worker)

    @rule(desk=DESKS, sku=SKUS, damaged=st.booleans(), times=st.integers(1, 3))
    def counts(self, desk: str, sku: str, damaged: bool, times: int) -> None:  # noqa: FBT001 -- drawn
        self.opened(desk)
        self.dock.scan(*[CODES[sku]] * times)
        if damaged and self.dock.screen.code == "tally.counted":
            self.dock.says("condition", "damaged")

    @rule(desk=DESKS, unit=st.sampled_from([PALLET, CARTON]))
    def scans_a_pallet(self, desk: str, unit: str) -> None:
        self.opened(desk)
        self.dock.scan(unit)

    @rule(desk=DESKS)
    def takes_back(self, desk: str) -> None:
        self.dock.at(desk).undo()

    @rule(desk=DESKS)
    def completes(self, desk: str) -> None:
        self.dock.at(desk).complete()

    @rule(sku=SKUS, qty=st.integers(1, 9))
    def allows(self, sku: str, qty: int) -> None:
        self.dock.by(c.AllowGoods, second="eve", inbound_id="PO-1", sku=sku, qty=Decimal(qty), reason="wanted")

    @rule(sku=SKUS)
    def rejects(self, sku: str) -> None:
        self.dock.by(c.RejectGoods, inbound_id="PO-1", sku=sku, qty=Decimal(1), reason="wet")

    @rule(which=st.integers(0, 5), change=st.sampled_from([-2, -1, 1]))
    def corrects(self, which: int, change: int) -> None:
        receipts = self.dock.facts(e.ReceiptRecorded)
        if receipts:
            receipt = receipts[which % len(receipts)]
            line = c.Correction(line=which % len(receipt.lines), change=Decimal(change))
            said = {"receipt_id": receipt.receipt_id, "lines": (line,), "reason": "miscounted"}
            self.dock.by(c.CorrectReceipt, second="eve", **said)

    @rule(close=st.booleans())
    def closes_or_reopens(self, close: bool) -> None:  # noqa: FBT001 -- drawn
        if close:
            self.dock.by(c.CloseInbound, second="eve", inbound_id="PO-1")
        else:
            self.dock.by(c.ReopenInbound, inbound_id="PO-1", reason="more came")

    @rule(code=st.sampled_from([TEA, JAM, "SALT", PALLET, CARTON]), put=st.booleans())
    def puts_away(self, code: str, put: bool) -> None:  # noqa: FBT001 -- drawn
        self.dock.at("put-1").scan(code)
        if put:
            self.dock.scan("B-1")

    def opened(self, desk: str) -> None:
        if self.dock.at(desk).place.work_id is None:
            self.dock.scan("PO-1")

    @invariant()
    def what_was_announced_and_told_is_what_came(self) -> None:
        inbound = load_inbound(self.dock.store.reader, "PO-1")
        assert inbound is not None
        for sku in {*ANNOUNCED, *inbound.unexpected}:
            over = sum(inbound.told.get((sku, differs), Decimal(0)) for differs in ("over", "unexpected"))
            under, came = inbound.told.get((sku, "under"), Decimal(0)), inbound.received(sku)
            assert over == max(came - ANNOUNCED.get(sku, 0), 0)
            if not inbound.open:
                assert ANNOUNCED.get(sku, 0) + over == came + under

    @invariant()
    def what_came_is_put_away_or_on_the_dock_or_damaged(self) -> None:
        inbound = load_inbound(self.dock.store.reader, "PO-1")
        assert inbound is not None
        for sku in ("TEA", "JAM", "SALT"):
            stock = self.dock.stock(sku)
            here = sum(stock.get(account, Decimal(0)) for account in ("dock", "damaged", "location:B-1"))
            assert here == inbound.received(sku) == -stock.get("supplier", Decimal(0))
            assert all(qty >= 0 for account, qty in stock.items() if account != "supplier")

    @invariant()
    def the_receipts_add_up_to_the_same(self) -> None:
        inbound = load_inbound(self.dock.store.reader, "PO-1")
        assert inbound is not None
        came: dict[str, Decimal] = {}
        for fact in self.dock.facts(e.ReceiptRecorded):
            receipt = load_receipt(self.dock.store.reader, fact.receipt_id)
            for line in receipt.lines if receipt else ():
                came[line.sku] = came.get(line.sku, Decimal(0)) + line.qty
        assert came == {sku: came[sku] for sku in came if inbound.received(sku) == came[sku]}

    @invariant()
    def no_more_stands_on_pallets_than_on_the_dock(self) -> None:
        for sku, qty in self.dock.query("SELECT sku, sum(millionths) FROM dock_unit GROUP BY sku"):
            assert qty <= self.dock.stock(sku).get("dock", Decimal(0)) * 1_000_000

    def teardown(self) -> None:
        if hasattr(self, "dock"):
            assert self.dock.dump() == self.dock.rebuilt_dump()
            self.dock.close()
            self.folder.cleanup()


TestReceiving = Receiving.TestCase
TestReceiving.settings = settings(max_examples=8, stateful_step_count=14, deadline=None)
