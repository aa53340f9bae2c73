"""Addresses that work for a while without a key: labels, manifests, photos, exports (seed 001: presigned URLs)."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from ipaddress import ip_address

from aiohttp import web

from hq.calls import BASE, SERVICES, Call, moment
from hq.ofs.models import Ident
from web.pages import NoQuery
from web.problems import Refused
from web.routes import query_of

LIFETIME = timedelta(minutes=10)


class SignedQuery(NoQuery):
    """What `address` adds to a path."""

    expires: Ident
    signature: Ident


def address(call: Call, method: str, path: str) -> str:
    """The address of `path` (below the base) that anybody may ask for with `method` during ten minutes."""
    expires = expiry(call)
    signature = _signature(call.store.label_secret, method, BASE + path, expires)
    # Plain HTTP is spoken on loopback only; under any other name a TLS proxy stands before us.
    scheme = "http" if is_loopback(call.request.url.host or "") else "https"
    return f"{scheme}://{call.request.host}{BASE}{path}?expires={expires}&signature={signature}"


def expiry(call: Call) -> str:
    """When an address made now stops working."""
    return moment(call.request.app[SERVICES].clock() + LIFETIME)


def require(request: web.Request) -> None:
    """Let only a signed address in that still works. Raises Refused 403, 422."""
    services = request.app[SERVICES]
    query = query_of(request, SignedQuery)
    wanted = _signature(services.store.label_secret, request.method, request.path, query.expires)
    if not hmac.compare_digest(wanted.encode(), query.signature.encode()):
        raise Refused(403, "bad_signature", "This address was not made by this server.")
    if query.expires <= moment(services.clock()):
        sentence = f"This address worked until {query.expires}. Ask for a fresh one where you got it."
        raise Refused(403, "address_expired", sentence)


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine itself."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _signature(secret: str, method: str, path: str, expires: str) -> str:
    return hmac.new(secret.encode(), f"{method} {path} {expires}".encode(), hashlib.sha256).hexdigest()
