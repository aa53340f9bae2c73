"""Scanners in a process of their own: `python -m tests.support.flood RATE SECONDS FD…` writes to each descriptor.

Each code is its number and the moment of its writing (monotonic nanoseconds, the same clock in every process).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

LINE = b"%08d-%020d\r\n"


def start(masters: Sequence[int], rate_per_s: int, seconds: float) -> subprocess.Popen[bytes]:
    """Let each of the pseudo terminals scan `rate_per_s` codes a second."""
    command = [sys.executable, "-m", "tests.support.flood", str(rate_per_s), str(seconds), *map(str, masters)]
    return subprocess.Popen(command, pass_fds=masters, cwd=Path(__file__).parents[2])


def number_and_age_s(code: bytes, at_s: float) -> tuple[int, float]:
    """Which code it was, and how long before `at_s` (monotonic seconds) its last byte was written."""
    number, _, sent_ns = code.partition(b"-")
    return int(number), at_s - int(sent_ns) / 1e9


def _write(rate_per_s: int, seconds: float, masters: Sequence[int]) -> None:
    start_s = time.monotonic()
    for number in range(int(rate_per_s * seconds)):
        time.sleep(max(0.0, start_s + number / rate_per_s - time.monotonic()))
        for master in masters:
            os.write(master, LINE % (number, time.monotonic_ns()))


if __name__ == "__main__":
    _write(int(sys.argv[1]), float(sys.argv[2]), [int(each) for each in sys.argv[3:]])
