"""What stations send and get under `/edge/devices/…`; the contract is in docs/hq.md."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hq.ofs.models import Body
from web.pages import NoQuery

MAX_ROWS = 500
MAX_BODY = 1024 * 1024
MAX_GAPS = 1000
MAX_BLOCK = 100_000

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Seq = Annotated[int, Field(ge=1, lt=2**62)]
Moment = Annotated[int, Field(gt=-(2**62), lt=2**62)]
Kind = Literal["sscc", "package", "parcel"]
Word = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,200}$")]


class Host(Body):
    """The machine and file a station's store is on."""

    name: Word
    fingerprint: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{0,64}$")]


class Point(Body):
    """A row of a lineage; seq 0 is before the first, its hash all zeros."""

    lineage: Id
    seq: int = Field(ge=0, lt=2**62)
    hash: Hash


class Row(Body):
    """One row of a station's journal. `hash`: SHA-256 over byte 1, previous hash, header as JSON, newline, body."""

    seq: Seq
    epoch: Seq
    epoch_id: Id
    event_id: Id
    command_id: Id
    kind: Word
    version: int = Field(ge=1)
    actor: Word | None
    station: Word
    correlation_id: Word | None
    wall_ms: Moment
    wall_quality: Word
    mono_ms: Moment
    body: Annotated[str, StringConstraints(max_length=MAX_BODY)]
    prev_hash: Hash
    hash: Hash


class Push(Body):
    """Rows of one lineage, in order. `parent` is where a new lineage parted; `gaps` are numbers that never come."""

    lineage: Id
    host: Host
    parent: Point | None = None
    gaps: tuple[tuple[Seq, Seq], ...] = Field(default=(), max_length=MAX_GAPS)
    rows: tuple[Row, ...] = Field(max_length=MAX_ROWS)


class RowsQuery(NoQuery):
    """Rows of one lineage itself, without those of its parents, after a number."""

    lineage: Id
    after: int = Field(default=0, ge=0)
    limit: int = Field(default=MAX_ROWS, ge=1, le=MAX_ROWS)


class DeliveredQuery(NoQuery):
    """Ids of facts, joined by commas."""

    ids: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}(,[0-9a-f]{32}){0,199}$")]


class BlockWanted(Body):
    """A block of numbers that only this lineage of this station may give out."""

    lineage: Id
    kind: Kind
    count: int = Field(ge=1, le=MAX_BLOCK)
