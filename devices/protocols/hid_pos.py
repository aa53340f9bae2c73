"""Scanners that are USB HID POS devices, usage page 8C (device_protocols 6): reports in, codes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from devices.protocols.codes import AIM, MAX_SCAN, reading
from devices.protocols.hid_report import Field, NotADescriptor, input_fields
from devices.readings import BadFrame, Scan

FRAGMENT_S = 1.0
"""The reports of one code follow each other at once; a code whose rest is later than this never gets it.

For as long again what comes may be that rest, and is refused: it would be taken for a code of its own.
"""

NEVER_CAME = "its last reports never came: scan it again"
TORN = "it may be the rest of a code whose first part came long before: scan it again"

_LENGTH = 0x0001_003B
_AIM_1, _DATA, _CONTINUED = 0x008C_00FB, 0x008C_00FE, 0x008C_00FF
_BYTE = 8


@dataclass(frozen=True, slots=True)
class ReportLayout:
    """Where a scanned code lies in a report. Places are bytes, the report id (if any) counted."""

    report_id: int
    length_at: int | None
    aim_at: int | None
    data_at: int
    data_bytes: int
    more_at: int | None
    more_bit: int
    size: int


LAYOUT_62: Final = ReportLayout(2, 1, 2, 5, 56, 61, 0, 62)
LAYOUT_64: Final = ReportLayout(2, 1, 2, 5, 56, 63, 0, 64)
LayoutChoice = Literal["descriptor", "62", "64"]
LAYOUTS: Final[dict[LayoutChoice, ReportLayout]] = {"62": LAYOUT_62, "64": LAYOUT_64}


def is_scanner(descriptor: bytes) -> bool:
    """Whether a report descriptor is that of a HID POS scanner."""
    try:
        layout_of(descriptor)
    except NotADescriptor:
        return False
    return True


def layout_of(descriptor: bytes) -> ReportLayout:
    """Where the code lies, as the device says. Raises NotADescriptor when it has no report for scanned data."""
    fields = input_fields(descriptor)
    data = next((field for field in fields if field.usage == _DATA and field.bits == _BYTE), None)
    if data is None:
        raise NotADescriptor("has no report with scanned data (usage FE of page 8C)")
    same = [field for field in fields if field.report_id == data.report_id]
    head = 1 if data.report_id else 0
    if any(field.at_bit % _BYTE for field in same if field.bits == _BYTE):
        raise NotADescriptor("describes bytes that do not start at a byte")
    length, aim, more = _first(same, _LENGTH), _aim(same), _first(same, _CONTINUED)
    last = max(field.at_bit + field.bits * field.count for field in same)
    return ReportLayout(
        report_id=data.report_id,
        length_at=None if length is None else head + length.at_bit // _BYTE,
        aim_at=None if aim is None else head + aim.at_bit // _BYTE,
        data_at=head + data.at_bit // _BYTE,
        data_bytes=data.count,
        more_at=None if more is None else head + more.at_bit // _BYTE,
        more_bit=0 if more is None else more.at_bit % _BYTE,
        size=head + -(-last // _BYTE),
    )


def _aim(fields: list[Field]) -> Field | None:
    """The first of the three characters, where they stand side by side."""
    found = [_first(fields, _AIM_1 + place) for place in range(3)]
    places = [field.at_bit - place * _BYTE for place, field in enumerate(found) if field is not None]
    return found[0] if len(places) == len(found) and len(set(places)) == 1 else None


def _first(fields: list[Field], usage: int) -> Field | None:
    return next((field for field in fields if field.usage == usage), None)


class HidPos:
    """Reports in, codes out. It holds at most MAX_SCAN bytes of a code that goes on."""

    def __init__(self, device: str, layout: ReportLayout) -> None:
        self._device, self._layout = device, layout
        self._aim = b""
        self._data = bytearray()
        self._going_on = False
        self._too_long = False
        self._last_t_mono = 0.0
        self._torn_until = 0.0

    @property
    def begun(self) -> bool:
        """Whether the rest of a code is awaited."""
        return self._going_on

    def feed(self, report: bytes, t_mono: float) -> list[Scan | BadFrame]:
        """The codes that one report, read at `t_mono` seconds, completes."""
        said = self.expire(t_mono) if self._going_on and t_mono - self._last_t_mono > FRAGMENT_S else []
        self._last_t_mono = t_mono
        layout = self._layout
        if layout.report_id and report[:1] != bytes([layout.report_id]):
            return said  # a report of another kind, such as the state of a trigger
        if len(report) < layout.size:
            return [*said, self._bad(report, f"a report of {len(report)} bytes; {layout.size} were expected", t_mono)]
        held = report[layout.data_at : layout.data_at + layout.data_bytes]
        length = len(held.rstrip(b"\0")) if layout.length_at is None else report[layout.length_at]
        if length > layout.data_bytes:
            return [*said, self._bad(report, f"says {length} bytes of data and has room for {len(held)}", t_mono)]
        aim = b"" if layout.aim_at is None else report[layout.aim_at : layout.aim_at + 3]
        more = layout.more_at is not None and bool(report[layout.more_at] >> layout.more_bit & 1)
        return [*said, *self._take(aim if AIM.fullmatch(aim) else b"", held[:length], t_mono, more=more)]

    def expire(self, t_mono: float) -> list[Scan | BadFrame]:
        """The rest of a code did not come in time: what there is of it is no code."""
        if not self._going_on:
            return []
        self._torn_until = t_mono + FRAGMENT_S
        return [self._cut_short(t_mono)]

    def _take(self, aim: bytes, data: bytes, t_mono: float, *, more: bool) -> list[Scan | BadFrame]:
        said: list[Scan | BadFrame] = []
        if self._going_on and aim not in (b"", self._aim):
            said.append(self._cut_short(t_mono))
        self._aim = self._aim or aim
        room = MAX_SCAN - len(self._data)
        self._too_long = self._too_long or len(data) > room
        self._data += data[:room]
        self._going_on = more
        return said if more else [*said, self._whole(t_mono)]

    def _whole(self, t_mono: float) -> Scan | BadFrame:
        aim, data, too_long = self._aim, bytes(self._data), self._too_long
        self._forget()
        if t_mono <= self._torn_until:
            self._torn_until = 0.0
            return BadFrame(self._device, aim + data, TORN, t_mono)
        if too_long:
            return BadFrame(self._device, aim + data, f"longer than {MAX_SCAN} bytes", t_mono)
        # Some scanners are set to send the identifier in the data as well.
        return reading(self._device, data if aim and data.startswith(aim) else aim + data, b"", t_mono)

    def _cut_short(self, t_mono: float) -> BadFrame:
        return self._bad(b"", NEVER_CAME, t_mono)

    def _bad(self, report: bytes, why: str, t_mono: float) -> BadFrame:
        raw = self._aim + bytes(self._data) + report
        self._forget()
        return BadFrame(self._device, raw, why, t_mono)

    def _forget(self) -> None:
        self._aim, self._going_on, self._too_long = b"", False, False
        self._data.clear()
