"""HTTP to an HQ. Never follows a redirect, never reads without a limit, never raises what HQ did."""

from __future__ import annotations

import asyncio
import gzip
import io
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

import aiohttp
from pydantic_core import from_json
from yarl import URL

from config.model import Hq, is_loopback
from sync.dialect import Answer, NoAnswer, Reply
from sync.wording import clean

CONNECT_TIMEOUT_S = 5
MAX_ANSWER = 8 * 1024 * 1024
MAX_FILE = 16 * 1024 * 1024
CHUNK = 64 * 1024
WORTH_PACKING = 1_000
"""Bodies from this many bytes on are compressed for an HQ that takes it."""
MOST_AT_ONCE = 512 * 1024
NO_CONTENT = 204


@dataclass(frozen=True, slots=True)
class File:
    """A file that was fetched."""

    data: bytes = field(repr=False)
    content_type: str


class Line:
    """One HQ's connections, kept open between calls. The first call opens them, on the loop it runs in."""

    def __init__(self, settings: Hq, base: str, headers: Mapping[str, str]) -> None:
        """`base` is what every path is added to; `headers` go with every call and must hold no secret."""
        self._settings, self._base = settings, base
        self._headers = {"Accept": "application/json", **headers}
        self._name = f"{settings.url.host}:{settings.url.port}"
        self._session: aiohttp.ClientSession | None = None

    async def call(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Reply:
        """Send one request; `path` (encoded) is added to the base, an address stands for itself.

        A 2xx without a body is an answer whose body is None.
        """
        sent = {**self._headers, **(headers or {})}
        if body is not None and self._settings.compress and len(body) >= WORTH_PACKING:
            body, sent["Content-Encoding"] = gzip.compress(body, 6), "gzip"
        url = URL(path if "://" in path else self._base + path, encoded=True)
        reply = await self._do(method, url, sent, body, MAX_ANSWER)
        return self._json(reply) if isinstance(reply, _Raw) else reply

    async def download(self, address: str) -> File | NoAnswer:
        """Fetch a file by an address that carries its own permission: our key is not shown to it."""
        refusal = _not_to_be_called(address)
        if refusal:
            return NoAnswer(refusal, sent=False)
        reply = await self._do("GET", URL(address, encoded=True), {}, None, MAX_FILE)
        if isinstance(reply, NoAnswer):
            return reply
        if reply.status != 200:  # noqa: PLR2004
            return NoAnswer(f"The address of a file answered {reply.status}.", sent=True, status=reply.status)
        return File(reply.data, reply.content_type)

    async def upload(self, address: str, data: bytes, content_type: str) -> Reply:
        """Put a file to an address that carries its own permission; any 2xx is success."""
        refusal = _not_to_be_called(address)
        if refusal:
            return NoAnswer(refusal, sent=False)
        reply = await self._do("PUT", URL(address, encoded=True), {"Content-Type": content_type}, data, MAX_ANSWER)
        return reply if isinstance(reply, NoAnswer) else Answer(reply.status, None)

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()

    async def _do(
        self, method: str, url: URL, headers: Mapping[str, str], body: bytes | None, most: int
    ) -> _Raw | NoAnswer:
        # The texts of aiohttp's errors can hold request headers, the key among them: none is ever shown or logged.
        try:
            # aiohttp's own limit does not reach an answer whose head was there before it was asked for.
            async with (
                asyncio.timeout(self._settings.timeout_s),
                self._open().request(
                    method,
                    url,
                    headers=headers,
                    data=_in_parts(body),
                    allow_redirects=False,
                    proxy=self._settings.proxy or None,
                ) as response,
            ):
                return await self._read(response, most)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            os_error = getattr(error, "os_error", None)
            why = (os_error and os_error.strerror) or f"no connection in {CONNECT_TIMEOUT_S} s"
            return NoAnswer(f"{self._name} cannot be reached: {clean(str(why))}.", sent=False)
        except TimeoutError:
            return NoAnswer(f"{self._name} did not answer {url.path} within {self._settings.timeout_s} s.", sent=True)
        except aiohttp.ClientError as error:
            return NoAnswer(f"{self._name} broke off before it answered ({type(error).__name__}).", sent=True)

    async def _read(self, response: aiohttp.ClientResponse, most: int) -> _Raw | NoAnswer:
        raw = bytearray()
        async for chunk in response.content.iter_chunked(CHUNK):
            raw += chunk
            if len(raw) > most:
                return self._not_hq(response.status, f"more than {most} bytes")
        return _Raw(response.status, response.headers, response.content_type, bytes(raw))

    def _json(self, raw: _Raw) -> Reply:
        """The answer, if it is HQ's: JSON, whole, and no redirect."""
        body = None
        if 300 <= raw.status < 400:  # noqa: PLR2004 -- the class of redirects
            return self._not_hq(raw.status, "a redirect")
        if raw.data and raw.status != NO_CONTENT:
            if raw.content_type != "application/json" and not raw.content_type.endswith("+json"):
                return self._not_hq(raw.status, f"{raw.status} with {clean(raw.content_type)} instead of JSON")
            try:
                body = from_json(raw.data, allow_inf_nan=False)
            except ValueError as error:
                return self._not_hq(raw.status, f"{raw.status} with broken JSON ({clean(str(error))})")
        return Answer(raw.status, body, raw.headers.get("Retry-After"), raw.headers.get("ETag"))

    def _not_hq(self, status: int, got: str) -> NoAnswer:
        sentence = f"{self._name} answered {got}: that is not HQ, or only half of it."
        return NoAnswer(sentence, sent=True, status=status)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            context = ssl.create_default_context(cafile=self._settings.ca_file) if self._settings.ca_file else None
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(ssl=context) if context else None,
                timeout=aiohttp.ClientTimeout(total=self._settings.timeout_s, connect=CONNECT_TIMEOUT_S),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session


@dataclass(frozen=True, slots=True)
class _Raw:
    status: int
    headers: Mapping[str, str]
    content_type: str
    data: bytes = field(repr=False)


def _in_parts(body: bytes | None) -> bytes | io.BytesIO | None:
    """A body of megabytes leaves in parts, so that the loop turns meanwhile."""
    return body if body is None or len(body) <= MOST_AT_ONCE else io.BytesIO(body)


def _not_to_be_called(address: str) -> str:
    """Why a file's address, which came from outside, must not be asked; empty when it may."""
    try:
        url = URL(address)
    except ValueError:
        return f"{clean(address)} is not an address."
    if url.scheme == "https" or (url.scheme == "http" and is_loopback(url.host or "")):
        return ""
    return f"{clean(address)} is not https: files are fetched by https only."
