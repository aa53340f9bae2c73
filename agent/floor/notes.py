"""What HQ said of an order that the packer must know before the parcel is closed, as short sentences. Pure."""

from __future__ import annotations

import json
from typing import Any

MAX_NOTE = 300
METHODS = {
    1: "The customer picks this up: give it to no carrier.",
    2: "Goes as freight (LTL): bring it to the pallets.",
}
ORDER_TYPES = {1: "For a business (B2B).", 2: "For an Amazon warehouse (FBA)."}


def notes_of(metadata: str | None) -> list[str]:
    """The sentences for an order's metadata (JSON), by the names of seed 004; [] for an order without any.

    The customer's own words come last, cut and without control characters.
    """
    said: dict[str, Any] = json.loads(metadata or "{}")
    found = []
    if said.get("signatureRequired") is True:
        found.append("The receiver has to sign for it.")
    for name, sentences in (("method", METHODS), ("orderType", ORDER_TYPES)):
        number = said.get(name)
        if type(number) is int and number in sentences:
            found.append(sentences[number])
    note = said.get("customerNote")
    if isinstance(note, str) and note.strip():
        words = " ".join("".join(each if each.isprintable() else " " for each in note).split())
        found.append(f"Note: {words if len(words) <= MAX_NOTE else words[: MAX_NOTE - 1] + '…'}")
    return found
