"""Copies of a store, backups put back, HQ put back: in seeded worlds, and what must be true in each of them.

One long file: the worlds, what happens in them and what must hold are read together.

python -m tests.torture.identity --seed 1 --worlds 200
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import sqlite3
import tempfile
from collections import Counter
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import uuid_utils
import uuid_utils.compat
from aiohttp import web

from hq.app import build_app
from hq.calls import BASE, Services
from hq.faults import Faults
from hq.keys import ROLES, Caller, Keys
from hq.store import Store as HqStore
from local_store import identity, journal, outbox
from local_store.database import FILE_NAME
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain import states
from local_store.loading import load_pick, load_place
from local_store.loading_packs import load_pack
from local_store.rebuild import rebuild
from tests.support.patience import PATIENCE_S
from tests.sync.station import LANE, RealTime, Station, station
from web.guard import Doors

SECRETS = {role: f"{role}-secret-for-tests" for role in ROLES}
DEADLINE_S = PATIENCE_S
SSCC_DIGITS = 18
HASTE = 20
PRODUCTS = [
    {"sku": f"SKU-{n}", "name": f"Item {n}", "gtin": None, "location_id": f"A-0{n}-1", "nominal_weight_g": 100}
    for n in (1, 2, 3)
]


@dataclass
class Counts:
    """What happened, and what was wrong (each a sentence that names its world)."""

    seed: int
    worlds: int = 0
    happened: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        told = ", ".join(f"{count} {what}" for what, count in sorted(self.happened.items()))
        return f"identity torture, seed {self.seed}: {self.worlds} worlds: {told}; {len(self.wrong)} wrong"


def run(seed: int, worlds: int) -> Counts:
    """Live through so many worlds."""
    counts = Counts(seed)
    for number in range(worlds):
        asyncio.run(one(seed, number, counts))
    return counts


async def one(seed: int, number: int, counts: Counts) -> None:
    """One world by its number."""
    chance = random.Random(f"{seed}/{number}")
    with tempfile.TemporaryDirectory(prefix="identity-") as folder:
        world = World(Path(folder), chance, counts.happened)
        async with AsyncExitStack() as stack:
            await world.live(stack)
        counts.worlds += 1
        counts.wrong += [f"seed {seed} world {number}: {each}" for each in world.wrong]


async def put_back_at_every_point(seed: int, counts: Counts, orders: int = 3) -> None:
    """One day, a backup after every act of it, and each of them put back at the end of that day."""
    with tempfile.TemporaryDirectory(prefix="identity-") as folder:
        world = World(Path(folder), random.Random(f"{seed}/points"), counts.happened)
        await world.hq.start()
        try:
            await world.whole_day(orders)
            await world.put_back_each()
        finally:
            await world.hq.stop()
        counts.wrong += [f"seed {seed}, every point: {each}" for each in world.wrong]


class HqHere:
    """The central service in this process, over real HTTP; its file can be kept and put back."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "hq.sqlite3"
        self.url = ""

    async def start(self) -> None:
        self.store = HqStore(self.file, "0614141")
        keys = Keys((Caller(role, role), secret) for role, secret in SECRETS.items())
        services = Services(
            self.store, keys, lambda: datetime.now(UTC), lambda kind: f"{kind}_{uuid_utils.uuid7().hex}"
        )
        names: set[str] = set()
        app = build_app(services, Faults(), lambda: Doors(frozenset(names), frozenset()))
        self.runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        host = f"127.0.0.1:{self.runner.addresses[0][1]}"
        names.add(host)
        self.url = f"http://{host}"

    async def stop(self) -> None:
        await self.runner.cleanup()
        self.store.close()

    def keep(self, name: str) -> Path:
        kept = self.file.with_name(name)
        with closing(sqlite3.connect(kept)) as to:
            self.store.db.backup(to)
        return kept

    async def put_back(self, kept: Path) -> None:
        await self.stop()
        for end in ("", "-wal", "-shm"):
            self.file.with_name(self.file.name + end).unlink(missing_ok=True)
        shutil.copy(kept, self.file)
        await self.start()

    async def call(self, method: str, path: str, body: Any) -> Any:
        headers = {"Authorization": f"Bearer {SECRETS['office']}", "Idempotency-Key": uuid_utils.uuid7().hex}
        how: dict[str, Any] = {"json": body}
        if isinstance(body, bytes):
            headers["Content-Type"] = "application/x-ndjson"
            how = {"data": body}
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, self.url + BASE + path, headers=headers, **how) as answer,
        ):
            assert answer.status < 300, await answer.text()
            return await answer.json()

    async def load(self, kind: str, rows: list[Any]) -> None:
        lines = b"\n".join(json.dumps(row).encode() for row in rows)
        job = await self.call("POST", f"/imports?kind={kind}", lines)
        async with asyncio.timeout(DEADLINE_S):
            while True:
                if (await self.call("GET", f"/imports/{job['job_id']}", None))["status"] == "completed":
                    return

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.store.db.execute(sql, values)]


class QuickTime(RealTime):
    """Pauses take a twentieth of their time."""

    def mono_ms(self) -> int:
        return super().mono_ms() * HASTE

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / HASTE)


@dataclass
class Copy:
    """One store that says it is the station: its folder, its machine, and whether it knows that it was moved."""

    folder: Path
    host: str
    fingerprint: str


class World:
    """A station, perhaps a copy of it, and an HQ, each of which may be put back to what it was."""

    def __init__(self, folder: Path, chance: random.Random, happened: Counter[str]) -> None:
        self.folder, self.chance, self.happened = folder, chance, happened
        self.hq = HqHere(folder)
        self.copies = [Copy(folder / "a", "pack-1", "disk-a")]
        self.kept: list[Path] = []
        self.kept_hq: list[Path] = []
        self.wrong: list[str] = []
        self.unseen = False
        """A copy of a whole disk was at work: only HQ could tell."""
        self.facts: dict[bytes, e.Fact] = {}
        self.waiting: set[bytes] = set()
        self.there_already: set[bytes] = set()
        self.conflicts: set[str] = set()
        self.lineages: list[str] = []

    async def live(self, stack: AsyncExitStack) -> None:
        """Everything that happens here."""
        await self.hq.start()
        stack.push_async_callback(self.stop)
        await self._orders()
        await self._session(self.copies[0], sync="first", acts=0)
        for _ in range(self.chance.randint(4, 9)):
            await self._something()
        for turn in range(2):
            for copy in self.copies:
                await self._session(copy, sync="whole", acts=0)
                if turn:
                    await self._check_store(copy)
        self._check_hq()

    async def whole_day(self, orders: int) -> None:
        """All work there is, told to HQ act by act, with a backup before each."""
        await self._orders(orders)
        (copy,) = self.copies
        await self._session(copy, sync="first", acts=0)
        acts = -1
        while acts != (acts := self.happened["acts"] + self.happened["acts refused"]):
            self.kept.append(self._copied(copy))
            await self._session(copy, sync="whole", acts=1)

    async def put_back_each(self) -> None:
        """Each backup of the day, on a disk that knows nothing else."""
        (copy,) = self.copies
        evening, truth = self.hq.keep("evening"), self._truth()
        for number, kept in enumerate(self.kept):
            await self.hq.put_back(evening)
            shutil.rmtree(copy.folder)
            shutil.copytree(kept, copy.folder)
            await self._session(copy, sync="whole", acts=0)
            self.facts.clear()
            self.lineages.clear()
            await self._check_store(copy)
            self._check_hq()
            if self._truth() != truth:
                self.wrong.append(f"the backup after act {number} changed the truth at HQ")
            self.happened["backups put back, one for each act"] += 1

    def _truth(self) -> list[Any]:
        """What was picked, packed and sent, as HQ has it."""
        return [
            self.hq.rows("SELECT task_id, picked, status FROM task ORDER BY task_id"),
            self.hq.rows("SELECT package_id, sscc, sealed_at, shipment_id FROM package ORDER BY package_id"),
        ]

    async def stop(self) -> None:
        """Put HQ away."""
        await self.hq.stop()

    async def _orders(self, many: int = 0) -> None:
        await self.hq.load("products", PRODUCTS)
        await self.hq.load(
            "stock",
            [{"location_id": p["location_id"], "sku": p["sku"], "quantity": 999, "reference": "o"} for p in PRODUCTS],
        )
        many = many or self.chance.randint(2, 5)
        orders = [
            {
                "order_id": f"ord_{number}",
                "warehouse_id": "wh_1",
                "ship_to": {"name": f"Receiver {number}", "address1": "1 Rue", "city": "Reims", "country": "FR"},
                "lines": [
                    {"order_line_id": f"{number}-{sku}", "sku": f"SKU-{sku}", "quantity": self.chance.randint(1, 3)}
                    for sku in self.chance.sample((1, 2, 3), self.chance.randint(1, 2))
                ],
            }
            for number in range(many)
        ]
        await self.hq.load("fulfillments", orders)
        ids = [ident for (ident,) in self.hq.rows("SELECT fulfillment_id FROM fulfillment ORDER BY seq")]
        while ids:
            some = [ids.pop() for _ in range(min(len(ids), self.chance.randint(1, 2)))]
            await self.hq.call("POST", "/picklists", {"warehouse_id": "wh_1", "fulfillment_ids": some})

    async def _something(self) -> None:
        copy = self.chance.choice(self.copies)
        what = self.chance.choices(
            ["work", "back up", "restore", "clone", "keep hq", "put hq back"], [10, 3, 3, 2, 2, 2]
        )[0]
        match what:
            case "work":
                sync = self.chance.choice(["whole", "cut", "none"])
                await self._session(copy, sync=sync, acts=self.chance.randint(1, 25))
            case "back up":
                self.kept.append(self._copied(copy))
            case "restore" if self.kept:
                self._restore(copy)
            case "clone" if len(self.copies) == 1:
                self._clone(copy)
            case "keep hq":
                self.kept_hq.append(self.hq.keep(f"hq-{len(self.kept_hq)}"))
            case "put hq back" if self.kept_hq:
                await self.hq.put_back(self.chance.choice(self.kept_hq))
            case _:
                return
        self.happened[what] += 1

    def _copied(self, copy: Copy) -> Path:
        to = self.folder / f"kept-{uuid_utils.uuid7().hex}"
        to.mkdir()
        with closing(sqlite3.connect(copy.folder / FILE_NAME)) as connection:
            connection.execute("VACUUM INTO ?", (str(to / FILE_NAME),))
        return to

    def _restore(self, copy: Copy) -> None:
        """By the book, by hand, or as an image of the whole disk: only HQ can see the last."""
        shutil.rmtree(copy.folder)
        shutil.copytree(self.chance.choice(self.kept), copy.folder)
        how = self.chance.choice(["by the book", "by hand", "as an image"])
        if how == "by the book":
            with closing(sqlite3.connect(copy.folder / FILE_NAME)) as connection, connection:
                identity.raise_fence(connection, "restore", "The store was put back to a backup.", 0)
        if how == "by hand":
            copy.fingerprint += "'"
        self.unseen |= how == "as an image"
        self.happened[f"restore {how}"] += 1

    def _clone(self, copy: Copy) -> None:
        folder = self._copied(copy)
        told = self.chance.random() < 0.5
        self.copies.append(Copy(folder, "pack-1-copy", f"{copy.fingerprint} copied" if told else copy.fingerprint))
        self.unseen |= not told
        self.happened["clone seen at once" if told else "clone only HQ can see"] += 1

    async def _session(self, copy: Copy, *, sync: str, acts: int) -> None:
        """The agent of one copy runs for a while, with or without HQ."""
        async with station(
            copy.folder,
            self.hq.url,
            QuickTime(),
            secret=SECRETS["station"],
            host=copy.host,
            poll_s=1,
            site={"sscc": None},
            store={"fingerprint": lambda _path: copy.fingerprint},
        ) as here:
            if sync == "none":
                await self._work(here, acts)
                return
            async with here.syncing(pull=True):
                if sync == "first":
                    wanted = self.hq.rows("SELECT count(*) FROM picklist")
                    await here.until(lambda: here.rows("SELECT count(*) FROM picklist") == wanted, DEADLINE_S)
                if sync == "cut":
                    await self._work(here, acts // 2)
                    await asyncio.sleep(self.chance.random() * 0.05)
                    await self._work(here, acts - acts // 2)
                    return
                await self._work(here, acts)
                await here.until(lambda: quiet(here), DEADLINE_S)
            if here.problems.keys() - {f"hq.{LANE}.pull", f"hq.{LANE}.documents"}:
                self.wrong.append(f"problems {here.problems}")

    async def _work(self, here: Station, acts: int) -> None:
        for _ in range(acts):
            command = self._next_act(here)
            if command is None:
                return
            receipt = await here.store.execute(command)
            self.happened["acts refused" if receipt.refused else "acts"] += 1
            self.happened["parcels sealed"] += isinstance(command, c.Seal) and not receipt.refused
            await asyncio.sleep(0)

    def _next_act(self, here: Station) -> c.FloorCommand | None:
        """What a worker does who looks at the screen."""
        packing = self.chance.random() < 0.6
        found = (self._pack(here) or self._pick(here)) if packing else (self._pick(here) or self._pack(here))
        if found is None:
            return None
        kind: type[c.FloorCommand] = found[0]
        members: dict[str, Any] = found[1]
        return kind(command_id=uuid_utils.compat.uuid7(), **members)

    def _pick(self, here: Station) -> Any:
        db, at = here.store.reader, {"workplace": "pick"}
        place = load_place(db, "pick")
        if place.worker_id is None:
            return c.Scan, {**at, "code": "BADGE-ANA"}
        if place.picklist_id is None:
            row = db.execute("SELECT picklist_id FROM picklist WHERE status = 'open' ORDER BY picklist_id").fetchone()
            return (c.OpenWork, {**at, "id": row[0]}) if row else None
        work = load_pick(db, place.picklist_id)
        assert work is not None
        current = work.current
        if current is None:
            return c.Complete, at
        if work.location_id != current.location_id:
            return c.Scan, {**at, "code": current.location_id}
        if work.last_count is not None and self.chance.random() < 0.1:
            return c.Undo, at
        if self.chance.random() < 0.05:
            return c.MarkShort, {**at, "reason": "location empty"}
        return c.Scan, {**at, "code": current.sku}

    def _pack(self, here: Station) -> Any:
        db, at = here.store.reader, {"workplace": "pack"}
        place = load_place(db, "pack")
        if place.worker_id is None:
            return c.Scan, {**at, "code": "BADGE-ANA"}
        if place.fulfillment_id is None:
            row = db.execute(
                "SELECT fulfillment_id FROM fulfillment f WHERE session = 'ready' AND EXISTS (SELECT 1 FROM"
                " fulfillment_line l WHERE l.fulfillment_id = f.fulfillment_id AND l.picked <> '0')"
                " ORDER BY fulfillment_id"
            ).fetchone()
            return (c.OpenWork, {**at, "id": row[0]}) if row else None
        work = load_pack(db, place.fulfillment_id)
        assert work is not None
        if work.current is not None:
            return c.Scan, {**at, "code": work.current.sku}
        if work.package is states.Package.OPEN:
            scale = {"scale": "s", "weight_mg": 1_000_000, "stability": "stable", "range": "ok"}
            return c.Weigh, {**at, **scale, "newer_than_request": True, "emptied": True, "reason": "packing"}
        return c.Seal, at

    # --- what must be true --------------------------------------------------------------------------------------

    async def _check_store(self, copy: Copy) -> None:
        async with station(
            copy.folder,
            self.hq.url,
            QuickTime(),
            site={"sscc": None},
            store={"fingerprint": lambda _path: copy.fingerprint},
        ) as here:
            journal.verify(here.store.reader)
            if identity.fence_held(here.store.reader) is not None:
                self.wrong.append(f"{copy.host}: the fence still stands")
            self._note(here)
        with closing(sqlite3.connect(copy.folder / FILE_NAME, isolation_level=None)) as connection:
            _, differing = rebuild(connection)
        if differing:
            self.wrong.append(f"{copy.host}: {differing} lines of the views are not what the facts add up to")

    def _note(self, here: Station) -> None:
        """What this copy knows: its facts, what waits for a person, and what it said was done twice."""
        reader = here.store.reader
        for each in journal.read(reader):
            self.facts[each.event_id] = each.fact.told
        self.waiting |= {
            bytes(row[0])
            for row in reader.execute(
                "SELECT event_id FROM outbox JOIN journal USING (seq) WHERE state IN ('pending', 'parked')"
            )
        }
        self.there_already |= {
            bytes(row[0])
            for row in reader.execute(
                "SELECT event_id FROM outbox o JOIN journal USING (seq) JOIN outbox_request r USING (request_id)"
                " WHERE o.state = 'delivered' AND r.last_status = 409"
            )
        }
        self.conflicts |= {row[0] for row in reader.execute("SELECT subject FROM history_conflict")}
        self.lineages.append(identity.lineage_of(reader))
        self.happened["parked"] += here.figures().parked

    def _check_hq(self) -> None:
        if len(set(self.lineages)) != len(self.lineages):
            self.wrong.append("two copies are in one lineage")
        for event_id, kind, body in self.hq.rows("SELECT event_id, kind, body FROM edge_row"):
            self.facts.setdefault(bytes.fromhex(event_id), journal.fact_of(0, kind, body).told)
        delivered = {bytes.fromhex(row[0]) for row in self.hq.rows("SELECT event_id FROM edge_delivered")}
        owed = {ident for ident, fact in self.facts.items() if fact.for_hq}
        lost = owed - delivered - self.waiting - self.there_already
        if lost:
            kinds = Counter(self.facts[each].kind for each in lost)
            self.wrong.append(f"lost: {dict(kinds)}")
        self._check_counts(delivered)
        self._check_numbers()
        for fulfillment, many in self.hq.rows(
            "SELECT fulfillment_id, count(*) FROM shipment GROUP BY fulfillment_id HAVING count(*) > 1"
        ):
            self.wrong.append(f"{fulfillment} was shipped {many} times")

    def _check_counts(self, delivered: set[bytes]) -> None:
        """What HQ has picked is what the counts that reached it add up to."""
        picked: Counter[str] = Counter()
        for ident in delivered:
            fact = self.facts.get(ident)
            if isinstance(fact, e.PickCounted):
                picked[fact.task_id] += int(fact.qty)
            elif isinstance(fact, e.PickUndone):
                picked[fact.task_id] -= int(fact.qty)
        for task_id, at_hq in self.hq.rows("SELECT task_id, picked FROM task"):
            if picked[task_id] != at_hq:
                self.wrong.append(f"task {task_id}: HQ has {at_hq} picked, {picked[task_id]} were told")

    def _check_numbers(self) -> None:
        """No number is on two packages, unless a whole disk was copied unseen and a person was told."""
        of: dict[str, set[str]] = {}
        for fact in self.facts.values():
            if isinstance(fact, e.PackageSealed):
                for used in fact.numbers:
                    of.setdefault(used.text, set()).add(fact.package_id)
        for text, packages in of.items():
            if len(packages) > 1:
                self.happened["numbers used by two images before HQ was reached"] += 1
                if not self.unseen:
                    self.wrong.append(f"number {text} is on packages {packages}")
                elif len(text) == SSCC_DIGITS and f"sscc:{text}" not in self.conflicts:
                    self.wrong.append(f"number {text} is on two packages and nobody was told")


def quiet(here: Station) -> bool:
    """Whether everything that can go has gone."""
    reader, through = here.store.reader, here.feed.through()
    (head,) = reader.execute("SELECT max(seq) FROM journal").fetchone()
    if through != head or here.lane._busy or identity.fence_held(reader) is not None:
        return False
    return not outbox.entities_to_send(reader, LANE, [], through)


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worlds", type=int, default=100)
    given = parser.parse_args()
    counts = run(given.seed, given.worlds)
    asyncio.run(put_back_at_every_point(given.seed, counts))
    print(counts)
    for each in counts.wrong:
        print(" ", each)
    raise SystemExit(bool(counts.wrong))


if __name__ == "__main__":
    main()
