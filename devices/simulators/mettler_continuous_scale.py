"""How a scale with METTLER TOLEDO continuous output speaks (device_protocols 2.3)."""

from __future__ import annotations

from decimal import Decimal

from devices.protocols.mettler_continuous import BIT_MAPS, DIGITS, SWC, BitMapName
from devices.simulators.scale_body import Shown
from devices.simulators.scale_on_a_wire import Action, Heard

_ACTIONS: dict[int, Action] = {
    ord("Z"): "zero",
    ord("T"): "tare",
    ord("C"): "clear_tare",
    ord("P"): "print",
}
_UNIT_CODES = {"kg": 0, "lb": 0, "g": 1}


class MettlerContinuousSpeech:
    """Sends a frame every `every_s`; a command is one letter and is not answered."""

    waits_for_rest = True

    def __init__(
        self, *, checksum: bool = True, short: bool = False, bit_map: BitMapName = "mettler", every_s: float = 0.05
    ) -> None:
        self._checksum, self._short, self._bits = checksum, short, BIT_MAPS[bit_map]
        self.every_s: float | None = every_s

    def frame(self, shown: Shown) -> bytes:
        """The three status words, weight, tare, CR and, where it is switched on, the check character."""
        exponent = shown.net.as_tuple().exponent
        decimals = -exponent if isinstance(exponent, int) else 0
        bits, words = self._bits, [0, 0x28 | (decimals + 2), 0, _UNIT_CODES.get(shown.unit, 2)]
        for word, mask, value in bits.fixed:
            words[word] |= mask & value
        for flag, is_set in (
            (bits.net, shown.tare_mg != 0),
            (bits.negative, shown.net < 0 or shown.range == "under"),
            (bits.out_of_range, shown.range != "ok"),
            (bits.moving, not shown.stable),
            (bits.kilograms, shown.unit == "kg"),
            (bits.power_up, shown.fault),
        ):
            words[flag.word] |= flag.mask if is_set else 0
        body = bytes([0x02, *words[1 : SWC + 1]]) + _digits(shown.net)
        body += b"\r" if self._short else _digits(shown.tare) + b"\r"
        return body + bytes([-sum(body) & 0x7F]) if self._checksum else body

    def hear(self, pending: bytes) -> tuple[list[Heard], bytes]:
        """Letters without an end; a line end after one means nothing."""
        letters = (each for each in pending if each not in b"\r\n")
        return [Heard(_ACTIONS.get(each, "other"), bytes([each])) for each in letters], b""

    def reply(self, heard: Heard, shown: Shown, *, done: bool) -> bytes:  # noqa: ARG002 -- it never answers
        """Nothing: its next frame shows what became of it."""
        return b""

    def greeting(self) -> bytes:
        """Nothing but its frames."""
        return b""


def _digits(weight: Decimal) -> bytes:
    """The last six digits without sign and point, as the display has no more."""
    digits = f"{abs(weight):f}".replace(".", "").zfill(DIGITS)
    return digits[-DIGITS:].encode()
