"""`edge-agent setup`: the first run of a machine, at a page of its own."""

from __future__ import annotations

from pathlib import Path

import click

from agent.cli.common import Refusal, config_option
from agent.cli.run import PORT, first_run


@click.command()
@config_option
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0 takes a free port.")
@click.option("--ready-file", type=click.Path(path_type=Path), help="Written once the page answers.")
def setup(config_path: Path, port: int, ready_file: Path | None) -> None:
    """Set this machine up: a page finds its devices, tries each, takes HQ's address and key, and writes edge.toml.

    The page answers on this machine only, to whoever has the code that is printed here.
    """
    if config_path.exists():
        raise Refusal(f"{config_path} is there already: this machine is a station. Look at its page /it.")
    if not first_run(config_path, port, ready_file):
        raise Refusal("Stopped before anything was written.")
    print(f"{config_path} is written. Start the agent with `edge-agent install`, or `edge-agent run` to try it.")
