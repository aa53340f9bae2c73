"""What every call of Exsited has in common: ids, numbers as text, stamps, pages, filters (hq_contracts 4.3, 4.4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

from aiohttp import web

from web.problems import Refused

EXSITED = uuid5(NAMESPACE_URL, "urn:exsited")
BASE_UOM = "EACH"
THOUSANDTH = Decimal("0.001")
MOST, USUAL = 100, 20
FILTER = re.compile(r"[a-z-]+/(?P<field>[a-z_]+) (?P<operator>[a-z_]+) (?:datetime)?'(?P<value>[^']*)'")
OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda has, value: has == value,
    "ne": lambda has, value: has != value,
    "gt": lambda has, value: has > value,
    "ge": lambda has, value: has >= value,
    "lt": lambda has, value: has < value,
    "le": lambda has, value: has <= value,
    "contain": lambda has, value: value in has,
    "not_contain": lambda has, value: value not in has,
}


@dataclass(frozen=True)
class Row:
    """What a list is sorted and filtered by, and how to get the whole record: only a page's are asked for."""

    keys: dict[str, str]
    whole: Callable[[], dict[str, Any]]


def uid(kind: str, *ids: str) -> str:
    """The uuid of a thing, made from our ids: the same after any restart."""
    return str(uuid5(EXSITED, "/".join((kind, *ids))))


def number(value: Decimal | int) -> str:
    """A decimal as text, e.g. `40.000000`."""
    return f"{Decimal(value):.6f}"


def stamp(moment: str) -> str:
    """Our time without its milliseconds."""
    return moment[:19] + "Z"


def warehouse_name(warehouse_id: str) -> str:
    """Warehouses go by name there."""
    return f"Warehouse {warehouse_id}"


def warehouse_id(name: str) -> str:
    """Which of ours has this name."""
    return name.removeprefix("Warehouse ")


def units(quantity: Any, rate: Decimal, what: str) -> int:
    """A quantity of some unit of measure in whole base units. Raises Refused 400 when it is not whole."""
    base = (Decimal(str(quantity)) * rate).quantize(THOUSANDTH)
    if base != base.to_integral_value() or base <= 0:
        raise Refused(400, "quantity", f"{what}: {quantity} is {base} base units; only whole units move here.")
    return int(base)


def audit(kind: str, ident: str, *, created: str, updated: str, by: str, version: int) -> dict[str, str]:
    """The members at the end of every record."""
    return {
        "created_by": by,
        "created_on": stamp(created),
        "last_updated_by": by,
        "last_updated_on": stamp(updated),
        "uuid": uid(kind, ident),
        "version": str(version),
    }


def paged(request: web.Request, rows: Sequence[Row]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The records of the page that was asked for, and its `pagination`. Newest first, if nothing else is asked."""
    found = _filtered(request, rows)
    by = request.query.get("order_by", "created_on")
    found.sort(key=lambda row: (row.keys.get(by, row.keys["created_on"]), row.keys["id"]))
    if request.query.get("direction", "desc") == "desc":
        found.reverse()
    limit = int(request.query.get("limit", USUAL))
    offset = int(request.query.get("offset", 0))
    more = offset + limit < len(found)
    pagination = {
        "records": len(found),
        "limit": limit,
        "offset": offset,
        "previous_page": _address(request, max(0, offset - limit)) if offset else "",
        "next_page": _address(request, offset + limit) if more else "NULL",
    }
    return [row.whole() for row in found[offset : offset + limit]], pagination


def _filtered(request: web.Request, rows: Sequence[Row]) -> list[Row]:
    match = FILTER.fullmatch(request.query.get("filter", ""))
    if match is None:
        return list(rows)
    field, holds, value = match["field"], OPERATORS[match["operator"]], match["value"]
    dated = field in {"created_on", "last_updated_on", "date"}
    if dated:
        _day(value)
    return [row for row in rows if holds((row.keys.get(field, "")[:10] if dated else row.keys.get(field, "")), value)]


def _day(text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise Refused(400, "filter", f"filter: {text[:40]} is not a day as YYYY-MM-DD.") from error


def _address(request: web.Request, offset: int) -> str:
    query = {**request.query, "offset": str(offset)}
    return f"{request.scheme}://{request.host}{request.path}?{urlencode(query)}"
