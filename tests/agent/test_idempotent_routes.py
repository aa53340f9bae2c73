"""Every POST of seed 001 on the station: it needs an Idempotency-Key, and a repeat does nothing more."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from local_store.domain.site import ROLES
from tests.agent.test_api_as_people import given_work
from tests.support.door import Door, Known, opened

SEED = "/v1/fulfillment/"

PHONES = {"line_id": "O-1-L2", "qty": 2, "serials": ["P1", "P2"]}
PACKAGE = {"package_id": "BOX-1", "weight": 700, "items": [{"line_id": "O-1-L1", "qty": 5}, PHONES]}
SHORTS = [
    {"adjustment_id": f"b{line}", "task_id": f"PL-1-T{line}", "kind": "short", "reason": "shelf empty"}
    for line in (1, 2, 3)
]
SCAN = {"location_id": "A-1", "sku": "TEA", "qty": 1, "timestamp": "2030-01-01T08:00:00Z"}


class Call(NamedTuple):
    """A call that is done, where those before it were."""

    path: str
    role: str
    body: Any
    status: int = 200


PICKLIST, STATION = "picklists/PL-1", "pack-stations/pack-1"
DONE = (
    Call("keys", "supervisor", {"device_id": "hh-1", "worker_id": "supervisor"}, 201),
    Call("devices/hh-1/register", "picker", {"kind": "handheld"}, 201),
    Call(f"{PICKLIST}/assign", "supervisor", {"worker_id": "picker", "device_id": "hh-1"}),
    Call(f"{PICKLIST}/start", "picker", {}),
    Call(f"{PICKLIST}/scan", "picker", [SCAN, SCAN, SCAN]),
    Call(f"{PICKLIST}/adjust", "picker", {"adjustments": [
        {"adjustment_id": "a1", "task_id": "PL-1-T1", "kind": "undo", "qty": 1}]}),
    Call(f"{PICKLIST}/scan", "picker", [{**SCAN, "sku": "PHONE", "serial": "S1"}]),
    Call("serials/assign", "picker", {"fulfillment_id": "F-O-PL-1", "order_line_id": "PL-1-L2", "serials": ["S1"]}),
    Call("lot/consume", "picker", {"lot_id": "LOT", "qty": 1, "fulfillment_id": "F-O-PL-1",
                                   "order_line_id": "PL-1-L1"}),
    Call(f"{STATION}/open-session", "packer", {"worker_id": "packer", "fulfillment_id": "F-O-1"}, 201),
    Call(f"{STATION}/pack", "packer", {"fulfillment_ids": ["F-O-1"], "packages": [PACKAGE]}),
    Call(f"{STATION}/seal", "packer", {"package_id": "BOX-1"}),
    Call("returns", "receiver", {"order_id": "O-1", "reason": "damaged", "return_method": "ship",
                                 "expected_lines": [{"order_line_id": "R1", "sku": "TEA", "qty": 2}]}, 201),
    Call("returns/{return_id}/receive", "receiver", {"received_lines": [{"line_id": "R1", "qty": 2}]}),
    Call("returns/{return_id}/inspect", "qc_agent", {"disposition": "reshelve", "restockable_qty": 2}),
    Call("returns/{return_id}/complete", "qc_agent", {}),
    Call("returns/{return_id}/ship-back-to-supplier", "supervisor", {}),
    Call("qc/F-O-1/start", "qc_agent", {"inspect": 1, "of_every": 7}, 201),
    Call("qc/{qc_id}/record", "qc_agent", {"passed": True}),
    Call("qc/{qc_id}/resolve", "qc_agent", {"disposition": "reshelve"}),
    Call(f"{PICKLIST}/adjust", "picker", {"adjustments": SHORTS}),
    Call(f"{PICKLIST}/complete", "picker", {}),
    Call(f"{PICKLIST}/rebin", "packer", {"rebins": [
        {"rebin_id": "r1", "qty": 1, "location_id": "S-1", "task_id": "PL-1-T1"}]}),
    Call("vendor-shipments", "supervisor", {"warehouse_id": "WH-1", "vendor": "ACME",
                                            "lines": [{"sku": "TEA", "qty": 1, "location_id": "S-1"}]}, 201),
    Call("manifests", "packer", {"warehouse_id": "WH-1", "carrier_id": "ups", "dispatch_date": "2030-01-01",
                                 "shipments": ["F-O-1"]}, 201),
    Call("manifests/{manifest_id}/submit", "packer", {}),
    Call("asn", "packer", {"asn_reference": "ASN-1", "shipments": ["F-O-1"]}, 201),
)  # fmt: skip


DONE_BY_PATH = {each.path: each for each in DONE}


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    await asyncio.to_thread(given_work, tmp_path / "data")
    async with opened(tmp_path) as door:
        yield door


def posts(door: Door) -> list[Known]:
    found = [each for each in door.routes if each.method == "POST" and each.path.startswith(SEED)]
    assert len(found) > 20
    return found


def written(door: Door) -> list[Any]:
    """How much the store was told so far."""
    tables = ("journal", "receipt", "access_key", "outbox", "spool_job")
    return [door.store.reader.execute(f"SELECT count(*) FROM {each}").fetchone()[0] for each in tables]


async def test_every_post_needs_an_idempotency_key_before_it_does_anything(door: Door) -> None:
    keys = {role: await door.key(role) for role in ROLES}
    before = written(door)
    for route in posts(door):
        for role in sorted(route.roles & ROLES)[:1]:
            for body in ("{}", "no json", *(json.dumps(call.body) for call in DONE)):
                for wrong in ("", "k" * 256):
                    refused = await door.code(route, key=keys[role], body=body, repeat=wrong)
                    assert refused == (400, "no_idempotency_key"), (route.path, role)
    assert written(door) == before


async def call(door: Door, each: Call, known: dict[str, str], repeat: str) -> tuple[int, Any]:
    route = Known("POST", SEED + each.path.format(**known), frozenset())
    status, text = await door.call(route, key=known[each.role], body=json.dumps(each.body), repeat=repeat)
    return status, json.loads(text)


async def test_a_repeat_gets_the_first_answer_and_records_nothing_new(door: Door) -> None:
    known = {role: await door.key(role) for role in ROLES}
    for number, each in enumerate(DONE):
        status, told = await call(door, each, known, f"call-{number}")
        assert status == each.status, (each.path, told)
        assert [part for part in told.get("results", ()) if part["outcome"] != "accepted"] == [], each.path
        before = written(door)
        assert await call(door, each, known, f"call-{number}") == (status, told), each.path
        assert written(door) == before, each.path
        known |= {name: value for name, value in told.items() if name.endswith("_id") and isinstance(value, str)}
    tried = {re.sub(r"/(PL-1|hh-1|pack-1|F-O-1)/", "/x/", re.sub(r"{\w+}", "x", SEED + each.path)) for each in DONE}
    assert {re.sub(r"{\w+}", "x", route.path) for route in posts(door)} == tried


async def test_a_change_of_another_version_is_refused_and_a_repeat_of_the_right_one_is_not(door: Door) -> None:
    key = await door.key("qc_agent")
    start, record = DONE_BY_PATH["qc/F-O-1/start"], DONE_BY_PATH["qc/{qc_id}/record"]
    _, made = await call(door, start, {"qc_agent": key}, "s")
    route, body = Known("POST", f"{SEED}qc/{made['qc_id']}/record", frozenset()), json.dumps(record.body)
    stale = await door.code(route, key=key, body=body, repeat="r1", if_match='"1"')
    assert stale == (412, "version_conflict")
    right = f'"{made["version"]}"'
    first = await door.call(route, key=key, body=body, repeat="r2", if_match=right)
    assert first[0] == 200, first
    assert await door.call(route, key=key, body=body, repeat="r2", if_match=right) == first
    assert (await door.code(route, key=key, body=body, repeat="r3", if_match=right))[0] == 412
