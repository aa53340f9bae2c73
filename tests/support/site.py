"""HQ and agents as real processes on loopback, started and stopped as a site would, and as a power cut would."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp

from tests.support.patience import PATIENCE_S

START_TIMEOUT_S = 60.0
HQ_SECRET = "hq-main"
FIRST_PORT, FIRST_LENT_PORT = 10_000, 32_768
"""Linux lends from 32,768 on (net.ipv4.ip_local_port_range)."""


def free_port() -> int:
    """A port that was free a moment ago: for a process that must come back at the same address.

    None that the system lends to connections: while the process is gone, another's call could be given it.
    """
    while True:
        port = random.randrange(FIRST_PORT, FIRST_LENT_PORT)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Process:
    """One of our programs, with a ready file and a log."""

    def __init__(self, folder: Path, name: str, arguments: list[str], environment: Mapping[str, str] = {}) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.ready_file = folder / f"{name}.ready"
        self.log = folder / f"{name}.log"
        self._arguments = [sys.executable, *arguments, "--ready-file", str(self.ready_file)]
        self._environment = {**os.environ, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> str:
        """Start it and return its address once it answers."""
        self.ready_file.unlink(missing_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: ASYNC220 -- forks in a millisecond
                self._arguments, stdout=log, stderr=log, env=self._environment
            )
        await until(self._is_ready, f"{self.log.name}: it did not become ready", START_TIMEOUT_S)
        found: str = json.loads(self.ready_file.read_text())["url"]
        return found

    def kill(self) -> None:
        """As a power cut would: no warning."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As systemd would."""
        self._end(signal.SIGTERM)

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None
        return self._process.pid

    def _end(self, number: int) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)
            self._process.wait(START_TIMEOUT_S)

    def _is_ready(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            tail = self.log.read_text(errors="replace")[-3000:]
            raise AssertionError(f"{self.log.name} ended with {self._process.returncode}:\n{tail}")
        return self.ready_file.exists()


async def until(fact: Callable[[], Any], otherwise: str, timeout_s: float = PATIENCE_S, every_s: float = 0.01) -> Any:
    """Wait until `fact()` (or what it awaits) is true and return it; fail with a sentence when it stays false."""
    deadline = time.monotonic() + timeout_s
    while True:
        found = fact()
        if isinstance(found, Awaitable):
            found = await found
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{otherwise} within {timeout_s:g} s")
        await asyncio.sleep(every_s)


class Hq:
    """A central service with development keys."""

    def __init__(self, folder: Path, port: int = 0, faults: str = "", more: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.keys_file = folder / "hq-keys.json"
        arguments = ["-m", "hq", "--database", str(folder / "hq.sqlite3"), "--port", str(port)]
        arguments += ["--dev-keys", str(self.keys_file), "--strict", *more]
        if faults:
            arguments += ["--faults", faults]
        self.process = Process(folder, "hq", arguments)
        self.url = ""

    async def start(self) -> None:
        """Start it."""
        self.url = await self.process.start()

    def key(self, role: str) -> str:
        """The key of `station`, `office` or `operator`."""
        found: str = json.loads(self.keys_file.read_text())[role]
        return found

    async def call(self, method: str, path: str, body: Any = None, *, role: str = "office") -> Any:
        """One call by somebody in the office; a refusal fails the test with HQ's words."""
        headers = {"Authorization": f"Bearer {self.key(role)}", "Idempotency-Key": os.urandom(16).hex()}
        data: Any = body if isinstance(body, bytes) else None
        if isinstance(body, bytes):
            headers["Content-Type"] = "application/x-ndjson"
        target = self.url + (path if path.startswith("/hq/") else f"/v1/fulfillment{path}")
        json_body = body if data is None and body is not None else None
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, target, headers=headers, json=json_body, data=data) as answer,
        ):
            text = await answer.text()
            assert answer.status < 300, f"{method} {path}: {answer.status} {text[:500]}"
            return json.loads(text) if text else None

    async def load(self, kind: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Import rows as NDJSON and return the job's report."""
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
        job = await self.call("POST", f"/imports?kind={kind}", lines)
        report: dict[str, Any] = {}

        async def done() -> bool:
            report.update(await self.call("GET", f"/imports/{job['job_id']}"))
            return bool(report["status"] == "completed")

        await until(done, f"the import of {kind} did not end", 60)
        return report


def write_config(path: Path, tables: Mapping[str, Any]) -> None:
    """An edge.toml with these tables; `{"devices": {"scale": {...}}}` becomes `[devices.scale]`."""
    lines: list[str] = []

    def write(name: str, table: Mapping[str, Any]) -> None:
        plain = {key: value for key, value in table.items() if not isinstance(value, Mapping)}
        if plain:
            lines.append(f"[{name}]")
            lines.extend(f"{key} = {_toml(value)}" for key, value in plain.items())
            lines.append("")
        for key, value in table.items():
            if isinstance(value, Mapping):
                write(f"{name}.{key}" if name else key, value)

    write("", tables)
    path.write_text("\n".join(lines), encoding="utf-8")


def write_secret(folder: Path, name: str, key: str) -> None:
    """A secret beside edge.toml, readable by its user only."""
    secrets = folder / "secrets"
    secrets.mkdir(exist_ok=True)
    (secrets / name).touch(mode=0o600)
    (secrets / name).write_text(key)


def _toml(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(each) for each in value) + "]"
    return json.dumps(value, ensure_ascii=False)
