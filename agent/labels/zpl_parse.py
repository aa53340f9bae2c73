"""ZPL bytes to a list of commands, the way a printer splits them: used to prove that data stayed data."""

from __future__ import annotations

import re
from typing import NamedTuple

# RS and DLE act as ^ and ~ on printers (device_protocols 8.1), so they split here too.
_PREFIX = re.compile(rb"([\^~\x1e\x10])")
_MEANING = {b"^": "^", b"\x1e": "^", b"~": "~", b"\x10": "~"}


class NotZpl(ValueError):  # noqa: N818 -- says what is wrong
    """Bytes before the first command: a printer would read them as part of something else."""


class Command(NamedTuple):
    """One command: prefix `^` or `~`, its letters (`FD`; font `A` has one) and everything up to the next prefix."""

    prefix: str
    code: str
    parameters: bytes

    def __bytes__(self) -> bytes:
        return self.prefix.encode() + self.code.encode() + self.parameters


def parse(zpl: bytes) -> list[Command]:
    """All commands in order. Line ends between commands do not count. Raises NotZpl on leading bytes."""
    leading, *rest = _PREFIX.split(zpl)
    if leading.strip():
        raise NotZpl(f"ZPL starts with a command, these bytes start with {leading[:20]!r}.")
    return [_command(prefix, body) for prefix, body in zip(rest[::2], rest[1::2], strict=True)]


def _command(prefix: bytes, body: bytes) -> Command:
    letters = 1 if body[:1] in b"Aa" and _MEANING[prefix] == "^" else 2
    code = body[:letters].decode("latin-1").upper()
    return Command(_MEANING[prefix], code, body[letters:].rstrip(b"\r\n"))
