"""Finds out step by step, with a person's help, what is wrong with a device: a plan without a port, clock or screen.

A plan says what to do next (`Tell`, `Question`, `Watch`, `Look`), is sent what came of it, and ends in a verdict.
Readings and states come as `devices.shown` writes them, so that it does not matter who read them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from devices.calibration import SHEET
from devices.driver import Driver
from devices.probe import Finding
from devices.protocols.scale import unit_of
from devices.readings import UNIT_MG
from devices.shown import Shown, line_of

Code = Literal[
    "fine",
    "no_port",
    "busy",
    "permission",
    "unreachable",
    "silent",
    "garbage",
    "wrong_line",
    "other_protocol",
    "unit",
    "never_stable",
    "frozen",
    "not_returning",
    "not_zero",
    "wrong_weight",
    "fault",
    "no_terminator",
    "no_aim",
    "prefix",
    "gs_lost",
    "head_open",
    "paper_out",
    "printer",
]

REACH_S = 8.0
STABLE_S = 8.0
SCAN_S = 20.0
SECOND_SCAN_S = 8.0
TEST_CODE = next(code.data for code in SHEET if code.id == "gs1")
"""The GS1 code of the calibration sheet: two of its fields have a border that only GS can tell."""
TRIES = 3
TOLERANCE = Decimal("0.02")
LAST_PLACES = 5
"""A weight is right within TOLERANCE, or so many units of its last decimal: this is no calibration."""


class Verdict(NamedTuple):
    """What is wrong, in a word for programs and a sentence for people, and what to do."""

    code: Code
    sentence: str
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Tell:
    """Say this; nothing is answered."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Question:
    """Ask this and wait for a line of text; it is sent back."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Watch:
    """Watch the device for so long, or until `enough` of what it told since; that is sent back."""

    seconds: float
    enough: Callable[[list[Shown]], bool]


@dataclass(frozen=True, slots=True)
class Look:
    """Probe the port for what is really there; a Finding is sent back, or None where the port cannot be had."""


Step = Tell | Question | Watch | Look
Plan = Generator[Step, Any, Verdict]

_CONTROLS = re.compile(rb"[\x00\x01\x05-\x08\x0b\x0c\x0e-\x1b\x7f]")
"""Control characters that no scanner sends around or in a code."""
_REASONS: tuple[tuple[str, Code], ...] = (
    ("there is no such port", "no_port"),
    ("is not plugged in", "no_port"),
    ("another program holds it", "busy"),
    ("may not use it", "permission"),
    ("sends characters that are no", "garbage"),
    ("does not answer", "silent"),
    ("sends nothing", "silent"),
    ("has its head open", "head_open"),
    ("is out of labels", "paper_out"),
    ("Cannot reach", "unreachable"),
    ("label printer", "printer"),
)
"""What the states of our own drivers say, and what it is called here; the first that fits."""


def plan_for(name: str, driver: Driver) -> Plan:
    """The plan for the device of that name and driver."""
    if driver.kind == "scale":
        return examine_scale(name, driver.name)
    return examine_scanner() if driver.kind == "scanner" else examine_printer()


def examine_printer() -> Plan:
    """Whether the printer can be reached, and what it says of itself."""
    yield Tell("The printer is asked how it is.")
    wrong = yield from _reach()
    return wrong or Verdict("fine", "The printer answers and is ready.")


def examine_scale(name: str, driver: str) -> Plan:
    """Reach it, then weigh nothing, a known weight, and nothing again."""
    yield Tell("The scale is asked for its weight.")
    wrong = yield from _reach()
    if wrong is not None:
        return (yield from _looked_at(name, driver, wrong)) if wrong.code in ("silent", "garbage") else wrong
    yield Question("Take everything off the scale, then press Enter.")
    empty = yield from _weighed()
    if isinstance(empty, Verdict):
        return empty
    known = yield from _known_weight()
    if known is None:
        return Verdict("wrong_weight", "Without a known weight no scale can be judged.", "Run this again with one.")
    loaded = yield from _weighed()
    if isinstance(loaded, Verdict):
        return loaded
    yield Question("Take it off again, then press Enter.")
    again = yield from _weighed()
    if isinstance(again, Verdict):
        return again
    return _judged(known, empty, loaded, again)


def examine_scanner() -> Plan:
    """Reach it, then read any code, and one in which GS must arrive."""
    wrong = yield from _reach()
    if wrong is not None:
        return wrong
    scan = yield from _scanned()
    if isinstance(scan, Verdict):
        return scan
    answer = yield Question(
        "Now the GS1 code of the calibration sheet (`devices calibrate --page FILE`): press Enter, then scan it. "
        "Without a sheet, type skip."
    )
    if not answer.strip():
        yield Tell("Scan it now.")
        told = yield Watch(SCAN_S, _any_code)
        lost = _gs_lost(told)
        if lost is not None:
            return lost
    if scan["symbology"] is None:
        return Verdict(
            "no_aim",
            "The scanner sends its codes without an AIM identifier, so a GS1 code cannot be told from any other.",
            "Switch on `AIM ID` as prefix with a code of the scanner's manual.",
        )
    return Verdict("fine", "The scanner reads, ends each code, names its symbology, and keeps GS where it was tried.")


def _reach() -> Generator[Step, Any, Verdict | None]:
    told = yield Watch(REACH_S, lambda told: any(_is_decided(each) for each in told))
    states = [each for each in told if each["kind"] == "state"]
    if states and states[-1]["state"] == "ready":
        return None
    if any(each["kind"] in ("weight", "scan") for each in told):
        return None
    if not states:
        return Verdict("silent", "Nothing was heard of the device.", "Check its power and its cable.")
    sentence, next_step = states[-1]["sentence"], states[-1]["next_step"]
    fitting = [code for words, code in _REASONS if words in sentence]
    return Verdict(fitting[0] if fitting else "unreachable", sentence, next_step)


def _is_decided(shown: Shown) -> bool:
    if shown["kind"] != "state":
        return False
    return shown["state"] == "ready" or "is not connected yet" not in shown["sentence"]


def _looked_at(name: str, driver: str, wrong: Verdict) -> Plan:
    """What the port really carries, where the driver understands nothing."""
    yield Tell("The line is probed at every speed; this takes up to twenty seconds.")
    found: Finding | None = yield Look()
    if found is None:
        more = "To have the line probed, stop the agent (`systemctl stop edge-agent`) and run this again."
        return wrong._replace(next_step=f"{wrong.next_step} {more}")
    if not found.matches:
        return wrong
    mine = [match for match in found.matches if match.driver == driver]
    best = (mine or found.matches)[0]
    line = ", ".join(f"{key} = {json.dumps(value)}" for key, value in best.line.items())
    if mine:
        return Verdict(
            "wrong_line",
            f"The scale speaks its protocol, but at {best.baudrate} baud with {best.line['bytesize']} data bits.",
            f"Under [devices.{name}] in edge.toml set {line}.",
        )
    return Verdict(
        "other_protocol",
        f"The scale does not speak the protocol of {driver}; it speaks that of {best.driver}.",
        f'Under [devices.{name}] in edge.toml set driver = "{best.driver}", {line}, or change the scale\'s menu.',
    )


def _weighed() -> Generator[Step, Any, Shown | Verdict]:
    """The first stable weight from now on, or why there is none."""
    told = yield Watch(STABLE_S, lambda told: any(map(_is_stable, told)))
    weights: list[Shown] = [each for each in told if each["kind"] == "weight"]
    stable = [each for each in weights if _is_stable(each)]
    if stable:
        return stable[-1]
    away = [each for each in told if each["kind"] == "state" and each["state"] == "away"]
    if not weights:
        sentence = away[-1]["sentence"] if away else "The scale sent no weight."
        return Verdict("silent", sentence, "Check its power and its cable, then run this again.")
    last = weights[-1]
    if last["fault"] is not None:
        return Verdict("fault", f"The scale reports a fault: {last['fault']}.", "Switch it off and on; else service.")
    if last["range"] in ("over", "under"):
        what = "more than its range" if last["range"] == "over" else "less than nothing"
        return Verdict(
            "fault", f"The scale says that {what} lies on it.", "Empty it, zero it; check its feet and pan."
        )
    return Verdict(
        "never_stable",
        f"The scale did not come to rest within {STABLE_S:g} seconds; the last it said was {_words(last)}.",
        "Keep it from draught, vibration and whatever touches its pan; else raise its filter in its menu.",
    )


def _known_weight() -> Generator[Step, Any, tuple[Decimal, str] | None]:
    for _ in range(TRIES):
        answer = yield Question("Put a known weight on it. Type what it weighs with its unit, such as 1 kg.")
        found = re.fullmatch(r"(\d{1,6}(?:[.,]\d{1,6})?) *([A-Za-z]{1,3})", answer.strip())
        unit = unit_of(found[2]) if found else None
        if found and unit and Decimal(found[1].replace(",", ".")) > 0:
            return Decimal(found[1].replace(",", ".")), unit
        yield Tell("That was no weight with its unit, such as 500 g or 1 kg.")
    return None


def _judged(known: tuple[Decimal, str], empty: Shown, loaded: Shown, again: Shown) -> Verdict:
    number, unit = known
    known_mg = number * UNIT_MG[unit]  # type: ignore[index]  # unit_of named it
    change_mg = loaded["weight_mg"] - empty["weight_mg"]
    least_mg = Decimal(LAST_PLACES).scaleb(_exponent(loaded)) * UNIT_MG[loaded["unit"]]
    allowed_mg = max(known_mg * TOLERANCE, least_mg)
    if change_mg == 0 and again["weight_mg"] == empty["weight_mg"]:
        return Verdict(
            "frozen",
            f"The scale shows {_words(loaded)} whatever lies on it.",
            "Switch it off and on. Look for HOLD on its display, and whether something holds its pan.",
        )
    shown_number = Decimal(loaded["value"]) - Decimal(empty["value"])
    as_number = abs(shown_number - number) <= number * TOLERANCE
    if loaded["unit"] != unit and (as_number or abs(change_mg - known_mg) <= allowed_mg):
        return Verdict(
            "unit",
            f"The scale weighs in {loaded['unit']} and shows {_words(loaded)} for {number} {unit}.",
            f"Choose {unit} in the scale's menu.",
        )
    wrong = _zero_judged(empty, again, least_mg)
    if wrong is not None and wrong.code == "not_returning":
        return wrong
    if abs(change_mg - known_mg) > allowed_mg:
        return Verdict(
            "wrong_weight",
            f"The scale shows {_words(loaded)} for {number} {unit}.",
            "Have it adjusted (calibrated) before anything is weighed for money.",
        )
    return wrong or Verdict(
        "fine", f"The scale is stable, shows {_words(loaded)} for {number} {unit}, and returns to zero."
    )


def _zero_judged(empty: Shown, again: Shown, least_mg: Decimal) -> Verdict | None:
    if abs(again["weight_mg"] - empty["weight_mg"]) > least_mg:
        return Verdict(
            "not_returning",
            f"With nothing on it the scale showed {_words(empty)} before and {_words(again)} after the weight.",
            "Look for something that touches its pan or lies under it; else it needs service.",
        )
    if abs(empty["weight_mg"]) > least_mg:
        return Verdict(
            "not_zero",
            f"The scale weighs right but shows {_words(empty)} with nothing on it.",
            "Zero it: its key, or `edge-agent devices zero NAME`.",
        )
    return None


def _scanned() -> Generator[Step, Any, Shown | Verdict]:
    yield Tell("Scan any code.")
    told = yield Watch(SCAN_S, _any_code)
    if not _any_code(told):
        # A code without an end is seen only once the next one comes: there was nothing to tell that it was over.
        yield Tell("Scan it once more.")
        told = yield Watch(SECOND_SCAN_S, _any_code)
    if not _any_code(told):
        return Verdict(
            "silent",
            "Nothing came from the scanner.",
            "See that it is set to serial (RS-232 or USB-COM) and not to keyboard, and that its cable is in place.",
        )
    first: Shown = next(each for each in told if each["kind"] in ("scan", "bad_frame"))
    return first if first["kind"] == "scan" and _is_text(bytes.fromhex(first["data"])) else _bad_scan(first)


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return not _CONTROLS.search(data)


def _bad_scan(bad: Shown) -> Verdict:
    raw = bytes.fromhex(bad["raw"] if bad["kind"] == "bad_frame" else bad["data"])
    if not _is_text(raw):
        return Verdict(
            "garbage",
            f"What comes from the scanner is no text: {raw[:16].hex(' ')}.",
            "Its speed or parity is another: `edge-agent devices probe PORT --scan` finds it.",
        )
    if "prefix" in bad["why"]:
        return Verdict(
            "prefix",
            "The scanner's codes do not begin with the prefix that edge.toml names.",
            "Correct `prefix` of the device in edge.toml, or set that prefix in the scanner.",
        )
    return Verdict(
        "no_terminator",
        f"The scanner sends codes without an end ({bad['why']}).",
        "Set a suffix CR (carriage return) with a code of the scanner's manual.",
    )


def _gs_lost(told: list[Shown]) -> Verdict | None:
    scans = [bytes.fromhex(each["data"]) for each in told if each["kind"] == "scan"]
    if not scans or scans[-1] == TEST_CODE:
        return None
    data, (lot, _, serial) = scans[-1], TEST_CODE.partition(b"\x1d")
    if not (data.startswith(lot) and data.endswith(serial)):
        return None  # another code, which tells nothing
    between = data[len(lot) : len(data) - len(serial)]
    what = "leaves GS out" if not between else f"sends {between!r} for GS"
    return Verdict(
        "gs_lost",
        f"The scanner {what}, so the fields of a GS1 code run into each other.",
        "Have it send GS (ASCII 29) as it is: `FNC1/GS` or `function code` in the scanner's manual.",
    )


def _any_code(told: list[Shown]) -> bool:
    return any(each["kind"] in ("scan", "bad_frame") for each in told)


def _is_stable(shown: Shown) -> bool:
    return shown["kind"] == "weight" and shown["stability"] == "stable" and shown["weight_mg"] is not None


def _exponent(weight: Shown) -> int:
    return int(Decimal(weight["value"]).as_tuple().exponent)


def _words(weight: Shown) -> str:
    return " ".join(line_of(weight).split()[2:])
