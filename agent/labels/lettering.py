"""The letters of a preview: from the font that Pillow brings, each squeezed to the place it has in printer font 0.

That font has ASCII and little more. Accents are drawn over their letter, a stroke through it, and other letters of
Latin-1 come from the bitmap font that pyStrich brings. A character that cannot be made so is a box: the printer may
print it, the preview does not pretend to know how it looks.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from agent.labels.fields import text_width

_CAPITALS = 750
"""Capitals of font 0 stand on this line, in thousandths of its height. Read off rendered labels, as is font_0.txt."""

Lines = tuple[tuple[tuple[int, int], ...], ...]
_LATIN_1 = frozenset("ßæÆðÐþÞ£§¿¡¢¥µ©®")
_STRUCK = {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
_INKED = 128
_SIZE = 100
"""Letters are drawn at this size and brought to the one that is wanted."""

# Each mark as lines in a square of 100: across, and down from its top.
_MARKS: dict[str, Lines] = {
    "\N{COMBINING GRAVE ACCENT}": (((25, 0), (65, 100)),),
    "\N{COMBINING ACUTE ACCENT}": (((75, 0), (35, 100)),),
    "\N{COMBINING CIRCUMFLEX ACCENT}": (((5, 100), (50, 0), (95, 100)),),
    "\N{COMBINING CARON}": (((5, 0), (50, 100), (95, 0)),),
    "\N{COMBINING TILDE}": (((0, 80), (30, 20), (70, 80), (100, 20)),),
    "\N{COMBINING DIAERESIS}": (((15, 30), (15, 70)), ((85, 30), (85, 70))),
    "\N{COMBINING MACRON}": (((0, 60), (100, 60)),),
    "\N{COMBINING BREVE}": (((5, 10), (30, 90), (70, 90), (95, 10)),),
    "\N{COMBINING DOT ABOVE}": (((50, 30), (50, 70)),),
    "\N{COMBINING RING ABOVE}": (((50, 0), (85, 50), (50, 100), (15, 50), (50, 0)),),
    "\N{COMBINING DOUBLE ACUTE ACCENT}": (((45, 0), (15, 100)), ((95, 0), (65, 100))),
    "\N{COMBINING CEDILLA}": (((50, 0), (70, 50), (40, 100)),),
    "\N{COMBINING OGONEK}": (((60, 0), (45, 60), (75, 100)),),
    "\N{COMBINING COMMA BELOW}": (((60, 20), (40, 100)),),
}
_BELOW = frozenset("\N{COMBINING CEDILLA}\N{COMBINING OGONEK}\N{COMBINING COMMA BELOW}")
_STROKE: Lines = (((0, 100), (100, 0)),)


class Glyph(NamedTuple):
    """A letter's dots, set off from the place of its text; no mask where it shows nothing."""

    mask: Image.Image | None
    left: int
    top: int
    is_box: bool = False


@lru_cache(maxsize=4096)
def glyph(character: str, height_dots: int) -> Glyph:
    """The dots of one character of font 0 at this height."""
    if character.isspace() or unicodedata.combining(character):
        return Glyph(None, 0, 0)
    base, *marks = list(unicodedata.normalize("NFD", _STRUCK.get(character, character)))
    if base not in _ink() or not _MARKS.keys() >= set(marks):
        return _box(character, height_dots)
    letter = _letter(base, height_dots)
    for mark in marks:
        letter = _marked(letter, mark, height_dots)
    if character in _STRUCK and letter.mask is not None:
        _lines(letter.mask, _STROKE, (0, 0, *letter.mask.size), height_dots)
    return letter


def _letter(base: str, height_dots: int) -> Glyph:
    """A letter of ours, stretched to where its ink is in font 0."""
    left, top, right, bottom = (round(each * height_dots / 1000) for each in _ink()[base])
    size = (max(1, right - left), max(1, bottom - top))
    mask = _drawn(base).resize(size, Image.Resampling.BOX)
    return Glyph(mask.point(lambda value: 255 * (value >= _INKED), "1"), left, top)


@cache
def _ink() -> dict[str, tuple[int, ...]]:
    """Where the ink of each character is in font 0: left, top, right, bottom in thousandths of the height."""
    _, *lines = (files("agent.labels") / "font_0.txt").read_text(encoding="utf-8").splitlines()
    return {line[0]: tuple(map(int, line[2:].split())) for line in lines}


@cache
def _drawn(character: str) -> Image.Image:
    """The ink of a letter, as large as its own font makes it."""
    canvas = Image.new("L", (3 * _SIZE, 3 * _SIZE))
    font = _bitmap_font() if character in _LATIN_1 else _font()
    shown = "-" if unicodedata.category(character) == "Pd" else character  # all dashes are one stroke
    ImageDraw.Draw(canvas).text((_SIZE, _SIZE), shown, fill=255, font=font)
    return canvas.crop(canvas.getbbox())


@cache
def _font() -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(_SIZE)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType; install the wheel from the package index.")
    return font


@cache
def _bitmap_font() -> ImageFont.ImageFont:
    with as_file(files("pystrich.fonts")) as folder:
        return ImageFont.load(str(folder / "courR24.pil"))


def _marked(letter: Glyph, mark: str, height_dots: int) -> Glyph:
    """The letter with an accent in a square of a fifth of its height above it, or with a hook below."""
    if letter.mask is None:
        return letter
    width, height = letter.mask.size
    side = max(3, height_dots // 6)
    below = mark in _BELOW
    mask = Image.new("1", (max(width, side), height + side))
    x = (mask.width - width) // 2
    mask.paste(letter.mask, (x, 0 if below else side))
    square = ((mask.width - side) // 2, height if below else 0)
    _lines(mask, _MARKS[mark], (*square, square[0] + side, square[1] + side - side // 4), height_dots)
    return Glyph(mask, letter.left - x, letter.top if below else letter.top - side)


def _lines(
    mask: Image.Image,
    lines: tuple[tuple[tuple[int, int], ...], ...],
    box: tuple[int, int, int, int],
    height_dots: int,
) -> None:
    left, top, right, bottom = box
    for line in lines:
        points = [(left + x * (right - 1 - left) // 100, top + y * (bottom - 1 - top) // 100) for x, y in line]
        ImageDraw.Draw(mask).line(points, fill=255, width=max(1, height_dots // 14))


def _box(character: str, height_dots: int) -> Glyph:
    size = (max(3, text_width(character, height_dots) - 2), max(3, height_dots * _CAPITALS // 1000))
    mask = Image.new("1", size)
    ImageDraw.Draw(mask).rectangle((0, 0, size[0] - 1, size[1] - 1), outline=255, width=max(1, height_dots // 20))
    return Glyph(mask, 1, 0, is_box=True)
