"""A label template, compiled: from values to the bytes of a label, read back before anybody gets them.

Values that need nothing done go on the label as they are (plain.py). All others are cleaned, fitted and escaped one
by one. The result is the same, only slower.

Every label is read back. One of cleaned and escaped values is parsed in full, command by command. One of plain values
holds no byte that starts a command, as their pattern just showed, and the template's own text was parsed in full when
it was compiled: there the prefixes in the finished label are counted, in a hundredth of the time of parsing. Since
the template's text is unchanged in it, that says the same: as many as the template has, so none is in the data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from agent.labels import code128
from agent.labels.draft import SLOT, Draft, Fault, read, scaled
from agent.labels.fields import Box, escape, rows, shape, text_width
from agent.labels.header import Field
from agent.labels.lint import check_form, check_layout
from agent.labels.plain import Plain, getter
from agent.labels.zpl_parse import Command, parse

_CODE = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_GS1_CODE = re.compile(r"[!\"%-?A-Z_a-z]+")  # device_protocols 7.2; no \, so that nobody writes FNC1 by data
_CARET, _TILDE, _DLE, _RS = b"^~\x10\x1e"
_LINE_ENDS_AFTER = frozenset(("XA", "FS", "XZ"))
HOSTILE = "^XA~JA\x10JA\x1eXZ_5E>;\\1\r^CC+é漢\ud800"


class TemplateFault(Exception):  # noqa: N818 -- it is a list of faults, said in full
    """A template cannot be used. `faults` holds a sentence for each thing that is wrong, with file and line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class LabelRefused(ValueError):  # noqa: N818 -- a refusal, said in full
    """The values cannot make this label; the message says which one and what to do."""


class LabelUnsafe(Exception):  # noqa: N818 -- said to the person, not a programming error's name
    """A rendered label does not read back as its template: it must not reach a printer."""


class _Slot(NamedTuple):
    """A place for a value: which line of which field, and how it is written there."""

    field: str
    line: int
    write: Callable[[str], str]


@dataclass(frozen=True)
class Template:
    """A template for one density. Sizes are in dots of `dpi`; `commands` still have `{slots}` in their data."""

    name: str
    dpi: int
    width_dots: int
    height_dots: int
    fields: Mapping[str, Field]
    commands: tuple[Command, ...]
    heights: Mapping[str, int]
    """Font height of each field that stands as text."""
    gs1: frozenset[str]
    """Code fields that stand in a GS1 symbol, which takes fewer characters."""

    def render(self, values: Mapping[str, str]) -> bytes:
        """The label as ZPL bytes. `values` has one text for every field.

        Raises LabelRefused for missing, unknown or malformed values, LabelUnsafe when the result does not read back.
        """
        data = self._plain.data(self._texts(values))
        if data is None:
            zpl = self._filled(self._written(values))
            self.require_own_commands(zpl)
            return zpl
        zpl = self._filled(data)
        if _prefixes(zpl) != self._own_prefixes:
            raise self._unsafe()
        return zpl

    def samples(self) -> dict[str, str]:
        """The values that the header gives as examples."""
        return {name: field.sample for name, field in self.fields.items()}

    def require_own_commands(self, zpl: bytes) -> None:
        """Parse `zpl` as a printer would and compare. Raises LabelUnsafe when anything but data is another."""
        found = parse(zpl)
        if len(found) != len(self.commands):
            raise self._unsafe()
        for rendered, own in zip(found, self._own, strict=True):
            if rendered != own and (own is not None or rendered[:2] != ("^", "FD")):
                raise self._unsafe()

    def _unsafe(self) -> LabelUnsafe:
        return LabelUnsafe(
            f"Label {self.name} came out with other commands than its template has; it was not printed. Keep the "
            "values and report this fault."
        )

    def _filled(self, data: tuple[str, ...]) -> bytes:
        parts = self._parts.copy()
        parts[1::2] = data
        return "".join(parts).encode("ascii")

    def _texts(self, values: Mapping[str, str]) -> tuple[str, ...]:
        try:
            texts = self._in_header_order(values)
        except KeyError:
            texts = ()
        if len(texts) != len(values) or len(texts) != len(self.fields):
            odd = ", ".join(sorted(values.keys() ^ self.fields.keys()))
            raise LabelRefused(f"Label {self.name} takes exactly its own fields; missing or unknown: {odd}.")
        return texts

    def _written(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """What stands in each slot, the long way: cleaned, fitted, escaped."""
        lines = {name: self._lines(field, values[name]) for name, field in self.fields.items()}
        return tuple(slot.write(lines[slot.field][slot.line]) for slot in self._slots)

    def _lines(self, field: Field, value: str) -> tuple[str, ...]:
        """The lines of a value as a person reads them. Raises LabelRefused for what may not be cut."""
        if field.kind in {"digits", "code"}:
            self._require_whole(field, value)
            return (value,)
        box = Box(field.width_dots, self.heights[field.name], field.lines)
        if field.kind != "list":
            return shape(value, box, field.max_characters)
        lines = rows(value, box, field.max_characters)
        if len(lines) > field.lines:
            raise LabelRefused(
                f"Label {self.name}: {field.name} has {len(lines)} rows and the label takes {field.lines}; "
                "print the rest on another label."
            )
        return (*lines, *[""] * (field.lines - len(lines)))

    def _require_whole(self, field: Field, value: str) -> None:
        most = field.max_characters
        if field.kind == "digits":
            right = value.isascii() and value.isdigit() and len(value) == most
            wanted = f"exactly {most} digits"
        else:
            allowed = _GS1_CODE if field.name in self.gs1 else _CODE
            right = len(value) <= most and allowed.fullmatch(value) is not None
            kind = "GS1 letters, digits and signs" if field.name in self.gs1 else "ASCII letters, digits and signs"
            wanted = f"1 to {most} {kind}"
        if not right:
            raise LabelRefused(f"Label {self.name}: {field.name} must be {wanted} (got {value[:40]!r}); correct it.")
        height = self.heights.get(field.name)
        if height and field.width_dots and (width := text_width(value, height)) > field.width_dots:
            raise LabelRefused(
                f"Label {self.name}: {field.name} {value[:40]!r} is {width} dots wide and its room is "
                f"{field.width_dots}; a code is never cut, so use a template with more room."
            )

    @cached_property
    def _slots(self) -> tuple[_Slot, ...]:
        owners = {slot: (field, line) for field in self.fields.values() for line, slot in enumerate(field.slots)}
        found = []
        in_bars = False
        for command in self.commands:
            in_bars = command.code == "BC" or (in_bars and command.code != "FS")
            for name in SLOT.findall(command.parameters):
                field, line = owners[name.decode()]
                found.append(_Slot(field.name, line, code128.written if in_bars else escape))
        return tuple(found)

    @cached_property
    def _own(self) -> tuple[Command | None, ...]:
        """The commands as they must come out; None for data with a slot."""
        return tuple(None if SLOT.search(command.parameters) else command for command in self.commands)

    @cached_property
    def _parts(self) -> list[str]:
        """The whole label: text of the template's own and, in every second place, room for a slot."""
        own = b"".join(
            bytes(command) + (b"\n" if command.code in _LINE_ENDS_AFTER else b"") for command in self.commands
        )
        return SLOT.sub(b"\0slot\0", own).decode("ascii").split("\0")

    @cached_property
    def _own_prefixes(self) -> tuple[int, bool]:
        return _prefixes("".join(self._parts[::2]).encode("ascii"))

    @cached_property
    def _plain(self) -> Plain:
        """Knows values that go on the label as they are."""
        slots = [(slot.field, slot.line, slot.write is escape) for slot in self._slots]
        return Plain(self.fields, self.heights, self.gs1, slots)

    @cached_property
    def _in_header_order(self) -> Callable[[Mapping[str, str]], tuple[str, ...]]:
        return getter(list(self.fields))


def compile_template(name: str, text: str, dpi: int | None = None) -> Template:
    """A template from its text, for the density it is drawn at or another one, every rule of lint.py checked.

    Raises TemplateFault with every fault: first those of how it is written, then those of what would come out.
    """
    draft, faults = read(text)
    if draft is not None:
        faults = check_form(draft)
    if draft is None or faults:
        raise _told(name, faults)
    draft = scaled(draft, dpi or draft.stock.dpi)
    if faults := check_layout(draft):
        raise _told(name, faults)
    template = _compiled(name, draft)
    _prove(template)
    return template


def _told(name: str, faults: list[Fault]) -> TemplateFault:
    return TemplateFault([f"{name}.zpl:{fault.line}: {fault.sentence}" for fault in sorted(faults)])


def _compiled(name: str, draft: Draft) -> Template:
    owners, heights, gs1 = draft.slots(), dict[str, int](), set[str]()
    font, symbol = 0, ""
    for command in draft.commands:
        if command.code == "A":
            font, symbol = int(command.parameters.split(b",")[1]), "A"
        elif command.code in {"BC", "BX", "BQ"}:
            symbol = command.code
        for slot in SLOT.findall(command.parameters):
            field = owners[slot.decode()]
            if symbol == "A":
                heights[field.name] = max(font, heights.get(field.name, 0))
            elif field.kind == "code" and (symbol == "BX" or b">8" in command.parameters):
                gs1.add(field.name)
    stock = draft.stock
    return Template(
        name, stock.dpi, stock.width_dots, stock.height_dots, draft.fields, draft.commands, heights, frozenset(gs1)
    )


def _prove(template: Template) -> None:
    """Render the samples, and text that tries to be commands, and parse both in full. Raises TemplateFault."""
    samples = template.samples()
    text = {field.name: HOSTILE for field in template.fields.values() if field.kind in {"text", "block", "list"}}
    planned = [(command.prefix, command.code) for command in template.commands]
    for values in (samples, samples | text):
        try:
            zpl = template.render(values)
        except LabelRefused as refusal:
            raise TemplateFault([f"{template.name}.zpl:1: its own sample is refused: {refusal}"]) from refusal
        if [(command.prefix, command.code) for command in parse(zpl)] != planned:
            raise TemplateFault([f"{template.name}.zpl:1: its label does not read back; report this fault."])


def _prefixes(zpl: bytes) -> tuple[int, bool]:
    """How many commands a printer finds, and whether another byte than ^ starts any (zpl_parse)."""
    return zpl.count(_CARET), _TILDE in zpl or _DLE in zpl or _RS in zpl
