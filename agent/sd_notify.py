"""Tell systemd how the service does: ready, alive, stopping (sd_notify(3)). Without systemd nothing happens."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping

_MICROSECONDS = 1_000_000


def notify(state: str, environ: Mapping[str, str] = os.environ) -> None:
    """Send `state`, such as `READY=1`, `WATCHDOG=1` or `STATUS=…`, to the socket that `$NOTIFY_SOCKET` names, if any.

    Raises OSError when systemd named a socket that does not take it.
    """
    address = environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):  # the abstract namespace
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
        sender.connect(address)
        sender.send(state.encode())


def watchdog_interval_s(environ: Mapping[str, str] = os.environ) -> float | None:
    """Seconds systemd waits for a `WATCHDOG=1` before it restarts the service, so send one twice as often.

    None when this process is not watched.
    """
    allowed_us = environ.get("WATCHDOG_USEC")
    if not allowed_us or environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    return int(allowed_us) / _MICROSECONDS
