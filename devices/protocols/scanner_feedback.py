"""What is sent to a scanner on a serial line so that it signals a good or a bad read (device_protocols 5.2)."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

FeedbackKind = Literal["none", "datalogic", "honeywell", "cipherlab"]


class Signals(NamedTuple):
    """The bytes for a code that was taken and for one that was not."""

    good: bytes
    bad: bytes


_CIPHERLAB_BEEP = bytes.fromhex("23402F2F2F2F0D")

SIGNALS: Final[dict[FeedbackKind, Signals]] = {
    "none": Signals(b"", b""),
    # F is "not on file"; on one model it also disables scanning until E, which is harmless on the others.
    "datalogic": Signals(b"\x01", b"FE"),
    # Host-ACK: ESC 7 , is the good-read signal, ESC 8 , the razz. The scanner waits for one of them after each code.
    "honeywell": Signals(b"\x1b7,", b"\x1b8,"),
    # Only a beep is documented: three of them stand for no.
    "cipherlab": Signals(_CIPHERLAB_BEEP, _CIPHERLAB_BEEP * 3),
}
