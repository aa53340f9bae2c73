"""What a GS1 code says: element strings, GTINs, SSCCs and GS1 Digital Links as one frozen value. Pure.

What it means here is decided in `meaning.py`; a code whose separators got lost is read in `healing.py`.
Source of the rules: device_protocols 7.1 to 7.4.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal, NamedTuple

from local_store.domain.codes import GTIN_LENGTHS, check_digit, is_digits, is_gtin, is_sscc
from local_store.domain.digital_link import elements_of as elements_of_link
from local_store.domain.digital_link import looks_like_a_link
from local_store.domain.words import listed, phrase, word

GS = "\x1d"
"""What a scanner sends for FNC1 between two element strings."""
AIM_ID = re.compile(r"\][A-Za-z][0-9A-Za-z]")
GS1_IDS = frozenset({"]C1", "]d2", "]Q3", "]e0", "]J1"})
GTIN_IDS = frozenset({"]E0", "]E3", "]E4", "]I1"})

Element = tuple[str, str]
"""An application identifier and its data."""

FaultKind = Literal["syntax", "separator", "check_digit", "date", "rule", "twice", "link"]

_KG_PER_LB = Decimal("0.45359237")
_MG_PER_KG = Decimal(1_000_000)
_WITH_CHECK_DIGIT = {
    "00": (18, "SSCC"), "01": (14, "GTIN"), "02": (14, "GTIN"), "03": (14, "GTIN"), "253": (13, "document number"),
    "255": (13, "coupon number"), "402": (17, "shipment number"), "8003": (14, "asset number"),
    "8006": (14, "GTIN"), "8017": (18, "service number"), "8018": (18, "service number"), "8026": (14, "GTIN"),
} | {str(ai): (13, "location number") for ai in range(410, 418)}  # fmt: skip
"""Application identifiers whose data begins with so many digits of which the last is a check digit."""
_DATES = frozenset({"11", "12", "13", "15", "16", "17", "7003"})
_DAY_MAY_BE_00 = _DATES - {"7003"}
_TOLD = frozenset({"00", "01", "02", "10", "17", "21", "37"})
_PREDEFINED = frozenset(
    {"00", "01", "02", "03", "04", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20"}
    | {"31", "32", "33", "34", "35", "36", "41"}
)
"""First two digits of identifiers whose length is known, so that nothing must separate them from the next."""
_ADD_ON = re.compile(r"(\d{13})(\d{2}|\d{5})", re.ASCII)
_UPC_E_LENGTH = 8
MOST_SAID = 5
"""Parts of a code that a person is told of."""
MONTHS = 12


class Fault(NamedTuple):
    """One thing that is wrong with a code: what sort it is, and the sentence for a person, without its full stop."""

    kind: FaultKind
    text: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one code says. A member is None where the code does not say it; `faults` is empty for a sound code.

    `gtin` has 14 digits, of the item itself (01) or of what is inside (02, then `contained`). `count` is AI 37.
    `others` holds all further identifiers with their data, in the order of the code.
    """

    gtin: str | None = None
    sscc: str | None = None
    lot: str | None = None
    serial: str | None = None
    expiry: date | None = None
    count: int | None = None
    weight_kg: Decimal | None = None
    contained: bool = False
    others: tuple[Element, ...] = ()
    faults: tuple[Fault, ...] = field(default=())

    @property
    def keys(self) -> tuple[str, ...]:
        """Under which keys the floor may know it: the logistic unit first, then the product."""
        return tuple(key for key in (self.sscc, self.gtin) if key is not None)

    @property
    def weight_mg(self) -> int | None:
        """The net weight it states, in whole milligrams."""
        if self.weight_kg is None:
            return None
        return int((self.weight_kg * _MG_PER_KG).to_integral_value(ROUND_HALF_EVEN))

    @property
    def words(self) -> str:
        """What it says, for a person who has to choose between readings."""
        said = (
            self.lot is not None and phrase("lot {lot}", lot=self.lot),
            self.serial is not None and phrase("serial number {serial}", serial=self.serial),
            self.count is not None and phrase("count {count}", count=self.count),
            self.expiry is not None and phrase("expires {day}", day=self.expiry),
            self.weight_kg is not None and phrase("weight {weight} kg", weight=self.weight_kg),
            *(f"({ai}) {value}" for ai, value in self.others),
        )
        return listed([each for each in said if each], MOST_SAID) or phrase("nothing more")


def parse(code: str, symbology: str | None, year: int) -> Parsed | None:
    """What a scanned code says in GS1's terms; None when it is just a code, such as a location or a plain URL.

    `code` is the text without its AIM identifier, GS kept; `symbology` is that identifier, None where the scanner
    sends none; `year` is the year now, which tells the century of two digits. The identifier decides: GS1 symbols
    hold element strings, EAN, UPC and ITF-14 a GTIN, all others a Digital Link or a plain code. Without it the order
    is GTIN, SSCC, Digital Link, and element strings only when they are sound to the last character and name an item
    or a unit, so that an EAN-13 is never taken for AI 95. A GS1 symbol that cannot be read has `faults` only.
    """
    text = code.strip()
    found = simple(text, symbology)
    if found is not None or symbology in GTIN_IDS:
        return found
    if symbology in GS1_IDS:
        return _of_text(text, year)
    if looks_like_a_link(text):
        return _of_link(text, year)
    if symbology is not None or not is_digits(text[:2]):
        return None
    found = _of_text(text, year)
    return found if found.keys and not found.faults else None


def simple(code: str, symbology: str | None) -> Parsed | None:
    """The codes of nearly every label: a GTIN or an SSCC and nothing else. None for any other; needs no library."""
    text = code.strip()
    if symbology in GTIN_IDS:
        gtin = gtin_of(text, symbology or "")
        return Parsed(gtin=gtin) if gtin else None
    if symbology is None and is_gtin(text):
        return Parsed(gtin=text.zfill(max(GTIN_LENGTHS)))
    if symbology is None and is_sscc(text):
        return Parsed(sscc=text)
    if symbology is not None and symbology not in GS1_IDS:
        return None
    if text.startswith("00") and is_sscc(text[2:]):
        return Parsed(sscc=text[2:])
    if text.startswith("01") and len(text) == len("01") + max(GTIN_LENGTHS) and is_gtin(text[2:]):
        return Parsed(gtin=text[2:])
    return None


def gtin_of(text: str, symbology: str) -> str | None:
    """The 14 digits of an EAN, UPC or ITF-14 symbol; None where length or check digit say that it is no GTIN.

    UPC-E comes as eight digits under the identifier of EAN-13 and is written out; an add-on is left away.
    """
    add_on = _ADD_ON.fullmatch(text) if symbology == "]E3" else None
    text = add_on[1] if add_on else text
    if symbology == "]I1":
        return text if is_gtin(text) and len(text) == max(GTIN_LENGTHS) else None
    if symbology == "]E0" and len(text) == _UPC_E_LENGTH and is_digits(text):
        text = _upc_a(text) or text
    return text.zfill(max(GTIN_LENGTHS)) if is_gtin(text) else None


def from_elements(elements: Sequence[Element], year: int) -> Parsed:
    """The elements of one code as a value, with every fault of its check digits, dates and combinations."""
    told: dict[str, str] = {}
    faults: list[Fault] = []
    for ai, value in elements:
        if told.get(ai, value) != value or (ai in told and ai in {"00", "01", "02"}):
            words = {"ai": ai, "one": told[ai], "other": value}
            faults.append(
                Fault("twice", phrase("it says ({ai}) twice, {one} and {other}: this may be two codes", **words))
            )
        told.setdefault(ai, value)
        fault = fault_of(ai, value, year)
        if fault is not None:
            faults.append(fault)
    faults += _combinations(told)
    expires = told.get("17") or told.get("7003", "")[:6]
    return Parsed(
        gtin=told.get("01") or told.get("02"),
        sscc=told.get("00"),
        lot=told.get("10"),
        serial=told.get("21"),
        expiry=day_of(expires, year, day_may_be_00="17" in told) if expires else None,
        count=int(told["37"]) if "37" in told else None,
        weight_kg=_net_weight(told),
        contained="02" in told and "01" not in told,
        others=tuple((ai, value) for ai, value in elements if ai not in _TOLD and not _is_net_weight(ai)),
        faults=tuple(faults),
    )


def fault_of(ai: str, value: str, year: int) -> Fault | None:
    """What is wrong with the data of one identifier: its check digit, its date, or a count of none."""
    if ai in _WITH_CHECK_DIGIT:
        length, name = _WITH_CHECK_DIGIT[ai]
        digits = value[:length]
        right = check_digit(digits[:-1])
        if digits[-1] != right:
            words = {"name": word(name), "digits": digits, "last": digits[-1], "right": right}
            return Fault(
                "check_digit", phrase("the {name} {digits} ends in {last}, which should be {right}", **words)
            )
    if ai in _DATES and day_of(value[:6], year, day_may_be_00=ai in _DAY_MAY_BE_00) is None:
        return Fault("date", phrase("({ai}) {value} is no date", ai=ai, value=value))
    if ai == "37" and int(value) == 0:
        return Fault("rule", phrase("its count (37) is 0"))
    return None


def day_of(digits: str, year: int, *, day_may_be_00: bool) -> date | None:
    """YYMMDD as a day, 49 years back to 50 ahead of `year`; day 00 is the last of the month. None for no day."""
    if not is_digits(digits):
        return None
    short, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    full = year - year % 100 + short
    full += 100 * ((full - year <= -50) - (full - year >= 51))  # noqa: PLR2004 -- the window of GS1
    if not 1 <= month <= MONTHS:
        return None
    last = calendar.monthrange(full, month)[1]
    if day == 0 and day_may_be_00:
        return date(full, month, last)
    return date(full, month, day) if 1 <= day <= last else None


def is_predefined(ai: str) -> bool:
    """Whether the length of an identifier's data is known to every reader, so that no separator need follow."""
    return ai[:2] in _PREDEFINED


def _of_text(text: str, year: int) -> Parsed:
    elements = _elements_of(text.strip(GS))
    return Parsed(faults=(elements,)) if isinstance(elements, Fault) else from_elements(elements, year)


def _elements_of(text: str) -> list[Element] | Fault:
    from biip import ParseError  # noqa: PLC0415 -- 150 ms that only a station with such codes spends
    from biip.gs1_messages import GS1Message  # noqa: PLC0415 -- as above

    try:
        found = GS1Message.parse(text).element_strings
    except ParseError:
        return Fault("syntax", phrase("it is not a complete GS1 code"))
    elements = [(each.ai.ai, each.value) for each in found]
    if not elements:
        return Fault("syntax", phrase("it is empty"))
    unseparated = _unseparated(text, elements)
    if unseparated is not None:
        return Fault("separator", phrase("nothing separates ({ai}) from what follows", ai=unseparated))
    return elements


def _unseparated(text: str, elements: Iterable[Element]) -> str | None:
    """The identifier after which a separator is missing. The library lets that pass where the data is full length."""
    at = 0
    for ai, value in elements:
        at += len(ai) + len(value)
        if at < len(text) and text[at] != GS and not is_predefined(ai):
            return ai
        while text[at : at + 1] == GS:
            at += 1
    return None


def _of_link(text: str, year: int) -> Parsed | None:
    elements = elements_of_link(text)
    if elements is None:
        return None
    if isinstance(elements, str):
        return Parsed(faults=(Fault("link", elements),))
    found = _elements_of(GS.join(ai + value for ai, value in elements))
    if found != elements:
        return Parsed(faults=(Fault("link", phrase("the data in its address is not what its keys stand for")),))
    return from_elements(elements, year)


def _combinations(told: dict[str, str]) -> list[Fault]:
    """Identifiers that must or must not stand together. (37) with (01) is no standard, but is seen and is clear."""
    faults = []
    if "02" in told and "37" not in told:
        faults.append(Fault("rule", phrase("it names contents (02) without their count (37)")))
    if "37" in told and not told.keys() & {"01", "02"}:
        faults.append(Fault("rule", phrase("it has a count (37) without saying of what (02)")))
    if "01" in told and "02" in told:
        faults.append(Fault("rule", phrase("it names an item (01) and contents (02), which exclude each other")))
    return faults


def _is_net_weight(ai: str) -> bool:
    return len(ai) == len("310n") and ai[:3] in {"310", "320"}


def _net_weight(told: dict[str, str]) -> Decimal | None:
    """The net weight in kilograms, (310n) before (320n); the last digit of the identifier counts the decimals."""
    for ai in sorted(told):
        if _is_net_weight(ai):
            weight = Decimal(told[ai]).scaleb(-int(ai[3]))
            return weight if ai.startswith("310") else weight * _KG_PER_LB
    return None


def _upc_a(text: str) -> str | None:
    """The twelve digits of which a UPC-E of eight is the short form; None when its check digit is wrong."""
    system, body, last = text[0], text[1:7], text[7]
    if system not in "01":
        return None
    end = body[5]
    if end in "012":
        maker_and_item = f"{body[:2]}{end}0000{body[2:5]}"
    elif end == "3":
        maker_and_item = f"{body[:3]}00000{body[3:5]}"
    elif end == "4":
        maker_and_item = f"{body[:4]}00000{body[4]}"
    else:
        maker_and_item = f"{body[:5]}0000{end}"
    whole = system + maker_and_item
    return whole + last if check_digit(whole) == last else None
