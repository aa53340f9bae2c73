"""Goods that come in, and counts: what a supervisor records, and what is refused in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from local_store.domain import commands as c
from local_store.domain import events as e
from tests.support.floor import EVE, Bench, new_id, product


@pytest.fixture
def here(bench: Bench) -> Bench:
    bench.given_products(product("TEA"), product("JAM"))
    return bench


def line(sku: str = "TEA", qty: Any = 2, **of: Any) -> c.GoodsLine:
    return c.GoodsLine(sku=sku, qty=Decimal(str(qty)), **of)


def said(bench: Bench, command: type[c.GoodsCommand], **of: Any) -> str:
    """What the station answers to a supervisor."""
    return bench.do(command(**{"command_id": new_id(), "badge": EVE.badge, **of})).answer.text


def test_what_came_in_is_told_to_hq_with_all_that_was_seen_of_it(here: Bench) -> None:
    seen = line("JAM", "1.5", condition="damaged", lot_id="L1", expires_on="2026-02-28", line_id="3")
    text = said(here, c.RecordReceipt, against="asn", inbound_id="ASN-1", lines=(line(serials=("a", "b")), seen))
    assert text == "Recorded. Units that came in: 3.5, lines: 2."
    (fact,) = here.facts(e.ReceiptRecorded)
    assert (fact.against, fact.inbound_id, fact.lines[1].lot_id, fact.lines[0].serials) == (
        "asn",
        "ASN-1",
        "L1",
        ("a", "b"),
    )
    assert here.query("SELECT entity, state FROM outbox") == [("inbound:ASN-1", "pending")]
    assert here.query("SELECT actor FROM journal WHERE kind = 'receipt.recorded'") == [("eve",)]


def test_a_count_is_told_as_it_is_never_as_a_difference(here: Bench) -> None:
    assert said(here, c.CountStock, sku="TEA", location_id="A-1", qty=Decimal(0)) == "Recorded: 0 of TEA at A-1."
    assert said(here, c.CountStock, sku="TEA", qty=Decimal(7)) == "Recorded: 7 of TEA in the whole warehouse."
    assert [(fact.location_id, fact.qty) for fact in here.facts(e.StockCounted)] == [
        ("A-1", Decimal(0)),
        (None, Decimal(7)),
    ]


@pytest.mark.parametrize(
    ("command", "of", "sentence"),
    [
        (c.CountStock, {"sku": "SALT", "qty": 1}, "There is no product SALT here. Look its number up in the list."),
        (c.CountStock, {"sku": "TEA", "qty": -1}, "-1 of TEA cannot be. Key zero or more."),
        (
            c.RecordReceipt,
            {"against": "blind", "lines": (line(), line("SALT"))},
            "There is no product SALT here. Look its number up in the list.",
        ),
        (
            c.RecordReceipt,
            {"against": "blind", "lines": (line(qty=0),)},
            "0 of TEA is nothing that came. Leave the line out, or key what came.",
        ),
        (
            c.RecordReceipt,
            {"against": "blind", "lines": (line(qty=1, serials=("a", "b")),)},
            "TEA: quantity 1, serial numbers: 2. Count again, or scan them anew.",
        ),
        (
            c.RecordReceipt,
            {"against": "blind", "lines": (line(serials=("a",)), line(serials=("a",)))},
            "Serial number a of TEA is there twice. Scan each unit once.",
        ),
        (
            c.RecordReceipt,
            {"against": "asn", "lines": (line(),)},
            "Say which announcement or purchase order this is for, or record it as blind.",
        ),
        (
            c.RecordReceipt,
            {"against": "blind", "inbound_id": "X", "lines": (line(),)},
            "A blind receipt is for goods that nobody announced. Leave the announcement out.",
        ),
        (
            c.CountStock,
            {"sku": "TEA", "qty": 1, "badge": "BADGE-ANA"},
            "Ana may not record goods or counts. Ask a supervisor.",
        ),
        (
            c.CountStock,
            {"sku": "TEA", "qty": 1, "badge": "NOBODY"},
            "This badge is not known here. A supervisor scans theirs.",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_is_no_fact(
    here: Bench, command: type[c.GoodsCommand], of: dict[str, Any], sentence: str
) -> None:
    before = here.query("SELECT count(*) FROM journal")
    assert said(here, command, **of) == sentence
    assert here.query("SELECT count(*) FROM journal") == before


def test_two_taps_record_one_receipt(here: Bench) -> None:
    command = c.RecordReceipt(command_id=new_id(), badge=EVE.badge, against="blind", lines=(line(),))
    assert here.do(command).answer == here.do(command).answer
    assert len(here.facts(e.ReceiptRecorded)) == 1
