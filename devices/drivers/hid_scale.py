"""A USB scale without a serial port: Dymo, Fairbanks SCB-R9000, METTLER TOLEDO PS60 (device_protocols 3)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from devices.agreement import CHECKED
from devices.driver import Driver, Surroundings
from devices.drivers.line_scale import MISSES_UNTIL_AWAY, LineScale, ScaleTalk
from devices.line_settings import UsbNode
from devices.protocols.hid_scale import HidScale
from devices.transports import NewestReportTransport, nodes_of


class HidScaleSettings(UsbNode):
    """A `[devices.NAME]` section with `driver = "hid_scale"`."""

    driver: Literal["hid_scale"] = "hid_scale"
    silence_ms: Annotated[int, Field(ge=300, le=600_000)] = 3_000
    zero_report: Annotated[str, Field(pattern=r"^[0-9a-f]{2}( [0-9a-f]{2}){1,7}$")] | None = None

    @property
    def answer_timeout_ms(self) -> int:
        """How long one report may take, so that the scale is away after `silence_ms`."""
        return self.silence_ms // MISSES_UNTIL_AWAY

    @property
    def poll_ms(self) -> int:
        """It is not asked."""
        return 0


def build(name: str, settings: HidScaleSettings, around: Surroundings) -> LineScale:
    """The scale that the settings describe."""
    key = "usb" if settings.node is None else "node"
    transport = NewestReportTransport(
        name, lambda: nodes_of(name, settings, "hidraw"), str(settings), f"devices.{name}.{key}"
    )
    talk = ScaleTalk(
        "USB HID scale",
        lambda: HidScale(name),
        weigh=None,
        commands={} if settings.zero_report is None else {"zero": bytes.fromhex(settings.zero_report)},
        rule=CHECKED,
        when_garbled=f"It may be another kind of device: correct devices.{name}.{key} in edge.toml.",
    )
    return LineScale(name, transport, talk, settings, around)


DRIVER = Driver("hid_scale", "scale", HidScaleSettings, build)
