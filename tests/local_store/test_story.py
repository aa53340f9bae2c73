"""The story of a thing: who did what to it, where, when, found however busy the station was."""

from __future__ import annotations

from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from local_store import counts, projections, story
from local_store.database import open_reader
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.story import Told, things
from local_store.migrations import statements_of
from tests.support.floor import BEN, EVE, Bench, line, new_id, product


@pytest.fixture
def busy(bench: Bench) -> Bench:
    """Two people pick and pack at the same time; orders O-1 and O-2 are on one list, O-9 on another."""
    bench.given_products(product("TEA", name="Tea"), product("JAM", name="Jam"))
    bench.given_picklist("PL-1", line("TEA", 2, order="O-1"), line("JAM", 1, order="O-2"))
    bench.given_picklist("PL-9", line("JAM", 2, order="O-9"))
    bench.signed_in().scan("PL-1", "A-1", "TEA")
    bench.at("pick-2").signed_in(BEN).scan("PL-9", "A-1", "JAM")
    bench.at("pick-1").scan("WRONG", "TEA", "JAM")
    bench.complete()
    bench.at("pick-2").scan("JAM")
    bench.at("pack-1").signed_in()
    bench.packed("O-1", 200)
    return bench


def kinds(bench: Bench, thing: str, ident: str) -> list[str]:
    return [row.kind for row in story.of(bench.store.reader, thing, ident).rows]


def package_of(bench: Bench, order: str) -> str:
    found = story.package_named(bench.store.reader, order)
    assert found is not None
    return found


def test_the_story_of_an_order_runs_from_hqs_word_to_its_label_with_every_count_between(busy: Bench) -> None:
    assert kinds(busy, "fulfillment", "F-O-1") == [
        "work.fulfillment_received", "work.picklist_received", "picklist.assigned", "picklist.started",
        "pick.location_confirmed", "pick.counted", "scan.refused", "pick.counted", "picklist.completed",
        "pack.opened", "pack.counted", "pack.counted", "package.weighed", "package.packed", "package.sealed",
        "shipment.requested", "label.requested",
    ]  # fmt: skip


def test_a_parcel_has_the_story_of_its_order_and_a_list_only_its_own(busy: Bench) -> None:
    package = package_of(busy, "O-1")
    assert kinds(busy, "package", package) == kinds(busy, "fulfillment", "F-O-1")
    assert kinds(busy, "picklist", "PL-1").count("pick.counted") == 3
    assert kinds(busy, "picklist", "PL-9").count("pick.counted") == 2
    assert kinds(busy, "package", "none") == []


def test_each_row_says_who_where_when_and_what_the_scale_said(busy: Bench) -> None:
    rows = {row.kind: row for row in story.of(busy.store.reader, "fulfillment", "F-O-1").rows}
    assert (rows["pick.counted"].actor, rows["package.sealed"].station) == ("ana", "station-1")
    assert story.details(rows["package.weighed"])["weight_mg"] == 200_000
    assert story.details(rows["package.weighed"])["scale"] == "scale-1"
    assert rows["pack.opened"].wall_ms > 0
    assert story.details(rows["scan.refused"])["code"] == "WRONG"


def test_a_work_that_is_still_open_is_told_up_to_now(bench: Bench) -> None:
    bench.given_products(product("TEA"))
    bench.given_picklist("PL-1", line("TEA", 2))
    bench.signed_in().scan("PL-1", "A-1", "TEA")
    assert kinds(bench, "picklist", "PL-1")[-1] == "pick.counted"


def test_a_unit_is_followed_by_its_serial_number_from_the_dock_back_to_the_supplier(bench: Bench) -> None:
    bench.given_products(product("TEA"))
    damaged = c.GoodsLine(sku="TEA", qty=Decimal(2), condition="damaged", serials=("S1", "S2"))
    bench.do(c.RecordReceipt(command_id=new_id(), badge=EVE.badge, against="blind", lines=(damaged,)))
    back = (c.VendorGoods(sku="TEA", qty=Decimal(1), serials=("S1",)),)
    bench.do(c.ShipToVendor(command_id=new_id(), worker_id="eve", vendor="Acme", lines=back))
    assert kinds(bench, "serial", "S1") == ["receipt.recorded", "vendor.shipped"]
    assert kinds(bench, "serial", "S2") == ["receipt.recorded"]
    assert kinds(bench, "serial", "S3") == []


def test_a_story_longer_than_anybody_reads_is_cut_and_says_so(busy: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story, "MOST_ROWS", 5)
    told = story.of(busy.store.reader, "fulfillment", "F-O-1")
    assert (len(told.rows), told.complete) == (5, False)
    monkeypatch.setattr(story, "MOST_ROWS", 5000)
    monkeypatch.setattr(story, "MOST_LOOKED_AT", 3)
    assert not story.of(busy.store.reader, "picklist", "PL-1").complete


def test_what_comes_with_every_scan_costs_the_index_nothing_neither_now_nor_in_a_rebuild(busy: Bench) -> None:
    noted = "SELECT DISTINCT kind FROM story JOIN journal USING (seq)"
    assert {kind for (kind,) in busy.query("SELECT DISTINCT kind FROM journal")} >= counts.KINDS - {"picks.checked"}
    assert not counts.KINDS & {kind for (kind,) in busy.query(noted)}
    busy.rebuilt_dump()
    assert not counts.KINDS & {kind for (kind,) in busy.query(noted)}


def test_a_fact_tells_of_all_it_names_however_deep() -> None:
    parcels = (e.LoadedParcel(package_id="P1", fulfillment_id="F1", sscc="s"),)
    of = {"carrier": "DHL", "dock": "d", "warehouse_id": "W", "dispatch_date": "2026-11-22"}
    closed = e.ManifestClosed(manifest_id="M", parcels=parcels, left_behind=("P2",), **of)
    assert things(closed) == {
        Told("manifest", "M"), Told("package", "P1"), Told("package", "P2"), Told("fulfillment", "F1"),
    }  # fmt: skip
    assert things(e.WorkWithdrawn(lane="m", thing="picklist", work_id="PL", reason="r")) == {Told("picklist", "PL")}
    assert things(e.StationFenced(epoch=1, epoch_id="x", reason="clone", sentence="s")) == frozenset()


def test_a_store_of_before_finds_its_old_parcels_too(busy: Bench) -> None:
    order = e.WorkOrderAnnounced(lane="main", work_order_id="WO-1", number="1", sku="TEA", qty=Decimal(1))
    back = e.ReturnAnnounced(lane="main", return_id="R-1", number="1", lines=())
    busy.do(c.ReceiveInbound(command_id=new_id(), work_orders=(order,), returns=(back,)))
    goods = (c.GoodsLine(sku="TEA", qty=Decimal(1), serials=("S1",)),)
    busy.do(c.ReceiveReturn(command_id=new_id(), worker_id="eve", return_id="R-1", lines=goods))
    busy.do(c.SeeWork(command_id=new_id(), lane="main", thing="fulfillment", work_id="F-O-1", state="cancelled"))
    with closing(open_reader(busy.store.path)) as db:
        wanted = [row for row in projections.dump(db) if row.startswith("story:")]

    def as_before(tx: object) -> None:
        connection = tx.connection  # type: ignore[attr-defined]
        connection.execute("DELETE FROM story")
        for statement in statements_of("018_dispatch"):
            if statement.lstrip().startswith("INSERT"):
                connection.execute(statement)

    busy.runner.run(busy.store.run(as_before))
    with closing(open_reader(busy.store.path)) as db:
        assert [row for row in projections.dump(db) if row.startswith("story:")] == wanted


def test_the_index_is_rebuilt_as_it_was(busy: Bench, tmp_path: Path) -> None:
    assert tmp_path.exists()
    before = busy.dump()
    assert busy.rebuilt_dump() == before
