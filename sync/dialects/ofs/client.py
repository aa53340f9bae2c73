"""One HQ of seed 001 as a lane sees it: what is sent to it and how, and what its answers mean."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import TypeGuard
from urllib.parse import quote, urlencode
from uuid import UUID, uuid4

from local_store.outbox import FixedRequest, Promised
from sync.dialect import (
    Answer,
    AtStation,
    Known,
    KnownWork,
    NamedCall,
    NoAnswer,
    Outcome,
    Pulled,
    Reply,
    TheirLine,
    Verdict,
)
from sync.dialects.ofs import cartons, pulling, refs, translate
from sync.dialects.ofs.badges import BadgePull
from sync.dialects.ofs.calls import CALLS
from sync.dialects.ofs.capabilities import PROFILE, OfsHq
from sync.dialects.ofs.edge import OfsEdge
from sync.dialects.ofs.files import OfsFiles
from sync.dialects.ofs.shaping import At, Told, part
from sync.http import File, Line
from sync.retry import classify, is_away
from sync.wording import shown

Sleep = Callable[[float], Awaitable[None]]

MAX_HEADER = 128
VERSIONED = "/returns/"
"""Updates of what others may change meanwhile: they say of which version they are (seed 001 section 19)."""
CONFLICTS = frozenset({409, 412})


class OfsClient:
    """One HQ of seed 001; see `sync.dialect.HqClient`."""

    def __init__(self, settings: OfsHq, secret: str, station: AtStation, sleep: Sleep = asyncio.sleep) -> None:
        address = str(settings.url).rstrip("/")
        base = address if address.endswith(PROFILE.base_path) else address + PROFILE.base_path
        self._name = f"{settings.url.host}:{settings.url.port}"
        self._station_id, self._warehouse_id = station.station_id, station.warehouse_id
        self._key = {"Authorization": f"Bearer {secret}"}
        here = {PROFILE.tenant_header: settings.tenant, PROFILE.device_header: _header(station.station_id)}
        self._line = Line(settings, base, here)
        self._round, self._sleep = pulling.Round(), sleep
        self._badges = BadgePull(station)
        self.edge = OfsEdge(self, station.station_id)
        """Our extension, where HQ offers it."""
        self.files = OfsFiles(self, settings.label_format)
        """Labels of shipments, and files that go up."""

    def take(self, facts: Sequence[Promised]) -> int:
        """How many of these facts share a request."""
        return translate.take(facts)

    def request(self, facts: Sequence[Promised], known: Known) -> Told:
        """The request that tells HQ of these facts."""
        return translate.request_for(facts, known, At(self._station_id, self._warehouse_id))

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
        if request.path.startswith(VERSIONED):
            return await self._as_of_its_version(request, headers)
        return await self.ended(await self._call(request.method, request.path, headers, request.body.encode()))

    async def look_up(self, _request: FixedRequest, _facts: Sequence[Promised]) -> tuple[Reply, Verdict] | None:
        """Nothing to look up: a repeat with the same key brings the first answer again."""
        return None

    def calls(self) -> Mapping[str, NamedCall]:
        """Every call a person may make by name."""
        return CALLS

    async def call(self, method: str, path: str, body: str | None) -> Reply:
        """Make a call by hand; each is an act of its own."""
        headers = {} if method == "GET" else {PROFILE.idempotency_header: str(uuid4())}
        if body is not None:
            headers["Content-Type"] = "application/json"
        return await self._call(method, path, headers, None if body is None else body.encode())

    def their_lines(self, known: Known) -> AsyncGenerator[TheirLine, None]:
        """The lines of all orders known here, as HQ has them. Raises PullStopped."""
        return refs.their_lines(self, known)

    async def put(self, path: str, body: str) -> Reply:
        """Send what may be repeated."""
        return await self._call("PUT", path, {"Content-Type": "application/json"}, body.encode())

    async def post(self, path: str, body: str, key: str) -> Reply:
        """Send under an idempotency key."""
        headers = {"Content-Type": "application/json", PROFILE.idempotency_header: key}
        return await self._call("POST", path, headers, body.encode())

    async def download(self, address: str) -> File | NoAnswer:
        """Fetch a file by an address that carries its own permission."""
        return await self._line.download(address)

    async def upload(self, address: str, data: bytes, content_type: str) -> Reply:
        """Put a file to such an address."""
        return await self._line.upload(address, data, content_type)

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
        if not known.is_source:
            return self._after_badges(refs.pull(self, lane, known, new_id))
        station = pulling.Station(lane, self._station_id, self._warehouse_id)
        return self._after_badges(self._all(station, known, new_id))

    async def _all(
        self, station: pulling.Station, known: KnownWork, new_id: Callable[[], UUID]
    ) -> AsyncGenerator[Pulled, None]:
        async for pulled in pulling.pull(self, station, known, new_id, self._round):
            yield pulled
        if self._round.polls % cartons.EVERY == 0:
            async for pulled in cartons.pull(self, station.lane, station.warehouse_id, new_id):
                yield pulled
        self._round.polls += 1

    async def close(self) -> None:
        """Close all connections."""
        await self._line.close()

    async def _after_badges(self, pulled: AsyncGenerator[Pulled, None]) -> AsyncGenerator[Pulled, None]:
        async with aclosing(self._badges.pull(self)) as first, aclosing(pulled):
            async for each in first:
                yield each
            async for each in pulled:
                yield each

    async def _as_of_its_version(self, request: FixedRequest, headers: Mapping[str, str]) -> Reply:
        """Send an update of what HQ has now; where it changed just then, once more of what it is then."""
        before = await self.get(request.path.rpartition("/")[0])
        if not _is_there(before):
            return before
        reply = await self._update(request, headers, before.etag)
        if before.etag is None or not _is_conflict(reply):
            return reply
        now = await self.get(request.path.rpartition("/")[0])
        if not _is_there(now) or now.etag in {None, before.etag}:
            return reply
        reply = await self._update(request, headers, now.etag)
        return _with_both(reply, before, now) if _is_conflict(reply) else reply

    async def _update(self, request: FixedRequest, headers: Mapping[str, str], version: str | None) -> Reply:
        named = {**headers, PROFILE.version_header: version} if version is not None else headers
        return await self.ended(await self._call(request.method, request.path, named, request.body.encode()))

    async def ended(self, reply: Reply) -> Reply:
        """A 202 with the job as it stands once it ended, or after so many looks."""
        if not isinstance(reply, Answer) or reply.status != translate.ACCEPTED or not isinstance(reply.body, dict):
            return reply
        job_id = reply.body.get("job_id")
        path = PROFILE.job_path.format(job_id=part(str(job_id)))
        for _ in range(PROFILE.job_polls):
            await self._sleep(PROFILE.job_poll_s)
            job = await self.get(path)
            if not _is_there(job) or not isinstance(job.body, dict) or job.body.get("job_id") != job_id:
                return reply
            reply = Answer(translate.ACCEPTED, job.body)
            if job.body.get("status") in PROFILE.job_ended_well | PROFILE.job_ended_badly:
                return reply
        return reply

    async def _call(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Reply:
        return await self._line.call(method, path, {**(headers or {}), **self._key}, body)


def make_client(settings: OfsHq, secret: str, station: AtStation) -> OfsClient:
    """The client of one lane; the first call opens its connections, on the loop it runs in."""
    return OfsClient(settings, secret, station)


def _is_there(reply: Reply) -> TypeGuard[Answer]:
    return isinstance(reply, Answer) and classify(reply) is Outcome.OK


def _is_conflict(reply: Reply) -> TypeGuard[Answer]:
    return isinstance(reply, Answer) and reply.status in CONFLICTS


def _with_both(reply: Answer, before: Answer, now: Answer) -> Answer:
    """HQ's refusal, and what it said of the thing before and after somebody changed it."""
    states = " and ".join(f"{_status(each)} (version {each.etag})" for each in (before, now))
    error = reply.body.get("error") if isinstance(reply.body, dict) else None
    members = error if isinstance(error, dict) else {}
    message = f"{members.get('message', '')} Somebody changes it at the same time: HQ said {states}."
    return replace(reply, body={"error": {**members, "message": message}})


def _status(answer: Answer) -> str:
    return shown(answer.body.get("status") if isinstance(answer.body, dict) else None)


def _header(text: str) -> str:
    """A value that fits into a header, whatever HQ put into its ids."""
    return quote(text, safe=" !#$&'()*+,/:;=?@[]~")[:MAX_HEADER]
