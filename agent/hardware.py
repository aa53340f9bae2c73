"""The devices of this station: built from edge.toml, run, and known by name, kind, workplace and how they are."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from agent.api.devices import DeviceRoutes, DeviceWatch
from agent.api.it import Machine
from agent.api.it_acts import ItActs
from agent.problems import Problems
from config import Settings
from devices.driver import Device, Emit, FeedbackScanner, Printer, ReadingDevice, ReceiptPrinter, Scale, Surroundings
from devices.hotplug import HotPlug
from devices.readings import DeviceState
from devices.recorder import Recorder
from devices.registry import DRIVERS
from local_store.store import Store


class Hardware:
    """Builds each device at once; none is opened before its run. `changed` is called when one comes or goes."""

    def __init__(self, settings: Settings, problems: Problems, changed: Callable[[], None]) -> None:
        self._settings, self._problems, self._changed = settings, problems, changed
        self._recorder, self._plug, self._watching = Recorder(), HotPlug(), DeviceWatch()
        self._kinds = settings.device_kinds(lambda driver: DRIVERS[driver].kind)
        around = Surroundings(time.monotonic, self._plug.sleep, self._recorder.tap)
        self._devices: dict[str, Device] = {
            name: DRIVERS[model.driver].build(name, model, around)  # type: ignore[attr-defined]
            for name, model in settings.devices.items()
        }
        self._states = {name: not_yet_connected(name) for name in self._devices}

    def runs(self, emit_of: Callable[[str], Emit]) -> dict[str, Callable[[], Any]]:
        """What has to be kept running, by name. `emit_of` says who hears the scans and weights at a workplace."""
        runs: dict[str, Callable[[], Any]] = {"hot plug": self._plug.run}
        for name, device in self._devices.items():
            runs[f"device {name}"] = self._run_of(name, device, emit_of)
        return runs

    def routes(self) -> DeviceRoutes:
        """What is asked and told of devices over HTTP."""
        drivers = self._settings.device_drivers()
        return DeviceRoutes(
            self._devices, drivers, self._kinds, self._states, self._recorder, self._watching, time.monotonic
        )

    def it_acts(self, store: Store) -> ItActs:
        """What IT does to devices over HTTP."""
        return ItActs(store, self._settings, self._devices, self._states, self._watching)

    def machine(self, **more: Any) -> Machine:
        """The devices with the rest of what IT looks at."""
        return Machine(
            settings=self._settings,
            states=self._states,
            kinds=self._kinds,
            commands=self._commands,
            recorder=self._recorder,
            watch=self._watching,
            mono_s=time.monotonic,
            **more,
        )

    def _commands(self, name: str) -> list[str]:
        device = self._devices[name]
        return sorted(device.commands) if isinstance(device, Scale) else []

    def signal(self, scanner: str, good: bool) -> None:  # noqa: FBT001 -- what a Desk calls
        """Beep, where the scanner can."""
        device = self._devices.get(scanner)
        if isinstance(device, FeedbackScanner):
            device.feedback(good=good)

    def at(self, workplace: str) -> list[tuple[str, str, DeviceState]]:
        """Name, kind and state of each device of a workplace."""
        names = self._settings.workplaces[workplace].devices
        return [(name, self._kinds[name], self._states[name]) for name in names]

    def scales(self) -> dict[str, str]:
        """The scale of each workplace that has one, by name."""
        return dict(self._of_kind("scale"))

    def label_printers(self, workplace: str) -> list[Printer]:
        """The label printers of a workplace."""
        named = [self._devices[name] for place, name in self._of_kind("printer") if place == workplace]
        return [printer for printer in named if isinstance(printer, Printer)]

    def receipt_printers(self) -> dict[str, ReceiptPrinter]:
        """The first receipt printer of each workplace that has one."""
        found: dict[str, ReceiptPrinter] = {}
        for workplace, name in self._of_kind("receipt_printer"):
            device = self._devices[name]
            if isinstance(device, ReceiptPrinter):
                found.setdefault(workplace, device)
        return found

    def _run_of(self, name: str, device: Any, emit_of: Callable[[str], Emit]) -> Callable[[], Any]:
        if isinstance(device, ReadingDevice) and self._kinds[name] in {"scanner", "scale"}:
            place = self._workplace_of(name)
            return partial(device.run, self._watching.through(emit_of(place) if place else _unused), self._reported)
        return partial(device.run, self._reported)

    def _of_kind(self, kind: str) -> Iterable[tuple[str, str]]:
        """Workplace and name of each device of this kind."""
        for workplace, settings in self._settings.workplaces.items():
            for name in settings.devices:
                if self._kinds[name] == kind:
                    yield workplace, name

    def _workplace_of(self, device: str) -> str | None:
        return next((name for name, each in self._settings.workplaces.items() if device in each.devices), None)

    def _reported(self, state: DeviceState) -> None:
        self._states[state.device] = state
        self._watching.tell(state)
        if state.state == "away":
            self._problems.report(f"device.{state.device}", state.sentence, state.next_step)
        else:
            self._problems.clear(f"device.{state.device}")
        self._changed()


def not_yet_connected(device: str) -> DeviceState:
    """What is said of a device until its driver says something."""
    return DeviceState(device, "away", f"{device} is not connected yet.", "Wait a moment.")


def _unused(_reading: object) -> None:
    """A device that no workplace uses: its readings are shown nowhere."""
