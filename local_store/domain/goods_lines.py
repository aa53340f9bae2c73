"""Lines of goods as somebody told them: whether they can be, and as a fact has them. Pure."""

from __future__ import annotations

from decimal import Decimal

from local_store.domain.commands import GoodsLine
from local_store.domain.events import ReceivedLine, decimal_text
from local_store.domain.meaning import shown
from local_store.domain.words import Answer, say


def wrong_lines(lines: tuple[GoodsLine, ...]) -> Answer | None:
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


def lines_of(lines: tuple[GoodsLine, ...]) -> tuple[ReceivedLine, ...]:
    """The lines as a fact has them."""
    return tuple(ReceivedLine(**line.model_dump()) for line in lines)


def units(lines: tuple[GoodsLine, ...]) -> str:
    """How many units there are in all, in words."""
    return decimal_text(sum((line.qty for line in lines), Decimal(0)))
