"""A server that answers whatever it likes: nothing of it is taken for what it is not, and everything ends."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from aiohttp import web

from local_store.domain.commands import Command, ReceiveInbound, ReceiveProducts, ReceiveWork
from sync.dialect import Answer, AtStation, Cursor, Fault, KnownWork, NoAnswer, Outcome, PullStopped
from sync.dialects.pitney_bowes import translate
from sync.dialects.pitney_bowes.client import PbClient
from tests.sync.pitney_bowes.facts import EVENT, KEY, answered, fixed, load, settings
from tests.sync.plain_known import PlainKnown
from tests.sync.station import FastTime, new_id

V1 = "/shippingservices/fulfillment/v1"
TOKEN = {"access_token": "token-1", "expiresIn": "35999"}
Reply = tuple[int, Any]


@dataclass
class Odd:
    """What it answers by method and path, and what it was asked."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    transactions: list[str] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        name = f"{request.method} {request.path.removeprefix(V1)}"
        self.asked.append(name)
        if request.path.startswith(V1):
            self.transactions.append(request.headers["X-PB-TransactionId"])
            assert request.headers["Authorization"] == "Bearer token-1"
        else:
            assert (await request.post())["grant_type"] == "client_credentials"
            assert request.headers["Authorization"] == "Basic a2V5LTE6dGhlLXNlY3JldA=="
        told = self.answers.get(name, (200, {"content": [], "last": True}))
        status, body = told(request) if callable(told) else told
        return web.json_response(body, status=status)


@asynccontextmanager
async def client_of(odd: Odd, **of: Any) -> AsyncIterator[PbClient]:
    odd.answers.setdefault("POST /oauth/token", (200, TOKEN))
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", odd.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made = settings(url=f"http://127.0.0.1:{runner.addresses[0][1]}", timeout_s=2, **of)
    client = PbClient(made, "the-secret", AtStation("st-1", "wh_1", FastTime()))
    try:
        yield client
    finally:
        await client.close()
        await runner.cleanup()


async def pulled(client: PbClient, known: PlainKnown | None = None) -> list[Any]:
    asked = cast("KnownWork", known or PlainKnown())
    return [each async for each in client.pull("main", asked, new_id)]


def order(number: str, **of: Any) -> dict[str, Any]:
    return {
        "orderId": f"P-{number}", "clientOrderId": number, "status": "CREATED",
        "pbUpdateDate": "2025-09-01T07:00:00Z",
        "orderItems": [{"lineItemId": "1", "sku": "SKU-1", "quantity": 1}], **of,
    }  # fmt: skip


def orders(found: list[Any]) -> list[str]:
    works = [each for each in found if isinstance(each, ReceiveWork)]
    return [each.order_id for work in works for each in work.fulfillments]


def faults(found: list[Any]) -> list[str]:
    return [each.sentence for each in found if isinstance(each, Fault)]


# --- tokens -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 401, 403, 404])
async def test_a_refused_token_is_a_refused_key_and_never_the_facts_fault(status: int) -> None:
    odd = Odd({"POST /oauth/token": (status, {"errors": []})})
    async with client_of(odd) as client:
        reply = await client.send(fixed(), load())
        assert client.verdict(load(), fixed(), reply).outcome is Outcome.AUTH
    assert odd.asked == ["POST /oauth/token"]


@pytest.mark.parametrize(
    "body",
    [{}, [], {"access_token": "t"}, {"access_token": "", "expiresIn": "1"}, {"access_token": "a b", "expiresIn": "1"},
     {"access_token": "a\nb", "expiresIn": "1"}, {"access_token": "t", "expiresIn": "soon"},
     {"access_token": 7, "expiresIn": "9"}, {"access_token": "t", "expiresIn": "9" * 10}],
)  # fmt: skip
async def test_what_is_no_token_is_not_shown_to_anybody(body: Any) -> None:
    odd = Odd({"POST /oauth/token": (200, body)})
    async with client_of(odd) as client:
        reply = await client.send(fixed(), load())
    assert isinstance(reply, NoAnswer)
    assert reply.sent is False
    assert odd.asked == ["POST /oauth/token"]


async def test_a_token_is_fetched_once_for_many_calls_and_each_call_has_its_own_transaction() -> None:
    odd = Odd({"POST /receiving-asn": (201, answered())})
    async with client_of(odd) as client:
        await pulled(client)
        first = await client.send(fixed(), load())
        await client.send(fixed(), load())
        assert client.verdict(load(), fixed(), first).outcome is Outcome.OK
    assert odd.asked.count("POST /oauth/token") == 1
    *others, one, two = odd.transactions
    assert one == two == translate.transaction_id(KEY)
    assert len(set(others)) == len(others)
    assert all(0 < len(each) <= 25 for each in odd.transactions)


async def test_an_answer_of_the_token_that_is_lost_sent_nothing() -> None:
    async with client_of(Odd({"POST /oauth/token": lambda _request: (307, {})})) as client:
        reply = await client.send(fixed(), load())
    assert isinstance(reply, NoAnswer)
    assert reply.sent is False


# --- reading back -------------------------------------------------------------------------------------------------


async def looked_up(**answers: Reply | Callable[..., Reply]) -> tuple[Outcome, str] | None:
    named = {"search": "POST /receiving-asn/search", "get": "GET /receiving-asn/RA-9"}
    async with client_of(Odd({named[name]: answer for name, answer in answers.items()})) as client:
        found = await client.look_up(fixed(), load())
    return None if found is None else (found[1].outcome, found[1].sentence)


FOUND: Reply = (200, {"rows": [{"clientASNId": EVENT.hex(), "receivingASNId": "RA-9"}], "last": True})


async def test_what_is_there_is_found_whatever_the_search_makes_of_the_field() -> None:
    many: list[Any] = [{"clientASNId": f"other-{n}", "receivingASNId": str(n)} for n in range(50)]

    def search(request: web.Request) -> Reply:
        last = request.query["page"] == "3"
        return 200, {"totalPages": 3, "last": last, "rows": [*many, *(FOUND[1]["rows"] if last else [])]}

    assert await looked_up(search=search, get=(200, answered())) == (Outcome.DUP, "")


async def test_nothing_there_means_that_it_is_sent() -> None:
    assert await looked_up(search=(200, {"rows": [], "last": True})) is None
    assert await looked_up(search=(200, {"rows": [{"clientASNId": "other"}], "last": True})) is None


@pytest.mark.parametrize(
    ("search", "get", "wanted"),
    [
        (FOUND, (200, answered(receivingASNId="RA-8")), Outcome.AMBIG),
        (FOUND, (200, answered(clientASNId="other")), Outcome.AMBIG),
        (FOUND, (200, None), Outcome.AMBIG),
        (FOUND, (404, {"errors": []}), Outcome.WAIT),
        (FOUND, (500, None), Outcome.WAIT),
        (FOUND, (403, None), Outcome.DEAD),
        ((200, {"rows": [], "more": []}), None, Outcome.AMBIG),
        ((200, {"rows": [{"clientASNId": EVENT.hex()}], "last": True}), None, Outcome.AMBIG),
        ((404, None), None, Outcome.WAIT),
        ((401, None), None, Outcome.AUTH),
        ((429, None), None, Outcome.WAIT),
        ((400, {"errors": [{"errorCode": "1", "errorDescription": "no such field"}]}), None, Outcome.DEAD),
        ((302, None), None, Outcome.WAIT),
    ],
)
async def test_what_cannot_be_read_back_is_never_success_and_never_sent_again(
    search: Reply, get: Reply | None, wanted: Outcome
) -> None:
    found = await looked_up(search=search, **({"get": get} if get else {}))
    assert found is not None
    assert found[0] is wanted


async def test_a_search_that_is_not_available_three_times_has_found_nothing() -> None:
    async with client_of(Odd({"POST /receiving-asn/search": (404, None)})) as client:
        seen = [await client.look_up(fixed(), load()) for _ in range(3)]
    assert [None if each is None else each[1].outcome for each in seen] == [Outcome.WAIT, Outcome.WAIT, None]


async def test_a_search_that_turns_in_circles_ends() -> None:
    circle = {"POST /receiving-asn/search": (200, {"rows": [{"clientASNId": "other"}], "last": False}),
              "POST /orders/search": (200, {"rows": [order("O-1")]})}  # fmt: skip
    odd = Odd(circle)
    async with client_of(odd, profile={"most_pages": 7}) as client:
        assert await client.look_up(fixed(), load()) is None
        found = await pulled(client)
    assert odd.asked.count("POST /orders/search") == 7
    assert faults(found)[0] == "HQ's /v1/orders/search has no end: it was left after 7 pages."


# --- pulling ------------------------------------------------------------------------------------------------------


async def test_what_is_older_than_the_last_pull_is_not_read_again() -> None:
    pages = {1: [order("O-3"), order("O-2")], 2: [order("O-1", pbUpdateDate="2025-09-01T06:00:00Z"), order("O-0")]}

    def search(request: web.Request) -> Reply:
        return 200, {"rows": pages.get(int(request.query["page"]), [order("never")]), "last": False}

    odd = Odd({"POST /orders/search": search})
    async with client_of(odd) as client:
        found = await pulled(client, PlainKnown(cursors={"orders": "2025-09-01T06:30:00+00:00"}))
    assert orders(found) == ["O-3", "O-2"]
    assert odd.asked.count("POST /orders/search") == 2
    assert [each for each in found if isinstance(each, Cursor) and each.what == "orders"] == [
        Cursor("orders", "2025-09-01T07:00:00+00:00")
    ]


async def test_a_change_that_shows_late_is_still_seen() -> None:
    late = [order("O-2", pbUpdateDate="2025-09-01T06:26:00Z"), order("O-1", pbUpdateDate="2025-09-01T06:24:59Z")]
    async with client_of(Odd({"POST /orders/search": (200, {"rows": late, "last": True})})) as client:
        found = await pulled(client, PlainKnown(cursors={"orders": "2025-09-01T06:30:00+00:00"}))
    assert orders(found) == ["O-2"]


async def test_a_time_to_come_hides_nothing_later() -> None:
    rows = [order("O-1", pbUpdateDate="2999-01-01T00:00:00Z")]
    async with client_of(Odd({"POST /orders/search": (200, {"rows": rows, "last": True})})) as client:
        found = await pulled(client)
    assert Cursor("orders", "2025-09-01T08:00:00+00:00") in found


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        (order("O-2", pbUpdateDate=None), "HQ's orders O-2: pbUpdateDate: should be a time with its zone, got null."),
        (order("O-2", pbUpdateDate="2025-09-01T07:00:00"), 'got "2025-09-01T07:00:00".'),
        (order("O-2", orderItems=[]), "HQ's orders O-2: lines:"),
        (order("O-2", orderItems=[{"lineItemId": "1", "sku": "A", "quantity": 1}] * 2), 'line "1" is there twice'),
        ("O-2", "HQ's /v1/orders/search: a row is"),
    ],
)
async def test_one_bad_order_holds_the_cursor_and_not_the_others(bad: Any, named: str) -> None:
    rows = {"rows": [order("O-1"), bad, order("O-3")], "last": True}
    async with client_of(Odd({"POST /orders/search": (200, rows)})) as client:
        found = await pulled(client)
    assert orders(found) == ["O-1", "O-3"]
    (sentence,) = faults(found)
    assert named in sentence
    assert not any(isinstance(each, Cursor) and each.what == "orders" for each in found)


async def test_bad_products_are_shown_until_the_catalogue_is_read_again() -> None:
    rows = [{"sku": "A", "details": {"description": "Tea"}}, {"sku": "B"}]
    odd = Odd({"POST /products/search": (200, {"rows": rows, "last": True})})
    async with client_of(odd) as client:
        first = await pulled(client)
        (cursor,) = [each for each in first if isinstance(each, Cursor) and each.what == "products"]
        second = await pulled(client, PlainKnown(cursors={"products": cursor.value}))
    assert [[p.sku for p in each.products] for each in first if isinstance(each, ReceiveProducts)] == [["A"]]
    assert faults(first) == faults(second) != []
    assert odd.asked.count("POST /products/search") == 1


async def test_not_available_right_now_is_asked_again_and_the_third_time_told() -> None:
    async with client_of(Odd({"POST /orders/search": (404, {"errors": []})})) as client:
        for _ in range(2):
            assert faults(await pulled(client)) == [
                "HQ's /v1/orders/search is not available right now; it is asked again."
            ]
        with pytest.raises(PullStopped, match="HQ answered 404"):
            await pulled(client)


@pytest.mark.parametrize("reply", [(500, None), (401, None), (403, None), (302, None)])
async def test_a_pull_that_is_refused_stops_with_its_reply(reply: Reply) -> None:
    async with client_of(Odd({"POST /orders/search": reply})) as client:
        with pytest.raises(PullStopped) as stop:
            await pulled(client)
    assert isinstance(stop.value.reply, Answer | NoAnswer)


NONSENSE: list[Any] = [
    None,
    7,
    "x",
    [],
    {},
    {"a": [], "b": []},
    {"rows": [None, 7, {}, {"pbUpdateDate": 9}], "last": True},
]


@pytest.mark.parametrize("body", NONSENSE)
async def test_answers_that_make_no_sense_are_faults_and_nothing_more(body: Any) -> None:
    paths = ("products/search", "orders/search", "shipments/search", "receiving-asn/search", "returns/search",
             "work-orders/search", "inventory/snapshot")  # fmt: skip
    async with client_of(Odd({f"POST /{path}": (200, body) for path in paths})) as client:
        found = await pulled(client)
    assert not any(isinstance(each, Command) for each in found)
    assert len(faults(found)) >= len(paths)


async def test_the_secret_is_in_nothing_that_is_shown() -> None:
    odd = Odd({"POST /oauth/token": (400, {"errors": [{"errorDescription": "no"}]})})
    async with client_of(odd) as client:
        reply = await client.send(fixed(), load())
        told = f"{client!r} {reply!r} {client.verdict(load(), fixed(), reply)!r}"
    assert "the-secret" not in told
    assert "a2V5LTE6dGhlLXNlY3JldA" not in told


async def test_inbound_goods_without_a_status_are_open() -> None:
    row = {"receivingASNId": "R", "receivingNode": "wh_1", "pbUpdateDate": "2025-09-01T07:00:00Z",
           "asnLines": [{"sku": "A", "expectedQuantity": 3}]}  # fmt: skip
    async with client_of(Odd({"POST /receiving-asn/search": (200, {"rows": [row], "last": True})})) as client:
        found = await pulled(client)
    (inbound,) = [each for each in found if isinstance(each, ReceiveInbound)]
    assert (inbound.inbound[0].open, inbound.inbound[0].lines[0].line_id) == (True, "1")
