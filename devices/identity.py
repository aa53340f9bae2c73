"""Which device is which: by vendor and product, serial number and the socket it is in, never by ttyUSB0.

The kernel's own tree (sysfs) is read; it is there without udev, and the tests hand in one of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

NodeClass = Literal["tty", "hidraw", "input", "usbmisc"]

SYSFS = Path("/sys")
DEV = Path("/dev")

_FOLDER: dict[NodeClass, str] = {"tty": "", "hidraw": "", "input": "input", "usbmisc": "usb"}
_NODE = re.compile(r"tty(?:USB|ACM|AMA|S|rfcomm)\d+|rfcomm\d+|hidraw\d+|event\d+|lp\d+")
_HID_ID = re.compile(r"[0-9A-F]{4}:0000([0-9A-F]{4}):0000([0-9A-F]{4})")


class Node(NamedTuple):
    """One node under /dev and the device behind it, as far as the kernel knows it."""

    path: Path
    vendor_product: str | None
    """Such as "0922:8003"; None where there is no USB or Bluetooth device behind it."""
    serial: str | None
    usb_port: str | None
    """The socket, such as "1-1.4": it stays the same when an equal device is put in its place."""
    name: str
    """What the device calls itself."""


def nodes(kind: NodeClass, sysfs: Path = SYSFS, dev: Path = DEV) -> list[Node]:
    """Every node of one class that is plugged in now, by name."""
    folder = sysfs / "class" / kind
    found = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
    return [_node(kind, folder / name, dev / _FOLDER[kind] / name) for name in found if _NODE.fullmatch(name)]


def matching(
    candidates: list[Node], vendor_product: str | None, serial: str | None, usb_port: str | None
) -> list[Node]:
    """The nodes of the one device that is asked for; what is None is not looked at."""
    return [
        node
        for node in candidates
        if vendor_product in (None, node.vendor_product)
        and serial in (None, node.serial)
        and usb_port in (None, node.usb_port)
    ]


def _node(kind: NodeClass, entry: Path, path: Path) -> Node:
    usb = next(_usb_folders(entry), None)
    if usb is not None:
        ids = f"{_text(usb / 'idVendor')}:{_text(usb / 'idProduct')}"
        name = " ".join(filter(None, (_text(usb / "manufacturer"), _text(usb / "product"))))
        return Node(path, ids, _text(usb / "serial") or None, usb.name, name)
    facts = _uevent(entry / "device")
    if kind == "hidraw" and (ids_of := _HID_ID.fullmatch(facts.get("HID_ID", ""))):
        ids = f"{ids_of[1]}:{ids_of[2]}".lower()
        return Node(path, ids, facts.get("HID_UNIQ") or None, None, facts.get("HID_NAME", ""))
    vendor, product = _text(entry / "device/id/vendor"), _text(entry / "device/id/product")
    ids_or_none = f"{vendor}:{product}" if vendor and product else None
    return Node(path, ids_or_none, _text(entry / "device/uniq") or None, None, _text(entry / "device/name"))


def _usb_folders(entry: Path) -> Iterator[Path]:
    """The folders above `entry` that are USB devices, the nearest first."""
    place = (entry / "device").resolve()
    for folder in (place, *place.parents):
        if (folder / "idVendor").is_file():
            yield folder


def _uevent(folder: Path) -> dict[str, str]:
    lines = (line.partition("=") for line in _text(folder / "uevent").splitlines())
    return {key: value for key, _, value in lines}


def _text(file: Path) -> str:
    """What a file of sysfs says; a device that goes while it is looked at says nothing."""
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
