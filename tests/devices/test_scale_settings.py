"""What the settings of scale drivers change on a line, beyond what every protocol does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from devices.driver import Scale
from devices.protocols.cas import CasForm
from devices.simulators.adam_scale import AzExtraSpeech, CpwPlusSpeech
from devices.simulators.and_scale import AndSpeech
from devices.simulators.cas_ecr_scale import CasEcrSpeech
from devices.simulators.cas_scale import CasSpeech
from devices.simulators.ohaus_scale import OhausSpeech
from devices.simulators.sartorius_sbi_scale import SartoriusSbiSpeech
from devices.simulators.scale import ScaleSimulator, Speech
from tests.devices.support import Witness, build, owned, until
from tests.devices.test_registry import complaint
from tests.support.patient_loop import patient_now

LOAD_MG = 1_234_000


@asynccontextmanager
async def scale(
    driver: str, speech: Speech, place: Path, **settings: Any
) -> AsyncIterator[tuple[ScaleSimulator, Scale, Witness]]:
    simulator = ScaleSimulator(speech, place / "bench", settle_s=0.06)
    await simulator.start()
    line = {"poll_ms": 20, "answer_timeout_ms": 200, "bytesize": 8, "parity": "none"}
    device, says = build(driver, "bench", **{**line, **simulator.address, **settings}), Witness()
    assert isinstance(device, Scale)
    async with owned(device.run(says.emit, says.states.append)):
        yield simulator, device, says
    await simulator.stop()


@pytest.mark.parametrize(
    ("driver", "speech"),
    [("ohaus_scale", OhausSpeech(None)), ("sartorius_sbi_scale", SartoriusSbiSpeech(None))],
    ids=["ohaus", "sbi"],
)
async def test_a_scale_that_does_not_print_by_itself_is_asked(driver: str, speech: Speech, tmp_path: Path) -> None:
    async with scale(driver, speech, tmp_path, mode="poll") as (simulator, _, says):
        simulator.put_load_mg(LOAD_MG)
        await says.weight_mg(LOAD_MG)
        assert {heard.action for heard in simulator.heard} == {"weigh"}


async def test_an_and_scale_that_streams_is_asked_nothing(tmp_path: Path) -> None:
    async with scale("and_scale", AndSpeech(0.03), tmp_path, mode="stream") as (simulator, _, says):
        simulator.put_load_mg(LOAD_MG)
        await says.weight_mg(LOAD_MG)
        assert simulator.heard == []


@pytest.mark.parametrize("count", [1, 2])
async def test_zero_and_tare_of_an_and_scale_are_done_when_the_last_acknowledgement_came(
    count: Any, tmp_path: Path
) -> None:
    speech = AndSpeech(acknowledgements=count)
    async with scale("and_scale", speech, tmp_path, acknowledgements=count) as (simulator, device, says):
        simulator.put_load_mg(LOAD_MG)
        await says.weight_mg(LOAD_MG)
        await device.command("tare")
        assert simulator.body.tare_mg == LOAD_MG
        await device.command("zero")
        assert simulator.body.zero_mg == LOAD_MG


@pytest.mark.parametrize(("form", "parity"), [("22_byte", "even"), ("18_byte", "none")])
async def test_a_cas_form_that_is_not_the_set_one_is_no_weight(form: CasForm, parity: str, tmp_path: Path) -> None:
    bits = 8 if parity == "none" else 7
    async with scale("cas_scale", CasSpeech(form=form), tmp_path, bytesize=bits, parity=parity) as (_, _, says):
        await says.away("no CAS answers")
        assert [weight for weight in says.weights if weight.value is not None] == []


async def test_without_a_status_a_weight_is_stable_when_it_came_five_times_over_half_a_second(tmp_path: Path) -> None:
    speech = CasSpeech(0.03, form="10_byte")
    async with scale("cas_scale", speech, tmp_path, form="10_byte", unit="kg") as (simulator, _, says):
        await says.weight_mg(0)
        simulator.put_load_mg(LOAD_MG)
        stable = await says.weight_mg(LOAD_MG)
        first = next(weight for weight in says.weights if weight.weight_mg == LOAD_MG)
        assert stable.t_mono - first.t_mono >= 0.5
        before = [each for each in says.weights if first.t_mono <= each.t_mono < stable.t_mono]
        assert len(before) >= 4
        assert {each.stability for each in before} == {"unknown"}
        assert {each.weight_mg for each in says.weights if each.stability == "stable"} == {0, LOAD_MG}


def test_the_form_without_a_unit_needs_one() -> None:
    assert complaint("cas_scale", form="10_byte") == (
        "set unit as the scale shows it: the form 10_byte does not send it"
    )


async def test_a_cas_scale_that_is_not_ready_is_there_and_gives_no_number(tmp_path: Path) -> None:
    async with scale("cas_ecr_scale", CasEcrSpeech(), tmp_path) as (simulator, _, says):
        await says.weight_mg(0)
        simulator.set_fault("error")
        await until(lambda: says.weights[-1].fault, "not ready")
        assert says.weights[-1].value is None
        assert says.state == "ready"
        assert {heard.raw for heard in simulator.heard} == {b"\x05", b"\x11"}


async def test_a_beeping_scale_is_asked_only_when_told_and_its_silence_is_not_away(tmp_path: Path) -> None:
    speech = AzExtraSpeech()
    async with scale("adam_scale", speech, tmp_path, form="azextra") as (simulator, device, says):
        simulator.put_load_mg(LOAD_MG)
        await says.ready()
        await until(lambda: simulator.stable, "rest")
        assert simulator.heard == []
        await device.command("print")
        await until(lambda: says.weights, "the weight")
        (weight,) = says.weights
        assert (weight.weight_mg, weight.stability) == (LOAD_MG, "unknown")
        began = patient_now()
        await until(lambda: patient_now() - began > 0.7, "more than three times the longest answer")
        assert (says.state, len(says.weights), speech.beeps) == ("ready", 1, 0)
        await device.command("print")
        await until(lambda: speech.beeps, "a beep")
        assert len(says.weights) == 1  # told already: neither zero nor the same again


async def test_a_beeping_scale_that_is_unplugged_is_away(tmp_path: Path) -> None:
    async with scale("adam_scale", AzExtraSpeech(), tmp_path, form="azextra") as (simulator, _, says):
        await says.ready()
        await simulator.unplug()
        await says.away()


async def test_a_silent_scale_that_sends_noise_is_away(tmp_path: Path) -> None:
    async with scale("adam_scale", AzExtraSpeech(), tmp_path, form="azextra") as (simulator, device, says):
        await says.ready()
        simulator.put_load_mg(LOAD_MG)
        simulator.set_fault("parity")
        await device.command("print")
        simulator._wire.write(b"\xff\r\n")
        await says.away("no AZextra answers")


async def test_a_beeping_scale_may_be_asked_again_and_again_but_slowly(tmp_path: Path) -> None:
    message = complaint("adam_scale", form="azextra", ask="always", poll_ms=1999)
    assert message == "must be at least 2000 with form azextra and ask always: it beeps at each question"
    settings = {"form": "azextra", "ask": "always", "poll_ms": 2000}
    async with scale("adam_scale", AzExtraSpeech(), tmp_path, **settings) as (simulator, _, says):
        await says.ready()
        await until(lambda: len(simulator.heard) == 1, "the first question")
        simulator.put_load_mg(LOAD_MG)
        await until(lambda: says.weights, "the weight")
        assert says.weights[0].weight_mg in (LOAD_MG, LOAD_MG // 2)
        assert len(simulator.heard) == 2


@pytest.mark.parametrize(("weigh", "shown"), [("net", 0), ("gross", LOAD_MG)])
async def test_a_cpwplus_is_asked_for_net_or_gross_and_its_tare_key_can_be_told(
    weigh: str, shown: int, tmp_path: Path
) -> None:
    async with scale("adam_scale", CpwPlusSpeech(), tmp_path, weigh=weigh) as (simulator, device, says):
        simulator.put_load_mg(LOAD_MG)
        await says.weight_mg(LOAD_MG)
        await device.command("tare")
        await until(lambda: simulator.body.tare_mg == LOAD_MG, "the tare")
        await says.weight_mg(shown)
        assert says.weights[-1].mode == weigh
