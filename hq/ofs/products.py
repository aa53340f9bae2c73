"""Products and the locations they live at, as stations pull them (our extension to seed 001)."""

from __future__ import annotations

import re
from typing import Any

from hq.calls import Act, Api, Call, answer, pack_json, unpack_json
from hq.idempotency import Answer
from hq.keys import FLOOR
from hq.ofs.models import Place, ProductLine
from web.pages import Page, Token, cursor_after, page, position_of
from web.problems import Refused

routes = Api()


class ProductQuery(Page):
    """`since` is the `watermark` of an earlier answer: only what changed after it is listed."""

    since: Token | None = None


class LocationQuery(Page):
    """Locations of one warehouse, or all."""

    warehouse_id: Place | None = None


@routes.reads("/edge/products", ProductQuery, *FLOOR)
def list_products(call: Call, query: ProductQuery) -> Answer:
    """Products in the order they changed; keep `watermark` and send it as `since` next time (our extension)."""
    (after,) = position_of(query.cursor or query.since, [0])
    rows = call.db.execute(
        "SELECT change_seq, body FROM product WHERE change_seq > ? ORDER BY change_seq LIMIT ?", (after, query.limit)
    ).fetchall()
    last = rows[-1]["change_seq"] if rows else after
    items = [unpack_json(row["body"]) for row in rows]
    return answer(page(items, query.limit, [last] if rows else None) | {"watermark": cursor_after([last])})


@routes.reads("/edge/locations", LocationQuery, *FLOOR)
def list_locations(call: Call, query: LocationQuery) -> Answer:
    """Locations in walking order (our extension)."""
    walk_key, location_id = position_of(query.cursor, ["", ""])
    rows = call.db.execute(
        "SELECT * FROM location WHERE (walk_key, location_id) > (:walk_key, :location_id)"
        " AND (:warehouse IS NULL OR warehouse_id = :warehouse) ORDER BY walk_key, location_id LIMIT :limit",
        {"walk_key": walk_key, "location_id": location_id, "warehouse": query.warehouse_id, "limit": query.limit},
    ).fetchall()
    items = [
        {"location_id": row["location_id"], "warehouse_id": row["warehouse_id"], "zone": row["zone"]} for row in rows
    ]
    last = [rows[-1]["walk_key"], rows[-1]["location_id"]] if rows else None
    return answer(page(items, query.limit, last))


def take_in(act: Act, line: ProductLine) -> bool:
    """Keep one imported product; False when nothing changed. Raises Refused for a code of another product."""
    body = pack_json(line.model_dump(mode="json"))
    known = act.db.execute("SELECT body FROM product WHERE sku = ?", (line.sku,)).fetchone()
    if known is not None and known["body"] == body:
        return False
    act.db.execute(
        "INSERT OR IGNORE INTO location (location_id, warehouse_id, zone, walk_key) VALUES (?, ?, ?, ?)",
        (line.location_id, line.warehouse_id, line.location_id.split("-")[0], walk_key_of(line.location_id)),
    )
    act.db.execute(
        "INSERT INTO product (sku, change_seq, location_id, body)"
        " VALUES (:sku, (SELECT coalesce(max(change_seq), 0) + 1 FROM product), :location_id, :body)"
        " ON CONFLICT (sku) DO UPDATE SET"
        " change_seq = excluded.change_seq, location_id = excluded.location_id, body = excluded.body",
        {"sku": line.sku, "location_id": line.location_id, "body": body},
    )
    _keep_codes(act, line)
    return True


def walk_key_of(location_id: str) -> str:
    """A text that sorts locations as a person walks them: A-2 comes before A-10."""
    return re.sub(r"\d+", lambda number: number[0].zfill(8), location_id)


def unknown_skus(act: Act, skus: list[str]) -> list[int]:
    """The positions in `skus` of products that are not here."""
    rows = act.db.execute(
        "SELECT key FROM json_each(?) WHERE value NOT IN (SELECT sku FROM product) ORDER BY key", (pack_json(skus),)
    )
    return [row["key"] for row in rows]


def _keep_codes(act: Act, line: ProductLine) -> None:
    act.db.execute("DELETE FROM product_code WHERE sku = ?", (line.sku,))
    codes: list[tuple[str, Any]] = [("gtin", line.gtin)] if line.gtin else []
    codes += [(f"barcodes.{number}.barcode", each.barcode) for number, each in enumerate(line.barcodes)]
    for field, code in codes:
        owner = act.db.execute("SELECT sku FROM product_code WHERE code = ?", (code,)).fetchone()
        if owner is not None:
            sentence = f"{field}: {code} is already a code of {owner['sku']}; a scan must mean one product."
            raise Refused(409, "code_taken", sentence, {"got": code})
        act.db.execute("INSERT INTO product_code VALUES (?, ?)", (code, line.sku))
