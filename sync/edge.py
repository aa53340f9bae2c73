"""What our own HQ offers stations beyond its dialect, as the feed of the journal uses it (reliability 4.3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from local_store.domain.commands import Command
from local_store.domain.events import NumberKind
from local_store.history import Foreign
from local_store.journal import Head, Row, is_sound
from sync.dialect import Reply

HexId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
HexHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Instance = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Count = Annotated[int, Field(ge=0, lt=2**62)]


class NotOffered(Exception):  # noqa: N818 -- most HQs
    """This HQ keeps no journals of stations."""


class Parted(Exception):  # noqa: N818 -- a finding
    """HQ and this store must be compared: one of them is not what it was. The message says what shows it."""


class EdgeStopped(Exception):  # noqa: N818 -- what HQ replied, not an error of the program
    """A call could not be made or answered as it should be; the message is a sentence."""

    def __init__(self, reply: Reply | None, sentence: str) -> None:
        super().__init__(sentence)
        self.reply = reply


class _FromHq(BaseModel):
    """HQ may add members; those we read are checked."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Lineage(_FromHq):
    """One line of this station's epochs, as far as HQ has it; `parent_seq` is the row where it left its parent."""

    lineage: HexId
    parent: HexId | None = None
    parent_seq: Count = 0
    host: Annotated[str, StringConstraints(max_length=200)] = ""
    seq: Count
    hash: HexHash

    @property
    def head(self) -> Head:
        """Its last row."""
        return Head(self.seq, bytes.fromhex(self.hash))


class Ack(Lineage):
    """A lineage after rows were sent, and which run of HQ says so."""

    instance: Instance


class Watermark(_FromHq):
    """What HQ has of this station. `instance` is another one at every start of HQ."""

    instance: Instance
    lineages: tuple[Lineage, ...] = Field(max_length=10_000)


class EdgeRow(_FromHq):
    """One journal row on the wire: ids and hashes in hex, the body as the text that was hashed."""

    seq: Count
    epoch: Count
    epoch_id: HexId
    event_id: HexId
    command_id: HexId
    kind: Annotated[str, StringConstraints(max_length=200)]
    version: Count
    actor: Annotated[str, StringConstraints(max_length=200)] | None
    station: Annotated[str, StringConstraints(max_length=200)]
    correlation_id: Annotated[str, StringConstraints(max_length=200)] | None
    wall_ms: int
    wall_quality: Annotated[str, StringConstraints(max_length=40)]
    mono_ms: int
    body: Annotated[str, StringConstraints(max_length=2**20)]
    prev_hash: HexHash
    hash: HexHash

    @classmethod
    def of(cls, row: Row, epoch: int) -> EdgeRow:
        """A row of this journal."""
        members: dict[str, Any] = row._asdict()
        as_text: dict[str, Any] = {
            name: value.hex() if isinstance(value, bytes) else value for name, value in members.items()
        }
        return cls.model_construct(None, epoch=epoch, **as_text)

    def foreign(self, lineage: str) -> Foreign:
        """A row of another lineage. Raises EdgeStopped when it does not fit its own hash."""
        members = self.model_dump(exclude={"epoch"})
        for name in ("event_id", "command_id", "prev_hash", "hash"):
            members[name] = bytes.fromhex(members[name])
        row = Row(**members)
        if not is_sound(row):
            raise EdgeStopped(None, f"HQ gave row {self.seq} of lineage {lineage} and it does not fit its own hash.")
        return Foreign(
            lineage=lineage,
            seq=row.seq,
            hash=row.hash,
            event_id=row.event_id,
            command_id=row.command_id,
            kind=row.kind,
            version=row.version,
            actor=row.actor,
            wall_ms=row.wall_ms,
            body=row.body,
        )


class Rows(_FromHq):
    """A page of rows of one lineage, without those of its parents."""

    rows: tuple[EdgeRow, ...] = Field(max_length=1000)
    more: bool


class Block(_FromHq):
    """Numbers that HQ gives to this lineage alone."""

    block_id: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    kind: NumberKind
    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{0,20}$")]
    extension_digit: Annotated[int, Field(ge=0, le=9)] | None = None
    first: Count
    last: Count


class WorkLease(_FromHq):
    """Work that HQ keeps for this station."""

    lease_id: Annotated[str, StringConstraints(min_length=1, max_length=120)]


class Point(BaseModel):
    """Where a lineage parted from another: the last row they share."""

    model_config = ConfigDict(frozen=True)
    lineage: str
    seq: int
    hash: str


class Push(BaseModel):
    """Rows of this station's lineage, in order, with what HQ must know to place them."""

    model_config = ConfigDict(frozen=True)
    lineage: str
    host: dict[str, str]
    parent: Point | None
    gaps: tuple[tuple[int, int], ...]
    rows: tuple[EdgeRow, ...]


class EdgeHq(Protocol):
    """Every call raises NotOffered where HQ has no such path, and EdgeStopped when it fails otherwise."""

    async def watermark(self) -> Watermark:
        """What HQ has of this station."""

    async def push(self, push: Push) -> Ack:
        """Send rows; the lineage's watermark afterwards. Raises Parted."""

    async def rows(self, lineage: str, after: int, limit: int) -> Rows:
        """Rows of a lineage after a number."""

    async def lacking(self, event_ids: Sequence[bytes]) -> frozenset[bytes]:
        """Which of these facts have had no effect at HQ."""

    async def lease(self, lineage: str, kind: NumberKind, count: int, key: str) -> Block | None:
        """A block of numbers; None when HQ has none to give."""

    async def keep_work(self, picklist_id: str, ttl_s: int, key: str) -> WorkLease | None:
        """Have a picklist kept for this station, or kept longer; None while HQ keeps it for another one."""

    async def give_work_back(self, lease_id: str, key: str) -> None:
        """It need not be kept any more."""

    async def work(self, lane: str, fulfillment_ids: Sequence[str]) -> list[Command]:
        """Fulfillments with their addresses, as commands that keep the addresses."""
