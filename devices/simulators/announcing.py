"""Lets a simulated printer announce itself on the network, as real ones do (mDNS)."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from devices.discovery import RAW_PORT_SERVICE

LOOPBACK = "127.0.0.1"


@asynccontextmanager
async def announced(
    name: str, port: int, told: Mapping[str, str], service: str = RAW_PORT_SERVICE
) -> AsyncIterator[None]:
    """Announce `name` at `port` of this machine, on the loopback interface only, with `told` as its TXT record."""
    from zeroconf import IPVersion  # noqa: PLC0415 -- an optional part
    from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf  # noqa: PLC0415

    info = AsyncServiceInfo(
        service,
        f"{name}.{service}",
        addresses=[socket.inet_aton(LOOPBACK)],
        port=port,
        properties=dict(told),
        server=f"{name.replace(' ', '-')}.local.",
    )
    network = AsyncZeroconf(interfaces=[LOOPBACK], ip_version=IPVersion.V4Only)
    try:
        await (await network.async_register_service(info))
        yield
    finally:
        await network.async_unregister_all_services()
        await network.async_close()
