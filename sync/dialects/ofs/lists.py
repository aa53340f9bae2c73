"""HQ's lists: one page, or the items of all pages. What one HQ does not offer is an argument, and gives nothing."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from collections.abc import Set as AbstractSet
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field

from sync.dialect import Answer, Fault, Reply
from sync.dialects.ofs.capabilities import PROFILE
from sync.reading import body_of, document
from sync.wording import said

NOT_FOUND = 404
MAX_PAGES = 1000
"""More pages than this in one pull are taken for an HQ that turns in circles."""
NO_EXTENSION = frozenset({NOT_FOUND})
"""What an HQ answers that does not have an extension of ours."""


class Reader(Protocol):
    """Reads from HQ."""

    async def get(self, path: str, **query: str | int) -> Reply:
        """One GET below the base path."""


class Page(BaseModel):
    """One page of a list; its items as HQ gave them."""

    model_config = ConfigDict(extra="ignore", defer_build=True)
    items: list[Any] = Field(alias=PROFILE.page_items, max_length=10_000)
    next_cursor: str | None = Field(default=None, alias=PROFILE.page_cursor, max_length=2000)
    watermark: str | None = Field(default=None, max_length=2000)
    """Of the products: where the next pull goes on."""


async def page_of(
    hq: Reader, path: str, what: str, not_offered: AbstractSet[int] = frozenset(), **query: str
) -> Page | Fault | None:
    """One page of the list that is called `what`; None where HQ's status is in `not_offered`. Raises PullStopped."""
    reply = await hq.get(path, limit=PROFILE.page_limit, **query)
    if isinstance(reply, Answer) and reply.status in not_offered:
        return None
    return document(Page, answered(reply), what)


async def items(
    hq: Reader, path: str, what: str, not_offered: AbstractSet[int] = frozenset(), **query: str
) -> AsyncGenerator[Any, None]:
    """The items of all pages, as HQ gave them; a Fault where a page cannot be read. Raises PullStopped."""
    cursor: str | None = None
    for _ in range(MAX_PAGES):
        more = {"cursor": cursor} if cursor else {}
        page = await page_of(hq, path, what, not_offered, **query, **more)
        if not isinstance(page, Page):
            if page is not None:
                yield page
            return
        for item in page.items:
            yield item
        if page.next_cursor is None or page.next_cursor == cursor:
            return
        cursor = page.next_cursor


def answered(reply: Reply) -> Any:
    """What HQ said. Raises PullStopped, with HQ's own words, for anything but success."""
    return body_of(reply, lambda answer: said(answer.status, answer.body))
