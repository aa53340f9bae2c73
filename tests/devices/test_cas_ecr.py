from __future__ import annotations

import pytest

from devices.protocols.cas_ecr import BLOCK_LENGTH, CasEcr
from devices.protocols.scale import Send
from devices.readings import BadFrame, Weight
from devices.simulators.cas_ecr_scale import CasEcrSpeech
from tests.devices.frame_cases import Cases, Recorded
from tests.devices.support import T, whole

R = Recorded.of("cas_ecr.txt", end=b"")

CASES = Cases(
    lambda: CasEcr("bench"),
    R.frames,
    {
        "ready": [Send(b"\x11")],
        "not ready": R.nothing("not ready", "the scale is not ready (NAK): wait until nothing moves on it"),
        "stable 1.235 kg": R.number("stable 1.235 kg", "1.235", "kg"),
        "unstable": R.number("unstable", "1.235", "kg", "unstable"),
        "negative 0.120": R.number("negative 0.120", "-0.120", "kg"),
        "overflow": R.nothing("overflow", range_="over", raw_unit="kg"),
        "zero": R.number("zero", "0.000", "kg"),
    },
    "2.5",
    lambda decoder: len(decoder._pending),
    BLOCK_LENGTH - 1,
    CasEcrSpeech(),
)
BLOCKS = [what for what, frame in R.frames.items() if len(frame) == BLOCK_LENGTH]


@pytest.mark.parametrize("what", BLOCKS)
def test_no_single_wrong_bit_makes_another_weight(what: str) -> None:
    for at in range(BLOCK_LENGTH):
        for bit in range(8):
            block = bytearray(R.frames[what])
            block[at] ^= 1 << bit
            values = whole(CasEcr("bench"), bytes(block))
            assert not [value for value in values if isinstance(value, Weight) and value.fault is None], block


def test_after_a_block_that_lost_its_end_the_next_one_is_read_from_its_beginning() -> None:
    block = R.frames["stable 1.235 kg"]
    values = whole(CasEcr("bench"), block[:9] + block + block)
    assert [type(value) for value in values] == [BadFrame, Weight, Weight]


def test_half_a_block_that_stays_alone_is_given_up() -> None:
    decoder, block = CasEcr("bench"), R.frames["stable 1.235 kg"]
    assert decoder.feed(block[:9], T) == []
    values = decoder.feed(block, T + 1.5)
    assert [type(value) for value in values] == [BadFrame, Weight]
