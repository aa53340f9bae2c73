"""What HQ says of shelves: only what is news, only what is a count, and nothing from an HQ that does not offer it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from decimal import Decimal
from typing import Any

import pytest
import uuid_utils.compat as uuid

from local_store.domain.commands import ReceiveInbound
from sync.dialect import Answer, Fault, Pulled, Reply
from sync.dialects.ofs import shelves
from tests.sync.plain_known import PlainKnown


class SomeHq:
    """Answers every question alike, and keeps what it was asked."""

    def __init__(self, status: int, *items: Any, cursor: str | None = None) -> None:
        self.reply = Answer(status, {"items": list(items), "next_cursor": cursor})
        self.asked: list[dict[str, str | int]] = []

    async def get(self, path: str, **query: str | int) -> Reply:
        self.asked.append({"path": path, **query})
        return self.reply


async def all_of(pulled: AsyncGenerator[Pulled, None]) -> list[Pulled]:
    return [each async for each in pulled]


def shelf(location: str, on_hand: Any) -> dict[str, Any]:
    return {"location_id": location, "sku": "TEA", "on_hand": on_hand, "reserved": 0}


async def read(hq: SomeHq, known: shelves.Shelves) -> list[Pulled]:
    return await all_of(shelves.stock(hq, "main", "wh_1", uuid.uuid7, known))


async def counts(hq: SomeHq) -> list[Pulled]:
    return await all_of(shelves.counts(hq, "main", "wh_1", PlainKnown(), uuid.uuid7))


async def test_what_hq_believes_is_told_where_it_changed_page_after_page_and_then_from_the_first_again() -> None:
    known, hq = shelves.Shelves(), SomeHq(200, shelf("A-1", 3), shelf("A-2", 4), cursor="next")
    (told,) = await read(hq, known)
    assert isinstance(told, ReceiveInbound)
    assert [(each.location_id, each.qty) for each in told.stock] == [("A-1", Decimal(3)), ("A-2", Decimal(4))]
    assert await read(hq, known) == []
    assert hq.asked[1]["cursor"] == "next"
    (told,) = await read(SomeHq(200, shelf("A-1", 2), shelf("A-2", 4)), known)
    assert isinstance(told, ReceiveInbound)
    assert [(each.location_id, each.qty) for each in told.stock] == [("A-1", Decimal(2))]
    assert known.cursor == ""


async def test_a_row_that_cannot_be_used_is_named_and_the_others_are_taken() -> None:
    fault, told = await read(SomeHq(200, shelf("A-1", -3), shelf("A-2", 4)), shelves.Shelves())
    assert isinstance(fault, Fault)
    assert fault.sentence.startswith("HQ's stock: on_hand: should be greater than or equal to 0")
    assert isinstance(told, ReceiveInbound)
    assert len(told.stock) == 1


async def test_only_counts_are_taken_from_an_hq_that_gives_all_its_tasks() -> None:
    wanted = {"type": "count", "task_id": "T1", "subject": "A-1", "instructions": "empty?"}
    told, *more = await counts(SomeHq(200, {"type": "pick", "task_id": "P1"}, "nonsense", wanted))
    assert more == []
    assert isinstance(told, ReceiveInbound)
    assert [(each.count_task_id, each.location_id, each.reason) for each in told.counts] == [("T1", "A-1", "empty?")]
    assert [(ref.thing, ref.local_id) for ref in told.refs] == [("count", "T1")]


async def test_a_count_of_nowhere_is_a_fault() -> None:
    (fault,) = await counts(SomeHq(200, {"type": "count", "task_id": "T1"}))
    assert isinstance(fault, Fault)
    assert "subject" in fault.sentence


@pytest.mark.parametrize("status", [404, 422])
async def test_an_hq_without_our_extension_gives_none_and_that_is_no_fault(status: int) -> None:
    assert await read(SomeHq(status), shelves.Shelves()) == []
    assert await counts(SomeHq(status)) == []
