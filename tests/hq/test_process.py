"""HQ as its own process: how it starts, says that it is ready, stops, and survives being killed."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.patience import PATIENCE_S

DEADLINE_S = PATIENCE_S


@dataclass(frozen=True)
class Running:
    process: subprocess.Popen[bytes]
    url: str
    keys: dict[str, str]

    def call(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Any:
        sent = {"Authorization": f"Bearer {self.keys['office']}", **headers}
        request = urllib.request.Request(f"{self.url}/v1/fulfillment{path}", body, sent, method=method)
        with urllib.request.urlopen(request, timeout=DEADLINE_S) as answer:
            return json.load(answer)


def command(folder: Path, *more: str) -> list[str]:
    files = {"--database": "hq.db", "--ready-file": "ready.json", "--dev-keys": "keys.json"}
    named = [part for name, file in files.items() for part in (name, str(folder / file))]
    return [sys.executable, "-m", "hq", "--port", "0", *named, *more]


@contextmanager
def started(folder: Path, *more: str) -> Iterator[Running]:
    ready = folder / "ready.json"
    ready.unlink(missing_ok=True)
    with subprocess.Popen(command(folder, *more), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            end = time.monotonic() + DEADLINE_S
            while not ready.exists():
                assert process.poll() is None, "HQ ended before it was ready"
                assert time.monotonic() < end, "HQ was not ready in time"
            told = json.loads(ready.read_text())
            assert told["pid"] == process.pid
            yield Running(process, told["url"], json.loads((folder / "keys.json").read_text()))
        finally:
            process.kill()


def refused(*arguments: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", "hq", *arguments], capture_output=True, timeout=DEADLINE_S, check=False
    )
    assert ended.returncode != 0
    assert b"Traceback" not in ended.stderr
    return " ".join(ended.stderr.decode().split())


def test_once_ready_it_answers_and_on_sigterm_it_stops_cleanly(tmp_path: Path) -> None:
    with started(tmp_path) as hq:
        assert hq.call("GET", "/health")["status"] == "ok"
        assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
        hq.process.send_signal(signal.SIGTERM)
        assert hq.process.wait(DEADLINE_S) == 0
    assert not (tmp_path / "hq.db-wal").exists()


def test_an_import_goes_on_after_a_kill_and_every_line_counts_once(tmp_path: Path) -> None:
    lines = b"\n".join(b'{"sku":"S-%d","name":"n","location_id":"A-1"}' % number for number in range(4_000))
    with started(tmp_path) as hq:
        kind = {"Content-Type": "application/x-ndjson", "Idempotency-Key": "k1"}
        job = hq.call("POST", "/imports?kind=products", lines, **kind)["job_id"]
        while hq.call("GET", f"/imports/{job}")["accepted"] == 0:
            pass
        os.kill(hq.process.pid, signal.SIGKILL)
        hq.process.wait()
    with sqlite3.connect(tmp_path / "hq.db") as db:
        done = db.execute("SELECT accepted FROM import_job").fetchone()[0]
        assert 0 < done < 4_000
        assert db.execute("SELECT count(*) FROM product").fetchone()[0] == done
    db.close()
    with started(tmp_path) as hq:
        end = time.monotonic() + DEADLINE_S
        while (told := hq.call("GET", f"/imports/{job}"))["status"] != "completed":
            assert time.monotonic() < end
        assert (told["accepted"], told["already_there"], told["rejected"]) == (4_000, 0, 0)
        assert hq.call("POST", "/imports?kind=products", lines, **kind)["job_id"] == job


def test_faults_are_set_from_the_command_line(tmp_path: Path) -> None:
    with started(tmp_path, "--faults", "status_429=1,seed=7") as hq, pytest.raises(urllib.error.HTTPError) as error:
        hq.call("GET", "/health")
    assert error.value.code == 429
    error.value.close()


def test_it_answers_to_the_names_allowed_and_no_other(tmp_path: Path) -> None:
    with started(tmp_path, "--allow-host", "hq.example") as hq:
        assert hq.call("GET", "/health", Host="hq.example")["status"] == "ok"
        with pytest.raises(urllib.error.HTTPError) as error:
            hq.call("GET", "/health", Host="evil.example")
    assert error.value.code == 421
    error.value.close()


def test_an_address_beyond_this_machine_is_refused_for_want_of_tls(tmp_path: Path) -> None:
    assert "TLS proxy" in refused("--database", str(tmp_path / "hq.db"), "--host", "0.0.0.0")


def test_without_a_key_with_wrong_faults_or_a_foreign_file_it_does_not_start(tmp_path: Path) -> None:
    foreign, garbage = tmp_path / "foreign.db", tmp_path / "garbage.db"
    db = sqlite3.connect(foreign)
    db.execute("CREATE TABLE theirs (a)")
    db.close()
    garbage.write_bytes(b"no database at all" * 100)
    keys = ("--dev-keys", str(tmp_path / "keys.json"))
    assert "at least one key" in refused("--database", str(tmp_path / "hq.db"))
    assert "--faults: explode" in refused("--database", str(tmp_path / "hq.db"), *keys, "--faults", "explode=1")
    assert "schema version 0" in refused("--database", str(foreign), *keys)
    assert "cannot be opened as an SQLite database" in refused("--database", str(garbage), *keys)
