from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hq.site import DEADLINE_S, SECRETS, Hq, order, running_hq

TEA = {"sku": "SKU-1", "name": "Tea", "gtin": "2900000000018", "location_id": "A-01-1", "units_in_stock": 39}


async def test_bad_lines_are_told_by_line_field_and_value_and_the_good_ones_count(stocked: Hq) -> None:
    bad_quantity = order("ord_2", SKU_1=1)
    bad_quantity["lines"][0]["quantity"] = -3
    job = await stocked.import_lines(
        "fulfillments",
        [
            order("ord_1", SKU_1=1),
            bad_quantity,
            b"{not json",
            b"",
            order("ord_3", SKU_1=1) | {"colour": "red"},
            order("ord_4", SKU_9=1),
            b"\xff\xfe",
            order("ord_5", SKU_1=1),
        ],
    )
    assert {name: job[name] for name in ("total", "accepted", "already_there", "rejected")} == {
        "total": 7,
        "accepted": 2,
        "already_there": 0,
        "rejected": 5,
    }
    told = {error["line"]: error for error in job["errors"]}
    assert sorted(told) == [2, 3, 5, 6, 7]
    assert told[2]["message"] == "line 2: lines.0.quantity: Input should be greater than 0 (got -3)."
    assert told[2]["value"] == "-3"
    assert told[3]["message"].startswith("line 3: Invalid JSON")
    assert told[3]["value"] == "{not json"
    assert told[5]["message"] == 'line 5: colour: Extra inputs are not permitted (got "red").'
    assert told[6]["message"] == "line 6: lines.0.sku: there is no product SKU-9 here. Import products first."
    assert told[6]["value"] == '"SKU-9"'
    orders = (await stocked.get("/fulfillments")).body["items"]
    assert [each["order_id"] for each in orders] == ["ord_1", "ord_5"]


async def test_an_order_imported_again_is_told_as_already_there_and_not_doubled(stocked: Hq) -> None:
    lines = [order("ord_1", SKU_1=1), order("ord_2", SKU_1=1)]
    await stocked.import_lines("fulfillments", lines)
    again = await stocked.import_lines("fulfillments", [*lines, order("ord_1", SKU_1=7)])
    assert (again["accepted"], again["already_there"], again["rejected"]) == (0, 2, 1)
    assert "line 3: order_id: ord_1 is here already as ful_" in again["errors"][0]["message"]
    assert len((await stocked.get("/fulfillments")).body["items"]) == 2


async def test_products_make_their_location_and_remember_stock_without_booking_any(hq: Hq) -> None:
    given = TEA | {
        "barcodes": [{"barcode": "CASE-1", "multiplier": 12}],
        "picture_url": "https://example.com/tea.png",
    }
    job = await hq.import_lines("products", [given])
    assert job["accepted"] == 1
    (product,) = (await hq.get("/edge/products", role="station")).body["items"]
    assert {name: product[name] for name in given} == given
    assert (await hq.get("/edge/locations", role="station")).body["items"] == [
        {"location_id": "A-01-1", "warehouse_id": "wh_1", "zone": "A"}
    ]
    assert (await hq.get("/edge/stock")).body["items"] == []
    assert (await hq.stock())["opening"] == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"gtin": "2900000000019"}, "gtin: Value error, its check digit should be 8"),
        ({"gtin": "123"}, "gtin"),
        ({"nominal_weight_g": 0}, "nominal_weight_g"),
        ({"location_id": "@picked"}, "location_id"),
        ({"picture_url": "javascript:x"}, "picture_url"),
        ({"sku": "SKU-2"}, "gtin: 2900000000018 is already a code of SKU-1"),
        (
            {"sku": "SKU-2", "gtin": None, "barcodes": [{"barcode": "2900000000018", "multiplier": 1}]},
            "barcodes.0.barcode: 2900000000018 is already a code of SKU-1",
        ),
    ],
)
async def test_a_wrong_product_is_rejected_whole(hq: Hq, change: dict[str, object], said: str) -> None:
    job = await hq.import_lines("products", [TEA, TEA | {"location_id": "B-01-1"} | change])
    assert (job["accepted"], job["rejected"]) == (1, 1)
    assert said in job["errors"][0]["message"]
    assert [each["location_id"] for each in (await hq.get("/edge/locations")).body["items"]] == ["A-01-1"]


async def test_a_station_asks_for_products_changed_since_its_watermark(hq: Hq) -> None:
    others = [{"sku": f"SKU-{n}", "name": "x", "location_id": "B-01-1"} for n in range(2, 6)]
    await hq.import_lines("products", [TEA, *others])
    skus, query = [], "?limit=2"
    while True:
        page = (await hq.get(f"/edge/products{query}")).body
        skus += [each["sku"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        query = f"?limit=2&cursor={page['next_cursor']}"
    assert skus == [f"SKU-{n}" for n in range(1, 6)]
    since = f"/edge/products?since={page['watermark']}"
    nothing = (await hq.get(since)).body
    assert (nothing["items"], nothing["watermark"]) == ([], page["watermark"])
    job = await hq.import_lines("products", [TEA, others[0] | {"name": "y"}])
    assert (job["already_there"], job["accepted"]) == (1, 1)
    assert [each["sku"] for each in (await hq.get(since)).body["items"]] == ["SKU-2"]


async def test_stock_is_booked_once_for_each_reference(hq: Hq) -> None:
    await hq.import_lines("products", [TEA])
    opening = {"location_id": "A-01-1", "sku": "SKU-1", "quantity": 10, "reference": "open"}
    counted = opening | {"quantity": -3, "reference": "count-1"}
    first = await hq.import_lines("stock", [opening, counted, opening])
    assert (first["accepted"], first["already_there"]) == (2, 1)
    other = await hq.import_lines("stock", [opening | {"quantity": 11}])
    assert "reference: open already booked 10" in other["errors"][0]["message"]
    assert await hq.stock() == {"opening": 10, "adjusted": -3, "on_hand": 7, "picked": 0, "shipped": 0}
    movements = (await hq.get("/edge/stock/movements?sku=SKU-1")).body["items"]
    assert [(m["kind"], m["from_place"], m["to_place"], m["quantity"]) for m in movements] == [
        ("opening", "@outside", "A-01-1", 10),
        ("adjustment", "A-01-1", "@outside", 3),
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sku": "SKU-9"}, "sku: there is no product SKU-9"),
        ({"location_id": "Z-9"}, "location_id: there is no location Z-9"),
        ({"quantity": -8}, "quantity: A-01-1 has 10 of SKU-1, 3 of them reserved; 8 cannot go."),
        ({"quantity": 1.5}, "quantity"),
    ],
)
async def test_a_stock_line_that_cannot_be_is_rejected(stocked: Hq, change: dict[str, object], said: str) -> None:
    await stocked.wave(await stocked.order("ord_1", SKU_1=3))
    line = {"location_id": "A-01-1", "sku": "SKU-1", "quantity": 1, "reference": "r1"}
    job = await stocked.import_lines("stock", [line | change])
    assert said in job["errors"][0]["message"]


async def test_an_import_sent_again_with_its_key_is_the_same_job(stocked: Hq) -> None:
    first = await stocked.import_lines("fulfillments", [order("ord_1", SKU_1=1)], key="import-1")
    again = await stocked.import_lines("fulfillments", [order("ord_1", SKU_1=1)], key="import-1")
    assert again == first
    assert again["accepted"] == 1
    assert stocked.store.db.execute("SELECT count(*) FROM import_chunk").fetchone()[0] == 0


@pytest.mark.parametrize(
    ("query", "kind", "status"),
    [
        ("?kind=people", "application/x-ndjson", 422),
        ("?kind=stock", "application/json", 400),
        ("", "text/plain", 400),
    ],
)
async def test_an_import_of_another_kind_is_refused(hq: Hq, query: str, kind: str, status: int) -> None:
    headers = {"Content-Type": kind, "Idempotency-Key": "k"}
    assert (await hq.call("POST", f"/imports{query}", headers=headers, data=b"{}")).status == status


async def test_a_line_or_body_beyond_its_limit_is_refused_and_leaves_nothing(hq: Hq) -> None:
    headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": "k"}
    for data, code in ((b"x" * 1_500_000, "line_too_long"), (b"{%s}\n" % (b" " * 100_000) * 680, "too_large")):
        refused = await hq.call("POST", "/imports?kind=stock", headers=headers, data=io.BytesIO(data))
        assert (refused.status, refused.code) == (413, code)
    assert hq.store.db.execute("SELECT count(*) FROM import_chunk").fetchone()[0] == 0


async def test_an_import_larger_than_other_bodies_may_be_is_taken(hq: Hq) -> None:
    job = await hq.import_lines(
        "products", [TEA | {"sku": f"S-{n}", "gtin": None, "name": "n" * 199} for n in range(300)]
    )
    assert job["accepted"] == 300
    padded = b" " * 1_000_000 + b"\n"
    headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": "big"}
    taken = await hq.call("POST", "/imports?kind=products", headers=headers, data=io.BytesIO(padded * 9))
    assert (taken.status, taken.body["total"]) == (202, 0)


async def test_station_calls_are_answered_while_an_import_is_worked(hq: Hq) -> None:
    lines = b"\n".join(b'{"sku":"S-%d","name":"n","location_id":"A-1"}' % n for n in range(5000))
    headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": "big"}
    started = await hq.call("POST", "/imports?kind=products", headers=headers, data=lines)
    seen: set[int] = set()
    async with asyncio.timeout(DEADLINE_S):
        while len(seen) < 3:
            seen.add((await hq.get(f"/imports/{started.body['job_id']}")).body["accepted"])
    assert (await hq.imported(started.body["job_id"]))["accepted"] == 5000


async def test_an_upload_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    async with running_hq(tmp_path / "hq.db") as hq:
        host, port = hq.url.removeprefix("http://").split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            f"POST /v1/fulfillment/imports?kind=stock HTTP/1.1\r\nHost: {host}:{port}\r\nIdempotency-Key: k\r\n"
            f"Authorization: Bearer {SECRETS['office']}\r\nContent-Type: application/x-ndjson\r\n"
            "Content-Length: 1000000\r\n\r\n".encode()
        )
        writer.write(b"{}\n" * 100_000)
        await writer.drain()
        await until(hq, lambda: chunks(hq) > 0)
        writer.close()
        await until(hq, lambda: chunks(hq) == 0)
        assert hq.store.db.execute("SELECT count(*) FROM import_job").fetchone()[0] == 0


def chunks(hq: Hq) -> int:
    return int(hq.store.db.execute("SELECT count(*) FROM import_chunk").fetchone()[0])


async def until(hq: Hq, fact: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not fact():
            await hq.get("/health", role="")
