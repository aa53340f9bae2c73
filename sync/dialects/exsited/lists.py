"""Lists of HQ, read newest first and only back to the last days, since filters know days and rows move (4.4).

A row counts once by its uuid, and again only in a newer version.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from sync.dialect import Cursor, Fault, Known, Reply
from sync.dialects.exsited import documents as d
from sync.dialects.exsited.answers import said
from sync.dialects.exsited.capabilities import ExsitedHq, Profile
from sync.reading import body_of

MAX_PAGES = 1000
STALE_PAGES = 3
"""So many pages without anything new are taken for an HQ that turns in circles."""
MOST_PASSED = 20_000
NOT_OFFERED = frozenset({403, 404, 405})


class Reader(Protocol):
    """Reads from HQ."""

    async def get(self, path: str, **query: str | int) -> Reply:
        """One GET of a whole path."""


@dataclass(slots=True)
class Passed:
    """Records that need not be looked at again, by uuid with their version; and the round of the open work."""

    versions: dict[str, Decimal] = field(default_factory=dict)
    after: str = ""

    def holds(self, row: d.Listed) -> bool:
        """Whether this version was looked at."""
        return self.versions.get(row.uuid, Decimal(-1)) >= row.version

    def add(self, *rows: d.Listed) -> None:
        """They need not be looked at again, until they change or too many others came since."""
        for row in rows:
            if len(self.versions) >= MOST_PASSED:
                del self.versions[next(iter(self.versions))]
            self.versions[row.uuid] = row.version


@dataclass(frozen=True, slots=True)
class At:
    """Who pulls, and what is remembered between pulls."""

    lane: str
    settings: ExsitedHq
    profile: Profile
    wall_ms: Callable[[], int]
    passed: Passed
    warehouse_id: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """Our warehouse, and where a picker looks for its goods."""
        return self.warehouse_id, self.settings.location

    def path(self, of: str) -> str:
        """A path below the base."""
        return f"{self.profile.base_path}/{of}"


@dataclass(slots=True)
class Walk:
    """How far a list was read: back to `since`, and the newest time seen."""

    since: str
    newest: str = ""
    faultless: bool = True

    def see(self, row: Any, member: str) -> None:
        """A row came by."""
        told = row.get(member) if isinstance(row, dict) else None
        if isinstance(told, str):
            self.newest = max(self.newest, told)


async def rows(hq: Reader, at: At, path: str, wrapper: str, **query: str) -> AsyncGenerator[Any, None]:
    """The rows of all pages; a Fault where a row or a page cannot be read. Raises PullStopped."""
    seen: dict[str, Decimal] = {}
    offset, stale = 0, 0
    for _ in range(MAX_PAGES):
        reply = await hq.get(path, limit=at.profile.page_limit, offset=offset, **query)
        page = d.page(body(reply), wrapper)
        if isinstance(page, Fault):
            yield page
            return
        fresh = 0
        for row in page.rows:
            head = d.read(d.Listed, row, f"HQ's {wrapper}, {d.named(row)}")
            if isinstance(head, Fault):
                yield head
            elif seen.get(head.uuid, Decimal(-1)) < head.version:
                seen[head.uuid] = head.version
                fresh += 1
                yield row
        stale = 0 if fresh else stale + 1
        if page.is_last or not page.rows or stale == STALE_PAGES:
            break
        offset += max(1, len(page.rows) - at.profile.page_overlap)
    else:
        stale = STALE_PAGES
    if stale == STALE_PAGES:
        yield Fault(f"HQ's list {wrapper} has no end: at row {offset} it gave what it gave before.")


async def newest_first(hq: Reader, at: At, path: str, wrapper: str, walk: Walk) -> AsyncGenerator[Any, None]:
    """The rows back to `walk.since`, newest first. Raises PullStopped."""
    async for row in rows(hq, at, path, wrapper, order_by=at.profile.created_field, direction="desc"):
        made = row.get(at.profile.created_field) if isinstance(row, dict) else None
        if isinstance(made, str) and made < walk.since:
            return
        walk.see(row, at.profile.created_field)
        walk.faultless = walk.faultless and not isinstance(row, Fault)
        yield row


def walk_of(at: At, known: Known, what: str) -> Walk:
    """Back to some days before what was read last; at first to the days that the profile has."""
    last = known.cursor(what)
    today = datetime.fromtimestamp(at.wall_ms() / 1000, UTC).date()
    start = date.fromisoformat(last[:10]) if last else today
    days = at.profile.overlap_days if last else at.profile.first_days
    return Walk((start - timedelta(days=days)).isoformat(), last or "")


def end_of(known: Known, what: str, walk: Walk) -> list[Cursor]:
    """How far was read, once everything before it is in the store and nothing had a fault."""
    return [Cursor(what, walk.newest)] if walk.faultless and walk.newest > (known.cursor(what) or "") else []


def body(reply: Reply) -> Any:
    """What HQ said. Raises PullStopped for anything but success."""
    return body_of(reply, lambda answer: said(answer.status, answer.body))
