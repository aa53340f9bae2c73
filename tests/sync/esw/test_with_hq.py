"""The lane against the real facade: what a shift did arrives, once, whatever becomes of calls and answers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import uuid_utils.compat
from aiohttp import web

from hq.faults import Faults
from local_store.domain import commands as c
from local_store.domain import events as e
from sync.dialect import AtStation, NoAnswer
from sync.dialects import DIALECTS
from sync.dialects.esw.capabilities import accepts
from sync.dialects.esw.client import EswClient
from sync.work import picklist_of
from tests.hq.site import SECRETS, Hq, running_hq
from tests.sync.esw.orders import settings, stock
from tests.sync.floor import act, pack_everything, pick_everything
from tests.sync.station import LANE, Station, station

ORDERS: Mapping[str, Mapping[str, int]] = {"O-1": {"SKU-1": 2, "SKU-2": 3}, "O-2": {"SKU-1": 1}, "O-3": {"SKU-3": 4}}
CALLS = "/esw/v1"


@pytest.fixture
async def hq(tmp_path: Path) -> AsyncIterator[Hq]:
    """HQ with this facade, held to its contract, with stock and the orders."""
    async with running_hq(tmp_path / "hq.db", dialect="esw") as running:
        await running.with_products()
        for number, lines in ORDERS.items():
            await running.order(number, **{sku.replace("-", "_"): qty for sku, qty in lines.items()})
        yield running


def lane_to(address: str, auth: str = "bearer_oauth", key: str = SECRETS["station"], **more: Any) -> dict[str, Any]:
    """How a station speaks to HQ at `address`."""
    hq = settings(
        **{
            "url": f"{address}/esw",
            "auth": auth,
            "token_url": f"{address}/esw/connect/token",
            "client_id": "st-1",
            "timeout_s": 2,
            "profile": {"probe_path": "/v1/Nothing"},  # so that a fault for a call does not hit the probe
            **more,
        }
    )

    def make_client(_settings: Any, _secret: str, at: AtStation) -> EswClient:
        made: EswClient = DIALECTS["esw"].make_client(hq, key, at)  # type: ignore[assignment]
        return made

    return {"make_client": make_client, "accepts": accepts(hq)}


@asynccontextmanager
async def desk(folder: Path, address: str, **how: Any) -> AsyncIterator[Station]:
    """A station whose work was imported, with what ESW calls it."""
    async with station(folder / "st", address, **lane_to(address, **how)) as made:
        await import_work(made)
        yield made


async def import_work(here: Station) -> None:
    """What an import of orders makes: each order with its own list, and with the references of ESW."""
    for number, lines in ORDERS.items():
        work = e.FulfillmentReceived(
            lane=LANE,
            fulfillment_id=f"F-{number}",
            order_id=number,
            warehouse_id="wh_1",
            party_id=f"to:{number}",
            lines=tuple(
                e.WorkLine(order_line_id=f"L{place}", sku=sku, qty=Decimal(qty))
                for place, (sku, qty) in enumerate(lines.items(), 1)
            ),
            carrier_hint="UPS",
        )
        things = {"order": number, "three_pl_request": f"3PL-{number}"}
        refs = [ref(thing, f"F-{number}", theirs) for thing, theirs in things.items()]
        refs += [ref("line", f"F-{number}/L{place}", str(place)) for place in range(1, len(lines) + 1)]
        await here.store.execute(
            c.ReceiveWork(
                command_id=uuid_utils.compat.uuid7(),
                fulfillments=(work,),
                parties=(c.Party(party_id=f"to:{number}", name="Ann", address={}),),
                picklist=picklist_of(work, {}, "A-01-1"),
                refs=tuple(refs),
            )
        )
    products = tuple(e.ProductReceived(sku=f"SKU-{n}", name=f"Item {n}", location_id="A-01-1") for n in (1, 2, 3))
    await here.store.execute(c.ReceiveProducts(command_id=uuid_utils.compat.uuid7(), products=products))


def ref(thing: str, local_id: str, hq_id: str) -> c.HqRef:
    return c.HqRef(lane=LANE, thing=thing, local_id=local_id, hq_id=hq_id)


async def a_shift(here: Station) -> None:
    await pick_everything(here)
    await pack_everything(here)


async def truth(hq: Hq) -> Any:
    return (await hq.get("/hq/truth")).body


async def requests_and_effects(hq: Hq) -> dict[str, tuple[int, int]]:
    rows = hq.store.db.execute("SELECT kind, sum(version), count(*) FROM facade_record GROUP BY kind")
    return {kind: (asked, kept) for kind, asked, kept in rows}


async def faults(hq: Hq, **wanted: Any) -> None:
    await hq.call("PUT", "/hq/faults", role="operator", json=Faults(**wanted).model_dump())


@pytest.mark.parametrize("auth", ["bearer_oauth", "static_key"])
async def test_a_shift_is_told_at_the_first_try_and_the_office_sees_it(hq: Hq, tmp_path: Path, auth: str) -> None:
    async with desk(tmp_path, hq.url, auth=auth) as here:
        await a_shift(here)
        async with here.syncing(pull=True):
            await here.sent()
        assert (here.parked(), here.problems) == ([], {})
        assert here.rows("SELECT count(*) = sum(attempts) FROM outbox_request") == [(1,)]
        ssccs = {sscc for (sscc,) in here.rows("SELECT packed_sscc FROM package")}
    told = await truth(hq)
    assert {each["order_id"]: each["status"] for each in told["fulfillments"]} == dict.fromkeys(ORDERS, "shipped")
    assert [each["shipments"] for each in told["fulfillments"]] == [1, 1, 1]
    assert [each["packages"]["weight"] for each in told["fulfillments"]] == [1000] * 3
    assert {sscc for each in told["fulfillments"] for sscc in each["packages"]["sscc"]} == ssccs
    assert {kind: len(kept) for kind, kept in told["records"]["esw"].items()} == {"asn": 3, "confirm": 3, "event": 3}
    assert (told["stock"]["shipped"], told["stock"]["on_hand"]) == (10, 20)


async def test_with_every_fault_at_once_each_fact_counts_once(hq: Hq, tmp_path: Path) -> None:
    async with desk(tmp_path / "good", hq.url) as here:
        await a_shift(here)
        wild = {"lost_reply": 0.25, "lost_request": 0.1, "status_429": 0.1, "status_503": 0.1, "truncate": 0.1}
        await faults(hq, **wild, html=0.1, redirect=0.1, duplicate=0.2, prefix=CALLS, retry_after_s=0, seed=3)
        async with here.syncing():
            await here.sent(30)
        async with here.syncing():  # the agent was started again
            await here.sent()
        assert here.parked() == []
        spoiled = (await hq.call("GET", "/hq/faults", role="operator")).body["done"]
    await faults(hq)
    assert {"lost_reply", "html", "duplicate"} <= spoiled.keys()
    told = await truth(hq)
    assert {each["status"] for each in told["fulfillments"]} == {"shipped"}
    assert told["stock"]["shipped"] == 10
    counted = await requests_and_effects(hq)
    assert {kind: effects for kind, (_, effects) in counted.items()} == {"asn": 3, "confirm": 3, "event": 3}
    assert sum(asked for asked, _ in counted.values()) > 9, "nothing was ever repeated, so nothing was tried"


@pytest.mark.parametrize("call", ["PickPack/Confirm", "PickPack/AdvancedShippingNotice", "Events/OrderEvent"])
async def test_a_lost_answer_is_found_out_by_saying_the_same_again(hq: Hq, tmp_path: Path, call: str) -> None:
    async with desk(tmp_path, hq.url) as here:
        await a_shift(here)
        await faults(hq, lost_reply=1, prefix=f"{CALLS}/{call}")
        async with here.syncing():
            await here.until(lambda: bool(here.rows("SELECT 1 FROM outbox_request WHERE attempts > 1")))
        await faults(hq)
        async with here.syncing():
            await here.sent()
        assert here.parked() == []
    assert {effects for _, effects in (await requests_and_effects(hq)).values()} == {3}


async def test_a_line_that_is_short_and_an_order_of_which_nothing_was_found_are_told_as_failed(
    hq: Hq, tmp_path: Path
) -> None:
    async with desk(tmp_path, hq.url) as here:
        await act(here, c.Scan, workplace="pick", code="BADGE-ANA")
        for number in ORDERS:
            await act(here, c.OpenWork, workplace="pick", id=f"pick-F-{number}")
            for location, sku in here.rows(
                "SELECT location_id, sku FROM pick_task WHERE picklist_id = ? ORDER BY position", f"pick-F-{number}"
            ):
                await act(here, c.Scan, workplace="pick", code=location)
                if (number, sku) in {("O-1", "SKU-1"), ("O-2", "SKU-1")}:
                    await act(here, c.Scan, workplace="pick", code=sku)
                if here.rows("SELECT 1 FROM pick_task WHERE picklist_id = ? AND sku = ? AND status = 'open'",
                             f"pick-F-{number}", sku):  # fmt: skip
                    await act(here, c.MarkShort, workplace="pick", reason="location empty")
            await act(here, c.Complete, workplace="pick")
        await pack_everything(here)
        async with here.syncing():
            await here.sent()
        assert here.parked() == []
    told = await truth(hq)
    confirmed = {each["eswOrderReference"]: each["items"] for each in told["records"]["esw"]["confirm"]}
    assert {order: [(i["quantityConfirmed"], i["status"]) for i in items] for order, items in confirmed.items()} == {
        "O-1": [(1, "Failed"), (0, "Failed")],
        "O-2": [(1, "Success")],
        "O-3": [(0, "Failed")],
    }
    assert {each["order_id"]: each["shipments"] for each in told["fulfillments"]} == {"O-1": 1, "O-2": 1, "O-3": 0}


async def test_a_refusal_parks_its_order_alone_and_says_why(hq: Hq, tmp_path: Path) -> None:
    async with desk(tmp_path, hq.url) as here:
        await here.store.execute(
            c.ReceiveWork(
                command_id=uuid_utils.compat.uuid7(),
                fulfillments=(),
                parties=(),
                refs=(ref("line", "F-O-2/L1", "7"), ref("order", "F-O-3", "O-99")),
            )
        )
        await a_shift(here)
        async with here.syncing():
            await here.until(lambda: here.figures().parked == 2 and here.figures().unsent == 4)
        reasons = {entity: reason for entity, _, reason in here.parked()}
    assert "Items[0].LineItemId: O-2 has 1 lines (got 7)." in reasons["fulfillment:F-O-2"]
    assert "(trace 00-" in reasons["fulfillment:F-O-2"]
    assert "There is no order with this 3PL request O-99 here." in reasons["fulfillment:F-O-3"]
    told = {each["order_id"]: each["status"] for each in (await truth(hq))["fulfillments"]}
    assert told == {"O-1": "shipped", "O-2": "created", "O-3": "created"}


async def test_a_200_that_is_a_refusal_parks_the_order(hq: Hq, tmp_path: Path) -> None:
    cancelled = (await hq.get("/fulfillments")).body["items"][1]["id"]
    await hq.post(f"/fulfillments/{cancelled}/cancel", {"reason": "the customer changed their mind"})
    async with desk(tmp_path, hq.url) as here:
        await a_shift(here)
        async with here.syncing():
            await here.until(lambda: here.figures().parked == 1 and here.figures().unsent == 2)
        ((entity, kind, reason),) = here.parked()
    assert (entity, kind) == ("fulfillment:F-O-2", "pack.opened")
    assert reason.startswith('ESW answered 200 and refused it ("Rejected"):')


async def test_counts_made_while_hq_was_away_arrive_as_the_newest_of_each_product(hq: Hq, tmp_path: Path) -> None:
    async with desk(tmp_path, hq.url, counts_for_site=True) as here:
        await here.record(*(stock(qty) for qty in ("9", "8", "5")), stock("3", sku="SKU-2"))
        async with here.syncing():
            await here.sent()
        assert here.rows("SELECT count(*) FROM outbox_request") == [(2,)]
    told = await truth(hq)
    kept = {each["sku"]: each["quantity"] for each in told["records"]["esw"]["inventory"]}
    assert kept == {"SKU-1": 5, "SKU-2": 3}
    assert told["stock"]["on_hand"] == 5 + 3 + 10
    assert (await requests_and_effects(hq))["inventory"] == (2, 2)


async def test_a_count_whose_answer_was_lost_never_comes_after_a_newer_one(hq: Hq, tmp_path: Path) -> None:
    async with desk(tmp_path, hq.url, counts_for_site=True) as here:
        await here.record(stock("9"))
        await faults(hq, lost_reply=1, prefix=f"{CALLS}/Inventory/Sync")
        async with here.syncing():
            await here.until(lambda: bool(here.rows("SELECT 1 FROM outbox_request WHERE attempts > 0")))
        await here.record(stock("4"), stock("6"))
        await faults(hq, lost_reply=0.4, duplicate=0.4, prefix=f"{CALLS}/Inventory/Sync", seed=1)
        async with here.syncing():
            await here.sent()
        sent = [json.loads(body)["items"][0]["quantity"] for (body,) in here.rows("SELECT body FROM outbox_request")]
    assert sent == [9, 6]
    (kept,) = (await truth(hq))["records"]["esw"]["inventory"]
    assert kept["quantity"] == 6


async def test_a_station_that_was_not_elected_tells_nothing_of_stock(hq: Hq, tmp_path: Path) -> None:
    async with desk(tmp_path, hq.url) as here:
        await here.record(stock("9"))
        assert (here.figures().unsent, here.figures().not_deliverable) == (0, 1)


async def test_a_token_that_ended_is_fetched_anew_and_the_call_made_again(hq: Hq, tmp_path: Path) -> None:
    async with desk(tmp_path, hq.url) as here:
        async with here.syncing(pull=True):
            await here.until(lambda: here.lane.state().state == "reachable")
            hq.clock.forward(timedelta(hours=2))  # at HQ only: the station believes its token is still good
            await a_shift(here)
            await here.sent()
        assert here.rows("SELECT max(attempts) FROM outbox_request") == [(1,)]
        assert {state.state for state in here.states} == {"reachable"}


@pytest.mark.parametrize("auth", ["bearer_oauth", "static_key", "none"])
async def test_a_secret_that_is_not_accepted_pauses_the_lane_and_loses_nothing(
    hq: Hq, tmp_path: Path, auth: str
) -> None:
    async with desk(tmp_path, hq.url, auth=auth, key="a-secret-nobody-has") as here:
        await a_shift(here)
        async with here.syncing():
            await here.until(lambda: here.lane.state().state == "paused")
        assert (here.figures().unsent, here.parked()) == (9, [])
        assert await requests_and_effects(hq) == {}
        assert here.problems.keys() == {f"hq.{LANE}.key"}
        assert "a-secret-nobody-has" not in str(here.problems)
        here.make_client = lane_to(hq.url)["make_client"]
        async with here.syncing():
            await here.sent()
        assert here.problems == {}
    assert {each["status"] for each in (await truth(hq))["fulfillments"]} == {"shipped"}


async def test_a_wrong_secret_is_shown_before_there_is_anything_to_tell(hq: Hq, tmp_path: Path) -> None:
    async with desk(tmp_path, hq.url, key="a-secret-nobody-has") as here, here.syncing(pull=True):
        await here.until(lambda: here.lane.state().state == "paused")


async def test_a_call_without_a_key_carries_none() -> None:
    seen: list[str | None] = []

    async def note(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Authorization"))
        return web.json_response({})

    async with answering(note) as address:
        client = lane_to(address, "none")["make_client"](None, "", AtStation("st-1", "wh_1", _NoTime()))
        await client.call("POST", "/v1/PickPack/Retry", '{"eswOrderReference":"O-1"}')
        await client.close()
    assert seen == [None]


class _NoTime:
    def wall_ms(self) -> int:
        return 0

    def mono_ms(self) -> int:
        return 0


@asynccontextmanager
async def answering(handler: Callable[[web.Request], Any]) -> AsyncIterator[str]:
    """Somebody who answers everything in one way."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("status", "text", "kind", "there"),
    [
        (405, "", "application/json", True),
        (404, "{}", "application/problem+json", True),
        (200, "<html>Sign in to the network</html>", "text/html", False),
        (302, "", "text/html", False),
        (503, "{}", "application/json", False),
    ],
)
async def test_hq_is_there_when_something_that_can_be_hq_answers(
    status: int,
    text: str,
    kind: str,
    there: bool,  # noqa: FBT001 -- a row of the table
) -> None:
    async def say(_request: web.Request) -> web.Response:
        return web.Response(status=status, text=text, content_type=kind)

    async with answering(say) as address:
        client = lane_to(address, "static_key")["make_client"](None, "k", AtStation("st-1", "wh_1", _NoTime()))
        told = await client.probe()
        await client.close()
    assert (told is None) == there, told


async def test_hq_is_not_there_while_its_token_service_is_not(hq: Hq) -> None:
    nowhere = {"token_url": "http://127.0.0.1:1/connect/token"}
    client = lane_to(hq.url, **nowhere)["make_client"](None, "k", AtStation("st-1", "wh_1", _NoTime()))
    sentence = await client.probe()
    reply = await client.call("POST", "/v1/PickPack/Retry", "{}")
    await client.close()
    assert "No token could be had." in sentence
    assert reply == NoAnswer(sentence, sent=False)


async def test_a_person_has_an_order_processed_again_by_name(hq: Hq) -> None:
    client = lane_to(hq.url)["make_client"](None, "", AtStation("st-1", "wh_1", _NoTime()))
    call = client.calls()["pickpack-retry"]
    reply = await client.call(call.method, call.path, '{"eswOrderReference":"O-1"}')
    await client.close()
    assert (reply.status, reply.body["outcome"]) == (200, "RetryAccepted")
    assert (await requests_and_effects(hq))["retry"] == (1, 1)
