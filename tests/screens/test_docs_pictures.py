"""The pictures that `docs/screens.md` shows are pictures that these tests take."""

from __future__ import annotations

import re

from PIL import Image

from tests.screens.docs_pictures import SHOWN
from tests.support.needs import ROOT

PAGE = ROOT / "docs" / "screens.md"


def test_the_page_shows_every_picture_once_and_no_other() -> None:
    shown = re.findall(r'src="pictures/([^"]+)"', PAGE.read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(SHOWN)
    assert len(shown) >= 12


def test_every_picture_has_the_size_of_the_screen_it_was_taken_on() -> None:
    for name, taken in SHOWN.items():
        with Image.open(ROOT / "docs" / "pictures" / name) as picture:
            width, height = picture.size
        wanted = re.search(r"(\d+)x(\d+)", taken)
        assert wanted is not None
        assert width == int(wanted[1]), name
        assert height >= int(wanted[2]), name
