"""One S2 as a lane sees it: what is sent to it and how, and what its answers mean."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from urllib.parse import quote
from uuid import UUID

from local_store.outbox import FixedRequest, NewRequest, Promised
from sync.auth import RenewedToken, SignedLine, Token
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
)  # fmt: skip
from sync.dialects.s2 import attachments, pulling, translate
from sync.dialects.s2.capabilities import S2Hq
from sync.dialects.s2.documents import Here
from sync.http import File, Line
from sync.retry import WAIT_STATUSES, classify, is_away

JSON = {"Content-Type": "application/json"}
UNAUTHORIZED = 401
NOT_FOUND = 404
CALLS = {
    "order.list": NamedCall("GET", "/order", "Orders, by limit, offset and term (their number)"),
    "order.get": NamedCall("GET", "/order/{orderId}", "One order with its fulfillments, tracking numbers and labels"),
    "order.create": NamedCall("POST", "/order", "Take an order in", has_body=True),
    "fulfillment.get": NamedCall("GET", "/fulfillment/{fulfillmentId}", "One fulfillment with its attachments"),
    "fulfillment.create": NamedCall("POST", "/fulfillment", "Make one, also for an RMA or standalone", has_body=True),
    "attachment.bulk_create": NamedCall(
        "POST", attachments.PATH, "Attach uploaded files; what is attached already is left out", has_body=True
    ),
    "account.list": NamedCall("GET", "/account", "Accounts, by limit, offset and term"),
    "product.list": NamedCall("GET", "/product", "Products, by limit, offset and term (SKU or name)"),
    "product.create": NamedCall("POST", "/product", "Take a product in", has_body=True),
    "inventory.overview": NamedCall("GET", "/inventory/overview", "Warehouses, products and what there is of them"),
}  # fmt: skip
"""Every call of this API that was found (hq_contracts 5.2), by the name a person uses."""


class S2Client:
    """One S2; see `sync.dialect.HqClient`."""

    edge = None
    """S2 has no extension of ours."""

    def __init__(self, settings: S2Hq, secret: str, station: AtStation) -> None:
        self._name = f"{settings.url.host}:{settings.url.port}"
        self._profile = settings.profile
        self._login = json.dumps({"email": settings.email, "password": secret}).encode()
        self._warehouse = str(settings.warehouse)
        self._settings, self._station = settings, station
        organization = {"X-S2-Organization": str(settings.organization)}
        self._line = Line(settings, str(settings.url).rstrip("/"), organization)
        self._signed = SignedLine(self._line, RenewedToken(self._sign_in, lambda: station.clock.mono_ms() / 1000))
        self._looked = pulling.Looked()

    def take(self, _facts: Sequence[Promised]) -> int:
        """Each fact goes alone."""
        return 1

    def request(self, facts: Sequence[Promised], known: Known) -> NewRequest | Missing | NotNeeded:
        """The request that tells S2 of a fact."""
        return translate.request_for(facts, known, self._warehouse, self._profile)

    def verdict(self, facts: Sequence[Promised], request: FixedRequest, reply: Reply) -> Verdict:
        """What a reply to `request` means."""
        return translate.verdict(facts, request, reply, self._profile)

    async def send(self, request: FixedRequest, _facts: Sequence[Promised]) -> Reply:
        """Send a request as it was fixed. Where S2 has it already, what it has is read back beside its refusal."""
        reply = await self._signed.call(request.method, request.path, JSON, request.body.encode())
        if not isinstance(reply, Answer) or not translate.is_duplicate(reply, request):
            return reply
        existing = await self._existing(request)
        if isinstance(existing, Answer | NoAnswer):
            return existing
        return Answer(reply.status, {**reply.body, translate.EXISTING: existing})

    async def look_up(self, request: FixedRequest, facts: Sequence[Promised]) -> tuple[Reply, Verdict] | None:
        """What S2 has under the request's key, found among the fulfillments of its order."""
        existing = await self._existing(request)
        if existing is None:
            return None
        if isinstance(existing, Answer | NoAnswer):
            return existing, self.verdict(facts, request, existing)
        return Answer(200, existing), translate.compared(facts, request, existing, Outcome.DUP)

    def calls(self) -> Mapping[str, NamedCall]:
        """Every call a person may make by name."""
        return CALLS

    async def call(self, method: str, path: str, body: str | None) -> Reply:
        """Make a call; attachments, which have no key, are compared with what is attached first."""
        ident = attachments.fulfillment_of(method, path)
        if ident is None or body is None:
            return await self._call(method, path, body)
        detail = await self._call("GET", f"/fulfillment/{ident}", None)
        if not isinstance(detail, Answer) or classify(detail) is not Outcome.OK:
            return detail
        left = attachments.not_yet_there(body, detail.body)
        return Answer(200, None) if left is None else await self._call(method, path, left)

    async def download(self, address: str) -> File | NoAnswer:
        """A stored file, by an address that needs no key of ours."""
        return await self._line.download(address)

    async def their_lines(self, known: Known) -> AsyncGenerator[TheirLine, None]:
        """Every line of the orders known here, as S2 has it. Raises PullStopped."""
        async for line in pulling.lines_there(self, self._here(""), known):
            yield line

    async def probe(self) -> str | None:
        """None when S2 is there, else a sentence. A refusal shows that it is."""
        reply = await self._line.call("GET", self._profile.probe_path)
        if isinstance(reply, NoAnswer):
            return reply.sentence
        return f"{self._name} answers {reply.status}: S2 is not behind it." if is_away(reply) else None

    def pull(self, lane: str, known: KnownWork, new_id: Callable[[], UUID]) -> AsyncGenerator[Pulled, None]:
        """Everything S2 has for this station that the store does not hold. Raises PullStopped."""
        return pulling.pull(self, self._here(lane), known, new_id, self._looked)

    async def close(self) -> None:
        """Close all connections."""
        await self._line.close()

    def _here(self, lane: str) -> Here:
        return Here(
            lane=lane,
            warehouse_id=self._station.warehouse_id,
            s2_warehouse=self._warehouse,
            accounts=frozenset(map(str, self._settings.accounts)),
            pick_location=self._settings.pick_location,
            profile=self._profile,
        )

    async def _call(self, method: str, path: str, body: str | None) -> Reply:
        """One signed call; S2 locking us out as a whole counts as a refused key."""
        headers, data = ({}, None) if body is None else (JSON, body.encode())
        reply = await self._signed.call(method, path, headers, data)
        if isinstance(reply, Answer) and translate.is_locked_out(reply, self._profile):
            return Answer(UNAUTHORIZED, reply.body)
        return reply

    async def _existing(self, request: FixedRequest) -> dict[str, object] | Reply | None:
        """S2's fulfillment under the key of a request; None when its order has none; a Reply when S2 does not say."""
        order_id = json.loads(request.body)["orderId"]
        reply = await self._call("GET", f"/order/{quote(order_id, safe='')}", None)
        if isinstance(reply, Answer) and reply.status == NOT_FOUND:
            return None
        if not isinstance(reply, Answer) or classify(reply) is not Outcome.OK:
            return reply
        return translate.found_in(reply.body, request)

    async def _sign_in(self) -> Token | Reply:
        """A token for our password. However S2 refuses it: the lane pauses, no fact is given up."""
        reply = await self._line.call("POST", self._profile.login_path, JSON, self._login)
        if isinstance(reply, NoAnswer):
            return NoAnswer(reply.sentence, sent=False, status=reply.status)
        if 400 <= reply.status < 500 and reply.status not in WAIT_STATUSES:  # noqa: PLR2004 -- the class of refusals
            return Answer(UNAUTHORIZED, reply.body)
        if classify(reply) is not Outcome.OK:
            return reply
        token = reply.body.get(self._profile.token_member) if isinstance(reply.body, dict) else None
        if not isinstance(token, str) or not re.fullmatch(r"[\x21-\x7e]{1,8000}", token):
            return NoAnswer(f"{self._name} let us sign in and gave no token.", sent=False)
        return Token(token, self._profile.token_life_s)


def make_client(settings: S2Hq, secret: str, station: AtStation) -> S2Client:
    """The client of one lane; the first call opens its connections, on the loop it runs in."""
    return S2Client(settings, secret, station)
