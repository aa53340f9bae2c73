"""A CAS retail scale that speaks to a cash register, "type 6" (device_protocols 2.5)."""

from __future__ import annotations

from typing import Literal

from devices.agreement import CHECKED
from devices.driver import Driver, Probe, Surroundings
from devices.drivers.line_scale import LineScale, LineScaleSettings, ScaleTalk, line_of
from devices.protocols.cas_ecr import ENQ, CasEcr


class CasEcrScaleSettings(LineScaleSettings):
    """A `[devices.NAME]` section with `driver = "cas_ecr_scale"`."""

    driver: Literal["cas_ecr_scale"] = "cas_ecr_scale"


def build(name: str, settings: CasEcrScaleSettings, around: Surroundings) -> LineScale:
    """The scale that the settings describe."""
    talk = ScaleTalk("CAS type 6", lambda: CasEcr(name), weigh=ENQ, rule=CHECKED)
    return LineScale(name, line_of(name, settings), talk, settings, around)


DRIVER = Driver("cas_ecr_scale", "scale", CasEcrScaleSettings, build, Probe(CasEcr, ask=ENQ))
