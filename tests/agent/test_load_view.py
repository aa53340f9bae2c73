"""What a screen shows at a dock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.floor.load_view import load_view
from tests.support.floor import BEN, Bench
from tests.support.loading import LOU, a_dock, manifest_id, sealed


@pytest.fixture
def dock(tmp_path: Path) -> Iterator[Bench]:
    bench = a_dock(tmp_path / "data")
    yield bench
    bench.close()


def view(bench: Bench) -> dict[str, Any]:
    return load_view(bench.store.reader, bench.place)


def test_a_dock_asks_for_a_badge_then_for_a_parcel_and_shows_how_far_it_is(dock: Bench) -> None:
    dock.sign_out()
    assert (view(dock)["next"]["headline"], view(dock)["actions"]) == ("Scan your badge", [])
    dock.signed_in(LOU)
    assert view(dock)["next"]["headline"] == "Scan a parcel"
    one, two = sealed(dock, "O-1"), sealed(dock, "O-2")
    dock.scan(one)
    shown = view(dock)
    assert (shown["next"]["headline"], shown["next"]["detail"]) == ("DHL: scan a parcel", "1 still to come")
    assert shown["progress"] == {"id": manifest_id(dock), "done": 1, "of": 2}
    assert [each["order_id"] for each in shown["manifest"]["missing"]] == ["O-2"]
    assert [each["sscc"] for each in shown["manifest"]["loaded"]] == [one]
    dock.scan(two)
    assert view(dock)["next"]["detail"] == "all of them are on"
    open_acts = [each["do"] for each in view(dock)["actions"] if each["enabled"] and each["place"] == "bar"]
    assert open_acts == ["complete", "undo"]


def test_the_doors_are_shut_without_what_is_missing_only_by_an_act_that_says_so(dock: Bench) -> None:
    one, _two = sealed(dock, "O-1"), sealed(dock, "O-2")
    dock.scan(one)
    acts = {each["do"]: each for each in view(dock)["actions"]}
    assert not acts["complete"]["enabled"]
    assert acts["manifest-close"]["path"] == f"/v1/station/manifests/{manifest_id(dock)}/close"
    assert acts["manifest-close"]["body"] == {"without_missing": True}
    assert acts["parcel-unload"]["then"][0]["member"] == "parcel"


def test_a_manifest_that_was_begun_elsewhere_can_be_chosen(dock: Bench) -> None:
    dock.scan(sealed(dock, "O-1"))
    dock.at("dock-2").signed_in(BEN)
    (choice,) = view(dock)["choices"]
    assert (choice["title"], choice["detail"], choice["lines"]) == ("DHL", "dock-1", 1)
    dock.open(choice["id"])
    assert view(dock)["progress"]["done"] == 1
