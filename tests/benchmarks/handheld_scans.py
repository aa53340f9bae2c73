"""From the scans of a handheld over HTTP (seed 001) to their committed answer, beside a bare server.

`python -m tests.benchmarks.handheld_scans`. Both servers validate each scan with the same models and commit the same
rows; a call has one scan, 50 or 500.
"""

from __future__ import annotations

import asyncio
import json
import pickle
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from agent import memory
from local_store.database import FILE_NAME
from local_store.domain import commands as c
from tests.benchmarks.answering import SCRATCH
from tests.benchmarks.bare_loop import Recording, record
from tests.benchmarks.counting import FLOOR, LINES, PICKERS, QTY, Timed, copy_of
from tests.benchmarks.rounds import Goal, interleaved, judge
from tests.benchmarks.scanning import Server, asked, p50, rates, served
from tests.support.floor import Bench, line, new_id, product

NOW = "2030-05-06T12:00:00Z"
FEW = 3
"""Rounds of what is shown and not judged."""


class Load(NamedTuple):
    """How many scans a call has, how many calls are in flight, and how many are sent in a round."""

    scans: int
    in_flight: int
    calls: int


QUICK = Goal("scan of a handheld to answer, 1 in flight: p50", 2.0, aim=1.25)
MANY = Goal("scans of handhelds in a second, 64 in flight", 0.45, at_least=True, aim=0.70)
JUDGED = {Load(1, 1, 300): QUICK, Load(1, 64, 3200): MANY}
SHOWN = (Load(50, 1, 40), Load(50, 64, 256), Load(500, 1, 8), Load(500, 64, 64))


def run() -> bool:
    """Measure and print; whether both goals are met."""
    memory.settle()
    SCRATCH.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="handheld-", dir=SCRATCH) as folder:
        prepare(Path(folder, "prepared"))
        met = [_measured(Path(folder), load, goal) for load, goal in JUDGED.items()]
        for load in SHOWN:
            quick = load.in_flight == 1
            name = f"(the same, {load.scans} scans a call, {load.in_flight} in flight)"
            _measured(Path(folder), load, Goal(name, 99 if quick else 0, at_least=not quick), FEW)
    return all(met)


def prepare(folder: Path) -> None:
    """A store in which a picker has begun a list for each handheld."""
    bench = Bench(folder, FLOOR)
    skus = [f"SKU-{n}" for n in range(LINES)]
    bench.given_products(*(product(sku) for sku in skus))
    for n in range(PICKERS):
        bench.given_picklist(f"PL-{n}", *(line(sku, QTY) for sku in skus))
        bench.do(c.StartPicklist(command_id=new_id(), picklist_id=f"PL-{n}", worker_id="ana"))
    bench.close()


def calls(load: Load) -> list[tuple[str, list[dict[str, Any]]]]:
    """(picklist, scans) of each call, the handhelds taking turns."""
    return [
        (f"PL-{n % load.in_flight}", [_scan(n * load.scans + part) for part in range(load.scans)])
        for n in range(load.calls)
    ]


def _scan(number: int) -> dict[str, Any]:
    of = {"scan_id": f"scan-{number:08}-{new_id().hex[-12:]}", "location_id": "A-1", "timestamp": NOW}
    return {**of, "sku": f"SKU-{number % LINES}", "qty": 1}


def _measured(folder: Path, load: Load, goal: Goal, rounds: int | None = None) -> bool:
    here = folder / "-".join(map(str, load))
    prepared = folder / "prepared" / FILE_NAME
    told = calls(load)
    recording = asyncio.run(record(copy_of(prepared, here / "recorded"), [_command(*each) for each in told]))
    acts = here / "acts"
    acts.write_bytes(pickle.dumps(recording.acts))
    cases = {
        "bare": partial(_bare, recording, here, acts, load, told),
        "ours": partial(_ours, prepared, here, load, told),
    }
    found = interleaved(cases, rounds) if rounds else interleaved(cases)
    figures, unit = (p50, "us") if load.in_flight == 1 else (rates, "calls a second")
    return judge(goal, figures(found["ours"]), figures(found["bare"]), unit)


def _command(picklist_id: str, scans: list[dict[str, Any]]) -> c.ScanPicks:
    told = tuple(c.PickScan.model_validate(each) for each in scans)
    return c.ScanPicks(command_id=new_id(), picklist_id=picklist_id, worker_id="ana", scans=told)


Told = list[tuple[str, list[dict[str, Any]]]]


def _ours(prepared: Path, here: Path, load: Load, told: Told, number: int) -> Timed:
    with served("handheld", copy_of(prepared, here / f"ours-{number}")) as server:
        return asyncio.run(_asked(server, load, told))


def _bare(recording: Recording, here: Path, acts: Path, load: Load, told: Told, number: int) -> Timed:
    with served("bare", copy_of(recording.file, here / f"bare-{number}"), acts) as server:
        return asyncio.run(_asked(server, load, told))


async def _asked(server: Server, load: Load, told: Told) -> Timed:
    return await asked(server, [_request(server, *each) for each in told], load.in_flight, b'"accepted"')


def _request(server: Server, picklist_id: str, scans: list[dict[str, Any]]) -> bytes:
    body = json.dumps(scans).encode()
    head = (
        f"POST /v1/fulfillment/picklists/{picklist_id}/scan HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        f"Authorization: Bearer {server.key}\r\nIdempotency-Key: {new_id()}\r\nX-Tenant-ID: t1\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


if __name__ == "__main__":
    sys.exit(0 if run() else 1)
