"""The routes of every part of floor work."""

from __future__ import annotations

from agent.api import (
    counting,
    dispatch,
    facts,
    kitting,
    offline,
    packing,
    people,
    picking,
    quality,
    reading,
    receiving,
    returns,
    story,
    supervising,
)
from agent.api.around import Around
from web.routes import RouteTable

PARTS = (
    counting,
    dispatch,
    kitting,
    offline,
    facts,
    packing,
    people,
    picking,
    quality,
    reading,
    receiving,
    returns,
    story,
    supervising,
)


def tables(around: Around) -> list[RouteTable]:
    """One table for each part."""
    return [part.routes(around) for part in PARTS]
