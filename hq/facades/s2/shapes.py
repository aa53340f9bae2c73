"""The objects S2 shows, made from the truth and what only S2 keeps (hq_contracts 5.4). Kilograms, millimetres."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from hq import central
from hq.calls import Act, moment, unpack_json
from hq.facades.s2.ids import ORGANIZATION, id_of, stamp

NAME = "s2"
BEGUN = "2024-03-05T22:17:23.520Z"
"""When everything began whose beginning the truth does not know."""
GRAMS = 1000
ORDER_TYPES = ("B2C", "B2B", "FBA")
COUNTRIES = {
    "Argentina": "AR", "Austria": "AT", "Belgium": "BE", "Brazil": "BR", "Canada": "CA", "Denmark": "DK",
    "Finland": "FI", "France": "FR", "Germany": "DE", "Ireland": "IE", "Italy": "IT", "Mexico": "MX", "Norway": "NO",
    "Poland": "PL", "Portugal": "PT", "Spain": "ES", "Sweden": "SE", "Switzerland": "CH", "UK": "GB",
    "United Kingdom": "GB", "USA": "US", "United States": "US", "Venezuela": "VE",
}  # fmt: skip
"""S2 names countries by two letters; the office may write them out."""


def organization() -> dict[str, Any]:
    """The one organisation there is."""
    return {"id": ORGANIZATION, "name": "House", "createdAt": stamp(BEGUN, "o"), "updatedAt": stamp(BEGUN, "u")}


def address(ship_to: Mapping[str, Any] | None) -> dict[str, str]:
    """An address of the truth with S2's members: all of them, empty where nothing is known."""
    given = {name: value or "" for name, value in (ship_to or {}).items()}
    country = given.get("country", "")
    return {
        "name": given.get("name", ""),
        "company": "",
        "address1": given.get("address1", ""),
        "address2": given.get("address2", ""),
        "city": given.get("city", ""),
        "state": given.get("region", ""),
        "postalCode": given.get("postal_code", ""),
        "countryId": COUNTRIES.get(country, country.upper() if len(country) == 2 else ""),  # noqa: PLR2004 -- ISO
        "phone": given.get("phone", ""),
        "email": "",
    }


def warehouse(name: str) -> dict[str, Any]:
    """A warehouse of the truth."""
    return {
        "id": id_of("warehouse", name),
        "organization": organization(),
        "name": name,
        "address": address(None),
        "dropshipper": False,
        "fulfillmentCenter": True,
        "rmaCenter": False,
        "unitSystem": "METRIC",
        "createdAt": stamp(BEGUN, name),
        "updatedAt": stamp(BEGUN, name),
    }


def account(warehouse_name: str) -> dict[str, Any]:
    """The account whose orders a warehouse ships."""
    return {
        "id": id_of("account", warehouse_name),
        "organization": organization(),
        "name": f"Shop of {warehouse_name}",
        "type": "MARKETPLACE_GENERIC",
        "autoAssignOrdersToWarehouse": False,
    }


def _package_size(size: dict[str, Any] | None) -> dict[str, float]:
    """The size of one unit in millimetres; 0 where the truth has none."""
    lengths = {"packageLengthMm": "l", "packageWidthMm": "w", "packageHeightMm": "h"}
    return {name: size[of] * 10.0 if size else 0.0 for name, of in lengths.items()}


def product(act: Act, sku: str) -> dict[str, Any]:
    """A product of the truth; what S2 alone knows of it was given when it was made."""
    row = act.db.execute("SELECT change_seq, body FROM product WHERE sku = ?", (sku,)).fetchone()
    known = unpack_json(row["body"])
    kept = central.record(act, NAME, "product", sku)
    extra = kept.body if kept else {}
    cases = [each for each in known["barcodes"] if each["multiplier"] > 1]
    pack = cases[0]["multiplier"] if cases else extra.get("casePack", 1)
    return {
        "id": id_of("product", sku),
        "organization": organization(),
        "sku": sku,
        "brand": {"id": id_of("brand", ""), "name": "", "nameNormalized": "", "createdAt": stamp(BEGUN, "brand")},
        "gtin": known["gtin"] or "",
        "name": known["name"],
        "remarks": known["pack_text"] or "",
        "imageMain": "",
        **_package_size(known.get("dimensions")),
        "shippingWeightKg": (known["nominal_weight_g"] or 0) / GRAMS,
        "caseUnit": extra.get("caseUnit", "CARTON" if cases else "EACH"),
        "casePack": pack,
        **dict.fromkeys(("caseLengthMm", "caseWidthMm", "caseHeightMm", "caseWeightKg"), 0.0),
        "condition": "NEW",
        "serialNumberRequired": extra.get("serialNumberRequired", False),
        "expiryDateRequired": extra.get("expiryDateRequired", False),
        "unknown": False,
        "createdAt": stamp(BEGUN, sku),
        "updatedAt": stamp(_later(row["change_seq"]), sku),
        "otherIds": [
            {"type": "CASE" if each["multiplier"] == pack and pack > 1 else "BARCODE", "value": each["barcode"]}
            for each in known["barcodes"]
            if each["multiplier"] in {1, pack}
        ],
    }


def _later(seconds: int) -> str:
    """A time for what changed as the n-th: the truth keeps an order of changes and no times for products."""
    return moment(datetime.fromisoformat(BEGUN) + timedelta(seconds=seconds))


def order_row(act: Act, row: sqlite3.Row, made: Sequence[central.Record]) -> dict[str, Any]:
    """An order as lists show it, `made` for it so far; its `updatedAt` moves with all that happens to it."""
    number = row["order_id"]
    times = act.db.execute(
        "SELECT max(updated_at) FROM shipment WHERE fulfillment_id = ?", (row["fulfillment_id"],)
    ).fetchone()
    changed = max(row["updated_at"], times[0] or "", *(each.updated_at for each in made), "")
    open_here = row["status"] not in {"shipped", "closed", "cancelled"}
    return {
        "id": id_of("order", number),
        "organization": organization(),
        "account": account(row["warehouse_id"]),
        "accountSubChannel": None,
        "channelOrderId": number,
        "channelOrderIdAlt": None,
        "channelOrderIdAlt2": None,
        "channelShippingMethod": row["service_code"] or "",
        "shippingAddress": address(unpack_json(row["ship_to"])),
        "shippingOverrideAddress": None,
        "billingAddress": None,
        "channelOrderDate": row["ordered_at"] or stamp(row["created_at"], number),
        "status": "UNFULFILLED" if open_here else "CANCELLED" if row["status"] == "cancelled" else "FULFILLED",
        "assignStatus": "ASSIGNED" if made or assignment(row) is not None else "UNASSIGNED",
        "archived": False,
        "currencyId": "USD",
        "createdAt": stamp(row["created_at"], number),
        "updatedAt": stamp(changed, number),
    }


def order(act: Act, row: sqlite3.Row) -> dict[str, Any]:
    """An order with its lines and fulfillments; the one S2 made itself stands first."""
    lines = act.db.execute(
        "SELECT order_line_id, sku, qty FROM fulfillment_line WHERE fulfillment_id = ? ORDER BY position",
        (row["fulfillment_id"],),
    ).fetchall()
    assigned = [fulfillment(act, assigned_record(act, row))] if assignment(row) is not None else []
    made = made_by_order(act).get(row["order_id"], [])
    return {
        **order_row(act, row, made),
        "lines": [
            {
                "id": id_of("line", f"{row['order_id']}/{line['order_line_id']}"),
                "product": product(act, line["sku"]),
                "quantity": line["qty"],
            }
            for line in lines
        ],
        "fulfillments": [*assigned, *(fulfillment(act, each) for each in made)],
    }


def made_by_order(act: Act) -> dict[str, list[central.Record]]:
    """The fulfillments that callers made, by order number."""
    found: dict[str, list[central.Record]] = {}
    for each in central.records(act, NAME, "fulfillment"):
        if each.body["order"] is not None:
            found.setdefault(each.body["order"], []).append(each)
    return found


def assignment(row: sqlite3.Row) -> dict[str, Any] | None:
    """What the office said of the fulfillment S2 makes by itself: `s2` in the order's metadata; None for none."""
    said = unpack_json(row["metadata"]).get(NAME)
    return said if isinstance(said, dict) else None


def assigned_record(act: Act, row: sqlite3.Row) -> central.Record:
    """The fulfillment S2 made when it assigned the order to a warehouse, with a prepaid label where it has one."""
    number, said = row["order_id"], assignment(row) or {}
    ident = id_of("assigned", number)
    lines = act.db.execute(
        "SELECT sku, sum(qty) AS qty FROM fulfillment_line WHERE fulfillment_id = ? GROUP BY sku ORDER BY position",
        (row["fulfillment_id"],),
    ).fetchall()
    items = [{"sku": line["sku"], "quantity": line["qty"]} for line in lines]
    labelled = said.get("prepaidLabel")
    parcel = {
        "items": items,
        "prepaidLabels": [{"filePath": label_path(row)}],
        "shippingCarrierId": row["carrier_hint"] or "OTHER",
        "trackingNumber": labelled if isinstance(labelled, str) else "",
    }
    body = {
        "order": number,
        "rmaId": None,
        "warehouse": row["warehouse_id"],
        "address": address(unpack_json(row["ship_to"])),
        "shippingMethod": row["service_code"] or "",
        "items": items,
        "shipments": [parcel] if labelled else [],
        "signatureRequired": bool(said.get("signatureRequired", False)),
        "method": said.get("method", 0),
        "orderType": said.get("orderType", 0),
        "customerNote": said.get("customerNote"),
        "ids": {"channelFulfillmentId": None, "referenceIds": []},
    }
    return central.Record(ident, 1, body, row["created_at"], row["updated_at"])


def label_path(row: sqlite3.Row) -> str:
    """Where the prepaid label of an order is kept."""
    return f"{ORGANIZATION}/{row['created_at'][:10]}/shipping_label/{row['order_id']}_étiquette.png"


def fulfillment(act: Act, kept: central.Record) -> dict[str, Any]:
    """A fulfillment as create answers it and an order holds it."""
    body, number = kept.body, kept.body["order"]
    row = None if number is None else truth_of(act, number)
    shipments = [_shipment(act, kept, place, each) for place, each in enumerate(body["shipments"], 1)]
    return {
        "id": kept.record_id,
        "status": "SHIPPED" if shipments and all(each["status"] == "SHIPPED" for each in shipments) else "CREATED",
        "address": body["address"],
        "channelFulfillmentId": body["ids"]["channelFulfillmentId"],
        "meta": {},
        "warehouse": warehouse(body["warehouse"]),
        "warehousePickId": id_of("pick", kept.record_id),
        "shippingMethod": body["shippingMethod"],
        "signatureRequired": body["signatureRequired"],
        "items": [
            {
                "product": product(act, each["sku"]),
                "channelFulfillmentItemId": None,
                "quantity": each["quantity"],
                "meta": {},
            }
            for each in body["items"]
        ],
        "createdAt": stamp(kept.created_at, kept.record_id),
        "updatedAt": stamp(kept.updated_at, kept.record_id),
        "attachments": [_attachment(each) for each in attachments_of(act, kept.record_id)],
        "shipments": shipments,
        "orderOrganization": organization(),
        "shipByDate": row["requested_ship_date"] if row is not None else None,
        "deliverByDate": None,
        "customerNote": body["customerNote"],
        "referenceIds": ["", *([number] if number else []), *body["ids"]["referenceIds"]],
        "orderId": id_of("order", number) if number else None,
        "orderDate": (row["ordered_at"] or row["created_at"]) if row is not None else None,
        "orderAccountId": id_of("account", row["warehouse_id"]) if row is not None else None,
        "orderChannelOrderId": number,
    }


def fulfillment_detail(act: Act, kept: central.Record) -> dict[str, Any]:
    """A fulfillment as its own page shows it: the kind of order is a text here."""
    return {
        **fulfillment(act, kept),
        "warehousePickStatus": "PENDING",
        "notes": [],
        "shippingQuotes": [],
        "rmaId": kept.body["rmaId"],
        "orderType": ORDER_TYPES[kept.body["orderType"]],
        "method": kept.body["method"],
    }


def package_id(fulfillment_id: str, place: int) -> str:
    """The id in the truth of the parcel of a fulfillment's shipment, counted from 1."""
    return f"s2-{fulfillment_id}-{place}"


def truth_of(act: Act, order_number: str) -> sqlite3.Row | None:
    """The truth's row of an order."""
    row: sqlite3.Row | None = act.db.execute(
        "SELECT * FROM fulfillment WHERE order_id = ?", (order_number,)
    ).fetchone()
    return row


def attachments_of(act: Act, fulfillment_id: str) -> Iterable[central.Record]:
    """What is attached to a fulfillment, oldest first."""
    kept = central.records(act, NAME, "attachment")
    return (each for each in kept if each.body["ids"]["fulfillmentId"] == fulfillment_id)


def _attachment(kept: central.Record) -> dict[str, Any]:
    return {
        "id": kept.record_id,
        "fileName": kept.body["fileName"],
        "path": kept.body["path"],
        "createdAt": stamp(kept.created_at, kept.record_id),
        "updatedAt": stamp(kept.updated_at, kept.record_id),
    }


def _shipment(act: Act, kept: central.Record, place: int, parcel: Mapping[str, Any]) -> dict[str, Any]:
    ident = id_of("shipment", f"{kept.record_id}/{place}")
    row = act.db.execute(
        "SELECT shipment.* FROM shipment JOIN package USING (shipment_id) WHERE package_id = ?",
        (package_id(kept.record_id, place),),
    ).fetchone()
    tracking = (row["tracking_number"] if row is not None else None) or parcel["trackingNumber"]
    bought = row is not None and row["status"] == "label_generated"
    made, changed = kept.created_at, row["updated_at"] if row is not None else kept.updated_at
    times = {"createdAt": stamp(made, ident), "updatedAt": stamp(changed, ident)}
    labels = [_label(ident, each["filePath"], tracking, times) for each in parcel["prepaidLabels"]]
    if bought:
        labels.append({**_label(ident, "", tracking, times), "type": "PURCHASED", "purchasedLabel": {"id": ident}})
    return {
        "id": ident,
        "fulfillmentId": kept.record_id,
        "manifestId": None,
        "channelShipmentId": None,
        "status": "SHIPPED" if row is not None and tracking else "CREATED",
        "meta": {},
        "shippingCarrier": _carrier(parcel["shippingCarrierId"]),
        "trackingNumber": tracking,
        "trackingUrl": "",
        "items": [
            {
                "channelShipmentItemId": None,
                "product": product(act, each["sku"]),
                "quantity": each["quantity"],
                "meta": {},
            }
            for each in parcel["items"]
        ],
        "labels": labels,
        "packages": [],
        **times,
    }


def _carrier(ident: str) -> dict[str, Any]:
    begun = stamp(BEGUN, "carrier")
    return {"id": ident, "name": ident.title(), "createdAt": begun, "updatedAt": begun}


def _label(shipment_id: str, path: str, tracking: str, times: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": id_of("label", f"{shipment_id}/{path}"),
        "type": "PREPAID",
        "carrier": "",
        "trackingNumber": tracking,
        "trackingUrl": "",
        "amount": 0.0,
        "amountCurrency": "USD",
        "filePath": path,
        "purchasedLabel": None,
        **times,
    }
