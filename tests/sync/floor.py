"""A worker who picks and packs everything that was pulled, by the same commands as a person's scanner gives."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import uuid_utils.compat

from local_store.domain import commands as c
from local_store.domain.words import Tone
from tests.sync.station import Station


async def pick_everything(here: Station) -> None:
    """Every open picklist, whole."""
    await _do(here, c.Scan, workplace="pick", code="BADGE-ANA")
    for (picklist,) in here.rows("SELECT picklist_id FROM picklist WHERE status = 'open' ORDER BY picklist_id"):
        await pick(here, picklist)


async def pick(here: Station, picklist: str) -> None:
    """One picklist, whole: the first unit scanned, the rest keyed."""
    await _do(here, c.OpenWork, workplace="pick", id=picklist)
    tasks = here.rows(
        "SELECT location_id, sku, qty FROM pick_task WHERE picklist_id = ? AND status = 'open' ORDER BY position",
        picklist,
    )
    for location, sku, qty in tasks:
        await _do(here, c.Scan, workplace="pick", code=location)
        await count(here, "pick", sku, qty)
    await _do(here, c.Complete, workplace="pick")


async def pack_everything(here: Station) -> None:
    """Every order that is ready and has something to pack, each in one parcel of one kilogram."""
    await _do(here, c.Scan, workplace="pack", code="BADGE-ANA")
    ready = here.rows(
        "SELECT fulfillment_id FROM fulfillment WHERE session = 'ready' AND fulfillment_id IN"
        " (SELECT fulfillment_id FROM fulfillment_line WHERE picked <> '0') ORDER BY ready_seq, fulfillment_id"
    )
    for (fulfillment,) in ready:
        await _do(here, c.OpenWork, workplace="pack", id=fulfillment)
        lines = here.rows(
            "SELECT sku, picked FROM fulfillment_line WHERE fulfillment_id = ? AND picked <> '0' ORDER BY position",
            fulfillment,
        )
        for sku, picked in lines:
            await count(here, "pack", sku, picked)
        await _do(
            here,
            c.Weigh,
            workplace="pack",
            scale="s",
            weight_mg=1_000_400,
            stability="stable",
            range="ok",
            newer_than_request=True,
            emptied=True,
            reason="packing material",
        )
        if here.rows("SELECT 1 FROM fulfillment WHERE fulfillment_id = ? AND metadata IS NOT NULL", fulfillment):
            await here.store.execute(c.ConfirmNotes(command_id=uuid_utils.compat.uuid7(), workplace="pack"))
        await _do(here, c.Seal, workplace="pack")


async def count(here: Station, workplace: str, sku: str, qty: str) -> None:
    await _do(here, c.Scan, workplace=workplace, code=sku)
    if Decimal(qty) > 1:
        await _do(here, c.KeyQuantity, workplace=workplace, quantity=Decimal(qty))


async def _do(here: Station, command: type[c.FloorCommand], **of: Any) -> None:
    receipt = await here.store.execute(command(command_id=uuid_utils.compat.uuid7(), **of))
    assert receipt.answer.tone not in {Tone.REFUSED, Tone.ASK}, receipt.answer


async def act(here: Station, command: type[c.FloorCommand], **of: Any) -> None:
    """Any one act of a worker."""
    await _do(here, command, **of)
