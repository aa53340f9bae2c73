"""The tables of the floor: what is in them may happen, and everything else is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from itertools import product
from typing import Any

import pytest

from local_store.domain import printing, states

TABLES: dict[str, Mapping[tuple[Any, str], Any]] = {
    "picklist": states.PICKLIST,
    "pick task": states.PICK_TASK,
    "pack session": states.PACK_SESSION,
    "package": states.PACKAGE,
    "label job": printing.JOB,
}

STARTS = {
    "picklist": states.Picklist.OPEN,
    "pick task": states.PickTask.OPEN,
    "pack session": states.PackSession.WAITING,
    "package": states.Package.OPEN,
    "label job": printing.Job.QUEUED,
}

ENDS: dict[str, set[StrEnum]] = {
    "picklist": {states.Picklist.COMPLETED},
    "pick task": set(),
    "pack session": set(),
    "package": {states.Package.VOIDED},
    "label job": {printing.Job.VOIDED},
}

EVERY_PAIR = [
    (name, state, act)
    for name, table in TABLES.items()
    for state, act in product(type(STARTS[name]), sorted({act for _, act in table}))
]


@pytest.mark.parametrize(("name", "state", "act"), EVERY_PAIR)
def test_every_act_on_every_state_is_in_the_table_or_refused_in_words(name: str, state: StrEnum, act: str) -> None:
    table = TABLES[name]
    if (state, act) in table:
        assert states.step(table, state, act) is table[state, act]
    else:
        with pytest.raises(states.IllegalStep, match=f"{act} is not possible while it is {state.value}"):
            states.step(table, state, act)


@pytest.mark.parametrize("name", TABLES)
def test_every_state_is_reached_from_the_start(name: str) -> None:
    table = TABLES[name]
    reached = {STARTS[name]}
    for _ in table:
        reached |= {following for (state, _), following in table.items() if state in reached}
    assert reached == set(type(STARTS[name]))


@pytest.mark.parametrize("name", TABLES)
def test_only_the_last_states_have_no_way_out(name: str) -> None:
    states_of = set(type(STARTS[name]))
    assert states_of - {state for state, _ in TABLES[name]} == ENDS[name]
