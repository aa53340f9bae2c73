"""`edge-agent train`: the simulated day on a real station's machine, with nothing of it near real work or HQ."""

from __future__ import annotations

import socket
from pathlib import Path

import click

from agent.cli.common import Refusal, config_option, settings_from
from agent.cli.demo import Day, work_day
from agent.training import why_not
from config import Settings

PORT = 8766
LONGEST_NAME = 40


@click.command()
@config_option
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=lambda: Path.home() / "edge-agent-training",
    show_default="edge-agent-training in your home",
    help="Where the training keeps its own store and its own HQ.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0 takes a free port.")
@click.option("--fresh/--keep", default=True, show_default=True, help="Begin the day anew.")
@click.option("--ready-file", type=click.Path(path_type=Path), help="Written once the screens answer.")
def train(config_path: Path, folder: Path, port: int, *, fresh: bool, ready_file: Path | None) -> None:
    """Train on this station's machine while its agent goes on working.

    The day is simulated: its own store, HQ, port and devices. Of the station's edge.toml only
    its name, language and time zone are taken; its devices, HQ, keys and people are not touched.
    """
    settings = settings_from(config_path) if config_path.is_file() else None
    reason = why_not(folder, settings.station.data_dir if settings else None)
    if reason is not None:
        raise Refusal(reason)
    if settings is not None and port and settings.station.listen.endswith(f":{port}"):
        raise Refusal(f"Port {port} is the station's own (station.listen). Give --port another one.")
    if port and _is_taken(port):
        raise Refusal(f"Port {port} is in use on this machine. Give --port another one, or 0 for a free one.")
    work_day(folder, day_of(settings, port), ready_file, fresh=fresh)


def day_of(settings: Settings | None, port: int) -> Day:
    """The training day of a station; of one that is not set up, in English."""
    listen = f"127.0.0.1:{port}"
    if settings is None:
        return Day("training", listen, apart=True)
    station = settings.station
    name = f"training-{station.id}"[:LONGEST_NAME]
    return Day(name, listen, station.language, station.timezone, apart=True)


def _is_taken(port: int) -> bool:
    with socket.socket() as trial:
        trial.settimeout(1)
        return trial.connect_ex(("127.0.0.1", port)) == 0
