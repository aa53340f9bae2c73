"""Products and stock of the truth, as this API shows and takes them (hq_contracts 3.2, 3.5)."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from hq.calls import Act, pack_json, unpack_json
from hq.facades.pitney_bowes.door import CREATED, Api, Ask, duplicate, error_item, missing, wrong
from hq.facades.pitney_bowes.searching import Row, one_of, page, place, searched, values_of
from hq.ofs import products
from hq.ofs.models import ProductLine
from web.contract import Contract
from web.problems import Refused

PLACE = "UNASSIGNED"
"""Where a product is kept that came through this API, which knows no locations."""

routes = Api()


@routes.calls("POST", "/products", CREATED)
def create(ask: Ask) -> Row:
    """Make a product; 400 when its SKU is there."""
    if _row(ask.act, ask.body["sku"]) is not None:
        raise duplicate("sku", ask.body["sku"])
    return _keep(ask.act, ask.body)


@routes.calls("POST", "/products/bulk")
def bulk(ask: Ask) -> dict[str, Any]:
    """Make or change products, each on its own."""
    return {"products": [_one_of_many(ask.act, each) for each in ask.body["products"]]}


@routes.calls("POST", "/products/search")
def search(ask: Ask) -> dict[str, Any]:
    """Every product, by SKU unless asked otherwise."""
    rows = ask.act.db.execute("SELECT body FROM product ORDER BY sku").fetchall()
    told = (_told(unpack_json(row["body"]), ask.body["clientId"]) for row in rows)
    return searched(ask, told, {"sku": one_of("sku")}, "sku-asc")


@routes.calls("GET", "/products/{sku}")
def get(ask: Ask) -> Row:
    """One product."""
    known = _row(ask.act, ask.path["sku"])
    if known is None:
        raise missing("Product", ask.path["sku"])
    return _told(known, ask.query["clientId"])


@routes.calls("PUT", "/products/{sku}")
def put(ask: Ask) -> Row:
    """The whole product anew."""
    if _row(ask.act, ask.path["sku"]) is None:
        raise missing("Product", ask.path["sku"])
    if ask.body["sku"] != ask.path["sku"]:
        raise wrong("sku", f"the path names {ask.path['sku']}.")
    return _keep(ask.act, ask.body)


@routes.calls("POST", "/inventory/snapshot")
def snapshot(ask: Ask) -> dict[str, Any]:
    """What is on hand and free, by product and centre."""
    asked = values_of(ask.body, ("skus", "nodes"))
    falling = (ask.body.get("sort") or ["sku-asc"])[0] == "sku-desc"
    rows = ask.act.db.execute(
        "SELECT sku, warehouse_id, sum(on_hand) AS on_hand, sum(on_hand - reserved) AS free"
        " FROM stock JOIN location USING (location_id) GROUP BY sku, warehouse_id ORDER BY sku, warehouse_id"
    ).fetchall()
    found = [
        {
            "clientId": ask.body["clientId"],
            "sku": row["sku"],
            "node": row["warehouse_id"],
            "onHandQuantity": row["on_hand"],
            "availableQuantity": row["free"],
        }
        for row in rows
        if row["sku"] in asked.get("skus", [row["sku"]]) and row["warehouse_id"] in asked.get("nodes", [row[1]])
    ]
    if falling:
        found.reverse()
    number, size = place(ask.query)
    return page(found[(number - 1) * size : number * size], len(found), number, size)


def require_known(act: Act, skus: list[str]) -> None:
    """Refuse products that are not in the catalogue (3.4)."""
    for number in products.unknown_skus(act, skus):
        raise wrong("sku", f"{skus[number]} is not in the catalogue.")


def _one_of_many(act: Act, body: dict[str, Any]) -> Row:
    told = {"clientId": str(body.get("clientId")), "sku": str(body.get("sku"))}
    operation = body.get("operation", "CREATE")
    try:
        given = {name: value for name, value in body.items() if name != "operation"}
        require_form("ProductIn", given)
        known = _row(act, given["sku"])
        if operation not in {"CREATE", "UPDATE"}:
            raise wrong("operation", "must be CREATE or UPDATE.")
        if operation == "CREATE" and known is not None:
            raise duplicate("sku", given["sku"])
        if operation == "UPDATE" and known is None:
            raise missing("Product", given["sku"])
        with act.store.attempt():
            _keep(act, given)
    except Refused as refused:
        return {**told, "status": "UNPUBLISHED", "errors": [error_item(refused)]}
    return {**told, "status": "PUBLISHED"}


def require_form(schema: str, body: Any) -> None:
    """Refuse an element of a bulk call that is not what a call with it alone would take."""
    contract = Contract.load("pitney_bowes")
    faults = contract.schemas.faults("element", contract.document["components"]["schemas"][schema], body)
    if faults:
        raise Refused(400, "bad_request", faults[0])


def _keep(act: Act, body: dict[str, Any]) -> Row:
    known = _row(act, body["sku"]) or {}
    details = body["details"]
    weight = details.get("weight", {}).get("value")
    line = {
        **{name: value for name, value in known.items() if name not in {"gtin", "nominal_weight_g"}},
        "sku": body["sku"],
        "name": details["description"],
        "location_id": known.get("location_id", PLACE),
        **({"gtin": details["upc"]} if "upc" in details else {}),
        **({"nominal_weight_g": round(weight)} if weight else {}),
    }
    try:
        products.take_in(act, ProductLine.model_validate_json(pack_json(line)))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise wrong(".".join(map(str, first["loc"])), f"{first['msg']}.") from error
    return _told(_row(act, body["sku"]) or {}, body["clientId"])


def _told(product: dict[str, Any], client: str) -> Row:
    details: dict[str, Any] = {"description": product["name"] or product["sku"]}
    if product.get("gtin"):
        details["upc"] = product["gtin"]
    if product.get("nominal_weight_g"):
        details["weight"] = {"value": product["nominal_weight_g"], "unitOfMeasurement": "GM"}
    return {
        "clientId": client,
        "sku": product["sku"],
        "productType": "ITEM",
        "fulfillmentRegion": "PB_ONLY",
        "details": details,
    }


def _row(act: Act, sku: str) -> dict[str, Any] | None:
    row = act.db.execute("SELECT body FROM product WHERE sku = ?", (sku,)).fetchone()
    known: dict[str, Any] | None = None if row is None else unpack_json(row["body"])
    return known
