"""What an answer means, beside its words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Tone(StrEnum):
    """What an answer means to somebody who does not look: see the sound table of the screens."""

    COUNTED = "counted"
    LINE_DONE = "line_done"
    LIST_DONE = "list_done"
    REFUSED = "refused"
    ASK = "ask"
    NOTE = "note"


Sentences = Mapping[str, tuple[Tone, str]]
"""Code of an answer -> its tone, and the sentence with its blanks."""
