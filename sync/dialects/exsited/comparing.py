"""What HQ says was fulfilled and is left of the orders that are known here, in pieces, for the comparison."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from decimal import Decimal

from sync.dialect import Answer, Fault, Known, PullStopped, TheirLine
from sync.dialects.exsited import documents as d
from sync.dialects.exsited.capabilities import ExsitedHq
from sync.dialects.exsited.lists import At, Passed, Reader, rows
from sync.dialects.exsited.quantities import ONE, sale_rate, to_pieces

NONE = Decimal(0)


@dataclass(slots=True)
class _Line:
    """One line of an order as the item fulfillments tell it, in HQ's unit of measure."""

    order_id: str
    sku: str
    uom: str
    fulfilled: Decimal
    left: Decimal


async def their_lines(hq: Reader, settings: ExsitedHq, known: Known) -> AsyncGenerator[TheirLine, None]:
    """Each line of the orders that are known here: ordered is fulfilled and left together, shipped is fulfilled.

    seed_only sees only lines of which something was fulfilled; full reads the invoices too. Lines whose unit of
    measure or document cannot be read are told at the end. Raises PullStopped, then too.
    """
    at = At("", settings, settings.profile, lambda: 0, Passed())
    faults: list[str] = []
    found = await _fulfilled(hq, at, known, faults)
    if settings.mode == "full":
        await _add_invoices(hq, at, known, found, faults)
    rate = sale_rate(known, at.profile)
    for line in found.values():
        pieces = rate(line.sku, line.uom)
        if pieces is None:
            faults.append(f"{line.order_id}: {line.sku} has no unit {line.uom} that says how many pieces it is.")
            continue
        shipped = to_pieces(line.fulfilled, pieces or ONE)
        ordered = to_pieces(line.fulfilled + line.left, pieces or ONE)
        yield TheirLine(line.order_id, line.sku, ordered, shipped=shipped)
    if faults:
        more = f" And {len(faults) - 3} more." if len(faults) > 3 else ""  # noqa: PLR2004 -- what a person reads
        raise PullStopped(Answer(200, None), f"Not compared: {' '.join(faults[:3])}{more}")


async def _fulfilled(hq: Reader, at: At, known: Known, faults: list[str]) -> dict[str, _Line]:
    """By the line's uuid. The least that was ever left counts, since older records may say what was left then."""
    found: dict[str, _Line] = {}
    path, order = at.path("item-fulfillments"), at.profile.created_field
    async for row in rows(hq, at, path, "item-fulfillments", order_by=order, direction="desc"):
        done = row if isinstance(row, Fault) else d.read(d.Fulfilled, row, f"HQ's item fulfillment {d.named(row)}")
        if isinstance(done, Fault):
            faults.append(done.sentence)
            continue
        if known.fulfillment_of_order(done.order_id) is None:
            continue
        for line in done.fulfillments:
            first = _Line(done.order_id, line.item_id, line.uom, NONE, line.fulfillment_left)
            each = found.setdefault(line.line_uuid.lower(), first)
            each.fulfilled += line.fulfilled_quantity
            each.left = min(each.left, line.fulfillment_left)
    return found


async def _add_invoices(hq: Reader, at: At, known: Known, found: dict[str, _Line], faults: list[str]) -> None:
    """Lines of which nothing was fulfilled yet; and what was ordered, which the invoice knows best."""
    async for row in rows(hq, at, at.path("invoices"), "invoices"):
        invoice = row if isinstance(row, Fault) else d.invoice(row, at.profile)
        if isinstance(invoice, Fault):
            faults.append(invoice.sentence)
            continue
        if invoice.status in at.profile.cancelled_statuses or known.fulfillment_of_order(invoice.order_id) is None:
            continue
        for line in invoice.lines:
            if line.warehouse == at.settings.warehouse:
                each = found.setdefault(
                    line.uuid.lower(), _Line(invoice.order_id, line.item_id, line.uom, NONE, line.quantity)
                )
                each.left = max(line.quantity - each.fulfilled, NONE)
