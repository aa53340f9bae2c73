"""What people at HQ must look at: two machines that say they are the same station, a store that went back."""

from __future__ import annotations

from collections.abc import Sequence

from hq.calls import Act, Api, Call, answer, pack_json, unpack_json
from hq.idempotency import Answer
from hq.keys import FLOOR
from hq.ofs.models import Ident
from web.pages import Page, page, position_of

routes = Api()


class AlarmQuery(Page):
    """Alarms of one station, or all."""

    device_id: Ident | None = None


@routes.reads("/edge/alarms", AlarmQuery, *FLOOR)
def list_alarms(call: Call, query: AlarmQuery) -> Answer:
    """Alarms about stations, oldest first (our extension)."""
    (after,) = position_of(query.cursor, [0])
    rows = call.db.execute(
        "SELECT * FROM edge_alarm WHERE seq > :after AND (:device IS NULL OR device_id = :device)"
        " ORDER BY seq LIMIT :limit",
        {"after": after, "device": query.device_id, "limit": query.limit},
    ).fetchall()
    items = [
        {name: row[name] for name in ("at", "device_id", "kind", "sentence")} | {"hosts": unpack_json(row["hosts"])}
        for row in rows
    ]
    return answer(page(items, query.limit, [rows[-1]["seq"]] if rows else None))


def raise_alarm(act: Act, device_id: str, kind: str, about: str, sentence: str, hosts: Sequence[str]) -> None:
    """Keep an alarm; the same thing is told once."""
    act.db.execute(
        "INSERT OR IGNORE INTO edge_alarm (at, device_id, kind, about, sentence, hosts) VALUES (?, ?, ?, ?, ?, ?)",
        (act.now, device_id, kind, about, sentence, pack_json(list(hosts))),
    )
