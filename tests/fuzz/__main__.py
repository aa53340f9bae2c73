"""`python -m tests.fuzz [--runs N] [--seed S] [NAME…]`: atheris tries N inputs on each parser, guided by coverage.

It begins with the recorded frames. Needs the package atheris (`make fuzz` installs it); a finding is written down and
the exit code is 1.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz.parsers import PARSERS
from tests.support.needs import ROOT

RUNS = 10_000_000
MAX_LENGTH = 160
RECORDINGS = ROOT / "tests" / "recordings"


def main() -> int:
    """Run each parser in a process of its own and print a line for it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("names", nargs="*", default=list(PARSERS))
    given = parser.parse_args()
    found = [name for name in given.names if not _fuzzed(name, given.runs, given.seed)]
    return 1 if found else 0


def _fuzzed(name: str, runs: int, seed: int) -> bool:
    out = ROOT / "build" / "fuzz"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as corpus:
        _plant(Path(corpus))
        command = [sys.executable, "-m", "tests.fuzz.one", name, corpus, f"-runs={runs}", f"-seed={seed}"]
        command += [f"-max_len={MAX_LENGTH}", "-timeout=10", f"-artifact_prefix={out / name}-", "-verbosity=0"]
        start = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    words = "nothing found" if done.returncode == 0 else done.stderr.decode(errors="replace")[-3000:]
    print(f"{name}: {runs:,} inputs, seed {seed}, {time.monotonic() - start:.0f} s: {words}", flush=True)
    return done.returncode == 0


def _plant(corpus: Path) -> None:
    """Every recorded frame as a first input, cut in the middle."""
    for recording in sorted(RECORDINGS.glob("*.txt")):
        for number, line in enumerate(recording.read_text(encoding="utf-8").splitlines()):
            raw = line.rpartition("\t")[2]
            if not line.startswith("#") and len(raw) <= MAX_LENGTH * 3:
                (corpus / f"{recording.stem}-{number}").write_bytes(b"\x10" + bytes.fromhex(raw))


if __name__ == "__main__":
    sys.exit(main())
