"""Heavy work behind a job id: element by element in short transactions, going on after a restart."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from aiohttp import web

from hq.calls import BASE, SERVICES, Act, Api, Call, Services, answer, moment, not_found, pack_json, unpack_json
from hq.idempotency import Answer
from hq.keys import FLOOR, OFFICE
from hq.ofs import imports, signed, states
from hq.ofs.models import Nothing
from hq.ofs.states import IllegalMove, Job
from hq.ofs.wake import RETRY_S, Wake
from web.pages import NoQuery
from web.problems import Refused
from web.routes import ANYONE

log = logging.getLogger(__name__)

JOBS: web.AppKey[Wake] = web.AppKey("jobs", Wake)
Element = Callable[[Act, str, Any], dict[str, Any]]
"""Works one element of the job with this id and tells what came of it. Raises Refused, IllegalMove."""

routes = Api()


def start(call: Call, kind: str, elements: Sequence[Mapping[str, Any]]) -> Answer:
    """Keep a job and answer 202 with its id."""
    job_id = call.new_id("job")
    call.db.execute(
        "INSERT INTO job (job_id, kind, status, elements, total, actor, correlation_id, created_at, updated_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            job_id,
            kind,
            Job.RUNNING,
            pack_json(list(elements)),
            len(elements),
            call.actor,
            call.correlation_id,
            call.now,
            call.now,
        ),
    )
    call.request.app[JOBS].event.set()
    return answer({"job_id": job_id, "kind": kind, "status": Job.RUNNING, "total": len(elements)}, 202)


@routes.reads("/jobs/{id}", NoQuery, *FLOOR)
def get(call: Call, _query: NoQuery) -> Answer:
    """How far a job is and what came of each element; a file has a signed address (our extension)."""
    row = _find(call, call.path["id"])
    return answer(imports.told(call, call.path["id"]) if row is None else _shape(call, row))


@routes.writes("/jobs/{id}/cancel", Nothing, OFFICE)
def cancel(call: Call, _body: Nothing) -> Answer:
    """Stop a job: what it did stays done, the rest is left alone."""
    ident = call.path["id"]
    row = _find(call, ident)
    if row is None:
        return answer(imports.cancel(call, ident))
    states.move(f"Job {ident}", Job(row["status"]), Job.CANCELLED)
    call.db.execute("UPDATE job SET status = ?, updated_at = ? WHERE job_id = ?", (Job.CANCELLED, call.now, ident))
    return answer(_shape(call, _found(call, ident)))


@routes.get(BASE + "/exports/{id}.ndjson", ANYONE)
async def download(request: web.Request) -> web.Response:
    """What an export wrote, for whoever has the signed address."""
    signed.require(request)
    ident = request.match_info["id"]
    row = request.app[SERVICES].store.db.execute("SELECT file FROM job WHERE job_id = ?", (ident,)).fetchone()
    if row is None or row["file"] is None:
        raise not_found("export", ident)
    return web.Response(body=row["file"], content_type="application/x-ndjson")


async def work(
    services: Services, wake: Wake, sleep: Callable[[float], Awaitable[None]], kinds: Mapping[str, Element]
) -> None:
    """Work every job to its end, oldest first, for as long as the service runs."""
    while True:
        wake.event.clear()
        try:
            while _work_one(services, kinds):
                await sleep(0)
        except sqlite3.OperationalError:
            log.exception("a job could not be written; trying again in %s s", RETRY_S)
            await sleep(RETRY_S)
        else:
            await wake.event.wait()


def _work_one(services: Services, kinds: Mapping[str, Element]) -> bool:
    """The next element of the oldest job in one transaction; False when there is none left."""
    with services.store.transaction() as db:
        job = db.execute("SELECT * FROM job WHERE status = 'running' ORDER BY seq LIMIT 1").fetchone()
        if job is None:
            return False
        now = moment(services.clock())
        if job["next"] == job["total"]:
            status = (Job.COMPLETED, now, job["job_id"])
            db.execute("UPDATE job SET status = ?, updated_at = ? WHERE job_id = ?", status)
            return True
        act = Act(services.store, now, services.new_id, job["actor"], None, job["correlation_id"])
        element = unpack_json(job["elements"])[job["next"]]
        ok, told = _attempt(act, job["job_id"], kinds[job["kind"]], element)
        db.execute("INSERT INTO job_result VALUES (?, ?, ?, ?)", (job["job_id"], job["next"], ok, pack_json(told)))
        db.execute(
            "UPDATE job SET next = next + 1, done = done + ?, failed = failed + ?, updated_at = ? WHERE job_id = ?",
            (int(ok), int(not ok), now, job["job_id"]),
        )
    return True


def _attempt(act: Act, job_id: str, work_it: Element, element: Any) -> tuple[bool, dict[str, Any]]:
    try:
        with act.store.attempt():
            return True, work_it(act, job_id, element)
    except Refused as refused:
        return False, refused.body()
    except IllegalMove as move:
        return False, Refused(409, "illegal_transition", str(move)).body()


def _find(call: Call, job_id: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = call.db.execute("SELECT * FROM job WHERE job_id = ?", (job_id,)).fetchone()
    return row


def _found(call: Call, job_id: str) -> sqlite3.Row:
    row = _find(call, job_id)
    if row is None:
        raise not_found("job", job_id)
    return row


def _shape(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    results = call.db.execute("SELECT * FROM job_result WHERE job_id = ? ORDER BY number", (row["job_id"],))
    names = ("job_id", "kind", "status", "total", "done", "failed", "created_at", "updated_at")
    has_file = row["file"] is not None
    return {
        **{name: row[name] for name in names},
        "results": [{"ok": bool(each["ok"]), **unpack_json(each["told"])} for each in results],
        "file_url": signed.address(call, "GET", f"/exports/{row['job_id']}.ndjson") if has_file else None,
    }
