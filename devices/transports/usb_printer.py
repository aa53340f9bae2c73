"""USB printers at the nodes of the kernel's usblp, `/dev/usb/lp*` (device_protocols 9.6)."""

from __future__ import annotations

import asyncio
import fcntl
import os

from devices.transports.base import READ_SIZE, WRITE_TIMEOUT_S, ready, words
from devices.transports.node import NodeTransport

_NOTHING_YET_S = 0.05
_DEVICE_ID_BYTES = 1024
# _IOC(_IOC_READ, 'P', 1, size) of linux/usb/usblp: LPIOC_GET_DEVICE_ID
_GET_DEVICE_ID = (2 << 30) | (_DEVICE_ID_BYTES << 16) | (ord("P") << 8) | 1


class UsbPrinterTransport(NodeTransport):
    """A byte stream: what is read may be cut anywhere, and what is written is on its way once the node is free."""

    async def read(self) -> bytes:
        """What has arrived, at least one byte. A printer that has nothing to say sends empty packets: no end."""
        if self.simulated:
            return await super().read()
        loop, fd = asyncio.get_running_loop(), self.fileno()
        while True:
            await ready(fd, loop.add_reader, loop.remove_reader)
            try:
                if data := os.read(fd, READ_SIZE):
                    return data
            except BlockingIOError:
                continue
            except OSError as error:
                raise self._lost(words(error)) from error
            await asyncio.sleep(_NOTHING_YET_S)

    async def write(self, data: bytes) -> None:
        """Write `data` and wait until the kernel has sent it: closing the node drops what it still holds."""
        await super().write(data)
        loop, fd = asyncio.get_running_loop(), self.fileno()
        try:
            async with asyncio.timeout(WRITE_TIMEOUT_S):
                await ready(fd, loop.add_writer, loop.remove_writer)
        except TimeoutError as error:
            raise self._lost(f"it took no data for {WRITE_TIMEOUT_S:g} s") from error

    def device_id(self) -> bytes:
        """The printer's IEEE-1284 id as it came, with its two bytes of length; empty where it gives none."""
        if self.simulated:
            return b""
        answer = bytearray(_DEVICE_ID_BYTES)
        try:
            fcntl.ioctl(self.fileno(), _GET_DEVICE_ID, answer)
        except OSError:  # a printer without an id, or a node that is no usblp
            return b""
        return bytes(answer)
