from __future__ import annotations

import io
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

import pytest
from PIL import Image, ImageChops

from agent.labels.layout import Bars, Box, Element, Frame, Matrix, Text, placed
from agent.labels.library import PACKAGED, packaged_names
from agent.labels.preview import preview
from agent.labels.template import Template, TemplateFault
from agent.labels.zpl_parse import parse
from tests.support.needs import ROOT
from tests.support.render import read_barcodes, render_labels

DENSITIES = (203, 300, 600)
NEAR_DOTS = 2
WIDTH_SHARE = 0.15
HUMAN_S = 0.5
"""A person does not notice; the bench measures exactly."""
PICTURES = ROOT / "docs" / "pictures"
HEAD = "^XA^CI28^PW812^LL1218^LH0,0"


@dataclass(frozen=True)
class Pair:
    """One label, drawn by us and by the independent renderer."""

    template: Template
    elements: list[Element]
    ours: Image.Image
    theirs: Image.Image

    @property
    def name(self) -> str:
        return f"{self.template.name} at {self.template.dpi} dpi"


def shipped() -> list[Template]:
    found = []
    for name in packaged_names():
        for dpi in DENSITIES:
            try:
                found.append(PACKAGED.get(name, dpi))
            except TemplateFault:
                assert (name, dpi) == ("gs1_logistic_4x6", 600)
    return found


def picture_of(zpl: bytes) -> Image.Image:
    return Image.open(io.BytesIO(preview(parse(zpl)).png)).convert("L")


def text_of(data: str, height: int = 100) -> bytes:
    return f"{HEAD}^FO100,100^A0N,{height},{height}^FD{data}^FS^XZ".encode()


@pytest.fixture(scope="module")
def pairs(node_renderer: str) -> list[Pair]:
    templates = shipped()
    zpl = [template.render(template.samples()) for template in templates]
    theirs = [image.convert("L") for image in render_labels(zpl, node_renderer)]
    return [
        Pair(template, [each for _, each in placed(parse(label))], picture_of(label), image)
        for template, label, image in zip(templates, zpl, theirs, strict=True)
    ]


def ink(image: Image.Image, box: Box) -> Box:
    """Where something dark is within `box`, in dots of the label."""
    left, top = max(0, box.left), max(0, box.top)
    found = image.crop((left, top, box.right, box.bottom)).point(lambda value: 255 * (value < 128)).getbbox()
    assert found is not None, f"nothing is drawn in {box}"
    return Box(found[0] + left, found[1] + top, found[2] + left, found[3] + top)


@pytest.mark.slow
def test_the_same_barcodes_are_read_from_our_picture_and_from_the_renderers(pairs: list[Pair]) -> None:
    read = {pair.name: read_barcodes(pair.ours) for pair in pairs}
    assert read == {pair.name: read_barcodes(pair.theirs) for pair in pairs}
    assert {each.split(" at ")[0] for each, codes in read.items() if not codes} == {"address"}
    assert {symbology for codes in read.values() for symbology, _ in codes} == {"]C0", "]C1", "]d2", "]Q1"}


@pytest.mark.slow
def test_every_barcode_stands_on_the_same_dots_as_the_renderers(pairs: list[Pair]) -> None:
    for pair in pairs:
        for each in pair.elements:
            if isinstance(each, Bars):
                ours, theirs = (picture.crop(each.box) for picture in (pair.ours, pair.theirs))
                assert ImageChops.difference(ours, theirs).getbbox() is None, pair.name
            elif isinstance(each, Matrix):
                assert ink(pair.ours, each.quiet) == ink(pair.theirs, each.quiet) == each.box, pair.name


@pytest.mark.slow
def test_every_frame_stands_on_the_same_dots_as_the_renderers(pairs: list[Pair]) -> None:
    for pair in pairs:
        for each in pair.elements:
            if isinstance(each, Frame):
                ours, theirs = (picture.crop(each.box.wider(2, 2)) for picture in (pair.ours, pair.theirs))
                assert ImageChops.difference(ours, theirs).getbbox() is None, pair.name
                assert pair.ours.crop(each.box).getextrema() == (0, 0), pair.name


@pytest.mark.slow
def test_every_text_has_the_renderers_origin_height_and_width(pairs: list[Pair]) -> None:
    for pair in pairs:
        for each in pair.elements:
            if not isinstance(each, Text) or not each.text:
                continue
            box = each.box._replace(bottom=each.y + each.height_dots).wider(NEAR_DOTS, 0)
            ours, theirs = ink(pair.ours, box), ink(pair.theirs, box)
            where = f"{pair.name}: {each.text!r} {ours} {theirs}"
            assert abs(ours.left - theirs.left) <= NEAR_DOTS, where
            assert abs(ours.top - theirs.top) <= NEAR_DOTS, where
            assert abs((ours.bottom - ours.top) - (theirs.bottom - theirs.top)) <= NEAR_DOTS, where
            width, wanted = ours.right - ours.left, theirs.right - theirs.left
            assert abs(width - wanted) <= max(NEAR_DOTS, WIDTH_SHARE * wanted), where


@pytest.mark.slow
def test_letters_with_accents_stand_where_the_renderers_stand(node_renderer: str) -> None:
    words = ["Ünal", "Größe", "Çelik", "Žižkov", "Århus", "señor", "Ångström", "façade", "Łódź", "smørrebrød", "—…"]
    for word, theirs in zip(words, render_labels([text_of(word) for word in words], node_renderer), strict=True):
        everywhere = Box(0, 0, 812, 400)
        ours, wanted = ink(picture_of(text_of(word)), everywhere), ink(theirs.convert("L"), everywhere)
        assert abs(ours.left - wanted.left) <= 4 * NEAR_DOTS, word
        assert abs(ours.top - wanted.top) <= 4 * NEAR_DOTS, word
        assert abs((ours.right - ours.left) / (wanted.right - wanted.left) - 1) <= WIDTH_SHARE, word


def test_what_cannot_be_lettered_is_a_box_and_named() -> None:
    drawn = preview(parse(text_of("A漢Ж字A漢")))
    assert drawn.missing == "漢Ж字"
    assert preview(parse(text_of("Größe Łódź žluťoučký ½"))).missing == "½"
    box = ink(picture_of(text_of("漢")), Box(0, 0, 812, 400))
    assert (box.top, box.bottom) == (100, 175)


def test_the_picture_has_a_pixel_for_each_dot() -> None:
    for template in shipped():
        image = picture_of(template.render(template.samples()))
        assert image.size == (template.width_dots, template.height_dots), template.name


def test_a_preview_is_there_before_a_person_waits() -> None:
    template = PACKAGED.get("gs1_logistic_4x6", 203)
    zpl = template.render(template.samples())
    preview(parse(zpl))
    took = []
    for _ in range(5):
        began = time.perf_counter()
        preview(parse(zpl))
        took.append(time.perf_counter() - began)
    assert statistics.median(took) < HUMAN_S


def test_printing_loads_neither_pillow_nor_pystrich() -> None:
    program = (
        "import sys\n"
        "from agent.labels.library import PACKAGED\n"
        "t = PACKAGED.get('gs1_logistic_4x6', 203)\n"
        "t.render(t.samples())\n"
        "import agent.labels.preview, agent.api.labels\n"
        "print([name for name in sys.modules if name.partition('.')[0] in {'PIL', 'pystrich'}])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout == "[]\n"


@pytest.mark.parametrize("name", packaged_names())
def test_the_pictures_of_the_documentation_are_those_of_the_templates(name: str) -> None:
    """To renew them: `edge-agent labels preview NAME --out docs/pictures/label_NAME.png`."""
    template = PACKAGED.get(name, 203)
    kept = Image.open(PICTURES / f"label_{name}.png").convert("L")
    assert ImageChops.difference(kept, picture_of(template.render(template.samples()))).getbbox() is None
