from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.calibration import DECISIVE, SHEET, Learned, learn
from devices.drivers.keyboard_scanner import KeyboardScannerSettings
from devices.drivers.serial_scanner import SerialScannerSettings
from devices.protocols.key_events import KeyEvents
from devices.protocols.keyboards import LAYOUTS, LayoutName
from devices.protocols.line_scanner import LineScanner
from devices.readings import Scan
from devices.simulators.keyboard_scanner import (
    GsMode,
    KeyboardScannerMenu,
    KeyboardScannerSimulator,
    Suffix,
    as_records,
    keystrokes,
)
from tests.devices.support import T, running, until

GS_MODES: tuple[GsMode, ...] = ("alt", "alt_row", "ctrl", "f8", "down", "control_off", "text", "dropped")
SUFFIXES: tuple[Suffix, ...] = ("enter", "keypad_enter", "tab", "none")


def typed(menu: KeyboardScannerMenu, *, aim: bool = True) -> dict[str, bytes]:
    """What the event node of such a scanner sends for each code of the sheet."""
    return {code.id: as_records(keystrokes((code.aim if aim else b"") + code.data, menu)) for code in SHEET}


def decoded(received: dict[str, bytes], learned: Learned) -> dict[str, tuple[str | None, bytes] | None]:
    """Each code, read by the driver's own protocol with the settings that were learned."""
    settings = KeyboardScannerSettings.model_validate({"usb": "05e0:1200", **learned.settings})
    read: dict[str, tuple[str | None, bytes] | None] = {}
    for name, data in received.items():
        events = KeyEvents("dock", settings.rules())
        readings = events.feed(data, T) + events.expire(T)
        whole = len(readings) == 1 and isinstance(readings[0], Scan)
        read[name] = (readings[0].symbology, readings[0].data) if whole and isinstance(readings[0], Scan) else None
    return read


def printed(*, aim: bool = True, without: bytes = b"", gs: bytes = b"\x1d") -> dict[str, tuple[str | None, bytes]]:
    return {
        code.id: (
            code.aim.decode() if aim else None,
            code.data.replace(b"\x1d", gs).replace(without, b"\x1d") if without else code.data.replace(b"\x1d", gs),
        )
        for code in DECISIVE
    }


@pytest.mark.parametrize("gs", GS_MODES)
@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_end_and_gs_comes_out_as_printed_with_what_was_learned(
    layout: LayoutName, suffix: Suffix, gs: GsMode
) -> None:
    received = typed(KeyboardScannerMenu(layout, suffix, gs=gs))
    learned = learn(received, "keyboard_scanner")
    assert learned.understood
    read = {name: code for name, code in decoded(received, learned).items() if name != "tab"}
    if gs == "text":  # the one thing such a scanner cannot send is its own text for GS
        assert read == printed(without=b"|")
    else:
        assert read == printed(gs=b"" if gs == "dropped" else b"\x1d")
    assert learned.complete == (suffix != "none" and gs != "dropped")


def test_all_layouts_decode_to_the_same_bytes() -> None:
    menus = [
        KeyboardScannerMenu(layout, suffix, gs=gs) for layout in LAYOUTS for suffix in SUFFIXES for gs in GS_MODES[:6]
    ]
    results = {str(sorted(decoded(each, learn(each, "keyboard_scanner")).items())) for each in map(typed, menus)}
    with_tab, without = sorted(results, key=len, reverse=True)
    assert len(results) == 2
    assert "('tab', None)" in without
    assert "('tab', ('" in with_tab


@pytest.mark.parametrize(
    ("menu", "settings"),
    [
        (KeyboardScannerMenu(), {}),
        (KeyboardScannerMenu("de"), {"layout": "de"}),
        (KeyboardScannerMenu(suffix="tab"), {"end_keys": ["tab"]}),
        (KeyboardScannerMenu(suffix="none"), {"end_keys": []}),
        (KeyboardScannerMenu(prefix="#1"), {"prefix": "#1"}),
        (KeyboardScannerMenu(gs="f8"), {"gs_key": "f8"}),
        (KeyboardScannerMenu(gs="text", gs_text="{GS}"), {"gs_text": "{GS}"}),
        (KeyboardScannerMenu("fr", swap_case=True), {"layout": "fr", "swap_case": True}),
        (
            KeyboardScannerMenu("uk", "keypad_enter", "@", "down"),
            {"layout": "uk", "prefix": "@", "gs_key": "down"},
        ),
    ],
)
@pytest.mark.parametrize("aim", [True, False])
def test_the_settings_are_those_that_differ_from_the_defaults(
    menu: KeyboardScannerMenu, settings: dict[str, Any], *, aim: bool
) -> None:
    received = typed(menu, aim=aim)
    learned = learn(received, "keyboard_scanner")
    assert learned.settings == settings
    assert any("AIM" in sentence for sentence in learned.sentences) == (not aim)
    read = {name: code for name, code in decoded(received, learned).items() if name != "tab"}
    assert read == printed(aim=aim)


def test_a_scanner_that_is_set_right_needs_nothing() -> None:
    assert learn(typed(KeyboardScannerMenu()), "keyboard_scanner") == Learned("keyboard_scanner")


@pytest.mark.parametrize(
    ("menu", "sentence"),
    [
        (KeyboardScannerMenu(gs="dropped"), "leaves out the separator GS"),
        (KeyboardScannerMenu(suffix="none"), "Set its suffix to Enter"),
        (KeyboardScannerMenu(suffix="tab"), "Codes that hold a tabulator do not come out whole"),
        (KeyboardScannerMenu(swap_case=True), "capitals for small letters; the setting turns them back"),
        (KeyboardScannerMenu(gs="text"), "'|' for GS; no code may hold that text itself"),
    ],
)
def test_what_the_scanner_should_do_otherwise_is_said(menu: KeyboardScannerMenu, sentence: str) -> None:
    assert sentence in " ".join(learn(typed(menu), "keyboard_scanner").sentences)


@pytest.mark.parametrize(("case", "word"), [("upper", "capitals"), ("lower", "small letters")])
def test_a_scanner_that_turns_all_letters_is_told_to_stop(case: str, word: str) -> None:
    received = {
        code.id: as_records(keystrokes(getattr(code.aim + code.data, case)(), KeyboardScannerMenu()))
        for code in SHEET
    }
    learned = learn(received, "keyboard_scanner")
    assert learned.understood
    assert not learned.complete
    assert f"turns all letters into {word}" in learned.sentences[0]


def test_a_code_that_was_not_scanned_is_asked_for() -> None:
    received = typed(KeyboardScannerMenu())
    del received["gs1"]
    learned = learn(received, "keyboard_scanner")
    assert not learned.understood
    assert learned.sentences == (
        "The code 'GS1: item, batch and serial number' was not scanned, or nothing came of it: scan it.",
    )


def test_a_layout_nobody_knows_is_not_guessed() -> None:
    received = typed(KeyboardScannerMenu())
    received["layout"], received["case"] = received["case"], received["layout"]
    learned = learn(received, "keyboard_scanner")
    assert not learned.understood
    assert "Only 2 of 4 codes" in learned.sentences[0]


@given(st.fixed_dictionaries({code.id: st.binary(min_size=1, max_size=100) for code in SHEET}))
def test_whatever_was_received_it_never_raises(received: dict[str, bytes]) -> None:
    assert not learn(received, "keyboard_scanner").understood
    assert not learn(received, "serial_scanner").understood


def sent(prefix: bytes = b"", end: bytes = b"\r\n", gs: bytes = b"\x1d", *, aim: bool = True) -> dict[str, bytes]:
    return {code.id: prefix + (code.aim if aim else b"") + code.data.replace(b"\x1d", gs) + end for code in SHEET}


@pytest.mark.parametrize(
    ("end", "terminators"),
    [(b"\r", None), (b"\n", None), (b"\r\n", None), (b"\x03", ["etx"]), (b"\t", ["tab"])],
)
@pytest.mark.parametrize("prefix", [b"", b"\x02", b"#B"])
@pytest.mark.parametrize("gs", [b"\x1d", b"{GS}", b""])
@pytest.mark.parametrize("aim", [True, False])
def test_a_scanner_on_a_line_is_learned_too(
    end: bytes, terminators: list[str] | None, prefix: bytes, gs: bytes, *, aim: bool
) -> None:
    received = sent(prefix, end, gs, aim=aim)
    learned = learn(received, "serial_scanner")
    assert learned.understood
    assert learned.settings.get("terminators") == terminators
    assert learned.complete == (bool(gs) and aim)
    settings = SerialScannerSettings.model_validate({"port": "/dev/scanner", **learned.settings})
    decoder = LineScanner(
        "dock", settings.terminators, settings.prefix.encode("ascii"), settings.gs_text.encode("ascii")
    )
    read = {}
    for code in DECISIVE:
        (scan,) = decoder.feed(received[code.id], T)
        assert isinstance(scan, Scan)
        read[code.id] = scan.symbology, scan.data
    assert read == printed(aim=aim, gs=gs and b"\x1d")


@pytest.mark.parametrize("parity", ["even", "odd"])
def test_a_line_opened_with_the_wrong_parity_is_recognised(parity: str) -> None:
    def with_parity(byte: int) -> int:
        return byte | (0x80 if byte.bit_count() % 2 != (parity == "odd") else 0)

    received = {name: bytes(map(with_parity, data)) for name, data in sent().items()}
    assert learn(received, "serial_scanner").settings == {"bytesize": 7, "parity": parity}


def test_a_line_whose_codes_have_no_end_is_told_to_send_one() -> None:
    learned = learn(sent(end=b""), "serial_scanner")
    assert not learned.complete
    assert learned.sentences[0] == "The scanner ends a code with b''. Set its suffix to CR or CR LF."


async def test_what_was_learned_from_the_node_makes_the_driver_read_it(tmp_path: Path) -> None:
    menu = KeyboardScannerMenu("fr", "tab", "#", "f8")
    learned = learn(typed(menu), "keyboard_scanner")
    scanner = KeyboardScannerSimulator(tmp_path / "event3", menu)
    await scanner.start()
    async with running("keyboard_scanner", "dock", **scanner.address, **learned.settings) as dock_says:
        await dock_says.ready()
        for code in DECISIVE:
            await scanner.scan(code.aim + code.data)
        await until(lambda: len(dock_says.readings) == len(DECISIVE), "every code of the sheet")
        assert [scan.data for scan in dock_says.scans] == [code.data for code in DECISIVE]
    await scanner.stop()
