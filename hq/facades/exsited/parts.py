"""What comes in several parts, of a purchase order or of a return: the parts, and how much came in all of them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hq import central
from hq.calls import Act
from hq.facades.exsited.goods import DIALECT
from hq.facades.exsited.shapes import Row, stamp


def parts_of(act: Act, kind: str, of: str) -> list[central.Record]:
    """The records of a kind that belong to `of`, in the order they were made."""
    return [each for each in central.records(act, DIALECT, kind) if each.body["of"] == of]


def came_of(act: Act, kind: str, of: str) -> Counter[str]:
    """Units by line, over all its parts."""
    total: Counter[str] = Counter()
    for each in parts_of(act, kind, of):
        total.update(each.body["quantities"])
    return total


def row_of(record: central.Record, whole: Any, **more: str) -> Row:
    """A record as a list sorts and filters it; `more` are further members to filter by."""
    keys = {
        "id": record.record_id,
        "created_on": stamp(record.created_at),
        "last_updated_on": stamp(record.updated_at),
        "date": record.body.get("date", record.created_at[:10]),
        **more,
    }
    return Row(keys, whole)
