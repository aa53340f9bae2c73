"""What the facades do to the one truth is what stations of seed 001 do to it, said once for a whole order."""

from __future__ import annotations

import pytest

from hq import central
from hq.calls import Act, moment
from hq.ofs.models import Package, PackedItem
from tests.hq.site import Hq
from web.problems import Refused

BOX = Package(package_id="box-1", weight=1200, items=(PackedItem(line_id="O-1-1", qty=2),))


def act_on(hq: Hq) -> Act:
    return Act(hq.store, moment(hq.clock()), lambda prefix: f"{prefix}_{next(hq.keys)}", "esw", None, "")


async def test_an_order_that_nobody_waved_is_picked_packed_and_shipped(stocked: Hq) -> None:
    ident = await stocked.order("O-1", SKU_1=3)
    act = act_on(stocked)
    with stocked.store.transaction():
        central.confirm_picked(act, ident, {"O-1-1": 2})
        central.pack(act, "p1", ident, BOX)
        central.ship(act, ident, ["box-1"], "UPS", "1Z999")
    told = central.fulfillment_of_order(act, "O-1")
    assert told is not None
    assert (told["status"], told["lines"][0]["picked"], told["lines"][0]["packed"]) == ("shipped", 2, 2)
    assert (await stocked.stock())["shipped"] == 2


async def test_saying_it_twice_changes_nothing(stocked: Hq) -> None:
    ident = await stocked.order("O-1", SKU_1=3)
    act = act_on(stocked)
    for _ in range(2):
        with stocked.store.transaction():
            central.confirm_picked(act, ident, {"O-1-1": 2})
            central.pack(act, "p1", ident, BOX)
    told = central.fulfillment_of_order(act, "O-1")
    assert told is not None
    assert (told["lines"][0]["picked"], len(told["packages"])) == (2, 1)
    await stocked.stock()


async def test_a_wave_of_the_office_is_ended_by_what_its_orders_report(stocked: Hq) -> None:
    idents = [await stocked.order("O-1", SKU_1=3), await stocked.order("O-2", SKU_2=1)]
    wave = await stocked.wave(*idents)
    act = act_on(stocked)
    for ident, picked in zip(idents, ({"O-1-1": 3}, {"O-2-1": 0}), strict=True):
        with stocked.store.transaction():
            central.confirm_picked(act, ident, picked)
    assert (await stocked.get(f"/picklists/{wave['id']}")).body["status"] == "completed"
    await stocked.stock()


@pytest.mark.parametrize(
    ("picked", "status"),
    [({"O-1-1": 4}, 422), ({"O-9-9": 1}, 422), ({"O-1-1": 1}, 409)],
    ids=["more than ordered", "no such line", "fewer than before"],
)
async def test_what_cannot_be_is_refused_and_books_nothing(stocked: Hq, picked: dict[str, int], status: int) -> None:
    ident = await stocked.order("O-1", SKU_1=3)
    act = act_on(stocked)
    with stocked.store.transaction():
        central.confirm_picked(act, ident, {"O-1-1": 2})
    with pytest.raises(Refused) as refusal, stocked.store.transaction():
        central.confirm_picked(act, ident, picked)
    assert refusal.value.status == status
    assert (await stocked.stock())["picked"] == 2


async def test_the_records_of_one_api_keep_their_versions(hq: Hq) -> None:
    act = act_on(hq)
    with hq.store.transaction():
        central.keep_record(act, "s2", "attachment", "a-1", {"path": "x"})
        central.keep_record(act, "s2", "attachment", "a-1", {"path": "y"})
    kept = central.record(act, "s2", "attachment", "a-1")
    assert kept is not None
    assert (kept.version, kept.body, [each.record_id for each in central.records(act, "s2", "attachment")]) == (
        2,
        {"path": "y"},
        ["a-1"],
    )
    assert central.record(act, "esw", "attachment", "a-1") is None
