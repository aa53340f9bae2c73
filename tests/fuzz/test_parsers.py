from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.devices.support import RECORDINGS
from tests.fuzz.parsers import CHECKS, PARSERS, try_one


def recorded() -> list[bytes]:
    rows = [
        line.rpartition("\t")[2]
        for file in sorted(RECORDINGS.glob("*.txt"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    return [bytes.fromhex(row) for row in rows]


FRAMES = recorded()


def flipped(frame: bytes, bits: list[int]) -> bytes:
    damaged = bytearray(frame)
    for bit in bits:
        damaged[bit // 8 % len(frame)] ^= 1 << bit % 8
    return bytes(damaged)


damaged_frames = st.builds(flipped, st.sampled_from(FRAMES), st.lists(st.integers(0, 2000), max_size=3))


@pytest.mark.parametrize("name", PARSERS)
@given(st.binary(max_size=1), st.lists(st.one_of(st.binary(max_size=20), damaged_frames), max_size=4))
def test_no_bytes_make_a_parser_raise_hold_too_much_or_take_a_frame_whose_check_fails(
    name: str, cut: bytes, parts: list[bytes]
) -> None:
    try_one(name, cut + b"".join(parts))


def test_every_check_belongs_to_a_parser() -> None:
    assert set(CHECKS) <= set(PARSERS)
