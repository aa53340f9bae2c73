"""HQ takes work back or changes it. One file, because every case begins with the same orders.

What nobody began follows HQ, the rest waits for a supervisor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from local_store import outbox, reviewing
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.conflicts import Stage
from local_store.transaction import Receipt, Transaction
from local_store.works import stock
from tests.local_store.conftest import PRODUCTS
from tests.local_store.test_totes_and_places import in_stock
from tests.support.floor import ANA, EVE, Bench, line, new_id

PARTY = c.Party(party_id="party-1", name="Zoë Müller", address={"city": "Łódź"})


@pytest.fixture
def picking(picking: Bench) -> Iterator[Bench]:
    """As everywhere; whatever the test did, the views are what the facts make."""
    yield picking
    require_equal_after_a_rebuild(picking)


@pytest.fixture
def packing(packing: Bench) -> Iterator[Bench]:
    """The same."""
    yield packing
    require_equal_after_a_rebuild(packing)


def require_equal_after_a_rebuild(bench: Bench) -> None:
    live = bench.dump()
    assert bench.rebuilt_dump() == live


def told(bench: Bench) -> None:
    """HQ has every fact."""

    def deliver(tx: Transaction) -> None:
        tx.connection.execute("UPDATE outbox SET state = 'delivered' WHERE state = 'pending'")

    bench.runner.run(bench.store.run(deliver))


def hq_says(bench: Bench, thing: Any, work_id: str, state: Any = "as_given", **of: Any) -> Receipt:
    return bench.do(c.SeeWork(command_id=new_id(), lane="main", thing=thing, work_id=work_id, state=state, **of))


def order(order_id: str, *, picked: bool = False, **lines: int) -> e.FulfillmentReceived:
    """An order as HQ has it now: `L1_SKU_1=2` is two of SKU-1 on its first line."""
    return e.FulfillmentReceived(
        lane="main",
        fulfillment_id=f"F-{order_id}",
        order_id=order_id,
        warehouse_id="WH-1",
        party_id="party-1",
        picked=picked,
        lines=tuple(
            e.WorkLine(
                order_line_id=f"{order_id}-{name[:2]}",
                sku=name[3:].replace("_", "-"),
                qty=Decimal(qty),
                picked=Decimal(qty if picked else 0),
            )
            for name, qty in lines.items()
        ),
    )


def picklist(*tasks: tuple[int, str, int, str]) -> e.PicklistReceived:
    """PL-7 as HQ has it now: (number, SKU, quantity, location) of each task."""
    return e.PicklistReceived(
        lane="main",
        picklist_id="PL-7",
        priority="high",
        ship_by=None,
        tasks=tuple(
            e.TaskPlan(
                task_id=f"PL-7-T{n}",
                fulfillment_id="F-O-PL-7",
                order_line_id=f"PL-7-L{n}",
                location_id=at,
                sku=sku,
                qty=Decimal(qty),
            )
            for n, sku, qty, at in tasks
        ),
    )


def decide(bench: Bench, choice: str, badge: str = EVE.badge, exception_id: str | None = None) -> Receipt:
    ident = exception_id or reviewing.waiting(bench.store.reader)[0].exception_id
    return bench.do(
        c.DecideException.model_validate(
            {"command_id": new_id(), "exception_id": ident, "choice": choice, "badge": badge}
        )
    )


def waiting(bench: Bench) -> list[tuple[str, str]]:
    return [(each.sentence, each.proposed) for each in reviewing.waiting(bench.store.reader)]


def works(bench: Bench) -> tuple[list[Any], list[Any]]:
    return bench.query("SELECT picklist_id FROM picklist"), bench.query("SELECT fulfillment_id FROM fulfillment")


# --- nothing begun ------------------------------------------------------------------------------------------------


def test_a_picklist_that_nobody_began_disappears_and_can_be_given_again(bench: Bench) -> None:
    bench.given_products(*PRODUCTS)
    bench.given_picklist("PL-7", line("SKU-1", 2))
    hq_says(bench, "picklist", "PL-7", "given_away")
    assert works(bench) == ([], [])
    bench.signed_in().scan("PL-7")
    assert bench.screen.code == "pick.unknown"
    bench.given_picklist("PL-7", line("SKU-1", 2))
    bench.scan("PL-7")
    assert bench.screen.code == "pick.opened"
    require_equal_after_a_rebuild(bench)


def test_an_order_that_another_station_packed_disappears_from_the_list(open_bench: Callable[[str], Bench]) -> None:
    bench = open_bench("pack-1")
    bench.given_order("O-1", line("SKU-1", 2))
    bench.given_order("O-2", line("SKU-1", 2))
    hq_says(bench, "fulfillment", "F-O-1", "packing", fulfillment=order("O-1", picked=True, L1_SKU_1=2))
    assert works(bench) == ([], [("F-O-2",)])
    bench.signed_in().scan("O-1")
    assert bench.screen.code == "pack.unknown"


def test_one_cancelled_order_leaves_the_rest_of_its_list(bench: Bench) -> None:
    bench.given_picklist("PL-7", line("SKU-1", 2, order="O-1"), line("SKU-2", 1, at="B-2", order="O-2"))
    hq_says(bench, "fulfillment", "F-O-1", "cancelled", fulfillment=order("O-1", L1_SKU_1=2))
    assert [task.sku for task in bench.pick_work("PL-7").tasks] == ["SKU-2"]
    assert bench.query("SELECT first_location FROM picklist") == [("B-2",)]
    hq_says(bench, "fulfillment", "F-O-2", "cancelled", fulfillment=order("O-2", L2_SKU_2=1))
    assert works(bench) == ([], [])


def test_a_changed_quantity_place_and_line_are_taken_over_where_nobody_began(bench: Bench) -> None:
    bench.given_products(*PRODUCTS)
    bench.given_picklist("PL-7", line("SKU-1", 2), line("SKU-2", 6))
    hq_says(bench, "picklist", "PL-7", picklist=picklist((2, "SKU-2", 4, "C-9"), (3, "SKU-3", 1, "B-2")))
    bench.signed_in().scan("PL-7", "C-9", "SKU-2")
    assert bench.screen.text == "Chang (SKU-2): 1 of 4."
    assert [task.sku for task in bench.pick_work("PL-7").tasks] == ["SKU-3", "SKU-2"]
    assert bench.facts(e.ExceptionRaised) == []


def test_a_new_address_is_kept_beside_the_facts_until_the_parcel_is_sealed(packing: Bench) -> None:
    told(packing)
    moved = PARTY.model_copy(update={"address": {"city": "Gdańsk"}})
    same = order("O-1", picked=True, L1_SKU_1=2, L2_SKU_2=1)
    hq_says(packing, "fulfillment", "F-O-1", fulfillment=same, party=moved)
    assert packing.query("SELECT address FROM party") == [('{"city": "Gdańsk"}',)]
    assert packing.query("SELECT count(*) FROM journal WHERE body LIKE '%Gdańsk%'") == [(0,)]
    (fact,) = packing.facts(e.WorkChanged)
    assert fact.what == "address changed"
    packing.scan("SKU-1", "SKU-1", "SKU-2")
    packing.weigh(300)
    packing.seal()
    told(packing)
    hq_says(packing, "fulfillment", "F-O-1", "packed", fulfillment=same, party=PARTY)
    assert packing.query("SELECT address FROM party") == [('{"city": "Gdańsk"}',)]
    assert [proposed for _, proposed in waiting(packing)] == ["void_label"]


def test_hq_never_overwrites_what_it_was_not_told_yet(bench: Bench) -> None:
    """PL-7 was picked here, and HQ hears of it only later: the untouched line of its order stays as it is."""
    bench.given_picklist("PL-7", line("SKU-1", 2), line("SKU-2", 6))
    bench.signed_in().scan("PL-7")
    anew = picklist((1, "SKU-1", 2, "A-1"), (2, "SKU-2", 3, "A-1"))
    hq_says(bench, "picklist", "PL-7", picklist=anew)
    assert bench.task("SKU-2").qty == 6
    told(bench)
    hq_says(bench, "picklist", "PL-7", picklist=anew)
    assert bench.task("SKU-2").qty == 3
    assert bench.facts(e.ExceptionRaised) == []


# --- begun --------------------------------------------------------------------------------------------------------


def test_a_cancelled_list_in_progress_stops_until_a_supervisor_had_the_goods_put_back(picking: Bench) -> None:
    picking.scan("A-1", "SKU-1")
    hq_says(picking, "picklist", "PL-7", "cancelled")
    ((sentence, proposed),) = waiting(picking)
    assert sentence == (
        "HQ cancelled picklist PL-7, which is being picked here. Put 1 of Chai (SKU-1) back on the shelf."
    )
    assert proposed == "put_back"
    picking.each_says(
        f"{sentence} Nothing is counted here before a supervisor has decided.",
        lambda: picking.scan("SKU-1"),
        lambda: picking.key(2),
        picking.skip,
        picking.complete,
    )
    assert picking.task("SKU-1").picked == 1
    decide(picking, "put_back")
    assert picking.screen.text == "picklist PL-7 is no longer here. In stock again: 1 of Chai (SKU-1) at A-1."
    assert works(picking) == ([], [])
    assert picking.place.picklist_id is None
    assert waiting(picking) == []


def test_where_nothing_had_been_taken_yet_nothing_is_put_back(picking: Bench) -> None:
    picking.scan("A-1", "SKU-1")
    hq_says(picking, "picklist", "PL-7", "cancelled")
    ((first, _proposed),) = waiting(picking)
    picking.undo()
    assert picking.screen.text.startswith(first)  # what was found stands until somebody decided
    decide(picking, "continue")
    picking.undo()
    hq_says(picking, "picklist", "PL-7", "given_away")
    decide(picking, "put_back")
    assert picking.screen.text == "picklist PL-7 is no longer here."
    assert works(picking) == ([], [])


def test_going_on_lets_work_go_on_and_is_not_asked_again(picking: Bench) -> None:
    picking.scan("A-1", "SKU-1")
    hq_says(picking, "picklist", "PL-7", "given_away")
    decide(picking, "continue")
    assert picking.screen.text == "picklist PL-7 goes on as it is."
    hq_says(picking, "picklist", "PL-7", "given_away")
    assert waiting(picking) == []
    picking.scan("SKU-1")
    assert picking.task("SKU-1").picked == 2


def test_what_is_held_waits_and_can_be_decided_again(picking: Bench) -> None:
    picking.scan("A-1", "SKU-1")
    hq_says(picking, "picklist", "PL-7", "given_away")
    decide(picking, "hold")
    assert picking.screen.text == "picklist PL-7 is held. Decide again when it is clear."
    assert picking.scan("SKU-1").refused
    decide(picking, "continue")
    assert not picking.scan("SKU-1").refused


def test_the_same_word_of_hq_is_asked_once_and_taking_it_back_asks_nothing(picking: Bench) -> None:
    picking.scan("A-1", "SKU-1")
    for _ in range(3):
        hq_says(picking, "picklist", "PL-7", "given_away")
    assert len(picking.facts(e.ExceptionRaised)) == 1
    back = picklist((1, "SKU-1", 2, "A-1"), (2, "SKU-2", 6, "A-1"), (3, "SKU-3", 1, "B-2"))
    hq_says(picking, "picklist", "PL-7", picklist=back)
    assert waiting(picking) == []
    assert not picking.scan("SKU-1").refused


def test_what_is_too_much_is_put_back_and_hq_is_told_of_it(picking: Bench) -> None:
    picking.scan("A-1", "SKU-1", "SKU-1", "SKU-2")
    told(picking)
    anew = picklist((1, "SKU-1", 1, "A-1"), (2, "SKU-2", 6, "A-1"), (3, "SKU-3", 1, "B-2"))
    hq_says(picking, "picklist", "PL-7", picklist=anew)
    assert waiting(picking)[0][0].endswith("Put 1 of Chai (SKU-1) back on the shelf.")
    decide(picking, "put_back")
    assert picking.screen.text == "picklist PL-7 is as HQ wants it now."
    task = picking.task("SKU-1")
    assert [str(each) for each in (task.qty, task.picked, task.status)] == ["1", "1", "done"]
    (undone,) = picking.facts(e.PickUndone)
    assert [int(undone.qty), int(undone.picked)] == [1, 1]
    assert [each.fact for each in outbox.next_facts(picking.store.reader, "main", "picklist:PL-7", 9)] == [undone]
    assert picking.undo().refused  # what was counted before is not taken back a second time


def in_hand(bench: Bench) -> list[tuple[Any, ...]]:
    """What the ledger has as picked and not packed, for whatever list."""
    assert stock.conserved(bench.store.reader) == []
    return bench.query("SELECT sku, millionths FROM stock WHERE account LIKE 'picked:%' AND millionths <> 0")


@pytest.mark.parametrize(("state", "told_hq"), [("cancelled", True), ("given_away", False), ("completed", False)])
def test_what_was_picked_for_a_list_that_goes_is_in_stock_again_and_hq_hears_of_what_it_counts(
    picking: Bench, state: str, *, told_hq: bool
) -> None:
    picking.scan("A-1", "SKU-1", "SKU-1", "SKU-2")
    told(picking)
    assert len(in_hand(picking)) == 2
    hq_says(picking, "picklist", "PL-7", state)
    decide(picking, "put_back")
    assert in_hand(picking) == []
    assert picking.query("SELECT sku, millionths FROM stock WHERE account = 'location:A-1'") == [
        ("SKU-1", 0),
        ("SKU-2", 0),
    ]
    back = [(fact.sku, int(fact.qty), fact.location_id) for fact in picking.facts(e.PickRebinned)]
    assert back == [("SKU-1", 2, "A-1"), ("SKU-2", 1, "A-1")]
    waits = [each.fact for each in outbox.next_facts(picking.store.reader, "main", "picklist:PL-7", 9)]
    assert waits == (picking.facts(e.PickRebinned) if told_hq else [])


def test_goods_of_a_task_that_hq_dropped_are_in_stock_again(picking: Bench) -> None:
    picking.scan("A-1", "SKU-1")
    told(picking)
    hq_says(picking, "picklist", "PL-7", picklist=picklist((2, "SKU-2", 6, "A-1"), (3, "SKU-3", 1, "B-2")))
    assert len(in_hand(picking)) == 1
    decide(picking, "put_back")
    assert in_hand(picking) == []
    assert [fact.kind for fact in picking.facts(e.PickRebinned)] == ["pick.put_back"]


def all_picked(bench: Bench) -> None:
    bench.scan("A-1", "SKU-1", "SKU-1", "SKU-2")
    bench.key(6)
    bench.scan("B-2", "SKU-3")
    bench.complete()
    told(bench)


def anew(**lines: int) -> e.FulfillmentReceived:
    """The order of PL-7 with other quantities."""
    given = order("O-PL-7", picked=False, **lines)
    named = tuple(
        each.model_copy(update={"order_line_id": each.order_line_id.removeprefix("O-")}) for each in given.lines
    )
    return given.model_copy(update={"lines": named})


def test_a_cancelled_order_goes_from_its_tote_back_to_the_shelves(picking: Bench) -> None:
    all_picked(picking)
    hq_says(picking, "fulfillment", "F-O-PL-7", "cancelled", fulfillment=anew(L1_SKU_1=2))
    decide(picking, "re_bin")
    assert picking.screen.text == (
        "order O-PL-7 is no longer here. In stock again: 2 of Chai (SKU-1) at A-1, 6 of Chang (SKU-2) at A-1, "
        "1 of Aniseed Syrup (SKU-3) at B-2."
    )
    assert in_hand(picking) == []


def test_what_an_order_wants_no_more_goes_back_and_the_rest_is_packed(picking: Bench) -> None:
    all_picked(picking)
    hq_says(picking, "fulfillment", "F-O-PL-7", fulfillment=anew(L1_SKU_1=2, L2_SKU_2=4, L3_SKU_3=1))
    decide(picking, "re_bin")
    (back,) = picking.facts(e.PickRebinned)
    assert (back.sku, int(back.qty), int(back.picked)) == ("SKU-2", 2, 4)
    picking.at("pack-1").signed_in().packed("O-PL-7", 900)
    assert picking.screen.code == "pack.sealed"
    assert in_hand(picking) == []


def test_what_another_station_packs_has_left_this_one(picking: Bench) -> None:
    all_picked(picking)
    hq_says(picking, "fulfillment", "F-O-PL-7", "packing", fulfillment=anew(L1_SKU_1=2, L2_SKU_2=6, L3_SKU_3=1))
    assert waiting(picking) == []
    assert in_hand(picking) == []
    assert picking.query("SELECT sum(millionths) FROM stock WHERE account = 'elsewhere'") == [(9_000_000,)]


def test_a_task_that_the_station_added_is_not_missed_by_hq_before_it_was_told(picking: Bench) -> None:
    in_stock(picking, "SKU-1", "C-3", 4)
    picking.scan("A-1", "SKU-1")
    picking.short()
    picking.scan("C-3", "C-3", "SKU-1")
    given = picklist((1, "SKU-1", 2, "A-1"), (2, "SKU-2", 6, "A-1"), (3, "SKU-3", 1, "B-2"))
    hq_says(picking, "picklist", "PL-7", picklist=given)
    assert waiting(picking) == []
    assert len(picking.pick_work("PL-7").tasks) == 4


def test_more_of_a_line_is_taken_when_a_supervisor_says_so_and_the_list_goes_on_meanwhile(picking: Bench) -> None:
    picking.scan("A-1", "SKU-1", "SKU-1")
    anew = picklist((1, "SKU-1", 3, "A-1"), (2, "SKU-2", 6, "A-1"), (3, "SKU-3", 1, "B-2"))
    hq_says(picking, "picklist", "PL-7", picklist=anew)
    assert waiting(picking)[0][1] == "take_more"
    decide(picking, "take_more")
    picking.scan("A-1", "SKU-1")
    assert picking.screen.text.startswith("Chai (SKU-1): 3 of 3.")


def test_a_cancelled_order_in_an_open_package_is_unpacked(packing: Bench) -> None:
    packing.scan("SKU-1", "SKU-1", "SKU-2")
    packing.weigh(300)
    hq_says(packing, "fulfillment", "F-O-1", "cancelled", fulfillment=order("O-1", picked=True, L1_SKU_1=2))
    assert packing.seal().refused
    assert waiting(packing)[0][0] == (
        "HQ cancelled order O-1, which is being packed here. Take 2 of Chai (SKU-1), 1 of Chang (SKU-2) out of the "
        "package and bring it back to stock."
    )
    decide(packing, "unpack")
    assert works(packing) == ([], [])
    assert packing.place.fulfillment_id is None
    assert packing.query("SELECT * FROM package") == []


def test_fewer_pieces_in_an_open_package_are_taken_out_and_it_is_weighed_again(packing: Bench) -> None:
    packing.scan("SKU-1", "SKU-1", "SKU-2")
    packing.weigh(300)
    fewer = order("O-1", picked=True, L1_SKU_1=1, L2_SKU_2=1)
    hq_says(packing, "fulfillment", "F-O-1", fulfillment=fewer)
    decide(packing, "unpack")
    pack = packing.pack_work("O-1")
    assert [(int(each.qty), int(each.packed)) for each in pack.lines] == [(1, 1), (1, 1)]
    assert (pack.package, pack.weight_mg) == ("open", None)
    packing.weigh(200)
    assert not packing.seal().refused


def test_a_sealed_package_never_changes_and_its_label_can_be_voided(packing: Bench) -> None:
    packing.scan("SKU-1", "SKU-1", "SKU-2")
    packing.weigh(300)
    packing.seal()
    before = packing.query("SELECT * FROM package"), packing.query("SELECT * FROM fulfillment_line")
    hq_says(packing, "fulfillment", "F-O-1", "cancelled", fulfillment=order("O-1", picked=True, L1_SKU_1=2))
    assert (packing.query("SELECT * FROM package"), packing.query("SELECT * FROM fulfillment_line")) == before
    assert waiting(packing)[0][1] == "void_label"
    decide(packing, "unpack")
    assert packing.screen.text == "unpack is not possible for order O-1. Choose one of void_label, hold, continue."
    decide(packing, "void_label")
    assert packing.screen.text == "The label of order O-1 is void. Destroy it and set the parcel aside."
    assert packing.query("SELECT state FROM spool_job") == [("voided",)]


def test_a_label_on_its_way_to_the_printer_is_not_voided(packing: Bench) -> None:
    packing.scan("SKU-1", "SKU-1", "SKU-2")
    packing.weigh(300)
    packing.seal()
    hq_says(packing, "fulfillment", "F-O-1", "cancelled", fulfillment=order("O-1", picked=True, L1_SKU_1=2))

    def on_its_way(tx: Transaction) -> None:
        tx.connection.execute("UPDATE spool_job SET state = 'sending'")

    packing.runner.run(packing.store.run(on_its_way))
    decide(packing, "void_label")
    assert packing.screen.code == "exception.label_busy"
    assert len(waiting(packing)) == 1


def test_a_step_that_was_offered_before_the_work_went_on_is_not_taken_any_more(picking: Bench) -> None:
    picking.scan("A-1", "SKU-1")
    hq_says(picking, "picklist", "PL-7", "cancelled")
    asked = reviewing.waiting(picking.store.reader)[0].exception_id
    decide(picking, "continue")
    picking.scan("SKU-1", "SKU-2", "B-2", "SKU-3", "A-1")
    decide(picking, "put_back", exception_id=asked)
    assert picking.screen.text == f"There is nothing called {asked} to decide. Look at the list again."
    more = picklist((1, "SKU-1", 5, "A-1"), (2, "SKU-2", 6, "A-1"), (3, "SKU-3", 1, "B-2"))
    told(picking)
    hq_says(picking, "picklist", "PL-7", picklist=more)
    (raised,) = reviewing.waiting(picking.store.reader)
    assert raised.proposed == "take_more"


def test_a_list_that_was_completed_meanwhile_is_not_made_to_take_more(picking: Bench) -> None:
    picking.scan("A-1", "SKU-1", "SKU-1")
    more = picklist((1, "SKU-1", 5, "A-1"), (2, "SKU-2", 6, "A-1"), (3, "SKU-3", 1, "B-2"))
    hq_says(picking, "picklist", "PL-7", picklist=more)
    decide(picking, "hold")

    def completed(tx: Transaction) -> None:
        """By another lineage of this station, say, whose history came back."""
        tx.append(e.PicklistCompleted(picklist_id="PL-7", pick_confirmation_id="pc", workplace="pick-1", lines=()))

    picking.runner.run(picking.store.run(completed))
    decide(picking, "take_more")
    assert picking.screen.text == (
        "picklist PL-7 went on since this was asked: it is picked now. HQ is asked again; decide what is shown then."
    )


@pytest.mark.parametrize(
    ("badge", "text"),
    [
        ("NOBODY", "This badge is not known here. A supervisor scans theirs to decide."),
        (ANA.badge, "Ana may not decide this. Ask a supervisor."),
    ],
)
def test_only_a_supervisors_badge_decides(picking: Bench, badge: str, text: str) -> None:
    picking.scan("A-1", "SKU-1")
    hq_says(picking, "picklist", "PL-7", "cancelled")
    decide(picking, "put_back", badge=badge)
    assert picking.screen.text == text
    assert len(waiting(picking)) == 1


def test_work_of_another_lane_or_that_is_not_here_is_nobodys_business(picking: Bench) -> None:
    before = picking.dump()
    hq_says(picking, "picklist", "PL-8", "cancelled")
    picking.do(c.SeeWork(command_id=new_id(), lane="other", thing="picklist", work_id="PL-7", state="cancelled"))
    assert picking.dump() == before


def test_only_work_that_is_not_through_is_looked_at_again_picklists_first_and_in_pages(picking: Bench) -> None:
    def open_now(after: str = "", limit: int = 10) -> list[str]:
        return [each.place for each in reviewing.open_work(picking.store.reader, "main", after, limit)]

    picking.given_picklist("PL-8", line("SKU-1", 1, order="O-8"))
    assert open_now() == ["1:PL-7", "1:PL-8", "2:F-O-8", "2:F-O-PL-7"]
    assert (open_now(limit=2), open_now("1:PL-8", 2)) == (["1:PL-7", "1:PL-8"], ["2:F-O-8", "2:F-O-PL-7"])
    picking.scan("A-1", "SKU-1", "SKU-1", "SKU-2")
    picking.key(6)
    picking.scan("B-2", "SKU-3")
    picking.complete()
    assert "1:PL-7" in open_now()  # HQ does not know yet
    told(picking)
    assert open_now() == ["1:PL-8", "2:F-O-8", "2:F-O-PL-7"]
    picking.at("pack-1").signed_in().packed("O-PL-7", 900)
    told(picking)
    assert "2:F-O-PL-7" in open_now()  # its label is not on the box
    picking.runner.run(
        picking.store.run(lambda tx: tx.connection.execute("UPDATE spool_job SET state = 'confirmed'") and None)
    )
    assert open_now() == ["1:PL-8", "2:F-O-8"]
    assert reviewing.open_work(picking.store.reader, "other", "", 10) == []


def test_the_stage_of_work_is_how_far_its_goods_are(picking: Bench) -> None:
    def stages() -> tuple[str, str]:
        db = picking.store.reader
        both = (
            reviewing.work_here(db, "main", "picklist", "PL-7"),
            reviewing.work_here(db, "main", "fulfillment", "F-O-PL-7"),
        )
        assert both[0] is not None
        assert both[1] is not None
        return both[0].stage.name, both[1].stage.name

    assert stages() == ("PICKING", "NOT_BEGUN")
    picking.scan("A-1", "SKU-1")
    assert stages() == ("PICKING", "PICKING")
    picking.scan("SKU-1", "SKU-2")
    picking.key(6)
    picking.scan("B-2", "SKU-3")
    picking.complete()
    assert stages() == ("PICKED", "PICKED")
    picking.at("pack-1").signed_in().scan("O-PL-7")
    assert stages() == ("PACKING", "PACKING")
    picking.sign_out()
    picking.signed_in()
    while (current := picking.pack_work("O-PL-7").current) is not None:
        picking.scan(current.sku)
    picking.weigh(900)
    picking.seal()
    assert stages() == ("SEALED", "SEALED")
    picking.runner.run(
        picking.store.run(lambda tx: tx.connection.execute("UPDATE spool_job SET state = 'sent'") and None)
    )
    assert stages() == (Stage.LABELLED.name, Stage.LABELLED.name)
