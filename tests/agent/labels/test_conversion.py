"""A carrier's label as picture or PDF: what the printer would print of it, read back by independent readers."""

from __future__ import annotations

import base64
import io
import re
import sys
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from agent.labels.barcodes import bars
from agent.labels.code128 import code_words
from agent.labels.conversion import MAX_PAGES, converted
from agent.labels.graphics import MAX_BYTES, NoPicture, packed
from agent.labels.library import PACKAGED
from agent.labels.preview import preview
from agent.labels.zpl_parse import parse
from devices.readings import Stock
from tests.support.render import read_barcodes, render_labels

ROLL = Stock(812, 1218)
ROLL_300 = Stock(1200, 1800)
SSCC = "340123450000000017"


@pytest.fixture(scope="module")
def carrier() -> Image.Image:
    """A label of 4 x 6 inches as a carrier draws it: our own, as a picture."""
    template = PACKAGED.get("gs1_logistic_4x6", 203)
    values = template.samples() | {"sscc": SSCC}
    image = Image.open(io.BytesIO(preview(parse(template.render(values))).png))
    image.load()
    return image


def as_file(image: Image.Image, kind: str = "PNG", **how: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


def pdf_of(
    content: bytes, size: tuple[float, float] = (288, 432), *, more: bytes = b"", trailer: bytes = b""
) -> bytes:
    """A PDF of one page with these drawing commands, sizes in points."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %f %f] /Contents 4 0 R >>" % size,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + (
        b"xref\n0 5\n0000000000 65535 f \n%strailer\n<< /Size 5 /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF"
        % (table, trailer, len(data))
    )


def bars_of(data: str, module: float, left: float, bottom: float, height: float) -> bytes:
    """A Code 128 as lines of a PDF: `data` as `^BC` takes it, sizes in points."""
    drawn, x = [], left
    for place, width in enumerate(bars(tuple(code_words(data)))):
        if place % 2 == 0:
            drawn.append(b"%f %f %f %f re f" % (x, bottom, width * module, height))
        x += width * module
    return b"\n".join(drawn)


def dots_of(label: bytes) -> Image.Image:
    """The graphic of a label as a picture, its ink black."""
    found = re.search(rb"\^GFA,(\d+),\d+,(\d+),:Z64:([^:]+):", label)
    assert found is not None
    rows = zlib.decompress(base64.b64decode(found[3]))
    width = int(found[2]) * 8
    return Image.frombytes("1", (width, len(rows) * 8 // width), bytes(255 - byte for byte in rows))


def test_a_picture_is_taken_dot_for_dot_on_a_label_that_sets_all_it_relies_on(carrier: Image.Image) -> None:
    (label,) = converted(as_file(carrier), ROLL, 203)
    assert label.startswith(b"^XA^CI28^PW812^LL1218^LH0,0")
    assert b"^JZN^PQ1,0,1,N" in label
    assert [command.code for command in parse(label)][-4:] == ["FO", "GF", "FS", "XZ"]
    assert dots_of(label).crop((0, 0, 812, 1218)).tobytes() == carrier.convert("1").tobytes()


def test_what_a_printer_prints_of_it_is_read_by_a_reader(carrier: Image.Image, node_renderer: str) -> None:
    lines = pdf_of(bars_of(f">;>800{SSCC}", 1.2, 30, 100, 90))
    (picture,), (page,) = converted(as_file(carrier), ROLL, 203), converted(lines, ROLL_300, 300)
    printed = render_labels([picture, page], node_renderer)
    assert [each.size for each in printed] == [(812, 1218), (1200, 1800)]
    assert all(("]C1", f"00{SSCC}") in read_barcodes(each) for each in printed)


@pytest.mark.parametrize("kind", ["landscape picture", "page with a picture", "page of lines"])
def test_however_the_label_comes_its_code_is_the_same(carrier: Image.Image, kind: str) -> None:
    source = {
        "landscape picture": as_file(carrier.transpose(Image.Transpose.ROTATE_270)),
        "page with a picture": as_file(carrier.convert("RGB"), "PDF", resolution=203),
        "page of lines": pdf_of(bars_of(f">;>800{SSCC}", 1.2, 30, 100, 90)),
    }[kind]
    (label,) = converted(source, ROLL, 203)
    assert ("]C1", f"00{SSCC}") in read_barcodes(dots_of(label))


def test_several_pages_are_several_labels(carrier: Image.Image) -> None:
    blank = Image.new("L", carrier.size, 255)
    data = as_file(
        carrier.convert("L"), "PDF", resolution=203, save_all=True, append_images=[blank, carrier.convert("L")]
    )
    labels = converted(data, ROLL, 203)
    assert len(labels) == 3
    assert labels[0] == labels[2] != labels[1]
    assert ("]C1", f"00{SSCC}") in read_barcodes(dots_of(labels[0]))


@pytest.mark.parametrize(("stock", "dpi"), [(ROLL, 203), (ROLL_300, 300), (Stock(2400, 3600), 600)])
def test_a_page_of_lines_is_drawn_at_the_printers_own_density(stock: Stock, dpi: int) -> None:
    corner = pdf_of(b"0 418 14 14 re f")  # 14 points: a black square in the upper left corner
    (label,) = converted(corner, stock, dpi)
    box = dots_of(label).convert("L").point(lambda value: 255 - value).getbbox()
    assert box is not None
    assert box[:2] == (0, 0)
    assert abs(box[2] - 14 * dpi / 72) <= 1
    assert abs(box[3] - 14 * dpi / 72) <= 1


def test_a_label_that_is_a_little_too_large_is_trimmed_where_it_is_white_and_refused_where_it_is_not() -> None:
    image = Image.new("L", (816, 1224), 255)
    image.putpixel((811, 1217), 0)
    (label,) = converted(as_file(image), ROLL, 203)
    assert dots_of(label).getpixel((811, 1217)) == 0
    for spot in ((812, 5), (5, 1218)):
        inked = image.copy()
        inked.putpixel(spot, 0)
        with pytest.raises(NoPicture, match="816x1224 dots and has ink beyond the edge of labels of 812x1218 dots"):
            converted(as_file(inked), ROLL, 203)


@pytest.mark.parametrize(
    ("size", "claims", "roll", "dpi", "refusal"),
    [
        ((812, 1218), None, ROLL, 203, None),
        ((812, 1218), 96, ROLL, 203, None),
        ((1218, 812), None, ROLL, 203, None),
        ((800, 1200), None, ROLL, 203, None),
        ((812, 600), 203, ROLL, 203, None),
        ((812, 600), 300, ROLL, 203, "Ask the carrier for 203 dpi"),
        ((812, 1218), None, ROLL_300, 300, "Ask the carrier for 300 dpi"),
        ((812, 1218), 203, ROLL_300, 300, "Ask the carrier for 300 dpi"),
        ((1200, 1800), 300, ROLL, 203, "too large for labels of 812x1218 dots"),
        ((830, 1218), 203, ROLL, 203, "too large for labels of 812x1218 dots"),
    ],
)
def test_a_picture_for_other_paper_or_another_density_is_refused(
    size: tuple[int, int], claims: int | None, roll: Stock, dpi: int, refusal: str | None
) -> None:
    image = Image.new("1", size, 1)
    picture = as_file(image) if claims is None else as_file(image, dpi=(claims, claims))
    if refusal is None:
        assert len(converted(picture, roll, dpi)) == 1
    else:
        with pytest.raises(NoPicture, match=refusal):
            converted(picture, roll, dpi)


def test_a_page_too_large_is_refused_before_it_is_drawn() -> None:
    with pytest.raises(NoPicture, match=r"Page 1 of this PDF \(210x297 mm\) is 1678x2374 dots and too large"):
        converted(pdf_of(b"", (595, 842)), ROLL, 203)
    with pytest.raises(NoPicture, match="too large"):
        converted(pdf_of(b"", (1e6, 1e6)), ROLL, 203)


ENCRYPTED = pdf_of(
    b"",
    trailer=b"/ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>"
    % (b"41" * 32, b"42" * 32),
)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "These bytes are no picture"),
        (b"no label", "These bytes are no picture"),
        (b"%PDF-1.4 nothing", "This PDF cannot be read"),
        (ENCRYPTED, "This PDF is encrypted; ask the carrier"),
        (bytes(MAX_BYTES + 1), f"at most {MAX_BYTES} bytes"),
    ],
)
def test_what_is_no_label_is_refused_in_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(NoPicture, match=sentence):
        converted(data, ROLL, 203)


def test_a_pdf_of_many_pages_is_no_label() -> None:
    page = Image.new("1", (812, 1218), 1)
    data = as_file(page, "PDF", resolution=203, save_all=True, append_images=[page] * MAX_PAGES)
    with pytest.raises(NoPicture, match=f"has {MAX_PAGES + 1} pages; labels have at most {MAX_PAGES}"):
        converted(data, ROLL, 203)


def test_without_the_optional_part_a_pdf_says_what_to_install_and_a_picture_is_converted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(NoPicture, match="the optional part 'graphics': pip install"):
        converted(pdf_of(b""), ROLL, 203)
    assert len(converted(as_file(Image.new("1", ROLL, 1)), ROLL, 203)) == 1


def outcome(data: bytes, stock: Stock) -> list[str]:
    """The labels, or the refusal."""
    try:
        return [label.decode() for label in converted(data, stock, 203)]
    except NoPicture as refusal:
        return [str(refusal)]


@given(st.integers(0, 400), st.binary(max_size=40), st.integers(1, 40))
def test_a_damaged_label_is_refused_or_converted_and_never_anything_else(at: int, put: bytes, cut: int) -> None:
    for whole in (pdf_of(b"0 0 9 9 re f"), as_file(Image.effect_noise((64, 64), 50))):
        damaged = whole[:at] + put + whole[at + cut :]
        for said in outcome(damaged, Stock(64, 64) if whole[:1] == b"\x89" else ROLL):
            assert said.startswith("^XA") or said.endswith(".")


def test_a_line_of_grey_is_black_or_white_and_never_dots() -> None:
    for grey, ink in ((127, 0), (128, 255)):
        label = b"^XA^FO0,0" + packed(Image.new("L", (64, 8), grey)) + b"^FS^XZ"
        assert set(dots_of(label).convert("L").tobytes()) == {ink}
