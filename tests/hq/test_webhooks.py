"""Events reach whoever asked for them: signed, once they are true, again and again until they are taken."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from hq.calls import Act, moment
from hq.ofs import webhooks
from tests.hq.site import DEADLINE_S, Hq, order, running_hq

SECRET = "a-secret-of-the-office"


@dataclass
class Listener:
    """Takes calls; `answers` are the statuses it gives, the last one for ever."""

    url: str = ""
    answers: list[int] = field(default_factory=lambda: [200])
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.heard.append((dict(request.headers), await request.read()))
        status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return web.Response(status=status, headers={"Location": f"{self.url}/elsewhere"} if status == 302 else {})

    def events(self) -> list[str]:
        return [json.loads(raw)["event"] for _, raw in self.heard]


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    listener = Listener()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", listener.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        listener.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield listener
    finally:
        await runner.cleanup()


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    async with listening() as one:
        yield one


async def until(met: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not met():  # noqa: ASYNC110 -- what is waited for happens on the other side of a socket
            await asyncio.sleep(0.005)


async def hook(hq: Hq, listener: Listener, *events: str) -> str:
    body = {"url": f"{listener.url}/in", "events": list(events), "secret": SECRET}
    made = await hq.post("/webhooks", body)
    assert made.status == 201, made.text
    assert SECRET not in made.text
    return str(made.body["webhook_id"])


async def told(hq: Hq) -> Any:
    return (await hq.get("/webhooks")).body["items"][0]


async def tried(hq: Hq, times: int) -> None:
    """Until HQ has noted the outcome of so many tries: only then may the clock go on."""
    query = "SELECT attempts FROM webhook_delivery"
    await until(lambda: hq.store.db.execute(query).fetchone()["attempts"] == times)


async def settled(hq: Hq, status: str) -> Any:
    async with asyncio.timeout(DEADLINE_S):
        while (last := (await told(hq))["deliveries"][0])["status"] != status:
            hq.store.outgoing.set()
    return last


async def test_an_event_comes_signed_so_that_nobody_else_can_send_it(stocked: Hq, listener: Listener) -> None:
    await hook(stocked, listener, "fulfillment.created")
    ident = await stocked.order("o1", SKU_1=1)
    await until(lambda: len(listener.heard) == 1)
    headers, raw = listener.heard[0]
    signed = f"{headers['X-Webhook-Timestamp']}.".encode() + raw
    assert headers["X-Webhook-Signature"] == "sha256=" + hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    body = json.loads(raw)
    assert (body["event"], body["fulfillment_id"], body["status"]) == ("fulfillment.created", ident, "created")
    assert body["delivery_id"] == headers["X-Webhook-Delivery"]


async def test_only_the_events_asked_for_come_and_in_their_order(stocked: Hq, listener: Listener) -> None:
    await hook(stocked, listener, "picklist.completed", "shipment.shipped")
    ident = await stocked.picked("o1", SKU_1=1)
    line = (await stocked.get(f"/fulfillments/{ident}")).body["lines"][0]["order_line_id"]
    box = {"package_id": "p1", "weight": 9, "items": [{"line_id": line, "qty": 1}]}
    await stocked.pack(ident, box, seal=True)
    await stocked.post("/shipments", {"fulfillment_id": ident, "packages": [{"package_id": "p1"}]})
    await until(lambda: len(listener.heard) == 2)
    assert listener.events() == ["picklist.completed", "shipment.shipped"]


async def test_what_was_refused_is_never_told(stocked: Hq, listener: Listener) -> None:
    await hook(stocked, listener, "fulfillment.created")
    await stocked.post("/fulfillments", order("o1", SKU_9=1))
    await stocked.order("o2", SKU_1=1)
    await until(lambda: len(listener.heard) > 0)
    assert [json.loads(raw)["order_id"] for _, raw in listener.heard] == ["o2"]


async def test_what_is_not_taken_comes_again_later_with_the_same_id(stocked: Hq, listener: Listener) -> None:
    listener.answers = [500, 302, 200]
    await hook(stocked, listener, "fulfillment.created")
    await stocked.order("o1", SKU_1=1)
    for attempts in (1, 2):
        await tried(stocked, attempts)
        stocked.clock.forward(timedelta(seconds=2**attempts))
        stocked.store.outgoing.set()
    last = await settled(stocked, "delivered")
    assert (last["attempts"], last["last_answer"]) == (3, "status 200")
    assert len({raw for _, raw in listener.heard}) == 1
    assert len(listener.heard) == 3, "no redirect was followed"


async def test_after_ten_times_it_is_given_up_and_says_so(stocked: Hq, listener: Listener) -> None:
    listener.answers = [503]
    await hook(stocked, listener, "fulfillment.created")
    await stocked.order("o1", SKU_1=1)
    for attempts in range(1, 11):
        await tried(stocked, attempts)
        stocked.clock.forward(timedelta(hours=2))
        stocked.store.outgoing.set()
    last = await settled(stocked, "failed")
    assert (last["attempts"], (await told(stocked))["failed"]) == (10, 1)


async def test_one_dead_address_keeps_no_other_waiting(stocked: Hq, listener: Listener) -> None:
    async with listening() as gone:
        await hook(stocked, gone, "fulfillment.created")
    await hook(stocked, listener, "fulfillment.created")
    for number in range(3):
        await stocked.order(f"o{number}", SKU_1=1)
    await until(lambda: len(listener.heard) == 3)
    dead = await told(stocked)
    assert (dead["pending"], sum(each["attempts"] for each in dead["deliveries"])) == (3, 1)


async def test_events_of_one_webhook_come_in_order_though_the_first_was_not_taken(
    stocked: Hq, listener: Listener
) -> None:
    listener.answers = [500, 200]
    await hook(stocked, listener, "return.received")
    ids = itertools.count(1)
    act = Act(stocked.store, moment(stocked.clock()), lambda _prefix: f"dlv_{next(ids)}", "a", None, "")
    with stocked.store.transaction():
        for _ in range(3):
            webhooks.emit(act, "return.received", {})
    await tried(stocked, 1)
    stocked.clock.forward(timedelta(seconds=2))
    stocked.store.outgoing.set()
    await until(lambda: len(listener.heard) == 4)
    came = [json.loads(raw)["delivery_id"] for _, raw in listener.heard]
    assert came == ["dlv_1", "dlv_1", "dlv_2", "dlv_3"]


async def test_what_was_not_yet_told_is_told_after_a_restart(tmp_path: Path, listener: Listener) -> None:
    listener.answers = [500, 200]
    async with running_hq(tmp_path / "hq.db") as hq:
        await hq.with_products()
        await hook(hq, listener, "fulfillment.created")
        await hq.order("o1", SKU_1=1)
        await tried(hq, 1)
    async with running_hq(tmp_path / "hq.db") as hq:
        hq.clock.forward(timedelta(minutes=1))
        hq.store.outgoing.set()
        await settled(hq, "delivered")


async def test_a_webhook_can_be_tried_and_forgotten(stocked: Hq, listener: Listener) -> None:
    ident = await hook(stocked, listener, "return.received")
    tried = await stocked.post("/webhooks/test", {"webhook_id": ident})
    assert (tried.status, len(tried.body["deliveries"])) == (202, 1)
    await until(lambda: listener.events() == ["webhook.test"])
    headers = {"Idempotency-Key": "k1"}
    assert (await stocked.call("DELETE", f"/webhooks/{ident}", headers=headers)).body["deleted"] is True
    assert (await stocked.get("/webhooks")).body["items"] == []
    assert (await stocked.post("/webhooks/test", {"webhook_id": ident})).status == 404


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/in", "http://10.0.0.1/in", "ftp://127.0.0.1/", "https://user:pw@example.com/", "https:///x",
        "file:///etc/passwd", "http://127.0.0.1.example.com/",
    ],
)  # fmt: skip
async def test_only_https_and_this_machine_itself_are_called(hq: Hq, url: str) -> None:
    refused = await hq.post("/webhooks", {"url": url, "events": ["return.received"], "secret": SECRET})
    assert (refused.status, refused.code) == (422, "invalid")


@pytest.mark.parametrize("change", [{"events": []}, {"events": ["everything"]}, {"secret": "short"}])
async def test_a_webhook_names_events_of_the_seed_and_a_real_secret(hq: Hq, change: dict[str, Any]) -> None:
    body = {"url": "https://example.com/in", "events": ["return.received"], "secret": SECRET, **change}
    assert (await hq.post("/webhooks", body)).status == 422
