"""What HQ said of an order stands on the pack screen until the parcel is closed."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agent.floor.views import Strip, view_of
from agent.problems import Problems
from local_store.clock import SystemClock
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.notes import MAX_NOTE, notes_of
from local_store.store import Store
from tests.support.floor import ANA, SITE, new_id


@pytest.mark.parametrize(
    ("metadata", "sentences"),
    [
        ("{}", []),
        ('{"method": 0, "orderType": 0, "signatureRequired": false, "customerNote": " "}', []),
        ('{"signatureRequired": true}', ["The receiver has to sign for it."]),
        ('{"method": 1}', ["The customer picks this up: give it to no carrier."]),
        ('{"method": 2}', ["Goes as freight (LTL): bring it to the pallets."]),
        ('{"orderType": 2}', ["For an Amazon warehouse (FBA)."]),
        ('{"customerNote": "Ring\\n twice\\u0007"}', ["Note: Ring twice"]),
        ('{"method": true, "orderType": "B2B", "customerNote": 5, "signatureRequired": 1}', []),
    ],
)
def test_what_is_said_of_an_order_becomes_a_sentence(metadata: str, sentences: list[str]) -> None:
    assert [note.sentence for note in notes_of(json.loads(metadata))] == sentences


def test_a_long_note_is_cut() -> None:
    (note,) = notes_of({"customerNote": "x" * 5000})
    assert len(note.sentence) == len("Note: ") + MAX_NOTE


async def test_the_notes_are_on_the_screen_before_the_parcel_is_closed(tmp_path: Path) -> None:
    store = Store(tmp_path, SITE, SystemClock(), "test")
    await store.open()
    line = e.WorkLine(order_line_id="L1", sku="SKU-1", qty=Decimal(1), picked=Decimal(1))
    of: dict[str, Any] = {"lane": "main", "order_id": "O-1", "warehouse_id": "WH-1", "party_id": "p"}
    order = e.FulfillmentReceived(
        **of, fulfillment_id="F-1", lines=(line,), picked=True, metadata={"customerNote": "Ring twice", "method": 2}
    )
    try:
        await store.execute(c.ReceiveWork(command_id=new_id(), fulfillments=(order,), parties=()))
        await store.execute(c.Scan(command_id=new_id(), workplace="pack-1", code=ANA.badge))
        await store.execute(c.OpenWork(command_id=new_id(), workplace="pack-1", id="F-1"))
        strip = Strip(lambda: SITE, SystemClock(), lambda _: [], dict, Problems(lambda: 0), training=False)
        parcel = view_of(store.reader, strip, "pack-1", None)["parcel"]
    finally:
        await store.close()
    assert [note["code"] for note in parcel["to_confirm"]] == ["ltl", "note"]
    assert parcel["notes"] == ["Goes as freight (LTL): bring it to the pallets.", "Note: Ring twice"]
