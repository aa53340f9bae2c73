"""What is announced, received, put away and counted: booked once, whatever comes, and no unit is lost."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hq.site import Hq, Reply, running_hq


def asn(number: str = "asn-1", **more: Any) -> dict[str, Any]:
    lines = [{"sku": "SKU-1", "expectedQuantity": 10, "lineId": 7}, {"sku": "SKU-2", "expectedQuantity": 4}]
    named = {"clientId": "acme", "inboundType": "ASN", "clientASNId": number, "receivingNode": "wh_1"}
    return {**named, "asnLines": lines, **more}


def receipt(ident: str, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"receipt_id": ident, "warehouse_id": "wh_1", "lines": list(lines), **more}


def units(sku: str, qty: int, **more: Any) -> dict[str, Any]:
    return {"sku": sku, "qty": qty, **more}


async def announced(hq: Hq) -> str:
    made = await hq.post("/edge/receiving-asns", asn(), role="station")
    assert made.status == 201, made.text
    return str(made.body["receivingASNId"])


async def send(hq: Hq, path: str, body: Any) -> Reply:
    return await hq.post(path, body, role="station")


async def test_an_announcement_is_told_under_the_printed_names(stocked: Hq) -> None:
    ident = await announced(stocked)
    told = (await stocked.get(f"/edge/receiving-asns/{ident}", role="station")).body
    assert (told["clientASNId"], told["status"]) == ("asn-1", "expected")
    assert told["asnLines"][0] == {
        "PBlineId": 1, "sku": "SKU-1", "expectedQuantity": 10, "receivedQuantity": 0, "lineId": 7,
    }  # fmt: skip


async def test_the_same_announcement_again_is_the_same_one_and_another_content_is_refused(stocked: Hq) -> None:
    ident = await announced(stocked)
    again = await stocked.post("/edge/receiving-asns", asn())
    assert (again.status, again.body["receivingASNId"]) == (200, ident)
    other = await stocked.post("/edge/receiving-asns", asn(brand="other"))
    assert (other.status, other.code) == (409, "asn_exists")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"clientASNId": None}, "clientASNId is required"),
        ({"inboundType": "PO"}, "purchaseOrderNumber is required"),
        ({"vendorDetails": {"name": "x"}}, "code"),
        ({"brand": "x" * 31}, "brand"),
        ({"asnLines": []}, "asnLines"),
        ({"asnLines": [{"sku": "SKU-9", "expectedQuantity": 1}]}, "no product SKU-9"),
    ],
)
async def test_an_announcement_that_cannot_be_is_refused_by_name(
    stocked: Hq, change: dict[str, Any], word: str
) -> None:
    refused = await stocked.post("/edge/receiving-asns", asn(**change))
    assert refused.status == 422
    assert word in refused.message


async def test_announcements_are_found_by_house_order_and_state(stocked: Hq) -> None:
    await announced(stocked)
    po: dict[str, Any] = {
        "inboundType": "PO",
        "purchaseOrderNumber": "po-1",
        "clientASNId": None,
        "receivingNode": "wh_2",
    }
    await stocked.post("/edge/receiving-asns", asn(**po))
    for query, number in (
        ("receivingNode=wh_1", 1),
        ("purchaseOrderNumber=po-1", 1),
        ("status=received", 0),
        ("", 2),
    ):
        assert len((await stocked.get(f"/edge/receiving-asns?{query}")).body["items"]) == number, query


async def test_a_receipt_raises_what_was_received_and_waits_to_be_put_away(stocked: Hq) -> None:
    ident = await announced(stocked)
    body = receipt("r1", units("SKU-1", 6, lot="L1", expiry="2026-01-31"), receiving_asn_id=ident)
    took = await send(stocked, "/edge/receipts", body)
    assert (took.status, took.body["lines"][0]["PBlineId"], took.body["lines"][0]["unexpected"]) == (201, 1, False)
    told = (await stocked.get(f"/edge/receiving-asns/{ident}")).body
    assert (told["status"], [line["receivedQuantity"] for line in told["asnLines"]]) == ("partial", [6, 0])
    totals = await stocked.stock()
    assert (totals["received"], totals["receiving"], totals["on_hand"]) == (6, 6, 30)


async def test_the_same_receipt_counts_once_with_any_key_and_another_under_its_id_is_refused(stocked: Hq) -> None:
    first = await send(stocked, "/edge/receipts", receipt("r1", units("SKU-1", 6)))
    again = await send(stocked, "/edge/receipts", receipt("r1", units("SKU-1", 6)))
    assert (again.status, again.body) == (first.status, first.body)
    other = await send(stocked, "/edge/receipts", receipt("r1", units("SKU-1", 7)))
    assert (other.status, other.code) == (409, "receipt_id_reused")
    assert (await stocked.stock())["received"] == 6


async def test_more_less_and_other_than_announced_is_booked_as_hands_found_it(stocked: Hq) -> None:
    ident = await announced(stocked)
    body = receipt("r1", units("SKU-1", 12), units("SKU-3", 1), receiving_asn_id=ident)
    took = await send(stocked, "/edge/receipts", body)
    assert [line["unexpected"] for line in took.body["lines"]] == [False, True]
    told = (await stocked.get(f"/edge/receiving-asns/{ident}")).body
    assert [line["receivedQuantity"] for line in told["asnLines"]] == [12, 0]
    assert (await stocked.stock())["receiving"] == 13


async def test_a_delivery_is_received_by_its_purchase_order_or_blind(stocked: Hq) -> None:
    po: dict[str, Any] = {"inboundType": "PO", "purchaseOrderNumber": "po-1", "clientASNId": None}
    made = await stocked.post("/edge/receiving-asns", asn(**po))
    took = await send(stocked, "/edge/receipts", receipt("r1", units("SKU-1", 1), purchase_order_number="po-1"))
    assert took.body["receiving_asn_id"] == made.body["receivingASNId"]
    blind = await send(stocked, "/edge/receipts", receipt("r2", units("SKU-1", 1)))
    assert (blind.status, blind.body["receiving_asn_id"], blind.body["lines"][0]["unexpected"]) == (201, None, True)


async def test_damaged_goods_go_to_quarantine_and_cannot_be_put_away(stocked: Hq) -> None:
    await send(stocked, "/edge/receipts", receipt("r1", units("SKU-1", 2, condition="damaged")))
    assert (await stocked.stock())["quarantine"] == 2
    line = {"sku": "SKU-1", "qty": 1, "location_id": "A-01-1"}
    refused = await send(stocked, "/edge/put-aways", {"put_away_id": "p1", "lines": [line]})
    assert (refused.status, refused.code) == (409, "not_received")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (units("SKU-9", 1), "unknown_product"),
        (units("SKU-1", 1, serials=["a", "b"]), "too_many_serials"),
        (units("SKU-1", 1, PBlineId=9), "unknown_line"),
        (units("SKU-1", 0), "invalid"),
    ],
)
async def test_a_receipt_is_taken_whole_or_not_at_all(stocked: Hq, line: dict[str, Any], code: str) -> None:
    ident = await announced(stocked)
    refused = await send(stocked, "/edge/receipts", receipt("r1", units("SKU-1", 3), line, receiving_asn_id=ident))
    assert (refused.status, refused.code) == (422, code)
    assert "received" not in await stocked.stock()
    told = (await stocked.get(f"/edge/receiving-asns/{ident}")).body
    assert told["asnLines"][0]["receivedQuantity"] == 0


async def test_goods_put_away_are_stock_that_orders_can_have(stocked: Hq) -> None:
    await send(stocked, "/edge/receipts", receipt("r1", units("SKU-1", 5)))
    body = {"put_away_id": "p1", "lines": [{"sku": "SKU-1", "qty": 5, "location_id": "A-10-1"}]}
    first = await send(stocked, "/edge/put-aways", body)
    assert (await send(stocked, "/edge/put-aways", body)).body == first.body
    assert (await stocked.get("/edge/stock?location_id=A-10-1&sku=SKU-1")).body["items"][0]["available"] == 5
    assert "receiving" not in await stocked.stock()
    ident = await stocked.order("o1", SKU_1=15)
    assert (await stocked.post("/allocations/request", {"fulfillment_id": ident})).body["status"] == "allocated"


async def test_goods_cannot_be_put_where_no_shelf_is(stocked: Hq) -> None:
    await send(stocked, "/edge/receipts", receipt("r1", units("SKU-1", 5)))
    body = {"put_away_id": "p1", "lines": [{"sku": "SKU-1", "qty": 5, "location_id": "Z-99"}]}
    refused = await send(stocked, "/edge/put-aways", body)
    assert (refused.status, refused.code) == (422, "unknown_location")
    assert (await stocked.stock())["receiving"] == 5


async def test_a_count_books_the_difference_once(stocked: Hq) -> None:
    body = {"count_id": "c1", "lines": [
        {"location_id": "A-01-1", "sku": "SKU-1", "qty": 7}, {"location_id": "A-02-1", "sku": "SKU-2", "qty": 13},
    ]}  # fmt: skip
    first = await send(stocked, "/edge/counts", body)
    assert [(line["was"], line["difference"]) for line in first.body["lines"]] == [(10, -3), (10, 3)]
    assert (await send(stocked, "/edge/counts", body)).body == first.body
    totals = await stocked.stock()
    assert (totals["on_hand"], totals["adjusted"]) == (30, 0)


async def test_a_count_below_what_orders_were_promised_says_so_and_books_nothing(stocked: Hq) -> None:
    ident = await stocked.order("o1", SKU_1=8)
    await stocked.post("/allocations/request", {"fulfillment_id": ident})
    line = {"location_id": "A-01-1", "sku": "SKU-1", "qty": 7}
    refused = await send(stocked, "/edge/counts", {"count_id": "c1", "lines": [line]})
    assert (refused.status, refused.code) == (409, "below_reserved")
    assert "Mark those picks short" in refused.message
    await stocked.stock()


async def test_the_truth_tells_what_came_in_without_ids_of_hqs_own(stocked: Hq) -> None:
    await send(stocked, "/edge/receipts", receipt("r1", units("SKU-1", 5)))
    away = {"put_away_id": "p1", "lines": [{"sku": "SKU-1", "qty": 5, "location_id": "A-01-1"}]}
    await send(stocked, "/edge/put-aways", away)
    count = {"count_id": "c1", "lines": [{"location_id": "A-01-1", "sku": "SKU-1", "qty": 14}]}
    await send(stocked, "/edge/counts", count)
    truth = (await stocked.get("/hq/truth")).body
    assert truth["receipts"] == [{"receipt_id": "r1", "lines": [{"sku": "SKU-1", "qty": 5, "condition": "good"}]}]
    assert truth["put_aways"] == [away]
    assert truth["counts"][0]["lines"] == [{**count["lines"][0], "difference": -1}]  # type: ignore[dict-item]


ACTS = st.lists(
    st.tuples(st.sampled_from(["receive", "damage", "away", "count", "pick"]), st.integers(1, 8), st.booleans()),
    max_size=14,
)


@settings(max_examples=15, deadline=None)
@given(ACTS)
async def test_whatever_comes_and_is_counted_the_ledger_balances(acts: list[tuple[str, int, bool]]) -> None:

    with tempfile.TemporaryDirectory() as folder:
        async with running_hq(Path(folder) / "hq.db") as hq:
            await hq.with_products()
            for number, (act, qty, twice) in enumerate(acts):
                shelf = {"location_id": "A-01-1", "sku": "SKU-1", "qty": qty}
                path, body = {
                    "receive": ("/edge/receipts", receipt(f"r{number}", units("SKU-1", qty))),
                    "damage": ("/edge/receipts", receipt(f"r{number}", units("SKU-1", qty, condition="damaged"))),
                    "away": ("/edge/put-aways", {"put_away_id": f"p{number}", "lines": [shelf]}),
                    "count": ("/edge/counts", {"count_id": f"c{number}", "lines": [shelf]}),
                    "pick": ("/fulfillments", None),
                }[act]
                if body is None:
                    ident = await hq.order(f"o{number}", SKU_1=qty)
                    waved = await hq.post("/picklists", {"warehouse_id": "wh_1", "fulfillment_ids": [ident]})
                    assert waved.status in {201, 409}
                else:
                    told = [(await send(hq, path, body)).status for _ in range(1 + twice)]
                    assert set(told) <= {201, 409}
                totals = await hq.stock()
                assert min(totals.values()) >= 0 or totals["adjusted"] < 0
