from __future__ import annotations

import base64
import binascii
import io
import re
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from agent.labels.graphics import MAX_BYTES, NoPicture, packed, read_picture


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def dots_of(field: bytes) -> tuple[int, bytes]:
    """Bytes a row and the rows, after checking every count and the checksum as a printer does."""
    found = re.fullmatch(rb"\^GFA,(\d+),(\d+),(\d+),:Z64:([A-Za-z0-9+/=]+):([0-9A-F]{4})", field)
    assert found is not None, field[:80]
    sent, total, row, packed, checksum = found.groups()
    assert int(checksum, 16) == binascii.crc_hqx(packed, 0)
    rows = zlib.decompress(base64.b64decode(packed))
    assert int(sent) == int(total) == len(rows)
    return int(row), rows


def test_a_box_is_the_published_example() -> None:
    image = Image.new("1", (8, 8), 1)
    for place in range(8):
        for dot in ((place, 0), (place, 7), (0, place), (7, place)):
            image.putpixel(dot, 0)
    row, rows = dots_of(packed(read_picture(png(image))))
    assert (row, rows.hex()) == (1, "ff818181818181ff")  # device_protocols 8.3


@given(st.integers(1, 40), st.integers(1, 12), st.data())
def test_every_dot_is_black_where_the_picture_is_dark(width: int, height: int, data: st.DataObject) -> None:
    grey = data.draw(st.binary(min_size=width * height, max_size=width * height))
    image = Image.frombytes("L", (width, height), grey)
    row, rows = dots_of(packed(read_picture(png(image))))
    assert row == (width + 7) // 8
    for y in range(height):
        bits = int.from_bytes(rows[y * row : (y + 1) * row], "big")
        wanted = [grey[y * width + x] < 128 for x in range(width)] + [False] * (row * 8 - width)
        assert [bool(bits >> (row * 8 - 1 - place) & 1) for place in range(row * 8)] == wanted


def test_what_is_transparent_is_paper_and_colours_count_by_their_brightness() -> None:
    image = Image.new("RGBA", (8, 2), (0, 0, 0, 0))
    image.putpixel((0, 0), (0, 0, 90, 255))
    image.putpixel((1, 0), (255, 255, 0, 255))
    assert dots_of(packed(read_picture(png(image))))[1] == b"\x80\x00"


@pytest.mark.parametrize(
    ("picture", "sentence"),
    [
        (b"no picture", "These bytes are no picture; send a PNG."),
        (png(Image.effect_noise((64, 64), 50))[:300], "This picture is damaged"),
        (bytes(MAX_BYTES + 1), "at most 8388608 bytes"),
    ],
)
def test_what_is_no_picture_is_refused_in_a_sentence(picture: bytes, sentence: str) -> None:
    with pytest.raises(NoPicture, match=sentence):
        read_picture(picture)


def test_a_small_file_that_unfolds_into_a_huge_picture_is_refused() -> None:
    huge = png(Image.new("1", (10_000, 8000)))
    assert len(huge) < MAX_BYTES
    with pytest.raises(NoPicture, match=r"at most 75000000 dots \(got 10000x8000"):
        read_picture(huge)
