from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from devices.inventory import Found, everything, serial_ports, toml_of
from devices.line_settings import UsbNode

SCALE, SCANNER = b"\x05\x8d\x09\x20", b"\x05\x8c\x09\x02"


class Machine:
    """The kernel's tree and the nodes of a machine whose plugs a test holds."""

    def __init__(self, root: Path) -> None:
        self.sys, self.dev = root / "sys", root / "dev"
        self.dev.mkdir(parents=True)
        self.onboard: list[str] = []

    def plug(
        self,
        kind: str,
        node: str,
        ids: str,
        socket: str,
        serial: str = "",
        name: str = "Example Adapter",
        report: bytes = b"",
    ) -> Path:
        usb = self.sys / "devices/usb1" / socket
        inner = usb / f"{socket}:1.0" / node
        inner.mkdir(parents=True)
        vendor, _, product = ids.partition(":")
        (usb / "idVendor").write_text(vendor)
        (usb / "idProduct").write_text(product)
        (usb / "product").write_text(name)
        if serial:
            (usb / "serial").write_text(serial)
        if report:
            (inner / "report_descriptor").write_bytes(report)
        entry = self.sys / "class" / kind / node
        entry.mkdir(parents=True)
        (entry / "device").symlink_to(inner)
        folder = self.dev / {"input": "input", "usbmisc": "usb"}.get(kind, "")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / node).touch()
        return folder / node

    def link(self, folder: str, name: str, node: Path) -> None:
        place = self.dev / "serial" / folder
        place.mkdir(parents=True, exist_ok=True)
        (place / name).symlink_to(node)

    def found(self) -> list[Found]:
        return everything(self.sys, self.dev, lambda: self.onboard)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_an_adapter_is_named_by_its_id_and_shown_with_what_is_known_of_it(machine: Machine) -> None:
    node = machine.plug("tty", "ttyUSB0", "0403:6001", "1-1.4", "A9", "FT232R")
    machine.link("by-id", "usb-FTDI_FT232R_A9-if00-port0", node)
    machine.link("by-path", "pci-0000:00:14.0-usb-0:1.4:1.0-port0", node)
    (found,) = machine.found()
    assert found.name == str(machine.dev / "serial/by-id/usb-FTDI_FT232R_A9-if00-port0")
    assert found.node is not None
    assert (found.node.vendor_product, found.node.serial, found.node.usb_port) == ("0403:6001", "A9", "1-1.4")
    assert tomllib.loads(toml_of(found, "bench").replace("…", "x"))["devices"]["bench"]["port"] == found.name


def test_two_adapters_that_share_one_name_are_named_by_their_sockets(machine: Machine) -> None:
    for number, socket in enumerate(("1-1.1", "1-1.2")):
        node = machine.plug("tty", f"ttyUSB{number}", "1a86:7523", socket)
        machine.link("by-path", f"pci-usb-0:{socket}:1.0-port0", node)
    machine.link("by-id", "usb-1a86_USB_Serial-if00-port0", node)
    found = machine.found()
    assert [each.name.rpartition("/")[2] for each in found] == [
        "pci-usb-0:1-1.1:1.0-port0",
        "pci-usb-0:1-1.2:1.0-port0",
    ]
    assert all("leave it in that one" in each.note for each in found)


def test_a_scanner_on_a_serial_port_is_known_by_its_maker(machine: Machine) -> None:
    node = machine.plug("tty", "ttyACM0", "0c2e:0b0a", "1-2", name="Honeywell 1900")
    machine.link("by-id", "usb-Honeywell_1900-if00", node)
    (found,) = machine.found()
    assert found.settings["driver"] == "serial_scanner"


def test_a_port_without_a_lasting_name_is_shown_with_what_to_do(machine: Machine) -> None:
    machine.plug("tty", "ttyUSB0", "0403:6001", "1-1")
    (found,) = machine.found()
    assert "install the agent's rules" in found.note


def test_of_the_boards_own_ports_only_those_with_hardware_are_shown(machine: Machine) -> None:
    for number in range(4):
        (machine.sys / f"class/tty/ttyS{number}").mkdir(parents=True)
    machine.onboard = [str(machine.dev / "ttyS1")]
    assert [each.name for each in machine.found()] == [str(machine.dev / "ttyS1")]


@pytest.mark.parametrize(
    ("report", "sort"), [(SCALE, "scale"), (SCANNER, "scanner"), (b"\x05\x01\x09\x06", "hidraw")]
)
def test_a_hid_device_is_known_by_its_usage_page_and_not_by_its_maker(
    machine: Machine, report: bytes, sort: str
) -> None:
    machine.plug("hidraw", "hidraw0", "0922:8003", "1-1", report=report)
    (found,) = machine.found()
    assert (found.sort, found.settings["usb"]) == (sort, "0922:8003")


@pytest.mark.parametrize(
    ("serials", "more"), [(("S1", "S2"), ({"serial": "S1"}, {"serial": "S2"})), (("", ""), ("1-1", "1-2"))]
)
def test_two_equal_usb_devices_are_told_apart_by_serial_number_or_else_by_socket(
    machine: Machine, serials: tuple[str, str], more: tuple[object, object]
) -> None:
    for number, serial in enumerate(serials):
        machine.plug("usbmisc", f"lp{number}", "0a5f:0166", f"1-{number + 1}", serial)
    for each, expected in zip(machine.found(), more, strict=True):
        assert each.sort == "printer"
        told = {key: value for key, value in each.settings.items() if key not in ("driver", "usb")}
        assert told == (expected if isinstance(expected, dict) else {"usb_port": expected})
        UsbNode.model_validate({key: value for key, value in each.settings.items() if key != "driver"})


def test_a_scanner_that_types_is_told_from_an_ordinary_keyboard(machine: Machine) -> None:
    machine.plug("input", "event3", "0c2e:0200", "1-1")
    machine.plug("input", "event4", "046d:c31c", "1-2")
    assert [(each.sort, each.settings["usb"]) for each in machine.found()] == [
        ("keyboard", "0c2e:0200"),
        ("input", "046d:c31c"),
    ]


def test_a_machine_with_nothing_plugged_in_has_nothing(machine: Machine) -> None:
    assert machine.found() == []
    assert serial_ports(machine.sys, machine.dev, list) == []
