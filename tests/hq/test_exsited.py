"""Exsited's API over the one truth: wrappers, numbers as text, pages, lost sessions, one effect for one id."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.hq.exsited_client import CASES, REDIRECT, Exsited
from tests.hq.site import SECRETS, Hq, running_hq

HEADER = {
    "status", "date", "id", "order_id", "invoice_id", "tracking_number", "note", "fulfillments", "created_by",
    "created_on", "last_updated_by", "last_updated_on", "uuid", "version",
}  # fmt: skip
LISTED_LINE = {
    "fulfilled_quantity", "fulfillment_left", "item_id", "item_name", "line_uuid", "uom", "warehouse",
}  # fmt: skip
DETAIL_LINE = {"item_uuid", "item_id", "uom", "warehouse", "fulfillment_quantity", "fulfillment_left", "uuid"}


@pytest.fixture
async def hq(tmp_path: Path) -> AsyncIterator[Hq]:
    async with running_hq(tmp_path / "hq.db", dialect="exsited") as running:
        await running.with_products()
        yield running


@pytest.fixture
async def api(hq: Hq) -> AsyncIterator[Exsited]:
    async with Exsited.of(hq) as made:
        yield made


def message(reply: Any) -> tuple[int, str]:
    (error,) = reply.body["errors"]
    return error["code"], error["message"]


async def truth(hq: Hq) -> Any:
    return (await hq.get("/hq/truth")).body


# --- the four reads of the seed ---------------------------------------------------------------------------------


async def test_each_of_the_four_reads_has_the_wrapper_and_the_names_that_only_it_has(hq: Hq, api: Exsited) -> None:
    await hq.order("O-1", SKU_1=3)
    assert (await api.fulfil("O-1", 2, status="SHIPPED")).status == 201
    everywhere = await api.get("/v3/item-fulfillments")
    assert set(everywhere) == {"item-fulfillments", "pagination"}
    (listed,) = everywhere["item-fulfillments"]
    one = await api.get("/v3/item-fulfillments/FF-1")
    of_invoice = await api.get("/v3/invoices/INV-O-1/item-fulfillments")
    one_of_invoice = await api.get("/v3/invoices/INV-O-1/item-fulfillments/FF-1")
    assert set(one) == {"item_fulfillment"}
    assert set(of_invoice["invoice"]) == {"item_fulfillments", "pagination"}
    assert of_invoice["invoice"]["item_fulfillments"] == [one["item_fulfillment"]]
    assert one_of_invoice == {"invoice": one}
    assert set(listed) == set(one["item_fulfillment"]) == HEADER
    assert set(listed["fulfillments"][0]) == LISTED_LINE
    assert set(one["item_fulfillment"]["fulfillments"][0]) == DETAIL_LINE


async def test_quantities_and_versions_are_text_days_are_days_and_warehouses_go_by_name(hq: Hq, api: Exsited) -> None:
    await hq.order("O-1", SKU_1=3)
    await api.fulfil("O-1", 2, status="SHIPPED")
    (listed,) = (await api.get("/v3/item-fulfillments"))["item-fulfillments"]
    (line,) = listed["fulfillments"]
    assert (listed["version"], listed["date"], listed["created_on"]) == ("1", "2025-09-01", "2025-09-01T08:00:00Z")
    assert (line["fulfilled_quantity"], line["fulfillment_left"]) == ("2.000000", "1.000000")
    assert line["warehouse"] == "Warehouse wh_1"
    assert (await api.get("/v2/settings/warehouses"))["warehouses"][0]["name"] == "Warehouse wh_1"


async def test_the_last_page_is_followed_by_the_text_null_and_the_first_comes_after_nothing(
    hq: Hq, api: Exsited
) -> None:
    for number in range(3):
        await hq.order(f"O-{number}", SKU_1=1)
    first = (await api.get("/v3/invoices?limit=2"))["pagination"]
    last = (await api.get("/v3/invoices?limit=2&offset=2"))["pagination"]
    assert (first["records"], first["previous_page"]) == (3, "")
    assert first["next_page"].endswith("/api/v3/invoices?limit=2&offset=2")
    assert (last["next_page"], last["previous_page"]) == ("NULL", first["next_page"].replace("offset=2", "offset=0"))
    assert (await api.get("/v3/item-fulfillments"))["pagination"]["limit"] == 20


async def test_rows_move_between_pages_when_something_is_added(hq: Hq, api: Exsited) -> None:
    for number in range(3):
        hq.clock.forward(timedelta(seconds=1))
        await hq.order(f"O-{number}", SKU_1=1)
    newest_first = "/v3/invoices?order_by=created_on&direction=desc&limit=2"
    first = [each["order_id"] for each in (await api.get(newest_first))["invoices"]]
    hq.clock.forward(timedelta(seconds=1))
    await hq.order("O-9", SKU_1=1)
    second = [each["order_id"] for each in (await api.get(newest_first + "&offset=2"))["invoices"]]
    assert (first, second) == (["O-2", "O-1"], ["O-1", "O-0"])


async def test_filters_know_days(hq: Hq, api: Exsited) -> None:
    await api.buy("PO-1", {"item_id": "SKU-1", "item_quantity": 1})
    hq.clock.forward(timedelta(days=1))
    await api.sign_in()
    await api.buy("PO-2", {"item_id": "SKU-1", "item_quantity": 1})

    async def found(filtered: str) -> list[str]:
        query = f"/v3/purchase-orders?direction=asc&filter=purchase-order/{filtered}"
        return [each["id"] for each in (await api.get(query))["purchase_orders"]]

    assert await found("created_on ge datetime'2025-09-02'") == ["PO-2"]
    assert await found("created_on lt datetime'2025-09-02'") == ["PO-1"]
    assert await found("status eq 'ACTIVE'") == ["PO-1", "PO-2"]
    bad = await api.call("GET", "/v3/purchase-orders?filter=purchase-order/created_on ge datetime'tomorrow'")
    assert message(bad) == (400, "filter: tomorrow is not a day as YYYY-MM-DD.")


# --- fulfilling -------------------------------------------------------------------------------------------------


async def test_the_same_id_twice_is_refused_and_has_one_effect(hq: Hq, api: Exsited) -> None:
    await hq.order("O-1", SKU_1=3)
    assert (await api.fulfil("O-1", 1, id="FF-A", status="SHIPPED")).status == 201
    again = await api.fulfil("O-1", 1, id="FF-A", status="SHIPPED")
    assert message(again) == (400, "id: there is an item fulfillment FF-A already.")
    (told,) = (await truth(hq))["fulfillments"]
    assert (told["shipments"], told["lines"][0]["packed"], (await hq.stock())["shipped"]) == (1, 1, 1)


async def test_more_than_is_left_is_refused_and_books_nothing(hq: Hq, api: Exsited) -> None:
    await hq.order("O-1", SKU_1=3)
    await api.fulfil("O-1", 2, status="SHIPPED")
    code, sentence = message(await api.fulfil("O-1", 2))
    assert (code, "fulfillment_left" in sentence, sentence.endswith("is 1.000000 EACH.")) == (400, True, True)
    assert (await hq.stock())["shipped"] == 2


@pytest.mark.parametrize(
    ("status", "expected", "shipped"),
    [("PENDING", "created", 0), ("PICKED", "picking", 0), ("SHIPPED", "picking", 2), ("CLOSED", "shipped", 2)],
)
async def test_a_status_says_what_becomes_of_the_goods(
    hq: Hq, api: Exsited, status: str, expected: str, shipped: int
) -> None:
    await hq.order("O-1", SKU_1=3, SKU_2=1)
    assert (await api.fulfil("O-1", 2, status=status)).status == 201
    assert (await truth(hq))["fulfillments"][0]["status"] == expected
    assert (await hq.stock())["shipped"] == shipped


async def test_an_invoice_may_be_fulfilled_in_parts(hq: Hq, api: Exsited) -> None:
    await hq.order("O-1", SKU_1=3)
    for _ in range(3):
        assert (await api.fulfil("O-1", 1, status="SHIPPED")).status == 201
    (told,) = (await truth(hq))["fulfillments"]
    assert (told["status"], told["packages"]["count"], (await hq.stock())["shipped"]) == ("shipped", 3, 3)


async def test_a_line_may_be_written_in_cases_and_the_truth_counts_pieces(hq: Hq, api: Exsited) -> None:
    await hq.import_lines("products", [CASES])
    await hq.import_lines("stock", [{"location_id": "A-11-1", "sku": "SKU-9", "quantity": 48, "reference": "o"}])
    line = {"order_line_id": "1", "sku": "SKU-9", "quantity": 36, "attributes": {"uom": "CASE-12"}}
    made = await hq.post("/fulfillments", {"order_id": "O-1", "warehouse_id": "wh_1", "lines": [line]})
    assert made.status == 201, made.text
    (sold,) = (await api.get("/v3/invoices/INV-O-1"))["invoice"]["lines"]
    assert (sold["item_order_quantity"], sold["item_uom"]) == ("3.000000", "CASE-12")
    reply = await api.fulfil("O-1", "2.500000")
    (told,) = reply.body["item_fulfillment"]["fulfillments"]
    assert (told["fulfillment_quantity"], told["fulfillment_left"]) == ("2.500000", "0.500000")
    assert (await hq.stock())["shipped"] == 30
    assert (await truth(hq))["fulfillments"][0]["packages"]["weight"] == 30 * 500


async def test_what_another_station_shipped_is_shown_as_fulfilled(hq: Hq, api: Exsited) -> None:
    ident = await hq.picked("O-1", SKU_1=2)
    box = {"package_id": "box-1", "weight": 900, "items": [{"line_id": "O-1-1", "qty": 2}]}
    await hq.pack(ident, box, seal=True)
    await hq.post("/shipments", {"fulfillment_id": ident, "packages": [{"package_id": "box-1"}]})
    (listed,) = (await api.get("/v3/item-fulfillments"))["item-fulfillments"]
    assert (listed["id"], listed["order_id"], listed["fulfillments"][0]["fulfillment_left"]) == (
        "FF-00000001",
        "O-1",
        "0.000000",
    )
    patched = await api.call("PATCH", "/v3/item-fulfillments/FF-00000001", {"item_fulfillment": {"note": "x"}})
    assert patched.status == 403


@pytest.mark.parametrize("path", ["", "/information"])
async def test_a_late_tracking_number_can_be_patched_and_the_status_cannot(hq: Hq, api: Exsited, path: str) -> None:
    await hq.order("O-1", SKU_1=1)
    await api.fulfil("O-1", 1)
    where = f"/v3/item-fulfillments/FF-1{path}"
    patched = await api.call("PATCH", where, {"item_fulfillment": {"tracking_number": "1Z9"}})
    assert (patched.body["item_fulfillment"]["tracking_number"], patched.body["item_fulfillment"]["version"]) == (
        "1Z9",
        "2",
    )
    (shipment,) = (await hq.get("/shipments")).body["items"]
    assert shipment["carrier_tracking_number"] == "1Z9"
    assert (await api.call("PATCH", where, {"item_fulfillment": {"status": "PENDING"}})).status == 400


async def test_ids_are_the_same_after_a_restart(tmp_path: Path) -> None:
    seen = []
    for number in range(2):
        async with running_hq(tmp_path / "hq.db", dialect="exsited") as hq, Exsited.of(hq) as api:
            if number == 0:
                await hq.with_products()
                await hq.order("O-1", SKU_1=1)
            seen.append((await api.get("/v3/invoices"))["invoices"])
    assert seen[0] == seen[1]


# --- what comes in ----------------------------------------------------------------------------------------------


async def receive(api: Exsited, ident: str, uuid: str, quantity: Any) -> Any:
    lines = [{"uuid": uuid, "receipt_quantity": quantity}]
    body = {"receipt_status": "PENDING", "date": "2025-09-01", "id": ident, "receipts": lines}
    return await api.call("POST", "/v2/purchase-orders/PO-1/item-receipts", {"item-receipt": body})


async def test_a_receipt_is_booked_once_and_never_beyond_the_order(hq: Hq, api: Exsited) -> None:
    bought = await api.buy("PO-1", {"item_id": "SKU-1", "item_quantity": 10})
    uuid = bought["lines"][0]["uuid"]
    made = await receive(api, "IR-A", uuid, "4.000000")
    (line,) = made.body["item_receipt"]["receipts"]
    assert (line["receipt_quantity"], line["receipt_left"]) == ("4.000000", "6.000000")
    assert message(await receive(api, "IR-A", uuid, 4))[0] == 400
    assert message(await receive(api, "IR-B", uuid, 7))[0] == 400
    assert ((await hq.stock())["adjusted"], (await hq.stock())["on_hand"]) == (4, 34)
    of_order = await api.get("/v3/purchase-orders/PO-1/item-receipts")
    assert [each["id"] for each in of_order["purchase_order"]["item_receipts"]] == ["IR-A"]
    body = {"item-receipt": {"note": "late"}}
    assert (await api.call("PATCH", "/v3/item-receipts/IR-A", body)).body["item_receipt"]["note"] == "late"


async def test_a_return_is_received_up_to_what_was_agreed(hq: Hq, api: Exsited) -> None:
    await hq.order("O-1", SKU_1=2)
    await api.fulfil("O-1", 2)
    (line,) = (await api.get("/v3/invoices/INV-O-1"))["invoice"]["lines"]
    back = [{"rma_quantity": 2, "item_uuid": line["item_uuid"], "uuid": line["uuid"]}]
    body = {"return_merchandise_authorisations": {"id": "RMA-1", "date": "2025-09-01", "returns": back}}
    await api.call("POST", "/v3/invoices/INV-O-1/return-merchandise-authorisations", body)
    where = "/v2/invoices/INV-O-1/return-merchandise-authorisations/RMA-1"
    came = [{"rma_receive_quantity": "1.000000", "uuid": line["uuid"]}]
    wrapped = {"receive_return_merchandise_authorisations": {"receive_returns": came}}
    assert (await api.call("POST", f"{where}/receive", wrapped)).status == 201
    told = (await api.get(where))["return_merchandise_authorisation"]
    assert (told["status"], told["returns"][0]["rma_left"]) == ("PENDING", "1.000000")
    came[0]["rma_receive_quantity"] = "2.000000"
    assert (await api.call("POST", f"{where}/receive", wrapped)).status == 400
    assert len((await api.get(f"{where}/receive"))["receive_return_merchandise_authorisations"]) == 1


async def test_only_the_office_orders_goods(hq: Hq) -> None:
    async with Exsited.of(hq, "station") as station:
        lines = [{"item_id": "SKU-1", "item_quantity": 1}]
        body = {"id": "PO-1", "account_id": "S", "issue_date": "2025-09-01", "lines": lines}
        assert message(await station.call("POST", "/v3/purchase-orders", {"purchase_order": body}))[0] == 403


# --- sessions ---------------------------------------------------------------------------------------------------


async def test_a_session_that_ended_is_answered_with_a_redirect_to_the_login_page(hq: Hq, api: Exsited) -> None:
    assert (await api.call("GET", "/v3/invoices")).status == 200
    hq.clock.forward(timedelta(seconds=3601))
    ended = await api.call("GET", "/v3/invoices")
    assert (ended.status, ended.headers["Location"]) == (302, "/login")
    without = await api.call("GET", "/v3/invoices", token="")
    assert (without.status, message(without)[0]) == (401, 401)


async def test_a_refresh_token_works_once_and_an_unknown_one_is_a_400(hq: Hq, api: Exsited) -> None:
    first = api.refresh
    assert (await api.sign_in(grant_type="refresh_token", refresh_token=first)).status == 200
    assert (await api.call("GET", "/v3/invoices")).status == 200
    assert message(await api.sign_in(grant_type="refresh_token", refresh_token=first))[0] == 400
    assert message(await api.sign_in("nobodys-secret-at-all"))[0] == 401


@pytest.mark.parametrize("left_out", ["client_id", "client_secret", "redirect_uri", "grant_type"])
async def test_a_token_wants_all_four_values_as_json(hq: Hq, api: Exsited, left_out: str) -> None:
    body = {"grant_type": "client_credentials", "client_id": "x", "redirect_uri": REDIRECT}
    body["client_secret"] = SECRETS["station"]
    del body[left_out]
    assert message(await api.call("POST", "/v1/oauth2/token", body, token=""))[0] == 400


async def test_a_lost_reply_leaves_its_effect(hq: Hq, api: Exsited) -> None:
    await hq.order("O-1", SKU_1=1)
    await hq.call("PUT", "/hq/faults", role="operator", json={"status_500": 1, "prefix": "/api/"})
    assert message(await api.call("GET", "/v3/invoices"))[0] == 500
    await hq.call("PUT", "/hq/faults", role="operator", json={})
    assert (await api.call("GET", "/v3/invoices/INV-O-2")).status == 404
    assert message(await api.call("GET", "/v3/nothing"))[0] == 404
