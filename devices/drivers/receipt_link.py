"""One open line to a receipt printer: one question at a time, and what the printer says in between.

The answer to `DLE EOT n` does not say which n was asked (device_protocols 11.1). So an answer counts only when it is
the single one after its question. One that is late or unasked puts the line out of step: nothing is asked until the
line was quiet for as long as an answer may take.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from devices.driver import Surroundings
from devices.protocols.esc_pos import (
    STATUS_QUESTIONS,
    Answer,
    AutoStatus,
    EscPosAnswers,
    Flow,
    InOrder,
    ProcessId,
    RealTime,
    ReceiptStatus,
    automatic_status,
    status_of,
)
from devices.readings import BadFrame
from devices.transports import Transport, TransportLost, read_waiting

log = logging.getLogger(__name__)

CHUNK = 128
"""Bytes between two looks at the line: a printer that says XOFF has room for more than this (256 is usual)."""
LONGEST_STOP_S = 30.0  # a printer that is stopped so long lacks paper or is off
QUIET_TRIES = 5
SHOWN_BYTES = 80


class ReceiptLink:
    """Every method raises TransportLost when the line breaks. `pace_s` is how long a byte takes on a slow line."""

    def __init__(
        self, device: str, transport: Transport, around: Surroundings, answer_timeout_s: float, pace_s: float
    ) -> None:
        self._device, self._transport, self._around = device, transport, around
        self._answer_timeout_s, self._pace_s = answer_timeout_s, pace_s
        self._answers = EscPosAnswers(device)
        self._in_step = True
        self._stopped = False
        self._believed = _told(ReceiptStatus(device, 0.0))
        self.start_slip()

    def start_slip(self) -> None:
        """Forget what was heard about the slip before."""
        self.idents: set[bytes] = set()
        """The process ids that came back."""
        self.marks = 0
        """Answers to `GS r`."""
        self.disturbed: ReceiptStatus | None = None
        """What tears a slip, as the printer told by itself or when asked."""

    async def status(self) -> ReceiptStatus | None:
        """Its state now; None when one of the four questions has no answer in time.

        A change is believed when a second look after a quiet time says so too. One answer too many shifts all that
        follow by one question, and can be on its way unseen: a network holds back single bytes for 40 ms.
        """
        status = await self._look()
        if status is not None and _told(status) != self._believed:
            first, status = status, await self._look() if await self._quiet() else None
            if first.interrupts:
                self.disturbed = first
        if status is not None:
            self._believed = _told(status)
            if status.interrupts:
                self.disturbed = status
        return status

    async def _look(self) -> ReceiptStatus | None:
        if not self._in_step and not await self._quiet():
            return None
        self._in_step = False
        replies: list[int] = []
        for question in STATUS_QUESTIONS:
            reply = await self._ask(question)
            if reply is None:
                return None
            replies.append(reply)
        self._in_step = True
        printer, cause, error, paper = replies
        return status_of(self._device, (printer, cause, error, paper), self._around.clock())

    async def send(self, data: bytes) -> None:
        """Hand over all of `data`, no faster than the printer takes it. On TransportLost a part of it arrived."""
        for at in range(0, len(data), CHUNK):
            chunk = data[at : at + CHUNK]
            self._heard(await read_waiting(self._transport))
            await self._wait_for_xon()
            await self._transport.write(chunk)
            if self._pace_s:
                await self._around.sleep(len(chunk) * self._pace_s)

    async def listen(self, timeout_s: float) -> bool:
        """Hear what comes next; False when nothing came in `timeout_s` seconds."""
        try:
            async with asyncio.timeout(timeout_s):
                self._heard(await self._transport.read())
        except TimeoutError:
            return False
        return True

    async def _ask(self, question: bytes) -> int | None:
        if self._heard(await read_waiting(self._transport)):
            return None
        await self._transport.write(question)
        try:
            async with asyncio.timeout(self._answer_timeout_s):
                while not (replies := self._heard(await self._transport.read())):
                    pass
        except TimeoutError:
            return None
        return replies[0].bits if len(replies) == 1 else None

    def _heard(self, data: bytes) -> list[RealTime]:
        """Take in what was read; the answers to a question about the state are given back."""
        values = self._answers.feed(data, self._around.clock())
        for value in values:
            self._note(value)
        return [value for value in values if isinstance(value, RealTime)]

    def _note(self, value: Answer | BadFrame) -> None:
        match value:
            case AutoStatus():
                status = automatic_status(self._device, value, self._around.clock())
                if status.interrupts:
                    self.disturbed = status
            case ProcessId(ident, printed=True):
                self.idents.add(ident)
            case InOrder():
                self.marks += 1
            case Flow(stopped):
                self._stopped = stopped
            case BadFrame():
                log.debug("receipt printer %s said %r", self._device, value.raw[:SHOWN_BYTES])

    async def _quiet(self) -> bool:
        """Let late answers go by. What was begun and never ended is forgotten."""
        for _ in range(QUIET_TRIES):
            if not await self.listen(self._answer_timeout_s):
                self._answers = EscPosAnswers(self._device)
                return True
        return False

    async def _wait_for_xon(self) -> None:
        deadline = self._around.clock() + LONGEST_STOP_S
        while self._stopped:
            if self._around.clock() > deadline:
                raise TransportLost(
                    f"'{self._device}' said stop (XOFF) and did not go on within {LONGEST_STOP_S:g} s.",
                    "Look at it: is paper in, is the cover closed?",
                )
            await self.listen(self._answer_timeout_s)


def _told(status: ReceiptStatus) -> ReceiptStatus:
    """The state without its time."""
    return replace(status, t_mono=0.0)
