"""The people of a station behind its real routes, on a clock that only a test moves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import uuid_utils
from aiohttp import DummyCookieJar
from aiohttp.test_utils import TestClient, TestServer

from agent import pins
from agent.api import people as people_routes
from agent.api.access import StationKey
from agent.api.acts import add_acts
from agent.api.app import build_app, doors_of
from agent.api.around import Around
from agent.people import People
from local_store.domain.commands import WorkerCommand
from local_store.domain.events import GoodsAllowed
from local_store.domain.floor import Decision
from local_store.domain.people import By
from local_store.domain.site import Site, Worker
from local_store.domain.words import say
from local_store.store import Store
from tests.support.badges import KEY, Hands
from web.routes import RouteTable

PIN, WRONG = "246810", "000000"
HASH = pins.make(PIN)


def worker(ident: str, *roles: str, pin: bool = True) -> Worker:
    """Somebody of the settings; everybody has the same PIN."""
    return Worker(ident, ident.title(), f"BADGE-{ident.upper()}", frozenset(roles), HASH if pin else None)


SITE = Site(
    "station-1",
    "WH-1",
    {"pick-1": "pick", "pack-1": "pack"},
    {
        each.worker_id: each
        for each in (
            worker("ana", "picker"),
            worker("ben", "packer", pin=False),
            worker("eve", "supervisor"),
            worker("sue", "supervisor", "admin"),
        )
    },
    badge_key=KEY,
)


class Throw(WorkerCommand):
    """Throw something away, which nobody may alone."""

    kind: ClassVar[str] = "throw-away-test"
    roles: ClassVar[frozenset[str]] = frozenset({"picker"})


def throw(_site: Site, by: By, _loaded: None, _command: Throw) -> Decision:
    """As a part of the floor uses a second person."""
    if by.approver is None:
        return Decision(say("inbound.needs_second", what="Throwing a box away"))
    of = {"inbound_id": "-", "sku": "BOX", "what": "over", "reason": "wet"}
    both = {"worker_id": by.worker.worker_id, "approved_by": by.approver.worker_id}
    return Decision(say("pin.free", name="-"), (GoodsAllowed(**of, **both),))


def throwing(around: Around) -> RouteTable:
    table = RouteTable()
    add_acts(table, around.store, {"/v1/station/throw": Throw})
    return table


@dataclass
class StationPeople:
    """A station whose routes are called."""

    store: Store
    people: People
    hands: Hands
    key: StationKey
    client: TestClient[Any, Any]
    problems: dict[str, str] = field(default_factory=dict)

    async def call(
        self, method: str, path: str, *, key: str | None = None, cookie: str = "", repeat: str = "", **body: Any
    ) -> tuple[int, Any]:
        """Status and body of a call under a key; under the station's own where none is given, under none for ""."""
        shown = self.key.key if key is None else key
        headers = {"Host": f"127.0.0.1:{self.client.port}", "Idempotency-Key": repeat or uuid4().hex}
        headers |= {"Authorization": f"Bearer {shown}"} if shown else {}
        headers |= {"Cookie": f"edge_device={cookie}"} if cookie else {}
        data = json.dumps(body) if method == "POST" else None
        headers |= {"Content-Type": "application/json"} if data else {}
        async with self.client.request(method, path, data=data, headers=headers) as answer:
            return answer.status, json.loads(await answer.text())

    async def get(self, path: str, **of: Any) -> tuple[int, Any]:
        return await self.call("GET", path, **of)

    async def post(self, path: str, **of: Any) -> tuple[int, Any]:
        return await self.call("POST", path, **of)

    async def sign_in(self, who: str = "ana", pin: str = PIN, **of: Any) -> tuple[int, Any]:
        return await self.post("/v1/station/sign-in", badge=f"BADGE-{who.upper()}", pin=pin, **of)

    async def key_of(self, who: str, **of: Any) -> str:
        """The key of somebody who signed in."""
        status, told = await self.sign_in(who, **of)
        assert status == 200, told
        key: str = told["key"]
        return key

    async def act(self, path: str, **of: Any) -> tuple[int, Any]:
        return await self.post(path, command_id=str(uuid_utils.uuid7()), **of)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.store.reader.execute(sql, values)]


@asynccontextmanager
async def station_people(
    folder: Path, hands: Hands | None = None, more: Iterable[Any] = (), site: Site = SITE
) -> AsyncIterator[StationPeople]:
    """A station in `folder`; `more(around)` are routes beside those of people."""
    hands, problems = hands or Hands(), dict[str, str]()
    store = Store(folder, site, hands, "test")
    await store.open()
    people = people_of_store(store, hands, problems)
    await people.start()
    key, ports, around = StationKey(folder, people), list[int](), Around(store, hands)
    tables: list[RouteTable] = [people_routes.routes(around), *(each(around) for each in more)]
    app = build_app(key, lambda: doors_of("127.0.0.1", ports[0]), tables)
    async with TestClient(TestServer(app), cookie_jar=DummyCookieJar()) as client:
        ports.append(client.port or 0)
        yield StationPeople(store, people, hands, key, client, problems)
    await store.close()


def people_of_store(store: Store, hands: Hands, problems: dict[str, str]) -> People:
    """The people over a store."""

    def clear(problem: str) -> None:
        problems.pop(problem, None)

    return People(
        store,
        hands,
        hands.boot,
        sleep=asyncio.sleep,
        report=lambda problem, sentence, _next_step: problems.__setitem__(problem, sentence),
        clear=clear,
    )
