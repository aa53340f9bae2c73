from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.sd_notify import notify, watchdog_interval_s


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.settimeout(5)
        yield listening


def test_the_state_reaches_the_socket_systemd_named(tmp_path: Path, listener: socket.socket) -> None:
    listener.bind(str(tmp_path / "notify"))
    notify("READY=1", {"NOTIFY_SOCKET": str(tmp_path / "notify")})
    assert listener.recv(100) == b"READY=1"


def test_a_socket_in_the_abstract_namespace_works_too(listener: socket.socket) -> None:
    name = f"edge-agent-test-{os.getpid()}"
    listener.bind(f"\0{name}")
    notify("STATUS=zwölf offen\nWATCHDOG=1", {"NOTIFY_SOCKET": f"@{name}"})
    assert listener.recv(100) == "STATUS=zwölf offen\nWATCHDOG=1".encode()


def test_without_systemd_nothing_happens() -> None:
    notify("READY=1", {})


def test_a_socket_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        notify("READY=1", {"NOTIFY_SOCKET": str(tmp_path / "gone")})


def test_the_watchdogs_patience_is_given_in_seconds() -> None:
    assert watchdog_interval_s({"WATCHDOG_USEC": "30000000"}) == 30
    assert watchdog_interval_s({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}) == 30


def test_a_process_nobody_watches_has_no_interval() -> None:
    assert watchdog_interval_s({}) is None
    assert watchdog_interval_s({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}) is None
