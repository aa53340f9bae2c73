"""What sync asks of the store beyond the outbox, as plain reads on the connection it is given."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from local_store import reviewing
from local_store.domain.commands import SeeWork
from local_store.domain.conflicts import WorkHere
from local_store.domain.events import WorkKind
from local_store.outbox import hq_ref
from local_store.parties import address_of
from local_store.reviewing import OpenWork
from sync.dialect import FulfillmentHere, LineHere, PackageHere, PackedHere

_UNKNOWN = {
    "picklist": "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT picklist_id FROM picklist) ORDER BY key",
    "fulfillment": "SELECT value FROM json_each(?)"
    " WHERE value NOT IN (SELECT fulfillment_id FROM fulfillment) ORDER BY key",
    "count_task": "SELECT value FROM json_each(?)"
    " WHERE value NOT IN (SELECT count_task_id FROM count_task) ORDER BY key",
    "pick_task": "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT task_id FROM pick_task) ORDER BY key",
    "return": "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT return_id FROM returned)"
    " AND value NOT IN (SELECT hq_id FROM hq_ref WHERE thing = 'return') ORDER BY key",
}


class KnownHere:
    """The store as one lane's dialect may ask it; see `sync.dialect.Known`."""

    def __init__(self, connection: sqlite3.Connection, lane: str, *, is_source: bool = True) -> None:
        self._db, self._lane, self.is_source = connection, lane, is_source

    def hq_ref(self, thing: str, local_id: str) -> str | None:
        """HQ's id for a thing of ours."""
        return hq_ref(self._db, self._lane, thing, local_id)

    def party(self, party_id: str) -> dict[str, Any] | None:
        """Name and address in one; None when unknown or erased."""
        return address_of(self._db, party_id)

    def unknown(self, thing: str, ids: Sequence[str]) -> list[str]:
        """Those of `ids` that the store does not hold, in order."""
        return [each for (each,) in self._db.execute(_UNKNOWN[thing], (json.dumps(list(ids)),))]

    def cursor(self, what: str) -> str | None:
        """How far `what` was pulled from this lane's HQ."""
        row = self._db.execute(
            "SELECT cursor FROM pull_cursor WHERE lane = ? AND what = ?", (self._lane, what)
        ).fetchone()
        return row[0] if row else None

    def fulfillment(self, fulfillment_id: str) -> FulfillmentHere | None:
        """A fulfillment as it stands here."""
        row = self._db.execute(
            "SELECT fulfillment_id, lane, order_id, warehouse_id, party_id, carrier_hint, service_code, metadata"
            " FROM fulfillment WHERE fulfillment_id = ?",
            (fulfillment_id,),
        ).fetchone()
        if row is None:
            return None
        ident, lane, order_id, warehouse_id, party_id, carrier_hint, service_code, metadata = row
        lines = self._db.execute(
            "SELECT order_line_id, sku, qty, picked, packed FROM fulfillment_line WHERE fulfillment_id = ?"
            " ORDER BY position",
            (fulfillment_id,),
        )
        here = tuple(LineHere(line, sku, *map(Decimal, counts)) for line, sku, *counts in lines)
        said = json.loads(metadata or "{}")
        return FulfillmentHere(ident, lane, order_id, warehouse_id, party_id, carrier_hint, service_code, said, here)

    def fulfillment_of_order(self, order_id: str) -> str | None:
        """The fulfillment of an order number; the first where there are several."""
        row = self._db.execute(
            "SELECT min(fulfillment_id) FROM fulfillment WHERE order_id = ?", (order_id,)
        ).fetchone()
        found: str | None = row[0]
        return found

    def fulfillments_on(self, picklist_id: str) -> tuple[str, ...]:
        """The fulfillments that a picklist is picked for."""
        rows = self._db.execute(
            "SELECT DISTINCT fulfillment_id FROM pick_task WHERE picklist_id = ? ORDER BY fulfillment_id",
            (picklist_id,),
        )
        return tuple(ident for (ident,) in rows)

    def package(self, package_id: str) -> PackageHere | None:
        """A package whose contents are final."""
        row = self._db.execute(
            "SELECT package_id, fulfillment_id, weight_mg, packed_sscc FROM package"
            " WHERE package_id = ? AND packed_sscc IS NOT NULL",
            (package_id,),
        ).fetchone()
        if row is None:
            return None
        items = self._db.execute(
            "SELECT order_line_id, sku, qty FROM package_item WHERE package_id = ? ORDER BY order_line_id",
            (package_id,),
        )
        ident, fulfillment_id, weight_mg, sscc = row
        inside = tuple(PackedHere(line, sku, Decimal(qty)) for line, sku, qty in items)
        return PackageHere(ident, fulfillment_id, weight_mg, sscc, inside)

    def open_work(self, after: str, limit: int) -> list[OpenWork]:
        """The next work of this lane that is not through, after a place in the round."""
        return reviewing.open_work(self._db, self._lane, after, limit)

    def work(self, thing: WorkKind, work_id: str) -> WorkHere | None:
        """A picklist or fulfillment of this lane as it stands."""
        return reviewing.work_here(self._db, self._lane, thing, work_id)

    def is_news(self, seen: SeeWork) -> bool:
        """Whether something follows from what HQ says of work that is here."""
        found = reviewing.review(self._db, seen)
        return bool(found.facts) or found.address


def keep_cursor(connection: sqlite3.Connection, lane: str, what: str, value: str) -> None:
    """Remember how far `what` was pulled."""
    connection.execute("INSERT OR REPLACE INTO pull_cursor VALUES (?,?,?)", (lane, what, value))
