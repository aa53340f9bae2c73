"""A receipt: what was tallied becomes lines of what was announced, with what is wrong about them. Pure."""

from __future__ import annotations

from decimal import Decimal

from local_store.domain import inbound as i
from local_store.domain import tally as t
from local_store.domain.commands import Complete, Scan
from local_store.domain.events import (
    Differs,
    DiscrepancyRecorded,
    Fact,
    PlainLabelRequested,
    ReceiptRecorded,
    ReceivedLine,
    TallyClosed,
    decimal_text,
)
from local_store.domain.floor import Decision
from local_store.domain.inbound import NOTHING, Inbound
from local_store.domain.site import Site
from local_store.domain.words import phrase, say, word

MOST_LABELS = 50
"""Labels of one receipt that are printed by themselves."""


def complete(
    site: Site, inbound: Inbound | None, tally: t.Tally, command: Complete | Scan, wants: t.Wants
) -> Decision:
    """What came is recorded, with what is wrong about it; nothing counted is nothing recorded."""
    waiting = tally.waiting
    if waiting is not None:
        lacks = wants(waiting)
        missing = word(lacks) if lacks else phrase("its count")
        return Decision(say("receive.waits", item=waiting.item.title, missing=missing))
    if not tally.counts:
        closed = TallyClosed(tally_id=tally.tally_id, discarded=True, reason="nothing was counted")
        return Decision(say("receive.nothing"), (closed,))
    ident = command.command_id.hex
    lines = _lines(inbound, tally)
    receipt = ReceiptRecorded(
        receipt_id=f"receipt_{ident}",
        against=inbound.against if inbound else "blind",
        inbound_id=inbound.inbound_id if inbound else None,
        lines=lines,
    )
    facts: tuple[Fact, ...] = (receipt, TallyClosed(tally_id=tally.tally_id), *_wrong(inbound, tally, receipt))
    labels = _labels(site, tally, command.workplace, ident)
    units = decimal_text(sum((line.qty for line in lines), NOTHING))
    source = inbound.lane if inbound else None
    return Decision(say("receive.done", units=units, lines=len(lines)), (*facts, *labels), source)


def _lines(inbound: Inbound | None, tally: t.Tally) -> tuple[ReceivedLine, ...]:
    """The counts, like with like, on the lines of the announcement."""
    groups: dict[tuple[object, ...], list[t.Counted]] = {}
    for each in tally.counts:
        alike = (each.item.sku, each.lot_id, each.expires_on, each.condition, each.container)
        groups.setdefault(alike, []).append(each)
    lines, taken = [], dict[str, Decimal]()
    for counts in groups.values():
        first, qty = counts[0], sum((each.qty for each in counts), NOTHING)
        serials = [serial for each in counts for serial in each.serials]
        weight_mg = sum(each.weight_mg or 0 for each in counts)
        left = weight_mg
        parts = i.allocate(inbound, first.item.sku, qty, taken)
        for place, (line_id, part) in enumerate(parts):
            last = place == len(parts) - 1
            share = left if last else int(weight_mg * part / qty)
            left -= share
            of, serials = (serials, []) if last else (serials[: int(part)], serials[int(part) :])
            lines.append(
                ReceivedLine(
                    line_id=line_id,
                    sku=first.item.sku,
                    qty=part,
                    condition=first.condition,
                    lot_id=first.lot_id,
                    expires_on=first.expires_on,
                    serials=tuple(of),
                    container=first.container,
                    weight_mg=share or None,
                )
            )
    return tuple(lines)


def _wrong(inbound: Inbound | None, tally: t.Tally, receipt: ReceiptRecorded) -> tuple[DiscrepancyRecorded, ...]:
    """What came and is not as announced: damaged, of another lot, more than announced, or not announced at all."""
    found: list[DiscrepancyRecorded] = []
    for place, line in enumerate(receipt.lines):
        if line.condition == "damaged":
            photos = tuple(each.photo for each in tally.counts if each.photo and _is_of(each, line))
            found.append(_of_line(receipt, place, "damaged", photos))
        lots = inbound.lots.get(line.sku) if inbound else None
        if lots and line.lot_id is not None and line.lot_id not in lots:
            found.append(_of_line(receipt, place, "wrong_lot"))
    if inbound is None:
        return tuple(found)
    skus = dict.fromkeys((line.sku for line in receipt.lines if not inbound.expected(line.sku)), NOTHING)
    seen = inbound._replace(unexpected={**skus, **inbound.unexpected})
    ident = receipt.receipt_id
    more = i.differences(seen, lambda sku: seen.received(sku) + tally.total(sku), ident, ident, closed=False)
    return (*found, *more)


def _is_of(counted: t.Counted, line: ReceivedLine) -> bool:
    said = (counted.item.sku, counted.lot_id, counted.expires_on, counted.condition, counted.container)
    return said == (line.sku, line.lot_id, line.expires_on, line.condition, line.container)


def _of_line(
    receipt: ReceiptRecorded, place: int, differs: Differs, photos: tuple[str, ...] = ()
) -> DiscrepancyRecorded:
    line = receipt.lines[place]
    return DiscrepancyRecorded(
        discrepancy_id=f"{receipt.receipt_id}_{differs}_{place}",
        inbound_id=receipt.inbound_id,
        receipt_id=receipt.receipt_id,
        line_id=line.line_id,
        differs=differs,
        sku=line.sku,
        qty=line.qty,
        lot_id=line.lot_id,
        photos=photos,
    )


def _labels(site: Site, tally: t.Tally, workplace: str, ident: str) -> tuple[PlainLabelRequested, ...]:
    """A label for each unit that carries no code of its own, as far as they are few."""
    if not site.receiving.label_unlabelled:
        return ()
    bare: dict[str, tuple[t.Item, Decimal]] = {}
    for each in tally.counts:
        if not each.item.barcoded and each.condition == "good":
            bare[each.item.sku] = (each.item, bare.get(each.item.sku, (each.item, NOTHING))[1] + each.qty)
    wanted = [item for item, qty in bare.values() for _ in range(min(int(qty), MOST_LABELS))][:MOST_LABELS]
    return tuple(item_label(item, workplace, f"label_{ident}_{place}") for place, item in enumerate(wanted))


def item_label(item: t.Item, workplace: str, job_id: str) -> PlainLabelRequested:
    """A label for one unit."""
    values = {"name": item.name, "sku": item.sku, "note": ""}
    return PlainLabelRequested(job_id=job_id, workplace=workplace, template="item", values=values)
