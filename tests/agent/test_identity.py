"""A copied station as its people meet it: the problem on the screens, the figures in `status`, how it is settled."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from agent.identity import number_words
from local_store.numbers import Figures
from tests.support.site import Process, write_config


class Machine:
    """One agent without HQ, in its own folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.config = folder, folder / "edge.toml"
        folder.mkdir()
        write_config(
            self.config,
            {
                "station": {"id": "st-1", "warehouse_id": "wh_1", "data_dir": "data", "listen": "127.0.0.1:0"},
                "workplaces": {"pack": {"work": "pack"}},
                "numbers": {
                    "sscc": {"company_prefix": "0614141", "last": 99_999},
                    "package": {"prefix": "PK-", "last": 100},
                },
            },
        )
        self.agent = Process(folder, "agent", ["-m", "agent", "run", "--config", str(self.config)])

    async def start(self) -> None:
        self.url = await self.agent.start()

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "agent", *arguments, "--config", str(self.config), "--url", self.url]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.command("status", "--json").stdout)
        return found

    def problems(self) -> dict[str, str]:
        return {each["problem_id"]: f"{each['sentence']} {each['next_step']}" for each in self.status()["problems"]}


@pytest.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    made = Machine(tmp_path / "first")
    await made.start()
    yield made
    made.agent.stop()


async def test_status_tells_what_is_left_of_each_number_and_warns_a_week_before(machine: Machine) -> None:
    told = machine.status()["identity"]
    assert told["fenced"] is None
    assert told["numbers"] == {
        "sscc": {"left": 99_999, "days_left": 4999},
        "package": {"left": 100, "days_left": 5},
    }
    assert machine.problems()["numbers.package"].startswith(
        "100 package numbers are left here, enough for about 5 days."
    )
    assert "100 left, enough for about 5 days" in machine.command("status").stdout


async def test_a_copied_station_says_so_until_a_person_has_looked(machine: Machine, tmp_path: Path) -> None:
    machine.agent.stop()
    copy = Machine(tmp_path / "second")
    shutil.copytree(machine.folder / "data", copy.folder / "data")
    await copy.start()
    try:
        sentence = copy.problems()["station.fence"]
        assert sentence.startswith("The store of this station was copied, or moved to another machine or disk.")
        assert "edge-agent settle fence" in sentence
        assert copy.problems()["numbers.sscc"].startswith("No SSCC numbers are left here")
        refused = copy.command("settle", "picklist:PL-7", "--note", "looked")
        assert (refused.returncode, "Nothing called 'picklist:PL-7' waits here" in refused.stderr) == (2, True)
        assert copy.command("settle", "fence", "--note", "compared with HQ").stdout == "fence is settled.\n"
        assert "station.fence" not in copy.problems()
        assert copy.status()["identity"]["fenced"] is None
    finally:
        copy.agent.stop()


@pytest.mark.parametrize(("left", "days", "says"), [(0, 0, "no parcel can be sealed"), (50, 7, "about 7 days")])
def test_few_numbers_are_a_problem(left: int, days: int, says: str) -> None:
    words = number_words(Figures("sscc", left, days, 1))
    assert words is not None
    assert says in words[0]


def test_enough_numbers_are_none() -> None:
    assert number_words(Figures("sscc", 999, 8, 1)) is None
