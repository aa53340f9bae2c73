"""What a driver is, and what the agent may ask of the device it builds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

from pydantic import BaseModel

from devices.readings import Alerts, DeviceState, PrinterStatus, Reading, Stock

Clock = Callable[[], float]
"""Monotonic seconds."""

Sleep = Callable[[float], Awaitable[None]]
"""Waits for so many seconds."""

Proof = Literal["counter", "alert", "status"]

Emit = Callable[[Reading], None]
Report = Callable[[DeviceState], None]


class PrinterLink(Protocol):
    """The one open connection to a printer. Every method raises TransportLost when the connection breaks."""

    async def status(self) -> PrinterStatus | None:
        """The status at this moment; None when the printer does not answer in time."""

    async def label_count(self) -> int | None:
        """Labels printed in the printer's life; None when it does not answer in time or does not count."""

    async def resolution_dpi(self) -> int | None:
        """Dots per inch of its head, as the printer says; None when it does not answer in time."""

    async def send(self, data: bytes) -> None:
        """Hand over all of `data`. On TransportLost an unknown part of it arrived."""


@runtime_checkable
class ReadingDevice(Protocol):
    """A scanner or a scale."""

    name: str

    async def run(self, emit: Emit, report: Report) -> None:
        """Read for ever: each reading to `emit`, each change of state to `report`. Comes back by itself."""


@runtime_checkable
class Printer(Protocol):
    """A label printer, as edge.toml describes it, and what it told by itself."""

    name: str
    dpi: int
    stock: Stock | None
    """The roll that is in it; None when the site does not say."""
    proof: Proof
    """What counts as proof that a label came out."""
    confirm_timeout_s: float
    """How long to wait for that proof."""
    alerts: Alerts
    """Its own messages so far; all 0 where it is not set to send any."""

    async def run(self, report: Report) -> None:
        """Ask for the status for ever, on a short connection of its own while nobody else holds the printer."""

    def connect(self) -> AbstractAsyncContextManager[PrinterLink]:
        """Hold the printer's only connection. Raises ConnectRefused: then surely no byte was sent."""


Device = ReadingDevice | Printer


@dataclass(frozen=True, slots=True)
class Driver:
    """One line of the registry: settings from edge.toml in, a device out.

    `build` takes the device's name, an instance of `settings`, a clock and a sleep.
    """

    name: str
    kind: Literal["scanner", "scale", "printer"]
    settings: type[BaseModel]
    build: Callable[[str, Any, Clock, Sleep], Device]
