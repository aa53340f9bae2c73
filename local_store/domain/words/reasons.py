"""Why something is not there, as the screens offer it. Over HTTP any other reason may be given as well."""

from __future__ import annotations

from collections.abc import Mapping

from local_store.domain.words.phrases import phrase, word

PICK_SHORT: Mapping[str, str] = {
    "location empty": phrase("Location empty"),
    "not enough": phrase("Not enough there"),
    "damaged": phrase("Damaged"),
    "wrong item there": phrase("Wrong item there"),
}
PACK_SHORT: Mapping[str, str] = {
    "not in the tote": phrase("Not in the tote"),
    "damaged": phrase("Damaged"),
    "wrong item picked": phrase("Wrong item picked"),
}


def in_words(reason: str) -> str:
    """A reason as an answer says it."""
    return word(reason) if reason in PICK_SHORT or reason in PACK_SHORT else reason
