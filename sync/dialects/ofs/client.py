"""One HQ of seed 001 as a lane sees it: what is sent to it and how, and what its answers mean."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from urllib.parse import quote, urlencode
from uuid import UUID

from local_store.outbox import FixedRequest, NewRequest, Promised
from sync.dialect import AtStation, Known, KnownWork, Missing, NamedCall, NoAnswer, Pulled, Reply, TheirLine, Verdict
from sync.dialects.ofs import pulling, translate
from sync.dialects.ofs.capabilities import PROFILE, OfsHq
from sync.dialects.ofs.edge import OfsEdge
from sync.http import Line
from sync.retry import is_away

MAX_HEADER = 128


class OfsClient:
    """One HQ of seed 001; see `sync.dialect.HqClient`."""

    def __init__(self, settings: OfsHq, secret: str, station: AtStation) -> None:
        address = str(settings.url).rstrip("/")
        base = address if address.endswith(PROFILE.base_path) else address + PROFILE.base_path
        self._name = f"{settings.url.host}:{settings.url.port}"
        self._station_id, self._warehouse_id = station.station_id, station.warehouse_id
        self._key = {"Authorization": f"Bearer {secret}"}
        here = {PROFILE.tenant_header: settings.tenant, PROFILE.device_header: _header(station.station_id)}
        self._line = Line(settings, base, here)
        self._round = pulling.Round()
        self.edge = OfsEdge(self, station.station_id)
        """Our extension, where HQ offers it."""

    def take(self, facts: Sequence[Promised]) -> int:
        """How many of these facts share a request."""
        return translate.take(facts)

    def request(self, facts: Sequence[Promised], known: Known) -> NewRequest | Missing:
        """The request that tells HQ of these facts."""
        return translate.request_for(facts, known, self._station_id)

    def verdict(self, facts: Sequence[Promised], request: FixedRequest, reply: Reply) -> Verdict:
        """What a reply to `request` means."""
        return translate.verdict(facts, request, reply)

    async def send(self, request: FixedRequest, facts: Sequence[Promised]) -> Reply:
        """Send a request as it was fixed, naming its facts where HQ keeps them."""
        headers = {
            "Content-Type": "application/json",
            PROFILE.idempotency_header: request.idempotency_key,
            PROFILE.correlation_header: _header(request.entity),
        }
        if facts[0].actor is not None:
            headers[PROFILE.worker_header] = _header(facts[0].actor)
        if self.edge.offered:
            headers[PROFILE.facts_header] = ",".join(fact.event_id.hex() for fact in facts)
        return await self._call(request.method, request.path, headers, request.body.encode())

    async def look_up(self, _request: FixedRequest, _facts: Sequence[Promised]) -> tuple[Reply, Verdict] | None:
        """Nothing to look up: a repeat with the same key brings the first answer again."""
        return None

    def calls(self) -> Mapping[str, NamedCall]:
        """Every call a person may make by name."""
        return {}

    async def call(self, method: str, path: str, body: str | None) -> Reply:
        """Make a call by hand."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        return await self._call(method, path, headers, None if body is None else body.encode())

    async def their_lines(self, _known: Known) -> AsyncGenerator[TheirLine, None]:
        """None yet."""
        none_yet: tuple[TheirLine, ...] = ()
        for each in none_yet:
            yield each

    async def put(self, path: str, body: str) -> Reply:
        """Send what may be repeated."""
        return await self._call("PUT", path, {"Content-Type": "application/json"}, body.encode())

    async def post(self, path: str, body: str, key: str) -> Reply:
        """Send under an idempotency key."""
        headers = {"Content-Type": "application/json", PROFILE.idempotency_header: key}
        return await self._call("POST", path, headers, body.encode())

    async def get(self, path: str, **query: str | int) -> Reply:
        """Read from HQ; `query` values are encoded here."""
        return await self._call("GET", f"{path}?{urlencode(query)}" if query else path)

    async def probe(self) -> str | None:
        """None when HQ is there, else a sentence. A service that calls itself degraded is there."""
        reply = await self._call("GET", PROFILE.health_path)
        if isinstance(reply, NoAnswer):
            return reply.sentence
        if is_away(reply) and not (isinstance(reply.body, dict) and "status" in reply.body):
            return f"{self._name} answers {reply.status}: HQ is not behind it."
        return None

    def pull(self, lane: str, known: KnownWork, new_id: Callable[[], UUID]) -> AsyncGenerator[Pulled, None]:
        """Everything HQ has for this station that the store does not hold, and what it withdrew or changed."""
        station = pulling.Station(lane, self._station_id, self._warehouse_id)
        return pulling.pull(self, station, known, new_id, self._round)

    async def close(self) -> None:
        """Close all connections."""
        await self._line.close()

    async def _call(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Reply:
        return await self._line.call(method, path, {**(headers or {}), **self._key}, body)


def make_client(settings: OfsHq, secret: str, station: AtStation) -> OfsClient:
    """The client of one lane; the first call opens its connections, on the loop it runs in."""
    return OfsClient(settings, secret, station)


def _header(text: str) -> str:
    """A value that fits into a header, whatever HQ put into its ids."""
    return quote(text, safe=" !#$&'()*+,/:;=?@[]~")[:MAX_HEADER]
