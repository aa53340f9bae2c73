"""A whole shift at one station: real processes, real bytes, HQ away in the middle, and power cuts in between."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from devices.simulators.bench import BenchDevices
from tests.support.people import Packer, Picker, Screen, View
from tests.support.site import HQ_SECRET, Hq, Process, free_port, until, write_config, write_secret

BADGE = "BADGE-ANA"
KILLS = 5
LOST_REPLIES = 0.05
ORDERS_PER_PICKLIST = 5
ONE_BY_ONE_ORDERS = 20
FLOOR_SCALE_KG = 6000
SCALE_STEP_G = 500
MG_PER_G = 1000
LOOK_S = 0.1

Rows = list[dict[str, Any]]


@dataclass
class Report:
    """What the shift came to, in the figures a manager asks for."""

    orders: int = 0
    lines: int = 0
    units: int = 0
    scans: int = 0
    acts: int = 0
    kills: int = 0
    labels: int = 0
    uncertain: list[tuple[str, str, str]] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    scan_p50_ms: float = 0.0
    scan_p99_ms: float = 0.0
    hq_away_s: float = 0.0
    backlog: int = 0
    drain_s: float = 0.0
    lost_replies: int = 0
    shift_s: float = 0.0

    def __str__(self) -> str:
        uncertain = "".join(f"\n    {sscc} {decision}: {why}" for sscc, decision, why in self.uncertain)
        return (
            f"\nThe shift\n"
            f"  orders {self.orders}, lines {self.lines}, units {self.units}\n"
            f"  scans {self.scans}, acts {self.acts}, refusals {dict(self.refusals)}\n"
            f"  agent killed {self.kills} times; HQ lost {self.lost_replies} replies after storing\n"
            f"  last byte of the scan to the committed answer: p50 {self.scan_p50_ms:.1f} ms, "
            f"p99 {self.scan_p99_ms:.1f} ms\n"
            f"  HQ away {self.hq_away_s:.0f} s; backlog {self.backlog} facts, drained in {self.drain_s:.1f} s\n"
            f"  labels {self.labels}, uncertain {len(self.uncertain)}{uncertain}\n"
            f"  took {self.shift_s:.0f} s"
        )


class Shift:
    """Works all orders. `run` once, then look at `hq`, `labels` and the report."""

    def __init__(self, folder: Path, orders: Rows, products: Rows, seed: int) -> None:
        self.folder, self.orders = folder, orders
        self.products = {product["sku"]: product for product in products}
        self.random = random.Random(seed)
        self.report = Report(
            orders=len(orders),
            lines=sum(len(order["lines"]) for order in orders),
            units=sum(line["quantity"] for order in orders for line in order["lines"]),
        )
        small = sorted(
            orders, key=lambda order: (sum(line["quantity"] for line in order["lines"]), order["order_id"])
        )
        self.one_by_one = frozenset(order["order_id"] for order in small[:ONE_BY_ONE_ORDERS])
        self.demand: Counter[str] = Counter()
        for order in orders:
            for line in order["lines"]:
                self.demand[line["sku"]] += line["quantity"]
        self.config = folder / "edge.toml"
        self.database = folder / "store" / "edge.sqlite3"
        self.bench = BenchDevices(
            folder / "devices",
            scanners=("pick-scanner", "pack-scanner"),
            unit="kg",
            resolution=Decimal("0.5"),
            capacity=Decimal(FLOOR_SCALE_KG),
            settle_s=0.02,
            print_s=0.01,
        )
        self._hq_port = free_port()
        self.hq = self._new_hq()

    async def run(self) -> None:
        """The day from opening stock to the last label."""
        await self.bench.start()
        try:
            await self._open_the_day()
            began = time.perf_counter()
            await self._work()
            self.report.shift_s = time.perf_counter() - began
            await self._drained()
            self.truth = await self.hq.call("GET", "/hq/truth")
            faults = await self.hq.call("GET", "/hq/faults", role="operator")
            self.report.lost_replies += faults["done"].get("lost_reply", 0)
        finally:
            self.agent.stop()
            self.hq.process.stop()
            await self.bench.stop()
        self.report.labels = len(self.labels())

    def labels(self) -> list[bytes]:
        """Every label that came out of the printer, in order."""
        return [path.read_bytes() for path in sorted((self.folder / "devices" / "labels").glob("*.zpl"))]

    def facts(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """A read-only look into the station's store."""
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    # --- the morning --------------------------------------------------------------------------------------------

    async def _open_the_day(self) -> None:
        await self.hq.start()
        await self._load("products", list(self.products.values()))
        await self._load("stock", self._opening_stock())
        await self._load("fulfillments", self.orders)
        await self._wave()
        self._write_config()
        self.agent = self._new_agent()
        self.url = await self.agent.start()
        await until(self._all_work_is_here, "the day's work did not arrive", 60)

    async def _load(self, kind: str, rows: Rows) -> None:
        report = await self.hq.load(kind, rows)
        assert report["rejected"] == 0, report["errors"][:3]

    def _opening_stock(self) -> Rows:
        """Covers the demand, and leaves ten of each."""
        return [
            {
                "location_id": product["location_id"],
                "sku": sku,
                "quantity": self.demand[sku] + 10,
                "reference": f"opening-{sku}",
            }
            for sku, product in self.products.items()
        ]

    async def _wave(self) -> None:
        ids: list[str] = []
        cursor = ""
        while True:
            page = await self.hq.call("GET", f"/fulfillments?limit=200{cursor}")
            ids += [each["id"] for each in page["items"]]
            if not page["next_cursor"]:
                break
            cursor = f"&cursor={page['next_cursor']}"
        assert len(ids) == len(self.orders)
        for start in range(0, len(ids), ORDERS_PER_PICKLIST):
            await self.hq.call(
                "POST",
                "/picklists",
                {
                    "warehouse_id": self.orders[0]["warehouse_id"],
                    "fulfillment_ids": ids[start : start + ORDERS_PER_PICKLIST],
                    "priority": self.random.choice(["low", "normal", "high", "urgent"]),
                },
            )

    def _all_work_is_here(self) -> bool:
        return self.database.exists() and self.facts(
            "SELECT count(*) FROM fulfillment WHERE picklist_id IS NOT NULL"
        )[0] == (len(self.orders),)

    # --- the work -----------------------------------------------------------------------------------------------

    async def _work(self) -> None:
        async with Screen(self.url, "pick") as pick_screen, Screen(self.url, "pack") as pack_screen:
            picker = Picker(pick_screen, lambda code: self.bench.scan("pick-scanner", code), BADGE)
            packer = Packer(pack_screen, lambda code: self.bench.scan("pack-scanner", code), BADGE)
            self._people = (picker, packer)
            async with asyncio.TaskGroup() as group:
                group.create_task(picker.work(self._barcode, self.one_by_one, self._all_picked))
                group.create_task(
                    packer.work(
                        self._barcode,
                        self._put_on_scale,
                        self._clear_scale,
                        self._came_out,
                        self.one_by_one,
                        self._all_packed,
                    )
                )
                trouble = group.create_task(self._trouble())
            assert trouble.done()
        latencies = sorted(picker.latencies_s + packer.latencies_s)
        self.report.scan_p50_ms = statistics.median(latencies) * 1000
        self.report.scan_p99_ms = latencies[int(len(latencies) * 0.99)] * 1000
        self.report.scans = picker.scans + packer.scans
        self.report.acts = picker.acts + packer.acts
        self.report.uncertain = packer.decisions
        self.report.refusals = Counter(answer["code"] for who in self._people for answer in who.refusals)

    async def _trouble(self) -> None:
        """HQ goes for the middle third of the shift; the agent loses its power five times, at seeded moments."""
        points = sorted(self.random.uniform(0.05, 0.95) for _ in range(KILLS))
        moments = [(1 / 3, self._hq_goes), (2 / 3, self._hq_returns)] + [(point, self._power_cut) for point in points]
        for share, happens in sorted(moments, key=lambda moment: moment[0]):
            await self._until_done(share)
            await happens()

    async def _until_done(self, share: float) -> None:
        await until(lambda: self._done_share() >= share, "the shift stood still", 240, LOOK_S)

    def _done_share(self) -> float:
        """How much of the day's picking and packing is done, by facts on disk."""
        ((done,),) = self.facts(
            "SELECT (SELECT count(*) FROM pick_task WHERE status <> 'open')"
            " + (SELECT count(*) FROM fulfillment_line WHERE packed = qty)"
        )
        return float(done) / (2 * self.report.lines)

    async def _power_cut(self) -> None:
        self.agent.kill()
        self.report.kills += 1
        self.agent = self._new_agent()
        await self.agent.start()

    async def _hq_goes(self) -> None:
        faults = await self.hq.call("GET", "/hq/faults", role="operator")
        self.report.lost_replies += faults["done"].get("lost_reply", 0)
        self.hq.process.stop()
        self._left_at = time.perf_counter()

    async def _hq_returns(self) -> None:
        self.report.backlog = self._unsent()
        ((newest,),) = self.facts("SELECT max(seq) FROM outbox")
        self.hq = self._new_hq()
        await self.hq.start()
        back_at = time.perf_counter()
        self.report.hq_away_s = back_at - self._left_at
        self._drain = asyncio.create_task(self._watch_drain(newest, back_at))

    async def _watch_drain(self, newest: int, back_at: float) -> None:
        await until(
            lambda: self.facts("SELECT count(*) FROM outbox WHERE state = 'pending' AND seq <= ?", newest)[0][0] == 0,
            "the backlog was not drained",
            200,
        )
        self.report.drain_s = time.perf_counter() - back_at

    async def _drained(self) -> None:
        await self._drain
        await until(lambda: self._unsent() == 0, "some facts never reached HQ", 60)

    def _unsent(self) -> int:
        unsent: int = self.facts("SELECT count(*) FROM outbox WHERE state = 'pending'")[0][0]
        return unsent

    # --- what the people know -----------------------------------------------------------------------------------

    def _barcode(self, sku: str) -> str:
        gtin: str = self.products[sku]["gtin"]
        return gtin

    def _all_picked(self) -> bool:
        return self._none("picklist WHERE status <> 'completed'")

    def _all_packed(self) -> bool:
        return self._none("fulfillment WHERE session <> 'packed'") and self._none(
            "spool_job WHERE state <> 'confirmed'"
        )

    def _none(self, rows: str) -> bool:
        count: int = self.facts(f"SELECT count(*) FROM {rows}")[0][0]
        return count == 0

    async def _put_on_scale(self, view: View) -> None:
        """The parcel's real weight: what its goods weigh, or a guess of nature's where nobody wrote that down."""
        grams = 0
        for line in view["parcel"]["lines"]:
            nominal = self.products[line["sku"]]["nominal_weight_g"]
            grams += int(line["packed"]) * (nominal if nominal is not None else 1500)
        await self.bench.put_load_mg(max(SCALE_STEP_G, grams) * MG_PER_G)

    async def _clear_scale(self) -> None:
        await self.bench.put_load_mg(0)

    def _came_out(self, sscc: str) -> bool:
        return any(sscc.encode() in label for label in self.labels())

    # --- the machines -------------------------------------------------------------------------------------------

    def _new_hq(self) -> Hq:
        faults = f"lost_reply={LOST_REPLIES},seed=7,only_role=station,prefix=/v1/"
        return Hq(self.folder / "hq", self._hq_port, faults)

    def _new_agent(self) -> Process:
        return Process(self.folder, "agent", ["-m", "agent", "run", "--config", str(self.config)])

    def _write_config(self) -> None:
        devices = self.bench.settings()
        devices["scale"]["poll_ms"] = 20
        write_secret(self.folder, HQ_SECRET, self.hq.key("station"))
        write_config(
            self.config,
            {
                "station": {
                    "id": "station-1",
                    "warehouse_id": self.orders[0]["warehouse_id"],
                    "data_dir": "store",
                    "ballast_mb": 1,
                    "listen": f"127.0.0.1:{free_port()}",
                },
                "hq": {
                    "main": {"dialect": "ofs", "url": self.hq.url, "tenant": "t1", "secret": HQ_SECRET, "poll_s": 2}
                },
                "devices": devices,
                "workplaces": {
                    "pick": {"work": "pick", "devices": ["pick-scanner"]},
                    "pack": {"work": "pack", "devices": ["pack-scanner", "scale", "printer"]},
                },
                "workers": {"ana": {"name": "Ana", "badge": BADGE, "roles": ["picker", "packer"]}},
                "packing": {"tolerance_g": 1000},
                "numbers": {"sscc": {"company_prefix": "0614141", "last": 99_999}},
                "ship_from": {"name": "Test warehouse", "city": "Rotterdam"},
            },
        )


def read_rows(path: Path) -> Rows:
    """An NDJSON file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
