"""Every rule a label template must keep, each a function whose first line says it (docs/labels.md lists them).

A rule yields what is wrong, with the line of the file, what stands there and what to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from agent.labels import barcodes, code128
from agent.labels.draft import SLOT, Draft, Fault
from agent.labels.fields import text_width
from agent.labels.header import Field
from agent.labels.layout import Bars, Box, Element, Matrix, Text, placed
from agent.labels.zpl_parse import Command

Rule = Callable[[Draft], Iterator[Fault]]
UM_PER_INCH = 25_400
LEAST_MODULE_UM = 250
"""What an ordinary hand scanner reads at arm's length: two dots at 203 dpi."""
GS1_MODULE_UM, GS1_HEIGHT_UM, GS1_WIDTH_UM = range(495, 1016 + 1), 31_750, 165_100
"""GS1-128 on logistic labels (device_protocols 8.5)."""


class Form(NamedTuple):
    """How a command may be written."""

    pattern: str
    written: str


# device_protocols 8.1: what outlives a label and so must be set by every one. Ribbon or direct thermal (^MT) is left
# to the printer: it follows from what is loaded, not from the label. ^JZN: after paper-out the printer must not
# repeat a label by itself. ^PQ1: one label an attempt.
SETTINGS = {
    "CI": Form("28", "^CI28"),
    "PW": Form(r"[1-9]\d{1,4}", "^PWdots"),
    "LL": Form(r"[1-9]\d{1,4}", "^LLdots"),
    "LH": Form("0,0", "^LH0,0"),
    "LT": Form("0", "^LT0"),
    "LS": Form("0", "^LS0"),
    "PO": Form("N", "^PON"),
    "PM": Form("N", "^PMN"),
    "LR": Form("N", "^LRN"),
    "FW": Form("N", "^FWN"),
    "CF": Form(r"0,[1-9]\d{1,3}", "^CF0,height"),
    "BY": Form(r"[1-9]\d?,2,10", "^BYmodule,2,10"),
    "MN": Form("[NYWMA]", "^MNY"),
    "MM": Form("[TPRC]", "^MMT"),
    "MD": Form(r"-?\d{1,2}", "^MD0"),
    "PR": Form(r"\d{1,2}(,\d{1,2}){0,2}", "^PRspeed"),
    "JZ": Form("N", "^JZN"),
    "PQ": Form("1,0,1,N", "^PQ1,0,1,N"),
}
# All else that a template may use. Nothing here changes prefixes, stores, resets, or wraps text by itself.
COMMANDS = SETTINGS | {
    "XA": Form("", "^XA"),
    "XZ": Form("", "^XZ"),
    "FO": Form(r"\d{1,5},\d{1,5}", "^FOx,y"),
    "FS": Form("", "^FS"),
    "A": Form(r"0N,([1-9]\d{1,3}),\1", "^A0N,height,width, both the same"),
    "FH": Form("_", "^FH_"),
    "FD": Form(r"[ -~]*", "^FDdata in ASCII"),
    "GB": Form(r"[1-9]\d{0,4},[1-9]\d{0,4},[1-9]\d{0,3}", "^GBwidth,height,thickness"),
    "BC": Form(r"N,[1-9]\d{0,3},N,N,N,N", "^BCN,height,N,N,N,N"),
    "BX": Form(r"N,[1-9]\d?,200,,,,\\,1", "^BXN,module,200,,,,\\,1"),
    "BQ": Form(r"N,2,[1-9]\d?", "^BQN,2,module"),
}
_NO_HEX = re.compile(rb"_(?![0-9A-Fa-f]{2})")
_FIELD = re.compile(r"FO (BY )?(GB |(A |BC |BX |BQ )(FH )?FD )FS")


def check_form(draft: Draft) -> list[Fault]:
    """The faults of how it is written; only without them does the layout mean anything."""
    faults = [fault for rule in FORM_RULES for fault in rule(draft)]
    return faults or list(codes_say_what_they_hold(draft))


def check_layout(draft: Draft) -> list[Fault]:
    """The faults of what would come out at the draft's density."""
    return [fault for rule in LAYOUT_RULES for fault in rule(draft)]


def only_these_commands(draft: Draft) -> Iterator[Fault]:
    """Only the commands listed above, written so; nothing that starts with ~."""
    for command, line in zip(draft.commands, draft.lines, strict=True):
        form = COMMANDS.get(command.code) if command.prefix == "^" else None
        shown = bytes(command).decode("utf-8", "replace")[:40]
        if form is None:
            yield Fault(line, f"labels may not use {shown[:3]}; take it away (got {shown!r}).")
        elif not re.fullmatch(form.pattern, command.parameters.decode("utf-8", "replace")):
            yield Fault(line, f"write {form.written} (got {shown!r}).")


def one_label_in_order(draft: Draft) -> Iterator[Fault]:
    """One label: `^XA`, settings, then fields of `^FO … ^FS`, each text, box or barcode with its own, `^XZ`."""
    codes = [command.code for command in draft.commands]
    if codes[:1] != ["XA"] or codes[-1:] != ["XZ"] or codes.count("XA") + codes.count("XZ") != 2:  # noqa: PLR2004
        yield Fault(1, "a template is one label: it starts with ^XA, ends with ^XZ and has no other of them.")
        return
    if "FO" not in codes:
        yield Fault(1, "there is nothing on this label; place a field with ^FO.")
        return
    head = start = codes.index("FO")
    for place in range(1, head):
        if codes[place] not in SETTINGS:
            yield Fault(draft.lines[place], f"^{codes[place]} belongs to a field; write it after its ^FO.")
    for place in range(head, len(codes)):
        if codes[place] in {"FS", "XZ"}:
            group = codes[start : place + (codes[place] == "FS")]
            known = all(code in COMMANDS for code in group)  # else it is told already
            if group and known and not _FIELD.fullmatch(" ".join(group)):
                written = b"".join(map(bytes, draft.commands[start : place + 1])).decode("utf-8", "replace")
                yield Fault(
                    draft.lines[start],
                    "a field is ^FO, then ^GB or one of ^A0N ^BCN ^BXN ^BQN with its ^FD, then ^FS "
                    f"(got {written[:60]!r}).",
                )
            start = place + 1


def every_setting_is_set(draft: Draft) -> Iterator[Fault]:
    """All settings that outlive a label are set before the first field: another user may have changed them."""
    codes = [command.code for command in draft.commands]
    first = codes.index("FO") if "FO" in codes else len(codes)
    unset = [f"^{code}" for code in SETTINGS if code not in codes[:first]]
    if unset:
        yield Fault(draft.lines[0] if draft.lines else 1, f"set {', '.join(unset)} too before the first ^FO.")
    for place, command in enumerate(draft.commands):
        if command.code in SETTINGS and command.code != "BY" and codes[:place].count(command.code):
            yield Fault(draft.lines[place], f"^{command.code} is set twice; take one away.")


def size_is_the_stock(draft: Draft) -> Iterator[Fault]:
    """`^PW` and `^LL` are the width and height of the stock."""
    for command, line in zip(draft.commands, draft.lines, strict=True):
        wanted = {"PW": draft.stock.width_dots, "LL": draft.stock.height_dots}.get(command.code)
        if wanted is not None and command.parameters != b"%d" % wanted:
            got = command.parameters.decode("utf-8", "replace")
            yield Fault(line, f"^{command.code} must be the stock's {wanted} dots (got {got}).")


def slots_are_declared(draft: Draft) -> Iterator[Fault]:
    """Every `{name}` is a field of the header, and every field and line of a field has its place."""
    slots, used = draft.slots(), set()
    for command, line in zip(draft.commands, draft.lines, strict=True):
        for name in SLOT.findall(command.parameters):
            used.add(name.decode())
            if name.decode() not in slots:
                yield Fault(line, f"{{{name.decode()}}} is not a field of the header; declare it or mend its name.")
        rest = SLOT.sub(b"", command.parameters).decode("utf-8", "replace")
        if "{" in rest or "}" in rest:
            yield Fault(line, f"a brace that is no field's would be printed; take it away (got {rest[:40]!r}).")
    for slot in slots:
        if slot not in used:
            yield Fault(1, f"{{{slot}}} stands nowhere on the label; place it or take its field away.")


def slots_are_safe(draft: Draft) -> Iterator[Fault]:
    """Text is the whole data of a `^A0N…^FH_^FD{name}^FS`; digits and codes may have constant neighbours."""
    slots = draft.slots()
    for place, command in enumerate(draft.commands):
        escaped = place > 0 and draft.commands[place - 1].code == "FH"
        if escaped and _NO_HEX.search(SLOT.sub(b"", command.parameters)):
            data = command.parameters.decode("utf-8", "replace")
            yield Fault(draft.lines[place], f"after ^FH_ write an underscore as _5F (got ^FD{data}).")
        for name in SLOT.findall(command.parameters):
            field = slots.get(name.decode())
            if field and (wanted := _written_wrong(draft, place, field)):
                data = command.parameters.decode()
                yield Fault(draft.lines[place], f"{field.kind} {field.name}: write {wanted} (got ^FD{data}).")


def codes_say_what_they_hold(draft: Draft) -> Iterator[Fault]:
    """A barcode holds every value its fields allow: pairs of digits in set C, letters in set B, GS1 in DataMatrix."""
    drawn = -1
    try:
        for place, _ in _elements(draft):
            drawn = place
    except (code128.NotCode128, barcodes.NoSymbol) as fault:
        left = enumerate(draft.commands[drawn + 1 :], drawn + 1)
        place = next(place for place, command in left if command.code == "FD")
        yield Fault(draft.lines[place], f"this barcode {fault} (got ^FD{draft.commands[place].parameters.decode()}).")


def modules_can_be_scanned(draft: Draft) -> Iterator[Fault]:
    """A module is at least 0.25 mm, in GS1-128 at least 0.495 mm with bars of 31.75 mm, and at most 10 dots."""
    for place, element in _elements(draft):
        line = draft.lines[place]
        if isinstance(element, Bars) and code128.is_gs1(list(element.words)):
            yield from _gs1_sizes(draft, line, element)
        elif isinstance(element, Bars | Matrix) and (um := _um(draft, element.module)) < LEAST_MODULE_UM:
            yield Fault(line, f"a module must be at least 0.25 mm (got {element.module} dots, {um / 1000:.3f} mm).")


def all_is_on_the_paper(draft: Draft) -> Iterator[Fault]:
    """Everything stands on the stock, barcodes with their quiet zones, text with all the room of its field."""
    paper = Box(0, 0, draft.stock.width_dots, draft.stock.height_dots)
    for place, element in _elements(draft):
        box = _room(draft, place, element)
        if box.left < 0 or box.top < 0 or box.right > paper.right or box.bottom > paper.bottom:
            yield Fault(
                draft.lines[place],
                f"this reaches over the paper of {paper.right}x{paper.bottom} dots: from {box.left},{box.top} to "
                f"{box.right},{box.bottom}; move it or make it smaller.",
            )


def text_has_room(draft: Draft) -> Iterator[Fault]:
    """The room of a text is at least twice its font height: one wide letter and the mark that the rest is missing."""
    for place, element in _elements(draft):
        named = SLOT.findall(draft.commands[place].parameters) if isinstance(element, Text) else []
        for field in (draft.slots()[name.decode()] for name in named):
            if isinstance(element, Text) and field.kind != "digits" and field.width_dots < 2 * element.height_dots:
                yield Fault(
                    draft.lines[place],
                    f"the room of {field.name} must be at least {2 * element.height_dots} dots at this height "
                    f"(got {field.width_dots}).",
                )


def quiet_zones_are_free(draft: Draft) -> Iterator[Fault]:
    """Nothing stands in a barcode's quiet zone: ten modules beside bars, four around QR, one around DataMatrix."""
    elements = list(_elements(draft))
    for place, element in elements:
        if not isinstance(element, Bars | Matrix):
            continue
        for other_place, other in elements:
            if other_place != place and element.quiet.meets(_room(draft, other_place, other)):
                yield Fault(
                    draft.lines[other_place],
                    f"this stands in the quiet zone of the barcode of line {draft.lines[place]}: keep "
                    f"{element.quiet.left},{element.quiet.top} to {element.quiet.right},{element.quiet.bottom} free.",
                )


FORM_RULES: tuple[Rule, ...] = (
    only_these_commands,
    one_label_in_order,
    every_setting_is_set,
    size_is_the_stock,
    slots_are_declared,
    slots_are_safe,
)
LAYOUT_RULES: tuple[Rule, ...] = (
    modules_can_be_scanned,
    text_has_room,
    all_is_on_the_paper,
    quiet_zones_are_free,
)
RULES = (*FORM_RULES, codes_say_what_they_hold, *LAYOUT_RULES)


def _written_wrong(draft: Draft, place: int, field: Field) -> str:
    """How a slot must be written, where it is not."""
    before = [bytes(command) for command in draft.commands[max(0, place - 2) : place]]
    what = next((each.code for each in reversed(draft.commands[:place]) if each.code in {"A", "BC", "BX", "BQ"}), "")
    escaped = before[-1:] == [b"^FH_"]
    whole = SLOT.fullmatch(draft.commands[place].parameters) is not None
    if draft.commands[place].code != "FD":
        return "it in a ^FD"
    if field.kind == "digits":
        return ""
    if field.kind == "code":
        if what == "BC":
            return "" if not escaped else f"^FD{{{field.name}}} without ^FH_ in a ^BC"
        if what == "A" and not field.width_dots:
            return "`width DOTS` in its header line, since it also stands as text"
        return "" if escaped else f"^FH_^FD…{{{field.name}}}…^FS"
    if what != "A" or not escaped or not whole:
        return "^A0N,height,width^FH_^FD{name}^FS, no more"
    return ""


def _elements(draft: Draft) -> Iterator[tuple[int, Element]]:
    """What is drawn with the widest values; with the place of its command."""
    slots = draft.slots()
    return placed(_widest(command, slots) for command in draft.commands)


def _widest(command: Command, slots: Mapping[str, Field]) -> Command:
    if command.code != "FD":
        return command

    def fill(found: re.Match[bytes]) -> bytes:
        field = slots[found[1].decode()]
        return (b"0" if field.kind == "digits" else b"a") * field.max_characters

    return Command("^", "FD", SLOT.sub(fill, command.parameters))


def _room(draft: Draft, place: int, element: Element) -> Box:
    """What an element may cover: for text the room its field gives it."""
    if isinstance(element, Bars | Matrix):
        return element.quiet
    if not isinstance(element, Text):
        return element.box
    slots = draft.slots()
    data = draft.commands[place].parameters
    fields = [slots[name.decode()] for name in SLOT.findall(data)]
    room = sum(field.width_dots for field in fields if field.kind != "digits")
    if not room:
        return element.box
    fixed = SLOT.sub(lambda found: b"0" * _digits(slots[found[1].decode()]), data).decode()
    return element.box._replace(right=element.x + room + text_width(fixed, element.height_dots))


def _digits(field: Field) -> int:
    return field.max_characters if field.kind == "digits" else 0


def _gs1_sizes(draft: Draft, line: int, symbol: Bars) -> Iterator[Fault]:
    module_um, height_um = _um(draft, symbol.module), _um(draft, symbol.height_dots)
    width_um = _um(draft, symbol.box.right - symbol.box.left)
    if module_um not in GS1_MODULE_UM:
        yield Fault(
            line,
            f"a module of GS1-128 must be 0.495 to 1.016 mm (got {symbol.module} dots at {draft.stock.dpi} dpi, "
            f"{module_um / 1000:.3f} mm; a printer draws at most 10 dots).",
        )
    if height_um < GS1_HEIGHT_UM:
        yield Fault(line, f"bars of GS1-128 must be 31.75 mm high (got {symbol.height_dots} dots).")
    if width_um > GS1_WIDTH_UM:
        yield Fault(line, f"a GS1-128 symbol must be at most 165.1 mm wide (got {width_um / 1000:.1f} mm).")


def _um(draft: Draft, dots: int) -> int:
    return dots * UM_PER_INCH // draft.stock.dpi
