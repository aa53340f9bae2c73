"""A template as it is written: its header and its commands with their lines; and the same for another density."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from agent.labels.header import Field, Stock, read_header
from agent.labels.zpl_parse import Command, NotZpl, parse

SLOT = re.compile(rb"\{([a-z][a-z_]*(?:\.\d+)?)\}")
MOST_MODULE_DOTS = 10
"""^BY and ^BQ draw no wider module, whatever the density (device_protocols 8.2)."""

# Which parameters of a command are dots on paper, and which are modules of a barcode.
_DOTS = {"FO": (0, 1), "A": (1, 2), "GB": (0, 1, 2), "BC": (1,), "CF": (1,), "PW": (0,), "LL": (0,)}
_MODULE = {"BY": 0, "BX": 1, "BQ": 2}


class Fault(NamedTuple):
    """One thing that is wrong with a template."""

    line: int
    sentence: str


@dataclass(frozen=True)
class Draft:
    """A template before it is trusted. `lines` says where in the file each command stands."""

    stock: Stock
    fields: Mapping[str, Field]
    commands: tuple[Command, ...]
    lines: tuple[int, ...]

    def slots(self) -> dict[str, Field]:
        """Every `{slot}` that the header declares, and the field it belongs to."""
        return {slot: field for field in self.fields.values() for slot in field.slots}


def read(text: str) -> tuple[Draft | None, list[Fault]]:
    """The draft in a template's text, and what could not be read; no draft where there are faults."""
    numbered = list(enumerate(text.splitlines(), 1))
    header = read_header([(number, line) for number, line in numbered if line.startswith("#")])
    faults = [Fault(*fault) for fault in header.faults]
    commands: list[Command] = []
    lines: list[int] = []
    for number, line in numbered:
        if line.startswith("#") or not line.strip():
            continue
        try:
            found = parse(line.encode())
        except NotZpl:
            faults.append(Fault(number, f"each line starts with a command, ^ or a # (got {line[:40]!r})."))
            continue
        commands += found
        lines += [number] * len(found)
    if header.stock is None or faults:
        return None, faults
    return Draft(header.stock, header.fields, tuple(commands), tuple(lines)), []


def scaled(draft: Draft, dpi: int) -> Draft:
    """The same label for another density: its own primitives, each in dots of that density.

    Places and sizes are rounded to the nearest dot, modules of barcodes to whole dots of at most 10, room for text
    down. 812 x 1218 dots at 203 dpi are 1200 x 1800 at 300 (device_protocols 8.4).
    """
    stock = draft.stock
    if dpi == stock.dpi:
        return draft
    fields = {
        name: replace(field, width_dots=field.width_dots * dpi // stock.dpi) for name, field in draft.fields.items()
    }
    size = Stock(_scale(stock.width_dots, stock.dpi, dpi), _scale(stock.height_dots, stock.dpi, dpi), dpi)
    return replace(
        draft, stock=size, fields=fields, commands=tuple(_command(each, stock.dpi, dpi) for each in draft.commands)
    )


def _command(command: Command, before: int, after: int) -> Command:
    parts = command.parameters.split(b",")
    for place in _DOTS.get(command.code, ()):
        if parts[place] != b"0":
            parts[place] = b"%d" % max(1, _scale(int(parts[place]), before, after))
    if command.code in _MODULE:
        place = _MODULE[command.code]
        parts[place] = b"%d" % min(MOST_MODULE_DOTS, _scale(int(parts[place]), before, after))
    return command if command.code == "FD" else command._replace(parameters=b",".join(parts))


def _scale(dots: int, before: int, after: int) -> int:
    return (dots * after + before // 2) // before
