from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.hq.site import Hq, package

SSCC = "000000000000000017"


@pytest.fixture
async def picked(stocked: Hq) -> str:
    """A fulfillment with 3 teas and 2 breads picked."""
    return await stocked.picked("ord_1", SKU_1=3, SKU_2=2)


async def test_the_clients_package_id_is_adopted_and_a_missing_one_is_made(stocked: Hq, picked: str) -> None:
    nameless = {key: value for key, value in package("", 700, a=("ord_1-2", 2)).items() if key != "package_id"}
    packed = await stocked.pack(picked, package("box-1", 1200, a=("ord_1-1", 3)), nameless)
    first, second = packed.body["packages"]
    assert first == {"package_id": "box-1", "client_package_id": "box-1"}
    assert second["package_id"].startswith("pkg_")
    assert packed.body["ready_to_ship"] is True


async def test_a_package_keeps_weight_size_sscc_and_serials(stocked: Hq, picked: str) -> None:
    dims = {"l": 30, "w": 20.5, "h": 10}
    given = package("box-1", 1200, a=("ord_1-1", 2)) | {"sscc": SSCC, "metadata": {"tote": "T1"}, "dims": dims}
    given["items"][0]["serials"] = ["S1", "S2"]
    assert (await stocked.pack(picked, given)).status == 200
    (kept,) = (await stocked.get(f"/fulfillments/{picked}")).body["packages"]
    assert (kept["weight"], kept["dimensions"], kept["sscc"], kept["sealed"]) == (1200, dims, SSCC, False)
    assert kept["items"] == [{"line_id": "ord_1-1", "qty": 2, "serials": ["S1", "S2"]}]


async def test_more_than_was_picked_is_refused_naming_line_picked_and_packed(stocked: Hq, picked: str) -> None:
    await stocked.pack(picked, package("box-1", 1200, a=("ord_1-1", 2)))
    refused = await stocked.pack(picked, package("box-2", 900, a=("ord_1-1", 2)))
    assert (refused.status, refused.code) == (422, "more_than_picked")
    assert refused.body["error"]["details"] == {"line": "ord_1-1", "packed": 4, "picked": 3}
    packages = (await stocked.get(f"/fulfillments/{picked}")).body["packages"]
    assert [each["package_id"] for each in packages] == ["box-1"]


async def test_an_open_package_is_packed_anew_and_a_sealed_one_never(stocked: Hq, picked: str) -> None:
    await stocked.pack(picked, package("box-1", 1200, a=("ord_1-1", 3)))
    await stocked.pack(picked, package("box-1", 800, a=("ord_1-1", 1), b=("ord_1-2", 2)))
    sealed = await stocked.post("/pack-stations/p1/seal", {"package_id": "box-1"})
    assert (sealed.body["weight"], sealed.body["label"]) == (800, {"status": "label_pending"})
    for again in (
        await stocked.pack(picked, package("box-1", 900, a=("ord_1-1", 1))),
        await stocked.post("/pack-stations/p1/seal", {"package_id": "box-1"}),
    ):
        assert (again.status, again.code) == (409, "package_sealed")
        assert again.body["error"]["details"]["weight"] == 800


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"weight": 0}, 422, "invalid"),
        ({"weight": 1200.5}, 422, "invalid"),
        ({"items": []}, 422, "invalid"),
        ({"sscc": "000000000000000018"}, 422, "invalid"),
        ({"dims": {"l": 30, "w": 20}}, 422, "invalid"),
        ({"dims": {"l": 30, "w": 20, "h": 1.25}}, 422, "invalid"),
        ({"items": [{"line_id": "other", "qty": 1}]}, 422, "unknown_line"),
        ({"items": [{"line_id": "ord_1-1", "qty": 1}] * 2}, 422, "line_doubled"),
        ({"items": [{"line_id": "ord_1-1", "qty": 1, "serials": ["a", "b"]}]}, 422, "too_many_serials"),
    ],
)
async def test_a_wrong_package_is_refused(
    stocked: Hq, picked: str, change: dict[str, Any], status: int, code: str
) -> None:
    refused = await stocked.pack(picked, package("box-1", 1200, a=("ord_1-1", 1)) | change)
    assert (refused.status, refused.code) == (status, code)


async def test_a_package_holds_goods_of_one_order_and_an_sscc_is_used_once(stocked: Hq, picked: str) -> None:
    other = await stocked.picked("ord_2", SKU_3=1)
    both = {"fulfillment_ids": [picked, other], "packages": [package("box", 9, a=("ord_1-1", 1), b=("ord_2-1", 1))]}
    assert (await stocked.post("/pack-stations/p1/pack", both)).code == "unknown_line"
    await stocked.pack(picked, package("box-1", 9, a=("ord_1-1", 1)) | {"sscc": SSCC})
    assert (await stocked.pack(other, package("box-1", 9, a=("ord_2-1", 1)))).code == "package_of_other"
    assert (await stocked.pack(other, package("box-2", 9, a=("ord_2-1", 1)) | {"sscc": SSCC})).code == "sscc_taken"


async def test_nothing_is_packed_or_shipped_for_a_cancelled_order(stocked: Hq, picked: str) -> None:
    await stocked.pack(picked, package("box-1", 9, a=("ord_1-1", 1)), seal=True)
    await stocked.post(f"/fulfillments/{picked}/cancel")
    assert (await stocked.pack(picked, package("box-2", 9, a=("ord_1-1", 1)))).code == "fulfillment_cancelled"
    body = {"fulfillment_id": picked, "packages": [{"package_id": "box-1"}]}
    assert (await stocked.post("/shipments", body)).code == "fulfillment_cancelled"


async def test_a_session_is_opened_for_a_worker_and_a_known_order(stocked: Hq, picked: str) -> None:
    body = {"worker_id": "ann", "fulfillment_id": picked}
    opened = await stocked.post("/pack-stations/p1/open-session", body, role="station")
    assert (opened.status, opened.body["session_id"][:8]) == (201, "session_")
    unknown = await stocked.post("/pack-stations/p1/open-session", body | {"fulfillment_id": "x"})
    assert unknown.status == 404


async def test_carrier_service_and_insurance_pass_through_untouched(stocked: Hq, picked: str) -> None:
    await stocked.pack(
        picked, package("box-1", 9, a=("ord_1-1", 3)), package("box-2", 8, a=("ord_1-2", 2)), seal=True
    )
    given = {
        "fulfillment_id": picked,
        "packages": [{"package_id": "box-1", "weight": 9}],
        "from_warehouse_id": "wh_1",
        "to_address": {"name": "Zoë", "address1": "1 Rue", "city": "Reims", "country": "France"},
        "carrier_hint": "DHL|UPS",
        "service_code": "express",
        "insurance": {"value": 20000, "currency": "GBP"},
        "reference": "ref-1",
        "metadata": {"a": 1},
    }
    made = await stocked.post("/shipments", given)
    assert (made.status, made.body["status"]) == (201, "label_pending")
    found = (await stocked.get(f"/shipments/{made.body['shipment_id']}")).body
    for name in ("carrier_hint", "service_code", "insurance", "reference", "metadata", "from_warehouse_id"):
        assert found[name] == given[name]
    assert (found["carrier"], found["carrier_service"]) == ("DHL|UPS", "express")
    assert [each["package_id"] for each in found["packages"]] == ["box-1"]
    listed = (await stocked.get(f"/shipments?fulfillment_id={picked}&status=label_pending")).body["items"]
    assert [each["id"] for each in listed] == [found["id"]]


async def test_a_package_ships_once_and_only_sealed_and_as_it_was_sealed(stocked: Hq, picked: str) -> None:
    await stocked.pack(picked, package("box-1", 9, a=("ord_1-1", 3)))
    body: dict[str, Any] = {"fulfillment_id": picked, "packages": [{"package_id": "box-1"}]}
    assert (await stocked.post("/shipments", body)).code == "not_sealed"
    await stocked.post("/pack-stations/p1/seal", {"package_id": "box-1"})
    other = {"fulfillment_id": picked, "packages": [{"package_id": "box-1", "weight": 10}]}
    assert (await stocked.post("/shipments", other)).code == "weight_differs"
    twice = {"fulfillment_id": picked, "packages": [{"package_id": "box-1"}] * 2}
    assert (await stocked.post("/shipments", twice)).code == "package_doubled"
    made = await stocked.post("/shipments", body)
    again = await stocked.post("/shipments", body)
    assert (again.status, again.body["error"]["details"]) == (409, {"shipment_id": made.body["id"]})
    assert "box-1" in again.message


async def test_a_label_is_zpl_behind_an_address_that_works_for_ten_minutes(stocked: Hq, picked: str) -> None:
    await stocked.pack(picked, package("box-1", 9, a=("ord_1-1", 3)) | {"sscc": SSCC}, seal=True)
    address = {"name": "Zoë ^XZ~JA", "address1": "1 Rue", "city": "Reims", "country": "France"}
    body = {"fulfillment_id": picked, "packages": [{"package_id": "box-1"}], "to_address": address}
    path = f"/shipments/{(await stocked.post('/shipments', body)).body['id']}"
    assert (await stocked.get(f"{path}/label")).code == "label_pending"
    pdf = await stocked.post(f"{path}/generate-label", {"label_format": "pdf"})
    assert (pdf.status, pdf.message) == (422, "label_format: only zpl can be made here (got pdf).")
    made = await stocked.post(f"{path}/generate-label", {"label_format": "zpl"}, role="station")
    again = await stocked.post(f"{path}/generate-label", {"label_format": "zpl"}, role="station")
    assert made.body["carrier_tracking_number"] == again.body["carrier_tracking_number"]
    url = (await stocked.get(f"{path}/label")).body["label_url"]
    async with stocked.session.get(url) as answer:
        text = await answer.text()
    assert text.count("^XA") == text.count("^XZ") == 1
    assert "^FDZo_C3_AB _5EXZ_7EJA^FS" in text
    assert made.body["carrier_tracking_number"] in text
    assert SSCC in text
    async with stocked.session.get(url.replace(".zpl", "x.zpl")) as answer:
        assert answer.status == 403
    stocked.clock.forward(timedelta(minutes=11))
    async with stocked.session.get(url) as answer:
        assert (answer.status, (await answer.json())["error"]["code"]) == (403, "address_expired")


async def test_a_sealed_package_that_was_taken_apart_is_packed_again_under_another_number(
    stocked: Hq, picked: str
) -> None:
    await stocked.pack(picked, package("box-1", 1200, a=("ord_1-1", 3)) | {"sscc": SSCC})
    refused = await stocked.post("/edge/packages/box-1/void", {"reason": "a jar leaks"})
    assert (refused.status, refused.code) == (409, "package_open")
    await stocked.post("/pack-stations/p1/seal", {"package_id": "box-1"})
    ship = {"fulfillment_id": picked, "packages": [{"package_id": "box-1", "weight": 1200}]}
    assert (await stocked.post("/shipments", ship)).status == 201
    for _ in range(2):
        assert (await stocked.post("/edge/packages/box-1/void", {"reason": "a jar leaks"})).status == 200
    told = (await stocked.get(f"/fulfillments/{picked}")).body
    assert (told["status"], told["packages"]) == ("picked", [])
    assert (await stocked.get(f"/shipments?fulfillment_id={picked}")).body["items"][0]["status"] == "cancelled"
    again = package("box-2", 1250, a=("ord_1-1", 3))
    assert (await stocked.pack(picked, again | {"sscc": SSCC})).code == "sscc_taken"
    assert (await stocked.pack(picked, again, seal=True)).status == 200
    assert (await stocked.stock())["picked"] == 5
