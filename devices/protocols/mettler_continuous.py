"""METTLER TOLEDO continuous output (device_protocols 2.3): frames of fixed length, sent by the scale for ever.

`STX SWA SWB SWC weight(6) tare(6) CR [CHK]`; the short form has no tare. The bits of the three status words come
first, then the digits: a frame that is out of range, or from a scale that was not zeroed yet, has digits as well.
The check character may be equal to STX or CR, so a frame is found by its length.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal, NamedTuple

from devices.driver import ScaleCommand
from devices.protocols.lines import GAP_S
from devices.protocols.scale import Frame, ScaleValue
from devices.readings import BadFrame, Mode, Stability, Weight

STX, CR = 0x02, 0x0D
DIGITS = 6
LETTERS: dict[ScaleCommand, bytes] = {"zero": b"Z", "tare": b"T", "clear_tare": b"C", "print": b"P"}

MOST_SKIPPED = 64
"""Bytes that are no frame are told in pieces of this size, so that a wrong baud rate shows at once."""
LEARNED_FROM = 3
"""So many frames in a row must show in the same way whether there is a check character."""

Checksum = Literal["learn", "yes", "no"]
Form = Literal["long", "short"]

SWA, SWB, SWC = 1, 2, 3


class Bit(NamedTuple):
    """One flag: the offset of its status word and its mask."""

    word: int
    mask: int

    def of(self, frame: bytes) -> bool:
        """Whether it is set."""
        return bool(frame[self.word] & self.mask)


class BitMap(NamedTuple):
    """Where a maker keeps which flag, and the bits that never change: (word, mask, value)."""

    fixed: tuple[tuple[int, int, int], ...]
    net: Bit = Bit(SWB, 0x01)
    negative: Bit = Bit(SWB, 0x02)
    out_of_range: Bit = Bit(SWB, 0x04)
    moving: Bit = Bit(SWB, 0x08)
    kilograms: Bit = Bit(SWB, 0x10)
    power_up: Bit = Bit(SWB, 0x40)
    expanded: Bit = Bit(SWC, 0x10)


BitMapName = Literal["mettler", "fairbanks"]

BIT_MAPS: dict[BitMapName, BitMap] = {
    "mettler": BitMap(((SWA, 0x60, 0x20), (SWB, 0x20, 0x20), (SWC, 0x20, 0x20))),
    "fairbanks": BitMap(((SWA, 0x60, 0x20), (SWB, 0x20, 0x00), (SWC, 0x20, 0x20))),
}

_POINT, _UNIT = 0x07, 0x07
_UNITS = {1: "g"}
_FIELD = re.compile(rb" {0,5}\d{1,6}")  # some terminals put blanks where leading zeros would be

NOT_ZEROED = "the scale was switched on and not set to zero: empty it and press its zero key"
EXPANDED = "the scale shows ten times its resolution: switch the expanded display off"


class MettlerContinuous:
    """Bytes in, values out. With `checksum="learn"` nothing is read until it is known where a frame ends."""

    def __init__(
        self, device: str, checksum: Checksum = "learn", form: Form = "long", bit_map: BitMapName = "mettler"
    ) -> None:
        self._device, self._bits = device, BIT_MAPS[bit_map]
        self._checked = {"learn": None, "yes": True, "no": False}[checksum]
        self._length = 5 + DIGITS * (2 if form == "long" else 1)
        self._pending = bytearray()
        self._skipped = bytearray()
        self._why = ""
        self._evidence = 0
        self._last_t_mono = 0.0

    def feed(self, data: bytes, t_mono: float) -> list[ScaleValue]:
        """The weights and bad frames that `data`, read at `t_mono` seconds, completes."""
        values: list[ScaleValue] = []
        if data and self._pending and t_mono - self._last_t_mono > GAP_S:
            self._skip(len(self._pending), "its end never came")
            values += self._bad(t_mono)
        self._last_t_mono = t_mono
        self._pending += data
        while self._cut(values, t_mono):
            pass
        return values

    def _cut(self, values: list[ScaleValue], t_mono: float) -> bool:
        """Take one frame, or bytes that are none, from the front; False when more must come first."""
        start = self._pending.find(STX)
        if start != 0 and self._pending:
            self._skip(len(self._pending) if start < 0 else start, "no STX where a frame begins")
        while len(self._skipped) >= MOST_SKIPPED:
            values.append(BadFrame(self._device, bytes(self._skipped[:MOST_SKIPPED]), self._why, t_mono))
            del self._skipped[:MOST_SKIPPED]
            self._why = "still no frame"
        if len(self._pending) < self._length:
            return False
        if self._pending[self._length - 1] != CR:
            self._skip(1, "no CR where the frame must end")
            return True
        if self._checked is None:
            return self._learn()
        length = self._length + self._checked
        if len(self._pending) < length:
            return False
        raw = bytes(self._pending[:length])
        if self._checked and sum(raw) & 0x7F:
            self._skip(1, "its check character is wrong")
            return True
        del self._pending[:length]
        values += self._bad(t_mono)
        values.append(self._read(Frame(self._device, raw, t_mono)))
        return True

    def _skip(self, count: int, why: str) -> None:
        self._why = self._why or why
        self._skipped += self._pending[:count]
        del self._pending[:count]

    def _bad(self, t_mono: float) -> list[BadFrame]:
        skipped = bytes(self._skipped)
        why, self._why = self._why, ""
        self._skipped.clear()
        return [BadFrame(self._device, skipped, why, t_mono)] if skipped else []

    def _learn(self) -> bool:
        """Look at the two bytes after the CR: a check and the next STX, or the next STX and its first status word."""
        if len(self._pending) < self._length + 2:
            return False
        after, next_ = self._pending[self._length : self._length + 2]
        right = (sum(self._pending[: self._length]) + after) & 0x7F == 0
        if right and next_ == STX:
            self._evidence = max(1, self._evidence + 1)
        elif after == STX and next_ & 0x60 == 0x20:  # noqa: PLR2004 -- the fixed bits of the first status word
            self._evidence = min(-1, self._evidence - 1)
        else:
            self._evidence = 0
            self._skip(1, "neither a check character nor the next frame comes after its CR")
            return True
        if abs(self._evidence) >= LEARNED_FROM:
            self._checked = self._evidence > 0
        else:
            del self._pending[: self._length + (self._evidence > 0)]
        return True

    def _read(self, frame: Frame) -> Weight | BadFrame:
        raw, bits = frame.raw, self._bits
        for word, mask, value in bits.fixed:
            if raw[word] & mask != value:
                return frame.bad(f"status word {'-ABC'[word]} is {raw[word]:02X}: another bit_map?")
        mode: Mode = "net" if bits.net.of(raw) else "gross"
        stability: Stability = "unstable" if bits.moving.of(raw) else "stable"
        if bits.out_of_range.of(raw):
            return frame.nothing(range_="under" if bits.negative.of(raw) else "over", stability=stability, mode=mode)
        if bits.power_up.of(raw):
            return frame.nothing(fault=NOT_ZEROED, stability=stability, mode=mode)
        if bits.expanded.of(raw):
            return frame.nothing(fault=EXPANDED, stability=stability, mode=mode)
        return self._number(frame, mode, stability)

    def _number(self, frame: Frame, mode: Mode, stability: Stability) -> Weight | BadFrame:
        raw = frame.raw
        fields = [raw[at : at + DIGITS] for at in range(SWC + 1, self._length - 1, DIGITS)]
        if not all(_FIELD.fullmatch(field) for field in fields):
            return frame.bad("a field holds more than digits")
        # The point stands behind so many of the digits; 0 and 1 are hundreds and tens.
        decimals = (raw[SWA] & _POINT) - 2
        magnitude = Decimal(int(fields[0])) * 10 ** max(0, -decimals)
        value = magnitude.scaleb(-max(0, decimals))
        code = raw[SWC] & _UNIT
        unit = ("kg" if self._bits.kilograms.of(raw) else "lb") if code == 0 else _UNITS.get(code, f"code {code}")
        return frame.number(-value if self._bits.negative.of(raw) else value, unit, stability=stability, mode=mode)
