"""A ZPL label printer behind a print queue: it takes labels and tells nothing back (device_protocols 9.6)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from devices.driver import Proof, Report, Surroundings
from devices.drivers.zpl_settings import ZplPrinterSettings
from devices.readings import Alerts, PrinterStatus
from devices.session import States
from devices.transports import ConnectRefused, DeviceUnreachable, TransportLost
from devices.transports.print_queue import PrintQueueFault, RawQueue

NOTE = "It prints through a queue, which tells nothing of its labels: scan each one."


class ZplQueue:
    """Every label on it is settled by a scan or a person: taken by the queue is not printed."""

    def __init__(self, name: str, queue: str, settings: ZplPrinterSettings, around: Surroundings) -> None:
        self.name = name
        self.dpi: int = settings.dpi
        self.stock = settings.stock
        self.proof: Proof = settings.proof
        self.confirm_timeout_s = settings.confirm_timeout_s
        self.alerts = Alerts()
        self._queue, self._settings, self._around = queue, settings, around
        self._one_at_a_time = asyncio.Lock()

    async def run(self, report: Report) -> None:
        """Look every `status_interval_s` whether the queue takes labels."""
        states = States(self.name, report)
        while True:
            try:
                async with self.connect():
                    states.ready(f"'{self.name}' is ready. {NOTE}")
            except DeviceUnreachable as fault:
                states.away(fault.sentence, fault.next_step)
            await self._around.sleep(self._settings.status_interval_s)

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[QueueLink]:
        """The queue, while it is idle. Raises ConnectRefused: a label would wait in it and come out at any time."""
        async with self._one_at_a_time:
            queue = RawQueue(self._queue)  # type: ignore[no-untyped-call]
            try:
                why_not = await asyncio.to_thread(queue.why_not)
            except PrintQueueFault as fault:
                raise ConnectRefused(fault.sentence, fault.next_step) from fault
            if why_not is not None:
                raise ConnectRefused(*why_not)
            yield QueueLink(self.name, queue, self._around)


class QueueLink:
    """One caller's turn at the queue."""

    def __init__(self, device: str, queue: RawQueue, around: Surroundings) -> None:
        self._device, self._queue, self._around = device, queue, around

    async def status(self) -> PrinterStatus | None:
        """None: nothing comes back."""
        return None

    async def label_count(self) -> int | None:
        """None: nothing comes back."""
        return None

    async def resolution_dpi(self) -> int | None:
        """None: nothing comes back."""
        return None

    async def fault(self) -> tuple[str, str] | None:
        """None: nothing comes back."""
        return None

    async def hidden_fault(self) -> tuple[str, str] | None:
        """None: nothing comes back."""
        return None

    async def send(self, data: bytes) -> None:
        """Give `data` to the queue. On TransportLost nobody knows how much of it will be printed."""
        self._around.tap(self._device, "out", data, self._around.clock())
        try:
            await asyncio.to_thread(self._queue.output, data)
        except PrintQueueFault as fault:
            raise TransportLost(fault.sentence, fault.next_step) from fault
