"""TCP connections to printers, network scales and serial-to-Ethernet converters."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from devices.transports.base import READ_SIZE, WRITE_TIMEOUT_S, ConnectRefused, TransportLost, words

log = logging.getLogger(__name__)

PEER_CLOSE_S = 2.0  # a printer that is asked on a second connection before the first is closed mixes up its jobs


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
            raise self._refused(words(error)) from error
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
            raise self._lost(words(error)) from error
        if not data:
            raise self._lost("it closed the connection")
        return data

    async def pump(self, take: Callable[[bytes], None]) -> NoReturn:
        """Hand all that arrives to `take`, for ever. Raises TransportLost when the connection ended."""
        while True:
            take(await self.read())

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
            raise self._lost(words(error)) from error

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
            log.debug("%s did not close its side: %s", self._device, words(error))
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
