"""HTTP to an HQ of seed 001. Never follows a redirect, never reads without a limit, never raises what HQ did."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from urllib.parse import quote, urlencode
from uuid import UUID

import aiohttp
from pydantic_core import from_json
from yarl import URL

from local_store.outbox import FixedRequest, NewRequest, Promised
from sync.dialect import Answer, Known, Missing, NoAnswer, Pulled, Reply, Verdict
from sync.dialects.ofs import pulling, translate
from sync.dialects.ofs.capabilities import PROFILE, OfsHq
from sync.dialects.ofs.edge import OfsEdge
from sync.dialects.ofs.wording import clean
from sync.retry import is_away

CONNECT_TIMEOUT_S = 5
MAX_ANSWER = 8 * 1024 * 1024
CHUNK = 64 * 1024
MAX_HEADER = 128
NO_CONTENT = 204


class OfsClient:
    """One HQ of seed 001; see `sync.dialect.HqClient`."""

    def __init__(self, settings: OfsHq, secret: str, station_id: str, warehouse_id: str) -> None:
        address = str(settings.url).rstrip("/")
        self._base = address if address.endswith(PROFILE.base_path) else address + PROFILE.base_path
        self._name = f"{settings.url.host}:{settings.url.port}"
        self._timeout_s = settings.timeout_s
        self._station_id, self._warehouse_id = station_id, warehouse_id
        self._headers = {
            "Accept": "application/json",
            "Authorization": f"Bearer {secret}",
            PROFILE.tenant_header: settings.tenant,
            PROFILE.device_header: _header(station_id),
        }
        self._session: aiohttp.ClientSession | None = None
        self.edge = OfsEdge(self, station_id)
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

    def pull(self, lane: str, known: Known, new_id: Callable[[], UUID]) -> AsyncGenerator[Pulled, None]:
        """Everything HQ has for this station that the store does not hold. Raises PullStopped."""
        station = pulling.Station(lane, self._station_id, self._warehouse_id)
        return pulling.pull(self, station, known, new_id)

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()

    async def _call(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Reply:
        # The texts of aiohttp's errors can hold request headers, the key among them: none is ever shown or logged.
        try:
            async with self._open().request(
                method, URL(self._base + path, encoded=True), headers=headers, data=body, allow_redirects=False
            ) as response:
                return await self._read(response)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            os_error = getattr(error, "os_error", None)
            why = (os_error and os_error.strerror) or f"no connection in {CONNECT_TIMEOUT_S} s"
            return NoAnswer(f"{self._name} cannot be reached: {clean(str(why))}.", sent=False)
        except TimeoutError:
            return NoAnswer(f"{self._name} did not answer {path} within {self._timeout_s} s.", sent=True)
        except aiohttp.ClientError as error:
            return NoAnswer(f"{self._name} broke off before it answered ({type(error).__name__}).", sent=True)

    async def _read(self, response: aiohttp.ClientResponse) -> Reply:
        """The answer, if it is HQ's: JSON, whole, and not too long."""
        if response.status == NO_CONTENT:
            return Answer(response.status, None)
        if response.content_type != "application/json":
            return self._not_hq(f"{response.status} with {clean(response.content_type)} instead of JSON")
        raw = bytearray()
        async for chunk in response.content.iter_chunked(CHUNK):
            raw += chunk
            if len(raw) > MAX_ANSWER:
                return self._not_hq(f"more than {MAX_ANSWER} bytes")
        try:
            body = from_json(bytes(raw), allow_inf_nan=False)
        except ValueError as error:
            return self._not_hq(f"{response.status} with broken JSON ({clean(str(error))})")
        return Answer(response.status, body, response.headers.get("Retry-After"))

    def _not_hq(self, got: str) -> NoAnswer:
        return NoAnswer(f"{self._name} answered {got}: that is not HQ, or only half of it.", sent=True)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                headers=self._headers,
                timeout=aiohttp.ClientTimeout(total=self._timeout_s, connect=CONNECT_TIMEOUT_S),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session


def make_client(settings: OfsHq, secret: str, station_id: str, warehouse_id: str) -> OfsClient:
    """The client of one lane; the first call opens its session, on the loop it runs in."""
    return OfsClient(settings, secret, station_id, warehouse_id)


def _header(text: str) -> str:
    """A value that fits into a header, whatever HQ put into its ids."""
    return quote(text, safe=" !#$&'()*+,/:;=?@[]~")[:MAX_HEADER]
