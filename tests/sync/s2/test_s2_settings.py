"""What a site may set for an S2, and which assumptions it may set otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from config.loading import ConfigFaults, load
from sync.dialects import SETTINGS
from sync.dialects.s2.capabilities import ACCEPTS, PROFILE, S2Hq
from sync.dialects.s2.client import CALLS
from tests.support.needs import ROOT
from web.contract import Contract

HOUSE = "95d73baf-76ba-4bea-86ac-1534c5e5d4aa"
USUAL = {
    "dialect": "s2",
    "url": "https://api.s2sell.io",
    "secret": "s2",
    "email": "st-1@example.com",
    "organization": HOUSE,
    "warehouse": "9cae310d-c440-4d78-bdc0-bf306ec33880",
}


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ({"organization": "house"}, "valid UUID"),
        ({"warehouse": ""}, "valid UUID"),
        ({"email": ""}, "at least 3"),
        ({"url": "http://api.s2sell.io"}, "must begin with https"),
        ({"profile": {"page_limit": 500}}, "less than or equal to 100"),
        ({"profile": {"colour": "red"}}, "Extra inputs are not permitted"),
        ({"profile": {"file_url": "ftp://files/{path}"}}, "should match pattern"),
        ({"profile": {"wrong_organization": "("}}, "is not a regular expression"),
        ({"colour": "red"}, "not permitted"),
    ],
)
def test_what_cannot_be_meant_is_refused(setting: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        S2Hq.model_validate({**USUAL, **setting})


def test_a_site_sets_single_assumptions_otherwise_and_adds_to_tables() -> None:
    lines = {"token_member": "token", "carriers": {"DHL": "DHL_EXPRESS"}, "countries": {"Wales": "GB"}}
    settings = S2Hq.model_validate({**USUAL, "profile": lines})
    profile = settings.profile
    assert (profile.token_member, profile.carriers) == ("token", {"DHL": "DHL_EXPRESS"})
    assert (profile.countries["Wales"], profile.countries["France"]) == ("GB", "FR")
    assert S2Hq.model_validate(USUAL).profile == PROFILE
    assert S2Hq.model_validate({**USUAL, "profile": {}}).profile == PROFILE


def test_a_wrong_line_is_named_as_it_stands_in_edge_toml(tmp_path: Path) -> None:
    lines = [f'{name} = "{value}"' for name, value in USUAL.items()]
    text = "\n".join(["[hq.shop]", *lines, "[hq.shop.profile]", "page_limit = 500"])
    (tmp_path / "edge.toml").write_text(text)
    with pytest.raises(ConfigFaults) as refusal:
        load(tmp_path / "edge.toml", {}, SETTINGS)
    assert "edge.toml: hq.shop.profile.page_limit: must be at most 100 (got 500)" in refusal.value.faults


def test_the_page_of_the_dialect_names_each_fact_each_call_and_each_setting() -> None:
    page = (ROOT / "docs" / "dialects" / "s2.md").read_text(encoding="utf-8")
    own = S2Hq.model_fields.keys() - S2Hq.__base__.model_fields.keys()  # type: ignore[union-attr]
    assert [name for name in sorted({*ACCEPTS, *CALLS, *own}) if f"`{name}`" not in page] == []


def test_every_operation_of_the_contract_but_the_login_and_files_can_be_called_by_name() -> None:
    contract = Contract.load("s2")
    found = set()
    for call in CALLS.values():
        operation = contract.operation(call.method, call.path)
        assert operation is not None, call
        found.add(operation.name)
    assert {each.name for each in contract.operations} - found == {
        "POST /login",
        "GET /file/{organization}/{date}/{folder}/{name}",
    }
