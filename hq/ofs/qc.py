"""Quality control of a fulfillment or a return, and the photos that belong to it (seed 001 section 12)."""

from __future__ import annotations

import hashlib
import sqlite3
from typing import Annotated, Any, Literal

from aiohttp import web
from pydantic import Field, StringConstraints

from hq.calls import BASE, SERVICES, Act, Api, Call, answer, moment, not_found, pack_json, refusals_of, unpack_json
from hq.idempotency import Answer
from hq.keys import FLOOR
from hq.ofs import signed, states, timeline
from hq.ofs.models import Body, Ident, Metadata, Nothing, Text
from hq.ofs.states import Qc
from web.pages import NoQuery
from web.problems import Refused
from web.routes import ANYONE, json_answer

MAX_FILE = 8 * 1024 * 1024

routes = Api()


class FileWanted(Body):
    """A photo or other paper to be sent to the address in the answer. How, is an assumption of ours."""

    name: Text
    content_type: Annotated[str, StringConstraints(pattern=r"^(image/(jpeg|png|webp)|application/pdf)$")]


class Record(Body):
    """What was seen. `photos` are file ids whose files have been sent."""

    passed: bool | None = None
    notes: Text | None = None
    measurements: Metadata = Field(default_factory=dict)
    photos: tuple[Ident, ...] = Field(default=(), max_length=50)


class Resolve(Body):
    """What is to become of it."""

    disposition: Literal["reshelve", "repair", "scrap", "quarantine"]
    notes: Text | None = None


@routes.writes("/files", FileWanted, *FLOOR)
def want_file(call: Call, body: FileWanted) -> Answer:
    """A file id and the address its bytes are to be PUT to, good for ten minutes (our extension)."""
    ident = call.new_id("file")
    call.db.execute(
        "INSERT INTO file (file_id, name, content_type, created_at) VALUES (?, ?, ?, ?)",
        (ident, body.name, body.content_type, call.now),
    )
    upload = signed.address(call, "PUT", f"/files/{ident}/content")
    return answer({"file_id": ident, "upload_url": upload, "expires_at": signed.expiry(call)}, 201)


@routes.reads("/files/{id}", NoQuery, *FLOOR)
def get_file(call: Call, _query: NoQuery) -> Answer:
    """What is known of a file, with a fresh address to send it to, or to read it from (our extension)."""
    row = _file(call, call.path["id"])
    method = "PUT" if row["uploaded_at"] is None else "GET"
    address = signed.address(call, method, f"/files/{row['file_id']}/content")
    names = ("file_id", "name", "content_type", "sha256", "uploaded_at")
    told = {name: row[name] for name in names}
    return answer({**told, "upload_url" if method == "PUT" else "url": address})


@routes.route("PUT", BASE + "/files/{id}/content", ANYONE)
async def upload(request: web.Request) -> web.StreamResponse:
    """Take a file, at most 8 MiB, from whoever has the signed address. The same file again changes nothing."""
    signed.require(request)
    raw = await request.read()
    services = request.app[SERVICES]
    ident, digest = request.match_info["id"], hashlib.sha256(raw).hexdigest()
    with refusals_of(request, "Send it again."), services.store.transaction() as db:
        row = db.execute("SELECT content_type, sha256 FROM file WHERE file_id = ?", (ident,)).fetchone()
        if row is None:
            raise not_found("file", ident)
        if not 0 < len(raw) <= MAX_FILE:
            raise Refused(413, "too_large", f"A file has 1 to {MAX_FILE} bytes (got {len(raw)}).")
        if request.content_type != row["content_type"]:
            raise Refused(415, "wrong_type", f"This file was announced as {row['content_type']}.")
        if row["sha256"] not in {None, digest}:
            raise Refused(409, "file_differs", f"File {ident} is here already with other bytes; it was not changed.")
        db.execute(
            "UPDATE file SET content = ?, sha256 = ?, uploaded_at = coalesce(uploaded_at, ?) WHERE file_id = ?",
            (raw, digest, moment(services.clock()), ident),
        )
    return json_answer({"file_id": ident, "sha256": digest})


@routes.get(BASE + "/files/{id}/content", ANYONE)
async def download(request: web.Request) -> web.Response:
    """A file, for whoever has the signed address."""
    signed.require(request)
    ident = request.match_info["id"]
    row = request.app[SERVICES].store.db.execute("SELECT * FROM file WHERE file_id = ?", (ident,)).fetchone()
    if row is None or row["content"] is None:
        raise not_found("file", ident)
    headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
    return web.Response(body=row["content"], content_type=row["content_type"], headers=headers)


@routes.writes("/qc/{id}/start", Nothing, *FLOOR)
def start(call: Call, _body: Nothing) -> Answer:
    """Begin to inspect a fulfillment or a return; one that is being inspected already keeps its qc_id."""
    ident = call.path["id"]
    fulfillment = call.db.execute("SELECT 1 FROM fulfillment WHERE fulfillment_id = ?", (ident,)).fetchone()
    back = call.db.execute("SELECT 1 FROM rma WHERE return_id = ?", (ident,)).fetchone()
    if fulfillment is None and back is None:
        raise not_found("fulfillment or return", ident)
    known = call.db.execute(
        "SELECT qc_id FROM qc WHERE status = 'open' AND ? IN (fulfillment_id, return_id)", (ident,)
    ).fetchone()
    if known is not None:
        return _answer(call, known["qc_id"])
    qc_id = call.new_id("qc")
    call.db.execute(
        "INSERT INTO qc (qc_id, fulfillment_id, return_id, status, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
        (qc_id, ident if fulfillment else None, ident if back else None, Qc.OPEN, call.now, call.now),
    )
    _add(call, "qc_started", _row(call, qc_id))
    return _answer(call, qc_id, 201)


@routes.reads("/qc/{id}", NoQuery, *FLOOR)
def get(call: Call, _query: NoQuery) -> Answer:
    """One inspection with its records (our extension)."""
    return _answer(call, call.path["id"])


@routes.writes("/qc/{id}/record", Record, *FLOOR)
def record(call: Call, body: Record) -> Answer:
    """Add what was seen."""
    row = _row(call, call.path["id"])
    call.require_version(row["version"])
    if row["status"] != Qc.OPEN:
        raise Refused(409, "qc_resolved", f"Inspection {row['qc_id']} is resolved: {row['disposition']}.")
    for place, ident in enumerate(body.photos):
        if _file(call, ident)["uploaded_at"] is None:
            sentence = f"photos.{place}: file {ident} was never sent. PUT it to its upload_url first."
            raise Refused(409, "file_missing", sentence, {"file_id": ident})
    text = pack_json({**body.model_dump(mode="json"), "actor": call.actor, "device": call.device})
    call.db.execute("INSERT INTO qc_record (qc_id, at, body) VALUES (?, ?, ?)", (row["qc_id"], call.now, text))
    _set(call, row, Qc.OPEN, None, row["notes"])
    _add(call, "qc_recorded", row, passed=body.passed, photos=list(body.photos))
    return _answer(call, row["qc_id"])


@routes.writes("/qc/{id}/resolve", Resolve, *FLOOR)
def resolve(call: Call, body: Resolve) -> Answer:
    """Decide. The goods of a return move with its own inspection, those of a fulfillment with adjust and rebin."""
    row = _row(call, call.path["id"])
    call.require_version(row["version"])
    states.move(f"Inspection {row['qc_id']}", Qc(row["status"]), Qc.RESOLVED)
    _set(call, row, Qc.RESOLVED, body.disposition, body.notes)
    _add(call, "qc_resolved", row, disposition=body.disposition)
    return _answer(call, row["qc_id"])


def _set(act: Act, row: sqlite3.Row, status: Qc, disposition: str | None, notes: str | None) -> None:
    act.db.execute(
        "UPDATE qc SET status = ?, disposition = ?, notes = ?, version = version + 1, updated_at = ? WHERE seq = ?",
        (status, disposition, notes, act.now, row["seq"]),
    )


def _add(act: Act, action: str, row: sqlite3.Row, **details: Any) -> None:
    about = {"qc_id": row["qc_id"], "return_id": row["return_id"], **details}
    timeline.add(act, action, fulfillment_id=row["fulfillment_id"], picklist_id=None, **about)


def _file(act: Act, file_id: str) -> sqlite3.Row:
    row: sqlite3.Row | None = act.db.execute("SELECT * FROM file WHERE file_id = ?", (file_id,)).fetchone()
    if row is None:
        raise not_found("file", file_id)
    return row


def _row(act: Act, qc_id: str) -> sqlite3.Row:
    row: sqlite3.Row | None = act.db.execute("SELECT * FROM qc WHERE qc_id = ?", (qc_id,)).fetchone()
    if row is None:
        raise not_found("inspection", qc_id)
    return row


def _answer(call: Call, qc_id: str, status: int = 200) -> Answer:
    row = _row(call, qc_id)
    records = call.db.execute("SELECT at, body FROM qc_record WHERE qc_id = ? ORDER BY seq", (qc_id,))
    names = ("qc_id", "fulfillment_id", "return_id", "status", "disposition", "notes", "version")
    told = {
        **{name: row[name] for name in names},
        "records": [{"at": each["at"], **unpack_json(each["body"])} for each in records],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }
    return answer(told, status, row["version"])
