"""Goods that were picked for work that goes: back on their shelves, or with another station. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from local_store.domain.events import (
    Fact,
    HandedOverUnits,
    PickHandedOver,
    PickPutBack,
    PickRebinned,
    RebinnedPart,
    decimal_text,
)
from local_store.domain.words import listed, phrase

ZERO = Decimal(0)
MOST_NAMED = 10
"""Goods that one sentence names."""


class Held(NamedTuple):
    """What was picked for a task of an order of which no parcel is sealed."""

    picklist_id: str
    task_id: str
    fulfillment_id: str
    order_line_id: str
    location_id: str
    sku: str
    item: str
    picked: Decimal
    line_picked: Decimal
    """For the order line in all."""
    known: tuple[RebinnedPart, ...] = ()
    """Units of which the lot or the serial number is known, the newest first."""


def back(held: Sequence[Held], reason: str, ident: str, *, told: bool) -> list[Fact]:
    """All of it lies again where it was taken from; HQ is told where it counts these units as picked."""
    return [*_back([(each, each.picked) for each in held], reason, ident, told=told)]


def beyond(held: Sequence[Held], wants: Mapping[str, Decimal], reason: str, ident: str) -> list[Fact]:
    """What HQ wants no more of the lines of an order, taken from what was picked last."""
    rest = {each.order_line_id: each.line_picked - wants.get(each.order_line_id, ZERO) for each in held}
    goes = []
    for each in reversed(held):
        qty = min(rest[each.order_line_id], each.picked)
        if qty > 0:
            rest[each.order_line_id] -= qty
            goes.append((each, qty))
    return [*_back(goes, reason, ident, told=True)]


def handed_over(held: Iterable[Held]) -> list[Fact]:
    """Another station has what was picked for an order."""
    goods: dict[tuple[str, str], list[HandedOverUnits]] = {}
    for each in held:
        mine = goods.setdefault((each.picklist_id, each.fulfillment_id), [])
        parts = _parts(each, each.picked)
        mine += [
            HandedOverUnits(sku=each.sku, qty=part.qty, lot_id=part.lot_id, serials=part.serials) for part in parts
        ]
        rest = each.picked - sum((part.qty for part in parts), ZERO)
        if rest:
            mine.append(HandedOverUnits(sku=each.sku, qty=rest))
    return [
        PickHandedOver(picklist_id=picklist_id, fulfillment_id=fulfillment_id, goods=tuple(units))
        for (picklist_id, fulfillment_id), units in goods.items()
    ]


def in_words(facts: Iterable[Fact], held: Iterable[Held]) -> str:
    """What lies where again."""
    items = {each.task_id: each.item for each in held}
    told = [
        phrase("{qty} of {item} at {location}", qty=qty, item=items[fact.task_id], location=fact.location_id)
        for fact in facts
        if isinstance(fact, PickRebinned)
        for qty in [decimal_text(fact.qty)]
    ]
    more = [phrase("and {many} more", many=len(told) - MOST_NAMED)] if len(told) > MOST_NAMED else []
    return listed([*told[:MOST_NAMED], *more])


def _back(goes: Iterable[tuple[Held, Decimal]], reason: str, ident: str, *, told: bool) -> Iterable[Fact]:
    kind = PickRebinned if told else PickPutBack
    gone: dict[tuple[str, str], Decimal] = {}
    for each, qty in goes:
        line = (each.fulfillment_id, each.order_line_id)
        gone[line] = gone.get(line, ZERO) + qty
        yield kind(
            picklist_id=each.picklist_id,
            rebin_id=f"{ident}:{each.task_id}",
            task_id=each.task_id,
            fulfillment_id=each.fulfillment_id,
            order_line_id=each.order_line_id,
            location_id=each.location_id,
            sku=each.sku,
            qty=qty,
            picked=each.picked - qty,
            line_picked=each.line_picked - gone[line],
            reason=reason,
            parts=_parts(each, qty),
        )


def _parts(held: Held, qty: Decimal) -> tuple[RebinnedPart, ...]:
    """Units that are known, then those of which nothing is known."""
    parts = []
    for part in held.known:
        many = min(qty, part.qty)
        if many:
            parts.append(part.model_copy(update={"qty": many, "serials": part.serials[: int(many)]}))
            qty -= many
    return tuple(parts)
