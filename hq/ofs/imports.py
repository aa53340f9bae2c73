"""Bulk imports: an NDJSON body is stored first, then worked line by line in short transactions.

A job goes on where it stopped after a restart: its position is committed together with the lines it counts.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel, ValidationError

from hq import idempotency
from hq.calls import BASE, Act, Api, Call, Services, answer, answer_once, call_of, moment, not_found
from hq.idempotency import Answer
from hq.keys import OFFICE
from hq.ofs import fulfillments, products, states, stock
from hq.ofs.models import FulfillmentCreate, ProductLine, StockLine
from hq.ofs.states import Job
from hq.ofs.wake import RETRY_S, Wake
from web.pages import NoQuery
from web.problems import MAX_VALUE_SHOWN, Refused, fault_sentences, shown
from web.routes import query_of

log = logging.getLogger(__name__)

MAX_BODY = 64 * 1024 * 1024
MAX_LINE = 1024 * 1024
CHUNK = 256 * 1024
SLICE_LINES = 20
"""Lines to a transaction: about 5 ms of work, so a station's call never waits long behind an import."""
MAX_ERRORS = 1000

routes = Api()


class ImportQuery(NoQuery):
    """What the lines are."""

    kind: Literal["fulfillments", "products", "stock"]


@dataclass(frozen=True)
class Kind:
    """The model of a line and what takes it in; `take_in` gives False for what is already there."""

    model: type[BaseModel]
    take_in: Callable[[Act, Any], bool]


KINDS = {
    "fulfillments": Kind(FulfillmentCreate, fulfillments.take_in),
    "products": Kind(ProductLine, products.take_in),
    "stock": Kind(StockLine, stock.take_in),
}


@dataclass(frozen=True)
class Chunk:
    """Whole lines of a body, and the number of the first."""

    first_line: int
    lines: list[bytes]


WAKE: web.AppKey[Wake] = web.AppKey("wake", Wake)


@routes.post(BASE + "/imports", OFFICE)
async def start(request: web.Request) -> web.StreamResponse:
    """Take an NDJSON body of up to 64 MiB; 202 with the job's id."""
    query = query_of(request, ImportQuery)
    idempotency.key_of(request)
    if request.content_type != "application/x-ndjson":
        sentence = f"Send application/x-ndjson to {request.path} (got {request.content_type})."
        raise Refused(415, "not_ndjson", sentence)
    call = call_of(request)
    job_id = call.new_id("job")
    digest = hashlib.sha256()
    total = 0
    try:
        async for chunk in _chunks(request, digest):
            total += sum(1 for line in chunk.lines if line.strip())
            _keep_chunk(call, job_id, chunk)
        response = answer_once(call, digest.hexdigest(), lambda call: _keep_job(call, job_id, query.kind, total))
    finally:
        # An upload that broke off, was refused, or is the repeat of an earlier one leaves no job behind.
        call.db.execute(
            "DELETE FROM import_chunk WHERE job_id = ? AND job_id NOT IN (SELECT job_id FROM import_job)", (job_id,)
        )
    request.app[WAKE].event.set()
    return response


@routes.reads("/imports/{id}", NoQuery, OFFICE)
def get(call: Call, _query: NoQuery) -> Answer:
    """How far a job is; each rejected line with the reason, up to 1,000."""
    return answer(told(call, call.path["id"]))


def told(act: Act, job_id: str) -> dict[str, Any]:
    """How far a job is. Raises Refused 404."""
    row = act.db.execute("SELECT * FROM import_job WHERE job_id = ?", (job_id,)).fetchone()
    if row is None:
        raise not_found("job", job_id)
    errors = act.db.execute("SELECT line, message, value FROM import_error WHERE job_id = ? ORDER BY line", (job_id,))
    names = ("job_id", "kind", "status", "total", "accepted", "already_there", "rejected", "created_at")
    return {**{name: row[name] for name in names}, "errors": [dict(error) for error in errors]}


def cancel(act: Act, job_id: str) -> dict[str, Any]:
    """Stop a job; the lines it took in stay. Raises Refused 404, IllegalMove."""
    states.move(f"Job {job_id}", Job(told(act, job_id)["status"]), Job.CANCELLED)
    act.db.execute("UPDATE import_job SET status = ? WHERE job_id = ?", (Job.CANCELLED, job_id))
    act.db.execute("DELETE FROM import_chunk WHERE job_id = ?", (job_id,))
    return told(act, job_id)


async def work(services: Services, wake: Wake, sleep: Callable[[float], Awaitable[None]]) -> None:
    """Work every job to its end, oldest first, for as long as the service runs."""
    while True:
        wake.event.clear()
        try:
            while _work_slice(services):
                await sleep(0)
        except sqlite3.OperationalError:
            log.exception("an import could not be written; trying again in %s s", RETRY_S)
            await sleep(RETRY_S)
        else:
            await wake.event.wait()


async def _chunks(request: web.Request, digest: Any) -> AsyncIterator[Chunk]:
    """The body as whole lines, about 256 KiB at a time. Raises Refused 413 beyond the limits."""
    pending, first_line, size = b"", 1, 0
    async for piece in request.content.iter_chunked(CHUNK):
        digest.update(piece)
        size += len(piece)
        if size > MAX_BODY:
            raise Refused(413, "too_large", f"An import may have {MAX_BODY} bytes. Cut it into several files.")
        whole, newline, rest = (pending + piece).rpartition(b"\n")
        pending = rest
        if len(pending) > MAX_LINE:
            raise Refused(413, "line_too_long", f"A line after line {first_line} has more than {MAX_LINE} bytes.")
        if newline:
            lines = whole.split(b"\n")
            yield Chunk(first_line, lines)
            first_line += len(lines)
    if pending.strip():
        yield Chunk(first_line, [pending])


def _keep_chunk(call: Call, job_id: str, chunk: Chunk) -> None:
    call.db.execute(
        "INSERT INTO import_chunk (job_id, first_line, last_line, body) VALUES (?, ?, ?, ?)",
        (job_id, chunk.first_line, chunk.first_line + len(chunk.lines) - 1, b"\n".join(chunk.lines)),
    )


def _keep_job(call: Call, job_id: str, kind: str, total: int) -> Answer:
    call.db.execute(
        "INSERT INTO import_job (job_id, kind, status, total, actor, correlation_id, created_at)"
        " VALUES (?, ?, 'running', ?, ?, ?, ?)",
        (job_id, kind, total, call.actor, call.correlation_id, call.now),
    )
    return answer({"job_id": job_id, "status": "running", "total": total}, 202)


def _work_slice(services: Services) -> bool:
    """Work the next lines of the oldest job in one transaction; False when there is none left."""
    with services.store.transaction() as db:
        job = db.execute("SELECT * FROM import_job WHERE status = 'running' ORDER BY seq LIMIT 1").fetchone()
        if job is None:
            return False
        chunk = db.execute(
            "SELECT * FROM import_chunk WHERE job_id = ? AND last_line >= ? ORDER BY first_line LIMIT 1",
            (job["job_id"], job["next_line"]),
        ).fetchone()
        if chunk is None:
            db.execute("UPDATE import_job SET status = 'completed' WHERE job_id = ?", (job["job_id"],))
            db.execute("DELETE FROM import_chunk WHERE job_id = ?", (job["job_id"],))
            return True
        act = Act(
            services.store, moment(services.clock()), services.new_id, job["actor"], None, job["correlation_id"]
        )
        start_at = job["next_line"] - chunk["first_line"]
        lines = chunk["body"].split(b"\n")[start_at : start_at + SLICE_LINES]
        _work_lines(act, job, lines)
    return True


def _work_lines(act: Act, job: sqlite3.Row, lines: list[bytes]) -> None:
    counts = {"accepted": 0, "already_there": 0, "rejected": 0}
    for number, line in enumerate(lines, start=job["next_line"]):
        if not line.strip():
            continue
        try:
            counts["accepted" if _take_in(act, KINDS[job["kind"]], line) else "already_there"] += 1
        except (Refused, ValidationError) as fault:
            counts["rejected"] += 1
            if job["rejected"] + counts["rejected"] <= MAX_ERRORS:
                act.db.execute(
                    "INSERT INTO import_error VALUES (?, ?, ?, ?)", (job["job_id"], *_told(number, line, fault))
                )
    act.db.execute(
        "UPDATE import_job SET next_line = next_line + ?, accepted = accepted + ?, already_there = already_there + ?,"
        " rejected = rejected + ? WHERE job_id = ?",
        (len(lines), *counts.values(), job["job_id"]),
    )


def _take_in(act: Act, kind: Kind, line: bytes) -> bool:
    body = kind.model.model_validate_json(line)
    with act.store.attempt():
        return kind.take_in(act, body)


def _told(number: int, line: bytes, fault: Refused | ValidationError) -> tuple[int, str, str]:
    """The line number, a sentence naming field and value, and the value itself, cut to what can be shown."""
    if isinstance(fault, Refused):
        details = fault.details if isinstance(fault.details, dict) else {}
        return number, f"line {number}: {fault.message}", shown(details.get("got"))
    first = fault_sentences(fault)[0]
    if fault.errors(include_url=False)[0]["type"] == "json_invalid":
        text = line.decode("utf-8", "replace")[:MAX_VALUE_SHOWN]
        return number, f"line {number}: {first['message']} in {text}", text
    return number, f"line {number}: {first['field']}: {first['message']} (got {first['got']}).", first["got"]
