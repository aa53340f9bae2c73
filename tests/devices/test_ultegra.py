from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from devices.protocols.scale import ScaleValue
from devices.protocols.ultegra import MAX_LINE, NO_WEIGHT, Ultegra
from devices.readings import BadFrame, Weight
from devices.simulators.scale_body import ScaleBody
from devices.simulators.ultegra_scale import UltegraSpeech
from tests.devices.scale_rules import ScaleProtocol, assert_all_are_recorded, nothing, weight
from tests.devices.support import recording, whole

FRAMES = recording("ultegra.txt")


def raw(what: str) -> bytes:
    return FRAMES[what].removesuffix(b"\x04")


MEANINGS: dict[str, list[ScaleValue]] = {
    "stable": [weight(raw("stable"), "13.5", "lb", mode="gross")],
    "moving": [weight(raw("moving"), "13.6", "lb", mode="gross", stability="unstable")],
    "no weight": [nothing(b"", NO_WEIGHT)],
}


class TestUltegra(ScaleProtocol):
    frames, meanings = FRAMES, MEANINGS
    stable, end, most_held = "stable", b"\x04", MAX_LINE

    def decoder(self) -> Ultegra:
        return Ultegra("bench")


def test_the_recording_holds_every_worked_frame_of_the_reference(shared: Path) -> None:
    assert_all_are_recorded(shared, ("* **Ultegra**", "UPS variant"), 3, set(FRAMES.values()))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (b"    0.0", "0.0"),
        (b"99999.9", "99999.9"),
        (b"-   1.5", "-1.5"),
        (b"  13.55", "13.55"),  # for parcels
        (b"-  1.55", "-1.55"),
    ],
)
def test_what_a_weight_may_look_like(field: bytes, value: str) -> None:
    (read,) = whole(Ultegra("bench"), field + b" kg GR  \r\n\x04")
    assert isinstance(read, Weight)
    assert (read.value, read.unit) == (Decimal(value), "kg")


@pytest.mark.parametrize(
    "line",
    [
        b"   13.5 lb Gr  \r\n",
        b"   13.5 oz GR  \r\n",
        b"  13.5  lb GR  \r\n",
        b"   1 .5 lb GR  \r\n",
        b"  1 3.5 lb GR  \r\n",
        b"  1.355 lb GR  \r\n",
        b"   -1.5 lb GR  \r\n",
        b"   13.5 lb GR \r\n",
        b"   13.5 lb GR  \n\r",
        b"   13.5 lb NT  \r\n",
    ],
)
def test_what_is_not_exactly_an_answer_is_no_weight(line: bytes) -> None:
    assert [type(value) for value in whole(Ultegra("bench"), line + b"\x04")] == [BadFrame]


@pytest.mark.parametrize("load_mg", [0, 13_550_000, -1_550_000])
@pytest.mark.parametrize("parcels", [True, False])
def test_the_simulated_scale_keeps_to_the_width(load_mg: int, parcels: bool) -> None:  # noqa: FBT001
    body = ScaleBody(settle_s=0)
    body.put_load_mg(load_mg)
    frame = UltegraSpeech(parcels=parcels).frame(body.shown())
    assert len(frame) == 18
    (read,) = whole(Ultegra("bench"), frame)
    assert isinstance(read, Weight)
    assert read.value == (Decimal(load_mg) / 1_000_000).quantize(Decimal("0.01" if parcels else "0.1"))
