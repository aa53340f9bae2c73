"""One shift, five HQs: the journal is delivered through each dialect, well and badly, and the truth is the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from agent.demo import rows_of
from hq.faults import Faults
from tests.acceptance.shift import read_rows
from tests.support import needs
from tests.sync.one_shift import CLEAN, FAULTY, SETTINGS, Shift, shift

REAL_ORDERS = 200
FAULTS = Faults(
    lost_reply=0.10, status_429=0.05, status_500=0.05, expired_token=0.03, truncate=0.05, drip=0.02, delay_ms=20,
    slow=0.02, seed=5,
)  # fmt: skip

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def worked(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shift]:
    orders, products = rows_of("orders"), rows_of("products")
    shared = needs.shared_folder()
    if shared is None:
        needs.skip_or_fail("the shared folder with real orders")
    orders = [*orders, *read_rows(shared / "data/northwind/fulfillments.ndjson")[:REAL_ORDERS]]
    products = [*products, *read_rows(shared / "data/northwind/products.ndjson")]
    wanted: Counter[str] = Counter()
    for order in orders:
        for line in order["lines"]:
            wanted[line["sku"]] += line["quantity"]
    stock = [
        {
            "location_id": each["location_id"],
            "sku": each["sku"],
            "quantity": wanted[each["sku"]] + 10,
            "reference": "o",
        }
        for each in products
    ]
    async with shift(tmp_path_factory.mktemp("shift"), products, stock, orders) as made:
        yield made


@pytest.mark.parametrize("dialect", sorted(SETTINGS))
async def test_under_every_fault_each_hq_ends_with_the_truth_of_a_good_day(worked: Shift, dialect: str) -> None:
    good = await worked.deliver(f"{dialect}-{CLEAN}")
    bad = await worked.deliver(f"{dialect}-{FAULTY}", FAULTS)
    assert bad == good
    assert _parked(worked, f"{dialect}-{CLEAN}") == []
    assert _parked(worked, f"{dialect}-{FAULTY}") == []


def _parked(worked: Shift, lane: str) -> list[Any]:
    return worked.rows("SELECT entity, reason FROM outbox WHERE lane = ? AND state = 'parked'", lane)
