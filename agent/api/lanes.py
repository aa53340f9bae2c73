"""`/v1/station/lanes/…`: what a lane could not send, what a person does about it, and looks at HQ through it."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Annotated, Any, TypeVar
from urllib.parse import quote, urlencode

import uuid_utils.compat as uuid
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from agent.api import shapes
from agent.api.access import OPERATOR, SCREEN, caller_of
from agent.api.deciding import in_words
from agent.lanes import Lanes
from local_store import outbox
from local_store.domain import commands as c
from local_store.domain.events import PromiseSettled, decimal_text
from local_store.store import Store
from local_store.transaction import Transaction
from sync import comparing
from sync.dialect import HqClient, NamedCall, NoAnswer, PullStopped
from web.problems import Refused
from web.routes import RouteTable, Told, body_of, json_answer

HQ_DEADLINE_S = 600.0
"""Looking through all open orders of a large HQ takes minutes."""

Seen = TypeVar("Seen")
Short = Annotated[str, StringConstraints(min_length=1, max_length=250)]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Settle(_Body):
    """How HQ was told by other means, in the words of who did it."""

    note: Annotated[str, StringConstraints(min_length=3, max_length=300, strip_whitespace=True)]


class RefTold(_Body):
    """What HQ calls a thing of ours, e.g. order F1 is its INV-77."""

    thing: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,30}$")]
    local_id: Short
    hq_id: Short


class Refs(_Body):
    """Such names for several things."""

    refs: Annotated[tuple[RefTold, ...], Field(min_length=1, max_length=1000)]


class CallByHand(_Body):
    """The parameters of a call of the dialect: those its path names, others as its query; and its body."""

    parameters: dict[Short, Short] = {}
    body: Any = None


def asks_hq(answers: type[BaseModel], body: type[BaseModel] | None = None) -> Told:
    """What is told of a route that asks HQ while its caller waits."""
    return Told(answers=answers, body=body, more=(502,), deadline_s=HQ_DEADLINE_S)


class LaneRoutes:
    """The routes of all lanes."""

    def __init__(self, store: Store, lanes: Lanes) -> None:
        self._store, self._lanes = store, lanes

    def routes(self) -> RouteTable:
        """Every route with the roles that may call it."""
        routes, base = RouteTable(), "/v1/station/lanes/{lane}"
        parked, menders = f"{base}/parked", (OPERATOR, "supervisor")
        routes.get(parked, SCREEN, "supervisor", answers=shapes.AllParked)(self.parked)
        routes.post(f"{parked}/{{entity}}/retry", *menders, answers=shapes.Retried)(self.retry)
        routes.post(f"{parked}/{{entity}}/settle", *menders, body=Settle, answers=shapes.SettledFacts)(self.settle)
        routes.post(f"{base}/refs", OPERATOR, body=Refs, answers=shapes.Learned)(self.learn)
        routes.get(f"{base}/calls", OPERATOR, answers=shapes.Calls)(self.calls)
        routes.post(f"{base}/calls/{{name}}", OPERATOR, **asks_hq(shapes.Reply, CallByHand))(self.call)
        routes.get(f"{base}/dry-run", OPERATOR, **asks_hq(shapes.DryRun))(self.dry_run)
        routes.get(f"{base}/reconcile", OPERATOR, **asks_hq(shapes.Reconciled))(self.reconcile)
        return routes

    async def parked(self, request: web.Request) -> web.Response:
        """The facts HQ refused, with its reasons."""
        rows = outbox.parked(self._store.reader, self._lane(request))
        members = ("seq", "entity", "kind", "reason")
        return json_answer({"parked": [dict(zip(members, row, strict=True)) for row in rows]})

    async def retry(self, request: web.Request) -> web.Response:
        """Send an entity's parked facts again, after the cause was mended."""
        lane, entity = self._lane(request), request.match_info["entity"]
        with in_words():
            count = await self._store.run(lambda tx: outbox.retry_parked(tx.connection, lane, entity))
        self._lanes.wake(lane)
        return json_answer({"retried": count})

    async def settle(self, request: web.Request) -> web.Response:
        """HQ was told of an entity's parked facts by other means: they are not sent, and the note says how."""
        lane, entity = self._lane(request), request.match_info["entity"]
        told, who = await body_of(request, Settle), caller_of(request).worker_id

        def settled(tx: Transaction) -> int:
            seqs = tuple(seq for seq, of, _, _ in outbox.parked(tx.connection, lane) if of == entity)
            if seqs:
                tx.append(PromiseSettled(lane=lane, subject=entity, seqs=seqs, note=told.note), actor=who)
                outbox.told_by_hand(tx.connection, lane, seqs, told.note)
            return len(seqs)

        with in_words():
            count = await self._store.run(settled)
        if not count:
            raise Refused(404, "nothing_parked", f"Nothing of {entity[:120]} is parked for {lane}.")
        self._lanes.wake(lane)
        return json_answer({"settled": count})

    async def learn(self, request: web.Request) -> web.Response:
        """Say what HQ calls things of ours, where neither a pull nor an answer told."""
        lane = self._lane(request)
        told = await body_of(request, Refs)
        refs = tuple(c.HqRef(lane=lane, **ref.model_dump()) for ref in told.refs)
        work = c.ReceiveWork(command_id=uuid.uuid7(), fulfillments=(), parties=(), refs=refs)
        with in_words():
            await self._store.execute(work)
        return json_answer({"learned": len(refs)})

    async def calls(self, request: web.Request) -> web.Response:
        """The calls of this HQ that may be made by hand."""
        calls = self._client(request).calls()
        return json_answer({"calls": {name: asdict(call) for name, call in sorted(calls.items())}})

    async def call(self, request: web.Request) -> web.Response:
        """Make one of them; what HQ said, as it said it."""
        client, name = self._client(request), request.match_info["name"]
        known = client.calls()
        if name not in known:
            raise Refused(
                404, "no_call", f"There is no call {name[:60]!r} here; there are {', '.join(sorted(known))}."
            )
        given = await body_of(request, CallByHand)
        body = json.dumps(given.body) if known[name].has_body else None
        reply = await client.call(known[name].method, path_of(name, known[name], given.parameters), body)
        if isinstance(reply, NoAnswer):
            raise Refused(502, "no_answer", reply.sentence)
        return json_answer({"status": reply.status, "body": reply.body})

    async def dry_run(self, request: web.Request) -> web.Response:
        """What would be sent now, what HQ has changed meanwhile, and which refusals are to be expected."""
        lane, client = self._lane(request), self._client(request)
        plan = await _seen(comparing.plan, self._store.reader, lane, client, uuid.uuid7)
        parked = [
            {"entity": entity, "kind": kind, "sentence": reason}
            for _, entity, kind, reason in outbox.parked(self._store.reader, lane)
        ]
        expected = [
            {"entity": each.entity, "kind": each.kinds[0], "sentence": each.sentence}
            for each in plan.sending
            if each.refusal
        ]
        sending = [asdict(each) for each in plan.sending]
        return json_answer(
            {"sending": sending, "more": plan.more, "news": plan.news, "refusals": [*parked, *expected]}
        )

    async def reconcile(self, request: web.Request) -> web.Response:
        """Per order and line: what is here beside what HQ has."""
        lane, client = self._lane(request), self._client(request)
        found = await _seen(comparing.compare, self._store.reader, lane, client)
        shown = [
            {
                "order_id": each.order_id,
                "sku": each.sku,
                "what": each.what,
                "here": None if each.here is None else decimal_text(each.here),
                "there": None if each.there is None else decimal_text(each.there),
                "unsent": each.unsent,
            }
            for each in found.differences
        ]
        return json_answer({"lines": found.lines, "differing": found.differing, "differences": shown})

    def _lane(self, request: web.Request) -> str:
        lane = request.match_info["lane"]
        if lane not in self._lanes.states():
            raise Refused(404, "no_lane", f"There is no HQ {lane[:40]!r} in edge.toml.")
        return lane

    def _client(self, request: web.Request) -> HqClient:
        return self._lanes.client(self._lane(request))


def path_of(name: str, call: NamedCall, parameters: Mapping[str, str]) -> str:
    """The path of a call with its parameters, the rest as query. Raises Refused 422 when one is missing."""
    missing = [each for each in re.findall(r"{(\w+)}", call.path) if each not in parameters]
    if missing:
        raise Refused(422, "parameter_missing", f"{name} wants {', '.join(missing)}: give {missing[0]}=VALUE.")
    path = re.sub(r"{(\w+)}", lambda found: quote(parameters[found.group(1)], safe=""), call.path)
    query = {key: value for key, value in parameters.items() if f"{{{key}}}" not in call.path}
    return f"{path}{'&' if '?' in path else '?'}{urlencode(query)}" if query else path


async def _seen(look: Callable[..., Awaitable[Seen]], *arguments: Any) -> Seen:
    try:
        return await look(*arguments)
    except PullStopped as stop:
        raise Refused(502, "hq_broke_off", f"HQ broke off: {stop}") from stop
