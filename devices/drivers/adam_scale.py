"""An Adam Equipment scale, CPWplus or AZextra (device_protocols 2.8)."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from devices.agreement import INFERRED
from devices.driver import Driver, Probe, Surroundings
from devices.drivers.line_scale import LineScale, LineScaleSettings, ScaleTalk, line_of
from devices.protocols.adam import GROSS_NOW, NET_NOW, PRINT_KEY, TARE_KEY, Adam, AdamForm

SLOW_POLL_MS = 2_000
"""An AZextra beeps whenever it is asked for a weight that it has told already."""

GARBLED = "Set form, baudrate, bytesize and parity in edge.toml as in the scale's menu."


class AdamScaleSettings(LineScaleSettings):
    """A `[devices.NAME]` section with `driver = "adam_scale"`."""

    driver: Literal["adam_scale"] = "adam_scale"
    form: AdamForm = "cpwplus"
    weigh: Literal["net", "gross"] = "net"
    """Which weight a CPWplus is asked for."""
    ask: Literal["when_told", "always"] = "when_told"
    """When an AZextra is asked: at the command "print" only, or every poll_ms, with a beep each time."""

    @model_validator(mode="after")
    def _not_a_beep_all_the_time(self) -> Self:
        if self.form == "azextra" and self.ask == "always" and self.poll_ms < SLOW_POLL_MS:
            raise PydanticCustomError(
                "poll_ms", "must be at least 2000 with form azextra and ask always: it beeps at each question"
            )
        return self


def build(name: str, settings: AdamScaleSettings, around: Surroundings) -> LineScale:
    """The scale that the settings describe."""
    return LineScale(name, line_of(name, settings), _talk(name, settings), settings, around)


def _talk(name: str, settings: AdamScaleSettings) -> ScaleTalk:
    if settings.form == "cpwplus":
        return ScaleTalk(
            "CPWplus",
            lambda: Adam(name, "cpwplus"),
            weigh=NET_NOW if settings.weigh == "net" else GROSS_NOW,
            commands={"tare": TARE_KEY},
            replies=False,
            rule=INFERRED,
            when_garbled=GARBLED,
        )
    return ScaleTalk(
        "AZextra",
        lambda: Adam(name, "azextra"),
        weigh=PRINT_KEY if settings.ask == "always" else None,
        commands={"print": PRINT_KEY},
        replies=False,
        rule=INFERRED,
        may_be_silent=True,
        when_garbled=GARBLED,
    )


DRIVER = Driver("adam_scale", "scale", AdamScaleSettings, build, Probe(Adam, ask=GROSS_NOW))
