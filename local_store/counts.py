"""What the facts change that come with nearly every scan: counts, and the locations they are taken from.

Such a fact changes one row each of a few tables, found by its key, and reads nothing. So the rows of all such facts
of a transaction can be written together, one call for each statement, which is much cheaper than one for each row.
Their order stays right because no table has two of these statements. Neither spool nor numbers follow such facts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local_store.domain import events as e
from local_store.domain import states
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
LAST_COUNT = "INSERT INTO last_count VALUES (?,?,?,?,?)"


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
    ]


def _location_confirmed(_seq: int, fact: e.LocationConfirmed) -> list[Write]:
    return [(PICKLIST, (fact.location_id, None, fact.picklist_id, fact.location_id, None))]


def _pack_counted(seq: int, fact: e.PackCounted) -> list[Write]:
    counting = fact.order_line_id if fact.packed > 0 else None
    return [
        (LINE, (decimal_text(fact.packed), fact.fulfillment_id, fact.order_line_id)),
        (FULFILLMENT, (counting, fact.fulfillment_id, counting)),
        (LAST_COUNT, (fact.entity, seq, fact.count_id, fact.order_line_id, decimal_text(fact.qty))),
    ]


def _scan_refused(_seq: int, _fact: e.ScanRefused) -> list[Write]:
    return []


_RULES: dict[str, Callable[[int, Any], list[Write]]] = {
    e.PickCounted.kind: _pick_counted,
    e.LocationConfirmed.kind: _location_confirmed,
    e.PackCounted.kind: _pack_counted,
    e.ScanRefused.kind: _scan_refused,
}
