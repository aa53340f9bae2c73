r"""Cuts what a ZPL printer says into answers (device_protocols 9): status, conditions, facts, values; and its alerts.

`~HS` returns three strings, each `STX … ETX CR LF`, without a length: it is complete after the third ETX.
An SGD answer is a quoted text without a terminator: it is complete at its second quote.
"""

from __future__ import annotations

import re
from typing import Literal

from devices.protocols.zpl_conditions import PrinterConditions, conditions_in
from devices.protocols.zpl_facts import Fact, SgdValue, fact_in
from devices.readings import BadFrame, PrinterStatus

HOST_STATUS = b"~HS\r\n"
HOST_IDENTITY = b"~HI\r\n"
HOST_MEMORY = b"~HM\r\n"
ERROR_STATUS = b"~HQES\r\n"
ODOMETER = b"~HQOD\r\n"
SERIAL_NUMBER = b"~HQSN\r\n"


def getvar(name: str) -> bytes:
    """The question for an SGD value (device_protocols 9.4)."""
    return f'! U1 getvar "{name}"\r\n'.encode("ascii")


LABEL_COUNT = getvar("odometer.total_label_count")
SYSTEM_STATUS = getvar("zpl.system_status")
UNIQUE_ID = getvar("device.unique_id")

MAX_ANSWER = 1024  # the longest, ~HQOD with all its meters, holds about 400 bytes; more without an end is no answer

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
# The manual speaks of three lines and writes two (device_protocols 9.4).
_STATUS_VALUE = re.compile(
    rb"%s\r\n%s(?:\r\n%s)?(?:\r\n)?" % (_STRING_1.pattern, _STRING_2.pattern, _STRING_3.pattern)
)

AlertKind = Literal["completed", "restart", "error"]
MAX_ALERT = 512

Answer = PrinterStatus | PrinterConditions | SgdValue | Fact


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


def host_status_of(device: str, value: SgdValue, t_mono: float) -> PrinterStatus | None:
    """What the value of `device.host_status` says: the strings of `~HS` without STX and ETX; None when it is none."""
    found = _STATUS_VALUE.fullmatch(value.text.encode("ascii", "replace"))
    return None if found is None else _status(device, found.groupdict(), t_mono)


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
        if not self._strings and (other := conditions_in(piece) or fact_in(piece[1:-1])):
            return other
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
