"""Pickers and packers as people are: they look at the screen, do what it says, and repeat what was not answered."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any, Self

import aiohttp
import uuid_utils

from tests.support.patience import PATIENCE_S

ANSWER_TIMEOUT_S = 5.0
"""After this long without an answer a person looks at the screen again and repeats."""

View = dict[str, Any]


class Screen:
    """A person's screen: live over a WebSocket, connected again whenever the agent is back."""

    def __init__(self, url: str, workplace: str) -> None:
        self.url, self.workplace = url, workplace
        self.view: View | None = None
        self.weight: dict[str, str] | None = None
        self.answers: list[tuple[float, dict[str, Any]]] = []
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        jar = aiohttp.CookieJar(unsafe=True)  # the station's address is a number
        self.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30), cookie_jar=jar)
        self._task = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        await self.session.close()

    async def look(self) -> View:
        """The screen as it is now; waits while it is not connected."""
        return await self.wait_for(lambda view: True)

    async def wait_for(self, sight: Callable[[View], Any], timeout_s: float = PATIENCE_S) -> View:
        """Wait until the screen shows something."""
        async with asyncio.timeout(timeout_s):
            while self.view is None or not sight(self.view):
                self._news.clear()
                await self._news.wait()
            return self.view

    async def shows_zero(self) -> None:
        """Wait until the scale is empty and at rest; a person does not wait for ever."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                while not self.weight or (self.weight["state"], self.weight["text"]) != ("stable", "0.000 kg"):
                    self._news.clear()
                    await self._news.wait()

    async def answer_after(self, number: int) -> tuple[float, dict[str, Any]] | None:
        """The next answer, with the moment it came, and the view that shows it; None when none comes in time."""
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                while True:
                    for at, answer in self.answers:
                        if answer["number"] > number:
                            await self._shown(answer["number"])
                            return at, answer
                    if self.view is None:
                        return None
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return None

    @property
    def last_number(self) -> int:
        """Number of the newest answer seen."""
        return self.answers[-1][1]["number"] if self.answers else 0

    async def press(self, command: str, **members: Any) -> dict[str, Any] | None:
        """Press a button: the page repeats the same command until it is answered."""
        body = {"command_id": str(uuid_utils.uuid7()), **members}
        path = f"{self.url}/v1/station/workplaces/{self.workplace}/{command}"
        while True:
            try:
                async with self.session.post(path, json=body) as response:
                    found = json.loads(await response.text())
                    if response.status == 200:
                        answer: dict[str, Any] = found["answer"]
                        await self._shown(answer["number"])
                        return answer
                    if response.status not in {401, 503}:
                        raise AssertionError(f"{command}: {response.status} {found}")
            except (aiohttp.ClientError, TimeoutError, ConnectionError):
                pass
            await self.look()

    async def _shown(self, number: int) -> None:
        """Wait until the screen shows an answer; a screen that lost its connection meanwhile shows a newer state."""
        with contextlib.suppress(TimeoutError):
            await self.wait_for(
                lambda view: view["answer"] is None or view["answer"]["number"] >= number, ANSWER_TIMEOUT_S
            )

    async def _watch(self) -> None:
        while True:
            with contextlib.suppress(aiohttp.ClientConnectionError, ConnectionError, TimeoutError):
                await self._connected()
            self.view = self.weight = None
            self._news.set()
            await asyncio.sleep(0.02)

    async def _connected(self) -> None:
        async with self.session.get(f"{self.url}/{self._page}") as page:
            page.raise_for_status()
        live = f"{self.url}/v1/station/live?workplace={self.workplace}"
        async with self.session.ws_connect(live) as socket:
            async for message in socket:
                at = time.perf_counter()
                found = json.loads(message.data)
                if found["kind"] == "answer":
                    self.answers.append((at, found["answer"]))
                elif found["kind"] == "view":
                    self.view = found["view"]
                elif found["kind"] == "weight":
                    self.weight = found["weight"]
                else:
                    continue
                self._news.set()

    @property
    def _page(self) -> str:
        return "pick" if self.workplace.startswith("pick") else "pack"


class Person:
    """Somebody with a scanner and a screen, who does what the screen says until there is nothing left to do."""

    def __init__(self, screen: Screen, scan: Callable[[bytes], Awaitable[None]], badge: str) -> None:
        self.screen, self._scan, self._badge = screen, scan, badge
        self.scans = 0
        self.acts = 0
        self.latencies_s: list[float] = []
        self.refusals: list[dict[str, Any]] = []

    async def scan(self, code: str) -> dict[str, Any] | None:
        """Scan a code and wait for its answer. None: no answer; look at the screen and decide anew."""
        number = self.screen.last_number
        await self._scan(code.encode())
        sent_at = time.perf_counter()
        self.scans += 1
        self.acts += 1
        answered = await self.screen.answer_after(number)
        if answered is None:
            return None
        at, answer = answered
        self.latencies_s.append(at - sent_at)
        if answer["tone"] == "refused":
            self.refusals.append(answer)
        return answer

    async def press(self, command: str, **members: Any) -> dict[str, Any] | None:
        """Press a button on the screen."""
        self.acts += 1
        answer = await self.screen.press(command, **members)
        if answer is not None and answer["tone"] == "refused":
            self.refusals.append(answer)
        return answer


class Picker(Person):
    """Picks every list there is. `barcode_of` gives the code on a product; some orders are counted unit by unit."""

    async def work(
        self, barcode_of: Callable[[str], str], one_by_one: frozenset[str], finished: Callable[[], bool]
    ) -> None:
        """Pick until `finished()` says that no list is left."""
        while True:
            view = await self.screen.look()
            match view["next"]["do"]:
                case "sign_in":
                    await self.scan(self._badge)
                case "choose":
                    if view["choices"]:
                        await self.scan(view["choices"][0]["id"])
                    elif finished():
                        return
                    else:
                        await asyncio.sleep(0.02)
                case "scan_location":
                    await self.scan(view["next"]["headline"])
                case "scan_item":
                    await self._take(view, barcode_of, one_by_one)
                case "complete":
                    await self.press("complete")

    async def _take(self, view: View, barcode_of: Callable[[str], str], one_by_one: frozenset[str]) -> None:
        line = next(line for line in view["picklist"]["lines"] if line["state"] == "current")
        counting = any(action["do"] == "quantity" and action["enabled"] for action in view["actions"])
        if line["order_id"] in one_by_one or not counting:
            await self.scan(barcode_of(line["sku"]))
        else:
            await self.press("quantity", quantity=line["qty"])


class Packer(Person):
    """Packs every order that is picked; settles doubtful labels by looking at what came out of the printer."""

    decisions: list[tuple[str, str, str]]

    async def work(
        self,
        barcode_of: Callable[[str], str],
        put_on_scale: Callable[[View], Awaitable[None]],
        clear_scale: Callable[[], Awaitable[None]],
        came_out: Callable[[str], bool],
        one_by_one: frozenset[str],
        finished: Callable[[], bool],
    ) -> None:
        """Pack until `finished()` says that nothing is left, labels included."""
        self.decisions = []
        while True:
            view = await self.screen.look()
            doubtful = [label for label in view["labels"] if label["state"] == "uncertain"]
            match view["next"]["do"]:
                case "sign_in":
                    await self.scan(self._badge)
                case "label" if doubtful:
                    await self._settle(doubtful[0], came_out)
                case "scan_parcel":
                    if view["choices"]:
                        await self.scan(view["choices"][0]["title"])
                    elif finished():
                        return
                    else:
                        await asyncio.sleep(0.02)
                case "scan_item":
                    await self._put_in(view, barcode_of, one_by_one)
                case "weigh":
                    await clear_scale()
                    await self.screen.shows_zero()
                    await put_on_scale(view)
                    await self.press("weigh")
                case "seal":
                    await self.press("seal")
                    await clear_scale()

    async def _put_in(self, view: View, barcode_of: Callable[[str], str], one_by_one: frozenset[str]) -> None:
        line = next(line for line in view["parcel"]["lines"] if line["state"] == "current")
        counting = any(action["do"] == "quantity" and action["enabled"] for action in view["actions"])
        if view["parcel"]["order_id"] in one_by_one or not counting:
            await self.scan(barcode_of(line["sku"]))
        else:
            await self.press("quantity", quantity=line["qty"])

    async def _settle(self, label: dict[str, Any], came_out: Callable[[str], bool]) -> None:
        """As a person does: look whether the label is there; if so scan it, if not say so."""
        sscc = label["sscc"]
        if came_out(sscc):
            self.decisions.append((sscc, "scanned", label["sentence"]))
            await self.scan(f"]C100{sscc}")
        else:
            self.decisions.append((sscc, "did_not", label["sentence"]))
            await self.press("label-decision", job_id=label["job_id"], decision="did_not")
