"""When each lane's HQ last told all it had: kept, for HQ may be away over a restart.

While the agent runs its age goes by the clock that never goes back. Only over a restart the clock on the wall is
asked, and believed as far as it makes sense: one that was set by ten years makes nothing old, nor new again.
"""

from __future__ import annotations

import sqlite3

from local_store.domain.steady import LONGEST_OFF_MS

AGAIN_MS = 60_000
"""How often that is written at most."""


def keep(db: sqlite3.Connection, lane: str, at_ms: int) -> None:
    """The HQ of a lane told all it had just now, by the clock on the wall."""
    db.execute("INSERT OR REPLACE INTO heard VALUES (?, ?)", (lane, at_ms))


def all_lanes(db: sqlite3.Connection, wall_ms: int, mono_ms: int) -> dict[str, int]:
    """Each lane and when it was heard, on the clock that never goes back; it may be before that began."""
    rows = db.execute("SELECT lane, at_ms FROM heard").fetchall()
    return {lane: mono_ms - _age_ms(wall_ms - at_ms) for lane, at_ms in rows}


def _age_ms(by_wall_ms: int) -> int:
    return by_wall_ms if 0 <= by_wall_ms <= LONGEST_OFF_MS else 0
