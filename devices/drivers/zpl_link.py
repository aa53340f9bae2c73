"""One connection to a ZPL printer, and which of its answers count (device_protocols 9)."""

from __future__ import annotations

import asyncio
import logging
from typing import TypeVar

from devices.driver import Clock
from devices.protocols.zpl import (
    ERROR_STATUS,
    HOST_IDENTITY,
    HOST_STATUS,
    LABEL_COUNT,
    ODOMETER,
    SERIAL_NUMBER,
    SYSTEM_STATUS,
    UNIQUE_ID,
    Answer,
    ZplAnswers,
)
from devices.protocols.zpl_conditions import PrinterConditions, Trouble, conditions_of
from devices.protocols.zpl_facts import Odometer, PrinterIdentity, SerialNumber, SgdValue
from devices.readings import BadFrame, PrinterStatus
from devices.transports import ConnectRefused, Transport, TransportLost, read_waiting

log = logging.getLogger(__name__)

SHOWN_BYTES = 80  # enough of a bad answer to recognise it in the log
LONGEST_LISTENING = 5
"""So many times the wait for an answer a line is listened to until it is silent."""

AnswerType = TypeVar(
    "AnswerType", PrinterStatus, PrinterConditions, SgdValue, PrinterIdentity, Odometer, SerialNumber
)


class ZplLink:
    """One connection to a printer, held by one caller. Every method raises TransportLost when it breaks.

    Answers carry nothing that says which question they belong to. So an answer counts only when it is the single one
    after its question; one that comes late, twice or unasked puts the connection out of step, and nothing that is
    heard on it counts any more: the next question opens another. A serial or USB `line` cannot be opened anew in
    that sense: there the next question waits until the line was silent for as long as an answer may take.
    """

    def __init__(
        self,
        device: str,
        transport: Transport,
        clock: Clock,
        answer_timeout_s: float,
        *,
        line: bool = False,
        in_step: bool = True,
        tells_errors: bool = True,
    ) -> None:
        """`tells_errors` is whether it is asked for its errors; False once it did not answer."""
        self._device, self._transport, self._clock = device, transport, clock
        self._answer_timeout_s, self._line = answer_timeout_s, line
        self._answers = ZplAnswers(device)
        self.in_step, self.tells_errors = in_step, tells_errors

    async def status(self) -> PrinterStatus | None:
        """The host status; None when there is no answer in time."""
        return await self._ask(HOST_STATUS, PrinterStatus)

    async def label_count(self) -> int | None:
        """Labels printed in the printer's life; None without an answer in time or without a counter."""
        value = await self._ask(LABEL_COUNT, SgdValue)
        return None if value is None else value.number

    async def resolution_dpi(self) -> int | None:
        """Dots per inch of its head; None without an answer in time."""
        identity = await self.identity()
        return None if identity is None else identity.dpi

    async def identity(self) -> PrinterIdentity | None:
        """Model, firmware, head and memory; None without an answer in time."""
        return await self._ask(HOST_IDENTITY, PrinterIdentity)

    async def conditions(self) -> PrinterConditions | None:
        """Its errors and warnings; None without an answer in time. Who does not know `~HQES` is asked no more."""
        said = await self._ask(ERROR_STATUS, PrinterConditions) if self.tells_errors else None
        self.tells_errors = said is not None
        return said

    async def hidden_fault(self) -> Trouble | None:
        """What keeps it from printing and `~HS` does not tell; None when it names nothing."""
        said = await self.conditions()
        return None if said is None else said.hindrance

    async def odometer(self) -> Odometer | None:
        """How much it has printed; None without an answer in time."""
        return await self._ask(ODOMETER, Odometer)

    async def serial_number(self) -> str | None:
        """Its serial number, by the value of newer printers or by `~HQSN`; None without an answer in time."""
        value = await self._ask(UNIQUE_ID, SgdValue)
        if value is not None and value.name is not None:
            return value.name
        said = await self._ask(SERIAL_NUMBER, SerialNumber)
        return None if said is None else said.text

    async def fault(self) -> Trouble | None:
        """Why it gives no host status; asked at once and on this connection. None when it does not say.

        Most firmware does not answer `~HS` while labels, ribbon or head need a hand, and answers these (9.1, 9.2).
        A late host status may come in between, so afterwards the connection is out of step: this proves no label.
        """
        self.in_step = False
        answers = ZplAnswers(self._device)
        try:
            async with asyncio.timeout(self._answer_timeout_s):
                await self._transport.write(ERROR_STATUS + SYSTEM_STATUS)
                while True:
                    for said in answers.feed(await self._transport.read(), self._clock()):
                        if (conditions := _conditions(said)) is not None:
                            return conditions.trouble
        except TimeoutError:
            return None

    async def send(self, data: bytes) -> None:
        """Hand over all of `data`, on a connection whose answers count. On TransportLost an unknown part arrived."""
        if not self.in_step:
            await self._start_over()
        await self._transport.write(data)

    async def close(self) -> None:
        """Close it, and wait until the printer knows."""
        await self._transport.close()

    async def _ask(self, question: bytes, kind: type[AnswerType]) -> AnswerType | None:
        if not self.in_step:
            await self._start_over()
        self.in_step = False
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
            self.in_step = True
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
        if self._line:
            await self._listen_until_silent()
        self._answers = ZplAnswers(self._device)
        self.in_step = True

    async def _listen_until_silent(self) -> None:
        over = self._clock() + LONGEST_LISTENING * self._answer_timeout_s
        while self._clock() < over:
            try:
                async with asyncio.timeout(self._answer_timeout_s):
                    await self._transport.read()
            except TimeoutError:
                return

    def _note(self, heard: bytes) -> None:
        log.warning("printer %s said what was not asked for: %r", self._device, heard[:SHOWN_BYTES])


def _conditions(said: Answer | BadFrame) -> PrinterConditions | None:
    match said:
        case PrinterConditions():
            return said
        case SgdValue(text):
            return conditions_of(text)
        case _:
            return None
