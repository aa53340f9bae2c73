"""S2's identifiers and times for things of the truth: the same after every restart, though nothing is kept."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from zlib import crc32

from hq.calls import Act

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:warehouse-edge-agent:hq:s2")
_MOST_DIGITS = 3


def id_of(kind: str, ident: str) -> str:
    """The UUID S2 has for a thing of the truth, e.g. `id_of("product", "SKU-1")`."""
    return str(uuid.uuid5(_SPACE, f"{kind}/{ident}"))


ORGANIZATION = id_of("organization", "house")


def stamp(time: str, salt: str) -> str:
    """A time of the truth with 3 to 6 fractional digits (hq_contracts 5), the same for the same `salt`."""
    digits = crc32(salt.encode()) % (_MOST_DIGITS + 1)
    return f"{time[:-1]}{str(crc32(time.encode()) % 9 + 1) * digits}Z"


class Directory:
    """What the ids of a kind stand for: read again from the truth when one is asked for that was not met yet."""

    def __init__(self, kind: str, query: str) -> None:
        """`query` gives every name of the kind, one column."""
        self._kind, self._query = kind, query
        self._names: dict[str, str] = {}

    def name_of(self, act: Act, s2_id: str) -> str | None:
        """The name in the truth, None for an id that is not S2's."""
        if s2_id not in self._names:
            rows: Iterable[tuple[str]] = act.db.execute(self._query).fetchall()
            self._names = {id_of(self._kind, row[0]): row[0] for row in rows}
        return self._names.get(s2_id)


def directories() -> dict[str, Directory]:
    """One for each kind whose ids a caller may send."""
    queries: dict[str, str] = {
        "product": "SELECT sku FROM product",
        "order": "SELECT order_id FROM fulfillment",
        "warehouse": "SELECT warehouse_id FROM location UNION SELECT warehouse_id FROM fulfillment",
    }
    return {kind: Directory(kind, query) for kind, query in queries.items()}
