"""What the screens of work with goods show of a real store, act by act."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from local_store.domain import commands as c
from local_store.domain.commands import FLOOR_COMMANDS
from local_store.domain.site import ReceivingRule
from tests.screens.goods_floor import BEN, ROSA, STORIES, Story
from tests.support.dock import PALLET, announced, expected, location, on_pallet, pallet
from tests.support.floor import ANA, line, product

View = dict[str, Any]


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Callable[[str], Story]]:
    opened: list[Story] = []

    def go(place: str) -> Story:
        story = Story(tmp_path / "data", place)
        opened.append(story)
        return story

    yield go
    for story in opened:
        story.close()


def acts(view: View) -> dict[str, View]:
    """What can be done, by name; `set` by what it sets."""
    return {f"{each['do']} {each['body'].get('name', '')}".strip(): each for each in view["actions"]}


def facts(view: View) -> dict[str, str]:
    return {each["label"]: each["value"] for each in view["next"]["facts"]}


def rows(view: View) -> dict[str, tuple[str, str, str, str]]:
    return {each["sku"]: (each["done"], each["of"], each["over"], each["state"]) for each in view["goods"]["rows"]}


# --- receiving ---------------------------------------------------------------------------------------------------


def test_a_delivery_is_shown_line_by_line_with_expected_received_and_too_many(at: Callable[[str], Story]) -> None:
    dock = at("in-1")
    dock.signed_in(ROSA)
    dock.restart(receiving=ReceivingRule(over_percent=Decimal(10)))
    dock.given(announced("ASN-1", expected("NW-001", 10), expected("NW-036", 6), supplier="Northwoods"))
    (choice,) = dock.view()["choices"]
    assert (choice["title"], choice["detail"], choice["lines"], choice["units"]) == ("ASN-1", "Northwoods", 2, "16")
    dock.scan("ASN-1", "NW-001")
    dock.key(11)
    view = dock.view()
    assert rows(view) == {"NW-036": ("0", "6", "0", "open"), "NW-001": ("11", "10", "1", "current")}
    assert (view["progress"], view["next"]["amount"]) == (
        {"id": "ASN-1", "done": "10", "of": "16"},
        "6 still to come",
    )
    assert facts(view) == {"Supplier": "Northwoods"}
    dock.scan("NW-036")
    dock.key(6)
    assert (dock.view()["next"]["do"], dock.view()["next"]["headline"]) == ("complete", "All of it came")


def test_what_the_item_in_hand_lacks_is_the_next_thing_and_its_keys_stand_in_front(
    at: Callable[[str], Story],
) -> None:
    dock = at("in-1")
    dock.given(announced("ASN-1", expected("NW-002", 2), expected("NW-011", 1)))
    dock.signed_in(ROSA)
    dock.scan("ASN-1", "NW-002")
    view = dock.view()
    assert (view["next"]["do"], view["next"]["headline"], view["next"]["amount"]) == ("set", "Chang", "scan its lot")
    lot, day = acts(view)["set lot"], acts(view)["set expiry"]
    assert (lot["place"], lot["pad"], day["place"], day["pad"]) == ("bar", "text", "more", "date")
    assert not acts(view)["complete"]["enabled"]
    dock.says("lot", "L-7")
    dock.says("expiry", "2031-03-31")
    assert facts(dock.view()) == {"Lot": "L-7", "Expires": "2031-03-31"}
    dock.scan("NW-011")
    assert (dock.view()["next"]["do"], acts(dock.view())["weigh"]["enabled"]) == ("weigh", True)
    dock.weigh(1020)
    assert facts(dock.view())["Weight"] == "1.020 kg"


def test_goods_nobody_announced_are_begun_by_touch(at: Callable[[str], Story]) -> None:
    dock = at("in-1")
    dock.signed_in(ROSA)
    blind = acts(dock.view())["open"]
    dock.floor(FLOOR_COMMANDS[blind["do"]], **blind["body"])
    dock.scan("NW-001")
    view = dock.view()
    assert (view["goods"]["rows"], [each["qty"] for each in view["goods"]["counted"]]) == ([], ["1"])
    assert "inbound-close" not in acts(view)
    assert "set photo" not in acts(view)


def test_a_closed_delivery_is_not_offered(at: Callable[[str], Story]) -> None:
    dock = at("in-1")
    dock.given(announced("ASN-1", expected("NW-001", 1)))
    dock.received("ASN-1", "NW-001", worker=ROSA)
    assert [each["title"] for each in dock.view()["choices"]] == ["ASN-1"]
    dock.acts(c.CloseInbound, inbound_id="ASN-1")
    assert (dock.view()["choices"], dock.view()["next"]["detail"]) == ([], "none is announced here yet")


# --- put-away ----------------------------------------------------------------------------------------------------


def test_what_waits_on_the_dock_is_chosen_by_touch_and_the_place_says_why_and_what_lies_there(
    at: Callable[[str], Story],
) -> None:
    dock = at("in-1")
    dock.given(location("A-01-1", 1, 100), location("C-01-1", 2))
    on = pallet(PALLET, on_pallet("NW-036", 48))
    dock.given(announced("ASN-1", expected("NW-001", 10), expected("NW-036", 48), pallets=(on,)))
    dock.received("ASN-1", "NW-001", PALLET, worker=ROSA)
    dock.acts(c.AdjustStock, sku="NW-001", location_id="A-01-1", qty=Decimal(4), reason="opening")
    dock.at("put-1").signed_in(ROSA)
    chosen = {each["title"]: each for each in dock.view()["choices"]}
    assert list(chosen) == [f"Pallet {PALLET}", "Chai", chosen_name(dock, "NW-036")]
    dock.floor(FLOOR_COMMANDS[chosen["Chai"]["do"]], **chosen["Chai"]["body"])
    view = dock.view()
    assert (view["next"]["do"], view["next"]["headline"], view["next"]["code"]) == (
        "scan_location", "A-01-1", "NW-001",
    )  # fmt: skip
    assert facts(view) == {"Why there": "its home", "Lies there": "4 of NW-001", "Room for": "96"}
    assert acts(view)["quantity"]["enabled"]
    dock.undo()
    dock.scan(PALLET)
    assert dock.view()["next"]["detail"] == f"Pallet {PALLET}"
    assert not acts(dock.view())["quantity"]["enabled"]


def chosen_name(dock: Story, sku: str) -> str:
    ((name,),) = dock.query("SELECT name FROM product WHERE sku = ?", sku)
    found: str = name
    return found


# --- counting ----------------------------------------------------------------------------------------------------


def test_a_blind_count_shows_nothing_of_what_is_believed_and_a_recount_nothing_of_the_first(
    at: Callable[[str], Story],
) -> None:
    floor = at("count-1")
    floor.acts(c.AdjustStock, sku="NW-001", location_id="A-01-1", qty=Decimal(20), reason="opening")
    floor.acts(c.RequestCount, location_id="A-01-1", reason="looks wrong")
    floor.signed_in(BEN)
    (choice,) = floor.view()["choices"]
    assert (choice["title"], choice["detail"]) == ("A-01-1", "all that is there, looks wrong")
    floor.scan("A-01-1", "NW-001")
    floor.key(12)
    assert (floor.view()["goods"]["rows"], floor.view()["next"]["amount"]) == ([], "12 counted")
    assert "20" not in json.dumps(floor.view()["goods"])
    floor.scan("A-01-1")
    assert floor.view()["choices"] == [], "who counted it does not count it again"
    floor.at("count-2").signed_in(ROSA)
    assert floor.view()["choices"][0]["detail"] == "all that is there, recount"
    floor.scan("A-01-1")
    assert facts(floor.view())["Recount"] == "somebody counted before you"
    assert "12" not in json.dumps(floor.view()["next"])


def test_a_count_that_is_not_blind_shows_what_is_believed(at: Callable[[str], Story]) -> None:
    floor = at("count-1")
    floor.acts(c.AdjustStock, sku="NW-036", location_id="C-01-1", qty=Decimal(6), reason="opening")
    floor.acts(c.RequestCount, location_id="C-01-1", sku="NW-036", reason="stocktake", blind=False)
    floor.signed_in(BEN)
    floor.scan("C-01-1")
    assert rows(floor.view()) == {"NW-036": ("0", "6", "0", "open")}


def test_an_empty_shelf_is_said_and_said_again_by_touch(at: Callable[[str], Story]) -> None:
    floor = at("count-1")
    floor.acts(c.RequestCount, location_id="B-02-1", reason="may be empty")
    floor.signed_in(BEN)
    floor.scan("B-02-1")
    for label in ("It is empty", "Yes, it is empty"):
        (empty,) = [each for each in floor.view()["actions"] if each["do"] == "scan" and each["place"] == "bar"]
        assert empty["label"] == label
        floor.scan(empty["body"]["code"])
    assert floor.screen.code == "count.right"


# --- returns -----------------------------------------------------------------------------------------------------


def test_a_return_shows_what_is_announced_and_what_came_unasked(tmp_path: Path) -> None:
    story = lived(tmp_path, "return")
    waiting, unasked = story["return_waiting"], story["return_not_announced"]
    assert rows(waiting) == {"NW-001": ("0", "2", "0", "open"), "NW-020": ("0", "1", "0", "open")}
    assert facts(waiting) == {"Order": "ord_10248"}
    assert rows(unasked)["NW-099"] == ("1", "0", "1", "current")
    assert story["return_damaged"]["goods"]["counted"][0]["condition"] == "damaged"


def test_the_four_ways_of_a_returned_unit_are_tiles_and_what_can_be_sold_again_is_said(tmp_path: Path) -> None:
    story = lived(tmp_path, "inspect")
    tiles = {each["body"]["code"]: each["chosen"] for each in story["inspect_counted"]["choices"]}
    assert tiles == {"reshelve": True, "repair": False, "quarantine": False, "scrap": False}
    assert story["inspect_what_becomes"]["next"]["do"] == "decide"
    assert story["inspect_counted"]["next"]["amount"] == "2 to inspect"
    assert (story["inspect_all"]["next"]["headline"], story["inspect_all"]["next"]["detail"]) == (
        "Alles ist geprüft", "1 wieder verkäuflich",
    )  # fmt: skip


# --- kits --------------------------------------------------------------------------------------------------------


def test_a_work_order_names_the_component_that_is_missing_and_where_it_is(tmp_path: Path) -> None:
    story = lived(tmp_path, "kit")
    first, then = story["kit_waiting"], story["kit_line_done"]
    assert (first["next"]["headline"], first["next"]["amount"]) == ("Chai", "take 6 more")
    assert facts(first)["Take it from"] == "A-01-1"
    assert rows(first) == {"NW-001": ("0", "6", "0", "current"), "NW-099": ("0", "2", "0", "open")}
    assert [each["note"] for each in first["goods"]["rows"]] == ["3 for each", "1 for each"]
    assert then["next"]["code"] == "NW-099"
    assert acts(then)["short"]["enabled"]
    assert story["kit_all_there"]["next"]["do"] == "complete"


# --- all of them -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", STORIES)
def test_every_act_of_a_screen_is_one_the_station_knows(tmp_path: Path, page: str) -> None:
    story = STORIES[page](tmp_path / "data")
    story.close()
    for name, scene in story.scenes.items():
        for act in scene.view["actions"]:
            known = act["do"] in FLOOR_COMMANDS or act.get("path", "").startswith("/v1/station/")
            assert known, f"{name}: {act['do']}"


def test_a_picker_sees_order_and_lot_beside_the_next_thing(at: Callable[[str], Story]) -> None:
    floor = at("pick-9")
    floor.restart(workplaces={**floor.site.workplaces, "pick-9": "pick"})
    floor.given_products(product("SKU-1"))
    floor.given_picklist("PL-1", line("SKU-1", 2))
    floor.signed_in(ANA)
    floor.scan("PL-1")
    assert facts(floor.view()) == {"Order": "O-PL-1"}


def lived(folder: Path, page: str) -> dict[str, View]:
    """The views of a story, by name."""
    told = STORIES[page](folder / "story")
    told.close()
    return {name: scene.view for name, scene in told.scenes.items()}
