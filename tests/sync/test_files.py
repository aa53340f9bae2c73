"""Files between a station and its HQ: labels come once and whole, photos arrive, whatever is lost on the way."""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import uuid_utils.compat as uuid
from aiohttp import web

from local_store import files
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.site import Lane
from local_store.store import Store
from sync.dialect import AtStation
from sync.dialects.ofs.capabilities import OfsHq
from sync.dialects.ofs.client import OfsClient
from sync.files import LaneFiles
from tests.support.patience import PATIENCE_S
from tests.sync.fake_hq import BASE, SECRET
from tests.sync.station import OFS, SITE, FastTime

ZPL = b"^XA^FO1,1^FDJD1^FS^XZ"
PHOTO = b"\x89PNG\r\n\x1a\n a photo"


@dataclass
class FilesOfHq:
    """An HQ with labels and files, that misbehaves as told."""

    label: bytes = ZPL
    labels_fetched: int = 0
    keys: list[str] = field(default_factory=list)
    plan: dict[str, list[str]] = field(default_factory=dict)
    """By call (make, place, label, files, put, told): what goes wrong next: a status, `lost`, `html`, `expired`."""
    stored: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    url: str = ""
    job: list[str] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix(BASE)
        what = self._what(request.method, path)
        self.asked.append(what)
        if what not in {"label", "put"}:
            assert request.headers["Authorization"] == f"Bearer {SECRET}"
        else:
            assert "Authorization" not in request.headers
        wrong = self.plan.get(what)
        word = wrong.pop(0) if wrong else ""
        answer = await self._answer(what, path, request) if word in {"", "lost"} else None
        if word == "lost":
            assert request.transport is not None
            request.transport.abort()
        if word == "html":
            return web.Response(text="<html>Log in</html>", content_type="text/html")
        if word.isdigit():
            return web.json_response({"error": {"code": "x", "message": f"A fault {word}."}}, status=int(word))
        return answer or web.Response()

    def _what(self, method: str, path: str) -> str:
        if path.endswith("/generate-label"):
            return "make"
        if path.startswith("/shipments"):
            return "place" if path.endswith("/label") else "shipment"
        if path.startswith("/jobs"):
            return "job"
        return {"GET": "label" if path.startswith("/signed") else "told", "POST": "files", "PUT": "put"}[method]

    async def _answer(self, what: str, path: str, request: web.Request) -> web.StreamResponse:
        match what:
            case "make":
                self.keys.append(request.headers["Idempotency-Key"])
                if self.job:
                    return web.json_response({"job_id": "j1"}, status=202)
                return web.json_response({"label_url": "used up", "carrier_tracking_number": "JD1"})
            case "job":
                done = [{"ok": True, "carrier_tracking_number": "JD1"}]
                return web.json_response({"job_id": "j1", "status": self.job.pop(0), "results": done})
            case "shipment":
                return web.json_response({"id": "sh-1", "carrier_tracking_number": "JD1"})
            case "place":
                return web.json_response({"label_url": f"{self.url}/signed/label"})
            case "label":
                self.labels_fetched += 1
                return web.Response(body=self.label, content_type="application/zpl")
            case "files":
                ident = f"file-{len(self.stored) + self.asked.count('files')}"
                return web.json_response({"file_id": ident, "upload_url": f"{self.url}/put/{ident}"}, status=201)
            case "put":
                self.stored[path.rsplit("/", 1)[-1]] = await request.read()
                return web.json_response({})
        data = self.stored.get(path.rsplit("/", 1)[-1])
        return web.json_response({"sha256": None if data is None else hashlib.sha256(data).hexdigest()})


@dataclass
class Here:
    """A station with order F1, whose lane moves files."""

    store: Store
    time: FastTime
    hq: FilesOfHq
    problems: dict[str, str] = field(default_factory=dict)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[LaneFiles]:
        settings = OfsHq.model_validate({"dialect": "ofs", "url": self.hq.url, "secret": "hq", "tenant": "t"})
        client = OfsClient(settings, SECRET, AtStation("st-1", "wh_1", self.time), self.time.sleep)
        lane = LaneFiles(
            "main",
            self.store,
            client.files,
            clock=self.time,
            sleep=self.time.sleep,
            chance=random.Random(1),
            new_id=uuid.uuid7,
            report=lambda problem, sentence, _next: self.problems.__setitem__(problem, sentence),
            clear=lambda problem: self.problems.__delitem__(problem) if problem in self.problems else None,
        )
        task = asyncio.create_task(lane.run())
        try:
            yield lane
        finally:
            task.cancel()
            (ended,) = await asyncio.gather(task, return_exceptions=True)
            await client.close()
            assert isinstance(ended, asyncio.CancelledError), ended

    async def ship(self, lane: str = "main") -> None:
        fact = e.HqRefLearned(lane=lane, thing="shipment", local_id="F1", hq_id="sh-1")
        await self.store.run(lambda tx: tx.append(fact))

    async def add(self, data: bytes = PHOTO, of: str = "fulfillment:F1") -> str:
        sha256 = await self.store.run(lambda tx: files.add(tx, data, "image/png", of))
        assert sha256
        return sha256

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.store.reader.execute(sql)]

    async def until(self, reached: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not reached():  # noqa: ASYNC110 -- looks at the store, which sends no event
                await asyncio.sleep(0.005)

    async def until_states(self, *states: str) -> None:
        await self.until(lambda: [row[0] for row in self.rows("SELECT state FROM file_transfer")] == [*states])


@pytest.fixture
async def hq() -> AsyncIterator[FilesOfHq]:
    made = FilesOfHq()
    app = web.Application(client_max_size=2 * c.MAX_FILE_BYTES)
    app.router.add_route("*", "/{anything:.*}", made.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest.fixture
async def here(tmp_path: Path, hq: FilesOfHq) -> AsyncIterator[Here]:
    time = FastTime()
    lane = Lane("main", OFS.accepts(None), buys_labels=True, takes_files=True)
    store = Store(tmp_path, replace(SITE, lanes=(lane,)), time, "test")
    await store.open()
    order = e.FulfillmentReceived(
        lane="main", fulfillment_id="F1", order_id="O-1", warehouse_id="wh_1", party_id="p", lines=(), picked=True
    )
    await store.execute(c.ReceiveWork(command_id=uuid.uuid7(), fulfillments=(order,), parties=()))
    yield Here(store, time, hq)
    await store.close()


# --- labels -----------------------------------------------------------------------------------------------------


async def test_the_label_of_a_new_shipment_is_made_fetched_and_kept_once(here: Here) -> None:
    await here.ship()
    async with here.running() as lane:
        await here.until_states("done")
        lane.wake()
    async with here.running():  # the agent was started again
        await here.ship()
    assert here.hq.labels_fetched == 1
    assert here.rows("SELECT fulfillment_id, tracking_number, content_type FROM carrier_label") == [
        ("F1", "JD1", "application/zpl")
    ]
    assert here.rows("SELECT bytes FROM file") == [(ZPL,)]


@pytest.mark.parametrize("call", ["make", "place", "label"])
@pytest.mark.parametrize("fault", ["lost", "html", "503", "429"])
async def test_whatever_is_lost_on_the_way_the_label_comes_and_is_made_under_one_key(
    here: Here, call: str, fault: str
) -> None:
    here.hq.plan[call] = [fault, fault]
    await here.ship()
    async with here.running():
        await here.until_states("done")
    assert len(set(here.hq.keys)) == 1
    assert here.rows("SELECT bytes FROM file") == [(ZPL,)]
    assert here.problems == {}


async def test_an_address_that_has_expired_is_asked_for_anew(here: Here) -> None:
    here.hq.plan["label"] = ["403"]
    await here.ship()
    async with here.running():
        await here.until_states("done")
    assert here.hq.asked == ["make", "place", "label", "make", "place", "label"]


async def test_a_label_that_was_made_before_is_fetched_with_its_number(here: Here) -> None:
    here.hq.plan["make"] = ["409"]
    await here.ship()
    async with here.running():
        await here.until_states("done")
    assert here.rows("SELECT tracking_number FROM carrier_label") == [("JD1",)]


async def test_a_label_that_is_made_as_a_job_is_fetched_once_the_job_has_ended_well(here: Here) -> None:
    here.hq.job = ["running", "completed"]
    await here.ship()
    async with here.running():
        await here.until_states("done")
    assert here.hq.asked == ["make", "job", "job", "place", "label"]


async def test_a_label_that_hq_refuses_is_told_and_asked_for_once_more_at_the_next_start(here: Here) -> None:
    here.hq.plan["make"] = ["422"]
    await here.ship()
    async with here.running():
        await here.until_states("refused")
        await here.until(lambda: bool(here.problems))
    assert here.problems["hq.main.files"] == ("main did not give or take a file. HQ answered 422: A fault 422.")
    async with here.running():
        await here.until_states("done")
        await here.until(lambda: not here.problems)


async def test_a_label_of_a_lane_that_buys_none_is_not_asked_for(here: Here) -> None:
    await here.ship("another")
    assert here.rows("SELECT count(*) FROM file_transfer") == [(0,)]


async def test_a_label_that_is_too_large_is_refused(here: Here) -> None:
    here.hq.label = b"^XA" + b" " * c.MAX_FILE_BYTES
    await here.ship()
    async with here.running():
        await here.until_states("refused")
    assert "8388611 bytes; at most 8388608 are kept" in here.rows("SELECT reason FROM file_transfer")[0][0]


async def test_a_refused_key_stops_the_files_for_a_minute_and_loses_nothing(here: Here) -> None:
    here.hq.plan["make"] = ["401"]
    await here.ship()
    async with here.running():
        await here.until_states("done")
    assert here.time.slept[0] == 60


# --- files that go up -------------------------------------------------------------------------------------------


async def test_a_photo_arrives_at_hq_byte_for_byte_and_its_id_is_learned(here: Here) -> None:
    sha256 = await here.add()
    assert await here.add() == sha256
    async with here.running():
        await here.until_states("done")
    assert list(here.hq.stored.values()) == [PHOTO]
    ((file_id,),) = here.rows("SELECT hq_id FROM hq_ref WHERE thing = 'file'")
    assert here.hq.stored[file_id] == PHOTO


async def test_the_largest_photo_there_may_be_arrives_too(here: Here) -> None:
    photo = PHOTO + bytes(c.MAX_FILE_BYTES - len(PHOTO))
    await here.add(photo)
    async with here.running():
        await here.until_states("done")
    assert list(here.hq.stored.values()) == [photo]


@pytest.mark.parametrize("call", ["files", "put", "told"])
@pytest.mark.parametrize("fault", ["lost", "html", "503"])
async def test_a_lost_answer_only_sends_it_again(here: Here, call: str, fault: str) -> None:
    here.hq.plan[call] = [fault]
    await here.add()
    async with here.running():
        await here.until_states("done")
    ((file_id,),) = here.rows("SELECT hq_id FROM hq_ref WHERE thing = 'file'")
    assert here.hq.stored[file_id] == PHOTO
    assert here.rows("SELECT count(*) FROM hq_ref WHERE thing = 'file'") == [(1,)]


async def test_what_waits_to_go_up_goes_after_a_restart(here: Here) -> None:
    here.hq.plan["files"] = ["503"] * 3
    await here.add()
    async with here.running():
        await here.until(lambda: "files" in here.hq.asked)
    async with here.running():
        await here.until_states("done")


@pytest.mark.parametrize("status", ["413", "415"])
async def test_a_file_that_hq_will_never_take_is_told_and_holds_up_no_other(here: Here, status: str) -> None:
    here.hq.plan["put"] = [status]
    await here.add(of="fulfillment:A")
    await here.add(b"\x89PNG another", of="fulfillment:B")
    async with here.running():
        await here.until(lambda: len(here.hq.stored) == 1 and bool(here.problems))
        await here.until(lambda: here.rows("SELECT count(*) FROM file_transfer WHERE state = 'done'") == [(1,)])
    assert f"was refused with {status}" in here.problems["hq.main.files"]


async def test_a_file_that_is_gone_or_damaged_here_is_not_sent(here: Here) -> None:
    await here.add()
    await here.store.run(lambda tx: tx.connection.execute("UPDATE file SET bytes = X'00'"))
    async with here.running():
        await here.until_states("refused")
    assert here.hq.stored == {}
    assert "is not what was written" in here.rows("SELECT reason FROM file_transfer")[0][0]


async def test_a_file_without_room_is_refused_before_it_is_kept(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_ALL_BYTES", 3)
    assert await here.store.run(lambda tx: files.add(tx, PHOTO, "image/png", "fulfillment:F1")) is None
    assert here.rows("SELECT count(*) FROM file_transfer") == [(0,)]
