"""Picking: what each act on an open picklist leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from local_store.domain import replanning, states, substituting, tracing
from local_store.domain.codes import Meaning, Thing
from local_store.domain.commands import Complete, KeyQuantity, MarkShort, Scan, Skip, Undo
from local_store.domain.events import (
    LocationConfirmed,
    PickCounted,
    PickedLine,
    PicklistAssigned,
    PicklistCompleted,
    PicklistStarted,
    PickSetDown,
    PickShort,
    PickSkipped,
    PickUndone,
    ToteAssigned,
    decimal_text,
)
from local_store.domain.floor import Decision, Floor
from local_store.domain.keying import new_pieces
from local_store.domain.meaning import shown
from local_store.domain.pick_work import PickTrace, PickWork, Task
from local_store.domain.putting import TOTE
from local_store.domain.taking import take
from local_store.domain.words import Answer, reasons, say


def open_picklist(place: str, worker_id: str, work: PickWork, open_now: PickWork | None) -> Decision:
    """Start a picklist, or go on with one of this station that nobody holds."""
    if open_now is not None:
        if open_now.picklist_id == work.picklist_id:
            return Decision(say("pick.already", picklist=work.picklist_id))
        return Decision(say("pick.other_open", open=open_now.picklist_id, picklist=work.picklist_id))
    if work.status is states.Picklist.COMPLETED:
        return Decision(say("pick.finished", picklist=work.picklist_id))
    if work.workplace not in {None, place}:
        return Decision(say("pick.elsewhere", picklist=work.picklist_id, workplace=work.workplace))
    states.step(states.PICKLIST, work.status, "start")
    current = work.current
    answer = say(
        "pick.opened",
        picklist=work.picklist_id,
        lines=len(work.tasks),
        location=current.location_id if current else "-",
    )
    facts = (
        PicklistAssigned(picklist_id=work.picklist_id, worker_id=worker_id, workplace=place),
        PicklistStarted(picklist_id=work.picklist_id, worker_id=worker_id, workplace=place),
    )
    return Decision(answer, facts, work.lane)


def scan(floor: Floor, work: PickWork, command: Scan) -> Decision:
    """A code was scanned while a picklist is open."""
    current = work.current
    by_thing = {meaning.thing: meaning for meaning in floor.meanings}
    if "picklist" in by_thing:
        return _scan_picklist(floor, work, by_thing["picklist"], command)
    if floor.elsewhere and "location" in by_thing:  # what was short is taken from there
        location_id = by_thing["location"].id
        waits = any(task.waits and task.location_id == location_id for task in work.tasks)
        if not waits and location_id in dict(floor.elsewhere):
            return replanning.replan(floor, work, location_id, str(command.command_id))
    if floor.substitute is not None:
        return substituting.by_scan(work, floor.substitute, command.command_id)
    if current is None:
        return Decision(say("pick.nothing_left", picklist=work.picklist_id))
    if floor.tracing is not None:
        traced = tracing.scan(floor, work, command)
        if traced is not None:
            return traced
    decision = _scan_thing(floor, work, current, by_thing, command)
    if work.in_hand is not None and any(isinstance(fact, _GOES_ON) for fact in decision.facts):
        return decision._replace(facts=(PickSetDown(picklist_id=work.picklist_id), *decision.facts))
    return decision


_GOES_ON = (PickCounted, LocationConfirmed)
"""After these something else is in hand."""


def _scan_thing(
    floor: Floor, work: PickWork, current: Task, by_thing: Mapping[Thing, Meaning], command: Scan
) -> Decision:
    if "product" in by_thing:
        return _scan_item(floor, work, current, command)
    if "location" in by_thing:
        return _scan_location(work, current, by_thing["location"].id)
    if command.code.upper().startswith(TOTE):
        return _scan_tote(floor, work, current, command)
    wanted = current.item if work.location_id == current.location_id else current.location_id
    if not floor.meanings:
        return Decision(say("scan.unknown", code=shown(command.code), item=wanted))
    meaning = floor.meanings[0]
    return Decision(say("scan.not_for", code=shown(command.code), thing=meaning.named, item=wanted))


def key_quantity(floor: Floor, work: PickWork, command: KeyQuantity) -> Decision:
    """The worker keyed how many are in hand in all; what is new is counted."""
    traced = tracing.key_quantity(floor, work, command)
    if traced is not None:
        return traced
    current = work.current
    if current is None:
        return Decision(say("pick.nothing_left", picklist=work.picklist_id))
    if work.location_id != current.location_id:
        return Decision(say("pick.scan_location", wanted=current.location_id))
    counted = current.picked if work.counting_task_id == current.task_id else Decimal(0)
    pieces = new_pieces(command.quantity, counted, current.qty, current.item)
    if isinstance(pieces, Answer):
        return Decision(pieces)
    return take(work, current, pieces, str(command.command_id))


def skip(work: PickWork, _command: Skip) -> Decision:
    """Put the current line off until the others are through."""
    current = work.current
    if current is None:
        return Decision(say("pick.nothing_left", picklist=work.picklist_id))
    status = states.step(states.PICK_TASK, current.status, "skip")
    fact = PickSkipped(picklist_id=work.picklist_id, task_id=current.task_id, status=status)
    others = [task for task in work.tasks if task.waits and task.task_id != current.task_id]
    following = next(iter(others), current)
    return Decision(say("pick.skipped", item=current.item, location=following.location_id), (fact,), work.lane)


def short(work: PickWork, command: MarkShort) -> Decision:
    """The rest of the current line cannot be taken."""
    current = work.current
    if current is None:
        return Decision(say("pick.nothing_left", picklist=work.picklist_id))
    fact = PickShort(
        picklist_id=work.picklist_id,
        task_id=current.task_id,
        count_id=str(command.command_id),
        location_id=current.location_id,
        sku=current.sku,
        qty=current.wanted,
        reason=command.reason,
        status=states.step(states.PICK_TASK, current.status, "short"),
    )
    reason = reasons.in_words(command.reason)
    answer = say("pick.short", item=current.item, missing=decimal_text(current.wanted), reason=reason)
    return Decision(answer, (fact,), work.lane)


def undo(work: PickWork, command: Undo) -> Decision:
    """Take back the last count of the list, or its last short."""
    last = work.last_count
    if last is None:
        return Decision(say("pick.nothing_to_undo", picklist=work.picklist_id))
    task = work.task(last.line_id)
    picked = task.picked - last.qty
    fact = PickUndone(
        picklist_id=work.picklist_id,
        task_id=task.task_id,
        count_id=last.count_id,
        undo_id=str(command.command_id),
        qty=last.qty,
        picked=picked,
        status=states.step(states.PICK_TASK, task.status, "undo"),
    )
    answer = say("pick.undone", item=task.item, picked=decimal_text(picked), qty=decimal_text(task.qty))
    return Decision(answer, (fact,), work.lane)


def complete(floor: Floor, work: PickWork, command: Complete | Scan) -> Decision:
    """Close the list; its confirmation number comes from this command, so a repeat says the same."""
    return completed(work, floor.traces, f"pc_{command.command_id.hex}", command.workplace)


def completed(work: PickWork, traces: Sequence[PickTrace], confirmation: str, workplace: str) -> Decision:
    """Close the list with this confirmation, when nothing of it waits."""
    waiting = sum(task.waits for task in work.tasks)
    if waiting:
        return Decision(say("pick.open_lines", open=waiting, lines=len(work.tasks)))
    states.step(states.PICKLIST, work.status, "complete")
    lines = tuple(
        PickedLine(fulfillment_id=task.fulfillment_id, order_line_id=task.order_line_id, picked=task.picked)
        for task in work.tasks
    )
    fact = PicklistCompleted(
        picklist_id=work.picklist_id,
        pick_confirmation_id=confirmation,
        workplace=workplace,
        lines=lines,
    )
    answer = say("pick.completed", picklist=work.picklist_id, confirmation=confirmation)
    return Decision(answer, (*tracing.final(work, traces), fact), work.lane)


def _scan_picklist(floor: Floor, work: PickWork, meaning: Meaning, command: Scan) -> Decision:
    """The list's own code again completes it, so that a scanner alone is enough."""
    if meaning.id != work.picklist_id:
        answer = say("pick.other_open", open=work.picklist_id, picklist=meaning.id)
        return Decision(answer)
    if work.current is None:
        return complete(floor, work, command)
    return Decision(say("pick.already", picklist=work.picklist_id))


def _scan_location(work: PickWork, current: Task, location_id: str) -> Decision:
    here = [task for task in work.tasks if task.waits and task.location_id == location_id]
    if not here:
        return Decision(say("pick.wrong_location", location=location_id, wanted=current.location_id))
    item = current.item if current.location_id == location_id else here[0].item
    if work.location_id == location_id:  # scanned twice: what is being counted here goes on
        return Decision(say("pick.at", location=location_id, item=item))
    fact = LocationConfirmed(picklist_id=work.picklist_id, location_id=location_id)
    return Decision(say("pick.at", location=location_id, item=item), (fact,), work.lane)


def _scan_item(floor: Floor, work: PickWork, current: Task, command: Scan) -> Decision:
    products = {meaning.id: meaning for meaning in floor.meanings if meaning.thing == "product"}
    if current.sku in products and current.location_id == work.location_id:  # nearly every scan
        return take(work, current, Decimal(products[current.sku].multiplier), str(command.command_id))
    matching = [task for task in work.tasks if task.sku in products]
    got = next(iter(products.values())).item
    if not matching:
        return Decision(say("pick.not_on_list", got=got, picklist=work.picklist_id, item=current.item))
    if work.location_id is None:
        return Decision(say("pick.scan_location", wanted=current.location_id))
    here = [task for task in matching if task.location_id == work.location_id]
    waiting = [task for task in here if task.waits]
    if waiting:
        task = waiting[0]
        return take(work, task, Decimal(products[task.sku].multiplier), str(command.command_id))
    if here:
        answer = say("pick.line_full", got=got, picklist=work.picklist_id, item=current.item)
        return Decision(answer)
    elsewhere = next((task for task in matching if task.waits), None)
    if elsewhere is None:
        return Decision(say("pick.wrong_item", got=got, picklist=work.picklist_id, item=current.item))
    answer = say(
        "pick.item_elsewhere",
        got=got,
        wanted=elsewhere.location_id,
        location=work.location_id,
        item=current.item,
    )
    return Decision(answer)


def _scan_tote(floor: Floor, work: PickWork, current: Task, command: Scan) -> Decision:
    if floor.tote_order_id is not None and floor.tote_order_id != current.order_id:
        return Decision(say("pick.tote_taken", tote=command.code, order=floor.tote_order_id))
    fact = ToteAssigned(
        picklist_id=work.picklist_id, fulfillment_id=current.fulfillment_id, tote_id=command.code.strip()
    )
    return Decision(say("pick.tote", tote=command.code, order=current.order_id), (fact,), work.lane)
