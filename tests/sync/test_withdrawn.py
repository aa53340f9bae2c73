"""HQ takes work back or changes it: a poll notices, a few questions at a time, and never touches what hands began."""

from __future__ import annotations

import math

from local_store import reviewing
from local_store.domain import commands as c
from sync.dialects.ofs.capabilities import PROFILE
from tests.sync.fake_hq import FakeHq
from tests.sync.floor import act, pick_everything
from tests.sync.station import Station
from tests.sync.test_pull import fulfillment, give, ids, picklist, product, pulled


async def synced(here: Station, fake: FakeHq) -> None:
    """Everything is sent, and then everything pulled."""
    before = fake.pulls
    async with here.syncing(pull=True):
        await here.sent()
        await here.until(lambda: fake.pulls >= before + 1)
        before = fake.pulls
        here.lane._pull_now.set()
        await here.until(lambda: fake.pulls >= before + 1)
        here.lane._pull_now.set()
        await here.until(lambda: fake.pulls >= before + 2)


async def given(here: Station, fake: FakeHq) -> None:
    """PL1 with F1 and F2, of three SKU-1 each, and F9 that another station has picked."""
    fake.products = [product("SKU-1")]
    give(fake, picklist("PL1", "F1", "F2"))
    fake.fulfillments["F9"] = fulfillment("F9", picked=3)
    await pulled(here, fake)
    assert (ids(here, "picklist"), ids(here, "fulfillment")) == (["PL1"], ["F1", "F2", "F9"])


def waiting(here: Station) -> list[tuple[str, str, str]]:
    return [(each.work_id, each.proposed, each.sentence) for each in reviewing.waiting(here.store.reader)]


async def test_work_that_nobody_began_goes_when_hq_gives_it_to_another_station(here: Station, fake: FakeHq) -> None:
    await given(here, fake)
    fake.picklists["PL1"]["device_id"] = "st-2"
    fake.fulfillments["F9"]["status"] = "packing"
    await pulled(here, fake)
    assert (ids(here, "picklist"), ids(here, "fulfillment")) == ([], [])
    assert here.problems == {}


async def test_a_list_that_comes_back_from_another_station_is_work_again(here: Station, fake: FakeHq) -> None:
    await given(here, fake)
    fake.picklists["PL1"]["device_id"] = "st-2"
    await pulled(here, fake)
    fake.picklists["PL1"]["device_id"] = None
    await pulled(here, fake)
    assert ids(here, "picklist") == ["PL1"]


async def test_an_order_that_is_picked_elsewhere_after_its_list_went_comes_ready_to_pack(
    here: Station, fake: FakeHq
) -> None:
    await given(here, fake)
    fake.picklists["PL1"].update(status="completed", pick_confirmation_id="pc-of-st-2", device_id="st-2")
    fake.fulfillments["F1"] = fulfillment("F1", picked=3)
    await pulled(here, fake)
    await pulled(here, fake)
    assert here.rows("SELECT fulfillment_id, session FROM fulfillment ORDER BY 1") == [
        ("F1", "ready"),
        ("F9", "ready"),
    ]


async def test_a_quantity_an_address_and_a_new_order_on_a_list_that_nobody_began_are_taken_over(
    here: Station, fake: FakeHq
) -> None:
    await given(here, fake)
    fake.picklists["PL1"]["tasks"][0]["qty"] = 5
    fake.picklists["PL1"]["tasks"].append(picklist("PL1", "F1", "F2", "F3")["tasks"][2])
    fake.fulfillments["F1"]["lines"][0]["qty"] = 5
    fake.fulfillments["F1"]["ship_to"] = {"name": "Ann", "city": "Paris"}
    fake.fulfillments["F3"] = fulfillment("F3")
    await pulled(here, fake)
    assert here.rows("SELECT task_id, qty FROM pick_task ORDER BY position") == [
        ("PL1-T1", "5"),
        ("PL1-T2", "3"),
        ("PL1-T3", "3"),
    ]
    assert here.rows("SELECT qty FROM fulfillment_line WHERE fulfillment_id = 'F1'") == [("5",)]
    assert here.rows("SELECT address FROM party WHERE party_id = 'to:F1'") == [('{"city": "Paris"}',)]
    assert "F3" in ids(here, "fulfillment")
    await pulled(here, fake)
    facts = here.rows("SELECT count(*) FROM journal")
    await pulled(here, fake)
    assert here.rows("SELECT count(*) FROM journal") == facts


async def test_what_hands_began_stays_and_a_person_is_asked_once(here: Station, fake: FakeHq) -> None:
    await given(here, fake)
    await act(here, c.Scan, workplace="pick", code="BADGE-ANA")
    await act(here, c.OpenWork, workplace="pick", id="PL1")
    await act(here, c.Scan, workplace="pick", code="A-1")
    await act(here, c.Scan, workplace="pick", code="SKU-1")
    fake.picklists["PL1"]["status"] = "cancelled"
    await synced(here, fake)
    assert waiting(here) == [
        (
            "PL1",
            "put_back",
            "HQ cancelled picklist PL1, which is being picked here. Put 1 of Item SKU-1 (SKU-1) back on the shelf.",
        )
    ]
    assert here.rows("SELECT picked FROM pick_task ORDER BY position") == [("1",), ("0",)]
    facts = here.rows("SELECT count(*) FROM journal")
    await synced(here, fake)
    assert here.rows("SELECT count(*) FROM journal") == facts


async def test_a_list_that_was_picked_here_while_hq_gave_it_away_is_asked_about(here: Station, fake: FakeHq) -> None:
    await given(here, fake)
    await pick_everything(here)
    fake.picklists["PL1"]["device_id"] = "st-2"
    await pulled(here, fake)  # nothing was sent yet
    assert [(work, step) for work, step, _ in waiting(here)] == [("PL1", "re_bin")]
    assert here.rows("SELECT status FROM picklist") == [("completed",)]


async def test_work_that_hq_does_not_know_any_more_stays(here: Station, fake: FakeHq) -> None:
    await given(here, fake)
    fake.picklists.clear()
    fake.fulfillments.clear()
    await pulled(here, fake)
    assert (ids(here, "picklist"), ids(here, "fulfillment")) == (["PL1"], ["F1", "F2", "F9"])
    assert here.problems == {}


async def test_a_document_that_cannot_be_used_is_named_and_changes_nothing(here: Station, fake: FakeHq) -> None:
    await given(here, fake)
    fake.picklists["PL1"]["tasks"][0]["qty"] = "many"
    fake.fulfillments["F2"]["id"] = "F7"
    await pulled(here, fake)
    assert (
        'HQ\'s picklist PL1: tasks.0.qty: should be a valid decimal, got "many".'
        in here.problems["hq.main.documents"]
    )
    assert "HQ's fulfillment F2: fulfillment_id: HQ answered about F7." in here.problems["hq.main.documents"]
    assert here.rows("SELECT qty FROM pick_task") == [("3",), ("3",)]


async def test_a_poll_asks_about_a_few_of_the_open_work_and_the_next_polls_about_the_rest(
    here: Station, fake: FakeHq
) -> None:
    many, limit = 25, PROFILE.looked_at_again_per_poll
    give(fake, *(picklist(f"PL{n:02}", f"F{n:02}") for n in range(many)))
    await pulled(here, fake)
    fake.asked.clear()
    here.poll_s = 1
    before, rounds = fake.pulls, math.ceil(2 * many / limit)
    async with here.syncing(pull=True):
        await here.until(lambda: fake.pulls >= before + rounds + 1)
    asked = [path for path in fake.asked if path.count("/") == 2 and not path.startswith("/edge")]
    each_poll = [0]
    for path in fake.asked:
        if path == "/edge/products":
            each_poll.append(0)
        elif path in asked:
            each_poll[-1] += 1
    assert max(each_poll) <= limit
    assert len(set(asked)) == 2 * many
