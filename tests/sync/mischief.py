"""A proxy between a lane and its HQ that spoils the answers to chosen calls, before, during or after HQ is asked."""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum

from yarl import URL

from tests.sync.misbehaviours import ALL, HANG, RESET, Misbehaviour, answer
from web.contract import Contract

LIMIT = 16 * 1024 * 1024


class Phase(StrEnum):
    """When the misbehaviour strikes."""

    BEFORE = "before"  # HQ never hears of the request
    DURING = "during"  # HQ has done it; its answer is spoiled
    AFTER = "after"  # its answer arrives whole, and then the connection brings what nobody asked for


@dataclass(frozen=True)
class Case:
    """One misbehaviour in one phase."""

    misbehaviour: Misbehaviour
    phase: Phase

    def __str__(self) -> str:
        return f"{self.misbehaviour.name} ({self.phase})"


CASES = tuple(Case(misbehaviour, phase) for misbehaviour in ALL for phase in Phase)


@dataclass
class Mischief:
    """Which case strikes which call. Every operation meets all cases, each operation in an order of its own.

    A call is spoiled when it comes for the first time; its repeat goes through.
    """

    contract: Contract
    prefix: str
    seed: int
    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often each case struck each operation."""
    log: dict[str, list[str]] = field(default_factory=dict)
    """What struck a request, by its line: for the person who looks why a truth differs."""
    _seen: Counter[bytes] = field(default_factory=Counter)
    _cases: dict[str, Iterator[Case]] = field(default_factory=dict)

    def strike(self, method: str, target: str, body: bytes) -> Case | None:
        """The case for this request; None when it goes through."""
        key = hashlib.sha256(f"{method} {target}\n".encode() + body).digest()
        self._seen[key] += 1
        if self._seen[key] % 2 == 0:
            return None
        operation = self.operation(method, target)
        case = next(self._cases.setdefault(operation, self._shuffled(operation)), None)
        if case is not None:
            self.done[operation, str(case)] += 1
            self.log.setdefault(f"{method} {target}", []).append(str(case))
        return case

    def operation(self, method: str, target: str) -> str:
        """The name of the call in the contract; method and path where it is not in there."""
        path = URL(target, encoded=True).raw_path
        found = self.contract.operation(method, path.removeprefix(self.prefix))
        return found.name if found else f"{method} {path}"

    def _shuffled(self, operation: str) -> Iterator[Case]:
        cases = list(CASES)
        random.Random(f"{self.seed} {operation}").shuffle(cases)
        return iter(cases)


@asynccontextmanager
async def between(hq_url: str, mischief: Mischief) -> AsyncIterator[str]:
    """The address of the proxy."""
    upstream = URL(hq_url)
    assert upstream.host is not None
    held: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.add(writer)
        with suppress(OSError, asyncio.IncompleteReadError):
            while await _one(reader, writer, upstream, mischief):
                pass
        writer.close()
        held.discard(writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=LIMIT)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for writer in held:
            writer.close()


async def _one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, upstream: URL, mischief: Mischief) -> bool:
    """One request and its answer; False when the connection ends with it."""
    head = await reader.readuntil(b"\r\n\r\n")
    method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
    body = await reader.readexactly(_length(head))
    case = mischief.strike(method, target, body)
    if case is None:
        writer.write(_kept_open(await _ask(upstream, head, body)))
        await writer.drain()
        return True
    spoil = case.misbehaviour.spoil
    if case.phase is Phase.BEFORE:
        return await _write(writer, spoil(answer("503 Service Unavailable", b'{"message": "away"}')))
    real = await _ask(upstream, head, body)
    if case.phase is Phase.DURING:
        return await _write(writer, spoil(real))
    writer.write(_kept_open(real))
    await writer.drain()
    return await _write(writer, spoil(answer("500 Internal Server Error", b'{"message": "nobody asked"}')))


async def _write(writer: asyncio.StreamWriter, pieces: list[bytes]) -> bool:
    for piece in pieces:
        if piece == RESET:
            writer.transport.abort()
        elif piece == HANG:
            await writer.drain()
            await writer.wait_closed()  # by the client, whose patience is shorter, or at the end of the proxy
        else:
            writer.write(piece)
            await writer.drain()
    return False


async def _ask(upstream: URL, head: bytes, body: bytes) -> bytes:
    """HQ's whole answer, without its keeping the connection."""
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith((b"connection:", b"host:"))]
    host = f"Host: {upstream.host}:{upstream.port}".encode()
    sent = b"\r\n".join([lines[0], host, b"Connection: close", *lines[1:]]) + body
    reader, writer = await asyncio.open_connection(upstream.host, upstream.port)
    writer.write(sent)
    await writer.drain()
    real = await reader.read(-1)
    writer.close()
    return real


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _kept_open(real: bytes) -> bytes:
    head, _, body = real.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([*lines, b"", b""]) + body
