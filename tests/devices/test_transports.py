from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from devices.line_settings import SerialLine
from devices.simulators.wire import PtyWire
from devices.transports import (
    PEER_CLOSE_S,
    ConnectRefused,
    SerialTransport,
    TcpTransport,
    TransportLost,
    read_waiting,
)
from tests.support.patient_loop import patient_now
from tests.support.site import until

FLOOD = bytes(32 << 20)


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[PtyWire]:
    heard: list[bytes] = []
    far_end = PtyWire(heard.append, tmp_path / "port")
    await far_end.plug()
    yield far_end
    await far_end.unplug()


def serial_line(tmp_path: Path) -> SerialTransport:
    return SerialTransport("dock", str(tmp_path / "port"), SerialLine(), write_timeout_s=0.1)


@asynccontextmanager
async def peer(closes_after_s: float | None) -> AsyncIterator[tuple[TcpTransport, list[str]]]:
    """A TCP peer that reads nothing until it is told that nothing more comes, and closes so much later."""
    events: list[str] = []
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        events.append("end seen")
        if closes_after_s is None:
            await over.wait()
        else:
            await asyncio.sleep(closes_after_s)
        events.append("closed")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield TcpTransport("pack1", "127.0.0.1", port, connect_timeout_s=0.2, write_timeout_s=0.1), events
    over.set()
    server.close()
    await server.wait_closed()


async def test_reading_and_writing_an_unplugged_port_are_both_lost(wire: PtyWire, tmp_path: Path) -> None:
    line = serial_line(tmp_path)
    for use in (line.read, lambda: line.write(b"SI\r\n")):
        await wire.plug()
        await line.open()
        await wire.unplug()
        with pytest.raises(TransportLost, match="'dock' is gone from"):
            await use()
        await line.close()


async def test_a_read_that_waits_while_the_plug_is_pulled_is_lost(wire: PtyWire, tmp_path: Path) -> None:
    line = serial_line(tmp_path)
    await line.open()
    reading = asyncio.create_task(line.read())
    await asyncio.sleep(0)
    await wire.unplug()
    with pytest.raises(TransportLost):
        await reading
    await line.close()


async def test_a_read_that_is_cancelled_loses_no_byte(wire: PtyWire, tmp_path: Path) -> None:
    line = serial_line(tmp_path)
    await line.open()
    reading = asyncio.create_task(line.read())
    await asyncio.sleep(0)
    wire.write(b"ABC")
    reading.cancel()
    await asyncio.wait([reading])
    assert await line.read() == b"ABC"
    await line.close()


async def test_what_waits_at_a_serial_port_is_seen_at_a_glance(wire: PtyWire, tmp_path: Path) -> None:
    line = serial_line(tmp_path)
    await line.open()
    assert await read_waiting(line) == b""
    wire.write(b"\x13")
    seen = bytearray()

    async def has_come() -> bool:
        seen.extend(await read_waiting(line))
        return bool(seen)

    await until(has_come, "what was written did not come through the pty")
    assert seen == b"\x13"
    await line.close()


async def test_a_serial_device_that_takes_no_data_is_lost_after_the_write_timeout(tmp_path: Path) -> None:
    master, slave = os.openpty()
    line = SerialTransport("dock", os.ttyname(slave), SerialLine(), write_timeout_s=0.1)
    await line.open()
    with pytest.raises(TransportLost, match=r"took no data for 0\.1 s"):
        await line.write(FLOOD)
    for fd in (master, slave):
        os.close(fd)
    await line.close()


async def test_using_a_line_that_is_not_open_is_lost_and_closing_it_twice_is_nothing(tmp_path: Path) -> None:
    async with peer(0) as (tcp, _):
        for line in (serial_line(tmp_path), tcp):
            with pytest.raises(TransportLost, match="not open"):
                await line.read()
            with pytest.raises(TransportLost, match="not open"):
                await line.write(b"x")
            await line.close()
            await line.close()


@pytest.mark.parametrize(
    ("code", "why", "next_step"),
    [
        (errno.ENOENT, "there is no such port", "Plug the device in"),
        (errno.EACCES, "the agent may not use it", "usually dialout"),
        (errno.EAGAIN, "another program holds it", "sudo fuser /dev/scanner"),
        (errno.EBUSY, "another program holds it", "sudo fuser /dev/scanner"),
        (errno.EIO, "Input/output error", "plug it in again"),
    ],
)
def test_a_refusal_names_device_port_reason_and_next_step(code: int, why: str, next_step: str) -> None:
    refused = SerialTransport("dock", "/dev/scanner", SerialLine())._refused(OSError(code, "as pyserial says it"))
    assert isinstance(refused, ConnectRefused)
    assert refused.sentence == f"Cannot open /dev/scanner for 'dock': {why}."
    assert next_step in refused.next_step


async def test_a_host_that_lets_nobody_in_is_refused_after_the_connect_timeout() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = []
        for _ in range(4):
            caller = socket.socket()
            caller.setblocking(False)
            caller.connect_ex(full.getsockname())
            waiting.append(caller)
        line = TcpTransport("pack1", "127.0.0.1", full.getsockname()[1], connect_timeout_s=0.1)
        with pytest.raises(ConnectRefused, match=r"no answer within 0\.1 s"):
            await line.open()
        for caller in waiting:
            caller.close()


async def test_a_name_nobody_knows_is_refused_with_that_name() -> None:
    line = TcpTransport("pack1", "no such host", 9100, connect_timeout_s=5)
    with pytest.raises(ConnectRefused, match="Cannot reach 'pack1' at no such host port 9100"):
        await line.open()


async def test_a_tcp_peer_that_takes_no_data_is_lost_after_the_write_timeout() -> None:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    line = TcpTransport("pack1", "127.0.0.1", listener.getsockname()[1], 1, write_timeout_s=0.1)
    await line.open()
    start = patient_now()
    with pytest.raises(TransportLost, match=r"took no data for 0\.1 s"):
        await line.write(FLOOD)
    assert patient_now() - start < 1
    listener.close()
    await line.close()


async def test_closing_says_that_nothing_more_comes_and_waits_for_the_peer() -> None:
    async with peer(closes_after_s=0.1) as (line, events):
        await line.open()
        await line.write(b"x" * 1000)
        await line.close()
        assert events == ["end seen", "closed"]


async def test_closing_gives_up_on_a_peer_that_never_closes() -> None:
    async with peer(closes_after_s=None) as (line, events):
        await line.open()
        start = patient_now()
        await line.close()
        assert PEER_CLOSE_S <= patient_now() - start < PEER_CLOSE_S + 1
        assert events == ["end seen"]


async def test_a_peer_that_loses_power_is_noticed_by_what_it_does_not_acknowledge() -> None:
    async with peer(closes_after_s=0) as (line, _):
        await line.open()
        assert line._streams is not None
        connection: socket.socket = line._streams[1].get_extra_info("socket")
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 100
        await line.close()
