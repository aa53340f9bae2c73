"""How Pitney Bowes is searched (hq_contracts 3.3): pages from 1 on, rows in an array whose name was not seen.

There is no change cursor: what changed is read newest first, back to a little before the newest of the last pull.
Rows that move to other pages meanwhile come twice and do no harm; none is passed over.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel

from local_store.clock import Clock
from sync.dialect import Answer, Cursor, Fault, Known, Reply
from sync.dialects.pitney_bowes.capabilities import PbHq, Profile
from sync.dialects.pitney_bowes.errors import said
from sync.dialects.pitney_bowes.shapes import read
from sync.reading import body_of
from sync.wording import clean, shown

NOT_FOUND = 404
MS_PER_S = 1000

Row = dict[str, Any]
Document = TypeVar("Document", bound=BaseModel)


class Tries:
    """How often something was answered 404, "not available right now" among other things; kept in memory."""

    MOST = 1000

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._count: dict[str, int] = {}

    def used_up(self, key: str) -> bool:
        """Count one more; True when it was the last that is waited for."""
        if len(self._count) >= self.MOST:
            self._count.clear()
        self._count[key] = self._count.get(key, 0) + 1
        return self._count[key] >= self._limit

    def clear(self, key: str) -> None:
        """It answered."""
        self._count.pop(key, None)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, what the site set, and what is remembered from one pull to the next."""

    lane: str
    warehouse_id: str
    settings: PbHq
    clock: Clock
    tries: Tries
    faults: dict[str, list[Fault]]
    """What was wrong with the documents of the last whole reading: shown until the next."""

    @property
    def node(self) -> str:
        """The facility id of our warehouse at theirs."""
        return self.settings.node or self.warehouse_id

    @property
    def profile(self) -> Profile:
        """The assumptions."""
        return self.settings.profile


class Reader(Protocol):
    """Reads from HQ."""

    async def search(self, path: str, page: int, body: Mapping[str, Any]) -> Reply:
        """One page of a search."""


@dataclass(slots=True)
class Sweep(Generic[Document]):
    """A reading of what changed of one kind of document.

    `known_by` is the member that names one in sentences, `dates` the member of its last change in any spelling.
    """

    what: str
    path: str
    model: type[Document]
    known_by: str
    names: Mapping[str, str]
    sort: str = "pbUpdateDate-desc"
    dates: tuple[str, ...] = ("pbUpdateDate",)
    faultless: bool = field(default=True, init=False)
    newest: datetime | None = field(default=None, init=False)

    def cursor(self) -> list[Cursor]:
        """How far was read; none after a fault, so that it is read and shown again until it is mended."""
        return [Cursor(self.what, self.newest.isoformat())] if self.faultless and self.newest else []


async def changed(
    hq: Reader, asker: Asker, known: Known, sweep: Sweep[Document]
) -> AsyncGenerator[Document | Fault, None]:
    """Documents from the newest back to a little before the newest of the last pull. Raises PullStopped."""
    now = datetime.fromtimestamp(asker.clock.wall_ms() / MS_PER_S, UTC)
    since = known.cursor(sweep.what)
    sweep.newest = datetime.fromisoformat(since) if since else None
    overlap, first = timedelta(seconds=asker.profile.overlap_s), timedelta(days=asker.profile.first_days)
    floor = sweep.newest - overlap if sweep.newest else now - first
    async for row in rows(hq, asker, sweep.path, sweep.sort):
        moment = None if isinstance(row, Fault) else _moment(row, sweep.dates)
        if moment is not None and moment < floor:
            return
        found = row if isinstance(row, Fault) else _document(sweep, row, moment)
        if isinstance(found, Fault):
            sweep.faultless = False
        elif moment is not None and (sweep.newest is None or moment > sweep.newest):
            sweep.newest = min(moment, now)  # a time to come would hide whatever changes until then
        yield found


async def rows(hq: Reader, asker: Asker, path: str, sort: str) -> AsyncGenerator[Row | Fault, None]:
    """The rows of all pages. Raises PullStopped."""
    async for page in pages(hq, asker, path, sort):
        for row in [page] if isinstance(page, Fault) else page:
            yield row if isinstance(row, dict | Fault) else Fault(clean(f"HQ's {path}: a row is {shown(row)}."))


async def pages(hq: Reader, asker: Asker, path: str, sort: str) -> AsyncGenerator[list[Any] | Fault, None]:
    """The pages of a search, from 1 on. Raises PullStopped."""
    for number in range(1, asker.profile.most_pages + 1):
        reply = await hq.search(path, number, {"sort": [sort]})
        if isinstance(reply, Answer) and reply.status == NOT_FOUND and not asker.tries.used_up(path):
            yield Fault(f"HQ's {path} is not available right now; it is asked again.")
            return
        body = body_of(reply, lambda answer: said(answer.status, answer.body))
        asker.tries.clear(path)
        page = rows_of(body, path)
        yield page
        if isinstance(page, Fault) or is_last(body, page, number):
            return
    yield Fault(f"HQ's {path} has no end: it was left after {asker.profile.most_pages} pages.")


def rows_of(body: Any, path: str) -> list[Any] | Fault:
    """The rows of a page: the only array there is."""
    arrays = [value for value in body.values() if isinstance(value, list)] if isinstance(body, dict) else []
    if len(arrays) != 1:
        return Fault(clean(f"HQ's {path}: should hold one array of rows, got {shown(body)}."))
    return arrays[0]


def is_last(body: Row, page: list[Any], number: int) -> bool:
    """Whether no page follows."""
    last, count = body.get("last"), body.get("totalPages")
    return not page or last is True or (isinstance(count, int) and number >= count)


def name_of(item: Any, member: str) -> str:
    """What to call a document in a sentence."""
    name = item.get(member) if isinstance(item, dict) else None
    return clean(name)[:60] if isinstance(name, str) else "without a name"


def _document(sweep: Sweep[Document], row: Row, moment: datetime | None) -> Document | Fault:
    what = f"HQ's {sweep.what} {name_of(row, sweep.known_by)}"
    if moment is None:
        told = shown(next((row[name] for name in sweep.dates if name in row), None))
        return Fault(clean(f"{what}: {sweep.dates[0]}: should be a time with its zone, got {told}."))
    return read(sweep.model, row, what, sweep.names)


def _moment(row: Row, dates: tuple[str, ...]) -> datetime | None:
    text = next((row[name] for name in dates if isinstance(row.get(name), str)), "")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
