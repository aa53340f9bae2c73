"""Keys that work for a while, and one-time codes that give one; only the SHA-256 of a secret is kept.

All times are steady ones, see domain/steady.py.
"""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from typing import TYPE_CHECKING, Literal, NamedTuple

from local_store.clock import timestamp
from local_store.domain.events import DeviceRegistered, KeyEnded, KeyGiven

if TYPE_CHECKING:
    from local_store.transaction import Transaction

KEPT_MS = 30 * 24 * 3_600_000
"""A key that ended is remembered so long, to tell its holder why it does not work."""
MOST_TRIES = 5
"""Wrong secrets after which a one-time code is void."""
_COLUMNS = (
    "key_id, digest, role, device_id, worker_id, workplace, issued_by, made_ms, expires_ms, idle_ms, used_ms, ended"
)

Ended = Literal["signed_out", "revoked", "replaced", "left"]


class Key(NamedTuple):
    """A key as it is kept."""

    key_id: str
    digest: bytes
    role: Literal["worker", "device"]
    device_id: str | None
    worker_id: str | None
    workplace: str | None
    issued_by: str
    made_ms: int
    expires_ms: int
    idle_ms: int | None
    used_ms: int
    ended: str | None = None


class Enrolment(NamedTuple):
    """A one-time code as it is kept."""

    enrolment_id: str
    digest: bytes
    device_id: str
    workplace: str
    issued_by: str
    expires_ms: int
    attempts: int = 0
    used: int = 0


def digest_of(secret: str) -> bytes:
    """What is kept of a secret: it has 256 bits (a code 40, and few tries), so that a plain hash is enough."""
    return hashlib.sha256(secret.encode()).digest()


def find(connection: sqlite3.Connection, digest: bytes) -> Key | None:
    """The key with this secret."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM access_key WHERE digest = ?", (digest,)).fetchone()  # noqa: S608
    return Key(*row) if row else None


def get(connection: sqlite3.Connection, key_id: str) -> Key | None:
    """The key of this id."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM access_key WHERE key_id = ?", (key_id,)).fetchone()  # noqa: S608
    return Key(*row) if row else None


def working(connection: sqlite3.Connection, now_ms: int, device_id: str | None, after: str, limit: int) -> list[Key]:
    """Keys that still work, by their ids."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM access_key WHERE ended IS NULL AND expires_ms > :now"  # noqa: S608 -- ours
        " AND (idle_ms IS NULL OR used_ms + idle_ms > :now) AND (:device IS NULL OR device_id = :device)"
        " AND key_id > :after ORDER BY key_id LIMIT :limit",
        {"now": now_ms, "device": device_id, "after": after, "limit": limit},
    )
    return [Key(*row) for row in rows]


def give(tx: Transaction, key: Key) -> Key:
    """A key works from now on. One with the same id that was given before is returned as it is."""
    known = get(tx.connection, key.key_id)
    if known is not None:
        return known
    tx.connection.execute("DELETE FROM access_key WHERE expires_ms < ?", (key.made_ms - KEPT_MS,))
    tx.connection.execute(f"INSERT INTO access_key ({_COLUMNS}) VALUES ({','.join('?' * len(key))})", tuple(key))  # noqa: S608
    fact = KeyGiven(
        key_id=key.key_id,
        role=key.role,
        device_id=key.device_id,
        worker_id=key.worker_id,
        workplace=key.workplace,
        expires_at=timestamp(key.expires_ms),
    )
    tx.append(fact, actor=key.worker_id)
    return key


def end(tx: Transaction, key_id: str, reason: Ended, actor: str | None = None) -> bool:
    """A key works no more; False when it did not work before."""
    done = tx.connection.execute(
        "UPDATE access_key SET ended = ? WHERE key_id = ? AND ended IS NULL RETURNING device_id", (reason, key_id)
    ).fetchone()
    if done is None:
        return False
    tx.append(KeyEnded(key_id=key_id, device_id=done[0], reason=reason), actor=actor)
    return True


def end_all_of(tx: Transaction, worker_id: str, reason: Ended) -> None:
    """No key of a person works any more."""
    rows = tx.connection.execute("SELECT key_id FROM access_key WHERE worker_id = ? AND ended IS NULL", (worker_id,))
    for (key_id,) in rows.fetchall():
        end(tx, key_id, reason)


def used(tx: Transaction, when: dict[str, int]) -> None:
    """Keys were used, each at its time."""
    tx.connection.executemany(
        "UPDATE access_key SET used_ms = max(used_ms, ?) WHERE key_id = ?", [(at, key) for key, at in when.items()]
    )


def offer(tx: Transaction, code: Enrolment) -> None:
    """A one-time code may be used from now on; what is over is forgotten."""
    tx.connection.execute("DELETE FROM enrolment WHERE expires_ms < ?", (code.expires_ms - KEPT_MS,))
    tx.connection.execute("INSERT INTO enrolment VALUES (?,?,?,?,?,?,?,?)", tuple(code))


def enrol(tx: Transaction, enrolment_id: str, secret: str, now_ms: int) -> Enrolment | None:
    """The code that was used up just now; None where it is unknown, over, used, or the secret was wrong."""
    row = tx.connection.execute("SELECT * FROM enrolment WHERE enrolment_id = ?", (enrolment_id,)).fetchone()
    code = Enrolment(*row) if row else None
    if code is None or code.used or code.attempts >= MOST_TRIES or code.expires_ms <= now_ms:
        return None
    right = hmac.compare_digest(code.digest, digest_of(secret))
    member = "used" if right else "attempts"
    tx.connection.execute(
        f"UPDATE enrolment SET {member} = {member} + 1 WHERE enrolment_id = ?",  # noqa: S608 -- one of two
        (enrolment_id,),
    )
    return code if right else None


def give_to_device(tx: Transaction, key: Key) -> Key:
    """The key of a handheld that enrolled: it is made known, and its keys from before work no more."""
    assert key.device_id is not None
    tx.append(DeviceRegistered(device_id=key.device_id, device_kind="handheld", warehouse_id=tx.site.warehouse_id))
    rows = tx.connection.execute(
        "SELECT key_id FROM access_key WHERE device_id = ? AND role = 'device' AND ended IS NULL", (key.device_id,)
    )
    for (key_id,) in rows.fetchall():
        end(tx, key_id, "replaced")
    return give(tx, key)
