"""The canonical day at a station: the commands of `plan`, done by people over HTTP.

The agent is the real one (forked by `nursery`), HQ is a real process, scale and printer are simulated over a pty and
a socket. A command counts as acknowledged only once its answer was read. When the agent dies it is started again and
everything that was not answered is repeated, as a person does.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp

from local_store import journal
from local_store.database import FILE_NAME, open_reader
from tests.support.site import HQ_SECRET, START_TIMEOUT_S, until, write_config, write_secret
from tests.torture.plan import BADGE, ORDERS_PER_LIST, SKUS, Act, Plan

if TYPE_CHECKING:
    from tests.torture.yard import Yard

DAY_LIMIT_S = 180
MOST_STARTS = 40
BACKUP_AFTER = 1
"""The round after which the agent is stopped, a backup made and the agent started again."""
SSCCS_A_DAY = 1000
ASKING = ("uncertain", "failed_clean", "expired")
"""States of a label in which it asks a person."""


@dataclass
class Acked:
    """What was answered, by command id: (tone, code, text)."""

    answers: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    def take(self, act: Act, answer: Mapping[str, str]) -> None:
        """An answer was read; to a repeated command it must be the first one again."""
        said = (answer["tone"], answer["code"], answer["text"])
        first = self.answers.setdefault(act.command_id, said)
        assert first == said, f"first answered {first}, then {said}: {act}"


class Day:
    """One day of one station at an HQ. `work` may be called again and again, and always repeats the same commands."""

    def __init__(self, yard: Yard, folder: Path, seed: int, number: int) -> None:
        self.folder, self.number = folder, number
        self.acked = Acked()
        self.ballast_mb = 1
        self.on_ack: Callable[[Act], None] = lambda _act: None
        self.starts = self.deaths = self.refused = 0
        """How often an agent was started, one that had answered ended by itself, and a command had to be repeated."""
        self.url = ""
        self._yard = yard
        self._plan = Plan(seed, number)
        self.orders = self._plan.orders
        self.config = folder / "edge.toml"
        self.data = folder / "store"
        self._ready = folder / "ready"
        self._ended: asyncio.Future[int] | None = None
        self._starting = asyncio.Lock()
        self._pid = 0
        self._alive = False

    async def prepare(self) -> None:
        """HQ gets the day's orders and makes two picklists of them; edge.toml is written."""
        hq = self._yard.hq
        places = [(sku, f"A-{self.number}-{n}") for n, sku in enumerate(SKUS)]
        await self._load("products", [
            {"sku": sku, "name": f"Item {sku}", "gtin": None, "location_id": place, "nominal_weight_g": 100}
            | {"warehouse_id": self._plan.warehouse}
            for sku, place in places
        ])  # fmt: skip
        await self._load("stock", [
            {"sku": sku, "location_id": place, "quantity": 1000, "reference": f"{self._plan.warehouse}-{sku}"}
            for sku, place in places
        ])  # fmt: skip
        self._ids_at_hq = [(await hq.call("POST", "/fulfillments", order))["id"] for order in self.orders]
        picklists = []
        for start in range(0, len(self.orders), ORDERS_PER_LIST):
            ids = self._ids_at_hq[start : start + ORDERS_PER_LIST]
            made = await hq.call("POST", "/picklists", {"warehouse_id": self._plan.warehouse, "fulfillment_ids": ids})
            tasks = await hq.call("GET", f"/picklists/{made['picklist_id']}/tasks")
            picklists.append((made["picklist_id"], tasks["items"]))
        self.rounds = self._plan.rounds(picklists)
        self._write_config()

    @property
    def acts(self) -> list[Act]:
        """Every command of the day."""
        return [act for each in self.rounds for acts in each for act in acts]

    async def work(self, after: Callable[[int], Awaitable[None]] | None = None) -> None:
        """Start the agent, wait for the work and do every command; `after` each round something may happen."""
        await self.start()
        await until(self._work_is_here, "the day's work did not arrive", 30, 0.005)
        for number, each in enumerate(self.rounds):
            async with asyncio.TaskGroup() as group:
                for acts in each:
                    group.create_task(_all(self.do(act) for act in acts))
            if number == BACKUP_AFTER:
                await self.back_up()
            if after is not None:
                await after(number)

    async def judged(self, work: Coroutine[Any, Any, None]) -> list[str]:
        """Do this work and say what is wrong after it: with HQ, the labels, the answers and the store."""
        try:
            async with asyncio.timeout(DAY_LIMIT_S):
                await work
            return await self.violations() + self.in_the_store()
        except (AssertionError, TimeoutError, BaseExceptionGroup) as broken:
            return [f"{broken!r}: {self.log()}"]
        finally:
            await self.stop(signal.SIGKILL)

    async def repeat(self) -> None:
        """Do every command once more, each workplace on its own: all must be answered as before."""
        async with asyncio.TaskGroup() as group:
            for workplace in ("pick", "pack"):
                acts = [act for act in self.acts if act.workplace == workplace]
                group.create_task(_all(self._until_answered(act) for act in acts))

    async def finish(self) -> None:
        """Wait until nothing is left to send, nothing to print and no label is in doubt."""
        try:
            await until(self._is_finished, "the day did not end", 60, 0.01)
        except AssertionError as late:
            unsent = self.facts(
                "SELECT lane, entity, state, count(*) FROM outbox WHERE state <> 'delivered' GROUP BY 1, 2, 3"
            )
            labels = self.facts("SELECT seq, kind, body FROM journal WHERE kind LIKE 'label.%' ORDER BY seq")
            raise AssertionError(f"{late}: unsent {unsent}, labels {labels}, {await self._status()}") from late

    async def truth(self) -> list[dict[str, Any]]:
        """What HQ holds of this day, order by order."""
        return [await self._yard.hq.call("GET", f"/fulfillments/{ident}") for ident in self._ids_at_hq]

    async def violations(self) -> list[str]:
        """What is lost, doubled or invented at the end of the day, at HQ, on paper and in the answers."""
        found = [f"never answered: {act}" for act in self.acts if act.command_id not in self.acked.answers]
        for order, told in zip(self.orders, await self.truth(), strict=True):
            wanted = {line["order_line_id"]: line["quantity"] for line in order["lines"]}
            for what in ("picked", "packed"):
                got = {line["order_line_id"]: line[what] for line in told["lines"]}
                if got != wanted:
                    found.append(f"{order['order_id']}: {what} at HQ {got}, wanted {wanted}")
            if (told["status"], len(told["packages"]), len(told["shipments"])) != ("shipped", 1, 1):
                found.append(
                    f"{order['order_id']}: HQ holds {told['status']}, {told['packages']}, {told['shipments']}"
                )
        printed = {sscc: self._times_printed(sscc) for sscc in self._ssccs()}
        return found + [f"label {sscc} came out {times} times" for sscc, times in printed.items() if times != 1]

    async def start(self) -> None:
        """Start the agent and wait until it answers."""
        async with self._starting:
            while self._ended is None or self._ended.done():
                assert self.starts < MOST_STARTS, f"the agent ends again and again: {self.log()}"
                self.starts += 1
                self.deaths += self._alive
                self._alive = False
                self._ready.unlink(missing_ok=True)
                self._pid, self._ended = await self._yard.nursery.fork(self._order_for("agent"))
                await until(self._is_ready_or_ended, "the agent did not answer", START_TIMEOUT_S, 0.002)
                if self._ready.exists():
                    self._alive = True
                    self.url = json.loads(self._ready.read_text())["url"]
                    self._key = (self.data / "station.key").read_text()
                    assert self._key, "the station's key is empty: whoever sends none would be its operator"

    async def back_up(self) -> None:
        """Stop the agent and make a backup, as often as it takes; then the agent is started again."""
        await self.stop()
        for _ in range(MOST_STARTS):
            _, ended = await self._yard.nursery.fork(self._order_for("backup"))
            if await ended == 0:
                break
        await self.start()

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """End the agent, as systemd would or as a power cut would; how it ended, as in waitpid."""
        if self._ended is None:
            return 0
        self._alive = False
        if not self._ended.done():
            os.kill(self._pid, number)
        return await asyncio.wait_for(asyncio.shield(self._ended), START_TIMEOUT_S)

    def in_the_store(self) -> list[str]:
        """What is wrong in the store after the agent stopped: the chain, or a command that is not there just once."""
        connection = open_reader(self.data / FILE_NAME)
        try:
            journal.verify(connection)
            rows = connection.execute("SELECT lower(hex(command_id)) FROM receipt").fetchall()
        except journal.JournalDamaged as damaged:
            return [str(damaged)]
        finally:
            connection.close()
        kept = Counter(row[0] for row in rows)
        return [f"not in the store: {act}" for act in self.acts if kept[act.command_id.replace("-", "")] != 1]

    def log(self) -> str:
        """The end of what the agents of this day said."""
        path = self.folder / "agent.log"
        return path.read_text(errors="replace")[-3000:] if path.exists() else "(it said nothing)"

    def facts(self, sql: str) -> list[tuple[Any, ...]]:
        """A read-only look into the store; nothing while it cannot be read."""
        with contextlib.suppress(sqlite3.OperationalError):
            connection = sqlite3.connect(f"file:{self.data / FILE_NAME}?mode=ro", uri=True)
            try:
                return connection.execute(sql).fetchall()
            finally:
                connection.close()
        return []

    def _order_for(self, what: str) -> dict[str, str]:
        of = {"config": self.config, "ready_file": self._ready, "log": self.folder / "agent.log"}
        return {"do": what} | {name: str(path) for name, path in of.items()}

    # --- doing --------------------------------------------------------------------------------------------------

    async def do(self, act: Act) -> None:
        """Do a command; while the station has no room for new work or its scale is not back, do it anew soon."""
        if act.kind == "weigh":
            await self._yard.put_a_parcel_on()
        while (answer := await self._until_answered(act)).startswith(("work.no_room", "scale.")):
            await asyncio.sleep(0.1)
            if answer == "scale.not_emptied":
                await self._yard.put_a_parcel_on()
            act = self._plan.act(act.workplace, act.kind, **act.members)
        if act.kind == "seal":
            await self._yard.take_the_parcel_off()

    async def _until_answered(self, act: Act) -> str:
        """Repeat a command until it is answered; the answer's code."""
        while True:
            try:
                answer = await self._press(act.workplace, act.kind, {"command_id": act.command_id, **act.members})
            except (aiohttp.ClientError, OSError):
                await self.start()
                continue
            if answer is not None:
                self.acked.take(act, answer)
                self.on_ack(act)
                return answer["code"]
            self.refused += 1
            await asyncio.sleep(0.02)  # the store is in doubt or full: "try again"

    async def _press(self, workplace: str, kind: str, body: Mapping[str, str]) -> dict[str, str] | None:
        """The answer; None when the agent asks to try again."""
        path = f"{self.url}/v1/station/workplaces/{workplace}/{kind}"
        headers = {"Authorization": f"Bearer {self._key}"}
        async with self._yard.session.post(path, json=body, headers=headers) as reply:
            if reply.status in {503, 507}:
                return None
            assert reply.status == 200, f"{kind} {body}: {reply.status} {await reply.text()}"
            answer: dict[str, str] = (await reply.json())["answer"]
            return answer

    def _is_ready_or_ended(self) -> bool:
        return self._ready.exists() or (self._ended is not None and self._ended.done())

    async def _work_is_here(self) -> bool:
        if self._ended is None or self._ended.done():
            await self.start()
        return self.facts(
            f"SELECT 1 WHERE (SELECT count(*) FROM picklist) = 2 AND (SELECT count(*) FROM product) = {len(SKUS)}"
        ) == [(1,)]

    async def _status(self) -> str:
        async with self._yard.session.get(
            f"{self.url}/v1/station/status", headers={"Authorization": f"Bearer {self._key}"}
        ) as reply:
            return await reply.text()

    async def _is_finished(self) -> bool:
        if self._ended is None or self._ended.done():
            await self.start()
        await self._yard.do_what_the_printer_asks()
        for job_id, sscc, state in self.facts(f"SELECT job_id, sscc, state FROM spool_job WHERE state IN {ASKING}"):
            seen = "came_out" if self._times_printed(sscc) else "did_not"
            decision = seen if state == "uncertain" else "print"
            await self.do(self._plan.act("pack", "scan", code=BADGE))
            await self.do(self._plan.act("pack", "label-decision", job_id=job_id, decision=decision))
        parked = self.facts("SELECT entity, reason FROM outbox WHERE state = 'parked'")
        assert not parked, f"HQ refused {parked}"
        return self.facts(
            "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE state = 'pending')"
            f" AND (SELECT count(*) FROM spool_job WHERE state = 'confirmed') = {len(self.orders)}"
        ) == [(1,)]

    async def _load(self, kind: str, rows: list[dict[str, Any]]) -> None:
        report = await self._yard.hq.load(kind, rows)
        assert report["rejected"] == 0, report["errors"][:3]

    def _times_printed(self, sscc: str) -> int:
        return sum(sscc.encode() in label for label in self._yard.bench.printer.labels)

    def _ssccs(self) -> list[str]:
        return [sscc for (sscc,) in self.facts("SELECT sscc FROM package WHERE sscc IS NOT NULL")]

    def _write_config(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        devices = self._yard.bench.settings()
        devices["scale"]["poll_ms"] = 20
        write_secret(self.folder, HQ_SECRET, self._yard.hq.key("station"))
        first = self.number * SSCCS_A_DAY
        station = {
            "id": f"station-{self.number}",
            "warehouse_id": self._plan.warehouse,
            "data_dir": str(self.data),
            "ballast_mb": self.ballast_mb,
            "listen": "127.0.0.1:0",
        }
        lane = {"dialect": "ofs", "url": self._yard.hq.url, "tenant": "t1", "secret": HQ_SECRET, "poll_s": 1}
        write_config(
            self.config,
            {
                "station": station,
                "hq": {"main": lane},
                "devices": devices,
                "workplaces": {
                    "pick": {"work": "pick", "devices": []},
                    "pack": {"work": "pack", "devices": ["scale", "printer"]},
                },
                "workers": {"ana": {"name": "Ana", "badge": BADGE, "roles": ["picker", "packer"]}},
                "packing": {"tolerance_g": 100_000},
                "numbers": {"sscc": {"company_prefix": "0614141", "first": first, "last": first + SSCCS_A_DAY - 1}},
                "ship_from": {"name": "Test warehouse", "city": "Rotterdam"},
            },
        )


async def _all(acts: Iterable[Awaitable[object]]) -> None:
    for act in acts:
        await act
