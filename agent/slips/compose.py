"""From a document to the bytes of a receipt printer, by python-escpos' `Dummy`; nothing of it opens a port.

python-escpos traps that are kept out here (libraries, finding 6; device_protocols 11.5, and its source):

- importing it adds a handler to the root logger and makes a folder under /tmp, with a pickle that another process
  could put there first;
- `text()` passes control characters on, so all text is cleaned before; one Chinese character makes it send the whole
  text as GB18030 to a printer that is set to another code page, so those become `?`;
- `barcode()` writes to standard output, and draws an image where the profile knows no barcodes, whose bytes a printer
  looks through for real-time commands; so barcodes are composed here, in set B of CODE128, which is all printable.
  (Set C would send `10 14 …` for the digits 16 20, and that opens a drawer.)
- `cut()` feeds six lines and then cuts whatever the paper; here the printer feeds by itself to its cutter.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from agent.slips.documents import Document
from agent.slips.layout import Bars, Piece, Title, laid_out, lines_of

if TYPE_CHECKING:
    from escpos.printer import Dummy  # type: ignore[import-untyped]

PICKLE_VARIABLE = "ESCPOS_CAPABILITIES_PICKLE_DIR"
DOTS_PER_COLUMN = 12  # font A
BAR_HEIGHT_DOTS = 60
NARROWEST_BAR_DOTS, WIDEST_BAR_DOTS = 2, 3
LAST_FEED_LINES = 5
MOST_BARCODE = 80

_AT_ONCE = re.compile("[\u4e00-\u9fa5]")
_PRINTABLE_ASCII = re.compile(r"[ -~]+")
_importing = threading.Lock()


class NoSuchProfile(Exception):  # noqa: N818 -- a refusal in words
    """python-escpos does not know a printer of that name."""

    def __init__(self, profile: str) -> None:
        super().__init__(
            f"There is no receipt printer profile '{profile}'. Use 'default', or one of python-escpos like TM-T88V."
        )


def compose(document: Document, columns: int, profile: str = "default", *, cutter: bool = True) -> bytes:
    """The bytes of a slip, without initialisation. Takes a third of a second the first time: call it in a thread.

    Raises NoSuchProfile.
    """
    printer = _dummy(profile)
    bars = bool(printer.profile.supports("barcodeB"))
    for piece in laid_out(document):
        _add(printer, piece, columns, bars=bars)
    return bytes(printer.output) + (b"\x1dVB\x00" if cutter else b"\x1bd" + bytes([LAST_FEED_LINES]))


def bar_width_dots(code: str, columns: int) -> int | None:
    """How wide a bar may be so that CODE128 (set B) fits on the paper; None: it never does.

    Its quiet zones lie in the margins, 4 mm on each side, where these printers cannot print.
    """
    modules = 11 * (len(code) + 2) + 13
    fitting = columns * DOTS_PER_COLUMN // modules
    return None if fitting < NARROWEST_BAR_DOTS else min(fitting, WIDEST_BAR_DOTS)


def _add(printer: Dummy, piece: Piece, columns: int, *, bars: bool) -> None:
    if isinstance(piece, Title):
        printer.set(bold=True, normal_textsize=True, double_height=True)
        _text(printer, lines_of(piece, columns))
        printer.set(bold=False, normal_textsize=True)
        return
    if bars and isinstance(piece, Bars) and (symbol := _symbol(piece.code, columns)):
        printer._raw(symbol)  # noqa: SLF001 -- its own barcode() prints to standard output
    _text(printer, lines_of(piece, columns))


def _symbol(code: str, columns: int) -> bytes | None:
    """The barcode, or None where it has no room: its text stands there in any case."""
    width = bar_width_dots(code, columns)
    if width is None or len(code) > MOST_BARCODE or not _PRINTABLE_ASCII.fullmatch(code):
        return None
    data = b"{B" + code.replace("{", "{{").encode("ascii")
    measures = b"\x1dh" + bytes([BAR_HEIGHT_DOTS]) + b"\x1dw" + bytes([width]) + b"\x1dH\x00"
    return measures + b"\x1dkI" + bytes([len(data)]) + data


def _text(printer: Dummy, lines: Iterable[str]) -> None:
    for line in lines:
        printer.text(_AT_ONCE.sub("?", line) + "\n")


def _dummy(profile: str) -> Dummy:
    """A printer of that model which only collects bytes. Raises NoSuchProfile."""
    _import_quietly()
    from escpos.printer import Dummy  # noqa: PLC0415 -- a quarter of a second and 22 MB for stations that print slips

    try:
        return Dummy(profile=profile)
    except KeyError as error:
        raise NoSuchProfile(profile) from error


def _import_quietly() -> None:
    """Import python-escpos once and undo what that does to the process."""
    with _importing:
        named = os.environ.pop(PICKLE_VARIABLE, None)  # it would load whatever pickle lies there
        silent = logging.NullHandler()
        logging.getLogger().addHandler(silent)  # a root logger with a handler gets no other
        try:
            from escpos import capabilities  # type: ignore[import-untyped]  # noqa: PLC0415 -- see above

            shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)
        finally:
            logging.getLogger().removeHandler(silent)
            if named is not None:
                os.environ[PICKLE_VARIABLE] = named
