"""The connector against our HQ speaking Pitney Bowes' API. One file, because all of it needs the same two sides.

Over HTTP, held strictly to its contract.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from local_store.domain import commands as c
from local_store.domain import events as e
from sync.dialect import Answer, AtStation
from sync.dialects import DIALECTS
from sync.dialects.pitney_bowes.capabilities import ACCEPTS
from sync.known import KnownHere
from tests.hq.site import SECRETS, Hq, package, taken
from tests.hq.test_pitney_bowes import CLIENT, Pb, asn, placed
from tests.sync.floor import act, pack_everything, pick_everything
from tests.sync.pitney_bowes.facts import SETTINGS
from tests.sync.station import LANE, Station, counted, new_id

ANNOUNCING = "/shippingservices/fulfillment/v1/receiving-asn"


async def office(hq: Hq) -> Pb:
    """The office at their own API, for what seed 001 has no place for."""
    caller = Pb(hq)
    caller.token = (await caller.sign_in(SECRETS["office"])).body["access_token"]
    return caller


async def ordered(hq: Hq, number: str, *, to_centre: bool = False, **quantities: int) -> None:
    lines = [
        {"order_line_id": f"{number}-{place}", "sku": sku.replace("_", "-"), "quantity": qty}
        for place, (sku, qty) in enumerate(quantities.items(), 1)
    ]
    address = {"name": "CVG", "address1": "1200 Worldwide Blvd.", "city": "Hebron", "country": "US"}
    to = address if to_centre else {**address, "address1": "1 High St"}
    body = {"order_id": number, "warehouse_id": "wh_1", "lines": lines, "ship_to": to, "carrier_hint": "UPS"}
    made = await hq.post("/fulfillments", body)
    assert made.status == 201, made.text


async def pulled(here: Station, orders: int) -> None:
    async with here.syncing(pull=True):
        await here.until(lambda: here.rows("SELECT count(*) FROM picklist") == [(orders,)])
        await here.until(lambda: cursors(here) >= {"orders", "products"} or not here.rows("SELECT 1 FROM picklist"))


async def pulled_again(here: Station) -> None:
    """One more pull, whole; products and stock are read again."""
    before = here.time.now_ms
    here.time.now_ms += 3_600_000
    async with here.syncing(pull=True):
        await here.until(
            lambda: here.rows("SELECT 1 FROM pull_cursor WHERE what = 'stock' AND cursor > ?", str(before)) != []
        )


def cursors(here: Station) -> set[str]:
    return {what for (what,) in here.rows("SELECT what FROM pull_cursor")}


async def worked(here: Station, orders: int) -> None:
    await pulled(here, orders)
    await pick_everything(here)
    await pack_everything(here)


async def announced(hq: Hq) -> list[dict[str, Any]]:
    records = (await hq.get("/hq/truth")).body["records"]
    return list(records.get("pitney_bowes", {}).get("asn", []))


async def faults(hq: Hq, prefix: str = ANNOUNCING, **wrong: Any) -> None:
    put = await hq.call("PUT", "/hq/faults", role="operator", json={"prefix": prefix, **wrong} if wrong else {})
    assert put.status == 200, put.text


def states(here: Station) -> list[tuple[str, str]]:
    return [
        (kind, state)
        for kind, state in here.rows(
            "SELECT j.kind, o.state FROM outbox o JOIN journal j USING (seq) WHERE j.kind = 'shipment.requested'"
        )
    ]


def refs(here: Station, thing: str) -> list[tuple[str, str]]:
    rows = here.rows("SELECT local_id, hq_id FROM hq_ref WHERE lane = ? AND thing = ? ORDER BY local_id", LANE, thing)
    return [(local, hq) for local, hq in rows]


# --- pulling ------------------------------------------------------------------------------------------------------


async def test_orders_come_with_their_picklists_and_products(hq: Hq, here: Station) -> None:
    await ordered(hq, "O-1", SKU_1=2, SKU_2=1)
    await pulled(here, 1)
    assert here.rows("SELECT fulfillment_id, order_id, carrier_hint FROM fulfillment") == [
        ("PBO000000001", "O-1", "UPS")
    ]
    assert here.rows("SELECT sku, qty, location_id FROM pick_task ORDER BY position") == [
        ("SKU-1", "2", "STOCK"),
        ("SKU-2", "1", "STOCK"),
    ]
    assert here.rows("SELECT sku, name FROM product ORDER BY sku") == [
        ("SKU-1", "Tea"),
        ("SKU-2", "Bread"),
        ("SKU-3", "Jam"),
    ]
    assert refs(here, "order") == [("PBO000000001", "PBO000000001")]
    assert refs(here, "line") == [("PBO000000001/O-1-1", "O-1-1"), ("PBO000000001/O-1-2", "O-1-2")]
    assert here.problems == {}


async def test_more_orders_than_a_page_come_all_and_each_once(hq: Hq, here: Station) -> None:
    here.more_settings = {**SETTINGS, "profile": {"page_size": 3}}
    for number in range(8):
        await ordered(hq, f"O-{number}", SKU_1=1)
    await pulled(here, 8)
    await pulled_again(here)
    assert here.rows("SELECT count(*) FROM journal WHERE kind = 'work.fulfillment_received'") == [(8,)]
    assert here.rows("SELECT count(*) FROM journal WHERE kind = 'product.received'") == [(3,)]


async def test_what_is_not_for_this_warehouse_or_on_its_way_is_left_alone(hq: Hq, here: Station) -> None:
    pb = await office(hq)
    await pb.made("/orders", placed("C-1", fromNode="wh_2"))
    order = await pb.made("/orders", placed("C-2"))
    await pb.call("PUT", f"/orders/{order['orderId']}/cancel?clientId={CLIENT}")
    await ordered(hq, "O-1", SKU_1=1)
    await pulled(here, 1)
    assert here.rows("SELECT order_id FROM fulfillment") == [("O-1",)]


async def test_an_order_that_is_cancelled_before_anybody_began_is_withdrawn(hq: Hq, here: Station) -> None:
    await ordered(hq, "O-1", SKU_1=1)
    await pulled(here, 1)
    hq.clock.forward(timedelta(minutes=1))
    pb = await office(hq)
    (order,) = await pb.found("/orders/search")
    await pb.call("PUT", f"/orders/{order['orderId']}/cancel?clientId={CLIENT}")
    await pulled_again(here)
    assert here.rows("SELECT json_extract(body, '$.reason') FROM journal WHERE kind = 'work.withdrawn'") == [
        ("cancelled",)
    ]
    assert here.rows("SELECT count(*) FROM fulfillment") == [(0,)]


async def test_what_is_announced_is_kept_for_the_floor(hq: Hq, here: Station) -> None:
    pb = await office(hq)
    inbound = await pb.made("/receiving-asn", asn("to-us", receivingNode="wh_1"))
    await pb.made("/receiving-asn", asn("to-them"))
    items = [{"lineItemId": "1", "sku": "SKU-1", "quantity": 1}]
    back = {"clientId": CLIENT, "rmaNumber": "RMA-1", "originalClientOrderId": "O-1",
            "createDate": "2025-09-01T08:00:00Z", "returnItems": items}  # fmt: skip
    await pb.made("/returns", back)
    parts = [{"sku": "SKU-2", "quantity": 2}]
    await pb.made("/bill-of-materials", {"clientId": CLIENT, "sku": "SKU-1", "components": parts})
    kits = {"clientId": CLIENT, "clientWorkOrderId": "W-1", "workOrderName": "Hampers", "type": "KIT",
            "node": "wh_1", "sku": "SKU-1", "quantity": 5}  # fmt: skip
    await pb.made("/work-orders", kits)
    await pulled_again(here)
    assert here.rows("SELECT inbound_id, against, number, open FROM inbound") == [
        (inbound["receivingASNId"], "asn", "to-us", 1)
    ]
    assert here.rows("SELECT number, order_id, open FROM return_order") == [("RMA-1", "O-1", 1)]
    assert here.rows("SELECT number, sku, qty, parts, open FROM work_order") == [
        ("W-1", "SKU-1", "5", '[{"qty": "2", "sku": "SKU-2"}]', 1)
    ]
    assert here.rows("SELECT warehouse_id, sku, qty FROM stock_told ORDER BY sku") == [
        ("wh_1", "SKU-1", "10"),
        ("wh_1", "SKU-2", "10"),
        ("wh_1", "SKU-3", "10"),
    ]
    count = here.rows("SELECT count(*) FROM journal")
    await pulled_again(here)
    assert here.rows("SELECT count(*) FROM journal") == count
    hq.clock.forward(timedelta(minutes=1))
    pb = await office(hq)
    await pb.call("PUT", f"/receiving-asn/{inbound['receivingASNId']}/cancel?clientId={CLIENT}")
    await pulled_again(here)
    assert here.rows("SELECT open FROM inbound") == [(0,)]


async def test_the_number_a_parcel_is_followed_by_is_learned(hq: Hq, here: Station) -> None:
    await ordered(hq, "O-1", SKU_1=2)
    await worked(here, 1)
    (order,) = (await hq.get("/fulfillments")).body["items"]
    picklist = await hq.started(order["id"])
    await hq.scan(picklist["id"], taken(picklist["tasks"][0]))
    await hq.post(f"/picklists/{picklist['id']}/complete")
    await hq.pack(order["id"], package("PK-1", 900, tea=("O-1-1", 2)), seal=True)
    shipped = await hq.post("/shipments", {"fulfillment_id": order["id"], "packages": [{"package_id": "PK-1"}]})
    label = await hq.post(f"/shipments/{shipped.body['shipment_id']}/generate-label", {"label_format": "zpl"})
    assert label.status in {200, 201}
    (row,) = await (await office(hq)).found("/shipments/search")
    for _ in range(2):
        await pulled_again(here)
    assert refs(here, "tracking") == [
        ("PBO000000001", row["trackingNumber"]),
        (f"PBO000000001/{row['shipmentId']}", row["trackingNumber"]),
    ]
    assert here.rows("SELECT count(*) FROM journal WHERE kind IN ('work.withdrawn', 'exception.raised')") == [(0,)]


async def test_a_bad_document_is_shown_until_it_is_mended_and_the_rest_is_taken(hq: Hq, here: Station) -> None:
    await ordered(hq, "O-1", SKU_1=1)
    await ordered(hq, "O-2", SKU_1=1)
    here.more_settings = {**SETTINGS, "profile": {"names": {"order_line_id": "id"}}}
    async with here.syncing(pull=True):
        await here.until(lambda: "hq.main.documents" in here.problems)
    assert "HQ's orders O-" in here.problems["hq.main.documents"]
    assert "lines.0.line_id: Field required" in here.problems["hq.main.documents"]
    assert "orders" not in cursors(here)
    assert here.rows("SELECT count(*) FROM product") == [(3,)]
    here.more_settings = SETTINGS
    await pulled_again(here)
    async with here.syncing(pull=True):
        await here.until(lambda: here.problems == {})
    assert here.rows("SELECT count(*) FROM picklist") == [(2,)]


async def test_from_an_hq_that_gives_no_work_only_its_ids_are_taken(hq: Hq, here: Station) -> None:
    line = e.WorkLine(order_line_id="a", sku="SKU-1", qty=Decimal(2))
    elsewhere = e.FulfillmentReceived(
        lane="other", fulfillment_id="ful_9", order_id="O-1", warehouse_id="wh_1", party_id="p", lines=(line,)
    )
    await here.store.execute(c.ReceiveWork(command_id=new_id(), fulfillments=(elsewhere,), parties=()))
    await ordered(hq, "O-1", SKU_1=2)
    await ordered(hq, "O-2", SKU_1=2)
    here.is_source = False
    async with here.syncing(pull=True):
        await here.until(lambda: refs(here, "order") != [])
    assert refs(here, "order") == [("ful_9", "PBO000000001")]
    assert refs(here, "line") == [("ful_9/a", "O-1-1")]
    assert here.rows("SELECT fulfillment_id FROM fulfillment") == [("ful_9",)]
    assert here.rows("SELECT count(*) FROM product") == [(0,)]


# --- announcing ---------------------------------------------------------------------------------------------------


async def test_a_load_for_their_centre_is_announced_and_one_for_a_customer_is_not(hq: Hq, here: Station) -> None:
    await ordered(hq, "O-1", to_centre=True, SKU_1=2, SKU_2=1)
    await ordered(hq, "O-2", SKU_1=1)
    await worked(here, 2)
    async with here.syncing():
        await here.sent()
    (asn_,) = await announced(hq)
    assert (asn_["receivingNode"], asn_["shippingDetails"]) == ("157", {"carrier": "UPS"})
    assert {line["sku"]: line["expectedQuantity"] for line in asn_["asnLines"]} == {"SKU-1": 2, "SKU-2": 1}
    assert sorted(states(here)) == [("shipment.requested", "delivered"), ("shipment.requested", "not_deliverable")]
    (reason,) = here.rows("SELECT reason FROM outbox WHERE state = 'not_deliverable' AND reason IS NOT NULL")
    assert reason == ("Order O-2 goes to its customer and to no centre of theirs (157): nothing to announce.",)
    ((fulfillment, their_id),) = refs(here, "receiving_asn")
    assert fulfillment == "PBO000000001"
    pb = await office(hq)
    assert (await pb.call("GET", f"/receiving-asn/{their_id}?clientId=client-1")).status == 200
    assert (here.parked(), here.problems) == ([], {})


async def test_picks_are_not_deliverable_and_hold_nothing_up(hq: Hq, here: Station) -> None:
    await ordered(hq, "O-1", to_centre=True, SKU_1=2)
    await worked(here, 1)
    async with here.syncing():
        await here.sent()
    kinds = {
        kind
        for (kind,) in here.rows("SELECT kind FROM outbox JOIN journal USING (seq) WHERE state = 'not_deliverable'")
    }
    assert kinds >= {"pick.counted", "picklist.completed", "package.packed", "package.sealed"}
    assert len(await announced(hq)) == 1
    assert counted("P", "c").kind not in ACCEPTS


@pytest.mark.parametrize(
    "fault", [{"lost_reply": 1}, {"truncate": 1}, {"duplicate": 1}, {"lost_request": 0.5}, {"status_500": 0.6},
              {"status_503": 0.6}, {"status_429": 0.6}, {"html": 0.5}, {"redirect": 0.5}, {"status_404": 0.3}],
    ids=lambda fault: next(iter(fault)),
)  # fmt: skip
async def test_whatever_goes_wrong_on_the_way_the_load_is_announced_once(
    hq: Hq, here: Station, fault: dict[str, float]
) -> None:
    await ordered(hq, "O-1", to_centre=True, SKU_1=2)
    await worked(here, 1)
    await faults(hq, ANNOUNCING, **fault, seed=3)
    async with here.syncing():
        if fault.keys() & {"lost_reply", "truncate"}:
            while not await announced(hq):
                await here.until(lambda: True)
            await faults(hq)
        await here.sent()
    assert len(await announced(hq)) == 1
    assert states(here) == [("shipment.requested", "delivered")]
    assert len(refs(here, "receiving_asn")) == 1
    assert here.parked() == []


async def test_what_is_there_under_our_id_with_other_contents_is_for_a_person(hq: Hq, here: Station) -> None:
    await ordered(hq, "O-1", to_centre=True, SKU_1=2)
    await worked(here, 1)
    ((event_id,),) = here.rows("SELECT hex(event_id) FROM journal WHERE kind = 'shipment.requested'")
    pb = await office(hq)
    await pb.made(
        "/receiving-asn",
        asn(event_id.lower(), clientId="client-1", asnLines=[{"sku": "SKU-2", "expectedQuantity": 9}]),
    )
    async with here.syncing():
        await here.until(lambda: here.parked() != [])
    ((entity, kind, reason),) = here.parked()
    assert (entity, kind) == ("fulfillment:PBO000000001", "shipment.requested")
    assert reason.endswith("with other contents (units of SKU-1, units of SKU-2); have it looked at.")


async def test_what_is_there_under_our_id_just_so_is_delivered(hq: Hq, here: Station) -> None:
    await ordered(hq, "O-1", to_centre=True, SKU_1=2)
    await worked(here, 1)
    ((event_id,),) = here.rows("SELECT hex(event_id) FROM journal WHERE kind = 'shipment.requested'")
    await (await office(hq)).made("/receiving-asn", asn(event_id.lower(), clientId="client-1"))
    async with here.syncing():
        await here.sent()
    assert states(here) == [("shipment.requested", "delivered")]
    assert len(await announced(hq)) == 1


async def test_not_available_right_now_is_waited_for_three_times_and_then_shown(hq: Hq, here: Station) -> None:
    await ordered(hq, "O-1", to_centre=True, SKU_1=2)
    await worked(here, 1)
    await faults(hq, status_404=1)
    async with here.syncing():
        await here.until(lambda: here.parked() != [])
        assert "not available right now" in here.parked()[0][2]
        done = (await hq.call("GET", "/hq/faults", role="operator")).body["done"]
        assert done["status_404"] >= 3
        await faults(hq)
        await here.retry("fulfillment:PBO000000001")
        await here.sent()
    assert len(await announced(hq)) == 1


async def test_a_product_they_do_not_have_is_said(hq: Hq, here: Station) -> None:
    await ordered(hq, "O-1", to_centre=True, SKU_1=2)
    await worked(here, 1)
    hq.store.db.execute("PRAGMA foreign_keys=OFF")
    hq.store.db.execute("DELETE FROM product WHERE sku = 'SKU-1'")
    async with here.syncing():
        await here.until(lambda: here.parked() != [])
    assert here.parked()[0][2] == "HQ answered 400: 1000045 sku: SKU-1 is not in the catalogue."


async def test_a_restored_store_announces_the_same_load_under_the_same_id(hq: Hq, here: Station) -> None:
    await ordered(hq, "O-1", to_centre=True, SKU_1=2)
    await worked(here, 1)
    async with here.syncing():
        await here.sent()
    await here.store.run(
        lambda tx: tx.connection.execute(
            "UPDATE outbox SET state = 'pending', request_id = NULL WHERE state = 'delivered'"
        )
    )
    await here.store.run(lambda tx: tx.connection.execute("DELETE FROM outbox_request"))
    async with here.syncing():
        await here.sent()
    assert len(await announced(hq)) == 1
    assert states(here) == [("shipment.requested", "delivered")]


# --- getting in ---------------------------------------------------------------------------------------------------


async def test_a_token_that_ended_is_renewed(hq: Hq, here: Station) -> None:
    await ordered(hq, "O-1", to_centre=True, SKU_1=2)
    await worked(here, 1)
    async with here.syncing(pull=True):
        await here.sent()
        hq.clock.forward(timedelta(hours=11))  # their clock: ours still believes in the token
        await ordered(hq, "O-2", to_centre=True, SKU_1=2)
        here.poll_s = 1
    async with here.syncing(pull=True):
        await here.until(lambda: here.rows("SELECT count(*) FROM picklist") == [(2,)])
    assert here.problems == {}


async def test_a_wrong_secret_pauses_the_lane_and_deletes_nothing(hq: Hq, here: Station) -> None:
    await ordered(hq, "O-1", to_centre=True, SKU_1=2)
    await worked(here, 1)
    here.secret = "not-the-secret-of-anybody"
    async with here.syncing():
        await here.until(lambda: "hq.main.key" in here.problems)
    assert here.figures().unsent == 1
    assert here.parked() == []
    assert await announced(hq) == []
    here.secret = SECRETS["station"]
    here.time.now_ms += 120_000
    async with here.syncing():
        await here.sent()
    assert len(await announced(hq)) == 1


@pytest.mark.parametrize("fault", [{"html": 1}, {"redirect": 1}, {"truncate": 1}, {"status_503": 1}])
async def test_what_is_not_theirs_is_not_taken_for_a_token(hq: Hq, here: Station, fault: dict[str, float]) -> None:
    await ordered(hq, "O-1", to_centre=True, SKU_1=2)
    await worked(here, 1)
    await faults(hq, "/oauth/token", **fault)
    async with here.syncing():
        await here.until(lambda: here.lane.state().state == "unreachable")
        assert here.parked() == []
        await faults(hq)
        await here.sent()
    assert len(await announced(hq)) == 1


# --- by hand ------------------------------------------------------------------------------------------------------


async def test_calls_are_made_by_hand_and_the_comparison_reads_their_orders(hq: Hq, here: Station) -> None:
    await ordered(hq, "O-1", SKU_1=2)
    dialect = DIALECTS["pitney_bowes"]
    common = {"dialect": "pitney_bowes", "url": f"{hq.url}/shippingservices/fulfillment", "secret": "hq"}
    client = dialect.make_client(
        dialect.settings.model_validate({**common, **SETTINGS}),
        SECRETS["station"],
        AtStation("st-1", "wh_1", here.time),
    )
    try:
        call = client.calls()["get-order"]
        path = call.path.format(orderId="PBO000000001", clientId="client-1")
        reply = await client.call(call.method, path, None)
        assert isinstance(reply, Answer)
        assert (reply.status, reply.body["clientOrderId"]) == (200, "O-1")
        lines = [line async for line in client.their_lines(KnownHere(here.store.reader, LANE))]
        assert [(line.order_id, line.sku, line.ordered) for line in lines] == [("O-1", "SKU-1", Decimal(2))]
        assert await client.probe() is None
        await faults(hq, "/shippingservices", down=True)
        assert await client.probe() is not None
    finally:
        await client.close()


async def test_hands_are_free_while_they_are_away(hq: Hq, here: Station) -> None:
    await ordered(hq, "O-1", to_centre=True, SKU_1=2)
    await pulled(here, 1)
    await faults(hq, "/", down=True, only_role="station")
    await faults(hq, "/shippingservices", down=True)
    async with here.syncing():
        await pick_everything(here)
        await pack_everything(here)
        await here.until(lambda: here.lane.state().state == "unreachable")
        assert here.figures().unsent == 1
        await faults(hq)
        await here.sent()
    assert len(await announced(hq)) == 1
    await act(here, c.SignOut, workplace="pick")
