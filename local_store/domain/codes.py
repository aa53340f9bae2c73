"""What a scanned code may mean, before the open work decides what it does mean."""

from __future__ import annotations

from typing import Literal, NamedTuple

Thing = Literal["product", "location", "picklist", "fulfillment", "package", "label"]
"""A `label` is one printed copy of a label job: its multiplier is the number of the copy."""

_GTIN_LENGTHS = frozenset({8, 12, 13, 14})
_SSCC_LENGTH = 18
_GTIN14 = 14


class Meaning(NamedTuple):
    """One thing a code stands for; a case code counts as `multiplier` units. A product has a name."""

    thing: Thing
    id: str
    multiplier: int = 1
    name: str | None = None

    @property
    def item(self) -> str:
        """The product in words."""
        return f"{self.name or self.id} ({self.id})"


def key_of(code: str, symbology: str | None) -> str:
    """The form in which codes are stored and looked up.

    GTINs of 8, 12, 13 or 14 digits become 14 digits; GS1 element strings that start with (00) or (01) become their
    SSCC or GTIN (device_protocols 7.1, 7.2). Anything else stays as it is, without outer blanks.
    """
    text = code.strip()
    if symbology in {"]C1", "]d2", "]Q3", "]e0"}:
        if text.startswith("00") and _digits(text[2:20]) and len(text) >= 2 + _SSCC_LENGTH:
            return text[2:20]
        if text.startswith("01") and _digits(text[2:16]) and len(text) >= 2 + _GTIN14:
            return text[2:16]
    if _digits(text) and len(text) in _GTIN_LENGTHS and check_digit(text[:-1]) == text[-1]:
        return text.zfill(_GTIN14)
    return text


def check_digit(digits: str) -> str:
    """GS1 check digit: weights 3, 1, 3, … from the right (device_protocols 7.3)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def sscc_of(company_prefix: str, extension_digit: int, serial: int) -> str:
    """The 18-digit SSCC for a serial: extension digit, company prefix, serial, check digit.

    Raises ValueError when the serial does not fit beside the prefix.
    """
    width = _SSCC_LENGTH - 2 - len(company_prefix)
    if serial < 0 or len(str(serial)) > width:
        raise ValueError(f"serial {serial} does not fit in {width} digits beside prefix {company_prefix}")
    body = f"{extension_digit}{company_prefix}{serial:0{width}d}"
    return body + check_digit(body)


def _digits(text: str) -> bool:
    """Whether it is all 0 to 9; `isdigit` alone also likes superscripts and other scripts' digits."""
    return text.isascii() and text.isdigit()
