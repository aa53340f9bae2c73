"""`/v1/station/facts`: the journal for programs of the site, page by page and live, from any fact on.

A follower keeps the `seq` of the last fact it used and goes on behind it: it misses none and gets none twice, because
both ways read the journal itself. Nothing is queued for a follower, so a slow one costs nothing but its own time.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple

from aiohttp import WSMsgType, web
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from agent.api.access import OPERATOR
from agent.api.around import Around
from local_store import journal
from local_store.clock import timestamp
from local_store.journal import JournalDamaged, Recorded, Row
from local_store.store import Store
from web.problems import Refused
from web.routes import SOCKET, RouteTable, Shape, Told, json_answer, query_of

READERS = (OPERATOR, "supervisor", "admin")
MAX_FOLLOWERS = 8
MAX_LIMIT = 1000
MAX_SEQ = 2**53 - 1
"""Larger whole numbers are not exact in every program that reads JSON."""
PING_S = 10.0
SEND_TIMEOUT_S = 5.0
DAMAGED = 1011
"""With this a WebSocket is closed where the journal cannot be read on."""

Kinds = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+(,[a-z_]+\.[a-z_]+){0,49}$")]


class FollowQuery(BaseModel):
    """Behind which fact to begin; and which kinds are wanted, e.g. `pick.counted,parcel.sealed`."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    after: Annotated[int, Field(ge=0, le=MAX_SEQ)] = 0
    kinds: Kinds | None = None

    @property
    def wanted(self) -> frozenset[str] | None:
        """The kinds; None for all."""
        return None if self.kinds is None else frozenset(self.kinds.split(","))


class PageQuery(FollowQuery):
    """The same, and how many facts are looked through for one page."""

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = 100


class FactShown(Shape):
    """A fact as it is in the journal. Members of `body` that are at their default are left out."""

    seq: int
    kind: str
    at: str
    actor: str | None
    body: dict[str, Any]


class FactPage(Shape):
    """Facts in order. Go on with `after=next_after` while `more`; with `kinds` a page may be empty before the end."""

    facts: list[FactShown]
    next_after: int
    more: bool


class Looked(NamedTuple):
    """What was found behind a place in the journal, and how far that went."""

    texts: list[str]
    last_seq: int
    full: bool


def routes(around: Around) -> RouteTable:
    """Every route with the roles that may call it."""
    return Facts(around.store).routes()


class Facts:
    """Those who follow the journal of one station."""

    def __init__(self, store: Store, *, send_timeout_s: float = SEND_TIMEOUT_S) -> None:
        """A follower that takes nothing for `send_timeout_s` is cut off; it comes back behind its last fact."""
        self._store, self._send_timeout_s = store, send_timeout_s
        self._news: set[asyncio.Event] = set()
        store.listen(self._committed)

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        table, told = RouteTable(), Told(query=FollowQuery, gives=SOCKET, more=(400, 409))
        table.get("/v1/station/facts", *READERS, query=PageQuery, answers=FactPage, more=(409,))(self.page)
        table.get("/v1/station/facts/live", *READERS, **told)(self.live)
        return table

    async def page(self, request: web.Request) -> web.Response:
        """Facts behind `after`, oldest first: at most `limit` are looked through."""
        query = query_of(request, PageQuery)
        self._require_begun(query.after)
        try:
            found = self._look(query, query.after, query.limit)
        except JournalDamaged as damage:
            raise Refused(503, "journal_damaged", _words(damage)) from damage
        facts = [json.loads(text) for text in found.texts]
        return json_answer({"facts": facts, "next_after": found.last_seq, "more": found.full})

    async def live(self, request: web.Request) -> web.StreamResponse:
        """Facts behind `after` over a WebSocket, then each one as it is committed; `{"ping": seq}` in between."""
        query = query_of(request, FollowQuery)
        self._require_begun(query.after)
        if len(self._news) >= MAX_FOLLOWERS:
            raise Refused(503, "too_many_followers", f"{MAX_FOLLOWERS} programs follow the facts already; end one.")
        socket, news = web.WebSocketResponse(heartbeat=PING_S, compress=False, max_msg_size=1024), asyncio.Event()
        self._news.add(news)
        try:
            await socket.prepare(request)
            sender = asyncio.create_task(
                self._send_for_ever(request, socket, query, news), name="follower of the facts"
            )
            try:
                async for message in socket:
                    if message.type in {WSMsgType.TEXT, WSMsgType.BINARY}:
                        break  # a follower has nothing to say
            finally:
                sender.cancel()
                await asyncio.gather(sender, return_exceptions=True)
        finally:
            self._news.discard(news)
        return socket

    async def _send_for_ever(
        self, request: web.Request, socket: web.WebSocketResponse, query: FollowQuery, news: asyncio.Event
    ) -> None:
        after = query.after
        try:
            while True:
                news.clear()
                found = self._look(query, after, journal.SLICE)
                for text in found.texts:
                    await self._send(socket, text)
                after = found.last_seq
                if found.full:
                    await asyncio.sleep(0)  # the floor goes first
                elif not await _happened(news):
                    await self._send(socket, f'{{"ping":{after}}}')
        except TimeoutError:
            if request.transport is not None:
                request.transport.abort()  # whatever else were said would wait behind what is not read
        except JournalDamaged as damage:
            await socket.close(code=DAMAGED, message=_words(damage).encode()[:120])

    async def _send(self, socket: web.WebSocketResponse, text: str) -> None:
        """Raises TimeoutError for a follower that does not read."""
        async with asyncio.timeout(self._send_timeout_s):
            await socket.send_str(text)

    def _look(self, query: FollowQuery, after: int, limit: int) -> Looked:
        """The next facts as JSON, each row checked by its own hash. Raises JournalDamaged."""
        wanted, texts, last_seq, many = query.wanted, list[str](), after, 0
        for row in _rows(self._store, after, limit):
            journal.check(row)
            last_seq, many = row.seq, many + 1
            if wanted is None or row.kind in wanted:
                texts.append(_shown(row))
        return Looked(texts, last_seq, many == limit)

    def _require_begun(self, after: int) -> None:
        """A follower that is ahead saw facts that a restore took away; others would come in their place unseen."""
        head = journal.head_of(self._store.reader).seq
        if after > head:
            raise Refused(
                409,
                "ahead_of_journal",
                f"The journal of this station ends at {head}, and you ask for what follows {after}: its store was "
                f"restored from a backup. Compare what you have with it, then go on with after={head}.",
            )

    def _committed(self, _recorded: list[Recorded]) -> None:
        for news in self._news:
            news.set()


def _rows(store: Store, after: int, limit: int) -> Iterator[Row]:
    """At most `limit` rows, read in slices."""
    while limit > 0 and (found := journal.rows(store.reader, after, min(limit, journal.SLICE))):
        yield from found
        after, limit = found[-1].seq, limit - len(found)


def _shown(row: Row) -> str:
    head = {"seq": row.seq, "kind": row.kind, "at": timestamp(row.wall_ms), "actor": row.actor}
    return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "body": {row.body}}}'


async def _happened(news: asyncio.Event) -> bool:
    """Whether there is news before the next ping is due."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PING_S):
            await news.wait()
    return news.is_set()


def _words(damage: JournalDamaged) -> str:
    return f"{damage} The next start of the agent sets it aside; see `edge-agent status`."
