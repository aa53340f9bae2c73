"""Blocks of numbers for stations: never two that overlap, also after HQ's database was put back to an older one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from config import durable_file
from hq.calls import Act, Api, Call, answer
from hq.edge.alarms import raise_alarm
from hq.edge.models import BlockWanted
from hq.idempotency import Answer
from hq.keys import FLOOR
from web.problems import Refused

SSCC_BODY = 17
PLAIN_LAST = 9_999_999
PREFIXES = {"package": "PK-", "parcel": "PC-"}

routes = Api()


class Series(NamedTuple):
    """Numbers that read alike: the kind, what stands before the number, the highest that fits."""

    kind: str
    prefix: str
    extension_digit: int | None
    highest: int


@routes.writes("/edge/devices/{id}/number-blocks", BlockWanted, *FLOOR)
def lease(call: Call, body: BlockWanted) -> Answer:
    """Give a block to one lineage of a station; the same key gets the same block again (our extension)."""
    device_id = call.path["id"]
    known = call.db.execute(
        "SELECT 1 FROM edge_lineage WHERE device_id = ? AND lineage = ?", (device_id, body.lineage)
    ).fetchone()
    if known is None:
        sentence = f"Station {device_id} has no lineage {body.lineage} here. Send its journal first."
        raise Refused(409, "unknown_lineage", sentence)
    series = _series(call, body.kind)
    mark = Mark(call.store.path, series)
    first = max(_highest(call, series), mark.read()) + 1
    last = min(first + body.count - 1, series.highest)
    if first > last:
        raise Refused(
            409, "numbers_exhausted", f"No {body.kind} numbers are left at HQ ({series.highest} was the last)."
        )
    mark.write(last)
    block = {
        "block_id": call.new_id("blk"),
        "kind": body.kind,
        "prefix": series.prefix,
        "extension_digit": series.extension_digit,
        "first": first,
        "last": last,
    }
    _keep(call, device_id, body.lineage, block)
    return answer(block, 201)


def remember(act: Act, device_id: str, lineage: str, body: str) -> None:
    """A station tells of a block it has: kept if HQ has forgotten it, with an alarm if it was given twice."""
    told = json.loads(body)
    if (
        told["source"] == "site"
        or act.db.execute("SELECT 1 FROM number_block WHERE block_id = ?", (told["block_id"],)).fetchone()
    ):
        return
    block = {**told, "kind": told["number_kind"], "extension_digit": told.get("extension_digit")}
    twice = act.db.execute(
        "SELECT device_id, block_id FROM number_block WHERE kind = :kind AND prefix = :prefix"
        " AND extension_digit IS :extension_digit AND first <= :last AND last >= :first",
        block,
    ).fetchone()
    if twice is not None:
        sentence = (
            f"Numbers {told['first']} to {told['last']} ({told['number_kind']}) were given to {device_id} and to "
            f"{twice['device_id']}: HQ had forgotten the first. Take one of the blocks out of use."
        )
        raise_alarm(act, device_id, "numbers_twice", told["block_id"], sentence, [device_id, twice["device_id"]])
    _keep(act, device_id, lineage, block)


class Mark:
    """The highest number ever given of a series, in a file beside the database: a backup put back leaves it alone."""

    def __init__(self, database: Path, series: Series) -> None:
        digit = "" if series.extension_digit is None else str(series.extension_digit)
        self._path = database.with_name(f"{database.name}.numbers-{series.kind}-{digit}{series.prefix}")

    def read(self) -> int:
        """That number; 0 before the first."""
        return int(self._path.read_text(encoding="ascii")) if self._path.exists() else 0

    def write(self, last: int) -> None:
        """Keep it before the block is given: a crash in between wastes a block and doubles none."""
        durable_file.write(self._path, str(last))


def _series(call: Call, kind: str) -> Series:
    if kind != "sscc":
        return Series(kind, PREFIXES[kind], None, PLAIN_LAST)
    prefix = call.store.company_prefix
    if prefix is None:
        raise Refused(409, "no_company_prefix", "HQ was started without --company-prefix, so it has no SSCC to give.")
    return Series(kind, prefix, call.store.extension_digit, 10 ** (SSCC_BODY - 1 - len(prefix)) - 1)


def _highest(act: Act, series: Series) -> int:
    (highest,) = act.db.execute(
        "SELECT coalesce(max(last), 0) FROM number_block WHERE kind = ? AND prefix = ? AND extension_digit IS ?",
        (series.kind, series.prefix, series.extension_digit),
    ).fetchone()
    return int(highest)


def _keep(act: Act, device_id: str, lineage: str, block: dict[str, Any]) -> None:
    names = ("block_id", "kind", "prefix", "extension_digit", "first", "last")
    act.db.execute(
        "INSERT INTO number_block (device_id, lineage, leased_at, block_id, kind, prefix, extension_digit,"
        " first, last) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (device_id, lineage, act.now, *(block[name] for name in names)),
    )
