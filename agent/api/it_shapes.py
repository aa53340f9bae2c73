"""What IT's routes answer."""

from __future__ import annotations

from typing import Any

from agent.api.shapes import Lane, ProblemOpen
from web.routes import Shape


class LastReading(Shape):
    """The newest reading: a weight in words; of a code only its length, since a screen may not see more."""

    kind: str
    text: str
    characters: int
    symbology: str | None
    at: str


class ItDevice(Shape):
    """A device, how it is plugged in, and what it said last."""

    name: str
    driver: str
    kind: str
    state: str
    sentence: str
    next_step: str
    commands: list[str]
    wire: str
    last: LastReading | None


class ItPlace(Shape):
    """A workplace with its devices; the one without a name holds devices that no workplace uses."""

    workplace: str
    work: str
    devices: list[ItDevice]


class ItLane(Lane):
    """An HQ with what IT asks: which API, where, when it last answered, when it is asked again."""

    dialect: str
    url: str
    answered_at: str | None
    next_try_at: str | None
    requests: dict[str, int]


class ItView(Shape):
    """The station as IT's page shows it."""

    station: str
    version: str
    language: str
    training: bool
    now: str
    carer: bool
    facts: int
    epoch: int
    places: list[ItPlace]
    lanes: list[ItLane]
    disk: dict[str, Any]
    store: dict[str, Any]
    identity: dict[str, Any]
    problems: list[ProblemOpen]


class Chunk(Shape):
    """What was on a wire at one moment: `way` is `in`, `out` or `note`; of long data the beginning."""

    way: str
    age_ms: int
    hex: str
    text: str
    bytes: int


class Chunks(Shape):
    """The newest of them, oldest first."""

    chunks: list[Chunk]


class SettingShown(Shape):
    """One setting in force; `line` is that of edge.toml, null where the usual value holds. No secret is shown."""

    key: str
    value: str
    line: int | None
    description: str


class SettingsSection(Shape):
    """A section of edge.toml."""

    section: str
    settings: list[SettingShown]


class SettingsShown(Shape):
    """All sections; `changed` says that the file is another one since the agent read it."""

    file: str
    changed: bool
    sections: list[SettingsSection]


class ItCode(Shape):
    """A one-time code for IT's page."""

    code: str
    minutes: int


class ItPass(Shape):
    """The pass that a code is swapped for."""

    key: str


class TestPrinted(Shape):
    """What is known of a test print: `proof` says whether the printer told that it came out."""

    proof: bool
    sentence: str
