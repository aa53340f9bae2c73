"""`/v1/station/offline`: what may be done now, until when, or why not: the table of `domain/offline.py` as of now."""

from __future__ import annotations

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from agent.api.access import SCREEN
from agent.api.around import Around
from local_store.clock import timestamp
from local_store.domain.commands.supervising import ANY_WORKER
from local_store.domain.offline import CONTRACT, Sight, verdict
from web.routes import RouteTable, json_answer


class OperationNow(BaseModel):
    """One operation: whether it may be done now, until when where that is limited, and a sentence."""

    model_config = ConfigDict(extra="forbid")
    operation: str
    what: str
    needs: str
    allowed: bool
    until: str | None
    sentence: str


class OfflineContract(BaseModel):
    """How HQ is seen, when it was last heard, and what may be done."""

    model_config = ConfigDict(extra="forbid")
    hq: str
    heard_at: str | None
    operations: list[OperationNow]


def routes(around: Around) -> RouteTable:
    """Every route with the roles that may call it."""
    table = RouteTable()

    @table.get("/v1/station/offline", SCREEN, *sorted(ANY_WORKER), answers=OfflineContract)
    async def offline(_request: web.Request) -> web.Response:
        """What may be done with HQ as it is now, until when, and why not."""
        return json_answer(contract_now(around))

    return table


def contract_now(around: Around) -> OfflineContract:
    """The table as of now; of several HQs that give work, the one that was silent longest counts."""
    site, now_ms = around.store.site, around.clock.mono_ms()
    to_wall_ms = around.clock.wall_ms() - now_ms
    sight = min(site.hq.values(), key=_silent_longest, default=None)
    operations = []
    for row in CONTRACT:
        said = verdict(row, sight, now_ms, site.freshness_ms)
        until = None if said.until_ms is None else timestamp(said.until_ms + to_wall_ms)
        operations.append(
            OperationNow(
                operation=row.name,
                what=row.what,
                needs=row.rule.value,
                allowed=said.allowed,
                until=until,
                sentence=said.sentence,
            )
        )
    seen = sight or Sight()
    heard_at = None if seen.heard_ms is None else timestamp(seen.heard_ms + to_wall_ms)
    return OfflineContract(hq=seen.state if sight else "none", heard_at=heard_at, operations=operations)


def _silent_longest(sight: Sight) -> tuple[bool, int]:
    """By when it was heard; one that never told anything first."""
    return sight.heard_ms is not None, sight.heard_ms or 0
