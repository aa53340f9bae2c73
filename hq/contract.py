"""Holds the service to its contract: what it is asked, and what it answers.

A request that breaks the contract is refused in the API's own words. An answer of ours that breaks it is a fault of
the service: it is logged with each broken rule, and where `strict` is set nobody gets it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from web.contract import BadContract, Contract, Operation
from web.contract_schema import FORM, is_json, media_type_of

log = logging.getLogger(__name__)

Refuse = Callable[[int, list[str]], web.StreamResponse]
"""Renders a status and its sentences as the API would: 400 or 422 for a request, 500 for a fault of ours."""

__all__ = ["BadContract", "Contract", "Operation", "contract_guard"]


def contract_guard(contract: Contract, prefix: str, *, strict: bool, refuse: Refuse) -> Middleware:
    """A middleware that checks every call below `prefix`, behind which the paths of `contract` stand.

    Place it behind the role guard, and the middleware that renders refusals both before it (what stands before this
    guard may refuse) and behind it (a refusal of a handler is an answer, checked like any other). Paths the contract
    does not know are left to the app's own 404. Bodies that are neither JSON nor a form are not read here.
    """

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        path = request.rel_url.raw_path
        if not path.startswith(prefix + "/"):
            return await handler(request)
        operation = contract.operation(request.method, path.removeprefix(prefix))
        if operation is None:
            return await handler(request)
        body = await _body_to_check(operation, request)
        if broken := operation.check_envelope(request.headers, body):
            return refuse(400, broken)
        if broken := operation.check_members(request.query, request.headers, body):
            return refuse(422 if "422" in operation.statuses else 400, broken)
        response = await handler(request)
        faults = operation.check_answer(response.status, response.headers, _body_sent(response))
        if not faults:
            return response
        log.error("an answer breaks the contract %s: %s", contract.name, " ".join(faults))
        return refuse(500, faults) if strict else response

    return guard


async def _body_to_check(operation: Operation, request: web.Request) -> bytes | None:
    """The body where there is a schema to check it against; aiohttp keeps it for the handler."""
    media = media_type_of(request.headers.get("Content-Type"))
    if operation.request_body is not None and (is_json(media) or media == FORM):
        return await request.read()  # also one that was read before, as when a call is worked twice
    return b"" if operation.request_body is None or not request.can_read_body else None


def _body_sent(response: web.StreamResponse) -> bytes | None:
    """What will be sent, or None for a stream or a file, of which only status and type are checked."""
    if not isinstance(response, web.Response):
        return None
    body = response.body
    if body is None:
        return b""
    return bytes(body) if isinstance(body, bytes | bytearray) else None
