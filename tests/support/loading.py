"""Two docks, sealed parcels for carriers, and who loads them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.site import Worker
from tests.support.floor import ANA, BEN, EVE, SITE, Bench, new_id, product

LOU = Worker("lou", "Lou", "BADGE-LOU", frozenset({"packer"}))
DOCKS = replace(
    SITE,
    workplaces={**SITE.workplaces, "dock-1": "load", "dock-2": "load"},
    workers={worker.worker_id: worker for worker in (ANA, BEN, EVE, LOU)},
    timezone="Pacific/Auckland",
)
PARTY = c.Party(party_id="party-1", name="Zoë", address={})


def an_order(bench: Bench, order: str, carrier: str | None = "DHL", qty: int = 2) -> None:
    """HQ gave an order of TEA that is picked, for a carrier."""
    wanted = e.WorkLine(order_line_id=f"{order}-1", sku="TEA", qty=Decimal(qty), picked=Decimal(qty))
    fact = e.FulfillmentReceived(
        lane="main",
        fulfillment_id=f"F-{order}",
        order_id=order,
        warehouse_id="WH-1",
        party_id="party-1",
        lines=(wanted,),
        carrier_hint=carrier,
        picked=True,
    )
    bench.do(c.ReceiveWork(command_id=new_id(), fulfillments=(fact,), parties=(PARTY,)))


def sealed(bench: Bench, order: str, carrier: str | None = "DHL") -> str:
    """An order that is packed and sealed; its SSCC."""
    an_order(bench, order, carrier)
    at = bench.workplace
    bench.at("pack-1")
    bench.packed(order, 200)
    bench.at(at)
    ((sscc,),) = bench.query("SELECT sscc FROM package WHERE fulfillment_id = ?", f"F-{order}")
    found: str = sscc
    return found


def package_of(bench: Bench, order: str) -> str:
    ((package,),) = bench.query("SELECT package_id FROM package WHERE fulfillment_id = ?", f"F-{order}")
    found: str = package
    return found


def act(bench: Bench, command: type[c.WorkerCommand], worker: Worker = EVE, **of: Any) -> str:
    """What the station answers to a person with a key."""
    bench.do(command(**{"command_id": new_id(), "worker_id": worker.worker_id, **of}))
    return bench.screen.text


def manifest_id(bench: Bench) -> str:
    return bench.facts(e.ManifestOpened)[-1].manifest_id


def a_dock(folder: Path) -> Bench:
    """Lou stands at dock 1; Ana packs."""
    bench = Bench(folder, DOCKS, at="pack-1")
    bench.given_products(product("TEA", name="Tea"))
    bench.signed_in(ANA)
    bench.at("dock-1").signed_in(LOU)
    return bench
