"""A ZPL printer on a TCP socket (device_protocols 8.1, 9): prints into a list and, if asked, into a folder.

Every `^XA … ^XZ` is one label, printed `^PQ` times. `^JZ` is not known to it: a label that a fault interrupted
is printed from its start once the fault is mended, and counted once.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

PrinterFault = Literal[
    "paper_out",
    "head_open",
    "ribbon_out",
    "paused",
    "over_temperature",
    "buffer_full",
    "silent",
    "cut",
    "garbage",
    "half_open",
]

PRINTER_FAULTS: dict[PrinterFault, str] = {
    "paper_out": "no labels left",
    "head_open": "the head is open",
    "ribbon_out": "no ribbon left",
    "paused": "someone pressed pause",
    "over_temperature": "the head is too hot",
    "buffer_full": "the memory is full and nothing is printed",
    "silent": "takes everything and never answers",
    "cut": "every answer ends in the middle",
    "garbage": "every answer is noise",
    "half_open": "the connection stands, but nobody reads it any more",
}
"""Every fault of the printer, in words."""

When = Literal["before", "during", "after"]

ERRORS: frozenset[PrinterFault] = frozenset(
    {"paper_out", "head_open", "ribbon_out", "paused", "over_temperature", "buffer_full"}
)

MAX_FORMAT = 1 << 20
MAX_QUEUED = 64
LABELS_KEPT = 10_000
READ_SIZE = 4096

_TOKEN = re.compile(rb'\^XA|\^XZ|~HS|~HI|~JA|! U1 getvar "([^"\r\n]{1,64})"\r?\n')
_LONGEST_TOKEN = 80
_QUANTITY = re.compile(rb"\^PQ(\d{1,4})")


@dataclass
class _Batch:
    """One format and how many labels of it are still to come."""

    label: bytes
    remaining: int


class ZplPrinterSimulator:
    """Serves one connection at a time; `labels` holds each printed label's exact bytes, the newest last.

    `silent_in_error` is what the manual says of ~HS in an error state; without it the printer answers as newer
    firmware does.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        print_s: float = 0.05,
        label_count: int = 0,
        silent_in_error: bool = False,
    ) -> None:
        self._folder, self._print_s = folder, print_s
        self.labels: list[bytes] = []
        self.label_count = label_count
        self.silent_in_error = silent_in_error
        self.faults: frozenset[PrinterFault] = frozenset()
        self.plugged = False
        self.port = 0
        self._planned: tuple[PrinterFault, When] | None = None
        self._changed = asyncio.Event()
        self._pending = b""
        self._format: bytes | None = None
        self._queue: deque[_Batch] = deque()
        self._server: asyncio.Server | None = None
        self._serving: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._one_at_a_time = asyncio.Lock()
        self._printing: asyncio.Task[None] | None = None

    @property
    def address(self) -> dict[str, str | int]:
        """The settings with which the agent reaches it."""
        return {"host": "127.0.0.1", "port": self.port}

    async def start(self) -> None:
        """Switch it on."""
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
        await self.replug()

    async def stop(self) -> None:
        """Switch it off for good."""
        await self.unplug()

    async def unplug(self) -> None:
        """Cut its power: connections break, and what it had not printed is lost."""
        server, self._server = self._server, None
        if server is None or self._printing is None:
            return
        self.plugged = False
        server.close()
        for serving, writer in self._serving.items():
            serving.cancel()
            writer.transport.abort()
        self._printing.cancel()
        await asyncio.wait([self._printing, *self._serving])
        await server.wait_closed()
        self._queue.clear()
        self._pending, self._format = b"", None

    async def replug(self) -> None:
        """Give it power again: same port, empty memory, the counter kept."""
        if self._server is not None:
            return
        self._printing = asyncio.create_task(self._print_for_ever(), name="simulated printer")
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        self.plugged = True

    async def power_cycle(self) -> None:
        """Off and on again."""
        await self.unplug()
        await self.replug()

    def set_faults(self, *faults: PrinterFault) -> None:
        """Exactly these faults hold from now on; none mends everything."""
        self.faults = frozenset(faults)
        self._changed.set()

    def plan_fault(self, fault: PrinterFault, when: When) -> None:
        """Let `fault` happen before, during or after the next label."""
        self._planned = (fault, when)

    def print_from_elsewhere(self, label: bytes) -> None:
        """Another computer prints `label` over the printer's other interface."""
        self._enqueue(label)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving[task] = writer
        try:
            with suppress(ConnectionError):
                async with self._one_at_a_time:
                    await self._listen(reader, writer)
        finally:
            del self._serving[task]
            writer.close()

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            data = await reader.read(READ_SIZE)
            await self._until(lambda: not self._deaf())
            if not data:
                return
            for answer in self._take(data):
                writer.write(answer)
            await writer.drain()

    def _deaf(self) -> bool:
        return "half_open" in self.faults or len(self._queue) >= MAX_QUEUED

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
        match token.group():
            case b"^XA" if self._format is None:
                self._format = b"^XA"
            case b"^XA":
                self._keep(b"^XA")
            case b"^XZ" if self._format is not None:
                self._enqueue(self._format + b"^XZ")
                self._format = None
            case b"^XZ":
                pass
            case b"~JA":
                self._queue.clear()
                self._format = None
            case b"~HS":
                return self._spoken(self._host_status())
            case b"~HI":
                return self._spoken(b"\x02WarehouseSim,V85.20.19,8,8192KB,X\x03\r\n")
            case _:
                counts = token[1] == b"odometer.total_label_count"
                return self._spoken(b'"%d"' % self.label_count if counts else b'"?"')
        return []

    def _enqueue(self, label: bytes) -> None:
        quantity = _QUANTITY.search(label)
        self._queue.append(_Batch(label, max(1, int(quantity[1])) if quantity else 1))
        self._changed.set()

    def _spoken(self, answer: bytes) -> list[bytes]:
        if "silent" in self.faults or (self.silent_in_error and self.faults & ERRORS):
            return []
        if "garbage" in self.faults:
            return [b"\x00\xff\x02,,,\x03?"]
        return [answer[: len(answer) // 2] if "cut" in self.faults else answer]

    def _host_status(self) -> bytes:
        paper, pause, full, hot, head, ribbon = (
            int(fault in self.faults)
            for fault in ("paper_out", "paused", "buffer_full", "over_temperature", "head_open", "ribbon_out")
        )
        # The batch that is printing counts by its labels, those behind it as formats in the buffer.
        waiting = max(0, len(self._queue) - 1)
        remaining = self._queue[0].remaining if self._queue else 0
        partial = int(self._format is not None)
        return (
            f"\x02030,{paper},{pause},1245,{waiting:03},{full},0,{partial},000,0,0,{hot}\x03\r\n"
            f"\x02{ribbon:03},0,{head},{ribbon},{ribbon},2,4,0,{remaining:08},1,000\x03\r\n"
            "\x021234,0\x03\r\n"
        ).encode("ascii")

    async def _print_for_ever(self) -> None:
        while True:
            await self._until(lambda: bool(self._queue) and not self.faults & ERRORS)
            self._happen("before")
            if not self.faults & ERRORS:
                await self._print(self._queue[0])

    async def _print(self, batch: _Batch) -> None:
        await asyncio.sleep(self._print_s / 2)
        self._happen("during")
        if self.faults & ERRORS:
            return
        await asyncio.sleep(self._print_s / 2)
        if self.faults & ERRORS or not self._queue or self._queue[0] is not batch:
            return
        self._come_out(batch.label)
        batch.remaining -= 1
        if not batch.remaining:
            self._queue.popleft()
        self._changed.set()
        self._happen("after")

    def _come_out(self, label: bytes) -> None:
        self.label_count += 1
        self.labels.append(label)
        del self.labels[:-LABELS_KEPT]
        if self._folder is not None:
            number = max((int(path.stem) for path in self._folder.glob("*.zpl")), default=0) + 1
            fresh = self._folder / f"{number:06}.tmp"
            fresh.write_bytes(label)
            fresh.rename(fresh.with_suffix(".zpl"))  # a reader in another process sees a whole label or none

    def _happen(self, when: When) -> None:
        if self._planned is not None and self._planned[1] == when:
            self.set_faults(*self.faults, self._planned[0])
            self._planned = None

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._changed.clear()
            await self._changed.wait()
