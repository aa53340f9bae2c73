"""Packets of SSI, the Simple Serial Interface of Symbol and Zebra scanners (device_protocols 5.3).

`LEN OPCODE SRC STATUS [data] CKhi CKlo`: LEN counts without the checksum, which is the 16-bit two's complement
of the byte sum. A packet is cut out by its LEN; what cannot be the head of one is skipped byte by byte.
"""

from __future__ import annotations

from dataclasses import dataclass

ACK, NAK, DECODE_DATA, EVENT = 0xD0, 0xD1, 0xF3, 0xF6
PARAM_SEND, BEEP = 0xC6, 0xE6
RESEND = 1
"""The reason in a NAK that asks for the packet again."""

RETRANSMITTED, CONTINUED = 0x01, 0x02
DECODER, HOST = 0, 4

MAX_PACKET = 257  # LEN is one byte, and two of checksum follow
MAX_GARBAGE = 64  # so much of what is no packet is kept, to be looked at
SHORTEST = 4

# What a decoder says: decode data, event, ACK, NAK, revision, capabilities, parameters, image, video.
_FROM_DECODER = frozenset({DECODE_DATA, EVENT, ACK, NAK, 0xA4, 0xD4, PARAM_SEND, 0xB1, 0xB4})
_STATUS_BITS = 0x0F


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet with a good checksum."""

    opcode: int
    status: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Damaged:
    """Bytes that are no packet. `resend` says whether they were one, which can be asked for again."""

    raw: bytes
    why: str
    resend: bool


def packet(opcode: int, data: bytes = b"", status: int = 0, source: int = HOST) -> bytes:
    """A packet as it goes over the line."""
    body = bytes([SHORTEST + len(data), opcode, source, status]) + data
    return body + (-sum(body) & 0xFFFF).to_bytes(2, "big")


class SsiFrames:
    """Bytes in, packets out. Bounded by the longest packet."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self._garbage = bytearray()

    @property
    def begun(self) -> bool:
        """Whether something waits for the rest of a packet, or to be told of."""
        return bool(self._pending or self._garbage)

    def feed(self, data: bytes) -> list[Packet | Damaged]:
        """What `data` completes."""
        said: list[Packet | Damaged] = []
        self._pending += data
        while self._pending and (size := self._size()) is not None:
            if size == 0:
                self._skip()
                continue
            frame = bytes(self._pending[:size])
            del self._pending[:size]
            said += [*self._told_garbage(), _read(frame)]
        return said

    def expire(self) -> list[Packet | Damaged]:
        """Nothing came for longer than there is between two bytes of a packet: what waits is none, or hides one."""
        cut_short = len(self._pending) > SHORTEST
        said: list[Packet | Damaged] = []
        while self._pending:
            self._skip()
            said += self.feed(b"")
        if cut_short and not said:
            raw = bytes(self._garbage)
            self._garbage.clear()
            return [Damaged(raw, "a packet whose end never came", resend=True)]
        return said + self._told_garbage()

    def _size(self) -> int | None:
        """The bytes of the packet that begins here, 0 when none does, None while that cannot be said."""
        head = self._pending[:SHORTEST]
        possible = (
            head[0] >= SHORTEST
            and (len(head) < 2 or head[1] in _FROM_DECODER)  # noqa: PLR2004 -- each byte as soon as it is there
            and (len(head) < 3 or head[2] == DECODER)  # noqa: PLR2004
            and (len(head) < SHORTEST or head[3] <= _STATUS_BITS)
        )
        if not possible:
            return 0
        size = head[0] + 2
        return size if len(self._pending) >= size else None

    def _skip(self) -> None:
        if len(self._garbage) < MAX_GARBAGE:
            self._garbage.append(self._pending[0])
        del self._pending[0]

    def _told_garbage(self) -> list[Packet | Damaged]:
        if not self._garbage:
            return []
        raw = bytes(self._garbage)
        self._garbage.clear()
        return [Damaged(raw, "no SSI packet: the scanner may send its codes unpacked", resend=False)]


def _read(frame: bytes) -> Packet | Damaged:
    if (sum(frame[:-2]) + int.from_bytes(frame[-2:], "big")) & 0xFFFF:
        return Damaged(frame, "a packet with a wrong checksum", resend=True)
    return Packet(frame[1], frame[3], frame[SHORTEST:-2])
