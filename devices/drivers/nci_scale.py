"""A scale that speaks NCI: SCP-01 or SCP-02 (device_protocols 2.4)."""

from __future__ import annotations

from typing import Literal

from devices.driver import Driver, Probe, Surroundings
from devices.drivers.line_scale import LineScale, ScaleTalk, SevenBitScaleSettings, line_of
from devices.protocols.nci import COMMANDS, WEIGHT_NOW, Nci


class NciScaleSettings(SevenBitScaleSettings):
    """A `[devices.NAME]` section with `driver = "nci_scale"`. Only some models know the command for tare."""

    driver: Literal["nci_scale"] = "nci_scale"
    has_tare: bool = False


def build(name: str, settings: NciScaleSettings, around: Surroundings) -> LineScale:
    """The scale that the settings describe."""
    commands = {what: letter for what, letter in COMMANDS.items() if what != "tare" or settings.has_tare}
    talk = ScaleTalk("NCI", lambda: Nci(name), weigh=WEIGHT_NOW, commands=commands)
    return LineScale(name, line_of(name, settings), talk, settings, around)


DRIVER = Driver("nci_scale", "scale", NciScaleSettings, build, Probe(Nci, ask=b"\nW\r", seven_bits=True))
