"""The only place that opens a port: serial lines, TCP, and the nodes of hidraw, evdev and usblp.

However a port refuses or a device vanishes, the caller sees one of two errors: ConnectRefused or TransportLost.
"""

from __future__ import annotations

from devices.transports.base import ConnectRefused, DeviceUnreachable, Transport, TransportLost, read_waiting
from devices.transports.evdev import EvdevTransport
from devices.transports.finding import nodes_of
from devices.transports.listening import listen_for_lines
from devices.transports.node import NewestReportTransport, NodeTransport
from devices.transports.serial_port import SerialTransport
from devices.transports.tcp import PEER_CLOSE_S, TcpTransport
from devices.transports.usb_printer import UsbPrinterTransport

__all__ = [
    "PEER_CLOSE_S",
    "ConnectRefused",
    "DeviceUnreachable",
    "EvdevTransport",
    "NewestReportTransport",
    "NodeTransport",
    "SerialTransport",
    "TcpTransport",
    "Transport",
    "TransportLost",
    "UsbPrinterTransport",
    "listen_for_lines",
    "nodes_of",
    "read_waiting",
]
