"""What is inside a ZPL printer: its memory, its head, its counter, and the paper that comes out.

A label that printing begins and a fault interrupts is torn. `^JZ` decides about it: with Y it is printed again from
its start once the fault is mended, with N it is lost (device_protocols 9.5). A power cut loses all that is in memory.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable
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
    "wrong",
    "late",
    "flood",
    "half_open",
    "cutter_fault",
    "motor_too_hot",
    "bad_head_element",
    "clean_head",
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
    "wrong": "answers another question than was asked",
    "late": "every answer comes one question too late",
    "flood": "says everything many times, also unasked",
    "half_open": "the connection stands, but nobody reads it any more",
    "cutter_fault": "the cutter is stuck, which only ~HQES tells",
    "motor_too_hot": "the motor is too hot, which only ~HQES tells",
    "bad_head_element": "a dot of the head is burnt out; it prints on",
    "clean_head": "it warns that its head is dirty; it prints on",
}
"""Every fault of the printer, in words."""

When = Literal["before", "during", "after", "uncounted"]
"""Before, in the middle of, or after the next label; `uncounted`: it came out and is not counted yet."""

ERRORS: frozenset[PrinterFault] = frozenset(
    {
        "paper_out",
        "head_open",
        "ribbon_out",
        "paused",
        "over_temperature",
        "buffer_full",
        "cutter_fault",
        "motor_too_hot",
    }
)
INTERRUPTS: frozenset[PrinterFault] = frozenset({"paper_out", "head_open", "ribbon_out"})
"""Faults that tear a label; at the others the head stops between two labels."""

LABELS_KEPT = 10_000

_QUANTITY = re.compile(rb"\^PQ(\d{1,4})")
_REPRINT = re.compile(rb"\^JZ([YN])")


@dataclass
class Batch:
    """One format and how many labels of it are still to come."""

    label: bytes
    remaining: int


class Engine:
    """Prints into `labels` (whole ones) and `torn`, and into `folder` if there is one.

    `reprints` is the printer's own `^JZ` at power-on; it follows the labels' own unless `obeys_jz` is False.
    `counts_torn` says whether an interrupted label moves the counter, which the manual does not.
    """

    def __init__(
        self,
        folder: Path | None,
        *,
        print_s: float,
        label_count: int = 0,
        reprints: bool = True,
        obeys_jz: bool = True,
        counts_torn: bool = False,
    ) -> None:
        self._folder, self._print_s = folder, print_s
        self._obeys_jz, self._counts_torn = obeys_jz, counts_torn
        self._reprints_at_start = self._reprints = reprints
        self.labels: list[bytes] = []
        self.torn: list[bytes] = []
        self.label_count = label_count
        self.faults: frozenset[PrinterFault] = frozenset()
        self.queue: deque[Batch] = deque()
        self.changed = asyncio.Event()
        self.on_printed: Callable[[], None] = lambda: None
        self._planned: tuple[Callable[[], None], When] | None = None
        self._head_down_on: bytes | None = None

    def set_faults(self, *faults: PrinterFault) -> None:
        """Exactly these faults hold from now on; none mends everything."""
        self.faults = frozenset(faults)
        self.changed.set()

    def plan(self, what: Callable[[], None], when: When) -> None:
        """Call `what` at a moment of the next label."""
        self._planned = (what, when)

    def take(self, label: bytes) -> None:
        """One whole format was received."""
        quantity = _QUANTITY.search(label)
        self.queue.append(Batch(label, max(1, int(quantity[1])) if quantity else 1))
        self.changed.set()

    def lose_power(self) -> None:
        """What the head was printing is torn; memory and settings are gone; the counter is kept."""
        if self._head_down_on is not None:
            self.label_count += self._counts_torn
            self._tear(self._head_down_on)
        self.queue.clear()
        self._reprints = self._reprints_at_start

    async def run(self) -> None:
        """Print what there is, for ever."""
        while True:
            await self.until(lambda: bool(self.queue) and not self.faults & ERRORS)
            self._happen("before")
            if self.queue and not self.faults & ERRORS:
                await self._print(self.queue[0])

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something changed so that `condition` holds."""
        while not condition():
            self.changed.clear()
            await self.changed.wait()

    async def _print(self, batch: Batch) -> None:
        setting = _REPRINT.search(batch.label)
        if setting and self._obeys_jz:
            self._reprints = setting[1] == b"Y"
        self._head_down_on = batch.label
        try:
            if not await self._lay_down(batch):
                return
        finally:
            self._head_down_on = None
        batch.remaining -= 1
        if not batch.remaining:
            self.queue.popleft()
        if not self.queue:
            self.on_printed()
        self.changed.set()
        self._happen("after")

    async def _lay_down(self, batch: Batch) -> bool:
        """Print one label; False when it was interrupted, or forgotten meanwhile."""
        for when in ("during", None):
            await asyncio.sleep(self._print_s / 2)
            if when == "during":
                self._happen("during")
            if self.faults & INTERRUPTS:
                self._interrupted(batch)
                return False
            if self.faults & ERRORS:
                await self.until(lambda: not self.faults & ERRORS)
            if not self.queue or self.queue[0] is not batch:
                return False
        self._head_down_on = None
        self._come_out(batch.label)
        self._happen("uncounted")
        if not self.queue:
            return False
        self.label_count += 1
        return True

    def _interrupted(self, batch: Batch) -> None:
        self._tear(batch.label)
        self.label_count += self._counts_torn
        if not self._reprints and self.queue and self.queue[0] is batch:
            batch.remaining -= 1
            if not batch.remaining:
                self.queue.popleft()
        self.changed.set()

    def _tear(self, label: bytes) -> None:
        self.torn.append(label)
        self._head_down_on = None

    def _come_out(self, label: bytes) -> None:
        self.labels.append(label)
        del self.labels[:-LABELS_KEPT]
        if self._folder is not None:
            number = max((int(path.stem) for path in self._folder.glob("*.zpl")), default=0) + 1
            fresh = self._folder / f"{number:06}.tmp"
            fresh.write_bytes(label)
            fresh.rename(fresh.with_suffix(".zpl"))  # a reader in another process sees a whole label or none

    def _happen(self, when: When) -> None:
        if self._planned is not None and self._planned[1] == when:
            what, self._planned = self._planned[0], None
            what()
