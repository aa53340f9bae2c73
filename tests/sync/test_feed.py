"""The feed of the journal against an HQ that answers as no HQ should: nothing counts that was not proved."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.sync.fake_hq import BASE, SECRET
from tests.sync.station import RealTime, Station, counted, packing, station

NOBODY = "00" * 32
PUSH = "PUT /edge/devices/st-1/journal"
LEASE, KINDS = "POST /edge/devices/st-1/number-blocks", 2


@dataclass
class FakeEdge:
    """An HQ with the extension only: keeps what it is sent, and misbehaves once for each word of its plan."""

    url: str = ""
    lineages: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: dict[str, list[Any]] = field(default_factory=dict)
    plan: deque[str] = field(default_factory=deque)
    pushes: list[list[Any]] = field(default_factory=list)
    most_rows: int = 500
    calls: list[str] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix(BASE)
        self.calls.append(f"{request.method} {path}")
        if path == "/health":
            return web.json_response({"status": "ok"})
        if path.endswith("/watermark"):
            return web.json_response({"instance": "i1", "lineages": list(self.lineages.values())})
        if path.endswith("/delivered"):
            return web.json_response({"lacking": request.query["ids"].split(",")})
        if path.endswith("/journal") and request.method == "PUT":
            return self._push(await request.json())
        if path.endswith("/journal"):
            rows = [row for row in self.rows[request.query["lineage"]] if row["seq"] > int(request.query["after"])]
            return web.json_response({"rows": rows[: int(request.query["limit"])], "more": False})
        if path.endswith("/number-blocks"):
            return _refusal(409, "numbers_exhausted")
        if request.method == "POST":
            return web.json_response({"picklist_id": path.split("/")[2], "results": _results(await request.json())})
        return web.json_response({"items": [], "next_cursor": None})

    def _push(self, push: Any) -> web.StreamResponse:
        if len(push["rows"]) > self.most_rows:
            return _refusal(413, "too_large")
        ident, rows = push["lineage"], push["rows"]
        self.pushes.append(rows)
        known = self.lineages.setdefault(
            ident, {"lineage": ident, "parent": None, "parent_seq": 0, "seq": 0, "hash": NOBODY, "host": "h"}
        )
        how = self.plan.popleft() if self.plan and rows else "ok"
        if how == "takes nothing":
            return web.json_response({**known, "instance": "i1"})
        if how == "another hash":
            return web.json_response({**known, "seq": rows[-1]["seq"], "hash": "ab" * 32, "instance": "i1"})
        if how == "more than offered":
            return web.json_response({**known, "seq": rows[-1]["seq"] + 9, "hash": "ab" * 32, "instance": "i1"})
        if how == "nonsense":
            return web.json_response({"seq": "many"})
        self.rows.setdefault(ident, []).extend(rows)
        if rows:
            known |= {"seq": rows[-1]["seq"], "hash": rows[-1]["hash"]}
        return web.json_response({**known, "instance": "i2" if how == "another run" else "i1"})


def _refusal(status: int, code: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": f"{code}."}}, status=status)


def _results(body: Any) -> list[Any]:
    return [{"scan_id": each["scan_id"], "outcome": "accepted"} for each in body] if isinstance(body, list) else []


@pytest.fixture
async def edge() -> AsyncIterator[FakeEdge]:
    hq = FakeEdge()
    app = web.Application()
    app.router.add_route("*", "/{anything:.*}", hq.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hq.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield hq
    await runner.cleanup()


@pytest.fixture
async def here(tmp_path: Path, edge: FakeEdge) -> AsyncIterator[Station]:
    async with station(tmp_path, edge.url, RealTime(), host="pack-1", secret=SECRET) as made:
        yield made


def puts(edge: FakeEdge) -> list[int]:
    """Where among HQ's calls each push of rows stands."""
    return [place for place, call in enumerate(edge.calls) if call == PUSH]


async def all_told(here: Station) -> None:
    await here.until(lambda: here.feed.through() == here.rows("SELECT max(seq) FROM journal")[0][0])


@pytest.mark.parametrize("how", ["takes nothing", "another hash", "more than offered", "nonsense", "another run"])
async def test_an_answer_that_proves_nothing_lets_no_fact_go(edge: FakeEdge, here: Station, how: str) -> None:
    edge.plan.append(how)
    await here.record(counted("P1", "c1"))
    async with here.syncing():
        await here.sent()
    assert edge.plan == deque()
    bad, *again = [call for call, rows in zip(puts(edge), edge.pushes, strict=True) if rows]
    compared = next(
        (place for place, call in enumerate(edge.calls) if call.endswith("/watermark") and place > bad), None
    )
    assert compared is not None, "it went on without comparing"
    assert all(compared < later for later in [*again, edge.calls.index("POST /picklists/P1/scan")])
    assert here.parked() == []


async def test_rows_go_before_the_requests_that_carry_their_facts(edge: FakeEdge, here: Station) -> None:
    async with here.syncing():
        for number in range(5):
            await here.record(counted(f"P{number}", f"c{number}"))
            await here.sent()
    at = [edge.calls.index(f"POST /picklists/P{number}/scan") for number in range(5)]
    assert all(len([put for put in puts(edge) if put < place]) >= number + 2 for number, place in enumerate(at))


async def test_a_batch_too_large_is_cut_and_never_within_one_command(edge: FakeEdge, here: Station) -> None:
    edge.most_rows = 6
    for number in range(6):
        await here.store.run(lambda tx, number=number: _at_once(tx, number))  # type: ignore[misc]
    async with here.syncing():
        await all_told(here)
    sent = [push for push in edge.pushes if push]
    assert [row["seq"] for push in sent for row in push] == list(range(1, sent[-1][-1]["seq"] + 1))
    for push, following in pairwise(sent):
        assert push[-1]["command_id"] != following[0]["command_id"]


async def test_many_rows_go_in_few_batches(edge: FakeEdge, here: Station) -> None:
    await here.record(*(counted("P1", f"c{number}") for number in range(1200)))
    async with here.syncing():
        await all_told(here)
    assert [len(push) for push in edge.pushes if push] == [500, 500, 202]


async def test_nothing_is_asked_of_hq_without_need(edge: FakeEdge, here: Station) -> None:
    async with here.syncing():
        await all_told(here)
        await here.until(lambda: edge.calls.count(LEASE) >= KINDS)
        await here.until(lambda: here.lane.state().state == "reachable")
        await asyncio.sleep(0.3)
        edge.calls.clear()
        await asyncio.sleep(0.3)  # long enough for a loop that does not rest to be seen
    assert [call for call in edge.calls if "/edge/devices" in call] == []


def _at_once(tx: Any, number: int) -> None:
    command_id = number.to_bytes(16)
    for fact in packing(f"F{number}"):
        tx.append(fact, command_id=command_id)
