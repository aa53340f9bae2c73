"""GS1 Digital Link: a web address that holds a GS1 key, qualifiers and attributes (device_protocols 7.4). Pure."""

from __future__ import annotations

import re
from urllib.parse import unquote

LONGEST = 2000
"""Characters: longer addresses do not fit into a symbol of a usable size."""
QUALIFIERS = {
    "00": (), "01": ("22", "10", "21"), "253": (), "255": (), "401": (), "402": (), "414": ("254",), "415": ("8020",),
    "417": ("7040",), "8003": (), "8004": ("7040",), "8006": ("22", "10", "21"), "8010": ("8011",), "8013": (),
    "8017": ("8019",), "8018": ("8019",),
}  # fmt: skip
"""Primary keys, each with the qualifiers that may follow in the path, in this order."""
THIRD_PARTY = ("235",)
"""What may follow a GTIN in place of its qualifiers."""

_LINK = re.compile(r"https?://[^/?#\s]+([^?#\s]*)(?:\?([^#\s]*))?(?:#\S*)?", re.IGNORECASE)
_NUMERIC = re.compile(r"\d{2,4}", re.ASCII)


def looks_like_a_link(text: str) -> bool:
    """Whether it is a web address of any kind."""
    return len(text) <= LONGEST and text[:8].lower().startswith(("http://", "https://"))


def elements_of(text: str) -> list[tuple[str, str]] | str | None:
    """Its identifiers with their data; a sentence, without full stop, for a Digital Link that breaks the rules.

    None for a web address that is no Digital Link: one without a primary key in its path. Any host and any path
    before the key will do; every key of digits must be known and in its place.
    """
    found = _LINK.fullmatch(text)
    if found is None:
        return None
    parts = [unquote(part) for part in found[1].strip("/").split("/")]
    start = next((at for at in range(len(parts) % 2, len(parts), 2) if _is_key(parts, at)), None)
    if start is None:
        return None
    in_path = list(zip(parts[start::2], parts[start + 1 :: 2], strict=True))
    fault = _out_of_place(in_path)
    if fault is not None:
        return fault
    in_query = _query(found[2] or "")
    twice = {ai for ai, _ in in_path} & {ai for ai, _ in in_query}
    if twice:
        return f"it says ({min(twice)}) in its path and again behind the question mark"
    misplaced = [ai for ai, _ in in_query if ai in QUALIFIERS and ai not in {"402", "401", "414", "415", "417"}]
    if misplaced:
        return f"({misplaced[0]}) belongs into its path"
    return in_path + in_query


def _is_key(parts: list[str], at: int) -> bool:
    """Whether the path from here to its end is pairs that begin with a primary key."""
    return parts[at] in QUALIFIERS and all(_NUMERIC.fullmatch(part) for part in parts[at::2])


def _out_of_place(in_path: list[tuple[str, str]]) -> str | None:
    """Qualifiers must belong to the key and stand in their order."""
    (key, _), *rest = in_path
    allowed = QUALIFIERS[key]
    if key == "01" and [ai for ai, _ in rest] == list(THIRD_PARTY):
        return None
    last = -1
    for ai, _ in rest:
        if ai not in allowed:
            return f"({ai}) does not belong behind ({key})"
        if allowed.index(ai) <= last:
            return f"({ai}) is not in its place behind ({key})"
        last = allowed.index(ai)
    return None


def _query(query: str) -> list[tuple[str, str]]:
    """Attributes behind the question mark whose name is digits; other names are the web's business."""
    pairs = (part.partition("=") for part in re.split("[&;]", query) if part)
    return [(name, unquote(value)) for name, _, value in pairs if name.isascii() and name.isdigit()]
