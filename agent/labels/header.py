"""The typed header of a label template: what paper it is drawn for, and which values it takes.

Header lines start with `#` and one word:

    # note …                                                   for people
    # stock 812x1218 dots at 203 dpi                           what the layout is drawn for
    # field NAME text max N width DOTS like SAMPLE             one line, cut with … where the room ends
    # field NAME block max N width DOTS lines N like A|B       lines broken between words: {NAME.1} {NAME.2} …
    # field NAME list max N width DOTS lines N like A|B        rows of a column: each cut by itself, too many refused
    # field NAME digits exactly N like 00…                     digits only, in text and in barcodes
    # field NAME code max N [width DOTS] like SAMPLE           what a barcode holds, never cut: it fits or is refused
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

MAX_CHARACTERS = 250
"""More could need over 3072 bytes once each character is escaped (device_protocols 8.1)."""
LONGEST_PAPER_DOTS = 15_000

_STOCK = re.compile(r"(?P<width>\d{2,5})x(?P<height>\d{2,5}) dots at (?P<dpi>203|300|600) dpi")
_NAME, _LIKE = r"(?P<name>[a-z][a-z_]{0,39})", r" like (?P<sample>.+)"
_KINDS = {
    "text": re.compile(rf"{_NAME} text max (?P<max>\d+) width (?P<width>\d+){_LIKE}"),
    "block": re.compile(rf"{_NAME} block max (?P<max>\d+) width (?P<width>\d+) lines (?P<lines>\d+){_LIKE}"),
    "list": re.compile(rf"{_NAME} list max (?P<max>\d+) width (?P<width>\d+) lines (?P<lines>\d+){_LIKE}"),
    "digits": re.compile(rf"{_NAME} digits exactly (?P<max>\d+){_LIKE}"),
    "code": re.compile(rf"{_NAME} code max (?P<max>\d+)(?: width (?P<width>\d+))?{_LIKE}"),
}
_MAX_LINES = 40


class Stock(NamedTuple):
    """The paper, and the density it is drawn at."""

    width_dots: int
    height_dots: int
    dpi: int


@dataclass(frozen=True)
class Field:
    """One typed value. `width_dots` is 0 where nothing limits it; `lines` is 1 but for blocks and lists."""

    name: str
    kind: str
    max_characters: int
    sample: str
    width_dots: int = 0
    lines: int = 1

    @property
    def slots(self) -> list[str]:
        """What stands between braces in the template, line by line."""
        if self.kind in {"block", "list"}:
            return [f"{self.name}.{number}" for number in range(1, self.lines + 1)]
        return [self.name]


class Header(NamedTuple):
    """All that the header says. `stock` is None where it is missing."""

    stock: Stock | None
    fields: dict[str, Field]
    faults: list[tuple[int, str]]
    """Line number and sentence."""


def read_header(lines: list[tuple[int, str]]) -> Header:
    """The header from its numbered lines; what cannot be read is a fault, not an exception."""
    stock: Stock | None = None
    fields: dict[str, Field] = {}
    faults: list[tuple[int, str]] = []
    for number, line in lines:
        word, _, rest = line.removeprefix("#").strip().partition(" ")
        if word == "stock" and (found := _STOCK.fullmatch(rest)):
            stock = Stock(*(int(found[part]) for part in ("width", "height", "dpi")))
        elif word == "field" and (field := _field(rest)):
            if field.name in fields:
                faults.append((number, f"the field {field.name} is declared twice; take one away."))
            fields[field.name] = field
        elif word != "note":
            faults.append((number, f"this header line cannot be read; see docs/labels.md (got {line[:80]!r})."))
    if stock is None:
        faults.append((1, "the paper is not named; add `# stock WIDTHxHEIGHT dots at 203 dpi`."))
    elif max(stock.width_dots, stock.height_dots) > LONGEST_PAPER_DOTS:
        faults.append((1, f"the stock must be at most {LONGEST_PAPER_DOTS} dots (got {stock.height_dots})."))
    return Header(stock, fields, faults)


def _field(text: str) -> Field | None:
    for kind, pattern in _KINDS.items():
        if found := pattern.fullmatch(text):
            parts = found.groupdict()
            field = Field(
                parts["name"],
                kind,
                int(parts["max"]),
                parts["sample"].replace("|", "\n") if "lines" in parts else parts["sample"],
                int(parts.get("width") or 0),
                int(parts.get("lines") or 1),
            )
            fits = 1 <= field.max_characters <= MAX_CHARACTERS and 1 <= field.lines <= _MAX_LINES
            return field if fits else None
    return None
