"""Items with codes, units of measure, weight and stock, and the names of the warehouses."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from aiohttp import web

from hq import central
from hq.calls import Act, not_found, unpack_json
from hq.facades.exsited.shapes import BASE_UOM, Row, audit, number, paged, stamp, uid, warehouse_name
from hq.facades.facade import acting
from hq.keys import FLOOR
from web.problems import Refused
from web.routes import RouteTable, json_answer

DIALECT, ITEM = "exsited", "item"

routes = RouteTable()


@dataclass(frozen=True)
class Item:
    """A product as this API speaks of it; `rates` are base units in one of each unit of measure."""

    sku: str
    name: str
    uuid: str
    location_id: str
    warehouse_id: str
    weight_g: int | None
    rates: dict[str, Decimal]
    codes: tuple[tuple[str, str], ...]

    def rate(self, uom: str) -> Decimal:
        """Base units in one `uom`. Raises Refused 400."""
        if uom not in self.rates:
            raise Refused(400, "uom", f"uom: {self.sku} has no unit {uom}; it has {', '.join(self.rates)}.")
        return self.rates[uom]


@routes.get("/api/v3/items", *FLOOR)
async def list_items(request: web.Request) -> web.StreamResponse:
    """Items, one page."""
    with acting(request) as act:
        _note_changes(act)
        rows = [_row(act, record) for record in central.records(act, DIALECT, ITEM)]
        page, pagination = paged(request, rows)
    return json_answer({"items": page, "pagination": pagination})


@routes.get("/api/v3/items/{id}", *FLOOR)
async def get_item(request: web.Request) -> web.StreamResponse:
    """One item."""
    with acting(request) as act:
        _note_changes(act)
        record = central.record(act, DIALECT, ITEM, request.match_info["id"])
        if record is None:
            raise not_found("item", request.match_info["id"])
        return json_answer({"item": _shape(act, record)})


@routes.get("/api/v2/settings/warehouses", *FLOOR)
async def list_warehouses(request: web.Request) -> web.StreamResponse:
    """The warehouses by name."""
    with acting(request) as act:
        found = act.db.execute("SELECT DISTINCT warehouse_id FROM location ORDER BY warehouse_id").fetchall()
    names = [{"name": warehouse_name(each[0]), "uuid": uid("warehouse", each[0])} for each in found]
    return json_answer({"warehouses": names})


def item(act: Act, sku: str) -> Item:
    """A product. Raises Refused 404.

    A code that stands for several units makes a unit of measure, CASE-12 for twelve (assumed, hq_contracts 4.3).
    """
    row = act.db.execute("SELECT body FROM product WHERE sku = ?", (sku,)).fetchone()
    if row is None:
        raise not_found("item", sku)
    body = unpack_json(row["body"])
    codes = [("GTIN", body["gtin"])] if body["gtin"] else []
    rates = {BASE_UOM: Decimal(1)}
    for each in body["barcodes"]:
        uom = f"CASE-{each['multiplier']}" if each["multiplier"] > 1 else BASE_UOM
        rates[uom] = Decimal(each["multiplier"])
        codes.append((uom, each["barcode"]))
    return Item(
        sku=sku,
        name=body["name"],
        uuid=uid("item", sku),
        location_id=body["location_id"],
        warehouse_id=body["warehouse_id"],
        weight_g=body["nominal_weight_g"],
        rates=rates,
        codes=tuple(codes),
    )


def _note_changes(act: Act) -> None:
    """Products have no times in the truth: when one was first seen here, and changed, is kept beside."""
    known = {record.record_id: record.body["change"] for record in central.records(act, DIALECT, ITEM)}
    for row in act.db.execute("SELECT sku, change_seq FROM product ORDER BY change_seq").fetchall():
        if known.get(row["sku"]) != row["change_seq"]:
            central.keep_record(act, DIALECT, ITEM, row["sku"], {"change": row["change_seq"]})


def _row(act: Act, record: central.Record) -> Row:
    keys = {
        "id": record.record_id,
        "created_on": stamp(record.created_at),
        "last_updated_on": stamp(record.updated_at),
        "status": "ACTIVE",
    }
    return Row(keys, lambda: _shape(act, record))


def _shape(act: Act, record: central.Record) -> dict[str, Any]:
    it = item(act, record.record_id)
    uoms = [
        {
            "name": name,
            "base_uom": "true" if name == BASE_UOM else "false",
            "sale_conversion_rate": number(rate),
            "purchase_conversion_rate": number(rate),
        }
        for name, rate in it.rates.items()
    ]
    weight = {} if it.weight_g is None else {"weight": {"uom": "G", "value": number(it.weight_g)}}
    return {
        "status": "ACTIVE",
        "id": it.sku,
        "name": it.name,
        "display_name": it.name,
        "type": "PRODUCT",
        "base_uom": BASE_UOM,
        "codes": [{"name": name, "value": value} for name, value in it.codes],
        "uoms": uoms,
        "sale": weight,
        "inventories": {
            "is_enabled": "true",
            "warehouse_is_enabled": "true",
            "default_warehouse": warehouse_name(it.warehouse_id),
            "warehouses": _stock(act, it),
        },
        **audit(
            ITEM, it.sku, created=record.created_at, updated=record.updated_at, by="office", version=record.version
        ),
        "uuid": it.uuid,
    }


def _stock(act: Act, it: Item) -> list[dict[str, str]]:
    rows = act.db.execute(
        "SELECT l.warehouse_id, sum(s.on_hand) AS on_hand, sum(s.reserved) AS reserved FROM stock s"
        " JOIN location l USING (location_id) WHERE s.sku = ? GROUP BY l.warehouse_id ORDER BY l.warehouse_id",
        (it.sku,),
    ).fetchall()
    return [
        {
            "name": warehouse_name(row["warehouse_id"]),
            "uuid": uid("warehouse", row["warehouse_id"]),
            "quantity_on_hand": number(row["on_hand"]),
            "quantity_promised": number(row["reserved"]),
            "quantity_available": number(row["on_hand"] - row["reserved"]),
            "uom": BASE_UOM,
        }
        for row in rows
    ]
