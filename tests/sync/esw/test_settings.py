"""What a site may set for ESW, and what that lets the station tell."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from local_store.clock import SystemClock
from sync.dialect import AtStation
from sync.dialects import DIALECTS
from sync.dialects.esw.capabilities import ACCEPTS, PROFILE, EswHq, accepts
from tests.support.needs import ROOT
from tests.sync.esw.orders import USUAL, settings
from web.contract import Contract

OAUTH = {"auth": "bearer_oauth", "token_url": "https://sts.example.com/connect/token", "client_id": "site-1"}
PAGE = ROOT / "docs" / "dialects" / "esw.md"


def test_only_the_station_that_counts_for_the_site_tells_of_stock() -> None:
    assert "stock.counted" not in accepts(settings())
    assert accepts(settings(counts_for_site=True)) - accepts(settings()) == {"stock.counted"}


def test_facts_are_told_as_events_only_where_the_profile_names_a_type() -> None:
    assert accepts(settings()) - ACCEPTS == {"shipment.requested"}
    more = settings(profile={"event_types": {"pick.counted": "ItemPicked"}})
    assert accepts(more) - ACCEPTS == {"shipment.requested", "pick.counted"}
    assert more.profile.event_type("pick.counted") == "ItemPicked"
    assert more.profile.event_type("pick.short") is None


def test_a_site_lays_its_own_over_the_profile_member_by_member() -> None:
    profile = settings(profile={"weight_unit": "LB", "scac": {"Speedy Express": "SPDX"}}).profile
    assert (profile.weight_unit, profile.scac_of["speedy express"], profile.scac_of["ups"]) == ("LB", "SPDX", "UPSN")
    assert profile.probe_path == PROFILE.probe_path


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ({"auth": "guess"}, "'none', 'bearer_oauth' or 'static_key'"),
        ({"auth": "bearer_oauth"}, "needs token_url and client_id"),
        ({**OAUTH, "client_id": ""}, "needs token_url and client_id"),
        ({**OAUTH, "token_url": "http://sts.example.com/x"}, "must begin with https"),
        ({**OAUTH, "token_url": "https://ann:pin@sts.example.com/x"}, "must hold no key"),
        ({"tenant": "GO CAS"}, "match pattern"),
        ({"profile": {"weight_unit": "G"}}, "profile.weight_unit"),
        ({"profile": {"carton_mm": [300, 200]}}, "profile.carton_mm"),
        ({"profile": {"scac": {"DHL": "dhl"}}}, "profile.scac.DHL"),
        ({"profile": {"event_types": {"pack.opened": "X"}}}, "profile.event_types"),
        ({"profile": {"names": {"colour": "x"}}}, "has no member called colour"),
        ({"profile": {"names": {"outcome": ""}}}, "outcome is what answers are known by"),
        ({"profile": {"names": ["outcome"]}}, "profile.names"),
        ({"profile": {"colour": "red"}}, "profile.colour"),
        ({"profile": "none"}, "profile"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_place(setting: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        EswHq.model_validate({**USUAL, **setting})


def test_every_call_of_the_api_can_be_made_by_name() -> None:
    client = DIALECTS["esw"].make_client(settings(), "key", AtStation("st-1", "wh_1", SystemClock()))
    contract = Contract.load("esw")
    found = {
        name: operation.template
        for name, call in client.calls().items()
        if (operation := contract.operation(call.method, call.path)) is not None
    }
    wanted = {each.document["operationId"]: each.template for each in contract.operations}
    del wanted["token"]
    assert found == wanted
    assert {call.has_body for call in client.calls().values()} == {True}


def test_the_page_names_each_fact_each_call_and_each_setting() -> None:
    page = PAGE.read_text(encoding="utf-8")
    kinds = accepts(settings(counts_for_site=True))
    calls = [each.template for each in Contract.load("esw").operations if "connect" not in each.template]
    own = [name for name in EswHq.model_fields if name not in {"secret", "source", "sink", "proxy", "ca_file"}]
    wanted = [*sorted(kinds), *calls, *own[:1], "counts_for_site", "location_is_centre", "conflict_is_duplicate"]
    assert [text for text in wanted if text not in page] == []
