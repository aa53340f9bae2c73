from __future__ import annotations

import re

import pytest
from PIL import Image, ImageDraw

from agent.calibration_page import calibration_page, symbol
from devices.calibration import SHEET, SheetCode


def picture(svg: str) -> Image.Image:
    """The bars of an inline SVG, four dots to a module."""
    view = re.search(r'viewBox="0 0 (\d+) 1"', svg)
    assert view is not None
    image = Image.new("L", (int(view[1]) * 4, 160), 255)
    draw = ImageDraw.Draw(image)
    for x, width in re.findall(r'<rect x="(\d+)" y="0" width="(\d+)"', svg):
        draw.rectangle((int(x) * 4, 20, (int(x) + int(width)) * 4 - 1, 139), fill=0)
    return image


@pytest.mark.parametrize("code", SHEET, ids=lambda code: code.id)
def test_a_reader_gets_every_code_of_the_sheet_with_its_identifier(code: SheetCode) -> None:
    import zxingcpp  # noqa: PLC0415 -- slow to load

    (read,) = zxingcpp.read_barcodes(picture(symbol(code)))
    assert read.symbology_identifier.encode() == code.aim
    assert read.bytes == code.data


def test_the_page_stands_alone_and_shows_every_code() -> None:
    page = calibration_page()
    assert page.count("<svg") == len(SHEET)
    assert all(code.title in page for code in SHEET)
    assert "&lt;GS&gt;" in page
    assert not re.search(r"src=|href=|<script|http", page)
