"""Orders in several parcels: what is in which, what is done before one is sealed, and that it never changes then."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from decimal import Decimal

import pytest

from agent.slips.gather import packing_slip
from local_store import files
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.site import PackRule
from local_store.domain.states import Package, PackSession
from local_store.domain.words import Tone
from local_store.works import stock
from tests.support.floor import BEN, Bench, line, new_id, product


def contents(bench: Bench, order: str) -> dict[int, dict[str, int]]:
    """What each parcel of an order holds, by number and product."""
    work = bench.pack_work(order)
    skus = {each.order_line_id: each.sku for each in work.lines}
    return {
        parcel.number: {skus[line_id]: int(qty) for line_id, qty in work.contents(parcel).items()}
        for parcel in work.parcels
    }


def seal_next(bench: Bench, grams: int) -> None:
    bench.weigh(grams)
    bench.seal()


def void(bench: Bench, package_id: str, worker_id: str = "eve", approved_by: str | None = None) -> None:
    of = {"worker_id": worker_id, "approved_by": approved_by}
    bench.do(c.VoidPackage(command_id=new_id(), package_id=package_id, reason="wrong goods", **of))


# several parcels


def test_an_order_goes_into_two_parcels_each_weighed_sealed_and_labelled(packing: Bench) -> None:
    packing.scan("SKU-1")
    packing.next_parcel()
    assert packing.screen.text == ("Parcel 2 is open; parcel 1 waits for the scale. Scan Chai (SKU-1) into parcel 2.")
    packing.weigh(100)
    assert packing.screen.text == "Parcel 1: 0.100 kg. Seal it."
    packing.seal()
    assert packing.screen.text == (
        "Parcel 1 of order O-1 is sealed. Its label 306141410000000013 is on the way. Go on with Chai (SKU-1)."
    )
    assert packing.pack_work("O-1").session is PackSession.PACKING
    packing.scan("SKU-1", "SKU-2")
    seal_next(packing, 200)
    assert packing.screen.text == "Order O-1 is sealed. Its label 306141410000000020 is on the way."
    one, two = packing.facts(e.PackagePacked)
    assert [(item.sku, int(item.qty)) for item in one.items] == [("SKU-1", 1)]
    assert [(item.sku, int(item.qty)) for item in two.items] == [("SKU-1", 1), ("SKU-2", 1)]
    (shipment,) = packing.facts(e.ShipmentRequested)
    assert shipment.packages == ((one.package_id, 100_000), (two.package_id, 200_000))
    assert len(packing.facts(e.LabelRequested)) == 2
    assert packing.place.fulfillment_id is None
    live = packing.dump()
    assert packing.rebuilt_dump() == live


def test_parcels_that_wait_are_weighed_in_their_order_once_everything_is_in(packing: Bench) -> None:
    packing.scan("SKU-1")
    packing.next_parcel()
    packing.scan("SKU-1", "SKU-2")
    seal_next(packing, 100)
    assert packing.screen.code == "pack.parcel_sealed_all_in"
    assert packing.screen.text.endswith(" Go on with its next parcel.")
    seal_next(packing, 200)
    assert packing.screen.code == "pack.sealed"


def test_a_scanner_alone_is_enough_for_the_next_parcel_and_to_go_back(packing: Bench) -> None:
    packing.scan("SKU-1", "NEXT-PARCEL", "SKU-1", "PARCEL-1")
    assert packing.screen.text == "Parcel 1 of order O-1: what is scanned now goes into it."
    packing.scan("SKU-2")
    assert contents(packing, "O-1") == {1: {"SKU-1": 1, "SKU-2": 1}, 2: {"SKU-1": 1}}


def test_going_back_to_a_parcel_that_was_weighed_forgets_its_weight(packing: Bench) -> None:
    packing.scan("SKU-1", "NEXT-PARCEL")
    packing.weigh(100)
    packing.scan("PARCEL-1", "SKU-1", "SKU-2")
    packing.seal()
    assert packing.screen.code == "pack.not_weighed"


def test_an_empty_parcel_is_not_left_for_another_and_none_is_opened_for_nothing(packing: Bench) -> None:
    packing.next_parcel()
    assert packing.screen.text == "Parcel 1 is still empty. Put something in before the next one."
    packing.scan("SKU-1", "SKU-1", "SKU-2")
    packing.next_parcel()
    assert packing.screen.code == "pack.nothing_left"


def test_an_order_has_99_parcels_at_most(open_bench: Callable[[str], Bench]) -> None:
    bench = open_bench("pack-1")
    bench.given_products(product("SKU-1"))
    bench.given_order("O-1", line("SKU-1", 200))
    bench.signed_in().scan("O-1")
    for _ in range(99):
        bench.scan("SKU-1", "NEXT-PARCEL")
    assert bench.screen.text == "Order O-1 has 99 parcels already. Put the rest into one of them."


def test_undo_reaches_back_within_the_open_parcel_only(packing: Bench) -> None:
    packing.scan("SKU-1", "NEXT-PARCEL")
    packing.undo()
    assert packing.screen.code == "pack.nothing_to_undo"


def test_a_parcel_that_stayed_empty_goes_with_the_last_seal(packing: Bench) -> None:
    packing.scan("SKU-1", "SKU-1", "NEXT-PARCEL")
    packing.floor(c.MarkShort, reason="broken")
    assert packing.screen.text == "Chang (SKU-2): 1 not there (broken)."
    seal_next(packing, 200)
    assert packing.screen.code == "pack.sealed"
    assert contents(packing, "O-1") == {1: {"SKU-1": 2}}
    live = packing.dump()
    assert packing.rebuilt_dump() == live


# what is short


def test_what_is_short_ends_the_order_and_can_be_taken_back(packing: Bench) -> None:
    packing.scan("SKU-1")
    packing.floor(c.MarkShort, reason="not in the tote")
    packing.floor(c.MarkShort, reason="not in the tote")
    packing.undo()
    assert packing.pack_line("O-1", "SKU-2").wanted == 1
    packing.scan("SKU-2")
    seal_next(packing, 200)
    (told,) = [fact for fact in packing.facts(e.PackShort) if fact.sku == "SKU-1"]
    assert (int(told.qty), told.reason) == (1, "not in the tote")
    assert packing.pack_work("O-1").session is PackSession.PACKED


def test_an_order_of_which_nothing_would_be_sent_goes_to_a_supervisor(packing: Bench) -> None:
    packing.floor(c.MarkShort, reason="gone")
    packing.floor(c.MarkShort, reason="gone")
    assert packing.screen.text == "Then nothing of order O-1 would be sent. Take the tote to a supervisor."


# unpacking and re-packing


def test_units_go_from_one_open_parcel_into_another_and_both_are_weighed_anew(packing: Bench) -> None:
    packing.scan("SKU-1", "SKU-1", "NEXT-PARCEL")
    packing.weigh(200)
    packing.repack("SKU-1", 1, 1, 2)
    assert packing.screen.text == "1 of Chai (SKU-1) went from parcel 1 to parcel 2."
    assert contents(packing, "O-1") == {1: {"SKU-1": 1}, 2: {"SKU-1": 1}}
    assert [parcel.state for parcel in packing.pack_work("O-1").parcels] == [Package.OPEN, Package.OPEN]
    live = packing.dump()
    assert packing.rebuilt_dump() == live


def test_a_parcel_is_split_into_a_new_one_after_everything_is_in(packing: Bench) -> None:
    packing.scan("SKU-1", "SKU-1", "SKU-2")
    packing.repack("SKU-2", 1, 1, 2)
    assert contents(packing, "O-1") == {1: {"SKU-1": 2}, 2: {"SKU-2": 1}}


@pytest.mark.parametrize(
    ("sku", "qty", "target"), [("SKU-1", 3, 2), ("SKU-2", 1, 2), ("SKU-1", 0, 2), ("SKU-1", 1, 1)]
)
def test_what_is_not_in_a_parcel_cannot_be_taken_out(packing: Bench, sku: str, qty: int, target: int) -> None:
    packing.scan("SKU-1", "SKU-1")
    packing.repack(sku, qty, 1, target)
    held = 2 if sku == "SKU-1" else 0
    assert packing.screen.text == (
        f"{qty} of {sku} cannot be moved: parcel 1 holds {held}. Count it, and name another parcel as target."
    )


def test_there_is_no_parcel_that_was_not_opened(packing: Bench) -> None:
    packing.scan("PARCEL-7")
    assert packing.screen.text == "Order O-1 has no parcel 7. Choose one that is on the screen."


def test_nothing_goes_into_or_out_of_a_sealed_parcel(packing: Bench) -> None:
    packing.scan("SKU-1", "NEXT-PARCEL")
    seal_next(packing, 100)
    packing.scan("SKU-1")
    before = packing.dump()
    packing.each_says(
        "Parcel 1 of order O-1 is sealed and never changes. Choose another one, or have it voided.",
        lambda: packing.repack("SKU-1", 1, 2, 1),
        lambda: packing.repack("SKU-1", 1, 1, 2),
        lambda: packing.floor(c.ChooseParcel, number=1),
    )
    assert packing.dump() == before


# a sealed parcel that was wrong


def test_a_wrong_sealed_parcel_is_voided_by_a_supervisor_and_packed_again(packing: Bench) -> None:
    packing.scan("SKU-1", "SKU-1", "SKU-2")
    seal_next(packing, 300)
    (first,) = packing.facts(e.PackageSealed)
    void(packing, first.package_id, "ana")
    assert packing.screen.text == (
        f"Parcel {first.package_id} is sealed. A supervisor must approve that it is taken apart."
    )
    void(packing, first.package_id, "ana", approved_by="eve")
    assert packing.screen.code == "pack.voided"
    assert packing.facts(e.LabelVoided)[0].package_id == first.package_id
    packing.scan("O-1", "SKU-1", "SKU-1", "SKU-2")
    seal_next(packing, 300)
    again = packing.facts(e.PackageSealed)[-1]
    assert again.sscc != first.sscc
    assert packing.facts(e.ShipmentRequested)[-1].packages == ((again.package_id, 300_000),)
    assert stock.balances(packing.store.reader, account=f"package:{first.package_id}") == []
    assert {each.qty for each in stock.balances(packing.store.reader, account=f"package:{again.package_id}")} == {
        1,
        2,
    }
    void(packing, first.package_id)
    assert packing.screen.text == f"There is no sealed parcel {first.package_id} here. Scan its label again."
    live = packing.dump()
    assert packing.rebuilt_dump() == live


# notes


NOTES = {"signatureRequired": True, "method": 2, "customs": {"hs_code": "0902"}, "packingInstructions": "Upright"}


def test_a_parcel_is_sealed_only_after_each_note_of_its_order_was_confirmed(packing: Bench) -> None:
    packing.given_order("O-2", line("SKU-1", 1), metadata=NOTES)
    packing.at("pack-2").signed_in(BEN).scan("O-2", "SKU-1")
    packing.weigh(100)
    packing.seal()
    assert packing.screen.text == (
        "Read this and confirm it, then seal: The receiver has to sign for it. Scan CONFIRM or tap it."
    )
    packing.confirm("signature")
    assert packing.screen.text == "Notes confirmed: 1, left: 3."
    packing.seal()
    assert packing.screen.tone is Tone.ASK
    packing.scan("confirm")
    packing.seal()
    assert packing.screen.code == "pack.sealed"
    confirmed = packing.facts(e.NoteConfirmed)
    assert [(fact.code, fact.worker_id) for fact in confirmed] == [
        ("signature", "ben"), ("ltl", "ben"), ("customs", "ben"), ("packing", "ben"),
    ]  # fmt: skip


def test_where_nothing_is_to_be_confirmed_nothing_is(packing: Bench) -> None:
    packing.confirm()
    assert packing.screen.text == "Order O-1 has no such note to confirm. Go on packing."


# carton, material, size, photo


def given_cartons(bench: Bench) -> None:
    box = {"length_mm": 300, "width_mm": 200, "height_mm": 100}
    cartons = (e.Carton(carton_id="BOX-S", name="Small box", tare_mg=150_000, max_mg=2_000_000, **box),)
    bench.do(c.ReceiveCartons(command_id=new_id(), told=e.CartonsTold(lane="main", cartons=cartons)))


def test_the_expected_weight_goes_by_the_carton_and_the_material_in_it(packing: Bench) -> None:
    given_cartons(packing)
    packing.floor(c.ChooseCarton, carton_id="BOX-S")
    assert packing.screen.text == "Parcel 1 is a Small box."
    packing.floor(c.UseMaterial, material="paper", qty=Decimal(2), weight_mg=50_000)
    assert packing.screen.text == "2 of paper in parcel 1."
    packing.scan("SKU-1", "SKU-1", "SKU-2")
    packing.weigh(500)
    assert packing.facts(e.PackageWeighed)[0].expected_mg == 500_000
    live = packing.dump()
    assert packing.rebuilt_dump() == live


def test_a_scanner_alone_records_packing_material(packing: Bench) -> None:
    packing.scan("USE-bubble wrap")
    assert packing.screen.text == "1 of BUBBLE WRAP in parcel 1."
    packing.scan("SKU-1", "USE-BUBBLE WRAP")
    assert [(fact.material, fact.qty) for fact in packing.facts(e.MaterialUsed)] == [("BUBBLE WRAP", Decimal(1))] * 2
    packing.scan("USE-")
    assert packing.screen.code == "scan.unknown"


def test_an_unknown_carton_and_no_material_are_refused(packing: Bench) -> None:
    packing.floor(c.ChooseCarton, carton_id="BOX-X")
    assert packing.screen.text == "There is no carton BOX-X here. Choose one from the list."
    packing.floor(c.UseMaterial, material="paper", qty=Decimal(0))
    assert packing.screen.text == "0 of paper cannot be. Key how many went in."


def test_cartons_that_come_again_unchanged_are_not_recorded_again(packing: Bench) -> None:
    given_cartons(packing)
    given_cartons(packing)
    assert len(packing.facts(e.CartonsTold)) == 1


def test_the_size_of_a_parcel_is_told_with_its_contents(packing: Bench) -> None:
    packing.scan("SKU-1", "SKU-1", "SKU-2")
    packing.floor(c.Measure, length_mm=300, width_mm=200, height_mm=105)
    assert packing.screen.text == "Parcel 1 measures 300 x 200 x 105 mm."
    seal_next(packing, 300)
    assert packing.facts(e.PackagePacked)[0].dimensions == e.Dimensions(length_mm=300, width_mm=200, height_mm=105)


@pytest.mark.parametrize("by_order", [True, False])
def test_where_a_photo_is_wanted_no_parcel_is_sealed_without(packing: Bench, *, by_order: bool) -> None:
    if not by_order:
        packing.restart(packing=PackRule(photo=True))
    packing.given_order("O-2", line("SKU-1", 1), metadata={"photoRequired": by_order})
    packing.at("pack-2").signed_in(BEN).scan("O-2", "SKU-1")
    seal_next(packing, 100)
    assert packing.screen.text == "Photograph parcel 1 of order O-2, then seal it."
    packing.floor(c.Photograph, sha256="ab" * 32)
    assert packing.screen.text == "That photo of order O-2 is not here. Take it again and send it first."
    photo = b"a photo"
    packing.runner.run(packing.store.run(lambda tx: files.add(tx, photo, "image/png", "fulfillment:F-O-2")))
    packing.floor(c.Photograph, sha256=hashlib.sha256(photo).hexdigest())
    assert packing.screen.text == "The photo of parcel 1 is kept."
    packing.seal()
    assert packing.screen.code == "pack.sealed"


# when a shipment is asked for


def test_where_parcels_are_dispatched_later_the_shipment_is_asked_for_then_and_once(packing: Bench) -> None:
    packing.restart(packing=PackRule(ship_at_seal=False))

    def ask() -> None:
        packing.do(c.RequestShipment(command_id=new_id(), fulfillment_id="F-O-1", worker_id="ana"))

    ask()
    assert packing.screen.text == "Order O-1 is not packed. Seal its parcels first."
    packing.scan("SKU-1", "SKU-1", "SKU-2")
    seal_next(packing, 300)
    assert packing.facts(e.ShipmentRequested) == []
    ask()
    assert packing.screen.text == "The shipment of order O-1 is asked for, parcels: 1."
    ask()
    assert packing.screen.text == "The shipment of order O-1 was asked for before: nothing was changed."
    assert len(packing.facts(e.ShipmentRequested)) == 1


# what HQ takes back


def test_an_order_of_which_one_parcel_is_sealed_does_not_vanish_when_hq_cancels_it(packing: Bench) -> None:
    packing.scan("SKU-1", "NEXT-PARCEL")
    seal_next(packing, 100)
    packing.do(c.SeeWork(command_id=new_id(), lane="main", thing="fulfillment", work_id="F-O-1", state="cancelled"))
    (raised,) = packing.facts(e.ExceptionRaised)
    assert (raised.stage, raised.proposed) == ("sealed", "void_label")
    assert contents(packing, "O-1") == {1: {"SKU-1": 1}, 2: {}}


def test_each_parcel_has_its_own_packing_slip(packing: Bench) -> None:
    packing.scan("SKU-1", "NEXT-PARCEL", "SKU-1", "SKU-2")
    seal_next(packing, 100)
    seal_next(packing, 200)
    slips = [packing_slip(packing.store.reader, fact.sscc) for fact in packing.facts(e.PackageSealed)]
    assert [[(goods.sku, goods.qty) for goods in slip.goods] for slip in slips] == [
        [("SKU-1", "1")],
        [("SKU-1", "1"), ("SKU-2", "1")],
    ]


def test_an_order_may_be_short_again_after_a_wrong_parcel_was_voided(packing: Bench) -> None:
    """Each shortage is a fact of its own, and they add up: of two SKU-1 neither goes in the end."""
    packing.scan("SKU-1")
    packing.short("not there")
    packing.scan("SKU-2")
    seal_next(packing, 200)
    void(packing, packing.facts(e.PackageSealed)[0].package_id, "ana", approved_by="eve")
    packing.scan("O-1")
    packing.short("broken")
    one = ("SKU-1", Decimal(1))
    assert [(fact.sku, fact.qty) for fact in packing.facts(e.PackShort)] == [one, one]
    assert packing.pack_line("O-1", "SKU-1").qty == 0
    live = packing.dump()
    assert packing.rebuilt_dump() == live
