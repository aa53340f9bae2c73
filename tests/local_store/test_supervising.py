"""What a supervisor arranges: who picks what first, waves, and tasks that no list says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local_store.domain import commands as c
from local_store.works import supervising
from tests.support.floor import ANA, BEN, EVE, SITE, Bench, line, new_id, product


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path / "store", SITE)
    bench.given_products(product("SKU-1"))
    bench.given_picklist("PL-7", line("SKU-1", 2))
    bench.given_picklist("PL-8", line("SKU-1", 1))
    yield bench
    bench.close()


def acts(bench: Bench, command: type[c.WorkerCommand], worker: str = EVE.worker_id, **of: Any) -> str:
    """What is said to a command of a person with a key."""
    return bench.do(command(command_id=new_id(), worker_id=worker, **of)).answer.text


def test_a_list_that_was_given_to_ben_is_opened_by_ben_alone(day: Bench) -> None:
    assert acts(day, c.GivePicklist, picklist_id="PL-7", to_worker_id="ben") == "PL-7 is for Ben now."
    day.at("pick-1").signed_in(ANA).scan("PL-7")
    assert day.screen.text == "PL-7 was given to Ben. Choose another one, or ask a supervisor."
    day.at("pick-2").signed_in(BEN).scan("PL-7")
    assert day.screen.code == "pick.opened"


def test_a_list_can_be_given_back_to_whoever_takes_it(day: Bench) -> None:
    acts(day, c.GivePicklist, picklist_id="PL-7", to_worker_id="ben")
    assert acts(day, c.GivePicklist, picklist_id="PL-7", to_worker_id=None) == "PL-7 is for whoever takes it."
    assert day.at("pick-1").signed_in(ANA).scan("PL-7").answer.code == "pick.opened"


def test_only_open_lists_are_given_and_only_to_pickers(day: Bench) -> None:
    said = acts(day, c.GivePicklist, picklist_id="PL-9", to_worker_id="ben")
    assert said == "There is no open picklist PL-9 here. Look at the list again."
    said = acts(day, c.GivePicklist, picklist_id="PL-7", to_worker_id="eve")
    assert said == "eve is nobody who picks here. Choose a picker from the list."
    day.at("pick-1").signed_in(ANA).scan("PL-7")
    said = acts(day, c.GivePicklist, picklist_id="PL-7", to_worker_id="ben")
    assert said == "PL-7 is in progress at pick-1. Have it handed over there first."


def test_an_urgent_list_comes_first(day: Bench) -> None:
    assert acts(day, c.PrioritisePicklist, picklist_id="PL-8", priority="urgent") == "PL-8 is urgent now."
    rows = day.query("SELECT picklist_id FROM picklist ORDER BY priority, picklist_id")
    assert [each for (each,) in rows] == ["PL-8", "PL-7"]


def test_nobody_but_a_supervisor_arranges_and_the_name_stands_in_the_journal(day: Bench) -> None:
    said = acts(day, c.PrioritisePicklist, "ana", picklist_id="PL-8", priority="urgent")
    assert said == "Ana may not do this: it is for supervisor. Ask a supervisor."
    assert acts(day, c.PrioritisePicklist, "nobody", picklist_id="PL-8", priority="urgent").startswith("Nobody is")
    acts(day, c.PrioritisePicklist, picklist_id="PL-8", priority="urgent")
    assert day.query("SELECT actor FROM journal WHERE kind = 'picklist.prioritised'") == [("eve",)]


def test_nobody_allows_what_they_ask_for_themselves(day: Bench) -> None:
    of = {"picklist_id": "PL-8", "priority": "urgent"}
    refusal = "{name} cannot allow this. Another person who is a supervisor here scans their badge."
    assert acts(day, c.PrioritisePicklist, approved_by="eve", **of) == refusal.format(name="Eve")
    assert acts(day, c.PrioritisePicklist, approved_by="ana", **of) == refusal.format(name="Ana")
    assert acts(day, c.PrioritisePicklist, approved_by="nobody", **of) == refusal.format(name="nobody")


def test_whoever_is_signed_in_at_a_workplace_acts_from_its_page(day: Bench) -> None:
    day.at("pick-1").signed_in(ANA)
    acts(day, c.CreateTask, type="other", instructions="Sweep aisle A.")
    (task,) = supervising.tasks(day.store.reader)
    told = day.do(c.ClaimTask(command_id=new_id(), workplace="pick-1", task_id=task["task_id"])).answer.text
    assert told == f"Task {task['task_id']} is yours, “Sweep aisle A.”."
    assert supervising.tasks(day.store.reader)[0]["worker_id"] == "ana"


def test_orders_are_asked_for_as_one_wave_once(day: Bench) -> None:
    said = acts(day, c.RequestWave, fulfillment_ids=("ful_1", "ful_2"), priority="high")
    assert said == "The wave is asked for, orders: 2. Its picklist comes from HQ."
    said = acts(day, c.RequestWave, fulfillment_ids=("ful_2",))
    assert said == "Order ful_2 is on a list already, or was asked for. Leave it out of the wave."
    said = acts(day, c.RequestWave, fulfillment_ids=("F-O-PL-7",))
    assert said == "Order F-O-PL-7 is on a list already, or was asked for. Leave it out of the wave."
    said = acts(day, c.RequestWave, fulfillment_ids=("ful_3", "ful_3"))
    assert said == "Order ful_3 is in the wave twice. Name it once."


def test_a_task_is_taken_by_one_person_and_done_once(day: Bench) -> None:
    said = acts(day, c.CreateTask, type="count", instructions="Count A-1.", subject="A-1", to_worker_id="ana")
    (task,) = supervising.tasks(day.store.reader, "ana")
    ident = task["task_id"]
    assert said == f"The task is in the list as {ident}."
    assert supervising.tasks(day.store.reader, "ben") == []
    assert acts(day, c.ClaimTask, "ben", task_id=ident) == f"Task {ident} is ana's. Take another one."
    assert acts(day, c.CompleteTask, "ana", task_id=ident, result={"found": "12"}) == f"Task {ident} is done."
    assert acts(day, c.ClaimTask, "ana", task_id=ident) == f"Task {ident} is done already. Take another one."
    kinds = day.query("SELECT kind FROM journal WHERE kind LIKE 'task.%' ORDER BY seq")
    assert [kind for (kind,) in kinds] == ["task.created", "task.claimed", "task.completed"]
    assert acts(day, c.ClaimTask, "ana", task_id="task_9") == "There is no task task_9 here. Look at the list again."
    assert acts(day, c.CreateTask, type="other", instructions="x", to_worker_id="zoe").startswith("zoe is nobody")


def test_what_was_arranged_is_there_again_after_a_rebuild(day: Bench) -> None:
    acts(day, c.GivePicklist, picklist_id="PL-7", to_worker_id="ben")
    acts(day, c.PrioritisePicklist, picklist_id="PL-8", priority="urgent")
    acts(day, c.RequestWave, fulfillment_ids=("ful_1",))
    acts(day, c.CreateTask, type="other", instructions="Sweep aisle A.")
    assert day.rebuilt_dump() == day.dump()
