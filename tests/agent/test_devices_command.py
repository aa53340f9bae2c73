"""`edge-agent devices …` and `edge-agent simulate …`, as a person at a terminal has them."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from devices.calibration import SHEET
from devices.recorder import read_back
from tests.support.demo import Demo
from tests.support.patience import PATIENCE_S
from tests.support.site import until

pytestmark = [pytest.mark.asyncio(loop_scope="module")]

MACHINE = Path("/nonexistent")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    async with Demo(tmp_path_factory.mktemp("devices")) as running:
        yield running


async def edge_agent(*arguments: str, given: str = "", cwd: Path | None = None) -> tuple[int, str, str]:
    """Exit status, output and complaints of one command."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "agent", *arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=cwd,
    )
    out, err = await asyncio.wait_for(process.communicate(given.encode()), 60)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def devices(demo: Demo, command: str, *arguments: str) -> tuple[int, str, str]:
    return await edge_agent("devices", command, *arguments, "--config", str(demo.config), "--url", demo.url)


async def weighs(demo: Demo, weight_mg: int) -> None:
    key = (demo.config.parent / "store" / "station.key").read_text()
    path = f"{demo.url}/v1/station/devices/scale/readings"
    async with (
        asyncio.timeout(PATIENCE_S),
        demo.session.get(path, headers={"Authorization": f"Bearer {key}"}) as answer,
    ):
        async for line in answer.content:
            told = json.loads(line) if line.strip() else {"kind": "beat"}
            if told["kind"] == "weight" and (told["weight_mg"], told["stability"]) == (weight_mg, "stable"):
                return


# --- through the agent ------------------------------------------------------------------------------------------


async def test_the_list_shows_what_edge_toml_has_and_how_it_is(demo: Demo) -> None:
    async def all_ready() -> str:
        _, out, _ = await devices(demo, "list", "--sysfs", str(MACHINE), "--dev", str(MACHINE))
        return out if out.count(" ready ") == 4 else ""

    out = await until(all_ready, "not every device is ready")
    lines = [line.split()[:3] for line in out.splitlines()]
    assert ["scale", "mt_sics_scale", "ready"] in lines
    assert ["printer", "zpl_printer", "ready"] in lines


async def test_a_watch_shows_readings_and_states_as_they_come(demo: Demo) -> None:
    watching = asyncio.create_task(devices(demo, "watch", "--seconds", "3"))
    while not watching.done():  # as a person does who looks whether it comes up
        await demo.act("pick-scanner", "scan", code="]C100340123")
        await asyncio.wait([watching], timeout=0.3)
    status, out, _ = await watching
    assert status == 0
    assert "pick-scanner     scan     ]C1 '00340123'" in out
    assert "pick-scanner     ready    'pick-scanner' is ready." in out
    assert any(line.split()[:2] == ["scale", "weight"] for line in out.splitlines())


async def test_zero_and_tare_are_told_to_the_scale_and_what_it_refuses_is_said(demo: Demo) -> None:
    await demo.act("scale", "load", weight_g=2500)
    await weighs(demo, 2_500_000)
    assert await devices(demo, "tare", "scale") == (0, "scale: what lies on it is its tare.\n", "")
    await weighs(demo, 0)
    assert (await devices(demo, "clear-tare", "scale"))[0] == 0
    await weighs(demo, 2_500_000)
    assert (await devices(demo, "zero", "scale"))[:2] == (0, "scale: it is set to zero.\n")
    await weighs(demo, 0)
    status, _, err = await devices(demo, "zero", "printer")
    assert (status, err) == (2, "'printer' is no scale that can be told anything.\n")
    status, _, err = await devices(demo, "zero", "nosuch")
    assert status == 2
    assert "There is no [devices.nosuch] in edge.toml; there is pick-scanner" in err
    await demo.act("scale", "unplug")

    async def refused() -> bool:
        return "is not connected, so it was not told to zero" in (await devices(demo, "zero", "scale"))[2]

    await until(refused, "the missing scale was not said")
    await demo.act("scale", "replug")


async def test_a_recording_is_what_went_over_the_wire_and_can_be_redacted(demo: Demo, tmp_path: Path) -> None:
    await demo.scan("pick", "]C1BADGE-ANA")
    status, out, _ = await devices(demo, "record", "pick-scanner", "-o", str(tmp_path / "tape.txt"))
    assert status == 0
    entries = read_back((tmp_path / "tape.txt").read_text())
    assert out == f"{tmp_path / 'tape.txt'}: {len(entries)} entries of pick-scanner.\n"
    assert b"]C1BADGE-ANA\r\n" in [entry.data for entry in entries]
    _, out, _ = await devices(demo, "record", "pick-scanner", "--redact")
    assert b"]C1AAAAA-AAA\r\n" in [entry.data for entry in read_back(out)]
    _, out, _ = await devices(demo, "record", "scale", "--seconds", "1")
    entries = read_back(out)
    assert entries
    assert entries[-1].t_mono <= 1.5


async def test_only_the_holder_of_the_key_may_hear_the_wire_and_a_screen_may_set_zero(demo: Demo) -> None:
    for path in ("scale/tape", "scale/readings", "all/readings"):
        async with demo.session.get(f"{demo.url}/v1/station/devices/{path}") as answer:
            assert answer.status == 403
    async with demo.session.get(f"{demo.url}/v1/station/devices") as answer:
        assert (await answer.json())["devices"]["scale"]["commands"] == ["clear_tare", "tare", "zero"]
    async with demo.session.post(f"{demo.url}/v1/station/devices/scale/clear-tare") as answer:
        assert answer.status == 200
    async with demo.session.get(f"{demo.url}/v1/station/devices/nosuch/tape") as answer:
        assert answer.status == 403


async def test_a_port_that_the_running_agent_uses_is_not_probed(demo: Demo) -> None:
    terminal = str((demo.folder / "demo" / "devices" / "scale").resolve())
    status, out, err = await devices(demo, "probe", terminal)
    assert (status, out) == (2, "")
    assert "belongs to 'scale' in edge.toml and the agent is running" in err


# --- without an agent -------------------------------------------------------------------------------------------


class Simulated:
    """`edge-agent simulate …` while a block runs."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.section: dict[str, str] = {}

    async def until_it_answers(self, lines: int) -> None:
        for _ in range(lines):
            key, _, value = (await self._line()).partition(" = ")
            self.section[key] = value.strip('"')

    async def do(self, line: str) -> str:
        """Say something to it: its answer, from whichever of the two it comes."""
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")
        return await self._line()

    async def _line(self) -> str:
        assert self._process.stdout is not None
        return (await asyncio.wait_for(self._process.stdout.readline(), PATIENCE_S)).decode().strip()


@asynccontextmanager
async def simulated(*arguments: str, lines: int = 2) -> AsyncIterator[Simulated]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "agent", "simulate", *arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    made = Simulated(process)
    await made.until_it_answers(lines)
    try:
        yield made
    finally:
        process.terminate()
        assert await asyncio.wait_for(process.wait(), PATIENCE_S) == 0


def station(folder: Path, **section: Any) -> Path:
    config = folder / "edge.toml"
    members = "\n".join(f"{key} = {json.dumps(value)}" for key, value in section.items())
    config.write_text(
        '[station]\nid = "s-1"\nwarehouse_id = "w"\ndata_dir = "d"\nlisten = "127.0.0.1:9"\n'
        f'[workplaces.pack]\nwork = "pack"\ndevices = ["bench"]\n[devices.bench]\n{members}\n'
    )
    return config


async def test_a_simulated_scale_obeys_its_input_and_is_watched_recorded_and_played_again(tmp_path: Path) -> None:
    link = tmp_path / "scale"
    config = station(tmp_path, driver="mt_sics_scale", port=str(link))
    async with simulated("scale", "--link", str(link), "--unit", "g", "--resolution", "1") as scale:
        assert scale.section == {"driver": "mt_sics_scale", "port": str(link)}
        assert await scale.do("load 12") == "ok"
        assert (await scale.do("fault nosuch")).startswith("It has no fault 'nosuch'; it has split, joined,")
        assert await scale.do("sing") == "A scale takes: load WEIGHT, fault NAME, unplug, replug, quit."
        tape = tmp_path / "tape.txt"
        arguments = ("devices", "record", "bench", "--direct", "--seconds", "2", "-o", str(tape))
        status, _, _ = await edge_agent(*arguments, "--config", str(config))
        assert status == 0
        for each in ("fault none", "unplug", "replug"):
            assert await scale.do(each) == "ok"
    replaying = asyncio.create_task(edge_agent("devices", "replay", str(tape), "--link", str(link)))
    await until(lambda: _there(link), "the recording was not plugged in")
    _, out, _ = await edge_agent("devices", "watch", "bench", "--direct", "--seconds", "2", "--config", str(config))
    assert "bench            weight               12 g  stable" in out
    status, out, _ = await replaying
    assert (status, out.splitlines()[0]) == (0, f'port = "{link}"')
    assert out.splitlines()[-1].startswith("The recording is over: ")


async def _there(path: Path) -> bool:
    return path.exists()  # noqa: ASYNC240 -- a link, at once


async def test_a_scale_that_nobody_knows_is_probed_and_its_section_can_be_written(tmp_path: Path) -> None:
    link = tmp_path / "scale"
    async with simulated("scale", "--link", str(link), "--baudrate", "2400"):
        status, out, _ = await edge_agent("devices", "probe", str(link), "--config", str(tmp_path / "none.toml"))
    assert status == 0
    assert out.splitlines() == [
        f"# {link}",
        "# It says 0.000 kg stable (answers when asked).",
        "[devices.NAME]",
        'driver = "mt_sics_scale"',
        f'port = "{link}"',
        "baudrate = 2400",
        "bytesize = 8",
        'parity = "none"',
    ]


async def test_a_scanner_is_probed_with_a_scan(tmp_path: Path) -> None:
    link = tmp_path / "dock"
    async with simulated("scanner", "--link", str(link), "--suffix", r"\r") as scanner:
        probing = asyncio.create_task(edge_agent("devices", "probe", str(link), "--scan"))
        await asyncio.sleep(1)  # a person reads the prompt first; what is scanned before it is not heard
        for _ in range(20):
            await scanner.do("scan ]C110LOT7\\x1d21SER9")
            await asyncio.sleep(0.5)
            if probing.done():
                break
        status, out, _ = await probing
    assert status == 0
    assert "# It read b'10LOT7\\x1d21SER9'." in out
    assert 'terminators = ["cr"]' in out


async def test_the_doctor_asks_judges_and_writes_a_report_without_codes(tmp_path: Path) -> None:
    link = tmp_path / "scale"
    config = station(tmp_path, driver="mt_sics_scale", port=str(link))
    async with simulated("scale", "--link", str(link)):
        status, out, _ = await edge_agent(
            "devices", "doctor", "bench", "--config", str(config), given="\n1 kg\n\n", cwd=tmp_path
        )
    assert status == 1
    assert "The scale shows 0.000 kg stable whatever lies on it." in out
    report = json.loads((tmp_path / "doctor-bench.json").read_text())
    assert report["verdict"]["code"] == "frozen"
    assert [step["answer"] for step in report["steps"]] == [None, "", "1 kg", ""]
    assert report["settings"] == {"port": str(link)}
    assert any(" > 53 49 0d 0a" in line for line in report["tape"])


async def test_a_simulated_printer_tells_where_it_is(tmp_path: Path) -> None:
    async with simulated("printer", lines=3) as printer:
        assert printer.section["host"] == "127.0.0.1"
        assert await printer.do("fault head_open") == "ok"
        config = station(tmp_path, driver="zpl_printer", host="127.0.0.1", port=int(printer.section["port"]))
        status, out, _ = await edge_agent("devices", "doctor", "bench", "--config", str(config), cwd=tmp_path)
    assert status == 1
    assert "has its head open" in out
    assert "Close the head." in out


async def test_a_scanner_is_calibrated_by_scanning_the_sheet(tmp_path: Path) -> None:
    link, sheet = tmp_path / "dock", tmp_path / "sheet.html"
    assert (await edge_agent("devices", "calibrate", "--page", str(sheet)))[0] == 0
    assert "Scanner calibration sheet" in sheet.read_text()
    config = station(tmp_path, driver="serial_scanner", port=str(link), terminators=["cr"])
    async with simulated("scanner", "--link", str(link), "--suffix", r"\t") as scanner:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "agent", "devices", "calibrate", "bench", "--config", str(config)),
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        await asyncio.wait_for(process.stdout.readline(), PATIENCE_S)
        await asyncio.sleep(0.5)  # the port is opened meanwhile
        for number, code in enumerate(SHEET):
            if number:
                await asyncio.wait_for(process.stdout.readline(), PATIENCE_S)
            text = "".join(f"\\x{byte:02x}" for byte in code.aim + code.data)
            assert await scanner.do(f"scan {text}") == "ok"
        out = (await process.stdout.read()).decode()
        await process.wait()
    assert 'terminators = ["tab"]' in out
