"""Every parser that reads bytes from a device, and what must hold of it for any bytes at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from devices.driver import Driver
from devices.protocols.esc_pos import EscPosAnswers
from devices.protocols.hid_pos import LAYOUT_62, HidPos
from devices.protocols.hid_scale import HidScale
from devices.protocols.key_events import KeyEvents, KeyRules
from devices.protocols.keyboards import LAYOUTS
from devices.protocols.keyboards.keys import Typing
from devices.protocols.line_scanner import LineScanner
from devices.protocols.ssi_host import SsiHost
from devices.protocols.zpl import ZplAnswers
from devices.readings import Scan, Weight
from devices.registry import DRIVERS

GAP_S = 2.0
LENGTH_WITHOUT_CHECK = 17
MAX_HELD = 16_384
"""More than any parser may hold back of what came, in bytes."""


class Parser(Protocol):
    """Bytes in, values out."""

    def feed(self, data: bytes, t_mono: float) -> Sequence[Any]: ...


def _scales() -> dict[str, Callable[[], Parser]]:
    return {name: _of(driver) for name, driver in DRIVERS.items() if driver.probe is not None}


def _of(driver: Driver) -> Callable[[], Parser]:
    assert driver.probe is not None
    decoder = driver.probe.decoder
    return lambda: decoder("fuzz")


PARSERS: dict[str, Callable[[], Parser]] = {
    **_scales(),
    "hid_scale": lambda: HidScale("fuzz"),
    "hid_pos": lambda: HidPos("fuzz", LAYOUT_62),
    "key_events": lambda: KeyEvents("fuzz", KeyRules(Typing(LAYOUTS["us"]))),
    "ssi": lambda: SsiHost("fuzz"),
    "line_scanner": lambda: LineScanner("fuzz", ("cr", "lf"), b""),
    "esc_pos": lambda: EscPosAnswers("fuzz"),
    "zpl": lambda: ZplAnswers("fuzz"),
}


def _seven_bits_sum_to_nothing(raw: bytes) -> bool:
    """Mettler continuous (device_protocols 2.3); a scale may be set to send no check, and that is learned."""
    return len(raw) == LENGTH_WITHOUT_CHECK or sum(raw) & 0x7F == 0


def _exclusive_or_fits(raw: bytes) -> bool:
    """CAS PD-II: BCC is all bytes between STX and BCC (device_protocols 2.5)."""
    check = 0
    for byte in raw[2:-3]:
        check ^= byte
    return raw[-3] == check


CHECKS: dict[str, Callable[[bytes], bool]] = {
    "mettler_continuous_scale": _seven_bits_sum_to_nothing,
    "cas_ecr_scale": _exclusive_or_fits,
}
"""For parsers of frames with a check character: whether the check of a frame holds, worked out anew."""


def try_one(name: str, data: bytes) -> None:
    """Feed `data` in two pieces, the first byte saying where and how far apart. Raises AssertionError."""
    if not data:
        return
    parser = PARSERS[name]()
    cut, late = data[0] >> 1, data[0] & 1
    body = data[1:]
    values = [*parser.feed(body[:cut], 1.0), *parser.feed(body[cut:], 1.0 + late * GAP_S)]
    for value in values:
        if isinstance(value, Weight) and value.weight_mg is not None:
            assert value.fault is None
            assert value.range in ("ok", "unknown"), value
            assert name not in CHECKS or CHECKS[name](value.raw), value
        if isinstance(value, Scan):
            assert value.data, value
    assert held(parser) <= MAX_HELD


def held(parser: object) -> int:
    """How many bytes a parser and its parts keep."""
    total = 0
    for name in getattr(parser, "__dict__", {}):
        part = getattr(parser, name)
        if isinstance(part, bytes | bytearray):
            total += len(part)
        elif type(part).__module__.startswith("devices."):
            total += held(part)
    return total
