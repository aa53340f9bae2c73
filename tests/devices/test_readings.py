from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.zpl import ZplAnswers
from devices.readings import UNIT_MG, PrinterStatus, Unit, Weight
from tests.devices.support import T, recording

GRAMS_IN: dict[Unit, str] = {
    "mg": "0.001",
    "g": "1",
    "kg": "1000",
    "t": "1000000",
    "ct": "0.2",
    "lb": "453.59237",
    "oz": "28.349523125",
    "ozt": "31.1034768",
    "gr": "0.06479891",
    "dwt": "1.55517384",
}


def weight(value: str | None, unit: Unit | None) -> Weight:
    number = None if value is None else Decimal(value)
    return Weight("bench", number, unit, unit or "", "unknown", "stable", "ok", "unknown", None, b"", T)


def idle() -> PrinterStatus:
    (status,) = ZplAnswers("printer").feed(recording("zpl_host_status.txt")["idle"], T)
    assert isinstance(status, PrinterStatus)
    return status


@pytest.mark.parametrize(("unit", "grams"), GRAMS_IN.items())
def test_every_unit_has_its_exact_factor(unit: Unit, grams: str) -> None:
    assert UNIT_MG[unit] == Decimal(grams) * 1000


def test_there_is_no_unit_without_a_checked_factor() -> None:
    assert set(UNIT_MG) == set(GRAMS_IN)


@given(st.decimals(min_value=-999_999_999, max_value=999_999_999, places=4), st.sampled_from(list(GRAMS_IN)))
def test_milligrams_are_the_exact_product_rounded_half_even(value: Decimal, unit: Unit) -> None:
    assert weight(str(value), unit).weight_mg == round(Fraction(value) * Fraction(GRAMS_IN[unit]) * 1000)


@pytest.mark.parametrize(("value", "milligrams"), [("0.5", 0), ("1.5", 2), ("2.5", 2), ("-0.5", 0), ("-1.5", -2)])
def test_a_half_milligram_goes_to_the_even_side(value: str, milligrams: int) -> None:
    assert weight(value, "mg").weight_mg == milligrams


def test_zero_is_a_weight_and_nothing_is_none() -> None:
    assert weight("0.00", "kg").weight_mg == 0
    assert weight(None, "kg").weight_mg is None
    assert weight("1", None).weight_mg is None


def test_a_number_beside_a_fault_or_out_of_range_is_not_a_weight() -> None:
    good = weight("1.000", "kg")
    assert good.weight_mg == 1_000_000
    assert replace(good, fault="Error 10b").weight_mg is None
    assert replace(good, range="over").weight_mg is None
    assert replace(good, range="under").weight_mg is None


def test_an_idle_printer_is_ready_and_empty() -> None:
    assert idle().ready
    assert idle().empty
    assert idle().sentence == "The label printer is ready."


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("paper_out", "The label printer is out of labels. Load a roll."),
        ("head_open", "The label printer has its head open. Close the head."),
        ("ribbon_out", "The label printer is out of ribbon. Load a ribbon."),
        ("paused", "The label printer is paused. Press its pause key."),
    ],
)
def test_a_fault_is_a_sentence_with_what_to_do(field: str, sentence: str) -> None:
    status = replace(idle(), **{field: True})  # type: ignore[arg-type]
    assert not status.ready
    assert status.sentence == sentence


@pytest.mark.parametrize(
    "field",
    ["over_temperature", "under_temperature", "corrupt_ram", "diagnostic_mode", "buffer_full", "partial_format"],
)
def test_every_other_fault_of_the_host_status_also_makes_it_not_ready(field: str) -> None:
    status = replace(idle(), **{field: True})  # type: ignore[arg-type]
    assert not status.ready
    assert status.sentence.startswith("The label printer ")


def test_an_open_head_is_named_before_the_missing_labels_it_reports_too() -> None:
    assert "head" in replace(idle(), head_open=True, paper_out=True, paused=True).sentence


@pytest.mark.parametrize("change", [{"formats_in_buffer": 1}, {"labels_remaining": 1}, {"partial_format": True}])
def test_a_printer_that_still_holds_something_is_not_empty(change: dict[str, int]) -> None:
    assert not replace(idle(), **change).empty  # type: ignore[arg-type]
