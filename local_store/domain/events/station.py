"""The station itself: its starts, fences, salvages, and the history it got back."""

from __future__ import annotations

from typing import ClassVar, Literal

from local_store.domain.events.base import KINDS, Fact, Stored


class StationStarted(Fact):
    """The agent started: a new epoch begins after the row before."""

    kind: ClassVar[str] = "station.started"
    epoch: int
    epoch_id: str
    app_version: str
    reason: Literal["install", "start", "restore", "clone", "salvage"] = "start"
    host: str = ""
    """Fingerprint of the machine and file, see `identity.host_fingerprint`."""
    lanes: tuple[str, ...] = ()
    """The lanes to which every fact of this run is promised, so that a promise that is lost can be missed."""


class StationFenced(Fact):
    """This store may be behind, or one of two: a new lineage begins with this epoch, and no old number is used."""

    kind: ClassVar[str] = "station.fenced"
    epoch: int
    epoch_id: str
    reason: Literal["restore", "clone", "salvage"]
    sentence: str


class FenceSettled(Fact):
    """The store holds everything its station did, as far as anybody can tell: printing goes on."""

    kind: ClassVar[str] = "station.fence_settled"
    lineage: str
    by: str
    """The lane whose HQ had the history, or `person`."""
    recovered: int = 0
    note: str = ""


class HistoryRecovered(Fact):
    """A fact of this station that another lineage recorded and HQ gave back. `applied` where it changes the views.

    Its journal row carries the event id and command id of the original.
    """

    kind: ClassVar[str] = "history.recovered"
    lineage: str
    origin_seq: int
    origin_hash: str
    origin_wall_ms: int
    event_kind: str
    event_version: int
    body: str
    """The original body, as it was hashed."""
    applied: bool = True

    @property
    def told(self) -> Fact:
        """The original fact; this one itself when a newer agent wrote a kind that is not known here."""
        known = KINDS.get(self.event_kind)
        is_known = known is not None and known.version == self.event_version
        return known.model_validate_json(self.body) if known is not None and is_known else self

    @property
    def entity(self) -> str:
        """That of the original."""
        told = self.told
        return "station" if told is self else told.entity

    @property
    def follows(self) -> str | None:
        """That of the original."""
        told = self.told
        return None if told is self else told.follows


class HistoryConflict(Fact):
    """The same work was done here and in another lineage: a person looks where the goods are."""

    kind: ClassVar[str] = "history.conflict"
    subject: str
    sentence: str


class HistoryConflictSettled(Fact):
    """A person has looked."""

    kind: ClassVar[str] = "history.conflict_settled"
    subject: str
    note: str


class StationClockJumped(Fact):
    """The wall clock was set, or the machine came up with another time. Order is by `seq`, so nothing else changes.

    Both in milliseconds since 1970: what the clock should have said, going by the steady clock or, at a start, by the
    last fact; and what it said.
    """

    kind: ClassVar[str] = "station.clock_jumped"
    from_ms: int
    to_ms: int


class MissingFacts(Stored):
    """A range of journal rows that no longer exist, with the hash (hex) of the last row before it."""

    first_seq: int
    last_seq: int
    hash_before: str


class StationSalvaged(Fact):
    """The store was damaged and a new one was made of what was whole; `missing` lists every gap of the journal."""

    kind: ClassVar[str] = "station.salvaged"
    reason: str
    damaged_file: str
    total: int
    salvaged: int
    missing: tuple[MissingFacts, ...]


class StationRestored(Fact):
    """The store was replaced by a backup; what was recorded after it is in `missing`, and in the replaced file."""

    kind: ClassVar[str] = "station.restored"
    backup_file: str
    replaced_file: str | None
    missing: tuple[MissingFacts, ...]
