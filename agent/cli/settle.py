"""`edge-agent settle`: tell the running agent that a person has looked."""

from __future__ import annotations

from pathlib import Path

import click

from agent.cli.calling import Running
from agent.cli.common import config_option, settings_from, url_option


@click.command()
@config_option
@url_option
@click.option("--note", required=True, help="What was found, in a few words; it is kept with the fact.")
@click.argument("what")
def settle(config_path: Path, url: str | None, note: str, what: str) -> None:
    """Settle `fence`, or a conflict by its name as `status` shows it, after somebody has looked."""
    Running(settings_from(config_path), url).post("/v1/station/settle", {"what": what, "note": note})
    print(f"{what} is settled.")
