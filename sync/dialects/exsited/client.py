"""One Exsited HQ as a lane sees it: what is sent to it and how, and what its answers mean."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from urllib.parse import quote, urlencode
from uuid import UUID

from local_store.outbox import FixedRequest, NewRequest, Promised
from sync.auth import RenewedToken, SignedLine
from sync.dialect import (
    Answer,
    AtStation,
    Known,
    KnownWork,
    Missing,
    NamedCall,
    NoAnswer,
    NotNeeded,
    Outcome,
    Pulled,
    Reply,
    TheirLine,
    Verdict,
)
from sync.dialects.exsited import answers, comparing, pulling, translate
from sync.dialects.exsited.answers import as_told, is_lost_session, said
from sync.dialects.exsited.calls import calls
from sync.dialects.exsited.capabilities import ExsitedHq
from sync.dialects.exsited.lists import At, Passed
from sync.dialects.exsited.session import TokenSource
from sync.http import Line
from sync.retry import classify, is_away

NOT_FOUND = 404
MAY_BE_A_CLASH = frozenset({400, 409})
"""What HQ may say of an id that it has already (hq_contracts 4.6): then the record is looked at."""
JSON = {"Content-Type": "application/json"}


class ExsitedClient:
    """One Exsited HQ; see `sync.dialect.HqClient`."""

    edge = None

    def __init__(self, settings: ExsitedHq, secret: str, station: AtStation) -> None:
        self._profile, self._settings, self._station = settings.profile, settings, station
        address = str(settings.url).rstrip("/").removesuffix(self._profile.base_path)
        line = Line(settings, address, {})
        source = TokenSource(line, settings, secret)
        auth = RenewedToken(source.fetch, lambda: station.clock.mono_ms() / 1000)
        self._line, self._signed = line, SignedLine(line, auth, is_lost_session)
        self._passed = Passed()

    def take(self, _facts: Sequence[Promised]) -> int:
        """One fact, one record."""
        return 1

    def request(self, facts: Sequence[Promised], known: Known) -> NewRequest | Missing | NotNeeded:
        """The request that tells HQ of a fact."""
        return translate.request_for(facts, known, self._profile)

    def verdict(self, facts: Sequence[Promised], request: FixedRequest, reply: Reply) -> Verdict:
        """What a reply to `request` means."""
        return answers.verdict(facts, request, reply)

    async def send(self, request: FixedRequest, _facts: Sequence[Promised]) -> Reply:
        """Send a request as it was fixed, unless HQ's own list shows that it is more than is left.

        An answer that does not tell what HQ has now is followed by a look at the record: a 400 may mean that it is
        there, and a success without a body tells nothing.
        """
        if answers.is_fulfillment(request):
            listed = await self._listed(request)
            if listed is not None:
                return listed
        reply = await self._call("POST", request.path, request.body)
        silent = isinstance(reply, Answer) and classify(reply) is Outcome.OK and reply.body is None
        if isinstance(reply, Answer) and (silent or reply.status in MAY_BE_A_CLASH):
            there = await self._read_back(request)
            if there is not None:
                return there
        return reply

    async def look_up(self, request: FixedRequest, facts: Sequence[Promised]) -> tuple[Reply, Verdict] | None:
        """What HQ has of a request already, by our id of the record; of a return's receipt by its contents."""
        reply = await self._read_back(request)
        return None if reply is None else (reply, answers.verdict(facts, request, reply, again=True))

    def calls(self) -> Mapping[str, NamedCall]:
        """Every call a person may make by name."""
        return calls(self._profile)

    async def call(self, method: str, path: str, body: str | None) -> Reply:
        """Make a call by hand."""
        return await self._call(method, path, body)

    async def get(self, path: str, **query: str | int) -> Reply:
        """Read from HQ; `path` is whole, `query` values are encoded here."""
        return await self._call("GET", f"{path}?{urlencode(query, quote_via=quote)}" if query else path)

    def their_lines(self, known: Known) -> AsyncGenerator[TheirLine, None]:
        """Every line of the orders known here as HQ has it. Raises PullStopped."""
        return comparing.their_lines(self, self._settings, known)

    async def probe(self) -> str | None:
        """None when HQ is there, else a sentence. A token that cannot be had is not HQ being away."""
        reply = await self.get(f"{self._profile.base_path}/item-fulfillments", limit=1)
        if isinstance(reply, NoAnswer):
            return reply.sentence
        return said(reply.status, reply.body) if is_away(reply) else None

    def pull(self, lane: str, known: KnownWork, new_id: Callable[[], UUID]) -> AsyncGenerator[Pulled, None]:
        """Everything HQ has for this station that the store does not hold, and the names it has for what is here."""
        station = self._station
        at = At(lane, self._settings, self._profile, station.clock.wall_ms, self._passed, station.warehouse_id)
        return pulling.pull(self, at, known, new_id)

    async def close(self) -> None:
        """Close all connections."""
        await self._line.close()

    async def _listed(self, request: FixedRequest) -> Reply | None:
        """HQ's list of what was fulfilled of the invoice, where the request must not be sent because of it."""
        limit = self._profile.page_limit
        reply = await self.get(request.path, order_by=self._profile.created_field, direction="desc", limit=limit)
        if isinstance(reply, NoAnswer) or classify(reply) is not Outcome.OK or answers.listed(reply.body) is None:
            return reply
        return reply if answers.more_than_left(request, reply.body) else None

    async def _read_back(self, request: FixedRequest) -> Reply | None:
        """The record that a request makes, as HQ has it now; None when HQ has it not."""
        ident = answers.id_sent(request)
        if ident is None:
            return await self._received(request)
        kind = "item-fulfillments" if answers.is_fulfillment(request) else "item-receipts"
        reply = await self.get(f"{self._profile.base_path}/{kind}/{quote(ident, safe='')}")
        return None if isinstance(reply, Answer) and reply.status == NOT_FOUND else reply

    async def _received(self, request: FixedRequest) -> Reply | None:
        """That receipt of a return which holds what a request sends; the list of them takes no id of ours."""
        reply = await self.get(request.path, limit=self._profile.page_limit)
        if isinstance(reply, NoAnswer) or classify(reply) is not Outcome.OK:
            return reply
        rows = reply.body.get(answers.RETURN) if isinstance(reply.body, dict) else None
        found = answers.received_already(request, rows) if isinstance(rows, list) else None
        return None if found is None else Answer(200, {answers.RETURN: found})

    async def _call(self, method: str, path: str, body: str | None = None) -> Reply:
        """A call; a session that is lost again right after it was renewed is a key that HQ does not accept."""
        data = None if body is None else body.encode()
        reply = await self._signed.call(method, path, JSON if body is not None else None, data)
        if is_lost_session(reply):
            return Answer(401, reply.body if isinstance(reply, Answer) else None)
        return as_told(reply)


def make_client(settings: ExsitedHq, secret: str, station: AtStation) -> ExsitedClient:
    """The client of one lane; the first call opens its connections, on the loop it runs in."""
    return ExsitedClient(settings, secret, station)
