"""`edge-agent devices probe`: the speed and protocol of a scale or scanner that nobody knows."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from pathlib import Path

import click

from agent.cli.calling import Running
from agent.cli.common import Refusal, config_option, settings_from, url_option
from devices.inventory import serial_ports
from devices.probe import Finding, Match, investigate
from devices.probe import probe as carry_out
from devices.probe_scanner import ScannerFinding, investigate_scanner
from devices.registry import DRIVERS
from devices.shown import told_of
from devices.transports import DeviceUnreachable

SHOWN_BYTES = 32


@click.command()
@config_option
@url_option
@click.argument("ports", nargs=-1)
@click.option("--scan", is_flag=True, help="A scanner: you are asked to scan something.")
def probe(config_path: Path, url: str | None, ports: tuple[str, ...], *, scan: bool) -> None:
    """Find out what speaks on each of PORTS, or on every serial port that edge.toml does not use.

    A scale is only ever listened to and asked for its weight: zero, tare and print are never sent. Ends with 1 when
    nothing was recognised.
    """
    taken = _taken(config_path, url)
    chosen = list(ports) or [each.name for each in serial_ports() if str(Path(each.name).resolve()) not in taken]
    if not chosen:
        raise Refusal(
            "There is no serial port here that edge.toml does not use. Plug the device in, or name its port."
        )
    for port in chosen:
        if (holder := taken.get(str(Path(port).resolve()))) is not None:
            raise Refusal(
                f"{port} belongs to '{holder}' in edge.toml and the agent is running: it is in use. "
                "Stop the agent (`systemctl stop edge-agent`) or name another port."
            )
    known = [_probe(port, scan=scan) for port in chosen]
    if not any(known):
        raise SystemExit(1)


def _taken(config_path: Path, url: str | None) -> dict[str, str]:
    """Real path -> device, of the ports that a running agent uses."""
    if not config_path.is_file():
        return {}
    settings = settings_from(config_path)
    if not Running(settings, url).answers():
        return {}
    ports = {name: getattr(model, "port", None) for name, model in settings.devices.items()}
    return {str(Path(port).resolve()): name for name, port in ports.items() if isinstance(port, str)}


def _probe(port: str, *, scan: bool) -> bool:
    print(f"# {port}", flush=True)
    try:
        if scan:
            plan = investigate_scanner()
            return _tell_scanner(port, asyncio.run(carry_out(port, plan, time.monotonic, say=_say)))
        probes = {name: each for name in DRIVERS if (each := DRIVERS[name].probe) is not None}
        return _tell_scale(port, asyncio.run(carry_out(port, investigate(probes), time.monotonic)))
    except DeviceUnreachable as fault:
        print(f"# {fault.sentence} {fault.next_step}")
        return False


def _say(sentence: str) -> None:
    print(f"# {sentence}", flush=True)


def _tell_scale(port: str, found: Finding) -> bool:
    if not found.matches:
        print(f"# {_nothing(found.heard)}")
        return False
    if len(found.matches) > 1:
        print("# Several drivers understand it. Put a known weight on it and take the one that reads it right:")
        for match in found.matches:
            print(f"#   {match.driver}: {told_of(match.sample)} ({_how(match)}; docs/devices/{match.driver}.md)")
    best = found.matches[0]
    if len(found.matches) == 1:
        print(f"# It says {told_of(best.sample)} ({_how(best)}).")
    _section(best.driver, {"port": port, **best.line})
    return True


def _how(match: Match) -> str:
    return "sends by itself" if match.asked is None else "answers when asked"


def _nothing(heard: Mapping[int, bytes]) -> str:
    if not heard:
        return (
            "Nothing came at any speed. Check that it is on, that the cable is the right one (a null modem or a "
            "straight one), and that its menu does not switch the interface off."
        )
    speed, came = next(iter(heard.items()))
    return (
        f"Something came that no driver understands, first at {speed} baud: {came[:SHOWN_BYTES].hex(' ')}. "
        "Choose one of the protocols of docs/devices in the scale's menu, or send this to support."
    )


def _tell_scanner(port: str, found: ScannerFinding) -> bool:
    scanned = found.scanned
    if scanned is None:
        came = f" What came: {found.heard[0][:SHOWN_BYTES].hex(' ')}." if found.heard else ""
        print(f"# No scan could be read.{came} Is the scanner set to RS-232 or USB-COM (not to keyboard)?")
        return False
    print(f"# It read {scanned.code!r}.")
    if scanned.terminator is None:
        print("# It sends nothing after a code: set a suffix CR in the scanner, else no code has an end.")
    if scanned.symbology is None:
        print("# It sends no AIM identifier: set it to, else a GS1 code cannot be told from any other.")
    _section("serial_scanner", {"port": port, **scanned.settings})
    return True


def _section(driver: str, settings: Mapping[str, object]) -> None:
    print("[devices.NAME]")
    print(f'driver = "{driver}"')
    for key, value in settings.items():
        print(f"{key} = {json.dumps(value)}")
    for key, field in DRIVERS[driver].settings.model_fields.items():
        if field.is_required() and key not in settings:
            print(f'{key} = "…"  # it does not say: docs/devices/{driver}.md')
