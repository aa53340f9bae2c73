"""A station's journal as HQ keeps it: every hash checked, every lineage in its place, nothing ever overwritten.

The rules are those of reliability 4.3 with one stream for each device.
"""

from __future__ import annotations

import hashlib
import sqlite3
from typing import Any, NamedTuple

from pydantic_core import to_json

from hq.calls import Call
from hq.edge import numbers
from hq.edge.alarms import raise_alarm
from hq.edge.models import Host, Point, Push, Row
from web.problems import Refused

GENESIS = "0" * 64
_COLUMNS = tuple(Row.model_fields)
_INSERT = (
    f"INSERT INTO edge_row (device_id, lineage, {', '.join(_COLUMNS)})"  # noqa: S608 -- our own names
    f" VALUES (?, ?{', ?' * len(_COLUMNS)})"
)


class Parted(NamedTuple):
    """The station's chain is not the one HQ has: the refusal to answer with, once the alarm is kept."""

    refusal: Refused


def take(call: Call, device_id: str, push: Push) -> Parted | None:
    """Keep the rows that follow. Rows that are here already change nothing, rows that come too early wait.

    Raises Refused 422 for a row whose own hash is wrong: that is damage on the way, not a fork.
    """
    for row in push.rows:
        _check_hash(row)
    lineage = _lineage(call, device_id, push.lineage)
    if lineage is None:
        parted = _begin(call, device_id, push)
        if parted is not None:
            return parted
        lineage = _lineage(call, device_id, push.lineage)
        assert lineage is not None
    tip = Point(lineage=push.lineage, seq=lineage["seq"], hash=lineage["hash"])
    new = []
    for row in push.rows:
        if row.seq <= tip.seq:
            if _hash_at(call, device_id, push.lineage, row.seq) != row.hash:
                return _fork(call, device_id, push, lineage, row.seq)
            continue
        if not _follows(tip, row, push.gaps):
            if row.seq == tip.seq + 1:
                return _fork(call, device_id, push, lineage, row.seq)
            break
        new.append(row)
        tip = Point(lineage=push.lineage, seq=row.seq, hash=row.hash)
    _keep(call, device_id, push, new, tip)
    return None


def _keep(call: Call, device_id: str, push: Push, rows: list[Row], tip: Point) -> None:
    call.db.executemany(
        _INSERT, [(device_id, push.lineage, *(getattr(row, name) for name in _COLUMNS)) for row in rows]
    )
    call.db.execute(
        "UPDATE edge_lineage SET seq = ?, hash = ?, heard_at = ?, host = ?, fingerprint = ?"
        " WHERE device_id = ? AND lineage = ?",
        (tip.seq, tip.hash, call.now, push.host.name, push.host.fingerprint, device_id, push.lineage),
    )
    for row in rows:
        if row.kind == "numbers.leased":
            numbers.remember(call, device_id, push.lineage, row.body)
    if rows:
        _look_for_heirs(call, device_id, push)


def _begin(call: Call, device_id: str, push: Push) -> Parted | None:
    """A lineage HQ has not heard of: the station's first, or one that parted at a row HQ has."""
    known = call.db.execute(
        "SELECT * FROM edge_lineage WHERE device_id = ? ORDER BY heard_at DESC", (device_id,)
    ).fetchall()
    if push.parent is None and known:
        return _rollback(call, device_id, push, known[0])
    point = push.parent or Point(lineage=push.lineage, seq=0, hash=GENESIS)
    if push.parent is not None and _hash_at(call, device_id, point.lineage, point.seq) != point.hash:
        sentence = f"Lineage {point.lineage} of {device_id} has no row {point.seq} with that hash. Ask for its rows."
        raise Refused(409, "unknown_parent", sentence)
    call.db.execute(
        "INSERT INTO edge_lineage VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            device_id,
            push.lineage,
            push.parent.lineage if push.parent else None,
            point.seq,
            push.host.name,
            push.host.fingerprint,
            call.now,
            call.now,
            point.seq,
            point.hash,
        ),
    )
    parent = _lineage(call, device_id, push.parent.lineage) if push.parent else None
    if parent is not None and parent["seq"] > point.seq:
        _alarm_behind(call, device_id, push, parent)
    return None


def _follows(tip: Point, row: Row, gaps: tuple[tuple[int, int], ...]) -> bool:
    if row.seq == tip.seq + 1:
        return row.prev_hash == tip.hash or (row.seq, row.seq - 1) in gaps
    return (tip.seq + 1, row.seq - 1) in gaps


def _rollback(call: Call, device_id: str, push: Push, known: sqlite3.Row) -> Parted:
    _alarm_behind(call, device_id, push, known)
    sentence = (
        f"HQ has {known['seq']} facts of station {device_id} from {_told(known)}, and this store on "
        f"{_host(push.host)} does not follow them. Fetch what is missing and begin a lineage with a parent."
    )
    return Parted(Refused(409, "rollback_or_clone", sentence, _details(known, push)))


def _fork(call: Call, device_id: str, push: Push, known: sqlite3.Row, seq: int) -> Parted:
    sentence = (
        f"Station {device_id} runs twice: {_told(known)} and {_host(push.host)} wrote different facts number {seq}. "
        "Stop one of them."
    )
    hosts = [_told(known), _host(push.host)]
    raise_alarm(call, device_id, "fork", f"{push.lineage}:{seq}:{push.host.fingerprint}", sentence, hosts)
    return Parted(Refused(409, "fork", sentence, _details(known, push)))


def _alarm_behind(call: Call, device_id: str, push: Push, known: sqlite3.Row) -> None:
    here = push.parent.seq if push.parent else 0
    sentence = (
        f"Station {device_id}: the store on {_host(push.host)} is older than what {_told(known)} told HQ ({here} of "
        f"{known['seq']} facts): a restored backup, or a second machine with the same name. It was given the rest. "
        "If both machines run, stop one of them."
    )
    hosts = [_told(known), _host(push.host)]
    raise_alarm(call, device_id, "rollback_or_clone", f"{push.lineage}:{known['lineage']}", sentence, hosts)


def _look_for_heirs(call: Call, device_id: str, push: Push) -> None:
    """A lineage goes on although another one parted from it: both copies are at work."""
    heirs = call.db.execute(
        "SELECT * FROM edge_lineage WHERE device_id = ? AND parent = ?", (device_id, push.lineage)
    ).fetchall()
    for heir in heirs:
        sentence = (
            f"Station {device_id} runs twice: on {_host(push.host)} and, with a copy of its store, on {_told(heir)}. "
            "Each has its own numbers, but both may do the same work. Stop one of them."
        )
        hosts = [_host(push.host), _told(heir)]
        raise_alarm(call, device_id, "two_machines", f"{push.lineage}:{heir['lineage']}", sentence, hosts)


def _hash_at(call: Call, device_id: str, lineage: str, seq: int) -> str | None:
    """The hash of a row of a lineage or of those it parted from."""
    if seq == 0:
        return GENESIS
    while True:
        row = call.db.execute(
            "SELECT hash FROM edge_row WHERE device_id = ? AND lineage = ? AND seq = ?", (device_id, lineage, seq)
        ).fetchone()
        if row is not None:
            return str(row["hash"])
        parent = _lineage(call, device_id, lineage)
        if parent is None or parent["parent"] is None or seq > parent["parent_seq"]:
            return None
        lineage = parent["parent"]


def _lineage(call: Call, device_id: str, lineage: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = call.db.execute(
        "SELECT * FROM edge_lineage WHERE device_id = ? AND lineage = ?", (device_id, lineage)
    ).fetchone()
    return row


def _check_hash(row: Row) -> None:
    header = (
        row.seq, row.epoch_id, row.event_id, row.command_id, row.kind, row.version, row.actor, row.station,
        row.correlation_id, row.wall_ms, row.wall_quality, row.mono_ms,
    )  # fmt: skip
    text = b"\x01" + bytes.fromhex(row.prev_hash) + to_json(header) + b"\n" + row.body.encode()
    if hashlib.sha256(text).hexdigest() != row.hash:
        sentence = f"rows: number {row.seq} does not fit its own hash; it was changed on the way or in the store."
        raise Refused(422, "bad_hash", sentence, {"seq": row.seq})


def _details(known: sqlite3.Row, push: Push) -> dict[str, Any]:
    return {
        "lineage": known["lineage"],
        "seq": known["seq"],
        "hash": known["hash"],
        "hosts": [_told(known), _host(push.host)],
    }


def _host(host: Host) -> str:
    return f"{host.name} ({host.fingerprint[:8]})"


def _told(row: sqlite3.Row) -> str:
    return f"{row['host']} ({row['fingerprint'][:8]})"
