"""GS1 codes from a scanner that sends no separators: read right, or a person is asked; never silently wrong."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from local_store.domain import gs1
from local_store.domain.codes import Meaning
from local_store.domain.gs1 import GS, Parsed
from local_store.domain.healing import MOST_READINGS, OpenWork, Readings, choose, readings
from local_store.domain.meaning import Meant, mean
from tests.support.gs1_codes import GTIN, SSCC, Element, elements, joined

YEAR = 2026
OTHER = "04006381333931"
HERE = {GTIN: (Meaning("product", "SKU-1", 1, "Chai"),), OTHER: (Meaning("product", "SKU-2", 6, "Chang"),)}


def known(key: str) -> tuple[Meaning, ...]:
    return HERE.get(key, ())


def meant(code: str, symbology: str | None = "]C1") -> Meant:
    return mean(code, symbology, known, YEAR)


# every way to read a code


def test_a_lot_and_a_serial_may_be_a_longer_lot() -> None:
    found = readings(f"01{GTIN}10LOT721SN9", YEAR)
    assert found.complete
    assert sorted(each.words for each in found.found) == ["lot LOT7, serial number SN9", "lot LOT721SN9"]


def test_what_has_a_known_length_needs_no_separator() -> None:
    assert readings(f"01{GTIN}172612313103001250", YEAR).found == (
        gs1.parse(f"01{GTIN}172612313103001250", "]C1", YEAR),
    )


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (f"01{GTIN}10LOT17261332", "there is no month 13, so that this 17 is part of the lot"),
        (f"01{GTIN}10LOT01{GTIN}", "no code says twice what it is on"),
        (f"01{GTIN}10LOT00{SSCC[:-1]}8", "the check digit of that SSCC is wrong"),
        (f"01{GTIN}10LOT02{GTIN}", "contents have a count, and an item has no contents"),
    ],
)
def test_a_reading_that_breaks_a_rule_is_none(code: str, why: str) -> None:
    assert "LOT" not in [each.lot for each in readings(code, YEAR).found], why


@given(elements())
@example([("01", GTIN), ("10", "LOT7"), ("21", "SN9")])
@example([("02", GTIN), ("10", "1"), ("37", "10")])
def test_what_was_meant_is_among_the_readings(said: list[Element]) -> None:
    found = readings(joined(said).replace(GS, ""), YEAR)
    assert not found.complete or gs1.from_elements(said, YEAR) in found.found


@given(elements())
def test_a_code_with_its_separators_needs_no_healing(said: list[Element]) -> None:
    assert gs1.parse(joined(said), "]C1", YEAR) == gs1.from_elements(said, YEAR)


@pytest.mark.parametrize(
    "code", ["10" * 60, "9192" * 30, f"01{GTIN}10" + "1021" * 25, "0" * 128, "9" * 4096, "]" * 128]
)
def test_a_code_made_to_be_read_in_very_many_ways_takes_no_time(code: str) -> None:
    began = time.process_time()
    found = readings(code, YEAR)
    assert time.process_time() - began < 0.5, "it is a few milliseconds on any machine"
    assert len(found.found) <= MOST_READINGS


# choosing


def test_a_lot_that_the_work_waits_for_tells_the_readings_apart() -> None:
    found = readings(f"01{GTIN}10LOT721SN9", YEAR)
    chosen = choose(found, OpenWork({GTIN}.__contains__, lots=frozenset({"LOT7"})))
    assert chosen is not None
    assert (chosen.lot, chosen.serial) == ("LOT7", "SN9")
    assert choose(found, OpenWork({GTIN}.__contains__, serials=frozenset({"SN9"}))) == chosen
    assert choose(found, OpenWork({GTIN}.__contains__, lots=frozenset({"ANOTHER"}))) is None


def test_readings_that_agree_on_item_and_count_are_one_without_what_they_differ_on() -> None:
    chosen = choose(readings(f"01{GTIN}1726123110LOT721SN9", YEAR), OpenWork({GTIN}.__contains__))
    assert chosen is not None
    assert (chosen.gtin, chosen.lot, chosen.serial) == (GTIN, None, None)
    assert chosen.expiry is not None, "all readings agree on the day"


def test_when_not_every_reading_was_found_nothing_is_chosen() -> None:
    assert choose(Readings((Parsed(gtin=GTIN),), complete=False), OpenWork({GTIN}.__contains__)) is None


# what the floor is told


@pytest.mark.parametrize("symbology", ["]C1", "]d2", "]Q3", None])
def test_a_lot_that_may_hold_a_serial_does_not_stop_the_item_from_being_counted(symbology: str | None) -> None:
    assert meant(f"01{GTIN}10LOT721SN9", symbology).meanings == HERE[GTIN]


@pytest.mark.parametrize("symbology", ["]C1", None])
def test_a_lot_that_may_hold_a_count_is_asked_about(symbology: str | None) -> None:
    told = meant(f"02{GTIN}10AB37243712", symbology)
    assert told.meanings == ()
    assert told.unclear is not None
    assert told.unclear.text == (
        "This code can be read in 2 ways (lot AB, count 243712; lot AB3724, count 12) and nothing was counted. Scan "
        "the other code of the label or key it in; if this comes often, the scanner must be set to send GS (FNC1)."
    )


def test_the_same_label_from_a_scanner_that_sends_separators_is_counted() -> None:
    assert meant(f"02{GTIN}10AB3724{GS}3712").meanings == (Meaning("product", "SKU-1", 12, "Chai"),)


def test_a_code_with_too_many_readings_is_asked_about() -> None:
    told = meant("9192" * 30 + "9")
    assert told.unclear is not None
    assert told.unclear.code == "scan.no_separators"
    assert meant(f"01{GTIN}91" + "92A" * 40).meanings == ()


@given(elements(gtin=GTIN), st.sampled_from(["]C1", "]d2", None]))
@example([("01", GTIN), ("10", "LOT"), ("37", "24")], "]C1")
@example([("02", GTIN), ("10", "A37"), ("37", "2437")], None)
@example([("01", GTIN), ("30", "5"), ("37", "24")], "]C1")
def test_without_separators_a_label_is_counted_right_or_asked_about(
    said: list[Element], symbology: str | None
) -> None:
    right = {meaning._replace(multiplier=int(dict(said).get("37", 1))) for meaning in HERE[GTIN]}
    told = meant(joined(said).replace(GS, ""), symbology)
    assert set(told.meanings) <= right
    if not {"01", "02"} & dict(said).keys():
        assert told.meanings == ()


def test_of_a_thousand_usual_labels_without_separators_none_is_wrong_and_few_are_asked_about() -> None:
    """Item, best-before day, lot and serial as makers write them; every fifth is a case with a count at its end."""
    asked = 0
    for number in range(1000):
        lot, serial = f"L{number * 7919 % 100_000:05d}", f"{number * 104_729 % 10_000_000:07d}"
        case = number % 5 == 0
        code = f"{'02' if case else '01'}{GTIN}15{26 + number % 3}1231" + (
            f"10{lot}37{number % 90 + 1}" if case else f"10{lot}21{serial}"
        )
        told = meant(code)
        asked += not told.meanings
        wanted = number % 90 + 1 if case else 1
        assert all(meaning.multiplier == wanted for meaning in told.meanings)
    assert asked < 80, "73 of them have a lot or serial in which digits look like a count"
