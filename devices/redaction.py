"""Recordings without what was scanned or printed: each digit and letter becomes another of its class.

Lengths, times, control characters, AIM identifiers and weights stay, so that what went wrong can still be seen.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterable
from typing import Literal

from devices.driver import Driver
from devices.recorder import Entry

Form = Literal["weights", "codes", "reports", "keys", "labels"]

_CLASSES = bytes.maketrans(
    bytes(range(0x30, 0x3A)) + bytes(range(0x41, 0x5B)) + bytes(range(0x61, 0x7B)), b"0" * 10 + b"A" * 26 + b"a" * 26
)
_AIM = re.compile(rb"(?:\A|(?<=[\x00-\x1f]))\][A-Za-z][0-9A-Za-z]")
_HEADER = 5
"""Of a report of a HID POS scanner: its id, its length and the AIM identifier (device_protocols 6)."""
_KEY_EVENT = struct.Struct("=qqHHi")
"""One record of an evdev node (device_protocols 4.1)."""
_EV_KEY, _EV_MSC = 1, 4
_DIGITS, _LETTERS = range(2, 12), (*range(16, 26), *range(30, 39), *range(44, 51))
_KEY_1, _KEY_Q = 2, 16
_FIELD = re.compile(rb"(\^F[DV])(.*?)(?=\^FS|\^F[DV]|\Z)", re.DOTALL)


def form_of(driver: Driver) -> Form:
    """What goes over the wire of such a device."""
    if driver.kind == "scale":
        return "weights"
    if driver.kind == "printer":
        return "labels"
    if "keyboard" in driver.name:
        return "keys"
    return "reports" if "hid" in driver.name else "codes"


def redacted(entries: Iterable[Entry], form: Form) -> list[Entry]:
    """The recording as it may be given away."""
    change = _CHANGES[form]
    return [entry if entry.direction == "note" else entry._replace(data=change(entry.data)) for entry in entries]


def blurred(data: bytes) -> bytes:
    """The same length and the same classes, an AIM identifier kept."""
    kept = [(found.start(), found.group()) for found in _AIM.finditer(data)]
    changed = bytearray(data.translate(_CLASSES))
    for start, aim in kept:
        changed[start : start + len(aim)] = aim
    return bytes(changed)


def _keys(data: bytes) -> bytes:
    whole = len(data) - len(data) % _KEY_EVENT.size
    records = _KEY_EVENT.iter_unpack(data[:whole])
    return b"".join(_key(*record) for record in records) + bytes(len(data) - whole)


def _key(seconds: int, micros: int, kind: int, code: int, value: int) -> bytes:
    if kind == _EV_KEY:
        code = _KEY_1 if code in _DIGITS else _KEY_Q if code in _LETTERS else code
    elif kind == _EV_MSC:
        value = 0  # the scan code is the key again
    return _KEY_EVENT.pack(seconds, micros, kind, code, value)


_CHANGES: dict[Form, Callable[[bytes], bytes]] = {
    "weights": bytes,
    "codes": blurred,
    "reports": lambda data: data[:_HEADER] + data[_HEADER:].translate(_CLASSES),
    "keys": _keys,
    "labels": lambda data: _FIELD.sub(lambda field: field[1] + field[2].translate(_CLASSES), data),
}
