"""What happened to orders: confirmations, parcels, events. Each has a natural key, counted once (section 1.7)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from hq import central
from hq.calls import Act, not_found, pack_json
from hq.facades.esw.words import DIALECT, MOUNT, body_of, duplicate, invalid, told
from hq.facades.facade import acting
from hq.keys import FLOOR
from hq.ofs import timeline
from hq.ofs.models import Dimensions, Package, PackedItem, Sscc
from web.problems import Refused
from web.routes import RouteTable

ORDER, REQUEST = "eswOrderReference", "threePlRequest"
GRAMS = {"KG": Decimal(1000), "LB": Decimal("453.59237")}
CENTIMETRES = {"CM": Decimal(1), "INCH": Decimal("2.54")}
REQUEST_PREFIX = "3PL-"

routes = RouteTable()
_sscc: TypeAdapter[str] = TypeAdapter(Sscc)


@routes.post(f"{MOUNT}/v1/PickPack/Confirm", *FLOOR)
async def confirm(request: web.Request) -> web.StreamResponse:
    """What was picked of an order; its natural key is the order with its 3PL request."""
    body = await body_of(request, **{ORDER: ORDER, REQUEST: REQUEST})
    about = {ORDER: body[ORDER], REQUEST: body[REQUEST]}
    with acting(request) as act:
        order = _order(act, body)
        if not _keep_once(act, "confirm", [body[ORDER], body[REQUEST]], _without(body, "confirmedAt")):
            return duplicate(about, f"{body[ORDER]} was confirmed before, just so.")
        picked = _confirmed(order, body["items"])
        reasons = sorted({item["reason"] for item in body["items"] if "reason" in item})
        central.confirm_picked(act, order["id"], picked, ", ".join(reasons) or "not found")
    return told({"outcome": "PickPackConfirmed", **about})


@routes.post(f"{MOUNT}/v1/PickPack/Retry", *FLOOR)
async def retry(request: web.Request) -> web.StreamResponse:
    """Have the 3PL process an order again. Nothing more happens here; that it was asked is kept."""
    body = await body_of(request, **{ORDER: ORDER, REQUEST: REQUEST})
    reference = body.get(ORDER) or body[REQUEST].removeprefix(REQUEST_PREFIX)
    about = {ORDER: reference, REQUEST: REQUEST_PREFIX + reference}
    with acting(request) as act:
        order = central.fulfillment_of_order(act, reference)
        if order is None or body.get(REQUEST, about[REQUEST]) != about[REQUEST]:
            raise not_found("order or 3PL request", body.get(REQUEST) or reference)
        central.keep_record(act, DIALECT, "retry", reference, about)
        timeline.add(act, "retry_asked", fulfillment_id=order["id"])
    return told({"outcome": "RetryAccepted", **about})


@routes.post(f"{MOUNT}/v1/PickPack/AdvancedShippingNotice", *FLOOR)
async def shipping_notice(request: web.Request) -> web.StreamResponse:
    """Parcels that left; the natural key of each is the order with its packageReference."""
    body = await body_of(request, **{ORDER: ORDER})
    with acting(request) as act:
        order = _order(act, body)
        for place, parcel in enumerate(body["packages"]):
            kept = {ORDER: body[ORDER], "provider": body["provider"], **parcel}
            if _keep_once(act, "asn", [body[ORDER], parcel["packageReference"]], kept):
                _ship(act, order, parcel, f"Packages[{place}]")
    parcels = [{"packageReference": parcel["packageReference"]} for parcel in body["packages"]]
    return told({"outcome": "PackageCreated", ORDER: body[ORDER], "packages": parcels}, "1.5")


@routes.post(f"{MOUNT}/v1/Events/OrderEvent", *FLOOR)
async def order_event(request: web.Request) -> web.StreamResponse:
    """An event of an order; its natural key is the eventId that the sender gave it."""
    body = await body_of(request, **{ORDER: ORDER, "eventId": "eventId"})
    with acting(request) as act:
        order = central.fulfillment_of_order(act, body[ORDER])
        if order is None:
            raise not_found("order", body[ORDER])
        kept = {name: body[name] for name in (ORDER, "eventType", "payload")}
        if _keep_once(act, "event", body["eventId"].lower(), kept):
            timeline.add(act, "order_event", fulfillment_id=order["id"], event_type=body["eventType"])
    return told({"outcome": "EventAccepted", ORDER: body[ORDER], "eventId": body["eventId"]})


def _order(act: Act, body: Mapping[str, Any]) -> dict[str, Any]:
    """The order of a body, if 3PL request and centre are its own. Raises Refused 404 or 400."""
    order = central.fulfillment_of_order(act, body[ORDER])
    if order is None or body.get(REQUEST, REQUEST_PREFIX + body[ORDER]) != REQUEST_PREFIX + body[ORDER]:
        raise not_found("order with this 3PL request" if REQUEST in body else "order", body[ORDER])
    if body["fulfillmentCentreId"] != order["warehouse_id"]:
        sentence = f"{body[ORDER]} is fulfilled at {order['warehouse_id']}, not at {body['fulfillmentCentreId']}."
        raise invalid("FulfillmentCentreId", sentence)
    return order


def _keep_once(act: Act, kind: str, key: Any, body: Mapping[str, Any]) -> bool:
    """Whether this is new. Raises Refused when something else was told under the key.

    A record's version counts the requests, the number of records the effects.
    """
    record_id = key if isinstance(key, str) else pack_json(key)
    kept = json.loads(json.dumps(body, default=str))
    earlier = central.record(act, DIALECT, kind, record_id)
    if earlier is not None and earlier.body != kept:
        raise Refused(409, "told_otherwise", f"{record_id} was told before with other contents; it is not changed.")
    central.keep_record(act, DIALECT, kind, record_id, kept)
    return earlier is None


def _without(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {member: value for member, value in body.items() if member != name}


def _line(order: Mapping[str, Any], item: Mapping[str, Any], place: str) -> dict[str, Any]:
    """The order line of an item. Raises Refused 400 for another product or a line that is not there."""
    lines, number = order["lines"], item["lineItemId"]
    if number > len(lines):
        raise invalid(f"{place}.LineItemId", f"{order['order_id']} has {len(lines)} lines (got {number}).")
    line: dict[str, Any] = lines[number - 1]
    if line["sku"] != item["sku"]:
        raise invalid(f"{place}.Sku", f"Line {number} of {order['order_id']} is {line['sku']}, not {item['sku']}.")
    return line


def _confirmed(order: Mapping[str, Any], items: list[dict[str, Any]]) -> dict[str, int]:
    """Units confirmed by our line ids. Raises Refused unless every line of the order is decided once, and rightly."""
    picked: dict[str, int] = {}
    for place, item in enumerate(items):
        line = _line(order, item, f"Items[{place}]")
        wanted, got = item["quantityRequested"], item["quantityConfirmed"]
        if wanted != line["qty"]:
            raise invalid(f"Items[{place}].QuantityRequested", f"{line['qty']} were ordered (got {wanted}).")
        if (got == wanted) != (item["status"] == "Success"):
            raise invalid(f"Items[{place}].Status", f"{got} of {wanted} is not {item['status']}.")
        picked[line["order_line_id"]] = got
    if len(picked) != len(items) or len(picked) != len(order["lines"]):
        sentence = f"{order['order_id']} has {len(order['lines'])} lines; name each once (got {len(items)} items)."
        raise invalid("Items", sentence)
    return picked


def _ship(act: Act, order: Mapping[str, Any], parcel: Mapping[str, Any], place: str) -> None:
    """Pack, seal and ship one parcel: it has left the house."""
    reference, tracking = parcel["packageReference"], parcel.get("trackingNumber")
    weight = parcel["weight"]
    grams = round(Decimal(weight["weight"]) * GRAMS[weight["weightUnit"]])
    if grams < 1:
        raise invalid(f"{place}.Weight.Weight", f"A parcel weighs a gram or more (got {weight['weight']}).")
    items = [
        PackedItem(
            line_id=_line(order, item, f"{place}.Items[{number}]")["order_line_id"],
            qty=item["quantity"],
            serials=tuple([item["serialNumber"]] if "serialNumber" in item else []),
        )
        for number, item in enumerate(parcel["items"])
    ]
    package = Package(
        package_id=reference,
        weight=grams,
        dims=_size(parcel.get("dimensions")),
        items=tuple(items),
        sscc=reference if _is_sscc(reference) else None,
    )
    if tracking and act.db.execute("SELECT 1 FROM shipment WHERE tracking_number = ?", (tracking,)).fetchone():
        raise Refused(409, "tracking_taken", f"Another parcel has the tracking number {tracking}.")
    central.pack(act, act.actor, order["id"], package)
    central.ship(act, order["id"], [reference], parcel.get("carrierScac"), tracking)


def _size(given: Mapping[str, Any] | None) -> Dimensions | None:
    """Dimensions in centimetres, to a millimetre."""
    if given is None:
        return None
    unit = CENTIMETRES[given["dimMeasurementUnit"]]
    names = ("dimLength", "dimWidth", "dimHeight")
    length, width, height = (
        max(Decimal("0.1"), (Decimal(given[name]) * unit).quantize(Decimal("0.1"), ROUND_HALF_EVEN)) for name in names
    )
    return Dimensions(l=length, w=width, h=height)


def _is_sscc(text: str) -> bool:
    try:
        _sscc.validate_python(text)
    except ValidationError:
        return False
    return True
