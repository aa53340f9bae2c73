"""A repeated call gets its first answer again, and has its effect once.

The rule for keys is an assumption of ours (hq_contracts 2.6): the seed names only the header. A refused call had no
effect and uses up no key, so the same call may be repeated once its cause is repaired.
"""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass

from aiohttp import web

from web.problems import Refused

MAX_KEY = 200


@dataclass(frozen=True)
class Answer:
    """An HTTP answer as it is stored: `text` is JSON, `etag` empty where the resource has no version."""

    status: int
    text: str
    etag: str = ""

    def response(self, *, again: bool = False) -> web.Response:
        """The answer as aiohttp sends it; `again` marks a stored one."""
        headers = {"ETag": f'"{self.etag}"'} if self.etag else {}
        if again:
            headers["Idempotency-Replayed"] = "true"
        return web.Response(text=self.text, status=self.status, content_type="application/json", headers=headers)


def key_of(request: web.Request) -> str:
    """The Idempotency-Key. Raises Refused 400 without one, or with one too long to be an id."""
    key = request.headers.get("Idempotency-Key", "")
    if not (0 < len(key) <= MAX_KEY and key.isprintable()):
        raise Refused(
            400,
            "idempotency_key_missing",
            f"{request.method} {request.path} needs an Idempotency-Key of 1 to {MAX_KEY} printable characters "
            f"(got {len(key)}). Make one per act, and repeat the act with the same one.",
        )
    return key


def fingerprint(request: web.Request, body_hash: str) -> str:
    """What makes two calls the same call: method, path with query, and the SHA-256 of the body."""
    return hashlib.sha256(f"{request.method}\n{request.path_qs}\n{body_hash}".encode()).hexdigest()


def recall(db: sqlite3.Connection, key: str, wanted: str) -> Answer | None:
    """The first answer under `key`, or None. Raises Refused 422 when the key belongs to another call."""
    row = db.execute("SELECT * FROM idempotency WHERE key = ?", (key,)).fetchone()
    if row is None:
        return None
    if row["fingerprint"] != wanted:
        raise Refused(
            422,
            "idempotency_key_reused",
            f"Idempotency-Key {key} belongs to another call, made at {row['at']}. A new act needs a new key.",
        )
    return Answer(row["status"], row["body"], row["etag"])


def remember(db: sqlite3.Connection, key: str, call: str, answer: Answer, now: str) -> None:
    """Keep `answer` under `key`, in the caller's transaction."""
    row = (key, call, answer.status, answer.text, answer.etag, now)
    db.execute("INSERT INTO idempotency (key, fingerprint, status, body, etag, at) VALUES (?, ?, ?, ?, ?, ?)", row)
