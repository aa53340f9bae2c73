"""Which things a fact tells of, by the names of its members, so that a new fact is in the story by itself. Pure.

A member `package_id` anywhere in a fact tells of that package; `serial` and `serials` tell of single units.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from local_store.domain import events as e
from local_store.domain.events import Fact

THINGS: Mapping[str, str] = {
    "picklist_id": "picklist",
    "fulfillment_id": "fulfillment",
    "package_id": "package",
    "return_id": "return",
    "manifest_id": "manifest",
    "work_order_id": "work_order",
}
"""Member of a fact -> what it names."""
LISTS: Mapping[str, str] = {"fulfillment_ids": "fulfillment", "left_behind": "package", "serials": "serial"}
"""Members that name several."""
SERIAL = "serial"


class Told(NamedTuple):
    """A thing that a fact tells of: `package`, `pkg_1`."""

    thing: str
    id: str


def things(fact: Fact) -> frozenset[Told]:
    """What a fact tells of; nothing for facts about the station."""
    found = set(_named(fact.model_dump(mode="json", exclude_defaults=True)))
    if isinstance(fact, e.OfWork):
        found.add(Told(fact.thing, fact.work_id))
    return frozenset(found)


def _named(value: Any) -> Iterator[Told]:
    if isinstance(value, list):
        for each in value:
            yield from _named(each)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name in LISTS and isinstance(inner, list):
                yield from (Told(LISTS[name], each) for each in inner if isinstance(each, str) and each)
            elif name == SERIAL and isinstance(inner, str) and inner:
                yield Told(SERIAL, inner)
            elif name in THINGS and isinstance(inner, str) and inner:
                yield Told(THINGS[name], inner)
            else:
                yield from _named(inner)
