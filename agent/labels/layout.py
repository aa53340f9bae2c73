"""What a label's commands put on paper, and where: read by the lint and by the preview, so both see the same label.

Only commands that labels may use (see lint.py) are understood here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from agent.labels import barcodes, code128
from agent.labels.fields import text_width
from agent.labels.zpl_parse import Command

QR_DROP_DOTS = 10
"""A QR symbol begins this far below its ^FO (device_protocols 8.2): it was seen to follow the height of ^BY, which is
therefore 10 in every label."""
QUIET_QR, QUIET_DATAMATRIX = 4, 1
"""Modules to keep free around a symbol."""
_HEX = re.compile(rb"_([0-9A-Fa-f]{2})")


class Box(NamedTuple):
    """A rectangle in dots; right and bottom are the first dots outside."""

    left: int
    top: int
    right: int
    bottom: int

    def meets(self, other: Box) -> bool:
        """Whether the two share a dot."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def wider(self, across: int, along: int) -> Box:
        """The same with so many dots more on each side."""
        return Box(self.left - across, self.top - along, self.right + across, self.bottom + along)


@dataclass(frozen=True)
class Text:
    """A line of text in font 0; `y` is the top of its capitals."""

    x: int
    y: int
    height_dots: int
    text: str

    @property
    def box(self) -> Box:
        """What it covers."""
        width = text_width(self.text, self.height_dots)
        return Box(self.x, self.y, self.x + width, self.y + self.height_dots)


@dataclass(frozen=True)
class Frame:
    """A `^GB`: a rectangle drawn with lines of this thickness, filled where they meet."""

    box: Box
    thickness: int


@dataclass(frozen=True)
class Bars:
    """A Code 128 symbol."""

    x: int
    y: int
    module: int
    height_dots: int
    words: tuple[int, ...]

    @property
    def box(self) -> Box:
        """What it covers, without its quiet zones."""
        return Box(
            self.x, self.y, self.x + code128.modules(list(self.words)) * self.module, self.y + self.height_dots
        )

    @property
    def quiet(self) -> Box:
        """What must be kept free: ten modules at each side (device_protocols 8.5)."""
        return self.box.wider(10 * self.module, 0)


@dataclass(frozen=True)
class Matrix:
    """A QR code or a GS1 DataMatrix."""

    x: int
    y: int
    module: int
    rows: barcodes.Grid
    quiet_modules: int

    @property
    def box(self) -> Box:
        """What it covers, without its quiet zone."""
        size = len(self.rows) * self.module
        return Box(self.x, self.y, self.x + size, self.y + size)

    @property
    def quiet(self) -> Box:
        """What must be kept free around it."""
        free = self.quiet_modules * self.module
        return self.box.wider(free, free)


Element = Text | Frame | Bars | Matrix


def placed(commands: Iterable[Command]) -> Iterator[tuple[int, Element]]:
    """Each thing a label draws, with the place of the command that draws it.

    Raises code128.NotCode128 or barcodes.NoSymbol for data that its barcode cannot hold.
    """
    state: dict[str, list[str]] = {}
    for place, command in enumerate(commands):
        code, parameters = command.code, command.parameters
        if code == "GB":
            yield place, _frame(state, parameters)
        elif code == "FD":
            yield place, _field(state, parameters)
        elif code == "FS":
            for ended in ("A", "BC", "BX", "BQ", "FH"):
                state.pop(ended, None)
        else:
            state[code] = parameters.decode("utf-8", "replace").split(",")


def size_of(commands: Iterable[Command]) -> tuple[int, int]:
    """Width and height of the label in dots, as its ^PW and ^LL say."""
    said = {command.code: command.parameters for command in commands if command.code in {"PW", "LL"}}
    return int(said["PW"]), int(said["LL"])


def _frame(state: dict[str, list[str]], parameters: bytes) -> Frame:
    x, y = map(int, state["FO"])
    width, height, thickness = map(int, parameters.split(b","))
    return Frame(Box(x, y, x + max(width, thickness), y + max(height, thickness)), thickness)


def _field(state: dict[str, list[str]], parameters: bytes) -> Element:
    x, y = map(int, state["FO"])
    if "FH" in state:
        parameters = _HEX.sub(lambda found: bytes([int(found[1], 16)]), parameters)
    data = parameters.decode("utf-8", "replace")
    if "BC" in state:
        module = int(state["BY"][0])
        return Bars(x, y, module, int(state["BC"][1]), tuple(code128.code_words(data)))
    if "BX" in state:
        return Matrix(x, y, int(state["BX"][1]), barcodes.grid("datamatrix", data), QUIET_DATAMATRIX)
    if "BQ" in state:
        return Matrix(x, y + QR_DROP_DOTS, int(state["BQ"][2]), barcodes.grid("qr", data), QUIET_QR)
    return Text(x, y, int(state["A"][1] if "A" in state else state["CF"][1]), data)
