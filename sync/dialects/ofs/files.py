"""Labels of shipments and files at an HQ of seed 001. Addresses of files expire: each is asked for just before use.

`POST /files` is our extension (the seed has photos "via presigned URLs" and no call for one).
"""

from __future__ import annotations

from typing import Any, Protocol, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, Field, ValidationError

from local_store.files import KeptFile
from sync.dialect import Answer, NoAnswer, Outcome, Reply
from sync.dialects.ofs.capabilities import PROFILE
from sync.dialects.ofs.shaping import as_json, part
from sync.files import CarrierLabel, Trouble
from sync.http import File
from sync.retry import classify
from sync.wording import clean, fault, said

CREATED_BEFORE = 409
WRONG_FILE = frozenset({400, 409, 413, 415, 422})
"""What the place of a file says when it will never take these bytes."""
MAX_NAME = 120

Model = TypeVar("Model", bound=BaseModel)


class Caller(Protocol):
    """The HTTP of the dialect."""

    async def get(self, path: str, **query: str | int) -> Reply:
        """Read from HQ."""

    async def post(self, path: str, body: str, key: str) -> Reply:
        """Send under an idempotency key."""

    async def ended(self, reply: Reply) -> Reply:
        """A 202 with the job as it stands once it ended."""

    async def download(self, address: str) -> File | NoAnswer:
        """Fetch a file by an address that carries its own permission."""

    async def upload(self, address: str, data: bytes, content_type: str) -> Reply:
        """Put a file to such an address."""


class _Made(BaseModel):
    carrier_tracking_number: str | None = Field(default=None, max_length=120)


class _Place(BaseModel):
    label_url: str = Field(min_length=1, max_length=4000)


class _Job(BaseModel):
    status: str = ""
    results: tuple[dict[str, Any], ...] = Field(default=(), max_length=1000)


class _Wanted(BaseModel):
    file_id: str = Field(min_length=1, max_length=120)
    upload_url: str = Field(min_length=1, max_length=4000)


class _Kept(BaseModel):
    sha256: str | None = None


class OfsFiles:
    """See `sync.files.FilesHq`."""

    def __init__(self, hq: Caller, label_format: str) -> None:
        self._hq, self._format = hq, label_format

    async def carrier_label(self, shipment_id: str, key: str) -> CarrierLabel | Trouble:
        """Have it made (a repeat makes none anew), ask where it is, and fetch it from there at once."""
        path = f"/shipments/{part(shipment_id)}"
        made = await self._made(path, key)
        if isinstance(made, Trouble):
            return made
        place = _read(_Place, await self._hq.get(f"{path}/label"), "HQ's place of a label")
        if isinstance(place, Trouble):
            return place
        file = await self._hq.download(place.label_url)
        if isinstance(file, NoAnswer):
            words = f"The label of shipment {shipment_id} did not come. {file.sentence}"
            return Trouble(Outcome.WAIT, clean(words), file)
        return CarrierLabel(clean(made.carrier_tracking_number or ""), clean(file.content_type), file.data)

    async def send_file(self, file: KeptFile, sha256: str, of: str, key: str) -> str | Trouble:
        """Ask where to, put it there, and have HQ say that it has just these bytes."""
        name = clean(f"{of} {sha256[:12]}")[:MAX_NAME]
        reply = await self._hq.post("/files", as_json({"name": name, "content_type": file.content_type}), key)
        wanted = _read(_Wanted, reply, "HQ's place for a file")
        if isinstance(wanted, Trouble):
            return wanted
        sent = await self._hq.upload(wanted.upload_url, file.data, file.content_type)
        if isinstance(sent, NoAnswer):
            return Trouble(Outcome.WAIT, sent.sentence, sent)
        if classify(sent) is not Outcome.OK:
            outcome = Outcome.DEAD if sent.status in WRONG_FILE else Outcome.WAIT
            return Trouble(outcome, f"A file about {of} was refused with {sent.status}.", sent)
        kept = _read(_Kept, await self._hq.get(f"/files/{quote(wanted.file_id, safe='')}"), "HQ's file")
        if isinstance(kept, Trouble):
            return kept
        if kept.sha256 != sha256:
            return Trouble(Outcome.WAIT, clean(f"HQ has other bytes of a file about {of} than were sent, or none."))
        return wanted.file_id

    async def _made(self, path: str, key: str) -> _Made | Trouble:
        reply = await self._hq.post(f"{path}/generate-label", as_json({"label_format": self._format}), key)
        reply = await self._hq.ended(reply)
        if isinstance(reply, Answer) and reply.status == 202:  # noqa: PLR2004
            job = _read(_Job, reply, "HQ's job")
            if isinstance(job, Trouble):
                return job
            if job.status in PROFILE.job_ended_badly:
                return Trouble(Outcome.DEAD, clean(f"HQ did not make the label: its job ended as {job.status}."))
            if job.status not in PROFILE.job_ended_well or len(job.results) != 1:
                return Trouble(Outcome.WAIT, "HQ still makes the label.")
            reply = Answer(200, job.results[0])
        if isinstance(reply, Answer) and reply.status == CREATED_BEFORE:
            reply = await self._hq.get(path)  # it was made before; the shipment tells its number
        return _read(_Made, reply, "HQ's answer about a label")


def _read(model: type[Model], reply: Reply, what: str) -> Model | Trouble:
    """What HQ said, or why that is nothing to go on with."""
    if isinstance(reply, NoAnswer):
        return Trouble(Outcome.WAIT, reply.sentence, reply)
    outcome = classify(reply)
    if outcome is not Outcome.OK:
        return Trouble(outcome, said(reply.status, reply.body), reply)
    try:
        return model.model_validate(reply.body)
    except ValidationError as error:
        return Trouble(Outcome.WAIT, fault(what, error), reply)
