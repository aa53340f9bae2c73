"""The main job on real orders: pick, pack, weigh, label, sync, with HQ gone for the middle of the shift."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from agent.demo import rows_of
from local_store import journal, projections
from local_store.database import open_writer
from tests.acceptance.shift import Shift, read_rows
from tests.support import needs
from tests.support.render import read_barcodes, render_labels

REPORTS = needs.ROOT / "build" / "reports"
SEED = 20260
FEW = 100
"""Of a shift of more orders than these every tenth label is rendered."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
]


@pytest.fixture(scope="module", params=["the product's own demo day", "830 real orders"])
def shift(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Shift:
    orders, products = rows_of("orders"), rows_of("products")
    if request.param == "830 real orders":
        shared = needs.shared_folder()
        if shared is None:
            needs.skip_or_fail("the shared folder with real orders")
        orders = read_rows(shared / "data/northwind/fulfillments.ndjson")
        products = read_rows(shared / "data/northwind/products.ndjson")
    worked = Shift(tmp_path_factory.mktemp("shift"), orders, products, SEED)
    asyncio.run(worked.run())
    REPORTS.mkdir(parents=True, exist_ok=True)
    (REPORTS / f"shift of {len(orders)} orders.txt").write_text(str(worked.report), encoding="utf-8")
    return worked


def truth_by_order(shift: Shift) -> dict[str, Any]:
    return {each["order_id"]: each for each in shift.truth["fulfillments"]}


def test_hq_knows_every_unit_picked_and_packed_once(shift: Shift) -> None:
    truth = truth_by_order(shift)
    assert truth.keys() == {order["order_id"] for order in shift.orders}
    for order in shift.orders:
        lines = {line["order_line_id"]: line for line in truth[order["order_id"]]["lines"]}
        for line in order["lines"]:
            told = lines[line["order_line_id"]]
            assert (told["qty"], told["picked"], told["packed"]) == (line["quantity"],) * 3, order["order_id"]


def test_every_order_is_one_shipment_of_one_package(shift: Shift) -> None:
    for order_id, told in truth_by_order(shift).items():
        assert told["status"] == "shipped", order_id
        assert told["packages"]["count"] == 1, order_id
        assert told["shipments"] == 1, order_id


def test_every_package_has_its_own_sscc_and_its_label_at_the_printer(shift: Shift) -> None:
    ssccs = [told["packages"]["sscc"][0] for told in truth_by_order(shift).values()]
    assert len(set(ssccs)) == len(shift.orders)
    printed = Counter(sscc_on(label) for label in shift.labels())
    assert printed.keys() == set(ssccs), "a label is missing or was invented"
    said_lost = Counter(sscc for sscc, decision, _why in shift.report.uncertain if decision == "did_not")
    for sscc, times in printed.items():
        assert times <= 1 + said_lost[sscc], f"{sscc} came out {times} times and nobody asked for it"


def test_every_doubtful_label_names_the_kill_that_caused_it(shift: Shift) -> None:
    for sscc, _decision, why in shift.report.uncertain:
        assert re.search(r"stopped without warning \(its run \d+\)", why), f"{sscc}: {why}"


def test_stock_adds_up(shift: Shift) -> None:
    stock = shift.truth["stock"]
    units = shift.report.units
    assert stock["opening"] == units + 10 * len(shift.products)
    assert (stock["shipped"], stock["picked"]) == (units, 0)
    assert stock["on_hand"] == stock["opening"] + stock["adjusted"] - stock["shipped"]


def test_nothing_is_left_unsent_parked_or_undeliverable(shift: Shift) -> None:
    assert shift.facts("SELECT state, count(*) FROM outbox GROUP BY state") == [
        ("delivered", shift.facts("SELECT count(*) FROM outbox")[0][0])
    ]


def test_the_journal_is_whole_and_its_views_can_be_rebuilt_to_an_equal_dump(shift: Shift) -> None:
    command = [sys.executable, "-m", "agent", "verify", "--config", str(shift.config)]
    verified = subprocess.run(command, capture_output=True, text=True, check=False)
    assert verified.returncode == 0, verified.stderr
    assert "The journal is whole" in verified.stdout
    connection = open_writer(shift.database)
    before = list(projections.dump(connection))
    connection.execute("BEGIN")
    projections.clear(connection)
    for recorded in journal.read(connection):
        projections.apply(connection, recorded.seq, recorded.fact)
    assert list(projections.dump(connection)) == before
    connection.rollback()
    connection.close()


def test_the_shift_was_hard_enough(shift: Shift) -> None:
    assert shift.report.kills == 5
    assert shift.report.lost_replies > 0
    assert shift.report.backlog > 0, "HQ was away and nothing waited for it"
    # Somebody who got no answer scans again, and now and then both scans were heard: that is all that may be refused.
    assert shift.report.refusals.total() <= 2 * shift.report.kills, shift.report.refusals


def test_labels_give_back_its_sscc_when_it_is_rendered_and_read(shift: Shift, node_renderer: str) -> None:
    labels = shift.labels()[:: 1 if len(shift.orders) < FEW else 10]
    for label, image in zip(labels, render_labels(labels, node_renderer), strict=True):
        assert ("]C1", f"00{sscc_on(label)}") in read_barcodes(image)


def sscc_on(label: bytes) -> str:
    found = re.search(rb"\^FD>;>800(\d{18})\^FS", label)
    assert found is not None, label[:2000]
    return found[1].decode()
