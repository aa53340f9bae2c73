"""Lines of work: whatever stands in a file, each line becomes work or a sentence, and the others are not harmed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent import work_lines
from agent.work_lines import BadLine, Here, Place, Take, read, takes
from local_store.domain.commands import HqRef, ReceiveProducts, ReceiveWork
from tests.support.floor import new_id

PLACE = Place(("main", "pb"), "wh_1")


def order(ident: str = "F1", **of: Any) -> dict[str, Any]:
    lines = [{"order_line_id": "L1", "sku": "SKU-1", "quantity": 3}]
    return {
        "kind": "fulfillment",
        "lane": "main",
        "id": ident,
        "order_id": f"O-{ident}",
        "warehouse_id": "wh_1",
        "status": "allocated",
        "lines": lines,
        **of,
    }


def listed(ident: str = "PL1", *orders: str, **of: Any) -> dict[str, Any]:
    tasks = [
        {
            "task_id": f"{ident}-T{n}",
            "fulfillment_id": each,
            "order_line_id": "L1",
            "location_id": "A-1",
            "sku": "SKU-1",
            "qty": 3,
            "status": "open",
        }
        for n, each in enumerate(orders or ("F1",), 1)
    ]
    return {
        "kind": "picklist",
        "lane": "main",
        "id": ident,
        "warehouse_id": "wh_1",
        "status": "draft",
        "tasks": tasks,
        **of,
    }


PRODUCT: dict[str, Any] = {"kind": "product", "sku": "SKU-1", "name": "Tea", "location_id": "A-7"}


def file(*lines: dict[str, Any] | bytes) -> bytes:
    return b"".join((each if isinstance(each, bytes) else json.dumps(each).encode()) + b"\n" for each in lines)


def taken(
    *lines: dict[str, Any] | bytes, here: Here | None = None, lane: str | None = None
) -> tuple[list[Take], Any]:
    found = read(file(*lines), Place(PLACE.lanes, PLACE.warehouse_id, lane))
    commands, unfit = takes(found, here or Here(), new_id)
    return commands, [*found.bad, *unfit]


def works(commands: list[Take]) -> list[ReceiveWork]:
    return [each.command for each in commands if isinstance(each.command, ReceiveWork)]


def test_a_list_comes_with_its_orders_and_products_come_first() -> None:
    commands, bad = taken(listed("PL1", "F1", "F2"), order("F1"), order("F2"), PRODUCT)
    assert bad == []
    assert isinstance(commands[0].command, ReceiveProducts)
    (work,) = works(commands)
    assert work.picklist is not None
    assert (work.picklist.picklist_id, work.picklist.lane) == ("PL1", "main")
    assert [each.fulfillment_id for each in work.fulfillments] == ["F1", "F2"]


def test_an_order_without_a_list_gets_one_of_its_own_from_the_usual_places() -> None:
    commands, bad = taken(order(), PRODUCT)
    assert bad == []
    (take,) = [each for each in commands if each.unless_known]
    assert take.unless_known == "F1"
    (work,) = works(commands)
    assert work.picklist is not None
    assert work.picklist.picklist_id == work_lines.own_list("F1")
    ((task,),) = [work.picklist.tasks]
    assert (task.location_id, int(task.qty)) == (work_lines.NO_PLACE, 3)
    found = read(file(order(), PRODUCT), PLACE)
    (with_place,) = works(takes(found, Here(locations=work_lines.told_places(found)), new_id)[0])
    assert with_place.picklist is not None
    assert with_place.picklist.tasks[0].location_id == "A-7"


def test_an_order_that_another_station_picked_is_ready_to_pack() -> None:
    lines = [{"order_line_id": "L1", "sku": "SKU-1", "quantity": 3, "picked": 2}]
    commands, _ = taken(order(status="picked", lines=lines))
    (work,) = works(commands)
    assert work.picklist is None
    assert work.fulfillments[0].picked


def test_references_go_with_the_work_each_to_its_lane() -> None:
    refs = [
        {"thing": "order", "local_id": "F1", "hq_id": "9001"},
        {"thing": "line", "local_id": "F1/L1", "hq_id": "9001-1", "lane": "pb"},
    ]
    commands, bad = taken(listed(), order(refs=refs))
    assert bad == []
    assert works(commands)[0].refs == (
        HqRef(lane="main", thing="order", local_id="F1", hq_id="9001"),
        HqRef(lane="pb", thing="line", local_id="F1/L1", hq_id="9001-1"),
    )


@pytest.mark.parametrize(
    ("line", "place", "value", "message"),
    [
        (b"{", "", '"{"', "The line is not JSON: "),
        (b"[1]", "", "[1]", "The line is not a JSON object."),
        (b'{"kind": "\xff"}', "", '"ff"', "The line is not UTF-8."),
        ({"kind": "pallet"}, "kind", '"pallet"', "kind: Input should be 'fulfillment', 'picklist' or 'product'"),
        (order(lane="x"), "lane", '"x"', "There is no HQ of this name in edge.toml; there is main, pb."),
        (order(lane=None), "lane", "null", "The line does not say to which HQ it belongs; name a lane."),
        (order(warehouse_id="wh_2"), "warehouse_id", '"wh_2"', "It is for another warehouse; this station stands in"),
        (order(lines=[]), "", "", "lines: there are none"),
        (
            order(lines=[{"order_line_id": "L1", "sku": "S", "quantity": -1}]),
            "lines.0.quantity",
            "-1",
            "lines.0.quantity: Input should be greater than 0.",
        ),
        (order(refs=[{"thing": "Ö", "local_id": "F1", "hq_id": "1"}]), "thing", '"Ö"', "thing: String should match"),
        (b'{"kind": "product", "sku": "\x1b[2J", "name": "x"}', "", "", "The line is not JSON: "),
        (listed("PL1", "F9"), "tasks", "PL1", "fulfillment F9 has no line"),
        (listed(tasks=[]), "tasks", "PL1", "Picklist PL1 has no open task."),
    ],
)
def test_a_bad_line_is_named_by_number_place_and_value_and_the_good_one_is_taken(
    line: Any, place: str, value: str, message: str
) -> None:
    commands, (bad,) = taken(PRODUCT, line)
    assert isinstance(bad, BadLine)
    assert bad.line == 2
    assert place in bad.place
    assert value in bad.value
    assert message in bad.message
    assert len(commands) == 1


def test_what_comes_twice_in_a_file_is_taken_once() -> None:
    commands, bad = taken(order(), order(), listed(), listed())
    assert [(each.line, each.message) for each in bad] == [
        (2, "It is in this file already, on line 1."),
        (4, "It is in this file already, on line 3."),
    ]
    assert len(works(commands)) == 1


def test_the_orders_of_a_list_that_cannot_be_used_are_left_out_with_it_and_told() -> None:
    commands, bad = taken(order(), listed(tasks=[{**listed()["tasks"][0], "order_line_id": "L9"}]))
    assert commands == []
    assert [(each.line, each.message) for each in bad] == [
        (1, "Its picklist on line 2 cannot be used, so it was left out as well."),
        (2, 'HQ\'s picklist PL1: task PL1-T1: order_line_id: fulfillment F1 has no line "L9".'),
    ]


def test_a_list_may_name_orders_that_are_here_already_but_not_their_tasks_again() -> None:
    commands, bad = taken(listed(), here=Here(lines={("F1", "L1")}))
    assert bad == []
    assert works(commands)[0].fulfillments == ()
    _, (bad_line,) = taken(listed("PL2"), here=Here(lines={("F1", "L1")}, tasks={"PL2-T1"}))
    assert bad_line.message == "Its task PL2-T1 came before on another picklist."
    _, (bad_line,) = taken(listed("PL2"), here=Here(lines={("F1", "L1")}, listed_here={"F1"}))
    assert bad_line.message == "Its order F1 came without a list before and has its own here."
    _, bad = taken(order(), listed("PL1"), {**listed("PL2"), "tasks": listed("PL1")["tasks"]})
    assert bad[-1].message == "Its task PL1-T1 is on the picklist of line 2 already."


def test_a_list_that_is_here_already_only_teaches_its_references() -> None:
    refs = [{"thing": "picklist", "local_id": "PL1", "hq_id": "77"}]
    commands, bad = taken(order(), listed(refs=refs), here=Here(picklists={"PL1"}, tasks={"PL1-T1"}))
    assert bad == []
    (work,) = works(commands)
    assert (work.picklist, work.fulfillments, len(work.refs)) == (None, (), 1)


def test_the_lane_of_the_command_line_is_for_lines_that_name_none() -> None:
    commands, bad = taken(order(lane=None), order("F2", lane="pb"), lane="main")
    assert bad == []
    assert {each.fulfillments[0].lane for each in works(commands)} == {"main", "pb"}


def test_a_file_that_is_too_large_is_not_read_at_all() -> None:
    found = read(b" " * (work_lines.MOST_BYTES + 1), PLACE)
    assert (found.good, found.bad[0].line) == ((), 0)
    found = read(b"{}\n" * (work_lines.MOST_LINES + 1), PLACE)
    assert (found.good, len(found.bad)) == ((), 1)
    assert "is the most" in found.bad[0].message
    long = read(b'{"kind": "' + b"x" * work_lines.LONGEST_LINE + b'"}', PLACE)
    assert long.bad[0].message.startswith("The line has ")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=6), inside, max_size=3),
    max_leaves=6,
)
GOOD = st.sampled_from([order(), order("F2"), listed(), listed("PL2", "F2"), PRODUCT])


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """A good line, one with a member spoiled, or any bytes."""
    line = dict(draw(GOOD))
    match draw(st.integers(0, 3)):
        case 0:
            return json.dumps(line).encode()
        case 1:
            line[draw(st.sampled_from(sorted(line)))] = draw(JSON)
            return json.dumps(line, ensure_ascii=False).encode("utf-8", "surrogatepass")
        case 2:
            del line[draw(st.sampled_from(sorted(line)))]
            return json.dumps(line).encode()
    return draw(st.binary(max_size=40))


@settings(max_examples=250)
@given(st.lists(spoiled(), max_size=6))
def test_every_line_is_work_or_a_sentence_whatever_stands_in_it(lines: list[bytes]) -> None:
    data = b"\n".join(lines)
    found = read(data, PLACE)
    assert found.lines == len([each for each in data.split(b"\n") if each.strip()])
    assert len(found.good) + len(found.bad) == found.lines
    commands, unfit = takes(found, Here(), new_id)
    for bad in (*found.bad, *unfit):
        assert 1 <= bad.line <= data.count(b"\n") + 1
        assert bad.message.isprintable()
        assert bad.message.endswith(".")
        assert len(bad.message) <= 400
    for line in work_lines.report([*found.bad, *unfit]).splitlines():
        assert set(json.loads(line)) == {"line", "place", "value", "message"}
    taken_orders = {each.fulfillment_id for work in works(commands) for each in work.fulfillments}
    left_out = {json.loads(bad.value) for bad in unfit if bad.place == "fulfillment_id"}
    assert taken_orders | left_out == found.orders.keys()
