"""What holds for the frames of every scale protocol. A protocol's test file says which frames, and what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.scale import ScaleDecoder, ScaleValue
from devices.readings import BadFrame, Mode, Range, Stability, Unit, Weight, Zero
from tests.devices.support import T, byte_by_byte, in_pieces, whole

GARBAGE = (b"\x00\xfe\x80", b"x7 kg\r\n", b"01.5", b"\x00" * 500, b"7" * 1000 + b"\r\n")


def numbers(values: list[ScaleValue]) -> list[Weight]:
    return [value for value in values if isinstance(value, Weight) and value.value is not None]


def number_in(weight: Weight) -> tuple[Decimal | None, Unit | None]:
    return weight.value, weight.unit


def damaged(frame: bytes) -> Iterator[bytes]:
    """The frame with one byte lost or doubled."""
    for at in range(len(frame)):
        yield frame[:at] + frame[at + 1 :]
        yield frame[: at + 1] + frame[at:]


class ScaleProtocol:
    """Rules that a protocol's own test class inherits."""

    frames: ClassVar[dict[str, bytes]]
    meanings: ClassVar[dict[str, list[ScaleValue]]]
    stable: ClassVar[str]
    """The recorded frame of an ordinary stable weight."""
    end: ClassVar[bytes]
    """What ends a frame."""
    most_held: ClassVar[int]
    """So many bytes may be kept at most."""

    def decoder(self) -> ScaleDecoder:
        raise NotImplementedError

    def test_every_recorded_frame_has_a_meaning_here(self) -> None:
        assert set(self.frames) == set(self.meanings)

    def test_a_frame_means_what_the_reference_says(self) -> None:
        for what, frame in self.frames.items():
            for feed in (whole, byte_by_byte):
                assert feed(self.decoder(), frame) == self.meanings[what], what

    def test_frames_joined_to_their_neighbours_are_read_as_one_after_the_other(self) -> None:
        one = self.decoder()
        singly = [value for frame in self.frames.values() for value in one.feed(frame, T)]
        joined = b"".join(self.frames.values())
        assert whole(self.decoder(), joined) == singly
        assert byte_by_byte(self.decoder(), joined) == singly
        assert not [value for value in singly if isinstance(value, BadFrame)]

    @pytest.mark.parametrize("garbage", GARBAGE)
    def test_after_garbage_the_next_frame_but_one_is_read_and_no_weight_is_made_up(self, garbage: bytes) -> None:
        frame = self.frames[self.stable]
        for what, other in self.frames.items():
            values = whole(self.decoder(), garbage + other + frame)
            assert isinstance(values[0], BadFrame), what
            assert numbers(values)[-1:] == self.meanings[self.stable][:1], what
            true = {number.value for number in numbers(self.meanings[what] + self.meanings[self.stable])}
            assert {number.value for number in numbers(values)} <= true, what

    def test_a_lost_or_doubled_byte_never_changes_the_number(self) -> None:
        for what, frame in self.frames.items():
            before, after = self.frames[self.stable], self.frames[self.stable]
            true = {number_in(each) for each in numbers(self.meanings[what] + self.meanings[self.stable])}
            for bad in damaged(frame):
                read = numbers(whole(self.decoder(), before + frame + bad + after + frame))
                assert {number_in(each) for each in read} <= true, (what, bad)

    def test_a_frame_with_bit_7_set_is_no_weight(self) -> None:
        for what, frame in self.frames.items():
            values = whole(self.decoder(), bytes(byte | 0x80 for byte in frame) * 12)
            assert all(isinstance(value, BadFrame) for value in values), what

    def test_it_never_raises_and_how_the_bytes_are_cut_changes_nothing(self) -> None:
        frames = st.sampled_from(list(self.frames.values()))
        broken = frames.flatmap(lambda frame: st.sampled_from(list(damaged(frame))))
        parts = st.lists(st.one_of(st.binary(max_size=30), frames, broken, st.just(b"7" * 300)))

        @given(parts, st.lists(st.integers(min_value=0), max_size=8))
        def check(parts: list[bytes], cuts: list[int]) -> None:
            data = b"".join(parts)
            expected = whole(self.decoder(), data)
            assert self.comparable(in_pieces(self.decoder(), data, cuts)) == self.comparable(expected)

        check()

    def comparable(self, values: list[ScaleValue]) -> list[Any]:
        """What must not depend on where the bytes are cut: everything, unless the protocol says otherwise."""
        return values

    def test_what_it_holds_back_is_bounded(self) -> None:
        @given(st.binary(max_size=2000))
        def check(data: bytes) -> None:
            decoder: Any = self.decoder()
            decoder.feed(data.replace(self.end, b""), T)
            assert self.held(decoder) <= self.most_held

        check()

    def held(self, decoder: Any) -> int:
        return len(decoder._lines._pending)


def assert_all_are_recorded(
    shared: Path,
    section: tuple[str, str],
    worked: int,
    recorded: set[bytes],
    questions: frozenset[bytes] = frozenset(),
) -> None:
    """The reference's `worked` frames between two places; questions of the host are not counted."""
    text = (shared / "reference" / "device_protocols.md").read_text(encoding="utf-8")
    start = text.index(section[0])
    rows = text[start : text.index(section[1], start)]
    found = {bytes.fromhex(raw) for raw in re.findall(r"`([0-9A-F]{2}(?: [0-9A-F]{2})*)`", rows)}
    assert len(found - questions) == worked
    assert found - questions <= set(recorded)


def weight(
    raw: bytes,
    value: str,
    unit: Unit,
    raw_unit: str | None = None,
    *,
    mode: Mode = "unknown",
    stability: Stability = "stable",
    zero: Zero = "unknown",
) -> Weight:
    """A weight as the device named "bench" tells it."""
    return Weight("bench", Decimal(value), unit, raw_unit or unit, mode, stability, "ok", zero, None, raw, T)


def nothing(
    raw: bytes,
    fault: str | None = None,
    *,
    range_: Range = "unknown",
    mode: Mode = "unknown",
    stability: Stability = "unknown",
    zero: Zero = "unknown",
    raw_unit: str = "",
) -> Weight:
    """A frame without a number."""
    return Weight("bench", None, None, raw_unit, mode, stability, range_, zero, fault, raw, T)
