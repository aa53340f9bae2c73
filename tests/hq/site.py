"""An HQ to test against, over real HTTP and real SQLite, and short words for what tests do with it."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from hq.app import build_app
from hq.calls import BASE, Services
from hq.facades.facade import load
from hq.faults import Faults
from hq.keys import ROLES, Caller, Keys
from hq.store import Store
from tests.support.patience import PATIENCE_S
from web.guard import Doors

DEADLINE_S = PATIENCE_S
SECRETS = {role: f"{role}-secret-for-tests" for role in ROLES}
SCANNED_AT = "2025-09-01T08:00:00.000Z"
PRODUCTS: list[dict[str, Any]] = [
    {"sku": "SKU-1", "name": "Tea", "gtin": "2900000000018", "location_id": "A-01-1"},
    {"sku": "SKU-2", "name": "Bread", "location_id": "A-02-1"},
    {"sku": "SKU-3", "name": "Jam", "location_id": "A-10-1"},
]


@dataclass
class Clock:
    """Time that stands still until a test moves it."""

    now: datetime = datetime(2025, 9, 1, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, step: timedelta) -> None:
        self.now += step


@dataclass(frozen=True)
class Reply:
    """An answer of HQ, read whole."""

    status: int
    body: Any
    text: str
    headers: Mapping[str, str]

    @property
    def code(self) -> str:
        assert "error" in self.body, self.body
        return str(self.body["error"]["code"])

    @property
    def message(self) -> str:
        return str(self.body["error"]["message"])


class Hq:
    """A client of a running HQ; every POST gets a fresh Idempotency-Key unless one is given."""

    def __init__(self, url: str, session: aiohttp.ClientSession, store: Store, clock: Clock) -> None:
        self.url, self.session, self.store, self.clock = url, session, store, clock
        self.keys = (f"key-{number}" for number in itertools.count(1))

    async def call(
        self, method: str, path: str, *, role: str = "office", headers: Mapping[str, str] | None = None, **how: Any
    ) -> Reply:
        sent = {"Authorization": f"Bearer {SECRETS[role]}"} if role else {}
        sent |= dict(headers or {})
        where = self.url + (path if path.startswith("/hq/") else BASE + path)
        async with self.session.request(method, where, headers=sent, **how) as response:
            text = await response.text()
            body = json.loads(text) if response.content_type == "application/json" else None
            return Reply(response.status, body, text, response.headers)

    async def get(self, path: str, **how: Any) -> Reply:
        return await self.call("GET", path, **how)

    async def post(self, path: str, body: Any = None, *, key: str = "", **how: Any) -> Reply:
        headers = {"Idempotency-Key": key or next(self.keys), **how.pop("headers", {})}
        return await self.call("POST", path, headers=headers, json=body, **how)

    async def import_lines(self, kind: str, lines: list[Any], *, key: str = "") -> Any:
        """Import and wait for the end; a line that is bytes is sent as it is."""
        data = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
        headers = {"Idempotency-Key": key or next(self.keys), "Content-Type": "application/x-ndjson"}
        started = await self.call("POST", f"/imports?kind={kind}", headers=headers, data=data)
        assert started.status == 202, started.text
        return await self.imported(started.body["job_id"])

    async def imported(self, job_id: str) -> Any:
        async with asyncio.timeout(DEADLINE_S):
            while True:
                job = (await self.get(f"/imports/{job_id}")).body
                if job["status"] == "completed":
                    return job

    async def with_products(self, on_hand: int = 10) -> None:
        stock = [
            {"location_id": each["location_id"], "sku": each["sku"], "quantity": on_hand, "reference": "opening"}
            for each in PRODUCTS
        ]
        for kind, lines in (("products", PRODUCTS), ("stock", stock)):
            job = await self.import_lines(kind, list(lines))
            assert job["rejected"] == 0, job

    async def order(self, order_id: str, **quantities: int) -> str:
        """A fulfillment with a line for each product, `SKU_1=2`; gives its id."""
        made = await self.post("/fulfillments", order(order_id, **quantities))
        assert made.status == 201, made.text
        return str(made.body["fulfillment_id"])

    async def wave(self, *fulfillment_ids: str, **more: Any) -> Any:
        body = {"warehouse_id": "wh_1", "fulfillment_ids": list(fulfillment_ids), **more}
        made = await self.post("/picklists", body)
        assert made.status == 201, made.text
        return made.body

    async def started(self, *fulfillment_ids: str) -> Any:
        """A picklist that device d1 picks."""
        made = await self.wave(*fulfillment_ids)
        await self.post(f"/picklists/{made['id']}/assign", {"worker_id": "ann", "device_id": "d1"})
        begun = await self.post(f"/picklists/{made['id']}/start")
        assert begun.status == 200, begun.text
        return begun.body

    async def scan(self, picklist_id: str, *scans: dict[str, Any], **how: Any) -> list[Any]:
        answered = await self.post(f"/picklists/{picklist_id}/scan", list(scans), **how)
        assert answered.status == 200, answered.text
        return list(answered.body["results"])

    async def adjust(self, picklist_id: str, *adjustments: dict[str, Any]) -> list[Any]:
        answered = await self.post(f"/picklists/{picklist_id}/adjust", {"adjustments": list(adjustments)})
        assert answered.status == 200, answered.text
        return list(answered.body["results"])

    async def picked(self, order_id: str, **quantities: int) -> str:
        """A fulfillment whose every unit is picked; gives its id."""
        ident = await self.order(order_id, **quantities)
        picklist = await self.started(ident)
        results = await self.scan(picklist["id"], *[taken(task) for task in picklist["tasks"]])
        assert {result["outcome"] for result in results} == {"accepted"}
        await self.post(f"/picklists/{picklist['id']}/complete")
        return ident

    async def pack(self, ident: str, *packages: dict[str, Any], seal: bool = False) -> Reply:
        packed = await self.post("/pack-stations/p1/pack", {"fulfillment_ids": [ident], "packages": list(packages)})
        if seal:
            for package in packages:
                sealed = await self.post("/pack-stations/p1/seal", {"package_id": package["package_id"]})
                assert sealed.status == 200, sealed.text
        return packed

    async def status(self, ident: str) -> str:
        return str((await self.get(f"/fulfillments/{ident}")).body["status"])

    async def stock(self) -> dict[str, int]:
        """The stock totals, after checking that nothing was lost and reservations are what tasks still need."""
        totals: dict[str, int] = (await self.get("/hq/truth")).body["stock"]
        came = ("opening", "adjusted", "received", "returned")
        assert sum(totals.get(name, 0) for name in came) == sum(
            units for name, units in totals.items() if name not in came
        )
        held = self.store.db.execute(
            "SELECT coalesce(sum(a.qty - coalesce(t.picked, 0)), 0) FROM allocation_line a"
            " LEFT JOIN task t ON t.allocation_seq = a.seq"
        ).fetchone()[0]
        assert held == self.store.db.execute("SELECT coalesce(sum(reserved), 0) FROM stock").fetchone()[0]
        return totals


def order(order_id: str, **quantities: int) -> dict[str, Any]:
    lines = [
        {"order_line_id": f"{order_id}-{number}", "sku": sku.replace("_", "-"), "quantity": quantity}
        for number, (sku, quantity) in enumerate(quantities.items(), start=1)
    ]
    return {"order_id": order_id, "source": "test", "warehouse_id": "wh_1", "lines": lines}


def taken(task: Mapping[str, Any], qty: int | None = None, **more: Any) -> dict[str, Any]:
    """The scan of a task's units."""
    spot = {"location_id": task["location_id"], "sku": task["sku"]}
    return {**spot, "qty": qty or task["qty"], "timestamp": SCANNED_AT, **more}


def package(package_id: str, weight: int, **items: Any) -> dict[str, Any]:
    """A package body; `items` are pairs of line id and quantity under any name."""
    contents = [{"line_id": line_id, "qty": qty} for line_id, qty in items.values()]
    return {"package_id": package_id, "weight": weight, "items": contents}


@asynccontextmanager
async def running_hq(
    database: Path,
    faults: Faults | None = None,
    company_prefix: str | None = None,
    dialect: str = "ofs",
    names: set[str] | None = None,
) -> AsyncIterator[Hq]:
    """HQ on a free port, stopped at the end; with another dialect it serves that facade too.

    It answers to its address, and to what else is put into `names`.
    """
    store, clock, numbers = Store(database, company_prefix), Clock(), itertools.count(1)
    keys = Keys((Caller(role, role), secret) for role, secret in SECRETS.items())
    services = Services(store, keys, clock, lambda prefix: f"{prefix}_{next(numbers):05d}")
    names = set() if names is None else names
    facade = load(dialect, services)
    app = build_app(services, faults or Faults(), lambda: Doors(frozenset(names), frozenset()), facade, strict=True)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host = f"127.0.0.1:{runner.addresses[0][1]}"
        names.add(host)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=DEADLINE_S)) as session:
            yield Hq(f"http://{host}", session, store, clock)
    finally:
        await runner.cleanup()
        store.close()
