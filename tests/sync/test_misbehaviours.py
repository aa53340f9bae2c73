"""Whatever becomes of HQ's answers, its truth is that of a good day, nothing is parked and nothing stays unsent."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from agent.demo import rows_of
from local_store import outbox
from tests.sync.misbehaviours import ALL, Misbehaviour, answer
from tests.sync.mischief import CASES, Case, Mischief, Phase, between
from tests.sync.one_shift import CLEAN, FAULTY, REFUSED, SETTINGS, Shift, shift
from web.contract import Contract

ORDERS = 40
CASES_OF_ONE = 300
SEED = 20261
PREFIX = {"ofs": "/v1/fulfillment"}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.asyncio(loop_scope="module")]


def small_orders(count: int) -> list[dict[str, Any]]:
    """Many orders of one or two lines, made of the demo's products."""
    skus = [row["sku"] for row in rows_of("products")]
    first = rows_of("orders")[0]
    return [
        {
            **first,
            "order_id": f"ord_{number}",
            "lines": [
                {
                    "order_line_id": f"{number}-{place}",
                    "sku": skus[(number + place) % len(skus)],
                    "quantity": 1 + place,
                }
                for place in range(1 + number % 2)
            ],
        }
        for number in range(count)
    ]


def stock_for_all() -> list[dict[str, Any]]:
    return [
        {"location_id": row["location_id"], "sku": row["sku"], "quantity": 10_000, "reference": "opening"}
        for row in rows_of("products")
    ]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def worked(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shift]:
    folder = tmp_path_factory.mktemp("misbehaved")
    async with shift(folder, rows_of("products"), stock_for_all(), small_orders(ORDERS), wave=1) as made:
        yield made


async def test_there_are_at_least_sixty_ways_to_misbehave() -> None:
    assert len({each.name for each in ALL}) == len(ALL) >= 60
    assert len(CASES) == 3 * len(ALL)


@pytest.mark.parametrize("dialect", sorted(SETTINGS))
async def test_every_call_is_spoiled_before_during_and_after_and_counts_once(worked: Shift, dialect: str) -> None:
    good = await worked.deliver(f"{dialect}-{CLEAN}")
    lane = f"{dialect}-{FAULTY}"
    mischief = Mischief(Contract.load(dialect), PREFIX[dialect], SEED)
    async with worked.hq(lane) as hq, between(hq.url, mischief) as spoiled:
        async with worked.syncing(lane, spoiled, timeout_s=1):
            await worked.sent(lane, 300)
        bad = (await hq.get("/hq/truth")).body
    assert _parked(worked, lane) == []
    assert bad == good, mischief.log
    assert sum(mischief.done.values()) >= CASES_OF_ONE


class Refusals(Mischief):
    """Each of the first writes to different things is refused for good, with a status of its own."""

    statuses = ("400 Bad Request", "403 Forbidden", "405 Method Not Allowed", "410 Gone", "422 Unprocessable Entity")

    def __init__(self, dialect: str) -> None:
        super().__init__(Contract.load(dialect), PREFIX[dialect], SEED)
        self.refused: dict[tuple[str, bytes], str] = {}
        self.asked: Counter[tuple[str, bytes]] = Counter()
        self._left = list(self.statuses)

    def strike(self, method: str, target: str, body: bytes) -> Case | None:
        key = (target, body)
        if method == "GET" or "token" in target or "login" in target:
            return None
        if key not in self.refused and self._left and key not in self.asked:
            self.refused[key] = self._left.pop(0)
        self.asked[key] += 1
        if key not in self.refused:
            return None
        told = answer(self.refused[key], b'{"errors": [{"code": 1, "message": "no"}], "message": "no"}')
        return Case(Misbehaviour("refused", lambda _real: [told]), Phase.BEFORE)


@pytest.mark.parametrize("dialect", sorted(SETTINGS))
async def test_what_is_refused_for_good_is_asked_once_parked_and_stops_nothing_else(
    worked: Shift, dialect: str
) -> None:
    lane = f"{dialect}-{REFUSED}"
    refusals = Refusals(dialect)
    async with worked.hq(lane) as hq, between(hq.url, refusals) as spoiled, worked.syncing(lane, spoiled):
        await worked.until(lambda: len(_parked(worked, lane)) == len(refusals.statuses) and _is_stuck(worked, lane))
    assert sorted(refusals.refused.values()) == sorted(refusals.statuses)
    assert {refusals.asked[key] for key in refusals.refused} == {1}
    assert {entity for entity, _ in _parked(worked, lane)} == {
        entity
        for (entity,) in worked.rows("SELECT entity FROM outbox_request WHERE lane = ? AND state = 'refused'", lane)
    }


def _parked(worked: Shift, lane: str) -> list[tuple[Any, ...]]:
    return worked.rows(
        "SELECT DISTINCT entity, reason FROM outbox WHERE lane = ? AND state = 'parked' ORDER BY seq", lane
    )


def _is_stuck(worked: Shift, lane: str) -> bool:
    """Whether nothing more can go: what is left waits behind what is parked."""
    return not outbox.entities_to_send(worked.store.reader, lane, ())
