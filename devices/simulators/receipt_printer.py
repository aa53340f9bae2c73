"""A receipt printer on TCP, a pty or a stand-in for a USB node: prints line by line and fails on demand (12.1)."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Literal

from devices.simulators.esc_pos_reader import (
    CODE128,
    Command,
    RealTimeCommand,
    decoded,
    read_commands,
    split_real_time,
)
from devices.simulators.wire import PtyWire, Received, SeqpacketWire, TcpWire, Wire

ReceiptFault = Literal[
    "cover_open",  # the cover is open
    "paper_end",  # there is no paper
    "near_end",  # the roll is nearly at its end
    "cutter",  # the cutter is stuck
    "unrecoverable",  # it has a fault that only service can mend
    "too_hot",  # its head is too hot and it pauses
    "offline",  # it is offline without a reason
    "silent",  # it answers nothing
    "late",  # each status answer comes a fifth of a second late
    "twice",  # each status answer comes twice
]

Ids = Literal["prompt", "held", "none"]
"""When process ids are sent: at once; when they are let go, the newest only; never."""

_STOPS: frozenset[ReceiptFault] = frozenset({"cover_open", "paper_end", "unrecoverable", "too_hot", "offline"})
LATE_S = 0.2
PROCESS_ID = b"\x06\x0000"


class ReceiptPrinterSimulator:
    """`slips` holds each slip that was cut off, as lines; `lines` what hangs out of it; `printed` all bytes it used.

    A barcode is the line `[barcode CODE]`. `auto` is automatic status, on from the start as another driver may have
    left it. `knows_in_order` is whether it answers `GS r`. `drawer_kicks` counts how often its drawer was opened.
    """

    def __init__(
        self,
        wire: Callable[[Received], Wire] = TcpWire,
        *,
        line_s: float = 0.001,
        ids: Ids = "prompt",
        auto: bool = False,
        knows_in_order: bool = True,
    ) -> None:
        self._wire = wire(self._received)
        self._line_s, self._ids, self._knows_in_order = line_s, ids, knows_in_order
        self.auto = auto
        self.plugged = False
        self.faults: frozenset[ReceiptFault] = frozenset()
        self.slips: list[list[str]] = []
        self.lines: list[str] = []
        self.printed = b""
        self.drawer_kicks = 0
        self.unknown: list[bytes] = []
        self._plans: list[tuple[int, Callable[[], None]]] = []
        self._lines_out = 0
        self._held_id = b""
        self._printing: asyncio.Task[None] | None = None
        self._lose_memory()

    @property
    def address(self) -> dict[str, str | int]:
        """The settings with which the agent reaches it."""
        return self._wire.address

    @property
    def idle(self) -> bool:
        """Whether it holds nothing to print."""
        return not self._queue

    async def start(self) -> None:
        """Switch it on."""
        await self.replug()

    async def stop(self) -> None:
        """Take it away for good."""
        await self.unplug()
        await self._wire.remove()

    async def unplug(self) -> None:
        """Cut its power: what it had not printed is lost."""
        self.plugged = False
        printing, self._printing = self._printing, None
        if printing is not None:
            printing.cancel()
            await asyncio.wait([printing])
        self._lose_memory()
        await self._wire.unplug()

    async def replug(self) -> None:
        """Give it power again, with an empty memory."""
        if self._printing is not None:
            return
        await self._wire.plug()
        self._printing = asyncio.create_task(self._print(), name="simulated receipt printer")
        self.plugged = True

    def power_blink(self) -> None:
        """A power cut so short that the line does not notice: what it had not printed is lost."""
        self._lose_memory()

    def set_faults(self, *faults: ReceiptFault) -> None:
        """Exactly these faults hold from now on; none mends everything."""
        changed = self.faults != frozenset(faults)
        self.faults = frozenset(faults)
        if changed and self.auto:
            self.say(self.auto_status())
        self._more.set()

    def plan(self, what: Callable[[], None], after_lines: int) -> None:
        """Call `what` once so many more lines have come out."""
        self._plans.append((self._lines_out + after_lines, what))

    def plan_fault(self, fault: ReceiptFault, after_lines: int) -> None:
        """Let `fault` happen once so many more lines have come out."""
        self.plan(lambda: self.set_faults(*self.faults, fault), after_lines)

    def say(self, data: bytes) -> None:
        """Send `data` unasked."""
        self._wire.write(data)

    def let_go_ids(self) -> None:
        """The computer reads at last: of the ids that were kept back only the newest is left."""
        if self._held_id:
            self.say(self._held_id)
        self._held_id = b""

    def auto_status(self) -> bytes:
        """The four bytes of automatic status as it is now."""
        first = 0x10 | self._bit("cover_open", 0x20) | (0x08 if self._is_offline() else 0)
        error = self._bit("cutter", 0x08) | self._bit("unrecoverable", 0x20) | self._bit("too_hot", 0x40)
        paper = self._bit("near_end", 0x03) | self._bit("paper_end", 0x0F)
        return bytes([first, error, paper, 0])

    def real_time(self, n: int) -> bytes:
        """The answer to `DLE EOT n`."""
        error = self._bit("cutter", 0x40) | self._bit("unrecoverable", 0x40) | self._bit("too_hot", 0x40)
        bits = {
            1: 0x08 if self._is_offline() else 0,
            2: self._bit("cover_open", 0x04) | self._bit("paper_end", 0x20) | error,
            3: self._bit("cutter", 0x08) | self._bit("unrecoverable", 0x20) | self._bit("too_hot", 0x40),
            4: self._bit("near_end", 0x0C) | self._bit("paper_end", 0x60),
        }
        return bytes([0x12 | bits[n]])

    def _bit(self, fault: ReceiptFault, bits: int) -> int:
        return bits if fault in self.faults else 0

    def _is_offline(self) -> bool:
        return bool(self.faults & (_STOPS | {"cutter"}))

    def _lose_memory(self) -> None:
        self._queue: deque[Command] = deque()
        self._arrived = self._begun = b""
        self._page, self._shown = 0, ""
        self._held_id = b""
        self._more = asyncio.Event()

    # what arrives

    def _received(self, data: bytes) -> None:
        at_once, rest, self._arrived = split_real_time(self._arrived + data)
        for command in at_once:
            self._obey_at_once(command)
        commands, self._begun = read_commands(self._begun + rest)
        self._queue += commands
        self._more.set()

    def _obey_at_once(self, command: RealTimeCommand) -> None:
        match command.name, command.arguments[0]:
            case "DLE EOT", (1 | 2 | 3 | 4) as n:
                self._answer(self.real_time(n))
            case "DLE DC4", 1:
                self.drawer_kicks += 1
            case "DLE ENQ", 2:
                self._queue.clear()

    def _answer(self, answer: bytes) -> None:
        if "silent" in self.faults:
            return
        if self.auto:  # mixed: automatic status may come at any time, so let it come just before the answer
            self.say(self.auto_status())
        if "late" in self.faults:
            asyncio.get_running_loop().call_later(LATE_S, self.say, answer)
            return
        self.say(answer * 2 if "twice" in self.faults else answer)

    # what comes out

    async def _print(self) -> None:
        while True:
            more = self._more
            more.clear()
            while self._queue and not self.faults & _STOPS and not self._cutter_hinders():
                command = self._queue.popleft()
                self.printed += command.raw
                if self._obey(command):
                    self._line_is_out()
                    await asyncio.sleep(self._line_s)
            with suppress(TimeoutError):
                async with asyncio.timeout(0.05):  # a power cut makes a new event
                    await more.wait()

    def _cutter_hinders(self) -> bool:
        return "cutter" in self.faults and self._queue[0].name == "GS V"

    def _line_is_out(self) -> None:
        self._lines_out += 1
        due = [what for at, what in self._plans if at <= self._lines_out]
        self._plans = [(at, what) for at, what in self._plans if at > self._lines_out]
        for what in due:
            what()

    def _obey(self, command: Command) -> bool:
        """Do what is its turn; whether paper moved."""
        match command.name:
            case "text":
                self._shown += decoded(command.arguments, self._page)
            case "LF" | "ESC d":
                self._feed(1 if command.name == "LF" else command.arguments[0])
                return True
            case "GS k" if command.arguments[0] == CODE128:
                self.lines.append(f"[barcode {_bars(command.arguments[2:])}]")
                return True
            case "GS V":
                self.slips.append(self.lines)
                self.lines = []
                return True
            case "unknown":
                self.unknown.append(command.raw)
            case _:
                self._set(command)
        return False

    def _feed(self, lines: int) -> None:
        self.lines.append(self._shown)
        self.lines += [""] * (lines - 1)
        self._shown = ""

    def _set(self, command: Command) -> None:
        match command.name:
            case "ESC @":
                self._page, self._shown = 0, ""
            case "ESC t":
                self._page = command.arguments[0]
            case "ESC p":
                self.drawer_kicks += 1
            case "GS a":
                self.auto = bool(command.arguments[0])
                if self.auto:
                    self.say(self.auto_status())
            case "GS r" | "GS I" if self._knows_in_order and "silent" not in self.faults:
                self.say(bytes([self._bit("near_end", 0x03) | self._bit("paper_end", 0x0C)]))
            case "GS (" if command.arguments[0:1] == b"H" and command.arguments[1:5] == PROCESS_ID:
                self._send_id(b'7"' + command.arguments[5:9] + b"\x00")

    def _send_id(self, answer: bytes) -> None:
        if self._ids == "held":
            self._held_id = answer
        elif self._ids == "prompt" and "silent" not in self.faults:
            self.say(answer)


def on_pty(link: Path) -> Callable[[Received], Wire]:
    """A printer on a serial line that the agent finds at `link`."""
    return lambda received: PtyWire(received, link)


def on_usb(path: Path) -> Callable[[Received], Wire]:
    """A USB printer whose node, as `usblp` makes one, is the socket at `path`."""
    return lambda received: SeqpacketWire(received, path)


def _bars(data: bytes) -> str:
    """What a reader reads of CODE128 data in set B: `{B` chooses the set, `{{` is a brace."""
    return data.removeprefix(b"{B").replace(b"{{", b"{").decode("latin-1")
