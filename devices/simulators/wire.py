"""The wire between a simulated device and the agent: a real pty or a real socket, and what can go wrong on it."""

from __future__ import annotations

import asyncio
import os
import random
import select
import socket
import termios
import tty
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Literal, Protocol

from devices.line_settings import BAUDRATES

WireFault = Literal["split", "joined", "garbage", "drip", "silent", "half", "cut", "parity", "flip"]

WIRE_FAULTS: dict[WireFault, str] = {
    "split": "every byte is its own write",
    "joined": "a frame is held back and leaves together with the next one, in one write",
    "garbage": "bytes that are no frame come first",
    "drip": "one byte every tenth of a second",
    "silent": "nothing is sent",
    "half": "of each third frame only the first half arrives",
    "cut": "half a frame is sent, then the plug is pulled",
    "parity": "bit 7 of every byte is set, as when a 7-bit device is read with 8 bits",
    "flip": "one bit in a hundred is wrong",
}
"""Every fault of a wire, in words."""

GARBAGE = b"\x00\xfe\x80"
DRIP_S = 0.1
READ_SIZE = 4096
MAX_UNREAD = 65536
FLIPPED_PERCENT = 1
OUTPUT_SPEED = 5  # where tcgetattr keeps it
_SPEEDS = {rate: getattr(termios, f"B{rate}") for rate in BAUDRATES}
_NOBODY_LISTENS_S = 0.01

Received = Callable[[bytes], None]
Accept = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None] | None]


class Wire(Protocol):
    """One end of a wire."""

    @property
    def address(self) -> dict[str, str | int]:
        """The settings with which the agent reaches this wire."""

    async def plug(self) -> None:
        """Make the wire reachable. Does nothing when it is."""

    async def unplug(self) -> None:
        """Break the wire at once, whatever is on it. Does nothing when it is broken."""

    async def remove(self) -> None:
        """Break it for good."""

    def write(self, data: bytes) -> None:
        """Send what the wire takes now; like a real line it drops what nobody reads."""


class PtyWire:
    """A pseudo terminal. Each `plug` makes a new one, and `link` then points to it, as udev does for an adapter.

    Only the agent holds the slave side, so closing the master is a faithful unplug (device_protocols 1.5).
    """

    def __init__(self, received: Received, link: Path | None = None, baudrate: int | None = None) -> None:
        """With a `baudrate` it can be understood, and understands, at that speed only."""
        self._received, self._link, self._baudrate = received, link, baudrate
        self._master: int | None = None
        self._reading: asyncio.Task[None] | None = None
        self.target = ""

    @property
    def address(self) -> dict[str, str | int]:
        """`port` for the agent's settings."""
        return {"port": str(self._link or self.target)}

    @property
    def listened(self) -> bool:
        """Whether somebody has the terminal open."""
        if self._master is None:
            return False
        asked = select.poll()
        asked.register(self._master, 0)
        return not any(event & select.POLLHUP for _, event in asked.poll(0))

    async def plug(self) -> None:
        """Make a new terminal and point the link to it."""
        if self._master is not None:
            return
        self._master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(self._master, False)
        self.target = os.ttyname(slave)
        os.close(slave)
        if self._link is not None:
            _point(self._link, self.target)
        self._reading = asyncio.create_task(self._read(self._master), name=f"wire {self.target}")

    async def unplug(self) -> None:
        """Close the master and take the link away."""
        master, self._master = self._master, None
        if master is None or self._reading is None:
            return
        if self._reading is not asyncio.current_task():
            self._reading.cancel()
            await asyncio.wait([self._reading])
        os.close(master)
        if self._link is not None:
            self._link.unlink(missing_ok=True)

    async def remove(self) -> None:
        """Unplug for good."""
        await self.unplug()

    def write(self, data: bytes) -> None:
        """Send `data`; a full line drops it."""
        if self._master is not None:
            with suppress(BlockingIOError):
                os.write(self._master, self._at_the_others_speed(self._master, data))

    def _at_the_others_speed(self, master: int, data: bytes) -> bytes:
        """What arrives when one side reads at another speed than the other writes: not this, and never nothing."""
        if self._baudrate is None or termios.tcgetattr(master)[OUTPUT_SPEED] == _SPEEDS[self._baudrate]:
            return data
        return bytes(byte >> 1 ^ 0xE5 for byte in data)

    async def _read(self, master: int) -> None:
        while True:
            try:
                data = os.read(master, READ_SIZE)
            except BlockingIOError:
                await _readable(master)
            except OSError:  # nobody has the other side open; a hang-up cannot be waited for, only looked at again
                await asyncio.sleep(_NOBODY_LISTENS_S)
            else:
                self._received(self._at_the_others_speed(master, data))


class KeptPort:
    """A port of 127.0.0.1 for one device: while it is off, a socket that does not listen keeps it from others.

    Without it the system may lend the port to somebody else's connection, and the device cannot come back.
    """

    def __init__(self) -> None:
        self.number = 0
        self._keeper: socket.socket | None = None

    async def listen(self, accept: Accept) -> asyncio.Server:
        """Serve callers, at the same number each time."""
        if self._keeper is None:
            self._keeper = self._bind()
            self.number = self._keeper.getsockname()[1]
        return await asyncio.start_server(accept, sock=self._bind())

    def give_back(self) -> None:
        """Let others have it."""
        if self._keeper is not None:
            self._keeper.close()
            self._keeper = None

    def _bind(self) -> socket.socket:
        bound = socket.socket()
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        bound.bind(("127.0.0.1", self.number))
        return bound


class TcpWire:
    """A listening socket on 127.0.0.1 that keeps its port from plug to plug and serves the newest connection."""

    def __init__(self, received: Received) -> None:
        self._received = received
        self._server: asyncio.Server | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._port = KeptPort()

    @property
    def address(self) -> dict[str, str | int]:
        """`tcp_host` and `tcp_port` for the agent's settings."""
        return {"tcp_host": "127.0.0.1", "tcp_port": self._port.number}

    @property
    def listened(self) -> bool:
        """Whether somebody is connected."""
        return self._writer is not None and not self._writer.is_closing()

    async def plug(self) -> None:
        """Listen."""
        if self._server is None:
            self._server = await self._port.listen(self._serve)

    async def unplug(self) -> None:
        """Reset the connection and stop listening."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
            if self._writer is not None:
                self._writer.transport.abort()
            await server.wait_closed()

    async def remove(self) -> None:
        """Unplug for good."""
        await self.unplug()
        self._port.give_back()

    def write(self, data: bytes) -> None:
        """Send `data` to whoever is connected."""
        writer = self._writer
        if writer is not None and not writer.is_closing() and writer.transport.get_write_buffer_size() < MAX_UNREAD:
            writer.write(data)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._writer is not None:
            self._writer.transport.abort()
        self._writer = writer
        with suppress(ConnectionError):
            while data := await reader.read(READ_SIZE):
                self._received(data)
        writer.close()


class SeqpacketWire:
    """A UNIX socket at `path` that stands for a hidraw or evdev node: it keeps the borders of reports.

    `plug` makes the socket, `unplug` takes it away, as the kernel does with a node. The newest opener is served.
    """

    def __init__(self, received: Received, path: Path) -> None:
        self._received, self._path = received, path
        self._listener: socket.socket | None = None
        self._peer: socket.socket | None = None

    @property
    def address(self) -> dict[str, str | int]:
        """`node` for the agent's settings."""
        return {"node": str(self._path)}

    async def plug(self) -> None:
        """Make the socket and listen at it."""
        if self._listener is not None:
            return
        self._path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_NONBLOCK)
        self._listener.bind(str(self._path))
        self._listener.listen()
        asyncio.get_running_loop().add_reader(self._listener, self._accept, self._listener)

    async def unplug(self) -> None:
        """Hang up and take the socket away."""
        listener, self._listener = self._listener, None
        if listener is not None:
            self._accept(listener)  # closed unaccepted, an opener would be told of a reset instead of an end
            asyncio.get_running_loop().remove_reader(listener)
            listener.close()
            self._path.unlink(missing_ok=True)
        self._hang_up()

    async def remove(self) -> None:
        """Unplug for good."""
        await self.unplug()

    def write(self, data: bytes) -> None:
        """Send one report to whoever has it open; a full node drops it."""
        if self._listener is not None:
            self._accept(self._listener)  # somebody may have opened it in this very turn of the loop
        if self._peer is not None:
            with suppress(BlockingIOError, ConnectionError):
                self._peer.send(data)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(BlockingIOError):
            peer, _ = listener.accept()
            peer.setblocking(False)
            self._hang_up()
            self._peer = peer
            asyncio.get_running_loop().add_reader(peer, self._read, peer)

    def _read(self, peer: socket.socket) -> None:
        try:
            data = peer.recv(READ_SIZE)
        except (BlockingIOError, ConnectionError):
            data = b""
        if data:
            self._received(data)
        elif peer is self._peer:
            self._hang_up()

    def _hang_up(self) -> None:
        peer, self._peer = self._peer, None
        if peer is not None:
            asyncio.get_running_loop().remove_reader(peer)
            peer.close()


class FaultySender:
    """Puts frames on a wire the way `fault` says; None is a good wire."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._held = b""
        self._sent = 0
        self._chance = random.Random(1)  # noqa: S311 -- a fault that can be repeated, no secret
        self._turn = asyncio.Lock()  # frames leave one after the other, however slow the wire is
        self.fault: WireFault | None = None

    async def send(self, frame: bytes) -> None:
        """Send one frame."""
        async with self._turn:
            await self._send(frame)

    async def _send(self, frame: bytes) -> None:
        match self.fault:
            case "split" | "drip":
                for at in range(len(frame)):
                    self._wire.write(frame[at : at + 1])
                    await asyncio.sleep(DRIP_S if self.fault == "drip" else 0)
            case "joined" if not self._held:
                self._held = frame
            case "garbage":
                self._wire.write(GARBAGE + frame)
            case "silent":
                pass
            case "half" if len(frame) > 1:  # an ACK alone has no half
                self._sent += 1
                self._wire.write(frame[: len(frame) // 2] if self._sent % 3 == 0 else frame)
            case "flip":
                self._wire.write(bytes(self._flipped(byte) for byte in frame))
            case "cut":
                self._wire.write(frame[: len(frame) // 2])
                await self._wire.unplug()
            case "parity":
                self._wire.write(bytes(byte | 0x80 for byte in frame))
            case _:
                self._wire.write(self._held + frame)
                self._held = b""

    def _flipped(self, byte: int) -> int:
        return byte ^ sum(1 << bit for bit in range(8) if self._chance.random() * 100 < FLIPPED_PERCENT)


def _point(link: Path, target: str) -> None:
    fresh = link.with_name(link.name + ".new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)


async def _readable(fd: int) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(fd, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(fd)
