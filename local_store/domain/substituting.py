"""Another product for what is short, and more than was asked: each is a task beside the one it is about. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from local_store.domain import added, states
from local_store.domain.checking import Handheld, refusal_of
from local_store.domain.commands import OverPick, SubstitutePick
from local_store.domain.events import PickSubstituted, decimal_text
from local_store.domain.floor import Decision
from local_store.domain.meaning import shown
from local_store.domain.people import APPROVES, By
from local_store.domain.pick_work import PickWork, Substitute, Task
from local_store.domain.replanning import shorted
from local_store.domain.site import Site
from local_store.domain.words import Answer, say

SUBSTITUTES = "substitutes"
MOST_NAMED = 50


class Wanted(NamedTuple):
    """A list, and the product that is to be taken instead; None for what is not there."""

    work: PickWork | None
    substitute: Substitute | None


def named_by(said: Mapping[str, Any], order_line_id: str, sku: str) -> frozenset[str]:
    """The products that an order allows for a line: `substitutes` of its metadata, by order line or by SKU."""
    told = said.get(SUBSTITUTES)
    found = told.get(order_line_id, told.get(sku)) if isinstance(told, dict) else None
    if not isinstance(found, list):
        return frozenset()
    return frozenset(each for each in found[:MOST_NAMED] if isinstance(each, str))


def by_scan(work: PickWork, substitute: Substitute, command_id: UUID) -> Decision:
    """The product that was scanned is taken for what was marked short just now."""
    short = shorted(work)
    if short is None:
        return Decision(say("pick.nothing_short", picklist=work.picklist_id))
    return _instead(work, short, substitute, command_id, None)


def substitute(_site: Site, by: By, wanted: Wanted, command: SubstitutePick) -> Decision:
    """Take another product for what is short of a task."""
    found = _task(wanted.work, command, command.task_id)
    if isinstance(found, Answer):
        return Decision(found)
    work, task = found
    if wanted.substitute is None:
        return Decision(say("pick.substitute_unknown", sku=shown(command.sku)))
    approver = by.approver or (by.worker if APPROVES in by.worker.roles else None)
    return _instead(work, task, wanted.substitute, command.command_id, approver.worker_id if approver else None)


def over_pick(site: Site, _by: By, work: PickWork | None, command: OverPick) -> Decision:
    """Take more than was asked, as far as the site allows; each unit is scanned as ever."""
    found = _task(work, command, command.task_id)
    if isinstance(found, Answer):
        return Decision(found)
    work, task = found
    told = added.More(command.qty, command.reason, command.command_id.hex)
    fact = added.more(work, task, told, site.picking.over_percent)
    if isinstance(fact, Answer):
        return Decision(fact)
    words = {"item": task.item, "qty": decimal_text(command.qty), "location": task.location_id}
    return Decision(say("pick.over", **words), (fact,), work.lane)


def _instead(work: PickWork, task: Task, other: Substitute, command_id: UUID, allowed_by: str | None) -> Decision:
    if not other.allowed and allowed_by is None:
        return Decision(say("pick.no_substitute", got=other.item, item=task.item))
    missing = added.missing(work, task)
    if task.status is not states.PickTask.SHORT or missing <= 0 or other.sku == task.sku:
        return Decision(say("pick.not_short_for", item=task.item, got=other.item))
    if other.location_id is None:
        return Decision(say("pick.substitute_nowhere", got=other.item))
    fact = PickSubstituted(
        **added.beside(work, task, added.SUBSTITUTE, command_id.hex),
        location_id=other.location_id,
        sku=other.sku,
        qty=missing if other.there is None else min(other.there, missing),
        for_sku=task.sku,
        allowed_by=None if other.allowed else allowed_by,
    )
    words = {"qty": decimal_text(fact.qty), "item": task.item, "got": other.item, "location": fact.location_id}
    return Decision(say("pick.substituted", **words), (fact,), work.lane)


def _task(work: PickWork | None, command: SubstitutePick | OverPick, task_id: str) -> tuple[PickWork, Task] | Answer:
    """The task of a list that is being picked, or why nothing can be done about it."""
    refusal = refusal_of(Handheld(work), command)
    if refusal is not None or work is None:
        return refusal or say("pick.unknown", picklist=shown(command.picklist_id))
    task = next((each for each in work.tasks if each.task_id == task_id), None)
    if task is None:
        return say("pick.no_task", task=shown(task_id), picklist=work.picklist_id)
    return work, task
