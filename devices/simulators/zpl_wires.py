"""The printer's interfaces besides the network: a pseudo terminal for its serial port, a socket for `/dev/usb/lp0`.

The socket keeps the borders of what is written (SOCK_SEQPACKET), as everything does that stands for a node here; a
real usblp is a byte stream, so the printer's answers are cut anywhere.
"""

from __future__ import annotations

import asyncio
import os
import socket
import tty
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

XON, XOFF = b"\x11", b"\x13"
READ_SIZE = 4096
USB_PACKET = 64
MUCH = 8192
ROOM = 192 << 10
_NOBODY_THERE_S = 0.01

Hear = Callable[[bytes], Awaitable[list[bytes]]]
"""What the printer says to the bytes it reads; it takes its time when it is full."""


class UsbInterface:
    """A socket at `path`, there while the printer has power."""

    def __init__(self, path: Path, hear: Hear) -> None:
        self._path, self._hear = path, hear
        self._serving: asyncio.Task[None] | None = None

    @property
    def address(self) -> dict[str, str]:
        """The settings with which the agent reaches it."""
        return {"node": str(self._path)}

    def power_on(self) -> None:
        """Make the node."""
        self._path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener.setblocking(False)
        listener.bind(str(self._path))
        listener.listen(1)
        self._serving = asyncio.create_task(self._serve(listener), name="USB of the simulated printer")
        self._serving.add_done_callback(lambda _: listener.close())

    def power_off(self) -> None:
        """Take the node away; whoever holds it loses it."""
        if self._serving is not None:
            self._path.unlink(missing_ok=True)
            self._serving.cancel()

    async def stop(self) -> None:
        """Take it away for good."""
        serving, self._serving = self._serving, None
        if serving is not None:
            self._path.unlink(missing_ok=True)
            serving.cancel()
            await asyncio.wait([serving])

    async def _serve(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            caller, _ = await loop.sock_accept(listener)
            caller.setblocking(False)
            with caller, suppress(ConnectionError):
                while data := await loop.sock_recv(caller, READ_SIZE * 16):
                    for answer in await self._hear(data):
                        for at in range(0, len(answer), USB_PACKET):
                            await loop.sock_sendall(caller, answer[at : at + USB_PACKET])


class SerialInterface:
    """A pseudo terminal that `link` points to. It stays when the power goes: the adapter has its own.

    When much is unread it says XOFF, and XON once it has read it (Xon/Xoff flow control). What comes in spite of that
    finds room for `ROOM` bytes, a terminal's own buffers; more is lost, as on a line without flow control.
    """

    def __init__(self, link: Path, hear: Hear) -> None:
        self._link, self._hear = link, hear
        self._tasks: list[asyncio.Task[None]] = []
        self._master = -1
        self._on = self._stopped = False
        self._unread = b""
        self._arrived = asyncio.Event()

    @property
    def address(self) -> dict[str, str]:
        """The settings with which the agent reaches it."""
        return {"serial_port": str(self._link)}

    def power_on(self) -> None:
        """Answer from now on; the terminal is made at the first time."""
        self._on, self._unread, self._stopped = True, b"", False
        if self._tasks:
            return
        self._master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(self._master, False)
        self._link.unlink(missing_ok=True)
        self._link.symlink_to(os.ttyname(slave))
        os.close(slave)
        for work in (self._read(), self._answer()):
            self._tasks.append(asyncio.create_task(work, name="serial port of the simulated printer"))

    def power_off(self) -> None:
        """Say nothing from now on."""
        self._on = False

    async def stop(self) -> None:
        """Take the terminal away."""
        self._on = False
        tasks, self._tasks = self._tasks, []
        if tasks:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            os.close(self._master)
            self._link.unlink(missing_ok=True)

    async def _read(self) -> None:
        while True:
            try:
                data = os.read(self._master, READ_SIZE)
            except BlockingIOError:
                await self._readable()
            except OSError:  # nobody has the other side open; a hang-up cannot be waited for, only looked at again
                await asyncio.sleep(_NOBODY_THERE_S)
            else:
                self._keep(data if self._on else b"")

    def _keep(self, data: bytes) -> None:
        self._unread = (self._unread + data)[:ROOM]
        self._arrived.set()
        if len(self._unread) > MUCH and not self._stopped:
            self._stopped = True
            self._say(XOFF)

    async def _answer(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            data, self._unread = self._unread[:READ_SIZE], self._unread[READ_SIZE:]
            for answer in await self._hear(data):
                self._say(answer)
            if self._unread:
                self._arrived.set()
            elif self._stopped:
                self._stopped = False
                self._say(XON)

    def _say(self, data: bytes) -> None:
        with suppress(OSError):  # full, or nobody listens: a serial line drops it
            os.write(self._master, data)

    async def _readable(self) -> None:
        loop, event = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._master, event.set)
        try:
            await event.wait()
        finally:
            loop.remove_reader(self._master)
