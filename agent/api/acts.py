"""Commands of people as routes: one line in a table for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints, create_model

from agent.api.access import SCREEN, caller_of, people_of, require_own
from agent.api.deciding import decided
from local_store.domain.commands import Badge, Command, WorkerCommand
from local_store.store import Store
from web.problems import Refused
from web.routes import Handler, RouteTable, Told, body_of

Asked = TypeVar("Asked", bound=Command)
Pin = Annotated[str, StringConstraints(pattern=r"^\d{4,12}$")]


class Approval(BaseModel):
    """A second person who allows what the first may not do alone: a supervisor's badge and PIN."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    badge: Badge
    pin: Pin


class Words(BaseModel):
    """What is said about a command: its tone, its code, and a sentence for the worker."""

    tone: str
    code: str
    text: str


class Answered(BaseModel):
    """The answer to a command. A refusal of the floor is an answer too, its tone is `refused`."""

    answer: Words


_BY: Mapping[str, str | None] = {"worker_id": None, "approved_by": None}
"""Members of a command that its route fills in: who acts, and who allowed it."""


def add_acts(routes: RouteTable, store: Store, acts: Mapping[str, type[WorkerCommand]]) -> None:
    """A POST route for each path, for pages of this station and for people with the roles of the command.

    Each body may carry an `approval`.
    """
    for path, command in acts.items():
        body = create_model(command.__name__, __base__=command, approval=(Approval | None, None))
        handler = _handler(store, command, body)
        told = Told(body=body, filled=tuple(_BY), answers=Answered, more=(423,))
        routes.post(path, SCREEN, *sorted(command.roles), **told)(handler)


async def approver_of(request: web.Request, approval: Approval | None) -> str | None:
    """The id of the supervisor who allows this with badge and PIN; None where nobody was named.

    For a route of its own, whose body has an `approval`. Raises Refused 401, 403, 423 or 429.
    """
    if approval is None:
        return None
    return (await people_of(request).approver(approval.badge, approval.pin)).worker_id


def by_badge(command: type[Command]) -> type[BaseModel]:
    """The body of a command that a badge decides: with a person's own key the badge may be left out."""
    return create_model(command.__name__, __base__=command, badge=(Badge | None, None))


async def with_badge(
    request: web.Request, store: Store, command: type[Asked], body: type[BaseModel], **named: str
) -> Asked:
    """The command a body of `by_badge` asks for, under its badge or that of whoever's key was shown.

    Raises Refused: 422 where neither says who acts, and as `body_of`.
    """
    told = dict(await body_of(request, body, **named))
    if told["badge"] is None:
        worker = store.site.workers.get(caller_of(request).worker_id or "")
        if worker is None:
            words = "badge: say whose decision this is. Scan a supervisor's badge, or send a supervisor's own key."
            raise Refused(422, "no_badge", words)
        told["badge"] = worker.badge
    return command(**told)


def _handler(store: Store, model: type[WorkerCommand], body: type[BaseModel]) -> Handler:
    async def act(request: web.Request) -> web.Response:
        by = {**_BY, "worker_id": caller_of(request).worker_id}
        told = dict(await body_of(request, body, **request.match_info, **by))
        require_own(caller_of(request), told["workplace"])
        told["approved_by"] = await approver_of(request, told.pop("approval"))
        return await decided(store, model(**told))

    act.__doc__ = model.__doc__
    return act
