"""From the start of an agent that was killed to its first answered scan, with a store of a million events."""

from __future__ import annotations

import json
import sqlite3
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from agent.api.access import KEY_FILE
from local_store.database import FILE_NAME
from tests.benchmarks.rounds import Goal, interleaved, judge_figure
from tests.support.floor import new_id
from tests.support.needs import ROOT
from tests.support.site import free_port

RESTARTED = Goal("killed agent: start to first answered scan", 2.0)
ROUNDS = 5
LIMIT_S = 120.0

SETTINGS = """
[station]
id = "station-1"
warehouse_id = "WH-1"
data_dir = "{data}"
listen = "127.0.0.1:{port}"

[workplaces.pick-0]
work = "pick"

[workers.ana]
name = "Ana"
badge = "BADGE-ANA"
roles = ["picker"]
"""


@dataclass(frozen=True)
class Restarted:
    """Seconds from the start of the process."""

    health_s: float
    scan_s: float


def run(grown: Path, scratch: Path) -> bool:
    """Measure and print; beside it stands the same with a store that holds next to nothing."""
    cases = {"grown": partial(_restart, grown, scratch), "young": partial(_restart, scratch / "little", scratch)}
    for case in cases.values():
        case(-1)  # makes the station's key, and leaves a store whose agent was killed
    rounds = interleaved(cases, ROUNDS)
    facts = _facts(grown)
    health, young_health, young_scan = (
        statistics.median(figures)
        for figures in (
            [each.health_s for each in rounds["grown"]],
            [each.health_s for each in rounds["young"]],
            [each.scan_s for each in rounds["young"]],
        )
    )
    parts = f"{facts:,} facts; /health after {health:.2f} s; young store {young_health:.2f} and {young_scan:.2f} s"
    return judge_figure(RESTARTED, [each.scan_s for each in rounds["grown"]], " s", parts)


def _restart(data: Path, scratch: Path, _number: int) -> Restarted:
    port = free_port()
    config = scratch / "edge.toml"
    config.write_text(SETTINGS.format(port=port, data=data.resolve()), encoding="ascii")
    command = [sys.executable, "-m", "agent", "run", "--config", str(config), "--log-level", "ERROR"]
    begun = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        try:
            _until_answered(process, begun, Request(f"http://127.0.0.1:{port}/health"))
            health_s = time.perf_counter() - begun
            _until_answered(process, begun, _scan(port, data))
            scan_s = time.perf_counter() - begun
        finally:
            process.kill()
    return Restarted(health_s, scan_s)


def _scan(port: int, data: Path) -> Request:
    key = (data / KEY_FILE).read_text(encoding="ascii").strip()
    body = json.dumps({"command_id": str(new_id()), "code": "NO-SUCH-CODE"}).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    return Request(f"http://127.0.0.1:{port}/v1/station/workplaces/pick-0/scan", body, headers)


def _until_answered(process: subprocess.Popen[bytes], begun: float, request: Request) -> None:
    while True:
        assert process.poll() is None, f"the agent ended with {process.returncode}"
        assert time.perf_counter() - begun < LIMIT_S, f"no answer to {request.full_url}"
        try:
            with urlopen(request, timeout=LIMIT_S) as answer:
                assert answer.status == HTTPStatus.OK
                return
        except URLError as error:
            if isinstance(error, HTTPError):
                raise
            time.sleep(0.002)


def _facts(folder: Path) -> int:
    db = sqlite3.connect(folder / FILE_NAME)
    (facts,) = db.execute("SELECT max(seq) FROM journal").fetchone()
    db.close()
    return int(facts)
