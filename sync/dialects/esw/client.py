"""One HQ of seed 000 as a lane sees it: what is sent to it and how. It can be told, and asked nothing."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from urllib.parse import quote, urlencode
from uuid import UUID

from local_store.outbox import FixedRequest, NewRequest, Promised
from sync.auth import Auth, FixedKey, RenewedToken, SignedLine, Token
from sync.dialect import (
    Answer,
    AtStation,
    Known,
    Missing,
    NamedCall,
    NoAnswer,
    NotNeeded,
    Pulled,
    PullStopped,
    Reply,
    TheirLine,
    Verdict,
)
from sync.dialects.esw import answers, translate
from sync.dialects.esw.capabilities import EswHq
from sync.http import Line
from sync.retry import is_away

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class EswClient:
    """One HQ of seed 000; see `sync.dialect.HqClient`."""

    edge = None

    def __init__(self, settings: EswHq, secret: str, station: AtStation) -> None:
        self._settings, self._secret = settings, secret
        self._name = f"{settings.url.host}:{settings.url.port}"
        self._line = Line(settings, str(settings.url).rstrip("/"), {})
        self._auth = self._how_to_sign(lambda: station.clock.mono_ms() / 1000)
        self._signed = SignedLine(self._line, self._auth)

    def take(self, facts: Sequence[Promised]) -> int:
        """How many of these facts share a request."""
        return translate.take(facts, self._settings)

    def request(self, facts: Sequence[Promised], known: Known) -> NewRequest | Missing | NotNeeded:
        """The request that tells ESW of these facts."""
        return translate.request_for(facts, known, self._settings)

    def verdict(self, _facts: Sequence[Promised], request: FixedRequest, reply: Reply) -> Verdict:
        """What a reply to `request` means."""
        return answers.verdict(request, reply, self._settings.profile)

    async def send(self, request: FixedRequest, _facts: Sequence[Promised]) -> Reply:
        """Send a request as it was fixed."""
        return await self._signed.call(request.method, request.path, JSON, request.body.encode())

    async def look_up(self, _request: FixedRequest, _facts: Sequence[Promised]) -> tuple[Reply, Verdict] | None:
        """Nothing can be looked up at ESW: the same request, sent again, is known by its natural key."""
        return None

    def calls(self) -> Mapping[str, NamedCall]:
        """Every call of this API by name; `pickpack-retry` is for a person who hears that the 3PL's step failed."""
        shop = f"/v1/{quote(self._settings.tenant, safe='')}/Inventory"
        told = {
            "inventory-availability": (f"{shop}/Availability", "How much of each product the shop may sell."),
            "inventory-soft-reservation": (f"{shop}/SoftReservation", "Hold quantities for a cart."),
            "inventory-soft-release": (f"{shop}/SoftRelease", "Release what a cart holds."),
            "inventory-sync": (translate.SYNC, "Set the absolute stock of products; the last one holds."),
            "pickpack-confirm": (translate.CONFIRM, "What was picked of one order, item by item."),
            "pickpack-retry": (translate.RETRY, "Have ESW run the 3PL's processing of an order again."),
            "advanced-shipping-notice": (translate.NOTICE, "Parcels that left."),
            "order-event": (translate.EVENT, "Something that happened to an order."),
        }
        return {name: NamedCall("POST", path, summary, has_body=True) for name, (path, summary) in told.items()}

    async def call(self, method: str, path: str, body: str | None) -> Reply:
        """Make a call by hand."""
        return await self._signed.call(method, path, JSON, None if body is None else body.encode())

    async def their_lines(self, _known: Known) -> AsyncGenerator[TheirLine, None]:
        """None: ESW shows no orders."""
        none_at_all: tuple[TheirLine, ...] = ()
        for each in none_at_all:
            yield each

    async def probe(self) -> str | None:
        """None when ESW is there and gives tokens (or refuses to), else a sentence."""
        given = await self._auth.headers()
        if isinstance(given, NoAnswer):
            return given.sentence
        if isinstance(given, Answer) and is_away(given):
            return f"The token service answers {given.status}: it is not behind its address."
        reply = await self._line.call("GET", self._settings.profile.probe_path)
        if isinstance(reply, NoAnswer):
            return reply.sentence
        return f"{self._name} answers {reply.status}: ESW is not behind it." if is_away(reply) else None

    async def pull(self, _lane: str, _known: Known, _new_id: Callable[[], UUID]) -> AsyncGenerator[Pulled, None]:
        """Nothing: orders come by another road (hq_contracts 1.7). That we can still sign in is found out here.

        Raises PullStopped.
        """
        given = await self._auth.headers()
        if isinstance(given, Answer | NoAnswer):
            raise PullStopped(given, given.sentence if isinstance(given, NoAnswer) else answers.said(given))
        nothing: tuple[Pulled, ...] = ()
        for each in nothing:
            yield each

    async def close(self) -> None:
        """Close all connections."""
        await self._line.close()

    def _how_to_sign(self, now_s: Callable[[], float]) -> Auth:
        match self._settings.auth:
            case "bearer_oauth":
                return RenewedToken(self._fetch_token, now_s)
            case "static_key":
                return FixedKey({"Authorization": self._secret})
            case "none":
                return FixedKey({})

    async def _fetch_token(self) -> Token | Reply:
        """A token by client credentials (hq_contracts 1.1)."""
        profile = self._settings.profile
        form = {
            "grant_type": "client_credentials",
            "scope": profile.scope,
            "client_id": self._settings.client_id,
            "client_secret": self._secret,
        }
        reply = await self._line.call("POST", str(self._settings.token_url), FORM, urlencode(form).encode())
        return answers.token_of(reply, profile.token_life_s)


def make_client(settings: EswHq, secret: str, station: AtStation) -> EswClient:
    """The client of one lane; the first call opens its connections, on the loop it runs in."""
    return EswClient(settings, secret, station)
