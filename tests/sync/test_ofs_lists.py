"""HQ's lists are read to their last page; what an HQ does not offer gives nothing, where that is expected."""

from __future__ import annotations

from typing import Any

import pytest

from sync.dialect import Answer, Fault, PullStopped, Reply
from sync.dialects.ofs.lists import MAX_PAGES, items


class Pages:
    """An HQ that gives these pages in their order, and the last one for ever."""

    def __init__(self, *pages: Answer) -> None:
        self.pages = pages
        self.asked: list[dict[str, str | int]] = []

    async def get(self, path: str, **query: str | int) -> Reply:
        self.asked.append({"path": path, **query})
        return self.pages[min(len(self.asked), len(self.pages)) - 1]


def page(*found: Any, cursor: str | None = None) -> Answer:
    return Answer(200, {"items": list(found), "next_cursor": cursor})


async def read(hq: Pages, *not_offered: int) -> list[Any]:
    return [each async for each in items(hq, "/things", "HQ's thing list", frozenset(not_offered), status="open")]


async def test_all_pages_are_asked_for_by_the_cursor_of_the_one_before() -> None:
    hq = Pages(page(1, 2, cursor="b"), page(3, cursor="c"), page(4))
    assert await read(hq) == [1, 2, 3, 4]
    assert [asked.get("cursor") for asked in hq.asked] == [None, "b", "c"]
    assert {asked["status"] for asked in hq.asked} == {"open"}


async def test_an_hq_that_turns_in_circles_is_left() -> None:
    assert await read(Pages(page(1, cursor="a"), page(2, cursor="a"))) == [1, 2]
    to_and_fro = Pages(*(page(cursor=str(n)) for n in range(MAX_PAGES + 1)))
    assert await read(to_and_fro) == []
    assert len(to_and_fro.asked) == MAX_PAGES


async def test_what_is_not_offered_gives_nothing_and_any_other_refusal_ends_the_pull() -> None:
    refused = Answer(404, {"error": {"code": "not_found", "message": "no such path"}})
    assert await read(Pages(refused), 404) == []
    for not_offered in ((), (403,)):
        with pytest.raises(PullStopped, match="no such path") as stopped:
            await read(Pages(refused), *not_offered)
        assert stopped.value.reply == refused


async def test_a_page_that_cannot_be_read_is_named_and_the_items_before_it_are_taken() -> None:
    one, fault = await read(Pages(page(1, cursor="b"), Answer(200, {"items": 5})))
    assert one == 1
    assert isinstance(fault, Fault)
    assert fault.sentence.startswith("HQ's thing list: items: ")
