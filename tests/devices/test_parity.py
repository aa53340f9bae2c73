from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.parity import DAMAGED, Parity, with_parity, without_parity

EVERY: list[Parity] = ["even", "odd", "none"]
SEVEN_BITS = st.binary().map(lambda data: bytes(byte & 0x7F for byte in data))


@pytest.mark.parametrize("parity", EVERY)
@given(SEVEN_BITS)
def test_what_is_sent_with_a_parity_is_read_with_it(parity: Parity, data: bytes) -> None:
    assert without_parity(with_parity(data, parity), parity) == data


@pytest.mark.parametrize("parity", ["even", "odd"])
@pytest.mark.parametrize("bit", range(8))
def test_one_wrong_bit_in_any_byte_is_seen(parity: Parity, bit: int) -> None:
    for byte in range(128):
        (sent,) = with_parity(bytes([byte]), parity)
        assert without_parity(bytes([sent ^ 1 << bit]), parity) == bytes([DAMAGED])


def test_the_bytes_of_the_reference_have_even_parity_in_bit_7() -> None:
    """The status bytes of the 8217 (device_protocols 2.2)."""
    assert with_parity(b"@ABCDEHP`a", "even") == bytes.fromhex("C0 41 42 C3 44 C5 48 50 60 E1")
