"""Goods that come in or come back, and counts, under a supervisor's badge: told as they are, checked for sense. Pure.

No stock is kept here: a count is a fact about a shelf, and what follows from it is HQ's to say.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from local_store.domain.commands import (
    CountStock,
    GoodsCommand,
    RecordReceipt,
)
from local_store.domain.events import (
    ReceiptRecorded,
    StockCounted,
    decimal_text,
)
from local_store.domain.floor import Decision
from local_store.domain.goods_lines import lines_of, units, wrong_lines
from local_store.domain.meaning import shown
from local_store.domain.site import Site
from local_store.domain.words import Answer, phrase, say

ROLE = "supervisor"


def skus_of(command: GoodsCommand) -> tuple[str, ...]:
    """The products a command names."""
    if isinstance(command, CountStock):
        return (command.sku,)
    return tuple(line.sku for line in command.lines) if isinstance(command, RecordReceipt) else ()


def decide(site: Site, command: GoodsCommand, known: AbstractSet[str]) -> Decision:
    """The fact that follows; `known` are those of its SKUs that are products here."""
    refusal = _not_allowed(site, command.badge) or _unknown(command, known)
    if refusal is not None:
        return Decision(refusal)
    match command:
        case RecordReceipt():
            return _receipt(command)
        case CountStock():
            return _counted(command)
    raise TypeError(f"no rule for {command.kind}")


def _receipt(command: RecordReceipt) -> Decision:
    if (command.against == "blind") is not (command.inbound_id is None):
        return Decision(say("goods.against" if command.inbound_id is None else "goods.blind"))
    refusal = wrong_lines(command.lines)
    if refusal is not None:
        return Decision(refusal)
    fact = ReceiptRecorded(
        receipt_id=f"receipt_{command.command_id.hex}",
        against=command.against,
        inbound_id=command.inbound_id,
        lines=lines_of(command.lines),
    )
    return Decision(say("goods.received", units=units(command.lines), lines=len(command.lines)), (fact,))


def _counted(command: CountStock) -> Decision:
    if command.qty < 0:
        return Decision(say("goods.negative", qty=decimal_text(command.qty), item=shown(command.sku)))
    fact = StockCounted(
        sku=command.sku,
        location_id=command.location_id,
        qty=command.qty,
        article_status=command.article_status,
    )
    there = phrase("at {which}", which=shown(command.location_id or ""))
    place = there if command.location_id else phrase("in the whole warehouse")
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
