"""The calls of S2. What a request must be is checked against the contract before it comes here."""

from __future__ import annotations

import io
import json
import uuid
from datetime import timedelta
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from hq import central
from hq.calls import Act, Services
from hq.facades.facade import Facade, acting
from hq.facades.s2 import creating, shapes
from hq.facades.s2.ids import ORGANIZATION, directories, id_of
from hq.facades.s2.shapes import NAME
from hq.facades.tokens import Tokens
from hq.keys import FLOOR
from hq.ofs import fulfillments, products
from hq.ofs.models import Address, FulfillmentCreate, FulfillmentLine, ProductLine
from web.problems import Refused, fault_sentences
from web.routes import ANYONE, RouteTable, json_answer

PATHS = ("/login", "/file/", "/fulfillment", "/order", "/account", "/product", "/inventory/")
TOKEN_DAYS = 7
MOST_ROWS = 100
UNAUTHORIZED = 401
FAULT = 500
NEW_LOCATION = "S2"
"""Where a product lives that S2 took in: its call tells no place."""
LABEL_SIZE = (812, 1218)


def facade(services: Services) -> Facade:
    """S2 at the root, as in its sandbox. Tokens last seven days and end with a restart."""
    s2 = _S2(services)
    return Facade(NAME, PATHS, s2.routes(), s2.tokens.caller, _refuse)


def _refuse(_request: web.Request, refused: Refused) -> web.StreamResponse:
    """`{code, message}`; a fault of the service gives a reference for its support instead (hq_contracts 5.5)."""
    status = 400 if refused.status in {412, 422} else refused.status
    if status >= FAULT:
        reference = uuid.uuid5(uuid.NAMESPACE_URL, refused.message)
        body = {"message": f"An unexpected error occurred. Contact support with reference {reference}."}
    else:
        body = {"code": refused.code.upper(), "message": refused.message}
    return web.json_response(body, status=status, headers=refused.headers)


class _S2:
    def __init__(self, services: Services) -> None:
        self._services = services
        self.tokens = Tokens(int(timedelta(days=TOKEN_DAYS).total_seconds()), services.clock)
        self._ids = directories()

    def routes(self) -> RouteTable:
        """Every call with who may make it."""
        table = RouteTable()
        table.post("/login", ANYONE)(self.login)
        table.get("/file/{organization}/{date}/{folder}/{name}", ANYONE)(self.get_file)
        table.post("/fulfillment", *FLOOR)(self.create_fulfillment)
        table.get("/fulfillment/{id}", *FLOOR)(self.get_fulfillment)
        table.post("/fulfillment/{id}/attachment/bulk-create", *FLOOR)(self.attach)
        table.get("/order", *FLOOR)(self.list_orders)
        table.post("/order", *FLOOR)(self.create_order)
        table.get("/order/{id}", *FLOOR)(self.get_order)
        table.get("/account", *FLOOR)(self.list_accounts)
        table.get("/product", *FLOOR)(self.list_products)
        table.post("/product", *FLOOR)(self.create_product)
        table.get("/inventory/overview", *FLOOR)(self.inventory)
        return table

    async def login(self, request: web.Request) -> web.StreamResponse:
        """A token for whoever knows a key; the e-mail is any name."""
        caller = self._services.keys.holder(str((await _sent(request))["password"]))
        if caller is None or caller.role not in FLOOR:
            raise Refused(UNAUTHORIZED, "UNAUTHORIZED", "Wrong email or password")
        return json_answer({"accessToken": self.tokens.issue(caller)})

    async def create_fulfillment(self, request: web.Request) -> web.StreamResponse:
        """Make a fulfillment; what it ships is booked in the same transaction."""
        _require_organization(request)
        sent = await _sent(request)
        with acting(request) as act:
            return json_answer(shapes.fulfillment(act, creating.fulfillment(act, self._ids, sent)), 201)

    async def get_fulfillment(self, request: web.Request) -> web.StreamResponse:
        """One fulfillment, made by a caller or by S2."""
        _require_organization(request)
        with acting(request) as act:
            ident = request.match_info["id"]
            kept = central.record(act, NAME, "fulfillment", ident)
            if kept is not None:
                return json_answer(shapes.fulfillment_detail(act, kept))
            row = self._assigned(act, ident)
            return json_answer(shapes.fulfillment_detail(act, shapes.assigned_record(act, row)))

    async def attach(self, request: web.Request) -> web.StreamResponse:
        """Attach files; the answer has no body."""
        _require_organization(request)
        sent = await _sent(request)
        with acting(request) as act:
            ident = request.match_info["id"]
            if central.record(act, NAME, "fulfillment", ident) is None:
                self._assigned(act, ident)
            for each in sent["attachments"]:
                creating.attach(act, ident, each)
        return web.Response(status=201)

    async def list_orders(self, request: web.Request) -> web.StreamResponse:
        """Orders, newest first; `term` is the order's number or id."""
        _require_organization(request)
        limit, offset, term = _page_of(request)
        with acting(request) as act:
            wanted = self._ids["order"].name_of(act, term) or term
            where = "FROM fulfillment WHERE :term = '' OR order_id = :term"
            values = {"term": wanted, "limit": limit, "offset": offset}
            (total,) = act.db.execute(f"SELECT count(*) {where}", values).fetchone()
            rows = act.db.execute(
                f"SELECT * {where} ORDER BY seq DESC LIMIT :limit OFFSET :offset",
                values,
            ).fetchall()
            made = shapes.made_by_order(act)
            items = [shapes.order_row(act, row, made.get(row["order_id"], [])) for row in rows]
        return json_answer({"items": items, "total": total})

    async def get_order(self, request: web.Request) -> web.StreamResponse:
        """One order with its fulfillments."""
        _require_organization(request)
        with acting(request) as act:
            ident = request.match_info["id"]
            row = shapes.truth_of(act, self._ids["order"].name_of(act, ident) or "")
            if row is None:
                raise Refused(404, "NOT_FOUND", f"Order {ident} not found")
            return json_answer(shapes.order(act, row))

    async def create_order(self, request: web.Request) -> web.StreamResponse:
        """Take an order in; it is the truth's from then on."""
        _require_organization(request)
        sent = await _sent(request)
        with acting(request) as act:
            body = self._taken_in(act, sent)
            if shapes.truth_of(act, body.order_id) is not None:
                raise Refused(409, "ALREADY_EXISTS", f"Order {body.order_id} already exists for this organization")
            fulfillments.insert(act, body)
            row = shapes.truth_of(act, body.order_id)
            assert row is not None
            return json_answer(shapes.order(act, row), 201)

    async def list_accounts(self, request: web.Request) -> web.StreamResponse:
        """An account for each warehouse."""
        _require_organization(request)
        limit, offset, term = _page_of(request)
        with acting(request) as act:
            found = [each for each in map(shapes.account, _warehouses(act)) if term in {"", each["name"], each["id"]}]
        return json_answer({"items": found[offset : offset + limit], "total": len(found)})

    async def list_products(self, request: web.Request) -> web.StreamResponse:
        """Products by SKU; `term` is a part of the SKU or name."""
        _require_organization(request)
        limit, offset, term = _page_of(request)
        with acting(request) as act:
            where = "FROM product WHERE instr(lower(sku), :term) OR instr(lower(body ->> '$.name'), :term)"
            values = {"term": term.lower(), "limit": limit, "offset": offset}
            (total,) = act.db.execute(f"SELECT count(*) {where}", values).fetchone()
            rows = act.db.execute(
                f"SELECT sku {where} ORDER BY sku LIMIT :limit OFFSET :offset",
                values,
            ).fetchall()
            items = [shapes.product(act, row["sku"]) for row in rows]
        return json_answer({"items": items, "total": total})

    async def create_product(self, request: web.Request) -> web.StreamResponse:
        """Take a product in; S2 tells no place for it."""
        _require_organization(request)
        sent = await _sent(request)
        with acting(request) as act:
            sku = sent["sku"]
            if act.db.execute("SELECT 1 FROM product WHERE sku = ?", (sku,)).fetchone() is not None:
                raise Refused(409, "ALREADY_EXISTS", f"Product with sku '{sku}' already exists")
            grams = round(sent.get("shippingWeightKg", 0) * shapes.GRAMS)
            line = {"sku": sku, "name": sent["name"], "gtin": sent.get("gtin") or None, "location_id": NEW_LOCATION}
            more = {"pack_text": sent.get("remarks") or None, "nominal_weight_g": grams or None}
            products.take_in(act, _checked(ProductLine, {**line, **more}))
            own = ("caseUnit", "casePack", "serialNumberRequired", "expiryDateRequired")
            central.keep_record(act, NAME, "product", sku, {name: sent[name] for name in own if name in sent})
            return json_answer(shapes.product(act, sku), 201)

    async def inventory(self, request: web.Request) -> web.StreamResponse:
        """What there is of each product in each warehouse."""
        _require_organization(request)
        with acting(request) as act:
            rows = act.db.execute(
                "SELECT warehouse_id, sku, sum(on_hand) AS quantity, sum(reserved) AS reserved FROM stock"
                " JOIN location USING (location_id) GROUP BY warehouse_id, sku ORDER BY warehouse_id, sku"
            ).fetchall()
            items = [
                {
                    "warehouseId": id_of("warehouse", row["warehouse_id"]),
                    "productId": id_of("product", row["sku"]),
                    "quantity": row["quantity"],
                    "quantityReserved": row["reserved"],
                }
                for row in rows
            ]
            skus = sorted({row["sku"] for row in rows})
            body = {
                "warehouses": [shapes.warehouse(name) for name in _warehouses(act)],
                "products": [shapes.product(act, sku) for sku in skus],
                "items": items,
            }
        return json_answer(body)

    async def get_file(self, request: web.Request) -> web.StreamResponse:
        """The prepaid label of an order, as a picture."""
        names = ("organization", "date", "folder", "name")
        path = "/".join(request.match_info[name] for name in names)
        order = request.match_info["name"].rpartition("_")[0]
        row = self._services.store.db.execute("SELECT * FROM fulfillment WHERE order_id = ?", (order,)).fetchone()
        if row is None or shapes.label_path(row) != path or not (shapes.assignment(row) or {}).get("prepaidLabel"):
            raise Refused(404, "NOT_FOUND", "There is no such file")
        return web.Response(body=_picture(row["order_id"]), content_type="image/png")

    def _assigned(self, act: Act, ident: str) -> Any:
        """The order whose fulfillment S2 made itself. Raises Refused 404."""
        rows = act.db.execute("SELECT * FROM fulfillment WHERE metadata ->> '$.s2' IS NOT NULL").fetchall()
        for row in rows:
            if id_of("assigned", row["order_id"]) == ident and shapes.assignment(row) is not None:
                return row
        raise Refused(404, "NOT_FOUND", f"Fulfillment {ident} not found")

    def _taken_in(self, act: Act, sent: dict[str, Any]) -> FulfillmentCreate:
        warehouses = {id_of("account", name): name for name in _warehouses(act)}
        if sent["accountId"] not in warehouses:
            raise Refused(400, "INVALID", f"accountId: {sent['accountId']} not found")
        lines = []
        for place, each in enumerate(sent["items"], 1):
            sku = self._ids["product"].name_of(act, each["productId"])
            if sku is None:
                raise Refused(400, "INVALID", f"items.{place - 1}.productId: {each['productId']} not found")
            lines.append(FulfillmentLine(order_line_id=str(place), sku=sku, quantity=each["quantity"]))
        told = sent["shippingAddress"]
        ship_to = {
            **{name: told[name] for name in ("name", "address1", "address2", "city", "phone")},
            "region": told["state"],
            "postal_code": told["postalCode"],
            "country": told["countryId"],
        }
        body = {
            "order_id": sent["channelOrderId"],
            "source": NAME,
            "warehouse_id": warehouses[sent["accountId"]],
            "lines": tuple(lines),
            "ship_to": _checked(Address, ship_to),
            "service_code": sent["channelShippingMethod"],
            "ordered_at": sent["channelOrderDate"],
        }
        made: FulfillmentCreate = _checked(FulfillmentCreate, body)
        return made


def _checked(model: Any, body: dict[str, Any]) -> Any:
    """`body` as a model of the truth. Raises Refused 400 for what the truth cannot hold."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        first = fault_sentences(error)[0]
        raise Refused(400, "INVALID", f"{first['field']}: {first['message']} (got {first['got']})") from error


async def _sent(request: web.Request) -> Any:
    """The body, whose shape was checked; `2.0` is the whole number the contract takes it for."""
    return json.loads(await request.read(), parse_float=_number)


def _number(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() else number


def _require_organization(request: web.Request) -> None:
    given = request.headers.get("X-S2-Organization")
    if given not in {None, ORGANIZATION}:
        raise Refused(403, "UNAUTHORIZED", "You are not authorized for this organization")


def _page_of(request: web.Request) -> tuple[int, int, str]:
    """limit, offset and term; a limit above 100 counts as 100."""
    query = request.query
    return min(MOST_ROWS, int(query.get("limit", MOST_ROWS))), int(query.get("offset", 0)), query.get("term", "")


def _warehouses(act: Act) -> list[str]:
    rows = act.db.execute(
        "SELECT warehouse_id FROM location UNION SELECT warehouse_id FROM fulfillment ORDER BY warehouse_id"
    ).fetchall()
    return [row["warehouse_id"] for row in rows]


def _picture(order_number: str) -> bytes:
    """A label of 4 x 6 inches at 203 dpi with the number of its order; bars that no scanner reads."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 -- only a site that tries prepaid labels needs it

    image = Image.new("1", LABEL_SIZE, 1)
    draw = ImageDraw.Draw(image)
    width, height = LABEL_SIZE
    draw.rectangle((20, 20, width - 20, height - 20), outline=0, width=4)
    draw.text((60, 80), f"PREPAID {order_number}", fill=0)
    for place, byte in enumerate(order_number.encode() * 4):
        draw.rectangle((60 + 12 * place, 300, 60 + 12 * place + byte % 9, 600), fill=0)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
