"""Parts of sentences, and words of a screen, that are said in the worker's language as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

MOST_LISTED = 8
"""Parts of a list in a sentence; nobody reads more of them in passing."""


class Phrase(str):
    """English words that remember how they were made, so that another language can say them anew."""

    __slots__ = ("sentence", "values")
    sentence: str
    values: dict[str, Any]


def phrase(sentence: str, /, **values: Any) -> Phrase:
    """Some words with their blanks filled in. `sentence` must stand in the code: each language has its own for it."""
    made = Phrase(sentence.format(**values) if values else sentence)
    made.sentence, made.values = sentence, values
    return made


def word(one: str, of: str = "") -> Phrase:
    """One of a fixed set of words of ours, like a state or a role; never a text from outside.

    `of` says which set it is of, where English has one word for what other languages tell apart: "return (work)".
    """
    made = phrase(one)
    made.sentence = f"{one} ({of})" if of else one
    return made


def listed(parts: Sequence[str], most: int = MOST_LISTED) -> str:
    """Several phrases with commas between them; after `most` of them only that there are more."""
    if len(parts) > most:
        return listed([*parts[:most], "…"], most + 1)
    if len(parts) < 2:  # noqa: PLR2004 -- one part stands alone
        return parts[0] if parts else ""
    return phrase("{first}, {rest}", first=parts[0], rest=listed(parts[1:], most))


def either(parts: Sequence[str]) -> str:
    """Several phrases of which one is meant."""
    *others, last = parts
    return phrase("{others} or {last}", others=listed(others), last=last) if others else last
