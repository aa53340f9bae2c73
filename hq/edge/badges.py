"""Badge bundles: who may sign in at a station while HQ is away, signed and good for a while (our extension).

The signature is HMAC-SHA256 over the text of `bundle` with this database's badge secret, which the office puts
into the stations' configuration once.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from pydantic import Field

from hq.calls import Api, Call, answer, moment, pack_json, unpack_json
from hq.idempotency import Answer
from hq.keys import FLOOR, OFFICE
from hq.ofs.models import Place
from web.pages import NoQuery

LIFETIME = timedelta(days=7)

routes = Api()


class BadgeQuery(NoQuery):
    """The people of one warehouse, or all."""

    warehouse_id: Place | None = None
    limit: int = Field(default=5000, ge=1, le=5000)


@routes.reads("/edge/badges", BadgeQuery, *FLOOR)
def bundle(call: Call, query: BadgeQuery) -> Answer:
    """`{bundle, signature, key_id, expires_at}`; `bundle` is the JSON text that was signed, good for seven days."""
    rows = call.db.execute(
        "SELECT * FROM worker WHERE active AND (:id IS NULL OR warehouse_id = :id) ORDER BY worker_id LIMIT :limit",
        {"id": query.warehouse_id, "limit": query.limit},
    ).fetchall()
    expires = moment(call.services.clock() + LIFETIME)
    workers = [
        {
            "worker_id": row["worker_id"],
            "badge_id": row["badge_id"],
            "name": row["name"],
            "roles": unpack_json(row["roles"]),
            "pin_hash": row["pin_hash"],
        }
        for row in rows
    ]
    text = pack_json(
        {"issued_at": call.now, "expires_at": expires, "warehouse_id": query.warehouse_id, "workers": workers}
    )
    secret = bytes.fromhex(call.store.badge_secret)
    return answer(
        {
            "bundle": text,
            "signature": hmac.new(secret, text.encode(), hashlib.sha256).hexdigest(),
            "key_id": _key_id(secret),
            "expires_at": expires,
        }
    )


@routes.reads("/edge/badges/key", NoQuery, OFFICE)
def key(call: Call, _query: NoQuery) -> Answer:
    """The secret that signs the bundles, as hex, for the stations' configuration (our extension)."""
    secret = bytes.fromhex(call.store.badge_secret)
    return answer({"key_id": _key_id(secret), "key": secret.hex(), "algorithm": "HMAC-SHA256"})


def _key_id(secret: bytes) -> str:
    return hashlib.sha256(secret).hexdigest()[:16]
