"""A Fairbanks Ultegra (device_protocols 2.10)."""

from __future__ import annotations

from typing import Literal

from devices.driver import Driver, Probe, Surroundings
from devices.drivers.line_scale import LineScale, LineScaleSettings, ScaleTalk, line_of
from devices.protocols.ultegra import WEIGHT_NOW, Ultegra


class UltegraScaleSettings(LineScaleSettings):
    """A `[devices.NAME]` section with `driver = "ultegra_scale"`."""

    driver: Literal["ultegra_scale"] = "ultegra_scale"


def build(name: str, settings: UltegraScaleSettings, around: Surroundings) -> LineScale:
    """The scale that the settings describe."""
    talk = ScaleTalk("Ultegra", lambda: Ultegra(name), weigh=WEIGHT_NOW)
    return LineScale(name, line_of(name, settings), talk, settings, around)


DRIVER = Driver("ultegra_scale", "scale", UltegraScaleSettings, build, Probe(Ultegra, ask=b"\nW\r"))
