"""A picture as the graphic of a label: one bit a dot, packed as ZPL's `:Z64:` (device_protocols 8.3).

For the labels that carriers hand out as pictures: conversion.py makes whole labels of them.
"""

from __future__ import annotations

import base64
import binascii
import io
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

MAX_BYTES = 8 * 1024 * 1024
MAX_DOTS = 5000 * 15_000
DARK_BELOW = 128
_LEVEL = 6  # level 9 takes five times as long and saves nothing (performance.md, 6)
# Pillow packs dots lowest bit first in half the time; this turns each byte round, and makes dark 1.
_TURNED = bytes(255 - int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class NoPicture(ValueError):  # noqa: N818 -- says what is wrong
    """Bytes that are no picture which a label can take; the message says why."""


def read_picture(picture: bytes) -> Image.Image:
    """A PNG or other image, in grey or black and white; what is transparent is paper. Raises NoPicture."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 -- on first use

    if len(picture) > MAX_BYTES:
        raise NoPicture(f"A picture has at most {MAX_BYTES} bytes (got {len(picture)}); make it smaller.")
    try:
        image = Image.open(io.BytesIO(picture))
        width, height = image.size
        if width * height > MAX_DOTS:
            raise NoPicture(f"A picture has at most {MAX_DOTS} dots (got {width}x{height}); make it smaller.")
        image.load()
        return image if image.mode in {"1", "L"} else _on_white(image)
    except UnidentifiedImageError:
        raise NoPicture("These bytes are no picture; send a PNG.") from None
    except (OSError, SyntaxError) as error:  # Pillow calls a broken PNG a SyntaxError
        raise NoPicture(f"This picture is damaged: {error}.") from error


def packed(image: Image.Image) -> bytes:
    """`^GFA,…` for an image in grey or black and white."""
    from PIL import Image  # noqa: PLC0415 -- on first use

    width = image.width
    rows = image.convert("1", dither=Image.Dither.NONE).tobytes("raw", "1;R").translate(_TURNED)
    bytes_a_row = (width + 7) // 8
    packed = base64.b64encode(zlib.compress(_without_padding(rows, width, bytes_a_row), _LEVEL))
    return b"^GFA,%d,%d,%d,:Z64:%s:%04X" % (len(rows), len(rows), bytes_a_row, packed, binascii.crc_hqx(packed, 0))


def _on_white(image: Image.Image) -> Image.Image:
    """In grey; what is transparent is paper."""
    from PIL import Image  # noqa: PLC0415 -- on first use

    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("L")
    seen = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("L")


def _without_padding(rows: bytes, width: int, bytes_a_row: int) -> bytes:
    """The last bits of each row are no dots: they stay white."""
    if width % 8 == 0:
        return rows
    cleared = bytearray(rows)
    kept = 0xFF << (8 - width % 8) & 0xFF
    last = slice(bytes_a_row - 1, None, bytes_a_row)
    cleared[last] = bytes(byte & kept for byte in cleared[last])
    return bytes(cleared)
