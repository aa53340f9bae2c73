"""Everything a person, a device or HQ can ask of the store. Each is decided once, by `command_id`.

A command that comes again with the same id gets its first answer; the same id with other contents is refused.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import UUID7, BaseModel, ConfigDict, Field, StringConstraints

MAX_CODE = 4096
MAX_FILE_BYTES = 8 * 1024 * 1024
"""A carrier's label or a photo: more is neither."""
MAX_WEIGHT_MG = 10**12
"""A thousand tonnes: more is no weight but a fault."""
Code = Annotated[str, StringConstraints(min_length=1, max_length=MAX_CODE)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Badge = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
Amount = Annotated[Decimal, Field(max_digits=10, decimal_places=3, allow_inf_nan=False)]
"""A quantity as somebody keyed it; whether it makes sense is for the domain to say."""
Reason = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]


class Command(BaseModel):
    """Base of every command."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    kind: ClassVar[str]
    observed: ClassVar[frozenset[str]] = frozenset()
    """Members that a device said and not the caller: a repeat with the same id may carry others."""
    command_id: UUID7


class FloorCommand(Command):
    """A command from a workplace."""

    needs: ClassVar[frozenset[str]] = frozenset()
    """The kinds of work a workplace must be for; none where any will do."""
    workplace: Id


class WorkerCommand(Command):
    """A command of a person, decided by the rule that its kind has in `works.ACTS`.

    It comes from the page of a workplace, then whoever is signed in there acts; or with a person's own key, then the
    route fills in `worker_id`. A second person who allows what the first may not is `approved_by`: the route fills it
    in once that person's badge and PIN were right.
    """

    roles: ClassVar[frozenset[str]]
    """Who may do this; the route of the command names the same."""
    worker_id: Id | None = None
    workplace: Id | None = None
    approved_by: Id | None = None
