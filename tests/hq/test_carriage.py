"""A shipment after its label: booked, called off, fetched, followed; manifests and notices."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from tests.hq.site import Hq, Reply

SECRET = "a-secret-of-the-carrier"


async def shipped(hq: Hq, order_id: str = "ord_1", *, labelled: bool = True, **more: Any) -> str:
    ident = await hq.picked(order_id, SKU_1=1)
    line = (await hq.get(f"/fulfillments/{ident}")).body["lines"][0]["order_line_id"]
    await hq.pack(
        ident, {"package_id": f"p-{order_id}", "weight": 500, "items": [{"line_id": line, "qty": 1}]}, seal=True
    )
    body = {"fulfillment_id": ident, "packages": [{"package_id": f"p-{order_id}"}], **more}
    made = await hq.post("/shipments", body)
    shipment = str(made.body["shipment_id"])
    if labelled:
        await hq.post(f"/shipments/{shipment}/generate-label", {"label_format": "zpl"})
    return shipment


async def manifest(hq: Hq, *shipments: str, **more: Any) -> Reply:
    body = {"warehouse_id": "wh_1", "shipments": list(shipments), "carrier_id": "DHL", "dispatch_date": "2025-09-01"}
    return await hq.post("/manifests", {**body, **more}, role="station")


async def says(hq: Hq, *, secret: str = SECRET, **event: Any) -> Reply:
    """A carrier's call."""
    raw = json.dumps({"event_id": "e1", "at": "2025-09-01T09:00:00Z", **event}).encode()
    stamp = "2025-09-01T09:00:00Z"
    signature = hmac.new(secret.encode(), stamp.encode() + b"." + raw, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-Webhook-Timestamp": stamp,
        "X-Webhook-Signature": f"sha256={signature}",
    }
    return await hq.call("POST", "/webhook/carrier", role="", headers=headers, data=raw)


async def open_to_carriers(hq: Hq) -> None:
    headers = {"Idempotency-Key": "settings"}
    told = await hq.call("PATCH", "/settings", headers=headers, json={"carrier_webhook_secret": SECRET})
    assert (told.status, told.body["carriers_may_call"]) == (200, True)
    assert SECRET not in told.text


async def tracking(hq: Hq, shipment: str) -> str:
    return str((await hq.get(f"/shipments/{shipment}")).body["carrier_tracking_number"])


async def test_booking_puts_a_shipment_on_its_carriers_open_manifest(stocked: Hq) -> None:
    first, second = await shipped(stocked, carrier_hint="DHL"), await shipped(stocked, "ord_2", carrier_hint="DHL")
    one = await stocked.post(f"/shipments/{first}/book", role="station")
    two = await stocked.post(f"/shipments/{second}/book")
    assert (one.body["status"], one.body["manifest_id"]) == ("booked", two.body["manifest_id"])
    again = await stocked.post(f"/shipments/{first}/book")
    assert again.body["manifest_id"] == one.body["manifest_id"]
    told = (await stocked.get(f"/manifests/{one.body['manifest_id']}")).body
    assert (told["carrier_id"], told["shipments"], told["status"]) == ("DHL", [first, second], "draft")


async def test_without_a_label_nothing_is_booked(stocked: Hq) -> None:
    shipment = await shipped(stocked, labelled=False)
    refused = await stocked.post(f"/shipments/{shipment}/book")
    assert (refused.status, refused.code) == (409, "illegal_transition")
    assert (await stocked.get("/manifests")).body["items"] == []


async def test_a_shipment_called_off_is_in_the_house_again_and_may_ship_anew(stocked: Hq) -> None:
    shipment = await shipped(stocked)
    order = (await stocked.get(f"/shipments/{shipment}")).body["fulfillment_id"]
    assert await stocked.status(order) == "shipped"
    gone = await stocked.post(f"/shipments/{shipment}/cancel", {"reason": "wrong carrier"}, role="station")
    assert (gone.body["status"], gone.body["packages"]) == ("cancelled", [])
    totals = await stocked.stock()
    assert (totals["picked"], totals["shipped"]) == (1, 0)
    assert await stocked.status(order) == "ready_to_ship"
    body = {"fulfillment_id": order, "packages": [{"package_id": "p-ord_1"}]}
    assert (await stocked.post("/shipments", body)).status == 201
    assert (await stocked.stock())["shipped"] == 1
    assert (await stocked.get("/hq/truth")).body["fulfillments"][0]["shipments"] == 1


async def test_an_order_whose_only_shipment_was_called_off_can_be_cancelled(stocked: Hq) -> None:
    shipment = await shipped(stocked)
    order = (await stocked.get(f"/shipments/{shipment}")).body["fulfillment_id"]
    assert (await stocked.post(f"/fulfillments/{order}/cancel")).status == 409
    await stocked.post(f"/shipments/{shipment}/cancel")
    assert (await stocked.post(f"/fulfillments/{order}/cancel")).body["status"] == "cancelled"


async def test_nothing_is_called_off_twice_or_once_the_carrier_was_told(stocked: Hq) -> None:
    shipment, other = await shipped(stocked), await shipped(stocked, "ord_2")
    await stocked.post(f"/shipments/{other}/cancel")
    assert (await stocked.post(f"/shipments/{other}/cancel")).code == "illegal_transition"
    made = await manifest(stocked, shipment)
    await stocked.post(f"/manifests/{made.body['id']}/submit")
    assert (await stocked.post(f"/shipments/{shipment}/cancel")).code == "on_manifest"
    assert (await stocked.stock())["shipped"] == 1


async def test_a_pickup_can_be_asked_for_and_moved(stocked: Hq) -> None:
    shipment = await shipped(stocked)
    for hour in ("10", "11"):
        body = {"pickup_from": f"2025-09-01T{hour}:00:00Z", "pickup_until": f"2025-09-01T{hour}:30:00Z"}
        told = await stocked.post(f"/shipments/{shipment}/schedule-pickup", body, role="station")
        assert told.body["pickup"]["pickup_from"] == f"2025-09-01T{hour}:00:00.000Z"
    wrong = {"pickup_from": "2025-09-01T10:00:00Z", "pickup_until": "2025-09-01T10:00:00Z"}
    assert (await stocked.post(f"/shipments/{shipment}/schedule-pickup", wrong)).status == 422
    early = await shipped(stocked, "ord_2", labelled=False)
    assert (await stocked.post(f"/shipments/{early}/schedule-pickup", body)).code == "no_pickup"


async def test_a_manifest_is_made_submitted_and_accepted_and_its_file_lists_every_package(stocked: Hq) -> None:
    await open_to_carriers(stocked)
    shipment = await shipped(stocked)
    made = await manifest(stocked, shipment)
    assert (made.status, made.body["status"], made.headers["ETag"]) == (201, "draft", '"2"')
    async with aiohttp.ClientSession() as session, session.get(made.body["manifest_file_url"]) as file:
        lines = [json.loads(line) for line in (await file.text()).splitlines()]
    assert [(line["shipment_id"], line["package_id"], line["weight"]) for line in lines] == [
        (shipment, "p-ord_1", 500)
    ]
    sent = await stocked.post(f"/manifests/{made.body['id']}/submit", headers={"If-Match": '"2"'})
    assert sent.body["status"] == "submitted"
    assert (await stocked.post(f"/manifests/{made.body['id']}/submit")).code == "illegal_transition"
    assert (await says(stocked, manifest_id=made.body["id"], status="accepted")).status == 200
    assert (await stocked.get(f"/manifests/{made.body['id']}")).body["status"] == "accepted"


async def test_its_file_needs_the_signed_address_which_ends(stocked: Hq) -> None:
    made = await manifest(stocked, await shipped(stocked))
    url = made.body["manifest_file_url"]
    assert (await stocked.get(f"/manifest-files/{made.body['id']}.ndjson")).status == 422
    stocked.clock.forward(timedelta(minutes=10))
    async with aiohttp.ClientSession() as session, session.get(url) as file:
        assert (file.status, (await file.json())["error"]["code"]) == (403, "address_expired")
    fresh = (await stocked.get(f"/manifests/{made.body['id']}")).body["manifest_file_url"]
    async with aiohttp.ClientSession() as session, session.get(fresh) as file:
        assert file.status == 200


async def test_a_signature_is_good_for_its_own_address_alone(stocked: Hq) -> None:
    one = await manifest(stocked, await shipped(stocked))
    two = await manifest(stocked, await shipped(stocked, "ord_2"))
    stolen = one.body["manifest_file_url"].replace(one.body["id"], two.body["id"])
    async with aiohttp.ClientSession() as session, session.get(stolen) as file:
        assert (await file.json())["error"]["code"] == "bad_signature"


async def test_a_shipment_is_on_one_manifest_unless_the_carrier_rejects_it(stocked: Hq) -> None:
    await open_to_carriers(stocked)
    shipment = await shipped(stocked)
    made = await manifest(stocked, shipment)
    assert (await manifest(stocked, shipment)).code == "on_manifest"
    await stocked.post(f"/manifests/{made.body['id']}/submit")
    await says(stocked, manifest_id=made.body["id"], status="rejected")
    assert (await manifest(stocked, shipment)).status == 201


async def test_a_manifest_is_made_whole_or_not_at_all(stocked: Hq) -> None:
    good, unlabelled = await shipped(stocked), await shipped(stocked, "ord_2", labelled=False)
    assert (await manifest(stocked, good, unlabelled)).code == "illegal_transition"
    assert (await manifest(stocked, good, good)).code == "shipment_doubled"
    assert (await manifest(stocked, good, warehouse_id="wh_2")).code == "wrong_warehouse"
    assert (await stocked.get(f"/shipments/{good}")).body["status"] == "label_generated"
    assert (await stocked.get("/manifests")).body["items"] == []


async def test_what_the_carrier_says_moves_the_shipment_and_closes_the_order(stocked: Hq) -> None:
    await open_to_carriers(stocked)
    shipment = await shipped(stocked)
    number = await tracking(stocked, shipment)
    assert (await says(stocked, carrier_tracking_number=number, status="in_transit")).body["status"] == "in_transit"
    assert (await stocked.post(f"/shipments/{shipment}/cancel")).code == "in_transit"
    await says(stocked, carrier_tracking_number=number, status="delivered", event_id="e2")
    assert (await stocked.get(f"/shipments/{shipment}")).body["status"] == "delivered"
    order = (await stocked.get(f"/shipments/{shipment}")).body["fulfillment_id"]
    assert await stocked.status(order) == "closed"
    told = await stocked.post(f"/shipments/{shipment}/track", role="station")
    assert [event["status"] for event in told.body["events"]] == ["in_transit", "delivered"]


async def test_what_carriers_say_twice_or_late_changes_nothing(stocked: Hq) -> None:
    await open_to_carriers(stocked)
    number = await tracking(stocked, shipment := await shipped(stocked))
    for event in ("a1", "a2"):
        assert (
            await says(stocked, carrier_tracking_number=number, status="in_transit", event_id=event)
        ).status == 200
    for event, status in (("e1", "delivered"), ("e1", "delivered"), ("e2", "in_transit")):
        told = await says(stocked, carrier_tracking_number=number, status=status, event_id=event)
        assert (told.status, told.body["status"]) == (200, "delivered")
    assert len((await stocked.post(f"/shipments/{shipment}/track")).body["events"]) == 4


async def test_nobody_speaks_for_a_carrier_without_its_secret(stocked: Hq) -> None:
    number = await tracking(stocked, await shipped(stocked))
    event = {"carrier_tracking_number": number, "status": "delivered"}
    assert (await says(stocked, **event)).code == "no_carrier_secret"
    await open_to_carriers(stocked)
    assert (await says(stocked, secret="another-secret-long", **event)).code == "bad_signature"
    unsigned = {**event, "event_id": "e1", "at": "2025-09-01T09:00:00Z"}
    assert (await stocked.call("POST", "/webhook/carrier", role="", json=unsigned)).code == "bad_signature"


@pytest.mark.parametrize(
    ("event", "status"),
    [
        ({"carrier_tracking_number": "none", "status": "delivered"}, 404),
        ({"status": "delivered"}, 422),
        ({"manifest_id": "none", "status": "accepted"}, 404),
        ({"carrier_tracking_number": "none", "status": "lost"}, 422),
    ],
)
async def test_an_event_that_means_nothing_is_refused(stocked: Hq, event: dict[str, str], status: int) -> None:
    await open_to_carriers(stocked)
    assert (await says(stocked, **event)).status == status


async def test_a_draft_cannot_be_accepted(stocked: Hq) -> None:
    await open_to_carriers(stocked)
    made = await manifest(stocked, await shipped(stocked))
    refused = await says(stocked, manifest_id=made.body["id"], status="accepted")
    assert (refused.status, refused.code) == (409, "illegal_transition")


async def test_a_notice_announces_shipments_to_another_house_once(stocked: Hq) -> None:
    shipment = await shipped(stocked)
    body = {"asn_reference": "n1", "shipments": [shipment], "expected_arrival": "2025-09-03T08:00:00Z"}
    made = await stocked.post("/asn", body, role="station")
    assert (made.status, made.body["shipments"]) == (201, [shipment])
    assert (await stocked.get(f"/asn/{made.body['asn_id']}")).body == made.body
    assert (await stocked.post("/asn", body)).code == "asn_exists"
    assert (await stocked.post("/asn", {**body, "asn_reference": "n2", "shipments": ["x"]})).status == 404
    assert (await stocked.get("/asn")).body["items"] == [made.body]


async def test_the_truth_tells_manifests_and_notices_under_the_ids_of_their_orders(stocked: Hq) -> None:
    one, two = await shipped(stocked), await shipped(stocked, "ord_2")
    await manifest(stocked, two, one)
    await stocked.post("/asn", {"asn_reference": "n1", "shipments": [one]})
    truth = (await stocked.get("/hq/truth")).body
    assert truth["manifests"] == [
        {"carrier_id": "DHL", "dispatch_date": "2025-09-01", "status": "draft", "orders": ["ord_1", "ord_2"]}
    ]
    assert [each["orders"] for each in truth["asn_notices"]] == [["ord_1"]]


async def test_a_rule_chooses_the_carrier_where_order_and_station_chose_none(stocked: Hq) -> None:
    for priority, conditions, carrier in (
        (10, {"sku": "SKU-2"}, "bread"), (20, {"max_weight": 499}, "light"), (30, {"max_weight": 500}, "DHL"),
        (40, {}, "any"),
    ):  # fmt: skip
        rule = {"priority": priority, "conditions": conditions, "choice": {"carrier": carrier, "service_code": "eco"}}
        assert (await stocked.post("/routing-rules", rule)).status == 201
    chosen = (await stocked.get(f"/shipments/{await shipped(stocked)}")).body
    assert (chosen["carrier"], chosen["carrier_service"]) == ("DHL", "eco")
    named = (await stocked.get(f"/shipments/{await shipped(stocked, 'ord_2', carrier_hint='UPS')}")).body
    assert named["carrier"] == "UPS"
    assert [rule["priority"] for rule in (await stocked.get("/routing-rules")).body["items"]] == [10, 20, 30, 40]
