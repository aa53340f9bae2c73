"""`edge-agent devices list`: what is plugged in, and the lines of edge.toml for it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from agent.cli.calling import Running
from agent.cli.common import config_option, settings_from, url_option
from devices.inventory import Found, everything, network_printers, print_queues, toml_of

SEARCH_S = 2.0


@click.command("list")
@config_option
@url_option
@click.option("--network", is_flag=True, help=f"Also search the network for printers, for {SEARCH_S:g} seconds.")
@click.option("--sysfs", type=click.Path(path_type=Path), default=Path("/sys"), hidden=True)
@click.option("--dev", type=click.Path(path_type=Path), default=Path("/dev"), hidden=True)
def list_devices(config_path: Path, url: str | None, sysfs: Path, dev: Path, *, network: bool) -> None:
    """Show what is plugged in, each with its section for edge.toml, and the devices that edge.toml has."""
    found = everything(sysfs, dev)
    queues, why_no_queues = print_queues()
    found += queues
    printers, why_no_printers = asyncio.run(network_printers(SEARCH_S)) if network else ([], "")
    found += printers
    for number, each in enumerate(found):
        _show(each, number)
    if not found:
        print("Nothing is plugged in that could be a scanner, a scale or a printer.")
    for sentence in filter(None, (why_no_queues, why_no_printers)):
        print(sentence)
    if config_path.is_file():
        _show_configured(config_path, url)


def _show(found: Found, number: int) -> None:
    if number:
        print()
    facts: list[str] = [found.sort]
    if found.node is not None:
        node = found.node
        facts += [str(node.path), node.vendor_product or "", node.name]
        facts += [f"serial {node.serial}"] if node.serial else []
        facts += [f"in socket {node.usb_port}"] if node.usb_port else []
    else:
        facts.append(found.name)
    print("# " + ", ".join(filter(None, facts)))
    if found.note:
        print(f"# {found.note}")
    print(toml_of(found, "NAME"))


def _show_configured(config_path: Path, url: str | None) -> None:
    settings = settings_from(config_path)
    if not settings.devices:
        return
    print(f"\nDevices in {config_path}:")
    agent = Running(settings, url)
    if not agent.answers():
        for name, driver in settings.device_drivers().items():
            print(f"  {name:16} {driver}")
        print("  No agent runs here, so their state is not known.")
        return
    for name, device in agent.get("/v1/station/devices")["devices"].items():
        told = f"{device['sentence']} {device['next_step']}".rstrip()
        print(f"  {name:16} {device['driver']:20} {device['state']:6} {told}")
