"""Calls of seed 001 on a station: who acts, and how a refusal of the floor becomes a problem body."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError

from agent.api.access import caller_of
from agent.api.deciding import in_words
from agent.api.idempotency import command_id_of
from local_store.domain.commands import Id, WorkerCommand
from local_store.store import Store
from local_store.transaction import Receipt, Transaction
from web.problems import Refused, invalid
from web.routes import require_match

NOT_FOUND, CONFLICT, WRONG = 404, 409, 422
Wanted = TypeVar("Wanted", bound=WorkerCommand)


class Seed(BaseModel):
    """Base of the bodies of such calls. `workplace` is our addition: who is signed in there acts."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    workplace: Id | None = None


def by_whom(request: web.Request, body: Seed, part: int = 0) -> dict[str, Any]:
    """The members of a command that the call itself tells: its id, and who acts where. Raises Refused 400."""
    caller = caller_of(request)
    of = {"command_id": command_id_of(request, part), "worker_id": caller.worker_id}
    return {**of, "workplace": body.workplace, "approved_by": None}


def made(request: web.Request, command: type[Wanted], of: Mapping[str, Any]) -> Wanted:
    """The command that a call asks for. Raises Refused 422."""
    try:
        return command.model_validate(dict(of))
    except ValidationError as error:
        raise invalid(error, f"{request.method} {request.path}") from error


async def done(
    request: web.Request,
    store: Store,
    command: WorkerCommand,
    statuses: Mapping[str, int],
    version: Callable[[sqlite3.Connection], str | None] = lambda _db: None,
) -> Receipt:
    """Execute it. Raises Refused for what the floor refuses: by `statuses` for its code, 409 for any other.

    `version` is that of what it changes. A call with an If-Match for another one is refused with 412, but not a
    repeat: its first call changed the version itself.
    """

    def on_version(tx: Transaction) -> Receipt:
        now = version(tx.connection) if tx.known(command) is None else None
        if now is not None:
            require_match(request, now)
        return tx.execute(command)

    with in_words():
        receipt = await (store.run(on_version) if "If-Match" in request.headers else store.execute(command))
    answer = receipt.answer
    if receipt.refused:
        raise Refused(statuses.get(answer.code, CONFLICT), answer.code, answer.text)
    return receipt
