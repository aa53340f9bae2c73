"""Labels drawn by an independent renderer, and their barcodes read by an independent reader."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import zxingcpp
from PIL import Image

SCRIPT = Path(__file__).with_name("render.mjs")
LABELS_WORTH_A_PROCESS = 8  # a process takes a second to start, a label a tenth of one
TIMEOUT_S = 300


def render_labels(labels: Sequence[bytes], node: str) -> list[Image.Image]:
    """A picture of each label, of the size that its ^PW and ^LL say, drawn by one node process a core."""
    processes = max(1, min(os.cpu_count() or 1, len(labels) // LABELS_WORTH_A_PROCESS))
    shares = [labels[start::processes] for start in range(processes)]
    with ThreadPoolExecutor(processes) as pool:
        drawn = [iter(images) for images in pool.map(lambda share: _render(share, node), shares)]
    return [next(drawn[place % processes]) for place in range(len(labels))]


def read_barcodes(image: Image.Image) -> list[tuple[str, str]]:
    """AIM symbology identifier and text of each barcode, top to bottom."""
    found = zxingcpp.read_barcodes(image.convert("L"), try_downscale=False, try_invert=False)
    found = sorted(found, key=lambda code: code.position.top_left.y)
    return [(code.symbology_identifier, code.bytes.decode("utf-8", "replace")) for code in found]


def _size_of(label: bytes) -> tuple[int, int]:
    width, height = (re.search(rb"\^%s(\d+)" % code, label) for code in (b"PW", b"LL"))
    assert width is not None, label
    assert height is not None, label
    return int(width[1]), int(height[1])


def _render(labels: Sequence[bytes], node: str) -> list[Image.Image]:
    lines = "".join(json.dumps([label.decode("utf-8"), *_size_of(label)]) + "\n" for label in labels)
    done = subprocess.run(
        [node, str(SCRIPT)], input=lines, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    images: list[Image.Image] = [Image.open(io.BytesIO(base64.b64decode(line))) for line in done.stdout.split()]
    assert len(images) == len(labels), f"{len(images)} of {len(labels)} labels were drawn: {done.stderr[-2000:]}"
    return images
