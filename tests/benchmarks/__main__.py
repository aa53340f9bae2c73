"""`python -m tests.benchmarks`: measure what was promised; exit code 1 when a median ratio misses its goal."""

from __future__ import annotations

import sys

from tests.benchmarks import answering, starting


def main() -> int:
    """Run every benchmark and print a line for each goal."""
    met = [answering.run(), starting.run()]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
