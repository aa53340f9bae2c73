"""A scanner that types: the records of its evdev nodes to codes (device_protocols 4.1-4.5).

A record is `i64 sec, i64 usec, u16 type, u16 code, i32 value`, 24 bytes, little endian. The pause that ends a code is
measured by the records' own times, so a machine that reads late does not cut a code in two. Worse than no code is a
shortened one: a code that lost a key, held a key that means nothing or ended with Shift down is a BadFrame.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from devices.protocols.codes import MAX_SCAN, reading
from devices.protocols.keyboards.keys import ENTER, GS, KEYPAD_ENTER, TAB, Keyboard, Typed, Typing
from devices.readings import BadFrame, Scan

EndKey = Literal["enter", "keypad_enter", "tab"]

END_KEYS: Final[dict[EndKey, int]] = {"enter": ENTER, "keypad_enter": KEYPAD_ENTER, "tab": TAB}

RECORD = struct.Struct("<qqHHi")
EV_SYN, EV_KEY = 0, 1
SYN_REPORT, SYN_DROPPED = 0, 3
RELEASE, PRESS = 0, 1
MICROSECONDS = 1_000_000

TAIL_US = 2 * MICROSECONDS  # a wireless scanner may stall in mid-code; after this long it is the next code

DROPPED = "the system lost keys of this code: scan it again"
NO_END = "no end key came in time: it may be cut short"
TORN = "the rest of a code that stalled: scan it again"


@dataclass(frozen=True)
class KeyRules:
    """How one scanner types a code, and what ends it. Without `ends` only a pause of `gap_s` does."""

    typing: Typing
    ends: frozenset[int] = frozenset({ENTER, KEYPAD_ENTER})
    gap_s: float = 0.1
    prefix: bytes = b""
    gs_text: bytes = b""


class KeyEvents:
    """Records in, codes out. It holds at most MAX_SCAN bytes and part of a record."""

    def __init__(self, device: str, rules: KeyRules) -> None:
        self._device, self._rules = device, rules
        self._keyboard = Keyboard(rules.typing)
        self._gap_us = int(rules.gap_s * MICROSECONDS)
        self._pending = b""
        self._code = bytearray()
        self._fault: str | None = None
        self._dropping = False
        self._torn = False  # what comes next may be the tail of a code that a pause cut off
        self._last_us = 0

    @property
    def begun(self) -> bool:
        """Whether a code has begun that a pause would end."""
        return bool(self._code) or self._fault is not None or self._keyboard.waiting

    def feed(self, data: bytes, t_mono: float) -> list[Scan | BadFrame]:
        """The codes that `data`, read at `t_mono` seconds, completes."""
        self._pending += data
        whole = len(self._pending) - len(self._pending) % RECORD.size
        records, self._pending = self._pending[:whole], self._pending[whole:]
        return [value for record in RECORD.iter_unpack(records) for value in self._record(record, t_mono)]

    def expire(self, t_mono: float) -> list[Scan | BadFrame]:
        """Nothing came for the length of the pause: what was begun ends here."""
        self._pending = b""
        return list(self._paused(t_mono))

    def _record(self, record: tuple[int, ...], t_mono: float) -> Iterator[Scan | BadFrame]:
        seconds, micros, kind, code, value = record
        if kind == EV_SYN and code == SYN_DROPPED:
            self._dropping, self._fault = True, DROPPED
        elif kind == EV_SYN and code == SYN_REPORT and self._dropping:
            self._dropping = False
            self._keyboard.forget()
        elif kind == EV_KEY and value in (PRESS, RELEASE) and not self._dropping:
            yield from self._after(seconds * MICROSECONDS + micros, t_mono)
            if value == PRESS and code in self._rules.ends:
                yield from self._cut(t_mono, terminated=True)
            else:
                self._take(self._keyboard.press(code) if value == PRESS else self._keyboard.release(code))

    def _after(self, at_us: int, t_mono: float) -> Iterator[Scan | BadFrame]:
        """End what was begun if the pause before the key at `at_us` was too long."""
        pause_us, self._last_us = at_us - self._last_us, at_us
        if self.begun and pause_us > self._gap_us:
            yield from self._paused(t_mono)
        if self._torn:
            self._torn = pause_us <= TAIL_US
            self._fault = TORN if self._torn else None

    def _take(self, typed: Typed) -> None:
        self._fault = self._fault or typed.fault
        self._code += typed.data
        if len(self._code) > MAX_SCAN:
            del self._code[MAX_SCAN:]
            self._fault = self._fault or f"longer than {MAX_SCAN} bytes without an end"

    def _paused(self, t_mono: float) -> Iterator[Scan | BadFrame]:
        if self._dropping:
            self._dropping = False
            self._keyboard.forget()
        if self.begun:
            if self._rules.ends:
                self._fault = self._fault or NO_END
            yield from self._cut(t_mono, terminated=False)
            self._torn = bool(self._rules.ends)

    def _cut(self, t_mono: float, *, terminated: bool) -> Iterator[Scan | BadFrame]:
        if (holding := self._keyboard.holding) is not None:
            self._fault = self._fault or f"{holding} was still held at the end: scan it again"
        self._take(self._keyboard.end())
        code, fault = bytes(self._code), self._fault
        self._code.clear()
        self._fault, self._torn = None, False
        self._keyboard.let_go()
        if self._rules.gs_text:
            code = code.replace(self._rules.gs_text, GS)
        if fault is not None:
            yield BadFrame(self._device, code, fault, t_mono)
        elif code:
            yield reading(self._device, code, self._rules.prefix, t_mono, terminated=terminated)
