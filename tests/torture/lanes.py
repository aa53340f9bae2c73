"""Every call of a dialect's connector meets every way to spoil its answer, before, during and after HQ is asked.

    python -m tests.torture.lanes --dialect ofs --orders 40 --seed 1

prints what it did as JSON: the cases that struck, whether HQ's truth is that of a good day, and the memory it took.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from agent.demo import rows_of
from tests.sync.mischief import CASES, Mischief, between
from tests.sync.one_shift import CLEAN, FAULTY, shift
from web.contract import Contract

PREFIX = {"ofs": "/v1/fulfillment", "esw": "/esw", "exsited": "/api", "pitney_bowes": "", "s2": ""}
"""What stands before the paths of each contract."""
PATIENCE_S = 1800
ALL_CASES = len(CASES) + 3
"""So many orders let each call that every order needs meet every case."""


def small_orders(count: int) -> list[dict[str, Any]]:
    """Many orders of one or two lines, made of the demo's products."""
    skus = [row["sku"] for row in rows_of("products")]
    first = rows_of("orders")[0]
    return [
        {
            **first,
            "order_id": f"ord_{number}",
            "lines": [
                {"order_line_id": f"{number}-{place}", "sku": skus[(number + place) % len(skus)], "quantity": place}
                for place in range(1, 2 + number % 2)
            ],
        }
        for number in range(count)
    ]


def plenty() -> list[dict[str, Any]]:
    """Stock for as many orders as one likes."""
    return [
        {"location_id": row["location_id"], "sku": row["sku"], "quantity": 100_000, "reference": "opening"}
        for row in rows_of("products")
    ]


async def spoil(folder: Path, dialect: str, orders: int, seed: int) -> dict[str, Any]:
    """Deliver the same shift on a good day and on a bad one, and compare."""
    rows = (rows_of("products"), plenty(), small_orders(orders))
    lane, mischief = f"{dialect}-{FAULTY}", Mischief(Contract.load(dialect), PREFIX[dialect], seed)
    async with shift(folder, *rows, wave=1, dialects=[dialect]) as worked:
        good = await worked.deliver(f"{dialect}-{CLEAN}")
        async with worked.hq(lane) as hq, between(hq.url, mischief) as spoiled:
            async with worked.syncing(lane, spoiled, timeout_s=1):
                await worked.sent(lane, PATIENCE_S)
            bad = (await hq.get("/hq/truth")).body
        parked = worked.rows("SELECT entity, reason FROM outbox WHERE lane = ? AND state = 'parked'", lane)
    operations: dict[str, int] = {}
    for (operation, _case), count in mischief.done.items():
        operations[operation] = operations.get(operation, 0) + count
    return {
        "dialect": dialect,
        "cases": sum(mischief.done.values()),
        "operations": operations,
        "equal": bad == good,
        "parked": parked,
        "log": mischief.log if bad != good or parked else {},
        "memory_mb": _most_memory_mb(),
    }


def _most_memory_mb() -> int:
    """The most this process ever held; what getrusage says includes the program that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = (each for each in status.splitlines() if each.startswith("VmHWM:"))
    return int(line.split()[1]) // 1024


def main() -> int:
    """Run one dialect, or each in a process of its own; 0 when nothing was lost, doubled or parked."""
    parser = ArgumentParser()
    parser.add_argument("--dialect", choices=sorted(PREFIX))
    parser.add_argument("--orders", type=int, default=ALL_CASES)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if asked.dialect is None:
        same = ["--orders", str(asked.orders), "--seed", str(asked.seed)]
        command = [sys.executable, "-m", "tests.torture.lanes", *same, "--dialect"]
        return max(subprocess.run([*command, dialect], check=False).returncode for dialect in sorted(PREFIX))
    with tempfile.TemporaryDirectory() as folder:
        report = asyncio.run(spoil(Path(folder), asked.dialect, asked.orders, asked.seed))
    json.dump(report, sys.stdout, indent=1)
    return 0 if report["equal"] and not report["parked"] else 1


if __name__ == "__main__":
    sys.exit(main())
