"""An ESC/POS receipt printer on TCP, a serial line or a USB printer node (device_protocols 11)."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from devices.driver import Driver, NotPrinted, PrintDoubt, Printed, Report, SlipOutcome, Surroundings
from devices.drivers.receipt_link import ReceiptLink
from devices.line_settings import Host, Path, SerialLine, TcpPort, UsbIds, UsbNode, UsbSerial, UsbSocket
from devices.protocols.esc_pos import (
    ID_LENGTH,
    INITIALISE,
    PAPER_IN_ORDER,
    ReceiptStatus,
    forbidden,
    process_id_request,
)
from devices.readings import DeviceState
from devices.recorder import TapedTransport
from devices.session import Heard, States, keep_talking
from devices.transports import (
    SerialTransport,
    TcpTransport,
    Transport,
    TransportLost,
    UsbPrinterTransport,
    nodes_of,
    read_waiting,
)

MISSES_UNTIL_AWAY = 2  # a printer that is just cutting may miss one question
LOOK_AT_IT = "Look at the slip. Is it missing or torn, print it again: a second slip does no harm."
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

Confirm = Literal["process_id", "status", "nothing"]


class ReceiptPrinterSettings(SerialLine):
    """A `[devices.NAME]` section with `driver = "receipt_printer"`: `port`, or `tcp_host`, or `usb` or `node`."""

    driver: Literal["receipt_printer"] = "receipt_printer"
    port: Path | None = None
    tcp_host: Host | None = None
    tcp_port: TcpPort = 9100
    usb: UsbIds | None = None
    serial: UsbSerial | None = None
    usb_port: UsbSocket | None = None
    node: Path | None = None
    columns: Annotated[int, Field(ge=24, le=80)] = 42
    profile: Annotated[str, Field(pattern=r"^[A-Za-z0-9+. _-]{1,40}$")] = "default"
    cutter: bool = True
    confirm: Confirm = "status"
    status_interval_s: Annotated[float, Field(ge=0.02, le=3600)] = 5.0
    connect_timeout_s: Annotated[float, Field(ge=0.05, le=60)] = 3.0
    answer_timeout_s: Annotated[float, Field(ge=0.05, le=60)] = 1.0
    confirm_timeout_s: Annotated[float, Field(ge=0.1, le=600)] = 20.0

    @model_validator(mode="after")
    def _one_line(self) -> Self:
        ways = (self.port, self.tcp_host, self.usb, self.node)
        if sum(way is not None for way in ways) != 1:
            raise PydanticCustomError("line", "set port, tcp_host, usb or node: exactly one of the four")
        return self


class ReceiptPrinterDevice:
    """Watches the printer on a line that stays open, and prints one slip at a time on it."""

    def __init__(self, name: str, settings: ReceiptPrinterSettings, around: Surroundings) -> None:
        self.name, self.columns, self.profile = name, settings.columns, settings.profile
        self.cutter = settings.cutter
        self._settings, self._around = settings, around
        self._transport = TapedTransport(name, _transport(name, settings), around.tap, around.clock)
        self._turn = asyncio.Lock()
        self._link: ReceiptLink | None = None
        self._away = NotPrinted(f"The receipt printer '{name}' is not connected yet.", "Wait a moment.")
        self._last_ident = int(around.clock() * 1000)  # so that a mark of the run before is none of ours

    async def run(self, report: Report) -> None:
        """Ask for the status every `status_interval_s`; come back by itself after power-off or unplug."""

        def said(state: DeviceState) -> None:
            self._away = NotPrinted(state.sentence, state.next_step)
            report(state)

        states = States(self.name, said)

        async def talk(heard: Heard) -> None:
            pace_s = 0.0 if self._settings.port is None else 10 / self._settings.baudrate
            self._link = ReceiptLink(
                self.name, self._transport, self._around, self._settings.answer_timeout_s, pace_s
            )
            try:
                await self._watch(self._link, states, heard)
            finally:
                self._link = None

        await keep_talking(self._transport, talk, states, self._around.sleep)

    async def print(self, data: bytes) -> SlipOutcome:
        """Print one slip and say what is known of it. Raises ValueError for data that is no slip."""
        if (why := forbidden(data)) is not None:
            raise ValueError(f"this is no slip: {why}")
        async with self._turn:
            link = self._link
            if link is None:
                return self._away
            try:
                hindered = await self._hindrance(link)
            except TransportLost as lost:
                return NotPrinted(lost.sentence, lost.next_step)
            if hindered is not None:
                return hindered
            try:
                return await self._send(link, data)
            except TransportLost as lost:
                return PrintDoubt(f"The line broke while the slip was on its way: {lost.sentence}", LOOK_AT_IT)

    async def _watch(self, link: ReceiptLink, states: States, heard: Heard) -> None:
        misses = 0
        while True:
            async with self._turn:
                status = await self._look(link)
            misses = 0 if isinstance(status, ReceiptStatus) else misses + 1
            if status == "unasked" or misses == 0:
                heard()
            if status == "unasked":
                states.ready(f"'{self.name}' is connected; it does not tell its state.")
            elif isinstance(status, ReceiptStatus):
                self._judge(status, states)
            elif misses >= MISSES_UNTIL_AWAY:
                states.away(*self._silent())
            await self._around.sleep(self._settings.status_interval_s)

    async def _look(self, link: ReceiptLink) -> ReceiptStatus | Literal["unasked"] | None:
        if self._settings.confirm == "nothing":
            await read_waiting(self._transport)  # notices that the line is gone
            return "unasked"
        return await link.status()

    def _judge(self, status: ReceiptStatus, states: States) -> None:
        if status.trouble is not None:
            states.away(*status.trouble)
        elif status.notice is not None:
            states.ready(*status.notice)
        else:
            states.ready()

    async def _hindrance(self, link: ReceiptLink) -> NotPrinted | None:
        """Why nothing can be printed now. A printer that does not answer may lack paper, so it gets nothing."""
        status = await self._look(link)
        if status == "unasked":
            return None
        if status is None:
            return NotPrinted(*self._silent())
        return None if status.trouble is None else NotPrinted(*status.trouble)

    async def _send(self, link: ReceiptLink, data: bytes) -> SlipOutcome:
        ident = self._next_ident()
        mark = {"process_id": process_id_request(ident), "status": PAPER_IN_ORDER, "nothing": b""}
        link.start_slip()
        await link.send(INITIALISE + data + mark[self._settings.confirm])
        if self._settings.confirm == "nothing":
            return PrintDoubt(f"The slip was sent to '{self.name}', which does not tell what it prints.", LOOK_AT_IT)
        return await self._wait_for_mark(link, ident)

    async def _wait_for_mark(self, link: ReceiptLink, ident: bytes) -> SlipOutcome:
        """Until the mark behind the slip comes back, the printer is in trouble, or it takes too long."""
        deadline = self._around.clock() + self._settings.confirm_timeout_s
        answers, by_id = True, self._settings.confirm == "process_id"
        while self._around.clock() < deadline:
            if by_id and ident in link.idents:
                return Printed("process_id")
            if link.disturbed is not None:
                return _torn(link.disturbed)
            await link.listen(self._settings.answer_timeout_s)
            status = await link.status()
            answers = status is not None
            if status is not None and not by_id and link.marks and link.disturbed is None:
                return self._by_status(link, status)
        if by_id and ident in link.idents:
            return Printed("process_id")
        why = "did not confirm the slip" if answers else "stopped answering while the slip was on its way"
        return PrintDoubt(
            f"The receipt printer '{self.name}' {why}, within {self._settings.confirm_timeout_s:g} s.", LOOK_AT_IT
        )

    def _by_status(self, link: ReceiptLink, after: ReceiptStatus) -> SlipOutcome:
        """Worked off, and in order afterwards. More answers than questions are no evidence."""
        if after.trouble is not None:
            return _torn(after)
        if link.marks == 1:
            return Printed("status")
        return PrintDoubt(f"The receipt printer '{self.name}' answered what was not asked.", LOOK_AT_IT)

    def _silent(self) -> tuple[str, str]:
        return (
            f"The receipt printer '{self.name}' is connected but does not answer.",
            "Look at it: is it on, is paper in, is the cover closed? For a model that never answers set confirm.",
        )

    def _next_ident(self) -> bytes:
        self._last_ident += 1
        number, digits = self._last_ident, ""
        for _ in range(ID_LENGTH):
            number, digit = divmod(number, len(_DIGITS))
            digits = _DIGITS[digit] + digits
        return digits.encode("ascii")


def _torn(status: ReceiptStatus) -> PrintDoubt:
    what = status.trouble or ("The receipt printer was disturbed.", "")
    return PrintDoubt(
        f"{what[0][:-1]}, and the slip was not finished.", " ".join(filter(None, (what[1], LOOK_AT_IT)))
    )


def _transport(name: str, settings: ReceiptPrinterSettings) -> Transport:
    if settings.tcp_host is not None:
        return TcpTransport(name, settings.tcp_host, settings.tcp_port, settings.connect_timeout_s)
    if settings.port is not None:
        return SerialTransport(name, settings.port, settings)
    usb = UsbNode(usb=settings.usb, serial=settings.serial, usb_port=settings.usb_port, node=settings.node)
    setting = f"devices.{name}.{'usb' if settings.usb else 'node'}"
    return UsbPrinterTransport(name, lambda: nodes_of(name, usb, "usbmisc"), str(usb), setting)


DRIVER = Driver("receipt_printer", "receipt_printer", ReceiptPrinterSettings, ReceiptPrinterDevice)
