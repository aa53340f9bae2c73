"""Every scale protocol that can be simulated, driven by its own driver over a real line.

Long, because each test is one promise of every scale. All protocols keep it at the same time, each on a line of its
own, because they mostly wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from devices.driver import CommandRefused, Scale, ScaleCommand
from devices.drivers.mettler_continuous_scale import BETWEEN_COMMANDS_S
from devices.protocols.mettler_8217 import NOT_SAID
from devices.readings import UNIT_MG, Unit, Weight
from devices.simulators.mettler_8217_scale import Mettler8217Speech
from devices.simulators.mettler_continuous_scale import MettlerContinuousSpeech
from devices.simulators.nci_scale import NciSpeech
from devices.simulators.scale import ScaleSimulator, Speech, SpeechFault
from devices.simulators.scales import SPEECHES
from tests.devices.support import Witness, build, open_files, owned, running, until
from tests.support.patient_loop import patient_now

SETTLE_S = 0.04
LOAD_MG = 1_234_000
QUICK = {"serial": {"poll_ms": 20, "answer_timeout_ms": 120}, "hidraw": {"silence_ms": 400}}


class Bench:
    """One scale, the driver on it, and what the driver says."""

    def __init__(self, protocol: str, simulator: ScaleSimulator, device: Scale) -> None:
        self.protocol, self.spoken = protocol, SPEECHES[protocol]
        self.simulator, self.device, self.says = simulator, device, Witness()

    @property
    def last(self) -> Weight | None:
        return self.says.weights[-1] if self.says.weights else None

    def stable_mg(self, since: int = 0) -> set[int | None]:
        return {each.weight_mg for each in self.says.weights[since:] if each.stability == "stable"}

    def shown_mg(self, load_mg: int) -> int:
        """The load in the steps of this scale."""
        return int(self.simulator.body.shown().in_steps(load_mg) * 1_000_000)

    async def shows(self, fact: Callable[[Weight], object], what: str) -> Weight:
        await until(lambda: self.last is not None and fact(self.last), f"{self.protocol} shows {what}")
        assert self.last is not None
        return self.last

    async def stable_at(self, load_mg: int) -> Weight:
        return await self.shows(
            lambda weight: weight.stability == "stable" and is_load(weight, load_mg), f"{load_mg} mg, stable"
        )

    async def more(self, count: int) -> None:
        seen = len(self.says.weights)
        await until(lambda: len(self.says.weights) >= seen + count, f"{count} more weights of {self.protocol}")


def is_load(weight: Weight, load_mg: int) -> bool:
    """Whether the weight is the load, as exactly as the steps of the scale show it."""
    if weight.weight_mg is None or weight.value is None or weight.unit is None:
        return False
    exponent = weight.value.as_tuple().exponent
    assert isinstance(exponent, int)
    return abs(weight.weight_mg - load_mg) <= UNIT_MG[weight.unit] * Decimal(1).scaleb(exponent) / 2


@asynccontextmanager
async def bench(protocol: str, folder: Path, *, tcp: bool = False, **settings: Any) -> AsyncIterator[Bench]:
    spoken = SPEECHES[protocol]
    simulator = spoken.simulator(folder / protocol, tcp=tcp, settle_s=SETTLE_S, clock=patient_now)
    await simulator.start()
    given = {**QUICK.get(spoken.wire, {}), **simulator.address, **spoken.settings, **settings}
    device = build(spoken.driver, "bench", **given)
    assert isinstance(device, Scale)
    it = Bench(protocol, simulator, device)
    async with owned(device.run(it.says.emit, it.says.states.append)):
        yield it
    await simulator.stop()


Scenario = Callable[[Bench], Awaitable[None]]


def on_every_scale(wire: str | None = None, **how: Any) -> Callable[[Scenario], Callable[[Path], Awaitable[None]]]:
    """Makes a test of what one scale must do: all do it at once, those of one kind of wire or all."""

    def wrap(scenario: Scenario) -> Callable[[Path], Awaitable[None]]:
        async def one(protocol: str, folder: Path) -> None:
            try:
                async with bench(protocol, folder, **how) as scale:
                    await scenario(scale)
            except AssertionError as failure:
                failure.add_note(f"the protocol is {protocol}")
                raise

        async def test(tmp_path: Path) -> None:
            names = [name for name, spoken in SPEECHES.items() if wire in (None, spoken.wire)]
            ends = await asyncio.gather(*(one(name, tmp_path) for name in names), return_exceptions=True)
            if failures := [end for end in ends if isinstance(end, Exception)]:
                raise ExceptionGroup("not every protocol keeps it", failures)

        return test

    return wrap


@on_every_scale()
async def test_a_load_moves_then_is_stable_and_exact_then_zero_again(scale: Bench) -> None:
    await scale.stable_at(0)
    scale.simulator.put_load_mg(LOAD_MG)
    stable = await scale.stable_at(LOAD_MG)
    assert stable.value == scale.simulator.body.shown().in_steps(LOAD_MG)
    assert (stable.unit, stable.range, stable.fault) == ("kg", "ok", None)
    scale.simulator.put_load_mg(0)
    await scale.stable_at(0)
    assert scale.stable_mg() == {0, scale.shown_mg(LOAD_MG)}  # half way it is never stable
    assert scale.says.state == "ready"
    assert scale.says.bad == []
    assert {heard.action for heard in scale.simulator.heard} <= {"weigh", "status"}  # nothing that changes it


@on_every_scale("serial", tcp=True, answer_timeout_ms=100)  # shorter than the silence it first waits for
async def test_it_weighs_over_tcp_as_well(scale: Bench) -> None:
    scale.simulator.put_load_mg(LOAD_MG)
    await scale.stable_at(LOAD_MG)
    assert scale.says.bad == []


@on_every_scale()
async def test_less_than_nothing_is_negative_or_under_and_never_more_than_nothing(scale: Bench) -> None:
    await scale.stable_at(0)
    less_mg = int(-5 * scale.spoken.step * 1_000_000)
    scale.simulator.put_load_mg(less_mg)
    await scale.shows(
        lambda weight: weight.range == "under" or (weight.weight_mg, weight.stability) == (less_mg, "stable"),
        "less than nothing",
    )
    assert all((each.weight_mg or 0) <= 0 for each in scale.says.weights)


@on_every_scale()
async def test_a_scale_that_cannot_weigh_says_why_and_gives_no_number(scale: Bench) -> None:
    scale.simulator.put_load_mg(LOAD_MG)
    await scale.stable_at(LOAD_MG)
    faults: tuple[SpeechFault, ...] = ("over", "under", "error")
    for fault in faults:
        if fault in scale.spoken.cannot:
            continue
        scale.simulator.set_fault(fault)
        await scale.shows(lambda weight: weight.fault or weight.range in ("over", "under"), f"no number: {fault}")
        seen = len(scale.says.weights)
        await scale.more(3)
        assert all(each.weight_mg is None for each in scale.says.weights[seen:])
        assert scale.says.state == "ready"
        scale.simulator.set_fault(None)
        await scale.stable_at(LOAD_MG)


@on_every_scale()
async def test_a_load_over_the_capacity_gives_no_number(scale: Bench) -> None:
    if "over" in scale.spoken.cannot:
        return
    await scale.stable_at(0)
    scale.simulator.put_load_mg(40_000_000)
    await scale.shows(lambda weight: weight.range == "over" or weight.fault, "over")
    await scale.more(3)
    assert scale.stable_mg() <= {0, None}


@on_every_scale("serial")
async def test_a_bad_line_never_makes_a_wrong_weight(scale: Bench) -> None:
    await scale.stable_at(0)
    faults: tuple[SpeechFault, ...] = ("split", "joined", "garbage", "half")
    for load_mg, fault in enumerate(faults, 2):
        scale.simulator.set_fault(fault)
        scale.simulator.put_load_mg(load_mg * 1_000_000)
        await scale.stable_at(load_mg * 1_000_000)
    assert scale.stable_mg() == {0, 2_000_000, 3_000_000, 4_000_000, 5_000_000}
    assert {each.weight_mg for each in scale.says.weights} - scale.stable_mg() <= {
        *(None, 1_000_000, 2_500_000, 3_500_000, 4_500_000)  # half way, moving
    }


@on_every_scale("serial")  # USB has a check of its own
async def test_a_flipped_bit_never_makes_a_stable_weight(scale: Bench) -> None:
    scale.simulator.put_load_mg(LOAD_MG)
    await scale.stable_at(LOAD_MG)
    scale.simulator.set_fault("flip")
    seen = len(scale.says.readings)
    await until(lambda: len(scale.says.readings) > seen + 15 or scale.says.state == "away", "fifteen readings")
    scale.simulator.set_fault(None)
    await scale.more(5)
    await scale.stable_at(LOAD_MG)
    assert scale.stable_mg() <= {0, scale.shown_mg(LOAD_MG)}


@on_every_scale()
async def test_a_load_that_is_no_longer_there_is_not_weighed(scale: Bench) -> None:
    await scale.stable_at(0)
    await scale.simulator.unplug()
    await scale.says.away()
    scale.simulator.set_fault("stale")
    await scale.simulator.replug()
    seen = len(scale.says.weights)
    await scale.more(10)
    scale.simulator.set_fault(None)
    await scale.more(6)
    await scale.stable_at(0)
    assert scale.stable_mg(seen) == {0}


@on_every_scale()
async def test_another_unit_is_another_number_or_a_fault_but_never_the_wrong_weight(scale: Bench) -> None:
    scale.simulator.put_load_mg(LOAD_MG)
    await scale.stable_at(LOAD_MG)
    seen = len(scale.says.weights)
    scale.simulator.set_fault("wrong_unit")
    await scale.shows(
        lambda weight: weight.fault or (weight.unit != "kg" and weight.stability == "stable"), "another unit"
    )
    for each in scale.says.weights[seen:]:
        assert each.weight_mg is None or is_load(each, LOAD_MG)


@on_every_scale()
async def test_silence_is_away_and_it_comes_back_by_itself(scale: Bench) -> None:
    await scale.stable_at(0)
    scale.simulator.set_fault("silent")
    await scale.says.away()
    assert "does not answer" in scale.says.sentence or "sends nothing" in scale.says.sentence
    assert scale.says.states[-1].next_step
    seen = len(scale.says.weights)
    scale.simulator.set_fault(None)
    await scale.says.ready()
    if not scale.simulator.heard:  # what comes first by itself may be what was said last
        assert scale.says.weights[seen].stability != "stable"
    await scale.more(6)
    await scale.stable_at(0)


@on_every_scale("serial", baudrate=1200)
async def test_at_the_wrong_speed_it_is_away_and_gives_no_weight(scale: Bench) -> None:
    await scale.says.away()
    assert scale.says.states[-1].next_step
    assert [each for each in scale.says.weights if each.value is not None] == []


@on_every_scale()
async def test_a_plug_pulled_in_mid_frame_makes_no_weight(scale: Bench) -> None:
    scale.simulator.put_load_mg(5_000_000)
    await scale.stable_at(5_000_000)
    scale.simulator.set_fault("cut")
    await scale.says.away()
    scale.simulator.set_fault(None)
    scale.simulator.put_load_mg(0)
    await scale.simulator.replug()
    await scale.says.ready()
    await scale.stable_at(0)
    assert {each.weight_mg for each in scale.says.weights} <= {None, 0, 2_500_000, 5_000_000}


@on_every_scale()
async def test_zero_and_tare_are_set_when_told(scale: Bench) -> None:
    body, commands = scale.simulator.body, scale.device.commands
    scale.simulator.put_load_mg(1_000_000)
    await scale.stable_at(1_000_000)
    if "tare" in commands:
        await scale.device.command("tare")
        await until(lambda: body.tare_mg == 1_000_000, f"the tare of {scale.protocol}")
        await scale.stable_at(0)
    if "clear_tare" in commands:
        await scale.device.command("clear_tare")
        await until(lambda: body.tare_mg == 0, f"no tare on {scale.protocol}")
        await scale.stable_at(1_000_000)
    if "zero" in commands:
        await scale.device.command("zero")
        await until(lambda: body.zero_mg == 1_000_000, f"zero of {scale.protocol}")
        await scale.stable_at(0)
    assert {each.weight_mg for each in scale.says.weights} <= {None, 0, 500_000, 1_000_000}


@on_every_scale()
async def test_what_it_cannot_be_told_is_refused_in_words(scale: Bench) -> None:
    every: set[ScaleCommand] = {"zero", "tare", "clear_tare", "print"}
    for what in every - scale.device.commands:
        with pytest.raises(CommandRefused, match="cannot be told to"):
            await scale.device.command(what)


async def test_after_every_pull_they_come_back_and_leave_nothing_behind(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        scales = [await stack.enter_async_context(bench(name, tmp_path)) for name in SPEECHES]

        async def all_weigh() -> None:
            for scale in scales:
                await scale.says.ready()
                await scale.more(1)

        async def pull_and_plug_in() -> None:
            for scale in scales:
                await scale.simulator.unplug()
                await scale.says.away()
                await scale.simulator.replug()
            await all_weigh()

        await all_weigh()
        await pull_and_plug_in()  # the first opens start threads, which stay
        files, tasks = open_files(), len(asyncio.all_tasks())
        for _ in range(3):
            await pull_and_plug_in()
        await until(lambda: open_files() <= files, "no file is left open")
        await until(lambda: len(asyncio.all_tasks()) <= tasks, "no task is left behind")


@asynccontextmanager
async def driven(
    driver: str, speech: Speech, place: Path, weighs_in: Unit = "kg", **settings: Any
) -> AsyncIterator[Bench]:
    """One scale that speaks in a way of its own, on a pty."""
    simulator = ScaleSimulator(speech, place, parity="even", settle_s=SETTLE_S, unit=weighs_in)
    await simulator.start()
    device = build(driver, "bench", **{**QUICK["serial"], **simulator.address, **settings})
    assert isinstance(device, Scale)
    it = Bench(next(iter(SPEECHES)), simulator, device)
    async with owned(device.run(it.says.emit, it.says.states.append)):
        yield it
    await simulator.stop()


async def test_a_scale_that_says_a_weight_once_goes_on_being_read_and_never_turns_to_zero(tmp_path: Path) -> None:
    speech = Mettler8217Speech(once=True, blanks=True)
    async with driven("mettler_8217_scale", speech, tmp_path / "bench", unit="kg") as scale:
        await scale.stable_at(0)
        scale.simulator.put_load_mg(LOAD_MG)
        await scale.stable_at(LOAD_MG)
        seen = len(scale.says.weights)
        await scale.more(10)
        assert {(each.weight_mg, each.stability) for each in scale.says.weights[seen:]} == {(LOAD_MG, "stable")}
        assert b"\x02?@\r" in [each.raw + b"\r" for each in scale.says.weights[seen:]]
        await scale.device.command("tare")
        await scale.stable_at(0)
        scale.simulator.put_load_mg(0)
        await scale.shows(lambda weight: weight.range == "under", "less than its tare")


async def test_no_condition_says_nothing_again_after_a_lost_answer(tmp_path: Path) -> None:
    async with driven("mettler_8217_scale", Mettler8217Speech(once=True), tmp_path / "bench", unit="kg") as scale:
        scale.simulator.put_load_mg(LOAD_MG)
        await scale.stable_at(LOAD_MG)
        scale.simulator.set_fault("silent")
        await scale.says.away()
        scale.simulator.body.load_mg = 2 * LOAD_MG  # the answer that told it was lost
        asked = len(scale.simulator.heard)
        await until(lambda: len(scale.simulator.heard) > asked + 1, "it is asked again")
        scale.simulator.set_fault(None)
        await scale.shows(lambda weight: weight.fault == NOT_SAID, "that it was not told")
        assert scale.stable_mg() == {LOAD_MG}


async def test_the_status_that_answers_a_command_is_no_weight(tmp_path: Path) -> None:
    asked = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        while letter := await reader.read(1):
            asked += letter == b"W"
            writer.write(b"\x0201.500\r" if letter == b"W" and asked == 1 else b"\x02?@\r")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    address = {"tcp_host": "127.0.0.1", "tcp_port": server.sockets[0].getsockname()[1]}
    device, says = build("mettler_8217_scale", "bench", **QUICK["serial"], **address, unit="kg"), Witness()
    assert isinstance(device, Scale)
    async with owned(device.run(says.emit, says.states.append)):
        await says.weight_mg(1_500_000)
        for _ in range(3):
            await device.command("tare")
            assert len(says.weights) <= asked
    server.close()
    await server.wait_closed()


async def test_an_answer_that_comes_too_late_is_not_taken_for_the_next_one() -> None:
    asked = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        while await reader.read(1):
            asked += 1
            if asked == 3:
                await asyncio.sleep(0.16)  # until it is taken for lost, and a little more
            writer.write(b"\x0209.999\r" if asked == 3 else b"\x0201.500\r")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    address = {"tcp_host": "127.0.0.1", "tcp_port": server.sockets[0].getsockname()[1]}
    async with running(
        "mettler_8217_scale", "bench", poll_ms=20, answer_timeout_ms=100, unit="kg", **address
    ) as says:
        await until(lambda: asked > 8, "it is asked on")
        await says.weight_mg(1_500_000)
        assert {each.value for each in says.weights} == {Decimal("1.500")}
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize("model", ["8217", "8213"])
async def test_pounds_are_read_as_the_model_writes_them(model: Any, tmp_path: Path) -> None:
    speech = Mettler8217Speech(model=model)
    async with driven("mettler_8217_scale", speech, tmp_path / "bench", "lb", unit="lb", model=model) as scale:
        scale.simulator.put_load_mg(int(UNIT_MG["lb"] * Decimal("12.5")))
        weight = await scale.stable_at(int(UNIT_MG["lb"] * Decimal("12.5")))
        assert (str(weight.value), weight.unit) == ("12.50", "lb")


async def test_tare_is_told_only_to_models_that_know_it(tmp_path: Path) -> None:
    async with driven("nci_scale", NciSpeech(), tmp_path / "bench") as scale:
        await scale.stable_at(0)
        assert scale.device.commands == {"zero"}
        with pytest.raises(CommandRefused, match="cannot be told to tare"):
            await scale.device.command("tare")


@pytest.mark.parametrize(("checksum", "times"), [("yes", 2), ("learn", 3)])
async def test_how_often_a_weight_must_come_depends_on_the_check_character(
    checksum: str, times: int, tmp_path: Path
) -> None:
    async with driven(
        "mettler_continuous_scale", MettlerContinuousSpeech(), tmp_path / "bench", checksum=checksum
    ) as scale:
        await scale.stable_at(0)
        moments = [each.t_mono for each in scale.says.weights if each.stability != "stable"]
        assert len(set(moments)) == times - 1


async def test_a_scale_that_does_not_answer_commands_is_given_time_between_two(tmp_path: Path) -> None:
    async with driven("mettler_continuous_scale", MettlerContinuousSpeech(), tmp_path / "bench") as scale:
        await scale.stable_at(0)
        await scale.device.command("tare")
        before = patient_now()
        await scale.device.command("zero")
        assert patient_now() - before > BETWEEN_COMMANDS_S * 0.9
        assert scale.says.bad == []
