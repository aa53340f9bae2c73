"""Who is calling: a page of this station, a program that can read its key file, or somebody with an own key."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from pathlib import Path
from typing import NamedTuple

from aiohttp import web

from agent.passes import Passes
from agent.people import People
from config import durable_file
from local_store.keys import Key
from web.problems import Refused

COOKIE = "edge_station"
DEVICE_COOKIE = "edge_device"
HOST_DEVICE_COOKIE = f"__Host-{DEVICE_COOKIE}"
"""Its name under TLS: a browser takes such a cookie from this very host alone, and never over a plain connection."""
SCREEN = "screen"
"""Role of a page this station served: floor commands, whose worker the badge decides, and reading."""
OPERATOR = "operator"
"""Role of a program on this machine that may read the key file: the command line."""
IT = "it"
"""Role of whoever showed the one-time code that `edge-agent it-code` tells: it looks after the machine."""
ADMIN = "admin"
"""Role of a worker who looks after the machines."""
CARERS = (OPERATOR, IT, ADMIN)
"""Who may see what goes over the wires, and act on devices beyond what a screen may."""
DEVICE = "device"
"""Role of an enrolled handheld: it gets what SCREEN gets, for its own workplace."""

KEY_FILE = "station.key"


class Caller(NamedTuple):
    """Who calls: with which roles, and as which worker where a person's own key was shown."""

    roles: frozenset[str]
    worker_id: str | None = None
    device_id: str | None = None
    workplace: str | None = None
    """The only workplace an enrolled handheld may act for; None where any will do."""
    key_id: str | None = None
    """The worker's key that was shown; a device's where no worker's was."""


CALLER = web.RequestKey("caller", Caller)
"""Under this name a request keeps its caller, once the guard has asked who it is."""


def device_cookie(request: web.Request) -> str:
    """The name of a handheld's cookie on this connection."""
    return HOST_DEVICE_COOKIE if request.secure else DEVICE_COOKIE


def caller_of(request: web.Request) -> Caller:
    """Who calls a route that names roles."""
    return request[CALLER]


class StationKey:
    """The secret of this station, made at first start, in a file only its user can read; and the keys it gave."""

    def __init__(self, folder: Path, people: People | None = None) -> None:
        path = folder / KEY_FILE
        if not path.exists() or not path.read_text(encoding="ascii").strip():  # an empty key would let anybody in
            durable_file.write(path, secrets.token_urlsafe(32))
        self.key = path.read_text(encoding="ascii").strip()
        self.cookie = hashlib.sha256(b"screen:" + self.key.encode()).hexdigest()
        self.people = people
        """Whose keys count; None where only the station's own does."""
        self.passes = Passes(time.monotonic)
        """The passes of those who look after this machine."""

    async def roles_of(self, request: web.Request) -> frozenset[str]:
        """The roles a request holds. Raises Refused 401 for a key that does not work, and says why."""
        held = set()
        if not request.secure and _equal(request.cookies.get(COOKIE, ""), self.cookie):
            held.add(SCREEN)
        scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            shown = ""
        if _equal(shown, self.key):
            held |= {SCREEN, OPERATOR}
        if not request.secure and self.passes.holds(shown):
            held |= {SCREEN, IT}
        device, own = self._holder(request.cookies.get(device_cookie(request), "")), self._holder(shown)
        caller = Caller(frozenset(held))
        for key in filter(None, (device, own)):
            caller = self._with(caller, key)
        request[CALLER] = caller
        _require_own_workplace(request, caller)
        return caller.roles

    def give_to(self, request: web.Request, response: web.StreamResponse) -> None:
        """Let the page that gets this response call the station, in a browser of this machine alone."""
        if not request.secure:
            response.set_cookie(COOKIE, self.cookie, httponly=True, samesite="Strict", path="/")

    def _holder(self, secret: str) -> Key | None:
        return self.people.holder(secret) if secret and self.people is not None else None

    def _with(self, caller: Caller, key: Key) -> Caller:
        assert self.people is not None
        device_id = key.device_id or caller.device_id
        if key.role == "worker":
            roles = caller.roles | self.people.roles_of(key)
            return caller._replace(roles=roles, worker_id=key.worker_id, device_id=device_id, key_id=key.key_id)
        workplace = self.people.workplace_of(key)
        if workplace is None:
            raise Refused(401, "key_revoked", "The workplace of this device is gone. Enrol it again for another one.")
        roles = caller.roles | {SCREEN, DEVICE}
        return caller._replace(roles=roles, device_id=device_id, workplace=workplace, key_id=key.key_id)


STATION_KEY = web.AppKey("station key", StationKey)


def people_of(request: web.Request) -> People:
    """The people of this station. Raises Refused 503 where it knows none but its own key."""
    people = request.app[STATION_KEY].people
    if people is None:
        raise Refused(503, "no_people", "This agent was started without its people: nobody can sign in. Restart it.")
    return people


def require_own(caller: Caller, workplace: str | None) -> None:
    """Refuse what a handheld asks for a workplace that is not its own. Raises Refused 403."""
    if caller.workplace is not None and workplace not in {None, caller.workplace}:
        raise Refused(
            403, "other_workplace", f"This device is for {caller.workplace}. Enrol it anew to use it elsewhere."
        )


def _require_own_workplace(request: web.Request, caller: Caller) -> None:
    require_own(caller, request.match_info.get("workplace") or request.query.get("workplace"))


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
