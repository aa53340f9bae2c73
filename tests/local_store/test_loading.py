"""Parcels are loaded by scan: what goes on, what must not, and what leaves when the doors are shut."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.works import stock
from tests.support.floor import BEN, EVE, Bench, new_id
from tests.support.loading import LOU, a_dock, act, an_order, manifest_id, package_of, sealed


@pytest.fixture
def dock(tmp_path: Path) -> Iterator[Bench]:
    bench = a_dock(tmp_path / "data")
    yield bench
    assert bench.rebuilt_dump() == bench.dump()
    bench.close()


def test_a_scanner_alone_loads_a_carriers_parcels_and_each_scan_is_a_fact(dock: Bench) -> None:
    one, two = sealed(dock, "O-1"), sealed(dock, "O-2")
    dock.scan(one)
    assert dock.screen.text == "Order O-1 is on. Parcels for DHL: 1, still to come: 1."
    dock.scan(f"00{two}", symbology="]C1")
    assert dock.screen.text == "Order O-2 is on. All for DHL is loaded, parcels: 2."
    assert [fact.fulfillment_id for fact in dock.facts(e.ParcelLoaded)] == ["F-O-1", "F-O-2"]
    assert dock.place.work_id == manifest_id(dock)
    dock.complete()
    assert dock.screen.text == "DHL is away. Parcels on it: 2, left behind: 0."
    assert dock.place.work_id is None
    (closed,) = dock.facts(e.ManifestClosed)
    assert (closed.carrier, closed.dock, len(closed.parcels), closed.left_behind) == ("DHL", "dock-1", 2, ())


def test_goods_are_in_their_parcel_until_the_doors_are_shut_and_then_with_the_customer(dock: Bench) -> None:
    sscc = sealed(dock, "O-1")
    package = f"package:{package_of(dock, 'O-1')}"
    dock.scan(sscc)
    assert [(each.account, each.qty) for each in stock.balances(dock.store.reader, account=package)] == [
        (package, Decimal(2))
    ]
    dock.complete()
    assert stock.balances(dock.store.reader, account=package) == []
    assert [each.qty for each in stock.balances(dock.store.reader, account="customer")] == [2]


def test_any_label_of_a_parcel_names_it(dock: Bench) -> None:
    sealed(dock, "O-1")
    sealed(dock, "O-2")
    data = b"^XA^XZ"
    dock.do(
        c.ReceiveCarrierLabel(
            command_id=new_id(),
            lane="main",
            fulfillment_id="F-O-2",
            package_id=package_of(dock, "O-2"),
            tracking_number="JD000111222",
            content_type="application/zpl",
            sha256=hashlib.sha256(data).hexdigest(),
            data=data,
        )
    )
    dock.scan("JD000111222")
    assert dock.screen.text.startswith("Order O-2 is on.")
    label = dock.facts(e.LabelRequested)[0]
    dock.scan(f"{label.job_id[-12:]}-1")
    assert dock.screen.text.startswith("Order O-1 is on.")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("nothing", "XYZ is no parcel that this station knows. Scan the label of the parcel, or ask a supervisor."),
        ("unsealed", "Order O-1 is not sealed yet. Take it back to the pack station; it is not loaded."),
        ("begun", "Order O-1 is not sealed yet. Take it back to the pack station; it is not loaded."),
        ("order code", "O-1 names order O-1, not one of its boxes. Scan the label on the box."),
        (
            "no carrier",
            "Nobody said which carrier takes order O-1. Open the manifest of a carrier first, then scan it again.",
        ),
    ],
)
def test_what_must_not_be_loaded_is_refused_in_words(dock: Bench, given: str, said: str) -> None:
    code = "XYZ"
    if given in {"unsealed", "begun"}:
        an_order(dock, "O-1")
        code = "O-1"
    if given == "begun":
        dock.at("pack-1").scan("O-1")
        dock.at("dock-1")
    if given == "order code":
        sealed(dock, "O-1")
        code = "O-1"
    if given == "no carrier":
        code = sealed(dock, "O-1", carrier=None)
    dock.scan(code)
    assert dock.screen.text == said
    assert dock.facts(e.ParcelLoaded) == []
    assert dock.facts(e.ScanRefused)[-1].reason == dock.screen.code


def test_a_voided_label_never_leaves(dock: Bench) -> None:
    sscc = sealed(dock, "O-1")
    job = dock.facts(e.LabelRequested)[0].job_id
    dock.at("pack-1").floor(c.VoidLabel, job_id=job, reason="torn")
    dock.at("dock-1").scan(sscc)
    assert dock.screen.text == (
        f"Label {sscc} of order O-1 was voided. Keep the parcel here and ask a supervisor for a valid label."
    )


def test_a_parcel_for_another_carrier_is_sent_to_its_dock_and_several_may_be_named(dock: Bench) -> None:
    first, other, either = sealed(dock, "O-1"), sealed(dock, "O-2", "UPS"), sealed(dock, "O-3", "ups|dhl")
    dock.scan(first, other)
    assert dock.screen.text == "Order O-2 goes with UPS, and DHL is loaded here. Bring it to the dock of UPS."
    dock.scan(either)
    assert dock.screen.text == "Order O-3 is on. All for DHL is loaded, parcels: 2."


def test_a_parcel_is_loaded_once_and_where_it_is_is_said(dock: Bench) -> None:
    sscc = sealed(dock, "O-1")
    dock.scan(sscc)
    manifest = manifest_id(dock)
    dock.at("dock-2").signed_in(BEN).scan(sscc)
    assert dock.screen.text == (
        f"Order O-1 is loaded already: on {manifest} for DHL at dock-1. Scan the next parcel."
    )
    dock.at("dock-1").complete()
    day = dock.facts(e.ManifestClosed)[0].dispatch_date
    dock.scan(sscc)
    assert dock.screen.text == f"Order O-1 left already, with DHL on {day} ({manifest}). Find out which box this is."


def test_an_order_that_hq_cancelled_or_that_is_held_stays_here(dock: Bench) -> None:
    sscc = sealed(dock, "O-1")
    dock.do(c.SeeWork(command_id=new_id(), lane="main", thing="fulfillment", work_id="F-O-1", state="cancelled"))
    dock.scan(sscc)
    assert dock.screen.code == "load.asks"
    assert dock.screen.text.startswith("Order O-1 must not leave yet: ")
    assert dock.screen.text.endswith("Put it aside and ask a supervisor.")
    (raised,) = dock.facts(e.ExceptionRaised)
    decide = {"exception_id": raised.exception_id, "badge": EVE.badge}
    dock.do(c.DecideException(command_id=new_id(), choice="hold", **decide))
    dock.scan(sscc)
    assert dock.screen.text.startswith("Order O-1 must not leave yet: ")
    dock.do(c.DecideException(command_id=new_id(), choice="continue", **decide))
    dock.scan(sscc)
    assert dock.screen.text == "Order O-1 is on. All for DHL is loaded, parcels: 1."


def test_the_last_parcel_can_be_taken_back_and_any_other_unloaded(dock: Bench) -> None:
    one, two = sealed(dock, "O-1"), sealed(dock, "O-2")
    dock.undo()
    assert dock.screen.text == (
        "Nothing is being loaded here. Scan a parcel, or the sheet of a manifest that was begun."
    )
    dock.scan(one, two)
    dock.undo()
    assert dock.screen.text == "Taken back: order O-2 is not on it. Parcels still on it: 1."
    of = {"manifest_id": manifest_id(dock), "reason": "crushed"}
    assert act(dock, c.UnloadParcel, LOU, parcel=two, **of) == (
        f"{two} is not on manifest {manifest_id(dock)}. Look at the list of what is on it."
    )
    assert act(dock, c.UnloadParcel, LOU, parcel=f"]C100{one}", **of) == (  # its label, as a scanner reads it
        "Order O-1 is off the manifest. Put the parcel back; parcels still on it: 0."
    )
    dock.undo()
    assert dock.screen.text == "Nothing is on this manifest yet. Scan a parcel first."
    dock.complete()
    assert dock.screen.text == f"Nothing is on manifest {manifest_id(dock)}. Scan what is loaded before you close it."
    dock.scan(one)
    assert dock.screen.text == "Order O-1 is on. Parcels for DHL: 1, still to come: 1."


def test_what_should_be_on_it_is_asked_about_before_the_doors_are_shut(dock: Bench) -> None:
    one = sealed(dock, "O-1")
    sealed(dock, "O-2")
    sealed(dock, "O-3", "UPS")
    dock.scan(one)
    dock.complete()
    assert dock.screen.text == ("Sealed for DHL and not on it: 1 (O-2). Load what is missing, or close it without.")
    assert dock.facts(e.ManifestClosed) == []
    ident = manifest_id(dock)
    said = act(dock, c.CloseManifest, LOU, manifest_id=ident, without_missing=True)
    assert said == "DHL is away. Parcels on it: 1, left behind: 1."
    assert dock.facts(e.ManifestClosed)[0].left_behind == (package_of(dock, "O-2"),)
    day = dock.facts(e.ManifestClosed)[0].dispatch_date
    gone = f"Manifest {ident} is closed: DHL left on {day}. Open another one for what is still here."
    assert act(dock, c.CloseManifest, LOU, manifest_id=ident) == gone
    assert act(dock, c.UnloadParcel, LOU, manifest_id=ident, parcel=one, reason="x") == gone
    dock.scan(ident)
    assert dock.screen.text == gone
    unknown = "There is no manifest M-9 here. Look at the list of manifests."
    assert act(dock, c.CloseManifest, LOU, manifest_id="M-9") == unknown
    assert act(dock, c.UnloadParcel, LOU, manifest_id="M-9", parcel="X", reason="x") == unknown


def test_a_manifest_that_was_left_is_gone_on_with_by_its_sheet_or_by_its_next_parcel(dock: Bench) -> None:
    one, two, three = (sealed(dock, f"O-{number}") for number in (1, 2, 3))
    dock.scan(one)
    ident = manifest_id(dock)
    dock.at("dock-2").signed_in(BEN).scan(ident)
    assert dock.screen.text.startswith("DHL at dock-1, ")
    assert dock.screen.text.endswith(". Parcels on it: 1. Scan the next parcel.")
    assert dock.place.work_id == ident
    dock.scan(two)
    dock.at("dock-1").scan(three)
    assert {fact.manifest_id for fact in dock.facts(e.ParcelLoaded)} == {ident}


def test_other_acts_say_what_to_do_at_a_dock(dock: Bench) -> None:
    dock.key(3)
    assert dock.screen.text == "Parcels are loaded one by one. Scan the next parcel."
    dock.complete()
    assert dock.screen.code == "load.none"


def test_the_day_of_a_manifest_is_the_day_at_the_site(dock: Bench) -> None:
    dock.scan(sealed(dock, "O-1"))
    ((wall_ms,),) = dock.query("SELECT wall_ms FROM journal WHERE kind = 'manifest.opened'")
    there = datetime.fromtimestamp(wall_ms / 1000, UTC).astimezone(ZoneInfo("Pacific/Auckland"))
    assert dock.facts(e.ManifestOpened)[0].dispatch_date == there.date().isoformat()


def test_while_the_disk_is_full_no_manifest_is_begun_and_an_open_one_is_finished(dock: Bench) -> None:
    one, two = sealed(dock, "O-1"), sealed(dock, "O-2", "UPS")
    dock.scan(one)
    dock.store.accept_new_work(accepts=False)
    dock.at("dock-2").signed_in(BEN).scan(two)
    assert dock.screen.code == "work.no_room"
    dock.at("dock-1").complete()
    assert dock.screen.code == "manifest.closed"


def test_parcels_named_in_one_call_are_loaded_all_or_none(dock: Bench) -> None:
    one, two = sealed(dock, "O-1"), sealed(dock, "O-2", "UPS")
    of = {"carrier": "DHL", "dock": "gate 4", "dispatch_date": "2026-11-23", "workplace": "dock-1"}
    assert "goes with UPS" in act(dock, c.OpenManifest, LOU, parcels=(one, two), **of)
    assert "is no parcel" in act(dock, c.OpenManifest, LOU, parcels=(one, "NONE"), **of)
    assert dock.facts(e.ManifestOpened) == []
    assert act(dock, c.OpenManifest, LOU, parcels=("sh_F-O-1", one), **of) == (
        "DHL at gate 4, 2026-11-23. Parcels on it: 1. Scan the next parcel."
    )
    assert dock.place.work_id == manifest_id(dock)


# --- told to HQ --------------------------------------------------------------------------------------------------


def test_hq_is_told_of_a_manifest_after_every_shipment_on_it(dock: Bench) -> None:
    dock.scan(sealed(dock, "O-1"))
    dock.complete()
    rows = dock.query(
        "SELECT kind, entity, follows FROM outbox JOIN journal USING (seq) WHERE entity LIKE 'manifest:%'"
        " ORDER BY seq"
    )
    ident = f"manifest:{manifest_id(dock)}"
    assert rows == [
        ("parcel.loaded", ident, "fulfillment:F-O-1"),
        ("manifest.closed", ident, None),
        ("manifest.dispatched", ident, None),
    ]


def test_a_notice_is_of_what_left_with_one_manifest(dock: Bench) -> None:
    one, two = sealed(dock, "O-1"), sealed(dock, "O-2", "UPS")
    assert act(dock, c.MakeNotice, LOU, asn_reference="ASN-1") == (
        "Nothing of this left from here with a manifest. Load it and close the manifest before you announce it."
    )
    dock.scan(one)
    dhl = manifest_id(dock)
    assert act(dock, c.MakeNotice, LOU, asn_reference="ASN-1", manifest_id=dhl) == (
        f"{dhl} is on no manifest that left from here. Load it and close the manifest before you announce it."
    )
    dock.complete()
    dock.scan(two)
    assert "F-O-2 is on no manifest" in act(
        dock, c.MakeNotice, LOU, asn_reference="ASN-1", fulfillment_ids=("F-O-1", "sh_F-O-2")
    )
    dock.complete()
    assert act(dock, c.MakeNotice, LOU, asn_reference="ASN-1", fulfillment_ids=("F-O-1", "F-O-2")) == (
        "These left with more than one manifest. Make a notice for each of them, one after the other."
    )
    assert act(dock, c.MakeNotice, LOU, asn_reference="ASN-1", manifest_id=dhl) == (
        "Notice ASN-1 is made. Orders on their way: 1."
    )
    (fact,) = dock.facts(e.NoticeMade)
    assert (fact.fulfillment_ids, fact.follows) == (("F-O-1",), f"manifest:{dhl}")
    assert act(dock, c.MakeNotice, LOU, asn_reference="ASN-1", fulfillment_ids=("F-O-1",)) == (
        "Notice ASN-1 was made already. Give another one its own number."
    )


def test_goods_go_back_to_a_supplier_as_far_as_they_are_here(dock: Bench) -> None:
    damaged = c.GoodsLine(sku="TEA", qty=Decimal(3), condition="damaged", serials=("S1", "S2", "S3"))
    dock.do(c.RecordReceipt(command_id=new_id(), badge=EVE.badge, against="blind", lines=(damaged,)))
    back = c.VendorGoods(sku="TEA", qty=Decimal(2), serials=("S1", "S2"))
    assert act(dock, c.ShipToVendor, vendor="Acme", lines=(back, back)) == (
        "TEA: only 1 set aside as damaged, not 2. Count what is there, or send fewer."
    )
    assert act(
        dock, c.ShipToVendor, vendor="Acme", lines=(c.VendorGoods(sku="TEA", qty=Decimal(1), location_id="A"),)
    ) == ("TEA: only 0 at A, not 1. Count what is there, or send fewer.")
    assert act(dock, c.ShipToVendor, vendor="Acme", lines=(c.VendorGoods(sku="TEA", qty=Decimal(0)),)) == (
        "0 of TEA is nothing to send. Key more than zero, or leave the line out."
    )
    twice = c.VendorGoods(sku="TEA", qty=Decimal(2), serials=("S1", "S1"))
    assert act(dock, c.ShipToVendor, vendor="Acme", lines=(twice,)) == (
        "TEA: quantity 2, serial numbers: 2. Scan each unit once, and leave none out."
    )
    assert act(dock, c.ShipToVendor, vendor="Acme", lines=(back,)) == "Units that go back to Acme: 2."
    assert stock.serial_at(dock.store.reader, "TEA", "S1") == "supplier"
    assert [each.qty for each in stock.balances(dock.store.reader, account="damaged")] == [1]
    assert act(dock, c.ShipToVendor, LOU, vendor="Acme", lines=(back,)).startswith("Lou may not do this")


# --- the end of a day --------------------------------------------------------------------------------------------


def test_a_day_is_closed_with_its_figures_once_and_what_is_left_is_asked_about(dock: Bench) -> None:
    one = sealed(dock, "O-1")
    sealed(dock, "O-2")
    an_order(dock, "O-3")
    dock.at("pack-1").scan("O-3")
    dock.at("dock-1").scan(one)
    act(dock, c.CloseManifest, LOU, manifest_id=manifest_id(dock), without_missing=True)
    asked = act(dock, c.CloseDay)
    assert asked.startswith(
        "Not everything is done. Parcels not sealed: 1, sealed and not loaded: 1, labels that wait: 2, facts HQ"
    )
    assert dock.screen.code == "day.left"
    assert dock.facts(e.DayClosed) == []
    said = act(dock, c.CloseDay, leave_open=True)
    (fact,) = dock.facts(e.DayClosed)
    assert said == f"{fact.day} is closed. Parcels that left: 1, manifests: 1."
    figures = (fact.sealed, fact.dispatched, fact.manifests, fact.unsealed, fact.not_loaded, fact.labels_waiting)
    assert figures == (2, 1, 1, 1, 1, 2)
    assert act(dock, c.CloseDay) == f"{fact.day} was closed already. What was done since counts for the next day."
    assert act(dock, c.CloseDay, LOU).startswith("Lou may not do this")
