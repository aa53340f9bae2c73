"""`edge-agent salvage [FILE]` and `edge-agent rebuild`."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import click

from agent import __version__
from agent.cli.backup import alone
from agent.cli.common import Refusal, config_option, settings_from
from agent.lanes import Lanes
from agent.problems import Problems
from agent.site import site_of
from local_store import inspection
from local_store.clock import SystemClock
from local_store.database import open_writer
from local_store.journal import JournalDamaged
from local_store.migrations import migrate
from local_store.rebuild import rebuild as make_again
from local_store.salvage import Salvaged
from local_store.salvage import salvage as make_new_store
from local_store.scrub import look_at_once


@click.command()
@config_option
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="What was found, as JSON.")
def salvage(config_path: Path, file: Path | None, *, as_json: bool) -> None:
    """Make a new store of all that is whole in a damaged one: this station's, or FILE. The agent must be stopped.

    This station's own store is left alone when nothing is wrong with it. What is replaced is kept, never deleted.
    """
    settings = settings_from(config_path)
    clock = SystemClock()
    lanes = Lanes(settings, config_path.parent, clock, Problems(clock.wall_ms))
    site = site_of(settings, lanes)
    with alone(settings.station.data_dir) as path:
        reason = f"`edge-agent salvage {file}`" if file else _damage(path)
        if reason is None:
            print(json.dumps(None) if as_json else "The store is whole: nothing to salvage, nothing was changed.")
            return
        done = make_new_store(path, reason, site, clock, __version__, source=file)
    print(json.dumps(asdict(done)) if as_json else _told(done))


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="What was found, as JSON.")
def rebuild(config_path: Path, *, as_json: bool) -> None:
    """Drop the lists that follow from facts and make them again. The agent must be stopped."""
    with alone(settings_from(config_path).station.data_dir) as path:
        if not path.is_file():
            raise Refusal(f"{path}: there is no store yet; it is made when the agent first runs.")
        with closing(open_writer(path)) as connection:
            migrate(connection, path.parent / "migration.lock")
            try:
                facts, differed = make_again(connection)
            except JournalDamaged as damage:
                raise Refusal(f"{damage} Nothing was changed. Run `edge-agent salvage`.") from None
            connection.execute("VACUUM")  # free parts of the file may hold names that were erased
            connection.execute("DELETE FROM erased")
    if as_json:
        print(json.dumps({"facts": facts, "equal": differed == 0, "lines_that_differed": differed}))
    elif differed:
        print(f"Made again from {facts} facts. {differed} lines were not as the facts make them; they are now.")
    else:
        print(f"Made again from {facts} facts: equal to what was there.")


def _damage(path: Path) -> str | None:
    """What is wrong with this station's store, looking at all of it."""
    if not path.exists():
        raise Refusal(f"{path}: there is no store to salvage. Name the damaged FILE.")
    damage = inspection.damage_in(path)
    if damage is None:
        report = look_at_once(path)
        damage = report.sentences[0] if report.damage else None
    return damage


def _told(done: Salvaged) -> str:
    ranges = ", ".join(f"{first}-{last}" if first < last else str(first) for first, last in done.missing_ranges)
    missing = f"\nMissing numbers: {ranges}." if ranges else ""
    return f"{done.sentence}{missing}\n{done.next_step}"
