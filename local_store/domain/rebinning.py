"""Picked units that go back to a shelf instead of into a parcel: which they are, and what stays picked. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from local_store.domain.commands import PickRebin
from local_store.domain.events import PickRebinned, RebinnedPart, decimal_text
from local_store.domain.meaning import shown
from local_store.domain.pick_work import PickTrace, PickWork, Task
from local_store.domain.words import Answer, say


def rebin(
    work: PickWork,
    task: Task,
    told: PickRebin,
    rebin_id: str,
    traces: Sequence[PickTrace],
    line: tuple[Decimal, Decimal],
) -> PickRebinned | Answer:
    """The fact, or why these units cannot go back; `line` is what is picked and packed for the order line."""
    line_picked, packed = line
    words = {"item": task.item, "picked": decimal_text(task.picked), "qty": decimal_text(told.qty)}
    if task.waits:
        return say("pick.rebin_open", item=task.item)
    if told.qty > task.picked:
        return say("pick.rebin_too_many", **words)
    if line_picked - told.qty < packed:
        return say("pick.rebin_packed", item=task.item, packed=decimal_text(packed))
    parts = _parts(task, told, [trace for trace in traces if trace.task_id == task.task_id])
    if isinstance(parts, Answer):
        return parts
    return PickRebinned(
        picklist_id=work.picklist_id,
        rebin_id=rebin_id,
        task_id=task.task_id,
        fulfillment_id=task.fulfillment_id,
        order_line_id=task.order_line_id,
        location_id=told.location_id,
        sku=task.sku,
        qty=told.qty,
        picked=task.picked - told.qty,
        line_picked=line_picked - told.qty,
        reason=told.reason or "re-binned",
        parts=parts,
    )


def without(traces: Iterable[PickTrace], parts: Iterable[RebinnedPart]) -> list[PickTrace]:
    """What is still known of the units that stay."""
    gone = {part.count_id: part for part in parts}
    left = []
    for trace in traces:
        part = gone.get(trace.count_id)
        if part is None:
            left.append(trace)
        elif trace.qty > part.qty:
            serials = tuple(each for each in trace.serials if each not in part.serials)
            left.append(trace._replace(qty=trace.qty - part.qty, serials=serials))
    return left


def _parts(task: Task, told: PickRebin, traces: Sequence[PickTrace]) -> tuple[RebinnedPart, ...] | Answer:
    """The units by count: those whose numbers were told, else the newest of known lots, then those of none."""
    if any(trace.serials for trace in traces):
        return _by_serial(task, told, traces)
    if told.serials:
        return say("pick.rebin_serials", item=task.item, serial=shown(told.serials[0]))
    parts, rest = [], told.qty
    for trace in reversed(traces):
        qty = min(rest, trace.qty)
        if qty:
            parts.append(RebinnedPart(count_id=trace.count_id, qty=qty, lot_id=trace.lot_id))
            rest -= qty
    return tuple(parts)


def _by_serial(task: Task, told: PickRebin, traces: Sequence[PickTrace]) -> tuple[RebinnedPart, ...] | Answer:
    wanted = set(told.serials)
    if len(wanted) != told.qty:
        return say("pick.rebin_which", item=task.item, qty=decimal_text(told.qty))
    parts = []
    for trace in traces:
        found = tuple(serial for serial in trace.serials if serial in wanted)
        wanted -= set(found)
        if found:
            part = {"count_id": trace.count_id, "qty": Decimal(len(found)), "lot_id": trace.lot_id}
            parts.append(RebinnedPart(**part, serials=found))
    if wanted:
        return say("pick.rebin_serials", item=task.item, serial=shown(min(wanted)))
    return tuple(parts)
