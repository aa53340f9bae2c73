"""Every driver by the name edge.toml uses. A new device is one more line here."""

from __future__ import annotations

from devices.driver import Driver
from devices.drivers import mt_sics_scale, serial_scanner, zpl_printer

DRIVERS: dict[str, Driver] = {
    driver.name: driver for driver in (serial_scanner.DRIVER, mt_sics_scale.DRIVER, zpl_printer.DRIVER)
}
