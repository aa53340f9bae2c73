"""Settings that every device on a serial line shares, with their limits in words."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

BAUDRATES = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)


def _usual_rate(baudrate: int) -> int:
    if baudrate not in BAUDRATES:
        *others, last = BAUDRATES
        raise PydanticCustomError("baudrate", f"must be {', '.join(map(str, others))} or {last}")
    return baudrate


def _lasting_name(path: str) -> str:
    """A name like ttyUSB0 belongs to another device after the next start (device_protocols 1.4)."""
    if _PASSING.fullmatch(path):
        raise PydanticCustomError(
            "passing_name",
            "must be a name that stays, such as those under /dev/serial/by-id or /dev/serial/by-path "
            "(`edge-agent devices list` shows them)",
        )
    return path


_PASSING = re.compile(r"/dev/(?:tty(?:USB|ACM)|hidraw|input/event|usb/lp)\d+")

Baudrate = Annotated[int, AfterValidator(_usual_rate)]
Path = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^/[^\x00]*$"), AfterValidator(_lasting_name)]
Host = Annotated[str, Field(min_length=1, max_length=253)]
TcpPort = Annotated[int, Field(ge=1, le=65535)]


Flow = Literal["none", "rtscts", "xonxoff"]
"""How a device that is full stops the line. Linux knows no DTR/DSR flow control: wire a printer's DTR to CTS."""


class SerialLine(BaseModel):
    """How a serial line is set. The device's own menu decides; `dtr` and `rts` power or reset some devices."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    baudrate: Baudrate = 9600
    bytesize: Literal[7, 8] = 8
    parity: Literal["none", "even", "odd"] = "none"
    stopbits: Literal[1, 2] = 1
    dtr: bool = True
    rts: bool = True


UsbIds = Annotated[str, Field(pattern=r"^[0-9a-f]{4}:[0-9a-f]{4}$")]
"""Vendor and product, such as 0922:8003."""
UsbSerial = Annotated[str, Field(min_length=1, max_length=80)]
UsbSocket = Annotated[str, Field(pattern=r"^\d+-\d+(\.\d+)*$")]
"""Where it is plugged in, such as 1-1.4."""


class UsbNode(BaseModel):
    """Which device without a serial port: by vendor and product and, where two are alike, by serial number or socket.

    `node` names a path instead, for a site that has its own udev rule.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    usb: UsbIds | None = None
    serial: UsbSerial | None = None
    usb_port: UsbSocket | None = None
    node: Path | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.usb is None) == (self.node is None):
            raise PydanticCustomError("usb", "set either usb (vendor:product), or node: exactly one of the two")
        return self

    def __str__(self) -> str:
        """The device in words."""
        if self.node is not None:
            return self.node
        more = [f"serial {self.serial}"] if self.serial else []
        more += [f"in socket {self.usb_port}"] if self.usb_port else []
        return " ".join([f"USB device {self.usb}", *more])
