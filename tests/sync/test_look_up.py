"""An HQ without idempotency keys: what was on its way before is looked up first; some facts need no telling."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from local_store.outbox import FixedRequest, Promised
from sync.dialect import Answer, NotNeeded, Outcome, Reply, Verdict
from sync.dialects.ofs.client import OfsClient
from tests.sync.fake_hq import FakeHq
from tests.sync.station import Station, assigned, completed, started


class Forgetful(OfsClient):
    """Speaks to an HQ that knows no keys: a repeat must not be sent before this was asked."""

    there: bool | None = None
    """True: HQ shows what was sent; False: it shows that it has it not; None: it is away."""
    asked = 0

    async def look_up(self, _request: FixedRequest, facts: Sequence[Promised]) -> tuple[Reply, Verdict] | None:
        type(self).asked += 1
        await asyncio.sleep(0)
        if self.there is None:
            return Answer(503, {"status": "away"}), Verdict(Outcome.WAIT, "HQ is away.")
        return (Answer(200, {}), Verdict(Outcome.DUP)) if self.there else None


def forgetful(*, there: bool | None) -> type[Forgetful]:
    return type("OneHq", (Forgetful,), {"there": there, "asked": 0})


async def test_the_first_try_asks_nothing(here: Station, fake: FakeHq) -> None:
    here.make_client = client = forgetful(there=True)
    await here.record(assigned("P1"), started("P1"))
    async with here.syncing():
        await here.sent()
    assert (client.asked, len(fake.attempts)) == (0, 2)


async def test_an_answer_that_was_lost_is_looked_up_and_nothing_is_sent_twice(here: Station, fake: FakeHq) -> None:
    here.make_client = client = forgetful(there=True)
    fake.plan.extend(["lose"])
    await here.record(assigned("P1"))
    async with here.syncing():
        await here.sent()
    assert (client.asked, len(fake.attempts)) == (1, 1)


async def test_what_hq_does_not_have_is_sent_again(here: Station, fake: FakeHq) -> None:
    here.make_client = client = forgetful(there=False)
    fake.plan.extend(["close"])
    await here.record(assigned("P1"))
    async with here.syncing():
        await here.sent()
    assert (client.asked, len(fake.attempts)) == (1, 2)


async def test_while_nobody_knows_nothing_is_sent_again(here: Station, fake: FakeHq) -> None:
    here.make_client = client = forgetful(there=None)
    fake.plan.extend(["lose"])
    await here.record(assigned("P1"))
    async with here.syncing():
        await here.until(lambda: client.asked > 2)
        assert len(fake.attempts) == 1
        client.there = True
        await here.sent()
    assert len(fake.attempts) == 1


class Choosy(OfsClient):
    """Need not be told of every picklist."""

    def request(self, facts: Sequence[Promised], known: Any) -> Any:
        if facts[0].fact.entity == "picklist:P1" and facts[0].fact.kind == "picklist.started":
            return NotNeeded("This HQ does not know picklist P1.")
        return super().request(facts, known)


async def test_a_fact_that_hq_need_not_be_told_is_counted_and_holds_up_nothing(here: Station, fake: FakeHq) -> None:
    here.make_client = Choosy
    await here.record(assigned("P1"), started("P1"), completed("P1"))
    async with here.syncing():
        await here.sent()
    assert fake.facts() == {"picklist:P1": ["assign", "complete"]}
    assert here.figures().not_deliverable == 1
    assert here.rows("SELECT reason FROM outbox WHERE state = 'not_deliverable'") == [
        ("This HQ does not know picklist P1.",)
    ]
