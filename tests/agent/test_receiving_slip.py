"""The slip of what differs between an announcement and what came of it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from agent.slips.counter import Wanted, document_of
from agent.slips.layout import as_lines
from local_store.domain import commands as c
from tests.support.dock import TEA, Dock, announced, expected

AT_MS = 1_756_713_600_000


def test_the_slip_of_an_announcement_says_what_is_wrong_and_why(tmp_path: Path) -> None:
    dock = Dock(tmp_path)
    dock.given(announced("ASN-1", expected("TEA", 3)))
    empty = document_of(dock.store.path, Wanted("discrepancy", "ASN-1"), "st", AT_MS, "UTC")
    assert "No differences are recorded." in as_lines(empty, 44)
    dock.received("ASN-1", TEA)
    dock.by(c.RejectGoods, inbound_id="ASN-1", sku="TEA", qty=Decimal(1), reason="wet through")
    dock.by(c.CloseInbound, second="eve", inbound_id="ASN-1")
    slip = document_of(dock.store.path, Wanted("discrepancy", "ASN-1"), "st", AT_MS, "UTC")
    text = "\n".join(as_lines(slip, 44))
    dock.close()
    assert "Announcement ASN-1, closed" in text
    assert ["TEA: rejected", "1"] in [[each.strip() for each in line.rsplit(" ", 1)] for line in text.splitlines()]
    assert ["TEA: under", "2"] in [[each.strip() for each in line.rsplit(" ", 1)] for line in text.splitlines()]
    assert "Reason: wet through" in text
