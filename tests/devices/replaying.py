"""A driver fed from a recording: its real transport on a real wire, and a clock that waits for nobody.

Time is the loop's own and jumps from one timer to the next; it stands still while bytes are on their way or a port is
being opened in a thread. So a recording of minutes takes a moment, and gives the same readings every time.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from devices.driver import ReadingDevice, Surroundings
from devices.readings import DeviceState, Reading
from devices.recorder import Entry
from devices.registry import DRIVERS
from devices.simulators.replay import Replay
from devices.simulators.wire import SeqpacketWire
from tests.devices.support import owned, until

REAL_WAIT_S = 0.005
NEAR_S = 0.011
"""A simulated terminal that nobody had open looks again after a hundredth of a second: that timer must come too."""
LONGEST_REAL_WAIT_S = 5.0


class _Selector(selectors.DefaultSelector):
    """Looks at the descriptors; where nothing is ready and nothing on its way, the next timer is now."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        waited_s = 0.0
        while True:
            found = super().select(0)
            if found or (timeout is not None and timeout <= 0):
                return found
            if timeout is not None and not self.loop.busy():
                self.loop.seconds += timeout
                return []
            found = super().select(REAL_WAIT_S)
            waited_s += REAL_WAIT_S
            assert waited_s < LONGEST_REAL_WAIT_S, "bytes that were sent do not arrive"
            if not found and timeout is not None and timeout <= NEAR_S:
                self.loop.seconds += timeout
            if found or (timeout is not None and timeout <= NEAR_S):
                return found


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop whose time is a number."""

    def __init__(self) -> None:
        selector = _Selector()
        super().__init__(selector)
        selector.loop = self
        self.seconds = 1.0
        self._in_threads = 0
        self.on_the_way: Callable[[], bool] = bool

    def time(self) -> float:
        return self.seconds

    def busy(self) -> bool:
        return self._in_threads > 0 or self.on_the_way()

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:  # type: ignore[override]
        future = super().run_in_executor(executor, func, *args)
        self._in_threads += 1
        future.add_done_callback(self._back)
        return future

    def _back(self, _future: object) -> None:
        self._in_threads -= 1


class _OnTheWire:
    """Counts the bytes that one side has sent and the other not yet taken."""

    def __init__(self) -> None:
        self.player: Replay | None = None
        self.bytes_in = self.bytes_out = 0

    def tap(self, _device: str, direction: Literal["in", "out", "note"], data: bytes, _t_mono: float) -> None:
        if direction == "in":
            self.bytes_in += len(data)
        elif direction == "out":
            self.bytes_out += len(data)
        elif data == b"closed" and self.player is not None:  # what was on the wire then is gone
            self.bytes_in, self.bytes_out = self.player.sent, self.player.received

    def waits(self) -> bool:
        player = self.player
        return (
            player is not None
            and player.listened
            and (self.bytes_in < player.sent or player.received < self.bytes_out)
        )


def replayed(
    entries: Sequence[Entry], driver: str, folder: Path, **settings: Any
) -> tuple[list[Reading], list[DeviceState]]:
    """What the driver makes of a recording; `settings` without the address. Times are those of the recording."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(_replayed(loop, entries, driver, folder, settings))
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


async def _replayed(
    loop: VirtualLoop, entries: Sequence[Entry], driver: str, folder: Path, settings: dict[str, Any]
) -> tuple[list[Reading], list[DeviceState]]:
    kind, on_the_wire = DRIVERS[driver], _OnTheWire()
    fields = kind.settings.model_fields
    if "port" in fields:
        player = Replay(entries, folder / "replayed", clock=loop.time)
    else:
        player = Replay(entries, wire=lambda heard: SeqpacketWire(heard, folder / "replayed"), clock=loop.time)
    on_the_wire.player, loop.on_the_way = player, on_the_wire.waits
    await player.start()
    model = kind.settings.model_validate({"driver": driver, **player.address, **settings})
    device = kind.build("replayed", model, Surroundings(player.now, asyncio.sleep, on_the_wire.tap))
    assert isinstance(device, ReadingDevice)
    readings: list[Reading] = []
    states: list[DeviceState] = []
    async with owned(device.run(readings.append, states.append)):
        await player.play()
        await until(lambda: not on_the_wire.waits(), "the last byte was taken")
    await player.stop()
    return readings, states
