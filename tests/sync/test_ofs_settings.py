"""What a site may set for an HQ of seed 001."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from local_store.clock import SystemClock
from sync.dialect import AtStation
from sync.dialects import DIALECTS
from sync.dialects.ofs.capabilities import ACCEPTS, PROFILE, OfsHq
from tests.support.needs import ROOT

USUAL = {"dialect": "ofs", "url": "https://hq.example.com", "secret": "hq", "tenant": "acme"}


@pytest.mark.parametrize(
    "url", ["https://hq.example.com/v1/fulfillment", "http://127.0.0.1:8700", "http://[::1]:8700", "http://localhost"]
)
def test_hq_is_reached_over_tls_or_on_this_machine(url: str) -> None:
    assert OfsHq.model_validate({**USUAL, "url": url}).url.host


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ({"url": "http://hq.example.com"}, "must begin with https, or the key would cross the network in clear"),
        ({"url": "https://ann:pin@hq.example.com"}, "the key belongs into the secret file"),
        ({"url": "https://hq.example.com?key=1"}, "the key belongs into the secret file"),
        ({"tenant": ""}, "at least 1 character"),
        ({"tenant": "a\r\nX-Evil: 1"}, "match pattern"),
        ({"colour": "red"}, "not permitted"),
    ],
)
def test_what_would_leak_the_key_or_means_nothing_is_refused(setting: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        OfsHq.model_validate({**USUAL, **setting})


@pytest.mark.parametrize("url", ["https://hq.example.com/", "https://hq.example.com/v1/fulfillment/"])
def test_the_address_may_be_given_with_or_without_its_base_path(url: str) -> None:
    client: Any = DIALECTS["ofs"].make_client(
        OfsHq.model_validate({**USUAL, "url": url}), "key", AtStation("st-1", "wh_1", SystemClock())
    )
    assert client._line._base == "https://hq.example.com" + PROFILE.base_path


def test_the_page_of_the_dialect_names_each_fact_it_carries() -> None:
    page = (ROOT / "docs" / "dialects" / "ofs.md").read_text(encoding="utf-8")
    assert [kind for kind in sorted(ACCEPTS) if f"`{kind}`" not in page] == []


def test_each_dialect_is_found_by_the_name_it_has_in_edge_toml() -> None:
    assert "ofs" in DIALECTS
    assert [name for name, dialect in DIALECTS.items() if dialect.name != name] == []
