from __future__ import annotations

from typing import Any

import pytest

from devices.protocols.cas_ecr import BLOCK_LENGTH, CasEcr
from devices.protocols.scale import ScaleValue, Send
from devices.readings import BadFrame, Weight
from tests.devices.recorded import Recorded
from tests.devices.scale_rules import ScaleProtocol
from tests.devices.support import T, whole

R = Recorded.of("cas_ecr.txt", end=b"")

MEANINGS: dict[str, list[ScaleValue]] = {
    "ready": [Send(b"\x11")],
    "not ready": R.nothing("not ready", "the scale is not ready (NAK): wait until nothing moves on it"),
    "stable 1.235 kg": R.number("stable 1.235 kg", "1.235", "kg"),
    "unstable": R.number("unstable", "1.235", "kg", "unstable"),
    "negative 0.120": R.number("negative 0.120", "-0.120", "kg"),
    "overflow": R.nothing("overflow", range_="over", raw_unit="kg"),
    "zero": R.number("zero", "0.000", "kg"),
}


class TestCasEcr(ScaleProtocol):
    frames, meanings = R.frames, MEANINGS
    stable, end, most_held = "stable 1.235 kg", b"", BLOCK_LENGTH - 1

    def decoder(self) -> CasEcr:
        return CasEcr("bench")

    def comparable(self, values: list[ScaleValue]) -> list[Any]:
        """Noise is told at once, so in as many pieces as it came."""
        joined: list[Any] = []
        for value in values:
            if isinstance(value, BadFrame) and value.why == "line noise":
                before = joined.pop() if joined and isinstance(joined[-1], bytes) else b""
                joined.append(before + value.raw)
            else:
                joined.append(value)
        return joined

    def held(self, decoder: Any) -> int:
        return len(decoder._pending)


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
    values = decoder.feed(R.frames["ready"], T + 1.5)
    assert [type(value) for value in values] == [BadFrame, Send]
