"""A ZPL printer on a TCP socket (device_protocols 8.1, 9): serves one connection at a time and prints what it gets.

It may have a USB and a serial interface besides. Its power can be cut after any byte of a label.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from devices.simulators.wire import KeptPort
from devices.simulators.zpl_engine import ERRORS, PRINTER_FAULTS, Engine, PrinterFault, When
from devices.simulators.zpl_speech import Manners, Speech
from devices.simulators.zpl_wires import SerialInterface, UsbInterface

__all__ = ["PRINTER_FAULTS", "PrinterFault", "When", "ZplPrinterSimulator"]

MAX_QUEUED = 64
READ_SIZE = 4096


class ZplPrinterSimulator:
    """`labels` holds each whole label that came out, the newest last; `torn` what a fault or a power cut tore.

    `alerts_to` is where it sends its own messages; `usb` and `serial_port` are paths where it has such interfaces;
    `manners` are those of `Manners`.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        print_s: float = 0.05,
        label_count: int = 0,
        reprints: bool = True,
        obeys_jz: bool = True,
        counts_torn: bool = False,
        alerts_to: tuple[str, int] | None = None,
        usb: Path | None = None,
        serial_port: Path | None = None,
        **manners: Any,
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
        self.manners = Manners(**manners)
        self.alerts_to = alerts_to
        self.plugged = False
        self._port = KeptPort()
        self.formats_received = 0
        self._cut_at: int | None = None
        self._label_bytes = 0
        self._speech = self._new_speech()
        self._speeches = [self._speech]
        self._others = self._interfaces(usb, serial_port)
        self._server: asyncio.Server | None = None
        self._serving: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._telling: set[asyncio.Task[None]] = set()
        self._one_at_a_time = asyncio.Lock()
        self._printing: asyncio.Task[None] | None = None

    def _interfaces(self, usb: Path | None, serial_port: Path | None) -> list[UsbInterface | SerialInterface]:
        """Those it has beside the network."""
        found: list[UsbInterface | SerialInterface] = []
        if usb is not None:
            found.append(UsbInterface(usb, self._heard_on(self._new_speech())))
        if serial_port is not None:
            found.append(SerialInterface(serial_port, self._heard_on(self._new_speech())))
        return found

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
        return not self._engine.queue and not any(speech.midway for speech in self._speeches)

    @property
    def usb_address(self) -> dict[str, str]:
        """The settings with which the agent reaches its USB interface."""
        return next(each.address for each in self._others if isinstance(each, UsbInterface))

    @property
    def serial_address(self) -> dict[str, str]:
        """The settings with which the agent reaches its serial interface."""
        return next(each.address for each in self._others if isinstance(each, SerialInterface))

    @property
    def waits_for_the_rest(self) -> bool:
        """Whether it holds the beginning of a label whose end did not come."""
        return any(speech.midway for speech in self._speeches)

    async def start(self) -> None:
        """Switch it on."""
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
        await self.replug()

    async def stop(self) -> None:
        """Switch it off for good."""
        await self.unplug()
        for other in self._others:
            await other.stop()
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
        for other in self._others:
            other.power_on()
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
        self.manners.counts = False

    def forget(self) -> None:
        """Drop what it holds, as its cancel key does."""
        self._engine.queue.clear()
        for speech in self._speeches:
            speech.forget()

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
        for speech in self._speeches:
            speech.lose_power()
        for other in self._others:
            other.power_off()
        self._cut_at = None

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
        self._speech.begin_anew()
        while True:
            data = await reader.read(READ_SIZE)
            await self._engine.until(lambda: not self._deaf())
            if not data or not self.plugged:
                return
            for answer in self._hear(self._speech, data):
                writer.write(answer)
            await writer.drain()

    def _new_speech(self) -> Speech:
        return Speech(self._engine, self.manners, self._count_format)

    def _count_format(self) -> None:
        self.formats_received += 1

    def _heard_on(self, speech: Speech) -> Callable[[bytes], Awaitable[list[bytes]]]:
        self._speeches.append(speech)

        async def hear(data: bytes) -> list[bytes]:
            await self._engine.until(lambda: not self._deaf())
            return self._hear(speech, data) if self.plugged else []

        return hear

    def _hear(self, speech: Speech, data: bytes) -> list[bytes]:
        answers = speech.hear(self._before_the_cut(data))
        if not self._label_bytes_left():
            self._lose_power()
            return []
        return answers

    def _deaf(self) -> bool:
        """Whether it reads nothing now; what is sent to it then waits on the wire."""
        held = sum(len(batch.label) for batch in self._engine.queue)
        full = len(self._engine.queue) >= MAX_QUEUED or held >= self.manners.memory
        return "half_open" in self.faults or full

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
