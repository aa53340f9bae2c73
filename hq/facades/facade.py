"""What a facade is, and how it is put before the one truth."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from hq.calls import SERVICES, Act, Services, moment
from hq.keys import Caller
from hq.ofs.states import IllegalMove
from web.guard import RolesOfCaller
from web.problems import Refused
from web.routes import RouteTable

CALLER: web.RequestKey[Caller] = web.RequestKey("facade_caller", Caller)


@dataclass(frozen=True)
class Facade:
    """One API over the truth.

    `prefixes` are the beginnings of its paths, `caller` finds who calls by that API's own means, and `refuse` puts a
    refusal into that API's own body and status. `base` is what stands before the paths of its contract.
    """

    name: str
    prefixes: tuple[str, ...]
    routes: RouteTable
    caller: Callable[[web.Request], Awaitable[Caller | None]]
    refuse: Callable[[web.Request, Refused], web.StreamResponse]
    base: str = ""

    def covers(self, request: web.Request) -> bool:
        """Whether this request is for this API and not for the office of seed 001."""
        return request.path.startswith(self.prefixes)

    def middleware(self) -> Middleware:
        """Every refusal under this API's paths in its own words, also those of the guards."""

        @web.middleware
        async def speak(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not self.covers(request):
                return await handler(request)
            try:
                return await handler(request)
            except Refused as refused:
                return self.refuse(request, refused)
            except IllegalMove as move:
                return self.refuse(request, Refused(409, "illegal_transition", str(move)))
            except web.HTTPException as error:
                if error.status < 400:  # noqa: PLR2004 -- redirects are answers
                    raise
                return self.refuse(request, Refused(error.status, "refused", f"{request.path}: {error.reason}."))

        return speak

    def roles(self, office: RolesOfCaller) -> RolesOfCaller:
        """The roles of a caller: by this API's own means under its paths, else by the keys of seed 001."""

        async def roles_of(request: web.Request) -> frozenset[str]:
            if not self.covers(request):
                return await office(request)
            caller = await self.caller(request)
            if caller is None:
                return frozenset()
            request[CALLER] = caller
            return frozenset({caller.role})

        return roles_of


_FACADES = {
    "esw": "hq.facades.esw:facade",
    "pitney_bowes": "hq.facades.pitney_bowes:facade",
    "exsited": "hq.facades.exsited:facade",
    "s2": "hq.facades.s2:facade",
}
DIALECTS = ("ofs", *_FACADES)


def load(dialect: str, services: Services) -> Facade | None:
    """The facade of a dialect; None for `ofs`, which the service speaks itself."""
    if dialect == "ofs":
        return None
    module, _, function = _FACADES[dialect].partition(":")
    made: Facade = getattr(import_module(module), function)(services)
    return made


@contextmanager
def acting(request: web.Request) -> Iterator[Act]:
    """One transaction on the truth by the caller of this request."""
    services = request.app[SERVICES]
    caller = request[CALLER]
    act = Act(services.store, moment(services.clock()), services.new_id, caller.name, None, "")
    with services.store.transaction():
        yield act
