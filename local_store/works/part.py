"""What a part of floor work consists of."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from local_store.domain.commands import FloorCommand, WorkerCommand
from local_store.domain.floor import Decision, Place
from local_store.domain.meaning import Meant, mean
from local_store.domain.people import By
from local_store.domain.site import Site

if TYPE_CHECKING:
    from local_store.transaction import Transaction

MS_PER_S = 1000

Rule = Callable[[sqlite3.Connection, int, Any], None]
"""Brings views up to date with one fact: (connection, seq, fact)."""

DeskLoad = Callable[["Transaction", Place, FloorCommand, Meant], object]
"""What the domain is shown of the open work of a workplace; `Floor.desk`."""


class Act(NamedTuple):
    """How a worker's command is decided: what is loaded for it, and the pure rule."""

    load: Callable[[Transaction, Any], Any]
    decide: Callable[[Site, By, Any, Any], Decision]


Acts = Mapping[type[WorkerCommand], Act]


def meant_by(tx: Transaction, code: str, symbology: str | None = None) -> Meant:
    """What a code means here that was scanned, or that answers a question; its AIM identifier may still lead it."""
    year = datetime.fromtimestamp(tx.wall_ms / MS_PER_S, UTC).year
    return mean(code, symbology, lambda key: tx.remembered.meanings(tx, key), year)
