"""Time that no hand can move, and the wrong PINs that are waited for by it; kept beside the journal."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from local_store.domain import steady
from local_store.domain.events import Fact, PinUnlocked, PinWrong
from local_store.domain.people import Attempts, one_more
from local_store.domain.steady import Steady

if TYPE_CHECKING:
    from local_store.transaction import Transaction


def last_look(connection: sqlite3.Connection) -> Steady | None:
    """The time as it was kept last; None on a new store."""
    row = connection.execute("SELECT boot_id, mono_ms, ran_ms, now_ms FROM steady").fetchone()
    return Steady(*row) if row else None


def look(tx: Transaction, boot_id: str) -> Steady:
    """The time now, kept so that the machine may be started anew."""
    now = steady.at(last_look(tx.connection), boot_id, tx.mono_ms, tx.wall_ms)
    keep(tx, now)
    return now


def keep(tx: Transaction, now: Steady) -> None:
    """Go on from this time."""
    tx.connection.execute("INSERT OR REPLACE INTO steady VALUES (1,?,?,?,?)", tuple(now))


def of(connection: sqlite3.Connection, worker_id: str) -> Attempts | None:
    """Wrong PINs of a person in a row; None when the last one was right."""
    row = connection.execute(
        "SELECT failures, until_ran_ms FROM pin_attempt WHERE worker_id = ?", (worker_id,)
    ).fetchone()
    return Attempts(*row) if row else None


def somebody_waits(connection: sqlite3.Connection) -> bool:
    """Whether wrong PINs are counted for anybody."""
    return connection.execute("SELECT 1 FROM pin_attempt LIMIT 1").fetchone() is not None


def begin(tx: Transaction, worker_id: str, boot_id: str) -> tuple[Attempts, int]:
    """A PIN is going to be tried: it counts as wrong from now on, so that a power cut gives no try for nothing.

    The attempts before this one, and how long it has to wait still in milliseconds; then it is not counted.
    """
    before, ran_ms = of(tx.connection, worker_id) or Attempts(), look(tx, boot_id).ran_ms
    wait_ms = before.wait_ms(ran_ms)
    if not before.locked and not wait_ms:
        row = (worker_id, *one_more(before, ran_ms))
        tx.connection.execute("INSERT OR REPLACE INTO pin_attempt VALUES (?,?,?)", row)
    return before, wait_ms


def was_right(tx: Transaction, worker_id: str) -> None:
    """The PIN was right: nothing is counted any more."""
    tx.connection.execute("DELETE FROM pin_attempt WHERE worker_id = ?", (worker_id,))


def was_wrong(tx: Transaction, worker_id: str) -> None:
    """The PIN was wrong, which is a fact."""
    attempts = of(tx.connection, worker_id) or Attempts()
    tx.append(PinWrong(worker_id=worker_id, failures=attempts.failures))


def follow(connection: sqlite3.Connection, fact: Fact) -> None:
    """A supervisor lets somebody try again."""
    if isinstance(fact, PinUnlocked):
        connection.execute("DELETE FROM pin_attempt WHERE worker_id = ?", (fact.worker_id,))
