r"""What a ZPL printer says: host status, identity and SGD values (device_protocols 9.1, 9.3, 9.4), and its alerts.

`~HS` returns three strings, each `STX … ETX CR LF`, without a length: it is complete after the third ETX.
An SGD answer is a quoted text without a terminator: it is complete at its second quote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from devices.readings import BadFrame, PrinterStatus

HOST_STATUS = b"~HS\r\n"
HOST_IDENTITY = b"~HI\r\n"
LABEL_COUNT = b'! U1 getvar "odometer.total_label_count"\r\n'

MAX_ANSWER = 512  # the three strings together hold about 90 bytes; more without an end is no answer

_STX, _ETX = b"\x02", b"\x03"
_SPACE = b"\r\n \t"
_STRING_1 = re.compile(
    rb"\d{3},(?P<paper_out>[01]),(?P<paused>[01]),(?P<label_length_dots>\d{4,5}),(?P<formats_in_buffer>\d{3}),"
    rb"(?P<buffer_full>[01]),(?P<diagnostic_mode>[01]),(?P<partial_format>[01]),\d{3},(?P<corrupt_ram>[01]),"
    rb"(?P<under_temperature>[01]),(?P<over_temperature>[01])"
)
# The second field is unused; taking it for the head shifts every field after it (device_protocols 13, 7).
_STRING_2 = re.compile(
    rb"\d{3},\d,(?P<head_open>[01]),(?P<ribbon_out>[01]),(?P<thermal_transfer>[01]),(?P<print_mode>[0-9A-Z]),"
    rb"\d,(?P<label_waiting>[01]),(?P<labels_remaining>\d{8}),\d,\d{3}"
)
_STRING_3 = re.compile(rb"\w{4},[01]")
_IDENTITY = re.compile(rb"[^,]{1,80},[^,]{1,40},(?P<dots_per_mm>6|8|12|24),.{0,200}", re.DOTALL)
_DPI = {b"6": 152, b"8": 203, b"12": 300, b"24": 600}  # device_protocols 8.4

AlertKind = Literal["completed", "restart", "error"]
MAX_ALERT = 512


@dataclass(frozen=True, slots=True)
class SgdValue:
    """One `getvar` answer without its quotes; "?" where the printer does not know the name."""

    text: str

    @property
    def number(self) -> int | None:
        """The value of a counter; None where this printer has none."""
        return int(self.text) if re.fullmatch(r"[0-9]{1,18}", self.text) else None


@dataclass(frozen=True, slots=True)
class PrinterIdentity:
    """What `~HI` says of the print head, in dots per inch."""

    dpi: int


Answer = PrinterStatus | SgdValue | PrinterIdentity


def alert_of(line: bytes, completed: str) -> AlertKind | None:
    """What a line means that the printer sent by itself; `completed` are the words that tell of a printed label.

    The conditions are those of `^SX` and `alerts.add`. The layout (`ALERT: PQ JOB COMPLETED [time] [serial]`,
    `ERROR CONDITION: HEAD OPEN …`) is only seen in the field, so words are looked for anywhere in the line.
    """
    text = line[:MAX_ALERT].decode("latin-1").upper()
    if completed.upper() in text:
        return "completed"
    if "POWER ON" in text or "COLD START" in text:
        return "restart"
    return "error" if "ERROR CONDITION" in text else None


class ZplAnswers:
    """Bytes from one printer connection in, its answers out."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._pending = b""
        self._strings: list[re.Match[bytes]] = []

    def feed(self, data: bytes, t_mono: float) -> list[Answer | BadFrame]:
        """The answers and bad frames that `data`, read at `t_mono` seconds, completes."""
        self._pending += data
        values: list[Answer | BadFrame] = []
        while True:
            self._pending = self._pending.lstrip(_SPACE)
            length, is_answer = _first_piece(self._pending)
            if not length:
                return values
            piece, self._pending = self._pending[:length], self._pending[length:]
            value = self._answer(piece, t_mono) if is_answer else self._bad(piece, "no printer answer", t_mono)
            if value is not None:
                values.append(value)

    @property
    def midway(self) -> bool:
        """Whether an answer has begun and not ended."""
        return bool(self._pending or self._strings)

    def _answer(self, piece: bytes, t_mono: float) -> Answer | BadFrame | None:
        if piece[:1] == b'"':
            return SgdValue(piece[1:-1].decode("latin-1"))
        if not self._strings and (identity := _IDENTITY.fullmatch(piece[1:-1])):
            return PrinterIdentity(_DPI[identity["dots_per_mm"]])
        expected = (_STRING_1, _STRING_2, _STRING_3)[len(self._strings)]
        string = expected.fullmatch(piece[1:-1])
        if string is None:
            self._strings = [again] if (again := _STRING_1.fullmatch(piece[1:-1])) else []
            return self._bad(piece, "not the string of the host status that comes next", t_mono)
        self._strings.append(string)
        if expected is not _STRING_3:
            return None
        status = _status(self._device, self._strings[0].groupdict() | self._strings[1].groupdict(), t_mono)
        self._strings = []
        return status

    def _bad(self, raw: bytes, why: str, t_mono: float) -> BadFrame:
        return BadFrame(self._device, raw[:MAX_ANSWER], why, t_mono)


def _first_piece(pending: bytes) -> tuple[int, bool]:
    """How many bytes belong together at the front (0: more must come), and whether they are an answer."""
    closing = {_STX: _ETX, b'"': b'"'}.get(pending[:1])
    if closing is None:
        starts = [at for at in (pending.find(_STX), pending.find(b'"')) if at >= 0]
        return (min(starts) if starts else len(pending)), False
    end = pending.find(closing, 1)
    restart = pending.find(_STX, 1)
    if restart > 0 and (restart < end or end < 0):
        return restart, False
    if end > 0:
        return end + 1, end < MAX_ANSWER
    return (len(pending) if len(pending) > MAX_ANSWER else 0), False


def _status(device: str, fields: dict[str, bytes], t_mono: float) -> PrinterStatus:
    numbers = {name: int(text) for name, text in fields.items() if name != "print_mode"}
    return PrinterStatus(
        device=device,
        paper_out=bool(numbers["paper_out"]),
        paused=bool(numbers["paused"]),
        label_length_dots=numbers["label_length_dots"],
        formats_in_buffer=numbers["formats_in_buffer"],
        buffer_full=bool(numbers["buffer_full"]),
        diagnostic_mode=bool(numbers["diagnostic_mode"]),
        partial_format=bool(numbers["partial_format"]),
        corrupt_ram=bool(numbers["corrupt_ram"]),
        under_temperature=bool(numbers["under_temperature"]),
        over_temperature=bool(numbers["over_temperature"]),
        head_open=bool(numbers["head_open"]),
        ribbon_out=bool(numbers["ribbon_out"]),
        thermal_transfer=bool(numbers["thermal_transfer"]),
        print_mode=fields["print_mode"].decode("ascii"),
        label_waiting=bool(numbers["label_waiting"]),
        labels_remaining=numbers["labels_remaining"],
        t_mono=t_mono,
    )
