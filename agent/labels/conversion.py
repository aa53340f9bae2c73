"""A carrier's label, a picture or a PDF, as ZPL labels for the paper that is in the printer (device_protocols 8.3).

Nothing is scaled: a bar of 3 dots stays one of 3 dots. A picture is taken dot for dot; a page of a PDF is drawn at
the printer's density. What does not fit is refused. A landscape label is turned, which changes no bar.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from agent.labels.graphics import DARK_BELOW, MAX_BYTES, MAX_DOTS, NoPicture, packed, read_picture
from devices.readings import Stock

if TYPE_CHECKING:
    from PIL import Image

MAX_PAGES = 20
"""Parcels of one order; a catalogue is no label."""
OVERHANG = 0.02
"""4 inches are 812 dots at 203 dpi, 813 at 8 dots a millimetre, and 816 where whole bytes are wanted."""
FILLS = 0.9
"""A picture of this share of the paper, both ways, was made for it, whatever density it claims."""
SAME_DENSITY = 0.02

_POINTS_PER_INCH = 72
_MM_PER_INCH = 25.4
_PDF_STARTS_WITHIN = 1024
_PASSWORD = 4
"""FPDF_ERR_PASSWORD."""
_one_at_a_time = threading.Lock()  # PDFium is not thread-safe

SETTINGS = "^CI28^PW%d^LL%d^LH0,0^LT0^LS0^PON^PMN^LRN^FWN^MNY^MMT^MD0^PR4^JZN^PQ1,0,1,N"


def converted(data: bytes, stock: Stock, dpi: int) -> list[bytes]:
    """Each page of `data`, a PNG or PDF, as one ZPL label for `stock` (dots of the printer) at `dpi`.

    It may take a second a page: call it in a thread. Raises NoPicture, whose message is for a person.
    """
    if len(data) > MAX_BYTES:
        raise NoPicture(f"A label has at most {MAX_BYTES} bytes (got {len(data)}); ask for a smaller one.")
    if b"%PDF-" in data[:_PDF_STARTS_WITHIN]:
        with _pages(data) as pages:
            return [_label(_fitted(_drawn(page, number, stock, dpi), stock), stock) for number, page in pages]
    return [_label(_fitted(_picture(data, stock, dpi), stock), stock)]


def _label(image: Image.Image, stock: Stock) -> bytes:
    settings = (SETTINGS % stock).encode("ascii")
    return b"^XA%s\n^FO0,0%s^FS\n^XZ\n" % (settings, packed(image))


def _picture(data: bytes, stock: Stock, dpi: int) -> Image.Image:
    image = read_picture(data)
    size = _size(image.size, stock)
    claimed = image.info.get("dpi", (0, 0))[0]
    fills = all(dots >= FILLS * room for dots, room in zip(size, stock, strict=True))
    if not fills and abs(claimed - dpi) > SAME_DENSITY * dpi:
        raise NoPicture(
            f"This picture has {image.width}x{image.height} dots and the labels have {stock}: it is drawn for other "
            f"labels or for another density. Ask the carrier for {dpi} dpi, or for a PDF."
        )
    return image


def _size(size: tuple[int, int], stock: Stock, what: str = "This picture") -> tuple[int, int]:
    """The size as it will lie on the paper, turned if it must be. Raises NoPicture when it does not fit."""
    for width, height in (size, size[::-1]):
        if _fits(width, stock.width_dots) and _fits(height, stock.length_dots):
            return width, height
    raise NoPicture(
        f"{what} is {size[0]}x{size[1]} dots and too large for labels of {stock}. Use a printer with larger labels, "
        "or ask the carrier for a label of that size."
    )


def _fits(dots: int, room: int) -> bool:
    return dots <= room * (1 + OVERHANG)


def _fitted(image: Image.Image, stock: Stock) -> Image.Image:
    """Turned and trimmed to the paper; only white is trimmed."""
    from PIL import Image  # noqa: PLC0415 -- on first use

    if _size(image.size, stock) != image.size:
        image = image.transpose(Image.Transpose.ROTATE_90)
    width, height = min(image.width, stock.width_dots), min(image.height, stock.length_dots)
    edges = (width, 0, image.width, image.height), (0, height, image.width, image.height)
    if any(_has_ink(image, edge) for edge in edges):
        raise NoPicture(
            f"This label is {image.width}x{image.height} dots and has ink beyond the edge of labels of {stock}. Ask "
            "the carrier for a label of that size."
        )
    return image if image.size == (width, height) else image.crop((0, 0, width, height))


def _has_ink(image: Image.Image, edge: tuple[int, int, int, int]) -> bool:
    left, top, right, bottom = edge
    if right <= left or bottom <= top:
        return False
    darkest: Any = image.crop(edge).getextrema()
    return bool(darkest[0] < DARK_BELOW)


@contextmanager
def _pages(data: bytes) -> Iterator[Iterator[tuple[int, Any]]]:
    """The pages of a PDF with their numbers. Raises NoPicture."""
    try:
        import pypdfium2  # type: ignore[import-untyped] # noqa: PLC0415 -- an optional part, and slow to load
    except ImportError as error:
        raise NoPicture(
            "PDF labels need the optional part 'graphics': pip install 'warehouse-edge-agent[graphics]'. Or ask the "
            "carrier for a PNG."
        ) from error
    with _one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(data)
            try:
                if len(document) > MAX_PAGES:
                    raise NoPicture(f"This PDF has {len(document)} pages; labels have at most {MAX_PAGES}.")
                yield ((number, document[number - 1]) for number in range(1, len(document) + 1))
            finally:
                document.close()
        except pypdfium2.PdfiumError as error:
            if error.err_code == _PASSWORD:
                raise NoPicture("This PDF is encrypted; ask the carrier for one without a password.") from error
            raise NoPicture(f"This PDF cannot be read: {error} Ask the carrier for it once more.") from error


def _drawn(page: Any, number: int, stock: Stock, dpi: int) -> Image.Image:
    """One page in grey at the printer's density. Its size is looked at before it is drawn."""
    points = page.get_size()
    width, height = (round(side * dpi / _POINTS_PER_INCH) for side in points)
    across, down = (round(side * _MM_PER_INCH / _POINTS_PER_INCH) for side in points)
    _size((width, height), stock, f"Page {number} of this PDF ({across}x{down} mm)")
    if not 0 < width * height <= MAX_DOTS:
        raise NoPicture(f"Page {number} of this PDF has no size that a label has ({across}x{down} mm).")
    drawn: Image.Image = page.render(scale=dpi / _POINTS_PER_INCH, grayscale=True).to_pil()
    return drawn
