"""Every driver by the name edge.toml uses. A new device is one more line here, or an entry point of a site's package.

A driver is imported when it is first asked for: a station loads the code of its own devices only.
"""

from __future__ import annotations

from config.registry import Registry, SettingsModels
from devices.driver import Driver

ENTRY_POINTS = "warehouse_edge_agent.drivers"
"""The group in which a site's own package names its drivers: `name = "package.module:DRIVER"`."""

_BUILT_IN = {
    "serial_scanner": "devices.drivers.serial_scanner:DRIVER",
    "keyboard_scanner": "devices.drivers.keyboard_scanner:DRIVER",
    "hid_pos_scanner": "devices.drivers.hid_pos_scanner:DRIVER",
    "adam_scale": "devices.drivers.adam_scale:DRIVER",
    "and_scale": "devices.drivers.and_scale:DRIVER",
    "cas_ecr_scale": "devices.drivers.cas_ecr_scale:DRIVER",
    "cas_scale": "devices.drivers.cas_scale:DRIVER",
    "ohaus_scale": "devices.drivers.ohaus_scale:DRIVER",
    "radwag_scale": "devices.drivers.radwag_scale:DRIVER",
    "sartorius_sbi_scale": "devices.drivers.sartorius_sbi_scale:DRIVER",
    "mt_sics_scale": "devices.drivers.mt_sics_scale:DRIVER",
    "ssi_scanner": "devices.drivers.ssi_scanner:DRIVER",
    "mettler_8217_scale": "devices.drivers.mettler_8217_scale:DRIVER",
    "mettler_continuous_scale": "devices.drivers.mettler_continuous_scale:DRIVER",
    "nci_scale": "devices.drivers.nci_scale:DRIVER",
    "sma_scale": "devices.drivers.sma_scale:DRIVER",
    "hid_scale": "devices.drivers.hid_scale:DRIVER",
    "ultegra_scale": "devices.drivers.ultegra_scale:DRIVER",
    "zpl_printer": "devices.drivers.zpl_printer:DRIVER",
    "receipt_printer": "devices.drivers.receipt_printer:DRIVER",
}

DRIVERS = Registry(ENTRY_POINTS, _BUILT_IN, Driver)
SETTINGS = SettingsModels(DRIVERS, lambda driver: driver.settings)
