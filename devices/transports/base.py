"""What every transport is, and the two ways in which it fails."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from typing import Any, NoReturn, Protocol

READ_SIZE = 65536  # one read empties what the kernel or the stream holds, so a flood waits its turn in the loop
GLANCE_S = 0.001  # with 0 the event loop never looks at a serial port or node, and all that waits there stays unseen
_STOPPED_S = 0.02
WRITE_TIMEOUT_S = 10.0  # without it a device that drops CTS, or a printer that stops reading, blocks for ever


class DeviceUnreachable(Exception):  # noqa: N818 -- a device that is away is an answer, not an error in the program
    """One sentence on what happened and where, and what to do next."""

    def __init__(self, sentence: str, next_step: str) -> None:
        super().__init__(sentence)
        self.sentence, self.next_step = sentence, next_step


class ConnectRefused(DeviceUnreachable):
    """The port or connection could not be opened: surely no byte went out."""


class TransportLost(DeviceUnreachable):
    """An open line broke: what was written before may or may not have arrived."""


class Transport(Protocol):
    """One byte stream to one device. After `close` it can be opened again."""

    async def open(self) -> None:
        """Open the line; what arrived before is not delivered. Raises ConnectRefused."""

    async def read(self) -> bytes:
        """At least one byte, as soon as there is one. May be cancelled without losing any. Raises TransportLost."""

    async def pump(self, take: Callable[[bytes], None]) -> NoReturn:
        """Hand all that arrives to `take` as soon as it does, for ever. Raises TransportLost."""

    async def write(self, data: bytes) -> None:
        """Hand all of `data` to the operating system. Raises TransportLost."""

    async def close(self) -> None:
        """Close the line if it is open, and wait until the other side knows. Never raises for the device's sake."""


async def read_waiting(transport: Transport) -> bytes:
    """What has arrived already and was not read; empty when nothing has. Raises TransportLost at the end."""
    try:
        async with asyncio.timeout(GLANCE_S):
            return await transport.read()
    except TimeoutError:
        return b""


async def write_all(fd: int, data: bytes, timeout_s: float) -> None:
    """Write all of `data`, each part of it within `timeout_s`: a long label takes a minute at 9600 baud.

    Raises TimeoutError and OSError.
    """
    while data:
        async with asyncio.timeout(timeout_s):
            data = data[await _write_some(fd, data) :]


async def _write_some(fd: int, data: bytes) -> int:
    loop = asyncio.get_running_loop()
    while True:
        await ready(fd, loop.add_writer, loop.remove_writer)
        try:
            return os.write(fd, data)
        except BlockingIOError:  # a line that Xoff has stopped looks free and takes nothing
            await asyncio.sleep(_STOPPED_S)


async def ready(fd: int, add: Callable[..., Any], remove: Callable[[int], Any]) -> None:
    """Wait until `fd` can be read or written, whichever `add` of the loop watches for."""
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    add(fd, _wake, future)
    try:
        await future
    finally:
        remove(fd)


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def words(error: Exception) -> str:
    """What the operating system says went wrong."""
    if isinstance(error, socket.gaierror):
        return error.strerror or str(error)
    code = error.errno if isinstance(error, OSError) else None
    return os.strerror(code) if code else str(error)


async def pump(fd: int, take: Callable[[bytes], None]) -> None:
    """Hand everything that arrives at `fd` to `take`, in the very callback in which it can be read, until the end.

    A scan is in hand with no task to wake in between. Raises OSError, and whatever `take` raises.
    """
    ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def end(error: BaseException | None = None) -> None:
        if ended.done():
            return
        if error is None:
            ended.set_result(None)
        else:
            ended.set_exception(error)

    def readable() -> None:
        try:
            data = os.read(fd, READ_SIZE)
        except BlockingIOError:
            return
        except OSError as error:
            end(error)
            return
        if not data:
            end()
            return
        try:
            take(data)
        except BaseException as error:
            end(error)  # it belongs to the caller, who waits
            raise

    loop = asyncio.get_running_loop()
    loop.add_reader(fd, readable)
    try:
        await ended
    finally:
        loop.remove_reader(fd)
