"""Goods that come back: announced, scanned in, inspected, completed; what moves in stock, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.returns import RETURN, Return
from local_store.domain.site import Worker
from local_store.works.returns import load
from local_store.works.stock import balances, serial_at
from tests.support.floor import SITE, Bench, line, new_id, product

RAY = Worker("ray", "Ray", "BADGE-RAY", frozenset({"receiver", "qc_agent", "supervisor"}))
PIA = Worker("pia", "Pia", "BADGE-PIA", frozenset({"picker"}))
PLACES = {**SITE.workplaces, "returns": "return", "grading": "inspect"}
HERE = replace(SITE, workplaces=PLACES, workers={**SITE.workers, "ray": RAY, "pia": PIA})


A_1 = e.LocationTold(lane="main", location_id="A-1", warehouse_id="WH-1", walk_order=1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Bench]:
    """Ray is signed in where goods come back; order O-1 was two TEA and one JAM, and RMA-7 announces both."""
    bench = Bench(tmp_path / "data", HERE, at="returns")
    bench.given_products(product("TEA"), product("JAM"), product("CAM", serial_required=True), product("NUT"))
    bench.given_order("O-1", line("TEA", 2), line("JAM", 1))
    announced(bench, "R-1", "RMA-7", ("L1", "TEA", 2), ("L2", "JAM", 1))
    yield bench.signed_in(RAY)
    bench.close()


def announced(bench: Bench, ident: str, number: str, *lines: tuple[str, str, int], order: str = "O-1") -> None:
    expected = tuple(e.AnnouncedLine(line_id=at, sku=sku, expected=Decimal(qty)) for at, sku, qty in lines)
    fact = e.ReturnAnnounced(lane="main", return_id=ident, number=number, order_id=order, lines=expected)
    bench.do(c.ReceiveInbound(command_id=new_id(), returns=(fact,)))


def act(bench: Bench, command: type[c.WorkerCommand], worker: Worker = RAY, **of: Any) -> str:
    return bench.do(command(**{"command_id": new_id(), "worker_id": worker.worker_id, **of})).answer.text


def made(bench: Bench, **of: Any) -> str:
    lines = ({"order_line_id": "O-1-L1", "qty": 1},)
    asked = {"order_id": "O-1", "reason": "damaged", "expected_lines": lines, "return_method": "ship", **of}
    return act(bench, c.CreateReturn, **asked)


def got(*lines: tuple[str, Any], **of: Any) -> tuple[c.GoodsLine, ...]:
    return tuple(c.GoodsLine(sku=sku, qty=Decimal(str(qty)), **of) for sku, qty in lines)


def stock(bench: Bench, sku: str) -> dict[str, Decimal]:
    return {each.account: each.qty for each in balances(bench.store.reader, sku=sku)}


def status(bench: Bench, ident: str = "R-1") -> str:
    work = load(bench.store.reader, ident)
    assert work is not None
    return work.status.value


# --- with a scanner alone ---------------------------------------------------------------------------------------


def test_a_return_comes_in_and_is_inspected_and_put_apart_with_a_scanner_alone(desk: Bench) -> None:
    desk.scan("RMA-7")
    assert desk.screen.text == "Return RMA-7, lines expected: 2. Scan what came."
    desk.scan("TEA", "TEA", "JAM")
    desk.scan("RMA-7")
    assert desk.screen.text == "Recorded. Units of return RMA-7 that are here: 3."
    assert stock(desk, "TEA") == {"customer": Decimal(-2), "returns": Decimal(2)}
    desk.at("grading").signed_in(RAY).scan("RMA-7")
    assert desk.screen.text == "Return RMA-7, units to inspect: 3. Scan what becomes of them, then the items."
    desk.scan("reshelve", "TEA", "JAM", "SCRAP", "TEA", "RMA-7")
    assert desk.screen.text == "Recorded. All that came of return RMA-7 is inspected: complete it."
    assert stock(desk, "TEA") == {"customer": Decimal(-2), "dock": Decimal(1), "adjusted": Decimal(1)}
    assert stock(desk, "JAM") == {"customer": Decimal(-1), "dock": Decimal(1)}
    assert act(desk, c.CompleteReturn, return_id="R-1") == "Recorded: return RMA-7 is dealt with."
    assert status(desk) == "completed"
    kinds = desk.query("SELECT kind FROM outbox JOIN journal USING (seq) WHERE kind LIKE 'return.%' ORDER BY seq")
    assert [kind for (kind,) in kinds] == ["return.received", *["return.inspected"] * 3, "return.completed"]


def test_the_order_names_its_return_and_several_returns_are_not_guessed(desk: Bench) -> None:
    desk.scan("O-1")
    assert desk.screen.code == "return.opened"
    desk.scan("TEA")
    desk.complete()
    announced(desk, "R-2", "RMA-8", ("L1", "TEA", 1))
    desk.scan("O-1")
    assert desk.screen.text == "Order O-1 has several returns: RMA-7, RMA-8. Scan the number of one."


def test_what_nobody_announced_is_kept_as_it_came_beside_the_lines(desk: Bench) -> None:
    desk.scan("RMA-7", "TEA", "NUT")
    assert desk.screen.text == "NUT is counted, but return RMA-7 expects no more of it. It is kept as it came."
    desk.complete()
    ((came,), (more,)) = desk.facts(e.ReturnReceived), desk.facts(e.ReturnSurplus)
    assert [(each.line_id, each.sku) for each in came.lines] == [("L1", "TEA")]
    assert [(each.line_id, each.sku) for each in more.lines] == [(None, "NUT")]
    assert stock(desk, "NUT") == {"customer": Decimal(-1), "returns": Decimal(1)}


def test_one_product_on_two_lines_fills_the_first_line_first(desk: Bench) -> None:
    announced(desk, "R-3", "RMA-9", ("A", "TEA", 1), ("B", "TEA", 1))
    desk.scan("RMA-9", "TEA", "TEA", "TEA")
    desk.complete()
    (fact,) = desk.facts(e.ReturnReceived)
    assert [(each.line_id, each.qty) for each in fact.lines] == [("A", Decimal(1)), ("B", Decimal(2))]


def test_a_unit_with_a_serial_number_is_followed_to_where_it_goes(desk: Bench) -> None:
    announced(desk, "R-4", "RMA-10", ("A", "CAM", 2))
    desk.scan("RMA-10", "CAM", "S1", "CAM", "S2", "RMA-10")
    desk.at("grading").signed_in(RAY).scan("RMA-10", "repair", "CAM", "S2", "reshelve", "CAM", "S9")
    assert desk.screen.text == (
        "Serial number S9 of Item CAM (CAM) did not come with return RMA-10. Put this unit aside."
    )
    desk.scan("S1", "RMA-10")
    assert (serial_at(desk.store.reader, "CAM", "S1"), serial_at(desk.store.reader, "CAM", "S2")) == (
        "dock",
        "repair",
    )
    assert status(desk, "R-4") == "inspected"


def test_what_was_not_scanned_still_waits_and_no_unit_is_inspected_twice(desk: Bench) -> None:
    desk.scan("RMA-7", "TEA", "TEA", "RMA-7")
    desk.at("grading").signed_in(RAY).scan("RMA-7", "TEA")
    assert desk.screen.text == (
        "Say what becomes of it first: scan one of reshelve, repair, scrap, quarantine on the wall, then the item."
    )
    desk.scan("quarantine")
    assert desk.screen.text == "What is scanned now: quarantine."
    desk.scan("TEA")
    desk.complete()
    assert desk.screen.text == "Recorded. Units of return RMA-7 still to inspect: 1."
    assert status(desk) == "received"
    desk.scan("RMA-7", "scrap", "TEA", "TEA")
    assert desk.screen.text == "Item TEA (TEA): of return RMA-7 only 1 to inspect. Put this unit aside."
    desk.complete()
    assert stock(desk, "TEA") == {"customer": Decimal(-2), "quarantine": Decimal(1), "adjusted": Decimal(1)}


def test_a_quantity_that_is_keyed_never_counts_under_another_decision_than_its_scan(desk: Bench) -> None:
    desk.scan("RMA-7", "TEA", "TEA", "RMA-7")
    desk.at("grading").signed_in(RAY).scan("RMA-7", "reshelve", "TEA", "scrap")
    desk.key(2)
    assert desk.screen.code == "tally.scan_first"


def test_the_last_of_a_return_is_inspected_once_nobody_counts_more_of_it_in(desk: Bench) -> None:
    act(desk, c.ReceiveReturn, return_id="R-1", lines=got(("TEA", 1)))
    desk.scan("RMA-7", "TEA")
    assert act(desk, c.InspectReturn, return_id="R-1", disposition="scrap") == (
        "More of return RMA-7 is being counted at returns. Complete that first, then inspect the last of it."
    )
    desk.at("grading").signed_in(RAY).scan("RMA-7", "scrap", "TEA")
    desk.complete()
    assert desk.screen.code == "return.still_coming"
    desk.at("returns").complete()
    assert desk.screen.text == "Recorded. Units of return RMA-7 that are here: 1."
    desk.at("grading").complete()
    assert desk.screen.text == "Recorded. Units of return RMA-7 still to inspect: 1."


def test_what_somebody_else_has_inspected_meanwhile_can_only_be_taken_back(desk: Bench) -> None:
    act(desk, c.ReceiveReturn, return_id="R-1", lines=got(("TEA", 2)))
    desk.at("grading").signed_in(RAY).scan("RMA-7", "scrap", "TEA")
    desk.at("returns").scan("RMA-7")
    act(desk, c.InspectReturn, return_id="R-1", disposition="reshelve")
    desk.scan("TEA")
    assert desk.screen.text == "Return RMA-7 is inspected meanwhile, and closed here. Scan the next return."
    desk.at("grading").complete()
    assert desk.screen.code == "return.through"
    desk.undo()
    desk.complete()
    assert desk.screen.code == "return.left"
    assert desk.place.work_id is None
    assert stock(desk, "TEA")["dock"] == 2


def test_a_tally_that_somebody_left_is_gone_on_with(desk: Bench) -> None:
    desk.scan("RMA-7", "TEA")
    desk.restart()
    desk.scan("JAM", "RMA-7")
    (fact,) = desk.facts(e.ReturnReceived)
    assert {each.sku for each in fact.lines} == {"TEA", "JAM"}


@pytest.mark.parametrize(
    ("at", "codes", "sentence"),
    [
        (
            "returns",
            ["RMA-404"],
            "RMA-404 is no return that is known here. Scan its number or its order, or announce it first.",
        ),
        ("returns", ["RMA-7", "RMA-7"], "Nothing of return RMA-7 was counted yet. Scan an item first."),
        ("returns", ["RMA-7", "RMA-8"], "Return RMA-7 is open. Complete it before RMA-8."),
        ("grading", ["RMA-7"], "Return RMA-7 is awaiting_return: nothing of it came. Receive it first."),
    ],
)
def test_what_cannot_be_scanned_here_is_said(desk: Bench, at: str, codes: list[str], sentence: str) -> None:
    announced(desk, "R-2", "RMA-8", ("L1", "TEA", 1))
    desk.at(at).signed_in(RAY).scan(*codes)
    assert desk.screen.text == sentence


def test_a_return_that_is_chosen_again_stays_open(desk: Bench) -> None:
    desk.scan("RMA-7")
    desk.open("RMA-7")
    assert desk.screen.text == "Return RMA-7 is open already."


# --- without a workplace ----------------------------------------------------------------------------------------


def test_a_return_is_announced_here_with_a_label_where_the_customer_ships_it(desk: Bench) -> None:
    assert made(desk, rma_reference="RMA-20", workplace="returns") == (
        "Return RMA-20 of order O-1 is announced. Its label is on the way."
    )
    (fact,) = desk.facts(e.ReturnCreated)
    assert [(each.order_line_id, each.sku) for each in fact.expected_lines] == [("O-1-L1", "TEA")]
    assert desk.query("SELECT template, state FROM spool_job") == [("return", "queued")]
    desk.scan("RMA-20", "TEA", "RMA-20")
    assert status(desk, fact.return_id) == "received"


def test_without_a_parcel_on_its_way_no_label_is_printed(desk: Bench) -> None:
    text = made(desk, rma_reference="RMA-21", return_method="dropoff", workplace="returns")
    assert text == "Return RMA-21 of order O-1 is announced."
    assert desk.query("SELECT count(*) FROM spool_job") == [(0,)]


@pytest.mark.parametrize(
    ("of", "sentence"),
    [
        (
            {"rma_reference": "RMA-7"},
            "There is a return RMA-7 already. Leave the number out, or give another.",
        ),
        (
            {"expected_lines": ({"order_line_id": "X", "qty": 1},)},
            "Line X of order O-1 is not known here with this product. Name the product that it is of.",
        ),
        (
            {"expected_lines": ({"order_line_id": "O-1-L1", "qty": 1}, {"order_line_id": "O-1-L1", "qty": 1})},
            "Line O-1-L1 is there twice. Add the two up.",
        ),
        ({"expected_lines": ({"order_line_id": "X", "qty": 1, "sku": "SALT"},)}, "There is no product SALT here."),
        ({"expected_lines": ({"order_line_id": "X", "qty": 0, "sku": "TEA"},)}, "0 of TEA is nothing that came."),
    ],
)
def test_a_return_that_cannot_be_is_not_announced(desk: Bench, of: dict[str, Any], sentence: str) -> None:
    assert made(desk, **of).startswith(sentence)
    assert desk.facts(e.ReturnCreated) == []


def test_one_line_is_inspected_by_itself_and_the_rest_waits(desk: Bench) -> None:
    act(desk, c.ReceiveReturn, return_id="R-1", lines=got(("TEA", 2), ("JAM", 1)))
    said = act(
        desk, c.InspectReturn, return_id="R-1", line_id="L1", disposition="reshelve", restockable_qty=Decimal(1)
    )
    assert said == "Recorded: return RMA-7, decision: reshelve; 1 can be sold again."
    assert stock(desk, "TEA") == {"customer": Decimal(-2), "dock": Decimal(1), "quarantine": Decimal(1)}
    assert status(desk) == "received"
    act(desk, c.InspectReturn, return_id="R-1", disposition="repair", notes="lid", photos=("a" * 64,))
    assert stock(desk, "JAM") == {"customer": Decimal(-1), "repair": Decimal(1)}
    assert status(desk) == "inspected"


def test_of_units_with_serial_numbers_it_is_said_which_can_be_sold_again(desk: Bench) -> None:
    act(desk, c.ReceiveReturn, return_id="R-5", lines=got(("CAM", 2), line_id="A", serials=("S1", "S2")))
    of: dict[str, Any] = {"return_id": "R-5", "disposition": "scrap", "restockable_qty": Decimal(1)}
    assert act(desk, c.InspectReturn, **of) == (
        "The units of return R-5 have serial numbers. Name the 1 that can be sold again."
    )
    act(desk, c.InspectReturn, serials=("S2",), **of)
    assert serial_at(desk.store.reader, "CAM", "S2") == "dock"
    assert serial_at(desk.store.reader, "CAM", "S1") == "adjusted"


@pytest.mark.parametrize(
    ("command", "of", "sentence"),
    [
        (
            c.ReceiveReturn,
            {"lines": got(("SALT", 1))},
            "There is no product SALT here. Look its number up in the list.",
        ),
        (
            c.ReceiveReturn,
            {"lines": got(("TEA", 0))},
            "0 of TEA is nothing that came. Leave the line out, or key what came.",
        ),
        (
            c.ReceiveReturn,
            {"lines": got(("TEA", 1), serials=("a", "b"))},
            "TEA: quantity 1, serial numbers: 2. Count again, or scan them anew.",
        ),
        (
            c.ReceiveReturn,
            {"lines": (*got(("TEA", 1), serials=("a",)), *got(("TEA", 1), serials=("a",)))},
            "Serial number a of TEA is there twice. Scan each unit once.",
        ),
        (
            c.InspectReturn,
            {"disposition": "scrap", "restockable_qty": Decimal(4)},
            "Return RMA-7: 3 to inspect, so 4 cannot be sold again. Key zero to 3.",
        ),
        (
            c.InspectReturn,
            {"disposition": "scrap", "restockable_qty": Decimal(1)},
            "Return RMA-7 has several lines. Say which line the units are of that can be sold again.",
        ),
        (
            c.InspectReturn,
            {"disposition": "scrap", "line_id": "L9"},
            "Nothing of return RMA-7 waits for inspection, it is received. Receive what came first.",
        ),
        (
            c.CompleteReturn,
            {},
            "Return RMA-7 is received. It is completed once all that came is inspected.",
        ),
        (
            c.ShipBackReturn,
            {},
            "Nothing of return RMA-7 was reshelved, so there is nothing to pick. Inspect it first.",
        ),
        (c.CompleteReturn, {"return_id": "R-9"}, "There is no return R-9 here. Look its number up in the list."),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_is_no_fact(
    desk: Bench, command: type[c.WorkerCommand], of: dict[str, Any], sentence: str
) -> None:
    act(desk, c.ReceiveReturn, return_id="R-1", lines=got(("TEA", 2), ("JAM", 1)))
    before = desk.query("SELECT count(*) FROM journal")
    assert act(desk, command, **{"return_id": "R-1", **of}) == sentence
    assert desk.query("SELECT count(*) FROM journal") == before


def test_a_completed_return_takes_nothing_more_and_may_go_to_its_supplier_once(desk: Bench) -> None:
    act(desk, c.ReceiveReturn, return_id="R-1", lines=got(("TEA", 2)))
    act(desk, c.InspectReturn, return_id="R-1", disposition="reshelve")
    act(desk, c.CompleteReturn, return_id="R-1")
    assert act(desk, c.ReceiveReturn, return_id="R-1", lines=got(("TEA", 1))) == (
        "Return RMA-7 is completed: this is no longer possible. Put what came aside."
    )
    assert act(desk, c.ShipBackReturn, return_id="R-1") == (
        "Return RMA-7 is to go to its supplier. HQ makes an order of it; pick it then."
    )
    assert act(desk, c.ShipBackReturn, return_id="R-1") == (
        "Return RMA-7 goes to its supplier already. Look for its order."
    )


def test_only_who_has_the_role_may(desk: Bench) -> None:
    said = act(desk, c.CompleteReturn, worker=PIA, return_id="R-1")
    assert said == "Pia may not do this: it is for qc_agent, receiver or supervisor. Ask a supervisor."


def test_no_state_of_a_return_leads_back() -> None:
    order = list(Return)
    assert all(order.index(after) >= order.index(before) for (before, _), after in RETURN.items())


def test_the_views_of_returns_are_what_a_rebuild_makes_of_the_journal(desk: Bench) -> None:
    made(desk, rma_reference="RMA-20")
    announced(desk, "R-4", "RMA-10", ("A", "CAM", 2))
    act(desk, c.ReceiveReturn, return_id="R-4", lines=got(("CAM", 2), serials=("S1", "S2")))
    act(desk, c.InspectReturn, return_id="R-4", disposition="scrap", restockable_qty=Decimal(1), serials=("S2",))
    act(desk, c.ShipBackReturn, return_id="R-4")
    before = desk.dump()
    assert any(row.startswith("return_goods:") for row in before)
    assert desk.rebuilt_dump() == before


def test_what_may_be_sold_again_is_put_away_after_hq_heard_of_its_inspection(desk: Bench) -> None:
    desk.scan("RMA-7", "TEA", "RMA-7")
    desk.at("grading").signed_in(RAY).scan("RMA-7", "reshelve", "TEA", "RMA-7")
    desk.restart(workplaces={**PLACES, "put": "put_away"})
    desk.do(c.ReceiveInbound(command_id=new_id(), locations=(A_1,)))
    desk.at("put").signed_in(RAY).scan("TEA", "A-1")
    (fact,) = desk.facts(e.PutAwayRecorded)
    assert fact.follows == "return:R-1"
