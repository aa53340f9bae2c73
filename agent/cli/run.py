"""`edge-agent run`: the agent itself."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent import memory
from agent.cli.common import Refusal, config_option, settings_from
from agent.log import set_up_logging

PORT = 8765
"""Where the first run is served: where the screens are later, unless edge.toml says otherwise."""

if TYPE_CHECKING:
    from agent.wiring import Agent


@click.command()
@config_option
@click.option("--ready-file", type=click.Path(path_type=Path), help="Written once the screens answer.")
@click.option("--log-level", default="INFO", show_default=True)
@click.option("--setup-port", type=click.IntRange(0, 65535), default=PORT, hidden=True)
def run(config_path: Path, ready_file: Path | None, log_level: str, setup_port: int) -> None:
    """Run the agent of this station. Where there is no edge.toml, it is set up first: see `edge-agent setup`."""
    if not config_path.exists() and not first_run(config_path, setup_port, None):
        return
    from agent.labels.template import TemplateFault  # noqa: PLC0415
    from agent.wiring import Agent  # noqa: PLC0415 -- a wrong edge.toml is told before anything heavy is loaded
    from config import ConfigFaults  # noqa: PLC0415
    from local_store.database import StoreRefused  # noqa: PLC0415
    from local_store.store import StoreGaveUp  # noqa: PLC0415

    settings = settings_from(config_path)
    set_up_logging(log_level)
    try:
        asyncio.run(serve(Agent(settings, config_path.parent, file=config_path), ready_file))
    except (StoreRefused, StoreGaveUp, ConfigFaults, TemplateFault) as refusal:
        raise Refusal(str(refusal)) from None
    except OSError as error:
        raise Refusal(f"{error.filename or settings.station.listen}: {error.strerror}.") from None


def first_run(config_path: Path, port: int, ready_file: Path | None) -> bool:
    """Set this machine up at a page of its own; whether it became a station."""
    from agent.enrolment import why_unwritable  # noqa: PLC0415 -- done once in the life of a machine
    from agent.first_run.serving import HOST, serve_until_written  # noqa: PLC0415 -- as above

    if (reason := why_unwritable(config_path)) is not None:
        raise Refusal(reason)

    def ready(url: str) -> None:
        if ready_file is not None:
            write_atomically(ready_file, json.dumps({"url": url, "pid": os.getpid()}))

    try:
        return asyncio.run(serve_until_written(config_path, port, lambda words: print(words, flush=True), ready))
    except OSError as error:
        raise Refusal(f"{HOST}:{port}: {error.strerror}.") from None


async def serve(agent: Agent, ready_file: Path | None) -> None:
    """Run an agent until SIGTERM or SIGINT."""
    memory.settle()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await agent.run(lambda url: _ready(url, ready_file), stop)


def _ready(url: str, ready_file: Path | None) -> None:
    logging.getLogger(__name__).info("screens at %s/pick and %s/pack", url, url)
    if ready_file is not None:
        write_atomically(ready_file, json.dumps({"url": url, "pid": os.getpid()}))
    sys.stdout.flush()


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that a reader sees all of it or nothing."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        file.write(text)
    Path(file.name).replace(path)
