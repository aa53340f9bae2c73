"""`edge-agent store …` and `verify`: looking into the store, read-only, whether an agent runs or not."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from agent.cli.common import Refusal, config_option, settings_from
from local_store import journal
from local_store.clock import timestamp
from local_store.database import FILE_NAME, open_reader

MAX_CELL = 120


@click.command()
@config_option
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", help="The public key of the station, as `edge-agent proof --public-key` prints it there.")
def verify(config_path: Path, file: Path | None, key: str | None) -> None:
    """Walk the hash chain of the journal from the first fact to the last; or check a proof in FILE.

    Ends with 2 where something was changed, and says where.
    """
    if file is not None:
        _verify_proof(file, key)
        return
    database = _reader(config_path)
    try:
        rows = journal.verify(database)
    except journal.JournalDamaged as damage:
        raise Refusal(f"{damage} Keep the file; stop the agent and run `edge-agent salvage`.") from None
    (missing,) = database.execute("SELECT coalesce(sum(last_seq - first_seq + 1), 0) FROM journal_gap").fetchone()
    gaps = f" {missing} more are missing, as a fact tells." if missing else ""
    print(f"The journal is whole: {rows} facts, every one in its place.{gaps}")


def _verify_proof(file: Path, key: str | None) -> None:
    from agent.story_proof import MAX_FILE_BYTES, NoProof  # noqa: PLC0415 -- not for every command
    from agent.story_proof import verify as verify_proof  # noqa: PLC0415

    if file.stat().st_size > MAX_FILE_BYTES:
        raise Refusal(f"{file}: it is larger than any proof.")
    try:
        verdict = verify_proof(file.read_text(encoding="utf-8"), key)
    except (NoProof, UnicodeDecodeError) as refused:
        raise Refusal(f"{file}: {refused}") from None
    if verdict.faults:
        raise Refusal("\n".join(f"{file}: {fault}" for fault in verdict.faults))
    print(f"The proof holds: {verdict.rows} facts, none changed, none missing, signed by {verdict.key}.")
    if key is None:
        print("Whose key that is, the file cannot say: ask the site for its key, and give it with --key.")


@click.group()
def store() -> None:
    """Look into the store; nothing here can change it."""


@store.command()
@config_option
@click.argument("sql")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def query(config_path: Path, sql: str, *, as_json: bool) -> None:
    """Run one SELECT on the store, e.g. 'SELECT kind, count(*) FROM journal GROUP BY kind'."""
    database = _reader(config_path)
    try:
        cursor = database.execute(sql)
    except sqlite3.Error as error:
        raise Refusal(f"That cannot be run: {error}.") from None
    if not as_json and cursor.description:
        print("\t".join(column[0] for column in cursor.description))
    for row in cursor:
        print(json.dumps(_plain(row), ensure_ascii=False) if as_json else "\t".join(map(_cell, row)))


@store.command()
@config_option
@click.option("--after", default=0, show_default=True, help="Only facts after this number.")
def export(config_path: Path, after: int) -> None:
    """Write the journal as NDJSON, one fact a line."""
    try:
        for line in _lines(_reader(config_path), after):
            print(json.dumps(line, ensure_ascii=False))
    except journal.JournalDamaged as damage:
        raise Refusal(f"{damage} The export ends before it. Run `edge-agent salvage`.") from None


def _lines(database: sqlite3.Connection, after: int) -> Iterator[dict[str, Any]]:
    epochs = dict(map(tuple, database.execute("SELECT epoch_id, ordinal FROM epoch")))
    while rows := journal.rows(database, after):
        for row in rows:
            journal.check(row)
            yield {
                "seq": row.seq,
                "epoch": epochs[row.epoch_id],
                "kind": row.kind,
                "version": row.version,
                "actor": row.actor,
                "station": row.station,
                "body": json.loads(row.body),
                "hash": row.hash.hex(),
                "at": timestamp(row.wall_ms),
            }
        after = rows[-1].seq


def _reader(config_path: Path) -> sqlite3.Connection:
    path = settings_from(config_path).station.data_dir / FILE_NAME
    if not path.is_file():
        raise Refusal(f"{path}: there is no store yet; it is made when the agent first runs.")
    return open_reader(path)


def _plain(row: sqlite3.Row) -> dict[str, Any]:
    return {key: value.hex() if isinstance(value, bytes) else value for key, value in dict(row).items()}


def _cell(value: Any) -> str:
    text = value.hex() if isinstance(value, bytes) else "" if value is None else str(value)
    return text.replace("\t", " ").replace("\n", " ")[:MAX_CELL]
