"""A station that speaks to the facade of Exsited over HTTP, and short words for what tests do with both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sync.dialect import AtStation
from sync.dialects.exsited.capabilities import ACCEPTS, ExsitedHq
from sync.dialects.exsited.client import ExsitedClient
from tests.hq.exsited_client import CASES, REDIRECT, Exsited
from tests.hq.site import SECRETS, Hq, running_hq
from tests.support.patience import PATIENCE_S
from tests.sync.station import Station, station

FULL = {"client_id": "st-1", "redirect_uri": REDIRECT, "mode": "full", "warehouse": "Warehouse wh_1"}
SEED_ONLY = {"client_id": "st-1", "redirect_uri": REDIRECT}


@asynccontextmanager
async def hq_and_station(
    folder: Path, settings: Mapping[str, Any] = FULL, **of: Any
) -> AsyncIterator[tuple[Hq, Exsited, Station]]:
    """HQ with three products, the office's client of its API, and a station with an empty store."""
    async with running_hq(folder / "hq.db", dialect="exsited") as hq, Exsited.of(hq) as office:
        await hq.with_products()
        accepts = ACCEPTS if settings.get("mode") == "full" else frozenset()
        given = {"dialect": "exsited", "more_settings": settings, "secret": SECRETS["station"], "accepts": accepts}
        async with station(folder / "st", hq.url, **{**given, **of}) as here:
            here.time.now_ms = round(hq.clock.now.timestamp() * 1000)
            yield hq, office, here


async def pulled(here: Station) -> None:
    """One pull that goes through to its end; documents with faults do not stop it."""
    ended, forget = asyncio.Event(), here.forget

    def forgotten(problem: str) -> None:
        forget(problem)
        if problem == "hq.main.pull":
            ended.set()

    here.forget = forgotten  # type: ignore[method-assign]
    async with here.syncing(pull=True), asyncio.timeout(PATIENCE_S):
        await ended.wait()
    here.forget = forget  # type: ignore[method-assign]


async def order_of_cases(hq: Hq, quantity: int) -> None:
    """Order O-1 of a product whose line HQ writes in cases of twelve."""
    await hq.import_lines("products", [CASES])
    await hq.import_lines("stock", [{"location_id": "A-11-1", "sku": "SKU-9", "quantity": 99, "reference": "o"}])
    line = {"order_line_id": "1", "sku": "SKU-9", "quantity": quantity, "attributes": {"uom": "CASE-12"}}
    made = await hq.post("/fulfillments", {"order_id": "O-1", "warehouse_id": "wh_1", "lines": [line]})
    assert made.status == 201, made.text


def client(here: Station, **more: Any) -> ExsitedClient:
    """What a person at this station asks HQ with."""
    given = {"dialect": "exsited", "url": here.url, "secret": "hq", **FULL, **more}
    made = ExsitedHq.model_validate(given)
    return ExsitedClient(made, SECRETS["station"], AtStation("st-1", "wh_1", here.time))
