"""Devices that were made known and what was done with them, and who may try a PIN again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping

from local_store import attempts
from local_store.domain import events as e
from local_store.domain.commands import RegisterDevice, UnlockPin
from local_store.domain.people import register, unlock
from local_store.works.part import Act, Acts, DeskLoad, Rule

TABLES: tuple[str, ...] = ("known_device", "device_act")


def _registered(db: sqlite3.Connection, seq: int, fact: e.DeviceRegistered) -> None:
    metadata = json.dumps(fact.metadata, sort_keys=True, ensure_ascii=False)
    db.execute(
        "INSERT INTO known_device VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (device_id) DO UPDATE SET"
        " device_kind = excluded.device_kind, model = excluded.model, firmware = excluded.firmware,"
        " warehouse_id = excluded.warehouse_id, metadata = excluded.metadata, seq = excluded.seq",
        (fact.device_id, fact.device_kind, fact.model, fact.firmware, fact.warehouse_id, metadata, seq, seq),
    )
    _logged(db, seq, fact)


def _logged(db: sqlite3.Connection, seq: int, fact: e.DeviceRegistered | e.KeyGiven | e.KeyEnded) -> None:
    if fact.device_id is not None:
        db.execute("INSERT INTO device_act VALUES (?,?)", (fact.device_id, seq))


RULES: Mapping[str, Rule] = {
    e.DeviceRegistered.kind: _registered,
    e.KeyGiven.kind: _logged,
    e.KeyEnded.kind: _logged,
}
ACTS: Acts = {
    UnlockPin: Act(lambda tx, command: attempts.of(tx.connection, command.person), unlock),
    RegisterDevice: Act(lambda _tx, _command: None, register),
}
DESKS: Mapping[str, DeskLoad] = {}
