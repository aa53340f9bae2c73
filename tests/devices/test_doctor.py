"""The doctor finds each fault of the simulated devices, with a person who does what it says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from devices.attending import Attendance
from devices.doctor import (
    TEST_CODE,
    Look,
    Plan,
    Question,
    Tell,
    Verdict,
    Watch,
    examine_scale,
    examine_scanner,
    plan_for,
)
from devices.driver import Printer, ReadingDevice, Surroundings
from devices.probe import Finding, Match, investigate, probe
from devices.readings import Weight
from devices.registry import DRIVERS
from devices.shown import Shown, as_json
from devices.simulators.line_scanner import LineScannerSimulator
from devices.simulators.mt_sics_scale import MtSicsScaleSimulator
from devices.simulators.wire import PtyWire
from devices.simulators.zpl_printer import ZplPrinterSimulator
from tests.devices.support import soon
from tests.support.patient_loop import patient_now

QUICK = {"poll_ms": 20, "answer_timeout_ms": 100}
HASTE = 12

Act = Callable[[], None]
Answers = Iterable[str | tuple[str, Act]]


def hasty(plan: Plan) -> Plan:
    """The same plan, watching a twelfth of the time."""
    try:
        step = next(plan)
        while True:
            came = yield Watch(step.seconds / HASTE, step.enough) if isinstance(step, Watch) else step
            step = plan.send(came)
    except StopIteration as end:
        verdict: Verdict = end.value
        return verdict


async def examined(
    driver: str,
    settings: dict[str, Any],
    answers: Answers = (),
    on_tell: Callable[[str], None] = lambda _: None,
    speeds: tuple[int, ...] = (9600,),
) -> Verdict:
    """The verdict on a device whose person gives these answers, each after doing something."""
    kind, waiting = DRIVERS[driver], list(answers)
    device = kind.build(
        "bench", kind.settings.model_validate({"driver": driver, **settings}), Surroundings(patient_now, soon)
    )

    async def ask(_sentence: str) -> str:
        answer = waiting.pop(0)
        if isinstance(answer, str):
            return answer
        answer[1]()
        return answer[0]

    async def look() -> Finding | None:
        reading.cancel()
        await asyncio.wait([reading])
        probes = {name: each for name in DRIVERS if (each := DRIVERS[name].probe) is not None}
        return await probe(settings["port"], investigate(probes, speeds), patient_now)

    attendance = Attendance(patient_now, on_tell, ask, look)

    def told(what: Any) -> None:
        attendance.told(as_json(what))

    assert isinstance(device, Printer if kind.kind == "printer" else ReadingDevice)
    act: Any = device.run
    running = act(told) if kind.kind == "printer" else act(told, told)
    reading = asyncio.create_task(running)
    try:
        return await attendance.carry_out(hasty(plan_for("bench", kind)))
    finally:
        reading.cancel()
        await asyncio.wait([reading])


async def weighed(
    scale: MtSicsScaleSimulator,
    known: str = "1 kg",
    *,
    empty: Act | None = None,
    load: Act | None = None,
    off: Act | None = None,
    speeds: tuple[int, ...] = (9600,),
) -> Verdict:
    await scale.start()
    answers = [
        ("", empty or (lambda: scale.put_load_mg(0))),
        (known, load or (lambda: scale.put_load_mg(1_000_000))),
        ("", off or (lambda: scale.put_load_mg(0))),
    ]
    verdict = await examined("mt_sics_scale", {**QUICK, **scale.address}, answers, speeds=speeds)
    await scale.stop()
    return verdict


@pytest.fixture
def scale(tmp_path: Path) -> MtSicsScaleSimulator:
    return MtSicsScaleSimulator(tmp_path / "bench", settle_s=0.02)


async def test_a_good_scale_is_fine(scale: MtSicsScaleSimulator) -> None:
    verdict = await weighed(scale)
    assert (verdict.code, verdict.sentence) == (
        "fine",
        "The scale is stable, shows 1.000 kg stable for 1 kg, and returns to zero.",
    )


async def test_a_port_that_is_not_there(tmp_path: Path) -> None:
    verdict = await examined("mt_sics_scale", {"port": str(tmp_path / "nothing")})
    assert verdict.code == "no_port"
    assert "Plug the device in" in verdict.next_step


async def test_a_port_that_another_program_holds(tmp_path: Path, scale: MtSicsScaleSimulator) -> None:
    import fcntl  # noqa: PLC0415
    import os  # noqa: PLC0415

    await scale.start()
    other = os.open(tmp_path / "bench", os.O_RDWR | os.O_NOCTTY)
    fcntl.flock(other, fcntl.LOCK_EX)
    verdict = await examined("mt_sics_scale", {"port": str(tmp_path / "bench")})
    os.close(other)
    await scale.stop()
    assert verdict.code == "busy"


def test_a_port_the_agent_may_not_use_is_known_by_what_its_state_says() -> None:
    plan = examine_scanner()
    next(plan)
    refused = "Cannot open /dev/x for 'dock': the agent may not use it."
    state = {"kind": "state", "device": "dock", "state": "away", "sentence": refused, "next_step": "Add the group."}
    assert ends(plan, [state]) == Verdict("permission", refused, "Add the group.")


async def test_a_silent_scale_is_probed_and_stays_silent(scale: MtSicsScaleSimulator) -> None:
    scale.set_fault("silent")
    verdict = await weighed(scale)
    assert verdict.code == "silent"


async def test_a_scale_at_another_speed_is_found_with_what_to_write(tmp_path: Path) -> None:
    scale = MtSicsScaleSimulator(tmp_path / "bench", baudrate=2400)
    verdict = await weighed(scale, speeds=(9600, 2400))
    assert verdict.code == "wrong_line"
    assert "baudrate = 2400, bytesize = 8" in verdict.next_step


async def test_a_scale_with_seven_bits_is_found_with_what_to_write(scale: MtSicsScaleSimulator) -> None:
    scale.set_fault("parity")
    verdict = await weighed(scale)
    assert verdict.code == "wrong_line"
    assert 'bytesize = 7, parity = "none"' in verdict.next_step


async def test_garbage_that_no_driver_understands_stays_garbage(tmp_path: Path) -> None:
    wire = PtyWire(lambda _data: wire.write(b"\xfe\x81rubbish\r\n"), tmp_path / "bench")
    await wire.plug()
    verdict = await examined("mt_sics_scale", {**QUICK, **wire.address})
    await wire.remove()
    assert verdict.code == "garbage"


async def test_a_scale_that_never_comes_to_rest(scale: MtSicsScaleSimulator) -> None:
    def shaken() -> None:
        scale.put_load_mg(0)
        scale.body.settled_at += 60

    assert (await weighed(scale, empty=shaken)).code == "never_stable"


async def test_a_scale_that_shows_the_same_whatever_lies_on_it(scale: MtSicsScaleSimulator) -> None:
    verdict = await weighed(scale, load=lambda: None)
    assert verdict.code == "frozen"


async def test_a_scale_that_weighs_in_another_unit(tmp_path: Path) -> None:
    pounds = MtSicsScaleSimulator(tmp_path / "bench", unit="lb", capacity=Decimal(60), settle_s=0.02)
    verdict = await weighed(pounds)
    assert verdict.code == "unit"
    assert verdict.next_step == "Choose kg in the scale's menu."


async def test_a_scale_that_does_not_return_to_zero(scale: MtSicsScaleSimulator) -> None:
    verdict = await weighed(scale, off=lambda: scale.put_load_mg(50_000))
    assert verdict.code == "not_returning"


async def test_a_scale_that_is_not_at_zero_and_one_that_weighs_wrong(scale: MtSicsScaleSimulator) -> None:
    offset = await weighed(
        scale,
        empty=lambda: scale.put_load_mg(200_000),
        load=lambda: scale.put_load_mg(1_200_000),
        off=lambda: scale.put_load_mg(200_000),
    )
    assert offset.code == "not_zero"
    assert (await weighed(scale, load=lambda: scale.put_load_mg(1_100_000))).code == "wrong_weight"


@pytest.mark.parametrize(("fault", "words"), [("error", "Error 10b"), ("over", "more than its range")])
async def test_a_scale_with_a_fault_of_its_own(scale: MtSicsScaleSimulator, fault: Any, words: str) -> None:
    verdict = await weighed(scale, load=lambda: scale.set_fault(fault))
    assert verdict.code == "fault"
    assert words in verdict.sentence


# --- scanners ---------------------------------------------------------------------------------------------------


async def scanned(simulator: LineScannerSimulator, *codes: bytes, with_gs: bool = True, **settings: Any) -> Verdict:
    await simulator.start()
    waiting, jobs = list(codes), list[asyncio.Task[None]]()

    def on_tell(_sentence: str) -> None:
        if waiting:
            jobs.append(asyncio.create_task(simulator.scan(waiting.pop(0))))

    answers = ["" if with_gs else "skip"]
    verdict = await examined("serial_scanner", {**simulator.address, **settings}, answers, on_tell)
    await asyncio.gather(*jobs)
    await simulator.stop()
    return verdict


CODE, GS1 = b"]E04006381333931", b"]C1" + TEST_CODE


@pytest.mark.parametrize(
    ("suffix", "codes", "code"),
    [
        (b"\r\n", (CODE, GS1), "fine"),
        (b"\r\n", (CODE[3:], GS1), "no_aim"),
        (b"\r\n", (CODE, GS1.replace(b"\x1d", b"")), "gs_lost"),
        (b"\r\n", (CODE, GS1.replace(b"\x1d", b"]")), "gs_lost"),
        (b"\r\n", (CODE, CODE), "fine"),
        (b"\r\n", (b"\xfe\xe5\x91\x80", GS1), "garbage"),
        (b"\r\n", (), "silent"),
    ],
)
async def test_what_is_wrong_with_a_scanner(
    tmp_path: Path, suffix: bytes, codes: tuple[bytes, ...], code: str
) -> None:
    verdict = await scanned(LineScannerSimulator(tmp_path / "dock", suffix), *codes)
    assert verdict.code == code
    assert verdict.next_step or code == "fine"


async def test_a_scanner_without_an_end_is_found_by_scanning_twice(tmp_path: Path) -> None:
    """Only what comes more than a second later shows that the first code had no end."""
    plan = examine_scanner()
    steps = [next(plan), plan.send([{"kind": "state", "device": "dock", "state": "ready"}])]
    assert steps[1] == Tell("Scan any code.")
    assert isinstance(next(plan), Watch)
    assert plan.send([]) == Tell("Scan it once more.")
    assert isinstance(next(plan), Watch)
    bad = {"kind": "bad_frame", "device": "dock", "why": "its end never came", "raw": CODE.hex()}
    assert ends(plan, [bad]).code == "no_terminator"


async def test_a_scanner_with_another_prefix(tmp_path: Path) -> None:
    verdict = await scanned(LineScannerSimulator(tmp_path / "dock"), CODE, prefix="\x02")
    assert verdict.code == "prefix"


# --- printers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "code"), [(None, "fine"), ("head_open", "head_open"), ("paper_out", "paper_out"), ("silent", "silent")]
)
async def test_what_is_wrong_with_a_printer(fault: Any, code: str) -> None:
    simulator = ZplPrinterSimulator()
    await simulator.start()
    simulator.set_faults(*([fault] if fault else []))
    verdict = await examined("zpl_printer", {**simulator.address, "answer_timeout_s": 0.1})
    await simulator.stop()
    assert verdict.code == code


async def test_a_printer_that_is_switched_off() -> None:
    simulator = ZplPrinterSimulator()
    await simulator.start()
    address = simulator.address
    await simulator.stop()
    assert (await examined("zpl_printer", dict(address))).code == "unreachable"


# --- the plan by itself -----------------------------------------------------------------------------------------


def ends(plan: Plan, came: Any) -> Verdict:
    with pytest.raises(StopIteration) as end:
        plan.send(came)
    verdict: Verdict = end.value.value
    return verdict


AWAY: Shown = {
    "kind": "state",
    "device": "bench",
    "state": "away",
    "sentence": "The scale 'bench' does not answer.",
    "next_step": "Check that it is switched on.",
}


def looking(driver: str) -> Plan:
    plan = examine_scale("bench", driver)
    assert isinstance(next(plan), Tell)
    assert isinstance(next(plan), Watch)
    assert isinstance(plan.send([AWAY]), Tell)
    assert isinstance(next(plan), Look)
    return plan


def test_another_protocol_is_named_with_the_section_to_write() -> None:
    sample = Weight("x", Decimal(1), "kg", "kg", "net", "stable", "ok", "unknown", None, b"", 0.0)
    match = Match("other_scale", 9600, "even", b"\x05", 3, 1.0, sample)
    verdict = ends(looking("mt_sics_scale"), Finding((match,)))
    assert verdict.code == "other_protocol"
    assert (
        '[devices.bench] in edge.toml set driver = "other_scale", baudrate = 9600, bytesize = 7' in verdict.next_step
    )


def test_while_the_agent_holds_the_port_it_is_said_how_to_have_it_probed() -> None:
    verdict = ends(looking("mt_sics_scale"), None)
    assert verdict.code == "silent"
    assert "systemctl stop edge-agent" in verdict.next_step


def test_an_answer_that_is_no_weight_is_asked_for_again() -> None:
    plan = examine_scale("bench", "mt_sics_scale")
    next(plan)
    next(plan)
    assert isinstance(plan.send([{**AWAY, "state": "ready"}]), Question)
    assert isinstance(plan.send(""), Watch)
    assert isinstance(plan.send([stable("0.000")]), Question)
    assert isinstance(plan.send("one kilo"), Tell)
    assert isinstance(next(plan), Question)
    assert isinstance(plan.send("0,5kg"), Watch)
    assert isinstance(plan.send([stable("0.500")]), Question)
    assert isinstance(plan.send(""), Watch)
    assert ends(plan, [stable("0.000")]).code == "fine"


def stable(value: str) -> Shown:
    return as_json(Weight("bench", Decimal(value), "kg", "kg", "net", "stable", "ok", "unknown", None, b"", 0.0))
