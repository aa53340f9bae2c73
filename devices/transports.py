"""The only place that opens a port: serial lines and TCP.

However a port refuses or a device vanishes, the caller sees one of two errors: ConnectRefused or TransportLost.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
import termios
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from devices.line_settings import SerialLine

if TYPE_CHECKING:
    import serial

log = logging.getLogger(__name__)

READ_SIZE = 65536  # one read empties what the kernel or the stream holds, so a flood waits its turn in the loop
WRITE_TIMEOUT_S = 10.0  # without it a device that drops CTS, or a printer that stops reading, blocks for ever
MAX_CALLERS = 8
CALL_S = 10.0  # a device that sends messages says what it has to say at once
PEER_CLOSE_S = 2.0  # a printer that is asked on a second connection before the first is closed mixes up its jobs


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

    async def write(self, data: bytes) -> None:
        """Hand all of `data` to the operating system. Raises TransportLost."""

    async def close(self) -> None:
        """Close the line if it is open, and wait until the other side knows. Never raises for the device's sake."""


class SerialTransport:
    """A serial port or USB-CDC device, held exclusively. `port` is looked up anew at every open."""

    def __init__(self, device: str, port: str, line: SerialLine, write_timeout_s: float = WRITE_TIMEOUT_S) -> None:
        self._device, self._port, self._line = device, port, line
        self._write_timeout_s = write_timeout_s
        self._serial: serial.Serial | None = None

    async def open(self) -> None:
        """Open in a thread, because a port may block. Raises ConnectRefused."""
        opening = asyncio.get_running_loop().run_in_executor(None, _open_serial, self._port, self._line)
        try:
            self._serial = await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(_close_unwanted)  # else the abandoned port stays locked
            raise
        except (OSError, ValueError, termios.error) as error:  # SerialException is an OSError, termios.error is not
            raise self._refused(error) from error

    async def read(self) -> bytes:
        """What has arrived, at least one byte. Raises TransportLost when the device is gone."""
        loop, fd = asyncio.get_running_loop(), self._fd()
        await _ready(fd, loop.add_reader, loop.remove_reader)
        try:
            data = os.read(fd, READ_SIZE)
        except OSError as error:
            raise self._lost(_words(error)) from error
        if not data:
            raise self._lost("it was unplugged")
        return data

    async def write(self, data: bytes) -> None:
        """Write all of `data` or raise TransportLost."""
        loop, fd = asyncio.get_running_loop(), self._fd()
        try:
            async with asyncio.timeout(self._write_timeout_s):
                while data:
                    await _ready(fd, loop.add_writer, loop.remove_writer)
                    data = data[os.write(fd, data) :]
        except TimeoutError as error:
            raise self._lost(f"it took no data for {self._write_timeout_s:g} s") from error
        except OSError as error:
            raise self._lost(_words(error)) from error

    async def close(self) -> None:
        """Close in a thread: the kernel may wait for output that nobody takes."""
        port, self._serial = self._serial, None
        if port is not None:
            await asyncio.get_running_loop().run_in_executor(None, port.close)

    def _fd(self) -> int:
        if self._serial is None:
            raise self._lost("the port is not open")
        return self._serial.fileno()

    def _refused(self, error: Exception) -> ConnectRefused:
        setting = f"devices.{self._device}.port in edge.toml"
        code = error.errno if isinstance(error, OSError) else None
        busy = ("another program holds it", f"Close that program (`sudo fuser {self._port}`), or correct {setting}.")
        why, next_step = {
            errno.ENOENT: ("there is no such port", f"Plug the device in, or correct {setting}."),
            errno.EACCES: (
                "the agent may not use it",
                "Add the agent's user to the group that owns the port (usually dialout).",
            ),
            errno.EAGAIN: busy,
            errno.EBUSY: busy,
        }.get(code or 0, (_words(error), f"Unplug the device and plug it in again, or correct {setting}."))
        return ConnectRefused(f"Cannot open {self._port} for '{self._device}': {why}.", next_step)

    def _lost(self, why: str) -> TransportLost:
        return TransportLost(
            f"'{self._device}' is gone from {self._port} ({why}).",
            "Plug it in again; it comes back by itself.",
        )


class TcpTransport:
    """A TCP connection to a printer, a network scale or a serial-to-Ethernet converter."""

    def __init__(
        self,
        device: str,
        host: str,
        port: int,
        connect_timeout_s: float,
        write_timeout_s: float = WRITE_TIMEOUT_S,
    ) -> None:
        self._device, self._host, self._port = device, host, port
        self._connect_timeout_s, self._write_timeout_s = connect_timeout_s, write_timeout_s
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def open(self) -> None:
        """Connect. Raises ConnectRefused."""
        try:
            async with asyncio.timeout(self._connect_timeout_s):
                reader, writer = await asyncio.open_connection(self._host, self._port)
        except TimeoutError as error:
            raise self._refused(f"no answer within {self._connect_timeout_s:g} s") from error
        except OSError as error:
            raise self._refused(_words(error)) from error
        line: socket.socket = writer.get_extra_info("socket")
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # A peer that lost power never says so: give up on bytes it does not acknowledge.
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(self._write_timeout_s * 1000))
        writer.transport.set_write_buffer_limits(high=0)  # drain() then means: all of it is in the kernel
        self._streams = reader, writer

    async def read(self) -> bytes:
        """What has arrived, at least one byte. Raises TransportLost when the connection ended."""
        reader, _ = self._open_streams()
        try:
            data = await reader.read(READ_SIZE)
        except OSError as error:
            raise self._lost(_words(error)) from error
        if not data:
            raise self._lost("it closed the connection")
        return data

    async def read_waiting(self) -> bytes:
        """What has arrived already and was not read; empty when nothing has. Raises TransportLost at the end."""
        try:
            async with asyncio.timeout(0):
                return await self.read()
        except TimeoutError:
            return b""

    async def write(self, data: bytes) -> None:
        """Write all of `data` or raise TransportLost."""
        _, writer = self._open_streams()
        try:
            async with asyncio.timeout(self._write_timeout_s):
                writer.write(data)
                await writer.drain()
        except TimeoutError as error:
            raise self._lost(f"it took no data for {self._write_timeout_s:g} s") from error
        except OSError as error:
            raise self._lost(_words(error)) from error

    async def close(self) -> None:
        """Say that nothing more comes, wait until the peer closes too (at most PEER_CLOSE_S), then let go."""
        streams, self._streams = self._streams, None
        if streams is None:
            return
        reader, writer = streams
        try:
            async with asyncio.timeout(PEER_CLOSE_S):
                writer.write_eof()
                while await reader.read(READ_SIZE):
                    pass
        except OSError as error:  # broken or overdue (TimeoutError is one): there is nobody left to wait for
            log.debug("%s did not close its side: %s", self._device, _words(error))
        finally:
            writer.transport.abort()  # nothing of ours is left to flush; close() could wait for ever for a dead peer
        with suppress(OSError):  # the loss that ended the connection, told again
            await writer.wait_closed()

    def _open_streams(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            raise self._lost("the connection is not open")
        return self._streams

    def _refused(self, why: str) -> ConnectRefused:
        return ConnectRefused(
            f"Cannot reach '{self._device}' at {self._host} port {self._port}: {why}.",
            f"Check that it is on and connected, and its address under devices.{self._device} in edge.toml.",
        )

    def _lost(self, why: str) -> TransportLost:
        return TransportLost(
            f"The connection to '{self._device}' at {self._host} port {self._port} broke ({why}).",
            "Check its power and network cable; the agent connects again by itself.",
        )


async def listen_for_lines(
    device: str, address: str, peer: str, on_line: Callable[[bytes], None], most_line: int
) -> None:
    """Take lines at `address` (`host:port`) for ever, from connections that come from the host `peer` only.

    Raises ConnectRefused when the address cannot be listened on.
    """
    host, _, port = address.rpartition(":")
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if len(serving) < MAX_CALLERS and await _is_from(peer, writer):
                async with asyncio.timeout(CALL_S):
                    while line := await reader.readline():
                        on_line(line)
        except (OSError, ValueError) as error:  # TimeoutError is one; a line without an end is the other
            log.info("a message from '%s' was cut short: %s", device, error)
        finally:
            writer.transport.abort()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer), name=f"message from {device}")
        serving.add(task)
        task.add_done_callback(serving.discard)

    try:
        server = await asyncio.start_server(accept, host, int(port), limit=most_line)
    except OSError as error:
        raise ConnectRefused(
            f"Cannot listen at {address} for the messages of '{device}': {_words(error)}.",
            f"Correct devices.{device}.alert_listen in edge.toml: an address of this machine and a free port.",
        ) from error
    try:
        await asyncio.get_running_loop().create_future()
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


async def _is_from(peer: str, writer: asyncio.StreamWriter) -> bool:
    """Whether the caller is the device itself: nobody else may say that a label came out."""
    known = await asyncio.get_running_loop().getaddrinfo(peer, None)
    caller = writer.get_extra_info("peername")
    if caller is not None and caller[0] in {address[4][0] for address in known}:
        return True
    log.warning("a message from %s was not taken: it is not from %s", caller, peer)
    return False


def _open_serial(port: str, line: SerialLine) -> serial.Serial:
    import serial  # noqa: PLC0415 -- only a station with a serial device pays for loading it

    opened = serial.Serial(
        port=None,
        baudrate=line.baudrate,
        bytesize=line.bytesize,
        parity={"none": "N", "even": "E", "odd": "O"}[line.parity],
        stopbits=line.stopbits,
        timeout=0,
        write_timeout=0,
        exclusive=True,
    )
    opened.dtr, opened.rts = line.dtr, line.rts
    opened.port = port
    opened.open()
    return opened


def _close_unwanted(opening: asyncio.Future[serial.Serial]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()


async def _ready(fd: int, add: Callable[..., Any], remove: Callable[[int], Any]) -> None:
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    add(fd, _wake, future)
    try:
        await future
    finally:
        remove(fd)


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _words(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return error.strerror or str(error)
    code = error.errno if isinstance(error, OSError) else None
    return os.strerror(code) if code else str(error)
