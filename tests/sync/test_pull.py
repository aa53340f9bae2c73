"""Pulling: work and products come once, what is here stays as hands left it, and HQ's mistakes are named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local_store.domain.events import PicklistReceived
from local_store.journal import Recorded
from tests.sync.fake_hq import FakeHq
from tests.sync.floor import pack_everything, pick_everything
from tests.sync.station import RealTime, Station, assigned, station


def product(sku: str, **of: Any) -> dict[str, Any]:
    return {"sku": sku, "name": f"Item {sku}", "gtin": None, "location_id": "A-1", "nominal_weight_g": 250, **of}


def fulfillment(ident: str, *, picked: int = 0, **of: Any) -> dict[str, Any]:
    return {
        "id": ident,
        "order_id": f"O-{ident}",
        "warehouse_id": "wh_1",
        "status": "picked" if picked else "allocated",
        "lines": [{"order_line_id": f"{ident}-L1", "sku": "SKU-1", "qty": 3, "picked": picked}],
        "ship_to": {"name": "Ann", "city": "Reims", "region": None, "country": "France"},
        "requested_ship_date": "2025-09-02T00:00:00.000Z",
        **of,
    }


def picklist(ident: str, *fulfillments: str, device: str | None = None, **task: Any) -> dict[str, Any]:
    tasks = [
        {
            "task_id": f"{ident}-T{n}",
            "fulfillment_id": each,
            "order_line_id": f"{each}-L1",
            "location_id": "A-1",
            "sku": "SKU-1",
            "qty": 3,
            "picked": 0,
            "status": "open",
            **task,
        }
        for n, each in enumerate(fulfillments, 1)
    ]
    return {"id": ident, "warehouse_id": "wh_1", "status": "draft", "device_id": device, "tasks": tasks}


def give(fake: FakeHq, *picklists: dict[str, Any]) -> None:
    """Picklists, and the fulfillments they name."""
    for each in picklists:
        fake.picklists[each["id"]] = each
        for task in each["tasks"]:
            fake.fulfillments.setdefault(task["fulfillment_id"], fulfillment(task["fulfillment_id"]))


def ids(here: Station, table: str) -> list[str]:
    return [row[0] for row in here.rows(f"SELECT {table}_id FROM {table} ORDER BY 1")]


async def pulled(here: Station, fake: FakeHq) -> None:
    """Let the lane pull until one pull has ended: the next one has come to its last list."""
    before = fake.pulls
    async with here.syncing(pull=True):
        await here.until(lambda: fake.pulls >= before + 2)


async def test_products_picklists_and_receivers_come_down_once(here: Station, fake: FakeHq) -> None:
    fake.products = [product("SKU-1", gtin="2900000000018", barcodes=[{"barcode": "BOX", "multiplier": 6}])]
    give(fake, picklist("PL1", "F1", "F2"), picklist("PL2", "F3"))
    await pulled(here, fake)
    facts = here.rows("SELECT count(*) FROM journal")
    await pulled(here, fake)
    assert ids(here, "picklist") == ["PL1", "PL2"]
    assert ids(here, "fulfillment") == ["F1", "F2", "F3"]
    assert here.rows("SELECT sku, nominal_weight_mg FROM product") == [("SKU-1", 250_000)]
    assert here.rows("SELECT key, multiplier FROM code WHERE thing = 'product' ORDER BY 2, 1") == [
        ("02900000000018", 1),
        ("SKU-1", 1),
        ("BOX", 6),
    ]
    assert here.rows("SELECT name, address FROM party WHERE party_id = 'to:F1'") == [
        ("Ann", '{"city": "Reims", "country": "France"}')
    ]
    assert here.rows("SELECT ship_by FROM picklist WHERE picklist_id = 'PL1'") == [("2025-09-02T00:00:00.000Z",)]
    assert here.rows("SELECT count(*) FROM journal") == facts
    assert here.problems == {}


async def test_no_work_is_fetched_while_the_disk_is_full_and_all_of_it_once_there_is_room(
    here: Station, fake: FakeHq
) -> None:
    fake.products = [product("SKU-1")]
    give(fake, picklist("PL1", "F1"))
    here.store.accept_new_work(accepts=False)
    here.poll_s = 1
    async with here.syncing(pull=True):
        await here.until(lambda: here.lane.state().state == "reachable")
        begun = here.time.now_ms
        await here.until(lambda: here.time.now_ms - begun > 5_000)
        assert ids(here, "picklist") == []
        here.store.accept_new_work(accepts=True)
        await here.until(lambda: ids(here, "picklist") == ["PL1"])


async def test_a_disk_that_fills_while_work_is_fetched_loses_none_of_it(here: Station, fake: FakeHq) -> None:
    fake.products = [product("SKU-1")]
    give(fake, picklist("PL1", "F1"), picklist("PL2", "F2"), picklist("PL3", "F3"))

    def fills(recorded: list[Recorded]) -> None:
        if any(isinstance(each.fact, PicklistReceived) for each in recorded):
            here.store.accept_new_work(accepts=False)

    here.store.listen(fills)
    async with here.syncing(pull=True):
        await here.until(lambda: not here.store.site.accepts_new_work)
        ended = here.time.now_ms + here.poll_s * 1000
        await here.until(lambda: here.time.now_ms >= ended)  # the pull is over: the wait for the next one has begun
    assert len(ids(here, "picklist")) == 1
    here.poll_s = 1
    async with here.syncing(pull=True):
        for known in (2, 3):
            here.store.accept_new_work(accepts=True)
            await here.until(lambda known=known: len(ids(here, "picklist")) >= known)  # type: ignore[misc]
            await here.until(lambda: not here.store.site.accepts_new_work)  # told after the commit


async def test_what_was_done_here_is_never_overwritten(here: Station, fake: FakeHq) -> None:
    fake.products = [product("SKU-1")]
    give(fake, picklist("PL1", "F1"))
    await pulled(here, fake)
    await pick_everything(here)
    await pulled(here, fake)  # HQ still shows the picklist as open: the station's facts have not reached it
    assert here.rows("SELECT status FROM picklist") == [("completed",)]
    assert here.rows("SELECT picked FROM fulfillment_line") == [("3",)]


async def test_products_are_asked_for_from_where_the_last_pull_ended(tmp_path: Path, fake: FakeHq) -> None:
    fake.products = [product("SKU-1")]
    async with station(tmp_path, fake.url) as here:
        await pulled(here, fake)
    fake.products += [product("SKU-2"), product("SKU-3")]
    async with station(tmp_path, fake.url) as here:
        await pulled(here, fake)
        assert here.rows("SELECT lane, what, cursor FROM pull_cursor") == [("main", "products", "3")]
        assert here.rows("SELECT sku FROM product ORDER BY sku") == [("SKU-1",), ("SKU-2",), ("SKU-3",)]


async def test_an_hq_without_products_gives_none_and_that_is_no_problem(here: Station, fake: FakeHq) -> None:
    fake.without_products = True
    give(fake, picklist("PL1", "F1"))
    await pulled(here, fake)
    assert ids(here, "picklist") == ["PL1"]
    assert here.problems == {}


async def test_a_picklist_of_another_device_or_warehouse_is_left_alone(here: Station, fake: FakeHq) -> None:
    give(fake, picklist("PL1", "F1", device="st-2"), picklist("PL2", "F2", device="st-1"))
    give(fake, {**picklist("PL3", "F3"), "warehouse_id": "wh_2"})
    await pulled(here, fake)
    assert ids(here, "picklist") == ["PL2"]


async def test_a_picklist_begun_elsewhere_is_refused_with_a_sentence(here: Station, fake: FakeHq) -> None:
    give(fake, picklist("PL1", "F1", picked=1), picklist("PL2", "F2"))
    await pulled(here, fake)
    assert ids(here, "picklist") == ["PL2"]
    assert 'HQ\'s picklist PL1: tasks.0.picked: "1" of SKU-1 were picked before' in here.problems["hq.main.documents"]


async def test_what_another_station_picked_comes_ready_to_pack(here: Station, fake: FakeHq) -> None:
    fake.products = [product("SKU-1")]
    for n in (1, 2, 3):
        fake.fulfillments[f"F{n}"] = fulfillment(f"F{n}", picked=2)
    fake.fulfillments["F9"] = fulfillment("F9", picked=2, warehouse_id="wh_2")
    await pulled(here, fake)
    assert here.rows("SELECT fulfillment_id, session FROM fulfillment ORDER BY 1") == [
        (f"F{n}", "ready") for n in (1, 2, 3)
    ]
    async with here.syncing():
        await pack_everything(here)
        await here.sent()
    assert fake.facts()["fulfillment:F2"] == ["open-session", "pack", "seal", "shipments"]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (
            lambda hq: hq.picklists["PL1"]["tasks"][0].update(qty=-1),
            "HQ's picklist PL1: tasks.0.qty: should be greater than 0, got -1.",
        ),
        (
            lambda hq: hq.picklists["PL1"]["tasks"][0].update(order_line_id="L9"),
            'HQ\'s picklist PL1: task PL1-T1: order_line_id: fulfillment F1 has no line "L9".',
        ),
        (
            lambda hq: hq.picklists["PL1"]["tasks"].append(hq.picklists["PL1"]["tasks"][0]),
            'HQ\'s picklist PL1: tasks.task_id: "PL1-T1" is there twice',
        ),
        (
            lambda hq: hq.picklists["PL1"]["tasks"][0].update(task_id="PL2-T1"),
            "HQ's picklist PL1: tasks: some of them came before on another picklist.",
        ),
        (
            lambda hq: hq.picklists["PL1"].update(priority="soon"),
            "HQ's picklist PL1: priority: should be 'low', 'normal', 'high' or 'urgent', got \"soon\".",
        ),
        (
            lambda hq: hq.fulfillments["F1"]["lines"][0].update(qty="many"),
            'HQ\'s fulfillment F1: lines.0.qty: should be a valid decimal, got "many".',
        ),
        (
            lambda hq: hq.fulfillments["F1"].update(order_id="O\x1b[2J"),
            "HQ's fulfillment F1: order_id: String should match pattern",
        ),
        (
            lambda hq: hq.fulfillments["F1"].update(id="F7"),
            "HQ's fulfillment F1: fulfillment_id: HQ answered about F7.",
        ),
        (
            lambda hq: hq.fulfillments.pop("F1"),
            "HQ's picklist PL1: there is no fulfillment F1 at HQ.",
        ),
        (
            lambda hq: hq.products[0].update(nominal_weight_g="heavy"),
            "HQ's product SKU-1: nominal_weight_g: should be a valid integer",
        ),
    ],
)
async def test_a_bad_document_is_named_by_place_and_value_the_rest_is_taken_and_it_clears_when_mended(
    here: Station, fake: FakeHq, spoil: Any, sentence: str
) -> None:
    fake.products = [product("SKU-1"), product("SKU-2")]
    give(fake, picklist("PL2", "F2"), picklist("PL1", "F1"))
    spoil(fake)
    await pulled(here, fake)
    assert sentence in here.problems["hq.main.documents"]
    assert "PL2" in ids(here, "picklist")
    assert ("SKU-2",) in here.rows("SELECT sku FROM product")

    fake.products, fake.picklists, fake.fulfillments = [product("SKU-1")], {}, {}
    give(fake, picklist("PL3", "F3"))
    await pulled(here, fake)
    assert here.problems == {}


async def test_many_bad_documents_make_one_problem(here: Station, fake: FakeHq) -> None:
    fake.products = [product(f"SKU-{n}", name=None) for n in range(9)]
    await pulled(here, fake)
    assert list(here.problems) == ["hq.main.documents"]
    assert here.problems["hq.main.documents"].endswith("And 6 more.")


async def test_a_refused_pull_is_a_problem_with_hqs_words(here: Station, fake: FakeHq) -> None:
    fake.get_status = 403
    async with here.syncing(pull=True):
        await here.until(lambda: "hq.main.pull" in here.problems)
    assert "HQ answered 403: A fault 403." in here.problems["hq.main.pull"]
    fake.get_status = 0
    await pulled(here, fake)
    assert here.problems == {}


async def test_work_is_fetched_as_soon_as_hq_is_back(tmp_path: Path, fake: FakeHq) -> None:
    async with station(tmp_path, fake.url, RealTime(), poll_s=3600) as here, here.syncing(pull=True) as lane:
        await here.until(lambda: fake.pulls == 1)
        fake.away = True
        await here.record(assigned("P1"))
        await here.until(lambda: lane.state().state == "unreachable")
        give(fake, picklist("PL1", "F1"))
        fake.away = False
        await here.until(lambda: ids(here, "picklist") == ["PL1"])


@pytest.mark.parametrize("page", [{"items": "none"}, {"next_cursor": None}, [], None])
async def test_a_page_that_is_no_page_is_reported(here: Station, fake: FakeHq, page: Any) -> None:
    fake.pages = {"tasks": page}
    fake.fulfillments["F1"] = fulfillment("F1", picked=2)
    await pulled(here, fake)
    assert "HQ's task list" in here.problems["hq.main.documents"]
    assert ids(here, "fulfillment") == ["F1"]


async def test_a_list_that_turns_in_circles_ends(here: Station, fake: FakeHq) -> None:
    fake.pages = {"tasks": {"items": [], "next_cursor": "again"}}
    await pulled(here, fake)
    assert here.problems == {}
