"""What people do about announcements and receipts beside the scans: allow, reject, close, reopen, correct. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from local_store.domain import inbound as i
from local_store.domain.commands import (
    AllowGoods,
    CloseInbound,
    Correction,
    CorrectReceipt,
    LabelGoods,
    RejectGoods,
    ReopenInbound,
)
from local_store.domain.events import (
    CorrectedLine,
    DiscrepancyRecorded,
    GoodsAllowed,
    InboundClosed,
    InboundReopened,
    ReceiptCorrected,
    decimal_text,
)
from local_store.domain.floor import Decision
from local_store.domain.inbound import NOTHING, Inbound, Receipt, ReceivedHere
from local_store.domain.meaning import shown
from local_store.domain.people import By
from local_store.domain.receipts import item_label
from local_store.domain.site import Site
from local_store.domain.stock import DAMAGED, DOCK
from local_store.domain.tally import Item
from local_store.domain.tracing import in_words
from local_store.domain.words import Answer, phrase, say


class AboutInbound(NamedTuple):
    """What an act about an announcement is shown of the store."""

    inbound: Inbound | None
    item: Item | None = None
    counting: tuple[str, ...] = ()
    """The workers who have goods of it on an open tally."""
    has_photo: bool = True
    blind: bool = False
    """Whether it names an open tally of goods that nobody announced."""


def allow(_site: Site, by: By, seen: AboutInbound, command: AllowGoods) -> Decision:
    """Let in what the rules do not."""
    if seen.inbound is None and not seen.blind:
        return Decision(say("inbound.none", inbound=shown(command.inbound_id)))
    if seen.item is None:
        return Decision(say("stock_move.no_product", sku=shown(command.sku)))
    if (command.qty is None) is (command.expires_on is None):
        return Decision(say("inbound.allow_what"))
    if by.approver is None:
        return Decision(say("inbound.needs_second", what=phrase("What the rules of receiving do not allow")))
    fact = GoodsAllowed(
        inbound_id=command.inbound_id,
        sku=seen.item.sku,
        what="over" if command.qty is not None else "expiry",
        qty=command.qty,
        expires_on=command.expires_on,
        reason=command.reason,
        worker_id=by.worker.worker_id,
        approved_by=by.approver.worker_id,
    )
    title = seen.item.title
    if command.qty is not None:
        allowed = phrase("up to {qty} of {item}", qty=decimal_text(command.qty), item=title)
    else:
        allowed = phrase("{item} that expires on {day}", item=title, day=command.expires_on)
    return Decision(say("inbound.allowed", what=allowed), (fact,))


def reject(_site: Site, _by: By, seen: AboutInbound, command: RejectGoods) -> Decision:
    """Goods go back with the driver."""
    if seen.inbound is None and not seen.blind:
        return Decision(say("inbound.none", inbound=shown(command.inbound_id)))
    if not seen.has_photo:
        return Decision(say("receive.no_photo", sha256=shown(command.photo or "")))
    fact = DiscrepancyRecorded(
        discrepancy_id=f"rejected_{command.command_id.hex}",
        inbound_id=command.inbound_id,
        line_id=seen.inbound.line_of(command.sku) if seen.inbound else None,
        differs="rejected",
        sku=command.sku,
        qty=command.qty,
        reason=command.reason,
        photos=(command.photo,) if command.photo else (),
    )
    title = seen.item.title if seen.item else shown(command.sku)
    return Decision(say("inbound.rejected", qty=decimal_text(command.qty), item=title), (fact,))


def close(site: Site, by: By, seen: AboutInbound, command: CloseInbound) -> Decision:
    """Nothing more is expected; what is missing is told."""
    inbound = seen.inbound
    if inbound is None:
        return Decision(say("inbound.none", inbound=shown(command.inbound_id)))
    if not inbound.open:
        return Decision(say("inbound.closed_already", number=inbound.number))
    if seen.counting:
        worker = site.workers.get(seen.counting[0])
        name = worker.name if worker else seen.counting[0]
        return Decision(say("inbound.counting", name=name, number=inbound.number))
    too_few = inbound.too_few(site.receiving)
    if too_few and by.approver is None:
        return Decision(
            say("inbound.needs_second", what=phrase("Too little came of {sku}, and closing", sku=shown(too_few[0])))
        )
    fact = InboundClosed(
        inbound_id=inbound.inbound_id,
        worker_id=by.worker.worker_id,
        approved_by=by.approver.worker_id if by.approver else None,
    )
    missing = i.differences(inbound, inbound.received, f"closed_{command.command_id.hex}", None, closed=True)
    came = decimal_text(sum((inbound.received(sku) for sku in inbound.skus), NOTHING))
    expected = decimal_text(sum((line.expected for line in inbound.lines), NOTHING))
    answer = say("inbound.closed", number=inbound.number, received=came, expected=expected)
    return Decision(answer, (*missing, fact), inbound.lane)


def reopen(_site: Site, by: By, seen: AboutInbound, command: ReopenInbound) -> Decision:
    """More came after all; what was told as missing is settled when it is closed again."""
    inbound = seen.inbound
    if inbound is None:
        return Decision(say("inbound.none", inbound=shown(command.inbound_id)))
    if inbound.open:
        return Decision(say("inbound.open_already", number=inbound.number))
    fact = InboundReopened(inbound_id=inbound.inbound_id, worker_id=by.worker.worker_id, reason=command.reason)
    return Decision(say("inbound.reopened", number=inbound.number), (fact,), inbound.lane)


def correct(_site: Site, by: By, receipt: Receipt | None, command: CorrectReceipt) -> Decision:
    """Record the differences of a receipt that was wrong."""
    if receipt is None:
        return Decision(say("receipt.none", receipt=shown(command.receipt_id)))
    refusal = _wrong_corrections(receipt, command)
    if refusal is not None:
        return Decision(refusal)
    if by.approver is None:
        return Decision(say("inbound.needs_second", what=phrase("Correcting a receipt")))
    inbound = receipt.inbound
    here = {line.line: line for line in receipt.lines}
    fact = ReceiptCorrected(
        correction_id=f"correction_{command.command_id.hex}",
        receipt_id=receipt.receipt_id,
        inbound_id=inbound.inbound_id if inbound else None,
        lines=tuple(_corrected(here[each.line], each) for each in command.lines),
        reason=command.reason,
        worker_id=by.worker.worker_id,
        approved_by=by.approver.worker_id,
    )
    more: tuple[DiscrepancyRecorded, ...] = ()
    if inbound is not None:
        change: dict[str, Decimal] = {}
        for line in fact.lines:
            change[line.sku] = change.get(line.sku, NOTHING) + line.change
        more = i.differences(
            inbound,
            lambda sku: inbound.received(sku) + change.get(sku, NOTHING),
            fact.correction_id,
            receipt.receipt_id,
            closed=any(differs == "under" for _, differs in inbound.told),
        )
    answer = say("receipt.corrected", receipt=shown(receipt.receipt_id), lines=len(fact.lines))
    return Decision(answer, (fact, *more), inbound.lane if inbound else None)


def label(_site: Site, by: By, item: Item | None, command: LabelGoods) -> Decision:
    """Labels for units that carry none."""
    if item is None:
        return Decision(say("stock_move.no_product", sku=shown(command.sku)))
    if by.workplace is None:
        return Decision(say("goods_label.no_place"))
    ident = command.command_id.hex
    jobs = (item_label(item, by.workplace, f"label_{ident}_{copy}") for copy in range(command.copies))
    return Decision(say("goods_label.asked", copies=command.copies, item=item.title), tuple(jobs))


def _wrong_corrections(receipt: Receipt, command: CorrectReceipt) -> Answer | None:
    here, seen = {line.line: line for line in receipt.lines}, set[int]()
    for each in command.lines:
        line = here.get(each.line)
        if line is None:
            return say("receipt.no_line", receipt=shown(receipt.receipt_id), line=each.line)
        if each.line in seen:
            return say("receipt.twice", line=each.line)
        seen.add(each.line)
        refusal = _wrong_correction(receipt, line, each)
        if refusal is not None:
            return refusal
    return None


def _wrong_correction(receipt: Receipt, line: ReceivedHere, each: Correction) -> Answer | None:
    if not each.change:
        return say("receipt.no_change", line=each.line)
    if line.qty + each.change < 0:
        return say("receipt.too_few", line=each.line, qty=decimal_text(line.qty), sku=shown(line.sku))
    account = DOCK if line.condition == "good" else DAMAGED
    left = receipt.balance(account, line.sku, line.lot_id)
    if left + each.change < 0:
        return say(
            "receipt.gone", line=each.line, qty=decimal_text(left), sku=shown(line.sku), account=in_words(account)
        )
    named = len(set(each.serials))
    if named != (abs(each.change) if line.sku in receipt.serial_required else 0):
        return say("receipt.serials", line=each.line, sku=shown(line.sku))
    at = account if each.change < 0 else None
    if any(not _may_move(receipt.serial_at(line.sku, serial), at) for serial in each.serials):
        return say("receipt.serials", line=each.line, sku=shown(line.sku))
    return None


def _may_move(account: str | None, wanted: str | None) -> bool:
    """A unit goes from where it is, and one that comes must not be here yet."""
    return account == wanted if wanted is not None else account in {None, "supplier"}


def _corrected(line: ReceivedHere, each: Correction) -> CorrectedLine:
    return CorrectedLine(
        line=line.line,
        line_id=line.line_id or None,
        sku=line.sku,
        change=each.change,
        condition="good" if line.condition == "good" else "damaged",
        lot_id=line.lot_id or None,
        container=line.container,
        serials=each.serials,
    )
