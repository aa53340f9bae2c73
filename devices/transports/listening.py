"""Messages that a device sends by itself to a port of this machine."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from devices.transports.base import ConnectRefused, words

log = logging.getLogger(__name__)

MAX_CALLERS = 8
CALL_S = 10.0  # a device that sends messages says what it has to say at once


async def listen_for_lines(
    device: str, address: str, peer: Callable[[], str], on_line: Callable[[bytes], None], most_line: int
) -> None:
    """Take lines at `address` (`host:port`) for ever, from connections that come from the host `peer` says only.

    Raises ConnectRefused when the address cannot be listened on.
    """
    host, _, port = address.rpartition(":")
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if len(serving) < MAX_CALLERS and await _is_from(peer(), writer):
                async with asyncio.timeout(CALL_S):
                    while line := await reader.readline():
                        on_line(line)
        except (OSError, ValueError) as error:  # TimeoutError is one; a line without an end is the other
            log.info("a message from '%s' was cut short: %s", device, error)
        finally:
            writer.transport.abort()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer), name=f"message from {device}")
        serving.add(task)
        task.add_done_callback(serving.discard)

    try:
        server = await asyncio.start_server(accept, host, int(port), limit=most_line)
    except OSError as error:
        raise ConnectRefused(
            f"Cannot listen at {address} for the messages of '{device}': {words(error)}.",
            f"Correct devices.{device}.alert_listen in edge.toml: an address of this machine and a free port.",
        ) from error
    try:
        await asyncio.get_running_loop().create_future()
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


async def _is_from(peer: str, writer: asyncio.StreamWriter) -> bool:
    """Whether the caller is the device itself: nobody else may say that a label came out."""
    known = await asyncio.get_running_loop().getaddrinfo(peer, None)
    caller = writer.get_extra_info("peername")
    if caller is not None and caller[0] in {address[4][0] for address in known}:
        return True
    log.warning("a message from %s was not taken: it is not from %s", caller, peer)
    return False
