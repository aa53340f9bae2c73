"""A CAS indicator that sends by itself (device_protocols 2.5)."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from devices.agreement import INFERRED, UNCHECKED
from devices.driver import Driver, Probe, Surroundings
from devices.drivers.line_scale import LineScale, LineScaleSettings, ScaleTalk, line_of
from devices.protocols.cas import Cas, CasForm
from devices.readings import Unit


class CasScaleSettings(LineScaleSettings):
    """A `[devices.NAME]` section with `driver = "cas_scale"`."""

    driver: Literal["cas_scale"] = "cas_scale"
    form: CasForm = "22_byte"
    unit: Unit | None = None
    """What the scale shows, for the form of 10 bytes, which does not say it."""

    @model_validator(mode="after")
    def _unit_where_none_is_sent(self) -> Self:
        if self.form == "10_byte" and self.unit is None:
            raise PydanticCustomError("unit", "set unit as the scale shows it: the form 10_byte does not send it")
        return self


def build(name: str, settings: CasScaleSettings, around: Surroundings) -> LineScale:
    """The scale that the settings describe."""
    talk = ScaleTalk(
        "CAS",
        lambda: Cas(name, settings.form, settings.unit),
        weigh=None,
        rule=INFERRED if settings.form == "10_byte" else UNCHECKED,
        when_garbled="Set form, baudrate, bytesize and parity in edge.toml as in the scale's menu.",
    )
    return LineScale(name, line_of(name, settings), talk, settings, around)


DRIVER = Driver("cas_scale", "scale", CasScaleSettings, build, Probe(Cas))
