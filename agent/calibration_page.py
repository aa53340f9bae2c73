"""The calibration sheet of `devices.calibration` as one page to print: no file and no script beside it."""

from __future__ import annotations

from html import escape

from agent.labels.barcodes import bars
from agent.labels.code128 import FNC1, START_B
from devices.calibration import SHEET, SheetCode

QUIET_MODULES = 10  # a scanner needs that much white at both ends
MODULE_MM, HEIGHT_MM = 0.33, 15

START_A = 103
_CHECK_MODULUS = 103
_SET_A_CONTROLS, _SET_A_PRINTABLE, _FIRST_PRINTABLE = 64, -32, 32

STYLE = """
body { font: 14px sans-serif; margin: 12mm }
section { break-inside: avoid; margin: 0 0 14mm }
h2 { font-size: 14px; margin: 0 0 2mm }
code { display: block; margin-top: 1mm }
"""


def calibration_page() -> str:
    """The page as HTML text, with every code of the sheet as inline SVG."""
    sections = "".join(_section(number, code) for number, code in enumerate(SHEET, 1))
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Scanner calibration sheet</title>'
        f"<style>{STYLE}</style><h1>Scanner calibration sheet</h1>"
        "<p>Print at full size, start the calibration for one scanner, and scan every code once, top to bottom.</p>"
        f"{sections}</html>"
    )


def _section(number: int, code: SheetCode) -> str:
    title, text = escape(code.title), escape(_readable(code))
    return f"<section><h2>{number}. {title}</h2>{symbol(code)}<code>{text}</code></section>"


def symbol(code: SheetCode) -> str:
    """One code as inline SVG, a module wide in units."""
    widths = bars(tuple(words(code)))
    shapes, x = [], QUIET_MODULES
    for place, width in enumerate(widths):
        if place % 2 == 0:
            shapes.append(f'<rect x="{x}" y="0" width="{width}" height="1"/>')
        x += width
    total = x + QUIET_MODULES
    return (
        f'<svg viewBox="0 0 {total} 1" preserveAspectRatio="none" shape-rendering="crispEdges" '
        f'width="{total * MODULE_MM:.2f}mm" height="{HEIGHT_MM}mm">{"".join(shapes)}</svg>'
    )


def words(code: SheetCode) -> list[int]:
    """The code words of Code 128 with start and check character: set A where it carries a control character."""
    if code.symbology == "gs1-128":
        start, inner = START_B, [FNC1, *(FNC1 if byte == ord("\x1d") else _in_b(byte) for byte in code.data)]
    elif any(byte < _FIRST_PRINTABLE for byte in code.data):
        start, inner = START_A, [_in_a(byte) for byte in code.data]
    else:
        start, inner = START_B, [_in_b(byte) for byte in code.data]
    check = (start + sum(place * word for place, word in enumerate(inner, 1))) % _CHECK_MODULUS
    return [start, *inner, check]


def _in_a(byte: int) -> int:
    return byte + (_SET_A_CONTROLS if byte < _FIRST_PRINTABLE else _SET_A_PRINTABLE)


def _in_b(byte: int) -> int:
    return byte - _FIRST_PRINTABLE


def _readable(code: SheetCode) -> str:
    return code.data.decode("ascii").replace("\x1d", "<GS>").replace("\t", "<TAB>")
