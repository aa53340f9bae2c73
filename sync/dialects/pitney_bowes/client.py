"""Pitney Bowes as one lane sees it: what is sent and how, what is read back before a repeat, what may be called."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID, uuid4

from local_store.outbox import FixedRequest, NewRequest, Promised
from sync.auth import RenewedToken, SignedLine, Token
from sync.dialect import (
    Answer,
    AtStation,
    Fault,
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
from sync.dialects.pitney_bowes import pulling, searching, translate
from sync.dialects.pitney_bowes.calls import calls
from sync.dialects.pitney_bowes.capabilities import BASE_PATH, TOKEN_PATH, PbHq
from sync.dialects.pitney_bowes.errors import said
from sync.http import Line
from sync.retry import WAIT_STATUSES, classify, is_away
from sync.wording import clean, shown

SERVER_FAULTS = 500
MS_PER_S = 1000
MOST_LIFE_S = 30 * 86_400
"""A token that says it lives longer is fetched anew after this."""


class PbClient:
    """One account at Pitney Bowes; see `sync.dialect.HqClient`."""

    edge = None
    """What our own HQ offers beyond a dialect cannot be had here."""

    def __init__(self, settings: PbHq, secret: str, station: AtStation, new_id: Callable[[], UUID] = uuid4) -> None:
        self._settings, self._station, self._new_id = settings, station, new_id
        address = str(settings.url).rstrip("/").removesuffix(BASE_PATH)
        self._token_url = address + TOKEN_PATH
        self._basic = "Basic " + b64encode(f"{settings.api_key}:{secret}".encode()).decode()
        self._name = f"{settings.url.host}:{settings.url.port}"
        self._line = Line(settings, address + BASE_PATH, {"X-PB-UnifiedErrorStructure": "true"})
        token = RenewedToken(self._fetch_token, lambda: station.clock.mono_ms() / MS_PER_S)
        self._signed = SignedLine(self._line, token)
        self._tries = searching.Tries(settings.profile.tries_of_404)
        self._faults: dict[str, list[Fault]] = {}

    def take(self, _facts: Sequence[Promised]) -> int:
        """One load, one announcement."""
        return 1

    def request(self, facts: Sequence[Promised], known: Known) -> NewRequest | Missing | NotNeeded:
        """The announcement of a load for one of their centres."""
        return translate.request_for(facts, known, self._settings)

    def verdict(self, facts: Sequence[Promised], request: FixedRequest, reply: Reply) -> Verdict:
        """What a reply to an announcement means."""
        key = f"request {request.request_id}"
        last_try = translate.may_pass(request, reply) and self._tries.used_up(key)
        found = translate.verdict(facts, request, reply, last_try=last_try)
        if found.outcome in {Outcome.OK, Outcome.DEAD}:
            self._tries.clear(key)
        return found

    async def send(self, request: FixedRequest, _facts: Sequence[Promised]) -> Reply:
        """Send an announcement as it was fixed; a repeat has the same transaction id."""
        transaction = translate.transaction_id(request.idempotency_key)
        return await self._call(request.method, request.path, request.body, transaction)

    async def look_up(self, request: FixedRequest, facts: Sequence[Promised]) -> tuple[Reply, Verdict] | None:
        """What they have under our id already; whether a transaction id would tell is unknown (3.7)."""
        found = await self._find(request)
        if not isinstance(found, str):
            return found
        reply = await self._get(f"/v1/receiving-asn/{quote(found, safe='')}")
        key = f"read {request.request_id}"
        if isinstance(reply, Answer) and reply.status == translate.NOT_FOUND and not self._tries.used_up(key):
            return reply, Verdict(Outcome.WAIT, said(reply.status, reply.body))
        self._tries.clear(key)
        if not isinstance(reply, Answer) or classify(reply) is not Outcome.OK:
            return reply, _not_read(reply)
        verdict = translate.compared(facts, request, reply.body, self._settings.profile.names)
        if isinstance(reply.body, dict) and reply.body.get("receivingASNId") != found:
            verdict = Verdict(Outcome.AMBIG, clean(f"HQ was asked for announcement {found} and gave another."))
        return reply, verdict

    def calls(self) -> Mapping[str, NamedCall]:
        """Every operation of seed 002."""
        return calls(self._settings.profile)

    async def call(self, method: str, path: str, body: str | None) -> Reply:
        """Make a call by hand."""
        return await self._call(method, path, body)

    def their_lines(self, _known: Known) -> AsyncGenerator[TheirLine, None]:
        """Every line of the orders that are still to be picked here. Raises PullStopped."""
        return pulling.their_lines(self, self._asker(""))

    async def search(self, path: str, page: int, body: Mapping[str, Any]) -> Reply:
        """One page of a search."""
        told = {"clientId": self._settings.client_id, **body}
        query = urlencode({"page": page, "size": self._settings.profile.page_size})
        return await self._call("POST", f"{path}?{query}", json.dumps(told))

    async def probe(self) -> str | None:
        """None when they are there, else a sentence. No health call is known: the smallest search is asked."""
        body = json.dumps({"clientId": self._settings.client_id})
        reply = await self._call("POST", "/v1/orders/status/search?page=1&size=1", body)
        if isinstance(reply, NoAnswer):
            return reply.sentence
        return f"{self._name} answers {reply.status}: HQ is not behind it." if is_away(reply) else None

    def pull(self, lane: str, known: KnownWork, new_id: Callable[[], UUID]) -> AsyncGenerator[Pulled, None]:
        """Everything they have for this station that the store does not hold. Raises PullStopped."""
        return pulling.pull(self, self._asker(lane), known, new_id)

    async def close(self) -> None:
        """Close all connections."""
        await self._line.close()

    def _asker(self, lane: str) -> searching.Asker:
        here = self._station
        return searching.Asker(lane, here.warehouse_id, self._settings, here.clock, self._tries, self._faults)

    async def _find(self, request: FixedRequest) -> str | tuple[Reply, Verdict] | None:
        """Their id for what is under our id; None when there is none, a reply where that cannot be told."""
        ours, profile = translate.our_id(request), self._settings.profile
        fields = [{"name": profile.asn_search_field, "values": [ours]}] if profile.asn_search_field else []
        body: dict[str, Any] = {"sort": ["pbCreateDate-desc"], "searchFields": fields}
        key = f"find {request.request_id}"
        for page in range(1, profile.most_pages + 1):
            reply = await self.search("/v1/receiving-asn/search", page, body)
            if isinstance(reply, Answer) and reply.status == translate.NOT_FOUND:
                if not self._tries.used_up(key):
                    return reply, Verdict(Outcome.WAIT, said(reply.status, reply.body))
                break
            if not isinstance(reply, Answer) or classify(reply) is not Outcome.OK:
                return reply, _not_read(reply)
            rows = searching.rows_of(reply.body, "/v1/receiving-asn/search")
            if isinstance(rows, Fault):
                return reply, Verdict(Outcome.AMBIG, rows.sentence)
            for row in rows:
                if isinstance(row, dict) and row.get("clientASNId") == ours:
                    return _their_id(reply, row)
            if searching.is_last(reply.body, rows, page):
                break
        self._tries.clear(key)
        return None

    async def _get(self, path: str) -> Reply:
        return await self._call("GET", f"{path}?{urlencode({'clientId': self._settings.client_id})}")

    async def _call(self, method: str, path: str, body: str | None = None, transaction: str = "") -> Reply:
        headers = {"X-PB-TransactionId": transaction or self._new_transaction()}
        if body is not None:
            headers["Content-Type"] = "application/json"
        return await self._signed.call(method, path, headers, None if body is None else body.encode())

    def _new_transaction(self) -> str:
        return urlsafe_b64encode(self._new_id().bytes).decode().rstrip("=")

    async def _fetch_token(self) -> Token | Reply:
        """A token for key and secret (3.1). Whatever goes wrong here, nothing of the call itself was sent."""
        headers = {"Authorization": self._basic, "Content-Type": "application/x-www-form-urlencoded"}
        reply = await self._line.call("POST", self._token_url, headers, b"grant_type=client_credentials")
        if isinstance(reply, NoAnswer):
            return NoAnswer(reply.sentence, sent=False, status=reply.status)
        if classify(reply) is not Outcome.OK:
            waits = reply.status in WAIT_STATUSES or reply.status >= SERVER_FAULTS
            return reply if waits else Answer(401, reply.body)
        token = _token_of(reply.body)
        if token is None:
            return NoAnswer(f"{self._name} gave no token where one is given, but something else.", sent=False)
        return token


def make_client(settings: PbHq, secret: str, station: AtStation) -> PbClient:
    """The client of one lane; the first call opens its connections, on the loop it runs in."""
    return PbClient(settings, secret, station)


def _token_of(body: Any) -> Token | None:
    """`access_token`, and `expiresIn` as a string of seconds; a number is taken too."""
    if not isinstance(body, dict):
        return None
    value, life = body.get("access_token"), str(body.get("expiresIn"))
    if not isinstance(value, str) or not value.isascii() or not value.isprintable() or " " in value or not value:
        return None
    if not life.isascii() or not life.isdigit() or len(life) > 9:  # noqa: PLR2004 -- digits of a life in seconds
        return None
    return Token(value, min(int(life), MOST_LIFE_S))


def _their_id(reply: Reply, row: Mapping[str, Any]) -> str | tuple[Reply, Verdict]:
    ident = row.get("receivingASNId")
    if isinstance(ident, str) and ident and ident.isprintable() and ident not in {".", ".."}:
        return ident
    return reply, Verdict(
        Outcome.AMBIG, clean(f"HQ has our announcement under no id that can be used: {shown(ident)}.")
    )


def _not_read(reply: Reply) -> Verdict:
    """What is there could not be read back, so nothing is sent again."""
    if isinstance(reply, NoAnswer):
        return Verdict(Outcome.WAIT, reply.sentence)
    sentence = said(reply.status, reply.body)
    if classify(reply) is Outcome.DEAD:
        told = f"Whether HQ has this load already cannot be read ({sentence}); it is not sent a second time unasked."
        return Verdict(Outcome.DEAD, clean(told))
    return Verdict(classify(reply), sentence)
