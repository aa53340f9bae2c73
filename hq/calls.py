"""How a request becomes an act: who, when, with which body; one transaction; one stored answer."""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from hq import idempotency
from hq.edge import delivered
from hq.idempotency import Answer
from hq.keys import STATION, Caller, Keys
from hq.ofs.states import IllegalMove
from hq.store import Store
from web.problems import Refused, invalid
from web.routes import RouteTable, body_of, query_of, require_match

log = logging.getLogger(__name__)

BASE = "/v1/fulfillment"
MAX_NAME = 128
RETRY_AFTER_S = 5
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Services:
    """What every handler may use; the clock and the source of ids are arguments, so tests can fix them."""

    store: Store
    keys: Keys
    clock: Callable[[], datetime]
    new_id: Callable[[str], str]


SERVICES: web.AppKey[Services] = web.AppKey("services", Services)


@dataclass(frozen=True)
class Act:
    """One act on the truth, by whom and when. `now` is RFC 3339 UTC with milliseconds."""

    store: Store
    now: str
    new_id: Callable[[str], str]
    actor: str
    device: str | None
    correlation_id: str

    @property
    def db(self) -> sqlite3.Connection:
        """The connection; writes only inside a transaction."""
        return self.store.db


@dataclass(frozen=True)
class Call(Act):
    """An act asked for over HTTP."""

    request: web.Request
    role: str

    @property
    def services(self) -> Services:
        """The clock, the keys and the rest."""
        return self.request.app[SERVICES]

    @property
    def path(self) -> Mapping[str, str]:
        """The ids in the path."""
        return self.request.match_info

    def require_version(self, version: int) -> None:
        """Refuse with 412 when the caller's If-Match names another version."""
        require_match(self.request, str(version))


class Api(RouteTable):
    """Routes under the base path whose handlers are plain functions of a Call and a checked body or query."""

    def reads(
        self, path: str, query: type[Model], *roles: str
    ) -> Callable[[Callable[[Call, Model], Answer]], Callable[[Call, Model], Answer]]:
        """Register a GET handler."""

        def register(work: Callable[[Call, Model], Answer]) -> Callable[[Call, Model], Answer]:
            async def handler(request: web.Request) -> web.StreamResponse:
                return work(call_of(request), query_of(request, query)).response()

            handler.__doc__ = work.__doc__
            self.get(BASE + path, *roles)(handler)
            return work

        return register

    def writes(
        self, path: str, model: type[Model], *roles: str, method: str = "POST"
    ) -> Callable[[Callable[[Call, Model], Answer]], Callable[[Call, Model], Answer]]:
        """Register a handler that runs in one transaction with its Idempotency-Key and its stored answer.

        Only a POST must have a key: other changes may be repeated, guarded by If-Match (seed 001 section 19).
        """

        def register(work: Callable[[Call, Model], Answer]) -> Callable[[Call, Model], Answer]:
            async def handler(request: web.Request) -> web.StreamResponse:
                optional = method != "POST" and "Idempotency-Key" not in request.headers
                if not optional:
                    idempotency.key_of(request)
                delivered.facts_of(request.headers)
                body = await _body(request, model)
                if optional:
                    call = call_of(request)
                    with refusals_of(request, "Read it again first."), call.store.transaction():
                        return work(call, body).response()
                body_hash = hashlib.sha256(await request.read()).hexdigest()
                return answer_once(call_of(request), body_hash, lambda call: work(call, body))

            handler.__doc__ = work.__doc__
            self.route(method, BASE + path, *roles)(handler)
            return work

        return register

    def puts(
        self, path: str, model: type[Model], *roles: str
    ) -> Callable[[Callable[[Call, Model], Answer]], Callable[[Call, Model], Answer]]:
        """Register a PUT handler: one transaction; repeating it changes nothing more, so it needs no key."""

        def register(work: Callable[[Call, Model], Answer]) -> Callable[[Call, Model], Answer]:
            async def handler(request: web.Request) -> web.StreamResponse:
                body = await body_of(request, model)
                call = call_of(request)
                with refusals_of(request, "Repeat it."), call.store.transaction():
                    return work(call, body).response()

            handler.__doc__ = work.__doc__
            self.route("PUT", BASE + path, *roles)(handler)
            return work

        return register


def answer_once(call: Call, body_hash: str, work: Callable[[Call], Answer]) -> web.Response:
    """Run `work` and keep its answer under the call's Idempotency-Key, or give the first answer again."""
    key = idempotency.key_of(call.request)
    wanted = idempotency.fingerprint(call.request, body_hash)
    with refusals_of(call.request, "Repeat it with the same key."), call.store.transaction() as db:
        earlier = idempotency.recall(db, key, wanted)
        if earlier is not None:
            return earlier.response(again=True)
        first = work(call)
        idempotency.remember(db, key, wanted, first, call.now)
        delivered.note(db, call.device, delivered.facts_of(call.request.headers), first.text, call.now)
    return first.response()


def call_of(request: web.Request) -> Call:
    """The call that `request` makes; the role guard has already let it in."""
    services = request.app[SERVICES]
    caller = services.keys.caller(request) or Caller("anyone", "")
    _header(request, "X-Tenant-ID")
    device = _header(request, "X-Device-ID")
    if device is not None and caller.device not in {None, device}:
        sentence = f"This key was made for device {caller.device}, not for {device}. Ask for a key for {device}."
        raise Refused(403, "wrong_device", sentence)
    if caller.role == STATION and caller.device is None and device is not None and _has_own_key(services, device):
        sentence = f"Station {device} has a key of its own, which another machine holds. Enrol this machine anew."
        raise Refused(401, "replaced", sentence)
    return Call(
        store=services.store,
        now=moment(services.clock()),
        new_id=services.new_id,
        actor=_header(request, "X-Worker-ID") or caller.name,
        device=device or caller.device,
        correlation_id=_header(request, "X-Correlation-ID") or request.headers.get("Idempotency-Key") or "",
        request=request,
        role=caller.role,
    )


def _has_own_key(services: Services, device_id: str) -> bool:
    """Whether the station was enrolled: a key that several share speaks for it no more."""
    found = services.store.db.execute(
        "SELECT 1 FROM enrolment WHERE device_id = ? AND redeemed_at IS NOT NULL LIMIT 1", (device_id,)
    )
    return found.fetchone() is not None


def answer(body: Mapping[str, Any], status: int = 200, version: int | None = None) -> Answer:
    """`body` as an Answer, with its version as ETag."""
    return Answer(status, json.dumps(body, ensure_ascii=False), "" if version is None else str(version))


def moment(value: datetime) -> str:
    """A time as RFC 3339 UTC with milliseconds, e.g. `2025-09-01T09:00:00.000Z`."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def not_found(what: str, ident: str) -> Refused:
    """The 404 for an id that is not here."""
    return Refused(404, "not_found", f"There is no {what} {ident} here.", {"id": ident})


def pack_json(value: Any) -> str:
    """`value` as compact JSON for a column."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def unpack_json(text: str | None) -> Any:
    """The value of a JSON column; None for NULL."""
    return None if text is None else json.loads(text)


@contextmanager
def refusals_of(request: web.Request, next_step: str) -> Iterator[None]:
    """A change that cannot be, as Refused: an illegal move, or a disk that does not take it.

    Then nobody knows whether it counted, and the caller is told so and what the `next_step` is.
    """
    try:
        yield
    except IllegalMove as move:
        raise Refused(409, "illegal_transition", str(move), {"status": move.old, "wanted": move.new}) from move
    except sqlite3.OperationalError as error:
        log.exception("the store did not take %s %s", request.method, request.path)
        sentence = f"HQ could not write to its disk; whether this call counted is unknown. {next_step}"
        raise Refused(503, "store_unavailable", sentence, headers={"Retry-After": str(RETRY_AFTER_S)}) from error


async def _body(request: web.Request, model: type[Model]) -> Model:
    if await request.read():
        return await body_of(request, model)
    try:
        return model.model_validate({})
    except ValidationError as error:
        raise invalid(error, f"{request.method} {request.path} without a body") from error


def _header(request: web.Request, name: str) -> str | None:
    value = request.headers.get(name)
    if value is not None and not (0 < len(value) <= MAX_NAME and value.isprintable()):
        raise Refused(400, "bad_header", f"{name} must have 1 to {MAX_NAME} printable characters (got {len(value)}).")
    return value
