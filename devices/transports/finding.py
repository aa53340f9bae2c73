"""Which nodes are the one device that is meant. Two devices that both fit are refused: their codes would mix."""

from __future__ import annotations

from pathlib import Path

from devices.identity import Node, NodeClass, matching, nodes
from devices.line_settings import UsbNode
from devices.transports.base import ConnectRefused


def nodes_of(device: str, settings: UsbNode, kind: NodeClass) -> list[Path]:
    """Every node of the device now; empty while it is not plugged in. Raises ConnectRefused when two devices fit."""
    if settings.node is not None:
        return [path] if (path := Path(settings.node)).exists() else []
    return of_one_device(device, settings, matching(nodes(kind), settings.usb, settings.serial, settings.usb_port))


def of_one_device(device: str, settings: UsbNode, found: list[Node]) -> list[Path]:
    """The paths of `found`. Raises ConnectRefused when they belong to more than one device."""
    places = sorted({(node.usb_port or "", node.serial or "") for node in found})
    if len(places) > 1:
        words = "; ".join(f"socket {port or 'unknown'}, serial {serial or 'none'}" for port, serial in places)
        raise ConnectRefused(
            f"{len(places)} devices could be '{device}', {settings} ({words}).",
            f"Say which one: set devices.{device}.serial or devices.{device}.usb_port in edge.toml.",
        )
    return [node.path for node in found]
