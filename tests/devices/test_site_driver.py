"""The driver that docs/devices/README.md shows, installed as a distribution beside the agent."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from tests.support.needs import ROOT

PAGE = ROOT / "docs" / "devices" / "README.md"
TRY_IT = """
import asyncio, json, sys, time
from pathlib import Path
from devices.driver import Surroundings
from devices.registry import DRIVERS, SETTINGS
from devices.simulators.line_scanner import LineScannerSimulator

async def main(link):
    scanner = LineScannerSimulator(link, suffix=b">", prefix=b"<")
    await scanner.start()
    model = SETTINGS["door_scanner"].model_validate({"driver": "door_scanner", "port": str(link)})
    told, states = asyncio.Queue(), []
    device = DRIVERS["door_scanner"].build("door", model, Surroundings(time.monotonic, asyncio.sleep))
    task = asyncio.create_task(device.run(told.put_nowait, states.append))
    while not states or states[-1].state != "ready":
        await asyncio.sleep(0.01)
    await scanner.scan(b"PALLET-7")
    code = await asyncio.wait_for(told.get(), 20)
    task.cancel()
    await asyncio.wait([task])
    await scanner.stop()
    ours = DRIVERS["serial_scanner"].build.__module__
    print(json.dumps([code.device, code.data.decode(), "door_scanner" in DRIVERS, ours]))

asyncio.run(main(Path(sys.argv[1])))
"""


def distribution(folder: Path, entry_points: str) -> None:
    """Lay out an installed package as pip does."""
    code = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (folder / "site_drivers").mkdir(parents=True)
    (folder / "site_drivers/__init__.py").touch()
    (folder / "site_drivers/door_scanner.py").write_text(code[0])
    info = folder / "site_drivers-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: site-drivers\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(entry_points)


def entry_points() -> str:
    section = re.findall(r"```toml\n(\[project\.entry-points.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[0]
    group, line = section.splitlines()[:2]
    name, _, target = line.partition(" = ")
    ours = "serial_scanner = site_drivers.door_scanner:DRIVER"
    return f"[{group.split(chr(34))[1]}]\n{name} = {target.strip(chr(34))}\n{ours}\n"


def test_the_driver_of_the_documentation_reads_a_scanner_and_takes_no_name_of_ours(tmp_path: Path) -> None:
    distribution(tmp_path / "installed", entry_points())
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path / "installed"), str(ROOT)])}
    done = subprocess.run(
        [sys.executable, "-c", TRY_IT, str(tmp_path / "door")],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["door", "PALLET-7", True, "devices.drivers.serial_scanner"]


def test_every_command_of_the_page_exists() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for group, command in sorted(set(re.findall(r"`edge-agent (devices|simulate) ([a-z-]+)", page))):
        done = subprocess.run(
            [sys.executable, "-m", "agent", group, command, "--help"], capture_output=True, check=False, timeout=60
        )
        assert done.returncode == 0, command
