"""Orders and shipments: those of the truth under this API's names (hq_contracts 3.2, 3.5)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from hq.calls import Act, moment, pack_json, unpack_json
from hq.facades.pitney_bowes import searching
from hq.facades.pitney_bowes.door import CREATED, Api, Ask, duplicate, error_item, missing, wrong
from hq.facades.pitney_bowes.products import require_form, require_known
from hq.facades.pitney_bowes.searching import Row, seconds
from hq.ofs import allocations, fulfillments, progress, states, timeline
from hq.ofs.models import FulfillmentCreate
from hq.ofs.states import Fulfillment
from web.problems import Refused

ORDER, SHIPMENT = "PBO", "PBS"
"""Before the place of an order or shipment in the truth: so their ids are the same after a restart."""
SIX_MONTHS = timedelta(days=183)
STATUS = {
    Fulfillment.CREATED: "CREATED",
    Fulfillment.AWAITING_ALLOCATION: "CREATED",
    Fulfillment.SHIPPED: "SHIPPED",
    Fulfillment.CLOSED: "CLOSED",
    Fulfillment.CANCELLED: "CANCELED",
}
"""Their names for the truth's states (assumed, 3.5); all others are INPROGRESS."""
_SORTED_BY = {"createDate": "created_at", "pbCreateDate": "created_at"}

routes = Api()


@routes.calls("POST", "/orders", CREATED)
def create(ask: Ask) -> Row:
    """Place an order; 400 when its client's id is there."""
    return _place(ask.act, ask.body)


@routes.calls("POST", "/orders/bulk")
def bulk(ask: Ask) -> dict[str, Any]:
    """Place orders, each on its own."""
    return {"results": [_alone(ask, each, "OrderIn", _place) for each in ask.body["orders"]]}


@routes.calls("PUT", "/orders/bulk/cancel")
def bulk_cancel(ask: Ask) -> dict[str, Any]:
    """Call orders off, each on its own."""

    def call_off(act: Act, body: Row) -> Row:
        return _call_off(act, _named(act, body), body["clientId"])

    return {"results": [_alone(ask, each, None, call_off) for each in ask.body["CancelOrdersRequest"]]}


@routes.calls("POST", "/orders/search")
def search(ask: Ask) -> dict[str, Any]:
    """Whole orders, oldest first unless asked otherwise."""
    return _page(ask, lambda row: _told(ask.act, row, ask.body["clientId"]))


@routes.calls("POST", "/orders/status/search")
def search_status(ask: Ask) -> dict[str, Any]:
    """Ids and states of orders."""
    return _page(ask, lambda row: {**_state(row), "pbUpdateDate": seconds(row["updated_at"])})


@routes.calls("GET", "/orders/{orderId}")
def get(ask: Ask) -> Row:
    """One order."""
    return _told(ask.act, _row(ask.act, ask.path["orderId"]), ask.query["clientId"])


@routes.calls("GET", "/orders/{orderId}/status")
def get_status(ask: Ask) -> Row:
    """The state of one order."""
    return _state(_row(ask.act, ask.path["orderId"]))


@routes.calls("PUT", "/orders/{orderId}/cancel")
def cancel(ask: Ask) -> Row:
    """Call an order off."""
    return _call_off(ask.act, _row(ask.act, ask.path["orderId"]), ask.query["clientId"])


@routes.calls("PUT", "/orders/{orderId}")
def put(ask: Ask) -> Row:
    """The whole order anew, before the facility has begun."""
    row = _row(ask.act, ask.path["orderId"])
    if ask.body["clientOrderId"] != row["order_id"]:
        raise wrong("clientOrderId", f"the order is {row['order_id']}.")
    return _replace(ask.act, row, _form(ask.act, ask.body), ask.body["clientId"])


@routes.calls("PUT", "/orders/{orderId}/order-items")
def put_items(ask: Ask) -> Row:
    """Other items, before the facility has begun; the path as the seed prints it."""
    row = _row(ask.act, ask.path["orderId"])
    told = _told(ask.act, row, ask.body["clientId"])
    form = _form(ask.act, {**told, "orderItems": ask.body["orderItems"]})
    return _replace(ask.act, row, form, ask.body["clientId"])


routes.calls("PUT", "/orders/{orderId}/orderItems")(put_items)


@routes.calls("POST", "/shipments/search")
def search_shipments(ask: Ask) -> dict[str, Any]:
    """What was shipped, oldest first unless asked otherwise; without a date that of the last six months."""
    fields = {
        "orderIds": searching.one_of("orderId"),
        "shipmentIds": searching.one_of("shipmentId"),
        "shippedDate": searching.between("shippedDate"),
        "brands": lambda _row, _values: False,
    }
    for name, values in searching.values_of(ask.body, fields).items():
        if name.endswith("Ids") and not values:
            raise wrong("searchFields", f"{name} needs values.")
    dated = any(field["name"] == "shippedDate" for field in ask.body.get("searchFields", []))
    since = "" if dated else moment(datetime.fromisoformat(ask.act.now) - SIX_MONTHS)
    rows = ask.act.db.execute(
        "SELECT s.*, f.seq AS order_seq, f.order_id FROM shipment s JOIN fulfillment f USING (fulfillment_id)"
        " WHERE s.created_at >= ? AND s.status <> 'cancelled' ORDER BY s.seq",
        (since,),
    ).fetchall()
    # Either spelling of the sort is taken; the rows have the right one.
    ask.body["sort"] = [each.replace("shippped", "shipped") for each in ask.body.get("sort", [])]
    return searching.searched(ask, (_shipment(row, ask.body["clientId"]) for row in rows), fields, "shippedDate-asc")


def _shipment(row: sqlite3.Row, client: str) -> Row:
    told = {
        "clientId": client,
        "orderId": f"{ORDER}{row['order_seq']:09d}",
        "clientOrderId": row["order_id"],
        "shipmentId": f"{SHIPMENT}{row['seq']:09d}",
        "shippedDate": seconds(row["created_at"]),
        "carrier": row["carrier_hint"],
        "trackingNumber": row["tracking_number"],
    }
    return {name: value for name, value in told.items() if value is not None}


def _alone(ask: Ask, body: Row, schema: str | None, work: Callable[[Act, Row], Row]) -> Row:
    """One element of a bulk call: what it comes to, or why it was refused."""
    try:
        if schema is not None:
            require_form(schema, body)
        with ask.act.store.attempt():
            return {"status": "SUCCESS", **{k: v for k, v in work(ask.act, body).items() if k != "status"}}
    except states.IllegalMove as move:
        refused = wrong("orderId", str(move))
    except Refused as refusal:
        refused = refusal
    ids: Row = {name: body[name] for name in ("clientId", "clientOrderId", "orderId") if name in body}
    return {**ids, "status": "ERROR", "errors": [error_item(refused)]}


def _place(act: Act, body: Row) -> Row:
    form = _form(act, body)
    if act.db.execute("SELECT 1 FROM fulfillment WHERE order_id = ?", (form.order_id,)).fetchone() is not None:
        raise duplicate("clientOrderId", form.order_id)
    row = progress.fulfillment_row(act, fulfillments.insert(act, form))
    return _told(act, row, body["clientId"])


def _form(act: Act, body: Row) -> FulfillmentCreate:
    """An order in the truth's form. Raises Refused for what the truth cannot hold."""
    require_known(act, [item["sku"] for item in body["orderItems"]])
    site = act.db.execute("SELECT warehouse_id FROM location ORDER BY location_id LIMIT 1").fetchone()
    shipping = body["inputShippingDetails"]
    form = {
        "order_id": body["clientOrderId"],
        "source": "pitney_bowes",
        "warehouse_id": body.get("fromNode") or (site["warehouse_id"] if site else "wh_1"),
        "lines": [
            {"order_line_id": item["lineItemId"], "sku": item["sku"], "quantity": _whole(item["quantity"])}
            for item in body["orderItems"]
        ],
        "metadata": {each["name"]: each["values"] for each in body.get("references", [])},
        "ship_to": _address_in(body["shipTo"]) if body.get("shipTo") else None,
        "carrier_hint": shipping.get("carrier"),
        "service_code": shipping.get("serviceId"),
        "requested_ship_date": body.get("shipOnDate"),
        "ordered_at": body.get("createDate"),
    }
    try:
        return FulfillmentCreate.model_validate_json(pack_json(form))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise wrong(".".join(map(str, first["loc"])), f"{first['msg']}.") from error


def _replace(act: Act, row: sqlite3.Row, form: FulfillmentCreate, client: str) -> Row:
    if row["status"] != Fulfillment.CREATED:
        raise wrong("orderId", f"the facility has begun with order {row['order_id']}; it cannot be changed.")
    ident = row["fulfillment_id"]
    act.db.execute(
        "UPDATE fulfillment SET warehouse_id = ?, requested_ship_date = ?, carrier_hint = ?, service_code = ?,"
        " ship_to = ?, metadata = ?, version = version + 1, updated_at = ? WHERE fulfillment_id = ?",
        (
            form.warehouse_id,
            moment(form.requested_ship_date) if form.requested_ship_date else None,
            form.carrier_hint,
            form.service_code,
            form.ship_to.model_dump_json() if form.ship_to else None,
            pack_json(form.metadata),
            act.now,
            ident,
        ),
    )
    act.db.execute("DELETE FROM fulfillment_line WHERE fulfillment_id = ?", (ident,))
    ids = [line.order_line_id for line in form.lines]
    if len(set(ids)) != len(ids):
        raise wrong("orderItems", "a lineItemId is there twice.")
    act.db.executemany(
        "INSERT INTO fulfillment_line VALUES (?, ?, ?, ?, ?, ?)",
        [(ident, place, line.order_line_id, line.sku, line.quantity, "{}") for place, line in enumerate(form.lines)],
    )
    timeline.add(act, "changed", fulfillment_id=ident)
    return _told(act, progress.fulfillment_row(act, ident), client)


def _call_off(act: Act, row: sqlite3.Row, client: str) -> Row:
    ident = row["fulfillment_id"]
    if row["status"] != Fulfillment.CANCELLED:
        shipped = "SELECT 1 FROM package WHERE fulfillment_id = ? AND shipment_id IS NOT NULL"
        if act.db.execute(shipped, (ident,)).fetchone() is not None:
            raise wrong("orderId", f"order {row['order_id']} was shipped, at least in part.")
        states.move(f"Order {row['order_id']}", Fulfillment(row["status"]), Fulfillment.CANCELLED)
        allocations.release_all(act, ident)
        act.db.execute(
            "UPDATE task SET status = 'short', short_reason = 'cancelled'"
            " WHERE fulfillment_id = ? AND status = 'open'",
            (ident,),
        )
        progress.set_status(act, ident, Fulfillment.CANCELLED)
        timeline.add(act, "cancelled", fulfillment_id=ident)
    return _told(act, progress.fulfillment_row(act, ident), client)


def _page(ask: Ask, told: Callable[[sqlite3.Row], Row]) -> dict[str, Any]:
    fields = ("clientOrderIds", "orderIds", "status", *searching.DATES)
    asked = searching.values_of(ask.body, fields)
    where, values = ["1"], list[Any]()
    for name, wanted in asked.items():
        clause, given = _clause(name, wanted)
        where.append(clause)
        values += given
    member, falling = searching.order(ask.body, "pbCreateDate-asc")
    number, size = searching.place(ask.query)
    among = f"FROM fulfillment WHERE {' AND '.join(where)}"
    total = ask.act.db.execute(f"SELECT count(*) {among}", values).fetchone()[0]
    rows = ask.act.db.execute(
        f"SELECT * {among} ORDER BY {_SORTED_BY.get(member, 'updated_at')} {'DESC' if falling else 'ASC'}, seq"
        " LIMIT ? OFFSET ?",
        [*values, size, (number - 1) * size],
    ).fetchall()
    return searching.page([told(row) for row in rows], total, number, size)


def _clause(name: str, wanted: list[str]) -> tuple[str, list[Any]]:
    if name == "clientOrderIds":
        return "order_id IN (SELECT value FROM json_each(?))", [pack_json(wanted)]
    if name == "orderIds":
        return "seq IN (SELECT value FROM json_each(?))", [pack_json([_seq(each) for each in wanted])]
    if name == "status":
        states_of = [each for each in Fulfillment if STATUS.get(each, "INPROGRESS") in wanted]
        return "status IN (SELECT value FROM json_each(?))", [pack_json(states_of)]
    column = _SORTED_BY.get(name, "updated_at")
    until = wanted[1].replace("Z", ".999Z") if wanted[1:] else "9999"
    return f"{column} BETWEEN ? AND ?", [wanted[0].replace("Z", ".000Z") if wanted else "", until]


def _told(act: Act, row: sqlite3.Row, client: str) -> Row:
    """A fulfillment as an order of this API; what the office noted on it goes as references."""
    lines = act.db.execute(
        "SELECT order_line_id, sku, qty FROM fulfillment_line WHERE fulfillment_id = ? ORDER BY position",
        (row["fulfillment_id"],),
    ).fetchall()
    noted = unpack_json(row["metadata"]) or {}
    address = unpack_json(row["ship_to"])
    shipping = {"carrier": row["carrier_hint"], "serviceId": row["service_code"]}
    told = {
        **_state(row),
        "clientId": client,
        "orderType": "eCom",
        "fromNode": row["warehouse_id"],
        "createDate": _given_time(row["ordered_at"]) or seconds(row["created_at"]),
        "shipOnDate": seconds(row["requested_ship_date"]) if row["requested_ship_date"] else None,
        "inputShippingDetails": {name: value for name, value in shipping.items() if value},
        "shipTo": _address_out(address) if address else None,
        "references": [
            {"name": name[:50], "values": value[:255]} for name, value in noted.items() if isinstance(value, str)
        ],
        "isOnHold": False,
        "holdReason": [],
        "orderItems": [
            {"lineItemId": line["order_line_id"], "sku": line["sku"], "quantity": line["qty"]} for line in lines
        ],
        "pbCreateDate": seconds(row["created_at"]),
        "pbUpdateDate": seconds(row["updated_at"]),
    }
    return {name: value for name, value in told.items() if value is not None}


def _state(row: sqlite3.Row) -> Row:
    return {
        "orderId": f"{ORDER}{row['seq']:09d}",
        "clientOrderId": row["order_id"],
        "status": STATUS.get(Fulfillment(row["status"]), "INPROGRESS"),
    }


def _address_in(address: Row) -> Row:
    lines: list[str] = address.get("addressLines", [])
    first, second = (*lines, "", "")[:2]
    form = {
        "name": address.get("name") or address.get("company") or "",
        "address1": first,
        "address2": second or None,
        "city": address.get("cityTown", ""),
        "region": address.get("stateProvince"),
        "postal_code": address.get("postalCode"),
        "country": address.get("countryCode", ""),
        "phone": address.get("phone"),
    }
    return {name: value for name, value in form.items() if value is not None}


def _address_out(address: Row) -> Row:
    told = {
        "name": address["name"],
        "addressLines": [line for line in (address["address1"], address.get("address2")) if line],
        "cityTown": address["city"],
        "stateProvince": address.get("region"),
        "postalCode": address.get("postal_code"),
        "countryCode": address["country"],
        "phone": address.get("phone"),
    }
    return {name: value for name, value in told.items() if value is not None}


def _named(act: Act, body: Row) -> sqlite3.Row:
    if "orderId" in body:
        return _row(act, body["orderId"])
    row: sqlite3.Row | None = act.db.execute(
        "SELECT * FROM fulfillment WHERE order_id = ?", (body.get("clientOrderId", ""),)
    ).fetchone()
    if row is None:
        raise missing("Order", str(body.get("clientOrderId")))
    return row


def _row(act: Act, order_id: str) -> sqlite3.Row:
    row: sqlite3.Row | None = act.db.execute("SELECT * FROM fulfillment WHERE seq = ?", (_seq(order_id),)).fetchone()
    if row is None:
        raise missing("Order", order_id)
    return row


def _seq(order_id: str) -> int:
    number = order_id.removeprefix(ORDER)
    return int(number) if number.isascii() and number.isdigit() and len(number) == 9 else 0  # noqa: PLR2004 -- as above


def _whole(quantity: float) -> int | float:
    return int(quantity) if quantity == int(quantity) else quantity


def _given_time(text: str | None) -> str | None:
    """The time an order was placed, where what the office gave is one."""
    try:
        return seconds(text) if text and "T" in text else None
    except ValueError:
        return None
