"""What the writer keeps in memory or writes late is never seen: all is as if each command read and wrote for itself.

After every command of every test, the bench compares what is remembered with what is on disk (`tests.support.floor`).
"""

from __future__ import annotations

import asyncio
import re
import tempfile
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local_store import counts
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.transaction import CommandReused, Receipt, Transaction
from tests.support.floor import ANA, Bench, line, memory_is_true, new_id, product

CODES = (
    "A-1",
    "B-2",
    "SKU-1",
    "SKU-2",
    "CASE-2",
    "SKU-9",
    "PL-7",
    "PL-8",
    "O-8",
    "O-9",
    "TOTE-1",
    "GARBAGE",
    ANA.badge,
)
ACTS: st.SearchStrategy[tuple[type[c.FloorCommand], dict[str, Any]]] = st.one_of(
    st.sampled_from(CODES).map(lambda code: (c.Scan, {"code": code})),
    st.sampled_from((c.Undo, c.Skip, c.Complete, c.Seal, c.SignOut)).map(lambda kind: (kind, {})),
    st.integers(1, 4).map(lambda quantity: (c.KeyQuantity, {"quantity": Decimal(quantity)})),
    st.just((c.MarkShort, {"reason": "shelf empty"})),
)


def a_day_begins(folder: Path) -> Bench:
    bench = Bench(folder)
    bench.given_products(product("SKU-1"), product("SKU-2", "CASE-2*3"), product("SKU-9"))
    bench.given_picklist("PL-7", line("SKU-1", 3), line("SKU-2", 7), line("SKU-1", 5, at="B-2"))
    bench.given_picklist("PL-8", line("SKU-2", 3))
    bench.given_order("O-8", line("SKU-1", 2), line("SKU-2", 4))
    bench.given_order("O-9", line("SKU-2", 4))
    bench.at("pick-1").signed_in().scan("PL-7", "A-1")
    bench.at("pack-1").signed_in().scan("O-8")
    return bench


def together(bench: Bench, commands: list[c.FloorCommand]) -> list[Receipt]:
    """Have all of them wait at the same moment, so that they share a transaction."""
    begun, go_on = threading.Event(), threading.Event()

    def hold(_tx: Transaction) -> None:
        begun.set()
        assert go_on.wait(10)

    async def work() -> list[Receipt]:
        holding = asyncio.ensure_future(bench.store.run(hold))
        await asyncio.to_thread(begun.wait, 10)
        executing = [asyncio.ensure_future(bench.store.execute(command)) for command in commands]
        await asyncio.sleep(0)
        go_on.set()
        await holding
        return [await each for each in executing]

    return bench.runner.run(work())


@pytest.mark.slow
@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(("pick-1", "pick-1", "pack-1", "pick-2")), ACTS), max_size=40))
def test_commands_of_one_transaction_leave_what_their_facts_add_up_to_one_by_one(
    acts: list[tuple[str, tuple[type[c.FloorCommand], dict[str, Any]]]],
) -> None:
    commands = [kind.model_validate({"command_id": new_id(), "workplace": place, **of}) for place, (kind, of) in acts]
    with tempfile.TemporaryDirectory() as name:
        bench = a_day_begins(Path(name))
        together(bench, commands)
        bench.runner.run(bench.store.run(memory_is_true))
        left = bench.dump()
        assert bench.rebuilt_dump() == left
        bench.close()


def test_no_table_has_two_of_the_statements_that_are_written_late() -> None:
    """Else their order could matter."""
    statements = [value for name, value in vars(counts).items() if name.isupper() and isinstance(value, str)]
    tables = [found[1] for each in statements if (found := re.match(r"(?:UPDATE|INSERT INTO) (\w+)", each))]
    assert len(set(tables)) == len(statements) == 7


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Bench]:
    bench = a_day_begins(tmp_path)
    yield bench
    bench.close()


def test_what_a_failed_transaction_had_counted_is_forgotten(day: Bench) -> None:
    """The count and the failure share a transaction; the count is done again by itself, and once."""

    def fails(tx: Transaction) -> None:
        tx.execute(c.Scan(command_id=new_id(), workplace="pick-1", code="SKU-2"))
        raise LookupError("after a count")

    day.at("pick-1").scan("SKU-1")
    with pytest.raises(LookupError):
        day.runner.run(day.store.run(fails))
    day.scan("SKU-2")
    assert day.screen.text == "Item SKU-2 (SKU-2): 1 of 7."
    assert [fact.picked for fact in day.facts(e.PickCounted)] == [1, 1]


def test_a_picker_who_walks_to_and_fro_within_one_transaction_ends_where_the_last_scan_was(day: Bench) -> None:
    codes = ("B-2", "SKU-1", "A-1")
    day.at("pick-1").scan(*codes)  # now all is remembered, and nothing need be written before it is read
    together(day, [c.Scan(command_id=new_id(), workplace="pick-1", code=code) for code in codes])
    work = day.pick_work("PL-7")
    assert (work.location_id, work.counting_task_id) == ("A-1", None)
    assert [task.picked for task in work.tasks] == [0, 0, 2]


def test_a_command_is_known_again_whether_its_id_is_the_highest_or_not(day: Bench) -> None:
    older, newer = (c.Scan(command_id=new_id(), workplace="pick-1", code="SKU-1") for _ in range(2))
    day.do(newer)
    assert not day.do(older).repeated, "an id below the highest one is new as well when it was never seen"
    assert [day.do(each).repeated for each in (older, newer, older)] == [True, True, True]
    assert [each.repeated for each in together(day, [newer, older])] == [True, True]
    day.restart()
    assert [day.do(each).repeated for each in (older, newer)] == [True, True]


def test_a_command_that_came_twice_into_one_transaction_is_done_once(day: Bench) -> None:
    """Also when what lies between them had all that waits written."""
    scan = c.Scan(command_id=new_id(), workplace="pick-1", code="SKU-1")
    undo = c.Undo(command_id=new_id(), workplace="pick-1")
    receipts = together(day, [scan, undo, scan, undo])
    assert [receipt.repeated for receipt in receipts] == [False, False, True, True]
    with pytest.raises(CommandReused):
        day.do(scan.model_copy(update={"code": "SKU-2"}))
