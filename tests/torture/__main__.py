"""Every torture run with its full numbers, one after the other: `python -m tests.torture --seed 1 --scale 1`."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import NamedTuple

import click

from tests.support.needs import ROOT


class Run(NamedTuple):
    """One run: its module, the option that says how much, and the full number."""

    module: str
    option: str
    full: int
    all_of_it: int = 0
    """What to give for everything there is, where `full` is only about how many that are."""


RUNS = (
    Run("power_cut", "images", 1_000_000, 1_000_000),
    Run("kill", "sample", 18_000),
    Run("disk", "sample", 40_000),
    Run("clock", "days", 200, 200),
    Run("damage", "files", 10_000, 10_000),
    Run("identity", "worlds", 200, 200),
    Run("printer_cut", "sample", 5_000),
    Run("lanes", "orders", 210, 210),
    Run("coming_back", "away", 3_600, 3_600),
    Run("whole_floor", "days", 5_000, 5_000),
    Run("label_fields", "values", 10_000_000, 10_000_000),
)


@click.command()
@click.option("--seed", default=1, show_default=True)
@click.option("--scale", default=1.0, show_default=True, help="Share of the full numbers.")
@click.option("--only", multiple=True, type=click.Choice([run.module for run in RUNS]))
def main(seed: int, scale: float, only: tuple[str, ...]) -> None:
    """Do them all, print each one's counts, and end with 1 when any found a violation."""
    ended: list[tuple[str, int, int]] = []
    for run in RUNS:
        if not only or run.module in only:
            size = run.all_of_it if scale >= 1 else max(1, round(run.full * scale))
            command = [sys.executable, "-m", f"tests.torture.{run.module}", "--seed", str(seed)]
            began = time.monotonic()
            done = subprocess.run([*command, f"--{run.option}", str(size)], cwd=ROOT, check=False)
            ended.append((run.module, done.returncode, round(time.monotonic() - began)))
    for module, status, took_s in ended:
        click.echo(f"{module:<14}{'nothing found' if status == 0 else f'FAILED ({status})':<16}{took_s:>8} s")
    raise SystemExit(any(status for _, status, _ in ended))


if __name__ == "__main__":
    main()
