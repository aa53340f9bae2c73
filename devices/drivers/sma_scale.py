"""A scale that speaks SMA SCP-0499 (device_protocols 2.9)."""

from __future__ import annotations

from typing import Literal

from devices.driver import Driver, Probe, Surroundings
from devices.drivers.line_scale import LineScale, LineScaleSettings, ScaleTalk, line_of
from devices.protocols.sma import COMMANDS, WEIGHT_NOW, Sma


class SmaScaleSettings(LineScaleSettings):
    """A `[devices.NAME]` section with `driver = "sma_scale"`."""

    driver: Literal["sma_scale"] = "sma_scale"


def build(name: str, settings: SmaScaleSettings, around: Surroundings) -> LineScale:
    """The scale that the settings describe."""
    talk = ScaleTalk("SMA", lambda: Sma(name), weigh=WEIGHT_NOW, commands=COMMANDS)
    return LineScale(name, line_of(name, settings), talk, settings, around)


DRIVER = Driver("sma_scale", "scale", SmaScaleSettings, build, Probe(Sma, ask=WEIGHT_NOW))
