"""What a station reports under an id of its own counts once, also when its Idempotency-Key was lost."""

from __future__ import annotations

import hashlib
from typing import Any

from hq.calls import Call, answer, pack_json, unpack_json
from hq.idempotency import Answer
from hq.ofs.models import Body
from web.problems import Refused


def first_answer(call: Call, kind: str, act_id: str, body: Body) -> Answer | None:
    """The answer that this act got before. Raises Refused 409 when its id was used for another one."""
    row = call.db.execute(
        "SELECT fingerprint, told FROM edge_act WHERE kind = ? AND act_id = ?", (kind, act_id)
    ).fetchone()
    if row is None:
        return None
    if row["fingerprint"] != _fingerprint(body):
        sentence = f"{kind}_id {act_id} was used for another {kind.replace('_', '-')}; nothing was booked."
        raise Refused(409, f"{kind}_id_reused", sentence)
    return answer(unpack_json(row["told"]), 201)


def keep(call: Call, kind: str, act_id: str, body: Body, told: dict[str, Any]) -> Answer:
    """Keep the act with its answer, in the transaction of its effect."""
    call.db.execute(
        "INSERT INTO edge_act (kind, act_id, fingerprint, told, at) VALUES (?, ?, ?, ?, ?)",
        (kind, act_id, _fingerprint(body), pack_json(told), call.now),
    )
    return answer(told, 201)


def _fingerprint(body: Body) -> str:
    return hashlib.sha256(body.model_dump_json().encode()).hexdigest()
