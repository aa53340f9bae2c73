"""The demo as a process of its own, and the acts of a person at its bench page."""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.support.site import Process, until


class Demo:
    """`edge-agent demo` in a folder; its devices are played with over the same calls as on the bench page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = Process(folder, "demo", ["-m", "agent", "demo", "--folder", str(folder / "demo")])
        self.url = ""

    async def __aenter__(self) -> Self:
        self.url = await self.process.start()
        jar = aiohttp.CookieJar(unsafe=True)  # the station's address is a number
        self.session = aiohttp.ClientSession(cookie_jar=jar, timeout=aiohttp.ClientTimeout(total=30))
        async with self.session.get(f"{self.url}/pick") as page:
            page.raise_for_status()
        await until(self._work_is_here, "the demo's work did not arrive")
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self.session.close()
        self.process.stop()

    @property
    def config(self) -> Path:
        """The edge.toml of the demo's station."""
        return self.folder / "demo" / "edge.toml"

    async def view(self, workplace: str) -> dict[str, Any]:
        """What a screen shows."""
        found: dict[str, Any] = await self.get(f"/v1/station/workplaces/{workplace}/view")
        return found

    async def get(self, path: str) -> Any:
        """A page's own call."""
        async with self.session.get(self.url + path) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def act(self, device: str, act: str, **members: Any) -> None:
        """Do something to a simulated device."""
        async with self.session.post(f"{self.url}/v1/bench/devices/{device}/{act}", json=members) as answer:
            assert answer.status == 200, await answer.text()

    async def scan(self, workplace: str, code: str) -> dict[str, Any]:
        """Scan at a workplace and return its answer, once the screen shows it."""
        before = (await self.view(workplace))["answer"]
        await self.act(f"{workplace}-scanner", "scan", code=code)

        async def answered() -> Any:
            answer = (await self.view(workplace))["answer"]
            return answer if answer != before else None

        found: dict[str, Any] = await until(answered, f"{code} was not answered")
        return found

    async def press(self, workplace: str, command: str, **members: Any) -> tuple[int, dict[str, Any]]:
        """A button of the screen: (status, body)."""
        path = f"{self.url}/v1/station/workplaces/{workplace}/{command}"
        async with self.session.post(path, json=members) as answer:
            return answer.status, json.loads(await answer.text())

    async def _work_is_here(self) -> bool:
        key = (self.folder / "demo" / "store" / "station.key").read_text()
        headers = {"Authorization": f"Bearer {key}"}
        async with self.session.get(f"{self.url}/v1/station/status", headers=headers) as answer:
            return bool((await answer.json())["facts"] >= 29)
