"""A barcode scanner that types, read from its event nodes and grabbed (device_protocols 4)."""

from __future__ import annotations

import asyncio
from pathlib import Path as FilePath
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from devices.driver import Driver, Emit, Report, Surroundings
from devices.line_settings import Path, UsbNode
from devices.protocols.key_events import END_KEYS, EndKey, KeyEvents, KeyRules
from devices.protocols.keyboards import LAYOUTS, LayoutName
from devices.protocols.keyboards.keys import GsKey, Typing
from devices.recorder import TapedTransport
from devices.session import Heard, States, keep_talking
from devices.transports import EvdevTransport, nodes_of, read_waiting

LOOKS_AGAIN_S = (0.2, 0.5, 1.0, 3.0)
"""The nodes of one device come one after the other when it is plugged in; so long later the rest is sought."""


class KeyboardScannerSettings(UsbNode):
    """A `[devices.NAME]` section with `driver = "keyboard_scanner"`."""

    driver: Literal["keyboard_scanner"] = "keyboard_scanner"
    more_nodes: Annotated[tuple[Path, ...], Field(max_length=8)] = ()
    layout: LayoutName = "us"
    end_keys: tuple[EndKey, ...] = ("enter", "keypad_enter")
    gap_ms: Annotated[int, Field(ge=20, le=2_000)] = 100
    prefix: Annotated[str, Field(max_length=8, pattern=r"^[\x00-\x7f]*$")] = ""
    gs_key: GsKey = "none"
    gs_text: Annotated[str, Field(max_length=8, pattern=r"^[!-~]*$")] = ""
    encoding: Literal["utf-8", "latin-1"] = "utf-8"
    swap_case: bool = False
    dead_keys: bool = True

    @model_validator(mode="after")
    def _more_of_what(self) -> Self:
        if self.more_nodes and self.node is None:
            raise PydanticCustomError("more_nodes", "belongs to node; with usb every node is found by itself")
        return self

    def rules(self) -> KeyRules:
        """What the protocol needs to know."""
        return KeyRules(
            Typing(LAYOUTS[self.layout], self.gs_key, self.encoding, self.swap_case, self.dead_keys),
            frozenset(END_KEYS[name] for name in self.end_keys),
            self.gap_ms / 1000,
            self.prefix.encode("ascii"),
            self.gs_text.encode("ascii"),
        )


class KeyboardScanner:
    """Emits each code as soon as its end key came down, and what a pause cut off as a bad frame."""

    def __init__(self, name: str, settings: KeyboardScannerSettings, around: Surroundings) -> None:
        self.name = name
        self._settings, self._around = settings, around
        self._nodes = EvdevTransport(name, self._find, str(settings), f"devices.{name}.{_setting(settings)}")
        self._transport = TapedTransport(name, self._nodes, around.tap, around.clock)

    async def run(self, emit: Emit, report: Report) -> None:
        """Read for ever; come back by itself after an unplug or a sleep."""
        states = States(self.name, report)

        async def talk(heard: Heard) -> None:
            states.ready()
            # A new decoder for each connection: a key whose release was lost is not held in the next one.
            decoder = KeyEvents(self.name, self._settings.rules())
            looks = list(LOOKS_AGAIN_S)
            while True:
                wait_s = self._settings.gap_ms / 1000 if decoder.begun else looks[0] if looks else None
                data = await self._within(wait_s)
                now = self._around.clock()
                if data:
                    heard()
                elif not decoder.begun:
                    await self._nodes.look_again()
                    looks.pop(0)
                for reading in decoder.feed(data, now) if data else decoder.expire(now):
                    emit(reading)

        await keep_talking(self._transport, talk, states, self._around.sleep)

    async def _within(self, wait_s: float | None) -> bytes:
        """What comes in time; after that what waits unread, for this program may be what was late."""
        try:
            async with asyncio.timeout(wait_s):
                return await self._transport.read()
        except TimeoutError:
            return await read_waiting(self._transport)

    def _find(self) -> list[FilePath]:
        more = [FilePath(path) for path in self._settings.more_nodes]
        return nodes_of(self.name, self._settings, "input") + [path for path in more if path.exists()]


def _setting(settings: UsbNode) -> str:
    return "usb" if settings.node is None else "node"


DRIVER = Driver("keyboard_scanner", "scanner", KeyboardScannerSettings, KeyboardScanner)
