"""What stands on slips, how they are laid out, and what bytes they become."""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.slips.compose import NoSuchProfile, bar_width_dots, compose
from agent.slips.counter import SlipKind, Wanted, document_of
from agent.slips.documents import (
    DiscrepancySlip,
    Document,
    Goods,
    PackingSlip,
    PickTicket,
    ShiftReport,
    ToPick,
)
from agent.slips.gather import NoSlip
from agent.slips.layout import as_lines, clean
from agent.slips.shift import age
from devices.protocols.esc_pos import forbidden
from devices.simulators.esc_pos_reader import decoded, read_commands, split_real_time
from local_store.clock import SystemClock
from local_store.database import FILE_NAME
from local_store.domain import events as e
from local_store.domain.site import Lane
from tests.support.floor import FOR_HQ, SITE, Bench, line, product
from tests.support.needs import ROOT

HOUR_MS = 3_600_000


def soon_ms() -> int:
    """A minute and more after whatever was recorded until now."""
    return SystemClock().wall_ms() + 100_000


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A day: PL-7 is half picked with one line short, PL-8 waits, order O-1 is packed with a label in doubt."""
    folder = tmp_path_factory.mktemp("slips")
    bench = Bench(folder)
    bench.given_products(product("SKU-1", name="Hammer"), product("SKU-2", name="Nägel 4 mm"), product("SKU-3"))
    bench.given_picklist(
        "PL-7", line("SKU-1", 2, "A-1"), line("SKU-2", 100, "A-1"), line("SKU-3", 5, "B-2"), line("SKU-1", 1, "C-3")
    )
    bench.given_picklist("PL-8", line("SKU-1", 4, "A-1"))
    bench.given_order("O-1", line("SKU-1", 2), line("SKU-2", 1))
    bench.signed_in().scan("PL-7", "A-1", "SKU-1", "SKU-1", "SKU-2")
    bench.short("shelf empty")
    bench.scan("SKU-9")
    bench.at("pack-1").signed_in().packed("O-1", 500)
    bench.given_order("O-2", line("SKU-1", 2))
    bench.scan("O-2", "SKU-1")
    bench.runner.run(bench.store.run(lambda tx: tx.append(a_doubt(tx.connection))))
    bench.close()
    return folder / FILE_NAME


def a_doubt(db: object) -> e.LabelUncertain:
    row = db.execute("SELECT job_id, fulfillment_id, package_id FROM spool_job").fetchone()  # type: ignore[attr-defined]
    db.execute("UPDATE spool_job SET state = 'sending'")  # type: ignore[attr-defined]
    return e.LabelUncertain(job_id=row[0], fulfillment_id=row[1], package_id=row[2], reason="It broke off.")


def slip(store: Path, kind: SlipKind, of: str = "", hours: int = 8) -> Document:
    return document_of(store, Wanted(kind, of, hours), "station-1", soon_ms(), "UTC")


# --- what stands on them ----------------------------------------------------------------------------------------


def test_a_pick_ticket_lists_what_is_still_to_take_in_walking_order_with_room_to_tick(store: Path) -> None:
    ticket = slip(store, "pick", "PL-7")
    assert isinstance(ticket, PickTicket)
    assert [(each.location, each.sku, each.wanted, each.picked, each.state) for each in ticket.lines] == [
        ("A-1", "SKU-1", "0", "2", "done"),
        ("A-1", "SKU-2", "99", "1", "short"),
        ("B-2", "SKU-3", "5", "0", "open"),
        ("C-3", "SKU-1", "1", "0", "open"),
    ]
    text = as_lines(ticket, 40)
    assert "Item SKU-3                      5 [    ]" in text
    assert "Hammer                          1 [    ]" in text
    assert "2 of 4 lines to pick." in text
    assert [each.strip() for each in text if each.strip() in {"A-1", "B-2", "C-3"}] == ["A-1", "B-2", "C-3"]


def test_every_code_that_is_needed_to_scan_it_in_later_is_on_the_ticket(store: Path) -> None:
    text = as_lines(slip(store, "pick", "PL-7"), 40)
    codes = [each for each in text if each.startswith("*")]
    assert codes == [f"*{code}*" for code in ("PL-7", "A-1", "SKU-1", "SKU-2", "B-2", "SKU-3", "C-3", "SKU-1")]


def test_a_discrepancy_slip_says_what_is_short_and_why_and_what_is_not_known_yet(store: Path) -> None:
    found = slip(store, "discrepancy", "PL-7")
    assert isinstance(found, DiscrepancySlip)
    assert [(each.sku, each.qty, each.picked, each.difference, each.reason) for each in found.differences] == [
        ("SKU-2", "100", "1", "-99", "shelf empty")
    ]
    text = as_lines(found, 44)
    assert any("Nägel 4 mm" in each and each.endswith("-99") for each in text)
    assert "  Reason: shelf empty" in text
    assert "Not picked yet: 2 lines. What is lacking" in " ".join(text)


def test_a_discrepancy_slip_without_differences_says_so(store: Path) -> None:
    text = as_lines(slip(store, "discrepancy", "PL-8"), 44)
    assert "No differences are recorded." in text


@pytest.mark.parametrize("by", ["O-1", "F-O-1", "sscc", "package"])
def test_a_packing_slip_is_found_by_order_fulfillment_package_or_sscc(store: Path, by: str) -> None:
    first = slip(store, "packing", "O-1")
    assert isinstance(first, PackingSlip)
    named = {"sscc": first.sscc, "package": first.package_id}.get(by, by)
    assert slip(store, "packing", named) == first
    assert first.goods == (Goods("SKU-1", "Hammer", "2"), Goods("SKU-2", "Nägel 4 mm", "1"))
    assert first.ship_to == ("Zoë Müller", "Łódź")
    assert (len(first.sscc), first.weight) == (18, "0.500 kg")
    assert as_lines(first, 42)[-1] == f"*{first.sscc}*"


def test_a_shift_report_counts_what_was_recorded_and_names_what_nobody_knows(store: Path) -> None:
    report = slip(store, "shift")
    assert isinstance(report, ShiftReport)
    assert (report.picked_lines, report.short_lines, report.packed_parcels, report.refusals) == (1, 1, 1, 1)
    assert (report.labels_wanted, report.labels_proved, report.labels_doubted, report.labels_asking) == (1, 0, 1, 1)
    assert report.labels_waiting == 0
    (lane,) = report.backlog
    assert (lane.lane, lane.parked) == ("main", 0)
    assert lane.unsent > 5
    assert lane.oldest == "1 min"
    text = " ".join(as_lines(report, 80))
    assert "HQ main: " in text
    assert "Not known: whether 1 label came out; the screens ask." in text
    assert "this journal begins then" in text


def test_facts_before_the_time_of_a_report_are_not_counted(store: Path) -> None:
    later = document_of(store, Wanted("shift", "", 1), "station-1", soon_ms() + 2 * HOUR_MS, "UTC")
    assert isinstance(later, ShiftReport)
    assert (later.picked_lines, later.packed_parcels, later.labels_wanted, later.labels_asking) == (0, 0, 0, 1)
    assert later.backlog[0].oldest == "2 h 1 min"


def test_a_report_of_chosen_times_counts_what_lies_in_them_and_says_units_and_reasons(store: Path) -> None:
    now_ms = soon_ms()
    own = Wanted("shift", since_ms=now_ms - HOUR_MS, until_ms=now_ms)
    report = document_of(store, own, "station-1", now_ms + 9 * HOUR_MS, "UTC")
    assert isinstance(report, ShiftReport)
    assert (report.picked_units, report.packed_orders, report.mis_scans, report.exceptions_open) == ("3", 1, 1, 0)
    assert report.shorts == (("shelf empty", 1),)
    text = as_lines(report, 42)
    assert any(each.startswith("Units picked") and each.endswith(" 3") for each in text)
    assert any(each.strip().startswith("shelf empty") and each.endswith(" 1") for each in text)
    before = document_of(store, own._replace(until_ms=now_ms - HOUR_MS // 2), "station-1", now_ms, "UTC")
    assert isinstance(before, ShiftReport)
    assert (before.picked_units, before.shorts) == ("0", ())


def test_a_label_that_waits_for_its_printer_is_neither_proved_nor_in_doubt(tmp_path: Path) -> None:
    bench = Bench(tmp_path, at="pack-1")
    bench.given_order("O-1", line("SKU-1", 1))
    bench.signed_in().packed("O-1", 500)
    bench.close()
    report = slip(tmp_path / FILE_NAME, "shift")
    assert isinstance(report, ShiftReport)
    assert (report.labels_wanted, report.labels_waiting, report.labels_asking, report.labels_proved) == (1, 1, 0, 0)


def test_a_clock_that_was_set_and_facts_that_are_lost_are_told(tmp_path: Path) -> None:
    bench = Bench(tmp_path, at="pick-1")
    gap = e.MissingFacts(first_seq=3, last_seq=9, hash_before="00" * 32)
    facts = (
        e.StationClockJumped(from_ms=1, to_ms=2),
        e.StationSalvaged(reason="r", damaged_file="f", total=9, salvaged=2, missing=(gap,)),
    )
    for fact in facts:
        bench.runner.run(bench.store.run(lambda tx, fact=fact: tx.append(fact)))  # type: ignore[misc]
    bench.close()
    report = slip(tmp_path / FILE_NAME, "shift")
    assert isinstance(report, ShiftReport)
    assert "the exact times: the clock was set 1 time." in report.unknown
    assert "what 7 facts said that this journal lost." in report.unknown


@pytest.mark.parametrize(
    ("kind", "of", "sentence"),
    [
        ("pick", "PL-9", "There is no picklist 'PL-9' on this station; there is PL-7, PL-8."),
        ("discrepancy", "x", "There is no picklist 'x' on this station; there is PL-7, PL-8."),
        ("packing", "O-9", "There is no order or package 'O-9' on this station."),
        ("packing", "O-PL-7", "Order O-PL-7 is not sealed yet: what is in its package may still change."),
        ("packing", "O-2", "Order O-2 is not sealed yet: what is in its package may still change."),
        ("pick", "", "Say which: a pick slip is of an order, a picklist or a manifest."),
    ],
)
def test_a_slip_that_there_is_not_is_refused_in_words(store: Path, kind: SlipKind, of: str, sentence: str) -> None:
    with pytest.raises(NoSlip) as refused:
        slip(store, kind, of)
    assert str(refused.value) == sentence


def test_the_owed_facts_of_every_hq_are_told(tmp_path: Path) -> None:
    both = (Lane("main", FOR_HQ), Lane("other", frozenset()))
    bench = Bench(tmp_path, replace(SITE, lanes=both))
    bench.given_picklist("PL-1", line("SKU-1", 1))
    bench.signed_in().scan("PL-1")
    bench.close()
    report = slip(tmp_path / FILE_NAME, "shift")
    assert isinstance(report, ShiftReport)
    assert [(each.lane, each.unsent > 0, each.not_deliverable > 0) for each in report.backlog] == [
        ("main", True, False),
        ("other", False, True),
    ]


@pytest.mark.parametrize(("ms", "words"), [(59_000, "0 min"), (61 * 60_000, "1 h 1 min"), (-1, "")])
def test_an_age_is_in_hours_and_minutes_and_empty_when_the_clock_was_set_back(ms: int, words: str) -> None:
    assert age(ms) == words


# --- as text ----------------------------------------------------------------------------------------------------

names = st.text(max_size=60) | st.text(
    st.sampled_from("\x00\x04\x05\x07\x10\x14\x1b\x1d\n\r\t@p2{漢üÄ€Łk "), max_size=30
)
codes = names | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30)


def ticket_of(name: str, code: str) -> PickTicket:
    line = ToPick(code, code, name, name, "1", "0", "open")
    return PickTicket(code, "open", name, (line, line), name)


@given(names, codes, st.integers(24, 80))
def test_any_name_fits_on_the_paper_without_a_control_character(name: str, code: str, columns: int) -> None:
    documents: list[Document] = [ticket_of(name, code)]
    documents += [PackingSlip(code, code, code, "1 kg", (name,), (Goods(code, name, "1"),))]
    for document in documents:
        for each in as_lines(document, columns):
            assert len(each) <= columns
            assert not any(unicodedata.category(letter) == "Cc" for letter in each)


def test_a_name_is_composed_so_that_a_printer_finds_its_letters() -> None:
    assert clean("Gru\u0308\u00dfe\x1bp\x00\x32\x32 \u202eevil\r\nnext") == "Grüßep22 evil  next"


# --- as bytes ---------------------------------------------------------------------------------------------------


def printed(data: bytes) -> tuple[list[str], list[str]]:
    """The lines and the barcodes that a printer makes of these bytes; whatever is no command fails."""
    at_once, rest, begun = split_real_time(data)
    commands, left = read_commands(rest + begun)
    assert (at_once, left) == ([], b"")
    lines, bars, page = [""], [], 0
    for command in commands:
        match command.name:
            case "text":
                lines[-1] += decoded(command.arguments, page)
            case "LF":
                lines.append("")
            case "ESC t":
                page = command.arguments[0]
            case "GS k":
                bars.append(command.arguments[4:].replace(b"{{", b"{").decode("ascii"))
            case other:
                assert other in {"ESC !", "ESC E", "ESC a", "ESC d", "GS h", "GS w", "GS H", "GS V"}, command
    return lines[:-1] if not lines[-1] else lines, bars


@pytest.mark.parametrize("profile", ["default", "TM-T88V", "TM-T20II"])
@pytest.mark.parametrize("kind", ["packing", "pick", "discrepancy", "shift"])
def test_the_paper_says_what_the_text_says(store: Path, kind: SlipKind, profile: str) -> None:
    document = slip(store, kind, {"packing": "O-1", "shift": ""}.get(kind, "PL-7"))
    lines, bars = printed(compose(document, 42, profile))
    expected = as_lines(document, 42)
    assert lines == expected
    assert bars == [each.strip("*") for each in expected if each.startswith("*")]


def test_paper_without_a_cutter_is_fed_and_not_cut(store: Path) -> None:
    document = slip(store, "shift")
    assert compose(document, 42).endswith(b"\x1dVB\x00")
    uncut = compose(document, 42, cutter=False)
    assert uncut.endswith(b"\x1bd\x05")
    assert b"\x1dV" not in uncut


def test_a_printer_that_knows_no_barcodes_gets_their_text(store: Path) -> None:
    lines, bars = printed(compose(slip(store, "pick", "PL-8"), 32, "NT-5890K"))
    assert bars == []
    assert "*PL-8*" in lines


@pytest.mark.parametrize(("code", "columns", "width"), [("PL-7", 42, 3), ("3" * 18, 42, 2), ("3" * 18, 32, None)])
def test_a_barcode_that_has_no_room_is_left_out_and_its_text_stays(
    code: str, columns: int, width: int | None
) -> None:
    assert bar_width_dots(code, columns) == width
    lines, bars = printed(compose(PackingSlip("O", "P", code, "", (), ()), columns))
    assert bars == ([code] if width else [])
    assert lines[-1] == f"*{code}*"


@settings(max_examples=60)
@given(names, codes)
def test_no_name_and_no_code_becomes_a_command(name: str, code: str) -> None:
    data = compose(ticket_of(name, code), 42)
    assert forbidden(data) is None
    printed(data)


def test_one_chinese_character_does_not_spoil_the_letters_around_it() -> None:
    lines, _ = printed(compose(ticket_of("Grüße 漢 12,50 €", "A-1"), 42))
    assert any("Grüße ? 12,50 €" in each for each in lines)


def test_a_code_that_had_to_be_cleaned_gets_no_barcode_because_it_would_scan_as_another() -> None:
    lines, bars = printed(compose(PackingSlip("O", "P", "AB\x07C", "", (), ()), 42))
    assert bars == []
    assert lines[-1] == "ABC"


def test_digits_that_would_open_the_drawer_as_a_dense_barcode_stay_printable() -> None:
    """In set C of CODE128 the digits 16 20 01 are the bytes `10 14 01`: open the drawer."""
    data = compose(PackingSlip("O", "P", "162001162001162001", "", (), ()), 48)
    assert split_real_time(data)[0] == []
    assert b"{B162001162001162001" in data


def test_an_unknown_profile_is_refused_in_words(store: Path) -> None:
    with pytest.raises(NoSuchProfile, match="There is no receipt printer profile 'TM-X'"):
        compose(slip(store, "shift"), 42, "TM-X")


SIDE_EFFECTS = """
import logging, pathlib, sys, tempfile
from agent.slips.compose import compose
from agent.slips.documents import PackingSlip
assert not any(name.partition(".")[0] in {"escpos", "PIL", "yaml"} for name in sys.modules)
data = compose(PackingSlip("O-1", "P-1", "PL-7", "1 kg", (), ()), 42, "TM-T88V")
assert b"O-1" in data
assert logging.getLogger().handlers == [], logging.getLogger().handlers
"""


def test_composing_leaves_no_log_handler_no_folder_and_no_word_on_the_terminal(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.mkdir()
    pickle = trap / f"{sys.version.split()[0]}.capabilities.pickle"
    pickle.write_bytes(b"cos\nsystem\n(S'touch " + str(tmp_path / "sprung").encode() + b"'\ntR.")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    environment = {**os.environ, "TMPDIR": str(scratch), "ESCPOS_CAPABILITIES_PICKLE_DIR": str(trap)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SIDE_EFFECTS],
        capture_output=True,
        text=True,
        env=environment,
        cwd=ROOT,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(scratch.iterdir()) == []
    assert not (tmp_path / "sprung").exists()
