"""The bundle of badges that is kept: taken when its signature is right, beside the journal, told in a fact by ids."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING

from local_store import attempts, keys
from local_store.clock import timestamp
from local_store.domain import badges
from local_store.domain.badges import Bundle, BundleRefused, Held, Person, Signed
from local_store.domain.events import BadgesRefused, BadgesTaken
from local_store.domain.site import Worker

if TYPE_CHECKING:
    from local_store.transaction import Transaction

_Rows = dict[str, tuple[object, ...]]


def held(connection: sqlite3.Connection) -> Held | None:
    """The bundle that is kept."""
    row = connection.execute("SELECT key_id, issued_ms, expires_ms FROM badge_bundle").fetchone()
    return Held(*row) if row else None


def people(connection: sqlite3.Connection) -> dict[str, Worker]:
    """Everybody whom the bundle names."""
    rows = connection.execute(
        "SELECT worker_id, name, badge, roles, pin_hash, language FROM badge_person ORDER BY worker_id"
    )
    return {
        ident: Worker(
            ident, name or ident, badge, frozenset(json.loads(roles)), pin_hash, by_bundle=True, language=language
        )
        for ident, name, badge, roles, pin_hash, language in rows
    }


def together(settings: Mapping[str, Worker], bundle: Mapping[str, Worker]) -> dict[str, Worker]:
    """Who may sign in: a person of the settings stands before one of the bundle with the same id or badge."""
    taken = {worker.badge for worker in settings.values()}
    others = {ident: each for ident, each in bundle.items() if ident not in settings and each.badge not in taken}
    return {**others, **settings}


def take(tx: Transaction, signed: Signed, source: str, boot_id: str, *, is_fresh: bool) -> str | None:
    """Take a bundle, unless it says nothing new. The reason why it was refused, None when all is well.

    `is_fresh`: HQ made it just now, so that its time is the time of this station.
    """
    key = tx.site.badge_key
    assert key is not None, "bundles are asked for only where there is a key"
    try:
        bundle, before = badges.read(signed, key, tx.site.warehouse_id), held(tx.connection)
        now = attempts.look(tx, boot_id)
        now_ms = bundle.issued_ms if is_fresh else max(now.now_ms, bundle.issued_ms)
        badges.check_age(bundle, before, now_ms)
    except BundleRefused as refusal:
        _refused(tx, signed, source, refusal)
        return refusal.reason
    tx.connection.execute("DELETE FROM badge_refused WHERE source = ?", (source,))
    attempts.keep(tx, now._replace(now_ms=now_ms))
    old = _persons(tx.connection)
    new = {each.worker_id: _row(each) for each in bundle.people}
    if before is None or old != new or bundle.issued_ms - before.issued_ms >= badges.STALE_MS:
        _replace(tx, bundle, source, old, new)
    return None


def _replace(tx: Transaction, bundle: Bundle, source: str, old: _Rows, new: _Rows) -> None:
    tx.connection.execute(
        "INSERT OR REPLACE INTO badge_bundle VALUES (1,?,?,?)", (bundle.key_id, bundle.issued_ms, bundle.expires_ms)
    )
    tx.connection.execute("DELETE FROM badge_person")
    tx.connection.executemany("INSERT INTO badge_person VALUES (?,?,?,?,?,?)", new.values())
    removed = tuple(sorted(old.keys() - new.keys()))
    fact = BadgesTaken(
        source=source,
        key_id=bundle.key_id,
        issued_at=timestamp(bundle.issued_ms),
        expires_at=timestamp(bundle.expires_ms),
        people=len(new),
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(ident for ident in old.keys() & new.keys() if old[ident] != new[ident])),
        removed=removed,
    )
    tx.append(fact)
    for ident in removed:
        keys.end_all_of(tx, ident, "left")


def _refused(tx: Transaction, signed: Signed, source: str, refusal: BundleRefused) -> None:
    """Told once, though it may come with every pull: each time under another signature."""
    what = f"{signed.key_id} {refusal.reason}"
    row = tx.connection.execute("SELECT what FROM badge_refused WHERE source = ?", (source,)).fetchone()
    if row is None or row[0] != what:
        tx.connection.execute("INSERT OR REPLACE INTO badge_refused VALUES (?,?)", (source, what))
        tx.append(BadgesRefused(source=source, key_id=signed.key_id, reason=refusal.reason))


def refused(connection: sqlite3.Connection) -> dict[str, str]:
    """Source of a bundle that is refused now -> why."""
    return {source: what.rpartition(" ")[2] for source, what in connection.execute("SELECT * FROM badge_refused")}


def _persons(connection: sqlite3.Connection) -> _Rows:
    return {row[0]: tuple(row) for row in connection.execute("SELECT * FROM badge_person")}


def _row(person: Person) -> tuple[object, ...]:
    roles = json.dumps(sorted(person.roles))
    return person.worker_id, person.badge, person.name, roles, person.pin_hash, person.language
