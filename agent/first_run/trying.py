"""Devices before there is a station: what is plugged in, what speaks on a port, whether a device does its work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from agent.trial_print import label_text, slip_text
from devices.driver import (
    CommandRefused,
    Device,
    NotPrinted,
    PrintDoubt,
    Printer,
    ReadingDevice,
    ReceiptPrinter,
    Surroundings,
)
from devices.inventory import Found, everything, network_printers, print_queues
from devices.probe import investigate, probe
from devices.probe_scanner import investigate_scanner
from devices.readings import DeviceState, Reading
from devices.registry import DRIVERS
from devices.shown import as_json
from devices.transports import DeviceUnreachable
from web.problems import Refused, invalid

SEARCH_S = 2.0
MOST_TOLD = 20
NAME = "trial"


class Tried(NamedTuple):
    """What a device did: whether that is what it is for, and what it told."""

    works: bool
    told: list[dict[str, Any]]


async def find(*, network: bool) -> tuple[list[dict[str, Any]], list[str]]:
    """What is plugged in, with its settings for edge.toml, and sentences on what could not be searched."""
    found = await asyncio.to_thread(everything)
    queues, why_no_queues = await asyncio.to_thread(print_queues)
    printers, why_no_printers = await network_printers(SEARCH_S) if network else ([], "")
    why = [each for each in (why_no_queues, why_no_printers) if each]
    return [_found(each) for each in [*found, *queues, *printers]], why


async def probe_scale(port: str) -> dict[str, Any]:
    """Which driver understands what speaks on a serial port; its settings, the likeliest first."""
    probes = {name: each for name in DRIVERS if (each := DRIVERS[name].probe) is not None}
    finding = await _probed(probe(port, investigate(probes), time.monotonic))
    matches = [{"driver": match.driver, "port": port, **match.line} for match in finding.matches]
    return {"matches": matches, "heard": {str(speed): data[:32].hex(" ") for speed, data in finding.heard.items()}}


async def probe_scanner(port: str) -> dict[str, Any]:
    """The settings of a scanner on a serial port, from a scan of a person."""
    finding = await _probed(probe(port, investigate_scanner(), time.monotonic))
    scanned = finding.scanned
    matches = [] if scanned is None else [{"driver": "serial_scanner", "port": port, **scanned.settings}]
    return {"matches": matches, "heard": {str(n): data[:32].hex(" ") for n, data in enumerate(finding.heard)}}


async def listen(settings: Mapping[str, Any], seconds: float) -> Tried:
    """Run a device until it did its work: a code was read, a weight came to rest, a printer is ready."""
    device, kind = _built(settings)
    told: list[dict[str, Any]] = []
    enough = asyncio.Event()

    def hear(heard: Reading | DeviceState) -> None:
        shown = as_json(heard)
        told.append(shown)
        del told[:-MOST_TOLD]
        if _does_its_work(kind, shown):
            enough.set()

    async with asyncio.TaskGroup() as group:
        reads = isinstance(device, ReadingDevice) and kind in {"scanner", "scale"}
        running = device.run(hear, hear) if reads else device.run(hear)  # type: ignore[call-arg]  # by its kind
        task = group.create_task(running, name="trial of a device")
        try:
            async with asyncio.timeout(seconds):
                await enough.wait()
        except TimeoutError:
            pass
        task.cancel()
    return Tried(enough.is_set(), told)


async def print_test(settings: Mapping[str, Any], station: str) -> str:
    """Print a test; a sentence on what is known. Raises Refused when surely nothing was printed."""
    device, _ = _built(settings)
    try:
        if isinstance(device, ReceiptPrinter):
            match await device.print(slip_text(NAME, station)):
                case NotPrinted() as no:
                    raise Refused(409, "printer_away", f"{no.sentence} {no.next_step}")
                case PrintDoubt() as doubt:
                    return f"{doubt.sentence} {doubt.next_step}"
        elif isinstance(device, Printer):
            async with device.connect() as link:
                status = await link.status()
                if status is not None and status.trouble is not None:
                    raise Refused(409, "printer_not_ready", " ".join(status.trouble))
                await link.send(label_text(NAME, station, device.dpi))
        else:
            raise Refused(409, "no_printer", "This device prints nothing.")
    except (DeviceUnreachable, CommandRefused) as fault:
        raise Refused(409, "printer_away", f"{fault.sentence} {fault.next_step}") from fault
    return "The test was sent. Look at the printer: did it come out whole, and straight?"


def _built(settings: Mapping[str, Any]) -> tuple[Device, str]:
    """The device as the agent would build it. Raises Refused for settings that cannot be."""
    name = str(settings.get("driver", ""))
    if name not in DRIVERS:
        raise Refused(422, "no_driver", f"There is no driver {name[:40]!r}; there is {', '.join(DRIVERS)}.")
    driver = DRIVERS[name]
    try:
        model: BaseModel = driver.settings.model_validate(dict(settings))
    except ValidationError as error:
        raise invalid(error, "the device's settings") from error
    return driver.build(NAME, model, Surroundings(time.monotonic, asyncio.sleep)), driver.kind


def _does_its_work(kind: str, shown: dict[str, Any]) -> bool:
    if shown["kind"] == "state":
        return kind in {"printer", "receipt_printer"} and shown["state"] == "ready"
    if kind == "scale":
        return bool(shown["kind"] == "weight" and shown["weight_mg"] is not None and shown["stability"] == "stable")
    return bool(shown["kind"] == "scan")


async def _probed(probing: Any) -> Any:
    try:
        return await probing
    except DeviceUnreachable as fault:
        raise Refused(409, "port_away", f"{fault.sentence} {fault.next_step}") from fault


def _found(each: Found) -> dict[str, Any]:
    node = each.node
    return {
        "sort": each.sort,
        "name": (node.name if node is not None and node.name else each.name),
        "address": each.name,
        "settings": {key: list(value) if isinstance(value, tuple) else value for key, value in each.settings.items()},
        "note": each.note,
    }
