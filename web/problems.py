"""Every refusal a server of ours gives is one sentence in one shape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from pydantic import ValidationError

MAX_FAULTS_SHOWN = 20
MAX_VALUE_SHOWN = 80


class Refused(Exception):  # noqa: N818 -- a refusal is an answer, not an error in the program
    """A request that gets `status` and a body `{"error": {code, message, details}}`.

    The shape is an assumption about seed 001, which shows no error body (hq_contracts 2.1); our agent uses the
    same one, so that a client written for HQ can talk to a station.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        details: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.details, self.headers = details, dict(headers or {})

    def response(self) -> web.Response:
        """The HTTP answer that carries this refusal."""
        return web.json_response(self.body(), status=self.status, headers=self.headers)

    def body(self) -> dict[str, Any]:
        """The JSON body: code for machines, message for the person, details where there are several faults."""
        return {"error": {"code": self.code, "message": self.message, "details": self.details}}


def fault_sentences(error: ValidationError) -> list[dict[str, Any]]:
    """Each fault pydantic found as {field, message, got}; long values are cut, never left out."""
    faults = []
    for fault in error.errors(include_url=False)[:MAX_FAULTS_SHOWN]:
        field = ".".join(str(part) for part in fault["loc"]) or "body"
        faults.append({"field": field, "message": fault["msg"], "got": shown(fault.get("input"))})
    return faults


def shown(value: Any) -> str:
    """`value` as JSON, cut to what a sentence can hold."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= MAX_VALUE_SHOWN else text[: MAX_VALUE_SHOWN - 1] + "…"


def invalid(error: ValidationError, what: str) -> Refused:
    """The 422 for a body or parameter that does not fit its model, naming the first fault in the message."""
    faults = fault_sentences(error)
    first = faults[0]
    message = f"{what}: {first['field']}: {first['message']} (got {first['got']})."
    return Refused(422, "invalid", message, faults)
