"""Live updates: each screen gets the newest view of its workplace, every answer, and the weight while it changes."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from agent.floor.desk import Desk, Said
from local_store.domain.words import told

PING_S = 1.0
"""A screen that hears nothing for five seconds says that it is not connected."""
MAX_ANSWERS = 1000
"""A screen that reads too slowly for this many answers is cut off and comes back with the newest view."""
SEND_TIMEOUT_S = 5.0

Message = dict[str, Any]


class Screen:
    """One connected screen. Views are never queued: only the newest is worth sending."""

    def __init__(self, desk: Desk, view: Callable[[], Message], now: Callable[[], float]) -> None:
        self._desk, self._view, self._now = desk, view, now
        self._answers: deque[Message] = deque()
        self._news = asyncio.Event()
        self._view_is_old = True
        self._last_view = ""
        self._last_weight: Message | None = None
        self._language = "en"
        """Of the newest view."""

    def on_said(self, said: Said) -> None:
        """An answer was given at the workplace."""
        self._answers.append({"kind": "answer", "answer": said.as_json()})
        self._news.set()

    def on_weight(self) -> None:
        """The scale said something; that alone changes nothing else on the screen."""
        self._news.set()

    def on_changed(self) -> None:
        """Something the view shows may have changed."""
        self._view_is_old = True
        self._news.set()

    async def serve(self, socket: web.WebSocketResponse) -> None:
        """Send until the screen leaves."""
        self._desk.on_said.append(self.on_said)
        self._desk.on_weight.append(self.on_weight)
        sender = asyncio.create_task(self._send_for_ever(socket), name=f"screen at {self._desk.workplace}")
        try:
            async for message in socket:
                if message.type in {WSMsgType.TEXT, WSMsgType.BINARY}:
                    break  # a screen has nothing to say here; its commands are requests of their own
        finally:
            self._desk.on_said.remove(self.on_said)
            self._desk.on_weight.remove(self.on_weight)
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)

    async def _send_for_ever(self, socket: web.WebSocketResponse) -> None:
        beat_at = self._now() + PING_S
        while len(self._answers) <= MAX_ANSWERS:
            self._news.clear()
            while self._answers:
                await self._send(socket, self._answers.popleft())
            if self._view_is_old:
                await self._send_view(socket)
            weight = told(self._desk.weight_json(self._now()), self._language)
            if weight is not None and weight != self._last_weight:
                self._last_weight = weight
                await self._send(socket, {"kind": "weight", "weight": weight})
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, beat_at - self._now())):
                    await self._news.wait()
            if self._now() >= beat_at:  # by the clock, not by silence: a scale is never silent
                beat_at = self._now() + PING_S
                self._view_is_old = True  # what HQ was sent and what became older is told by no event
                await self._send(socket, {"kind": "ping"})
        await socket.close(code=1013, message=b"too slow")

    async def _send_view(self, socket: web.WebSocketResponse) -> None:
        self._view_is_old = False
        shown = self._view()
        self._language = shown["language"]
        view = json.dumps({"kind": "view", "view": shown}, ensure_ascii=False)
        if view != self._last_view:
            self._last_view = view
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await socket.send_str(view)

    async def _send(self, socket: web.WebSocketResponse, message: Message) -> None:
        async with asyncio.timeout(SEND_TIMEOUT_S):
            await socket.send_str(json.dumps(message, ensure_ascii=False))
