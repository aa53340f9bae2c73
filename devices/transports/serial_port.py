"""Serial ports and USB-CDC devices, through pyserial for the settings and the event loop for the bytes."""

from __future__ import annotations

import asyncio
import errno
import os
import termios
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from devices.line_settings import Flow, SerialLine
from devices.protocols.parity import with_parity, without_parity
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

if TYPE_CHECKING:
    import serial

SEVEN, TWO = 7, 2


class SerialTransport:
    """A serial port or USB-CDC device, held exclusively. `port` is looked up anew at every open."""

    def __init__(
        self,
        device: str,
        port: str,
        line: SerialLine,
        write_timeout_s: float = WRITE_TIMEOUT_S,
        *,
        flow: Flow = "none",
        setting: str = "port",
    ) -> None:
        """`setting` is the key of edge.toml that names the port."""
        self._device, self._port, self._line = device, port, line
        self._write_timeout_s = write_timeout_s
        self._flow, self._setting = flow, setting
        self._serial: serial.Serial | None = None

    async def open(self) -> None:
        """Open in a thread, because a port may block. Raises ConnectRefused."""
        opening = asyncio.get_running_loop().run_in_executor(None, _open_serial, self._port, self._line, self._flow)
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
        await ready(fd, loop.add_reader, loop.remove_reader)
        try:
            data = os.read(fd, READ_SIZE)
        except OSError as error:
            raise self._lost(words(error)) from error
        if not data:
            raise self._lost("it was unplugged")
        return without_parity(data, self._line.parity) if _as_eight_bits(self._line) else data

    async def pump(self, take: Callable[[bytes], None]) -> NoReturn:
        """Hand all that arrives to `take` at once, for ever. Raises TransportLost when the device is gone."""
        parity = self._line.parity if _as_eight_bits(self._line) else None
        whole = take if parity is None else lambda data: take(without_parity(data, parity))
        try:
            await pump(self._fd(), whole)
        except OSError as error:
            raise self._lost(words(error)) from error
        raise self._lost("it was unplugged")

    async def write(self, data: bytes) -> None:
        """Write all of `data` or raise TransportLost."""
        if _as_eight_bits(self._line):
            data = with_parity(data, self._line.parity)
        fd = self._fd()
        try:
            await write_all(fd, data, self._write_timeout_s)
        except TimeoutError as error:
            raise self._lost(f"it took no data for {self._write_timeout_s:g} s") from error
        except OSError as error:
            raise self._lost(words(error)) from error

    async def retune(self, baudrate: int) -> None:
        """Set another speed on the open line, as one that is opened anew may lose its power. Raises TransportLost."""
        self._fd()
        assert self._serial is not None
        try:
            await asyncio.get_running_loop().run_in_executor(None, _retune, self._serial, baudrate)
        except (OSError, termios.error) as error:
            raise self._lost(words(error)) from error

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
        setting = f"devices.{self._device}.{self._setting} in edge.toml"
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
        }.get(code or 0, (words(error), f"Unplug the device and plug it in again, or correct {setting}."))
        return ConnectRefused(f"Cannot open {self._port} for '{self._device}': {why}.", next_step)

    def _lost(self, why: str) -> TransportLost:
        return TransportLost(
            f"'{self._device}' is gone from {self._port} ({why}).",
            "Plug it in again; it comes back by itself.",
        )


def _open_serial(port: str, line: SerialLine, flow: Flow) -> serial.Serial:
    import serial  # noqa: PLC0415 -- only a station with a serial device pays for loading it

    eight = _as_eight_bits(line)
    opened = serial.Serial(
        port=None,
        baudrate=line.baudrate,
        bytesize=8 if eight else line.bytesize,
        parity="N" if eight else {"none": "N", "even": "E", "odd": "O"}[line.parity],
        stopbits=1 if eight and line.parity == "none" else line.stopbits,
        timeout=0,
        write_timeout=0,
        exclusive=True,
        rtscts=flow == "rtscts",
        xonxoff=flow == "xonxoff",
    )
    opened.dtr, opened.rts = line.dtr, line.rts
    opened.port = port
    opened.open()
    return opened


def _retune(port: serial.Serial, baudrate: int) -> None:
    port.baudrate = baudrate
    port.reset_input_buffer()


def _as_eight_bits(line: SerialLine) -> bool:
    """Whether seven bits and what follows them take exactly eight: then parity is checked here (protocols/parity)."""
    return line.bytesize == SEVEN and (line.parity != "none" or line.stopbits == TWO)


def _close_unwanted(opening: asyncio.Future[serial.Serial]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()
