"""A bench of simulated devices: several scanners, one scale and one printer, driven by name.

The demonstration page and the tests hold the same controls. Nothing here knows the agent: it is told
the addresses, as it would be told those of real devices.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from devices.readings import Unit
from devices.simulators.line_scanner import LineScannerSimulator
from devices.simulators.mt_sics_scale import SCALE_FAULTS, MtSicsScaleSimulator
from devices.simulators.wire import WIRE_FAULTS
from devices.simulators.zpl_printer import PRINTER_FAULTS, ZplPrinterSimulator

LABELS_SHOWN = 5


class NoSuchDevice(LookupError):  # noqa: N818 -- a refusal in words for the person at the page
    """A name that is not on the bench, or a fault that its device does not know."""


class BenchDevices:
    """`folder` holds the links to the scanners and the scale, and in `labels/` what the printer printed."""

    def __init__(
        self,
        folder: Path,
        *,
        scanners: Sequence[str] = ("scanner",),
        scale: str = "scale",
        printer: str = "printer",
        unit: Unit = "kg",
        resolution: Decimal = Decimal("0.001"),
        capacity: Decimal = Decimal(30),
        settle_s: float = 0.4,
        print_s: float = 0.3,
    ) -> None:
        self._folder = folder
        self.scanners = {name: LineScannerSimulator(folder / name) for name in scanners}
        self.scale = MtSicsScaleSimulator(
            folder / scale, unit=unit, resolution=resolution, capacity=capacity, settle_s=settle_s
        )
        self.printer = ZplPrinterSimulator(folder / "labels", print_s=print_s)
        self._scale_name, self._printer_name = scale, printer

    async def start(self) -> None:
        """Plug everything in."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for device in self._by_name().values():
            await device.start()

    async def stop(self) -> None:
        """Take everything away."""
        for device in self._by_name().values():
            await device.stop()

    def settings(self) -> dict[str, dict[str, str | int]]:
        """For each device the section `[devices.NAME]` of edge.toml that reaches it. Valid once started."""
        sections: dict[str, dict[str, str | int]] = {
            name: {"driver": "serial_scanner", **scanner.address} for name, scanner in self.scanners.items()
        }
        sections[self._scale_name] = {"driver": "mt_sics_scale", **self.scale.address}
        sections[self._printer_name] = {"driver": "zpl_printer", **self.printer.address}
        return sections

    async def scan(self, name: str, code: bytes) -> None:
        """Scan `code` with the scanner `name`. Raises NoSuchDevice."""
        if name not in self.scanners:
            raise NoSuchDevice(f"There is no scanner '{name}' on the bench; it has {', '.join(self.scanners)}.")
        await self.scanners[name].scan(code)

    async def put_load_mg(self, load_mg: int) -> None:
        """Put so many milligrams on the empty pan."""
        self.scale.put_load_mg(load_mg)

    async def unplug(self, name: str) -> None:
        """Pull the plug of a device. Raises NoSuchDevice."""
        await self._device(name).unplug()

    async def replug(self, name: str) -> None:
        """Put the plug back. Raises NoSuchDevice."""
        await self._device(name).replug()

    async def set_fault(self, name: str, fault: str | None) -> None:
        """Break a device in one way, or mend it (None). Raises NoSuchDevice for a name or fault it does not know."""
        device = self._device(name)
        known = self._faults(name)
        if fault is not None and fault not in known:
            raise NoSuchDevice(f"'{name}' has no fault '{fault}'; it has {', '.join(known)}.")
        match device:
            case LineScannerSimulator():
                device.set_fault(next((each for each in WIRE_FAULTS if each == fault), None))
            case MtSicsScaleSimulator():
                device.set_fault(next((each for each in SCALE_FAULTS if each == fault), None))
            case ZplPrinterSimulator():
                device.set_faults(*(each for each in PRINTER_FAULTS if each == fault))

    def snapshot(self) -> dict[str, Any]:
        """What the bench looks like now, as JSON-able values: devices, their faults, the last labels as text."""
        return {
            "scanners": {
                name: {
                    "plugged": scanner.plugged,
                    "fault": scanner.fault,
                    "faults": self._faults(name),
                    "last": scanner.last.decode("latin-1"),
                }
                for name, scanner in self.scanners.items()
            },
            "scale": {
                "name": self._scale_name,
                "plugged": self.scale.plugged,
                "fault": self.scale.fault,
                "faults": self._faults(self._scale_name),
                "load_mg": self.scale.load_mg,
                "stable": self.scale.stable,
            },
            "printer": {
                "name": self._printer_name,
                "plugged": self.printer.plugged,
                "fault": next(iter(self.printer.faults), None),
                "faults": self._faults(self._printer_name),
                "label_count": self.printer.label_count,
                "labels": [label.decode("utf-8", "replace") for label in self.printer.labels[-LABELS_SHOWN:]],
            },
        }

    def _by_name(self) -> dict[str, LineScannerSimulator | MtSicsScaleSimulator | ZplPrinterSimulator]:
        return {**self.scanners, self._scale_name: self.scale, self._printer_name: self.printer}

    def _device(self, name: str) -> LineScannerSimulator | MtSicsScaleSimulator | ZplPrinterSimulator:
        devices = self._by_name()
        if name not in devices:
            raise NoSuchDevice(f"There is no '{name}' on the bench; it has {', '.join(devices)}.")
        return devices[name]

    def _faults(self, name: str) -> list[str]:
        match self._device(name):
            case LineScannerSimulator():
                return list(WIRE_FAULTS)
            case MtSicsScaleSimulator():
                return list(SCALE_FAULTS)
            case ZplPrinterSimulator():
                return list(PRINTER_FAULTS)
