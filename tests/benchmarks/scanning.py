"""From a scan over HTTP to its committed answer, beside a bare server that validates and commits the same.

`python -m tests.benchmarks.scanning`. Both servers are processes of their own and are asked by the same raw client.
"""

from __future__ import annotations

import asyncio
import json
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import aiohttp

from agent import memory
from local_store.database import FILE_NAME
from tests.benchmarks.answering import SCRATCH
from tests.benchmarks.bare_loop import Recording, record
from tests.benchmarks.counting import Timed, copy_of, counts, prepare
from tests.benchmarks.rounds import Goal, interleaved, judge, judge_figure
from tests.support.floor import new_id

SCANS = {1: 300, 8: 1600, 64: 4800}
"""Scans in flight, and how many are sent in one round."""
SHOWN = 1_000_000.0
MS = 1000
PUSHED = 200

QUICK = Goal("scan over HTTP to answer, 1 in flight: p50", 2.0, aim=1.25)
MANY = Goal("scans over HTTP in a second, 64 in flight", 0.45, at_least=True, aim=0.70)
PUSH = Goal("from a scan sent to its answer on a WebSocket: p50", 20)


class Server(NamedTuple):
    """A running server."""

    port: int
    key: str


def run() -> bool:
    """Measure and print; whether all goals are met."""
    memory.settle()
    SCRATCH.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="scan-", dir=SCRATCH) as folder:
        return _run(Path(folder))


def _run(folder: Path) -> bool:
    prepare(folder / "prepared")
    prepared = folder / "prepared" / FILE_NAME
    met = []
    for in_flight, many in SCANS.items():
        recording = asyncio.run(record(copy_of(prepared, folder / f"recorded-{in_flight}"), counts(many, in_flight)))
        acts = folder / f"acts-{in_flight}"
        acts.write_bytes(pickle.dumps(recording.acts))
        cases = {
            "bare": partial(_bare, recording, folder, acts, many, in_flight),
            "ours": partial(_ours, prepared, folder, many, in_flight),
        }
        rounds = interleaved(cases)
        if in_flight == 1:
            met.append(judge(QUICK, p50(rounds["ours"]), p50(rounds["bare"]), "us"))
        else:
            goal = MANY if in_flight == max(SCANS) else Goal(f"(the same, {in_flight} in flight)", 0, at_least=True)
            met.append(judge(goal, rates(rounds["ours"]), rates(rounds["bare"]), "a second"))
    pushed_ms = [_pushed(prepared, folder, number) for number in range(3)]
    met.append(judge_figure(PUSH, pushed_ms, "ms", f"{PUSHED} scans one after the other"))
    return all(met)


def _ours(prepared: Path, folder: Path, many: int, in_flight: int, number: int) -> Timed:
    with served("ours", copy_of(prepared, folder / f"ours-{in_flight}-{number}")) as server:
        return asyncio.run(scans(server, many, in_flight))


def _bare(recording: Recording, folder: Path, acts: Path, many: int, in_flight: int, number: int) -> Timed:
    copy = copy_of(recording.file, folder / f"bare-{in_flight}-{number}")
    with served("bare", copy, acts) as server:
        return asyncio.run(scans(server, many, in_flight, whole=True))


@contextmanager
def served(*arguments: str | Path) -> Iterator[Server]:
    """A server in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.scan_servers", *map(str, arguments)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port, key = process.stdout.readline().split()
        yield Server(int(port), key)
        process.communicate()


async def scans(server: Server, many: int, in_flight: int, *, whole: bool = False) -> Timed:
    """Send scans, so many at once, each connection waiting for its answer. `whole`: the body names its workplace."""
    return await asked(
        server,
        [_request(server, each.workplace, each.code, whole=whole) for each in counts(many, in_flight)],
        in_flight,
    )


async def asked(server: Server, told: list[bytes], in_flight: int, answer: bytes = b"pick.counted") -> Timed:
    """Send requests, so many at once, each connection waiting for its answer, in which `answer` must be."""
    requests, each_s = iter(told), list[float]()

    async def picker() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for request in requests:
            begun = time.perf_counter()
            writer.write(request)
            await _answered(reader, answer)
            each_s.append(time.perf_counter() - begun)
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(picker() for _ in range(in_flight)))
    return Timed(each_s, time.perf_counter() - begun)


def _request(server: Server, workplace: str, code: str, *, whole: bool) -> bytes:
    told = {"command_id": str(new_id()), "code": code, **({"workplace": workplace} if whole else {})}
    body = json.dumps(told).encode()
    head = (
        f"POST /v1/station/workplaces/{workplace}/scan HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        f"Authorization: Bearer {server.key}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _answered(reader: asyncio.StreamReader, answer: bytes) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    assert head.startswith(b"http/1.1 200"), head
    length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
    assert answer in await reader.readexactly(length)


def _pushed(prepared: Path, folder: Path, number: int) -> float:
    with served("ours", copy_of(prepared, folder / f"pushed-{number}")) as server:
        return statistics.median(asyncio.run(_heard(server))) * MS


async def _heard(server: Server) -> list[float]:
    """How long each scan takes until its answer is on the screen of its workplace."""
    base, each_s = f"http://127.0.0.1:{server.port}/v1/station", []
    headers = {"Authorization": f"Bearer {server.key}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.ws_connect(f"{base}/live?workplace=pick-0") as screen,
    ):
        for each in counts(PUSHED, 1):
            begun = time.perf_counter()
            body = {"command_id": str(each.command_id), "code": each.code}
            sent = asyncio.ensure_future(session.post(f"{base}/workplaces/pick-0/scan", json=body))
            while (await screen.receive_json()).get("answer", {}).get("command_id") != str(each.command_id):
                pass
            each_s.append(time.perf_counter() - begun)
            (await sent).release()
    return each_s


def p50(rounds: list[Timed]) -> list[float]:
    """The median of each round in microseconds."""
    return [statistics.median(timed.each_s) * SHOWN for timed in rounds]


def rates(rounds: list[Timed]) -> list[float]:
    """Answers in a second, of each round."""
    return [timed.per_second for timed in rounds]


if __name__ == "__main__":
    sys.exit(0 if run() else 1)
