"""Goods that come in or come back, and counts, under a supervisor's badge: told as they are, checked for sense. Pure.

No stock is kept here: a count is a fact about a shelf, and what follows from it is HQ's to say.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from decimal import Decimal

from local_store.domain.commands import (
    CompleteReturn,
    CountStock,
    GoodsCommand,
    GoodsLine,
    InspectReturn,
    ReceiveReturn,
    RecordReceipt,
)
from local_store.domain.events import (
    Fact,
    ReceiptRecorded,
    ReceivedLine,
    ReturnCompleted,
    ReturnInspected,
    ReturnReceived,
    StockCounted,
    decimal_text,
)
from local_store.domain.floor import Decision
from local_store.domain.meaning import shown
from local_store.domain.site import Site
from local_store.domain.words import Answer, say

ROLE = "supervisor"


def skus_of(command: GoodsCommand) -> tuple[str, ...]:
    """The products a command names."""
    if isinstance(command, CountStock):
        return (command.sku,)
    return tuple(line.sku for line in command.lines) if isinstance(command, RecordReceipt | ReceiveReturn) else ()


def decide(site: Site, command: GoodsCommand, known: AbstractSet[str]) -> Decision:
    """The fact that follows; `known` are those of its SKUs that are products here."""
    refusal = _not_allowed(site, command.badge) or _unknown(command, known)
    if refusal is not None:
        return Decision(refusal)
    match command:
        case RecordReceipt():
            return _receipt(command)
        case ReceiveReturn():
            return _received(command)
        case InspectReturn():
            return _inspected(command)
        case CompleteReturn():
            fact: Fact = ReturnCompleted(return_id=command.return_id)
            return Decision(say("goods.return_completed", id=shown(command.return_id)), (fact,))
        case CountStock():
            return _counted(command)
    raise TypeError(f"no rule for {command.kind}")


def _receipt(command: RecordReceipt) -> Decision:
    if (command.against == "blind") is not (command.inbound_id is None):
        return Decision(say("goods.against" if command.inbound_id is None else "goods.blind"))
    refusal = _wrong_lines(command.lines)
    if refusal is not None:
        return Decision(refusal)
    fact = ReceiptRecorded(
        receipt_id=f"receipt_{command.command_id.hex}",
        against=command.against,
        inbound_id=command.inbound_id,
        lines=_lines(command.lines),
    )
    return Decision(say("goods.received", units=_units(command.lines), lines=len(command.lines)), (fact,))


def _received(command: ReceiveReturn) -> Decision:
    refusal = _wrong_lines(command.lines)
    if refusal is not None:
        return Decision(refusal)
    fact = ReturnReceived(return_id=command.return_id, lines=_lines(command.lines))
    units, ident = _units(command.lines), shown(command.return_id)
    return Decision(say("goods.return_received", units=units, id=ident), (fact,))


def _inspected(command: InspectReturn) -> Decision:
    if command.restockable_qty < 0:
        qty = decimal_text(command.restockable_qty)
        return Decision(say("goods.negative", qty=qty, item="what can be sold again"))
    fact = ReturnInspected(
        return_id=command.return_id,
        disposition=command.disposition,
        restockable_qty=command.restockable_qty,
        notes=command.notes,
    )
    words = {"id": shown(command.return_id), "disposition": command.disposition}
    return Decision(say("goods.return_inspected", qty=decimal_text(command.restockable_qty), **words), (fact,))


def _counted(command: CountStock) -> Decision:
    if command.qty < 0:
        return Decision(say("goods.negative", qty=decimal_text(command.qty), item=shown(command.sku)))
    fact = StockCounted(
        sku=command.sku,
        location_id=command.location_id,
        qty=command.qty,
        article_status=command.article_status,
    )
    place = f"at {shown(command.location_id)}" if command.location_id else "in the whole warehouse"
    words = {"qty": decimal_text(command.qty), "sku": shown(command.sku), "place": place}
    return Decision(say("goods.counted", **words), (fact,))


def _not_allowed(site: Site, badge: str) -> Answer | None:
    worker = site.worker_by_badge(badge)
    if worker is None:
        return say("goods.badge")
    return None if ROLE in worker.roles else say("goods.role", name=worker.name)


def _unknown(command: GoodsCommand, known: AbstractSet[str]) -> Answer | None:
    unknown = next((sku for sku in skus_of(command) if sku not in known), None)
    return None if unknown is None else say("goods.no_product", sku=shown(unknown))


def _wrong_lines(lines: tuple[GoodsLine, ...]) -> Answer | None:
    """The first line that cannot be: nothing of it, more serials than units, or a serial twice."""
    seen: set[tuple[str, str]] = set()
    for line in lines:
        if line.qty <= 0:
            return say("goods.none", qty=decimal_text(line.qty), sku=shown(line.sku))
        if len(line.serials) > line.qty:
            words = {"serials": len(line.serials), "qty": decimal_text(line.qty), "sku": shown(line.sku)}
            return say("goods.serials", **words)
        for serial in line.serials:
            if (line.sku, serial) in seen:
                return say("goods.serial_twice", serial=shown(serial), sku=shown(line.sku))
            seen.add((line.sku, serial))
    return None


def _lines(lines: tuple[GoodsLine, ...]) -> tuple[ReceivedLine, ...]:
    return tuple(ReceivedLine(**line.model_dump()) for line in lines)


def _units(lines: tuple[GoodsLine, ...]) -> str:
    return decimal_text(sum((line.qty for line in lines), Decimal(0)))
