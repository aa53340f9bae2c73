"""The desk of each workplace: readings and key presses become commands, commands become answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import uuid_utils.compat as uuid

from agent.floor.scale_watch import as_weighing
from devices.readings import BadFrame, Reading, Scan, Weight
from local_store.clock import Clock, timestamp
from local_store.domain import commands as c
from local_store.domain.events import ScanRefused
from local_store.domain.meaning import shown
from local_store.domain.weights import is_empty, kilograms
from local_store.domain.words import Answer, Tone, in_language, phrase, say
from local_store.loading_packs import may_be_sealed
from local_store.store import Store
from local_store.transaction import Receipt, Transaction
from local_store.writer import StoreInDoubt

log = logging.getLogger(__name__)

WEIGH_TIMEOUT_S = 3.0
"""How long a parcel may take to come to rest after the worker asked: less than the four seconds a page waits."""
WEIGHT_AGE_S = 2.0
"""A weight older than this is not shown: the scale is silent."""
STILL_S = 1.0
"""How long a weight must rest before it is taken without a hand: the last item is often still on its way in."""
ACCEPTED = frozenset(
    {"pack.weighed", "pack.parcel_weighed", "pack.sealed", "pack.sealed_numbered", "pack.parcel_sealed"}
    | {"pack.parcel_sealed_all_in"}
)
"""Answers to a weighing that used the weight up."""
MAX_CODE_SHOWN = 120
MS_PER_S = 1000
LOOK_AT_THE_SCREEN = (Tone.REFUSED, Tone.ASK)
"""Answers after which a worker who listens to the scanner alone must not go on."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as it is shown, numbered so that a screen shows each once."""

    number: int
    workplace: str
    command_id: str
    answer: Answer
    at_ms: int

    def as_json(self) -> dict[str, Any]:
        """The answer as the screens get it."""
        return {
            "number": self.number,
            "command_id": self.command_id,
            "tone": self.answer.tone.value,
            "code": self.answer.code,
            "text": self.answer.text,
            "at": timestamp(self.at_ms),
        }


class Desk:
    """One workplace: its scans in order, its last answer, and the weight its scale shows."""

    def __init__(
        self,
        workplace: str,
        store: Store,
        clock: Clock,
        changed: Callable[[], None],
        *,
        signal: Callable[[str, bool], None] = lambda _device, _good: None,
        empty_mg: int = 20_000,
        watch: Callable[[Weight], None] | None = None,
        hands_free: str | None = None,
    ) -> None:
        """`signal` tells a scanner, by name, whether its code was taken. `watch` sees every weight.

        `hands_free` is the scale whose stable, fitting weight seals a parcel by itself.

        `empty_mg`: a scale that shows no more than this is empty.
        """
        self.workplace, self._signal = workplace, signal
        self.said: Said | None = None
        self.weight: Weight | None = None
        self.on_said: list[Callable[[Said], None]] = []
        self.on_weight: list[Callable[[], None]] = []
        self._store, self._clock, self._changed = store, clock, changed
        self._empty_mg, self._watch = empty_mg, watch
        self._emptied = False
        """Whether the scale was empty since the last weight that was accepted, or since this run began."""
        self._hands_free = hands_free
        self._tried: Weight | None = None
        self._still: Weight | None = None
        """The first reading since which the scale rests and nothing was scanned or done."""
        self._last: dict[str, Scan] = {}
        """What each scanner sent last."""
        self._scans: asyncio.Queue[Scan | BadFrame | Weight] = asyncio.Queue()
        self._new_weight = asyncio.Event()

    def on_reading(self, reading: Reading) -> None:
        """A device of this workplace said something. Returns at once."""
        if isinstance(reading, Weight):
            self.weight = reading
            self._emptied = self._emptied or is_empty(as_weighing(reading), self._empty_mg)
            if self._watch is not None:
                self._watch(reading)
            if self._hands_free is not None:
                self._rests(reading)
            self._new_weight.set()
            for listener in self.on_weight:
                listener()
        else:
            self._scans.put_nowait(reading)

    async def run(self) -> None:
        """Turn scans into commands for ever. Scans that wait together share a commit and keep their order."""
        while True:
            waiting = [await self._scans.get()]
            while not self._scans.empty():
                waiting.append(self._scans.get_nowait())
            async with asyncio.TaskGroup() as group:
                for reading in waiting:
                    taken = self._weighed(reading) if isinstance(reading, Weight) else self._scanned(reading)
                    group.create_task(taken, name=f"scan at {self.workplace}")

    async def execute(self, command: c.FloorCommand) -> Said:
        """Execute a command and say its answer, once it is on disk. Raises CommandReused and StoreInDoubt."""
        self._still = None
        receipt: Receipt = await self._store.execute(command)
        return self._say(receipt.answer, str(command.command_id))

    async def weigh(self, command_id: Any, scale: str | None, reason: str | None, now: Callable[[], float]) -> Said:
        """Wait for a stable weight newer than this request, then have it judged; whatever came last is judged."""
        asked_at = now()
        if scale is not None:
            try:
                async with asyncio.timeout(WEIGH_TIMEOUT_S):
                    await self._stable_since(asked_at)
            except TimeoutError:
                log.info("no stable weight at %s within %s s", self.workplace, WEIGH_TIMEOUT_S)
        latest = self.weight
        if latest is None or scale is None:
            command = c.Weigh(command_id=command_id, workplace=self.workplace, reason=reason)
        else:
            command = c.Weigh(
                command_id=command_id,
                workplace=self.workplace,
                scale=scale,
                weight_mg=latest.weight_mg,
                stability=latest.stability,
                range=latest.range,
                fault=latest.fault,
                newer_than_request=latest.t_mono >= asked_at,
                emptied=self._emptied,
                reason=reason,
            )
        receipt: Receipt = await self._store.execute(command)
        if not receipt.refused and not receipt.repeated:
            self._emptied = False
        return self._say(receipt.answer, str(command_id))

    def weight_json(self, now: float) -> dict[str, str] | None:
        """The live weight as the screens show it; an old one is never shown as if it were live."""
        weight = self.weight
        if weight is None:
            return None
        if now - weight.t_mono > WEIGHT_AGE_S:
            return {"state": "away", "text": "-", "sentence": phrase("The scale is silent.")}
        weight_mg = weight.weight_mg
        in_range = weight.fault is None and weight.range not in {"over", "under"}
        if weight_mg is None and in_range and weight.stability == "unstable":
            return {"state": "moving", "text": "-", "sentence": ""}
        if weight_mg is None:
            what = weight.fault or f"range {weight.range}"
            return {
                "state": "fault",
                "text": "-",
                "sentence": phrase("The scale gives no weight ({what}).", what=what),
            }
        state = "stable" if weight.stability == "stable" else "moving"
        return {"state": state, "text": kilograms(weight_mg), "sentence": ""}

    async def _stable_since(self, asked_at: float) -> None:
        while True:
            latest = self.weight
            if latest is not None and latest.t_mono >= asked_at and latest.stability == "stable":
                return
            self._new_weight.clear()
            await self._new_weight.wait()

    def _rests(self, reading: Weight) -> None:
        """Hands-free: a weight that rests long enough is taken, once for each time something is put on the scale."""
        if reading.stability != "stable" or is_empty(as_weighing(reading), self._empty_mg):
            self._still = None
        elif self._still is None or self._still.weight_mg != reading.weight_mg:
            self._still = reading
        elif self._still.t_mono + STILL_S <= reading.t_mono and self._tried != self._still:
            self._tried = self._still
            self._scans.put_nowait(reading)

    async def _weighed(self, reading: Weight) -> None:
        """Hands-free: weigh and seal the parcel whose turn it is; say nothing while there is none."""
        if self._still is None or not await self._store.run(partial(may_be_sealed, workplace=self.workplace)):
            return
        command = c.Weigh(
            command_id=uuid.uuid7(),
            workplace=self.workplace,
            scale=self._hands_free or "",
            weight_mg=reading.weight_mg,
            stability=reading.stability,
            range=reading.range,
            fault=reading.fault,
            newer_than_request=True,
            emptied=self._emptied,
            hands_free=True,
        )
        try:
            receipt = await self._store.execute(command)
        except StoreInDoubt:
            log.warning("a hands-free weighing at %s is asked for again", self.workplace)
            receipt = await self._store.execute(command)
        if receipt.answer.code in ACCEPTED:
            self._emptied = False
        self._say(receipt.answer, str(command.command_id))

    async def _scanned(self, reading: Scan | BadFrame) -> None:
        try:
            code = _text(_raw(reading))
            if isinstance(reading, BadFrame):
                said = await self._unreadable(reading, reading.why)
            elif len(code) > c.MAX_CODE:
                said = await self._unreadable(reading, phrase("longer than {most} characters", most=c.MAX_CODE))
            elif self._is_again(reading):
                await self._keep(reading, code, reading.symbology, say("scan.again", code=shown(code)))
                return  # a second tone would say that it counted twice
            else:
                command = c.Scan(
                    command_id=uuid.uuid7(),
                    workplace=self.workplace,
                    code=code,
                    symbology=reading.symbology,
                    device=reading.device,
                )
                try:
                    said = await self.execute(command)
                except StoreInDoubt as doubt:
                    # A scanner cannot repeat itself under the same id, so that a second scan might count twice.
                    log.warning("a scan at %s is asked for again: %s", self.workplace, doubt)
                    said = await self.execute(command)
        except StoreInDoubt:
            log.exception("a scan at %s could not be kept", self.workplace)
            answer = say("scan.not_kept", code=_text(_raw(reading))[:MAX_CODE_SHOWN])
            said = self._say(in_language(answer, self._store.site.language), "")  # who is here cannot be read now
        self._signal(reading.device, said.answer.tone not in LOOK_AT_THE_SCREEN)

    async def _unreadable(self, reading: Scan | BadFrame, why: str) -> Said:
        raw = _raw(reading).hex(" ")[:MAX_CODE_SHOWN]
        return await self._keep(reading, raw, None, say("scan.unreadable", device=reading.device, why=why, raw=raw))

    async def _keep(self, reading: Scan | BadFrame, code: str, symbology: str | None, answer: Answer) -> Said:
        """What came is no command: it is kept as a mis-scan and answered."""
        fact = ScanRefused(
            workplace=self.workplace, code=code, symbology=symbology, device=reading.device, reason=answer.code
        )

        def kept(tx: Transaction) -> str:
            tx.append(fact)
            return tx.language_at(self.workplace)

        return self._say(in_language(answer, await self._store.run(kept)), "")

    def _is_again(self, scan: Scan) -> bool:
        """Whether a scanner sent once more what it has just sent, sooner than a hand can mean it."""
        last, self._last[scan.device] = self._last.get(scan.device), scan
        if last is None or last.data != scan.data:
            return False
        return (scan.t_mono - last.t_mono) * MS_PER_S < self._store.site.same_scan_ms

    def _say(self, answer: Answer, command_id: str) -> Said:
        at_ms = self._clock.wall_ms()
        last = self.said.number if self.said else 0
        said = Said(max(last + 1, at_ms), self.workplace, command_id, answer, at_ms)
        self.said = said
        for listener in self.on_said:
            listener(said)
        self._changed()
        return said


def _raw(reading: Scan | BadFrame) -> bytes:
    return reading.data if isinstance(reading, Scan) else reading.raw


def _text(data: bytes) -> str:
    """Bytes of a code as text; bytes that are no UTF-8 stay visible as hex escapes, for a person to report."""
    return data.decode("utf-8", errors="backslashreplace")
