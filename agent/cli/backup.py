"""`edge-agent backup` and `edge-agent restore FILE`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from agent import __version__
from agent.cli.common import Refusal, config_option, settings_from
from local_store.backup import FOLDER, BackupFailed, make_backup
from local_store.clock import SystemClock
from local_store.database import FILE_NAME, StoreLock, StoreRefused
from local_store.restore import Restored
from local_store.restore import restore as put_in_place


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="What was made, as JSON.")
def backup(config_path: Path, *, as_json: bool) -> None:
    """Back the store up now, restore the copy into a scratch store and check all of it. The agent may run or not."""
    path = settings_from(config_path).station.data_dir / FILE_NAME
    if not path.is_file():
        raise Refusal(f"{path}: there is no store yet; it is made when the agent first runs.")
    try:
        made = asyncio.run(make_backup(path, SystemClock(), _no_pause))
    except BackupFailed as failure:
        raise Refusal(str(failure)) from None
    if as_json:
        print(json.dumps(asdict(made)))
        return
    print(f"{path.parent / FOLDER / made.name}: {made.facts} facts, restored into a scratch store and found whole.")


@click.command()
@config_option
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="What was done, as JSON.")
def restore(config_path: Path, file: Path, *, as_json: bool) -> None:
    """Put a backup in the place of the store. The agent must be stopped. The present store is kept, never deleted."""
    station = settings_from(config_path).station
    with alone(station.data_dir) as path:
        done = put_in_place(path, file, station.id, SystemClock(), __version__)
    if as_json:
        print(json.dumps(asdict(done)))
    else:
        _tell(done)


@contextmanager
def alone(folder: Path) -> Iterator[Path]:
    """The path of the store, while no agent uses its folder. A refusal of the store ends the command in words."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = StoreLock(folder)
    try:
        lock.take()
        yield folder / FILE_NAME
    except StoreRefused as refused:
        raise Refusal(str(refused)) from None
    finally:
        lock.release()


def _tell(done: Restored) -> None:
    print(f"{done.backup} is in place: {done.facts} facts, the last is number {done.last_seq}.")
    if done.replaced_file is None:
        print("There was no store before.")
    else:
        print(f"The store it replaced is kept at {done.replaced_file}.")
        if done.newer_facts is None:
            print("It cannot be read, so what it had after this backup is not known. HQ gives back what it was told.")
        elif done.newer_facts:
            print(
                f"It had {done.newer_facts} facts after this backup. HQ gives back those it was told;"
                f" {done.newer_unsent} were not sent and exist only in that file."
            )
        else:
            print("It had nothing after this backup.")
    print(
        "At the next start old numbers are not used again, labels that were not settled are shown as uncertain, and "
        "printing waits until HQ has given back what it knows."
    )


async def _no_pause(_seconds: float) -> None:
    """Nobody else needs this process."""
