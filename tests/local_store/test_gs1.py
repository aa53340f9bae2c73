"""What a GS1 code says: the worked strings of the specification, and an independent reader of the same strings."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from decimal import Decimal

import biip
import pytest
from biip.gs1_application_identifiers import _GS1_APPLICATION_IDENTIFIERS as THEIRS
from hypothesis import given, settings

from local_store.domain import gs1, healing
from local_store.domain.codes import check_digit
from local_store.domain.gs1 import GS, Parsed, parse
from tests.support.gs1_codes import GTIN, SSCC, Element, elements, joined

YEAR = 2026


def read(code: str, symbology: str | None = None) -> Parsed:
    found = parse(code, symbology, YEAR)
    assert found is not None
    return found


def faults(code: str, symbology: str | None = "]C1") -> list[str]:
    return [fault.kind for fault in read(code, symbology).faults]


# the worked strings, as received: three characters of AIM identifier, then the data


@pytest.mark.parametrize(
    ("received", "meaning"),
    [
        (
            "5D 43 31 30 30 33 34 30 31 32 33 34 35 30 30 30 30 30 30 30 30 31 37",
            Parsed(sscc="340123450000000017"),
        ),
        (
            "5D 64 32 30 31 30 39 35 32 31 32 33 34 35 34 33 32 31 33 31 30 4C 4F 54 37 1D 32 31 53 4E 39",
            Parsed(gtin="09521234543213", lot="LOT7", serial="SN9"),
        ),
        (
            "5D 43 31 30 32 30 39 35 32 31 32 33 34 35 34 33 32 31 33 33 37 32 34",
            Parsed(gtin="09521234543213", count=24, contained=True),
        ),
        (
            "5D 43 31 30 31 30 39 35 32 31 32 33 34 35 34 33 32 31 33 31 30 4C 4F 54 37 32 31 53 4E 39",
            Parsed(gtin="09521234543213", lot="LOT721SN9"),
        ),
        (
            "5D 64 32 30 31 30 39 35 32 31 32 33 34 35 34 33 32 31 33 33 31 30 33 30 30 31 32 35 30",
            Parsed(gtin="09521234543213", weight_kg=Decimal("1.250")),
        ),
    ],
)
def test_every_worked_string_says_what_the_specification_says(received: str, meaning: Parsed) -> None:
    text = bytes.fromhex(received).decode("ascii")
    assert read(text[3:], text[:3]) == meaning


@pytest.mark.parametrize(
    ("digits", "right"),
    [("34012345000000001", "7"), ("0952123454321", "3"), ("400638133393", "1"), ("10614141123456789", "7")],
)
def test_every_worked_check_digit_is_right(digits: str, right: str) -> None:
    assert check_digit(digits) == right


def test_the_worked_digital_link_is_an_item_with_lot_and_expiry() -> None:
    found = read("https://id.gs1.org/01/09521234543213/10/ABC?17=261231", "]Q1")
    assert found == Parsed(gtin=GTIN, lot="ABC", expiry=date(2026, 12, 31))


def test_the_weight_of_3103_is_in_kilograms_with_three_decimals() -> None:
    found = read(f"01{GTIN}3103001250", "]C1")
    assert (found.weight_kg, found.weight_mg) == (Decimal("1.250"), 1_250_000)
    assert read(f"01{GTIN}3201000010", "]C1").weight_mg == 453_592


# which reading comes first


@pytest.mark.parametrize("symbology", ["]C1", "]d2", "]Q3", "]e0", "]J1"])
def test_a_gs1_symbol_holds_element_strings(symbology: str) -> None:
    assert read(f"01{GTIN}10LOT7", symbology).lot == "LOT7"


@pytest.mark.parametrize(
    ("code", "symbology", "gtin"),
    [
        ("4006381333931", "]E0", "04006381333931"),
        ("614141000036", "]E0", "00614141000036"),
        ("0614141000036", "]E0", "00614141000036"),
        ("96385074", "]E4", "00000096385074"),
        ("4006381333931" + "12", "]E3", "04006381333931"),
        ("10614141000415", "]I1", "10614141000415"),
        ("04252614", "]E0", "00042100005264"),  # UPC-E of the UPC-A 042100005264
    ],
)
def test_ean_upc_and_itf_hold_a_gtin_of_14_digits(code: str, symbology: str, gtin: str) -> None:
    assert read(code, symbology) == Parsed(gtin=gtin)


@pytest.mark.parametrize(("code", "symbology"), [("4006381333932", "]E0"), ("1061414100041", "]I1")])
def test_an_ean_or_itf_with_a_wrong_digit_is_no_gtin(code: str, symbology: str) -> None:
    assert parse(code, symbology, YEAR) is None


@pytest.mark.parametrize("symbology", ["]Q1", "]d1", "]C0", "]A0"])
@pytest.mark.parametrize("code", [f"01{GTIN}10LOT7", "A-01-02", "https://example.com/shop/1?item=2", "4006381333931"])
def test_a_plain_symbol_is_just_a_code(code: str, symbology: str) -> None:
    assert parse(code, symbology, YEAR) is None


def test_an_ean_13_without_identifier_is_never_an_internal_code_of_ai_95() -> None:
    assert read("9506000134352") == Parsed(gtin="09506000134352")


@pytest.mark.parametrize("code", ["A-1", "10", "95TOO", f"01{GTIN[:-1]}0", "", "https://example.com/", "020"])
def test_without_identifier_what_is_not_sound_gs1_is_just_a_code(code: str) -> None:
    assert parse(code, None, YEAR) is None


def test_without_identifier_sound_element_strings_are_read() -> None:
    assert read(f"00{SSCC}").sscc == read(SSCC).sscc == SSCC
    assert read(f"01{GTIN}10LOT7{GS}21SN9").serial == "SN9"


# what is enforced


def test_a_wrong_check_digit_is_a_fault_in_words() -> None:
    (fault,) = read("00340123450000000018", "]C1").faults
    assert fault == ("check_digit", "the SSCC 340123450000000018 ends in 8, which should be 7")
    assert faults(f"01{GTIN[:-1]}4") == faults("4149521234000017") == ["check_digit"]


@pytest.mark.parametrize(
    ("digits", "day"),
    [
        ("260200", date(2026, 2, 28)),
        ("280200", date(2028, 2, 29)),
        ("261231", date(2026, 12, 31)),
        ("760101", date(2076, 1, 1)),
        ("770101", date(1977, 1, 1)),
    ],
)
def test_day_00_is_the_last_of_the_month_and_the_century_the_nearest(digits: str, day: date) -> None:
    assert read(f"01{GTIN}17{digits}", "]C1").expiry == day


def test_the_window_of_centuries_moves_with_the_year() -> None:
    assert gs1.day_of("010101", 1999, day_may_be_00=True) == date(2001, 1, 1)
    assert gs1.day_of("980101", 2050, day_may_be_00=True) == date(2098, 1, 1)
    assert gs1.day_of("000101", 2051, day_may_be_00=True) == date(2100, 1, 1)


@pytest.mark.parametrize("digits", ["260230", "261301", "260001"])
def test_a_day_that_does_not_exist_is_a_fault(digits: str) -> None:
    assert faults(f"01{GTIN}17{digits}")[:1] in (["date"], ["syntax"])


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        (f"02{GTIN}10LOT", ["rule"]),  # contents without a count
        (f"00{SSCC}3724", ["rule"]),  # a count of nothing
        (f"01{GTIN}02{GTIN}3724", ["rule"]),  # an item that is also what is inside
        (f"02{GTIN}370", ["rule"]),  # none of it
        (f"01{GTIN}01{GTIN}", ["twice"]),
        (f"01{GTIN}10A{GS}10B", ["twice"]),
        (f"02{GTIN}371234567810LOT", ["separator"]),  # full length, and still no separator
        ("10" + "L" * 21, ["syntax"]),
        ("3199123456", ["syntax"]),
        ("", ["syntax"]),
    ],
)
def test_a_gs1_symbol_that_breaks_a_rule_says_which_sort(code: str, kinds: list[str]) -> None:
    assert faults(code) == kinds


@pytest.mark.parametrize("code", [f"01{GTIN}3724", f"02{GTIN}3724", f"00{SSCC}02{GTIN}3724"])
def test_a_count_belongs_to_an_item_or_to_contents(code: str) -> None:
    assert (read(code, "]C1").count, faults(code)) == (24, [])


def test_separators_that_are_not_needed_are_accepted() -> None:
    assert read(f"{GS}01{GTIN}{GS}17261231{GS}{GS}10LOT7{GS}", "]C1") == Parsed(
        gtin=GTIN, lot="LOT7", expiry=date(2026, 12, 31)
    )


# Digital Link


@pytest.mark.parametrize(
    ("address", "meaning"),
    [
        (f"https://shop.example/a/b/01/{GTIN}", Parsed(gtin=GTIN)),
        (f"HTTP://shop.example/01/{GTIN}/22/X/10/L%2F1/21/S", Parsed(GTIN, None, "L/1", "S", others=(("22", "X"),))),
        (f"https://id.gs1.org/00/{SSCC}?utm=x", Parsed(sscc=SSCC)),
        (f"https://id.gs1.org/01/{GTIN}/235/T", Parsed(gtin=GTIN, others=(("235", "T"),))),
        (f"https://id.gs1.org/01/{GTIN}?3103=001250&linkType=all#x", Parsed(gtin=GTIN, weight_kg=Decimal("1.250"))),
    ],
)
def test_a_digital_link_is_one_key_its_qualifiers_and_its_attributes(address: str, meaning: Parsed) -> None:
    assert read(address, "]Q1") == read(address) == meaning


@pytest.mark.parametrize(
    "address",
    [
        f"https://id.gs1.org/01/{GTIN}?9999=1",  # nobody knows 9999
        f"https://id.gs1.org/01/{GTIN}/9999/1",
        f"https://id.gs1.org/01/{GTIN}/21/S/10/L",  # not in their order
        f"https://id.gs1.org/00/{SSCC}/10/L",  # an SSCC has no qualifiers
        f"https://id.gs1.org/01/{GTIN}/10/A?10=B",
        f"https://id.gs1.org/01/{GTIN}?01={GTIN}",
        f"https://id.gs1.org/01/{GTIN[:-1]}4",
        f"https://id.gs1.org/01/{GTIN}/10/{'L' * 21}",
        f"https://id.gs1.org/01/{GTIN}/10/A%1D21B",
        f"https://id.gs1.org/01/{GTIN}/10/",
        f"https://id.gs1.org/01/{GTIN}?17=261331",
    ],
)
def test_a_digital_link_that_breaks_a_rule_is_refused(address: str) -> None:
    found = parse(address, "]Q1", YEAR)
    assert found is None or found.faults


@pytest.mark.parametrize(
    "address",
    ["https://example.com", "https://example.com/products/17", "http://x/01", "https://", "https://a b/01/1"],
)
def test_any_other_address_is_just_a_code(address: str) -> None:
    assert parse(address, "]Q1", YEAR) is None


# another reader, and no library where none is needed


@given(elements())
def test_another_reader_reads_the_same(said: list[Element]) -> None:
    text = joined(said)
    ours, theirs = read(text, "]C1"), biip.parse("]C1" + text)
    assert theirs.gs1_message is not None
    assert ours == gs1.from_elements(said, YEAR)
    named = theirs.gtin or next((each.gtin for each in theirs.gs1_message.element_strings if each.gtin), None)
    assert ours.gtin == (named.as_gtin_14() if named else None)
    assert ours.sscc == (theirs.sscc.value if theirs.sscc else None)
    for each in theirs.gs1_message.element_strings:
        if each.ai.ai == "17" and date.today().year == YEAR:  # noqa: DTZ011 -- theirs goes by the clock
            assert ours.expiry == each.date
        if each.ai.ai.startswith("310"):
            assert ours.weight_kg == each.decimal


@given(elements(), elements())
def test_whatever_is_scanned_is_a_value_and_never_an_exception(one: list[Element], other: list[Element]) -> None:
    text = joined(one) + joined(other)
    for symbology in (None, "]C1", "]E0", "]Q1"):
        parse(text, symbology, YEAR)


def test_the_table_of_identifiers_is_that_of_the_other_reader() -> None:
    theirs = {each.ai: _lengths(each.ai, each.pattern) for each in THEIRS.values()}
    ours = {ai: (shape.shortest, shape.longest) for ai, shape in healing.SHAPES.items()}
    assert ours == theirs


@settings(max_examples=20)
@given(elements())
def test_an_identifier_of_predefined_length_is_one_that_needs_no_separator(said: list[Element]) -> None:
    known = {each.ai: each for each in THEIRS.values()}
    assert all(gs1.is_predefined(ai) != known[ai].separator_required for ai, _ in said)


def test_ean_gtin_sscc_and_plain_codes_load_no_library() -> None:
    program = (
        "import sys\nfrom local_store.domain.meaning import mean\n"
        f"for code, aim in (('4006381333931', ']E0'), ('01{GTIN}', ']C1'), ('00{SSCC}', ']C1'), ('A-1', None),"
        f" ('12345', None), ('01{GTIN}10LOT7', ']C1')):\n    mean(code, aim, lambda key: (), 2026)\n"
        "sys.exit('biip' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def _lengths(ai: str, pattern: str) -> tuple[int, int]:
    """The shortest and longest data that a pattern takes; (433n) may end in `-`, and (7258) is like `1/2`."""
    data = [digit * length + sign for digit in "01" for length in range(1, 95) for sign in ("", "-", "/1")]
    taken = [len(each) for each in data if re.fullmatch(pattern, ai + each)]
    return min(taken), max(taken)
