"""What a packer is offered fits the moment: every command of a pack station, and nothing that would be refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from agent.floor.pack_view import pack_view
from agent.floor.views import Strip, view_of
from agent.problems import Problems
from local_store.clock import SystemClock
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.commands.packing import PACK_COMMANDS
from local_store.domain.site import PackRule
from tests.support.floor import ANA, SITE, Bench, line, new_id, product

View = dict[str, Any]
SMALL = e.Carton(carton_id="S", name="Small box", length_mm=200, width_mm=105, height_mm=100)
LARGE = e.Carton(carton_id="L", name="Large box", length_mm=400, width_mm=400, height_mm=400)


@pytest.fixture
def bench(open_bench: Callable[[str], Bench]) -> Bench:
    found = open_bench("pack-1")
    found.given_products(product("TEA", size=e.Dimensions(length_mm=390, width_mm=30, height_mm=30)), product("JAM"))
    found.given_products(product("PHONE", serial_required=True))
    return found


def view(bench: Bench, rules: PackRule = SITE.packing, **of: Any) -> View:
    site = replace(bench.site, packing=rules, **of)
    found: View = pack_view(bench.store.reader, bench.place, site, weight_doubted=False)
    return found


def whole_view(bench: Bench) -> View:
    strip = Strip(lambda: bench.site, SystemClock(), lambda _: [], dict, Problems(lambda: 0), training=False)
    return view_of(bench.store.reader, strip, bench.workplace, None)


def offered(shown: View) -> list[str]:
    return [each["do"] for each in shown["actions"] if each["enabled"]]


def action(shown: View, name: str) -> View:
    found: View = next(each for each in shown["actions"] if each["do"] == name)
    return found


def do(bench: Bench, shown: View, name: str, **asked: Any) -> str:
    """Do what the view offers, with what was asked for; the code of the answer."""
    body = {**action(shown, name)["body"], **asked}
    return bench.floor(c.FLOOR_COMMANDS[name], **body).answer.code


def with_boxes(bench: Bench) -> None:
    bench.do(c.ReceiveCartons(command_id=new_id(), told=e.CartonsTold(lane="main", cartons=(SMALL, LARGE))))


def test_without_an_order_a_packer_is_offered_nothing_of_packing(bench: Bench) -> None:
    assert view(bench)["actions"] == []
    assert view(bench.signed_in())["actions"] == []


def test_whatever_is_open_a_code_can_be_keyed_and_the_workplace_left(bench: Bench) -> None:
    assert offered(whole_view(bench)) == ["scan"], "the badge"
    assert offered(whole_view(bench.signed_in())) == ["scan", "sign-out"]
    bench.given_order("O-1", line("JAM", 1))
    bench.scan("O-1", "JAM")
    assert {"weigh", "scan", "sign-out"} <= set(offered(whole_view(bench)))


def test_the_boxes_stand_there_with_their_sizes_and_the_suggested_one_first(bench: Bench) -> None:
    with_boxes(bench)
    bench.given_order("O-1", line("TEA", 1))
    bench.signed_in().scan("O-1")
    shown = view(bench)
    tiles = action(shown, "carton")["reasons"]
    assert [(each["code"], each["label"], each["detail"]) for each in tiles] == [
        ("L", "Large box", "40 x 40 x 40 cm"),
        ("S", "Small box", "20 x 10.5 x 10 cm"),
    ]
    assert do(bench, shown, "carton", carton_id="L") == "pack.carton"
    assert view(bench)["parcel"]["parcels"][0]["box"] == "Large box, 40 x 40 x 40 cm"
    assert action(view(bench), "carton")["place"] == "more", "chosen once, it stands behind the others"


def test_several_parcels_are_begun_chosen_and_goods_moved_between_them(bench: Bench) -> None:
    bench.given_order("O-1", line("TEA", 3), line("JAM", 1))
    bench.signed_in().scan("O-1", "TEA", "TEA")
    assert do(bench, view(bench), "next-parcel") == "pack.next_parcel"
    shown = view(bench)
    first, second = shown["parcel"]["parcels"]
    assert (first["choose"]["enabled"], second["choose"]["enabled"]) == (True, False)
    (tile,) = action(shown, "repack")["reasons"]
    assert (tile["code"], tile["detail"], tile["body"]) == ("TEA", "2 in parcel 1", {"source": 1})
    into = [each["code"] for each in tile["then"][0]["reasons"]]
    assert into == [2, 3]
    assert do(bench, shown, "repack", **tile["body"], sku="TEA", qty="1", target=2) == "pack.repacked"
    assert bench.floor(c.ChooseParcel, **view(bench)["parcel"]["parcels"][0]["choose"]["body"]).answer.code == (
        "pack.parcel_chosen"
    )


def test_of_goods_with_serial_numbers_each_unit_can_be_moved(bench: Bench) -> None:
    bench.given_order("O-1", line("PHONE", 1), line("JAM", 1))
    bench.signed_in().scan("O-1", "PHONE", "SN-1")
    shown = view(bench)
    (tile,) = action(shown, "repack")["reasons"]
    assert tile["body"] == {"source": 1, "qty": "1", "serials": ["SN-1"]}
    assert do(bench, shown, "repack", **tile["body"], sku="PHONE", target=2) == "pack.repacked"


def test_the_serial_number_is_the_next_thing_while_it_is_missing(bench: Bench) -> None:
    bench.given_order("O-1", line("PHONE", 1))
    bench.signed_in().scan("O-1", "PHONE")
    assert view(bench)["next"]["headline"] == "Scan the serial number"


def test_material_that_was_used_before_is_offered_again_and_a_size_is_asked_side_by_side(bench: Bench) -> None:
    bench.given_order("O-1", line("JAM", 1))
    bench.signed_in().scan("O-1", "JAM")
    assert action(view(bench), "material")["pad"] == "text"
    assert do(bench, view(bench), "material", material="Bubble wrap", qty="2") == "pack.material"
    shown = view(bench)
    assert shown["parcel"]["parcels"][0]["materials"] == [{"material": "Bubble wrap", "qty": "2"}]
    asked = [action(shown, "measure")["member"], *(each["member"] for each in action(shown, "measure")["then"])]
    assert asked == ["length_mm", "width_mm", "height_mm"]
    assert do(bench, shown, "measure", **dict.fromkeys(asked, 300)) == "pack.measured"
    bench.weigh(100, reason="known")
    bench.seal()
    bench.given_order("O-2", line("JAM", 1))
    bench.scan("O-2")
    assert [each["code"] for each in action(view(bench), "material")["reasons"]] == ["Bubble wrap"]


def test_each_note_is_read_and_confirmed_alone_before_the_seal(bench: Bench) -> None:
    said = {"signatureRequired": True, "packingInstructions": "Glass at the bottom"}
    bench.given_order("O-1", line("JAM", 1), metadata=said)
    bench.signed_in().scan("O-1")
    assert action(view(bench), "confirm")["body"] == {"code": "signature"}, "it may be read from the beginning"
    bench.scan("JAM")
    bench.weigh(100, reason="known")
    for code, left in (("signature", "and 1 more"), ("packing", "")):
        shown = view(bench)
        assert (shown["next"]["do"], shown["next"]["amount"]) == ("confirm", left)
        assert action(shown, "seal")["enabled"] is False
        assert action(shown, "confirm")["body"] == {"code": code}
        do(bench, shown, "confirm")
    assert view(bench)["next"]["do"] == "seal"


def test_the_photo_is_taken_before_the_box_is_closed_where_it_is_wanted(bench: Bench) -> None:
    bench.given_order("O-1", line("JAM", 1))
    bench.signed_in().scan("O-1", "JAM")
    assert view(bench)["next"]["do"] == "weigh"
    shown = view(bench, replace(SITE.packing, photo=True))
    assert shown["next"]["do"] == "photo"
    assert (action(shown, "photo")["about"], action(shown, "photo")["member"]) == ("fulfillment:F-O-1", "sha256")


def test_a_sealed_parcel_of_the_order_can_be_unpacked(bench: Bench) -> None:
    bench.given_order("O-1", line("JAM", 2))
    bench.signed_in().scan("O-1", "JAM")
    bench.next_parcel()
    bench.weigh(100, reason="known")
    bench.seal()
    found = action(view(bench), "package-void")
    sealed = view(bench)["parcel"]["parcels"][0]["package_id"]
    assert found["path"] == f"/v1/station/packages/{sealed}/void"
    assert found["label"] == "Unpack parcel 1"
    assert found["approval"], "a packer needs a supervisor for it"
    supervises = replace(ANA, roles=ANA.roles | {"supervisor"})
    shown = view(bench, workers={"ana": supervises})
    assert not action(shown, "package-void")["approval"], "a supervisor does not"


def test_several_open_orders_stand_there(bench: Bench) -> None:
    bench.restart(packing=PackRule(slots=2))
    for order in ("O-1", "O-2"):
        bench.given_order(order, line("JAM", 1))
    bench.signed_in().scan("O-1", "O-2")
    orders = view(bench)["orders"]
    assert [(each["order_id"], each["in_front"]) for each in orders] == [("O-1", False), ("O-2", True)]


def test_every_command_of_packing_is_offered_somewhere(bench: Bench) -> None:
    with_boxes(bench)
    bench.given_order("O-1", line("TEA", 3), line("JAM", 1), metadata={"signatureRequired": True})
    bench.signed_in().scan("O-1", "TEA")
    bench.next_parcel()
    shown = view(bench, replace(SITE.packing, photo=True))
    found = {each["do"] for each in shown["actions"]} | {each["choose"]["do"] for each in shown["parcel"]["parcels"]}
    assert {command.kind for command in PACK_COMMANDS} <= found
