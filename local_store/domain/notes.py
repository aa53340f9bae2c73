"""What HQ said of an order that the packer must know before its parcels are closed, as short sentences. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from local_store.domain.words import phrase

MAX_NOTE = 300
METHODS = {
    1: ("pickup", phrase("The customer picks this up: give it to no carrier.")),
    2: ("ltl", phrase("Goes as freight (LTL): bring it to the pallets.")),
}
ORDER_TYPES = {1: ("b2b", phrase("For a business (B2B).")), 2: ("fba", phrase("For an Amazon warehouse (FBA)."))}
_WORDS = (
    ("packingInstructions", "packing", phrase("Pack it so: {words}")),
    ("customerNote", "note", phrase("Note: {words}")),
)
PHOTO = "photoRequired"


class Note(NamedTuple):
    """One thing to know; `code` is what it is confirmed by."""

    code: str
    sentence: str
    confirmed: bool = False


def notes_of(said: Mapping[str, Any]) -> tuple[Note, ...]:
    """The notes of an order's metadata, by the names of seed 004; () for an order without any.

    `customs` (any object), `packingInstructions` and `photoRequired` are ours. People's own words come last, cut and
    without control characters.
    """
    found = []
    if said.get("signatureRequired") is True:
        found.append(Note("signature", phrase("The receiver has to sign for it.")))
    for name, sentences in (("method", METHODS), ("orderType", ORDER_TYPES)):
        number = said.get(name)
        if type(number) is int and number in sentences:
            found.append(Note(*sentences[number]))
    if isinstance(said.get("customs"), dict) and said["customs"]:
        found.append(Note("customs", phrase("Goes through customs: put the customs papers on the parcel.")))
    for name, code, said_of_it in _WORDS:
        words = said.get(name)
        if isinstance(words, str) and words.strip():
            found.append(Note(code, phrase(said_of_it.sentence, words=_short(words))))
    return tuple(found)


def wants_photo(said: Mapping[str, Any]) -> bool:
    """Whether an order wants a photo of each parcel before it is closed."""
    return said.get(PHOTO) is True


def _short(words: str) -> str:
    words = " ".join("".join(each if each.isprintable() else " " for each in words).split())
    return words if len(words) <= MAX_NOTE else words[: MAX_NOTE - 1] + "…"
