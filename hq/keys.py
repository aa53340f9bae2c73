"""Who calls: bearer keys, each with a name and one role."""

from __future__ import annotations

import hashlib
import json
import secrets
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from config import durable_file

STATION, OFFICE, OPERATOR = "station", "office", "operator"
ROLES = (STATION, OFFICE, OPERATOR)
FLOOR = (STATION, OFFICE)
"""Roles of floor calls and reads: the office may do what a station may."""

MIN_SECRET = 16
"""Shortest secret accepted, in characters: less can be guessed."""


class BadKey(Exception):  # noqa: N818 -- a refusal to start, told to the person who started it
    """A key that cannot be used, and why."""


@dataclass(frozen=True)
class Caller:
    """The holder of a key; `name` stands in the timeline where no worker is named.

    A key issued for a while names the `device` that alone may use it.
    """

    name: str
    role: str
    device: str | None = None


class Keys:
    """The callers known by the SHA-256 of their secret; the secrets themselves are not kept."""

    def __init__(self, callers: Iterable[tuple[Caller, str]]) -> None:
        """`callers` are pairs of caller and secret. Raises BadKey for none, or a short or doubled secret."""
        self.issued: Callable[[bytes], Caller | None] = lambda _digest: None
        """Looks among the keys that HQ made itself, by the SHA-256 of the secret."""
        self._callers: dict[bytes, Caller] = {}
        for caller, secret in callers:
            digest = digest_of(secret)
            if len(secret) < MIN_SECRET:
                raise BadKey(f"The secret of key '{caller.name}' is shorter than {MIN_SECRET} characters.")
            if digest in self._callers:
                raise BadKey(f"Keys '{caller.name}' and '{self._callers[digest].name}' have the same secret.")
            self._callers[digest] = caller
        if not self._callers:
            raise BadKey("HQ needs at least one key: --key NAME:ROLE:SECRETFILE, or --dev-keys FILE to try it.")

    def caller(self, request: web.Request) -> Caller | None:
        """The holder of the key in `Authorization: Bearer`, or None."""
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        return self.holder(secret.strip()) if scheme.lower() == "bearer" else None

    def holder(self, secret: str) -> Caller | None:
        """Whose secret this is, None when nobody's."""
        digest = digest_of(secret)
        return self._callers.get(digest) or self.issued(digest)

    def is_issued(self, request: web.Request) -> bool:
        """Whether the caller's key is one that HQ made for a while."""
        caller = self.caller(request)
        return caller is not None and caller.device is not None

    async def roles(self, request: web.Request) -> frozenset[str]:
        """The roles of the caller, in the form the role guard asks for."""
        caller = self.caller(request)
        return frozenset({caller.role}) if caller else frozenset()


def from_option(text: str) -> tuple[Caller, str]:
    """`name:role:secretfile` as a caller and its secret. Raises BadKey."""
    parts = text.split(":", 2)
    if len(parts) != 3 or parts[1] not in ROLES:  # noqa: PLR2004 -- the three named in the sentence
        raise BadKey(f"--key wants name:role:secretfile with a role of {', '.join(ROLES)} (got {text}).")
    name, role, file = parts
    return Caller(name, role), _read_private(Path(file)).strip()


def dev_keys(file: Path) -> list[tuple[Caller, str]]:
    """One key for each role, read from `file`, which is made with mode 0600 when absent. Raises BadKey."""
    if not file.exists():
        made = {role: secrets.token_urlsafe(24) for role in ROLES}
        durable_file.write(file, json.dumps(made, indent=1) + "\n")
    try:
        found = json.loads(_read_private(file))
    except json.JSONDecodeError as error:
        raise BadKey(f"{file} is not JSON: {error}.") from error
    if not isinstance(found, dict) or set(found) != set(ROLES):
        raise BadKey(f"{file} must hold one secret for each of {', '.join(ROLES)}. Delete it to have it made again.")
    return [(Caller(role, role), str(secret)) for role, secret in found.items()]


def _read_private(file: Path) -> str:
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        if mode & 0o077:
            raise BadKey(f"{file} has mode {mode:04o}: others can read the secret. Run `chmod 600 {file}`.")
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise BadKey(f"The key file {file} cannot be read: {error.strerror}.") from error


def digest_of(secret: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()
