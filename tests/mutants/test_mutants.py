"""Faults planted on purpose: for each promise in `mutants.toml` one fault, and the test that must catch it.

To add one, append a `[[mutant]]` to the file: its name, the promise in words, the file, the old text (which must
stand there exactly once), the new text, and the test that fails by an assertion when the fault is in. Nothing else.
"""

from __future__ import annotations

import compileall
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.support.needs import ROOT
from tests.torture.counts import processes

COPIED = ("agent", "config", "devices", "hq", "local_store", "sync", "systemd", "tests", "web")
PLUGINS = ("pytest_asyncio.plugin", "pytest_timeout")
LIMIT_S = 240
PATIENCE_S = 10
"""A planted fault mostly shows as a wait in vain."""
BY_ASSERTION = re.compile(r"^E\s+(.*AssertionError|assert |Failed: |.*DID NOT RAISE|TimeoutError$)", re.MULTILINE)
"""A test that waits for a fact in vain ends with TimeoutError."""


@dataclass(frozen=True)
class Mutant:
    """One planted fault."""

    name: str
    promise: str
    file: str
    old: str
    new: str
    caught_by: str


MUTANTS = [
    Mutant(**each) for each in tomllib.loads(Path(__file__).with_name("mutants.toml").read_text("utf-8"))["mutant"]
]


Done = subprocess.CompletedProcess[str]
WITHOUT = "without any fault"


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest, compiler: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Done]]]:
    """The run of each wanted mutant's test, some at once, each in a copy of the project of its own."""
    copies: SimpleQueue[Path] = SimpleQueue()
    folder = tmp_path_factory.mktemp("mutants")
    for number in range(processes()):
        copies.put(_copied(folder / str(number)))

    def judged(mutant: Mutant | None) -> Done:
        copy = copies.get()
        try:
            if mutant is None:
                return _pytest(copy, "--collect-only", *dict.fromkeys(each.caught_by for each in MUTANTS))
            with _planted(copy / mutant.file, mutant):
                return _pytest(copy, mutant.caught_by)
        finally:
            copies.put(copy)

    with ThreadPoolExecutor(processes()) as pool:
        yield {name: pool.submit(judged, mutant) for name, mutant in _wanted(request.session.items)}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_copy_without_a_fault_has_the_same_tests(outcomes: dict[str, Future[Done]]) -> None:
    """That they pass without one is seen in the suite itself."""
    done = outcomes[WITHOUT].result()
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("mutant", MUTANTS, ids=[each.name for each in MUTANTS])
def test_the_planted_fault_is_caught(outcomes: dict[str, Future[Done]], mutant: Mutant) -> None:
    done = outcomes[mutant.name].result()
    assert done.returncode == 1, f"{mutant.caught_by} did not notice: {mutant.promise}\n{done.stdout[-2000:]}"
    assert BY_ASSERTION.search(done.stdout), f"it failed, but not by an assertion:\n{done.stdout[-3000:]}"


def test_there_are_enough_and_each_has_a_name_of_its_own() -> None:
    assert len({each.name for each in MUTANTS}) == len(MUTANTS) >= 20


def test_every_promise_of_the_page_is_broken_by_one() -> None:
    page = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
    promised = set(re.findall(r"^\| (P\d+) \|", page, re.MULTILINE))
    assert {each.promise.split()[0] for each in MUTANTS} == promised


def _wanted(items: list[pytest.Item]) -> Iterator[tuple[str, Mutant | None]]:
    """The mutants whose tests were asked for."""
    for item in items:
        if item.name.startswith("test_a_copy_without_a_fault"):
            yield WITHOUT, None
        elif isinstance(item, pytest.Function) and item.originalname == "test_the_planted_fault_is_caught":
            yield from ((each.name, each) for each in MUTANTS if each == item.callspec.params["mutant"])


def _copied(folder: Path) -> Path:
    """The project once more, compiled, to plant faults in."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        compileall.compile_dir(folder / name, quiet=1)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@contextmanager
def _planted(file: Path, mutant: Mutant) -> Iterator[None]:
    sound, times = file.read_bytes(), file.stat()
    text = sound.decode()
    assert text.count(mutant.old) == 1, f"the old text stands {text.count(mutant.old)} times in {mutant.file}"
    assert mutant.old != mutant.new
    file.write_bytes(text.replace(mutant.old, mutant.new).encode())
    try:
        yield
    finally:
        file.write_bytes(sound)
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def _pytest(folder: Path, *nodes: str) -> subprocess.CompletedProcess[str]:
    """Run these tests in the copy, with only the plugins they need."""
    plugins = [option for name in PLUGINS for option in ("-p", name)]
    environment = {
        **os.environ,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "EDGE_SHARED": os.environ.get("EDGE_SHARED", ""),
        "EDGE_PATIENCE_S": str(PATIENCE_S),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "--tb=short", *plugins, *nodes],
        cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=LIMIT_S * len(nodes),
    )  # fmt: skip
