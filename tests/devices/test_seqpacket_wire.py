from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from devices.simulators.wire import SeqpacketWire
from devices.transports import ConnectRefused, NodeTransport, TransportLost
from tests.devices.support import open_files, until

REPORTS = [b"\x02" + bytes(61), b"\x02" + b"A" * 61, b"x"]


class Node:
    """A simulated node, the agent's side of it, and what the agent wrote to it."""

    def __init__(self, path: Path) -> None:
        self.heard: list[bytes] = []
        self.wire = SeqpacketWire(self.heard.append, path)
        self.agent = NodeTransport("dock", lambda: [path] if path.exists() else [], "HID scanner", "devices.dock.usb")


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[Node]:
    node = Node(tmp_path / "node")
    await node.wire.plug()
    yield node
    await node.agent.close()
    await node.wire.remove()


async def test_every_report_keeps_its_borders_in_both_directions(node: Node) -> None:
    await node.agent.open()
    for report in REPORTS:
        node.wire.write(report)
        await node.agent.write(report)
    assert [await node.agent.read() for _ in REPORTS] == REPORTS
    await until(lambda: len(node.heard) == len(REPORTS), "the reports of the agent")
    assert node.heard == REPORTS


async def test_what_is_written_while_nobody_has_it_open_is_lost(node: Node) -> None:
    node.wire.write(b"yesterday")
    await node.agent.open()
    node.wire.write(b"today")
    assert await node.agent.read() == b"today"


async def test_pulling_the_plug_ends_a_read_and_takes_the_node_away(node: Node) -> None:
    await node.agent.open()
    reading = asyncio.create_task(node.agent.read())
    await asyncio.sleep(0)
    await node.wire.unplug()
    with pytest.raises(TransportLost, match="it was unplugged"):
        await reading
    await node.agent.close()
    with pytest.raises(ConnectRefused, match="not plugged in"):
        await node.agent.open()


async def test_it_comes_back_at_the_same_path_and_leaves_nothing_open(node: Node, tmp_path: Path) -> None:
    before = open_files()
    for _ in range(3):
        await node.wire.plug()
        await node.agent.open()
        node.wire.write(b"again")
        assert await node.agent.read() == b"again"
        await node.agent.close()
        await node.wire.unplug()
    await until(lambda: open_files() < before, "the socket is closed")
    assert not (tmp_path / "node").exists()


async def test_the_address_is_the_setting_of_the_node(node: Node, tmp_path: Path) -> None:
    assert node.wire.address == {"node": str(tmp_path / "node")}
