"""One shift, five HQs: the journal is delivered through each dialect, well and badly, and the truth is the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from agent.demo import rows_of
from hq.faults import Faults
from tests.acceptance.shift import read_rows
from tests.support import needs
from tests.support.generated import check_table
from tests.support.needs import ROOT
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


FLOOR = frozenset(
    {
        *("picklist.assigned", "picklist.started", "pick.counted", "picklist.completed"),
        *("pack.opened", "package.packed", "package.sealed", "shipment.requested"),
    }
)
"""The kinds of facts of the shift that HQs are for."""
CANNOT_BE_TOLD = {
    "ofs": frozenset(),
    "esw": FLOOR - {"picklist.completed", "pack.opened", "package.sealed", "shipment.requested"},
    "pitney_bowes": FLOOR - {"shipment.requested"},
    "exsited": FLOOR - {"shipment.requested"},
    "s2": FLOOR - {"shipment.requested"},
}
"""What each HQ has no place for, by its contract: hq_contracts 0.1."""
NEEDS_SOME_ONLY = {"esw": "picklist.completed", "pitney_bowes": "shipment.requested"}
"""ESW of lists with an order of which nothing came; Pitney Bowes of loads for their own centres."""


@pytest.mark.parametrize("dialect", sorted(SETTINGS))
async def test_under_every_fault_each_hq_ends_with_the_truth_of_a_good_day(worked: Shift, dialect: str) -> None:
    good = await worked.deliver(f"{dialect}-{CLEAN}")
    bad = await worked.deliver(f"{dialect}-{FAULTY}", FAULTS)
    assert bad == good
    assert _states(worked, f"{dialect}-{FAULTY}") == _states(worked, f"{dialect}-{CLEAN}")
    assert {state for _, state in _states(worked, f"{dialect}-{CLEAN}")} <= {"delivered", "not_deliverable"}


@pytest.mark.parametrize("dialect", sorted(SETTINGS))
async def test_the_list_of_facts_an_hq_cannot_be_told_is_exact(worked: Shift, dialect: str) -> None:
    await worked.deliver(f"{dialect}-{CLEAN}")
    states = _states(worked, f"{dialect}-{CLEAN}")
    assert {kind for kind, _ in states} == FLOOR
    never = {kind for kind in FLOOR if (kind, "delivered") not in states}
    some = {kind for kind in FLOOR - never if (kind, "not_deliverable") in states}
    allowed = {NEEDS_SOME_ONLY[dialect]} if dialect in NEEDS_SOME_ONLY else set()
    assert never - allowed == CANNOT_BE_TOLD[dialect]
    assert some <= allowed


async def test_the_page_of_the_dialects_shows_what_each_was_told(worked: Shift) -> None:
    dialects, rows = sorted(SETTINGS), []
    for dialect in dialects:
        await worked.deliver(f"{dialect}-{CLEAN}")
    for kind in sorted(FLOOR):
        cells = [f"`{kind}`"]
        for dialect in dialects:
            states = _states(worked, f"{dialect}-{CLEAN}")
            told, not_told = states[kind, "delivered"], states[kind, "not_deliverable"]
            cells.append(f"{told} of {told + not_told}" if told and not_told else str(told) if told else "-")
        rows.append(cells)
    check_table(ROOT / "docs" / "dialects.md", "shift", ("fact", *(f"`{each}`" for each in dialects)), rows)


def _states(worked: Shift, lane: str) -> Counter[tuple[str, str]]:
    """(kind, state) of every fact that was promised to a lane, with how many there are."""
    rows = worked.rows(
        "SELECT kind, state, count(*) FROM outbox JOIN journal USING (seq) WHERE lane = ? GROUP BY kind, state", lane
    )
    return Counter({(kind, state): count for kind, state, count in rows})
