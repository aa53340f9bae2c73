"""`edge-agent devices watch | zero | tare | clear-tare`."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from agent.cli.calling import Running
from agent.cli.common import config_option, settings_from, url_option
from agent.cli.direct import built, named, run_for
from config import Settings
from devices.shown import as_json, line_of


@click.command()
@config_option
@url_option
@click.argument("name", required=False)
@click.option("--direct", is_flag=True, help="Read the port itself; only where no agent runs.")
@click.option("--seconds", type=click.IntRange(1), help="Stop after so long; else with Ctrl+C.")
@click.option("--json", "as_lines", is_flag=True, help="One JSON object a line.")
def watch(
    config_path: Path, name: str | None, url: str | None, seconds: int | None, *, direct: bool, as_lines: bool
) -> None:
    """Show every reading and state of the device NAME, or of all devices, as they come."""
    settings = settings_from(config_path)
    names = named(settings, name)

    def show(shown: dict[str, Any]) -> None:
        print(json.dumps(shown) if as_lines else line_of(shown), flush=True)

    with suppress(KeyboardInterrupt):
        if direct:
            devices = built(settings, names)
            asyncio.run(run_for(settings, devices, lambda told: show(as_json(told)), seconds))
            return
        for shown in until_s(told_by(settings, url, name), seconds):
            show(shown)


def told_by(settings: Settings, url: str | None, name: str | None) -> Iterator[dict[str, Any] | None]:
    """What the running agent hears from a device, or from all of them; None whenever it is quiet."""
    return Running(settings, url).lines(f"/v1/station/devices/{name or 'all'}/readings")


def until_s(
    told: Iterator[dict[str, Any] | None], seconds: float | None, clock: Callable[[], float] = time.monotonic
) -> Iterator[dict[str, Any]]:
    """What is told within so many seconds."""
    begun = clock()
    for each in told:
        if each is not None:
            yield each
        if seconds is not None and clock() - begun >= seconds:
            return


def _tell(name: str, word: str, done: str, config_path: Path, url: str | None) -> None:
    settings = settings_from(config_path)
    named(settings, name)
    Running(settings, url).post(f"/v1/station/devices/{name}/{word}", {})
    print(f"{name}: {done}.")


@click.command()
@config_option
@url_option
@click.argument("name")
def zero(config_path: Path, name: str, url: str | None) -> None:
    """Set the scale NAME to zero, through the running agent."""
    _tell(name, "zero", "it is set to zero", config_path, url)


@click.command()
@config_option
@url_option
@click.argument("name")
def tare(config_path: Path, name: str, url: str | None) -> None:
    """Take what lies on the scale NAME as its tare, through the running agent."""
    _tell(name, "tare", "what lies on it is its tare", config_path, url)


@click.command("clear-tare")
@config_option
@url_option
@click.argument("name")
def clear_tare(config_path: Path, name: str, url: str | None) -> None:
    """Clear the tare of the scale NAME, through the running agent."""
    _tell(name, "clear-tare", "its tare is cleared", config_path, url)
