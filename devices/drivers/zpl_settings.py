"""The settings of a ZPL label printer, whichever way it is connected."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from devices.driver import Proof
from devices.line_settings import (
    Flow,
    Host,
    Path,
    SerialLine,
    TcpPort,
    UsbIds,
    UsbNode,
    UsbSerial,
    UsbSocket,
)
from devices.readings import Stock

SEVEN = 7

Way = Literal["host", "usb", "serial_port", "queue"]


def _stock_of(text: object) -> object:
    """`812x1218` as a Stock."""
    if isinstance(text, str) and (found := re.fullmatch(r"(\d{2,5})x(\d{2,5})", text)):
        return Stock(int(found[1]), int(found[2]))
    raise PydanticCustomError("stock", "must be width x length in dots, such as 812x1218")


class ZplPrinterSettings(SerialLine):
    """A `[devices.NAME]` section with `driver = "zpl_printer"`: `host`, `usb`, `node`, `serial_port` or `queue`."""

    driver: Literal["zpl_printer"] = "zpl_printer"
    host: Host | None = None
    port: TcpPort = 9100
    serial: UsbSerial | None = None
    usb: UsbIds | None = None
    usb_port: UsbSocket | None = None
    node: Path | None = None
    serial_port: Path | None = None
    flow: Flow = "xonxoff"
    queue: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.][A-Za-z0-9_.\-]{0,126}$")] | None = None
    dpi: Literal[203, 300, 600] = 203
    stock: Annotated[Stock | None, BeforeValidator(_stock_of)] = None
    proof: Proof = "counter"
    alert_listen: Annotated[str, Field(pattern=r"^[^\s:]{1,253}:\d{1,5}$")] | None = None
    alert_completed: Annotated[str, Field(min_length=3, max_length=60)] = "PQ JOB COMPLETED"
    status_interval_s: Annotated[float, Field(ge=0.02, le=3600)] = 5.0
    connect_timeout_s: Annotated[float, Field(ge=0.05, le=60)] = 3.0
    answer_timeout_s: Annotated[float, Field(ge=0.05, le=60)] = 2.0
    confirm_timeout_s: Annotated[float, Field(ge=0.1, le=3600)] = 20.0

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = [way for way in ("host", "usb", "node", "serial_port", "queue") if getattr(self, way) is not None]
        if len(ways) != 1:
            raise PydanticCustomError(
                "way", "set exactly one of host, usb (vendor:product), node, serial_port and queue"
            )
        if self.serial_port is not None and self.bytesize == SEVEN and self.flow == "xonxoff":
            raise PydanticCustomError("flow", 'with bytesize = 7 the signs of xonxoff are lost: set flow = "rtscts"')
        if self.usb_port is not None and self.usb is None:
            raise PydanticCustomError("usb_port", "usb_port tells two printers of one usb apart: set usb too")
        if self.serial is not None and self.host is None and self.usb is None:
            raise PydanticCustomError("serial", "serial, the printer's serial number, needs host or usb")
        return self

    @model_validator(mode="after")
    def _proof_can_be_had(self) -> Self:
        if self.proof == "alert" and self.alert_listen is None:
            raise PydanticCustomError("alert", 'needs alert_listen when proof = "alert"')
        if self.alert_listen is not None and self.host is None:
            raise PydanticCustomError("alert", "alert_listen needs host: other printers send none")
        if self.queue is not None and self.proof != "scan":
            raise PydanticCustomError("queue", 'a print queue tells nothing of its labels: set proof = "scan"')
        return self

    @property
    def way(self) -> Way:
        """How the printer is connected."""
        if self.host is not None:
            return "host"
        if self.queue is not None:
            return "queue"
        return "serial_port" if self.serial_port is not None else "usb"

    @property
    def usb_node(self) -> UsbNode:
        """The node of a USB printer."""
        if self.node is not None:
            return UsbNode(node=self.node)
        return UsbNode(usb=self.usb, serial=self.serial, usb_port=self.usb_port)
