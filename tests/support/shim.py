"""Watch what a process asks the disk to do: builds the preloaded library `shim.c` and reads its report."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")


def build(compiler: str, folder: Path) -> Path:
    """Compile the shim into `folder` and give its path."""
    shim = folder / "edge_shim.so"
    flags = ("-shared", "-fPIC", "-O2", "-std=gnu11", "-Wall", "-Wextra", "-Werror")
    done = subprocess.run(
        [compiler, *flags, "-o", str(shim), str(SOURCE), "-ldl"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return shim


def environment(shim: Path, match: str, out: Path) -> dict[str, str]:
    """What to add to the environment of a process: watch files whose path contains `match`, report into `out`."""
    return {"LD_PRELOAD": str(shim), "EDGE_SHIM_MATCH": match, "EDGE_SHIM_OUT": str(out)}


def read_counts(out: Path) -> dict[str, int]:
    """Calls by name (`fsync`, `fdatasync`, `write`, `pwrite`) and bytes (`write_bytes` …), over all processes.

    A process that reported more than once (SIGUSR2, exit) counts with its last report.
    """
    last = {(pid, name): (int(calls), int(size)) for pid, name, calls, size in _lines(out)}
    totals: dict[str, int] = {}
    for (_, name), (calls, size) in last.items():
        totals[name] = totals.get(name, 0) + calls
        totals[f"{name}_bytes"] = totals.get(f"{name}_bytes", 0) + size
    return totals


def _lines(out: Path) -> Iterable[list[str]]:
    return (line.split() for line in out.read_text(encoding="ascii").splitlines())
