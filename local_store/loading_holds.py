"""Whether what a scan or a key would count is on hold. Only asked where anything is held at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from local_store.domain import quality as domain_quality
from local_store.domain import tracing
from local_store.domain.commands import FloorCommand, KeyQuantity, KeySerials, Scan, SetValue
from local_store.domain.meaning import Meant
from local_store.domain.pack_work import PackWork
from local_store.domain.pick_work import PickWork
from local_store.domain.words import Answer
from local_store.works import quality

if TYPE_CHECKING:
    from local_store.transaction import Transaction


class Goods(NamedTuple):
    """Units that a command would count, as far as it says which they are."""

    sku: str
    item: str
    lot: str | None = None
    serial: str | None = None


def held(tx: Transaction, command: FloorCommand, meant: Meant, work: PickWork | PackWork) -> Answer | None:
    """Why what a scan or a key would count must not be taken: at the picker's location, or wherever it is packed."""
    location = work.location_id if isinstance(work, PickWork) else None
    for each in _goods(command, meant, work):
        found = quality.on_hold(tx.connection, each.sku, each.lot, location, each.serial)
        if found is not None:
            return domain_quality.held(each.item, found)
    return None


def _goods(command: FloorCommand, meant: Meant, work: PickWork | PackWork) -> Iterator[Goods]:
    current, parsed = work.current, meant.parsed
    if isinstance(command, KeyQuantity) and current is not None:
        yield Goods(current.sku, current.item, _lot_in_hand(work, current.sku))
    for meaning in meant.meanings:
        if meaning.thing == "product":
            lot, serial = (parsed.lot, parsed.serial) if parsed else (None, None)
            yield Goods(meaning.id, meaning.item, lot or _lot_in_hand(work, meaning.id), serial)
    if isinstance(work, PickWork):
        yield from _said_of_hand(command, meant, work)


def _said_of_hand(command: FloorCommand, meant: Meant, work: PickWork) -> Iterator[Goods]:
    """A lot or serial numbers that are told of the item in hand."""
    task = work.task(work.in_hand.task_id) if work.in_hand else work.current
    if task is None:
        return
    lot = _lot_in_hand(work, task.sku)
    if isinstance(command, KeySerials):
        for serial in command.serials:
            yield Goods(task.sku, task.item, lot, serial)
        return
    if work.in_hand is None or meant.meanings:
        return
    if isinstance(command, SetValue):
        name, value = str(command.name), command.value
    elif isinstance(command, Scan):
        said, name = meant.parsed, tracing.wanting(task, work.in_hand, ()) or ""
        value = str((said and {"lot": said.lot, "serial": said.serial}.get(name)) or command.code.strip())
    else:
        return
    if name == "lot":
        yield Goods(task.sku, task.item, value)
    elif name == "serial":
        yield Goods(task.sku, task.item, lot, value)


def _lot_in_hand(work: PickWork | PackWork, sku: str) -> str | None:
    if not isinstance(work, PickWork) or work.in_hand is None:
        return None
    return work.in_hand.lot_id if work.task(work.in_hand.task_id).sku == sku else None
