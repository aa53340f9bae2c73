"""A day at one station, as its people live it, with a line to HQ that somebody can cut."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NamedTuple

from hq.calls import unpack_json
from hq.faults import Faults
from local_store.domain import commands as c
from local_store.domain.site import Site, Worker
from local_store.domain.words import Answer, Tone
from tests.hq.site import SECRETS, Hq, running_hq
from tests.sync.station import SITE, Station, new_id, station

Line = Literal["present", "absent", "flapping"]
LINES: tuple[Line, ...] = ("present", "absent", "flapping")
"""HQ is there all day; it is away from the first act to the evening; it comes and goes, and loses answers."""

PEOPLE = {
    each.worker_id: each
    for each in (
        Worker("ana", "Ana", "BADGE-ANA", frozenset({"picker", "packer"})),
        Worker("ben", "Ben", "BADGE-BEN", frozenset({"picker", "packer"})),
        Worker("rosa", "Rosa", "BADGE-ROSA", frozenset({"receiver"})),
        Worker("rita", "Rita", "BADGE-RITA", frozenset({"receiver"})),
        Worker("quinn", "Quinn", "BADGE-QUINN", frozenset({"qc_agent"})),
        Worker("eve", "Eve", "BADGE-EVE", frozenset({"supervisor", "picker", "packer", "receiver", "qc_agent"})),
    )
}
PLACES = {
    "pick": "pick",
    "pick-2": "pick",
    "pack": "pack",
    "dock": "receive",
    "dock-2": "receive",
    "put-away": "put_away",
    "count": "count",
    "count-2": "count",
    "returns": "return",
    "inspection": "inspect",
    "kitting": "kit",
    "door": "load",
}
HOUSE: Site = replace(SITE, workplaces=PLACES, workers=PEOPLE)
FLAPS = Faults(lost_reply=0.5, status_500=0.1, status_429=0.05, seed=7)


TURNS = 50
"""Turns of the loop between two acts, so that the lane may do something meanwhile."""


class Evening(NamedTuple):
    """What HQ holds when the day is over, and how many requests had to be sent more than once."""

    truth: dict[str, Any]
    repeated: int


class Wire:
    """Between the station and HQ: whole or cut."""

    def __init__(self) -> None:
        self.whole = True
        self._open: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """Every connection ends, and none is made."""
        self.whole = False
        for writer in self._open:
            writer.transport.abort()

    def mend(self) -> None:
        """Connections can be made again."""
        self.whole = True

    @asynccontextmanager
    async def to(self, url: str) -> AsyncIterator[str]:
        """An address that leads to `url` while the wire is whole."""
        host, _, port = url.rpartition("/")[2].partition(":")

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if not self.whole:
                writer.transport.abort()
                return
            far_reader, far_writer = await asyncio.open_connection(host, int(port))
            ends = {writer, far_writer}
            self._open |= ends
            try:
                await asyncio.gather(_pass_on(reader, far_writer), _pass_on(far_reader, writer))
            finally:
                self._open -= ends

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            self.cut()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError, OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


@dataclass
class Day:
    """People at the workplaces of one station; every act is a command, as a scanner or a page gives it."""

    hq: Hq
    here: Station
    wire: Wire
    line: Line
    place: str = "pick"
    said: Answer = field(init=False)
    acts: int = 0

    def at(self, place: str) -> Day:
        """Go to another workplace."""
        self.place = place
        return self

    async def signs_in(self, worker: str) -> Day:
        """Scan the badge of a worker here."""
        return await self.scans(PEOPLE[worker].badge)

    async def scans(self, *codes: str, symbology: str | None = None) -> Day:
        """Scan codes one after the other; each must be taken."""
        for code in codes:
            await self.does(c.Scan, code=code, symbology=symbology)
        return self

    async def keys(self, quantity: int | str) -> Day:
        """Key how many are in hand in all."""
        return await self.does(c.KeyQuantity, quantity=Decimal(quantity))

    async def does(self, command: type[c.FloorCommand], **of: Any) -> Day:
        """Any act at this workplace; it must be taken."""
        await self.tries(command, **of)
        assert self.said.tone not in {Tone.REFUSED, Tone.ASK}, self.said
        return self

    async def tries(self, command: type[c.FloorCommand], **of: Any) -> str:
        """Any act at this workplace; what is said to it."""
        return await self._do(command(command_id=new_id(), workplace=self.place, **of))

    async def asks(self, worker: str, command: type[c.WorkerCommand], **of: Any) -> str:
        """A command of a person with a key; it must be taken."""
        said = await self._do(command(command_id=new_id(), worker_id=worker, **of))
        assert self.said.tone not in {Tone.REFUSED, Tone.ASK}, self.said
        return said

    async def does_not(self, worker: str, command: type[c.WorkerCommand], **of: Any) -> str:
        """A command of a person with a key that is refused, or asked about."""
        said = await self._do(command(command_id=new_id(), worker_id=worker, **of))
        assert self.said.tone in {Tone.REFUSED, Tone.ASK}, self.said
        return said

    async def weighs(self, grams: int, reason: str | None = None) -> Day:
        """Put the parcel on the scale: a fresh, stable weight."""
        reading = {"stability": "stable", "range": "ok", "newer_than_request": True, "emptied": True}
        return await self.does(c.Weigh, scale="scale-1", weight_mg=grams * 1000, reason=reason, **reading)

    async def until(self, reached: Callable[[], bool]) -> None:
        """Wait for the station to show something."""
        await self.here.until(reached, 30)

    async def _do(self, command: c.Command) -> str:
        self.acts += 1
        if self.line == "flapping":
            (self.wire.cut if self.acts % 4 == 1 else self.wire.mend)()
        self.said = (await self.here.store.execute(command)).answer
        for _ in range(TURNS):
            await asyncio.sleep(0)
        return self.said.text


Morning = Callable[[Hq], Awaitable[None]]
"""What HQ has before the day begins."""
Story = Callable[[Day], Awaitable[None]]
"""What people do."""


async def live(folder: Path, line: Line, morning: Morning, ready: str, story: Story, **rules: Any) -> Evening:
    """Live one day. `ready` is a query that counts what has to be pulled; `rules` are members of the site."""
    folder.mkdir(parents=True)  # noqa: ASYNC240 -- a test folder
    names: set[str] = set()
    async with running_hq(folder / "hq.db", names=names) as hq:
        await morning(hq)
        wire = Wire()
        async with (
            wire.to(hq.url) as url,
            station(folder / "station", url, secret=SECRETS["station"], site=_of_house() | rules) as here,
        ):
            here.poll_s = 5
            names.add(url.removeprefix("http://"))
            async with here.syncing(pull=True):
                await here.until(lambda: here.rows(ready) == [(1,)], 30)
                await here.sent()
                if line == "absent":
                    wire.cut()
                if line == "flapping":
                    await hq.call("PUT", "/hq/faults", role="operator", json=FLAPS.model_dump())
                await story(Day(hq, here, wire, line))
                wire.mend()
                await here.sent(60)
            await hq.call("PUT", "/hq/faults", role="operator", json={})
            assert not (parked := here.parked()), parked
            ((repeated,),) = here.rows("SELECT count(*) FROM outbox_request WHERE attempts > 1")
            return Evening(told(await evening(hq, here)), repeated)


async def evening(hq: Hq, here: Station) -> dict[str, Any]:
    """What HQ holds in the end."""
    truth: dict[str, Any] = (await hq.get("/hq/truth")).body
    shelves = (await hq.get("/edge/stock?limit=500")).body["items"]
    asns = (await hq.get("/edge/receiving-asns")).body["items"]
    inspected = here.rows("SELECT hq_id FROM hq_ref WHERE thing = 'qc'")
    qc = [(await hq.get(f"/qc/{ident}")).body for (ident,) in inspected]
    told_of = hq.store.db.execute("SELECT sku, event, qty, lot_id, serial FROM trace").fetchall()
    differs = hq.store.db.execute("SELECT told FROM edge_act WHERE kind = 'discrepancy'").fetchall()
    return {
        **truth,
        "shelves": {f"{each['sku']} at {each['location_id']}": each["on_hand"] for each in shelves},
        "tasks": [_of(each, "type", "subject", "instructions", "result") for each in await _done(hq)],
        "returned": [await _return(hq, each["id"]) for each in (await hq.get("/returns")).body["items"]],
        "announced": [[_of(line, "sku", "receivedQuantity") for line in asn["asnLines"]] for asn in asns],
        "discrepancies": [_of(unpack_json(row["told"]), "differs", "sku", "qty") for row in differs],
        "qc": [_of(each, "status", "disposition", "records") for each in qc],
        "traced": [dict(row) for row in told_of],
    }


async def _done(hq: Hq) -> list[Any]:
    kinds = ("other", "count")
    return [each for kind in kinds for each in (await hq.get(f"/tasks?type={kind}&status=done")).body["items"]]


async def _return(hq: Hq, ident: str) -> dict[str, Any]:
    decided = (await hq.get(f"/returns/{ident}")).body["inspections"]
    return {"decided": [_of(each, "line_id", "disposition", "qty") for each in decided]}


def _of(told: Any, *names: str) -> dict[str, Any]:
    return {name: told[name] for name in names}


_IDS = re.compile(r"\b(?:[a-z_]{2,12}_[0-9a-f]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


def told(truth: Any) -> Any:
    """The same without the ids that differ from run to run, and lists of what bears them in a fixed order."""
    if isinstance(truth, dict):
        return {name: told(value) for name, value in truth.items()}
    if isinstance(truth, list):
        return sorted((told(each) for each in truth), key=repr)
    return _IDS.sub("id", truth) if isinstance(truth, str) else truth


_LIVED: dict[tuple[str, Line], Evening] = {}


async def lived(folder: Path, line: Line, morning: Morning, ready: str, story: Story, **rules: Any) -> dict[str, Any]:
    """What HQ holds in the evening of a day; it must be what it holds after a day without any trouble."""
    name = story.__name__
    for each in dict.fromkeys(("present", line)):
        if (name, each) not in _LIVED:
            _LIVED[name, each] = await live(folder / each, each, morning, ready, story, **rules)
    assert _LIVED[name, line].repeated > 0 or line != "flapping"
    assert _LIVED[name, line].truth == _LIVED[name, "present"].truth
    return _LIVED[name, line].truth


def _of_house() -> dict[str, Any]:
    return {"workplaces": HOUSE.workplaces, "workers": HOUSE.workers}
