from __future__ import annotations

import subprocess
import sys
from typing import Any, Literal, get_type_hints

import pytest
from pydantic import ValidationError

from devices.driver import Printer, ReceiptPrinter
from devices.registry import DRIVERS
from tests.devices.support import build

SMALLEST: dict[str, dict[str, Any]] = {
    "serial_scanner": {"port": "/dev/scanner"},
    "keyboard_scanner": {"usb": "05e0:1200"},
    "hid_pos_scanner": {"usb": "0c2e:0b61"},
    "adam_scale": {"port": "/dev/scale"},
    "and_scale": {"port": "/dev/scale"},
    "cas_ecr_scale": {"port": "/dev/scale"},
    "cas_scale": {"port": "/dev/scale"},
    "ohaus_scale": {"port": "/dev/scale"},
    "radwag_scale": {"port": "/dev/scale"},
    "sartorius_sbi_scale": {"port": "/dev/scale"},
    "mt_sics_scale": {"port": "/dev/scale"},
    "ssi_scanner": {"port": "/dev/scanner"},
    "mettler_8217_scale": {"port": "/dev/scale", "unit": "kg"},
    "mettler_continuous_scale": {"port": "/dev/scale"},
    "nci_scale": {"port": "/dev/scale"},
    "sma_scale": {"port": "/dev/scale"},
    "hid_scale": {"usb": "0922:8003"},
    "ultegra_scale": {"port": "/dev/scale"},
    "zpl_printer": {"host": "printer.local"},
    "receipt_printer": {"tcp_host": "slips.local"},
}


def complaint(driver: str, **settings: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        DRIVERS[driver].settings.model_validate({**SMALLEST[driver], **settings})
    return refused.value.errors()[0]["msg"]


def test_every_driver_here_is_tried_here() -> None:
    assert set(DRIVERS) == set(SMALLEST)


@pytest.mark.parametrize("name", DRIVERS)
def test_a_driver_goes_by_the_name_in_its_own_settings(name: str) -> None:
    assert DRIVERS[name].name == name
    assert get_type_hints(DRIVERS[name].settings)["driver"] == Literal[name]


@pytest.mark.parametrize("name", DRIVERS)
def test_a_driver_builds_a_device_of_its_kind_from_the_smallest_settings(name: str) -> None:
    device = build(name, "bench", **SMALLEST[name])
    assert device.name == "bench"
    assert isinstance(device, Printer) == (DRIVERS[name].kind == "printer")
    assert isinstance(device, ReceiptPrinter) == (DRIVERS[name].kind == "receipt_printer")


@pytest.mark.parametrize("name", DRIVERS)
def test_settings_are_frozen_and_an_unknown_one_is_refused(name: str) -> None:
    assert DRIVERS[name].settings.model_config["frozen"] is True
    assert "Extra inputs" in complaint(name, colour="red")


@pytest.mark.parametrize("name", ["serial_scanner", "mt_sics_scale"])
def test_an_unusual_baud_rate_is_refused_with_the_usual_ones(name: str) -> None:
    assert complaint(name, baudrate=9601) == "must be 1200, 2400, 4800, 9600, 19200, 38400, 57600 or 115200"


@pytest.mark.parametrize(
    "settings",
    [
        {"port": "/dev/scale", "tcp_host": "scale", "tcp_port": 8001},
        {"port": None},
        {"port": None, "tcp_host": "scale"},
        {"port": None, "tcp_port": 8001},
    ],
)
def test_a_scale_hangs_on_exactly_one_line(settings: dict[str, Any]) -> None:
    assert "tcp_host and tcp_port" in complaint("mt_sics_scale", **settings)


@pytest.mark.parametrize(
    "settings",
    [
        {"port": "/dev/serial/by-id/slips"},
        {"node": "/dev/usb/slips"},
        {"usb": "04b8:0202"},
        {"tcp_host": None},
        {"tcp_host": None, "port": "/dev/serial/by-id/slips", "usb": "04b8:0202"},
    ],
)
def test_a_receipt_printer_hangs_on_exactly_one_line(settings: dict[str, Any]) -> None:
    assert complaint("receipt_printer", **settings) == ("set port, tcp_host, usb or node: exactly one of the four")


@pytest.mark.parametrize(
    "settings",
    [{"port": "/dev/serial/by-id/slips"}, {"usb": "04b8:0202", "serial": "A1"}, {"node": "/dev/usb/slips"}],
)
def test_a_receipt_printer_may_hang_on_a_serial_line_or_usb(settings: dict[str, Any]) -> None:
    assert isinstance(build("receipt_printer", "slips", **settings), ReceiptPrinter)


def test_a_scale_may_hang_on_tcp() -> None:
    build("mt_sics_scale", "bench", tcp_host="scale", tcp_port=8001)


@pytest.mark.parametrize(
    ("driver", "settings"),
    [
        ("serial_scanner", {"port": "COM3"}),
        ("serial_scanner", {"terminators": []}),
        ("serial_scanner", {"terminators": ["space"]}),
        ("serial_scanner", {"prefix": "é"}),
        ("serial_scanner", {"bytesize": 9}),
        ("serial_scanner", {"parity": "N"}),
        ("mt_sics_scale", {"poll_ms": 19}),
        ("zpl_printer", {"dpi": 200}),
        ("zpl_printer", {"port": 0}),
        ("receipt_printer", {"confirm": "hope"}),
        ("receipt_printer", {"columns": 23}),
        ("receipt_printer", {"profile": "../x"}),
        ("receipt_printer", {"tcp_host": None, "node": "/dev/usb/lp0"}),
    ],
)
def test_what_no_device_can_do_is_refused(driver: str, settings: dict[str, Any]) -> None:
    assert complaint(driver, **settings)


def test_a_printer_says_its_dots_and_how_long_to_wait_for_proof() -> None:
    printer = build("zpl_printer", "bench", host="printer", dpi=300)
    assert isinstance(printer, Printer)
    assert (printer.dpi, printer.confirm_timeout_s) == (300, 20.0)


def test_loading_the_registry_does_not_load_pyserial() -> None:
    code = "import sys, devices.registry; sys.exit('serial' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
