"""Goods of one order among several go into that order's tote, and the tote is scanned to prove it. Pure."""

from __future__ import annotations

from local_store.domain.commands import FloorCommand, Scan
from local_store.domain.events import PickCounted, PickPut, PickPutWanted, PickShort, ToteAssigned
from local_store.domain.floor import Decision, Floor
from local_store.domain.meaning import shown
from local_store.domain.pick_work import PickWork, Task, Totes
from local_store.domain.states import PickTask
from local_store.domain.words import say

TOTE = "TOTE"
"""How the code of a tote begins."""


def asked(work: PickWork, decision: Decision) -> Decision:
    """The same decision, and the tote is asked for where it ended a line of which something was taken."""
    ended = next((fact for fact in decision.facts if isinstance(fact, PickCounted | PickShort)), None)
    if ended is None or ended.status not in {PickTask.DONE, PickTask.SHORT}:
        return decision
    task = work.task(ended.task_id)
    taken = isinstance(ended, PickCounted) or task.picked > 0
    if not taken or len({each.fulfillment_id for each in work.tasks}) == 1:
        return decision
    answer = say("pick.put", sentence=decision.answer, order=task.order_id)
    wanted = PickPutWanted(picklist_id=work.picklist_id, task_id=task.task_id)
    return Decision(answer, (*decision.facts, wanted), work.lane)


def put(floor: Floor, work: PickWork, task: Task, command: FloorCommand) -> Decision:
    """Only the tote of the order is right now."""
    totes = floor.totes or Totes()
    code = command.code.strip() if isinstance(command, Scan) else ""
    fact = PickPut(
        picklist_id=work.picklist_id, task_id=task.task_id, fulfillment_id=task.fulfillment_id, tote_id=code
    )
    done = say("pick.put_right", tote=shown(code), order=task.order_id)
    if totes.wanted is None:
        if not code.upper().startswith(TOTE):
            return Decision(say("pick.put_any", item=task.item, order=task.order_id))
        if totes.scanned_order_id not in {None, task.order_id}:
            return Decision(say("pick.tote_taken", tote=shown(code), order=totes.scanned_order_id))
        tote = ToteAssigned(picklist_id=work.picklist_id, fulfillment_id=task.fulfillment_id, tote_id=code)
        return Decision(done, (tote, fact), work.lane)
    if code == totes.wanted:
        return Decision(done, (fact,), work.lane)
    if totes.scanned_order_id is not None and code:
        words = {"tote": shown(code), "other": totes.scanned_order_id, "item": task.item}
        return Decision(say("pick.wrong_tote", **words, wanted=totes.wanted))
    return Decision(say("pick.put_first", item=task.item, wanted=totes.wanted))
