"""What a picker is offered fits the moment: keys for what a unit lacks, other places after a short, another hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from agent.floor.views import Strip, view_of
from agent.problems import Problems
from local_store.clock import SystemClock
from local_store.domain import commands as c
from local_store.domain.site import PickingRules
from tests.local_store.test_totes_and_places import in_stock
from tests.support.floor import Bench, line, new_id, product

View = dict[str, Any]


@pytest.fixture
def bench(open_bench: Callable[[str], Bench]) -> Bench:
    found = open_bench("pick-1")
    found.given_products(
        product("JAM"), product("PHONE", serial_required=True), product("MILK", expiry_required=True)
    )
    return found


def view(bench: Bench) -> View:
    strip = Strip(lambda: bench.site, SystemClock(), lambda _: [], dict, Problems(lambda: 0), training=False)
    return view_of(bench.store.reader, strip, bench.workplace, None)


def action(shown: View, name: str) -> View:
    found: View = next(each for each in shown["actions"] if each["do"] == name)
    return found


def offered(shown: View) -> list[str]:
    return [each["do"] for each in shown["actions"] if each["enabled"]]


def test_what_a_unit_lacks_is_the_next_thing_with_keys_for_it(bench: Bench) -> None:
    bench.given_picklist("PL-7", line("PHONE", 2))
    bench.signed_in().scan("PL-7", "A-1", "PHONE")
    shown = view(bench)
    assert (shown["next"]["headline"], shown["next"]["code"]) == ("Scan the serial number", "PHONE")
    keys = action(shown, "set")
    assert (keys["place"], keys["pad"], keys["body"]) == ("first", "text", {"name": "serial"})
    assert bench.floor(c.SetValue, **keys["body"], value="SN-1").answer.code == "pick.counted"
    assert action(view(bench), "serials")["pad"] == "texts"
    assert bench.floor(c.KeySerials, serials=("SN-2",)).answer.code == "pick.all_done"


def test_an_expiry_date_is_asked_with_an_example_of_how_it_is_keyed(bench: Bench) -> None:
    bench.given_picklist("PL-7", line("MILK", 1))
    bench.signed_in().scan("PL-7", "A-1", "MILK")
    keys = action(view(bench), "set")
    assert keys["ask"] == "Expiry date, like 2031-03-31"
    assert bench.floor(c.SetValue, **keys["body"], value="2099-03-31").answer.code == "pick.all_done"


def test_after_a_short_the_other_places_are_tiles_and_only_then(bench: Bench) -> None:
    bench.given_picklist("PL-7", line("JAM", 2), line("PHONE", 1))
    in_stock(bench, "JAM", "B-1", 12)
    bench.signed_in().scan("PL-7", "A-1")
    assert "replan" not in offered(view(bench))
    bench.short("damaged")
    (tile,) = action(view(bench), "replan")["reasons"]
    assert (tile["code"], tile["detail"]) == ("B-1", "12 there")
    assert bench.floor(c.Replan, location_id=tile["code"]).answer.code == "pick.replanned"
    assert "replan" not in offered(view(bench))


def test_while_the_tote_is_asked_for_nothing_is_offered_that_would_be_refused(bench: Bench) -> None:
    bench.restart(picking=PickingRules(put_check=True))
    bench.given_picklist("PL-7", line("JAM", 1, order="O-1"), line("JAM", 1, order="O-2"))
    bench.signed_in().scan("PL-7", "A-1", "JAM")
    shown = view(bench)
    assert (shown["next"]["do"], shown["next"]["headline"]) == ("scan_tote", "Scan a tote")
    assert offered(shown) == ["undo", "scan", "sign-out"]
    bench.scan("TOTE-1")
    bench.scan("JAM")
    bench.scan("TOTE-2")
    assert view(bench)["next"]["do"] == "complete"


def test_a_list_is_put_aside_and_shows_how_far_it_is_to_whoever_goes_on(bench: Bench) -> None:
    bench.given_picklist("PL-7", line("JAM", 1), line("PHONE", 1))
    bench.signed_in().scan("PL-7", "A-1", "JAM")
    found = action(view(bench), "picklist-release")
    assert found["path"] == "/v1/station/picklists/PL-7/release"
    released = c.ReleasePicklist(command_id=new_id(), picklist_id="PL-7", reason="break", workplace="pick-1")
    assert bench.do(released).answer.code == "pick.released"
    (choice,) = view(bench)["choices"]
    assert choice["detail"] == "1 of 2 lines done"


def zoned(bench: Bench, picklist_id: str, zone: str) -> None:
    bench.given_picklist(picklist_id, line("JAM", 1))
    bench.signed_in().scan(picklist_id)
    of = {"picklist_id": picklist_id, "reason": "handed over", "zone": zone, "workplace": "pick-1"}
    bench.do(c.ReleasePicklist(command_id=new_id(), **of))


def test_the_zones_of_the_lists_that_wait_can_be_chosen_and_left_again(bench: Bench) -> None:
    assert "zone" not in offered(view(bench.signed_in())), "where there are no zones nobody is asked"
    zoned(bench, "PL-7", "COLD")
    tiles = action(view(bench), "zone")["reasons"]
    assert [each["code"] for each in tiles] == [None, "COLD"]
    bench.do(c.ChooseZone(command_id=new_id(), workplace="pick-1", zone="COLD"))
    assert action(view(bench), "zone")["label"] == "Zone COLD"


def test_a_list_is_handed_over_to_another_zone(bench: Bench) -> None:
    zoned(bench, "PL-7", "COLD")
    bench.given_picklist("PL-8", line("JAM", 1))
    bench.scan("PL-8")
    found = [each for each in view(bench)["actions"] if each["do"] == "picklist-release"][1]
    assert [each["code"] for each in found["reasons"]] == ["COLD"]
    assert found["body"]["reason"] == "handed over"


def test_picked_units_go_back_and_a_refusal_is_told_in_its_words(bench: Bench) -> None:
    bench.given_picklist("PL-7", line("JAM", 2), line("PHONE", 1))
    bench.signed_in().scan("PL-7", "A-1", "JAM", "JAM", "PHONE", "SN-1")
    found = action(view(bench), "picks-rebin")
    assert [(each["label"], each["detail"]) for each in found["reasons"]] == [
        ("Item JAM (JAM)", "2 picked"),
        ("Item PHONE (PHONE)", "SN-1"),
    ]
    jam, phone = found["reasons"]
    assert put_back(bench, found, jam, qty="3") == (
        "Item JAM (JAM): 2 picked, 3 cannot go back. Count again. PL-7 stays as it was."
    )
    assert put_back(bench, found, jam, qty="1") == "PL-7: 1 of 1 are right."
    assert put_back(bench, found, phone) == "PL-7: 1 of 1 are right."


def put_back(bench: Bench, found: View, tile: View, **asked: Any) -> str:
    """As the page sends it: one of a list, its workplace outside."""
    one = {**found["body"], **tile["body"], "task_id": tile["code"], "location_id": "B-1", **asked}
    told = c.RebinPicks(command_id=new_id(), picklist_id="PL-7", workplace="pick-1", rebins=(c.PickRebin(**one),))
    return bench.do(told).answer.text


def test_views_hold_nothing_but_plain_values(bench: Bench) -> None:
    bench.given_picklist("PL-7", line("PHONE", 2))
    bench.signed_in().scan("PL-7", "A-1", "PHONE")
    assert json.loads(json.dumps(view(bench))) == view(bench)
