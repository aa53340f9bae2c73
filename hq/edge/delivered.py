"""Which facts of a station have had their effect here, noted in the transaction of the effect."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence

from web.problems import Refused

FACTS_HEADER = "X-Edge-Facts"
_FACTS = re.compile(r"[0-9a-f]{32}(,[0-9a-f]{32}){0,199}")


def facts_of(headers: Mapping[str, str]) -> tuple[str, ...]:
    """The facts a call carries, in the order of its elements. Raises Refused 400 for a header that is no list."""
    text = headers.get(FACTS_HEADER)
    if text is None:
        return ()
    if not _FACTS.fullmatch(text):
        raise Refused(400, "bad_header", f"{FACTS_HEADER} must be 1 to 200 ids of 32 hex digits joined by commas.")
    return tuple(text.split(","))


def note(db: sqlite3.Connection, device_id: str | None, facts: Sequence[str], answered: str, now: str) -> None:
    """Keep that these facts had their effect; one that was refused inside the answer had none."""
    if not facts or device_id is None:
        return
    db.executemany(
        "INSERT OR IGNORE INTO edge_delivered VALUES (?, ?, ?)",
        [(device_id, each, now) for each in _accepted(facts, answered)],
    )


def _accepted(facts: Sequence[str], answered: str) -> list[str]:
    body = json.loads(answered)
    results = body.get("results") if isinstance(body, dict) else None
    if not isinstance(results, list) or len(results) != len(facts):
        return list(facts)
    return [fact for fact, result in zip(facts, results, strict=True) if result.get("outcome") != "refused"]
