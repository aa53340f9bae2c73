"""What a receiver is offered beside the scans fits the moment: what a supervisor may let in, close and open again."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agent.floor.views import Strip, view_of
from agent.problems import Problems
from local_store.clock import SystemClock
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.site import ReceivingRule
from tests.support.dock import RAY, TEA, Dock, announced, expected
from tests.support.floor import product

View = dict[str, Any]


@pytest.fixture
def dock(tmp_path: Path) -> Iterator[Dock]:
    """ASN/1 announces two TEA and four JAM; Ray has it open."""
    made = Dock(tmp_path)
    made.given(announced("ASN/1", expected("TEA", 2), expected("JAM", 4)))
    made.signed_in(RAY).scan("ASN/1")
    yield made
    made.close()


def actions(dock: Dock, name: str) -> list[View]:
    strip = Strip(lambda: dock.site, SystemClock(), lambda _: [], dict, Problems(lambda: 0), training=False)
    shown = view_of(dock.store.reader, strip, dock.workplace, None, dock.screen)
    return [each for each in shown["actions"] if each["do"] == name]


def allowing(dock: Dock) -> list[tuple[str, View, str]]:
    return [(each["label"], each["body"], each["place"]) for each in actions(dock, "inbound-allow")]


ASKED_BY_CODE: list[tuple[str, View, str]] = [("Allow more", {}, "more"), ("Allow an early date", {}, "more")]


def test_a_supervisor_may_always_let_in_more_behind_a_second_tap(dock: Dock) -> None:
    assert allowing(dock) == ASKED_BY_CODE
    over, early = actions(dock, "inbound-allow")
    assert [each["member"] for each in over["then"]] == ["sku", "qty"]
    assert [each["member"] for each in early["then"]] == ["sku", "expires_on"]
    for each in (over, early):
        assert (each["approval"], each["path"]) == (True, "/v1/station/inbound/ASN%2F1/allow")


def test_what_was_too_many_just_now_is_offered_in_sight_until_it_is_allowed(dock: Dock) -> None:
    dock.scan(TEA, TEA, TEA)
    assert dock.screen.code == "receive.over"
    assert allowing(dock) == [("Allow it", {"sku": "TEA"}, "bar")]
    asked = dock.screen
    dock.by(c.AllowGoods, second="eve", inbound_id="ASN/1", sku="TEA", qty=Decimal(3), reason="a gift")
    dock.screen = asked  # an act beside the scans says nothing at the workplace
    assert allowing(dock) == ASKED_BY_CODE
    dock.scan(TEA)
    assert dock.screen.code == "tally.counted"


def test_what_is_not_announced_is_offered_by_its_own_name(dock: Dock) -> None:
    dock.given_products(product("SALT", "SALT-CODE"))
    dock.scan("SALT-CODE")
    assert allowing(dock) == [("Allow it", {"sku": "SALT"}, "bar")]


def test_too_early_a_date_is_offered_with_the_date_until_it_is_allowed(dock: Dock) -> None:
    dock.given_products(product("TEA", TEA, expiry_required=True))
    dock.scan(TEA, "200101")
    (offered,) = actions(dock, "inbound-allow")
    assert (offered["body"], offered["then"]) == ({"sku": "TEA", "expires_on": "2020-01-01"}, [])
    asked = dock.screen
    dock.by(c.AllowGoods, second="eve", inbound_id="ASN/1", **offered["body"], reason="x")
    dock.screen = asked
    assert allowing(dock) == ASKED_BY_CODE


def test_of_goods_that_nobody_announced_only_the_date_can_be_wrong(dock: Dock) -> None:
    dock.scan("ASN/1", "BLIND")
    assert [label for label, *_ in allowing(dock)] == ["Allow an early date"]
    (about,) = dock.query("SELECT about FROM tally WHERE status = 'open'")[0]
    assert actions(dock, "inbound-allow")[0]["path"] == f"/v1/station/inbound/{about.replace(':', '%3A')}/allow"


def test_a_product_is_named_by_any_code_of_it_and_one_that_is_not_known_is_not_let_in(dock: Dock) -> None:
    said: dict[str, Any] = {"inbound_id": "ASN/1", "qty": Decimal(9), "reason": "wanted"}
    dock.by(c.AllowGoods, second="eve", sku="GARBAGE", **said)
    assert dock.screen.code == "stock_move.no_product"
    for code in (TEA, f"]C101{TEA.zfill(14)}10L-7"):
        dock.by(c.AllowGoods, second="eve", sku=code, **said)
        assert dock.screen.code == "inbound.allowed"
    assert [fact.sku for fact in dock.facts(e.GoodsAllowed)] == ["TEA", "TEA"]


def test_only_an_end_with_too_little_asks_a_supervisor(dock: Dock) -> None:
    assert actions(dock, "inbound-close")[0]["approval"]
    dock.restart(receiving=ReceivingRule(under_percent=Decimal(100)))
    assert not actions(dock, "inbound-close")[0]["approval"]


def test_what_was_closed_here_can_be_opened_again_the_newest_first(dock: Dock) -> None:
    dock.given(*(announced(f"ASN-{n}", expected("TEA", 1)) for n in range(8)))
    dock.scan("ASN/1")
    assert actions(dock, "inbound-reopen") == []
    for n in range(8):
        dock.by(c.CloseInbound, second="eve", inbound_id=f"ASN-{n}")
    assert [each["label"] for each in actions(dock, "inbound-reopen")] == [f"Reopen ASN-{n}" for n in range(7, 1, -1)]
    newest = actions(dock, "inbound-reopen")[0]
    assert (newest["path"], newest["place"]) == ("/v1/station/inbound/ASN-7/reopen", "more")
    dock.by(c.ReopenInbound, inbound_id="ASN-7", reason="more came")
    assert actions(dock, "inbound-reopen")[0]["label"] == "Reopen ASN-6"
