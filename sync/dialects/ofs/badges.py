"""Bundles of badges (our extension `/edge/badges`): asked for now and then, where this station can check them."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from local_store.domain.badges import Signed
from sync.dialect import Answer, AtStation, Fault, Outcome, Pulled
from sync.dialects.ofs.edge import NOT_THERE
from sync.dialects.ofs.lists import Reader, answered
from sync.reading import document
from sync.retry import classify
from sync.wording import said

EVERY_MS = 300_000
"""Somebody who left can sign in for so long at most while HQ is there."""
NOT_OFFERED_MS = 3_600_000


class BadgePull:
    """Asks one HQ for badges."""

    def __init__(self, station: AtStation) -> None:
        self._station, self._due_ms = station, 0

    async def pull(self, hq: Reader) -> AsyncGenerator[Pulled, None]:
        """The bundle of this warehouse, where it is time to look and HQ gives one. Raises PullStopped."""
        now_ms = self._station.clock.mono_ms()
        if not self._station.wants_badges or now_ms < self._due_ms:
            return
        reply = await hq.get("/edge/badges", warehouse_id=self._station.warehouse_id)
        if isinstance(reply, Answer) and reply.status in NOT_THERE:
            self._due_ms = now_ms + NOT_OFFERED_MS
            return
        self._due_ms = now_ms + EVERY_MS
        if isinstance(reply, Answer) and classify(reply) is Outcome.DEAD:  # no reason to go without work
            yield Fault(f"HQ's bundle of badges: {said(reply.status, reply.body)}")
            return
        yield document(Signed, answered(reply), "HQ's bundle of badges")
