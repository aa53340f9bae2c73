"""A label template: ZPL text with a typed field header, compiled once, rendered to bytes that are parsed back.

Header lines start with `#` and one word:

    # note …                                      for people
    # stock 812x1218 dots at 203 dpi              what the layout is drawn for
    # field NAME text max N width DOTS            one line, cut with …
    # field NAME block max N width DOTS lines N   several lines, placed as {NAME.1} {NAME.2} …
    # field NAME digits exactly N                 digits only, also inside barcodes

Everything else is plain ZPL. `{NAME}` stands where a value goes: text and block lines are the whole data of a
`^FH_^FD{NAME}^FS`, digits may stand beside constant data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from agent.labels.fields import Box, escape, shape
from agent.labels.zpl_parse import Command, parse

# device_protocols 8.1: what outlives a label and so must be set by every one. Ribbon or direct thermal (^MT) is left
# to the printer: it follows from what is loaded, not from the label.
SETTINGS = frozenset(
    ("CI", "PW", "LL", "LH", "LT", "LS", "PO", "PM", "LR", "FW", "CF", "BY", "MN", "MM", "MD", "PR", "JZ", "PQ")
)
# All that a template may use. Nothing here changes prefixes, stores, resets, or wraps text by itself.
COMMANDS = SETTINGS | frozenset(("XA", "XZ", "FO", "A", "GB", "FH", "FD", "FS", "BC"))

_STOCK = re.compile(r"(?P<width>\d+)x(?P<height>\d+) dots at (?P<dpi>\d+) dpi")
_TEXT = re.compile(r"(?P<name>[a-z][a-z_]*) text max (?P<max>\d+) width (?P<width>\d+)")
_BLOCK = re.compile(r"(?P<name>[a-z][a-z_]*) block max (?P<max>\d+) width (?P<width>\d+) lines (?P<lines>\d)")
_DIGITS = re.compile(r"(?P<name>[a-z][a-z_]*) digits exactly (?P<max>\d+)")
_SLOT = re.compile(rb"\{([a-z][a-z_]*)(?:\.([1-9]))?\}")


class TemplateFault(Exception):  # noqa: N818 -- a fault in a file we ship, found when it is compiled
    """A template cannot be compiled: which file, which place, what to correct."""


class LabelRefused(ValueError):  # noqa: N818 -- a refusal, said in full
    """The values cannot make this label; the message says which one and what to do."""


class LabelUnsafe(Exception):  # noqa: N818 -- said to the person, not a programming error's name
    """A rendered label does not parse back to its template: it must not reach a printer."""


@dataclass(frozen=True)
class Field:
    """One typed value of the header. `width_dots` and `lines` are 0 for digits."""

    name: str
    kind: str
    max_characters: int
    width_dots: int = 0
    lines: int = 0


@dataclass(frozen=True)
class Template:
    """A compiled template: its stock, its fields, and its commands with `{slots}` still in their data."""

    name: str
    dpi: int
    width_dots: int
    height_dots: int
    fields: Mapping[str, Field]
    heights: Mapping[str, int]
    commands: tuple[Command, ...]

    def render(self, values: Mapping[str, str]) -> bytes:
        """The label as ZPL bytes. `values` has one text for every field.

        Raises LabelRefused for missing, unknown or malformed values, LabelUnsafe when the result does not parse back.
        """
        if values.keys() != self.fields.keys():
            odd = ", ".join(sorted(values.keys() ^ self.fields.keys()))
            raise LabelRefused(f"Label {self.name} takes exactly its own fields; missing or unknown: {odd}.")
        slots = {slot: data for field in self.fields.values() for slot, data in self._data(field, values[field.name])}
        expected = [_filled(command, slots) for command in self.commands]
        zpl = b"".join(
            bytes(command) + (b"\n" if command.code in {"XA", "FS", "XZ"} else b"") for command in expected
        )
        require_same_commands(self.name, expected, zpl)
        return zpl

    def _data(self, field: Field, value: str) -> list[tuple[bytes, bytes]]:
        """The escaped data for each slot of `field`."""
        slot = field.name.encode()
        if field.kind == "digits":
            if not (value.isascii() and value.isdigit() and len(value) == field.max_characters):
                raise LabelRefused(
                    f"Label {self.name}: {field.name} must be exactly {field.max_characters} digits "
                    f"(got {value[:40]!r}); correct it."
                )
            return [(slot, value.encode())]
        box = Box(field.width_dots, self.heights[field.name], field.lines)
        lines = shape(value, box, field.max_characters)
        if field.kind == "text":
            return [(slot, escape(lines[0]))]
        return [(b"%s.%d" % (slot, number), escape(line)) for number, line in enumerate(lines, 1)]


@cache
def load(name: str) -> Template:
    """The packaged template `name`, compiled once. Raises TemplateFault."""
    source = files("agent.labels") / "templates" / f"{name}.zpl"
    if not source.is_file():
        raise TemplateFault(f"There is no label template {name!r}; templates are in agent/labels/templates.")
    return compile_template(name, source.read_text(encoding="utf-8"))


def compile_template(name: str, text: str) -> Template:
    """A template from its text, every rule of the module's description checked. Raises TemplateFault."""
    header = [line for line in text.splitlines() if line.startswith("#")]
    body = "".join(line for line in text.splitlines() if not line.startswith("#"))
    stock, fields = _read_header(name, header)
    commands = tuple(parse(body.encode()))
    _check_commands(name, commands, stock)
    heights = _check_slots(name, commands, fields)
    return Template(name, stock["dpi"], stock["width"], stock["height"], fields, heights, commands)


def require_same_commands(name: str, expected: list[Command], zpl: bytes) -> None:
    """Parse `zpl` as a printer would and compare. Raises LabelUnsafe when anything became a command."""
    found = parse(zpl)
    if found != expected:
        raise LabelUnsafe(
            f"Label {name} came out with {len(found)} commands where its template has {len(expected)}, or with "
            "others; it was not printed. Keep the values and report this fault."
        )


def _filled(command: Command, slots: Mapping[bytes, bytes]) -> Command:
    if command.code != "FD":
        return command
    return Command("^", "FD", _SLOT.sub(lambda slot: slots[slot[0][1:-1]], command.parameters))


def _read_header(name: str, header: list[str]) -> tuple[dict[str, int], dict[str, Field]]:
    stock: dict[str, int] = {}
    fields: dict[str, Field] = {}
    for line in header:
        word, _, rest = line.removeprefix("#").strip().partition(" ")
        if word == "note":
            continue
        if word == "stock" and (found := _STOCK.fullmatch(rest)):
            stock = {key: int(value) for key, value in found.groupdict().items()}
        elif word == "field" and (field := _field(rest)) and field.name not in fields:
            fields[field.name] = field
        else:
            raise TemplateFault(f"Template {name}: cannot read header line {line!r}, or it says a field twice.")
    if not stock:
        raise TemplateFault(f"Template {name}: no `# stock WIDTHxHEIGHT dots at N dpi` line; add it.")
    return stock, fields


def _field(text: str) -> Field | None:
    for kind, pattern in (("text", _TEXT), ("block", _BLOCK), ("digits", _DIGITS)):
        if found := pattern.fullmatch(text):
            parts = found.groupdict()
            lines = int(parts.get("lines", kind == "text"))
            return Field(parts["name"], kind, int(parts["max"]), int(parts.get("width", 0)), lines)
    return None


def _check_commands(name: str, commands: tuple[Command, ...], stock: Mapping[str, int]) -> None:
    codes = [command.code for command in commands]
    foreign = sorted({bytes(command).decode() for command in commands if command.prefix != "^"})
    foreign += sorted(set(codes) - COMMANDS)
    if foreign:
        raise TemplateFault(f"Template {name}: uses {', '.join(foreign)}, which labels may not.")
    if codes[:1] != ["XA"] or codes[-1:] != ["XZ"] or codes.count("XA") + codes.count("XZ") != 2:  # noqa: PLR2004
        raise TemplateFault(f"Template {name}: must be one format, from ^XA to ^XZ.")
    before = codes[: codes.index("FO")] if "FO" in codes else codes
    if unset := SETTINGS.difference(before):
        raise TemplateFault(f"Template {name}: must set {', '.join(sorted(unset))} before its first ^FO.")
    for code, key in (("PW", "width"), ("LL", "height")):
        said = [int(command.parameters) for command in commands if command.code == code]
        if said != [stock[key]]:
            raise TemplateFault(f"Template {name}: ^{code} must be the stock's {stock[key]} dots (got {said}).")


def _check_slots(name: str, commands: tuple[Command, ...], fields: Mapping[str, Field]) -> dict[str, int]:
    """Every slot declared, used and in the form its type asks for. Returns the font height of each text field."""
    declared = {slot for field in fields.values() for slot in _slots(field)}
    used: set[bytes] = set()
    heights: dict[str, int] = {}
    for place, command in enumerate(commands):
        for slot in _SLOT.finditer(command.parameters):
            field = fields.get(slot[1].decode())
            if command.code != "FD" or field is None or slot[0][1:-1] not in declared:
                raise TemplateFault(f"Template {name}: {slot[0].decode()} is not a declared field in a ^FD.")
            used.add(slot[0][1:-1])
            if field.kind == "digits":
                _check_digit_pairs(name, command, field)
                continue
            font, hexadecimal = commands[place - 2], commands[place - 1]
            if (font.code, bytes(hexadecimal), command.parameters) != ("A", b"^FH_", slot[0]):
                raise TemplateFault(f"Template {name}: write ^A0N,height,width^FH_^FD{slot[0].decode()}^FS, no more.")
            heights[field.name] = int(font.parameters.split(b",")[1])
    if unused := declared - used:
        raise TemplateFault(f"Template {name}: no place for {b', '.join(sorted(unused)).decode()}.")
    return heights


def _slots(field: Field) -> list[bytes]:
    if field.kind == "block":
        return [f"{field.name}.{number}".encode() for number in range(1, field.lines + 1)]
    return [field.name.encode()]


def _check_digit_pairs(name: str, command: Command, field: Field) -> None:
    """Code 128 set C takes pairs: an odd digit is dropped and another number printed (device_protocols 8.2)."""
    data = _SLOT.sub(b"0" * field.max_characters, command.parameters)
    if data.startswith(b">;") and len(data.removeprefix(b">;").removeprefix(b">8")) % 2:
        raise TemplateFault(f"Template {name}: {command.parameters.decode()} has an odd number of digits in set C.")
