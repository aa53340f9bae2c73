"""Whatever HQ says of work and products, it becomes work or a sentence, never a fault of ours."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local_store.domain.commands import SeeWork
from local_store.domain.conflicts import LineHere, Stage, WorkHere, review
from local_store.domain.events import WorkKind
from local_store.reviewing import OpenWork
from sync.dialect import Answer, Fault, PullStopped, Reply
from sync.dialects.ofs.pulling import Round, Station, pull
from tests.sync.plain_known import PlainKnown
from tests.sync.station import new_id

WORDS = st.sampled_from(
    ["F1", "PL1", "T1", "L1", "SKU-1", "open", "", "\x1b[2J", "x" * 200, "..", "1e400", "-3", "NaN"]
)
VALUES = st.none() | st.booleans() | st.integers(-3, 10**12) | st.floats() | WORDS
LINE = {"order_line_id": "L1", "sku": "SKU-1", "qty": 2, "picked": 1}
GOOD: dict[str, dict[str, Any]] = {
    "products": {"sku": "SKU-1", "name": "Tea", "barcodes": [{"barcode": "B", "multiplier": 6}]},
    "row": {"picklist_id": "PL1"},
    "task": {
        "task_id": "T1",
        "fulfillment_id": "F1",
        "order_line_id": "L1",
        "location_id": "A-1",
        "sku": "SKU-1",
        "qty": 2,
        "status": "open",
    },
    "picklist": {"id": "PL1", "warehouse_id": "wh_1", "status": "draft"},
    "fulfillment": {"id": "F1", "order_id": "O1", "warehouse_id": "wh_1", "status": "picked", "lines": [LINE]},
}


LINE_HERE = LineHere("T1", "Tea (SKU-1)", Decimal(2), Decimal(1), touched=True)


class Nothing(PlainKnown):
    """A store that knows nothing yet but that PL1 and F1 are begun."""

    def open_work(self, after: str, limit: int) -> list[OpenWork]:
        return [OpenWork("1:PL1", "picklist", "PL1"), OpenWork("2:F1", "fulfillment", "F1")]

    def work(self, thing: WorkKind, work_id: str) -> WorkHere | None:
        return WorkHere(thing, work_id, "main", "it", Stage.PICKING, False, (LINE_HERE,))

    def is_news(self, seen: SeeWork) -> bool:
        here = self.work(seen.thing, seen.work_id)
        return here is not None and bool(review(here, seen, None).facts)


class Spoiled:
    """An HQ one member of whose documents has a value it should not have."""

    def __init__(self, place: str, member: str, value: Any) -> None:
        self.documents = {name: dict(document) for name, document in GOOD.items()}
        self.documents[place][member] = value

    async def get(self, path: str, **query: str | int) -> Reply:
        of = self.documents
        if path == "/edge/products":
            return Answer(200, {"items": [of["products"]], "watermark": "1"})
        if path == "/tasks":
            return Answer(200, {"items": [of["row"], GOOD["row"]]})
        if path == "/fulfillments":
            return Answer(200, {"items": [of["fulfillment"]]})
        if path == "/returns":
            return Answer(200, {"items": []})
        if path.startswith("/picklists/"):
            return Answer(200, {"tasks": [of["task"]], **of["picklist"]})
        return Answer(200, of["fulfillment"])


@settings(max_examples=500)
@given(st.data())
def test_one_wrong_value_anywhere_is_work_or_a_sentence(data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(sorted(GOOD)))
    more = {"fulfillment": ["ship_to", "insurance"], "picklist": ["tasks", "priority"], "products": ["gtin"]}
    member = data.draw(st.sampled_from(sorted(GOOD[place]) + more.get(place, [])))
    value = data.draw(VALUES | st.lists(VALUES, max_size=2) | st.dictionaries(WORDS, VALUES, max_size=2))

    async def everything() -> list[Any]:
        got = pull(Spoiled(place, member, value), Station("main", "st-1", "wh_1"), Nothing(), new_id, Round())
        return [each async for each in got]

    for each in asyncio.run(everything()):
        if isinstance(each, Fault):
            assert each.sentence.isprintable()
            assert 0 < len(each.sentence) <= 500


def test_a_pull_that_hq_refuses_stops_with_its_words() -> None:
    class Refusing:
        async def get(self, path: str, **query: str | int) -> Reply:
            return Answer(403, {"error": {"message": "Not for you."}})

    async def first() -> Any:
        return await anext(pull(Refusing(), Station("main", "st-1", "wh_1"), Nothing(), new_id, Round()))

    with pytest.raises(PullStopped, match=r"^HQ answered 403: Not for you\.$"):
        asyncio.run(first())
