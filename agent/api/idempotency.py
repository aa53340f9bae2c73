"""`Idempotency-Key`: a call that comes again with the same key gets its first answer (seed 001, conventions)."""

from __future__ import annotations

import hashlib
import uuid

from aiohttp import web
from aiohttp.typedefs import Handler

from agent.api.access import caller_of
from web.openapi import FLOOR, MAX_KEY
from web.problems import Refused

_VERSION, _VARIANT = 0x7000, 0x8000


@web.middleware
async def key_guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a POST of seed 001 without a key before anything of it is looked at: nobody could repeat it safely."""
    if request.method == "POST" and request.path.startswith(FLOOR):
        _key_of(request)
    return await handler(request)


def command_id_of(request: web.Request, part: int = 0) -> uuid.UUID:
    """The id of the command that a call asks for: the same for the same key of the same caller on the same path.

    `part` tells commands of one call apart. Such an id begins with zeros, so that it never counts as the newest.
    Raises Refused: 400 without a key.
    """
    caller = caller_of(request).worker_id or ""
    told = "\n".join((caller, request.method, request.path, str(part), _key_of(request)))
    digest = int.from_bytes(hashlib.sha256(told.encode()).digest()[:10])
    rand_a, rand_b = _VERSION | (digest >> 62) & 0xFFF, (_VARIANT << 48) | digest & ((1 << 62) - 1)
    return uuid.UUID(int=(rand_a << 64) | rand_b)


def _key_of(request: web.Request) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not key or len(key) > MAX_KEY:
        raise Refused(
            400,
            "no_idempotency_key",
            f"{request.method} {request.path} needs an Idempotency-Key of 1 to {MAX_KEY} characters; repeat it "
            "unchanged when you repeat the call.",
        )
    return key
