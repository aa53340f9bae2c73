"""Stock as shop and warehouse see it: what may be sold, what carts hold, and the absolute quantity of a centre.

A centre's quantity is a record of its own, the last one holds. Where its status is Active the ledger is brought to it
by an adjustment, so that what is available there is what was told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from hq import central
from hq.calls import Act, pack_json
from hq.facades.esw.words import DIALECT, MOUNT, body_of, invalid, told
from hq.facades.facade import acting
from hq.keys import FLOOR
from hq.ofs.models import StockLine
from hq.ofs.stock import take_in
from web.problems import Refused
from web.routes import RouteTable

ACTIVE = "Active"
TENANT = f"{MOUNT}/v1/{{tenantCode}}/Inventory"

routes = RouteTable()


@routes.post(f"{MOUNT}/v1/Inventory/Sync", *FLOOR)
async def sync(request: web.Request) -> web.StreamResponse:
    """Set quantities at a centre; all of a call or none of it."""
    body = await body_of(request)
    with acting(request) as act:
        centre = body["fulfillmentCentreId"]
        if act.db.execute("SELECT 1 FROM location WHERE warehouse_id = ?", (centre,)).fetchone() is None:
            raise invalid("FulfillmentCentreId", f"There is no fulfilment centre {centre}.")
        for place, item in enumerate(body["items"]):
            if act.db.execute("SELECT 1 FROM product WHERE sku = ?", (item["sku"],)).fetchone() is None:
                raise invalid(f"Items[{place}].Sku", f"There is no product {item['sku']}.")
            told_now = {"articleStatus": ACTIVE, **item}
            head = {name: body[name] for name in ("tenantCode", "fulfillmentCentreId", "provider")}
            key = pack_json([body["tenantCode"], centre, item["sku"]])
            central.keep_record(act, DIALECT, "inventory", key, {**head, **told_now})
            if told_now["articleStatus"] == ACTIVE:
                _adjust(act, centre, item["sku"], item["quantity"])
    return told({}, "1.3")


@routes.post(f"{TENANT}/Availability", *FLOOR)
async def availability(request: web.Request) -> web.StreamResponse:
    """What the shop may sell of each product: free stock less what carts hold."""
    body = await body_of(request)
    with acting(request) as act:
        items = [{"sku": item["sku"], "availableToPurchase": _for_sale(act, item["sku"])} for item in body["items"]]
    return told({"items": items}, "1.2")


@routes.post(f"{TENANT}/SoftReservation", *FLOOR)
async def reserve(request: web.Request) -> web.StreamResponse:
    """Hold quantities for a cart, in place of what it held."""
    body = await body_of(request, cartReference="cartReference")
    cart, wanted = body["cartReference"], _sums(body["items"])
    with acting(request) as act:
        _hold(act, request.match_info["tenantCode"], cart, {})
        for sku, quantity in wanted.items():
            free = _for_sale(act, sku)
            if quantity > free:
                raise Refused(409, "not_available", f"{free} of {sku} are available (got {quantity}).")
        _hold(act, request.match_info["tenantCode"], cart, wanted)
    return told({"outcome": "Reserved", "cartReference": cart}, "1.2")


@routes.post(f"{TENANT}/SoftRelease", *FLOOR)
async def release(request: web.Request) -> web.StreamResponse:
    """Release what a cart holds, if it holds anything."""
    body = await body_of(request, cartReference="cartReference")
    with acting(request) as act:
        _hold(act, request.match_info["tenantCode"], body["cartReference"], {})
    return told({"outcome": "Released", "cartReference": body["cartReference"]}, "1.2")


def _adjust(act: Act, centre: str, sku: str, quantity: int) -> None:
    """Bring what is free of a product at a centre to `quantity`: more at its first location, less where it lies."""
    spots = act.db.execute(
        "SELECT location_id, on_hand - reserved AS free FROM stock JOIN location USING (location_id)"
        " WHERE sku = ? AND warehouse_id = ? ORDER BY stock.seq",
        (sku, centre),
    ).fetchall()
    change = quantity - sum(spot["free"] for spot in spots)
    if change > 0:
        _book(act, spots[0]["location_id"] if spots else _usual_place(act, centre, sku), sku, change)
    for spot in spots:
        if change < 0 and spot["free"]:
            taken = min(-change, spot["free"])
            _book(act, spot["location_id"], sku, -taken)
            change += taken


def _book(act: Act, location_id: str, sku: str, quantity: int) -> None:
    take_in(act, StockLine(location_id=location_id, sku=sku, quantity=quantity, reference=act.new_id("sync")))


def _usual_place(act: Act, centre: str, sku: str) -> str:
    """The product's own location where that is in the centre, else the centre's first."""
    row = act.db.execute(
        "SELECT location_id FROM location WHERE warehouse_id = ? ORDER BY location_id <>"
        " (SELECT location_id FROM product WHERE sku = ?), location_id LIMIT 1",
        (centre, sku),
    ).fetchone()
    return str(row["location_id"])


def _for_sale(act: Act, sku: str) -> int:
    row = act.db.execute("SELECT coalesce(sum(on_hand - reserved), 0) AS free FROM stock WHERE sku = ?", (sku,))
    held: int = sum(record.body["items"].get(sku, 0) for record in central.records(act, DIALECT, "reservation"))
    free: int = row.fetchone()["free"]
    return max(0, free - held)


def _hold(act: Act, tenant: str, cart: str, items: Mapping[str, int]) -> None:
    body = {"tenantCode": tenant, "cartReference": cart, "items": dict(items)}
    central.keep_record(act, DIALECT, "reservation", pack_json([tenant, cart]), body)


def _sums(items: list[dict[str, Any]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for item in items:
        found[item["sku"]] = found.get(item["sku"], 0) + item["quantity"]
    return found
