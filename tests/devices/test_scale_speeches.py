"""What a simulated scale shows is what the decoder of its protocol reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.protocols.adam import Adam
from devices.protocols.and_line import And
from devices.protocols.cas import Cas
from devices.protocols.cas_ecr import CasEcr
from devices.protocols.ohaus import Ohaus
from devices.protocols.radwag import Radwag
from devices.protocols.sartorius_sbi import SartoriusSbi
from devices.protocols.scale import ScaleDecoder
from devices.readings import Weight
from devices.registry import DRIVERS
from devices.simulators.adam_scale import CpwPlusSpeech
from devices.simulators.and_scale import AndSpeech
from devices.simulators.cas_ecr_scale import CasEcrSpeech
from devices.simulators.cas_scale import CasSpeech
from devices.simulators.ohaus_scale import OhausSpeech
from devices.simulators.radwag_scale import RadwagSpeech
from devices.simulators.sartorius_sbi_scale import SartoriusSbiSpeech
from devices.simulators.scale import Speech
from devices.simulators.scale_body import Shown
from tests.devices.support import RECORDINGS as RECORDINGS_FOLDER
from tests.devices.support import recording, whole


class Pair(NamedTuple):
    decoder: Callable[[], ScaleDecoder]
    speech: Speech


PAIRS: dict[str, Pair] = {
    "A&D": Pair(lambda: And("bench"), AndSpeech()),
    "A&D DP": Pair(lambda: And("bench"), AndSpeech(form="dp")),
    "A&D MT": Pair(lambda: And("bench"), AndSpeech(form="mt")),
    "A&D indicator": Pair(lambda: And("bench"), AndSpeech(form="indicator")),
    "CAS 10": Pair(lambda: Cas("bench", "10_byte", "kg"), CasSpeech(form="10_byte")),
    "CAS 18": Pair(lambda: Cas("bench", "18_byte"), CasSpeech(form="18_byte")),
    "CAS 22": Pair(lambda: Cas("bench"), CasSpeech()),
    "CAS ECR": Pair(lambda: CasEcr("bench"), CasEcrSpeech()),
    "CPWplus": Pair(lambda: Adam("bench"), CpwPlusSpeech()),
    "OHAUS": Pair(lambda: Ohaus("bench"), OhausSpeech()),
    "OHAUS 12": Pair(lambda: Ohaus("bench"), OhausSpeech(width=12)),
    "Radwag": Pair(lambda: Radwag("bench"), RadwagSpeech()),
    "SBI": Pair(lambda: SartoriusSbi("bench"), SartoriusSbiSpeech()),
    "SBI 22": Pair(lambda: SartoriusSbi("bench"), SartoriusSbiSpeech(identified=True)),
}
RECORDINGS = {
    "2.5": ["cas_22_byte.txt", "cas_18_byte.txt", "cas_10_byte.txt", "cas_ecr.txt"],
    "2.6": ["and_line.txt"],
    "2.7": ["ohaus.txt"],
    "2.8": ["adam_cpwplus.txt", "adam_azextra.txt"],
    "2.11": ["sartorius_sbi.txt"],
    "2.12": ["radwag.txt"],
}
QUESTIONS = {bytes.fromhex("1B 50 0D 0A")}


@pytest.mark.parametrize("section", RECORDINGS)
def test_the_recordings_hold_every_worked_frame_of_the_reference(shared: Path, section: str) -> None:
    text = (shared / "reference" / "device_protocols.md").read_text(encoding="utf-8")
    start = text.index(f"\n### {section} ")
    rows = text[start : text.index("\n### ", start + 1)]
    worked = {bytes.fromhex(raw) for raw in re.findall(r"`((?:[0-9A-F]{2} )+[0-9A-F]{2})`", rows)} - QUESTIONS
    assert worked
    assert worked <= {frame for name in RECORDINGS[section] for frame in recording(name).values()}


OWN: dict[str, set[str]] = {
    "adam_scale": {"adam_cpwplus"},
    "and_scale": {"and_line", "cas_18_byte"},  # the form that CAS calls compatible with A&D
    "cas_scale": {"cas_22_byte"},
    "ohaus_scale": {"ohaus", "adam_azextra"},  # an AZextra answers as some OHAUS scales do
    "mettler_8217_scale": {"mettler_8217"},
}
ALIKE = {("ohaus_scale", "sartorius_sbi", "negative")}
"""A negative weight of SBI is a line as an OHAUS Defender sends it, and means the same."""
SCALES = [name for name, driver in DRIVERS.items() if driver.kind == "scale" and driver.probe is not None]


@pytest.mark.parametrize("name", SCALES)
def test_no_frame_of_another_protocol_is_read_as_a_weight(name: str) -> None:
    probe = DRIVERS[name].probe
    assert probe is not None
    others = {path.stem for path in RECORDINGS_FOLDER.glob("*.txt")} - OWN.get(name, {name.removesuffix("_scale")})
    for other in others:
        for what, frame in frames_in(other).items():
            for times in (1, 3):
                values = whole(probe.decoder("bench"), frame * times)
                read = [value for value in values if isinstance(value, Weight) and value.value is not None]
                assert read == [] or (name, other, what) in ALIKE, (other, what)


def frames_in(name: str) -> dict[str, bytes]:
    """Those of scales and printers alike; a recording that is no table of frames has none."""
    try:
        return recording(f"{name}.txt")
    except ValueError:
        return {}


@pytest.mark.parametrize("name", PAIRS)
@settings(max_examples=settings().max_examples // 5)  # of each protocol
@given(grams=st.integers(-9_000, 9_000), tare_g=st.sampled_from([0, 250]), stable=st.booleans())
def test_what_the_simulator_shows_is_what_is_read(name: str, *, grams: int, tare_g: int, stable: bool) -> None:
    shown = Shown(grams * 1000, tare_g * 1000, stable, "ok", fault=False, unit="kg", resolution=Decimal("0.001"))
    (weight,) = whole(PAIRS[name].decoder(), PAIRS[name].speech.frame(shown))
    assert isinstance(weight, Weight)
    assert weight.stability in ("stable" if stable else "unstable", "unknown")
    if weight.value is None:  # SBI hides the unit while it moves
        assert (name[:3], stable) == ("SBI", False)
    else:
        assert (weight.weight_mg, weight.unit) == (grams * 1000, "kg")


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize(("range_", "fault"), [("over", False), ("under", False), ("ok", True)])
def test_what_the_simulator_shows_out_of_range_or_with_a_fault_is_never_a_number(
    name: str, range_: Any, *, fault: bool
) -> None:
    if name == "CAS ECR" and range_ != "over":  # it answers NAK and never comes to a block
        return
    shown = Shown(1_234_000, 0, stable=True, range=range_, fault=fault, unit="kg", resolution=Decimal("0.001"))
    values = whole(PAIRS[name].decoder(), PAIRS[name].speech.frame(shown))
    assert not [value for value in values if isinstance(value, Weight) and value.value is not None]
