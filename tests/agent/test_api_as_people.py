"""The station's API as people with keys call it: whatever is sent, it answers as its document says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from local_store.domain.site import ROLES
from tests.support.conformity import examples_of_profile, run_schemathesis
from tests.support.door import Door, opened
from tests.support.floor import SITE, Bench, line, product
from web.contract import Contract

ENDLESS = {"/v1/station/live", "/v1/station/facts/live", "/v1/station/devices/{name}/readings"}
OWN_KEY = {"/v1/station/sign-out", "/v1/station/keys/{key_id}/revoke"}
"""After these the caller has no key any more; tests/agent/test_people.py is about them."""


def given_work(folder: Path) -> None:
    """Products of each kind, a list to pick and an order to pack."""
    bench = Bench(folder, SITE)
    bench.given_products(
        product("TEA"), product("PHONE", serial_required=True), product("MILK", expiry_required=True)
    )
    bench.given_picklist("PL-1", line("TEA", 5), line("PHONE", 2), line("MILK", 3))
    bench.given_order("O-1", line("TEA", 5), line("PHONE", 2))
    bench.close()


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    await asyncio.to_thread(given_work, tmp_path / "data")
    async with opened(tmp_path) as door:
        yield door


async def document(door: Door) -> dict[str, Any]:
    route = next(each for each in door.routes if each.path == "/v1/openapi.json")
    told: dict[str, Any] = json.loads((await door.call(route))[1])
    return told


def share(told: dict[str, Any], role: str, *, whole: bool) -> Contract:
    """The calls that a role may make; where not the `whole`, those that fall to it of all that may make them."""
    document, turn = json.loads(json.dumps(told)), 0
    for path, item in told["paths"].items():
        for method, operation in item.items():
            roles, turn = sorted(ROLES & set(operation["x-roles"])), turn + 1
            mine = role in roles if whole else roles and roles[turn % len(roles)] == role
            if not mine or path in ENDLESS | OWN_KEY:
                del document["paths"][path][method]
        if not document["paths"][path]:
            del document["paths"][path]
    return Contract(document, f"the agent's document for {role}")


KNOWN = {
    "workplace": ["pick-1", "pack-1"], "station_id": ["pack-1"], "picklist_id": ["PL-1"], "sku": ["TEA", "PHONE"],
    "fulfillment_id": ["F-O-1", "F-O-PL-1"], "id": ["F-O-1", "F-O-PL-1"], "subject_id": ["F-O-1", "F-O-PL-1"],
    "order_id": ["O-1"], "worker_id": ["picker", "packer"], "warehouse_id": ["WH-1"], "device_id": ["hh-1"],
    "order_line_id": ["PL-1-L1", "O-1-L1"], "line_id": ["O-1-L1"], "task_id": ["PL-1-T1"], "serial": ["S-1"],
    "location_id": ["A-1"], "thing": ["fulfillment"],
}  # fmt: skip


async def test_no_call_of_anybody_meets_a_fault_or_an_undocumented_answer(door: Door) -> None:
    told, url, examples = await document(door), f"http://127.0.0.1:{door.client.port}", examples_of_profile(2)
    seen = set()
    for role in sorted(ROLES):
        contract = share(told, role, whole=examples > 2)
        headers = {"Authorization": f"Bearer {await door.key(role)}"}
        calls = await asyncio.to_thread(run_schemathesis, contract, url, headers, examples, KNOWN)
        assert calls >= len(contract.operations)
        seen |= {each.name for each in contract.operations}
    assert len(seen) > 100
