"""An OHAUS scale (device_protocols 2.7)."""

from __future__ import annotations

from typing import Literal

from devices.driver import Driver, Probe, Surroundings
from devices.drivers.line_scale import LineScale, LineScaleSettings, ScaleTalk, line_of
from devices.protocols.ohaus import COMMANDS, WEIGHT_NOW, Ohaus


class OhausScaleSettings(LineScaleSettings):
    """A `[devices.NAME]` section with `driver = "ohaus_scale"`."""

    driver: Literal["ohaus_scale"] = "ohaus_scale"
    mode: Literal["stream", "poll"] = "stream"
    """Whether the scale prints by itself again and again, or is asked."""


def build(name: str, settings: OhausScaleSettings, around: Surroundings) -> LineScale:
    """The scale that the settings describe."""
    weigh = WEIGHT_NOW if settings.mode == "poll" else None
    talk = ScaleTalk("OHAUS", lambda: Ohaus(name), weigh=weigh, commands=COMMANDS, replies=False)
    return LineScale(name, line_of(name, settings), talk, settings, around)


DRIVER = Driver("ohaus_scale", "scale", OhausScaleSettings, build, Probe(Ohaus))
