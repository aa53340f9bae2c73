"""What a handheld asks about a whole picklist, and what it tells of picked units afterwards. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from local_store.domain import commands as c
from local_store.domain import states, tracing
from local_store.domain.checking import Handheld, refusal_of
from local_store.domain.events import (
    LotConsumed,
    PicklistAssigned,
    PicklistStarted,
    SerialsAssigned,
    decimal_text,
)
from local_store.domain.floor import Decision
from local_store.domain.meaning import shown
from local_store.domain.people import By
from local_store.domain.pick_work import PickWork, Tracing
from local_store.domain.picking import completed
from local_store.domain.site import Site
from local_store.domain.words import Answer, phrase, say


class OrderLine(NamedTuple):
    """An order line whose picked units are told more of."""

    fulfillment_id: str
    order_line_id: str
    sku: str
    name: str
    picklist_id: str
    lane: str
    picked: Decimal
    tracing: Tracing

    @property
    def item(self) -> str:
        """The product in words."""
        return f"{self.name} ({self.sku})"


def assign(site: Site, _by: By, work: PickWork | None, command: c.AssignPicklist) -> Decision:
    """A list is for one worker with one device."""
    if work is None:
        return Decision(say("pick.unknown", picklist=shown(command.picklist_id)))
    if work.status is states.Picklist.COMPLETED:
        return Decision(say("pick.finished", picklist=work.picklist_id))
    if work.workplace not in {None, command.device_id}:
        return Decision(say("pick.elsewhere", picklist=work.picklist_id, workplace=work.workplace))
    if command.assignee_id not in site.workers:
        return Decision(say("pick.no_worker", worker=shown(command.assignee_id)))
    fact = PicklistAssigned(picklist_id=work.picklist_id, worker_id=command.assignee_id, workplace=command.device_id)
    name = site.workers[command.assignee_id].name
    return Decision(say("pick.assigned", picklist=work.picklist_id, name=name), (fact,), work.lane)


class Beginning(NamedTuple):
    """A list that is to be begun, and why it is not where what HQ said of it is too old."""

    work: PickWork | None
    too_old: Answer | None = None


def start(site: Site, by: By, beginning: Beginning, command: c.StartPicklist) -> Decision:
    """Picking begins. Starting again what is in progress changes nothing."""
    work = beginning.work
    if work is None:
        return Decision(say("pick.unknown", picklist=shown(command.picklist_id)))
    if work.asks is not None:
        return Decision(say("work.asks", sentence=work.asks))
    if work.status is states.Picklist.COMPLETED:
        return Decision(say("pick.finished", picklist=work.picklist_id))
    if work.status is states.Picklist.IN_PROGRESS:
        return Decision(say("pick.already", picklist=work.picklist_id))
    if beginning.too_old is not None:
        return Decision(beginning.too_old)
    if not site.accepts_new_work:
        return Decision(say("work.no_room", work=work.picklist_id))
    states.step(states.PICKLIST, work.status, "start")
    worker, place = by.worker.worker_id, by.workplace or f"handheld of {by.worker.worker_id}"
    facts = (
        PicklistAssigned(picklist_id=work.picklist_id, worker_id=worker, workplace=place),
        PicklistStarted(picklist_id=work.picklist_id, worker_id=worker, workplace=place),
    )
    first = work.current.location_id if work.current else "-"
    words = {"picklist": work.picklist_id, "lines": len(work.tasks), "location": first}
    return Decision(say("pick.opened", **words), facts, work.lane)


def complete(_site: Site, by: By, held: Handheld, command: c.CompletePicklist) -> Decision:
    """Close the list; the confirmation is the caller's own or follows from the command."""
    refusal = refusal_of(held, command)
    if refusal is not None or held.work is None:
        return Decision(refusal or say("pick.unknown", picklist=shown(command.picklist_id)))
    confirmation = command.pick_confirmation_id or f"pc_{command.command_id.hex}"
    place = held.work.workplace or by.workplace or ""
    return completed(held.work, held.traces, confirmation, place)


def assign_serials(_site: Site, _by: By, line: OrderLine | None, command: c.AssignSerials) -> Decision:
    """The units that were picked for a line are these."""
    if line is None or not line.picklist_id:
        return _no_line(command)
    if len(command.serials) > line.picked:
        words = {"item": line.item, "picked": decimal_text(line.picked), "told": len(command.serials)}
        return Decision(say("pick.more_than_picked", **words))
    at_hand = {serial: at for serial, at in line.tracing.serials.items() if not at.startswith("location:")}
    new = {serial: at for serial, at in at_hand.items() if at != f"picked:{line.picklist_id}"}
    seen = line.tracing._replace(serials=new)
    wrong = tracing.wrong_serials(seen, line.picklist_id, "", line.item, command.serials)
    if wrong is not None:
        return Decision(wrong)
    fact = SerialsAssigned(
        picklist_id=line.picklist_id,
        fulfillment_id=line.fulfillment_id,
        order_line_id=line.order_line_id,
        sku=line.sku,
        serials=command.serials,
    )
    return Decision(say("pick.serials_kept", item=line.item, number=len(command.serials)), (fact,), line.lane)


def consume_lot(_site: Site, _by: By, line: OrderLine | None, command: c.ConsumeLot) -> Decision:
    """Picked units of a line are of this lot."""
    if line is None or not line.picklist_id:
        return _no_line(command)
    if not 0 < command.qty <= line.picked:
        words = {"item": line.item, "picked": decimal_text(line.picked), "told": decimal_text(command.qty)}
        return Decision(say("pick.more_than_picked", **words))
    expires = line.tracing.expiry.get(command.lot_id)
    if expires is not None and expires < line.tracing.today:
        lot = phrase("lot {lot}", lot=shown(command.lot_id))
        return Decision(say("pick.expired", item=line.item, lot=lot, expires=expires))
    fact = LotConsumed(
        picklist_id=line.picklist_id,
        fulfillment_id=line.fulfillment_id,
        order_line_id=line.order_line_id,
        sku=line.sku,
        lot_id=command.lot_id,
        expires_on=expires,
        qty=command.qty,
        named_later=True,
    )
    words = {"item": line.item, "qty": decimal_text(command.qty), "lot": shown(command.lot_id)}
    return Decision(say("pick.lot_kept", **words), (fact,), line.lane)


def _no_line(command: c.AssignSerials | c.ConsumeLot) -> Decision:
    words = {"line": shown(command.order_line_id), "order": shown(command.fulfillment_id)}
    return Decision(say("pick.no_line", **words))
