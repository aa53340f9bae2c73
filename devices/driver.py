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
"""Waits for so many seconds, or less when something was plugged in meanwhile."""

Tap = Callable[[str, Literal["in", "out", "note"], bytes, float], None]
"""Is told every byte on a wire: device, direction, bytes (or an event in words), monotonic seconds."""


def no_tap(device: str, direction: Literal["in", "out", "note"], data: bytes, t_mono: float) -> None:
    """Record nothing."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a device needs from the program around it."""

    clock: Clock
    sleep: Sleep
    tap: Tap = no_tap


Proof = Literal["counter", "alert", "status", "scan"]
"""`scan`: the printer cannot tell; a scan of the label, or a person, settles each of them."""

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

    async def fault(self) -> tuple[str, str] | None:
        """Why it gives no status, as (what is wrong, what to do); None when it does not say. Proves nothing else."""

    async def hidden_fault(self) -> tuple[str, str] | None:
        """What keeps it from printing though its status does not tell, as (what, what to do); None without such."""

    async def send(self, data: bytes) -> None:
        """Hand over all of `data`. On TransportLost an unknown part of it arrived."""


@runtime_checkable
class ReadingDevice(Protocol):
    """A scanner or a scale."""

    name: str

    async def run(self, emit: Emit, report: Report) -> None:
        """Read for ever: each reading to `emit`, each change of state to `report`. Comes back by itself."""


ScaleCommand = Literal["zero", "tare", "clear_tare", "print"]


class CommandRefused(Exception):  # noqa: N818 -- a scale that says no is an answer, not an error in the program
    """A device did not do what it was told: one sentence, and what to do next."""

    def __init__(self, sentence: str, next_step: str) -> None:
        super().__init__(sentence)
        self.sentence, self.next_step = sentence, next_step


@runtime_checkable
class Scale(ReadingDevice, Protocol):
    """A scale that can be told something."""

    commands: frozenset[ScaleCommand]
    """What its protocol can be told."""

    async def command(self, what: ScaleCommand) -> None:
        """Tell it, and wait until it is done. Raises CommandRefused and DeviceUnreachable."""


@runtime_checkable
class FeedbackScanner(ReadingDevice, Protocol):
    """A scanner that can tell its user by light and sound what became of a code."""

    def feedback(self, *, good: bool) -> None:
        """Signal a good or a bad read, as soon as the line is free. Returns at once."""


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


@dataclass(frozen=True, slots=True)
class Printed:
    """The slip is on paper; `evidence` is what says so."""

    evidence: Literal["process_id", "status"]


@dataclass(frozen=True, slots=True)
class PrintDoubt:
    """Nobody knows whether the whole slip came out: one sentence, and what to do next."""

    sentence: str
    next_step: str


@dataclass(frozen=True, slots=True)
class NotPrinted:
    """Surely no byte of the slip was sent: one sentence, and what to do next."""

    sentence: str
    next_step: str


SlipOutcome = Printed | PrintDoubt | NotPrinted


@runtime_checkable
class ReceiptPrinter(Protocol):
    """A printer of slips. A slip may come out twice without harm, but it is never sent again by itself."""

    name: str
    columns: int
    """Characters on a line."""
    profile: str
    """The model, by its name in python-escpos: which characters and barcodes it knows."""
    cutter: bool

    async def run(self, report: Report) -> None:
        """Watch the printer for ever: each change of state to `report`. Comes back by itself."""

    async def print(self, data: bytes) -> SlipOutcome:
        """Print one slip. Raises ValueError where `data` holds more than text, layout, barcodes and cuts."""


Device = ReadingDevice | Printer | ReceiptPrinter


@dataclass(frozen=True, slots=True)
class Probe:
    """How an unknown scale is recognised that speaks this driver's protocol."""

    decoder: Callable[[str], Any]
    """A new decoder (devices.protocols.scale.ScaleDecoder) for a device of that name."""
    ask: bytes | None = None
    """A question for the weight that no other protocol takes for zero, tare or print; None: only listen."""
    seven_bits: bool = False
    """Whether the line usually has seven data bits and even parity."""


@dataclass(frozen=True, slots=True)
class Driver:
    """One line of the registry: settings from edge.toml in, a device out.

    `build` takes the device's name, an instance of `settings` and the surroundings.
    """

    name: str
    kind: Literal["scanner", "scale", "printer", "receipt_printer"]
    settings: type[BaseModel]
    build: Callable[[str, Any, Surroundings], Device]
    probe: Probe | None = None
