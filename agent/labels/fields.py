"""One field of a label: cleaned, shaped to the dots it has, and escaped so that data never becomes a command."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

MAX_FIELD_BYTES = 3072  # device_protocols 8.1: one ^FD takes no more
ELLIPSIS = "…"

_PASSED = frozenset(range(0x20, 0x7F)) - frozenset(b"^~_")
_WRITTEN = [chr(byte) if byte in _PASSED else f"_{byte:02X}" for byte in range(256)]
_DROPPED_CATEGORIES = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))

# Advance of each character of scalable font 0, in thousandths of the height. Read off rendered labels: these are
# the steps of a bold condensed Helvetica. A character not listed counts as its base letter, then as _UNKNOWN.
_WIDTH_CLASSES = {
    250: "\\|",
    278: " /:;If'ijltł\N{LATIN SMALL LETTER DOTLESS I}{}",
    332: '!"(),.[]`r·',
    400: "z°",
    444: "Jcksvxy",
    500: "#$*+0123456789<=>?EFLTZ^_abdeghnopqu~ßŁ\N{EN DASH}“”€ø",
    556: "ABCKPSVXY",
    610: "DGHNOQRUØ",
    667: "&wµ",
    722: "æœ",
    778: "Mm",
    832: "%@W",
    800: "-",  # 400 in most fonts of this family; text that fits the wider one fits both
    1000: "…—",
}
_WIDTHS = {character: width for width, group in _WIDTH_CLASSES.items() for character in group}
_UNKNOWN = 610
_WIDE = 1000


class FieldTooLong(ValueError):  # noqa: N818 -- says what is wrong
    """A label field takes at most 3072 bytes."""


@dataclass(frozen=True)
class Box:
    """The room a text has on the label: dots across, dots of font height, and how many lines."""

    width_dots: int
    height_dots: int
    lines: int = 1


def escape(text: str) -> str:
    """The data between `^FH_^FD` and `^FS`, in ASCII: every byte outside the safe set as `_` and two hex digits.

    The label must say `^CI28` (device_protocols 8.1). Not for fields that use `^FB`, where a backslash is a command
    too. Raises FieldTooLong.
    """
    escaped = "".join([_WRITTEN[byte] for byte in text.encode(errors="replace")])
    if len(escaped) > MAX_FIELD_BYTES:
        raise FieldTooLong(
            f"A label field takes {MAX_FIELD_BYTES} bytes, this one needs {len(escaped)}; shorten its text."
        )
    return escaped


def clean(text: str) -> str:
    """`text` composed (NFC), without controls and invisible characters; white space is one space, line ends stay."""
    lines = unicodedata.normalize("NFC", text).splitlines()
    return "\n".join(" ".join(_visible(line).split()) for line in lines).strip("\n")


def shape(text: str, box: Box, max_characters: int) -> tuple[str, ...]:
    """Exactly `box.lines` lines that fit: broken between words, cut with `…` where the room ends, "" where unused."""
    cleaned = clean(text)
    if len(cleaned) > max_characters:
        cleaned = cleaned[: max_characters - 1] + ELLIPSIS
    lines = [line for paragraph in cleaned.split("\n") for line in _wrap(paragraph, box)]
    if len(lines) > box.lines:
        rest = " ".join(lines[box.lines - 1 :])
        lines = [*lines[: box.lines - 1], _cut(rest, box)]
    return (*lines, *[""] * (box.lines - len(lines)))


def rows(text: str, box: Box, max_characters: int) -> tuple[str, ...]:
    """One line for each line of `text`, cut with `…` where the room ends, so that columns stay side by side."""
    lines = [clean(line).replace("\n", " ") for line in text.split("\n")]
    return tuple(
        _cut(line if len(line) <= max_characters else line[: max_characters - 1] + ELLIPSIS, box) for line in lines
    )


def text_width(text: str, height_dots: int) -> int:
    """Dots that `text` takes in font 0 at this height, rounded up."""
    return -(-sum(map(_width, text)) * height_dots // 1000)


def plain_width(text: str, height_dots: int) -> int:
    """Dots that ASCII text takes, quickly, and at most 3 thousandths of the height a character too many."""
    return sum(text.encode("ascii").translate(_QUARTERS)) * height_dots // 250 + 1


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        character
        for character in text
        if character.isspace() or unicodedata.category(character) not in _DROPPED_CATEGORIES
    )


def _wrap(paragraph: str, box: Box) -> list[str]:
    if paragraph and _fits(paragraph, box):
        return [paragraph]
    lines: list[str] = []
    line = ""
    for word in paragraph.split():
        longer = f"{line} {word}" if line else word
        if _fits(longer, box):
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while not _fits(line, box):
            head = _head(line, box)
            lines.append(head)
            line = line[len(head) :]
    return [*lines, line] if line else lines


def _cut(text: str, box: Box) -> str:
    if _fits(text, box):
        return text
    while text and not _fits(text.rstrip() + ELLIPSIS, box):
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def _head(word: str, box: Box) -> str:
    """The longest start of `word` that fits, at least one character."""
    end = len(word)
    while end > 1 and not _fits(word[:end], box):
        end -= 1
    return word[:end]


def _fits(text: str, box: Box) -> bool:
    return text_width(text, box.height_dots) <= box.width_dots


@lru_cache(8192)
def _width(character: str) -> int:
    base = unicodedata.normalize("NFD", character)[:1]
    for known in (character, base):
        if known in _WIDTHS:
            return _WIDTHS[known]
    if unicodedata.combining(character):
        return 0
    return _WIDE if unicodedata.east_asian_width(character) in "WF" else _UNKNOWN


_QUARTERS = bytes(-(-_width(chr(code)) // 4) for code in range(128)) + bytes(128)
