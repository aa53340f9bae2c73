"""A ZPL label printer on TCP port 9100 (device_protocols 9). It serves one connection at a time, and so do we."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from devices.driver import Clock, Driver, Report, Sleep
from devices.line_settings import Host, TcpPort
from devices.protocols.zpl import HOST_STATUS, LABEL_COUNT, SgdValue, ZplAnswers
from devices.readings import BadFrame, PrinterStatus
from devices.session import States
from devices.transports import ConnectRefused, DeviceUnreachable, TcpTransport, TransportLost

log = logging.getLogger(__name__)

SHOWN_BYTES = 80  # enough of a bad answer to recognise it in the log

AnswerType = TypeVar("AnswerType", PrinterStatus, SgdValue)


class ZplPrinterSettings(BaseModel):
    """A `[devices.NAME]` section with `driver = "zpl_printer"`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    driver: Literal["zpl_printer"] = "zpl_printer"
    host: Host
    port: TcpPort = 9100
    dpi: Literal[203, 300, 600] = 203
    status_interval_s: Annotated[float, Field(ge=0.02, le=3600)] = 5.0
    connect_timeout_s: Annotated[float, Field(ge=0.05, le=60)] = 3.0
    answer_timeout_s: Annotated[float, Field(ge=0.05, le=60)] = 2.0
    confirm_timeout_s: Annotated[float, Field(ge=0.1, le=3600)] = 20.0


class ZplPrinter:
    """Reports its own state while idle, and lends its only connection to whoever prints."""

    def __init__(self, name: str, settings: ZplPrinterSettings, clock: Clock, sleep: Sleep) -> None:
        self.name = name
        self.dpi: int = settings.dpi
        self.confirm_timeout_s = settings.confirm_timeout_s
        self._settings, self._clock, self._sleep = settings, clock, sleep
        self._one_connection = asyncio.Lock()

    async def run(self, report: Report) -> None:
        """Ask for the status every `status_interval_s`, between the labels."""
        states = States(self.name, report)
        while True:
            try:
                async with self.connect() as link:
                    self._judge(await link.status(), states)
            except DeviceUnreachable as fault:
                states.away(fault.sentence, fault.next_step)
            await self._sleep(self._settings.status_interval_s)

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[ZplLink]:
        """Wait for the printer's only connection and hold it; it is closed and the peer's close awaited at the end.

        Raises ConnectRefused: then surely no byte was sent.
        """
        async with self._one_connection:
            transport = TcpTransport(
                self.name, self._settings.host, self._settings.port, self._settings.connect_timeout_s
            )
            await transport.open()
            try:
                yield ZplLink(self.name, transport, self._clock, self._settings.answer_timeout_s)
            finally:
                await transport.close()

    def _judge(self, status: PrinterStatus | None, states: States) -> None:
        if status is None:
            # Most firmware does not answer while it lacks labels or ribbon or its head is open (9.1).
            states.away(
                f"The label printer '{self.name}' is connected but does not answer.",
                "Look at it: are labels and ribbon in, is the head closed, does its lamp show a fault?",
            )
        elif status.trouble is not None:
            states.away(*status.trouble)
        else:
            states.ready()


class ZplLink:
    """One connection to a printer, held by one caller. Every method raises TransportLost when it breaks."""

    def __init__(self, device: str, transport: TcpTransport, clock: Clock, answer_timeout_s: float) -> None:
        self._device, self._transport, self._clock = device, transport, clock
        self._answer_timeout_s = answer_timeout_s
        self._answers = ZplAnswers(device)
        self._in_step = True

    async def status(self) -> PrinterStatus | None:
        """The host status; None when there is no answer in time."""
        return await self._ask(HOST_STATUS, PrinterStatus)

    async def label_count(self) -> int | None:
        """Labels printed in the printer's life; None without an answer in time or without a counter."""
        value = await self._ask(LABEL_COUNT, SgdValue)
        return None if value is None else value.number

    async def send(self, data: bytes) -> None:
        """Hand over all of `data`. On TransportLost an unknown part of it arrived."""
        await self._transport.write(data)

    async def _ask(self, question: bytes, kind: type[AnswerType]) -> AnswerType | None:
        if not self._in_step:
            await self._start_over()
        try:
            async with asyncio.timeout(self._answer_timeout_s):
                await self._transport.write(question)
                while True:
                    for value in self._answers.feed(await self._transport.read(), self._clock()):
                        if isinstance(value, kind):
                            return value
                        self._note(value)
        except TimeoutError:
            self._in_step = False
            return None

    async def _start_over(self) -> None:
        """A late answer cannot be told from the next one, and would be false evidence: use a new connection."""
        await self._transport.close()
        try:
            await self._transport.open()
        except ConnectRefused as refusal:  # for the caller bytes may have gone out before, so this is no refusal
            raise TransportLost(refusal.sentence, refusal.next_step) from refusal
        self._answers = ZplAnswers(self._device)
        self._in_step = True

    def _note(self, value: PrinterStatus | SgdValue | BadFrame) -> None:
        raw = value.raw if isinstance(value, BadFrame) else repr(value).encode()
        log.warning("printer %s: passed over what was not asked for: %r", self._device, raw[:SHOWN_BYTES])


DRIVER = Driver("zpl_printer", "printer", ZplPrinterSettings, ZplPrinter)
