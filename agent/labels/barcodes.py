"""The modules of a barcode, from pyStrich; it is imported on first use, since most labels are printed unseen."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

Kind = Literal["qr", "datamatrix"]
Grid = tuple[tuple[bool, ...], ...]

_LEVELS: dict[str, Literal["L", "M", "Q", "H"]] = {"LA,": "L", "MA,": "M", "QA,": "Q", "HA,": "H"}
FNC1_WRITTEN = "\\1"
"""How a template writes FNC1 in a DataMatrix: `\\` is its escape character there, since `_` is that of ^FH."""


class NoSymbol(ValueError):  # noqa: N818 -- says what is wrong
    """Data that does not make the barcode it is meant for; the message says why."""


def bars(words: tuple[int, ...]) -> list[int]:
    """Widths in modules, bar and space in turn, of Code 128 code words with their check character."""
    from pystrich.code128.encoding import STOP, encodings  # noqa: PLC0415 -- on first use

    pattern = "".join(encodings[word] for word in words) + STOP + "11"
    return [len(run) for run in pattern.replace("10", "1 0").replace("01", "0 1").split()]


@lru_cache(maxsize=64)
def grid(kind: Kind, data: str) -> Grid:
    """Rows of modules, True where dark, without quiet zone. Raises NoSymbol.

    QR data begins with its error level and `A,` as in `^FDQA,…`; DataMatrix data with FNC1_WRITTEN: GS1 only.
    """
    from pystrich.exceptions import PyStrichError  # noqa: PLC0415 -- on first use

    try:
        rows = _qr(data) if kind == "qr" else _gs1_datamatrix(data)
    except PyStrichError as fault:
        raise NoSymbol(f"cannot be a {kind} symbol: {fault}") from fault
    return tuple(tuple(bool(cell) for cell in row) for row in rows)


def _qr(data: str) -> list[list[int]]:
    from pystrich.qrcode import QRCodeEncoder  # noqa: PLC0415 -- on first use

    level = _LEVELS.get(data[:3])
    if level is None:
        raise NoSymbol("must start with the error level and `A,`, as in QA,")
    return QRCodeEncoder(data[3:], level).matrix


def _gs1_datamatrix(data: str) -> list[list[int | None]]:
    from pystrich.datamatrix import FNC1, DataMatrixData, DataMatrixEncoder  # noqa: PLC0415 -- on first use

    start, *parts = data.split(FNC1_WRITTEN)
    if start or not parts:
        raise NoSymbol("must start with FNC1, written \\1: a DataMatrix on a label is a GS1 one")
    if any("\\" in part for part in parts):
        raise NoSymbol("has a \\ that is not the \\1 of FNC1")
    segments = [piece for part in parts for piece in (FNC1, part)]
    symbol = DataMatrixEncoder(DataMatrixData(*segments, encoding="ascii"), quiet_zone=0)
    return symbol.init_renderer().matrix
