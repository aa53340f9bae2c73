"""What a scanned code means here: its GS1 contents joined with what this station knows. Pure.

The order: what the symbol says it is; a code exactly as it is stored here; a Digital Link; GS1 without its
identifier.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from local_store.domain import gs1, healing
from local_store.domain.codes import GTIN_LENGTHS, Meaning, check_digit, is_digits, is_gtin, is_sscc, key_of
from local_store.domain.words import Answer, phrase, say

MAX_SHOWN = 60
READINGS_SHOWN = 3
LONGEST_DOUBLE = 128
"""Characters of two codes that ran together; longer ones are not looked at."""
SHORTEST_TWICE = 5
"""Characters of a code that is taken for one scanned twice when it comes doubled: `1212` is none."""
_MAY_BEGIN = re.compile(r"(?=0[012]\d{14})", re.ASCII)
_BOXES = frozenset("12345678")
"""Indicator digits of GTIN-14s that are packs of an item; 9 is an item of variable measure."""

Known = Callable[[str], tuple[Meaning, ...]]
"""What a key means here; nothing for one that is not known."""


class Meant(NamedTuple):
    """What a code means here, and the key it would be known by.

    `unclear` is the answer to a code that must not be guessed; it has no meanings then.
    """

    key: str
    meanings: tuple[Meaning, ...] = ()
    unclear: Answer | None = None
    parsed: gs1.Parsed | None = None
    """What else a GS1 code says: lot, expiry, serial, weight."""


def mean(code: str, symbology: str | None, known: Known, year: int) -> Meant:
    """What a scan means: `code` without its AIM identifier `symbology`, GS kept; `year` is the year now.

    An identifier that a scanner left in the text is set apart. Two codes in one scan, a GS1 code that can be read in
    several ways, and one that contradicts itself are unclear.
    """
    text, stored = code.strip(), key_of(code)
    if symbology is None:
        exact = known(stored)
        if exact:
            return Meant(stored, exact)
        found = gs1.AIM_ID.match(text)
        if found is not None:
            code, symbology = code.lstrip()[found.end() :], found[0]
            text, stored = code.strip(), key_of(code)
    said = _said(code, symbology, known, year)
    if said is not None and said.meanings:
        return said
    exact = known(stored)
    if exact:
        return Meant(stored, exact)
    if _is_two(text):
        return Meant(stored, unclear=say("scan.two_codes", code=shown(text)))
    return said or Meant(stored)


def _said(code: str, symbology: str | None, known: Known, year: int) -> Meant | None:
    """What the code says by itself; None when it is a plain code."""
    found = gs1.simple(code, symbology)
    if found is not None:
        return _of_one(code, found, known)
    text, in_gs1 = code.strip(), symbology in gs1.GS1_IDS
    if in_gs1 and _is_two_in_gs1(text, year):
        return Meant(key_of(text), unclear=say("scan.two_codes", code=shown(text)))
    if gs1.GS not in code and (in_gs1 or (symbology is None and is_digits(text[:2]))):
        if not in_gs1 and _is_two(text):  # the end of one may look like the (01) before the other
            return None
        lost = _of_lost(text, healing.readings(text, year), known, in_gs1=in_gs1)
        if lost is not None or not in_gs1:
            return lost
    parsed = gs1.parse(code, symbology, year)
    return _of_one(code, parsed, known) if parsed is not None else None


def _of_one(code: str, parsed: gs1.Parsed, known: Known) -> Meant:
    """The meaning of a code that can be read in one way only."""
    if parsed.faults:
        if any(fault.kind == "twice" for fault in parsed.faults):
            return Meant(key_of(code), unclear=say("scan.two_codes", code=shown(code)))
        answer = say("scan.contradicts", code=shown(code), fault=parsed.faults[0].text)
        return Meant(key_of(code), unclear=answer)
    for key in parsed.keys:
        meanings = known(key)
        if meanings:
            return Meant(key, tuple(_times(meaning, parsed.count) for meaning in meanings), parsed=parsed)
    if parsed.gtin is not None:
        return Meant(parsed.gtin, unclear=_unknown_case(parsed.gtin, known))
    return Meant(parsed.sscc or key_of(code), parsed=parsed)


def _of_lost(text: str, found: healing.Readings, known: Known, *, in_gs1: bool) -> Meant | None:
    """The meaning of a code without separators; None when there is no way to read it.

    A code that need not be GS1 at all is taken for it only when a reading is known here.
    """
    work = healing.OpenWork(lambda key: bool(known(key)))
    chosen = healing.choose(found, work)
    if chosen is not None:
        return _of_one(text, chosen, known)
    fitting = tuple(reading for reading in found.found if work.fits(reading))
    if fitting or (in_gs1 and not found.complete):
        return Meant(key_of(text), unclear=_ask(text, fitting or found.found, complete=found.complete))
    if not in_gs1 or not found.found:
        return None
    keys = {reading.keys for reading in found.found}
    return _of_one(text, found.found[0], known) if len(keys) == 1 else Meant(key_of(text))


def _ask(text: str, ways: tuple[gs1.Parsed, ...], *, complete: bool) -> Answer:
    if not ways:
        return say("scan.no_separators", code=shown(text))
    described: str = "…" if len(ways) > READINGS_SHOWN else ""
    for way in reversed(ways[:READINGS_SHOWN]):
        described = phrase("{first}; {rest}", first=way.words, rest=described) if described else way.words
    number = str(len(ways)) if complete else phrase("more than {many}", many=len(ways))
    return say("scan.many_ways", number=number, ways=described)


def _times(meaning: Meaning, count: int | None) -> Meaning:
    """A product as often as the code counts it: `count` cases of `multiplier`."""
    if count is None or meaning.thing != "product":
        return meaning
    return meaning._replace(multiplier=meaning.multiplier * count)


def _unknown_case(gtin: str, known: Known) -> Answer | None:
    """A GTIN-14 whose item is known, but not how many of it the case holds, is never counted as one."""
    if len(gtin) != max(GTIN_LENGTHS) or gtin[0] not in _BOXES:
        return None
    unit = f"0{gtin[1:13]}"
    item = next((each.item for each in known(unit + check_digit(unit)) if each.thing == "product"), None)
    return say("scan.unknown_case", code=gtin, item=item) if item else None


def _is_two(text: str) -> bool:
    """Whether two codes ran together in one scan: two GTINs or SSCCs, or the same code twice."""
    if len(text) > LONGEST_DOUBLE:
        return False
    half = len(text) // 2
    if half >= SHORTEST_TWICE and text[:half] == text[half:] and len(set(text)) > 1:
        return True
    return any(_is_identifier(text[:at]) and _is_identifier(text[at:]) for at in range(1, len(text)))


def _is_identifier(text: str) -> bool:
    return is_gtin(text) or is_sscc(text) or (text[:2] == "00" and is_sscc(text[2:]))


def _is_two_in_gs1(text: str, year: int) -> bool:
    """Whether a second GS1 code begins inside: one that names a product or unit again that the first has named."""
    for found in _MAY_BEGIN.finditer(text):
        at = found.start()
        if at == 0 or not (is_gtin(text[at + 2 : at + 16]) or is_sscc(text[at + 2 : at + 20])):
            continue
        halves = [gs1.parse(half, "]C1", year) for half in (text[:at], text[at:])]
        one, other = (None if half is None or half.faults else half for half in halves)
        if one and other and ((one.gtin and other.gtin) or (one.sscc and other.sscc)):
            return True
    return False


def shown(text: str, most: int = MAX_SHOWN) -> str:
    """A code as a sentence shows it: cut, and what cannot be seen left away."""
    seen = "".join(character if character.isprintable() else " " for character in text.strip())
    return seen if len(seen) <= most else seen[: most - 1] + "…"
