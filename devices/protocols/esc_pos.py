"""What an ESC/POS receipt printer says, and what may be sent to it (device_protocols 11).

Its answers carry no length and mostly no header. Fixed bits tell them apart (11.2):

- `0xx1xx10` one byte, the answer to `DLE EOT n`; it does not say which n was asked.
- `0xx1xx00` the first of four bytes of automatic status; XON and XOFF may stand between the four.
- `0xx0xxxx` one byte, the answer to `GS I n` or `GS r n`.
- `11` XON, `13` XOFF.
- `37 22 <4 characters> 00` what was marked is on paper; `37 23 … 00` the printer went offline before it was.
- `5F … 00` a text about the printer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from devices.readings import BadFrame

STATUS_QUESTIONS = (b"\x10\x04\x01", b"\x10\x04\x02", b"\x10\x04\x03", b"\x10\x04\x04")
"""`DLE EOT` n = 1 printer, 2 why it is offline, 3 error, 4 paper. Each is answered at once, also offline."""
INITIALISE = b"\x1b@"
PAPER_IN_ORDER = b"\x1dr\x01"
"""`GS r 1`: unlike `DLE EOT` it waits its turn, so its answer says that all before it was worked off."""
ID_LENGTH = 4
MAX_TEXT = 80  # a model name or serial number is 10 to 40 characters; more without an end is no text

_ASB_LENGTH = 4
_XON, _XOFF = 0x11, 0x13
_ID, _ID_PRINTED, _ID_OFFLINE = 0x37, 0x22, 0x23
_TEXT = 0x5F
_FIXED, _REAL_TIME, _AUTO = 0x93, 0x12, 0x10  # the bits that never change, and what they are
_PRINTABLE = range(0x20, 0x7F)


@dataclass(frozen=True, slots=True)
class RealTime:
    """The answer to the one `DLE EOT n` that was asked."""

    bits: int


@dataclass(frozen=True, slots=True)
class AutoStatus:
    """Four bytes that the printer sent by itself when something changed."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class InOrder:
    """The answer to `GS r n` or `GS I n`: the printer has come that far."""

    bits: int


@dataclass(frozen=True, slots=True)
class ProcessId:
    """Everything before this mark is on paper; `printed` is False where the printer went offline before."""

    ident: bytes
    printed: bool


@dataclass(frozen=True, slots=True)
class Flow:
    """XOFF (`stopped`): send nothing more; XON: go on."""

    stopped: bool


@dataclass(frozen=True, slots=True)
class DeviceText:
    """A name or number of the printer, as text."""

    text: str


Answer = RealTime | AutoStatus | InOrder | ProcessId | Flow | DeviceText


class Trouble(NamedTuple):
    """What is wrong, and what to do."""

    sentence: str
    next_step: str


@dataclass(frozen=True, slots=True)
class ReceiptStatus:
    """The state of a receipt printer at `t_mono` seconds (device_protocols 11.1)."""

    device: str
    t_mono: float
    offline: bool = False
    drawer_high: bool = False
    waits_for_recovery: bool = False
    feed_pressed: bool = False
    cover_open: bool = False
    paper_end: bool = False
    near_end: bool = False
    error: bool = False
    mechanical: bool = False
    cutter: bool = False
    unrecoverable: bool = False
    overheated: bool = False

    @property
    def trouble(self) -> Trouble | None:
        """The fault to mend first; None when a slip can be printed now."""
        found = next((words for field, words in _TROUBLES.items() if getattr(self, field)), None)
        return None if found is None else Trouble(f"The receipt printer {found[0]}.", found[1])

    @property
    def interrupts(self) -> bool:
        """A slip that was printing now may be torn. A head that is too hot only pauses, and says `error` as well."""
        return self.cover_open or self.paper_end or self.cutter or self.mechanical or self.unrecoverable

    @property
    def notice(self) -> Trouble | None:
        """What will hinder it soon."""
        if self.near_end and not self.paper_end:
            return Trouble("The paper of the receipt printer is nearly at its end.", "Have a new roll at hand.")
        return None

    @property
    def sentence(self) -> str:
        """The state in words, for the person at the bench."""
        said = self.trouble or self.notice
        return "The receipt printer is ready." if said is None else " ".join(said)


# An open cover also reports paper end and an error on many models, so it is named before them.
_TROUBLES = {
    "unrecoverable": (
        "reports a fault that it cannot mend",
        "Switch it off, wait ten seconds, switch it on; if it says so again, have it serviced.",
    ),
    "cover_open": ("has its cover open", "Close the cover."),
    "paper_end": ("is out of paper", "Put in a new roll."),
    "cutter": ("has its cutter stuck", "Open the cover, clear the cutter, close it, then switch it off and on."),
    "mechanical": ("reports a mechanical fault", "Open the cover, take out jammed paper, close it."),
    "overheated": ("is too hot", "Let it cool down; it goes on by itself."),
    "error": ("reports an error", "Open and close its cover; if it stays, switch it off and on."),
    "waits_for_recovery": ("waits after an error", "Open and close its cover; if it stays, switch it off and on."),
    "feed_pressed": ("feeds paper, because its key is pressed", "Let go of the key."),
    "offline": ("is offline and does not say why", "Look at its lamps; switch it off and on."),
}


def status_of(device: str, replies: tuple[int, int, int, int], t_mono: float) -> ReceiptStatus:
    """The status from the answers to `DLE EOT` 1 to 4, in this order.

    Paper sensors come in pairs of bits. Some printers set one of the two: either counts (11.5).
    """
    printer, cause, error, paper = replies
    return ReceiptStatus(
        device=device,
        t_mono=t_mono,
        drawer_high=bool(printer & 0x04),
        offline=bool(printer & 0x08),
        waits_for_recovery=bool(printer & 0x20),
        feed_pressed=bool(printer & 0x40 or cause & 0x08),
        cover_open=bool(cause & 0x04),
        paper_end=bool(cause & 0x20 or paper & 0x60),
        near_end=bool(paper & 0x0C),
        error=bool(cause & 0x40),
        mechanical=bool(error & 0x04),
        cutter=bool(error & 0x08),
        unrecoverable=bool(error & 0x20),
        overheated=bool(error & 0x40),
    )


def automatic_status(device: str, said: AutoStatus, t_mono: float) -> ReceiptStatus:
    """The status that the printer told by itself (11.2); what its four bytes do not carry is False."""
    printer, error, paper, _ = said.raw
    return ReceiptStatus(
        device=device,
        t_mono=t_mono,
        drawer_high=bool(printer & 0x04),
        offline=bool(printer & 0x08),
        cover_open=bool(printer & 0x20),
        feed_pressed=bool(printer & 0x40),
        cutter=bool(error & 0x08),
        unrecoverable=bool(error & 0x20),
        overheated=bool(error & 0x40),
        near_end=bool(paper & 0x03),
        paper_end=bool(paper & 0x0C),
    )


def process_id_request(ident: bytes) -> bytes:
    """`GS ( H` function 48: say `ident`, four characters 20h to 7Eh, once everything before it is on paper (11.3)."""
    if len(ident) != ID_LENGTH or not all(byte in _PRINTABLE for byte in ident):
        raise ValueError(f"a process id has {ID_LENGTH} printable characters (got {ident!r})")
    return b"\x1d(H\x06\x0000" + ident


class EscPosAnswers:
    """Bytes from one printer connection in, its answers out. Never more than one answer is kept back."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._frame = b""

    @property
    def midway(self) -> bool:
        """Whether an answer has begun and not ended."""
        return bool(self._frame)

    def feed(self, data: bytes, t_mono: float) -> list[Answer | BadFrame]:
        """The answers and bad frames that `data`, read at `t_mono` seconds, completes."""
        return [value for byte in data for value in self._take(byte, t_mono)]

    def _take(self, byte: int, t_mono: float) -> list[Answer | BadFrame]:
        if not self._frame:
            return self._begin(byte, t_mono)
        if not _begins_auto_status(self._frame[0]):
            return self._go_on(byte, t_mono)
        if byte in {_XON, _XOFF}:
            return [Flow(stopped=byte == _XOFF)]
        self._frame += bytes([byte])
        if len(self._frame) < _ASB_LENGTH:
            return []
        return [AutoStatus(self._whole())]

    def _begin(self, byte: int, t_mono: float) -> list[Answer | BadFrame]:
        if byte in {_XON, _XOFF}:
            return [Flow(stopped=byte == _XOFF)]
        if byte & _FIXED == _REAL_TIME:
            return [RealTime(byte)]
        if byte & 0x90 == 0x00:
            return [InOrder(byte)]
        if byte in {_ID, _TEXT} or _begins_auto_status(byte):
            self._frame = bytes([byte])
            return []
        return [self._bad(bytes([byte]), t_mono)]

    def _go_on(self, byte: int, t_mono: float) -> list[Answer | BadFrame]:
        """One more byte of a process id or a text."""
        if byte == 0 and (answer := self._ended()) is not None:
            self._whole()
            return [answer]
        if self._may_hold(byte):
            self._frame += bytes([byte])
            return []
        return [self._bad(self._whole(), t_mono), *self._begin(byte, t_mono)]

    def _may_hold(self, byte: int) -> bool:
        if self._frame == bytes([_ID]):
            return byte in {_ID_PRINTED, _ID_OFFLINE}
        longest = 2 + ID_LENGTH if self._frame[0] == _ID and self._frame[1] == _ID_PRINTED else MAX_TEXT
        return byte in _PRINTABLE and len(self._frame) < longest

    def _ended(self) -> Answer | None:
        if self._frame[0] == _TEXT:
            return DeviceText(self._frame[1:].decode("ascii"))
        ident = self._frame[2:]
        if self._frame[1:2] == bytes([_ID_PRINTED]):
            return ProcessId(ident, printed=True) if len(ident) == ID_LENGTH else None
        return ProcessId(ident, printed=False) if ident else None

    def _whole(self) -> bytes:
        frame, self._frame = self._frame, b""
        return frame

    def _bad(self, raw: bytes, t_mono: float) -> BadFrame:
        return BadFrame(self._device, raw, "no answer of an ESC/POS printer", t_mono)


def _begins_auto_status(byte: int) -> bool:
    return byte & _FIXED == _AUTO


# --- what may be sent -------------------------------------------------------------------------------------------

_HARMLESS = re.compile(
    rb"[\n\x20-\x7e\x80-\xff]+"  # text and line feeds
    rb"|\x1b@"  # initialise
    rb"|\x1b[!EMadt{-][\x00-\xff]"  # look of text, place, feed, code page
    rb"|\x1d[!BHbfhw][\x00-\xff]"  # size, inverse, smooth, barcode measures
    rb"|\x1dV(?:[\x00\x01]|B[\x00-\xff])"  # cut
)
_BARCODE = re.compile(rb"\x1dkI([\x02-\xff])")  # function B, CODE128: one byte of length, then the data


def forbidden(data: bytes) -> str | None:
    """Why `data` may not be sent to a receipt printer, in words; None for text, layout, barcodes and cuts only.

    Everything else is refused: a drawer kick (`ESC p`, `DLE DC4`), a status question in the middle of a slip, and
    images, whose bytes the printer would also look through for real-time commands.
    """
    at = 0
    while at < len(data):
        if harmless := _HARMLESS.match(data, at):
            at = harmless.end()
            continue
        bars = _BARCODE.match(data, at)
        content = data[bars.end() : bars.end() + bars[1][0]] if bars else b""
        if bars is None or len(content) < bars[1][0] or not all(byte in _PRINTABLE for byte in content):
            return f"byte {at} begins what is neither text nor layout ({data[at : at + 6].hex(' ')})"
        at = bars.end() + len(content)
    return None
