"""What is plugged into this machine, and for each thing the lines of edge.toml that name it lastingly."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ValidationError

from devices.discovery import NoDiscovery, find_printers
from devices.identity import DEV, SYSFS, Node, nodes
from devices.registry import DRIVERS

Sort = Literal[
    "serial port", "scale", "scanner", "keyboard", "input", "hidraw", "printer", "print queue", "network printer"
]

RAW_PORT = 9100
_SCANNER_MAKERS = frozenset({"0536", "05e0", "05f9", "065a", "080c", "0c2e", "1eab"})
"""USB vendors that make scanners above all: Honeywell/HHP, Zebra/Symbol, Datalogic, Opticon, Newland and others."""
_SCALE_PAGE, _SCANNER_PAGE = b"\x05\x8d", b"\x05\x8c"
"""Usage pages of a HID report descriptor: weighing devices, bar code scanners (device_protocols 3, 6)."""
_LIKELY: dict[Sort, tuple[str, ...]] = {
    "scanner": ("hid_pos_scanner",),
    "keyboard": ("keyboard_scanner",),
    "printer": ("zpl_printer",),
    "print queue": ("zpl_printer",),
    "network printer": ("zpl_printer",),
}
"""The drivers for each sort, the likeliest first; a driver that is not here, or not for that, is passed over."""


class Found(NamedTuple):
    """One thing that is plugged in."""

    sort: Sort
    node: Node | None
    name: str
    """Under which it is found at every start: a path, an id, or the name of a queue."""
    settings: Mapping[str, object]
    """The lines of edge.toml, without `driver` where only a probe can tell."""
    note: str = ""


Onboard = Callable[[], Sequence[str]]


def _real_ports() -> Sequence[str]:
    """Serial ports that have hardware behind them: the kernel also makes some without."""
    from serial.tools.list_ports import comports  # noqa: PLC0415 -- pyserial, only for this list

    return [port.device for port in comports()]


def everything(sysfs: Path = SYSFS, dev: Path = DEV, onboard: Onboard = _real_ports) -> list[Found]:
    """Serial ports, HID devices, inputs and USB printers of this machine, in this order."""
    return [*serial_ports(sysfs, dev, onboard), *_hid(sysfs, dev), *_inputs(sysfs, dev), *_printers(sysfs, dev)]


def serial_ports(sysfs: Path = SYSFS, dev: Path = DEV, onboard: Onboard = _real_ports) -> list[Found]:
    """Every serial port with hardware behind it. Two adapters that are alike are named by their sockets."""
    real = set(onboard())
    found = [node for node in nodes("tty", sysfs, dev) if node.vendor_product or str(node.path) in real]
    by_id, by_path = _links(dev / "serial/by-id"), _links(dev / "serial/by-path")
    return [_serial(node, found, by_id, by_path) for node in found]


def print_queues() -> tuple[list[Found], str]:
    """The print queues of this machine, and a sentence where they cannot be listed."""
    from devices.transports.print_queue import PrintQueueFault, RawQueue  # noqa: PLC0415 -- loads the package zebra

    try:
        queues: list[str] = RawQueue().getqueues()  # type: ignore[no-untyped-call]
    except PrintQueueFault as fault:
        return [], str(fault)
    return [_with_driver("print queue", None, queue, {"queue": queue, "proof": "scan"}) for queue in queues], ""


async def network_printers(seconds: float) -> tuple[list[Found], str]:
    """Printers that announce themselves on the network, and a sentence where it cannot be searched."""
    try:
        printers = await find_printers(seconds)
    except NoDiscovery as why:
        return [], str(why)
    found = []
    for each in printers:
        settings = {"host": each.host, **({"port": each.port} if each.port != RAW_PORT else {})}
        who = f"{each.model} {each.serial}".strip()
        found.append(_with_driver("network printer", None, each.name, settings, who))
    return found, ""


def toml_of(found: Found, name: str) -> str:
    """The section of edge.toml for it, under a name to be chosen."""
    lines = [f"[devices.{name}]"]
    if "driver" not in found.settings:
        lines.append('driver = "…"  # `edge-agent devices probe` tells which')
    lines += [f"{key} = {_toml(value)}" for key, value in found.settings.items()]
    return "\n".join(lines)


def _toml(value: object) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=True)


def _serial(node: Node, others: list[Node], by_id: Mapping[Path, Path], by_path: Mapping[Path, Path]) -> Found:
    real = node.path.resolve()
    alike = [each for each in others if each != node and node.vendor_product and _same(each, node)]
    note = ""
    if alike:
        note = "there is another one like it: it is named by its socket, so leave it in that one"
    name = by_path.get(real) if alike else by_id.get(real) or by_path.get(real)
    if name is None:
        name = node.path
        note = "udev gives it no lasting name: install the agent's rules (`edge-agent install`)"
    if not node.vendor_product:
        note = ""  # a port of the board itself keeps its name
    settings: dict[str, object] = {"port": str(name)}
    if node.vendor_product and node.vendor_product[:4] in _SCANNER_MAKERS:
        settings = {"driver": "serial_scanner", **settings}
    return Found("serial port", node, str(name), settings, note)


def _hid(sysfs: Path, dev: Path) -> list[Found]:
    found = nodes("hidraw", sysfs, dev)
    return [_usb(_sort_of(node, sysfs), node, found) for node in found]


def _sort_of(node: Node, sysfs: Path) -> Sort:
    try:
        described = (sysfs / "class/hidraw" / node.path.name / "device/report_descriptor").read_bytes()[:2]
    except OSError:
        return "hidraw"
    return {_SCALE_PAGE: "scale", _SCANNER_PAGE: "scanner"}.get(described, "hidraw")  # type: ignore[return-value]


def _inputs(sysfs: Path, dev: Path) -> list[Found]:
    found = nodes("input", sysfs, dev)
    scanners = [node for node in found if (node.vendor_product or "")[:4] in _SCANNER_MAKERS]
    return [_usb("keyboard" if node in scanners else "input", node, found) for node in found]


def _printers(sysfs: Path, dev: Path) -> list[Found]:
    found = nodes("usbmisc", sysfs, dev)
    return [_usb("printer", node, found) for node in found]


def _usb(sort: Sort, node: Node, others: list[Node]) -> Found:
    """Named by vendor and product and, where two are alike, by serial number or socket."""
    if node.vendor_product is None:
        return _with_driver(sort, node, str(node.path), {"node": str(node.path)}, "its maker is not known")
    settings: dict[str, object] = {"usb": node.vendor_product}
    alike = [each for each in others if each.vendor_product == node.vendor_product and _other(each, node)]
    note = ""
    if alike and node.serial and all(each.serial != node.serial for each in alike):
        settings["serial"] = node.serial
    elif alike and node.usb_port:
        settings["usb_port"] = node.usb_port
        note = "there is another one like it: it is named by its socket, so leave it in that one"
    return _with_driver(sort, node, " ".join(map(str, settings.values())), settings, note)


def _with_driver(sort: Sort, node: Node | None, name: str, settings: Mapping[str, object], note: str = "") -> Found:
    """With the first likely driver that takes such settings; without one where there is none."""
    if sort == "scale":
        likely = tuple(each for each in DRIVERS if DRIVERS[each].kind == "scale")
    else:
        likely = _LIKELY.get(sort, ())
    for driver in likely:
        if driver in DRIVERS and _takes(DRIVERS[driver].settings, settings):
            return Found(sort, node, name, {"driver": driver, **settings}, note)
    return Found(sort, node, name, settings, note)


def _takes(model: type[BaseModel], settings: Mapping[str, object]) -> bool:
    try:
        model.model_validate(settings)
    except ValidationError:
        return False
    return True


def _same(one: Node, other: Node) -> bool:
    return (one.vendor_product, one.serial) == (other.vendor_product, other.serial)


def _other(one: Node, other: Node) -> bool:
    """Whether these are two things: one thing may have several nodes."""
    return (one.usb_port, one.serial) != (other.usb_port, other.serial)


def _links(folder: Path) -> dict[Path, Path]:
    """Target -> link, for the links udev made in a folder."""
    if not folder.is_dir():
        return {}
    return {link.resolve(): link for link in sorted(folder.iterdir()) if link.is_symlink()}
