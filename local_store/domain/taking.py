"""Units that were taken for a line: the count, and what the picker is told. Pure."""

from __future__ import annotations

from decimal import Decimal

from local_store.domain import states
from local_store.domain.events import PickCounted, decimal_text
from local_store.domain.floor import Decision
from local_store.domain.pick_work import PickWork, Task
from local_store.domain.words import Answer, say


def take(work: PickWork, task: Task, qty: Decimal, count_id: str) -> Decision:
    """Count `qty` more for a task; refused where that is more than wanted."""
    picked = task.picked + qty
    if picked > task.qty:
        answer = say(
            "pick.too_many",
            item=task.item,
            qty=decimal_text(task.qty),
            picked=decimal_text(task.picked),
            extra=decimal_text(picked - task.qty),
        )
        return Decision(answer)
    full = picked == task.qty
    fact = PickCounted(
        picklist_id=work.picklist_id,
        task_id=task.task_id,
        count_id=count_id,
        location_id=task.location_id,
        sku=task.sku,
        qty=qty,
        picked=picked,
        status=states.step(states.PICK_TASK, task.status, "fill" if full else "count"),
    )
    return Decision(_counted(work, task, picked, full=full), (fact,), work.lane)


def _counted(work: PickWork, task: Task, picked: Decimal, *, full: bool) -> Answer:
    qty = decimal_text(task.qty)
    if not full:
        return say("pick.counted", item=task.item, picked=decimal_text(picked), qty=qty)
    if any(other.waits for other in work.tasks if other.task_id != task.task_id):
        return say("pick.line_done", item=task.item, qty=qty)
    return say("pick.all_done", item=task.item, qty=qty, picklist=work.picklist_id)
