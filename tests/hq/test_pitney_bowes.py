"""Pitney Bowes' API over the one truth. One file, because all of it speaks of the same few orders.

What it shows of the truth, what it keeps, and its oddities.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hq.facades.pitney_bowes import LIFE_S
from tests.hq.site import SECRETS, Hq, Reply, package, running_hq
from tests.support.conformity import examples_of_profile, run_schemathesis
from web.contract import Contract

V1 = "/shippingservices/fulfillment/v1"
CLIENT = "client-1"
SHIP_TO = {
    "name": "Zoë Müller", "address1": "1 High St", "city": "Łódź", "postal_code": "90-001", "country": "PL",
}  # fmt: skip


@dataclass
class Pb:
    """A caller of this API, signed in with the station's key."""

    hq: Hq
    token: str = ""
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def sign_in(self, secret: str = SECRETS["station"], grant: str = "client_credentials") -> Reply:
        basic = base64.b64encode(f"my-api-key:{secret}".encode()).decode()
        form = {"grant_type": grant}
        return await self.send("POST", "/oauth/token", {"Authorization": f"Basic {basic}"}, data=form)

    async def send(self, method: str, path: str, headers: Mapping[str, str], **how: Any) -> Reply:
        async with self.hq.session.request(method, self.hq.url + path, headers=headers, **how) as response:
            text = await response.text()
            body = await response.json() if response.content_type == "application/json" else None
            return Reply(response.status, body, text, response.headers)

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        told = {
            "Authorization": f"Bearer {self.token}",
            "X-PB-TransactionId": f"tx-{next(self.numbers)}",
            "X-PB-UnifiedErrorStructure": "true",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return await self.send(method, V1 + path, told, **({} if body is None else {"json": body}))

    async def made(self, path: str, body: Any) -> Any:
        reply = await self.call("POST", path, body)
        assert reply.status == 201, reply.text
        return reply.body

    async def found(self, path: str, query: str = "", **body: Any) -> list[Any]:
        reply = await self.call("POST", f"{path}{query}", {"clientId": CLIENT, **body})
        assert reply.status == 200, reply.text
        return list(reply.body["content"])


@pytest.fixture
async def pb(tmp_path: Path) -> AsyncIterator[Pb]:
    """HQ with three products, 10 of each, speaking this API to a caller who is signed in."""
    async with running_hq(tmp_path / "hq.db", dialect="pitney_bowes") as hq:
        await hq.with_products()
        caller = Pb(hq)
        caller.token = (await caller.sign_in()).body["access_token"]
        yield caller


def asn(number: str = "load-1", **of: Any) -> dict[str, Any]:
    lines = [{"lineId": 1, "sku": "SKU-1", "expectedQuantity": 2}]
    return {
        "clientId": CLIENT, "inboundType": "ASN", "clientASNId": number, "receivingNode": "157",
        "asnLines": lines, **of,
    }  # fmt: skip


def placed(number: str, **of: Any) -> dict[str, Any]:
    return {
        "clientId": CLIENT, "clientOrderId": number, "inputShippingDetails": {"carrier": "UPS"},
        "createDate": "2025-08-30T10:00:00Z",
        "orderItems": [{"lineItemId": "1", "sku": "SKU-1", "quantity": 2}], **of,
    }  # fmt: skip


def errors(reply: Reply) -> list[tuple[str, str]]:
    return [(each["errorCode"], each["errorDescription"]) for each in reply.body["errors"]]


# --- getting in ---------------------------------------------------------------------------------------------------


async def test_a_key_and_its_secret_give_a_token_whose_life_is_a_text(pb: Pb) -> None:
    reply = await pb.sign_in()
    assert (reply.status, reply.body["expiresIn"]) == (200, "35999")
    assert (await pb.sign_in("not-the-secret-of-anybody")).status == 401
    assert (await pb.sign_in(grant="password")).status == 400


async def test_a_token_ends_and_another_is_given(pb: Pb) -> None:
    pb.hq.clock.forward(timedelta(seconds=LIFE_S))
    ended = await pb.call("GET", f"/orders/PBO000000001?clientId={CLIENT}")
    assert (ended.status, errors(ended)[0][0]) == (401, "PB-APIM-ERR-1002")
    pb.token = (await pb.sign_in()).body["access_token"]
    assert (await pb.call("POST", "/orders/search", {"clientId": CLIENT})).status == 200


async def test_the_key_itself_is_no_token(pb: Pb) -> None:
    pb.token = SECRETS["station"]
    assert (await pb.call("POST", "/orders/search", {"clientId": CLIENT})).status == 401


@pytest.mark.parametrize(
    ("transaction", "status"),
    [("a" * 25, 200), ("a" * 26, 400), ("0190a5a0-0000-7000-8000-000000000001", 400), ("a b", 400), ("", 400)],
    ids=["25 characters", "26", "a UUID as text", "a blank", "none"],
)
async def test_a_transaction_id_has_at_most_25_characters(pb: Pb, transaction: str, status: int) -> None:
    reply = await pb.call("POST", "/orders/search", {"clientId": CLIENT}, X_PB_TransactionId=transaction)
    assert reply.status == status


async def test_who_does_not_ask_for_the_newer_error_form_gets_the_older_one(pb: Pb) -> None:
    newer = await pb.call("GET", f"/orders/none?clientId={CLIENT}")
    older = await pb.call("GET", f"/orders/none?clientId={CLIENT}", X_PB_UnifiedErrorStructure="false")
    sentence = "Order none does not exist or is not available right now."
    assert (newer.status, errors(newer)) == (404, [("8000404", sentence)])
    assert (older.status, older.body[0]["message"]) == (404, sentence)


# --- the truth under their names ----------------------------------------------------------------------------------


async def test_the_offices_orders_are_theirs(pb: Pb) -> None:
    body = {
        "order_id": "O-1", "warehouse_id": "wh_1", "ship_to": SHIP_TO, "carrier_hint": "UPS",
        "requested_ship_date": "2025-09-02T10:00:00Z", "metadata": {"gift": "yes"},
        "lines": [{"order_line_id": "O-1-1", "sku": "SKU-1", "quantity": 2}],
    }  # fmt: skip
    assert (await pb.hq.post("/fulfillments", body)).status == 201
    (order,) = await pb.found("/orders/search")
    assert order["orderItems"] == [{"lineItemId": "O-1-1", "sku": "SKU-1", "quantity": 2}]
    assert order["shipTo"]["addressLines"] == ["1 High St"]
    assert {name: order[name] for name in ("clientOrderId", "fromNode", "status", "shipOnDate", "references")} == {
        "clientOrderId": "O-1",
        "fromNode": "wh_1",
        "status": "CREATED",
        "shipOnDate": "2025-09-02T10:00:00Z",
        "references": [{"name": "gift", "values": "yes"}],
    }
    one = await pb.call("GET", f"/orders/{order['orderId']}?clientId={CLIENT}")
    assert one.body == order
    state = await pb.call("GET", f"/orders/{order['orderId']}/status?clientId={CLIENT}")
    assert state.body == {"orderId": order["orderId"], "clientOrderId": "O-1", "status": "CREATED"}


async def test_orders_are_paged_from_1_on_and_sorted_by_when_they_changed(pb: Pb) -> None:
    for number in range(5):
        await pb.hq.order(f"O-{number}", SKU_1=1)
        pb.hq.clock.forward(timedelta(seconds=10))
    newest = ["pbUpdateDate-desc"]
    pages = [await pb.found("/orders/search", f"?page={page}&size=2", sort=newest) for page in (1, 2, 3, 4)]
    assert [[each["clientOrderId"] for each in page] for page in pages] == [
        ["O-4", "O-3"],
        ["O-2", "O-1"],
        ["O-0"],
        [],
    ]
    reply = await pb.call("POST", "/orders/search?page=3&size=2", {"clientId": CLIENT})
    told = {name: reply.body[name] for name in ("totalPages", "totalElements", "first", "last", "size", "number")}
    assert told == {"totalPages": 3, "totalElements": 5, "first": False, "last": True, "size": 2, "number": 3}
    assert (await pb.call("POST", "/orders/search?page=0", {"clientId": CLIENT})).status == 400
    since = [{"name": "pbUpdateDate", "values": ["2025-09-01T08:00:30Z"]}]
    assert [each["clientOrderId"] for each in await pb.found("/orders/search", searchFields=since)] == ["O-3", "O-4"]


async def test_what_was_shipped_is_found_with_its_tracking_number_under_both_spellings(pb: Pb) -> None:
    ident = await pb.hq.picked("O-1", SKU_1=2)
    await pb.hq.pack(ident, package("PK-1", 900, tea=("O-1-1", 2)), seal=True)
    shipped = await pb.hq.post("/shipments", {"fulfillment_id": ident, "packages": [{"package_id": "PK-1"}]})
    shipment = shipped.body["shipment_id"]
    label = await pb.hq.post(f"/shipments/{shipment}/generate-label", {"label_format": "zpl"})
    assert label.status in {200, 201}
    for spelling in ("shipppedDate-desc", "shippedDate-desc"):
        (row,) = await pb.found("/shipments/search", sort=[spelling])
        assert (row["clientOrderId"], row["shippedDate"]) == ("O-1", "2025-09-01T08:00:00Z")
        assert row["trackingNumber"]
    pb.hq.clock.forward(timedelta(days=200))
    pb.token = (await pb.sign_in()).body["access_token"]
    assert await pb.found("/shipments/search") == []
    dated = [{"name": "shippedDate", "values": ["2025-08-01T00:00:00Z"]}]
    assert len(await pb.found("/shipments/search", searchFields=dated)) == 1
    (order,) = await pb.found("/orders/search")
    assert order["status"] == "SHIPPED"


async def test_products_and_stock_are_those_of_the_truth(pb: Pb) -> None:
    rows = await pb.found("/products/search", "?size=2")
    assert [(each["sku"], each["details"]["description"]) for each in rows] == [("SKU-1", "Tea"), ("SKU-2", "Bread")]
    stock = await pb.found("/inventory/snapshot", sort=["sku-desc"])
    assert [(each["sku"], each["node"], each["onHandQuantity"]) for each in stock] == [
        ("SKU-3", "wh_1", 10),
        ("SKU-2", "wh_1", 10),
        ("SKU-1", "wh_1", 10),
    ]


async def test_an_order_placed_here_is_an_order_of_the_truth(pb: Pb) -> None:
    order = await pb.made("/orders", placed("C-1"))
    again = await pb.call("POST", "/orders", placed("C-1"))
    assert (again.status, errors(again)) == (400, [("8000409", "clientOrderId C-1 already exists.")])
    (told,) = (await pb.hq.get("/fulfillments")).body["items"]
    assert (told["order_id"], told["lines"][0]["qty"], told["carrier_hint"]) == ("C-1", 2, "UPS")
    items = [{"lineItemId": "1", "sku": "SKU-2", "quantity": 1}]
    for path in ("order-items", "orderItems"):
        changed = await pb.call(
            "PUT", f"/orders/{order['orderId']}/{path}", {"clientId": CLIENT, "orderItems": items}
        )
        assert changed.body["orderItems"] == items
    whole = await pb.call("PUT", f"/orders/{order['orderId']}", placed("C-1", fromNode="wh_1"))
    assert whole.body["orderItems"][0]["sku"] == "SKU-1"
    part = {name: value for name, value in placed("C-1").items() if name != "orderItems"}
    assert (await pb.call("PUT", f"/orders/{order['orderId']}", part)).status == 400
    for _ in range(2):
        gone = await pb.call("PUT", f"/orders/{order['orderId']}/cancel?clientId={CLIENT}")
        assert (gone.status, gone.body["status"]) == (200, "CANCELED")
    late = await pb.call("PUT", f"/orders/{order['orderId']}", placed("C-1"))
    assert late.status == 400


async def test_a_bulk_call_answers_for_each_element(pb: Pb) -> None:
    bad = placed("C-3", orderItems=[{"lineItemId": "1", "sku": "SKU-9", "quantity": 1}])
    reply = await pb.call(
        "POST", "/orders/bulk", {"orders": [placed("C-1"), placed("C-1"), bad, {"clientId": CLIENT}]}
    )
    results = reply.body["results"]
    assert [each["status"] for each in results] == ["SUCCESS", "ERROR", "ERROR", "ERROR"]
    assert [each["errors"][0]["errorCode"] for each in results[1:]] == ["8000409", "1000045", "1000049"]
    call_off = [{"clientId": CLIENT, "clientOrderId": "C-1"}, {"clientId": CLIENT, "clientOrderId": "C-9"}]
    cancelled = await pb.call("PUT", "/orders/bulk/cancel", {"CancelOrdersRequest": call_off})
    assert [each["status"] for each in cancelled.body["results"]] == ["SUCCESS", "ERROR"]
    product = {
        "clientId": CLIENT, "productType": "ITEM", "sku": "NEW",
        "details": {"description": "New", "upc": "2900000000025"},
    }  # fmt: skip
    sent = [{**product, "operation": "CREATE"}, {**product, "operation": "CREATE"}, {"sku": "X"}]
    told = (await pb.call("POST", "/products/bulk", {"products": sent})).body["products"]
    assert [each["status"] for each in told] == ["PUBLISHED", "UNPUBLISHED", "UNPUBLISHED"]
    assert (await pb.call("GET", f"/products/NEW?clientId={CLIENT}")).body["details"] == product["details"]


# --- what only this API keeps -------------------------------------------------------------------------------------


async def test_goods_announced_twice_are_announced_once(pb: Pb) -> None:
    made = await pb.made("/receiving-asn", asn())
    assert (made["status"], made["asnLines"][0]["PBlineId"], made["asnLines"][0]["receivedQuantity"]) == (
        "CREATED",
        1,
        0,
    )
    again = await pb.call("POST", "/receiving-asn", asn())
    assert (again.status, errors(again)) == (400, [("8000409", "clientASNId load-1 already exists.")])
    by = [{"name": "clientASNIds", "values": ["load-1"]}]
    assert await pb.found("/receiving-asn/search", searchFields=by) == [made]
    truth = (await pb.hq.get("/hq/truth")).body
    lines = [{"lineId": 1, "sku": "SKU-1", "expectedQuantity": 2, "PBlineId": 1, "receivedQuantity": 0}]
    assert truth["records"] == {
        "pitney_bowes": {
            "asn": [
                {
                    "clientId": CLIENT,
                    "inboundType": "ASN",
                    "receivingNode": "157",
                    "asnLines": lines,
                    "status": "CREATED",
                }
            ]
        }
    }


async def test_an_announcement_is_replaced_whole_and_called_off_whole(pb: Pb) -> None:
    made = await pb.made("/receiving-asn", asn())
    path = f"/receiving-asn/{made['receivingASNId']}"
    more = [{"lineId": 1, "sku": "SKU-2", "expectedQuantity": 7}]
    assert (await pb.call("PUT", path, asn(asnLines=more))).body["asnLines"][0]["sku"] == "SKU-2"
    assert (await pb.call("PUT", path, {"clientId": CLIENT, "asnLines": more})).status == 400
    assert (await pb.call("PUT", path, asn("load-2"))).status == 400
    for _ in range(2):
        assert (await pb.call("PUT", f"{path}/cancel?clientId={CLIENT}")).body["status"] == "CANCELED"
    assert (await pb.call("PUT", path, asn())).status == 400
    (row,) = await pb.found("/receiving-asn/status/search")
    assert (row["clientASNId"], row["status"]) == ("load-1", "CANCELED")
    assert (await pb.call("GET", f"{path}?clientId=somebody-else")).status == 404


@pytest.mark.parametrize(
    "broken",
    [
        {"clientASNId": "x" * 36},
        {"receivingNode": None},
        {"asnLines": []},
        {"asnLines": [{"sku": "SKU-9", "expectedQuantity": 1}]},
        {"asnLines": [{"sku": "SKU-1", "expectedQuantity": 0}]},
        {"inboundType": "PO"},
        {"vendorDetails": {"name": "only"}},
    ],
    ids=[
        "id too long",
        "no node",
        "no lines",
        "not in the catalogue",
        "nothing expected",
        "PO without number",
        "half",
    ],
)
async def test_an_announcement_that_is_not_right_is_refused_and_kept_nowhere(pb: Pb, broken: dict[str, Any]) -> None:
    reply = await pb.call("POST", "/receiving-asn", asn(**broken))
    assert (reply.status, len(reply.body["errors"])) == (400, 1)
    assert await pb.found("/receiving-asn/search") == []


async def test_returns_are_made_or_changed_as_they_are_there(pb: Pb) -> None:
    items = [{"lineItemId": "1", "sku": "SKU-1", "quantity": 1}]
    one = {"clientId": CLIENT, "rmaNumber": "RMA-1", "createDate": "2025-09-01T08:00:00Z", "returnItems": items}
    for _ in range(2):
        reply = await pb.call("POST", "/returns/bulk", {"returns": [one, {"clientId": CLIENT}]})
        assert [each["status"] for each in reply.body["results"]] == ["SUCCESS", "ERROR"]
    (row,) = await pb.found("/returns/search", searchFields=[{"name": "sku", "values": ["SKU-1"]}])
    assert (row["rmaNumber"], row["status"]) == ("RMA-1", "CREATED")
    assert (await pb.call("GET", f"/returns/{row['returnOrderId']}")).body == row
    both = {"returns": [{**one, "operation": "CREATE"}]}
    assert (await pb.call("POST", "/returns/bulk", both)).body["results"][0]["status"] == "ERROR"


async def test_kits_have_a_bill_of_materials_and_work_orders_to_build_them(pb: Pb) -> None:
    parts = [{"sku": "SKU-2", "quantity": 2}]
    bill = await pb.made("/bill-of-materials", {"clientId": CLIENT, "sku": "SKU-1", "components": parts})
    assert await pb.found("/bill-of-materials/search/") == [bill]
    assert (await pb.call("GET", f"/bill-of-materials/{bill['billOfMaterialId']}?clientId={CLIENT}")).body == bill
    body = {
        "clientId": CLIENT, "clientWorkOrderId": "W-1", "workOrderName": "Hampers", "type": "KIT", "node": "wh_1",
        "sku": "SKU-1", "quantity": 5,
    }  # fmt: skip
    order = await pb.made("/work-orders", body)
    assert (await pb.call("POST", "/work-orders", body)).status == 400
    call_off = {"clientId": CLIENT, "clientWorkOrderId": "W-1", "cancelReason": "enough"}
    gone = await pb.call("PUT", f"/work-orders/{order['workOrderId']}/cancel", call_off)
    assert gone.body["status"] == "CANCELED"
    assert [each["status"] for each in await pb.found("/work-orders/status/search")] == ["CANCELED"]


async def test_a_record_may_not_be_available_right_now(pb: Pb) -> None:
    made = await pb.made("/receiving-asn", asn())
    path = f"/receiving-asn/{made['receivingASNId']}?clientId={CLIENT}"
    await pb.hq.call("PUT", "/hq/faults", role="operator", json={"status_404": 1, "prefix": "/shippingservices"})
    flicker = await pb.call("GET", path)
    assert (flicker.status, errors(flicker)[0][0]) == (404, "8000404")
    await pb.hq.call("PUT", "/hq/faults", role="operator", json={})
    assert (await pb.call("GET", path)).body == made


async def test_ids_are_the_same_after_a_restart(tmp_path: Path) -> None:
    seen = []
    for name in ("one", "two"):
        async with running_hq(tmp_path / name, dialect="pitney_bowes") as hq:
            await hq.with_products()
            pb = Pb(hq)
            pb.token = (await pb.sign_in()).body["access_token"]
            await hq.order("O-1", SKU_1=1)
            (order,) = await pb.found("/orders/search")
            seen.append((order["orderId"], (await pb.made("/receiving-asn", asn()))["receivingASNId"]))
    assert seen[0] == seen[1]


async def test_every_operation_of_the_contract_has_a_route_and_every_route_an_operation(pb: Pb) -> None:
    contract = Contract.load("pitney_bowes")
    for each in contract.operations:
        if each.template.startswith("/shippingservices"):
            path = each.template.replace("{", "").replace("}", "").removeprefix("/shippingservices/fulfillment/v1")
            reply = await pb.call(each.method, path, {} if each.request_body else None)
            assert reply.status in {400, 404}, (each.name, reply.text)
            assert "Not Found" not in reply.text, each.name
            assert "Method Not Allowed" not in reply.text, each.name


async def test_no_call_made_up_from_the_contract_meets_a_fault_or_an_undocumented_answer(pb: Pb) -> None:
    ident = await pb.hq.order("O-1", SKU_1=2)
    assert ident
    asn_id = (await pb.made("/receiving-asn", asn()))["receivingASNId"]
    known = {
        "clientId": [CLIENT], "orderId": ["PBO000000001"], "clientOrderId": ["O-1"], "sku": ["SKU-1", "SKU-2"],
        "receivingASNId": [asn_id], "fromNode": ["wh_1"], "node": ["wh_1"],
    }  # fmt: skip
    contract = Contract.load("pitney_bowes")
    headers = {"Authorization": f"Bearer {pb.token}"}
    calls = await asyncio.to_thread(run_schemathesis, contract, pb.hq.url, headers, examples_of_profile(2), known)
    assert calls > len(contract.operations)
    await pb.hq.stock()
