"""The nightly plan of counts: as many of those that are due as the site has hands for."""

from __future__ import annotations

from datetime import time
from functools import partial

import uuid_utils

from agent.schedule import CalendarJob
from local_store.store import Store
from local_store.works import counting

AT = time(4, 45)


def job(store: Store, per_night: int) -> CalendarJob:
    """Ask for `per_night` counts at most; none where it is 0."""

    async def plan() -> None:
        if per_night:
            await store.run(partial(counting.plan_due, most=per_night, ident=uuid_utils.uuid7().hex))

    return CalendarJob("counts that are due", AT, plan)
