"""A carrier's label as it came, made fit for a printer of ours: pictures and PDFs are drawn, ZPL is checked.

ZPL from outside is a program for the printer. Only commands that draw or that hold for one label pass; whatever
stores, resets, counts, changes the prefixes or prints more than one label does not (device_protocols 8.1, 8.3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.labels.conversion import OVERHANG, SETTINGS, converted
from agent.labels.graphics import MAX_BYTES, NoPicture
from agent.labels.template import LabelRefused
from agent.labels.zpl_parse import Command, NotZpl, parse
from devices.driver import Printer
from devices.readings import Stock

ZPL_DPI = 203
"""What carriers draw ZPL for unless they say otherwise: 8 dots a millimetre."""
INCHES = (4, 6)
"""The labels of a printer whose stock nobody set: what carriers' labels are made for."""
MOST_COMMANDS = 20_000
_SIZE = 0.1
_ZPL_STARTS = re.compile(rb"\s*\^XA", re.IGNORECASE)
_ONE = re.compile(rb"\s*0*1\s*(,.*)?", re.DOTALL)
_NUMBER = re.compile(rb"\s*(\d{1,5})")

DRAWING = frozenset({"FO", "FT", "FS", "FD", "FH", "FB", "FP", "FR", "FX", "A", "GB", "GC", "GD", "GE", "GF", "GS"})
BARCODES = frozenset({f"B{each}" for each in "0123456789ABCDEFIJKLMOPQRSTUXYZ"})
OF_ONE_LABEL = frozenset(
    {"CF", "CI", "FW", "LH", "LL", "LR", "LS", "LT", "MC", "MD", "MM", "MN", "MT", "PM", "PO", "PQ", "PR", "PW", "JZ"}
)
"""Settings outlive a label, and every label of ours sets all of these afresh before its first field."""
ALLOWED = DRAWING | BARCODES | OF_ONE_LABEL | {"XA", "XZ"}


@dataclass(frozen=True, slots=True)
class CarrierLabel:
    """What `wrong_roll` must know of a label that is fitted to whatever labels a printer has."""

    width_dots: int
    height_dots: int
    name: str = "of the carrier"


def stock_of(printer: Printer) -> Stock:
    """The labels in a printer, in its dots."""
    return printer.stock or Stock(INCHES[0] * printer.dpi, INCHES[1] * printer.dpi)


def carrier_zpl(data: bytes, stock: Stock, dpi: int) -> bytes:
    """One ZPL label of a carrier's file, told by its bytes and never by its name: ZPL, PDF, or a picture.

    It may take a second: call it in a thread. Raises LabelRefused, whose message is for a person.
    """
    if len(data) > MAX_BYTES:
        raise LabelRefused(f"A label has at most {MAX_BYTES} bytes (got {len(data)}); ask for a smaller one.")
    if _ZPL_STARTS.match(data):
        return _checked(data, stock, dpi)
    try:
        labels = converted(data, stock, dpi)
    except NoPicture as fault:
        raise LabelRefused(f"The carrier's label cannot be printed here: {fault}") from fault
    if len(labels) != 1:
        raise LabelRefused(f"The carrier's file has {len(labels)} labels, and this parcel takes one. Get it from HQ.")
    return labels[0]


def is_for(zpl: bytes, stock: Stock) -> bool:
    """Whether a label made by `carrier_zpl` was made for this stock."""
    return (SETTINGS % stock).encode() in zpl


def _checked(data: bytes, stock: Stock, dpi: int) -> bytes:
    """ZPL that passed, with our settings before its own. Raises LabelRefused."""
    try:
        commands = parse(data.strip())
    except NotZpl as fault:
        raise LabelRefused(f"The carrier's label is no ZPL: {fault}") from fault
    _require_one_label(commands)
    for command in commands:
        if command.prefix != "^" or command.code not in ALLOWED:
            shown = f"{command.prefix}{command.code}"
            raise _refused(f"it uses {shown!a}, which does more than draw one label")
        if command.code == "PQ" and not _ONE.fullmatch(command.parameters):
            raise _refused(f"it asks for more than one label ({bytes(command)[:20]!a})")
        if command.code == "FD" and b"\x00" in command.parameters:
            raise _refused("a field holds a zero byte")
    _require_size(commands, stock, dpi)
    inside = b"\n".join(bytes(command) for command in commands[1:])
    return b"^XA%s\n%s\n" % ((SETTINGS % stock).encode(), inside)


def _require_one_label(commands: list[Command]) -> None:
    codes = [command.code for command in commands]
    if len(commands) > MOST_COMMANDS:
        raise _refused(f"it has {len(commands)} commands; a label has at most {MOST_COMMANDS}")
    if codes[:1] != ["XA"] or codes[-1:] != ["XZ"] or codes.count("XA") != 1 or codes.count("XZ") != 1:
        raise _refused(f"it is not one label: it has {codes.count('XA')} beginnings and {codes.count('XZ')} ends")
    if not {"FO", "FT"} & set(codes):
        raise _refused("there is nothing on it")


def _require_size(commands: list[Command], stock: Stock, dpi: int) -> None:
    """Bars of a label that is drawn for another density do not scan."""
    said = {command.code: _NUMBER.match(command.parameters) for command in commands if command.code in {"PW", "LL"}}
    width, length = said.get("PW"), said.get("LL")
    if width is None and dpi != ZPL_DPI:
        raise _refused(f"it does not say how wide it is, and the printer has {dpi} dpi, not {ZPL_DPI}")
    if width is not None and abs(int(width[1]) - stock.width_dots) > _SIZE * stock.width_dots:
        raise _refused(f"it is {int(width[1])} dots wide and the labels have {stock}")
    if length is not None and int(length[1]) > stock.length_dots * (1 + OVERHANG):
        raise _refused(f"it is {int(length[1])} dots long and the labels have {stock}")


def _refused(why: str) -> LabelRefused:
    return LabelRefused(
        f"The carrier's ZPL label is not sent to the printer: {why}. Have it made as PNG or PDF, or print it at HQ."
    )
