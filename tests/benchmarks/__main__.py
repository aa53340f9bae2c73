"""`python -m tests.benchmarks [EVENTS]`: measure what was promised; exit code 1 when a median misses its goal.

EVENTS is how many facts the grown store holds: a million, unless said otherwise.
"""

from __future__ import annotations

import sys

from tests.benchmarks import (
    answering,
    devices,
    draining,
    growing,
    handheld_scans,
    labels,
    scanning,
    screens,
    slow_flush,
    starting,
)


def main() -> int:
    """Run every benchmark and print a line for each goal."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else growing.EVENTS
    met = [
        answering.run(),
        scanning.run(),
        handheld_scans.run(),
        slow_flush.run(),
        starting.run(),
        labels.run(),
        devices.run(),
        screens.run(),
        growing.run(events),
    ]
    met.append(draining.run(events))
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
