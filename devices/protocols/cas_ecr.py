"""CAS PD-II, AP-1 and others, cash register "type 6" (device_protocols 2.5).

The host sends ENQ; the scale answers ACK, or NAK when it is not ready; to ACK the host sends DC1, and the scale
answers `SOH STX status sign weight(6) unit(2) BCC ETX EOT`: 15 bytes. BCC is the XOR of the bytes between STX
and BCC and may equal any control character, so a block is cut by its length. A block whose BCC is wrong is never a
weight.
"""

from __future__ import annotations

import re
from functools import reduce
from operator import xor

from devices.protocols.lines import GAP_S
from devices.protocols.scale import Frame, ScaleValue, Send
from devices.readings import Stability

ENQ, DC1 = b"\x05", b"\x11"
BLOCK_LENGTH = 15
"""No more than one byte less than this is ever held back."""

_ACK, _NAK, _SOH = 0x06, 0x15, 0x01
_START = re.compile(rb"[\x01\x06\x15]")
_BLOCK = re.compile(rb"\x01\x02(([SU])([ F-])(.{6})(.{2}))(.)\x03\x04", re.DOTALL)
_WEIGHT = re.compile(rb" *\d+(?:\.\d+)?")
_NOT_READY = "the scale is not ready (NAK): wait until nothing moves on it"


class CasEcr:
    """Bytes in, values out; an ACK makes it ask for the block."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._pending = b""
        self._last_t_mono = 0.0

    def feed(self, data: bytes, t_mono: float) -> list[ScaleValue]:
        """The answers and bad frames that `data`, read at `t_mono` seconds, completes."""
        values: list[ScaleValue] = []
        if self._pending and data and t_mono - self._last_t_mono > GAP_S:
            values.append(Frame(self._device, self._pending, t_mono).bad("its end never came"))
            self._pending = b""
        self._last_t_mono = t_mono
        self._pending += data
        while self._pending and (self._pending[0] != _SOH or len(self._pending) >= BLOCK_LENGTH):
            values.append(self._next(t_mono))
        return values

    def _next(self, t_mono: float) -> ScaleValue:
        first = self._pending[0]
        if first == _ACK:
            self._take(1)
            return Send(DC1)
        if first == _NAK:
            return Frame(self._device, self._take(1), t_mono).nothing(fault=_NOT_READY)
        if first != _SOH:
            start = _START.search(self._pending)
            noise = self._take(len(self._pending) if start is None else start.start())
            return Frame(self._device, noise, t_mono).bad("line noise")
        return self._block(t_mono)

    def _block(self, t_mono: float) -> ScaleValue:
        block = self._pending[:BLOCK_LENGTH]
        match = _BLOCK.fullmatch(block)
        if match is not None and reduce(xor, match[1]) == match[6][0]:
            self._take(BLOCK_LENGTH)
            return _weight(Frame(self._device, block, t_mono), match)
        next_start = block.find(_SOH, 1)
        wrong = self._take(BLOCK_LENGTH if next_start < 0 else next_start)
        return Frame(self._device, wrong, t_mono).bad("its check character is wrong" if match else "no CAS block")

    def _take(self, count: int) -> bytes:
        taken, self._pending = self._pending[:count], self._pending[count:]
        return taken


def _weight(frame: Frame, match: re.Match[bytes]) -> ScaleValue:
    status, sign, field, unit = match[2], match[3], match[4], match[5]
    raw_unit = unit.decode("ascii", "replace")
    if sign == b"F":
        return frame.nothing(range_="over", raw_unit=raw_unit)
    if _WEIGHT.fullmatch(field) is None:
        return frame.bad("the weight field holds no weight")
    stability: Stability = "stable" if status == b"S" else "unstable"
    return frame.weight((sign + field).decode("ascii"), raw_unit, stability=stability)
