"""What people ask for about themselves and what they carry: to try a PIN again, to make a device known."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from local_store.domain.commands.base import Id, WorkerCommand
from local_store.domain.site import ROLES

DeviceKind = Literal["scanner", "printer", "scale", "handheld", "tablet", "station"]
DeviceText = Annotated[str, StringConstraints(min_length=1, max_length=200)]
DeviceDetails = Annotated[dict[Id, Annotated[str, StringConstraints(max_length=300)]], Field(max_length=50)]


class UnlockPin(WorkerCommand):
    """Let a person try their PIN again who was wrong too often."""

    kind: ClassVar[str] = "pin-unlock"
    roles: ClassVar[frozenset[str]] = frozenset({"supervisor", "admin"})
    person: Id


class RegisterDevice(WorkerCommand):
    """Make a device known, or tell what it is now (seed 001 section 17)."""

    kind: ClassVar[str] = "device-register"
    roles: ClassVar[frozenset[str]] = ROLES
    device_id: Id
    device_kind: DeviceKind
    model: DeviceText | None = None
    firmware: DeviceText | None = None
    warehouse_id: Id | None = None
    metadata: DeviceDetails = Field(default_factory=dict)
