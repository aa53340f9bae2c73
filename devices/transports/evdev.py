"""All event nodes of one keyboard-like device, grabbed, so that its keys reach nobody else (device_protocols 4.3)."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from devices.transports.base import READ_SIZE, ConnectRefused, TransportLost, words
from devices.transports.node import Find, NodeTransport

EVIOCGRAB = 0x40044590
EVIOCSCLOCKID = 0x400445A0


class EvdevTransport:
    """Reads every node of a device. A node that goes takes the whole device with it; the next open finds all."""

    def __init__(self, device: str, find: Find, what: str, setting: str) -> None:
        """`what` says in words which device is looked for, `setting` which key of edge.toml says so."""
        self._device, self._find, self._what, self._setting = device, find, what, setting
        self._nodes: list[NodeTransport] = []

    async def open(self) -> None:
        """Open and grab every node. Raises ConnectRefused."""
        try:
            await self._open(self._find())
        except ConnectRefused:
            await self.close()
            raise
        if not self._nodes:
            raise ConnectRefused(
                f"'{self._device}' is not plugged in: there is no {self._what}.",
                f"Plug it in, or correct {self._setting} in edge.toml.",
            )

    async def look_again(self) -> None:
        """Open the nodes that came after the first. Raises ConnectRefused."""
        held = {node.path for node in self._nodes}
        await self._open([path for path in self._find() if path not in held])

    async def read(self) -> bytes:
        """Records of any node, at once when some wait. Raises TransportLost."""
        while not (data := self._read_now()):
            await self._any_ready()
        return data

    async def pump(self, take: Callable[[bytes], None]) -> NoReturn:
        """Hand all that arrives to `take`, for ever. Raises TransportLost when the device is gone."""
        while True:
            take(await self.read())

    async def write(self, data: bytes) -> None:
        """Nothing is ever said to such a device. Raises TransportLost."""
        raise TransportLost(f"'{self._device}' takes no data ({len(data)} bytes).", "This is a fault in its driver.")

    async def close(self) -> None:
        """Close every node, and with it the grab."""
        opened, self._nodes = self._nodes, []
        for node in opened:
            await node.close()

    async def _open(self, paths: list[Path]) -> None:
        for path in paths:
            node = NodeTransport(self._device, lambda path=path: [path], self._what, self._setting)  # type: ignore[misc]
            await node.open()
            self._nodes.append(node)
            if not node.simulated:
                self._grab(node)

    def _grab(self, node: NodeTransport) -> None:
        try:
            fcntl.ioctl(node.fileno(), EVIOCGRAB, 1)
            # Monotonic time in the records: a pause between two keys must not change when the clock is set.
            fcntl.ioctl(node.fileno(), EVIOCSCLOCKID, struct.pack("i", time.CLOCK_MONOTONIC))
        except OSError as error:
            why, next_step = {
                errno.EBUSY: (
                    "another program has grabbed it",
                    f"Close that program (`sudo fuser {node.path}`); a second agent counts.",
                ),
                errno.ENOTTY: ("it is no input device", f"Correct {self._setting} in edge.toml."),
            }.get(error.errno or 0, (words(error), "Unplug the device and plug it in again."))
            raise ConnectRefused(f"Cannot take {node.path} for '{self._device}': {why}.", next_step) from error

    def _read_now(self) -> bytes:
        if not self._nodes:
            raise self._lost("it is not open")
        for node in self._nodes:
            try:
                data = os.read(node.fileno(), READ_SIZE)
            except BlockingIOError:
                continue
            except OSError as error:
                raise self._lost(words(error)) from error
            if not data:
                raise self._lost("it was unplugged")
            return data
        return b""

    async def _any_ready(self) -> None:
        loop = asyncio.get_running_loop()
        some = asyncio.Event()
        watched = [node.fileno() for node in self._nodes]
        for fd in watched:
            loop.add_reader(fd, some.set)
        try:
            await some.wait()
        finally:
            for fd in watched:
                loop.remove_reader(fd)

    def _lost(self, why: str) -> TransportLost:
        return TransportLost(
            f"'{self._device}' is gone ({why}).",
            "Plug it in again, or wake it up if it is wireless; it comes back by itself.",
        )
