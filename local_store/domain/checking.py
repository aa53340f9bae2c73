"""What a handheld tells of a picklist in one call: many scans, corrections and re-bins, each checked alone. Pure.

The answer to each element is kept in a fact, so that a call that comes again gets just these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, NamedTuple

from local_store.domain import added, rebinning, states, tracing
from local_store.domain import commands as c
from local_store.domain.events import (
    Checked,
    CheckedPart,
    Fact,
    PickCounted,
    PickRebinned,
    PicksChecked,
    PickShort,
    PickTraced,
    PickUndone,
    decimal_text,
)
from local_store.domain.floor import Decision
from local_store.domain.meaning import shown
from local_store.domain.people import By
from local_store.domain.pick_work import PickTrace, PickWork, Task, Tracing
from local_store.domain.site import Site
from local_store.domain.words import Answer, listed, phrase, say, word

ZERO = Decimal(0)


class Handheld(NamedTuple):
    """A picklist with what a call is about; `work` is None where there is none of this id."""

    work: PickWork | None
    tracing: Mapping[str, Tracing] = MappingProxyType({})
    traces: tuple[PickTrace, ...] = ()
    told: Mapping[str, tuple[CheckedPart, ...]] = MappingProxyType({})
    """Scans of this call that were accepted in an earlier one."""
    counts: tuple[tuple[str, str, Decimal], ...] = ()
    """Counts that can be taken back, oldest first: (count, task, quantity)."""
    packed: Mapping[tuple[str, str], Decimal] = MappingProxyType({})
    """What of each order line is in a parcel."""
    held: Mapping[c.PickScan, Answer] = MappingProxyType({})
    """Why the goods of some scans must not be taken: they are on hold."""


class Book:
    """The tasks of a list while the elements of one call are gone through, and the facts they led to."""

    def __init__(self, held: Handheld, work: PickWork) -> None:
        self.work, self.held = work, held
        self.tasks = {task.task_id: task for task in work.tasks}
        self.by_sku: dict[str, list[str]] = {}
        for task in work.tasks:
            self.by_sku.setdefault(task.sku, []).append(task.task_id)
        self.facts: list[Fact] = []
        self.counts = list(held.counts)
        self.told = dict(held.told)
        self.serials: dict[str, set[str]] = {}

    def of_sku(self, sku: str) -> list[Task]:
        """The tasks for a product as they stand now."""
        return [self.tasks[ident] for ident in self.by_sku.get(sku, ())]


def scan(_site: Site, by: By, held: Handheld, command: c.ScanPicks) -> Decision:
    """Count what each scan says, as far as it is right."""
    refusal = refusal_of(held, command)
    if refusal is not None or held.work is None:
        return Decision(refusal or say("pick.unknown", picklist=shown(command.picklist_id)))
    book = Book(held, held.work)
    results = []
    for place, each in enumerate(command.scans):
        count_id = f"{command.command_id.hex}-{place}"
        if isinstance(each, c.Unreadable):
            results.append(_unreadable(each, count_id))
        else:
            results.append(_scan_one(book, each, count_id))
    return _told(book, by, "scan", results)


def adjust(site: Site, by: By, held: Handheld, command: c.AdjustPicks) -> Decision:
    """Take counts back, end lines short, or take more than was asked."""
    refusal = refusal_of(held, command)
    if refusal is not None or held.work is None:
        return Decision(refusal or say("pick.unknown", picklist=shown(command.picklist_id)))
    book = Book(held, held.work)
    results = []
    for place, each in enumerate(command.adjustments):
        ident = f"{command.command_id.hex}-{place}"
        if isinstance(each, c.Unreadable):
            results.append(_unreadable(each, ident))
        else:
            results.append(_checked(each.adjustment_id, _adjust_one(site, book, each, ident)))
    return _told(book, by, "adjustment", results)


def rebin(_site: Site, by: By, held: Handheld, command: c.RebinPicks) -> Decision:
    """Picked units go to a location and are stock there again."""
    if held.work is None:
        return Decision(say("pick.unknown", picklist=shown(command.picklist_id)))
    book, results, traces = Book(held, held.work), [], list(held.traces)
    refusal: Answer | None = None
    for place, each in enumerate(command.rebins):
        rebin_id = f"{command.command_id.hex}-{place}"
        if isinstance(each, c.Unreadable):
            results.append(_unreadable(each, rebin_id))
            continue
        made = _rebin_one(book, each, rebin_id, traces)
        if isinstance(made, Answer):
            refusal = made
            results.append(_checked(each.rebin_id, made))
            continue
        traces = rebinning.without(traces, made.parts)
        results.append(_checked(each.rebin_id, _part(book.tasks[each.task_id], made.qty)))
    return _told(book, by, "rebin", results, refusal)


def _rebin_one(book: Book, told: c.PickRebin, rebin_id: str, traces: Sequence[PickTrace]) -> PickRebinned | Answer:
    task = book.tasks.get(told.task_id)
    if task is None:
        return say("pick.no_task", task=shown(told.task_id), picklist=book.work.picklist_id)
    of_line = (task.fulfillment_id, task.order_line_id)
    picked = [each.picked for each in book.tasks.values() if (each.fulfillment_id, each.order_line_id) == of_line]
    line = (sum(picked, ZERO), book.held.packed.get(of_line, ZERO))
    made = rebinning.rebin(book.work, task, told, rebin_id, traces, line)
    if not isinstance(made, Answer):
        book.facts.append(made)
        book.tasks[task.task_id] = task._replace(picked=made.picked, status=states.PickTask.SHORT)
    return made


def refusal_of(held: Handheld, command: c.AboutPicklist) -> Answer | None:
    """Why nothing can be done about a list at all."""
    work = held.work
    if work is None:
        return say("pick.unknown", picklist=shown(command.picklist_id))
    if work.asks is not None:
        return say("work.asks", sentence=work.asks)
    if work.status is not states.Picklist.IN_PROGRESS:
        return say(
            "pick.not_open", picklist=work.picklist_id, status=word(work.status.value.replace("_", " "), "picklist")
        )
    if work.put_task_id is not None:
        return say("pick.put_before", item=work.task(work.put_task_id).item)
    return None


def _scan_one(book: Book, scan_told: c.PickScan, count_id: str) -> Checked:
    ident = scan_told.scan_id or count_id
    if ident in book.told:
        return Checked(ident=ident, tasks=book.told[ident], repeated=True)
    if scan_told in book.held.held:
        return _checked(ident, book.held.held[scan_told])
    parts = _share_out(book, scan_told)
    wrong = parts if isinstance(parts, Answer) else _wrong_units(book, scan_told, [task for task, _ in parts])
    if wrong is not None or isinstance(parts, Answer):
        return _checked(ident, wrong or say("pick.nothing_left", picklist=book.work.picklist_id))
    told = []
    for number, (task, qty) in enumerate(parts):
        book.facts += _count(book, task, qty, f"{count_id}-{number}" if number else count_id, scan_told)
        told.append(CheckedPart(task_id=task.task_id, qty=qty))
    book.told[ident] = tuple(told)
    if scan_told.serial is not None:
        book.serials.setdefault(scan_told.sku, set()).add(scan_told.serial)
    return Checked(ident=ident, tasks=tuple(told))


def _share_out(book: Book, told: c.PickScan) -> list[tuple[Task, Decimal]] | Answer:
    """Which task gets how many of the units, or why none does."""
    tasks = book.of_sku(told.sku)
    if not tasks:
        return say("pick.unknown_sku", sku=shown(told.sku), picklist=book.work.picklist_id)
    here = [task for task in tasks if task.location_id == told.location_id]
    if not here:
        places = listed(list(dict.fromkeys(task.location_id for task in tasks)))
        return say("pick.wrong_place", item=tasks[0].item, places=places, location=shown(told.location_id))
    if told.task_id is not None:
        here = [task for task in here if task.task_id == told.task_id]
        if not here:
            return say("pick.no_task", task=shown(told.task_id), picklist=book.work.picklist_id)
    of_lot = [task for task in here if task.traced and task.traced.lot_id == told.lot] if told.lot else []
    open_tasks = [task for task in (of_lot or here) if task.waits]
    left = sum((task.wanted for task in open_tasks), ZERO)
    if told.qty > left:
        words = {"item": here[0].item, "left": decimal_text(left), "qty": decimal_text(told.qty)}
        return say("pick.more_than_asked", **words)
    parts, rest = [], told.qty
    for task in open_tasks:
        if rest:
            parts.append((task, min(rest, task.wanted)))
            rest -= parts[-1][1]
    return parts


def _wrong_units(book: Book, told: c.PickScan, tasks: Sequence[Task]) -> Answer | None:
    """Why units of this lot, or with this serial number, cannot be taken."""
    item = tasks[0].item
    if any(task.traced and task.traced.serial_required for task in tasks) and told.serial is None:
        return say("pick.serial_missing", item=item)
    for task in tasks:
        planned = task.traced.lot_id if task.traced else None
        if task.traced and (planned or task.traced.expiry_required) and told.lot is None:
            return say("pick.lot_missing", item=item)
        if planned is not None and told.lot != planned:
            return say("pick.not_the_lot", item=item, wanted=shown(planned), got=shown(told.lot or ""))
    if told.lot is None and told.serial is None:
        return None
    desk = book.held.tracing[told.sku]
    expires = desk.expiry.get(told.lot or "")
    if expires is not None and expires < desk.today:
        return say("pick.expired", item=item, lot=phrase("lot {lot}", lot=shown(told.lot or "")), expires=expires)
    if told.serial is None:
        return None
    if told.qty != 1:
        return say("pick.serial_of_many", serial=shown(told.serial), item=item)
    if told.serial in book.serials.get(told.sku, ()):
        return say("pick.serial_twice", serial=shown(told.serial), item=item)
    return tracing.wrong_serials(desk, book.work.picklist_id, told.location_id, item, (told.serial,))


def _count(book: Book, task: Task, qty: Decimal, count_id: str, told: c.PickScan) -> list[Fact]:
    picked = task.picked + qty
    status = states.step(states.PICK_TASK, task.status, "fill" if picked == task.qty else "count")
    book.tasks[task.task_id] = task._replace(picked=picked, status=status)
    book.counts.append((count_id, task.task_id, qty))
    of = {"picklist_id": book.work.picklist_id, "task_id": task.task_id, "count_id": count_id}
    what = {"location_id": task.location_id, "sku": task.sku, "qty": qty}
    facts: list[Fact] = [PickCounted(**of, **what, picked=picked, status=status)]
    if told.lot is not None or told.serial is not None:
        expires = book.held.tracing[told.sku].expiry.get(told.lot or "")
        serials = (told.serial,) if told.serial else ()
        facts.append(PickTraced(**of, **what, lot_id=told.lot or "", expires_on=expires, serials=serials))
    return facts


def _adjust_one(site: Site, book: Book, told: c.PickAdjustment, ident: str) -> CheckedPart | Answer:
    task = book.tasks.get(told.task_id)
    if task is None:
        return say("pick.no_task", task=shown(told.task_id), picklist=book.work.picklist_id)
    if told.adjusts == "short":
        return _short(book, task, told, ident)
    if told.adjusts == "over":
        return _over(site, book, task, told, ident)
    wanted = [
        each for each in book.counts if each[1] == task.task_id and (each[2] == 0) is (told.adjusts == "reopen")
    ]
    last = wanted[-1] if wanted else None
    if last is None or (told.qty is not None and told.adjusts == "undo" and told.qty != last[2]):
        return say("pick.no_such_count", item=task.item, picked=decimal_text(task.picked))
    picked = task.picked - last[2]
    status = states.step(states.PICK_TASK, task.status, "undo")
    of = {"picklist_id": book.work.picklist_id, "task_id": task.task_id}
    book.facts.append(PickUndone(**of, count_id=last[0], undo_id=ident, qty=last[2], picked=picked, status=status))
    book.tasks[task.task_id] = task._replace(picked=picked, status=status)
    book.counts.remove(last)
    return _part(task, last[2])


def _short(book: Book, task: Task, told: c.PickAdjustment, ident: str) -> CheckedPart | Answer:
    if not task.waits or told.qty not in {None, task.wanted}:
        words = {"item": task.item, "picked": decimal_text(task.picked), "qty": decimal_text(task.qty)}
        return say("pick.not_short", **words)
    fact = PickShort(
        picklist_id=book.work.picklist_id,
        task_id=task.task_id,
        count_id=ident,
        location_id=task.location_id,
        sku=task.sku,
        qty=task.wanted,
        reason=told.reason or "not found",
        status=states.step(states.PICK_TASK, task.status, "short"),
    )
    book.facts.append(fact)
    book.tasks[task.task_id] = task._replace(status=states.PickTask.SHORT)
    book.counts.append((ident, task.task_id, ZERO))
    return _part(task, fact.qty)


def _over(site: Site, book: Book, task: Task, told: c.PickAdjustment, ident: str) -> CheckedPart | Answer:
    if told.qty is None or told.reason is None:
        return say("pick.over_how_many", item=task.item)
    now = book.work._replace(tasks=tuple(book.tasks.values()))
    fact = added.more(now, task, added.More(told.qty, told.reason, ident), site.picking.over_percent)
    if isinstance(fact, Answer):
        return fact
    new = task._replace(task_id=fact.task_id, qty=fact.qty, picked=ZERO, status=states.PickTask.OPEN)
    book.facts.append(fact)
    book.tasks[fact.task_id] = new
    return _part(new, fact.qty)


def _told(
    book: Book,
    by: By,
    what: Literal["scan", "adjustment", "rebin"],
    results: Sequence[Checked],
    refusal: Answer | None = None,
) -> Decision:
    """The facts of all elements, and last the one that says what became of each."""
    picklist_id, worker_id = book.work.picklist_id, by.worker.worker_id
    checked = PicksChecked(picklist_id=picklist_id, what=what, worker_id=worker_id, results=tuple(results))
    accepted = sum(each.code is None for each in results)
    answer = say("pick.checked", accepted=accepted, told=len(results), picklist=picklist_id)
    if refusal is not None and len(results) == 1:
        answer = say("pick.checked_not", picklist=picklist_id, sentence=refusal)
    return Decision(answer, (*book.facts, checked), book.work.lane)


def _checked(ident: str, made: CheckedPart | Answer) -> Checked:
    if isinstance(made, Answer):
        return Checked(ident=ident, code=made.code.partition(".")[2], message=made.text)
    return Checked(ident=ident, tasks=(made,))


def _unreadable(told: c.Unreadable, ident: str) -> Checked:
    return Checked(ident=told.ident or ident, code="invalid", message=told.fault)


def _part(task: Task, qty: Decimal) -> CheckedPart:
    return CheckedPart(task_id=task.task_id, qty=qty)
