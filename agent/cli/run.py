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

if TYPE_CHECKING:
    from agent.wiring import Agent


@click.command()
@config_option
@click.option("--ready-file", type=click.Path(path_type=Path), help="Written once the screens answer.")
@click.option("--log-level", default="INFO", show_default=True)
def run(config_path: Path, ready_file: Path | None, log_level: str) -> None:
    """Run the agent of this station."""
    from agent.labels.template import TemplateFault  # noqa: PLC0415
    from agent.wiring import Agent  # noqa: PLC0415 -- a wrong edge.toml is told before anything heavy is loaded
    from config import ConfigFaults  # noqa: PLC0415
    from local_store.database import StoreRefused  # noqa: PLC0415
    from local_store.store import StoreGaveUp  # noqa: PLC0415

    settings = settings_from(config_path)
    set_up_logging(log_level)
    try:
        asyncio.run(serve(Agent(settings, config_path.parent), ready_file))
    except (StoreRefused, StoreGaveUp, ConfigFaults, TemplateFault) as refusal:
        raise Refusal(str(refusal)) from None
    except OSError as error:
        raise Refusal(f"{error.filename or settings.station.listen}: {error.strerror}.") from None


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
