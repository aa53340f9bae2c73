"""A station by itself, as a process: no HQ, no devices, one picker, and work that came before HQ went away."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import aiohttp

from tests.support.floor import Bench, line, new_id, product
from tests.support.patience import PATIENCE_S
from tests.support.site import START_TIMEOUT_S, free_port, until, write_config

WORKPLACE = "pick-1"


def give_work(data: Path) -> None:
    """Ana has PL-7 open at A-1, with a hundred pieces to pick; PL-8 waits."""
    bench = Bench(data)
    bench.given_products(product("SKU-1"))
    bench.given_picklist("PL-7", line("SKU-1", 100))
    bench.given_picklist("PL-8", line("SKU-1", 1))
    bench.signed_in().scan("PL-7", "A-1")
    bench.close()


class LoneStation:
    """`edge-agent run` in `folder` on the store in `folder/data`. `before` is put before its command line."""

    def __init__(
        self, folder: Path, *, environment: Mapping[str, str] = {}, before: Sequence[str] = (), ballast_mb: int = 1
    ) -> None:
        self.folder = folder
        self._ready, self.log = folder / "agent.ready", folder / "agent.log"
        self._environment, self._before, self._ballast_mb = {**os.environ, **environment}, before, ballast_mb
        self._port = free_port()

    async def start(self) -> None:
        """Start it, and return once it answers."""
        write_config(
            self.folder / "edge.toml",
            {
                "station": {
                    "id": "station-1",
                    "warehouse_id": "WH-1",
                    "data_dir": str(self.folder / "data"),
                    "listen": f"127.0.0.1:{self._port}",
                    "ballast_mb": self._ballast_mb,
                },
                "workplaces": {WORKPLACE: {"work": "pick"}, "pick-2": {"work": "pick"}},
                "workers": {
                    "ana": {"name": "Ana", "badge": "BADGE-ANA", "roles": ["picker"]},
                    "ben": {"name": "Ben", "badge": "BADGE-BEN", "roles": ["picker"]},
                },
            },
        )
        self._ready.unlink(missing_ok=True)
        arguments = [
            "-m",
            "agent",
            "run",
            "--config",
            str(self.folder / "edge.toml"),
            "--ready-file",
            str(self._ready),
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: ASYNC220 -- forks in a millisecond
                [*self._before, sys.executable, *arguments], stdout=log, stderr=log, env=self._environment
            )
        await until(self._is_ready, f"{self.log} shows no ready agent", START_TIMEOUT_S)
        self._session = aiohttp.ClientSession(
            f"http://127.0.0.1:{self._port}",
            headers={"Authorization": f"Bearer {(self.data / 'station.key').read_text()}"},
        )

    async def stop(self) -> int:
        """Stop it and give its exit status."""
        await self._session.close()
        self.process.terminate()
        return await asyncio.to_thread(self.process.wait, START_TIMEOUT_S)

    @property
    def data(self) -> Path:
        """Its data folder, as the process itself sees it: it may have mounts of its own."""
        return Path(f"/proc/{self.process.pid}/root{self.folder / 'data'}")

    async def do(self, command: str, at: str = WORKPLACE, **members: Any) -> tuple[int, dict[str, Any]]:
        """A button or a scan: (status, body)."""
        body = {"command_id": str(new_id()), **members}
        async with self._session.post(f"/v1/station/workplaces/{at}/{command}", json=body) as answer:
            return answer.status, json.loads(await answer.text())

    async def scan(self, code: str, at: str = WORKPLACE) -> str:
        """Scan and give the answer's code, which must come."""
        status, body = await self.do("scan", at, code=code)
        assert status == 200, body
        return str(body["answer"]["code"])

    async def get(self, path: str) -> Any:
        """A page's own call."""
        async with self._session.get(path) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def problem(self, problem_id: str) -> dict[str, Any] | None:
        """A problem as the screens show it."""
        shown = (await self.get(f"/v1/station/workplaces/{WORKPLACE}/view"))["problems"]
        return next((problem for problem in shown if problem["problem_id"] == problem_id), None)

    async def shows(self, problem_id: str, within_s: float = PATIENCE_S) -> float:
        """Wait until the screens show a problem; how many seconds that took."""
        begun = time.monotonic()
        await until(lambda: self.problem(problem_id), f"{problem_id} is not shown", within_s)
        return time.monotonic() - begun

    async def shows_no_more(self, problem_id: str, within_s: float = PATIENCE_S) -> None:
        """Wait until a problem is gone."""

        async def gone() -> bool:
            return await self.problem(problem_id) is None

        await until(gone, f"{problem_id} is still shown", within_s)

    def _is_ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text(errors="replace")[-3000:]
        return self._ready.exists()
