"""Which journal rows tell of which thing; read by `local_store.story`."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from local_store import counts
from local_store.domain import events as e
from local_store.domain.events import Fact
from local_store.domain.story import things
from local_store.works.part import Acts, DeskLoad, Rule

TABLES = ("story",)
ACTS: Acts = {}
DESKS: Mapping[str, DeskLoad] = {}

_NAME_NOTHING = frozenset({e.ProductReceived.kind, e.StockTold.kind, e.HqRefLearned.kind})
"""They come in masses, and name nothing that has a story."""


def _note(db: sqlite3.Connection, seq: int, fact: Fact) -> None:
    db.executemany("INSERT OR IGNORE INTO story VALUES (?,?,?)", [(*told, seq) for told in sorted(things(fact.told))])


RULES: Mapping[str, Rule] = dict.fromkeys(e.KINDS.keys() - counts.KINDS - _NAME_NOTHING, _note)
