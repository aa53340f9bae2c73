"""A key that a client gives to a call becomes the id of its command."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request
from pydantic import UUID7, TypeAdapter

from agent.api.access import CALLER, Caller
from agent.api.idempotency import command_id_of
from web.problems import Refused


def _request(key: str | None, path: str = "/v1/fulfillment/tasks", worker: str | None = "ana") -> Any:
    request = make_mocked_request("POST", path, headers={"Idempotency-Key": key} if key is not None else {})
    request[CALLER] = Caller(frozenset({"picker"}), worker)
    return request


def test_the_same_key_of_the_same_caller_on_the_same_path_is_the_same_command() -> None:
    first = command_id_of(_request("k-1"))
    assert TypeAdapter(UUID7).validate_python(first) == first
    assert command_id_of(_request("k-1")) == first
    others = {
        command_id_of(_request("k-2")),
        command_id_of(_request("k-1", "/v1/fulfillment/asn")),
        command_id_of(_request("k-1", worker="ben")),
        command_id_of(_request("k-1"), part=1),
    }
    assert first not in others
    assert len(others) == 4


def test_such_an_id_is_never_the_newest() -> None:
    assert command_id_of(_request("k-1")).bytes < bytes.fromhex("0190" + "00" * 14)


@pytest.mark.parametrize("key", [None, "", "k" * 256])
def test_a_call_without_a_key_of_sensible_length_is_refused_and_told_what_to_do(key: str | None) -> None:
    with pytest.raises(Refused, match="needs an Idempotency-Key of 1 to 255 characters; repeat it unchanged"):
        command_id_of(_request(key))
