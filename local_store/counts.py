"""What the facts change that come with nearly every scan: counts, and the locations they are taken from.

Such a fact changes one row each of a few tables, found by its key, and reads nothing. So the rows of all such facts
of a transaction can be written together, one call for each statement, which is much cheaper than one for each row.
Their order stays right because no table has two of these statements. Neither spool nor numbers nor any part of
`works` follow such facts.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from local_store.domain import events as e
from local_store.domain import states, stock
from local_store.domain.events import Fact, decimal_text

Write = tuple[str, tuple[Any, ...]]
"""A statement and its values."""

TASK = "UPDATE pick_task SET picked = ?, status = ? WHERE task_id = ?"
PICKLIST = (
    "UPDATE picklist SET location_id = ?, counting_task_id = ?"
    " WHERE picklist_id = ? AND (location_id IS NOT ? OR counting_task_id IS NOT ?)"
)
"""Mostly it is so already, and a page that stays as it is need not be written."""
LINE = "UPDATE fulfillment_line SET packed = ? WHERE fulfillment_id = ? AND order_line_id = ?"
FULFILLMENT = "UPDATE fulfillment SET counting_line_id = ? WHERE fulfillment_id = ? AND counting_line_id IS NOT ?"
SCANNED = "INSERT INTO pick_scan VALUES (?,?,?) ON CONFLICT DO NOTHING"
LAST_COUNT = "INSERT INTO last_count VALUES (?,?,?,?,?)"
STOCK = (
    "INSERT INTO stock(account, sku, lot_id, millionths, seq)"
    " SELECT ?1, ?2, ?3, ?4, ?5 WHERE ?5 > (SELECT seq FROM stock_from)"
    " ON CONFLICT DO UPDATE SET millionths = millionths + excluded.millionths, seq = max(seq, excluded.seq)"
)
"""Adds to an account what the fact with number ?5 moved; in any order, for adding is the same in any order."""


def writes(seq: int, fact: Fact) -> list[Write] | None:
    """The rows to write for a fact that comes with nearly every scan; None for any other fact."""
    rule = _RULES.get(fact.kind)
    return None if rule is None else rule(seq, fact)


def _pick_counted(seq: int, fact: e.PickCounted) -> list[Write]:
    counting = fact.task_id if fact.status == states.PickTask.OPEN else None
    return [
        (TASK, (decimal_text(fact.picked), fact.status, fact.task_id)),
        (PICKLIST, (fact.location_id, counting, fact.picklist_id, fact.location_id, counting)),
        (LAST_COUNT, (fact.entity, seq, fact.count_id, fact.task_id, decimal_text(fact.qty))),
        *moved(seq, stock.moves(fact)),
    ]


def moved(seq: int, moves: stock.Moves) -> list[Write]:
    """Both sides of every move."""
    found = []
    for move in moves:
        millionths = stock.millionths(move.qty)
        found.append((STOCK, (move.source, move.sku, move.lot_id, -millionths, seq)))
        found.append((STOCK, (move.target, move.sku, move.lot_id, millionths, seq)))
    return found


def _location_confirmed(_seq: int, fact: e.LocationConfirmed) -> list[Write]:
    return [(PICKLIST, (fact.location_id, None, fact.picklist_id, fact.location_id, None))]


def _pack_counted(seq: int, fact: e.PackCounted) -> list[Write]:
    counting = fact.order_line_id if fact.packed > 0 else None
    return [
        (LINE, (decimal_text(fact.packed), fact.fulfillment_id, fact.order_line_id)),
        (FULFILLMENT, (counting, fact.fulfillment_id, counting)),
        (LAST_COUNT, (fact.entity, seq, fact.count_id, fact.order_line_id, decimal_text(fact.qty))),
    ]


def _picks_checked(_seq: int, fact: e.PicksChecked) -> list[Write]:
    """The scans that were counted, by the ids their handheld gave them."""
    if fact.what != "scan":
        return []
    return [
        (SCANNED, (fact.picklist_id, each.ident, json.dumps([part.model_dump(mode="json") for part in each.tasks])))
        for each in fact.results
        if each.tasks and not each.repeated
    ]


def _scan_refused(_seq: int, _fact: e.ScanRefused) -> list[Write]:
    return []


_RULES: dict[str, Callable[[int, Any], list[Write]]] = {
    e.PickCounted.kind: _pick_counted,
    e.LocationConfirmed.kind: _location_confirmed,
    e.PackCounted.kind: _pack_counted,
    e.PicksChecked.kind: _picks_checked,
    e.ScanRefused.kind: _scan_refused,
}
KINDS = frozenset(_RULES)
"""Facts that come with nearly every scan."""
