"""A Radwag scale (device_protocols 2.12)."""

from __future__ import annotations

from typing import Literal

from devices.driver import Driver, Probe, Surroundings
from devices.drivers.line_scale import LineScale, LineScaleSettings, ScaleTalk, line_of
from devices.protocols.radwag import COMMANDS, WEIGHT_NOW, Radwag


class RadwagScaleSettings(LineScaleSettings):
    """A `[devices.NAME]` section with `driver = "radwag_scale"`."""

    driver: Literal["radwag_scale"] = "radwag_scale"


def build(name: str, settings: RadwagScaleSettings, around: Surroundings) -> LineScale:
    """The scale that the settings describe."""
    talk = ScaleTalk("Radwag", lambda: Radwag(name), weigh=WEIGHT_NOW, commands=COMMANDS)
    return LineScale(name, line_of(name, settings), talk, settings, around)


DRIVER = Driver("radwag_scale", "scale", RadwagScaleSettings, build, Probe(Radwag, ask=WEIGHT_NOW))
