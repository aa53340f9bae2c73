"""What is not what was written is not sent: its entity waits with the reason, and the others go on."""

from __future__ import annotations

import pytest

from local_store import inspection
from tests.support.tampering import tamper
from tests.sync.fake_hq import FakeHq
from tests.sync.station import Station, counted


async def test_a_damaged_fact_parks_its_entity_alone(here: Station, fake: FakeHq) -> None:
    await here.record(counted("P1", "c1"), counted("P1", "c2"), counted("P2", "c3"))
    tamper(here.store.path, "UPDATE journal SET body = replace(body, 'c1', 'c9')")
    async with here.syncing():
        await here.until(lambda: fake.facts() == {"picklist:P2": ["c3"]} and here.figures().parked == 1)
    ((entity, _, reason),) = here.parked()
    assert entity == "picklist:P1"
    assert "was changed after it was written" in reason
    assert "Restart the agent when the floor can pause" in reason
    assert inspection.noted_damage(here.store.path.parent) is not None


@pytest.mark.parametrize("column", ["path", "body", "idempotency_key"])
async def test_a_damaged_request_parks_its_entity_alone(here: Station, fake: FakeHq, column: str) -> None:
    await here.record(counted("P1", "c1"))
    fake.gate.clear()
    async with here.syncing():
        await here.until(lambda: here.rows("SELECT count(*) FROM outbox_request") == [(1,)])
    fake.gate.set()
    fake.told.clear()
    tamper(here.store.path, f"UPDATE outbox_request SET {column} = {column} || 'x'")
    await here.record(counted("P2", "c2"))
    async with here.syncing():
        await here.until(lambda: fake.facts() == {"picklist:P2": ["c2"]} and here.figures().parked == 1)
    ((entity, _, reason),) = here.parked()
    assert entity == "picklist:P1"
    assert "request 1 to HQ is not what was written" in reason
