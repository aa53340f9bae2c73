"""Timelines, traceability, figures, late orders and health over HTTP, in HQ's shape."""

from __future__ import annotations

from decimal import Decimal

import pytest
import uuid_utils.compat

from local_store.domain import commands as c
from local_store.domain import events as e
from tests.agent.test_dispatch_routes import SEED, Page
from tests.agent.test_dispatch_routes import page as page  # noqa: PLC0414 -- the fixture
from tests.support.floor import EVE

HQS_MEMBERS = {"at", "action", "picklist_id", "actor", "device", "correlation_id", "details"}
HQS_FIGURES = {
    "pick_rate_p50", "pick_rate_p95", "pack_throughput", "on_time_ship_rate", "ship_late_count",
    "returns_processing_time", "first_pass_yield", "label_generation_latency",
}  # fmt: skip


async def test_a_timeline_says_who_did_what_with_which_device_in_hqs_words(page: Page) -> None:
    await page.sealed("O-1")
    told = await page.get(f"{SEED}/fulfillments/F-O-1/timeline")
    assert [each["action"] for each in told["items"]][:2] == ["work.fulfillment_received", "pack.opened"]
    assert told["items"][0].keys() >= HQS_MEMBERS
    weighed = next(each for each in told["items"] if each["action"] == "package.weighed")
    assert (weighed["actor"], weighed["device"], weighed["details"]["weight_mg"]) == ("ana", "s", 1_500_000)
    sealing = [each for each in told["items"] if each["action"] in {"package.sealed", "shipment.requested"}]
    assert len({each["correlation_id"] for each in sealing}) == 1
    assert all(each["sound"] for each in told["items"])
    assert sealing[0]["place"] == "pack-1"


async def test_a_parcel_has_its_story_and_what_is_unknown_is_said_so(page: Page) -> None:
    await page.sealed("O-1")
    (shipment,) = (await page.get(f"{SEED}/shipments"))["items"]
    package = shipment["packages"][0]["package_id"]
    whole = await page.get(f"/v1/station/stories/package/{package}")
    assert whole == await page.get(f"{SEED}/fulfillments/F-O-1/timeline")
    for path in (
        f"{SEED}/fulfillments/none/timeline",
        "/v1/station/stories/package/x",
        "/v1/station/stories/ghost/x",
    ):
        status, told = await page.call("GET", path)
        assert (status, bool(told["error"]["message"])) == (404, True)


async def test_a_unit_is_traced_by_its_serial_number(page: Page) -> None:
    damaged = c.GoodsLine(sku="TEA", qty=Decimal(1), condition="damaged", lot_id="L1", serials=("S1",))
    receipt = {"badge": EVE.badge, "against": "blind", "lines": (damaged,)}
    await page.store.execute(c.RecordReceipt(command_id=uuid_utils.compat.uuid7(), **receipt))
    told = await page.get(f"{SEED}/traceability?serial=S1")
    (seen,) = told["items"]
    assert (seen["event"], seen["sku"], seen["lot_id"], seen["actor"]) == ("receipt.recorded", "TEA", "L1", "eve")
    assert (told["serial"], told["account"]) == ("S1", "damaged")
    assert (await page.get(f"{SEED}/traceability?serial=S2"))["items"] == []
    assert (await page.call("GET", f"{SEED}/traceability"))[0] == 422


async def test_the_figures_have_hqs_names_and_say_whose_and_when_they_are(page: Page) -> None:
    await page.sealed("O-1")
    told = await page.get(f"{SEED}/metrics")
    assert told["pack_throughput"] == 1
    assert "pick_rate_p50" not in told
    assert told.keys() <= HQS_FIGURES | {"mis_picks", "clock_set", "complete", "window", "scope", "data_age_s"}
    assert (told["scope"], told["complete"]) == ("this station only", True)
    assert told["window"]["since"] < told["window"]["until"]
    assert (await page.call("GET", f"{SEED}/metrics?hours=0"))[0] == 422


async def test_late_orders_come_in_pages_with_how_late_they_are(page: Page) -> None:
    line = e.WorkLine(order_line_id="1", sku="TEA", qty=Decimal(1))
    facts = tuple(
        e.FulfillmentReceived(
            lane="main", fulfillment_id=f"F-{number}", order_id=f"O-{number}", warehouse_id="WH-1", party_id="p",
            lines=(line,), ship_by="2020-01-01T00:00:00Z",
        )
        for number in (1, 2)
    )  # fmt: skip
    await page.store.execute(c.ReceiveWork(command_id=uuid_utils.compat.uuid7(), fulfillments=facts, parties=()))
    first = await page.get(f"{SEED}/slas?limit=1")
    second = await page.get(f"{SEED}/slas?limit=1&cursor={first['next_cursor']}")
    assert [each["fulfillment_id"] for each in (*first["items"], *second["items"])] == ["F-1", "F-2"]
    assert first["items"][0]["late_s"] > 86_400 * 365
    assert (await page.get(f"{SEED}/slas?warehouse_id=WH-2"))["items"] == []


async def test_health_needs_no_key_and_says_what_somebody_must_look_at(page: Page) -> None:
    status, told = await page.call("GET", f"{SEED}/health", who="nobody")
    assert (status, told["status"], told["subsystems"]["store"]) == (200, "ok", "ok")
    page.store.accept_new_work(accepts=False)
    status, told = await page.call("GET", f"{SEED}/health", who="nobody")
    assert (status, told["status"]) == (503, "degraded")


@pytest.mark.parametrize("path", ["metrics", "slas", "traceability?serial=1", "fulfillments/F/timeline"])
async def test_nobody_without_a_key_reads_any_of_it(page: Page, path: str) -> None:
    assert (await page.call("GET", f"{SEED}/{path}", who="nobody"))[0] == 401
