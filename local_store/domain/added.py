"""Tasks that a station adds to a list: the rest from elsewhere, a substitute, more than was asked. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple, TypedDict

from local_store.domain.events import PickOver, decimal_text
from local_store.domain.pick_work import PickWork, Task
from local_store.domain.states import PickTask
from local_store.domain.words import Answer, say

REPLANNED, SUBSTITUTE, OVER = "rp_", "sub_", "over_"
"""How the ids of such tasks begin."""
ADDED = (REPLANNED, SUBSTITUTE, OVER)
ZERO = Decimal(0)


class Beside(TypedDict):
    """What a fact of an added task says of the one beside it."""

    picklist_id: str
    task_id: str
    of_task_id: str
    fulfillment_id: str
    order_line_id: str


class More(NamedTuple):
    """So many units more of a full task, and why."""

    qty: Decimal
    reason: str
    ident: str


def beside(work: PickWork, task: Task, kind: str, ident: str) -> Beside:
    """The members of the fact; `ident`, of the new task, comes from the command, so a repeat says the same."""
    return Beside(
        picklist_id=work.picklist_id,
        task_id=f"{kind}{ident}",
        of_task_id=task.task_id,
        fulfillment_id=task.fulfillment_id,
        order_line_id=task.order_line_id,
    )


def of_line(work: PickWork, task: Task) -> list[Task]:
    """All tasks of a list for the order line of one of them."""
    line = (task.fulfillment_id, task.order_line_id)
    return [each for each in work.tasks if (each.fulfillment_id, each.order_line_id) == line]


def asked(work: PickWork, task: Task) -> Decimal:
    """How many units HQ asks of this list for the order line of a task."""
    return sum((each.qty for each in of_line(work, task) if not each.task_id.startswith(ADDED)), ZERO)


def coming(task: Task) -> Decimal:
    """How many units were taken for a task or are still to be."""
    return task.picked if task.status is PickTask.SHORT else task.qty


def missing(work: PickWork, task: Task) -> Decimal:
    """How many units of an order line no task of the list will bring."""
    comes = (coming(each) for each in of_line(work, task) if not each.task_id.startswith(OVER))
    return asked(work, task) - sum(comes, ZERO)


def over(work: PickWork, task: Task) -> Decimal:
    """How many units of an order line were taken, or are to be, beyond what was asked."""
    return sum((coming(each) for each in of_line(work, task) if each.task_id.startswith(OVER)), ZERO)


def more(work: PickWork, task: Task, told: More, percent: Decimal) -> PickOver | Answer:
    """The task for more than was asked, or why so many more must not be taken; `percent` is what the site allows."""
    if task.status is not PickTask.DONE:
        return say("pick.over_open", item=task.item)
    if told.qty % 1 and not task.qty % 1:
        return say("quantity.bad", keyed=decimal_text(told.qty))
    wanted = asked(work, task)
    most = wanted * percent / 100 - over(work, task)
    if told.qty > most:
        left = decimal_text(max(most if task.qty % 1 else most // 1, ZERO))
        words = {"item": task.item, "asked": decimal_text(wanted), "most": left, "qty": decimal_text(told.qty)}
        return say("pick.over_too_many", **words)
    return PickOver(
        **beside(work, task, OVER, told.ident),
        location_id=task.location_id,
        sku=task.sku,
        qty=told.qty,
        reason=told.reason,
    )
