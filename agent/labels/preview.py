"""A picture of a label, drawn here from the label's own commands: nothing leaves the machine.

The dots are the printer's dots: boxes and barcodes stand exactly where they will be, text has the place, height and
width of the printer's font 0 in other letters (lettering.py). What cannot be lettered is a box, named in
`Preview.missing`. Pillow is imported on first use, since most labels are printed unseen.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from agent.labels import barcodes
from agent.labels.fields import text_width
from agent.labels.layout import Bars, Frame, Matrix, Text, placed, size_of
from agent.labels.zpl_parse import Command

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

PAPER, INK = 1, 0
MISSING_SHOWN = 20
"""So many missing characters are named; more would not help."""


class Preview(NamedTuple):
    """A PNG of one dot a pixel, and the characters that are boxes in it."""

    png: bytes
    missing: str


def preview(commands: Iterable[Command]) -> Preview:
    """Draw a label's commands, those of a template of ours or a site's."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 -- on first use

    commands = list(commands)
    picture = Image.new("1", size_of(commands), PAPER)
    draw = ImageDraw.Draw(picture)
    missing: dict[str, None] = {}
    for _, element in placed(commands):
        match element:
            case Text():
                missing |= dict.fromkeys(_text(picture, element))
            case Frame():
                _frame(draw, element)
            case Bars():
                _bars(draw, element)
            case Matrix():
                _matrix(picture, element)
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=1)
    return Preview(file.getvalue(), "".join(missing))


def _text(picture: Image.Image, text: Text) -> list[str]:
    """Draw a line letter by letter, each as wide as in font 0. Returns what could not be drawn."""
    from agent.labels.lettering import glyph  # noqa: PLC0415 -- brings Pillow

    missing = []
    for place, character in enumerate(text.text):
        x = text.x + text_width(text.text[:place], text.height_dots)
        letter = glyph(character, text.height_dots)
        if letter.mask is not None:
            picture.paste(INK, (x + letter.left, text.y + letter.top), letter.mask)
        if letter.is_box:
            missing.append(character)
    return missing


def _frame(draw: ImageDraw.ImageDraw, frame: Frame) -> None:
    left, top, right, bottom = frame.box
    corners = (left, top, right - 1, bottom - 1)
    if min(right - left, bottom - top) <= 2 * frame.thickness:
        draw.rectangle(corners, fill=INK)
    else:
        draw.rectangle(corners, outline=INK, width=frame.thickness)


def _bars(draw: ImageDraw.ImageDraw, symbol: Bars) -> None:
    left, bottom = symbol.x, symbol.y + symbol.height_dots - 1
    for number, width in enumerate(barcodes.bars(symbol.words)):
        right = left + width * symbol.module
        if number % 2 == 0:
            draw.rectangle((left, symbol.y, right - 1, bottom), fill=INK)
        left = right


def _matrix(picture: Image.Image, symbol: Matrix) -> None:
    from PIL import Image  # noqa: PLC0415 -- on first use

    small = Image.new("1", (len(symbol.rows[0]), len(symbol.rows)))
    small.putdata([INK if dark else PAPER for row in symbol.rows for dark in row])
    size = (small.width * symbol.module, small.height * symbol.module)
    picture.paste(small.resize(size, Image.Resampling.NEAREST), (symbol.x, symbol.y))
