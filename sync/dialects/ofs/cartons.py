"""The boxes of an HQ of seed 001 (`/packaging-profiles`): all of them or none, for one that is missing misleads."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from local_store.domain import events as e
from local_store.domain.commands import ReceiveCartons
from sync.dialect import Answer, Fault, Pulled, PullStopped
from sync.dialects.ofs.lists import Reader, items
from sync.reading import document

NOT_THERE = frozenset({403, 404})
"""An HQ that keeps no boxes, or shows them to nobody with our key, gives none."""
MG_PER_G, MM_PER_CM = 1000, 10
MOST = 1000
EVERY = 40
"""They are asked for with one poll in so many: boxes change seldom."""
Centimetres = Annotated[Decimal, Field(gt=0, le=10_000)]
Grams = Annotated[int, Field(ge=0, le=50_000_000)]


class _Size(BaseModel):
    model_config = ConfigDict(extra="ignore", defer_build=True)
    l: Centimetres  # noqa: E741 -- the seed's name
    w: Centimetres
    h: Centimetres


class _Profile(BaseModel):
    """A box: inner size in centimetres, weights in grams."""

    model_config = ConfigDict(extra="ignore", defer_build=True)
    profile_id: str = Field(min_length=1, max_length=64)
    name: str = Field(min_length=1, max_length=200)
    dimensions: _Size
    tare_weight: Grams | None = None
    max_weight: Grams | None = None
    warehouse_id: str | None = Field(default=None, max_length=80)


async def pull(hq: Reader, lane: str, warehouse_id: str, new_id: Callable[[], UUID]) -> AsyncGenerator[Pulled, None]:
    """The boxes for this warehouse as they are now; the store keeps them where they changed. Raises PullStopped."""
    found: list[e.Carton] = []
    try:
        async for item in items(hq, "/packaging-profiles", "HQ's packaging profile list"):
            profile = document(_Profile, item, "HQ's packaging profile")
            if isinstance(profile, Fault):
                yield profile
                return
            if profile.warehouse_id in {None, warehouse_id} and len(found) < MOST:
                found.append(_carton(profile))
    except PullStopped as stopped:
        if isinstance(stopped.reply, Answer) and stopped.reply.status in NOT_THERE:
            return
        raise
    yield ReceiveCartons(command_id=new_id(), told=e.CartonsTold(lane=lane, cartons=tuple(found)))


def _carton(profile: _Profile) -> e.Carton:
    size = profile.dimensions
    weights: dict[str, Any] = {}
    if profile.tare_weight is not None:
        weights["tare_mg"] = profile.tare_weight * MG_PER_G
    if profile.max_weight is not None:
        weights["max_mg"] = profile.max_weight * MG_PER_G
    return e.Carton(
        carton_id=profile.profile_id,
        name=profile.name,
        length_mm=int(size.l * MM_PER_CM),
        width_mm=int(size.w * MM_PER_CM),
        height_mm=int(size.h * MM_PER_CM),
        **weights,
    )
