"""The contract of seed 001: complete, honest about what it assumes, and as wide as the service."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hq.app import MODULES, routes
from hq.calls import BASE
from tests.hq.served import nameless
from tests.hq.site import Hq, order, taken
from web.contract import Contract, Operation

CONTRACT = Contract.load("ofs")
TABLE_2_2 = """
POST /devices/{} /register
GET POST /keys
GET /roles
GET /warehouses /warehouses/{} /warehouses/{}/zones /warehouses/{}/capacity
POST /warehouses/{}/workers /warehouses/{}/workstation
GET POST /tasks
POST /tasks/{}/claim /tasks/{}/complete
GET /queues
GET /fulfillments /fulfillments/{} /fulfillments/{}/timeline
POST /fulfillments /fulfillments/{}/cancel
PATCH /fulfillments/{}
POST /picklists
GET /picklists/{} /picklists/{}/tasks
POST /picklists/{}/assign /picklists/{}/start /picklists/{}/scan /picklists/{}/complete
POST /picklists/{}/rebin /picklists/{}/adjust
POST /allocations/{}/confirm-pick /allocations/request /allocations/{}/release /allocations/bulk
GET /allocations/{}
POST /pack-stations/{}/open-session /pack-stations/{}/pack /pack-stations/{}/seal
GET POST /shipments
POST /shipments/{}/generate-label
GET /shipments/{} /shipments/{}/label
POST /shipments/{}/book /shipments/{}/cancel /shipments/{}/schedule-pickup /shipments/{}/track
POST /shipments/bulk-generate-labels
POST /manifests /manifests/{}/submit
GET /manifests/{}
POST /asn
GET POST /returns
GET /returns/{}
POST /returns/{}/receive /returns/{}/inspect /returns/{}/complete
POST /qc/{}/start /qc/{}/record /qc/{}/resolve
POST /serials/assign /lot/consume
GET /traceability
GET POST /webhooks
DELETE /webhooks/{}
POST /webhooks/test
POST /imports
GET /imports/{}
POST /exports /jobs/{}/cancel
GET /health /metrics /slas
GET PATCH /settings
GET POST /routing-rules
GET POST PATCH /packaging-profiles
""".replace("{} /register", "{}/register")


BEYOND = """
POST /returns/{}/ship-back-to-supplier
GET /connectors
POST /vendor-shipments
GET /vendor-shipments/{}
POST /webhook/carrier /warehouses
"""
"""In the seed, but of no use at a station."""


def calls_in(table: str) -> set[tuple[str, str]]:
    """The methods and paths of a table."""
    calls: set[tuple[str, str]] = set()
    for line in table.splitlines():
        words = line.split()
        paths = [word for word in words if word.startswith("/")]
        calls |= {(method, path) for method in words if method not in paths for path in paths}
    return calls


def members(part: Any, place: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every member of the document as (place, name, value)."""
    inside = part.items() if isinstance(part, Mapping) else enumerate(part) if isinstance(part, list) else ()
    for name, value in inside:
        yield place, str(name), value
        yield from members(value, f"{place}/{name}")


def test_every_call_a_station_may_need_is_in_the_contract() -> None:
    known = {(each.method, nameless(each.template)) for each in CONTRACT.operations}
    assert calls_in(TABLE_2_2 + BEYOND) - known == set()


def test_what_is_in_no_seed_is_marked_as_an_extension() -> None:
    seed = calls_in(TABLE_2_2 + BEYOND)
    own = [each for each in CONTRACT.operations if (each.method, nameless(each.template)) not in seed]
    assert {each.name for each in own if each.document.get("x-extension") is not True} == set()
    marked = [each for each in CONTRACT.operations if each.document.get("x-extension")]
    assert {each.name for each in marked if (each.method, nameless(each.template)) in seed} == set()


def test_every_assumption_says_why() -> None:
    reasons = {place: value for place, name, value in members(CONTRACT.document) if name == "x-assumed"}
    assert len(reasons) > 40
    assert {place for place, reason in reasons.items() if not isinstance(reason, str) or len(reason) < 15} == set()
    assert {value for _, name, value in members(CONTRACT.document) if name == "x-extension"} == {True}


def test_every_schema_is_one() -> None:
    Draft202012Validator.check_schema({"$defs": CONTRACT.document["components"]["schemas"]})
    for place, name, value in members(CONTRACT.document):
        if name == "schema":
            Draft202012Validator.check_schema(value)
            assert isinstance(value, dict), place


def test_every_operation_says_what_a_refusal_looks_like() -> None:
    for each in CONTRACT.operations:
        refusals = {status for status in each.statuses if status >= "4"}
        assert refusals >= {"422"}, each.name
        if each.document.get("security") != []:
            assert refusals >= {"400", "401", "403", "409"}, each.name
            assert "404" in refusals or each.document.get("x-extension"), each.name


def test_every_route_of_the_service_is_in_the_contract() -> None:
    tables = [*(module.routes for module in MODULES), routes]
    served = {(route.method, nameless(route.path.removeprefix(BASE))) for table in tables for route in table.routes}
    known = {(each.method, nameless(each.template)) for each in CONTRACT.operations}
    assert served - known == set()


SHAPES: dict[str, dict[str, Any]] = {
    "Fulfillment": {
        "id": "ful_001", "order_id": "ord_123", "warehouse_id": "wh_london", "status": "allocated",
        "lines": [{"order_line_id": "line_1", "sku": "SKU-1", "qty": 2,
                   "allocated": [{"location": "loc_1", "lot_id": "lot_11", "qty": 2}]}],
        "allocation_id": "alloc_01", "picklist_id": "pick_12",
        "packages": [{"package_id": "pkg_1", "weight": 1200, "dimensions": {"l": 30, "w": 20, "h": 10}}],
        "shipments": ["sh_001"], "created_at": "2025-08-29T12:00:00Z", "updated_at": "2025-08-29T12:15:00Z",
        "metadata": {},
    },
    "Shipment": {
        "id": "sh_001", "fulfillment_id": "ful_001", "status": "label_generated", "carrier": "DHL",
        "carrier_service": "express", "carrier_tracking_number": "JD000111222",
        "label_url": "https://s3.example/label_sh_001.pdf", "packages": [{"package_id": "pkg_1", "weight": 1200}],
        "created_at": "2025-08-29T12:20:00Z", "updated_at": "2025-08-29T12:21:00Z", "metadata": {},
    },
    "Picklist": {
        "id": "pick_12", "warehouse_id": "wh_london", "fulfillment_ids": ["ful_001", "ful_002"],
        "status": "assigned", "tasks": [], "created_at": "2025-08-29T11:50:00Z",
    },
    "Return": {
        "id": "rtn_001", "order_id": "ord_123", "status": "awaiting_return",
        "expected_lines": [{"order_line_id": "line_3", "qty": 1}], "received_lines": [],
        "destination_warehouse_id": "wh_returns_london", "created_at": "2025-08-30T09:00:00Z",
    },
}  # fmt: skip
"""Seed 001 section 18."""


@pytest.mark.parametrize("name", SHAPES)
def test_the_canonical_shapes_of_the_seed_fit_whole_and_not_without_a_member(name: str) -> None:
    schema = CONTRACT.document["components"]["schemas"][name]
    assert CONTRACT.schemas.faults(name, schema, SHAPES[name]) == []
    for member in SHAPES[name]:
        lacking = {key: value for key, value in SHAPES[name].items() if key != member}
        assert CONTRACT.schemas.faults(name, schema, lacking), member


def test_the_create_bodies_of_the_seed_are_requests_of_the_contract() -> None:
    fulfillment = {
        "order_id": "ord_123", "source": "order_service", "requested_ship_date": "2025-09-01T09:00:00Z",
        "warehouse_id": "wh_london", "metadata": {},
        "lines": [{"order_line_id": "line_1", "sku": "SKU-1", "quantity": 2, "attributes": {}},
                  {"order_line_id": "line_2", "sku": "SKU-2", "quantity": 1}],
    }  # fmt: skip
    shipment = {
        "fulfillment_id": "ful_1", "from_warehouse_id": "wh_1", "carrier_hint": "DHL|UPS", "service_code": "express",
        "packages": [{"package_id": "pkg_1", "weight": 1200, "dimensions": {"l": 30, "w": 20, "h": 10}}],
        "insurance": {"value": 20000, "currency": "GBP"}, "reference": "order_shipment_123", "metadata": {},
    }  # fmt: skip
    coming_back = {
        "order_id": "ord_123", "rma_reference": "rma_001", "reason": "damaged", "return_method": "ship",
        "expected_lines": [{"order_line_id": "l1", "qty": 1}], "destination_warehouse_id": "wh_returns_london",
        "metadata": {},
    }  # fmt: skip
    wave = {"warehouse_id": "wh_1", "fulfillment_ids": ["ful_1"], "priority": "high", "picker_group": "zoneA"}
    bodies = {"/fulfillments": fulfillment, "/shipments": shipment, "/returns": coming_back, "/picklists": wave}
    for path, body in bodies.items():
        operation = operation_of("POST", path)
        schema = (operation.request_body or {})["content"]["application/json"]["schema"]
        assert CONTRACT.schemas.faults(path, schema, body) == []


def operation_of(method: str, path: str) -> Operation:
    found = CONTRACT.operation(method, path)
    assert found is not None
    return found


async def test_a_request_that_breaks_the_contract_is_refused_in_the_shape_of_the_api(stocked: Hq) -> None:
    refused = await stocked.post("/picklists", {"warehouse_id": "wh_1", "fulfillment_ids": []})
    assert (refused.status, refused.code) == (422, "invalid")
    assert refused.message == (
        "POST /picklists, body.fulfillment_ids: must have 1 elements or more (got an array of 0)."
    )
    assert refused.body["error"]["details"] == [{"message": refused.message}]


async def test_without_a_key_nothing_is_told_about_the_request(stocked: Hq) -> None:
    refused = await stocked.post("/picklists", {"colour": "red"}, role="")
    assert (refused.status, refused.code) == (401, "no_key")


async def test_a_broken_answer_reaches_nobody_where_the_service_is_strict(stocked: Hq) -> None:
    ident = await stocked.order("ord_1", SKU_1=1)
    stocked.store.db.execute("UPDATE fulfillment SET created_at = 'yesterday' WHERE fulfillment_id = ?", (ident,))
    broken = await stocked.get(f"/fulfillments/{ident}")
    assert (broken.status, broken.code) == (500, "contract_broken")
    assert 'body.created_at: must be a date-time (got "yesterday").' in broken.message


async def test_a_time_outside_the_years_is_refused_like_any_wrong_member(stocked: Hq) -> None:
    beyond = "0001-01-01T00:00:00+14:00"
    refused = await stocked.post("/fulfillments", order("ord_1", SKU_1=1) | {"requested_ship_date": beyond})
    assert (refused.status, "lies outside the years 1 to 9999 in UTC" in refused.message) == (422, True)
    picklist = await stocked.started(await stocked.order("ord_2", SKU_1=1))
    (result,) = await stocked.scan(picklist["id"], taken(picklist["tasks"][0], timestamp=beyond))
    assert (result["outcome"], result["code"]) == ("refused", "invalid")


async def test_half_a_character_in_a_cursor_is_refused(stocked: Hq) -> None:
    cursor = base64.urlsafe_b64encode(b'["\\ud800", "a"]').decode().rstrip("=")
    refused = await stocked.get(f"/edge/locations?cursor={cursor}")
    assert (refused.status, refused.code) == (422, "bad_cursor")
