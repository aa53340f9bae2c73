"""`edge-agent backup | restore | salvage | rebuild`: what each does and says, as real processes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from local_store import journal
from local_store.database import FILE_NAME, open_reader
from tests.support.demo import Demo
from tests.support.floor import Bench, line, product
from tests.support.site import Process, free_port, write_config
from tests.support.tampering import tamper
from tests.torture import pages_of_rows

PAGE = 4096


def edge_agent(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "agent", *arguments], capture_output=True, text=True, check=False)


class Station:
    """A station whose agent is stopped, after some work."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        self.config = folder / "edge.toml"
        write_config(
            self.config,
            {
                "station": {
                    "id": "station-1",
                    "warehouse_id": "WH-1",
                    "data_dir": str(self.data),
                    "listen": f"127.0.0.1:{free_port()}",
                },
                "workplaces": {"pick-1": {"work": "pick", "devices": []}},
                "workers": {"ana": {"name": "Ana", "badge": "BADGE-ANA", "roles": ["picker"]}},
            },
        )
        bench = Bench(self.data)
        bench.given_products(*(product(f"SKU-{n}") for n in range(100)))
        bench.given_picklist("PL-7", line("SKU-1", 9))
        bench.signed_in().scan("PL-7", "A-1", "SKU-1")
        bench.close()

    def picks_one_more(self) -> None:
        """Ana counts another piece."""
        bench = Bench(self.data)
        bench.scan("SKU-1")
        bench.close()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return edge_agent(arguments[0], "--config", str(self.config), *arguments[1:])

    def json(self, *arguments: str) -> Any:
        told = self.run(*arguments, "--json")
        assert told.returncode == 0, told.stderr
        return json.loads(told.stdout)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(open_reader(self.data / FILE_NAME)) as reader:
            return [tuple(row) for row in reader.execute(sql)]

    def zero(self, page: int) -> None:
        with (self.data / FILE_NAME).open("r+b") as file:
            file.seek((page - 1) * PAGE)
            file.write(bytes(PAGE))

    def journal_pages(self) -> list[int]:
        rows = pages_of_rows.walk(self.data / FILE_NAME, ["journal"])
        return list(dict.fromkeys(min(pages) for _, _, pages in rows))


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return Station(tmp_path)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    async with Demo(tmp_path_factory.mktemp("station")) as running:
        yield running


# backup


def test_a_backup_is_made_while_no_agent_runs_and_says_where_it_lies(station: Station) -> None:
    told = station.run("backup")
    assert told.returncode == 0, told.stderr
    (made,) = (station.data / "backups").glob("*.sqlite3")
    facts = station.query("SELECT count(*) FROM journal")[0][0]
    assert told.stdout == f"{made}: {facts} facts, restored into a scratch store and found whole.\n"
    assert made.stat().st_mode & 0o077 == 0
    with closing(open_reader(made)) as copy:
        assert journal.verify(copy) == facts


@pytest.mark.asyncio(loop_scope="module")
async def test_a_backup_is_made_while_the_agent_works_and_status_shows_it(demo: Demo) -> None:
    told = edge_agent("backup", "--config", str(demo.config), "--json")
    assert told.returncode == 0, told.stderr
    made = json.loads(told.stdout)
    status = edge_agent("status", "--config", str(demo.config), "--url", demo.url)
    assert f"backup   {made['name']} of " in status.stdout


def test_a_damaged_store_gives_no_backup_that_counts(station: Station) -> None:
    tamper(station.data / FILE_NAME, "UPDATE journal SET wall_ms = wall_ms + 1 WHERE seq = 5")
    told = station.run("backup")
    assert told.returncode == 2
    assert "it is not whole (journal row 5 was changed after it was written.)" in told.stderr
    assert list((station.data / "backups").glob("*.sqlite3*")) == []


def test_without_a_store_there_is_nothing_to_back_up(station: Station) -> None:
    shutil.rmtree(station.data)
    told = station.run("backup")
    assert told.returncode == 2
    assert "there is no store yet" in told.stderr


# restore


def test_a_restore_keeps_the_replaced_store_and_tells_what_it_had_that_the_backup_has_not(station: Station) -> None:
    made = station.data / "backups" / station.json("backup")["name"]
    station.picks_one_more()
    told = station.run("restore", str(made))
    assert told.returncode == 0, told.stderr
    (kept,) = station.data.glob(f"{FILE_NAME}.replaced-*")
    assert f"The store it replaced is kept at {kept}." in told.stdout
    assert "It had 2 facts after this backup." in told.stdout
    assert "1 were not sent and exist only in that file." in told.stdout
    bench = Bench(station.data)
    assert bench.task("SKU-1").picked == 1
    assert bench.query("SELECT reason FROM fence") == [("restore",)]
    (gap,) = bench.query("SELECT first_seq, last_seq FROM journal_gap")
    assert bench.query("SELECT count(*) FROM journal WHERE seq BETWEEN ? AND ?", *gap) == [(0,)]
    assert journal.verify(bench.store.reader) > 0
    bench.close()


def test_a_backup_that_is_damaged_is_not_put_in_place(station: Station) -> None:
    made = station.data / "backups" / station.json("backup")["name"]
    before = (station.data / FILE_NAME).read_bytes()
    data = bytearray(made.read_bytes())
    at = data.index(b'"sku":"SKU-55"') + 10
    data[at] ^= 1
    made.write_bytes(data)
    told = station.run("restore", str(made))
    assert told.returncode == 2
    assert "Nothing was changed. Use an older one" in told.stderr
    assert (station.data / FILE_NAME).read_bytes() == before


def test_another_stations_backup_is_not_put_in_place(station: Station) -> None:
    made = station.data / "backups" / station.json("backup")["name"]
    station.config.write_text(station.config.read_text().replace("station-1", "station-2"))
    told = station.run("restore", str(made))
    assert told.returncode == 2
    assert "a backup of station station-1, and edge.toml says that this is station-2" in told.stderr


def test_a_backup_replaces_a_store_that_is_gone(station: Station) -> None:
    made = station.data / "backups" / station.json("backup")["name"]
    (station.data / FILE_NAME).unlink()
    refused = station.run("run")
    assert refused.returncode == 2
    assert "the store is gone" in refused.stderr
    assert "`edge-agent restore FILE`" in refused.stderr
    told = station.run("restore", str(made))
    assert told.returncode == 0, told.stderr
    assert "There was no store before." in told.stdout
    assert station.query("SELECT count(*) FROM journal WHERE kind = 'station.restored'") == [(1,)]


# salvage


def test_a_whole_store_is_left_alone(station: Station) -> None:
    before = (station.data / FILE_NAME).read_bytes()
    told = station.run("salvage")
    assert told.returncode == 0
    assert told.stdout == "The store is whole: nothing to salvage, nothing was changed.\n"
    assert (station.data / FILE_NAME).read_bytes() == before


def test_a_salvage_says_what_was_there_what_is_safe_what_is_missing_and_where_the_old_file_lies(
    station: Station,
) -> None:
    facts = station.query("SELECT count(*) FROM journal")[0][0]
    station.zero(station.journal_pages()[1])
    done = station.json("salvage")
    assert done["facts"] == facts
    assert 0 < done["missing"] < facts
    assert done["salvaged"] == facts - done["missing"]
    assert Path(done["damaged_file"]).exists()
    assert sum(last - first + 1 for first, last in done["missing_ranges"]) == done["missing"]


def test_what_is_whole_in_another_file_takes_the_place_of_the_store(station: Station, tmp_path: Path) -> None:
    other = tmp_path / "from-the-old-disk.sqlite3"
    shutil.copy(station.data / FILE_NAME, other)
    station.picks_one_more()
    told = station.run("salvage", str(other))
    assert told.returncode == 0, told.stderr
    assert "Nothing is missing." in told.stdout
    bench = Bench(station.data)
    assert bench.task("SKU-1").picked == 1
    bench.close()


async def test_an_agent_that_starts_on_a_damaged_store_salvages_it_and_says_so_on_its_screens(
    station: Station,
) -> None:
    station.zero(station.journal_pages()[-1])
    agent = Process(station.folder, "agent", ["-m", "agent", "run", "--config", str(station.config)])
    url = await agent.start()
    try:
        status = edge_agent("status", "--config", str(station.config), "--url", url, "--json")
        problems = {each["problem_id"]: each for each in json.loads(status.stdout)["problems"]}
        assert "was damaged and was salvaged" in problems["store.salvaged"]["sentence"]
        (kept,) = station.data.glob(f"{FILE_NAME}.damaged-*Z")
        assert str(kept) in problems["store.salvaged"]["next_step"]
        for command in (("restore", str(kept)), ("salvage",), ("rebuild",)):
            told = station.run(*command)
            assert told.returncode == 2
            assert "another agent is running on this folder" in told.stderr
    finally:
        agent.stop()


# rebuild


def test_a_rebuild_says_that_nothing_differed(station: Station) -> None:
    facts = station.query("SELECT count(*) FROM journal")[0][0]
    told = station.run("rebuild")
    assert told.stdout == f"Made again from {facts} facts: equal to what was there.\n"


def test_a_rebuild_mends_the_lists_and_says_how_many_lines_differed(station: Station) -> None:
    tamper(station.data / FILE_NAME, "UPDATE pick_task SET picked = '8'")
    assert station.json("rebuild")["lines_that_differed"] == 2
    assert station.query("SELECT picked FROM pick_task") == [("1",)]
    assert station.json("rebuild")["equal"]
