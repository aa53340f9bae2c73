"""The facade of seed 000: its own words and oddities, and one effect on the one truth however often it is told."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from hq.facades.esw import TOKEN_LIFE_S
from tests.hq.site import SECRETS, Hq, Reply, running_hq
from tests.support.conformity import examples_of_profile, run_schemathesis
from web.contract import Contract

NOW = "2025-09-01T08:00:00.000Z"
SSCC = "306141410000000013"
HEAD = {"tenantCode": "GOCAS", "fulfillmentCentreId": "wh_1", "provider": "mirolog"}
EVENT = str(UUID(int=7))
FAILED_WHOLE = {
    "lineItemId": 1, "sku": "SKU-1", "quantityRequested": 2, "quantityConfirmed": 2, "status": "Failed"
}  # fmt: skip


@pytest.fixture
async def esw(tmp_path: Path) -> AsyncIterator[Hq]:
    """HQ with this facade and three products, 10 of each on hand."""
    async with running_hq(tmp_path / "hq.db", dialect="esw") as running:
        await running.with_products()
        yield running


async def tell(hq: Hq, path: str, body: Any, **how: Any) -> Reply:
    """A call to the facade; the key of a station in `Authorization` unless other headers are given."""
    headers = how.pop("headers", {"Authorization": SECRETS["station"]})
    sent = {"json": body} if not isinstance(body, bytes) else {"data": body}
    async with hq.session.post(f"{hq.url}/esw{path}", headers=headers, **sent, **how) as response:
        text = await response.text()
        body = await response.json(content_type=None) if text else None
        return Reply(response.status, body, text, response.headers)


async def token(hq: Hq, **instead: str) -> Reply:
    form = {"grant_type": "client_credentials", "scope": "s", "client_id": "st", "client_secret": SECRETS["station"]}
    async with hq.session.post(f"{hq.url}/esw/connect/token", data={**form, **instead}) as response:
        return Reply(response.status, await response.json(content_type=None), "", response.headers)


async def truth(hq: Hq) -> Any:
    return (await hq.get("/hq/truth")).body


def confirmation(order: str, *picked: tuple[str, int, int], **more: Any) -> dict[str, Any]:
    """(sku, ordered, picked) of each line."""
    items = [
        {
            "lineItemId": place,
            "sku": sku,
            "quantityRequested": wanted,
            "quantityConfirmed": got,
            "status": "Success" if got == wanted else "Failed",
            **({} if got == wanted else {"reason": "empty"}),
        }
        for place, (sku, wanted, got) in enumerate(picked, 1)
    ]
    refs = {"eswOrderReference": order, "threePlRequest": f"3PL-{order}"}
    return {**HEAD, **refs, "confirmedAt": NOW, "items": items, **more}


def notice(order: str, reference: str = SSCC, **of: Any) -> dict[str, Any]:
    parcel = {
        "packageReference": reference,
        "carrierScac": "UPSN",
        "trackingNumber": "1Z999",
        "weight": {"weight": 1.0004, "weightUnit": "KG"},
        "dimensions": {"dimLength": 30, "dimWidth": 20, "dimHeight": 10.5, "dimMeasurementUnit": "CM"},
        "items": [{"lineItemId": 1, "sku": "SKU-1", "quantity": 2}],
        **of,
    }
    return {**HEAD, "eswOrderReference": order, "shippedAt": NOW, "packages": [parcel]}


def stock(sku: str, quantity: int, **more: Any) -> dict[str, Any]:
    return {**HEAD, "items": [{"sku": sku, "quantity": quantity, **more}]}


async def test_an_order_is_confirmed_shipped_and_told_of_and_the_office_sees_it(esw: Hq) -> None:
    await esw.order("O-1", SKU_1=2, SKU_2=4)
    confirmed = await tell(esw, "/v1/PickPack/Confirm", confirmation("O-1", ("SKU-1", 2, 2), ("SKU-2", 4, 0)))
    shipped = await tell(esw, "/v1/PickPack/AdvancedShippingNotice", notice("O-1"))
    event = {"tenantCode": "GOCAS", "eswOrderReference": "O-1", "eventId": EVENT, "eventType": "Shipped"}
    noted = await tell(esw, "/v1/Events/OrderEvent", {**event, "occurredAt": NOW, "payload": {"parcels": 1}})
    assert [each.status for each in (confirmed, shipped, noted)] == [200, 200, 200]
    assert confirmed.body == {
        "outcome": "PickPackConfirmed", "eswOrderReference": "O-1", "threePlRequest": "3PL-O-1"
    }  # fmt: skip
    assert shipped.body["packages"] == [{"packageReference": SSCC}]
    assert noted.body["eventId"] == EVENT
    assert confirmed.headers["X-Emulated-Assumption"] == "hq_contracts 1.6"
    (told,) = (await truth(esw))["fulfillments"]
    assert (told["status"], told["shipments"]) == ("shipped", 1)
    assert told["packages"] == {"count": 1, "weight": 1000, "sscc": [SSCC]}
    assert [line["picked"] for line in told["lines"]] == [2, 0]
    (shipment,) = (await esw.get("/shipments")).body["items"]
    assert (shipment["carrier"], shipment["carrier_tracking_number"]) == ("UPSN", "1Z999")
    assert shipment["packages"][0]["dimensions"] == {"l": 30, "w": 20, "h": 10.5}
    await esw.stock()


async def test_the_same_told_twice_counts_once_and_is_answered_as_a_duplicate(esw: Hq) -> None:
    await esw.order("O-1", SKU_1=2)
    again = {"confirmedAt": "2025-09-02T08:00:00Z"}
    bodies = (confirmation("O-1", ("SKU-1", 2, 2)), confirmation("O-1", ("SKU-1", 2, 2), **again))
    first, second = [await tell(esw, "/v1/PickPack/Confirm", body) for body in bodies]
    assert (first.status, second.status) == (200, 409)
    assert second.body["eswOrderReference"], second.body["threePlRequest"] == ("O-1", "3PL-O-1")
    before = await tell(esw, "/v1/PickPack/AdvancedShippingNotice", notice("O-1"))
    after = await tell(esw, "/v1/PickPack/AdvancedShippingNotice", notice("O-1"))
    assert (before.status, before.body) == (after.status, after.body)
    held = await truth(esw)
    assert {kind: len(bodies) for kind, bodies in held["records"]["esw"].items()} == {"asn": 1, "confirm": 1}
    assert (held["stock"]["picked"], held["stock"]["shipped"]) == (0, 2)
    asked = esw.store.db.execute("SELECT kind, version FROM facade_record ORDER BY kind").fetchall()
    assert [tuple(row) for row in asked] == [("asn", 2), ("confirm", 2)]


async def test_truth_holds_the_records_without_times_and_made_up_ids(esw: Hq) -> None:
    await esw.order("O-1", SKU_1=2)
    await tell(esw, "/v1/PickPack/Confirm", confirmation("O-1", ("SKU-1", 2, 2)))
    await tell(esw, "/v1/PickPack/AdvancedShippingNotice", notice("O-1"))
    event = {"tenantCode": "GOCAS", "eswOrderReference": "O-1", "eventId": EVENT, "eventType": "Shipped"}
    await tell(esw, "/v1/Events/OrderEvent", {**event, "occurredAt": NOW, "payload": {}})
    told = str((await truth(esw))["records"])
    assert "O-1" in told
    assert [each for each in (NOW[:10], EVENT) if each in told] == []


@pytest.mark.parametrize(
    ("path", "body", "detail"),
    [
        ("Confirm", confirmation("O-1", ("SKU-1", 2, 1)), "told before with other contents"),
        ("AdvancedShippingNotice", notice("O-1", weight={"weight": 9, "weightUnit": "KG"}), "other contents"),
        ("AdvancedShippingNotice", notice("O-1", "PK-2", trackingNumber="1Z998"), "0 picked|2 picked, with this 4"),
        ("AdvancedShippingNotice", notice("O-2", "PK-2"), "has the tracking number 1Z999"),
        ("AdvancedShippingNotice", notice("O-2", SSCC, trackingNumber="T2"), "belongs to fulfillment"),
        ("Confirm", confirmation("O-9", ("SKU-3", 99, 99)), "SKU-3"),
    ],
    ids=["other confirmation", "other weight", "more than picked", "number of another", "box of another", "no stock"],
)
async def test_what_an_order_cannot_take_is_refused_under_http_200(
    esw: Hq, path: str, body: Any, detail: str
) -> None:
    await esw.order("O-1", SKU_1=2)
    await esw.order("O-2", SKU_1=2)
    await esw.post("/fulfillments", {**_order_of_99(), "order_id": "O-9"})
    for order in ("O-1", "O-2"):
        await tell(esw, "/v1/PickPack/Confirm", confirmation(order, ("SKU-1", 2, 2)))
    await tell(esw, "/v1/PickPack/AdvancedShippingNotice", notice("O-1"))
    before = await truth(esw)
    refused = await tell(esw, f"/v1/PickPack/{path}", body)
    assert (refused.status, refused.body["outcome"]) == (200, "Rejected")
    assert re.search(detail, refused.body["detail"]), refused.body["detail"]
    assert refused.body["eswOrderReference"] == body["eswOrderReference"]
    assert await truth(esw) == before


def _order_of_99() -> dict[str, Any]:
    line = {"order_line_id": "O-9-1", "sku": "SKU-3", "quantity": 99}
    return {"source": "test", "warehouse_id": "wh_1", "lines": [line]}


@pytest.mark.parametrize(
    ("path", "body", "errors"),
    [
        ("Inventory/Sync", {"tenantCode": "G", "items": [{"sku": "SKU-1"}]},
         {"FulfillmentCentreId": "required", "Provider": "required", "Items[0].Quantity": "required"}),
        ("Inventory/Sync", stock("SKU-1", -1), {"Items[0].Quantity": "0 or more"}),
        ("Inventory/Sync", stock("SKU-1", 1, articleStatus="active"), {"Items[0].ArticleStatus": "one of"}),
        ("Inventory/Sync", stock("SKU-9", 1), {"Items[0].Sku": "no product SKU-9"}),
        ("Inventory/Sync", {**stock("SKU-1", 1), "fulfillmentCentreId": "ES-9"}, {"FulfillmentCentreId": "ES-9"}),
        ("Inventory/Sync", b"{", {"$": "not JSON"}),
        ("PickPack/Confirm", confirmation("O-1", ("SKU-2", 2, 2)), {"Items[0].Sku": "is SKU-1"}),
        ("PickPack/Confirm", confirmation("O-1", ("SKU-1", 3, 3)), {"Items[0].QuantityRequested": "2 were ordered"}),
        ("PickPack/Confirm", confirmation("O-1", ("SKU-1", 2, 2), items=[FAILED_WHOLE]),
         {"Items[0].Status": "2 of 2 is not Failed"}),
        ("PickPack/Confirm", confirmation("O-1", ("SKU-1", 2, 2), colour=1), {"$": 'must not have "colour"'}),
        ("PickPack/Confirm", confirmation("O-1", *[("SKU-1", 2, 2)] * 2), {"Items[1].LineItemId": "1 lines"}),
        ("PickPack/Confirm", confirmation("O-1", ("SKU-1", 2, 2), fulfillmentCentreId="x"),
         {"FulfillmentCentreId": "at wh_1, not at x"}),
        ("PickPack/AdvancedShippingNotice", notice("O-1", weight={"weight": 0.0001, "weightUnit": "LB"}),
         {"Packages[0].Weight.Weight": "a gram or more"}),
        ("PickPack/AdvancedShippingNotice", notice("O-1", weight={"weight": 1, "weightUnit": "G"}),
         {"Packages[0].Weight.WeightUnit": "one of"}),
        ("GOCAS/Inventory/Availability", {"destinationCountry": "de", "items": [{"sku": "SKU-1"}]},
         {"DestinationCountry": "look like"}),
        ("PickPack/Retry", {}, {"$": ""}),
    ],
)  # fmt: skip
async def test_a_wrong_body_is_a_400_whose_members_are_in_pascal_case(
    esw: Hq, path: str, body: Any, errors: dict[str, str]
) -> None:
    await esw.order("O-1", SKU_1=2)
    headers = {"Authorization": SECRETS["station"], "Content-Type": "application/json"}
    refused = await tell(esw, f"/v1/{path}", body, headers=headers)
    assert (refused.status, refused.headers["Content-Type"].split(";")[0]) == (400, "application/problem+json")
    assert refused.body["type"] == "https://httpstatuses.com/400"
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00", refused.body["traceId"])
    for member, part in errors.items():
        assert part in refused.body["errors"][member][0], refused.body["errors"]
    assert "records" in (told := await truth(esw))
    assert told["records"] == {}


async def test_an_order_or_call_that_is_not_there_is_a_problem_document(esw: Hq) -> None:
    await esw.order("O-1", SKU_1=2)
    unknown = await tell(esw, "/v1/PickPack/Confirm", confirmation("O-7", ("SKU-1", 2, 2)))
    other = confirmation("O-1", ("SKU-1", 2, 2), threePlRequest="3PL-O-2")
    of_other = await tell(esw, "/v1/PickPack/Confirm", other)
    nowhere = await tell(esw, "/v1/PickPack/Cancel", {})
    async with esw.session.get(f"{esw.url}/esw/v1/Inventory/Sync") as read:
        by_get = read.status
    assert [unknown.status, of_other.status, nowhere.status, by_get] == [404, 404, 404, 405]
    assert unknown.body["title"] == "Not Found"
    assert "O-7" in unknown.body["detail"]


@pytest.mark.parametrize("authorization", ["", "wrong-key", f"Bearer {SECRETS['station']}", SECRETS["operator"]])
async def test_who_has_no_token_and_no_key_gets_an_answer_without_a_body(esw: Hq, authorization: str) -> None:
    refused = await tell(esw, "/v1/Inventory/Sync", stock("SKU-1", 1), headers={"Authorization": authorization})
    assert refused.status == (403 if authorization == SECRETS["operator"] else 401)
    assert refused.text == ""


async def test_a_token_is_given_for_a_secret_and_ends(esw: Hq) -> None:
    granted = await token(esw)
    assert (granted.body["token_type"], granted.body["expires_in"]) == ("Bearer", TOKEN_LIFE_S)
    bearer = {"Authorization": f"Bearer {granted.body['access_token']}"}
    assert (await tell(esw, "/v1/Inventory/Sync", stock("SKU-1", 1), headers=bearer)).status == 200
    esw.clock.forward(timedelta(seconds=TOKEN_LIFE_S))
    assert (await tell(esw, "/v1/Inventory/Sync", stock("SKU-1", 1), headers=bearer)).status == 401
    refused = await token(esw, client_secret="a-wrong-secret")
    assert (refused.status, refused.body["error"]) == (400, "invalid_client")
    strange = await token(esw, grant_type="password")
    assert (strange.status, strange.body["error"]) == (400, "invalid_request")
    assert SECRETS["station"] not in str(strange.body)


async def test_the_last_quantity_of_a_product_is_what_is_available_at_its_centre(esw: Hq) -> None:
    await esw.order("O-1", SKU_1=3)
    await esw.wave((await esw.get("/fulfillments")).body["items"][0]["id"])  # 3 of the 10 are promised
    for quantity in (25, 4, 4):
        assert (await tell(esw, "/v1/Inventory/Sync", stock("SKU-1", quantity, articleStatus="Active"))).status == 200
    rows = (await esw.get("/edge/stock?sku=SKU-1")).body["items"]
    assert [(row["on_hand"], row["available"]) for row in rows] == [(7, 4)]
    held = await truth(esw)
    assert [(each["sku"], each["quantity"]) for each in held["records"]["esw"]["inventory"]] == [("SKU-1", 4)]
    moves = (await esw.get("/edge/stock/movements?sku=SKU-1")).body["items"]
    assert [move["quantity"] for move in moves if move["kind"] == "adjustment"] == [18, 21]
    await esw.stock()


async def test_less_is_taken_from_wherever_a_product_lies(esw: Hq) -> None:
    row = {"location_id": "A-02-1", "sku": "SKU-1", "quantity": 6, "reference": "more"}
    await esw.import_lines("stock", [row])
    await tell(esw, "/v1/Inventory/Sync", stock("SKU-1", 4))
    rows = (await esw.get("/edge/stock?sku=SKU-1")).body["items"]
    assert [(row["location_id"], row["on_hand"]) for row in rows] == [("A-01-1", 0), ("A-02-1", 4)]
    await esw.stock()


async def test_goods_that_may_not_be_sold_are_told_of_and_leave_the_ledger_alone(esw: Hq) -> None:
    await tell(esw, "/v1/Inventory/Sync", stock("SKU-1", 2, articleStatus="Quarantine"))
    (kept,) = (await truth(esw))["records"]["esw"]["inventory"]
    assert (kept["articleStatus"], kept["quantity"]) == ("Quarantine", 2)
    assert (await esw.get("/edge/stock?sku=SKU-1")).body["items"][0]["on_hand"] == 10


async def test_a_call_with_one_wrong_product_changes_none(esw: Hq) -> None:
    both = {**HEAD, "items": [{"sku": "SKU-1", "quantity": 1}, {"sku": "SKU-9", "quantity": 1}]}
    assert (await tell(esw, "/v1/Inventory/Sync", both)).status == 400
    assert (await truth(esw))["stock"]["on_hand"] == 30


async def test_what_carts_hold_cannot_be_bought_until_it_is_released(esw: Hq) -> None:
    async def for_sale() -> int:
        body = {"destinationCountry": "DE", "items": [{"sku": "SKU-1"}]}
        told = await tell(esw, "/v1/GOCAS/Inventory/Availability", body)
        return int(told.body["items"][0]["availableToPurchase"])

    cart = {"cartReference": "C-1", "items": [{"sku": "SKU-1", "quantity": 8}]}
    for _ in range(2):
        assert (await tell(esw, "/v1/GOCAS/Inventory/SoftReservation", cart)).body["outcome"] == "Reserved"
    assert await for_sale() == 2
    more = await tell(esw, "/v1/GOCAS/Inventory/SoftReservation", {**cart, "cartReference": "C-2"})
    assert (more.status, more.body["outcome"], more.body["cartReference"]) == (200, "Rejected", "C-2")
    await tell(esw, "/v1/GOCAS/Inventory/SoftRelease", {"cartReference": "C-1"})
    assert await for_sale() == 10


@pytest.mark.parametrize("by", [{"eswOrderReference": "O-1"}, {"threePlRequest": "3PL-O-1"}])
async def test_a_retry_names_the_order_or_its_request(esw: Hq, by: dict[str, str]) -> None:
    await esw.order("O-1", SKU_1=2)
    asked = await tell(esw, "/v1/PickPack/Retry", by)
    assert (asked.body["outcome"], asked.body["eswOrderReference"]) == ("RetryAccepted", "O-1")
    assert (await tell(esw, "/v1/PickPack/Retry", {"threePlRequest": "3PL-O-2"})).status == 404
    both = {"eswOrderReference": "O-1", "threePlRequest": "3PL-O-2"}
    assert (await tell(esw, "/v1/PickPack/Retry", both)).status == 404


async def test_pounds_and_inches_become_grams_and_centimetres(esw: Hq) -> None:
    await esw.order("O-1", SKU_1=2)
    await tell(esw, "/v1/PickPack/Confirm", confirmation("O-1", ("SKU-1", 2, 2)))
    size = {"dimLength": 12, "dimWidth": 8, "dimHeight": 4, "dimMeasurementUnit": "INCH"}
    parcel = notice("O-1", "PK-1", weight={"weight": 2.2055, "weightUnit": "LB"}, dimensions=size)
    assert (await tell(esw, "/v1/PickPack/AdvancedShippingNotice", parcel)).status == 200
    (shipment,) = (await esw.get("/shipments")).body["items"]
    (package,) = shipment["packages"]
    assert (package["weight"], package["dimensions"]) == (1000, {"l": 30.5, "w": 20.3, "h": 10.2})
    assert package["sscc"] is None


async def test_no_call_made_up_from_the_contract_meets_a_fault_or_an_undocumented_answer(esw: Hq) -> None:
    for order in ("O-1", "O-2"):
        await esw.order(order, SKU_1=2, SKU_2=1)
    known = {
        "eswOrderReference": ["O-1", "O-2"], "threePlRequest": ["3PL-O-1"], "fulfillmentCentreId": ["wh_1"],
        "sku": ["SKU-1", "SKU-2"], "tenantCode": ["GOCAS"], "packageReference": [SSCC],
        "client_secret": [SECRETS["station"]],
    }  # fmt: skip
    calls = await asyncio.to_thread(
        run_schemathesis,
        Contract.load("esw"),
        f"{esw.url}/esw",
        {"Authorization": SECRETS["station"]},
        examples_of_profile(3),
        known,
    )
    assert calls > len(Contract.load("esw").operations)
    await esw.stock()
