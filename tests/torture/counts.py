"""What a torture run did and found, the same for all of them, and the command line they share."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import click

from tests.support.needs import ROOT

T = TypeVar("T")
SHOWN = 10


@dataclass
class Counts:
    """How often what was done, and every violation in words. `done` also holds what only informs."""

    name: str
    seed: int
    done: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    took_s: float = 0.0

    def add(self, other: Counts) -> None:
        """Take in what another process did."""
        self.done += other.done
        self.violations += other.violations

    def __str__(self) -> str:
        did = ", ".join(f"{what} {number:,}" for what, number in self.done.items())
        lines = [f"{self.name}: seed {self.seed}, {did}; violations {len(self.violations)}; {self.took_s:.0f} s"]
        return "\n    ".join(lines + self.violations[:SHOWN])

    def report(self) -> None:
        """Leave the counts for the summary of the test run, and fail when there were violations."""
        folder = ROOT / "build" / "reports"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"torture-{self.name}.txt").write_text(f"{self}\n", encoding="utf-8")
        assert not self.violations, str(self)


def in_processes(name: str, seed: int, part: Callable[[T], Counts], parts: list[T]) -> Counts:
    """Do the parts, as many at once as the machine has cores, and sum up."""
    began = time.monotonic()
    counts = Counts(name, seed)
    with ProcessPoolExecutor(min(len(parts), processes()), mp_context=get_context("spawn")) as pool:
        for each in pool.map(part, parts):
            counts.add(each)
    counts.took_s = time.monotonic() - began
    return counts


def spread(cases: list[T], sample: int, chance: random.Random) -> list[T]:
    """`sample` of the cases, one from each stretch of the same length; all of them for 0."""
    if not 0 < sample < len(cases):
        return cases
    bounds = [len(cases) * n // sample for n in range(sample + 1)]
    return [chance.choice(cases[start:stop]) for start, stop in pairwise(bounds)]


def processes() -> int:
    """How many at once on this machine."""
    return len(os.sched_getaffinity(0))


def scratch() -> Path | None:
    """Where files cost least: memory, when the machine offers it."""
    shm = Path("/dev/shm")
    return shm if os.access(shm, os.W_OK) else None


def command_line(run: Callable[..., Counts], **sizes: int) -> click.Command:
    """`python -m tests.torture.NAME --seed N --SIZE M`: run, print the counts, and end with 1 on any violation."""

    def main(**given: int) -> None:
        counts = run(**given)
        click.echo(str(counts))
        raise SystemExit(1 if counts.violations else 0)

    options = [click.Option([f"--{name}"], type=int, default=size, show_default=True) for name, size in sizes.items()]
    seed = click.Option(["--seed"], type=int, default=1, show_default=True)
    return click.Command(run.__module__, params=[seed, *options], callback=main)
