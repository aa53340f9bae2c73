"""Character devices that are read as they are: hidraw and evdev nodes, and the USB printer nodes of usblp.

What stands for such a node without hardware is a UNIX socket that keeps the borders of reports (SOCK_SEQPACKET).
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from devices.transports.base import (
    READ_SIZE,
    WRITE_TIMEOUT_S,
    ConnectRefused,
    TransportLost,
    pump,
    ready,
    words,
    write_all,
)

Find = Callable[[], list[Path]]
"""The nodes that are the device now, the one to open first; empty while it is not plugged in."""


class NodeTransport:
    """One node, looked up anew at every open and held by nobody else who asks for it. One read is one report."""

    def __init__(self, device: str, find: Find, what: str, setting: str) -> None:
        """`what` says in words which device is looked for, `setting` which key of edge.toml says so."""
        self._device, self._find, self._what, self._setting = device, find, what, setting
        self._fd: int | None = None
        self._socket: socket.socket | None = None
        self.path = Path()

    async def open(self) -> None:
        """Open the node. Raises ConnectRefused."""
        found = self._find()
        if not found:
            raise ConnectRefused(
                f"'{self._device}' is not plugged in: there is no {self._what}.",
                f"Plug it in, or correct {self._setting} in edge.toml.",
            )
        self.path = found[0]
        try:
            self._open(self.path)
        except OSError as error:
            await self.close()
            raise self._refused(error) from error

    async def read(self) -> bytes:
        """One report, as soon as there is one. Raises TransportLost."""
        loop, fd = asyncio.get_running_loop(), self.fileno()
        while True:
            await ready(fd, loop.add_reader, loop.remove_reader)
            try:
                data = os.read(fd, READ_SIZE)
            except BlockingIOError:
                continue
            except OSError as error:
                raise self._lost(words(error)) from error
            if not data:
                raise self._lost("it was unplugged")
            return data

    async def pump(self, take: Callable[[bytes], None]) -> NoReturn:
        """Hand each report to `take` at once, for ever. Raises TransportLost when the device is gone."""
        try:
            await pump(self.fileno(), take)
        except OSError as error:
            raise self._lost(words(error)) from error
        raise self._lost("it was unplugged")

    async def write(self, data: bytes) -> None:
        """Write `data` or raise TransportLost."""
        fd = self.fileno()
        try:
            await write_all(fd, data, WRITE_TIMEOUT_S)
        except TimeoutError as error:
            raise self._lost(f"it took no data for {WRITE_TIMEOUT_S:g} s") from error
        except OSError as error:
            raise self._lost(words(error)) from error

    async def close(self) -> None:
        """Close it, and with it the lock."""
        fd, self._fd = self._fd, None
        opened, self._socket = self._socket, None
        if opened is not None:
            opened.close()
        elif fd is not None:
            os.close(fd)

    def fileno(self) -> int:
        """The open descriptor, for what only this node's kind can be asked. Raises TransportLost."""
        if self._fd is None:
            raise self._lost("it is not open")
        return self._fd

    @property
    def simulated(self) -> bool:
        """Whether a socket stands for the node."""
        return self._socket is not None

    def _open(self, path: Path) -> None:
        if stat.S_ISSOCK(path.stat().st_mode):
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            self._socket.connect(str(path))
            self._socket.setblocking(False)
            self._fd = self._socket.fileno()
            return
        self._fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _refused(self, error: OSError) -> ConnectRefused:
        busy = "another program holds it", f"Close that program (`sudo fuser {self.path}`)."
        why, next_step = {
            errno.EACCES: (
                "the agent may not use it",
                "Install the agent's udev rules (`edge-agent install`), then unplug the device and plug it in again.",
            ),
            errno.EAGAIN: busy,
            errno.EBUSY: busy,
        }.get(error.errno or 0, (words(error), "Unplug the device and plug it in again."))
        return ConnectRefused(f"Cannot open {self.path} for '{self._device}': {why}.", next_step)

    def _lost(self, why: str) -> TransportLost:
        return TransportLost(
            f"'{self._device}' is gone from {self.path} ({why}).", "Plug it in again; it comes back by itself."
        )


class NewestReportTransport(NodeTransport):
    """A node of which only the newest report counts: older ones waited in the kernel while nobody looked."""

    async def read(self) -> bytes:
        """The newest report, as soon as there is one. Raises TransportLost."""
        data = await super().read()
        while newer := self._waiting():
            data = newer
        return data

    def _waiting(self) -> bytes:
        """The next report that waits; empty when none does. An end is left for the next read to find."""
        try:
            return os.read(self.fileno(), READ_SIZE)
        except OSError:
            return b""
