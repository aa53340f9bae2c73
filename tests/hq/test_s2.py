"""S2 over the one truth: its own sign-in, paging, error bodies, units, times and oddities (seed 004)."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hq.facades.s2.ids import ORGANIZATION, id_of
from tests.hq.site import PRODUCTS, SECRETS, Hq, Reply, order, running_hq
from web.contract import Contract

SHIP_TO = {"name": "Café Été", "address1": "1 Rue", "city": "Reims", "postal_code": "51100", "country": "France"}
MEMBERS = ("name", "company", "address1", "address2", "city", "state", "postalCode", "countryId", "phone", "email")
NOWHERE = dict.fromkeys(MEMBERS, "")


@dataclass
class S2:
    """A caller of S2 who is signed in."""

    hq: Hq
    token: str = ""
    headers: dict[str, str] = field(default_factory=lambda: {"X-S2-Organization": ORGANIZATION})

    async def call(self, method: str, path: str, body: Any = None, **query: Any) -> Reply:
        headers = {"Authorization": f"Bearer {self.token}", **self.headers}
        how: dict[str, Any] = {"params": query} | ({} if body is None else {"json": body})
        async with self.hq.session.request(method, self.hq.url + path, headers=headers, **how) as response:
            text = await response.read()
            is_json = response.content_type == "application/json" and text
            return Reply(response.status, json.loads(text) if is_json else text, "", response.headers)

    async def sign_in(self) -> None:
        made = await self.call("POST", "/login", {"email": "st-1@house", "password": SECRETS["station"]})
        assert made.status == 200, made.body
        self.token = made.body["accessToken"]

    async def truth(self) -> Any:
        return (await self.hq.get("/hq/truth")).body


@pytest.fixture
async def s2(tmp_path: Path) -> AsyncIterator[S2]:
    async with running_hq(tmp_path / "hq.db", dialect="s2") as hq:
        await hq.with_products()
        made = S2(hq)
        await made.sign_in()
        yield made


def items(**quantities: int) -> list[dict[str, Any]]:
    return [
        {"productId": id_of("product", sku.replace("_", "-")), "quantity": quantity}
        for sku, quantity in quantities.items()
    ]


def parcel(**quantities: int) -> dict[str, Any]:
    return {"items": items(**quantities), "prepaidLabels": []}


def wanted(order_id: str | None, *parcels: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What create is sent: all that the parcels hold."""
    inside = [each for shipment in parcels for each in shipment["items"]]
    made: dict[str, Any] = {"address": NOWHERE, "shippingMethod": "", "items": inside, "shipments": list(parcels)}
    made |= {"attachments": [], "warehouseId": id_of("warehouse", "wh_1")}
    return made | ({"orderId": id_of("order", order_id)} if order_id else {}) | more


async def ordered(hq: Hq, order_id: str, metadata: Mapping[str, Any] | None = None, **quantities: int) -> None:
    body = {**order(order_id, **quantities), "ship_to": SHIP_TO, "metadata": dict(metadata or {})}
    made = await hq.post("/fulfillments", body)
    assert made.status == 201, made.text


async def test_a_fulfillment_for_an_order_picks_packs_and_ships_it(s2: S2) -> None:
    await ordered(s2.hq, "O-1", SKU_1=3, SKU_2=1)
    made = await s2.call("POST", "/fulfillment", wanted("O-1", parcel(SKU_1=2), parcel(SKU_2=1)))
    assert made.status == 201, made.body
    assert [each["items"][0]["quantity"] for each in made.body["shipments"]] == [2, 1]
    (told,) = (await s2.truth())["fulfillments"]
    assert (told["status"], [line["picked"] for line in told["lines"]]) == ("shipped", [2, 1])
    assert (told["packages"]["count"], told["shipments"]) == (2, 1)
    shown = (await s2.call("GET", f"/order/{id_of('order', 'O-1')}")).body
    assert (shown["status"], shown["shippingAddress"]["countryId"]) == ("FULFILLED", "FR")
    assert [each["id"] for each in shown["fulfillments"]] == [made.body["id"]]
    await s2.hq.stock()


async def test_the_same_channel_fulfillment_id_has_one_effect_and_its_refusal_tells_no_id(s2: S2) -> None:
    await ordered(s2.hq, "O-1", SKU_1=3)
    body = wanted("O-1", parcel(SKU_1=3), channelFulfillmentId="c-1")
    replies = [await s2.call("POST", "/fulfillment", body) for _ in range(3)]
    assert [reply.status for reply in replies] == [201, 409, 409]
    assert replies[1].body == {
        "code": "ALREADY_EXISTS",
        "message": "Fulfillment with channelFulfillmentId 'c-1' already exists for this organization",
    }
    truth = await s2.truth()
    assert (truth["fulfillments"][0]["shipments"], truth["stock"]["shipped"]) == (1, 3)
    assert len(truth["records"]["s2"]["fulfillment"]) == 1
    assert "c-1" not in json.dumps(truth["records"])


async def test_a_standalone_fulfillment_and_one_for_an_rma_book_no_stock(s2: S2) -> None:
    for more in ({}, {"rmaId": id_of("rma", "R-1")}):
        made = await s2.call("POST", "/fulfillment", wanted(None, parcel(SKU_1=1), **more))
        assert (made.status, made.body["orderId"]) == (201, None)
        detail = await s2.call("GET", f"/fulfillment/{made.body['id']}")
        assert detail.body["rmaId"] == more.get("rmaId")
    assert (await s2.truth())["stock"]["shipped"] == 0


async def test_the_tracking_number_is_read_back_once_the_office_has_bought_the_label(s2: S2) -> None:
    await ordered(s2.hq, "O-1", SKU_1=1)
    made = (await s2.call("POST", "/fulfillment", wanted("O-1", parcel(SKU_1=1)))).body
    assert (made["shipments"][0]["trackingNumber"], made["shipments"][0]["status"]) == ("", "CREATED")
    before = (await s2.call("GET", "/order")).body["items"][0]["updatedAt"]
    s2.hq.clock.forward(timedelta(hours=1))
    (shipment,) = (await s2.hq.get("/shipments")).body["items"]
    label = (await s2.hq.post(f"/shipments/{shipment['id']}/generate-label", {"label_format": "zpl"})).body
    shown = (await s2.call("GET", f"/order/{id_of('order', 'O-1')}")).body
    (parcel_now,) = shown["fulfillments"][0]["shipments"]
    assert parcel_now["trackingNumber"] == label["carrier_tracking_number"]
    assert [each["type"] for each in parcel_now["labels"]] == ["PURCHASED"]
    assert shown["updatedAt"] > before


async def test_without_a_warehouse_one_is_picked_at_random_and_the_same_for_the_same_id(tmp_path: Path) -> None:
    chosen = []
    for run in ("a", "b"):
        async with running_hq(tmp_path / f"{run}.db", dialect="s2") as hq:
            await hq.with_products()
            elsewhere = {**PRODUCTS[0], "sku": "SKU-9", "gtin": None, "location_id": "Z-1", "warehouse_id": "wh_2"}
            await hq.import_lines("products", [elsewhere])
            s2 = S2(hq)
            await s2.sign_in()
            names = []
            for number in range(8):
                body = wanted(None, parcel(SKU_1=1), channelFulfillmentId=f"c-{number}")
                del body["warehouseId"]
                names.append((await s2.call("POST", "/fulfillment", body)).body["warehouse"]["name"])
            chosen.append(names)
    assert chosen[0] == chosen[1]
    assert set(chosen[0]) == {"wh_1", "wh_2"}


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"address": None}, 400, "body.address: must be object (got null)"),
        ({"shipments": None}, 400, "body.shipments: must be array (got null)"),
        ({"address": {**NOWHERE, "email": None}}, 400, "body.address.email: must be string (got null)"),
        ({"items": items(SKU_1=0)}, 400, "body.items.0.quantity: must be 1 or more (got 0)"),
        ({"colour": "red"}, 400, 'must not have "colour"'),
        ({"orderType": "B2B"}, 400, "body.orderType"),
        ({"warehouseId": id_of("warehouse", "wh_9")}, 400, "warehouseId: "),
        ({"orderId": id_of("order", "O-9")}, 404, "not found"),
        ({"items": items(SKU_9=1)}, 400, "items.0.productId: "),
        ({"items": items(SKU_1=1)}, 400, "2 of SKU-1 are shipped, but items has 1"),
        ({"items": items(SKU_1=9), "shipments": [parcel(SKU_1=9)]}, 400, "6 of SKU-1 more than were ordered"),
        ({"shipments": [{"items": [], "prepaidLabels": []}]}, 400, "one of them holds nothing"),
    ],
)
async def test_what_cannot_be_is_refused_in_s2s_words_and_books_nothing(
    s2: S2, change: dict[str, Any], status: int, words: str
) -> None:
    await ordered(s2.hq, "O-1", SKU_1=3)
    reply = await s2.call("POST", "/fulfillment", {**wanted("O-1", parcel(SKU_1=2)), **change})
    assert (reply.status, set(reply.body)) == (status, {"code", "message"})
    assert words in reply.body["message"]
    truth = await s2.truth()
    assert (truth["stock"]["picked"], truth["records"]) == (0, {})


async def test_orders_come_newest_first_a_hundred_at_most_and_move_while_they_are_read(s2: S2) -> None:
    for number in range(3):
        await ordered(s2.hq, f"O-{number}", SKU_1=1)
    page = (await s2.call("GET", "/order", limit=100_000, offset=1)).body
    assert ([each["channelOrderId"] for each in page["items"]], page["total"]) == (["O-1", "O-0"], 3)
    await ordered(s2.hq, "O-3", SKU_1=1)
    again = (await s2.call("GET", "/order", limit=1, offset=2)).body
    assert [each["channelOrderId"] for each in again["items"]] == ["O-1"], "the list moved under the reader"
    for term in ("O-2", id_of("order", "O-2")):
        (found,) = (await s2.call("GET", "/order", term=term)).body["items"]
        assert (found["channelOrderId"], found["status"], found["assignStatus"]) == (
            "O-2",
            "UNFULFILLED",
            "UNASSIGNED",
        )


async def test_a_limit_above_a_hundred_counts_as_a_hundred(s2: S2) -> None:
    lines = [{"sku": f"P-{number:03}", "name": "Pen", "location_id": "B-1"} for number in range(120)]
    assert (await s2.hq.import_lines("products", lines))["rejected"] == 0
    page = (await s2.call("GET", "/product", limit=500)).body
    assert (len(page["items"]), page["total"]) == (100, 123)
    assert (await s2.call("GET", "/product", limit=0)).status == 400


async def test_times_have_three_to_six_digits_and_weights_are_kilograms_as_floats(s2: S2) -> None:
    lines = [
        {"sku": f"P-{number}", "name": "Pen", "location_id": "B-1", "nominal_weight_g": 1234} for number in range(9)
    ]
    await s2.hq.import_lines("products", lines)
    found = (await s2.call("GET", "/product", term="P-")).body["items"]
    assert {each["shippingWeightKg"] for each in found} == {1.234}
    digits = {len(re.findall(r"\.(\d+)Z", each["createdAt"])[0]) for each in found}
    assert digits <= {3, 4, 5, 6}
    assert len(digits) > 1


async def test_case_codes_say_how_many_are_in_one(s2: S2) -> None:
    line = {
        "sku": "C-1",
        "name": "Cups",
        "location_id": "B-1",
        "barcodes": [{"barcode": "CASE-12", "multiplier": 12}],
    }
    await s2.hq.import_lines("products", [line])
    (found,) = (await s2.call("GET", "/product", term="C-1")).body["items"]
    assert (found["casePack"], found["caseUnit"]) == (12, "CARTON")
    assert found["otherIds"] == [{"type": "CASE", "value": "CASE-12"}]


async def test_the_token_lasts_seven_days_and_a_wrong_password_or_organization_is_refused(s2: S2) -> None:
    wrong = await s2.call("POST", "/login", {"email": "x", "password": "no such password"})
    assert (wrong.status, wrong.body["message"]) == (401, "Wrong email or password")
    s2.headers = {"X-S2-Organization": id_of("organization", "another")}
    other = await s2.call("GET", "/order")
    assert (other.status, "organization" in other.body["message"]) == (403, True)
    s2.headers = {}
    assert (await s2.call("GET", "/order")).status == 200
    s2.hq.clock.forward(timedelta(days=7))
    ended = await s2.call("GET", "/order")
    assert (ended.status, set(ended.body)) == (401, {"code", "message"})


async def test_a_fault_of_the_service_gives_a_reference_for_its_support(s2: S2) -> None:
    await s2.hq.call("PUT", "/hq/faults", role="operator", json={"status_500": 1, "prefix": "/order"})
    reply = await s2.call("GET", "/order")
    assert reply.status == 500
    assert re.search(r"reference [0-9a-f-]{36}", reply.body["message"])


async def test_an_assigned_order_has_a_fulfillment_of_s2s_own_whose_kind_is_a_text_there(s2: S2) -> None:
    said = {
        "signatureRequired": True,
        "method": 2,
        "orderType": 1,
        "customerNote": "Ring twice",
        "prepaidLabel": "T1",
    }
    await ordered(s2.hq, "O-1", {"s2": {**said, "prepaidLabel": "T1"}}, SKU_1=3)
    shown = (await s2.call("GET", f"/order/{id_of('order', 'O-1')}")).body
    (assigned,) = shown["fulfillments"]
    assert (shown["assignStatus"], assigned["channelFulfillmentId"]) == ("ASSIGNED", None)
    detail = (await s2.call("GET", f"/fulfillment/{assigned['id']}")).body
    assert (detail["orderType"], detail["method"], detail["customerNote"]) == ("B2B", 2, "Ring twice")
    (label,) = detail["shipments"][0]["labels"]
    assert (label["type"], label["trackingNumber"]) == ("PREPAID", "T1")
    picture = await s2.call("GET", f"/file/{label['filePath']}")
    assert (picture.status, picture.body[:4]) == (200, b"\x89PNG")
    assert (await s2.call("GET", f"/file/{label['filePath'].replace('O-1', 'O-2')}")).status == 404


async def test_attachments_have_no_key_and_their_answer_has_no_body(s2: S2) -> None:
    ident = (await s2.call("POST", "/fulfillment", wanted(None, parcel(SKU_1=1)))).body["id"]
    file = {"fileName": "听雨.jpg", "path": f"{ORGANIZATION}/2025-09-01/fulfillment/听雨.jpg", "type": "OTHER"}
    for _ in range(2):
        reply = await s2.call("POST", f"/fulfillment/{ident}/attachment/bulk-create", {"attachments": [file]})
        assert (reply.status, reply.body) == (201, b"")
    detail = (await s2.call("GET", f"/fulfillment/{ident}")).body
    assert [each["fileName"] for each in detail["attachments"]] == ["听雨.jpg", "听雨.jpg"]


async def test_products_and_orders_taken_in_here_are_the_truths(s2: S2) -> None:
    made = await s2.call("POST", "/product", {"sku": "N-1", "name": "Net", "serialNumberRequired": True})
    assert (made.status, made.body["serialNumberRequired"]) == (201, True)
    assert (await s2.call("POST", "/product", {"sku": "N-1", "name": "Net"})).status == 409
    account = (await s2.call("GET", "/account")).body["items"][0]["id"]
    wish = {
        "accountId": account,
        "channelOrderId": "W-1",
        "channelShippingMethod": "Expedited",
        "shippingAddress": {**NOWHERE, "name": "Ann", "countryId": "DE"},
        "channelOrderDate": "2025-09-01T08:00:00Z",
        "currencyId": "EUR",
        "items": [{"productId": made.body["id"], "quantity": 2}],
        "meta": {},
        "attachments": [],
    }
    taken = await s2.call("POST", "/order", wish)
    assert (taken.status, taken.body["shippingAddress"]["countryId"]) == (201, "DE")
    assert (await s2.call("POST", "/order", wish)).status == 409
    assert [each["order_id"] for each in (await s2.truth())["fulfillments"]] == ["W-1"]


async def test_the_stock_overview_adds_up_the_locations(s2: S2) -> None:
    overview = (await s2.call("GET", "/inventory/overview")).body
    assert [each["name"] for each in overview["warehouses"]] == ["wh_1"]
    assert {each["quantity"] for each in overview["items"]} == {10}


async def test_after_a_restart_every_id_is_the_same(tmp_path: Path) -> None:
    seen = []
    for run in range(2):
        async with running_hq(tmp_path / "hq.db", dialect="s2") as hq:
            s2 = S2(hq)
            if run == 0:
                await hq.with_products()
                await ordered(hq, "O-1", {"s2": {}}, SKU_1=1)
            await s2.sign_in()
            if run == 0:
                await s2.call("POST", "/fulfillment", wanted("O-1", parcel(SKU_1=1), channelFulfillmentId="c-1"))
            seen.append((await s2.call("GET", f"/order/{id_of('order', 'O-1')}")).body)
    assert seen[0] == seen[1]


def test_the_samples_of_the_seed_keep_to_the_contract(shared: Path) -> None:
    (file,) = (shared / "seeds").glob("004_*.txt")
    text = file.read_text(encoding="utf-8")
    request, answer = (text[text.index("{", text.index(title)) :] for title in ("Body Example", "Response Example"))
    sent, _ = json.JSONDecoder().raw_decode(request)
    got, _ = json.JSONDecoder().raw_decode(answer)
    operation = Contract.load("s2").operation("POST", "/fulfillment")
    assert operation is not None
    headers = {"Content-Type": "application/json"}
    assert operation.check_request({}, headers, json.dumps(sent).encode()) == []
    assert operation.check_answer(200, headers, json.dumps(got).encode()) == []
