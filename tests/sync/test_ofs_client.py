"""What goes over the wire beside plain calls: versions of updates, jobs, calls by hand, orders of other HQs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
import uuid_utils.compat as uuid
from aiohttp import web

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.outbox import FixedRequest, NewRequest
from sync.dialect import Answer, AtStation, FulfillmentHere, LineHere, Outcome, PullStopped, Verdict
from sync.dialects.ofs.calls import CALLS
from sync.dialects.ofs.capabilities import OfsHq
from sync.dialects.ofs.client import OfsClient
from tests.sync.fake_hq import BASE, SECRET
from tests.sync.plain_known import PlainKnown
from tests.sync.station import FastTime
from tests.sync.test_ofs_translate import promised
from web.contract import Contract

Say = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Scripted:
    """An HQ that says what a test wrote, and remembers what it was asked."""

    say: dict[tuple[str, str], list[Say]] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    url: str = ""

    def when(self, method: str, path: str, *answers: tuple[int, Any, str | None]) -> None:
        """Answer calls of this path one after the other with (status, body, etag); the last for all that follow."""
        self.say[method, path] = [_says(*each) for each in answers]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        path = request.rel_url.raw_path.removeprefix(BASE)
        self.asked.append((request.method, path, dict(request.headers)))
        answers = self.say.get((request.method, path))
        if not answers:
            return web.json_response({"error": {"code": "not_found", "message": "No such path."}}, status=404)
        return await (answers.pop(0) if len(answers) > 1 else answers[0])(request)

    def calls(self, method: str = "POST") -> list[dict[str, str]]:
        """The headers of every call of this method."""
        return [headers for asked, _, headers in self.asked if asked == method]


def _says(status: int, body: Any, etag: str | None) -> Say:
    async def say(_request: web.Request) -> web.StreamResponse:
        return web.json_response(body, status=status, headers={"ETag": etag} if etag else {})

    return say


@asynccontextmanager
async def scripted() -> AsyncIterator[Scripted]:
    hq = Scripted()
    app = web.Application()
    app.router.add_route("*", "/{anything:.*}", hq.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        hq.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield hq
    finally:
        await runner.cleanup()


@pytest.fixture
async def hq() -> AsyncIterator[Scripted]:
    async with scripted() as made:
        yield made


@pytest.fixture
async def time() -> FastTime:
    return FastTime()


@pytest.fixture
async def client(hq: Scripted, time: FastTime) -> AsyncIterator[OfsClient]:
    settings = OfsHq.model_validate({"dialect": "ofs", "url": hq.url, "secret": "hq", "tenant": "t1"})
    made = OfsClient(settings, SECRET, AtStation("st-1", "wh_1", time), time.sleep)
    yield made
    await made.close()


async def told(client: OfsClient, fact: e.Fact) -> Verdict:
    """What became of a fact, sent as the engine does it."""
    facts = promised(fact)
    new = client.request(facts, PlainKnown())
    assert isinstance(new, NewRequest)
    request = FixedRequest(1, facts[0].entity, new.method, new.path, new.body, "the-key", 0, 0)
    return client.verdict(facts, request, await client.send(request, facts))


COMPLETED = e.ReturnCompleted(return_id="R1")
CONFLICT = {"error": {"code": "version_conflict", "message": "It has version 2."}}


# --- versions ---------------------------------------------------------------------------------------------------


async def test_an_update_says_of_which_version_it_is(hq: Scripted, client: OfsClient) -> None:
    hq.when("GET", "/returns/R1", (200, {"id": "R1", "status": "inspected"}, '"3"'))
    hq.when("POST", "/returns/R1/complete", (200, {"id": "R1"}, '"4"'))
    assert (await told(client, COMPLETED)).outcome is Outcome.OK
    assert [each["If-Match"] for each in hq.calls()] == ['"3"']


@pytest.mark.parametrize("status", [409, 412])
async def test_what_changed_meanwhile_is_read_again_and_the_same_request_sent_once_more(
    hq: Scripted, client: OfsClient, status: int
) -> None:
    hq.when("GET", "/returns/R1", (200, {"status": "received"}, '"1"'), (200, {"status": "inspected"}, '"2"'))
    hq.when("POST", "/returns/R1/complete", (status, CONFLICT, None), (200, {"id": "R1"}, None))
    assert (await told(client, COMPLETED)).outcome is Outcome.OK
    assert [(each["If-Match"], each["Idempotency-Key"]) for each in hq.calls()] == [
        ('"1"', "the-key"),
        ('"2"', "the-key"),
    ]


async def test_what_changes_again_and_again_is_parked_with_both_states(hq: Scripted, client: OfsClient) -> None:
    hq.when("GET", "/returns/R1", (200, {"status": "received"}, '"1"'), (200, {"status": "inspected"}, '"2"'))
    hq.when("POST", "/returns/R1/complete", (412, CONFLICT, None))
    verdict = await told(client, COMPLETED)
    assert verdict.outcome is Outcome.DEAD
    assert verdict.sentence == (
        "HQ answered 412: It has version 2. Somebody changes it at the same time: "
        'HQ said "received" (version "1") and "inspected" (version "2").'
    )
    assert len(hq.calls()) == 2


async def test_a_refusal_that_is_not_about_the_version_is_not_sent_again(hq: Scripted, client: OfsClient) -> None:
    hq.when("GET", "/returns/R1", (200, {"status": "received"}, '"1"'))
    hq.when("POST", "/returns/R1/complete", (409, {"error": {"message": "Inspect it first."}}, None))
    verdict = await told(client, COMPLETED)
    assert (verdict.outcome, verdict.sentence) == (Outcome.DEAD, "HQ answered 409: Inspect it first.")
    assert len(hq.calls()) == 1


async def test_an_hq_without_versions_gets_the_update_without(hq: Scripted, client: OfsClient) -> None:
    hq.when("GET", "/returns/R1", (200, {"status": "received"}, None))
    hq.when("POST", "/returns/R1/complete", (200, {"id": "R1"}, None))
    assert (await told(client, COMPLETED)).outcome is Outcome.OK
    assert "If-Match" not in hq.calls()[0]


async def test_a_return_that_hq_does_not_have_is_refused_before_anything_is_sent(
    hq: Scripted, client: OfsClient
) -> None:
    assert (await told(client, COMPLETED)).outcome is Outcome.DEAD
    assert hq.calls() == []


# --- jobs -------------------------------------------------------------------------------------------------------

COUNT = e.StockCounted(sku="S", location_id="A", qty=Decimal(1))
COUNT_ID = "00000000-0000-0000-0000-000000000001"


async def test_a_job_is_looked_at_until_it_ends(hq: Scripted, client: OfsClient, time: FastTime) -> None:
    running = {"job_id": "j1", "status": "running"}
    done = {"job_id": "j1", "status": "completed", "results": [{"ok": True, "count_id": COUNT_ID}]}
    hq.when("POST", "/edge/counts", (202, {"job_id": "j1"}, None))
    hq.when("GET", "/jobs/j1", (200, running, None), (200, running, None), (200, done, None))
    assert (await told(client, COUNT)).outcome is Outcome.OK
    assert time.slept == [0.5, 0.5, 0.5]


async def test_a_job_that_does_not_end_is_left_for_the_next_try(hq: Scripted, client: OfsClient) -> None:
    hq.when("POST", "/edge/counts", (202, {"job_id": "j1"}, None))
    hq.when("GET", "/jobs/j1", (200, {"job_id": "j1", "status": "running"}, None))
    assert (await told(client, COUNT)).outcome is Outcome.WAIT
    assert len(hq.calls("GET")) == 20
    assert len(hq.calls()) == 1


@pytest.mark.parametrize(
    "job", [(200, {"job_id": "j2", "status": "completed"}, None), (500, {}, None), (404, {}, None)]
)
async def test_another_job_or_none_is_never_taken_for_the_end_of_this_one(
    hq: Scripted, client: OfsClient, job: tuple[int, Any, str | None]
) -> None:
    hq.when("POST", "/edge/counts", (202, {"job_id": "j1"}, None))
    hq.when("GET", "/jobs/j1", job)
    assert (await told(client, COUNT)).outcome is Outcome.WAIT


# --- calls by hand ----------------------------------------------------------------------------------------------


def test_every_call_of_the_seed_has_a_name() -> None:
    named = {(call.method, _bare(call.path)) for call in CALLS.values()}
    seeds = [each for each in Contract.load("ofs").operations if "x-extension" not in each.document]
    assert len(seeds) > 80
    for_carriers = {("POST", "/webhook/carrier")}
    assert {(each.method, _bare(each.template)) for each in seeds} - named == for_carriers


def _bare(path: str) -> str:
    return "/".join("{}" + part.partition("}")[2] if part.startswith("{") else part for part in path.split("/"))


async def test_each_act_by_hand_has_a_key_of_its_own(hq: Scripted, client: OfsClient) -> None:
    hq.when("POST", "/returns/R1/complete", (200, {}, None))
    hq.when("GET", "/roles", (200, [], None))
    for _ in range(2):
        await client.call("POST", "/returns/R1/complete", "{}")
    await client.call("GET", "/roles", None)
    keys = [headers["Idempotency-Key"] for headers in hq.calls()]
    assert len(set(keys)) == 2
    assert "Idempotency-Key" not in hq.calls("GET")[0]


# --- orders of other HQs, and the comparison --------------------------------------------------------------------


def order(ident: str, order_id: str, status: str, *lines: dict[str, Any]) -> dict[str, Any]:
    return {"id": ident, "order_id": order_id, "status": status, "lines": list(lines)}


def here(ident: str, order_id: str, lane: str, *lines: LineHere) -> FulfillmentHere:
    return FulfillmentHere(ident, lane, order_id, "w", "p", None, None, {}, lines)


TEA = LineHere("x1", "TEA", Decimal(2), Decimal(0), Decimal(0))
JAM = LineHere("x2", "JAM", Decimal(1), Decimal(0), Decimal(0))


def with_pages(hq: Scripted, *orders: dict[str, Any]) -> None:
    async def listed(request: web.Request) -> web.StreamResponse:
        items = [each for each in orders if each["status"] == request.query["status"]]
        at = int(request.query.get("cursor", 0))
        more = str(at + 1) if at + 1 < len(items) else None
        return web.json_response({"items": items[at : at + 1], "next_cursor": more})

    hq.say["GET", "/fulfillments"] = [listed]


async def test_a_lane_that_gives_no_work_learns_its_ids_of_the_orders_others_gave(
    hq: Scripted, client: OfsClient
) -> None:
    lines = ({"order_line_id": "a", "sku": "JAM", "qty": 1}, {"order_line_id": "b", "sku": "TEA", "quantity": 2})
    broken = order("ful_5", "O-5", "picked", {"order_line_id": "", "sku": "TEA", "qty": 1})
    with_pages(hq, order("ful_7", "O-1", "created", *lines), order("ful_8", "O-8", "created", *lines), broken)
    known = PlainKnown(fulfillments={"INV-1": here("INV-1", "O-1", "billing", TEA, JAM)}, is_source=False)
    pulled = [each async for each in client.pull("main", known, uuid.uuid7)]  # type: ignore[arg-type]
    (work,) = [each for each in pulled if isinstance(each, c.ReceiveWork)]
    assert (work.fulfillments, work.picklist) == ((), None)
    assert {(ref.thing, ref.local_id, ref.hq_id) for ref in work.refs} == {
        ("fulfillment", "INV-1", "ful_7"),
        ("line", "INV-1/x1", "b"),
        ("line", "INV-1/x2", "a"),
    }
    (fault,) = [each for each in pulled if not isinstance(each, c.ReceiveWork)]
    assert "HQ's fulfillment ful_5: lines.0.order_line_id" in fault.sentence  # type: ignore[union-attr]


async def test_what_is_known_already_is_not_learned_again(hq: Scripted, client: OfsClient) -> None:
    line = {"order_line_id": "b", "sku": "TEA", "qty": 2}
    split = order("F3", "O-2", "created", line)
    with_pages(hq, order("ful_7", "O-1", "created", line), order("F2", "O-2", "created", line), split)
    known = PlainKnown(
        refs={("fulfillment", "INV-1"): "ful_7"},
        fulfillments={"INV-1": here("INV-1", "O-1", "billing", TEA), "F2": here("F2", "O-2", "main", TEA)},
        is_source=False,
    )
    assert [each async for each in client.pull("main", known, uuid.uuid7)] == []  # type: ignore[arg-type]


async def test_the_comparison_tells_orders_known_here_as_hq_has_them(hq: Scripted, client: OfsClient) -> None:
    line = {"order_line_id": "a", "sku": "TEA", "qty": 3, "picked": 2, "packed": 2}
    with_pages(
        hq,
        order("F1", "O-1", "ready_to_ship", line),
        order("F2", "O-2", "shipped", line),
        order("F3", "O-3", "created", {"order_line_id": "a", "sku": "JAM", "qty": 1}),
        order("F9", "O-9", "shipped", line),
    )
    known = PlainKnown(fulfillments={f"F{n}": here(f"F{n}", f"O-{n}", "main", TEA) for n in (1, 2, 3)})
    lines = {(each.order_id, each.sku): each async for each in client.their_lines(known)}
    assert set(lines) == {("O-1", "TEA"), ("O-2", "TEA"), ("O-3", "JAM")}
    assert lines["O-1", "TEA"].picked == 2
    assert lines["O-1", "TEA"].shipped == 0
    assert lines["O-2", "TEA"].shipped == 2
    assert lines["O-3", "JAM"].picked is None


async def test_a_comparison_that_hq_breaks_off_says_so(hq: Scripted, client: OfsClient) -> None:
    hq.when("GET", "/fulfillments", (500, {"error": {"message": "Down."}}, None))
    with pytest.raises(PullStopped, match="HQ answered 500: Down"):
        [each async for each in client.their_lines(PlainKnown())]


async def test_the_answer_to_a_return_call_by_hand_is_hqs_own(hq: Scripted, client: OfsClient) -> None:
    reply = await client.call("GET", "/returns/R9", None)
    assert isinstance(reply, Answer)
    assert reply.status == 404
