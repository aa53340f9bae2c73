"""A ZPL label printer on TCP port 9100, USB or a serial line (device_protocols 9). It serves one caller at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple

from devices.driver import Driver, Printer, Proof, Report, Surroundings
from devices.drivers.zpl_link import SHOWN_BYTES, ZplLink
from devices.drivers.zpl_settings import ZplPrinterSettings
from devices.protocols.ieee1284 import device_id_in
from devices.protocols.zpl import MAX_ALERT, alert_of
from devices.protocols.zpl_conditions import PrinterConditions, Trouble
from devices.readings import Alerts
from devices.recorder import TapedTransport
from devices.session import States
from devices.transports import (
    ConnectRefused,
    DeviceUnreachable,
    SerialTransport,
    TcpTransport,
    Transport,
    TransportLost,
    UsbPrinterTransport,
    listen_for_lines,
    nodes_of,
)

if TYPE_CHECKING:
    from devices.discovery import Finder

log = logging.getLogger(__name__)

FIND_S = 3.0
"""How long the network is searched for a printer that is not where it was."""
FIND_AGAIN_S = 30.0
CANNOT_TELL = "It does not tell its state: look at it, and scan each label."


class Address(NamedTuple):
    """Where a printer on the network is."""

    host: str
    port: int


class ZplPrinter:
    """Reports its own state while idle, and lends its only connection to whoever prints.

    With `serial` set, nobody but the printer with that serial number is talked to: where another one answers, or
    nobody does, `finder` looks for it on the network.
    """

    def __init__(
        self, name: str, settings: ZplPrinterSettings, around: Surroundings, finder: Finder | None = None
    ) -> None:
        self.name = name
        self.dpi: int = settings.dpi
        self.stock = settings.stock
        self.proof: Proof = settings.proof
        self.confirm_timeout_s = settings.confirm_timeout_s
        self.alerts = Alerts()
        self._settings, self._around, self._finder = settings, around, finder
        self._at_first = self._address = Address(settings.host or "", settings.port)
        self._find_again_at = 0.0
        self._one_connection = asyncio.Lock()
        # A line holds what a program before us asked for and did not read; a new TCP connection holds nothing.
        self._is_line = settings.way != "host"
        self._in_step = not self._is_line
        self._tells_errors = True
        self._unknown: tuple[str, ...] = ()
        self._not_zpl = ""

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
                    await self._judge(link, states)
            except DeviceUnreachable as fault:
                states.away(fault.sentence, fault.next_step)
                self._tells_errors = True
            await self._around.sleep(self._settings.status_interval_s)

    async def _hear(self, address: str) -> None:
        await listen_for_lines(self.name, address, lambda: self._address.host, self._heard, MAX_ALERT)

    def _heard(self, line: bytes) -> None:
        kind = alert_of(line, self._settings.alert_completed)
        log.info("printer %s says: %r", self.name, line[:SHOWN_BYTES])
        field = {"completed": "completed", "restart": "restarts", "error": "errors"}.get(kind or "")
        if field is not None:
            self.alerts = self.alerts._replace(**{field: getattr(self.alerts, field) + 1})

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[ZplLink]:
        """Wait for the printer's only connection and hold it; it is closed and the peer's close awaited at the end.

        Raises ConnectRefused: then surely no byte of a label was sent.
        """
        async with self._one_connection:
            link = await self._open()
            try:
                yield link
            finally:
                self._in_step = link.in_step or not self._is_line
                self._tells_errors = link.tells_errors
                await link.close()

    async def _open(self) -> ZplLink:
        if self._settings.host is None:
            return await self._open_link(self._line())
        refusal: ConnectRefused | None = None
        for address in dict.fromkeys((self._address, self._at_first)):
            try:
                link = await self._open_at(address)
            except ConnectRefused as error:
                refusal = refusal or error
            else:
                self._address = address
                return link
        assert refusal is not None
        return await self._open_elsewhere(refusal)

    async def _open_at(self, address: Address) -> ZplLink:
        """A connection to the printer that is meant. Raises ConnectRefused, also when another one answers."""
        link = await self._open_link(TcpTransport(self.name, *address, self._settings.connect_timeout_s))
        if self._settings.serial is None:
            return link
        async with AsyncExitStack() as unless_it_is_the_one:
            unless_it_is_the_one.push_async_callback(link.close)
            try:
                said = await link.serial_number()
                if said == self._settings.serial:
                    unless_it_is_the_one.pop_all()
                    return link
                fault = await link.fault() if said is None else None
            except TransportLost as lost:  # only questions were on their way
                raise ConnectRefused(lost.sentence, lost.next_step) from lost
            raise ConnectRefused(*(fault or self._not_that_one(address, said)))

    async def _open_elsewhere(self, refusal: ConnectRefused) -> ZplLink:
        """Look for the printer by its serial number. Raises `refusal` when it is not found."""
        if self._settings.serial is None or self._around.clock() < self._find_again_at:
            raise refusal
        self._find_again_at = self._around.clock() + FIND_AGAIN_S
        from devices import discovery  # noqa: PLC0415 -- only a station that follows a printer pays for it

        try:
            found = await (self._finder or discovery.find_printers)(FIND_S)
        except discovery.NoDiscovery as missing:
            raise ConnectRefused(refusal.sentence, f"{refusal.next_step} {missing}") from refusal
        for printer in found:
            if printer.serial == self._settings.serial:
                link = await self._open_at(Address(printer.host, printer.port))
                self._address = Address(printer.host, printer.port)
                log.warning("printer %s was at %s and is now at %s", self.name, self._at_first, self._address)
                return link
        raise refusal

    async def _open_link(self, transport: Transport) -> ZplLink:
        taped = TapedTransport(self.name, transport, self._around.tap, self._around.clock)
        await taped.open()
        if isinstance(transport, UsbPrinterTransport):
            self._see_id(transport.device_id())
        return ZplLink(
            self.name,
            taped,
            self._around.clock,
            self._settings.answer_timeout_s,
            line=self._is_line,
            in_step=self._in_step,
            tells_errors=self._tells_errors,
        )

    def _line(self) -> Transport:
        settings = self._settings
        if settings.serial_port is not None:
            return SerialTransport(
                self.name, settings.serial_port, settings, flow=settings.flow, setting="serial_port"
            )
        usb = settings.usb_node
        key = "usb" if settings.node is None else "node"
        return UsbPrinterTransport(
            self.name, lambda: nodes_of(self.name, usb, "usbmisc"), str(usb), f"devices.{self.name}.{key}"
        )

    def _see_id(self, raw: bytes) -> None:
        """A printer that names its languages and not ZPL would print labels as text; some name them wrongly."""
        told = device_id_in(raw)
        self._not_zpl = (
            f"It says that it understands {', '.join(told.languages)[:SHOWN_BYTES]} and does not name ZPL."
            if told.speaks_zpl is False
            else ""
        )

    def _not_that_one(self, address: Address, said: str | None) -> Trouble:
        where = f"The printer at {address.host} port {address.port}"
        if said is None:
            return (
                f"{where} does not say its serial number, so nothing is sent to it.",
                f"See that it is idle; if it has no serial number to tell, take devices.{self.name}.serial away.",
            )
        return (
            f"{where} is not '{self.name}': its serial number is {said!r} and not {self._settings.serial!r}.",
            f"The agent looks for the right one on the network; or correct devices.{self.name}.host or serial.",
        )

    async def _judge(self, link: ZplLink, states: States) -> None:
        status = await link.status()
        if status is None:
            link.tells_errors = True
            fault = await link.fault()
            if fault is None and self.proof == "scan":
                states.ready(f"'{self.name}' is ready. {CANNOT_TELL}")
            else:
                states.away(*(fault or self._says_nothing()))
        elif status.trouble is not None:
            states.away(*status.trouble)
        else:
            await self._judge_conditions(link, states)

    async def _judge_conditions(self, link: ZplLink, states: States) -> None:
        """Errors that the host status does not tell, and warnings; asked of a printer that answers such questions."""
        said = await link.conditions()
        if said is not None and said.unknown != self._unknown:
            self._unknown = said.unknown
            log.warning(
                "printer %s reports what no manual tells of: %s", self.name, ", ".join(said.unknown) or "nothing"
            )
        if said is not None and said.trouble is not None:
            states.away(*said.trouble)
        else:
            states.ready(f"'{self.name}' is ready. {self._note(said)}".rstrip())

    def _note(self, said: PrinterConditions | None) -> str:
        moved = (
            f"It is at {self._address.host} port {self._address.port} and no longer at {self._at_first.host} port "
            f"{self._at_first.port}: give it a fixed address, or correct devices.{self.name}.host."
            if self._address != self._at_first
            else ""
        )
        return " ".join(filter(None, (moved, self._not_zpl, said.note if said else "")))

    def _says_nothing(self) -> Trouble:
        return (
            f"The label printer '{self.name}' is connected but does not answer.",
            "Look at it: are labels and ribbon in, is the head closed, does its lamp show a fault?",
        )


def _build(name: str, settings: ZplPrinterSettings, around: Surroundings) -> Printer:
    if settings.queue is None:
        return ZplPrinter(name, settings, around)
    from devices.drivers.zpl_queue import ZplQueue  # noqa: PLC0415 -- only a station with a print queue pays for it

    return ZplQueue(name, settings.queue, settings, around)


DRIVER = Driver("zpl_printer", "printer", ZplPrinterSettings, _build)
