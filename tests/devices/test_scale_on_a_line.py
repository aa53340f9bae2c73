from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from devices.driver import CommandRefused, Scale
from devices.simulators.mt_sics_scale import MtSicsScaleSimulator
from tests.devices.support import Witness, build, open_files, owned, running, until

QUICK = {"poll_ms": 20, "answer_timeout_ms": 100}


@pytest.fixture(params=["pty", "tcp"])
async def scale(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[MtSicsScaleSimulator]:
    simulator = MtSicsScaleSimulator(tmp_path / "bench", tcp=request.param == "tcp", settle_s=0.1)
    await simulator.start()
    yield simulator
    await simulator.stop()


def bench(simulator: MtSicsScaleSimulator, **settings: Any) -> AbstractAsyncContextManager[Witness]:
    return running("mt_sics_scale", "bench", **{**QUICK, **simulator.address, **settings})


@asynccontextmanager
async def talking(simulator: MtSicsScaleSimulator) -> AsyncIterator[tuple[Scale, Witness]]:
    device, says = build("mt_sics_scale", "bench", **QUICK, **simulator.address), Witness()
    assert isinstance(device, Scale)
    async with owned(device.run(says.emit, says.states.append)):
        yield device, says


async def test_a_load_is_first_moving_then_stable_and_exact(scale: MtSicsScaleSimulator) -> None:
    async with bench(scale) as says:
        await says.weight_mg(0)
        scale.put_load_mg(1_234_000)
        stable = await says.weight_mg(1_234_000)
        assert (stable.value, stable.unit, stable.range, stable.fault) == (Decimal("1.234"), "kg", "ok", None)
        moving = [weight for weight in says.weights if weight.stability == "unstable"]
        assert moving
        assert all(weight.weight_mg == 617_000 for weight in moving)
        assert says.state == "ready"


async def test_readings_go_on_for_ever_and_each_has_its_own_time(scale: MtSicsScaleSimulator) -> None:
    async with bench(scale) as says:
        await until(lambda: len(says.weights) > 10, "ten weights")
        times = [weight.t_mono for weight in says.weights]
        assert times == sorted(set(times))


async def test_less_than_nothing_is_a_negative_weight(scale: MtSicsScaleSimulator) -> None:
    async with bench(scale) as says:
        scale.put_load_mg(-5_000)
        assert (await says.weight_mg(-5_000)).value == Decimal("-0.005")


@pytest.mark.parametrize(
    ("fault", "range_", "words"),
    [
        ("over", "over", None),
        ("under", "under", None),
        ("busy", "unknown", "busy: the scale cannot answer now (S I)"),
        ("error", "unknown", "Error 10b: EEPROM error in the electronics"),
    ],
)
async def test_a_scale_that_cannot_weigh_says_why_and_never_gives_a_number(
    scale: MtSicsScaleSimulator, fault: Any, range_: str, words: str | None
) -> None:
    async with bench(scale) as says:
        await says.weight_mg(0)
        scale.set_fault(fault)
        await until(lambda: (says.weights[-1].range, says.weights[-1].fault) == (range_, words), "the fault")
        assert says.weights[-1].weight_mg is None
        assert says.state == "ready"
        scale.set_fault(None)
        await says.weight_mg(0)


async def test_a_load_over_the_capacity_is_over_and_not_a_number(scale: MtSicsScaleSimulator) -> None:
    async with bench(scale) as says:
        scale.put_load_mg(30_001_000)
        await until(lambda: says.weights and says.weights[-1].range == "over", "overload")
        assert says.weights[-1].weight_mg is None


@pytest.mark.parametrize(
    ("resolution", "load_mg", "shown"),
    [
        ("0.5", 1_234_400_000, "1234.5"),
        ("0.5", 1_234_700_000, "1234.5"),
        ("0.1", 1_234_440_000, "1234.4"),
        ("0.5", 6_000_000_000, "6000.0"),
        ("0.5", 0, "0.0"),
        ("0.5", -100_000, "0.0"),
        ("5", 1_232_000_000, "1230"),
    ],
)
async def test_a_floor_scale_shows_its_own_steps(tmp_path: Path, resolution: str, load_mg: int, shown: str) -> None:
    floor = MtSicsScaleSimulator(
        tmp_path / "floor", resolution=Decimal(resolution), capacity=Decimal(6000), settle_s=0
    )
    floor.put_load_mg(load_mg)
    await floor.start()
    async with bench(floor) as says:
        weight = await says.weight_mg(int(Decimal(shown) * 1_000_000))
        assert weight.raw == b"S S %10s kg" % shown.encode()
    await floor.stop()


async def test_after_three_silent_polls_it_is_away_and_comes_back_by_itself(scale: MtSicsScaleSimulator) -> None:
    async with bench(scale) as says:
        await says.ready()
        scale.set_fault("silent")
        await says.away()
        assert says.sentence == "The scale 'bench' does not answer."
        assert says.states[-1].next_step
        scale.set_fault(None)
        await says.ready()


async def test_a_scale_read_with_the_wrong_parity_is_told_apart_from_a_silent_one(tmp_path: Path) -> None:
    simulator = MtSicsScaleSimulator(tmp_path / "bench")
    await simulator.start()
    simulator.set_fault("garbage")
    async with bench(simulator) as says:
        await says.ready()  # noise before a frame costs nothing
        assert says.bad
        simulator.set_fault("parity")
        await says.away()
        assert says.states[-1].next_step
        assert not [weight for weight in says.weights if weight.value not in (None, Decimal("0.000"))]
    await simulator.stop()


async def test_weights_left_over_from_before_the_reset_are_thrown_away(scale: MtSicsScaleSimulator) -> None:
    scale.set_fault("stale")
    async with bench(scale) as says:
        await says.weight_mg(0)
        assert {weight.weight_mg for weight in says.weights} == {None, 0}


@pytest.mark.parametrize("fault", ["split", "garbage", "joined"])
async def test_a_bad_line_never_makes_a_wrong_weight(scale: MtSicsScaleSimulator, fault: Any) -> None:
    async with bench(scale) as says:
        scale.put_load_mg(2_000_000)
        scale.set_fault(fault)
        await says.weight_mg(2_000_000)
        assert {weight.weight_mg for weight in says.weights} <= {None, 0, 1_000_000, 2_000_000}


async def test_a_dripping_line_is_slow_but_right(tmp_path: Path) -> None:
    simulator = MtSicsScaleSimulator(tmp_path / "bench", settle_s=0)
    await simulator.start()
    async with bench(simulator, answer_timeout_ms=6000) as says:
        await says.weight_mg(0)
        simulator.put_load_mg(2_000_000)
        simulator.set_fault("drip")
        await says.weight_mg(2_000_000)
        assert says.bad == []
    await simulator.stop()


async def test_a_restart_is_told_because_the_tare_may_be_lost(scale: MtSicsScaleSimulator) -> None:
    async with bench(scale) as says:
        await says.weight_mg(0)
        seen = len(says.weights)
        await scale.restart()
        await until(lambda: [each for each in says.weights[seen:] if each.fault], "the restart")
        (restart,) = [each for each in says.weights[seen:] if each.fault]
        assert restart.fault == "the scale started anew: its tare may be lost"
        assert restart.weight_mg is None
        await until(lambda: says.weights[-1].weight_mg == 0, "the next weight")
        assert says.state == "ready"


async def test_a_weight_is_stable_only_once_it_came_three_times_also_in_another_unit(
    scale: MtSicsScaleSimulator,
) -> None:
    async with bench(scale) as says:
        scale.put_load_mg(10_000)
        await says.weight_mg(10_000)
        seen = len(says.weights)
        scale.body.unit = "g"
        await until(lambda: [each for each in says.weights[seen:] if each.raw_unit == "g"][2:], "grams")
        grams = [each for each in says.weights[seen:] if each.raw_unit == "g"]
        assert [each.stability for each in grams[:3]] == ["unknown", "unknown", "stable"]
        assert (await says.weight_mg(10_000)).unit == "g"


async def test_zero_and_tare_are_set_when_told_and_the_answer_is_awaited(scale: MtSicsScaleSimulator) -> None:
    async with talking(scale) as (device, says):
        scale.put_load_mg(1_000_000)
        await says.weight_mg(1_000_000)
        await device.command("tare")
        assert scale.body.tare_mg == 1_000_000
        await says.weight_mg(0)
        await device.command("clear_tare")
        await says.weight_mg(1_000_000)
        await device.command("zero")
        assert scale.body.zero_mg == 1_000_000
        await says.weight_mg(0)


async def test_a_command_that_nobody_waits_for_any_more_is_not_carried_out_late(scale: MtSicsScaleSimulator) -> None:
    async with talking(scale) as (device, says):
        scale.put_load_mg(1_000_000)
        await says.weight_mg(1_000_000)
        asking = asyncio.create_task(device.command("tare"))
        await asyncio.sleep(0)
        asking.cancel()
        await asyncio.wait([asking])
        seen = len(says.weights)
        await until(lambda: len(says.weights) > seen + 5, "more weights")
        assert scale.body.tare_mg == 0
        assert says.state == "ready"


async def test_what_the_scale_refuses_and_what_it_cannot_do_is_said(scale: MtSicsScaleSimulator) -> None:
    async with talking(scale) as (device, says):
        await says.weight_mg(0)
        scale.put_load_mg(1_000_000)
        scale.body.settled_at += 60
        with pytest.raises(CommandRefused, match="did not zero: it is busy or does not come to rest"):
            await device.command("zero")
        with pytest.raises(CommandRefused, match="cannot be told to print"):
            await device.command("print")
        await scale.unplug()
        await says.away()
        with pytest.raises(CommandRefused, match="is not connected"):
            await device.command("zero")


async def test_a_plug_pulled_in_mid_frame_makes_no_weight(scale: MtSicsScaleSimulator) -> None:
    async with bench(scale) as says:
        scale.put_load_mg(5_000_000)
        await says.weight_mg(5_000_000)
        scale.set_fault("cut")
        await says.away()
        scale.set_fault(None)
        scale.put_load_mg(0)
        await scale.replug()
        await says.ready()
        await says.weight_mg(0)
        assert {weight.weight_mg for weight in says.weights} <= {None, 0, 2_500_000, 5_000_000}


async def test_it_comes_back_after_every_pull_and_leaves_nothing_behind(scale: MtSicsScaleSimulator) -> None:
    async with bench(scale) as says:
        await says.weight_mg(0)
        await until(lambda: len(asyncio.all_tasks()) <= 4, "calm")
        files, tasks = open_files(), len(asyncio.all_tasks())
        for _ in range(20):
            await scale.unplug()
            await says.away()
            await scale.replug()
            await says.ready()
            seen = len(says.weights)
            await until(lambda seen=seen: len(says.weights) > seen + 1, "weights")  # type: ignore[misc]
        await until(lambda: (open_files(), len(asyncio.all_tasks())) == (files, tasks), "nothing is left behind")


async def test_a_scale_that_cannot_be_reached_is_told_with_its_address(tmp_path: Path) -> None:
    gone = MtSicsScaleSimulator(tcp=True)
    await gone.start()
    address = gone.address
    await gone.stop()
    async with running("mt_sics_scale", "bench", **address) as says:
        await says.away()
        where = f"127.0.0.1 port {address['tcp_port']}"
        assert says.sentence == f"Cannot reach 'bench' at {where}: Connection refused."
        assert "devices.bench" in says.states[-1].next_step


@asynccontextmanager
async def scripted(answers: dict[bytes, list[bytes]]) -> AsyncIterator[dict[str, str | int]]:
    """A TCP scale that gives to each command its answers one after the other; the last one for ever."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while command := (await reader.readline()).strip():
            turns = answers[command]
            writer.write(turns.pop(0) if len(turns) > 1 else turns[0])
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield {"tcp_host": "127.0.0.1", "tcp_port": server.sockets[0].getsockname()[1]}
    server.close()
    await server.wait_closed()


RESTARTED, ONE_KG, LATE = b'I4 A "1"\r\n', b"S S      1.000 kg\r\n", b"S S      9.999 kg\r\n"


async def test_an_answer_that_comes_too_late_is_not_taken_for_the_next_one() -> None:
    answers = {b"@": [RESTARTED, LATE + RESTARTED], b"SI": [ONE_KG, b"", ONE_KG]}
    async with scripted(answers) as address, running("mt_sics_scale", "bench", **{**QUICK, **address}) as says:
        await until(lambda: len(says.weights) > 8, "weights after the late one")
        asked_anew = [at for at, weight in enumerate(says.weights) if weight.fault]
        assert len(asked_anew) == 2  # once on connecting, once because an answer did not come
        assert {weight.weight_mg for weight in says.weights} == {None, 1_000_000}


async def test_a_tare_that_somebody_sets_is_not_what_lies_on_the_pan() -> None:
    answers = {b"@": [RESTARTED], b"SI": [ONE_KG, b"T S      0.250 kg\r\n" + ONE_KG, ONE_KG]}
    async with scripted(answers) as address, running("mt_sics_scale", "bench", **{**QUICK, **address}) as says:
        await until(lambda: len(says.weights) > 5, "weights")
        assert {weight.weight_mg for weight in says.weights} == {None, 1_000_000}
