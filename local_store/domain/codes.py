"""What a scanned code may mean, before the open work decides what it does mean."""

from __future__ import annotations

from typing import Literal, NamedTuple

from local_store.domain.words import phrase, word

Thing = Literal[
    "product", "location", "picklist", "fulfillment", "package", "label", "carrier_label", "tote", "inbound",
    "pallet", "return", "work_order", "manifest", "count_task",
]  # fmt: skip
"""A `label` is one printed copy of a label job: its multiplier is the number of the copy.

A `carrier_label` is the carrier's label of a package, whose id it has.
"""

GTIN_LENGTHS = frozenset({8, 12, 13, 14})
_SSCC_LENGTH = 18
_GTIN14 = 14


class Meaning(NamedTuple):
    """One thing a code stands for; a case code counts as `multiplier` units. A product has a name."""

    thing: Thing
    id: str
    multiplier: int = 1
    name: str | None = None

    @property
    def named(self) -> str:
        """It in words: `location A-1`."""
        return phrase("{thing} {id}", thing=word(self.thing), id=self.id)

    @property
    def item(self) -> str:
        """The product in words."""
        return f"{self.name or self.id} ({self.id})"


def key_of(code: str) -> str:
    """The form in which codes are stored and looked up.

    GTINs of 8, 12, 13 or 14 digits become 14 digits. Anything else stays as it is, without outer blanks; what a GS1
    code holds is taken out by `meaning`.
    """
    text = code.strip()
    return text.zfill(_GTIN14) if is_gtin(text) else text


def is_gtin(text: str) -> bool:
    """Whether it has the length, the digits and the check digit of a GTIN."""
    return len(text) in GTIN_LENGTHS and is_digits(text) and check_digit(text[:-1]) == text[-1]


def is_sscc(text: str) -> bool:
    """Whether it has the length, the digits and the check digit of an SSCC."""
    return len(text) == _SSCC_LENGTH and is_digits(text) and check_digit(text[:-1]) == text[-1]


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


def is_digits(text: str) -> bool:
    """Whether it is all 0 to 9; `isdigit` alone also likes superscripts and other scripts' digits."""
    return text.isascii() and text.isdigit()
