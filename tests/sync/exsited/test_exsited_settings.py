"""What a site sets for Exsited, and how a token is had."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import ValidationError

from sync.auth import Token
from sync.dialect import Answer, NoAnswer, Reply
from sync.dialects.exsited.session import TokenSource
from tests.sync.exsited.facts import profile, settings


def complaint(**given: Any) -> str:
    with pytest.raises(ValidationError) as error:
        settings(**given)
    return str(error.value)


def test_the_default_is_the_mode_of_the_seed_and_needs_no_warehouse() -> None:
    made = settings(mode="seed_only", warehouse="")
    assert (made.mode, made.timeout_s, made.location) == ("seed_only", 240, "STOCK")


def test_the_full_mode_needs_the_name_of_the_warehouse() -> None:
    assert "warehouse: the mode full needs the name" in complaint(warehouse="")


def test_a_site_may_know_better_than_the_profile() -> None:
    assert profile(base_path="/v3", patch_suffix="/information").base_path == "/v3"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"base_pth": "/v3"}, "base_pth"),
        ({"page_limit": 0}, "page_limit"),
        ({"tracking_number": "made up"}, "tracking_number"),
    ],
)
def test_a_mistake_in_the_profile_is_told_when_the_site_is_loaded(changed: dict[str, Any], words: str) -> None:
    assert words in complaint(profile=changed)


class Tokens:
    """HQ's token call, answered from a list; what was asked is kept."""

    def __init__(self, replies: Sequence[Reply]) -> None:
        self.replies, self.asked = list(replies), list[dict[str, str]]()

    async def call(self, _method: str, path: str, _headers: Any, body: bytes) -> Reply:
        assert path == "/api/v1/oauth2/token"
        self.asked.append(json.loads(body))
        return self.replies.pop(0)

    @property
    def grants(self) -> list[str]:
        return [each["grant_type"] for each in self.asked]


def given(number: int, **more: Any) -> Answer:
    return Answer(200, {"access_token": f"t{number}", "refresh_token": f"r{number}", "expires_in": 3600, **more})


def source(*replies: Reply) -> tuple[TokenSource, Tokens]:
    line: Any = Tokens(replies)
    return TokenSource(line, settings(client_id="me"), "the secret"), line


async def test_a_token_is_asked_for_with_all_values_and_renewed_with_the_refresh_token() -> None:
    tokens, line = source(given(1), given(2))
    assert await tokens.fetch() == Token("t1", 3600)
    assert await tokens.fetch() == Token("t2", 3600)
    values = {"client_id": "me", "client_secret": "the secret", "redirect_uri": "https://edge.example.com/callback"}
    assert line.asked == [
        {"grant_type": "client_credentials", **values},
        {"grant_type": "refresh_token", "refresh_token": "r1", **values},
    ]


@pytest.mark.parametrize("refusal", [Answer(400, None), Answer(401, None), NoAnswer("x", sent=True, status=302)])
async def test_a_refresh_token_that_is_refused_means_from_scratch(refusal: Reply) -> None:
    tokens, line = source(given(1), refusal, given(2))
    await tokens.fetch()
    assert await tokens.fetch() == Token("t2", 3600)
    assert line.grants == ["client_credentials", "refresh_token", "client_credentials"]


@pytest.mark.parametrize("status", [None, 200, 302])
async def test_a_portal_before_the_token_is_no_refused_key_and_the_call_did_not_go(status: int | None) -> None:
    tokens, _ = source(NoAnswer("A redirect.", sent=True, status=status))
    assert await tokens.fetch() == NoAnswer("A redirect.", sent=False)


async def test_an_hq_that_is_away_is_no_reason_to_begin_from_scratch() -> None:
    away = NoAnswer("HQ cannot be reached.", sent=False)
    tokens, line = source(given(1), away)
    await tokens.fetch()
    assert await tokens.fetch() == away
    assert line.grants == ["client_credentials", "refresh_token"]


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_values_that_are_refused_are_a_key_that_is_not_accepted(status: int) -> None:
    tokens, _ = source(Answer(status, {"errors": [{"code": status, "message": "no"}]}))
    refused = await tokens.fetch()
    assert isinstance(refused, Answer)
    assert refused.status == 401


@pytest.mark.parametrize("body", [None, [], {}, {"access_token": ""}, {"access_token": 7}, {"access_token": "a\nb"}])
async def test_an_answer_without_a_token_is_not_hqs(body: Any) -> None:
    tokens, _ = source(Answer(200, body))
    assert isinstance(await tokens.fetch(), NoAnswer)


@pytest.mark.parametrize(("life", "seconds"), [(None, 3600), ("1800", 1800), (0, 3600), (-5, 3600), (10**9, 36_000)])
async def test_a_life_that_is_none_is_the_usual_one(life: Any, seconds: int) -> None:
    tokens, _ = source(given(1, expires_in=life))
    assert await tokens.fetch() == Token("t1", seconds)


def test_no_secret_is_shown() -> None:
    assert "the secret" not in repr(settings()) + repr(Token("the secret", 1))
