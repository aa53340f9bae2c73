"""The facts of a station for programs: page by page and live, from any fact on, none lost and none twice."""

from __future__ import annotations

import asyncio
import random
import socket
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import uuid_utils
from aiohttp.test_utils import TestClient, TestServer

from agent.api import facts
from agent.api.access import StationKey
from agent.api.app import build_app, doors_of
from local_store import journal
from local_store.clock import SystemClock
from local_store.domain import commands as c
from local_store.store import Store
from tests.support.floor import SITE, product
from tests.support.patience import PATIENCE_S
from tests.support.site import until

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


class Follower:
    """A program beside the station that follows its facts."""

    def __init__(self, client: TestClient[Any, Any], key: str, store: Store) -> None:
        self.client, self.store, self.words = client, store, 1
        self.headers = {"Host": f"127.0.0.1:{client.port}", "Authorization": f"Bearer {key}"}

    async def happens(self, many: int) -> None:
        """So many facts come into the journal."""
        await asyncio.gather(*(self._one() for _ in range(many)))

    async def _one(self) -> None:
        described = product(f"SKU-{uuid_utils.uuid7()}", name="A long name " * self.words)
        received = c.ReceiveProducts(command_id=uuid_utils.compat.uuid7(), products=(described,))
        await self.store.execute(received)

    async def page(self, query: str = "", **headers: str) -> tuple[int, dict[str, Any]]:
        path = f"/v1/station/facts{query}"
        async with self.client.get(path, headers={**self.headers, **headers}) as answer:
            return answer.status, await answer.json()

    def live(self, query: str = "") -> Any:
        return self.client.ws_connect(f"/v1/station/facts/live{query}", headers=self.headers)

    def all(self) -> list[int]:
        return [row[0] for row in self.store.reader.execute("SELECT seq FROM journal ORDER BY seq")]


@pytest.fixture
async def follower(tmp_path: Path) -> AsyncIterator[Follower]:
    store, key, ports = Store(tmp_path, SITE, SystemClock(), "test"), StationKey(tmp_path), list[int]()
    await store.open()
    routes = facts.Facts(store, send_timeout_s=0.1).routes()
    app = build_app(key, lambda: doors_of("127.0.0.1", ports[0]), [routes])
    async with TestClient(TestServer(app)) as client:
        ports.append(client.port or 0)
        yield Follower(client, key.key, store)
    await store.close()


async def test_pages_follow_each_other_to_the_end_of_the_journal(follower: Follower) -> None:
    await follower.happens(25)
    seen, after, more = [], 0, True
    while more:
        status, page = await follower.page(f"?after={after}&limit=10")
        assert status == 200
        seen += [fact["seq"] for fact in page["facts"]]
        after, more = page["next_after"], page["more"]
    assert seen == follower.all()


async def test_a_fact_is_told_as_it_is_in_the_journal(follower: Follower) -> None:
    await follower.happens(1)
    _, page = await follower.page("?kinds=product.received")
    (told,) = page["facts"]
    (known,) = (each for each in journal.read(follower.store.reader) if each.seq == told["seq"])
    assert (told["kind"], told["actor"]) == (known.fact.kind, known.actor)
    assert told["body"]["sku"] == getattr(known.fact, "sku")  # noqa: B009 -- of this kind of fact
    assert told["at"].endswith("Z")


async def test_of_unwanted_kinds_only_the_place_is_told(follower: Follower) -> None:
    await follower.happens(5)
    _, page = await follower.page("?kinds=pick.counted")
    assert (page["facts"], page["next_after"]) == ([], follower.all()[-1])


async def test_who_is_ahead_of_the_journal_is_told_that_it_was_restored(follower: Follower) -> None:
    status, body = await follower.page("?after=1000")
    assert (status, body["error"]["code"]) == (409, "ahead_of_journal")
    assert "restored from a backup" in body["error"]["message"]


@pytest.mark.parametrize("query", ["?after=-1", "?after=x", "?limit=0", "?limit=1001", "?kinds=Nonsense", "?more=1"])
async def test_a_question_that_makes_no_sense_is_refused(follower: Follower, query: str) -> None:
    assert (await follower.page(query))[0] == 422


async def test_only_who_looks_after_the_station_may_follow(follower: Follower) -> None:
    assert (await follower.page(Authorization="Bearer x"))[0] == 401
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await follower.client.ws_connect(
            "/v1/station/facts/live", headers={**follower.headers, "Authorization": "Bearer x"}
        )
    assert refused.value.status == 401


async def test_each_fact_is_told_once_however_often_the_connection_breaks_under_load(follower: Follower) -> None:
    chance, seen, wanted = random.Random(7), list[int](), 600

    async def load() -> None:
        for _ in range(wanted // 20):
            await follower.happens(20)

    async with asyncio.TaskGroup() as group:
        working = group.create_task(load())
        broken = 0
        while not working.done() or seen[-1:] != follower.all()[-1:]:
            broken += 1
            async with follower.live(f"?after={seen[-1] if seen else 0}") as following:
                for _ in range(chance.randrange(1, 60)):
                    if working.done() and seen[-1:] == follower.all()[-1:]:
                        break
                    told = await following.receive_json(timeout=PATIENCE_S)
                    seen += [told["seq"]] if "seq" in told else []
                assert following._response.connection is not None
                following._response.connection.transport.abort()  # as a cut cable would: no goodbye
    assert seen == follower.all()
    assert len(seen) >= wanted
    assert broken > 10


async def test_who_comes_late_gets_all_there_ever_was_and_then_what_is_new(follower: Follower) -> None:
    await follower.happens(3 * journal.SLICE)
    async with follower.live() as following:
        seen = [(await following.receive_json(timeout=PATIENCE_S))["seq"] for _ in follower.all()]
        await follower.happens(1)
        seen.append((await following.receive_json(timeout=PATIENCE_S))["seq"])
    assert seen == follower.all()


async def test_live_facts_of_other_kinds_are_left_out(follower: Follower) -> None:
    async with follower.live("?kinds=product.received") as following:
        await follower.happens(3)
        kinds = [(await following.receive_json(timeout=PATIENCE_S))["kind"] for _ in range(3)]
    assert kinds == ["product.received"] * 3


async def test_a_program_too_many_is_refused(follower: Follower) -> None:
    sockets = [await follower.live() for _ in range(facts.MAX_FOLLOWERS)]
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await follower.live()
    assert refused.value.status == 503
    for each in sockets:
        await each.close()
    async with follower.live() as again:  # those who left make room
        assert (await again.receive_json(timeout=PATIENCE_S))["seq"] == 1


def followers() -> list[asyncio.Task[Any]]:
    return [task for task in asyncio.all_tasks() if task.get_name() == "follower of the facts"]


async def test_a_follower_that_does_not_read_is_cut_off_and_holds_up_nobody(follower: Follower) -> None:
    follower.words = 2000  # more than any buffer on the way holds
    await follower.happens(600)
    port = follower.client.port
    with socket.socket() as lazy:
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.connect(("127.0.0.1", port))
        told = {**follower.headers, **UPGRADE}
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        lazy.sendall(f"GET /v1/station/facts/live HTTP/1.1\r\n{head}\r\n".encode())
        await until(followers, "it was not let in")
        await follower.happens(1)
        async with follower.live(f"?after={follower.all()[-2]}") as other:
            assert (await other.receive_json(timeout=PATIENCE_S))["seq"] == follower.all()[-1]
        await until(lambda: not followers(), "it was not cut off")
        assert await asyncio.to_thread(ends, lazy)


def ends(lazy: socket.socket) -> bool:
    """Whether the connection is over once all that was on its way is read; raises TimeoutError while it is open."""
    lazy.settimeout(3)
    try:
        while lazy.recv(2**20):
            pass
    except ConnectionResetError:
        pass
    return True


async def test_a_damaged_row_is_never_told(follower: Follower) -> None:
    await follower.happens(3)
    db = sqlite3.connect(follower.store.path)
    db.executescript("DROP TRIGGER journal_is_never_edited; UPDATE journal SET actor = 'mallory' WHERE seq = 2;")
    db.commit()
    db.close()
    status, body = await follower.page()
    assert (status, body["error"]["code"]) == (503, "journal_damaged")
    async with follower.live() as following:
        message = await following.receive(timeout=PATIENCE_S)
    assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, facts.DAMAGED)
