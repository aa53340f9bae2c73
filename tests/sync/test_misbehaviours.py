"""What HQ refuses for good is asked once, parked, and stops nothing else; there are many ways to misbehave."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from yarl import URL

from agent.demo import rows_of
from local_store import outbox
from tests.sync.misbehaviours import ALL, Misbehaviour, answer
from tests.sync.mischief import CASES, Case, Mischief, Phase, between
from tests.sync.one_shift import REFUSED, SETTINGS, Shift, shift
from tests.torture.lanes import PREFIX, plenty, small_orders
from web.contract import Contract

ORDERS = 12
SEED = 20261

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def worked(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shift]:
    folder = tmp_path_factory.mktemp("misbehaved")
    async with shift(folder, rows_of("products"), plenty(), small_orders(ORDERS), wave=1) as made:
        yield made


async def test_there_are_at_least_sixty_ways_to_misbehave() -> None:
    assert len({each.name for each in ALL}) == len(ALL) >= 60
    assert len(CASES) == 3 * len(ALL)


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
        if method == "GET" or URL(target).path.endswith(("/token", "/login", "/search")):
            return None  # what only reads, or says who asks
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
