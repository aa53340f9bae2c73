"""Our extension `/edge/devices/…` over the HTTP of this dialect; an HQ that is not ours answers 404."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

import uuid_utils.compat as uuid
from pydantic import BaseModel, Field, ValidationError

from local_store.domain.commands import Command
from local_store.domain.events import NumberKind
from sync.dialect import Answer, NoAnswer, Outcome, Reply
from sync.dialects.ofs import documents as d
from sync.edge import Ack, Block, EdgeStopped, NotOffered, Parted, Push, Rows, Watermark, WorkLease
from sync.retry import classify
from sync.wording import fault, said

NOT_THERE = frozenset({403, 404, 405, 501})
CONFLICT = 409
ANOTHER_CHAIN = frozenset({"rollback_or_clone", "fork", "unknown_parent"})
NONE_TO_GIVE = frozenset({"no_company_prefix", "numbers_exhausted"})
HELD = "held_by_other"
MOST_IDS = 200
"""Ids in one question: they stand in the address, and 8 KiB is the most a server reads of one."""

Model = TypeVar("Model", bound=BaseModel)


class Caller(Protocol):
    """The HTTP of the dialect."""

    async def get(self, path: str, **query: str | int) -> Reply:
        """Read from HQ."""

    async def put(self, path: str, body: str) -> Reply:
        """Send what may be repeated."""

    async def post(self, path: str, body: str, key: str) -> Reply:
        """Send under an idempotency key."""


class _Lacking(BaseModel):
    lacking: tuple[str, ...] = Field(max_length=MOST_IDS)


class OfsEdge:
    """See `sync.edge.EdgeHq`."""

    def __init__(self, hq: Caller, station_id: str) -> None:
        self._hq, self._path, self._station_id = hq, f"/edge/devices/{quote(station_id, safe='')}", station_id
        self.offered = False
        """Whether HQ has answered as our own does."""

    async def watermark(self) -> Watermark:
        """What HQ has of this station."""
        found = _read(Watermark, await self._hq.get(f"{self._path}/watermark"), "HQ's watermark")
        self.offered = True
        return found

    async def push(self, push: Push) -> Ack:
        """Send rows. Raises Parted."""
        return _read(Ack, await self._hq.put(f"{self._path}/journal", push.model_dump_json()), "HQ's watermark")

    async def rows(self, lineage: str, after: int, limit: int) -> Rows:
        """Rows of a lineage after a number."""
        reply = await self._hq.get(f"{self._path}/journal", lineage=lineage, after=after, limit=limit)
        return _read(Rows, reply, "HQ's journal")

    async def lacking(self, event_ids: Sequence[bytes]) -> frozenset[bytes]:
        """Which of these facts have had no effect at HQ."""
        found: set[bytes] = set()
        for start in range(0, len(event_ids), MOST_IDS):
            ids = ",".join(each.hex() for each in event_ids[start : start + MOST_IDS])
            answer = _read(_Lacking, await self._hq.get(f"{self._path}/delivered", ids=ids), "HQ's list of facts")
            found.update(bytes.fromhex(each) for each in answer.lacking)
        return frozenset(found)

    async def lease(self, lineage: str, kind: NumberKind, count: int, key: str) -> Block | None:
        """A block of numbers."""
        body = json.dumps({"lineage": lineage, "kind": kind, "count": count})
        reply = await self._hq.post(f"{self._path}/number-blocks", body, key)
        if isinstance(reply, Answer) and reply.status == CONFLICT and _code(reply) in NONE_TO_GIVE:
            return None
        return _read(Block, reply, "HQ's number block")

    async def keep_work(self, picklist_id: str, ttl_s: int, key: str) -> WorkLease | None:
        """Take a lease on a picklist; its holder has it longer."""
        body = {"thing": "picklist", "id": picklist_id, "station": self._station_id, "ttl_s": ttl_s}
        reply = await self._hq.post("/edge/leases", json.dumps(body), key)
        if isinstance(reply, Answer) and reply.status == CONFLICT and _code(reply) == HELD:
            return None
        return _read(WorkLease, reply, "HQ's lease")

    async def give_work_back(self, lease_id: str, key: str) -> None:
        """Give a lease back; one that is gone already is no fault."""
        reply = await self._hq.post(f"/edge/leases/{quote(lease_id, safe='')}/release", "{}", key)
        _read(WorkLease, reply, "HQ's lease")

    async def work(self, lane: str, fulfillment_ids: Sequence[str]) -> list[Command]:
        """Fulfillments that HQ still has, with their addresses."""
        found: list[Command] = []
        for ident in fulfillment_ids:
            reply = await self._hq.get(f"/fulfillments/{quote(ident, safe='')}")
            if isinstance(reply, Answer) and reply.status in NOT_THERE:
                continue
            document = _read(d.Fulfillment, reply, f"HQ's fulfillment {ident}")
            found.append(d.picked_work(lane, document, uuid.uuid7()))
        return found


def _read(model: type[Model], reply: Reply, what: str) -> Model:
    if isinstance(reply, NoAnswer):
        raise EdgeStopped(reply, reply.sentence)
    if reply.status == CONFLICT and _code(reply) in ANOTHER_CHAIN:
        raise Parted(said(reply.status, reply.body))
    if reply.status in NOT_THERE:
        raise NotOffered(said(reply.status, reply.body))
    if classify(reply) is not Outcome.OK:
        raise EdgeStopped(reply, said(reply.status, reply.body))
    try:
        return model.model_validate(reply.body)
    except ValidationError as error:
        raise EdgeStopped(reply, fault(what, error)) from error


def _code(reply: Answer) -> Any:
    error = reply.body.get("error") if isinstance(reply.body, dict) else None
    return error.get("code") if isinstance(error, dict) else None
