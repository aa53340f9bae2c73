"""After a short: where else the goods are, as far as is known here, and a count of the place. Pure."""

from __future__ import annotations

from uuid import UUID

from local_store.domain import added
from local_store.domain.events import CountRequested, PickReplanned, PickShort, decimal_text
from local_store.domain.floor import Decision, Floor
from local_store.domain.meaning import shown
from local_store.domain.pick_work import PickWork, Task
from local_store.domain.states import PickTask
from local_store.domain.words import say


def offered(floor: Floor, decision: Decision) -> Decision:
    """A short with the count that it asks for, and the best other place in words."""
    short = next((fact for fact in decision.facts if isinstance(fact, PickShort)), None)
    if short is None:
        return decision
    count = CountRequested(
        count_task_id=f"count_{UUID(short.count_id).hex}",
        location_id=short.location_id,
        sku=short.sku,
        reason=f"short on {short.picklist_id}: {short.reason}",
        after=short.entity,
    )
    answer = decision.answer
    if floor.elsewhere:
        location, qty = floor.elsewhere[0]
        told = decimal_text(min(qty, short.qty))
        answer = say("pick.short_elsewhere", sentence=answer, qty=told, location=location)
    return Decision(answer, (*decision.facts, count), decision.source)


def replan(floor: Floor, work: PickWork, location_id: str, command_id: str) -> Decision:
    """Take what was just marked short from another location, as much as is known to be there."""
    short = shorted(work)
    if short is None:
        return Decision(say("pick.nothing_short", picklist=work.picklist_id))
    there = dict(floor.elsewhere or ()).get(location_id)
    if there is None:
        return Decision(say("pick.no_stock_there", item=short.item, location=shown(location_id)))
    fact = PickReplanned(
        **added.beside(work, short, added.REPLANNED, UUID(command_id).hex),
        location_id=location_id,
        sku=short.sku,
        qty=min(there, short.wanted),
    )
    answer = say("pick.replanned", item=short.item, qty=decimal_text(fact.qty), location=location_id)
    return Decision(answer, (fact,), work.lane)


def shorted(work: PickWork) -> Task | None:
    """The line that was marked short just now; None once anything else was done."""
    last = work.last_count
    if last is None or last.qty != 0:
        return None
    task = work.task(last.line_id)
    return task if task.status is PickTask.SHORT else None
