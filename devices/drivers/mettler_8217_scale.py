"""A METTLER TOLEDO 8217 or 8213, or a scale that speaks their protocol (device_protocols 2.2)."""

from __future__ import annotations

from typing import Literal

from devices.driver import Driver, Probe, Surroundings
from devices.drivers.line_scale import LineScale, ScaleTalk, SevenBitScaleSettings, line_of
from devices.protocols.mettler_8217 import COMMANDS, WEIGHT_NOW, Mettler8217, Model, WeighsIn


class Mettler8217ScaleSettings(SevenBitScaleSettings):
    """A `[devices.NAME]` section with `driver = "mettler_8217_scale"`. The frame does not say its unit."""

    driver: Literal["mettler_8217_scale"] = "mettler_8217_scale"
    unit: WeighsIn
    model: Model = "8217"


def build(name: str, settings: Mettler8217ScaleSettings, around: Surroundings) -> LineScale:
    """The scale that the settings describe."""
    talk = ScaleTalk(
        "METTLER TOLEDO 8217",
        lambda: Mettler8217(name, settings.unit, settings.model),
        weigh=WEIGHT_NOW,
        commands=COMMANDS,
    )
    return LineScale(name, line_of(name, settings), talk, settings, around)


DRIVER = Driver(
    "mettler_8217_scale",
    "scale",
    Mettler8217ScaleSettings,
    build,
    Probe(Mettler8217, ask=b"\nW\r", seven_bits=True),
)
