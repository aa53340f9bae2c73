"""A scale with METTLER TOLEDO continuous output (device_protocols 2.3)."""

from __future__ import annotations

from typing import Literal

from devices.agreement import CHECKED, UNCHECKED
from devices.driver import Driver, Probe, Surroundings
from devices.drivers.line_scale import LineScale, ScaleTalk, SevenBitScaleSettings, line_of
from devices.protocols.mettler_continuous import LETTERS, BitMapName, Checksum, Form, MettlerContinuous

BETWEEN_COMMANDS_S = 0.5


class MettlerContinuousScaleSettings(SevenBitScaleSettings):
    """A `[devices.NAME]` section with `driver = "mettler_continuous_scale"`."""

    driver: Literal["mettler_continuous_scale"] = "mettler_continuous_scale"
    checksum: Checksum = "learn"
    form: Form = "long"
    bit_map: BitMapName = "mettler"
    command_end: Literal["none", "crlf"] = "none"


def build(name: str, settings: MettlerContinuousScaleSettings, around: Surroundings) -> LineScale:
    """The scale that the settings describe. It does not answer commands; its next frames show what they did."""
    end = b"\r\n" if settings.command_end == "crlf" else b""
    talk = ScaleTalk(
        "METTLER TOLEDO continuous output",
        lambda: MettlerContinuous(name, settings.checksum, settings.form, settings.bit_map),
        weigh=None,
        commands={what: letter + end for what, letter in LETTERS.items()},
        replies=False,
        pause_s=BETWEEN_COMMANDS_S,
        rule=CHECKED if settings.checksum == "yes" else UNCHECKED,
    )
    return LineScale(name, line_of(name, settings), talk, settings, around)


DRIVER = Driver(
    "mettler_continuous_scale",
    "scale",
    MettlerContinuousScaleSettings,
    build,
    Probe(MettlerContinuous, seven_bits=True),
)
