"""Lists in pages: an opaque cursor is the sort key of the last row shown."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from web.problems import Refused

MAX_LIMIT = 500
MAX_CURSOR = 1000

Token = Annotated[str, Field(max_length=MAX_CURSOR)]


class NoQuery(BaseModel):
    """A read without parameters; any given one is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Page(NoQuery):
    """The parameters every list takes."""

    cursor: Token | None = None
    limit: int = Field(default=100, ge=1, le=MAX_LIMIT)


def cursor_after(position: Sequence[int | str]) -> str:
    """The cursor that continues behind the row with this sort key."""
    return base64.urlsafe_b64encode(json.dumps(list(position)).encode()).decode().rstrip("=")


def position_of(cursor: str | None, start: Sequence[int | str]) -> list[int | str]:
    """The sort key in `cursor`, or `start` without one. Raises Refused 422 for a cursor this list did not give."""
    if cursor is None:
        return list(start)
    try:
        position = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        json.dumps(position, ensure_ascii=False).encode()  # half a character is no text, and no key
    except (binascii.Error, ValueError, RecursionError) as error:
        raise _bad_cursor(cursor) from error
    if not isinstance(position, list) or [type(part) for part in position] != [type(part) for part in start]:
        raise _bad_cursor(cursor)
    if any(isinstance(part, int) and abs(part) >= 2**63 for part in position):
        raise _bad_cursor(cursor)
    return position


def page(items: list[Any], limit: int, last: Sequence[int | str] | None) -> dict[str, Any]:
    """`{items, next_cursor}`; `last` is the sort key of the last item. An empty page may follow a full one."""
    more = last is not None and len(items) == limit
    return {"items": items, "next_cursor": cursor_after(last) if more and last is not None else None}


def sliced(items: Sequence[Any], query: Page) -> dict[str, Any]:
    """The page of a short list that is made whole each time; the cursor is the place to go on at."""
    (start,) = position_of(query.cursor, [0])
    end = int(start) + query.limit
    return {"items": list(items[int(start) : end]), "next_cursor": cursor_after([end]) if end < len(items) else None}


def _bad_cursor(cursor: str) -> Refused:
    return Refused(422, "bad_cursor", f"{cursor} is not a cursor of this list. Start again without one.")
