"""Where this station listens: plain on loopback, and on the network under TLS only."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from agent.api.app import doors_of
from config import ConfigFaults
from config.model import Settings
from local_store.clock import timestamp
from web.guard import Doors


class Listeners:
    """The addresses of one agent. `open` opens them; what it answers to is in `doors` from then on."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        """Raises ConfigFaults for a certificate or key that cannot be used."""
        self._settings = settings
        self._doors = Doors(frozenset(), frozenset())
        self.context: ssl.SSLContext | None = None
        """How handhelds are spoken to; None where none are."""
        self.expires_ms: int | None = None
        """When the certificate is over, in milliseconds since 1970."""
        self._names: tuple[str, ...] = ()
        if settings.tls is not None:
            from agent import certificates  # noqa: PLC0415 -- a start without TLS loads no cryptography

            found = certificates.read(folder / settings.tls.certificate, folder / settings.tls.key)
            self.context, self.expires_ms, self._names = found.context, found.expires_ms, found.names

    async def open(self, runner: web.AppRunner) -> str:
        """Listen; the address of the screens on this machine."""
        host, _, port = self._settings.station.listen.rpartition(":")
        await web.TCPSite(runner, host.strip("[]"), int(port)).start()
        bound: int = runner.addresses[0][1]
        self._doors = doors_of(host, bound)
        if self._settings.tls is not None:
            await self._open_to_the_network(runner, self._settings.tls.listen)
        return f"http://{host}:{bound}"

    def look(self, report: Callable[[str, str, str], None], clear: Callable[[str], None], now_ms: int) -> None:
        """Say when the certificate ends soon."""
        if self.expires_ms is None or self.expires_ms - now_ms > WARN_MS:
            clear(PROBLEM)
        else:
            until = timestamp(self.expires_ms)
            report(PROBLEM, f"Handhelds trust this station until {until}, and not after that.", _RENEW)

    def doors(self) -> Doors:
        """The names this agent answers to."""
        return self._doors

    async def _open_to_the_network(self, runner: web.AppRunner, listen: str) -> None:
        host, _, port = listen.rpartition(":")
        await web.TCPSite(runner, host.strip("[]"), int(port), ssl_context=self.context).start()
        bound: int = runner.addresses[1][1]
        names = frozenset(f"{name}:{bound}" for name in self._names) | (
            frozenset(self._names) if bound == HTTPS else frozenset()
        )
        origins = frozenset(f"https://{name}" for name in names)
        self._doors = Doors(self._doors.hosts | names, self._doors.origins | origins)


PROBLEM = "tls.certificate"
WARN_MS = 30 * 24 * 3_600_000
_RENEW = "Make the next certificate with `edge-agent site-ca issue`, as docs/people.md says, and restart the agent."
HTTPS = 443
"""The port that a browser leaves out."""


def badge_key(text: str) -> bytes:
    """The key that signs badges, from its hex. Raises ConfigFaults."""
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) < LEAST_KEY:
        raise ConfigFaults(["people.badge_key: the secret must be the hex text that HQ's office gives for badges."])
    return key


LEAST_KEY = 16
