"""People and what they scanned."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from local_store.domain.events.base import Details, Fact


class WorkerSignedIn(Fact):
    """A worker's badge was scanned at a workplace."""

    kind: ClassVar[str] = "worker.signed_in"
    workplace: str
    worker_id: str


class WorkerSignedOut(Fact):
    """The worker left the workplace."""

    kind: ClassVar[str] = "worker.signed_out"
    workplace: str
    worker_id: str


class ScanRefused(Fact):
    """A scan that was not what the open work needs: a mis-scan, kept for the figures and the story."""

    kind: ClassVar[str] = "scan.refused"
    workplace: str
    code: str
    symbology: str | None
    device: str
    reason: str
    work: str | None = None


class BadgesTaken(Fact):
    """A bundle of badges was taken: until when it is good, and by their ids who came, changed or went.

    Names, badges and what stands for PINs are in the table `badge_person` only.
    """

    kind: ClassVar[str] = "badges.taken"
    source: str
    key_id: str
    issued_at: str
    expires_at: str
    people: int
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class BadgesRefused(Fact):
    """A bundle of badges was not taken: what was wrong with it."""

    kind: ClassVar[str] = "badges.refused"
    source: str
    key_id: str
    reason: Literal["key", "signature", "form", "warehouse", "doubled", "older", "expired"]


class PinWrong(Fact):
    """A PIN did not fit a badge; `failures` in a row by now."""

    kind: ClassVar[str] = "pin.wrong"
    worker_id: str
    failures: int


class PinUnlocked(Fact):
    """A supervisor lets a person try their PIN again."""

    kind: ClassVar[str] = "pin.unlocked"
    worker_id: str


class KeyGiven(Fact):
    """A key for a while: a worker's after badge and PIN, or that of a registered device."""

    kind: ClassVar[str] = "key.given"
    key_id: str
    role: Literal["worker", "device"]
    device_id: str | None = None
    worker_id: str | None = None
    workplace: str | None = None
    expires_at: str


class KeyEnded(Fact):
    """A key works no more, before its time: its holder signed out, or somebody took it back."""

    kind: ClassVar[str] = "key.ended"
    key_id: str
    device_id: str | None = None
    reason: Literal["signed_out", "revoked", "replaced", "left"]


class DeviceRegistered(Fact):
    """A scanner, printer or handheld was made known, or is told anew."""

    kind: ClassVar[str] = "device.registered"
    for_hq: ClassVar[bool] = True
    device_id: str
    device_kind: Literal["scanner", "printer", "scale", "handheld", "tablet", "station"]
    model: str | None = None
    firmware: str | None = None
    warehouse_id: str | None = None
    metadata: Details = Field(default_factory=dict)

    @property
    def entity(self) -> str:
        """The device."""
        return f"device:{self.device_id}"
