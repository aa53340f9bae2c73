"""The parity of a line with seven data bits, checked here.

A byte of 7E1 or 7O1 takes as long on the wire as one of 8N1 with its parity in bit 7. So the port is opened with
eight bits, and each byte is checked: the serial library asks the system to let wrong parity pass unnoticed, and a
pseudo terminal refuses seven bits altogether (device_protocols 1.5).
"""

from __future__ import annotations

from typing import Literal

Parity = Literal["none", "even", "odd"]

DAMAGED = 0xFF
"""What stands for a byte whose parity is wrong: no protocol of seven bits knows it, so its frame is refused."""


def _ones(byte: int) -> int:
    return byte.bit_count() % 2


_SENT: dict[Parity, bytes] = {
    "even": bytes(byte & 0x7F | _ones(byte & 0x7F) << 7 for byte in range(256)),
    "odd": bytes(byte & 0x7F | (1 - _ones(byte & 0x7F)) << 7 for byte in range(256)),
    "none": bytes(byte | 0x80 for byte in range(256)),  # the second stop bit of 7N2
}
_READ: dict[Parity, bytes] = {
    "even": bytes(byte & 0x7F if _ones(byte) == 0 else DAMAGED for byte in range(256)),
    "odd": bytes(byte & 0x7F if _ones(byte) == 1 else DAMAGED for byte in range(256)),
    "none": bytes(byte & 0x7F for byte in range(256)),
}


def with_parity(data: bytes, parity: Parity) -> bytes:
    """Seven-bit `data` as it goes over a line of eight bits."""
    return data.translate(_SENT[parity])


def without_parity(data: bytes, parity: Parity) -> bytes:
    """The seven bits of each byte; DAMAGED where the parity is wrong."""
    return data.translate(_READ[parity])
