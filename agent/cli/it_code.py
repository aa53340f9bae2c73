"""`edge-agent it-code`: a one-time code that opens IT's page on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from agent.cli.calling import Running
from agent.cli.common import config_option, settings_from, url_option


@click.command("it-code")
@config_option
@url_option
def it_code(config_path: Path, url: str | None) -> None:
    """Show a code for the page /it of the running agent: good once, for ten minutes, on this machine."""
    settings = settings_from(config_path)
    agent = Running(settings, url)
    told = agent.post("/v1/station/it/codes", {})
    print(f"{told['code']}\nKey it in at {agent.url}/it within {told['minutes']} minutes.")
