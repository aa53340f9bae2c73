"""What a scan means on the floor: which reading comes first, how many it counts, and what is never guessed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from local_store.domain import events as e
from local_store.domain.codes import Meaning, key_of
from local_store.domain.gs1 import GS
from local_store.domain.meaning import mean, shown
from local_store.domain.words import Tone
from tests.support.floor import Bench, line, product
from tests.support.gs1_codes import GTIN, SSCC, checked

EAN, CASE, EAN_2 = "9521234543213", "19521234543210", "4006381333931"


@pytest.fixture
def shelf(open_bench: Callable[[str], Bench]) -> Bench:
    """Ana stands at A-1 and is to take 60 of an item whose EAN is known, and 9 of another."""
    bench = open_bench("pick-1")
    bench.given_products(product("CHAI", EAN, name="Chai"), product("TOFU", EAN_2, name="Tofu"))
    bench.given_picklist("PL-7", line("CHAI", 60), line("TOFU", 9))
    bench.signed_in().scan("PL-7", "A-1")
    return bench


def counted(bench: Bench) -> list[tuple[str, int]]:
    return [(fact.sku, int(fact.qty)) for fact in bench.facts(e.PickCounted)]


# how many


@pytest.mark.parametrize(
    ("code", "symbology", "units"),
    [
        (EAN, "]E0", 1),
        (f"01{GTIN}", "]C1", 1),
        (f"01{GTIN}10LOT7{GS}21SN9", "]d2", 1),
        (f"01{GTIN}10LOT721SN9", "]C1", 1),
        (f"01{GTIN}3103001250", "]e0", 1),
        (f"02{GTIN}3724", "]C1", 24),
        (f"00{SSCC}02{GTIN}3724", "]C1", 24),
        (f"01{GTIN}3712", "]C1", 12),
        (f"02{GTIN}3724", None, 24),
        (f"]C102{GTIN}3724", None, 24),
        (f"https://id.gs1.org/01/{GTIN}/10/ABC", "]Q1", 1),
        (f"https://id.gs1.org/01/{GTIN}/10/ABC", None, 1),
    ],
)
def test_one_scan_counts_what_its_code_says(shelf: Bench, code: str, symbology: str | None, units: int) -> None:
    shelf.scan(code, symbology=symbology)
    assert counted(shelf) == [("CHAI", units)]


def test_a_case_code_counts_its_case_and_a_count_of_cases_multiplies(shelf: Bench) -> None:
    shelf.given_products(product("CHAI", EAN, f"{CASE}*6", name="Chai"))
    shelf.scan(CASE, symbology="]I1")
    shelf.scan(f"02{CASE}374", symbology="]C1")
    assert counted(shelf) == [("CHAI", 6), ("CHAI", 24)]


def test_a_case_of_which_nobody_knows_how_many_it_holds_is_never_counted_as_one(shelf: Bench) -> None:
    shelf.scan(CASE, symbology="]I1")
    assert shelf.screen.text == (
        f"{CASE} is a case of Chai (CHAI), but nobody here knows how many are in it. Scan the items, or ask a "
        "supervisor to link the code."
    )
    assert counted(shelf) == []


def test_more_than_the_line_wants_is_refused_whatever_the_label_says(shelf: Bench) -> None:
    shelf.scan(f"02{GTIN}3788888888", symbology="]C1")
    assert (shelf.screen.code, counted(shelf)) == ("pick.too_many", [])


# which reading comes first


@pytest.mark.parametrize(
    "code", [f"01{GTIN}10LOT7", f"https://id.gs1.org/01/{GTIN}", "010A", "95TOO", "]C1X", f"00{SSCC}"]
)
def test_a_code_as_it_is_stored_here_wins_over_every_reading_of_it_without_identifier(
    shelf: Bench, code: str
) -> None:
    shelf.given_products(product("TOFU", EAN_2, code, name="Tofu"))
    shelf.scan(code)
    assert counted(shelf) == [("TOFU", 1)]


def test_a_label_of_the_house_in_a_gs1_symbol_by_mistake_is_still_known(shelf: Bench) -> None:
    shelf.scan("A-1", symbology="]C1")
    assert shelf.screen.code == "pick.at"


def test_element_strings_without_identifier_whose_item_is_not_known_are_just_an_unknown_code(shelf: Bench) -> None:
    shelf.scan(f"01{key_of('4006381333948')}10LOT7")
    assert shelf.screen.code == "scan.unknown"


def test_element_strings_in_a_plain_symbol_are_just_a_code(shelf: Bench) -> None:
    shelf.scan(f"01{GTIN}10LOT7", symbology="]C0")
    assert (shelf.screen.code, counted(shelf)) == ("scan.unknown", [])


def test_the_identifier_stays_with_the_fact_of_a_scan_that_was_refused_or_asked_about(shelf: Bench) -> None:
    shelf.scan("NOBODY", symbology="]Q1")
    shelf.scan(f"02{GTIN}10AB37243712", symbology="]d2")
    assert shelf.screen.tone is Tone.ASK
    told = [(fact.symbology, fact.reason) for fact in shelf.facts(e.ScanRefused)]
    assert told == [("]Q1", "scan.unknown"), ("]d2", "scan.many_ways")]


def test_an_unknown_code_is_shown_cut_and_without_what_cannot_be_seen(shelf: Bench) -> None:
    shelf.scan("X" * 4000)
    assert shelf.screen.text.startswith("X" * 59 + "… is not known here.")
    shelf.scan(f"01{key_of('4006381333948')}10L{GS}21S", symbology="]C1")
    assert shelf.screen.text.startswith("010400638133394810L 21S is not known here.")


# never guessed


@pytest.mark.parametrize(
    ("code", "symbology", "why"),
    [
        (f"01{GTIN[:-1]}4", "]C1", "the GTIN 09521234543214 ends in 4, which should be 3"),
        (f"02{GTIN}10LOT7", "]C1", "it names contents (02) without their count (37)"),
        (f"01{GTIN}3100", "]C1", "it is not a complete GS1 code"),
        (f"01{GTIN}17260230{GS}10A", "]d2", "it is not a complete GS1 code"),
        (f"https://id.gs1.org/01/{GTIN}/9999/1", "]Q1", "(9999) does not belong behind (01)"),
    ],
)
def test_a_code_that_contradicts_itself_is_refused_in_words(
    shelf: Bench, code: str, symbology: str, why: str
) -> None:
    shelf.scan(code, symbology=symbology)
    assert shelf.screen.text == (
        f"This code is damaged or made wrong: {why} ({shown(code)}). Scan it again, or the other code of the label."
    )
    assert counted(shelf) == []


@pytest.mark.parametrize(
    ("code", "symbology"),
    [
        (EAN + EAN_2, None),
        (EAN + EAN, "]E0"),
        (SSCC + SSCC, None),
        (f"00{SSCC}00{SSCC}", None),
        (f"00{SSCC}00{SSCC}", "]C1"),
        (f"00{SSCC}00106141411234567897", "]C1"),
        (f"01{GTIN}01{GTIN}", "]C1"),
        (f"01{GTIN}10L01{GTIN}10M", "]C1"),
        (f"01{GTIN}10L{GS}21S01{GTIN}10M", "]d2"),
        ("614141000036" + EAN, "]C0"),
        ("TOTE-12TOTE-12", None),
    ],
)
def test_two_codes_in_one_scan_are_refused_and_never_guessed(shelf: Bench, code: str, symbology: str | None) -> None:
    shelf.scan(code, symbology=symbology)
    assert shelf.screen.text.startswith("Two codes came in one scan (")
    assert shelf.screen.text.endswith("the scanner must be set to send Enter after each code.")
    assert (counted(shelf), shelf.facts(e.ToteAssigned)) == ([], [])


@given(st.lists(st.one_of(*map(checked, (8, 12, 13, 14, 18))), min_size=2, max_size=2))
@example(["210101121112227701", "00000000000000"])  # also (21) with an (01) behind it
def test_two_identifiers_joined_mean_nothing(pair: list[str]) -> None:
    """Also when both of them are known, and whatever they are joined to."""
    keys = {key_of(code) for code in pair}
    for symbology in (None, "]C0", "]E0"):
        told = mean("".join(pair), symbology, lambda key: (Meaning("product", key),) if key in keys else (), 2026)
        assert told.meanings == ()


def test_a_tote_whose_name_is_not_known_yet_is_still_taken(shelf: Bench) -> None:
    shelf.scan("TOTE-12")
    assert shelf.screen.code == "pick.tote"


def test_the_parcel_label_of_the_house_is_found_by_every_symbol_that_carries_its_number(
    open_bench: Callable[[str], Bench],
) -> None:
    bench = open_bench("pack-1")
    bench.given_products(product("CHAI", EAN, name="Chai"))
    bench.given_order("O-1", line("CHAI", 2))
    bench.signed_in().packed("O-1", grams=200)
    sscc = bench.facts(e.PackageSealed)[0].sscc
    for code, symbology in (
        (f"00{sscc}", "]C1"),
        (sscc, "]C0"),
        (f"00{sscc}", None),
        (f"https://x.org/00/{sscc}", "]Q1"),
    ):
        bench.scan(code, symbology=symbology)
        assert bench.screen.code == "label.still_waits"
    bench.given_order("O-2", line("CHAI", 24))
    bench.scan("O-2")
    bench.scan(f"02{GTIN}3724", symbology="]C1")
    assert bench.screen.code == "pack.all_done"
