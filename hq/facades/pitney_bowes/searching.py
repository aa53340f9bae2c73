"""Searches (hq_contracts 3.3): pages from 1 on, sorted and filtered as the body says. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from hq.facades.pitney_bowes.door import Ask, wrong

SIZE = 20
DATES = ("createDate", "updateDate", "pbCreateDate", "pbUpdateDate")

Row = dict[str, Any]
Test = Callable[[Row, Sequence[str]], bool]


def one_of(member: str) -> Test:
    """A search field whose values are those of `member`."""
    return lambda row, values: row.get(member) in values


def between(member: str) -> Test:
    """A search field of a date: from the first value on, and to the second where there is one (assumed, 3.3)."""

    def holds(row: Row, values: Sequence[str]) -> bool:
        told = row.get(member)
        return isinstance(told, str) and bool(values) and values[0] <= told <= (values[1] if values[1:] else told)

    return holds


DATE_FIELDS: Mapping[str, Test] = {name: between(name) for name in DATES}


def searched(ask: Ask, rows: Iterable[Row], fields: Mapping[str, Test], default: str) -> dict[str, Any]:
    """A page of the rows that pass every search field, sorted by the first sort given."""
    found = [row for row in rows if all(test(row, values) for test, values in _tests(ask.body, fields))]
    member, descending = order(ask.body, default)
    found.sort(key=lambda row: str(row.get(member, "")), reverse=descending)
    number, size = place(ask.query)
    return page(found[(number - 1) * size : number * size], len(found), number, size)


def page(content: list[Row], total: int, number: int, size: int) -> dict[str, Any]:
    """The answer to a search."""
    pages = -(-total // size)
    return {
        "totalPages": pages,
        "totalElements": total,
        "first": number == 1,
        "last": number >= pages,
        "size": size,
        "number": number,
        "content": content,
    }


def place(query: Mapping[str, str]) -> tuple[int, int]:
    """Which page, and how long; the contract has checked both."""
    return int(query.get("page", "1")), int(query.get("size", str(SIZE)))


def order(body: Mapping[str, Any], default: str) -> tuple[str, bool]:
    """The member to sort by, and whether from high to low."""
    member, _, direction = (body.get("sort") or [default])[0].rpartition("-")
    return str(member), direction == "desc"


def values_of(body: Mapping[str, Any], known: Iterable[str]) -> dict[str, list[str]]:
    """The search fields by name. Raises Refused for one that is not known (assumed, 3.3)."""
    names = list(known)
    found: dict[str, list[str]] = {}
    for field in body.get("searchFields", []):
        if field["name"] not in names:
            raise wrong("searchFields", f"{field['name'][:50]} cannot be searched; it is one of {', '.join(names)}.")
        found[field["name"]] = field.get("values", [])
    return found


def seconds(moment: str) -> str:
    """A time of the truth as `YYYY-MM-DDThh:mm:ssZ`."""
    return datetime.fromisoformat(moment).strftime("%Y-%m-%dT%H:%M:%SZ")


def _tests(body: Mapping[str, Any], fields: Mapping[str, Test]) -> list[tuple[Test, list[str]]]:
    return [(fields[name], values) for name, values in values_of(body, fields).items()]
