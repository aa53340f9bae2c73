"""What HQs announce is kept as it was said last, and only where it is news."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from local_store import journal
from local_store.domain import commands as c
from local_store.domain import events as e
from tests.support.floor import Bench, new_id


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


def asn(qty: int = 5, **of: Any) -> e.InboundAnnounced:
    line = e.AnnouncedLine(line_id="1", sku="SKU-1", expected=Decimal(qty))
    whole = {"lane": "main", "inbound_id": "asn-1", "against": "asn", "number": "A-77", "lines": (line,), **of}
    return e.InboundAnnounced(**whole)


def rma() -> e.ReturnAnnounced:
    line = e.AnnouncedLine(line_id="1", sku="SKU-1", expected=Decimal(1))
    return e.ReturnAnnounced(lane="main", return_id="r-1", number="RMA-1", order_id="O-1", lines=(line,))


def kit() -> e.WorkOrderAnnounced:
    part = e.KitPart(sku="SKU-1", qty=Decimal(2))
    return e.WorkOrderAnnounced(
        lane="main", work_order_id="w-1", number="W-1", sku="KIT", qty=Decimal(3), parts=(part,)
    )


def stock(qty: str = "7") -> e.StockTold:
    return e.StockTold(lane="main", warehouse_id="157", sku="SKU-1", qty=Decimal(qty))


def announce(bench: Bench, **of: Any) -> None:
    bench.do(c.ReceiveInbound(command_id=new_id(), **of))


def facts(bench: Bench, kind: str) -> list[Any]:
    return [each.fact for each in journal.read(bench.store.reader, 0) if each.fact.kind == kind]


def row(bench: Bench, sql: str) -> tuple[Any, ...]:
    return tuple(bench.store.reader.execute(sql).fetchone())


def test_an_announcement_is_kept_with_its_lines(bench: Bench) -> None:
    announce(bench, inbound=(asn(),))
    against, number, lines, is_open = row(bench, "SELECT against, number, lines, open FROM inbound")
    assert (against, number, is_open) == ("asn", "A-77", 1)
    assert json.loads(lines) == [{"line_id": "1", "sku": "SKU-1", "expected": "5", "received": "0"}]


def test_what_is_said_again_is_no_news_and_what_is_said_otherwise_is(bench: Bench) -> None:
    for _ in range(3):
        announce(bench, inbound=(asn(),), returns=(rma(),), work_orders=(kit(),), stock=(stock(), stock("7.0")))
    for kind in ("inbound.announced", "return.announced", "work_order.announced", "stock.told"):
        assert len(facts(bench, kind)) == 1, kind
    announce(bench, inbound=(asn(6),), stock=(stock("8"),))
    announce(bench, inbound=(asn(6, open=False),))
    assert [(each.lines[0].expected, each.open) for each in facts(bench, "inbound.announced")] == [
        (5, True),
        (6, True),
        (6, False),
    ]
    assert row(bench, "SELECT open FROM inbound") == (0,)
    assert row(bench, "SELECT qty FROM stock_told") == ("8",)


def test_what_one_hq_announced_another_does_not_change_but_its_id_is_learned(bench: Bench) -> None:
    announce(bench, inbound=(asn(),))
    ref = c.HqRef(lane="other", thing="inbound", local_id="asn-1", hq_id="77")
    announce(bench, inbound=(asn(9, lane="other"),), refs=(ref,))
    assert [each.lane for each in facts(bench, "inbound.announced")] == ["main"]
    assert row(bench, "SELECT lane, hq_id FROM hq_ref WHERE thing = 'inbound'") == ("other", "77")


def test_the_views_can_be_made_anew_from_the_journal(bench: Bench) -> None:
    announce(bench, inbound=(asn(),), returns=(rma(),), work_orders=(kit(),), stock=(stock(),))
    before = bench.dump()
    assert sum(each.startswith(("inbound:", "return_order:", "work_order:", "stock_told:")) for each in before) == 4
    assert bench.rebuilt_dump() == before
