"""Settings that every device on a serial line shares, with their limits in words."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

BAUDRATES = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)


def _usual_rate(baudrate: int) -> int:
    if baudrate not in BAUDRATES:
        *others, last = BAUDRATES
        raise PydanticCustomError("baudrate", f"must be {', '.join(map(str, others))} or {last}")
    return baudrate


Path = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^/[^\x00]*$")]
Host = Annotated[str, Field(min_length=1, max_length=253)]
TcpPort = Annotated[int, Field(ge=1, le=65535)]


class SerialLine(BaseModel):
    """How a serial line is set. The device's own menu decides; `dtr` and `rts` power or reset some devices."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    baudrate: Annotated[int, AfterValidator(_usual_rate)] = 9600
    bytesize: Literal[7, 8] = 8
    parity: Literal["none", "even", "odd"] = "none"
    stopbits: Literal[1, 2] = 1
    dtr: bool = True
    rts: bool = True
