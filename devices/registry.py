"""Every driver by the name edge.toml uses. A new device is one more line here, or an entry point of a site's package.

A driver is imported when it is first asked for: a station loads the code of its own devices only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from pydantic import BaseModel

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


class Registry(Mapping[str, Driver]):
    """Drivers by name: ours first, then those of installed packages; a site's driver cannot take one of our names."""

    def __getitem__(self, name: str) -> Driver:
        if name in _BUILT_IN:
            module, _, attribute = _BUILT_IN[name].partition(":")
            driver = getattr(import_module(module), attribute)
        else:
            driver = _installed()[name].load()
        if not isinstance(driver, Driver) or driver.name != name:
            raise TypeError(f"the driver '{name}' is {driver!r}: it must be a devices.driver.Driver of that name")
        return driver

    def __iter__(self) -> Iterator[str]:
        yield from _BUILT_IN
        yield from (name for name in _installed() if name not in _BUILT_IN)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class SettingsModels(Mapping[str, type[BaseModel]]):
    """The settings model of each driver, for the loading of edge.toml."""

    def __getitem__(self, name: str) -> type[BaseModel]:
        return DRIVERS[name].settings

    def __iter__(self) -> Iterator[str]:
        return iter(DRIVERS)

    def __len__(self) -> int:
        return len(DRIVERS)


DRIVERS = Registry()


@cache
def _installed() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=ENTRY_POINTS)}
