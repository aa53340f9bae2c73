"""A dock to test on: two receiving desks, a put-away handheld, and announcements as HQ makes them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.codes import sscc_of
from local_store.domain.site import Worker
from local_store.transaction import Receipt
from local_store.works import stock
from tests.support.floor import ANA, BEN, EVE, SITE, Bench, new_id, product

RAY = Worker("ray", "Ray", "BADGE-RAY", frozenset({"receiver"}))
RIA = Worker("ria", "Ria", "BADGE-RIA", frozenset({"receiver"}))
DOCK_SITE = replace(
    SITE,
    workplaces={"in-1": "receive", "in-2": "receive", "put-1": "put_away", "put-2": "put_away"},
    workers={worker.worker_id: worker for worker in (ANA, BEN, EVE, RAY, RIA)},
)
TEA, JAM = "4006381333931", "5901234123457"
PALLET, CARTON = sscc_of("0614141", 3, 1), sscc_of("0614141", 3, 2)


def expected(sku: str, qty: int | str, line_id: str | None = None) -> e.AnnouncedLine:
    """A line of an announcement; its id is the SKU unless given."""
    return e.AnnouncedLine(line_id=line_id or f"L-{sku}", sku=sku, expected=Decimal(qty))


def announced(inbound_id: str, *lines: e.AnnouncedLine, **of: Any) -> e.InboundAnnounced:
    """An ASN whose number is its id."""
    said: dict[str, Any] = {"lane": "main", "against": "asn", "number": inbound_id, "lines": lines, **of}
    return e.InboundAnnounced.model_validate({"inbound_id": inbound_id, **said})


def pallet(sscc: str, *content: e.PalletLine) -> e.AnnouncedPallet:
    """A pallet with what is on it."""
    return e.AnnouncedPallet(sscc=sscc, content=content)


def on_pallet(sku: str, qty: int, **of: Any) -> e.PalletLine:
    """Units on a pallet."""
    return e.PalletLine(line_id=f"L-{sku}", sku=sku, qty=Decimal(qty), **of)


def location(location_id: str, walk_order: int, capacity: int | None = None, **of: Any) -> e.LocationTold:
    """A location as HQ describes it."""
    room = None if capacity is None else Decimal(capacity)
    return e.LocationTold(
        lane="main", location_id=location_id, warehouse_id="WH-1", walk_order=walk_order, capacity=room, **of
    )


class Dock(Bench):
    """A bench with a dock."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        super().__init__(folder, replace(DOCK_SITE, **changes), "in-1")
        self.given_products(product("TEA", TEA, f"1{TEA[:-1]}8*6"), product("JAM", JAM, location_id="A-1"))

    def given(self, *facts: e.InboundAnnounced | e.LocationTold) -> None:
        """HQ announced goods and described locations."""
        inbound = tuple(each for each in facts if isinstance(each, e.InboundAnnounced))
        locations = tuple(each for each in facts if isinstance(each, e.LocationTold))
        self.do(c.ReceiveInbound(command_id=new_id(), inbound=inbound, locations=locations))

    def says(self, name: str, value: str) -> Receipt:
        """Say something of the item in hand or just counted."""
        return self.floor(c.SetValue, name=name, value=value)

    def by(self, command: type[c.WorkerCommand], *, second: str | None = None, **of: Any) -> Receipt:
        """An act of Ray's, with a second person where there is one."""
        return self.do(command(**{"command_id": new_id(), "worker_id": "ray", "approved_by": second, **of}))

    def received(self, inbound_id: str, *scans: str, worker: Worker = RAY) -> Receipt:
        """Somebody opens an announcement, scans its goods and completes it."""
        if self.place.worker_id != worker.worker_id:
            self.signed_in(worker)
        self.scan(inbound_id, *scans)
        return self.complete()

    def stock(self, sku: str) -> dict[str, Any]:
        """Where a product is, all accounts that are not empty."""
        found: dict[str, Decimal] = {}
        for each in stock.balances(self.store.reader, sku=sku):
            found[each.account] = found.get(each.account, Decimal(0)) + each.qty
        return found
