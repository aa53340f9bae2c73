"""From the start of the agent to its first answer, and its memory at rest, beside an empty aiohttp server."""

from __future__ import annotations

import compileall
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.benchmarks.rounds import Goal, interleaved, judge
from tests.support.needs import ROOT
from tests.support.site import free_port

FIRST_ANSWER = Goal("agent start to first answer", 2.0)
MEMORY = Goal("agent memory at rest (RSS)", 1.6)
PACKAGES = ("agent", "config", "devices", "local_store", "sync", "web")
LIMIT_S = 30.0
REST_S = 1.0

EMPTY_SERVER = """
import sys
from aiohttp import web

async def health(request):
    return web.Response(text="ok")

app = web.Application()
app.router.add_get("/health", health)
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
"""

SETTINGS = """
[station]
id = "bench-1"
warehouse_id = "WH-1"
data_dir = "data"
ballast_mb = 1
listen = "127.0.0.1:{port}"

[hq.main]
dialect = "ofs"
url = "http://127.0.0.1:9"
secret = "hq-main"
tenant = "bench"

[devices.scanner]
driver = "serial_scanner"
port = "/dev/there-is-no-scanner"

[devices.printer]
driver = "zpl_printer"
host = "127.0.0.1"
port = 9

[workplaces.pack-1]
work = "pack"
devices = ["scanner", "printer"]

[workers.ana]
name = "Ana"
badge = "BADGE-ANA"
roles = ["packer"]
"""


@dataclass(frozen=True)
class Started:
    """How long the first answer took, and what the process held once it was at rest."""

    first_answer_ms: float
    rss_kib: float


def run() -> bool:
    """Measure and print; whether both goals are met. HQ and devices are away, as on a bad morning.

    Our modules are compiled first, as installing the wheel does and as aiohttp's are.
    """
    for package in PACKAGES:
        compileall.compile_dir(ROOT / package, quiet=1)
    with tempfile.TemporaryDirectory(prefix="edge-bench-") as name:
        folder = Path(name)
        _write_station(folder)
        _start_agent(folder, -1)  # makes the store: a station is installed once and started often
        cases: dict[str, Callable[[int], Started]] = {
            "empty": _start_empty,
            "agent": partial(_start_agent, folder),
        }
        rounds = interleaved(cases)
    ours, anchor = rounds["agent"], rounds["empty"]
    quick = judge(FIRST_ANSWER, [s.first_answer_ms for s in ours], [s.first_answer_ms for s in anchor], "ms")
    small = judge(MEMORY, [s.rss_kib for s in ours], [s.rss_kib for s in anchor], "KiB")
    return quick and small


def _write_station(folder: Path) -> None:
    (folder / "secrets").mkdir()
    secret = folder / "secrets" / "hq-main"
    secret.write_text("bench-key", encoding="ascii")
    secret.chmod(0o600)


def _start_empty(_number: int) -> Started:
    port = free_port()
    return _started([sys.executable, "-c", EMPTY_SERVER, str(port)], port)


def _start_agent(folder: Path, _number: int) -> Started:
    port = free_port()
    config = folder / "edge.toml"
    config.write_text(SETTINGS.format(port=port), encoding="ascii")
    return _started([sys.executable, "-m", "agent", "run", "--config", str(config), "--log-level", "ERROR"], port)


def _started(command: list[str], port: int) -> Started:
    begun = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        while not _answers(port):
            assert process.poll() is None, f"{command} ended with {process.returncode}"
            assert time.perf_counter() - begun < LIMIT_S, f"{command} did not answer"
            time.sleep(0.002)
        first_answer_ms = (time.perf_counter() - begun) * 1000
        time.sleep(REST_S)
        rss_kib = _rss_kib(process.pid)
        process.terminate()
    return Started(first_answer_ms, rss_kib)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=LIMIT_S) as connection:
            connection.sendall(f"GET /health HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            return connection.recv(100).startswith(b"HTTP/1.1 200")
    except ConnectionError:
        return False


def _rss_kib(pid: int) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    found = re.search(r"^Rss:\s+(\d+) kB", rollup, re.MULTILINE)
    assert found is not None
    return float(found[1])
