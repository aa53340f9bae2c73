"""How a simulated ZPL printer speaks on one of its interfaces: it cuts the stream into labels and answers questions.

Every `^XA … ^XZ` is one label, printed `^PQ` times by its `Engine`. The answers are those of device_protocols 9.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from devices.simulators.zpl_engine import Engine, PrinterFault

MAX_FORMAT = 1 << 20

_TOKEN = re.compile(rb'\^XA|\^XZ|~HS|~HI|~HM|~HQES|~HQOD|~HQSN|~JA|! U1 getvar "([^"\r\n]{1,64})"\r?\n')
_LONGEST_TOKEN = 80

SILENCES: frozenset[PrinterFault] = frozenset({"paper_out", "head_open", "ribbon_out", "over_temperature"})
"""Error states in which, by the manual, there is no answer to ~HS (device_protocols 9.1)."""
_ERROR_BITS: dict[PrinterFault, int] = {
    "paper_out": 0x1,
    "ribbon_out": 0x2,
    "head_open": 0x4,
    "cutter_fault": 0x8,
    "over_temperature": 0x10,
    "motor_too_hot": 0x20,
    "bad_head_element": 0x40,
    "paused": 0x10000,
}
_WARNING_BITS: dict[PrinterFault, int] = {"clean_head": 0x2}


@dataclass
class Manners:
    """What kind of printer it is.

    `silent_in_error` is what the manual says of ~HS in an error state; without it the printer answers as newer
    firmware does. `counts` is whether it has an odometer, `tells_errors` whether it knows `~HQES`. With `looks_idle`
    it does not tell of the label under its head. A question that holds `deaf_to` gets no answer. `memory` is how many
    bytes of labels it holds before it stops reading.
    """

    silent_in_error: bool = False
    counts: bool = True
    tells_errors: bool = True
    dots_per_mm: int = 8
    label_length_dots: int = 1245
    looks_idle: bool = False
    deaf_to: bytes = b""
    serial: str = "SIM1"
    model: str = "WarehouseSim"
    memory: int = 4 << 20


class Speech:
    """One interface: what it heard and not yet understood, and the label it is in the middle of."""

    def __init__(self, engine: Engine, manners: Manners, on_format: Callable[[], None]) -> None:
        self._engine, self._manners, self._on_format = engine, manners, on_format
        self._pending = b""
        self._format: bytes | None = None
        self._late: list[bytes] = []

    @property
    def midway(self) -> bool:
        """Whether a label has begun and not ended."""
        return self._format is not None

    def forget(self) -> None:
        """Drop the label that has begun."""
        self._format = None

    def lose_power(self) -> None:
        """Drop everything."""
        self._pending, self._format = b"", None

    def begin_anew(self) -> None:
        """A new caller: nothing that was held back goes to it."""
        self._late = []

    def hear(self, data: bytes) -> list[bytes]:
        """The answers to the questions that `data` completes; labels go to the print queue."""
        self._pending += data
        answers: list[bytes] = []
        while token := _TOKEN.search(self._pending):
            self._keep(self._pending[: token.start()])
            self._pending = self._pending[token.end() :]
            answers += self._obey(token)
        tail = max(0, len(self._pending) - _LONGEST_TOKEN)
        self._keep(self._pending[:tail])
        self._pending = self._pending[tail:]
        return answers

    def _keep(self, data: bytes) -> None:
        """Bytes inside a format belong to it, even when the connection that began it is gone; others mean nothing."""
        if self._format is not None:
            self._format = (self._format + data)[:MAX_FORMAT]

    def _obey(self, token: re.Match[bytes]) -> list[bytes]:
        said = token.group()
        if self._manners.deaf_to and self._manners.deaf_to in said:
            return []
        match said:
            case b"^XA":
                self._begin()
            case b"^XZ" if self._format is not None:
                self._engine.take(self._format + b"^XZ")
                self._format = None
            case b"^XZ":
                pass
            case b"~JA":
                self._engine.queue.clear()
                self.forget()
            case b"~HS":
                return [] if self._silenced() else self._spoken(b"%s\r\n%s\r\n%s\r\n" % self._framed_status())
            case b"~HQES" if not self._manners.tells_errors:
                pass
            case _ if token[1] is not None:
                value = self._value(token[1].decode("ascii", "replace"))
                return [] if value is None else self._spoken(b'"%s"' % value.encode("ascii"))
            case _:
                return self._spoken(self._fact(said))
        return []

    def _begin(self) -> None:
        if self._format is None:
            self._format = b"^XA"
            self._on_format()
        else:
            self._keep(b"^XA")

    def _spoken(self, answer: bytes) -> list[bytes]:
        """The answer as its faults leave it."""
        faults = self._engine.faults
        if "silent" in faults:
            return []
        if "garbage" in faults:
            return [b"\x00\xff\x02,,,\x03?"]
        if "wrong" in faults:
            return [b'"7"' if answer[:1] == b"\x02" else b"%s\r\n%s\r\n%s\r\n" % self._framed_status()]
        if "late" in faults:
            answer, self._late = b"".join(self._late), [answer]
        if "flood" in faults:
            answer *= 200
        return [answer[: len(answer) // 2] if "cut" in faults else answer]

    def _silenced(self) -> bool:
        return self._manners.silent_in_error and bool(self._engine.faults & SILENCES)

    def _fact(self, question: bytes) -> bytes:
        manners = self._manners
        text = {
            b"~HI": f"{manners.model},V85.20.19,{manners.dots_per_mm},8192KB,X",
            b"~HM": "1024,0780,0780",
            b"~HQES": "\r\n  PRINTER STATUS\r\n{}\r\n{}\r\n".format(*self._flags()),
            b"~HQOD": f'\r\n  PRINT METERS\r\n     TOTAL NONRESETTABLE:  {self._engine.label_count * 6:>12} "\r\n',
            b"~HQSN": f"\r\n  SERIAL NUMBER\r\n     {manners.serial}\r\n",
        }[question]
        return b"\x02%s\x03\r\n" % text.encode("ascii")

    def _flags(self) -> tuple[str, str]:
        errors, warnings = self._bits()
        return (
            f"   ERRORS:         {int(bool(errors))} 00000000 {errors:08X}",
            f"   WARNINGS:       {int(bool(warnings))} 00000000 {warnings:08X}",
        )

    def _bits(self) -> tuple[int, int]:
        return tuple(  # type: ignore[return-value]
            sum(bit for fault, bit in table.items() if fault in self._engine.faults)
            for table in (_ERROR_BITS, _WARNING_BITS)
        )

    def _value(self, name: str) -> str | None:
        """What `getvar` answers; None for no answer."""
        manners, (errors, warnings) = self._manners, self._bits()
        match name:
            case "odometer.total_label_count" if manners.counts:
                return str(self._engine.label_count)
            case "device.unique_id":
                return manners.serial
            case "head.resolution.in_dpi":
                return str({6: 152, 8: 203, 12: 300, 24: 600}[manners.dots_per_mm])
            case "device.host_status":
                return None if self._silenced() else "\r\n".join(self._status())
            case "zpl.system_status" if manners.tells_errors:
                pause = int("paused" in self._engine.faults)
                flags = int(bool(errors)), int(bool(warnings))
                return f"{pause},{flags[0]},00000000,{errors:08X},{flags[1]},00000000,{warnings:08X}"
            case _:
                return "?"

    def _framed_status(self) -> tuple[bytes, bytes, bytes]:
        return tuple(b"\x02%s\x03" % line.encode("ascii") for line in self._status())  # type: ignore[return-value]

    def _status(self) -> tuple[str, str, str]:
        faults, manners = self._engine.faults, self._manners
        paper, pause, full, hot, head, ribbon = (
            int(fault in faults)
            for fault in ("paper_out", "paused", "buffer_full", "over_temperature", "head_open", "ribbon_out")
        )
        # The batch that is printing counts by its labels, those behind it as formats in the buffer.
        queue = self._engine.queue
        waiting = max(0, len(queue) - 1)
        remaining = queue[0].remaining if queue and not manners.looks_idle else 0
        partial = int(self._format is not None)
        return (
            f"030,{paper},{pause},{manners.label_length_dots:04},{waiting:03},{full},0,{partial},000,0,0,{hot}",
            f"{ribbon:03},0,{head},{ribbon},{ribbon},2,4,0,{remaining:08},1,000",
            "1234,0",
        )
