"""What one pull asks of an S2 whose lists move, turn in circles or tell nonsense, and what it makes of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from local_store.domain.commands import ReceiveInbound, ReceiveProducts, ReceiveWork
from local_store.domain.conflicts import WorkHere
from sync.dialect import Answer, Cursor, Fault, FulfillmentHere, NoAnswer, Pulled, PullStopped, Reply
from sync.dialects.s2 import documents as d
from sync.dialects.s2 import pulling
from sync.dialects.s2.capabilities import PROFILE
from sync.http import File
from tests.sync.plain_known import PlainKnown
from tests.sync.s2.profiles import profile_with
from tests.sync.station import new_id

OURS = "w-ours"
HERE = d.Here("main", "wh_1", OURS, frozenset(), "STOCK", PROFILE)
NO_STOCK: dict[str, list[Any]] = {"products": [], "items": []}


def product(number: int, updated: str = "2024-01-01T00:00:00.000Z", **of: Any) -> dict[str, Any]:
    return {"id": f"p-{number}", "sku": f"SKU-{number}", "name": "Pen", "updatedAt": updated, **of}


def order(number: int, updated: str = "2024-01-01T00:00:00.000Z", **of: Any) -> dict[str, Any]:
    lines = [{"product": {"id": "p-1", "sku": "SKU-1"}, "quantity": 1}]
    row = {"id": f"o-{number}", "channelOrderId": f"O-{number}", "status": "UNFULFILLED", "updatedAt": updated}
    return {**row, "lines": lines, **of}


@dataclass
class PlainS2:
    """Lists and documents, and what was asked. `meanwhile` happens after each page."""

    products: list[Any] = field(default_factory=list)
    orders: list[Any] = field(default_factory=list)
    others: dict[str, Any] = field(default_factory=dict)
    """What to answer to a path instead."""
    meanwhile: Callable[[], None] = lambda: None
    most: int = 100
    asked: list[str] = field(default_factory=list)

    async def call(self, method: str, path: str, body: str | None) -> Reply:
        assert (method, body) == ("GET", None)
        self.asked.append(path)
        parts = urlsplit(path)
        if parts.path in self.others:
            answer = self.others[parts.path]
            return answer if isinstance(answer, Answer | NoAnswer) else Answer(200, answer)
        if parts.path == "/inventory/overview":
            return Answer(200, NO_STOCK)
        if parts.path in {"/product", "/order"}:
            return Answer(200, self._page(self.products if parts.path == "/product" else self.orders, parts.query))
        found = [each for each in self.orders if parts.path == f"/order/{each['id']}"]
        return Answer(200, found[0]) if found else Answer(404, {"message": "not found"})

    async def download(self, address: str) -> File | NoAnswer:
        raise AssertionError(address)

    def _page(self, rows: list[Any], query: str) -> dict[str, Any]:
        asked = {name: int(values[0]) for name, values in parse_qs(query).items()}
        assert asked["limit"] <= 100
        page = rows[asked["offset"] : asked["offset"] + min(asked["limit"], self.most)]
        told = {"items": page, "total": len(rows)}
        self.meanwhile()
        return told


class Known(PlainKnown):
    """Plain values; every word of S2 about known work is news."""

    def open_work(self, after: str, limit: int) -> list[Any]:
        return []

    def work(self, thing: Any, work_id: str) -> WorkHere | None:
        return None

    def is_news(self, seen: Any) -> bool:
        return True


async def pull(s2: PlainS2, known: Known | None = None, looked: pulling.Looked | None = None) -> list[Pulled]:
    wanted = pulling.pull(s2, HERE, known or Known(), new_id, looked or pulling.Looked())
    return [each async for each in wanted]


def orders_in(found: list[Pulled]) -> list[str]:
    return [each.fulfillments[0].order_id for each in found if isinstance(each, ReceiveWork) and each.fulfillments]


def skus_in(found: list[Pulled]) -> list[str]:
    return [product.sku for each in found if isinstance(each, ReceiveProducts) for product in each.products]


def faults_in(found: list[Pulled]) -> list[str]:
    return [each.sentence for each in found if isinstance(each, Fault)]


async def test_rows_that_slip_to_the_page_before_are_not_missed() -> None:
    """Ten rows of the first page vanish while it is read, so the rest moves up by ten."""
    s2 = PlainS2(products=[product(number) for number in range(250)])

    def vanish() -> None:
        s2.meanwhile = lambda: None
        del s2.products[:10]

    s2.meanwhile = vanish
    found = skus_in(await pull(s2))
    assert sorted(found) == sorted(f"SKU-{number}" for number in range(250))


async def test_rows_that_come_in_meanwhile_are_not_taken_twice() -> None:
    s2 = PlainS2(products=[product(number) for number in range(250)])
    newcomers: Iterator[int] = iter(range(1000, 2000))

    def come_in() -> None:
        if len(s2.products) < 300:
            s2.products[:0] = [product(next(newcomers)) for _ in range(20)]

    s2.meanwhile = come_in
    found = skus_in(await pull(s2))
    assert len(found) == len(set(found))
    assert {f"SKU-{number}" for number in range(250)} <= set(found)


@pytest.mark.parametrize("most", [1, 7, 100])
async def test_an_s2_that_gives_fewer_rows_than_were_asked_for_is_read_to_its_end(most: int) -> None:
    s2 = PlainS2(products=[product(number) for number in range(30)], most=most)
    assert len(skus_in(await pull(s2))) == 30


async def test_an_s2_that_turns_in_circles_ends() -> None:
    circle = {"items": [product(1), product(2)], "total": 10**9}
    s2 = PlainS2(others={"/product": circle})
    assert skus_in(await pull(s2)) == ["SKU-1", "SKU-2"]
    assert sum(path.startswith("/product") for path in s2.asked) == 2


@pytest.mark.parametrize("page", [None, [], {"items": []}, {"items": {}, "total": 1}, {"items": [], "total": -1}])
async def test_a_page_that_is_none_is_a_fault_and_the_rest_goes_on(page: Any) -> None:
    found = await pull(PlainS2(orders=[order(1)], others={"/product": page}))
    assert (len(faults_in(found)), orders_in(found)) == (1, ["O-1"])


async def test_a_bad_row_is_a_fault_that_is_told_again_until_it_is_mended() -> None:
    bad = product(2, shippingWeightKg="heavy")
    s2, looked = PlainS2(products=[product(1), bad, "nonsense", product(3)]), pulling.Looked()
    found = await pull(s2, looked=looked)
    assert skus_in(found) == ["SKU-1", "SKU-3"]
    named = [sentence.split(":")[0] for sentence in faults_in(found)]
    assert named == ["S2's product SKU-2", "S2's product without a name"]
    assert not [each for each in found if isinstance(each, Cursor) and each.what == "products"]
    assert len(faults_in(await pull(s2, looked=looked))) == 2


async def test_what_was_looked_at_is_not_asked_for_again_until_it_changes() -> None:
    s2, looked = PlainS2(orders=[order(1), order(2, status="FULFILLED")]), pulling.Looked()
    known = Known(refs={})
    assert orders_in(await pull(s2, known, looked)) == ["O-1"]
    assert "/order/o-2" not in s2.asked, "what nobody has to pack is not looked at"
    s2.asked.clear()
    assert orders_in(await pull(s2, known, looked)) == []
    assert [path for path in s2.asked if path.startswith("/order/")] == []
    s2.orders[0] = order(1, "2024-01-02T00:00:00.000001Z")
    await pull(s2, known, looked)
    assert [path for path in s2.asked if path.startswith("/order/")] == ["/order/o-1"]


async def test_after_a_restart_only_what_is_near_the_newest_is_looked_at_again() -> None:
    here = FulfillmentHere("o-1", "main", "O-1", "wh_1", "p", None, None, {}, ())
    known = Known(
        fulfillments={"o-1": here, "o-2": here},
        refs={("order", "o-1"): "o-1", ("order", "o-2"): "o-2", ("product", "SKU-1"): "p-1"},
        cursors={"orders": "2024-01-03T00:00:00.000000Z"},
    )
    s2 = PlainS2(orders=[order(1, "2024-01-02T23:55:00.123Z"), order(2, "2024-01-02T00:00:00.123456Z")])
    await pull(s2, known)
    assert [path for path in s2.asked if path.startswith("/order/")] == ["/order/o-1"]


@pytest.mark.parametrize(
    ("path", "answer", "words"),
    [
        ("/order/o-1", order(2), "S2 answered about o-2"),
        ("/order/o-1", {"id": "o-1"}, "S2's order o-1"),
        ("/order/o-1", order(1, lines=[]), "it has no lines"),
        ("/fulfillment/f-1", {"id": "f-2", "status": "CREATED", "items": []}, "S2 answered about f-2"),
        ("/fulfillment/f-1", Answer(404, {"message": "?"}), "S2 does not have it"),
    ],
)
async def test_an_answer_about_something_else_is_never_work(path: str, answer: Any, words: str) -> None:
    made = {"id": "f-1", "status": "CREATED", "warehouse": {"id": OURS}, "items": []}
    with_one = order(1, fulfillments=[made]) if path.startswith("/fulfillment") else order(1)
    s2 = PlainS2(orders=[with_one, order(3)], others={path: answer})
    found = await pull(s2)
    assert (words in faults_in(found)[0], orders_in(found)) == (True, ["O-3"])


async def test_an_order_that_is_gone_when_it_is_asked_for_is_passed_over() -> None:
    found = await pull(PlainS2(orders=[order(1)], others={"/order/o-1": Answer(404, {})}))
    assert (faults_in(found), orders_in(found)) == ([], [])


@pytest.mark.parametrize(
    "reply",
    [NoAnswer("gone", sent=True), Answer(500, {"message": "reference 1"}), Answer(401, {}), Answer(302, None)],
)
async def test_a_refusal_ends_the_pull_and_keeps_what_was_read(reply: Reply) -> None:
    s2 = PlainS2(products=[product(1)], others={"/order": reply})
    found: list[Pulled] = []

    async def until_it_stops() -> None:
        async for each in pulling.pull(s2, HERE, Known(), new_id, pulling.Looked()):
            found.append(each)  # noqa: PERF401 -- what came before the end is looked at

    with pytest.raises(PullStopped) as stop:
        await until_it_stops()
    assert (stop.value.reply, skus_in(found)) == (reply, ["SKU-1"])


@pytest.mark.parametrize(
    "body", [None, [], {"products": 1, "items": []}, {"items": []}, {"products": [], "items": [1]}]
)
async def test_a_stock_overview_that_says_nothing_is_a_fault(body: Any) -> None:
    found = await pull(PlainS2(others={"/inventory/overview": body}))
    assert len(faults_in(found)) == 1
    assert not [each for each in found if isinstance(each, ReceiveInbound)]


async def test_an_overview_that_is_the_same_is_not_told_again() -> None:
    stock = {"products": [{"id": "p", "sku": "S"}], "items": [{"warehouseId": OURS, "productId": "p", "quantity": 1}]}
    s2 = PlainS2(others={"/inventory/overview": stock})
    first = await pull(s2)
    (mark,) = [each for each in first if isinstance(each, Cursor) and each.what == "stock"]
    again = await pull(s2, Known(cursors={"stock": mark.value}))
    assert [type(each) for each in again] == []


async def test_no_row_counts_twice_when_what_s2_has_is_compared() -> None:
    lines = [f"o-{number}" for number in range(120)]
    here = {ident: FulfillmentHere(ident, "m", f"O-{ident[2:]}", "w", "p", None, None, {}, ()) for ident in lines}
    s2 = PlainS2(orders=[order(number) for number in range(120)])
    told = [each.order_id async for each in pulling.lines_there(s2, HERE, Known(fulfillments=here))]
    assert (len(told), len(set(told))) == (120, 120)


async def test_pages_are_as_long_as_the_profile_says() -> None:
    here = d.Here("main", "wh_1", OURS, frozenset(), "STOCK", profile_with({"page_limit": 20, "page_overlap": 0}))
    s2 = PlainS2(products=[product(number) for number in range(40)])
    found = [each async for each in pulling.pull(s2, here, Known(), new_id, pulling.Looked())]
    assert [len(each.products) for each in found if isinstance(each, ReceiveProducts)] == [20, 20]
    assert json.dumps([path for path in s2.asked if "product" in path]) == (
        '["/product?limit=20&offset=0", "/product?limit=20&offset=20"]'
    )
