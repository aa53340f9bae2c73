"""What the calibration sheet says of a scanner that types: settings are tried until every code comes out right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any, Final

from devices.calibration_sheet import DECISIVE, GS, SHEET, Fit, Learned, advice, fit
from devices.protocols.key_events import END_KEYS, EV_KEY, PRESS, RECORD, KeyEvents, KeyRules
from devices.protocols.keyboards import LAYOUTS, LayoutName
from devices.protocols.keyboards.keys import ENTER, KEYPAD_ENTER, GsKey, Typing
from devices.readings import Scan

_GS_KEYS: Final[tuple[GsKey, ...]] = ("none", "f8", "down", "control_off")
_DEFAULT_ENDS = frozenset({ENTER, KEYPAD_ENTER})
_ALL = len(DECISIVE)


def learn_keys(received: Mapping[str, bytes]) -> Learned:
    """The settings of a `keyboard_scanner` for what its event nodes sent for each code."""
    ends = _ends(received)
    best: tuple[Fit, LayoutName, Typing] | None = None
    for layout, typing in _candidates():
        found = fit(_decoded(received, KeyRules(typing, ends)))
        if best is None or _rank(found) > _rank(best[0]):
            best = found, layout, typing
        if found.explained == _ALL and found.case == "kept":
            break
    assert best is not None
    found, layout, typing = best
    if found.explained < _ALL:
        return Learned("keyboard_scanner", understood=False, complete=False, sentences=_not_understood(found))
    return _learned(received, found, layout, KeyRules(typing, ends))


def _rank(found: Fit) -> tuple[int, bool]:
    """More codes are better, and a setting is better than a change on the scanner."""
    return found.explained, found.case == "kept"


def _candidates() -> Iterator[tuple[LayoutName, Typing]]:
    """The usual settings first."""
    for swap_case, dead_keys, gs_key, layout in product((False, True), (True, False), _GS_KEYS, LAYOUTS):
        yield layout, Typing(LAYOUTS[layout], gs_key, swap_case=swap_case, dead_keys=dead_keys)


def _ends(received: Mapping[str, bytes]) -> frozenset[int]:
    """The keys that end the codes; empty when one of the codes has no end."""
    ends: set[int] = set()
    for data in received.values():
        pressed = [
            code for _, _, kind, code, value in RECORD.iter_unpack(_whole(data)) if (kind, value) == (EV_KEY, PRESS)
        ]
        if not pressed or pressed[-1] not in END_KEYS.values():
            return frozenset()
        ends.add(pressed[-1])
    return frozenset(ends)


def _whole(data: bytes) -> bytes:
    return data[: len(data) - len(data) % RECORD.size]


def _decoded(received: Mapping[str, bytes], rules: KeyRules) -> dict[str, bytes]:
    """Each code that came out as one, identifier and prefix included."""
    decoded = {}
    for name, data in received.items():
        events = KeyEvents(
            name, replace(rules, gap_s=3600.0)
        )  # how fast a person worked through the sheet is no matter
        readings = events.feed(data, 0.0) + events.expire(0.0)
        if len(readings) == 1 and isinstance(readings[0], Scan):
            decoded[name] = (readings[0].symbology or "").encode("ascii") + readings[0].data
    return decoded


def _learned(received: Mapping[str, bytes], found: Fit, layout: LayoutName, rules: KeyRules) -> Learned:
    gs_text = found.gs if found.gs not in (GS, b"", None) else b""
    settings: dict[str, Any] = {"layout": layout} if layout != "us" else {}
    if not rules.ends or not rules.ends <= _DEFAULT_ENDS:
        settings["end_keys"] = [name for name, code in END_KEYS.items() if code in rules.ends]
    if rules.typing.gs_key != "none":
        settings["gs_key"] = rules.typing.gs_key
    if gs_text:
        settings["gs_text"] = gs_text.decode("latin-1")
    if found.prefix:
        settings["prefix"] = found.prefix.decode("latin-1")
    if rules.typing.swap_case:
        settings["swap_case"] = True
    if not rules.typing.dead_keys:
        settings["dead_keys"] = False
    problems = advice(found, gs_settable=True)
    if not rules.ends:
        problems.insert(
            0, "The scanner sends nothing after a code, so a code cut short looks whole. Set its suffix to Enter."
        )
    return Learned(
        "keyboard_scanner", settings, complete=not problems, sentences=(*problems, *_notes(received, found, rules))
    )


def _notes(received: Mapping[str, bytes], found: Fit, rules: KeyRules) -> list[str]:
    """What works and should be known."""
    notes = []
    if rules.typing.swap_case:
        notes.append("The scanner sends capitals for small letters; the setting turns them back.")
    if found.gs is not None and len(found.gs) and found.gs != GS:
        notes.append(f"The scanner sends {found.gs.decode('latin-1')!r} for GS; no code may hold that text itself.")
    tab = next(code for code in SHEET if code.id == "tab")
    if tab.id in received and not _decoded(received, rules).get(tab.id, b"").endswith(tab.data):
        notes.append("Codes that hold a tabulator do not come out whole: avoid them, or use serial or HID POS.")
    return notes


def _not_understood(found: Fit) -> tuple[str, ...]:
    only = f"Only {found.explained} of {_ALL} codes can be explained by any setting."
    fix = "Reset the scanner, set its keyboard to United States and its suffix to Enter, and scan the sheet again."
    return (f"{only} {fix}",)
