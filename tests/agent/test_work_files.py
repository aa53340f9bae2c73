"""Files of work dropped into a folder: read once and whole, put away after the commit, and bad lines are told."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from agent.api.access import StationKey
from agent.api.app import build_app, doors_of
from agent.api.work import WorkRoutes
from agent.problems import Problems
from agent.work_files import BAD_LINES, FOLDER, MS_PER_DAY, WorkFiles, let_go
from local_store.clock import SystemClock
from local_store.domain.site import Lane, Site
from local_store.outbox import hq_ref
from local_store.store import Store
from local_store.writer import StoreInDoubt
from tests.agent.test_work_lines import PRODUCT, file, listed, order

SITE = Site("st-1", "wh_1", {"pick": "pick"}, lanes=(Lane("main", frozenset()), Lane("pb", frozenset(), sink=False)))


@dataclass
class Inbox:
    """The folder of a station that is looked into by hand."""

    store: Store
    folder: Path
    problems: Problems = field(default_factory=lambda: Problems(lambda: 0))
    files: WorkFiles = field(init=False)

    def __post_init__(self) -> None:
        self.files = WorkFiles(self.store, self.folder, self.problems, asyncio.sleep)
        self.folder.mkdir(exist_ok=True)

    def drop(self, name: str, *lines: Any) -> None:
        (self.folder / name).write_bytes(file(*lines))

    async def looked(self, times: int = 2) -> None:
        for _ in range(times):
            await self.files.look()

    def names(self) -> list[str]:
        found = (str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())
        return sorted(found)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.store.reader.execute(sql)]


@pytest.fixture
async def inbox(tmp_path: Path) -> AsyncIterator[Inbox]:
    store = Store(tmp_path / "data", SITE, SystemClock(), "0")
    await store.open()
    yield Inbox(store, tmp_path / "inbox")
    await store.close()


async def test_a_dropped_file_becomes_work_once_and_is_put_away(inbox: Inbox) -> None:
    refs = [{"thing": "order", "local_id": "F1", "hq_id": "9001", "lane": "pb"}]
    inbox.drop("day.ndjson", PRODUCT, order(refs=refs), listed())
    await inbox.looked()
    assert inbox.names() == ["done/day.ndjson"]
    assert inbox.rows("SELECT picklist_id, lane FROM picklist") == [("PL1", "main")]
    assert inbox.rows("SELECT sku, location_id FROM product") == [("SKU-1", "A-7")]
    assert hq_ref(inbox.store.reader, "pb", "order", "F1") == "9001"
    facts = inbox.rows("SELECT count(*) FROM journal")
    inbox.drop("day.ndjson", PRODUCT, order(refs=refs), listed())
    await inbox.looked()
    assert inbox.rows("SELECT count(*) FROM journal") == facts
    assert inbox.names() == ["done/2-day.ndjson", "done/day.ndjson"]


async def test_references_of_work_that_is_known_are_learned_all_the_same(inbox: Inbox) -> None:
    inbox.drop("one.ndjson", order())
    await inbox.looked()
    inbox.drop("two.ndjson", order(refs=[{"thing": "order", "local_id": "F1", "hq_id": "77"}]))
    await inbox.looked()
    assert hq_ref(inbox.store.reader, "main", "order", "F1") == "77"
    assert inbox.rows("SELECT count(*) FROM pick_task") == [(1,)]


async def test_a_file_that_still_grows_is_not_read_nor_one_of_another_name_nor_a_link(inbox: Inbox) -> None:
    inbox.drop("day.ndjson", order())
    await inbox.looked(1)
    with (inbox.folder / "day.ndjson").open("ab") as growing:
        growing.write(file(listed()))
    inbox.drop("day.ndjson.part", order("F2"))
    inbox.drop("notes.txt", order("F3"))
    (inbox.folder / "link.ndjson").symlink_to(inbox.folder / "notes.txt")
    await inbox.looked(1)
    assert inbox.rows("SELECT * FROM fulfillment") == []
    await inbox.looked(1)
    assert inbox.rows("SELECT fulfillment_id FROM fulfillment") == [("F1",)]
    assert inbox.rows("SELECT picklist_id FROM picklist") == [("PL1",)]
    assert inbox.names() == ["day.ndjson.part", "done/day.ndjson", "link.ndjson", "notes.txt"]


async def test_a_file_that_is_written_anew_in_its_place_is_looked_at_twice_again(inbox: Inbox) -> None:
    inbox.drop("day.ndjson", order("F1"))
    await inbox.looked(1)
    inbox.drop("day.ndjson", order("F2"))
    os.utime(inbox.folder / "day.ndjson", ns=(1, 1))
    await inbox.looked(1)
    assert inbox.rows("SELECT * FROM fulfillment") == []


async def test_bad_lines_become_a_report_and_a_problem_until_it_is_gone(inbox: Inbox) -> None:
    inbox.drop("day.ndjson", order(), b"{broken", order("F2", warehouse_id="wh_9"))
    await inbox.looked()
    assert inbox.names() == ["done/day.ndjson", "refused/day.ndjson.report.ndjson"]
    report = inbox.folder / "refused" / "day.ndjson.report.ndjson"
    lines = [json.loads(line) for line in report.read_text().splitlines()]
    assert [(line["line"], line["place"], line["value"]) for line in lines] == [
        (2, "", '"{broken"'),
        (3, "warehouse_id", '"wh_9"'),
    ]
    assert report.stat().st_mode & 0o777 == 0o600
    assert inbox.rows("SELECT fulfillment_id FROM fulfillment") == [("F1",)]
    (problem,) = inbox.problems.open()
    assert problem.problem_id == BAD_LINES
    assert str(report) in problem.sentence
    report.unlink()
    await inbox.looked(1)
    assert inbox.problems.open() == []


async def test_a_file_of_which_nothing_can_be_used_is_refused(inbox: Inbox) -> None:
    inbox.drop("day.ndjson", b"hello")
    await inbox.looked()
    assert inbox.names() == ["refused/day.ndjson", "refused/day.ndjson.report.ndjson"]


async def test_a_stop_between_the_commit_and_the_moving_brings_the_same_work_again_and_nothing_new(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(*_: Any) -> None:
        raise OSError(5, "power cut")

    inbox.drop("day.ndjson", order(), listed(), order("F2"), PRODUCT)
    with monkeypatch.context() as patch:
        patch.setattr("agent.work_files._put_away", power_cut)
        with pytest.raises(OSError, match="power cut"):
            await inbox.looked()
    assert inbox.names() == ["day.ndjson"]
    before = inbox.rows("SELECT count(*) FROM journal")
    assert len(inbox.rows("SELECT * FROM fulfillment")) == 2
    await inbox.looked()
    assert inbox.rows("SELECT count(*) FROM journal") == before
    assert inbox.names() == ["done/day.ndjson"]


async def test_a_store_in_doubt_leaves_the_file_where_it_is(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    async def in_doubt(*_: Any) -> Any:
        raise StoreInDoubt("the disk said no")

    inbox.drop("day.ndjson", order())
    with monkeypatch.context() as patch:
        patch.setattr(inbox.store, "run", in_doubt)
        with pytest.raises(StoreInDoubt):
            await inbox.looked()
    assert inbox.names() == ["day.ndjson"]


async def test_no_file_is_taken_while_the_disk_is_full(inbox: Inbox) -> None:
    inbox.drop("day.ndjson", order())
    inbox.store.accept_new_work(accepts=False)
    await inbox.looked(3)
    assert inbox.names() == ["day.ndjson"]
    inbox.store.accept_new_work(accepts=True)
    await inbox.looked(1)
    assert inbox.names() == ["done/day.ndjson"]


async def test_a_folder_that_cannot_be_read_is_a_problem_until_it_can(inbox: Inbox) -> None:
    inbox.folder.rmdir()
    inbox.folder.write_text("a file in its place")
    looks = 0

    async def twice(_seconds: float) -> None:
        nonlocal looks
        looks += 1
        if looks == 1:
            assert [problem.problem_id for problem in inbox.problems.open()] == [FOLDER]
            inbox.folder.unlink()
        else:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await WorkFiles(inbox.store, inbox.folder, inbox.problems, twice).run()
    assert inbox.problems.open() == []


async def test_files_that_were_put_away_go_after_so_many_days_and_what_waits_stays(inbox: Inbox) -> None:
    inbox.drop("day.ndjson", order(), b"{")
    await inbox.looked()
    inbox.drop("next.ndjson", order("F2"))
    now_ms = (inbox.folder / "done" / "day.ndjson").stat().st_ctime_ns // 1_000_000
    let_go(inbox.folder, 90, now_ms + 89 * MS_PER_DAY)
    assert len(inbox.names()) == 3
    let_go(inbox.folder, 90, now_ms + 91 * MS_PER_DAY)
    assert inbox.names() == ["next.ndjson"]


async def sent(inbox: Inbox, tmp_path: Path, data: bytes, query: str = "") -> tuple[int, dict[str, Any]]:
    key, doors = StationKey(tmp_path), list[int]()
    app = build_app(key, lambda: doors_of("127.0.0.1", *doors), [WorkRoutes(inbox.store).routes()])
    async with TestClient(TestServer(app)) as client:
        doors.append(client.port or 0)
        headers = {
            "Host": f"127.0.0.1:{doors[0]}",
            "Authorization": f"Bearer {key.key}",
            "Content-Type": "application/x-ndjson",
        }
        async with client.post(f"/v1/station/work/import{query}", data=data, headers=headers) as answer:
            return answer.status, json.loads(await answer.text())


async def test_one_file_comes_through_the_agents_own_address(inbox: Inbox, tmp_path: Path) -> None:
    status, told = await sent(inbox, tmp_path, file(order(lane=None), b"{"), "?lane=main")
    assert (status, told["lines"], told["used"], told["refused"]) == (200, 2, 1, 1)
    assert told["bad"][0]["line"] == 2
    assert inbox.rows("SELECT fulfillment_id, lane FROM fulfillment") == [("F1", "main")]
    status, told = await sent(inbox, tmp_path, file(order()), "?lane=nowhere")
    assert (status, told["error"]["code"]) == (404, "no_lane")


async def test_a_long_file_comes_through_as_well(inbox: Inbox, tmp_path: Path) -> None:
    many = [order(f"F{n}") for n in range(1500)]
    data = file(*many)
    assert len(data) > 256 * 1024
    status, told = await sent(inbox, tmp_path, data)
    assert (status, told["used"]) == (200, 1500)
    assert inbox.rows("SELECT count(*) FROM picklist") == [(1500,)]
