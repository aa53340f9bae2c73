"""Values that try to be commands, in every field of every template: a label always parses to its template's own list.

python -m tests.torture.label_fields --seed 1 --values 10000000
"""

from __future__ import annotations

import random
import string
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from agent.labels.draft import SLOT
from agent.labels.header import Field
from agent.labels.library import PACKAGED, packaged_names
from agent.labels.template import LabelRefused, LabelUnsafe, Template
from agent.labels.zpl_parse import NotZpl, parse
from tests.support.real_names import NAMES, PLACES, STREETS
from tests.torture.counts import Counts, command_line, in_processes, processes

DENSITIES = (203, 300)
TRICKS = (
    "^XA^XZ~JA",
    "^",
    "~",
    "\x10",
    "\x1e",
    "\x1f",
    "\x10JA",
    "\x1eXZ",
    "_5E",
    "_7E",
    "_1e",
    "_",
    "__5F",
    "_5",
    "^FS^XZ",
    "^CC+",
    "~CC!",
    "~CT!",
    "^CD;",
    "+XA",
    "\r\n^XZ",
    "{to.1}",
    "{sscc}",
    "%s",
    "%(x)s",
    "%",
    ">",
    ">8",
    ">;",
    ">:",
    ">0",
    "\\1",
    "\\",
    "\\&",
    "\x00",
    "\x1d",
    "^FH\\^FD\\5EXZ",
    "^FX",
    "^JUS",
    "~DG",
    "\u202e",
    "\u2066",
    "\u0301",
    "\u200d",
    "\ufeff",
    "🧨",
    "漢",
    "\ud800",
    "\udfff",
    "\u2028",
    "\x85",
    "\n",
    "\t",
    "…",
    "\N{FULLWIDTH CIRCUMFLEX ACCENT}",
    "\N{FULLWIDTH TILDE}",
)
REAL = NAMES + STREETS + PLACES


@dataclass(frozen=True)
class Part:
    """What one process does."""

    seed: int
    values: int


def run(seed: int, values: int) -> Counts:
    """So many values through the templates, on every core where that pays."""
    many = processes() if values > 100_000 else 1
    parts = [Part(seed * 1000 + number, values // many) for number in range(many)]
    if many > 1:
        return in_processes("label-fields", seed, _part, parts)
    began = time.monotonic()
    counts = _part(parts[0])
    counts.seed, counts.took_s = seed, time.monotonic() - began
    return counts


def hostile(rng: random.Random) -> str:
    """One value: any Unicode, tricks, real names with tricks, digits and letters, or far too much."""
    kind = rng.randrange(100)
    if kind < 30:
        return "".join(map(chr, (rng.randrange(0x110000) for _ in range(rng.randrange(12)))))
    if kind < 60:
        return "".join(rng.choices(TRICKS, k=rng.randrange(1, 6)))
    if kind < 80:
        real = rng.choice(REAL)
        place = rng.randrange(len(real) + 1)
        return real[:place] + rng.choice(TRICKS) + real[place:]
    if kind < 90:
        return "".join(map(chr, (rng.randrange(0x20, 0x7F) for _ in range(rng.randrange(30)))))
    if kind < 99:
        return "".join(map(chr, (rng.randrange(0x300) for _ in range(rng.randrange(40)))))
    return rng.choice(TRICKS + REAL) * rng.randrange(200)


def fitting(rng: random.Random, field: Field) -> str:
    """A value that a digits or code field should take."""
    letters = string.digits if field.kind == "digits" else "ABCabc019-_>.%!/"
    least = field.max_characters if field.kind == "digits" else 1
    return "".join(rng.choices(letters, k=rng.randint(least, field.max_characters)))


def fault_of(template: Template, zpl: bytes) -> str | None:
    """How a label differs from its template's own commands."""
    try:
        found = parse(zpl)
    except NotZpl as error:
        return str(error)
    if len(found) != len(template.commands):
        return f"{len(found)} commands where the template has {len(template.commands)}"
    for rendered, planned in zip(found, template.commands, strict=True):
        same = (rendered.prefix, rendered.code) == (planned.prefix, planned.code)
        if not same or (rendered != planned and SLOT.search(planned.parameters) is None):
            return f"{rendered} where the template has {planned}"
        if not rendered.parameters.isascii() or any(byte < 0x20 for byte in rendered.parameters):
            return f"bytes that a printer may act on: {rendered}"
    return None


def _part(part: Part) -> Counts:
    rng = random.Random(part.seed)
    counts = Counts("label-fields", part.seed)
    templates = [PACKAGED.get(name, dpi) for name in packaged_names() for dpi in DENSITIES]
    while counts.done["values"] < part.values:
        template = rng.choice(templates)
        values = _values(template, rng, lambda field: hostile(rng) if rng.random() < 0.1 else fitting(rng, field))
        counts.done["values"] += len(values)
        counts.done["labels"] += 1
        try:
            zpl = _rendered(template, values)
        except LabelUnsafe as unsafe:
            counts.violations.append(f"{unsafe}: {values!a}")
            continue
        if zpl is None:  # a code is refused, not cut: then everything else is tried with the sample's
            counts.done["refused"] += 1
            strict = {field.name: field.sample for field in template.fields.values() if _is_strict(field)}
            zpl = _rendered(template, values | strict)
        if zpl is None:
            counts.violations.append(f"{template.name} refuses its own samples beside {values!a}")
        elif fault := fault_of(template, zpl):
            counts.violations.append(f"{template.name} at {template.dpi} dpi: {fault}: {values!a}")
    return counts


def _values(template: Template, rng: random.Random, strict: Callable[[Field], str]) -> dict[str, str]:
    values = {}
    for field in template.fields.values():
        value = strict(field) if _is_strict(field) else hostile(rng)
        values[field.name] = "\n".join(value.split("\n")[: field.lines]) if field.kind == "list" else value
    return values


def _rendered(template: Template, values: dict[str, str]) -> bytes | None:
    try:
        return template.render(values)
    except LabelRefused:
        return None


def _is_strict(field: Field) -> bool:
    return field.kind in {"digits", "code"}


if __name__ == "__main__":
    sys.exit(command_line(run, values=10_000_000)())
