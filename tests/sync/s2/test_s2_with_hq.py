"""The connector against the facade of S2 over HTTP. One file, because all of it needs the same two sides.

The facade holds every call to its contract.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agent.labels.conversion import converted
from devices.readings import Stock
from hq.facades.s2.ids import ORGANIZATION, id_of
from local_store.clock import SystemClock
from local_store.domain import events as e
from local_store.outbox import FixedRequest, Promised
from sync.comparing import compare
from sync.dialect import Answer, AtStation, HqClient, Outcome
from sync.dialects import DIALECTS
from tests.hq.site import PRODUCTS, SECRETS, Hq, order, running_hq
from tests.sync.floor import pack_everything, pick_everything
from tests.sync.station import LANE, Station, station

SHIP_TO = {"name": "Café Été", "address1": "1 Rue", "city": "Reims", "postal_code": "51100", "country": "France"}
SETTINGS = {"email": "st-1@house", "organization": ORGANIZATION, "warehouse": id_of("warehouse", "wh_1")}


@pytest.fixture
async def hq(tmp_path: Path) -> AsyncIterator[Hq]:
    async with running_hq(tmp_path / "hq.db", dialect="s2") as running:
        await running.with_products()
        yield running


@asynccontextmanager
async def station_of(folder: Path, hq: Hq, **of: Any) -> AsyncIterator[Station]:
    more = {**SETTINGS, **of.pop("more", {})}
    accepts = DIALECTS["s2"].accepts(None)
    async with station(
        folder, hq.url, dialect="s2", more_settings=more, accepts=accepts, **{"secret": SECRETS["station"], **of}
    ) as made:
        yield made


@asynccontextmanager
async def client_of(hq: Hq) -> AsyncIterator[HqClient]:
    settings = DIALECTS["s2"].settings.model_validate({"dialect": "s2", "url": hq.url, "secret": "hq", **SETTINGS})
    client = DIALECTS["s2"].make_client(settings, SECRETS["station"], AtStation("st-1", "wh_1", SystemClock()))
    try:
        yield client
    finally:
        await client.close()


@pytest.fixture
async def here(tmp_path: Path, hq: Hq) -> AsyncIterator[Station]:
    async with station_of(tmp_path / "st", hq) as made:
        yield made


async def ordered(hq: Hq, order_id: str, s2: dict[str, Any] | None = None, /, **of: Any) -> None:
    quantities = {name: of.pop(name) for name in list(of) if name.startswith("SKU")}
    metadata = {"metadata": {"s2": s2}} if s2 is not None else {}
    made = await hq.post("/fulfillments", {**order(order_id, **quantities), "ship_to": SHIP_TO, **metadata, **of})
    assert made.status == 201, made.text


async def polled_once(here: Station) -> None:
    """One whole pull that went well."""
    async with here.syncing() as lane:
        await lane._pull()
    assert here.problems == {}


async def pulled(here: Station, orders: int) -> None:
    await polled_once(here)
    assert here.rows("SELECT count(*) FROM fulfillment") == [(orders,)]


def refs(here: Station) -> dict[tuple[str, str], str]:
    rows = here.rows("SELECT thing, local_id, hq_id FROM hq_ref WHERE lane = ?", LANE)
    return {(thing, local_id): hq_id for thing, local_id, hq_id in rows}


async def test_a_day_is_pulled_worked_and_told_with_one_effect_each(hq: Hq, here: Station) -> None:
    await ordered(hq, "O-1", SKU_1=2, SKU_2=4)
    await ordered(hq, "O-2", SKU_3=1, service_code="Expedited")
    await pulled(here, 2)
    assert here.rows("SELECT order_id, warehouse_id, service_code FROM fulfillment ORDER BY order_id") == [
        ("O-1", "wh_1", None),
        ("O-2", "wh_1", "Expedited"),
    ]
    await pick_everything(here)
    await pack_everything(here)
    async with here.syncing():
        await here.sent()
    assert (here.parked(), here.problems) == ([], {})
    assert here.rows("SELECT attempts, method, path FROM outbox_request") == [(1, "POST", "/fulfillment")] * 2
    truth = (await hq.get("/hq/truth")).body
    assert {each["status"] for each in truth["fulfillments"]} == {"shipped"}
    assert [each["shipments"] for each in truth["fulfillments"]] == [1, 1]
    assert all(each["packages"]["sscc"] for each in truth["fulfillments"])
    assert truth["stock"]["shipped"] == 7
    kept = truth["records"]["s2"]["fulfillment"]
    assert {each["warehouse"] for each in kept} == {"wh_1"}
    assert {each["address"]["countryId"] for each in kept} == {"FR"}
    await hq.stock()


async def test_ids_of_what_was_made_are_learned_and_the_tracking_number_once_it_is_there(
    hq: Hq, here: Station
) -> None:
    await ordered(hq, "O-1", SKU_1=2)
    await pulled(here, 1)
    await pick_everything(here)
    await pack_everything(here)
    async with here.syncing():
        await here.sent()
    ((package,),) = here.rows("SELECT package_id FROM package")
    ((local_id,),) = here.rows("SELECT fulfillment_id FROM fulfillment")
    learned = refs(here)
    assert (local_id, learned["order", local_id]) == (id_of("order", "O-1"),) * 2
    assert {thing for thing, _ in learned} == {"order", "product", "fulfillment", "shipment"}
    hq.clock.forward(timedelta(minutes=5))
    (shipment,) = (await hq.get("/shipments")).body["items"]
    label = (await hq.post(f"/shipments/{shipment['id']}/generate-label", {"label_format": "zpl"})).body
    async with here.syncing(pull=True):
        await here.until(lambda: ("tracking", package) in refs(here))
    assert refs(here)["tracking", package] == label["carrier_tracking_number"]


@pytest.mark.parametrize("fault", ["lost_reply", "truncate", "duplicate", "status_500", "html", "redirect"])
async def test_whatever_becomes_of_answers_each_shipment_is_made_once(hq: Hq, here: Station, fault: str) -> None:
    for number in range(4):
        await ordered(hq, f"O-{number}", SKU_1=1)
    await pulled(here, 4)
    await pick_everything(here)
    await pack_everything(here)
    faults = {fault: 0.5, "prefix": "/fulfillment", "seed": 3}
    await hq.call("PUT", "/hq/faults", role="operator", json=faults)
    async with here.syncing():
        await here.sent()
    assert (await hq.call("GET", "/hq/faults", role="operator")).body["done"][fault] > 0
    await hq.call("PUT", "/hq/faults", role="operator", json={})
    assert here.parked() == []
    truth = (await hq.get("/hq/truth")).body
    assert ([each["shipments"] for each in truth["fulfillments"]], truth["stock"]["shipped"]) == ([1] * 4, 4)
    assert len([each for each in refs(here) if each[0] == "fulfillment"]) == 4, "every id is known in the end"


async def test_told_once_more_by_a_store_that_was_put_back_its_ids_are_read_back(hq: Hq, here: Station) -> None:
    """The key follows from the fact, so S2 answers ALREADY_EXISTS, which tells no id."""
    await ordered(hq, "O-1", SKU_1=1)
    await pulled(here, 1)
    await pick_everything(here)
    await pack_everything(here)
    async with here.syncing():
        await here.sent()
    first = {ref for ref in refs(here).items() if ref[0][0] in {"fulfillment", "shipment"}}
    ((body, text, event_id),) = here.rows(
        "SELECT r.body, j.body, event_id FROM outbox_request r JOIN outbox o USING (request_id) JOIN journal j"
        " ON j.seq = o.seq"
    )
    request = FixedRequest(1, "f", "POST", "/fulfillment", body, "k", 0, 0)
    fact = e.ShipmentRequested.model_validate_json(text)
    facts = [Promised(1, fact.entity, fact, 0, None, None, event_id)]
    async with client_of(hq) as client:
        reply = await client.send(request, facts)
        verdict = client.verdict(facts, request, reply)
        found = await client.look_up(request, facts)
        assert found is not None
        for each in (verdict, found[1]):
            assert each.outcome is Outcome.DUP
            assert {((ref.thing, ref.local_id), ref.hq_id) for ref in each.learned} == first
        other = FixedRequest(1, "f", "POST", "/fulfillment", body.replace('"quantity":1', '"quantity":2'), "k", 0, 0)
        differs = client.verdict(facts, other, await client.send(other, facts))
        assert (differs.outcome, "items are others" in differs.sentence) == (Outcome.DEAD, True)
    assert (await hq.get("/hq/truth")).body["fulfillments"][0]["shipments"] == 1


async def test_an_assigned_order_brings_what_the_floor_acts_on_and_cannot_be_told_back(hq: Hq, here: Station) -> None:
    said = {"signatureRequired": True, "method": 2, "orderType": 1, "customerNote": "Ring twice"}
    await ordered(hq, "O-2", SKU_2=1)
    await ordered(hq, "O-1", said, SKU_1=1, requested_ship_date="2025-09-01T12:00:00Z")
    await pulled(here, 2)
    ((metadata, ship_by),) = here.rows("SELECT metadata, ship_by FROM fulfillment WHERE order_id = 'O-1'")
    assert (json.loads(metadata), ship_by) == (said, "2025-09-01T12:00:00.000000Z")
    order_of_work = here.rows("SELECT ship_by FROM picklist ORDER BY priority, ship_by IS NULL, ship_by")
    assert order_of_work == [("2025-09-01T12:00:00.000000Z",), (None,)]
    await pick_everything(here)
    await pack_everything(here)
    async with here.syncing():
        await here.sent()
    assert here.parked() == []
    ((reason,),) = here.rows(
        "SELECT reason FROM outbox JOIN journal USING (seq) WHERE kind = 'shipment.requested'"
        " AND state = 'not_deliverable'"
    )
    assert "no call that tells it of a parcel" in reason
    assert [each["status"] for each in (await hq.get("/hq/truth")).body["fulfillments"]] == ["shipped", "created"]


async def sealed(here: Station, hq: Hq) -> None:
    """An order with a prepaid label, packed and sealed; the label is looked for once before and once after."""
    await ordered(hq, "O-1", {"prepaidLabel": "1Z-PREPAID"}, SKU_1=1)
    await pulled(here, 1)
    assert here.rows("SELECT count(*) FROM journal WHERE kind = 'carrier_label.received'") == [(0,)]
    await pick_everything(here)
    await pack_everything(here)


async def test_a_prepaid_label_is_fetched_once_its_parcel_is_sealed_and_printed_there(tmp_path: Path, hq: Hq) -> None:
    more = {"profile": {"file_url": f"{hq.url}/file/{{path}}"}}
    async with station_of(tmp_path / "st", hq, more=more, site={"carrier_labels": True}) as here:
        await sealed(here, hq)
        for _ in range(2):
            await polled_once(here)
        assert here.rows("SELECT count(*) FROM journal WHERE kind = 'carrier_label.received'") == [(1,)]
        ((body,),) = here.rows("SELECT body FROM journal WHERE kind = 'label.carrier_requested'")
        assert json.loads(body)["tracking_number"] == "1Z-PREPAID"
        ((data,),) = here.rows("SELECT bytes FROM file")
    (zpl,) = converted(data, Stock(812, 1218), 203)
    assert zpl.startswith(b"^XA")
    assert b"^GFA" in zpl


@pytest.mark.parametrize("wrong", ["html", "redirect", "status_500", "truncate"])
async def test_a_label_that_does_not_come_is_told_and_fetched_later(tmp_path: Path, hq: Hq, wrong: str) -> None:
    more = {"profile": {"file_url": f"{hq.url}/file/{{path}}"}}
    async with station_of(tmp_path / "st", hq, more=more) as here:
        await sealed(here, hq)
        await hq.call("PUT", "/hq/faults", role="operator", json={wrong: 1, "prefix": "/file"})
        async with here.syncing() as lane:
            await lane._pull()
        assert "S2's label of order O-1" in here.problems[f"hq.{LANE}.documents"]
        await hq.call("PUT", "/hq/faults", role="operator", json={})
        here.problems.clear()
        await polled_once(here)
        assert here.rows("SELECT count(*) FROM journal WHERE kind = 'carrier_label.received'") == [(1,)]


async def test_without_the_host_of_files_no_label_is_looked_for(hq: Hq, here: Station) -> None:
    await sealed(here, hq)
    await polled_once(here)
    assert here.rows("SELECT count(*) FROM file") == [(0,)]


async def test_only_this_warehouses_work_and_these_accounts_orders_are_taken(tmp_path: Path, hq: Hq) -> None:
    await hq.import_lines("products", [{**PRODUCTS[2], "sku": "SKU-9", "location_id": "Z-1", "warehouse_id": "wh_2"}])
    await ordered(hq, "OURS", {}, SKU_1=1)
    await ordered(hq, "THEIRS", {}, SKU_1=1, warehouse_id="wh_2")
    await ordered(hq, "OUR-SHOP", SKU_1=1)
    await ordered(hq, "THEIR-SHOP", SKU_1=1, warehouse_id="wh_2")
    only = {"accounts": [id_of("account", "wh_1")]}
    async with station_of(tmp_path / "one", hq, more=only) as one, station_of(tmp_path / "all", hq) as every:
        await polled_once(one)
        await polled_once(every)
        found = [
            one.rows("SELECT order_id FROM fulfillment ORDER BY 1"),
            every.rows("SELECT order_id FROM fulfillment"),
        ]
    assert found[0] == [("OUR-SHOP",), ("OURS",)]
    assert ("THEIRS",) not in found[1]
    assert len(found[1]) == 3


async def test_products_bring_milligrams_case_codes_and_what_is_to_be_captured(hq: Hq, here: Station) -> None:
    case = {"barcode": "CASE-12", "multiplier": 12}
    cups = {"sku": "C-1", "name": "Cups", "location_id": "B-1", "nominal_weight_g": 1234, "barcodes": [case]}
    cups |= {"dimensions": {"l": 30, "w": 20.5, "h": 10}}
    await hq.import_lines("products", [cups])
    await polled_once(here)
    assert here.rows("SELECT name, pack_text, nominal_weight_mg FROM product WHERE sku = 'C-1'") == [
        ("Cups", "case of 12", 1_234_000)
    ]
    assert here.rows("SELECT id, multiplier FROM code WHERE key LIKE '%CASE-12%'") == [("C-1", 12)]
    assert here.rows("SELECT * FROM product_size") == [("C-1", 300, 205, 100)]
    commands = here.rows("SELECT count(*) FROM receipt")
    await hq.import_lines("products", [{**cups, "name": "Paper cups"}])
    await polled_once(here)
    assert here.rows("SELECT name FROM product WHERE sku = 'C-1'") == [("Paper cups",)]
    await polled_once(here)
    (told,) = here.rows("SELECT count(*) FROM receipt")
    assert told[0] <= commands[0][0] + 2, "what did not change is not told again"


async def test_more_than_a_page_is_read_while_the_list_moves(hq: Hq, here: Station) -> None:
    lines = [order(f"O-{number:03}", SKU_1=1) for number in range(230)]
    assert (await hq.import_lines("fulfillments", lines))["rejected"] == 0
    await pulled(here, 230)
    await ordered(hq, "NEW", SKU_1=1)
    await pulled(here, 231)


async def test_stock_is_what_s2_believes_and_is_told_once(hq: Hq, here: Station) -> None:
    await polled_once(here)
    told = here.rows("SELECT body FROM journal WHERE kind = 'stock.told' ORDER BY seq")
    assert sorted((each["sku"], each["qty"]) for (body,) in told for each in [json.loads(body)]) == [
        ("SKU-1", "10"),
        ("SKU-2", "10"),
        ("SKU-3", "10"),
    ]
    await polled_once(here)
    assert here.rows("SELECT count(*) FROM journal WHERE kind = 'stock.told'") == [(3,)]


async def test_an_order_cancelled_at_s2_disappears_from_the_list_of_work(hq: Hq, here: Station) -> None:
    await ordered(hq, "O-1", SKU_1=1)
    await pulled(here, 1)
    ident = (await hq.get("/fulfillments?order_id=O-1")).body["items"][0]["id"]
    hq.clock.forward(timedelta(seconds=1))
    await hq.post(f"/fulfillments/{ident}/cancel", {})
    await polled_once(here)
    kinds = [kind for (kind,) in here.rows("SELECT kind FROM journal WHERE kind = 'work.withdrawn'")]
    assert kinds
    assert here.rows("SELECT count(*) FROM picklist WHERE status = 'open'") == [(0,)]


async def test_a_token_that_ended_is_fetched_anew_and_nothing_is_lost(hq: Hq, here: Station) -> None:
    await ordered(hq, "O-1", SKU_1=1)
    async with here.syncing(pull=True):
        await here.until(lambda: here.rows("SELECT count(*) FROM picklist") == [(1,)])
        hq.clock.forward(timedelta(days=8))
        await pick_everything(here)
        await pack_everything(here)
        await here.sent()
    assert (here.parked(), here.problems) == ([], {})
    assert (await hq.get("/hq/truth")).body["fulfillments"][0]["shipments"] == 1


@pytest.mark.parametrize(
    "wrong", [{"secret": "not the password"}, {"more": {"organization": id_of("organization", "another")}}]
)
async def test_bad_credentials_pause_the_lane_and_give_nothing_up(
    tmp_path: Path, hq: Hq, here: Station, wrong: dict[str, Any]
) -> None:
    await ordered(hq, "O-1", SKU_1=1)
    await pulled(here, 1)
    await pick_everything(here)
    await pack_everything(here)
    good = (here.secret, here.more_settings)
    here.secret = wrong.get("secret", here.secret)
    here.more_settings = {**here.more_settings, **wrong.get("more", {})}
    async with here.syncing(pull=True):
        await here.until(lambda: here.lane.state().state == "paused")
        assert f"hq.{LANE}.key" in here.problems
    assert (here.figures().unsent, here.parked()) == (1, [])
    here.secret, here.more_settings = good
    async with here.syncing():
        await here.sent()
    assert here.parked() == []


async def test_a_portal_before_s2_is_never_success(hq: Hq, here: Station) -> None:
    await ordered(hq, "O-1", SKU_1=1)
    await pulled(here, 1)
    await pick_everything(here)
    await pack_everything(here)
    for portal in ({"html": 1}, {"redirect": 1}):
        await hq.call("PUT", "/hq/faults", role="operator", json={**portal, "prefix": "/"})
        async with here.syncing(pull=True):
            await here.until(lambda: here.lane.state().state == "unreachable")
        assert here.figures().unsent == 1
    await hq.call("PUT", "/hq/faults", role="operator", json={})
    async with here.syncing():
        await here.sent()


async def test_of_another_lanes_work_only_references_are_taken_and_it_is_told_by_them(tmp_path: Path, hq: Hq) -> None:
    """The order came from elsewhere under another id; S2 knows it by the same number."""
    await ordered(hq, "O-1", SKU_1=2)
    async with station_of(tmp_path / "st", hq) as here:
        await pulled(here, 1)
    async with station_of(tmp_path / "sink", hq, is_source=False) as sink:
        await sink.store.run(lambda tx: tx.append(_elsewhere()))
        await polled_once(sink)
        assert refs(sink) == {
            ("order", "elsewhere-1"): id_of("order", "O-1"),
            ("product", "SKU-1"): id_of("product", "SKU-1"),
        }
        assert sink.rows("SELECT count(*) FROM product") == [(0,)]


def _elsewhere() -> e.Fact:
    line = e.WorkLine(order_line_id="7", sku="SKU-1", qty=Decimal(2))
    return e.FulfillmentReceived(
        lane="other", fulfillment_id="elsewhere-1", order_id="O-1", warehouse_id="wh_1", party_id="p", lines=(line,)
    )


async def test_what_s2_has_beside_what_is_here(hq: Hq, here: Station) -> None:
    await ordered(hq, "O-1", SKU_1=2)
    await pulled(here, 1)
    async with client_of(hq) as client:
        assert (await compare(here.store.reader, LANE, client)).differing == 0
        await pick_everything(here)
        await pack_everything(here)
        found = await compare(here.store.reader, LANE, client)
        assert [(each.what, each.here, each.there) for each in found.differences] == [
            ("shipped", Decimal(2), Decimal(0))
        ]


async def test_attachments_are_looked_at_before_they_are_sent_again(hq: Hq) -> None:
    address = dict.fromkeys(
        ("name", "company", "address1", "address2", "city", "state", "postalCode", "countryId", "phone", "email"), ""
    )
    items = [{"productId": id_of("product", "SKU-1"), "quantity": 1}]
    standalone = {"address": address, "shippingMethod": "", "items": items, "shipments": [], "attachments": []}
    async with client_of(hq) as client:
        calls = client.calls()
        create = calls["fulfillment.create"]
        made = await client.call(create.method, create.path, json.dumps(standalone))
        assert isinstance(made, Answer)
        attach = calls["attachment.bulk_create"]
        path = attach.path.replace("{fulfillmentId}", made.body["id"])
        files = [{"fileName": f"{name}.pdf", "path": f"o/d/f/{name}.pdf", "type": "OTHER"} for name in ("a", "b")]
        for sent in (files[:1], files, files):
            reply = await client.call(attach.method, path, json.dumps({"attachments": sent}))
            assert isinstance(reply, Answer)
            assert reply.status in {200, 201}
        detail = await client.call("GET", f"/fulfillment/{made.body['id']}", None)
        assert isinstance(detail, Answer)
        assert [each["fileName"] for each in detail.body["attachments"]] == ["a.pdf", "b.pdf"]
        for name in ("order.list", "account.list", "product.list", "inventory.overview"):
            reply = await client.call("GET", calls[name].path, None)
            assert isinstance(reply, Answer)
            assert reply.status == 200
