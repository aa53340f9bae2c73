"""A whole agent behind its door: every route of it, and keys of everybody who may call."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uuid_utils
from aiohttp import DummyCookieJar
from aiohttp.test_utils import TestClient, TestServer

from agent.api.access import COOKIE
from agent.api.app import doors_of
from agent.people import People
from agent.wiring import Agent
from config import load
from devices.registry import SETTINGS
from local_store.domain.site import ROLES
from local_store.keys import Key, digest_of, give
from local_store.store import Store
from sync.dialects import SETTINGS as DIALECTS
from tests.support.site import write_config

HOUR_MS = 3_600_000


@dataclass(frozen=True)
class Known:
    """A route as the application knows it."""

    method: str
    path: str
    roles: frozenset[str]

    @property
    def address(self) -> str:
        """The path with something for each of its blanks."""
        parts = [("pick-1" if "workplace" in part else "x") if part.startswith("{") else part for part in self.parts]
        return "/".join(parts)

    @property
    def parts(self) -> list[str]:
        return self.path.split("/")


@dataclass
class Door:
    """A whole agent behind its door."""

    client: TestClient[Any, Any]
    people: People
    agent: Agent
    routes: list[Known]

    @property
    def store(self) -> Store:
        """Its store."""
        return self.agent._store

    async def call(
        self,
        route: Known,
        *,
        key: str = "",
        cookie: str = "",
        body: str = "{}",
        repeat: str = "r",
        if_match: str = "",
    ) -> Any:
        """(status, text) of a call."""
        headers = {"Host": f"127.0.0.1:{self.client.port}", "Idempotency-Key": repeat}
        headers |= {"Authorization": f"Bearer {key}"} if key else {}
        headers |= {"If-Match": if_match} if if_match else {}
        headers |= {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
        data = body if route.method in {"POST", "DELETE", "PUT", "PATCH"} else None
        headers |= {"Content-Type": "application/json"} if data else {}
        call = self.client.request(route.method, route.address, data=data, headers=headers, allow_redirects=False)
        async with call as answer:
            ends = answer.content_type != "application/x-ndjson"  # a stream goes on for ever
            return answer.status, await answer.text() if ends else ""

    async def code(self, route: Known, **of: Any) -> tuple[int, str]:
        """(status, code of the refusal)."""
        status, text = await self.call(route, **of)
        try:
            return status, json.loads(text)["error"]["code"]
        except (ValueError, KeyError, TypeError):
            return status, ""

    async def key(
        self, role: str, station: str = "station-1", ended: str | None = None, lasts_ms: int = HOUR_MS
    ) -> str:
        """A worker's key of somebody who has just this role."""
        secret, now_ms = f"worker.{station}.{uuid_utils.uuid4().hex}", self.people.now().now_ms
        of = (None, role, None, "test", now_ms, now_ms + lasts_ms, None, now_ms, ended)
        key = Key(f"key_{uuid_utils.uuid4().hex}", digest_of(secret), "worker", *of)
        await self.agent._store.run(lambda tx: give(tx, key))
        return secret


def settings_in(folder: Path) -> Path:
    path = folder / "edge.toml"
    people = {role: {"name": role.title(), "badge": f"BADGE-{role}", "roles": [role]} for role in ROLES}
    station = {"id": "station-1", "warehouse_id": "WH-1", "data_dir": str(folder / "data"), "ballast_mb": 0}
    work = {"pick-1": {"work": "pick"}, "pack-1": {"work": "pack"}}
    numbers = {"sscc": {"company_prefix": "0614141", "last": 999}}
    write_config(path, {"station": station, "workplaces": work, "workers": people, "numbers": numbers})
    return path


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Door]:
    """An agent that picks and packs, with somebody of each role; no device and no HQ runs."""
    agent = Agent(load(settings_in(folder), SETTINGS, DIALECTS), folder)
    await agent._store.open()
    await agent._people.start()
    agent._lanes.connect(agent._store, agent._changed, agent._people.take_bundle)
    app = agent._build_app()
    routes = [
        Known(
            each.method, each.resource.canonical, getattr(getattr(each.handler, "route", None), "roles", frozenset())
        )
        for each in app.router.routes()
        if each.resource is not None and each.method != "HEAD"
    ]
    async with TestClient(TestServer(app), cookie_jar=DummyCookieJar()) as client:
        agent._listeners._doors = doors_of("127.0.0.1", client.port or 0)
        yield Door(client, agent._people, agent, routes)
    await agent._store.close()
