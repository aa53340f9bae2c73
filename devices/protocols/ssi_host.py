"""The host's side of SSI: acknowledges every code, knows a retransmission, sends one command at a time.

A code that arrives twice is two codes, unless its second packet says that it is a retransmission (status bit 0) of
the one before and comes when the scanner would send it again.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from devices.protocols.codes import AIM, MAX_SCAN, reading
from devices.protocols.ssi import (
    ACK,
    BEEP,
    CONTINUED,
    DECODE_DATA,
    EVENT,
    NAK,
    PARAM_SEND,
    RESEND,
    RETRANSMITTED,
    SHORTEST,
    Damaged,
    Packet,
    SsiFrames,
    packet,
)
from devices.readings import BadFrame, Scan

GAP_S = 0.2
"""Between two bytes of one packet, even at 1200 baud behind a slow adapter; a longer pause ends what was begun."""
TRIES = 3
MAX_WAITING = 8  # commands; more beeps than that help nobody
MAX_RETRANSMISSION_GAPS = 2
"""A scanner sends a packet again one response timeout later; one of its two repetitions may be lost."""

PACKETED = bytes.fromhex("FFEE01")
"""Parameter EE = 1, without a beep: codes in packets (device_protocols 5.3)."""

NEVER_CAME = "its last packets never came: scan it again"
TORN = "it may be the rest of a code whose first packets came long before: scan it again"

_SYMBOLOGIES: Final = {
    0x03: "]C0", 0x0F: "]C1", 0x08: "]E0", 0x09: "]E0", 0x0B: "]E0", 0x0A: "]E4",
    0x48: "]E3", 0x88: "]E3", 0x4B: "]E3", 0x8B: "]E3",
}  # fmt: skip
"""Code types whose AIM identifier is sure. The others have one with a modifier that the type does not tell."""


@dataclass(slots=True)
class _Command:
    opcode: int
    data: bytes
    sent: int = 0
    due_at: float = 0.0


class SsiHost:
    """Packets to codes, and what to send back. Holds at most MAX_SCAN bytes of a code and MAX_WAITING commands."""

    def __init__(self, device: str, response_s: float = 2.0, *, type_in_each: bool = True) -> None:
        """`response_s` is the scanner's serial response timeout; `type_in_each` packet of a long code is its type."""
        self._device, self._response_s, self._type_in_each = device, response_s, type_in_each
        self._frames = SsiFrames()
        self._commands: deque[_Command] = deque()
        self._out = bytearray()
        self._last: Packet | None = None
        self._last_at = 0.0
        self._code = bytearray()
        self._going_on = False
        self._bytes_at = 0.0
        self._torn_until = 0.0
        self.answers: bool | None = None
        """Whether the scanner speaks SSI: not known until it said a packet or left a command unanswered."""
        self.raw = False
        """Whether something came that is no packet: the scanner may have forgotten how to send them."""

    def connected(self, t_mono: float) -> list[Scan | BadFrame]:
        """Begin on a new line. What was sent last is remembered, for it may be sent once more."""
        self._frames = SsiFrames()
        self._commands.clear()
        self._out.clear()
        self.answers = None
        self.enable_packets()
        return self._torn(t_mono)

    def tell(self, opcode: int, data: bytes = b"") -> None:
        """Send a command as soon as those before it were answered; the oldest goes when too many wait."""
        if len(self._commands) == MAX_WAITING:
            del self._commands[1]
        self._commands.append(_Command(opcode, data))

    def enable_packets(self) -> None:
        """Let the scanner send its codes in packets until it loses power."""
        self.raw = False
        if not any(command.opcode == PARAM_SEND for command in self._commands):
            self.tell(PARAM_SEND, PACKETED)

    def beep(self, code: int) -> None:
        """Let the scanner beep (device_protocols 5.3, beep codes)."""
        self.tell(BEEP, bytes([code]))

    def feed(self, data: bytes, t_mono: float) -> list[Scan | BadFrame]:
        """The codes that `data`, read at `t_mono` seconds, completes. Ask `output` afterwards."""
        said = self.expire(t_mono)
        self._bytes_at = t_mono
        return said + [value for each in self._frames.feed(data) for value in self._heard(each, t_mono)]

    def expire(self, t_mono: float) -> list[Scan | BadFrame]:
        """What the time that passed has ended."""
        said: list[Scan | BadFrame] = []
        if self._frames.begun and t_mono >= self._bytes_at + GAP_S:
            said += [value for each in self._frames.expire() for value in self._heard(each, t_mono)]
        if self._going_on and t_mono >= self._rest_due_at():
            said += self._torn(t_mono)
        return said

    def output(self, t_mono: float) -> tuple[bytes, bytes]:
        """What to send now: answers at once, and after them the command that is due, if any."""
        answers = bytes(self._out)
        self._out.clear()
        command = self._commands[0] if self._commands else None
        if command is None or t_mono < command.due_at:
            return answers, b""
        if command.sent == TRIES:
            self.answers = False
            self._commands.clear()  # the others wait for a scanner that does not answer
            return answers, b""
        status = RETRANSMITTED if command.sent else 0
        command.sent, command.due_at = command.sent + 1, t_mono + self._response_s
        return answers, packet(command.opcode, command.data, status)

    def wait_s(self, t_mono: float) -> float | None:
        """How long at most to wait for bytes before `expire` and `output` have something to do."""
        ends = [self._commands[0].due_at] if self._commands else []
        ends += [self._bytes_at + GAP_S] if self._frames.begun else []
        ends += [self._rest_due_at()] if self._going_on else []
        return max(0.0, min(ends) - t_mono) if ends else None

    def _rest_due_at(self) -> float:
        return self._last_at + MAX_RETRANSMISSION_GAPS * self._response_s + GAP_S

    def _heard(self, each: Packet | Damaged, t_mono: float) -> list[Scan | BadFrame]:
        if isinstance(each, Damaged):
            if each.resend:
                self._out += packet(NAK, bytes([RESEND]))
                self._forget_last_unless_repeated(each.raw)
            self.raw = self.raw or not each.resend
            return [self._bad(each.raw, each.why, t_mono)]
        self.answers = True
        if each.opcode == DECODE_DATA:
            self._out += packet(ACK)
            return self._decoded(each, t_mono)
        if each.opcode == EVENT:
            self._out += packet(ACK)
        elif each.opcode in (ACK, NAK) and self._commands and self._commands[0].sent:
            self._answered(each)
        return []

    def _answered(self, each: Packet) -> None:
        if each.opcode == NAK and each.data[:1] == bytes([RESEND]) and self._commands[0].sent < TRIES:
            self._commands[0].due_at = 0.0
        else:  # done, or refused: the scanner will not do it however often it is told
            self._commands.popleft()

    def _decoded(self, each: Packet, t_mono: float) -> list[Scan | BadFrame]:
        plain = Packet(each.opcode, each.status & ~RETRANSMITTED, each.data)
        again = bool(each.status & RETRANSMITTED) and plain == self._last and t_mono <= self._rest_due_at()
        self._last, self._last_at = plain, t_mono
        if again:
            return []
        if not each.data:
            return [self._bad(b"", "a packet without a code", t_mono)]
        data = each.data[1:] if self._going_on and self._type_in_each else each.data
        if self._going_on and self._type_in_each and each.data[0] != self._code[0]:
            cut_short = [self._bad(bytes(self._code), NEVER_CAME, t_mono)]
            self._forget_code()
            return cut_short + self._add(each.data, t_mono, more=bool(each.status & CONTINUED))
        return self._add(data, t_mono, more=bool(each.status & CONTINUED))

    def _forget_last_unless_repeated(self, raw: bytes) -> None:
        """What comes again now is the damaged packet, so it is no repetition of the one before that."""
        if len(raw) >= SHORTEST and not raw[SHORTEST - 1] & RETRANSMITTED:
            self._last = None

    def _add(self, data: bytes, t_mono: float, *, more: bool) -> list[Scan | BadFrame]:
        self._going_on = more
        self._code += data[: MAX_SCAN + 2 - len(self._code)]
        if more:
            return []
        code = bytes(self._code)
        self._forget_code()
        if len(code) > MAX_SCAN + 1:
            return [self._bad(code[:MAX_SCAN], f"longer than {MAX_SCAN} bytes", t_mono)]
        if t_mono <= self._torn_until:
            self._torn_until = 0.0
            return [self._bad(code, TORN, t_mono)]
        aim = b"" if AIM.match(code[1:]) else _SYMBOLOGIES.get(code[0], "").encode("ascii")
        return [reading(self._device, aim + code[1:], b"", t_mono)]

    def _torn(self, t_mono: float) -> list[Scan | BadFrame]:
        """Give up a code of which the rest is missing; it may still come, and would look like a code of its own."""
        if not self._going_on:
            return []
        code = bytes(self._code)
        self._forget_code()
        self._torn_until = t_mono + MAX_RETRANSMISSION_GAPS * self._response_s
        return [self._bad(code, NEVER_CAME, t_mono)]

    def _forget_code(self) -> None:
        self._code.clear()
        self._going_on = False

    def _bad(self, raw: bytes, why: str, t_mono: float) -> BadFrame:
        return BadFrame(self._device, raw, why, t_mono)
