"""What holds for the frames of every scale protocol: each protocol's own module says what its frames mean."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.protocols.scale import ScaleValue
from devices.readings import BadFrame, Weight
from devices.simulators.scale_body import Shown
from tests.devices import test_adam as adam
from tests.devices import test_and_line as and_line
from tests.devices import test_cas as cas
from tests.devices import test_cas_ecr as cas_ecr
from tests.devices import test_ohaus as ohaus
from tests.devices import test_radwag as radwag
from tests.devices import test_sartorius_sbi as sbi
from tests.devices.frame_cases import Cases
from tests.devices.support import Feed, byte_by_byte, in_pieces, whole

PROTOCOLS: dict[str, Cases] = {
    "A&D": and_line.CASES,
    "A&D MT": and_line.CASES_MT,
    "Adam AZextra": adam.CASES_AZEXTRA,
    "Adam CPWplus": adam.CASES,
    "CAS 10": cas.CASES_10,
    "CAS 18": cas.CASES_18,
    "CAS 22": cas.CASES_22,
    "CAS ECR": cas_ecr.CASES,
    "OHAUS": ohaus.CASES,
    "Radwag": radwag.CASES,
    "SBI": sbi.CASES,
}
SPEECHES: dict[str, Cases] = {
    **{name: cases for name, cases in PROTOCOLS.items() if cases.speech},
    "A&D DP": and_line.DUMP,
    "A&D indicator": and_line.INDICATOR,
    "SBI 22": sbi.IDENTIFIED,
}
EVERY_FRAME = [(name, what) for name, cases in PROTOCOLS.items() for what in cases.frames]
REQUESTS = {bytes.fromhex("1B 50 0D 0A")}


def no_number(value: ScaleValue) -> bool:
    return not isinstance(value, Weight) or value.value is None


@pytest.mark.parametrize("name", PROTOCOLS)
def test_every_recorded_frame_has_a_meaning(name: str) -> None:
    assert set(PROTOCOLS[name].frames) == set(PROTOCOLS[name].meanings)


@pytest.mark.parametrize("section", sorted({cases.section for cases in PROTOCOLS.values()} - {""}))
def test_the_recordings_hold_every_worked_frame_of_the_reference(shared: Path, section: str) -> None:
    text = (shared / "reference" / "device_protocols.md").read_text(encoding="utf-8")
    start = text.index(f"\n### {section} ")
    worked = {
        bytes.fromhex(raw)
        for raw in re.findall(r"`((?:[0-9A-F]{2} )+[0-9A-F]{2})`", text[start : text.index("\n### ", start + 1)])
    } - REQUESTS
    assert worked
    assert worked <= {
        frame for cases in PROTOCOLS.values() if cases.section == section for frame in cases.frames.values()
    }


@pytest.mark.parametrize("feed", [whole, byte_by_byte])
@pytest.mark.parametrize(("name", "what"), EVERY_FRAME)
def test_a_frame_means_what_the_reference_says(name: str, what: str, feed: Feed) -> None:
    cases = PROTOCOLS[name]
    assert feed(cases.decoder(), cases.frames[what]) == cases.meanings[what]


@pytest.mark.parametrize("feed", [whole, byte_by_byte])
@pytest.mark.parametrize("name", PROTOCOLS)
def test_frames_joined_to_their_neighbours_are_all_read(name: str, feed: Feed) -> None:
    cases = PROTOCOLS[name]
    read = feed(cases.decoder(), b"".join(cases.frames.values()))
    assert read == [value for what in cases.frames for value in cases.meanings[what]]


@pytest.mark.parametrize(
    "garbage", [b"\x00\xfe\x80", b"x7 kg\r\n", b"S S    1", b"\x00" * 500, b"~" * 1000 + b"\r\n"]
)
@pytest.mark.parametrize("name", PROTOCOLS)
def test_after_garbage_the_next_frame_but_one_is_always_read_and_no_weight_is_made_up(
    name: str, garbage: bytes
) -> None:
    cases = PROTOCOLS[name]
    for what, meaning in cases.meanings.items():
        values = whole(cases.decoder(), garbage + cases.frames[what] * 2)
        assert isinstance(values[0], BadFrame), what
        assert values[len(values) - len(meaning) :] == meaning, what
        assert all(value in meaning for value in values if not isinstance(value, BadFrame)), what


@pytest.mark.parametrize("name", [name for name, cases in PROTOCOLS.items() if cases.sees_lost_bytes])
def test_a_lost_or_doubled_byte_never_changes_the_number(name: str) -> None:
    cases = PROTOCOLS[name]
    for what, frame in cases.frames.items():
        weights = [value for value in cases.meanings[what] if isinstance(value, Weight)]
        true = {(value.value, value.unit, value.stability) for value in weights}
        for at in range(len(frame)):
            for damaged in (frame[:at] + frame[at + 1 :], frame[: at + 1] + frame[at:]):
                for value in whole(cases.decoder(), damaged + frame):
                    assert no_number(value) or (value.value, value.unit, value.stability) in true, damaged


@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_frame_with_bit_7_set_is_no_weight(name: str) -> None:
    for frame in PROTOCOLS[name].frames.values():
        values = whole(PROTOCOLS[name].decoder(), bytes(byte | 0x80 for byte in frame) + b"\r\n")
        assert values, frame
        assert all(isinstance(value, BadFrame) for value in values), frame


def told(values: list[Any]) -> list[Any]:
    """The same, whether noise was told in one piece or in several."""
    joined: list[Any] = []
    for value in values:
        if isinstance(value, BadFrame) and value.why == "line noise":
            before = joined.pop() if joined and isinstance(joined[-1], bytes) else b""
            joined.append(before + value.raw)
        else:
            joined.append(value)
    return joined


@pytest.mark.parametrize("name", PROTOCOLS)
@settings(max_examples=settings().max_examples // 3)  # of each protocol
@given(data=st.data())
def test_it_never_raises_and_how_the_bytes_are_cut_changes_nothing(name: str, data: st.DataObject) -> None:
    cases = PROTOCOLS[name]
    frame = st.sampled_from(list(cases.frames.values()))
    damaged = st.builds(lambda frame, at, byte: frame[: at % 30] + byte + frame[at % 30 :], frame, *ODD_BYTES)
    parts = data.draw(st.lists(st.one_of(st.binary(max_size=20), frame, damaged, st.just(b"7" * 70)), max_size=8))
    stream = b"".join(parts)
    expected = whole(cases.decoder(), stream)
    assert told(in_pieces(cases.decoder(), stream, data.draw(CUTS))) == told(expected)
    assert all(value.raw in stream for value in expected if isinstance(value, Weight | BadFrame))


ODD_BYTES = (st.integers(0, 30), st.binary(min_size=1, max_size=1))
CUTS = st.lists(st.integers(min_value=0), max_size=8)


@given(st.binary(max_size=300))
def test_what_it_holds_back_is_bounded(data: bytes) -> None:
    for name, cases in PROTOCOLS.items():
        decoder = cases.decoder()
        whole(decoder, data.replace(b"\r\n", b""))
        assert cases.held(decoder) <= cases.most_held, name


@pytest.mark.parametrize("name", SPEECHES)
@settings(max_examples=settings().max_examples // 5)  # of each protocol
@given(grams=st.integers(-9_000, 9_000), tare_g=st.sampled_from([0, 250]), stable=st.booleans())
def test_what_the_simulator_shows_is_what_is_read(name: str, *, grams: int, tare_g: int, stable: bool) -> None:
    cases = SPEECHES[name]
    assert cases.speech is not None
    shown = Shown(grams * 1000, tare_g * 1000, stable, "ok", fault=False, unit="kg", resolution=Decimal("0.001"))
    frame = cases.speech.frame(shown)
    *_, last = whole(cases.decoder(), frame * 2)
    assert isinstance(last, Weight)
    if last.stability == "unstable" and last.value is None:  # SBI hides the unit while it moves
        assert not stable
    else:
        assert (last.weight_mg, last.unit) == (grams * 1000, "kg")
        assert last.stability in ("stable" if stable else "unstable", "unknown")


@pytest.mark.parametrize("name", SPEECHES)
@pytest.mark.parametrize("range_", ["over", "under"])
@pytest.mark.parametrize("fault", [True, False])
def test_out_of_range_and_faults_of_the_simulator_are_never_read_as_a_number(
    name: str, range_: Any, *, fault: bool
) -> None:
    cases = SPEECHES[name]
    assert cases.speech is not None
    shown = Shown(1_234_000, 0, stable=True, range=range_, fault=fault, unit="kg", resolution=Decimal("0.001"))
    if name == "CAS ECR" and (fault or range_ == "under"):  # it answers NAK before it comes to a block
        return
    assert all(no_number(value) for value in whole(cases.decoder(), cases.speech.frame(shown)))
