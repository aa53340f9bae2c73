"""The connector against the facade over HTTP: both held to the contract, by the engine that runs every lane."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from local_store.domain import commands as c
from local_store.domain import events as e
from sync.dialect import Answer
from sync.dialects.exsited.translate import record_id
from tests.hq.exsited_client import CASES
from tests.hq.site import Hq
from tests.sync.exsited.facts import profile
from tests.sync.exsited.site import FULL, client, hq_and_station, order_of_cases, pulled
from tests.sync.floor import act, count, pack_everything, pick_everything
from tests.sync.station import Station


async def worked(here: Station) -> None:
    """Everything that was pulled is picked and packed."""
    await pick_everything(here)
    await pack_everything(here)


async def told(here: Station) -> None:
    """Everything that may go has gone."""
    async with here.syncing():
        await here.sent()


async def truth(hq: Hq) -> Any:
    return (await hq.get("/hq/truth")).body


# --- a day ------------------------------------------------------------------------------------------------------


async def test_a_day_is_pulled_worked_and_told_at_the_first_try(tmp_path: Path) -> None:
    async with hq_and_station(tmp_path) as (hq, office, here):
        await hq.order("O-1", SKU_1=3, SKU_2=1)
        await hq.order("O-2", SKU_1=1)
        await pulled(here)
        assert here.rows("SELECT fulfillment_id, order_id FROM fulfillment ORDER BY 1") == [
            ("INV-O-1", "O-1"),
            ("INV-O-2", "O-2"),
        ]
        assert here.rows("SELECT DISTINCT location_id FROM pick_task") == [("STOCK",)]
        await worked(here)
        await told(here)
        assert (here.parked(), here.problems) == ([], {})
        assert here.rows("SELECT count(*), sum(attempts) FROM outbox_request") == [(2, 2)]
        ended = await truth(hq)
        assert [each["status"] for each in ended["fulfillments"]] == ["shipped", "shipped"]
        assert ended["stock"]["shipped"] == 5
        listed = (await office.get("/v3/item-fulfillments"))["item-fulfillments"]
        sealed = {sscc for (sscc,) in here.rows("SELECT packed_sscc FROM package")}
        assert {each["tracking_number"] for each in listed} == sealed
        assert {each["status"] for each in listed} == {"CLOSED"}
        ids = here.rows("SELECT hq_id FROM hq_ref WHERE thing = 'shipment'")
        assert {each["id"] for each in listed} == {ident for (ident,) in ids}


async def test_products_come_with_their_codes_weight_and_names_and_a_pull_again_changes_nothing(
    tmp_path: Path,
) -> None:
    async with hq_and_station(tmp_path) as (hq, _office, here):
        await hq.import_lines("products", [CASES])
        await pulled(here)
        assert here.rows("SELECT name, nominal_weight_mg FROM product WHERE sku = 'SKU-9'") == [("Beer", 500_000)]
        codes = here.rows("SELECT ltrim(key, '0'), multiplier FROM code WHERE id = 'SKU-9' AND key LIKE '%29%'")
        assert sorted(codes) == [("2900000000094", 1), ("2900000000995", 12)]
        facts = here.rows("SELECT count(*) FROM journal")
        await pulled(here)
        assert here.rows("SELECT count(*) FROM journal") == facts
        hq.clock.forward(timedelta(hours=30))
        await hq.import_lines("products", [{**CASES, "name": "Ale"}])
        await pulled(here)
        assert here.rows("SELECT name FROM product WHERE sku = 'SKU-9'") == [("Ale",)]


async def test_cases_are_picked_as_pieces_and_a_part_of_a_case_is_told_in_cases(tmp_path: Path) -> None:
    async with hq_and_station(tmp_path) as (hq, office, here):
        await order_of_cases(hq, 36)
        await pulled(here)
        ((picklist, task_qty),) = here.rows("SELECT picklist_id, qty FROM pick_task")
        assert task_qty == "36"
        await act(here, c.Scan, workplace="pick", code="BADGE-ANA")
        await act(here, c.OpenWork, workplace="pick", id=picklist)
        await act(here, c.Scan, workplace="pick", code="STOCK")
        await count(here, "pick", "SKU-9", "17")
        await act(here, c.MarkShort, workplace="pick", reason="location empty")
        await act(here, c.Complete, workplace="pick")
        await pack_everything(here)
        await told(here)
        (listed,) = (await office.get("/v3/item-fulfillments"))["item-fulfillments"]
        assert listed["fulfillments"][0]["fulfilled_quantity"] == "1.416667"
        assert (await truth(hq))["stock"]["shipped"] == 17
        assert here.parked() == []


async def test_only_what_is_left_of_an_invoice_is_work_and_only_of_this_warehouse(tmp_path: Path) -> None:
    async with hq_and_station(tmp_path) as (hq, office, here):
        await hq.order("O-1", SKU_1=3, SKU_2=1)
        await hq.order("O-2", SKU_1=1)
        await office.fulfil("O-1", 2, 1, status="SHIPPED")
        await office.fulfil("O-2", 1)
        await pulled(here)
        lines = here.rows("SELECT order_id, sku, qty FROM fulfillment JOIN fulfillment_line USING (fulfillment_id)")
        assert lines == [("O-1", "SKU-1", "1")]


async def test_a_warehouse_whose_name_hq_does_not_know_is_told_and_brings_nothing(tmp_path: Path) -> None:
    async with hq_and_station(tmp_path, {**FULL, "warehouse": "Warehouse wh_9"}) as (hq, _office, here):
        await hq.order("O-1", SKU_1=3)
        await pulled(here)
        assert here.rows("SELECT count(*) FROM fulfillment") == [(0,)]
        assert 'no warehouse "Warehouse wh_9"; it has ["Warehouse wh_1"]' in here.problems["hq.main.documents"]


async def test_an_order_that_hq_cancels_is_withdrawn(tmp_path: Path) -> None:
    async with hq_and_station(tmp_path) as (hq, _office, here):
        ident, never = await hq.order("O-1", SKU_1=3), await hq.order("O-2", SKU_1=3)
        await hq.post(f"/fulfillments/{never}/cancel", {})
        await pulled(here)
        assert here.rows("SELECT order_id FROM fulfillment") == [("O-1",)]
        assert here.rows("SELECT 1 FROM journal WHERE body LIKE '%INV-O-2%'") == []
        await hq.post(f"/fulfillments/{ident}/cancel", {})
        await pulled(here)
        assert here.rows("SELECT count(*) FROM picklist") == [(0,)]
        assert here.rows("SELECT count(*) FROM fulfillment") == [(0,)]


# --- goods that come in -----------------------------------------------------------------------------------------


async def test_a_purchase_order_is_announced_and_its_receipt_is_told_once(tmp_path: Path) -> None:
    async with hq_and_station(tmp_path) as (hq, office, here):
        await hq.import_lines("products", [CASES])
        bought = await office.buy("PO-1", {"item_id": "SKU-9", "item_quantity": 4, "uom": "CASE-12"})
        line = bought["lines"][0]["uuid"]
        await pulled(here)
        (row,) = here.rows("SELECT inbound_id, against, supplier, open, lines FROM inbound")
        assert row[:4] == ("PO-1", "purchase_order", "Supplier 7", 1)
        assert f'"expected": "48", "line_id": "{line}", "received": "0"' in row[4]
        lines = (
            e.ReceivedLine(line_id=line, sku="SKU-9", qty=Decimal(36)),
            e.ReceivedLine(line_id=None, sku="SKU-1", qty=Decimal(1)),
        )
        receipt = e.ReceiptRecorded(receipt_id="R1", against="purchase_order", inbound_id="PO-1", lines=lines)
        blind = e.ReceiptRecorded(receipt_id="R2", against="blind", lines=lines)
        await here.record(receipt, blind)
        await told(here)
        (there,) = (await office.get("/v3/item-receipts"))["item_receipts"]
        assert (there["receipts"][0]["receipt_quantity"], there["note"]) == ("3.000000", "1 of SKU-1 not ordered")
        assert (here.parked(), here.figures().not_deliverable) == ([], 1)
        assert (await truth(hq))["stock"]["on_hand"] == 30 + 36
        await pulled(here)
        ((told_lines, still_open),) = here.rows("SELECT lines, open FROM inbound")
        assert ('"received": "36"' in told_lines, still_open) == (True, 1)


async def test_a_return_is_announced_and_received(tmp_path: Path) -> None:
    async with hq_and_station(tmp_path) as (hq, office, here):
        await hq.order("O-1", SKU_1=2)
        await office.fulfil("O-1", 2)
        (line,) = (await office.get("/v3/invoices/INV-O-1"))["invoice"]["lines"]
        back = [{"rma_quantity": 2, "item_uuid": line["item_uuid"], "uuid": line["uuid"]}]
        body = {"return_merchandise_authorisations": {"id": "RMA-1", "date": "2025-09-01", "returns": back}}
        await office.call("POST", "/v3/invoices/INV-O-1/return-merchandise-authorisations", body)
        await pulled(here)
        assert here.rows("SELECT return_id, order_id, open FROM return_order") == [("RMA-1", "O-1", 1)]
        came = e.ReceivedLine(line_id=line["uuid"], sku="SKU-1", qty=Decimal(2))
        await here.record(e.ReturnReceived(return_id="RMA-1", lines=(came,)))
        await told(here)
        path = "/v2/invoices/INV-O-1/return-merchandise-authorisations/RMA-1"
        assert (await office.get(path))["return_merchandise_authorisation"]["status"] == "RECEIVED"
        assert here.parked() == []


# --- what goes wrong --------------------------------------------------------------------------------------------


async def put(hq: Hq, **faults: Any) -> None:
    answered = await hq.call("PUT", "/hq/faults", role="operator", json=faults)
    assert answered.status == 200, answered.text


async def test_lost_and_spoiled_replies_are_read_back_and_nothing_counts_twice(tmp_path: Path) -> None:
    async with hq_and_station(tmp_path) as (hq, office, here):
        bought = await office.buy("PO-1", {"item_id": "SKU-1", "item_quantity": 50})
        for number in range(8):
            await hq.order(f"O-{number}", SKU_1=1)
        await pulled(here)
        await worked(here)
        line = e.ReceivedLine(line_id=bought["lines"][0]["uuid"], sku="SKU-1", qty=Decimal(1))
        for number in range(5):
            receipt = e.ReceiptRecorded(
                receipt_id=f"R{number}", against="purchase_order", inbound_id="PO-1", lines=(line,)
            )
            await here.record(receipt)
        await put(hq, lost_reply=0.3, truncate=0.1, status_500=0.1, html=0.1, lost_request=0.1, seed=4)
        await told(here)
        await put(hq)
        assert here.parked() == []
        assert here.rows("SELECT sum(attempts) > count(*) FROM outbox_request") == [(1,)]
        assert {each["shipments"] for each in (await truth(hq))["fulfillments"]} == {1}
        assert len((await office.get("/v3/item-receipts"))["item_receipts"]) == 5
        assert ((await truth(hq))["stock"]["adjusted"], (await truth(hq))["stock"]["shipped"]) == (5, 8)


@pytest.mark.parametrize("fault", ["html", "redirect", "truncate"])
async def test_what_is_not_hqs_answer_is_never_success(tmp_path: Path, fault: str) -> None:
    async with hq_and_station(tmp_path) as (hq, _office, here):
        await hq.order("O-1", SKU_1=1)
        await pulled(here)
        await worked(here)
        await put(hq, **{fault: 1}, prefix="/api/")
        async with here.syncing() as lane:
            await here.until(lambda: lane.state().state == "unreachable")
            assert (here.figures().unsent, here.parked()) == (1, [])
            await put(hq)
            await here.sent()
        assert (await truth(hq))["fulfillments"][0]["shipments"] == 1


async def test_a_session_that_ends_is_renewed_and_the_call_made_again(tmp_path: Path) -> None:
    async with hq_and_station(tmp_path) as (hq, _office, here):
        await hq.order("O-1", SKU_1=1)
        await pulled(here)
        await worked(here)
        speaks = client(here)
        assert isinstance(await speaks.get("/api/v3/items", limit=1), Answer)
        hq.clock.forward(timedelta(hours=2))
        reply = await speaks.get("/api/v3/items", limit=1)
        assert isinstance(reply, Answer)
        assert reply.status == 200
        await speaks.close()
        await told(here)
        assert here.rows("SELECT attempts FROM outbox_request") == [(1,)]
        assert "paused" not in {state.state for state in here.states}


async def test_a_bad_secret_pauses_the_lane_and_loses_nothing(tmp_path: Path) -> None:
    async with hq_and_station(tmp_path) as (hq, _office, here):
        await hq.order("O-1", SKU_1=1)
        await pulled(here)
        await worked(here)
        good, here.secret = here.secret, "a-secret-of-nobody-at-all"
        async with here.syncing() as lane:
            await here.until(lambda: lane.state().state == "paused")
        assert (here.figures().unsent, here.parked(), list(here.problems)) == (1, [], ["hq.main.key"])
        here.secret = good
        await told(here)
        assert (await truth(hq))["fulfillments"][0]["status"] == "shipped"


async def test_a_refusal_is_final_and_is_not_repeated(tmp_path: Path) -> None:
    wrong = {**FULL, "profile": {"shipped_status": "POSTED"}}
    async with hq_and_station(tmp_path, wrong) as (hq, _office, here):
        await hq.order("O-1", SKU_1=1)
        await pulled(here)
        await worked(here)
        await told(here)
        ((entity, _kind, reason),) = here.parked()
        assert entity == "fulfillment:INV-O-1"
        assert "POSTED" in reason
        assert here.rows("SELECT attempts, last_status FROM outbox_request") == [(1, 400)]


async def test_what_another_fulfilled_meanwhile_is_not_fulfilled_again(tmp_path: Path) -> None:
    async with hq_and_station(tmp_path) as (hq, office, here):
        await hq.order("O-1", SKU_1=3)
        await pulled(here)
        await worked(here)
        await office.fulfil("O-1", 2, status="SHIPPED")
        await told(here)
        ((_entity, _kind, reason),) = here.parked()
        assert "HQ has 1.000000 left" in reason
        assert "another fulfillment was recorded meanwhile" in reason
        assert (await truth(hq))["stock"]["shipped"] == 2


async def test_our_id_on_another_record_is_for_a_person(tmp_path: Path) -> None:
    async with hq_and_station(tmp_path) as (hq, office, here):
        await hq.order("O-1", SKU_1=3)
        await hq.order("O-2", SKU_2=1)
        await pulled(here)
        await pick_everything(here)
        ((picked,),) = here.rows("SELECT count(*) FROM fulfillment WHERE session = 'ready'")
        assert picked == 2
        await pack_everything(here)
        ((event,),) = here.rows(
            "SELECT event_id FROM journal WHERE kind = 'shipment.requested' AND body LIKE '%INV-O-1%'"
        )
        await office.fulfil("O-2", 1, id=record_id("FF", bytes(event), profile()), status="PENDING")
        await told(here)
        reasons = {entity: reason for entity, _kind, reason in here.parked()}
        assert "with other contents" in reasons["fulfillment:INV-O-1"]
