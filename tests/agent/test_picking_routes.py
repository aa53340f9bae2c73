"""A handheld that speaks seed 001 picks against the station: HQ's shapes, and an answer for each scan."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import uuid_utils.compat as uuid
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from agent.api.access import CALLER, Caller, StationKey
from agent.api.app import build_app, doors_of
from agent.api.around import Around
from agent.api.picking import routes
from local_store.clock import SystemClock
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.site import PickingRules
from local_store.store import Store
from local_store.works import picking
from tests.support.floor import SITE, Line, line, product
from tests.support.floor import _fulfillment as fulfillment_of

NOW = "2030-01-01T08:00:00Z"


class PersonsKey(StationKey):
    """In place of the keys of people: the bearer token is a worker's id."""

    async def roles_of(self, request: web.Request) -> frozenset[str]:
        worker_id = request.headers.get("Authorization", "").removeprefix("Bearer ")
        worker = SITE.workers.get(worker_id)
        request[CALLER] = Caller(worker.roles if worker else frozenset(), worker_id or None)
        return request[CALLER].roles


class Handheld:
    """A handheld of Ana's."""

    def __init__(self, client: TestClient[Any, Any], store: Store) -> None:
        self._client, self.store = client, store

    async def call(
        self, method: str, path: str, body: Any = None, *, who: str = "ana", key: str | None = None
    ) -> tuple[int, Any]:
        port = self._client.port
        headers = {"Host": f"127.0.0.1:{port}", "Authorization": f"Bearer {who}", "X-Tenant-ID": "t1"}
        if method == "POST" and key != "":
            headers["Idempotency-Key"] = key or uuid4().hex
        async with self._client.request(method, f"/v1/fulfillment{path}", json=body, headers=headers) as answer:
            return answer.status, json.loads(await answer.text())

    async def scan(self, *scans: dict[str, Any], key: str | None = None) -> list[dict[str, Any]]:
        status, body = await self.call("POST", "/picklists/PL-1/scan", list(scans), key=key)
        assert status == 200, body
        return [{name: value for name, value in each.items() if value is not None} for each in body["results"]]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.store.reader.execute(sql)]

    def picked(self) -> dict[str, str]:
        return dict(self.store.reader.execute("SELECT task_id, picked FROM pick_task").fetchall())


LINES = (line("TEA", 2), line("TEA", 3, order="O-2"), line("PHONE", 2), line("MILK", 1, at="B-1"))


@pytest.fixture
async def handheld(tmp_path: Path) -> AsyncIterator[Handheld]:
    store = Store(tmp_path, replace(SITE, lanes=()), SystemClock(), "test")
    await store.open()
    products = (
        product("TEA", name="Tea"),
        product("PHONE", name="Phone", serial_required=True),
        product("MILK", name="Milk", expiry_required=True),
    )
    await store.execute(c.ReceiveProducts(command_id=uuid.uuid7(), products=products))
    await given(store, "PL-1", *LINES)
    key, ports = PersonsKey(tmp_path), list[int]()
    app = build_app(key, lambda: doors_of("127.0.0.1", ports[0]), [routes(Around(store, SystemClock()))])
    async with TestClient(TestServer(app)) as client:
        ports.append(client.port or 0)
        yield Handheld(client, store)
    await store.close()


async def given(store: Store, picklist_id: str, *lines: Line) -> None:
    tasks, orders = [], dict[str, list[tuple[str, Line]]]()
    for place, each in enumerate(lines, 1):
        order = each.order or "O-1"
        orders.setdefault(order, []).append((f"L{place}", each))
        tasks.append(
            e.TaskPlan(
                task_id=f"T{place}", fulfillment_id=f"F-{order}", order_line_id=f"L{place}", location_id=each.at,
                sku=each.sku, qty=each.qty,
            )
        )  # fmt: skip
    listed = e.PicklistReceived(
        lane="main", picklist_id=picklist_id, priority="normal", ship_by=None, tasks=tuple(tasks)
    )
    fulfillments = tuple(fulfillment_of(order, wanted, picked=False) for order, wanted in orders.items())
    command = c.ReceiveWork(command_id=uuid.uuid7(), fulfillments=fulfillments, parties=(), picklist=listed)
    await store.execute(command)


def scan(sku: str = "TEA", qty: int = 1, at: str = "A-1", **of: Any) -> dict[str, Any]:
    return {"location_id": at, "sku": sku, "qty": qty, "timestamp": NOW, **of}


async def started(handheld: Handheld) -> None:
    status, body = await handheld.call("POST", "/picklists/PL-1/start")
    assert (status, body["status"]) == (200, "in_progress"), body


async def test_a_list_is_read_assigned_and_started_in_hqs_shapes(handheld: Handheld) -> None:
    _, body = await handheld.call("GET", "/picklists/PL-1")
    assert (body["id"], body["status"], body["fulfillment_ids"]) == ("PL-1", "draft", ["F-O-1", "F-O-2"])
    status, body = await handheld.call("POST", "/picklists/PL-1/assign", {"worker_id": "ben", "device_id": "hh-1"})
    assert (status, body["status"], body["worker_id"]) == (200, "assigned", "ben")
    await started(handheld)
    _, page = await handheld.call("GET", "/picklists/PL-1/tasks")
    first = page["items"][0]
    assert (first["task_id"], first["qty"], first["status"], first["worker_id"]) == ("T1", 2, "open", "ana")


async def test_who_may_not_is_refused_and_what_is_not_there_too(handheld: Handheld) -> None:
    assert (await handheld.call("GET", "/picklists/PL-1", who="nobody"))[0] == 401
    assert (await handheld.call("POST", "/picklists/PL-1/start", key=""))[0] == 400
    status, body = await handheld.call("GET", "/picklists/PL-9")
    assert (status, body["error"]["message"]) == (404, "There is no picklist PL-9 at this station.")
    assert (await handheld.call("POST", "/picklists/PL-9/start"))[0] == 404
    status, body = await handheld.call("POST", "/picklists/PL-1/scan", [scan()])
    assert (status, body["error"]["message"]) == (409, "PL-1 is open, and not being picked. Start it first.")
    status, body = await handheld.call("POST", "/picklists/PL-1/assign", {"worker_id": "zoe", "device_id": "h"})
    assert (status, body["error"]["message"]) == (422, "zoe is nobody who works here. Choose somebody who does.")


async def test_each_scan_gets_its_own_answer_and_a_bad_one_loses_no_other(handheld: Handheld) -> None:
    await started(handheld)
    answers = await handheld.scan(
        scan(qty=3, scan_id="s1"),
        scan("JAM", scan_id="s2"),
        scan(at="B-1", scan_id="s3"),
        scan(qty=9, scan_id="s4"),
        scan(task_id="T9", scan_id="s5"),
        {"sku": "TEA", "scan_id": "s6"},
        scan("PHONE", scan_id="s7"),
        scan("PHONE", qty=2, serial="P1", scan_id="s8"),
        scan("MILK", at="B-1", scan_id="s9"),
        scan(qty=2, scan_id="s1"),
        scan("PHONE", serial="P1"),
        scan("PHONE", serial="P1", scan_id="s10"),
    )
    assert answers[0]["tasks"] == [{"task_id": "T1", "qty": 2}, {"task_id": "T2", "qty": 1}]
    assert [each.get("code") for each in answers] == [
        None, "unknown_sku", "wrong_place", "more_than_asked", "no_task", "invalid", "serial_missing",
        "serial_of_many", "lot_missing", None, None, "serial_twice",
    ]  # fmt: skip
    said = [each.get("message") for each in answers]
    assert said[1:5] == [
        "JAM is not on PL-1. Put it back.",
        "Tea (TEA) is to be taken from A-1, not from B-1. Put it back.",
        "Tea (TEA): 2 still to pick here, 9 scanned. Put back what was scanned.",
        "Task T9 is not on PL-1, or not for this item here. Read the list again.",
    ]
    assert said[6:9] == [
        "Phone (PHONE) goes out by serial number. Scan that of each unit.",
        "Serial number P1 is of one unit of Phone (PHONE), and more are in hand. Scan the unit itself.",
        "Milk (MILK) goes out by lot. Scan the lot with it.",
    ]
    assert answers[9]["tasks"] == answers[0]["tasks"]  # the scan that came before, told again
    assert handheld.picked() == {"T1": "2", "T2": "1", "T3": "1", "T4": "0"}


async def test_a_call_that_comes_again_counts_once_and_gets_the_same_answers(handheld: Handheld) -> None:
    await started(handheld)
    sent = [scan(), scan("JAM"), scan("PHONE", serial="P1")]
    first = await handheld.scan(*sent, key="k1")
    facts = handheld.rows("SELECT count(*) FROM journal")
    assert await handheld.scan(*sent, key="k1") == first
    assert handheld.rows("SELECT count(*) FROM journal") == facts
    status, body = await handheld.call("POST", "/picklists/PL-1/scan", [scan()], key="k1")
    assert (status, body["error"]["code"]) == (422, "command_reused")
    assert handheld.picked()["T1"] == "1"


async def test_corrections_are_answered_one_by_one(handheld: Handheld) -> None:
    await started(handheld)
    await handheld.scan(scan(qty=2), scan("PHONE", serial="P1"))
    told = [
        {"adjustment_id": "a1", "task_id": "T3", "kind": "undo", "qty": 1},
        {"adjustment_id": "a2", "task_id": "T3", "kind": "undo"},
        {"adjustment_id": "a3", "task_id": "T4", "kind": "short", "reason": "not found"},
        {"adjustment_id": "a4", "task_id": "T4", "kind": "short"},
        {"adjustment_id": "a5", "task_id": "T4", "kind": "reopen"},
        {"adjustment_id": "a6", "task_id": "T8", "kind": "short"},
        {"adjustment_id": "a7", "task_id": "T4", "kind": "relocate"},
    ]
    status, body = await handheld.call("POST", "/picklists/PL-1/adjust", {"adjustments": told})
    assert status == 200
    codes = [each["code"] for each in body["results"]]
    assert codes == [None, "no_such_count", None, "not_short", None, "no_task", "invalid"]
    assert body["results"][1]["message"] == ("Phone (PHONE): no such count can be taken back, picked: 0. Look again.")
    assert body["results"][3]["message"] == (
        "Milk (MILK): 0 of 1 picked, so this is not what is missing. Look again."
    )
    assert handheld.picked() == {"T1": "2", "T2": "0", "T3": "0", "T4": "0"}
    assert handheld.rows("SELECT account FROM serial") == [("location:A-1",)]


async def through(handheld: Handheld) -> None:
    await started(handheld)
    answers = await handheld.scan(
        scan(qty=5), scan("PHONE", serial="P1"), scan("PHONE", serial="P2"), scan("MILK", at="B-1", lot="M1")
    )
    assert {each["outcome"] for each in answers} == {"accepted"}


async def test_a_list_is_completed_with_what_was_picked(handheld: Handheld) -> None:
    await started(handheld)
    status, body = await handheld.call("POST", "/picklists/PL-1/complete", {})
    assert (status, body["error"]["code"]) == (409, "open_lines")
    await handheld.scan(scan(qty=5), scan("PHONE", serial="P1"), scan("PHONE", serial="P2"))
    await handheld.scan(scan("MILK", at="B-1", lot="M1"))
    status, body = await handheld.call("POST", "/picklists/PL-1/complete", {"pick_confirmation_id": "pc-1"})
    assert (status, body["pick_confirmation_id"]) == (200, "pc-1")
    assert [each["qty"] for each in body["picked"]] == [2, 3, 2, 1]
    told = handheld.rows("SELECT body ->> '$.serials' FROM journal WHERE kind = 'serials.assigned'")
    assert [json.loads(each) for (each,) in told] == [["P1", "P2"]]


async def test_picked_units_go_back_by_their_numbers(handheld: Handheld) -> None:
    await through(handheld)
    back = {"rebin_id": "r1", "qty": 1, "location_id": "S-1"}
    told = [
        {**back, "task_id": "T3"},
        {**back, "task_id": "T3", "serials": ["P9"]},
        {**back, "task_id": "T3", "serials": ["P1"]},
        {**back, "task_id": "T1", "qty": 7},
        {**back, "task_id": "T7"},
        {**back, "task_id": "T1"},
    ]
    status, body = await handheld.call("POST", "/picklists/PL-1/rebin", {"rebins": told})
    assert status == 200
    assert [each["message"] for each in body["results"][:4]] == [
        "Phone (PHONE) has serial numbers. Say which go back, quantity: 1.",
        "Phone (PHONE): P9 was not picked for this line. Scan the units in hand.",
        None,
        "Tea (TEA): 2 picked, 7 cannot go back. Count again.",
    ]
    assert handheld.picked() == {"T1": "1", "T2": "3", "T3": "1", "T4": "1"}
    assert handheld.rows("SELECT serial, account FROM serial ORDER BY 1") == [
        ("P1", "location:S-1"),
        ("P2", "picked:PL-1"),
    ]


async def test_what_is_still_being_picked_or_packed_already_does_not_go_back(handheld: Handheld) -> None:
    await started(handheld)
    await handheld.scan(scan())
    back = {"rebin_id": "r1", "qty": 1, "location_id": "S-1", "task_id": "T1"}
    _, body = await handheld.call("POST", "/picklists/PL-1/rebin", {"rebins": [back]})
    assert body["results"][0]["message"] == (
        "Tea (TEA) is still being picked. Take the count back, or finish the line first."
    )
    await handheld.scan(scan(qty=4), scan("PHONE", serial="P1"), scan("PHONE", serial="P2"))
    await handheld.scan(scan("MILK", at="B-1", lot="M1"))
    await handheld.call("POST", "/picklists/PL-1/complete")
    for act in (
        c.Scan(command_id=uuid.uuid7(), workplace="pack-1", code="BADGE-ANA"),
        c.OpenWork(command_id=uuid.uuid7(), workplace="pack-1", id="F-O-1"),
        c.Scan(command_id=uuid.uuid7(), workplace="pack-1", code="TEA"),
        c.Scan(command_id=uuid.uuid7(), workplace="pack-1", code="TEA"),
    ):
        await handheld.store.execute(act)
    _, body = await handheld.call("POST", "/picklists/PL-1/rebin", {"rebins": [back]})
    assert body["results"][0]["message"] == "Tea (TEA): 2 in a parcel already. Take it out first."


async def test_serial_numbers_and_lots_are_told_after_the_pick(handheld: Handheld) -> None:
    await through(handheld)
    line_of = {"fulfillment_id": "F-O-1", "order_line_id": "L1"}
    status, body = await handheld.call("POST", "/serials/assign", {**line_of, "serials": ["X1", "X2"]})
    assert (status, body) == (200, {**line_of, "serials": ["X1", "X2"]})
    status, body = await handheld.call("POST", "/serials/assign", {**line_of, "serials": ["X1", "X2", "X3"]})
    assert (status, body["error"]["message"]) == (422, "Tea (TEA): 2 picked, 3 told. Count again.")
    status, body = await handheld.call("POST", "/lot/consume", {**line_of, "lot_id": "T-1", "qty": 2})
    assert (status, body) == (200, {**line_of, "lot_id": "T-1", "qty": 2})
    unknown = {"fulfillment_id": "F-9", "order_line_id": "L1", "lot_id": "T-1", "qty": 2}
    status, body = await handheld.call("POST", "/lot/consume", unknown)
    assert (status, body["error"]["message"]) == (422, "Line L1 of F-9 was not picked here. Choose one that was.")
    stock = handheld.rows("SELECT lot_id, millionths FROM stock WHERE account = 'picked:PL-1' AND sku = 'TEA'")
    assert dict(stock) == {"": 3_000_000, "T-1": 2_000_000}


async def test_five_hundred_scans_are_one_act_and_answered_at_once(handheld: Handheld) -> None:
    await handheld.store.execute(_list("PL-5", [line("TEA", 500)]))
    await handheld.call("POST", "/picklists/PL-5/start")
    before = time.perf_counter()
    status, body = await handheld.call("POST", "/picklists/PL-5/scan", [scan() for _ in range(500)])
    took = time.perf_counter() - before
    assert status == 200
    assert {each["outcome"] for each in body["results"]} == {"accepted"}
    assert handheld.rows("SELECT count(DISTINCT command_id) FROM journal WHERE kind = 'pick.counted'") == [(1,)]
    assert took < 2, f"{took:.2f} s"
    status, _ = await handheld.call("POST", "/picklists/PL-5/scan", [scan() for _ in range(501)])
    assert status == 422


def _list(picklist_id: str, lines: list[Line]) -> c.ReceiveWork:
    tasks = tuple(
        e.TaskPlan(
            task_id=f"{picklist_id}-{place}", fulfillment_id="F-O-5", order_line_id=f"L{place}", location_id=each.at,
            sku=each.sku, qty=Decimal(each.qty),
        )
        for place, each in enumerate(lines)
    )  # fmt: skip
    listed = e.PicklistReceived(lane="main", picklist_id=picklist_id, priority="normal", ship_by=None, tasks=tasks)
    return c.ReceiveWork(command_id=uuid.uuid7(), fulfillments=(), parties=(), picklist=listed)


async def test_what_was_scanned_before_costs_a_call_nothing_unless_it_names_it(handheld: Handheld) -> None:
    await started(handheld)
    await handheld.scan(*(scan(scan_id=f"s{number}") for number in range(4)))
    again = c.PickScan(**scan(scan_id="s2"))
    command = c.ScanPicks(command_id=uuid.uuid7(), picklist_id="PL-1", worker_id="ana", scans=(again,))
    held = await handheld.store.run(lambda tx: picking.ACTS[c.ScanPicks].load(tx, command))
    assert list(held.told) == ["s2"]


async def test_a_handheld_takes_more_than_was_asked_where_the_site_allows_it(handheld: Handheld) -> None:
    await started(handheld)
    await handheld.scan(scan(qty=5))

    async def adjusted(**of: Any) -> dict[str, Any]:
        told = {"adjustment_id": "a", "task_id": "T1", "kind": "over", **of}
        _, body = await handheld.call("POST", "/picklists/PL-1/adjust", {"adjustments": [told]})
        result: dict[str, Any] = body["results"][0]
        return result

    assert (await adjusted(qty=1, reason="full box"))["code"] == "over_too_many"
    handheld.store.site = replace(handheld.store.site, picking=PickingRules(over_percent=Decimal(50)))
    assert (await adjusted(qty=1))["message"] == "Tea (TEA): say how many more you take, and why."
    (new,) = (await adjusted(qty=1, reason="full box"))["tasks"]
    assert (await adjusted(qty=1, reason="full box"))["code"] == "over_too_many"
    assert (await handheld.scan(scan(task_id=new["task_id"])))[0]["outcome"] == "accepted"
    assert handheld.picked()[new["task_id"]] == "1"


async def test_a_substitute_and_more_are_asked_for_at_the_station_with_a_persons_key(handheld: Handheld) -> None:
    await started(handheld)
    await handheld.call(
        "POST",
        "/picklists/PL-1/adjust",
        {"adjustments": [{"adjustment_id": "a", "task_id": "T4", "kind": "short", "reason": "none"}]},
    )

    async def asked(what: str, who: str = "ana", **of: Any) -> tuple[int, str]:
        body = {"command_id": str(uuid.uuid7()), "task_id": "T4", **of}
        status, told = await handheld.call("POST", f"/../station/picklists/PL-1/{what}", body, who=who)
        return status, told["answer"]["code"] if status == 200 else ""

    assert await asked("substitute", sku="TEA") == (200, "pick.no_substitute")
    assert await asked("substitute", who="eve", sku="TEA") == (200, "pick.substitute_nowhere")
    assert await asked("over", qty="1", reason="full box") == (200, "pick.over_open")
    assert (await asked("over", who="nobody", qty="1", reason="full box"))[0] == 401
