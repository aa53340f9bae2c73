"""A day of each role, as a floor manager would tell it: with HQ there, away, and now this, now that."""

from __future__ import annotations

from pathlib import Path

import pytest

from local_store.domain import commands as c
from tests.acceptance.days import LINES, Day, Line, lived
from tests.hq.site import Hq


async def _two_orders_on_one_list(hq: Hq) -> None:
    await hq.with_products(20)
    await hq.wave(await hq.order("ord_1", SKU_1=3, SKU_2=1), await hq.order("ord_2", SKU_3=2))


ONE_LIST = "SELECT count(*) FROM picklist"


async def _a_pickers_day(day: Day) -> None:
    """Ana takes the list of the morning: tea, bread, and jam of which one is missing on the shelf."""
    ((picklist,),) = day.here.rows("SELECT picklist_id FROM picklist")
    await day.at("pick").signs_in("ana")
    await day.scans(picklist)
    await day.scans("A-01-1", "2900000000018")  # the EAN on the tea
    await day.keys(3)
    assert await day.tries(c.Scan, code="A-10-1") == "A-10-1 is right. Scan Jam (SKU-3)."  # jam lies on the way
    await day.scans("SKU-3")
    await day.does(c.MarkShort, reason="location empty")
    assert "Put it back" in await day.tries(c.Scan, code="SKU-1")  # tea again, by mistake
    await day.scans("A-02-1", "SKU-2")
    await day.does(c.Undo)
    await day.scans("SKU-2")
    await day.scans(picklist)  # the list's own code says: done
    assert day.said.code == "pick.completed"


@pytest.mark.parametrize("line", LINES)
async def test_a_pickers_day(tmp_path: Path, line: Line) -> None:
    evening = await lived(tmp_path, line, _two_orders_on_one_list, ONE_LIST, _a_pickers_day)
    picked = {each["order_id"]: [one["picked"] for one in each["lines"]] for each in evening["fulfillments"]}
    assert picked == {"ord_1": [3, 1], "ord_2": [1]}
    assert (evening["stock"]["picked"], evening["stock"]["on_hand"]) == (5, 55)


async def _a_packers_day(day: Day) -> None:
    """Ben picks what he will pack, puts each order into a box, weighs it, seals it, and signs out."""
    ((picklist,),) = day.here.rows("SELECT picklist_id FROM picklist")
    await day.at("pick").signs_in("ben")
    await day.scans(picklist, "A-01-1", "SKU-1")
    await day.keys(3)
    await day.scans("A-02-1", "SKU-2", "A-10-1", "SKU-3")
    await day.keys(2)
    await day.scans(picklist)
    await day.at("pack").signs_in("ben")
    await day.scans("ord_1", "SKU-1")
    await day.keys(3)
    assert (await day.tries(c.Scan, code="SKU-3")).startswith("Jam (SKU-3) is not in order ord_1.")
    assert (await day.tries(c.Seal)).startswith("Lines not verified yet: 1 of 2.")
    await day.scans("SKU-2")
    await day.weighs(1400)
    await day.does(c.Seal)
    await day.scans("ord_2", "SKU-3", "SKU-3")
    await day.weighs(800)
    await day.does(c.Seal)
    await day.does(c.SignOut)


@pytest.mark.parametrize("line", LINES)
async def test_a_packers_day(tmp_path: Path, line: Line) -> None:
    evening = await lived(tmp_path, line, _two_orders_on_one_list, ONE_LIST, _a_packers_day)
    shipped = {each["order_id"]: (each["packages"]["count"], each["shipments"]) for each in evening["fulfillments"]}
    assert shipped == {"ord_1": (1, 1), "ord_2": (1, 1)}


async def _a_supervisors_day(day: Day) -> None:
    """Eve gives the list to Ben, makes it urgent, has aisle A swept, and sees that all of it was done."""
    ((picklist,),) = day.here.rows("SELECT picklist_id FROM picklist")
    await day.asks("eve", c.GivePicklist, picklist_id=picklist, to_worker_id="ben")
    await day.asks("eve", c.PrioritisePicklist, picklist_id=picklist, priority="urgent")
    await day.asks("eve", c.CreateTask, type="other", instructions="Sweep aisle A.", subject="aisle A")
    await day.at("pick").signs_in("ana")
    assert (await day.tries(c.Scan, code=picklist)).startswith(f"{picklist} was given to Ben. Choose another one")

    ((task,),) = day.here.rows("SELECT task_id FROM hand_task")
    await day.asks("ana", c.ClaimTask, task_id=task)
    await day.asks("ana", c.CompleteTask, task_id=task, result={"found": "a glove"})
    await day.at("pick-2").signs_in("ben")
    await day.scans(picklist, "A-01-1", "SKU-1")
    await day.keys(3)
    await day.scans("A-02-1", "SKU-2", "A-10-1", "SKU-3")
    await day.keys(2)
    await day.scans(picklist)


@pytest.mark.parametrize("line", LINES)
async def test_a_supervisors_day(tmp_path: Path, line: Line) -> None:
    evening = await lived(tmp_path, line, _two_orders_on_one_list, ONE_LIST, _a_supervisors_day)
    (task,) = evening["tasks"]
    assert task == {
        "type": "other",
        "subject": "aisle A",
        "instructions": "Sweep aisle A.",
        "result": {"found": "a glove"},
    }
    assert {each["status"] for each in evening["fulfillments"]} == {"picked"}
