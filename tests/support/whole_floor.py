"""A station with a workplace of every kind, a morning's work for all of them, and words that mean something there."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from local_store import files
from local_store.domain import commands as c
from local_store.domain import deciding
from local_store.domain import events as e
from local_store.domain.codes import sscc_of
from local_store.domain.site import PackRule, PickingRules, Worker
from tests.support.dock import announced, expected, location, on_pallet, pallet
from tests.support.floor import SITE, Bench, line, new_id, product

ROLES = frozenset({"picker", "packer", "receiver", "supervisor", "qc_agent", "admin"})
WORKERS = {
    name: Worker(name, name.title(), f"BADGE-{name.upper()}", roles)
    for name, roles in (("ana", ROLES), ("ben", ROLES), ("cat", frozenset({"picker"})))
}
KINDS_OF_WORK = tuple(work for work in deciding.ROLE_FOR if work in {"pick", "pack"} | deciding.DESKS.keys())
PLACES = {f"{work}-{place}": work for work in KINDS_OF_WORK for place in (1, 2)}
MACHINE = replace(
    SITE,
    workplaces=PLACES,
    workers=WORKERS,
    packing=PackRule(slots=2, ship_at_seal=False),
    picking=PickingRules(put_check=True, over_percent=Decimal(50)),
)

SKUS = ("SKU-1", "SKU-2", "SAW", "TEA", "BAG", "KIT", "BOX")
SHELVES = ("A-1", "B-2", "C-3")
PALLET, CRATE = sscc_of("0614141", 3, 8001), sscc_of("0614141", 3, 8002)
PHOTO = b"a photo"
PHOTO_SHA = hashlib.sha256(PHOTO).hexdigest()

WORDS: Mapping[str, Sequence[str]] = {
    "sku": SKUS,
    "location_id": SHELVES,
    "from_location_id": SHELVES,
    "to_location_id": SHELVES,
    "worker_id": tuple(WORKERS),
    "to_worker_id": tuple(WORKERS),
    "assignee_id": tuple(WORKERS),
    "session_of": tuple(WORKERS),
    "person": tuple(WORKERS),
    "approved_by": tuple(WORKERS),
    "badge": tuple(worker.badge for worker in WORKERS.values()),
    "code": (
        *SKUS, *SHELVES, "CASE-2", "CUP", PALLET, CRATE, "ASN-1", "PO-1", "BLIND", "RMA-1", "WO-1", "WO-2", "PL-7",
        "PL-8", "O-1", "O-2", "O-8", "TOTE-1", "TOTE-2", "S1", "S2", "S5", "L1", "reshelve", "scrap", "quarantine",
        "NEXT-PARCEL", "CONFIRM", "PARCEL-1", *(worker.badge for worker in WORKERS.values()),
    ),
    "id": ("PL-7", "PL-8", "O-1", "O-8", "ASN-1", "BLIND", "RMA-1", "WO-1", "WO-2"),
    "order_id": ("O-8", "O-1"),
    "serials": ("S1", "S2", "S3", "S4", "S5", "S6"),
    "serial": ("S1", "S2", "S3", "S4", "S5", "S6"),
    "lot": ("L1", "L2"),
    "lot_id": ("L1", "L2"),
    "value": ("L1", "L2", "S1", "S2", "S5", "2031-01-31", "good", "damaged", PHOTO_SHA),
    "expires_on": ("2031-01-31",),
    "name": ("lot", "serial", "expiry"),
    "zone": ("A", "B"),
    "carrier": ("DHL", "UPS"),
    "dock": ("load-1", "load-2"),
    "dispatch_date": ("2027-03-31",),
    "due_at": ("2027-03-31T10:00Z",),
    "expected_arrival": ("2027-03-31T10:00:00Z",),
    "sha256": (PHOTO_SHA,),
    "photo": (PHOTO_SHA,),
    "photos": (PHOTO_SHA,),
    "carton_id": ("SMALL", "LARGE"),
    "template": ("item", "location"),
    "asn_reference": ("ASN-OUT-1", "ASN-OUT-2"),
    "vendor": ("Saws & Co",),
}  # fmt: skip
"""What means something in a member of a name; ids of what came up on the way are read from the store."""


def badge_at(place: str) -> str:
    """The badge of who works at a place: Ana at the first of each kind, Ben at the second."""
    return WORKERS["ana" if place.endswith("1") else "ben"].badge


def make_morning(folder: Path) -> None:
    """A closed store in `folder`: work and goods for every kind of workplace, and everybody signed in."""
    bench = Bench(folder, MACHINE)
    _goods(bench)
    _orders(bench)
    _announcements(bench)
    bench.runner.run(bench.store.run(lambda tx: files.add(tx, PHOTO, "image/png", "fulfillment:F-O-1")))
    supervisor = {"worker_id": "ana", "location_id": "A-1", "reason": "opening"}
    bench.do(c.AdjustStock(command_id=new_id(), sku="SKU-1", qty=Decimal(20), **supervisor))
    bench.do(c.AdjustStock(command_id=new_id(), sku="SKU-2", qty=Decimal(9), **{**supervisor, "location_id": "C-3"}))
    bench.do(c.RequestCount(command_id=new_id(), **supervisor))
    for place in PLACES:
        bench.at(place).scan(badge_at(place))
    bench.close()


def _goods(bench: Bench) -> None:
    """Plain goods, one with serial numbers, one with lots and expiry, one that is weighed, a kit and a kit in it."""
    bench.given_products(
        product("SKU-1", location_id="A-1"),
        product("SKU-2", "CASE-2*3", location_id="B-2"),
        product("SAW", serial_required=True),
        product("TEA", "CUP", lot_required=True, expiry_required=True, min_shelf_days=30),
        product("BAG", catch_weight=True),
        product("KIT", serial_required=True),
        product("BOX"),
    )
    cartons = tuple(
        e.Carton(carton_id=name, name=name, length_mm=size, width_mm=size, height_mm=size, tare_mg=50_000)
        for name, size in (("SMALL", 200), ("LARGE", 600))
    )
    bench.do(c.ReceiveCartons(command_id=new_id(), told=e.CartonsTold(lane="main", cartons=cartons)))


def _orders(bench: Bench) -> None:
    bench.given_picklist("PL-7", line("SKU-1", 2, order="O-1"), line("SKU-2", 4, at="B-2", order="O-2"))
    bench.given_picklist("PL-8", line("SKU-2", 3, order="O-3"), line("SKU-1", 1, order="O-3"))
    bench.given_picklist("PL-9", line("SKU-1", 3, order="O-4"), line("SAW", 2, at="B-2", order="O-5"))
    bench.given_picklist("PL-10", line("SKU-1", 2, order="O-6"), line("TEA", 1, at="C-3", order="O-6"))
    notes = {"signatureRequired": True, "packingInstructions": "With care"}
    bench.given_order("O-8", line("SKU-1", 2), line("SKU-2", 1), metadata=notes)
    for order in ("O-10", "O-11", "O-12"):
        bench.given_order(order, line("SKU-1", 2), metadata=notes if order == "O-11" else None)
    bench.given_order("O-9", line("SKU-2", 2), line("SAW", 1))


def _announcements(bench: Bench) -> None:
    """A delivery with a pallet, a purchase order, a return, kits that are made of kits, shelves and their limits."""
    asn = announced(
        "ASN-1",
        *(expected("SKU-1", 6), expected("TEA", 4), expected("SAW", 3)),
        pallets=(
            pallet(
                PALLET,
                on_pallet("SKU-1", 4),
                on_pallet("TEA", 2, lot_id="L1", expires_on="2031-01-31"),
                on_pallet("SAW", 1, serials=("S5",)),
            ),
        ),
    )
    order = announced("PO-1", expected("SKU-2", 5), expected("BAG", 2), against="purchase_order")
    back = e.ReturnAnnounced(
        lane="main",
        return_id="R-1",
        number="RMA-1",
        order_id="O-77",
        lines=(expected("SKU-1", 2, "R-L1"), expected("SAW", 1, "R-L2")),
    )
    kits = tuple(
        e.WorkOrderAnnounced(
            lane="main",
            work_order_id=f"id-{number}",
            number=number,
            sku=sku,
            qty=Decimal(2),
            parts=tuple(e.KitPart(sku=part, qty=Decimal(1)) for part in parts),
        )
        for number, sku, parts in (("WO-2", "BOX", ("SKU-1", "SKU-2")), ("WO-1", "KIT", ("BOX", "SAW")))
    )
    shelves = (location("A-1", 1), location("B-2", 2, 60, zone="B"), location("C-3", 3, 40, mixed=False))
    known = e.StockTold(lane="main", warehouse_id="WH-1", sku="SKU-1", location_id="A-1", qty=Decimal(20))
    of = {"inbound": (asn, order), "returns": (back,), "work_orders": kits, "locations": shelves, "stock": (known,)}
    bench.do(c.ReceiveInbound(command_id=new_id(), **of))
