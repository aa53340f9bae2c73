"""A ZPL label printer on TCP port 9100 (device_protocols 9). It serves one connection at a time, and so do we."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Literal, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from devices.driver import Clock, Driver, Proof, Report, Surroundings
from devices.line_settings import Host, TcpPort
from devices.protocols.zpl import (
    HOST_IDENTITY,
    HOST_STATUS,
    LABEL_COUNT,
    MAX_ALERT,
    ZplAnswers,
    alert_of,
)
from devices.protocols.zpl_facts import PrinterIdentity, SgdValue
from devices.readings import Alerts, PrinterStatus, Stock
from devices.recorder import TapedTransport
from devices.session import States
from devices.transports import (
    ConnectRefused,
    DeviceUnreachable,
    TcpTransport,
    Transport,
    TransportLost,
    listen_for_lines,
    read_waiting,
)

log = logging.getLogger(__name__)

SHOWN_BYTES = 80  # enough of a bad answer to recognise it in the log

AnswerType = TypeVar("AnswerType", PrinterStatus, SgdValue, PrinterIdentity)


def _stock_of(text: object) -> object:
    """`812x1218` as a Stock."""
    if isinstance(text, str) and (found := re.fullmatch(r"(\d{2,5})x(\d{2,5})", text)):
        return Stock(int(found[1]), int(found[2]))
    raise PydanticCustomError("stock", "must be width x length in dots, such as 812x1218")


class ZplPrinterSettings(BaseModel):
    """A `[devices.NAME]` section with `driver = "zpl_printer"`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    driver: Literal["zpl_printer"] = "zpl_printer"
    host: Host
    port: TcpPort = 9100
    dpi: Literal[203, 300, 600] = 203
    stock: Annotated[Stock | None, BeforeValidator(_stock_of)] = None
    proof: Proof = "counter"
    alert_listen: Annotated[str, Field(pattern=r"^[^\s:]{1,253}:\d{1,5}$")] | None = None
    alert_completed: Annotated[str, Field(min_length=3, max_length=60)] = "PQ JOB COMPLETED"
    status_interval_s: Annotated[float, Field(ge=0.02, le=3600)] = 5.0
    connect_timeout_s: Annotated[float, Field(ge=0.05, le=60)] = 3.0
    answer_timeout_s: Annotated[float, Field(ge=0.05, le=60)] = 2.0
    confirm_timeout_s: Annotated[float, Field(ge=0.1, le=3600)] = 20.0

    @model_validator(mode="after")
    def _alerts_need_an_ear(self) -> Self:
        if self.proof == "alert" and self.alert_listen is None:
            raise PydanticCustomError("alert", 'needs alert_listen when proof = "alert"')
        return self


class ZplPrinter:
    """Reports its own state while idle, and lends its only connection to whoever prints."""

    def __init__(self, name: str, settings: ZplPrinterSettings, around: Surroundings) -> None:
        self.name = name
        self.dpi: int = settings.dpi
        self.stock = settings.stock
        self.proof: Proof = settings.proof
        self.confirm_timeout_s = settings.confirm_timeout_s
        self.alerts = Alerts()
        self._settings, self._around = settings, around
        self._one_connection = asyncio.Lock()

    async def run(self, report: Report) -> None:
        """Ask for the status every `status_interval_s`, between the labels, and hear its own messages if set to."""
        async with asyncio.TaskGroup() as group:
            if self._settings.alert_listen is not None:
                group.create_task(self._hear(self._settings.alert_listen), name=f"messages of {self.name}")
            group.create_task(self._watch(States(self.name, report)), name=f"state of {self.name}")

    async def _watch(self, states: States) -> None:
        while True:
            try:
                async with self.connect() as link:
                    self._judge(await link.status(), states)
            except DeviceUnreachable as fault:
                states.away(fault.sentence, fault.next_step)
            await self._around.sleep(self._settings.status_interval_s)

    async def _hear(self, address: str) -> None:
        await listen_for_lines(self.name, address, self._settings.host, self._heard, MAX_ALERT)

    def _heard(self, line: bytes) -> None:
        kind = alert_of(line, self._settings.alert_completed)
        log.info("printer %s says: %r", self.name, line[:SHOWN_BYTES])
        field = {"completed": "completed", "restart": "restarts", "error": "errors"}.get(kind or "")
        if field is not None:
            self.alerts = self.alerts._replace(**{field: getattr(self.alerts, field) + 1})

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[ZplLink]:
        """Wait for the printer's only connection and hold it; it is closed and the peer's close awaited at the end.

        Raises ConnectRefused: then surely no byte was sent.
        """
        async with self._one_connection:
            transport = self._taped(
                TcpTransport(self.name, self._settings.host, self._settings.port, self._settings.connect_timeout_s)
            )
            await transport.open()
            try:
                yield ZplLink(self.name, transport, self._around.clock, self._settings.answer_timeout_s)
            finally:
                await transport.close()

    def _taped(self, transport: Transport) -> Transport:
        return TapedTransport(self.name, transport, self._around.tap, self._around.clock)

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
    """One connection to a printer, held by one caller. Every method raises TransportLost when it breaks.

    Answers carry nothing that says which question they belong to. So an answer counts only when it is the single one
    after its question; one that comes late, twice or unasked puts the connection out of step, and nothing that is
    heard on it counts any more: the next question opens another.
    """

    def __init__(self, device: str, transport: Transport, clock: Clock, answer_timeout_s: float) -> None:
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

    async def resolution_dpi(self) -> int | None:
        """Dots per inch of its head; None without an answer in time."""
        identity = await self._ask(HOST_IDENTITY, PrinterIdentity)
        return None if identity is None else identity.dpi

    async def send(self, data: bytes) -> None:
        """Hand over all of `data`, on a connection whose answers count. On TransportLost an unknown part arrived."""
        if not self._in_step:
            await self._start_over()
        await self._transport.write(data)

    async def _ask(self, question: bytes, kind: type[AnswerType]) -> AnswerType | None:
        if not self._in_step:
            await self._start_over()
        self._in_step = False
        try:
            async with asyncio.timeout(self._answer_timeout_s):
                unasked = self._answers.feed(await read_waiting(self._transport), self._clock())
                if unasked or self._answers.midway:
                    self._note(repr(unasked).encode())
                    return None
                await self._transport.write(question)
                while not (heard := self._answers.feed(await self._transport.read(), self._clock())):
                    pass
        except TimeoutError:
            return None
        if len(heard) == 1 and isinstance(heard[0], kind):
            self._in_step = True
            return heard[0]
        self._note(repr(heard[0]).encode())
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

    def _note(self, heard: bytes) -> None:
        log.warning("printer %s said what was not asked for: %r", self._device, heard[:SHOWN_BYTES])


DRIVER = Driver("zpl_printer", "printer", ZplPrinterSettings, ZplPrinter)
