"""History that HQ gave back joined with what was done here: goods are where hands put them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from local_store.domain import events as e
from local_store.domain.events import KINDS
from local_store.domain.history import Here, here, join

OF_LIST: dict[str, Any] = {"picklist_id": "PL"}
OF_ORDER: dict[str, Any] = {"fulfillment_id": "F", "picklist_id": "PL"}


def counted(task: str = "T1", qty: int = 1) -> e.PickCounted:
    of = {"count_id": "c", "location_id": "A", "sku": "S", "status": "open"}
    return e.PickCounted(**OF_LIST, **of, task_id=task, qty=Decimal(qty), picked=Decimal(qty))


def packed(line: str = "L1") -> e.PackCounted:
    of = {"package_id": "P", "count_id": "c", "sku": "S"}
    return e.PackCounted(**OF_ORDER, **of, order_line_id=line, qty=Decimal(1), packed=Decimal(1))


def sealed(package: str = "P", sscc: str = "1", order: str = "F") -> e.PackageSealed:
    return e.PackageSealed(fulfillment_id=order, workplace="w", package_id=package, sscc=sscc, sscc_serial=1)


COMPLETED = e.PicklistCompleted(**OF_LIST, pick_confirmation_id="x", workplace="w", lines=())
STARTED = e.PicklistStarted(**OF_LIST, worker_id="w", workplace="w")
OPENED = e.PackOpened(**OF_ORDER, workplace="w", worker_id="w", package_id="P")


@pytest.mark.parametrize("theirs", [counted(), packed(), COMPLETED, sealed(), OPENED])
def test_what_nobody_touched_here_becomes_true_here(theirs: e.Fact) -> None:
    assert join(theirs, Here()) == (True, None)


def test_another_line_of_the_same_list_joins_without_a_word() -> None:
    assert join(counted("T2"), here([STARTED, counted("T1")])) == (True, None)
    assert join(packed("L2"), here([OPENED, packed("L1")])) == (True, None)


@pytest.mark.parametrize(("theirs", "ours"), [(counted(qty=2), counted()), (packed(), packed())])
def test_a_line_counted_on_both_sides_stays_as_hands_here_left_it_and_a_person_is_told(
    theirs: e.Fact, ours: e.Fact
) -> None:
    joined = join(theirs, here([ours]))
    assert not joined.applied
    assert joined.conflict is not None
    assert joined.conflict.subject == ours.entity
    assert "Count what is there, and put back what is too much." in joined.conflict.sentence


def test_what_was_finished_there_is_closed_here_and_what_was_taken_again_is_told() -> None:
    joined = join(COMPLETED, here([counted()]))
    assert joined.applied
    assert joined.conflict is not None
    assert "put back what was taken a second time" in joined.conflict.sentence


@pytest.mark.parametrize(("theirs", "ours"), [(COMPLETED, COMPLETED), (sealed("P1", "1"), sealed("P2", "2"))])
def test_what_was_finished_on_both_sides_stays_finished_as_here(theirs: e.Fact, ours: e.Fact) -> None:
    joined = join(theirs, here([ours]))
    assert not joined.applied
    assert joined.conflict is not None
    assert "Find both, send one" in joined.conflict.sentence


def test_a_count_there_on_a_list_that_is_closed_here_does_not_open_it() -> None:
    joined = join(counted("T2"), here([counted("T1"), COMPLETED]))
    assert (joined.applied, joined.conflict is not None) == (False, True)


def test_one_number_on_two_parcels_is_told_by_its_number() -> None:
    joined = join(sealed("P1", "340", order="F1"), here([sealed("P2", "340", order="F2")]))
    assert joined.applied
    assert joined.conflict is not None
    assert joined.conflict.subject == "sscc:340"
    assert "package P2, sealed here, and package P1 of F1" in joined.conflict.sentence


def test_who_stood_where_and_what_another_run_did_is_not_taken_over() -> None:
    for theirs in (STARTED, e.WorkerSignedIn(workplace="w", worker_id="ana"), e.NumbersRetired(block_id="b")):
        assert join(theirs, Here()) == (False, None)


WITHDRAWN = e.WorkWithdrawn(lane="main", thing="picklist", work_id="PL", reason="cancelled")
ASKED = e.ExceptionDecided(
    lane="main", thing="fulfillment", work_id="F", exception_id="ex_1", choice="continue", by="person"
)


def test_what_hq_took_back_there_is_gone_here_unless_hands_here_took_it_up_again() -> None:
    assert join(WITHDRAWN, here([counted("T1")])) == (False, None)  # HQ is asked again
    assert join(WITHDRAWN, here([COMPLETED])) == (False, None)
    assert join(ASKED, here([packed()])) == (False, None)
    for theirs in (WITHDRAWN, ASKED):
        assert join(theirs, Here()) == (True, None)


def test_a_fact_brings_back_its_original_and_one_of_a_newer_agent_itself() -> None:
    members: dict[str, Any] = {"lineage": "l", "origin_seq": 1, "origin_hash": "00", "origin_wall_ms": 1}
    body = counted().model_dump_json()
    known = e.HistoryRecovered(**members, event_kind="pick.counted", event_version=1, body=body)
    assert (known.told, known.entity, known.told.for_hq) == (counted(), "picklist:PL", True)
    newer = e.HistoryRecovered(**members, event_kind="pick.counted", event_version=2, body="{}")
    unknown = e.HistoryRecovered(**members, event_kind="robot.moved", event_version=1, body="{}")
    for fact in (newer, unknown):
        assert (fact.told, fact.entity, fact.for_hq) == (fact, "station", False)
    assert "robot.moved" not in KINDS
