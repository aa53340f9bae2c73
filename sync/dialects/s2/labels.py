"""Labels that were bought elsewhere: pictures in S2's store, fetched for parcels sealed here (hq_contracts 5.4)."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, Callable
from typing import Protocol
from urllib.parse import quote
from uuid import UUID

from local_store.domain.commands import MAX_FILE_BYTES, ReceiveCarrierLabel, ReceiveWork
from local_store.domain.conflicts import Stage
from sync.dialect import Fault, KnownWork, NoAnswer, Pulled
from sync.dialects.s2.documents import Here, ref
from sync.files import may_be_a_label
from sync.http import File
from sync.wording import clean

SEALED = frozenset({Stage.SEALED, Stage.LABELLED})


class Files(Protocol):
    """Where S2 keeps files."""

    async def download(self, address: str) -> File | NoAnswer:
        """A stored file."""


async def missing(
    files: Files, here: Here, local_id: str, known: KnownWork, new_id: Callable[[], UUID]
) -> AsyncGenerator[Pulled, None]:
    """The prepaid label of an order whose parcel is sealed here and that is not here yet.

    Without `file_url` in the profile none is fetched. One that does not come is a Fault, and asked for again.
    """
    path = known.hq_ref("prepaid_label", f"{local_id}/1")
    if not here.profile.file_url or path is None or known.hq_ref("label_file", local_id) == path:
        return
    work = known.work("fulfillment", local_id)
    if work is None or work.stage not in SEALED:
        return
    file = await files.download(here.profile.file_url.replace("{path}", quote(path)))
    if isinstance(file, NoAnswer):
        yield Fault(clean(f"S2's label of {work.title}: {file.sentence}"))
        return
    if not may_be_a_label(file.data) or len(file.data) > MAX_FILE_BYTES:
        got = f"{len(file.data)} bytes of {file.content_type[:40]}"
        yield Fault(clean(f"S2's label of {work.title}: what came is none, {got}."))
        return
    yield ReceiveCarrierLabel(
        command_id=new_id(),
        lane=here.lane,
        fulfillment_id=local_id,
        tracking_number=known.hq_ref("prepaid_tracking", f"{local_id}/1") or "",
        content_type=file.content_type[:100],
        sha256=hashlib.sha256(file.data).hexdigest(),
        data=file.data,
    )
    taken = ref(here, "label_file", local_id, path)
    yield ReceiveWork(command_id=new_id(), fulfillments=(), parties=(), refs=(taken,))
