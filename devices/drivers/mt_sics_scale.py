"""A METTLER TOLEDO scale, or one that speaks MT-SICS (device_protocols 2.1)."""

from __future__ import annotations

from typing import Literal

from devices.driver import Driver, Probe, Surroundings
from devices.drivers.line_scale import LineScale, LineScaleSettings, ScaleTalk, line_of
from devices.protocols.mt_sics import COMMANDS, RESET, WEIGHT_NOW, MtSics


class MtSicsScaleSettings(LineScaleSettings):
    """A `[devices.NAME]` section with `driver = "mt_sics_scale"`."""

    driver: Literal["mt_sics_scale"] = "mt_sics_scale"


def build(name: str, settings: MtSicsScaleSettings, around: Surroundings) -> LineScale:
    """The scale that the settings describe."""
    talk = ScaleTalk("MT-SICS", lambda: MtSics(name), weigh=WEIGHT_NOW, reset=RESET, commands=COMMANDS)
    return LineScale(name, line_of(name, settings), talk, settings, around)


DRIVER = Driver("mt_sics_scale", "scale", MtSicsScaleSettings, build, Probe(MtSics, ask=WEIGHT_NOW))
