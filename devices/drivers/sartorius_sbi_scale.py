"""A Sartorius scale that speaks SBI (device_protocols 2.11)."""

from __future__ import annotations

from typing import Literal

from devices.driver import Driver, Probe, Surroundings
from devices.drivers.line_scale import LineScale, LineScaleSettings, ScaleTalk, line_of
from devices.protocols.sartorius_sbi import COMMANDS, WEIGHT_NOW, SartoriusSbi


class SartoriusSbiScaleSettings(LineScaleSettings):
    """A `[devices.NAME]` section with `driver = "sartorius_sbi_scale"`."""

    driver: Literal["sartorius_sbi_scale"] = "sartorius_sbi_scale"
    mode: Literal["stream", "poll"] = "stream"
    """Whether the scale prints by itself again and again, or is asked."""


def build(name: str, settings: SartoriusSbiScaleSettings, around: Surroundings) -> LineScale:
    """The scale that the settings describe."""
    weigh = WEIGHT_NOW if settings.mode == "poll" else None
    talk = ScaleTalk("SBI", lambda: SartoriusSbi(name), weigh=weigh, commands=COMMANDS, replies=False)
    return LineScale(name, line_of(name, settings), talk, settings, around)


DRIVER = Driver("sartorius_sbi_scale", "scale", SartoriusSbiScaleSettings, build, Probe(SartoriusSbi))
