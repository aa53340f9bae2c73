"""`edge-agent devices …`: what is plugged in, what it says, and what is wrong with it."""

from __future__ import annotations

import click

from agent.cli.lazy import LazyGroup

COMMANDS = {
    "list": "agent.cli.devices_list:list_devices",
    "probe": "agent.cli.devices_probe:probe",
    "watch": "agent.cli.devices_watch:watch",
    "record": "agent.cli.devices_tape:record",
    "replay": "agent.cli.devices_tape:replay",
    "doctor": "agent.cli.devices_doctor:doctor",
    "calibrate": "agent.cli.devices_calibrate:calibrate",
    "zero": "agent.cli.devices_watch:zero",
    "tare": "agent.cli.devices_watch:tare",
    "clear-tare": "agent.cli.devices_watch:clear_tare",
}


@click.group(cls=LazyGroup, targets=COMMANDS)
def devices() -> None:
    """Scanners, scales and printers of this station: find them, watch them, mend them."""
