"""What several commands need: the settings file, checked, and refusals as plain sentences."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

import devices.registry
import sync.dialects
from config import ConfigFaults, Settings, load

DEFAULT_CONFIG = Path("/etc/edge-agent/edge.toml")


def config_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The `--config` option."""
    return click.option(
        "--config",
        "config_path",
        type=click.Path(path_type=Path),
        default=DEFAULT_CONFIG,
        show_default=True,
        envvar="EDGE_CONFIG",
        help="The station's settings.",
    )(command)


def url_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The `--url` option."""
    return click.option("--url", help="Address of the agent, when it is not the one in edge.toml.")(command)


def settings_from(path: Path) -> Settings:
    """The settings in `path`; every fault is printed and the command ends with 2."""
    try:
        return load(path, devices.registry.SETTINGS, sync.dialects.SETTINGS)
    except ConfigFaults as faults:
        raise Refusal("\n".join(faults.faults)) from None


class Refusal(click.ClickException):
    """A refusal in words; the exit status is 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print just the sentences."""
        click.echo(self.message, file=file, err=True)
