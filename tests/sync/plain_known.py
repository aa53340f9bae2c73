"""What a dialect may ask of the store, answered from plain values: for tests of translations, which are pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sync.dialect import FulfillmentHere, PackageHere


@dataclass
class PlainKnown:
    """A store that knows just this; by default nothing."""

    refs: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(thing, local id) -> HQ's id."""
    parties: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    fulfillments: Mapping[str, FulfillmentHere] = field(default_factory=dict)
    packages: Mapping[str, PackageHere] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The fulfillments on a picklist."""
    cursors: Mapping[str, str] = field(default_factory=dict)
    is_source: bool = True

    def hq_ref(self, thing: str, local_id: str) -> str | None:
        return self.refs.get((thing, local_id))

    def party(self, party_id: str) -> dict[str, Any] | None:
        return self.parties.get(party_id)

    def unknown(self, thing: str, ids: Sequence[str]) -> list[str]:
        here = self.fulfillments if thing == "fulfillment" else {}
        return [each for each in ids if each not in here]

    def cursor(self, what: str) -> str | None:
        return self.cursors.get(what)

    def fulfillment(self, fulfillment_id: str) -> FulfillmentHere | None:
        return self.fulfillments.get(fulfillment_id)

    def fulfillment_of_order(self, order_id: str) -> str | None:
        found = (each for each in self.fulfillments.values() if each.order_id == order_id)
        first = next(found, None)
        return first.fulfillment_id if first else None

    def fulfillments_on(self, picklist_id: str) -> tuple[str, ...]:
        return self.lists.get(picklist_id, ())

    def package(self, package_id: str) -> PackageHere | None:
        return self.packages.get(package_id)
