"""What the routes of floor work need of the agent around them."""

from __future__ import annotations

from typing import NamedTuple

from local_store.clock import Clock
from local_store.store import Store


class Around(NamedTuple):
    """The store and the clock."""

    store: Store
    clock: Clock
