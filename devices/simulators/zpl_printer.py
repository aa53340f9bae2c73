"""A ZPL printer on a TCP socket (device_protocols 8.1, 9): serves one connection at a time and prints what it gets.

Every `^XA … ^XZ` is one label, printed `^PQ` times by its `Engine`. Its power can be cut after any byte of a label.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from devices.simulators.wire import KeptPort
from devices.simulators.zpl_engine import ERRORS, PRINTER_FAULTS, Engine, PrinterFault, When

__all__ = ["PRINTER_FAULTS", "PrinterFault", "When", "ZplPrinterSimulator"]

MAX_FORMAT = 1 << 20
MAX_QUEUED = 64
READ_SIZE = 4096
IDENTITY = b"\x02WarehouseSim,V85.20.19,%d,8192KB,X\x03\r\n"

_TOKEN = re.compile(rb'\^XA|\^XZ|~HS|~HI|~JA|! U1 getvar "([^"\r\n]{1,64})"\r?\n')
_LONGEST_TOKEN = 80


class ZplPrinterSimulator:
    """`labels` holds each whole label that came out, the newest last; `torn` what a fault or a power cut tore.

    `silent_in_error` is what the manual says of ~HS in an error state; without it the printer answers as newer
    firmware does. `counts` is whether it has an odometer. `alerts_to` is where it sends its own messages. With
    `looks_idle` it does not tell of the label under its head. A question that holds `deaf_to` gets no answer.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        print_s: float = 0.05,
        label_count: int = 0,
        silent_in_error: bool = False,
        reprints: bool = True,
        obeys_jz: bool = True,
        counts_torn: bool = False,
        counts: bool = True,
        dots_per_mm: int = 8,
        label_length_dots: int = 1245,
        alerts_to: tuple[str, int] | None = None,
        looks_idle: bool = False,
        deaf_to: bytes = b"",
    ) -> None:
        self._folder = folder
        self._engine = Engine(
            folder,
            print_s=print_s,
            label_count=label_count,
            reprints=reprints,
            obeys_jz=obeys_jz,
            counts_torn=counts_torn,
        )
        self._engine.on_printed = lambda: self._tell("ALERT: PQ JOB COMPLETED")
        self.silent_in_error = silent_in_error
        self.alerts_to = alerts_to
        self.plugged = False
        self._port = KeptPort()
        self.formats_received = 0
        self._looks_idle, self._deaf_to = looks_idle, deaf_to
        self._counts, self._dots_per_mm, self._label_length_dots = counts, dots_per_mm, label_length_dots
        self._cut_at: int | None = None
        self._label_bytes = 0
        self._pending = b""
        self._format: bytes | None = None
        self._late: list[bytes] = []
        self._server: asyncio.Server | None = None
        self._serving: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._telling: set[asyncio.Task[None]] = set()
        self._one_at_a_time = asyncio.Lock()
        self._printing: asyncio.Task[None] | None = None

    @property
    def address(self) -> dict[str, str | int]:
        """The settings with which the agent reaches it."""
        return {"host": "127.0.0.1", "port": self.port}

    @property
    def labels(self) -> list[bytes]:
        """Every whole label that came out."""
        return self._engine.labels

    @property
    def torn(self) -> list[bytes]:
        """Every label that was interrupted."""
        return self._engine.torn

    @property
    def port(self) -> int:
        """Where it listens when it has power."""
        return self._port.number

    @property
    def label_count(self) -> int:
        """What the odometer says."""
        return self._engine.label_count

    @property
    def faults(self) -> frozenset[PrinterFault]:
        """What is wrong with it now."""
        return self._engine.faults

    @property
    def idle(self) -> bool:
        """Whether it holds nothing to print."""
        return not self._engine.queue and self._format is None

    async def start(self) -> None:
        """Switch it on."""
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
        await self.replug()

    async def stop(self) -> None:
        """Switch it off for good."""
        await self.unplug()
        self._port.give_back()
        await asyncio.gather(*self._telling)

    async def unplug(self) -> None:
        """Cut its power: connections break, and what it had not printed is lost."""
        self._lose_power()
        if self._ending:
            await asyncio.wait(self._ending)

    async def replug(self) -> None:
        """Give it power again: same port, empty memory, the counter kept."""
        if self._server is not None:
            return
        await self.unplug()
        self._printing = asyncio.create_task(self._engine.run(), name="simulated printer")
        self._server = await self._port.listen(self._accept)
        self.plugged = True
        self._tell("ALERT: POWER ON")

    async def power_cycle(self) -> None:
        """Off and on again."""
        await self.unplug()
        await self.replug()

    def set_faults(self, *faults: PrinterFault) -> None:
        """Exactly these faults hold from now on; none mends everything."""
        for fault in ERRORS.intersection(faults).difference(self.faults):
            self._tell(f"ERROR CONDITION: {fault.replace('_', ' ').upper()}")
        self._engine.set_faults(*faults)

    def plan(self, what: Callable[[], None], when: When) -> None:
        """Call `what` before, during or after the next label."""
        self._engine.plan(what, when)

    def plan_fault(self, fault: PrinterFault, when: When) -> None:
        """Let `fault` happen before, during or after the next label."""
        self.plan(lambda: self.set_faults(*self.faults, fault), when)

    def plan_power_cut(self, when: int | When) -> None:
        """Let the power fail once so many bytes of the next label have arrived, or around its printing."""
        if isinstance(when, int):
            self._cut_at, self._label_bytes = when, 0
        else:
            self.plan(self._lose_power, when)

    def lose_counter(self) -> None:
        """From now on it does not know how many labels it has printed."""
        self._counts = False

    def forget(self) -> None:
        """Drop what it holds, as its cancel key does."""
        self._engine.queue.clear()
        self._format = None

    def print_from_elsewhere(self, label: bytes) -> None:
        """Another computer prints `label` over the printer's other interface."""
        self._engine.take(label)

    def _lose_power(self) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        self.plugged = False
        server.close()
        for serving, writer in self._serving.items():
            writer.transport.abort()
            serving.cancel()
        if self._printing is not None:
            self._printing.cancel()
            self._ending = {self._printing, *self._serving}
        self._engine.lose_power()
        self._pending, self._format, self._cut_at = b"", None, None

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer), name="connection to the simulated printer")
        self._serving[task] = writer
        task.add_done_callback(self._serving.pop)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError):
                async with self._one_at_a_time:
                    await self._listen(reader, writer)
        finally:
            writer.close()

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._late = []
        while True:
            data = await reader.read(READ_SIZE)
            await self._engine.until(lambda: not self._deaf())
            if not data or not self.plugged:
                return
            for answer in self._take(self._before_the_cut(data)):
                writer.write(answer)
            if not self._label_bytes_left():
                self._lose_power()
            await writer.drain()

    def _deaf(self) -> bool:
        return "half_open" in self.faults or len(self._engine.queue) >= MAX_QUEUED

    def _before_the_cut(self, data: bytes) -> bytes:
        """What of `data` arrives before the planned power cut."""
        start = 0 if self._label_bytes else data.find(b"^XA")
        if self._cut_at is None or start < 0:
            return data
        arrived = data[: start + self._cut_at - self._label_bytes]
        self._label_bytes += len(data) - start
        return arrived

    def _label_bytes_left(self) -> bool:
        return self._cut_at is None or not self._label_bytes or self._label_bytes < self._cut_at

    def _take(self, data: bytes) -> list[bytes]:
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
        if self._deaf_to and self._deaf_to in token.group():
            return []
        match token.group():
            case b"^XA" if self._format is None:
                self._format = b"^XA"
                self.formats_received += 1
            case b"^XA":
                self._keep(b"^XA")
            case b"^XZ" if self._format is not None:
                self._engine.take(self._format + b"^XZ")
                self._format = None
            case b"^XZ":
                pass
            case b"~JA":
                self.forget()
            case b"~HS":
                return self._spoken(self._host_status())
            case b"~HI":
                return self._spoken(IDENTITY % self._dots_per_mm)
            case _:
                known = self._counts and token[1] == b"odometer.total_label_count"
                return self._spoken(b'"%d"' % self.label_count if known else b'"?"')
        return []

    def _spoken(self, answer: bytes) -> list[bytes]:
        """The answer as its faults leave it."""
        if "silent" in self.faults or (self.silent_in_error and self.faults & ERRORS):
            return []
        if "garbage" in self.faults:
            return [b"\x00\xff\x02,,,\x03?"]
        if "wrong" in self.faults:
            return [b'"7"' if answer[:1] == b"\x02" else self._host_status()]
        if "late" in self.faults:
            answer, self._late = b"".join(self._late), [answer]
        if "flood" in self.faults:
            answer *= 200
        return [answer[: len(answer) // 2] if "cut" in self.faults else answer]

    def _host_status(self) -> bytes:
        paper, pause, full, hot, head, ribbon = (
            int(fault in self.faults)
            for fault in ("paper_out", "paused", "buffer_full", "over_temperature", "head_open", "ribbon_out")
        )
        # The batch that is printing counts by its labels, those behind it as formats in the buffer.
        queue = self._engine.queue
        waiting = max(0, len(queue) - 1)
        remaining = queue[0].remaining if queue and not self._looks_idle else 0
        partial = int(self._format is not None)
        return (
            f"\x02030,{paper},{pause},{self._label_length_dots:04},{waiting:03},{full},0,{partial},000,0,0,{hot}"
            "\x03\r\n"
            f"\x02{ribbon:03},0,{head},{ribbon},{ribbon},2,4,0,{remaining:08},1,000\x03\r\n"
            "\x021234,0\x03\r\n"
        ).encode("ascii")

    def _tell(self, message: str) -> None:
        """Send a message to whoever is set to hear them; a printer does not mind when nobody does."""
        if self.alerts_to is not None:
            task = asyncio.create_task(self._call(self.alerts_to, message), name="message of the simulated printer")
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def _call(self, address: tuple[str, int], message: str) -> None:
        with suppress(OSError):
            _, writer = await asyncio.open_connection(*address)
            writer.write(f"{message} [2030-05-06 07:08:09] [SIM1]\r\n".encode())
            await writer.drain()
            writer.close()
            await writer.wait_closed()
