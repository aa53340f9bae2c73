"""What a packer may do with an order, from the first scan to the sealed parcel and its label."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from local_store import spool
from local_store.domain import events as e
from local_store.domain import weights
from local_store.domain.site import SsccNumbers, WeightRule
from local_store.domain.states import Package, PackSession
from local_store.domain.words import Tone
from tests.support.floor import BEN, Bench, line, product

NO_NUMBERS = (
    "No SSCC numbers are left here. Put the parcel aside and tell IT: HQ gives them, or numbers.sscc in edge.toml."
)
CONTENTS = ("SKU-1", "SKU-1", "SKU-2")
"""All that belongs into order O-1."""

# opening


def test_a_scanned_order_opens_and_names_the_first_item(packing: Bench) -> None:
    assert packing.screen.text == "Order O-1, lines to verify: 2. Scan Chai (SKU-1)."
    assert packing.place.fulfillment_id == "F-O-1"


def test_an_open_order_opened_again_is_only_noted(packing: Bench) -> None:
    packing.scan("O-1")
    assert (packing.screen.tone, packing.screen.text) == (Tone.NOTE, "Order O-1 is open already.")
    packing.open("F-O-1")
    assert packing.screen.code == "pack.already"


def test_another_order_waits_until_the_open_one_is_sealed(packing: Bench) -> None:
    packing.given_order("O-2", line("SKU-1", 1))
    packing.each_says(
        "Order O-1 is open. Seal it before O-2.", lambda: packing.scan("O-2"), lambda: packing.open("O-2")
    )


def test_an_order_that_is_not_picked_is_refused(packing: Bench) -> None:
    packing.given_picklist("PL-7", line("SKU-1", 1, order="O-3"))
    packing.at("pack-2").signed_in(BEN).scan("O-3")
    assert packing.screen.text == "Order O-3 is not picked yet. Take another tote."


def test_an_order_open_at_another_station_is_refused(packing: Bench) -> None:
    packing.at("pack-2").signed_in(BEN).scan("O-1")
    assert packing.screen.text == "Order O-1 is being packed at pack-1. Take another tote."


def test_an_order_of_which_nothing_was_picked_goes_to_a_supervisor(packing: Bench) -> None:
    packing.given_picklist("PL-7", line("SKU-1", 1, order="O-3"))
    packing.at("pick-1").signed_in(BEN).scan("PL-7")
    packing.short()
    packing.complete()
    packing.at("pack-2").signed_in(BEN).scan("O-3")
    assert packing.screen.text == "Nothing was picked for order O-3. Take the tote to a supervisor."


def test_what_is_no_order_does_not_open(packing: Bench) -> None:
    packing.at("pack-2").signed_in(BEN).scan("O-404")
    assert packing.screen.text == "O-404 is not known here. Scan a tote or an order."
    packing.scan("SKU-1")
    assert packing.screen.text == "No parcel is open. Scan a tote or an order."


def test_without_an_open_parcel_nothing_is_weighed_sealed_or_undone(packing: Bench) -> None:
    packing.at("pack-2").signed_in(BEN)
    packing.each_says(
        "No parcel is open. Scan a tote or an order.",
        lambda: packing.weigh(1), packing.seal, packing.undo, lambda: packing.key(1),
    )  # fmt: skip


def test_an_order_sent_in_two_parts_opens_the_part_that_is_ready(packing: Bench) -> None:
    packing.given_picklist("PL-7", line("SKU-1", 1, order="O-3"))
    part = packing.facts(e.FulfillmentReceived)[0].model_copy(
        update={"fulfillment_id": "F-A", "order_id": "O-3", "picked": True}
    )
    packing.runner.run(packing.store.run(lambda tx: tx.append(part)))
    packing.at("pack-2").signed_in(BEN).scan("O-3")
    assert packing.place.fulfillment_id == "F-A"


# verifying


def test_every_item_is_verified_against_the_order(packing: Bench) -> None:
    packing.scan("SKU-1")
    assert packing.screen.text == "Chai (SKU-1): 1 of 2."
    packing.scan("2900000000018")
    assert packing.screen.text == "Chai (SKU-1): 2 of 2. Line done."
    packing.scan("SKU-2")
    assert packing.screen.text == "Everything is in. Close the box and put it on the scale."


def test_a_wrong_item_is_put_aside(packing: Bench) -> None:
    packing.scan("SKU-9")
    assert packing.screen.text == "Tofu (SKU-9) is not in order O-1. Put it aside and scan Chai (SKU-1)."


def test_one_too_many_is_taken_out(packing: Bench) -> None:
    packing.scan("SKU-1", "SKU-1", "SKU-1")
    assert packing.screen.text == "Chai (SKU-1) is complete in order O-1. Take it out and scan Chang (SKU-2)."


def test_a_case_of_too_many_is_taken_out(packing: Bench) -> None:
    packing.scan("2900000000032")
    assert packing.screen.text == "Chang (SKU-2): only 1 wanted, 0 counted. Take 5 out."


def test_unknown_codes_and_codes_of_other_things_say_what_is_wanted(packing: Bench) -> None:
    packing.scan("GARBAGE")
    assert packing.screen.text == (
        "GARBAGE is not known here. Check the label and scan Chai (SKU-1), or ask a supervisor to link the code."
    )
    packing.scan("A-1")
    assert packing.screen.text == "A-1 is location A-1. Scan Chai (SKU-1)."


def test_when_everything_is_in_a_scan_is_told_so(packing: Bench) -> None:
    packing.scan("SKU-1", "SKU-1", "SKU-2", "GARBAGE")
    assert packing.screen.text == (
        "GARBAGE is not known here, and everything is in already. Weigh and seal, or ask a supervisor to link the "
        "code."
    )
    packing.scan("A-1")
    assert packing.screen.text == "A-1 is location A-1, and everything is in already. Weigh and seal."
    packing.scan("SKU-1")
    assert packing.screen.text == "Chai (SKU-1) is complete in order O-1. Take it out; everything is in already."
    packing.scan("SKU-3")
    assert packing.screen.code == "pack.not_in_order_all_in"


def test_quantities_are_keyed_as_when_picking(packing: Bench) -> None:
    packing.key(2)
    assert packing.screen.text == "Scan Chai (SKU-1) once before you key a quantity."
    packing.scan("SKU-1")
    for keyed, text in (
        ("0.5", "0.5 is not a quantity. Key a whole number above zero."),
        ("3", "Chai (SKU-1): only 2 wanted, 1 counted. Take 1 out."),
        ("1", "Chai (SKU-1): 1 of 2 stays as it is."),
        ("2", "Chai (SKU-1): 2 of 2. Line done."),
    ):
        packing.key(keyed)
        assert packing.screen.text == text


def test_fewer_than_counted_needs_undo(packing: Bench) -> None:
    packing.given_order("O-2", line("SKU-1", 3))
    packing.at("pack-2").signed_in(BEN).scan("O-2", "SKU-1", "SKU-1")
    packing.key(1)
    assert packing.screen.text == "Counted already: 2, you keyed 1. Use Undo to take a count back."


def test_undo_takes_the_last_count_out(packing: Bench) -> None:
    packing.undo()
    assert packing.screen.text == "Nothing was counted into this parcel yet. Scan an item first."
    packing.scan("SKU-1")
    packing.undo()
    assert packing.screen.text == "Taken back: Chai (SKU-1) is at 0 of 2."


# weighing


def test_a_parcel_is_weighed_only_when_everything_is_verified(packing: Bench) -> None:
    packing.scan("SKU-1")
    packing.weigh(300)
    assert packing.screen.text == "Lines not verified yet: 2 of 2. Scan Chai (SKU-1)."


def test_when_everything_is_in_no_more_is_keyed(packing: Bench) -> None:
    packing.scan(*CONTENTS)
    packing.key(1)
    assert packing.screen.text == "Everything is in. Weigh the parcel."


def test_a_weight_within_tolerance_is_accepted_with_what_was_expected(packing: Bench) -> None:
    packing.scan(*CONTENTS)
    packing.weigh(310)
    assert packing.screen.text == "0.310 kg. Seal the parcel."
    (fact,) = packing.facts(e.PackageWeighed)
    assert (fact.weight_mg, fact.expected_mg, fact.tolerance_mg) == (310_000, 300_000, 200_000)


def test_a_weight_out_of_tolerance_asks_and_a_reason_accepts_it(packing: Bench) -> None:
    packing.scan(*CONTENTS)
    packing.weigh(501)
    assert packing.screen.tone is Tone.ASK
    assert packing.screen.text == (
        "The scale says 0.501 kg, the contents should weigh 0.300 kg ± 0.200 kg. "
        "Check what is in the box, then weigh again or give a reason."
    )
    packing.seal()
    assert packing.screen.text == "The parcel is not weighed yet. Put it on the scale and weigh."
    packing.weigh(501, reason="a gift is in it")
    assert packing.facts(e.PackageWeighed)[0].reason == "a gift is in it"


def test_without_a_known_weight_of_every_item_nothing_is_expected(open_bench: Callable[[str], Bench]) -> None:
    bench = open_bench("pack-1")
    bench.given_products(product("SKU-1"), product("SKU-2", grams=None))
    bench.given_order("O-1", line("SKU-1", 1), line("SKU-2", 1))
    bench.signed_in().scan("O-1", "SKU-1", "SKU-2")
    bench.weigh(90_000)
    assert bench.facts(e.PackageWeighed)[0].expected_mg is None


def test_a_line_that_was_short_does_not_hide_the_expected_weight(open_bench: Callable[[str], Bench]) -> None:
    bench = open_bench("pick-1")
    bench.given_products(product("SKU-1"), product("SKU-2", grams=None))
    bench.given_picklist("PL-7", line("SKU-1", 1), line("SKU-2", 1))
    bench.signed_in().scan("PL-7", "A-1", "SKU-1")
    bench.short()
    bench.complete()
    bench.at("pack-1").signed_in(BEN).scan("O-PL-7", "SKU-1")
    bench.weigh(90_000)
    assert bench.screen.code == "pack.wrong_weight"


@pytest.mark.parametrize(
    ("weight_mg", "fits"),
    [(1_000_000 - 50_000, True), (1_000_000 + 50_000, True), (949_999, False), (1_050_001, False)],
)
def test_the_tolerance_is_a_share_of_the_expected_weight_with_its_edge_inside(weight_mg: int, *, fits: bool) -> None:
    rule = WeightRule(tolerance_mg=10_000, tolerance_percent=Decimal(5), carton_mg=100_000)
    expected = weights.expected([(Decimal(9), 100_000)], rule)
    assert expected is not None
    assert expected.fits(weight_mg) is fits


@pytest.mark.parametrize(
    ("grams", "reading", "text"),
    [
        (300, {"stability": "moving"}, "The scale is not at rest. Let go of the parcel and weigh again."),
        (300, {"stability": "unknown"}, "The scale is not at rest. Let go of the parcel and weigh again."),
        (None, {"stability": "unstable"}, "The scale is not at rest. Let go of the parcel and weigh again."),
        (
            300,
            {"emptied": False},
            (
                "The scale has not been empty since the last parcel. Take the parcel off, wait for zero, put it on "
                "again and weigh."
            ),
        ),
        (300, {"range": "unknown"}, "The scale is not at rest. Let go of the parcel and weigh again."),
        (300, {"newer_than_request": False}, "The scale gave no new weight since you asked. Weigh again."),
        (None, {"range": "over"}, "The parcel is too heavy for the scale. Use a bigger one."),
        (None, {"range": "under"}, "The scale is below zero. Empty it, zero it and weigh again."),
        (0, {}, "The scale shows 0.000 kg. Put the parcel on it and weigh again."),
        (-5, {}, "The scale shows -0.005 kg. Put the parcel on it and weigh again."),
        (None, {}, "No scale gave a weight. Check that it is on and connected, then weigh again."),
        (
            300,
            {"fault": "E5"},
            "The scale reports a fault (E5). Switch it off and on, then weigh again.",
        ),
    ],
)
def test_a_weight_that_cannot_be_trusted_is_never_used_not_even_with_a_reason(
    packing: Bench, grams: int | None, reading: dict[str, Any], text: str
) -> None:
    packing.scan(*CONTENTS)
    packing.weigh(grams, **reading, reason="it is right, believe me")
    assert packing.screen.text == text
    assert packing.facts(e.PackageWeighed) == []


def test_undo_after_weighing_opens_the_parcel_and_forgets_the_weight(packing: Bench) -> None:
    packing.scan(*CONTENTS)
    packing.weigh(300)
    packing.undo()
    work = packing.pack_work("O-1")
    assert (work.package, work.weight_mg) == (Package.OPEN, None)
    packing.scan("SKU-2")
    packing.seal()
    assert packing.screen.code == "pack.not_weighed"


def test_a_parcel_may_be_weighed_again_before_it_is_sealed(packing: Bench) -> None:
    packing.scan(*CONTENTS)
    packing.weigh(300)
    packing.weigh(320)
    packing.seal()
    assert packing.facts(e.PackagePacked)[0].weight_mg == 320_000


def test_the_same_parcel_is_weighed_again_without_taking_it_off(packing: Bench) -> None:
    packing.scan(*CONTENTS)
    packing.weigh(300)
    packing.weigh(320, emptied=False)
    assert packing.screen.text == "0.320 kg. Seal the parcel."


def test_a_parcel_that_was_opened_again_is_taken_off_before_it_is_weighed_again(packing: Bench) -> None:
    packing.scan(*CONTENTS)
    packing.weigh(300)
    packing.undo()
    packing.scan("SKU-2")
    packing.weigh(300, emptied=False)
    assert packing.screen.code == "scale.not_emptied"


# sealing


def test_sealing_makes_the_contents_final_and_asks_for_shipment_and_label(packing: Bench) -> None:
    packing.scan(*CONTENTS)
    packing.weigh(300)
    packing.seal()
    assert packing.screen.text == "Order O-1 is sealed. Its label 306141410000000013 is on the way."
    (packed,), (shipment,) = packing.facts(e.PackagePacked), packing.facts(e.ShipmentRequested)
    assert [(item.sku, item.qty) for item in packed.items] == [("SKU-1", Decimal(2)), ("SKU-2", Decimal(1))]
    assert shipment.packages == ((packed.package_id, 300_000),)
    (job,) = spool.recent(packing.store.reader, "pack-1", 10)
    assert (job.state, job.sscc) == ("queued", packed.sscc)


def test_a_sealed_order_frees_the_station_and_never_changes_again(packing: Bench) -> None:
    packing.scan(*CONTENTS)
    packing.weigh(300)
    packing.seal()
    assert packing.pack_work("O-1").session is PackSession.PACKED
    before = packing.dump()
    packing.each_says(
        "No parcel is open. Scan a tote or an order.",
        packing.seal, packing.undo, lambda: packing.weigh(999), lambda: packing.key(9),
    )  # fmt: skip
    packing.scan("O-1")
    assert packing.screen.text == "Order O-1 is packed already. Take another tote."
    assert packing.dump() == before


def test_a_parcel_is_not_sealed_before_it_is_verified(packing: Bench) -> None:
    packing.seal()
    assert packing.screen.text == "Lines not verified yet: 2 of 2. Scan Chai (SKU-1)."


def test_every_parcel_gets_its_own_sscc_until_the_range_is_used_up(packing: Bench) -> None:
    packing.restart(sscc=SsccNumbers("0614141", 3, 41, 42))
    for order in ("O-2", "O-3", "O-4"):
        packing.given_order(order, line("SKU-1", 1))
    packing.at("pack-2").signed_in(BEN)
    packing.packed("O-2", grams=100)
    packing.packed("O-3", grams=100)
    packing.packed("O-4", grams=100)
    assert [fact.sscc_serial for fact in packing.facts(e.PackageSealed)] == [41, 42]
    assert packing.screen.text == NO_NUMBERS


def test_a_new_range_lets_the_waiting_parcel_be_sealed(packing: Bench) -> None:
    packing.restart(sscc=None)
    packing.scan(*CONTENTS)
    packing.weigh(300)
    packing.seal()
    assert packing.screen.text == NO_NUMBERS
    packing.restart(sscc=SsccNumbers("0614141", 3, 1, 9))
    packing.seal()
    assert packing.screen.code == "pack.sealed"
