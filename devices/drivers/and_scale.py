"""An A&D balance or indicator (device_protocols 2.6)."""

from __future__ import annotations

from typing import Literal

from devices.driver import Driver, Probe, Surroundings
from devices.drivers.line_scale import LineScale, ScaleTalk, SevenBitScaleSettings, line_of
from devices.line_settings import Baudrate
from devices.protocols.and_line import COMMANDS, WEIGHT_NOW, And


class AndScaleSettings(SevenBitScaleSettings):
    """A `[devices.NAME]` section with `driver = "and_scale"`."""

    driver: Literal["and_scale"] = "and_scale"
    baudrate: Baudrate = 2400
    mode: Literal["poll", "stream"] = "poll"
    """Whether the scale is asked, or sends by itself again and again."""
    unit_characters: Literal[2, 3] = 2
    """How wide the unit of the indicator format is, as the scale's menu says."""
    acknowledgements: Literal[0, 1, 2] = 0
    """How many ACKs the scale sends for zero and tare; 0 with its error codes switched off: then it never refuses."""


def build(name: str, settings: AndScaleSettings, around: Surroundings) -> LineScale:
    """The scale that the settings describe."""
    talk = ScaleTalk(
        "A&D",
        lambda: And(name, settings.unit_characters, settings.acknowledgements),
        weigh=WEIGHT_NOW if settings.mode == "poll" else None,
        commands=COMMANDS,
        replies=settings.acknowledgements > 0,
    )
    return LineScale(name, line_of(name, settings), talk, settings, around)


DRIVER = Driver("and_scale", "scale", AndScaleSettings, build, Probe(And, ask=WEIGHT_NOW, seven_bits=True))
