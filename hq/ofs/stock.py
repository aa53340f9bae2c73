"""Stock as a ledger: every movement has a place it comes from and a place it goes to, so nothing is lost.

Seed 001 leaves stock to another service. This is our extension, so that one HQ is enough to run a site.
"""

from __future__ import annotations

from dataclasses import dataclass

from hq.calls import Act, Api, Call, answer
from hq.idempotency import Answer
from hq.keys import FLOOR
from hq.ofs.models import Ident, Place, StockLine
from web.pages import Page, page, position_of
from web.problems import Refused

OUTSIDE, PICKED, SHIPPED = "@outside", "@picked", "@shipped"
RECEIVING, RETURNS, QUARANTINE, SCRAPPED, VENDOR = "@receiving", "@returns", "@quarantine", "@scrapped", "@vendor"
SUMMED = frozenset({RECEIVING, RETURNS, QUARANTINE})
"""Places beside the shelves from which goods are taken again, so that what is there must be known."""
ALWAYS_TOLD = frozenset({"opening", "adjusted", "on_hand", "picked", "shipped"})

routes = Api()


class StockQuery(Page):
    """Stock of a location, of a product, or all."""

    location_id: Place | None = None
    sku: Ident | None = None


@dataclass(frozen=True)
class Movement:
    """`quantity` units of `sku` between a location and one of the places beside it."""

    kind: str
    sku: str
    from_place: str
    to_place: str
    quantity: int
    reference: str | None = None
    fulfillment_id: str | None = None
    task_id: str | None = None


@routes.reads("/edge/stock", StockQuery, *FLOOR)
def list_stock(call: Call, query: StockQuery) -> Answer:
    """What is on hand and reserved, per location and product (our extension)."""
    (after,) = position_of(query.cursor, [0])
    rows = call.db.execute(
        "SELECT * FROM stock WHERE seq > :after AND (:location IS NULL OR location_id = :location)"
        " AND (:sku IS NULL OR sku = :sku) ORDER BY seq LIMIT :limit",
        {"after": after, "location": query.location_id, "sku": query.sku, "limit": query.limit},
    ).fetchall()
    items = [
        {
            "location_id": row["location_id"],
            "sku": row["sku"],
            "on_hand": row["on_hand"],
            "reserved": row["reserved"],
            "available": row["on_hand"] - row["reserved"],
        }
        for row in rows
    ]
    return answer(page(items, query.limit, [rows[-1]["seq"]] if rows else None))


@routes.reads("/edge/stock/movements", StockQuery, *FLOOR)
def list_movements(call: Call, query: StockQuery) -> Answer:
    """The ledger, oldest first (our extension)."""
    (after,) = position_of(query.cursor, [0])
    rows = call.db.execute(
        "SELECT * FROM movement WHERE seq > :after AND (:location IS NULL OR :location IN (from_place, to_place))"
        " AND (:sku IS NULL OR sku = :sku) ORDER BY seq LIMIT :limit",
        {"after": after, "location": query.location_id, "sku": query.sku, "limit": query.limit},
    ).fetchall()
    return answer(page([dict(row) for row in rows], query.limit, [rows[-1]["seq"]] if rows else None))


def move(act: Act, movement: Movement) -> None:
    """Write one movement and carry it to the balance of each real location it touches."""
    row = (
        act.now,
        movement.kind,
        movement.sku,
        movement.from_place,
        movement.to_place,
        movement.quantity,
        movement.reference,
        movement.fulfillment_id,
        movement.task_id,
        act.actor,
        act.device,
    )
    act.db.execute(
        "INSERT INTO movement (at, kind, sku, from_place, to_place, quantity, reference, fulfillment_id, task_id,"
        " actor, device) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row,
    )
    for place, change in ((movement.from_place, -movement.quantity), (movement.to_place, movement.quantity)):
        if not place.startswith("@"):
            act.db.execute(
                "UPDATE stock SET on_hand = on_hand + ? WHERE location_id = ? AND sku = ?",
                (change, place, movement.sku),
            )
        elif place in SUMMED:
            # Not one upsert: its insert would meet the CHECK with the change alone.
            act.db.execute("INSERT OR IGNORE INTO beside VALUES (?, ?, 0)", (place, movement.sku))
            act.db.execute(
                "UPDATE beside SET quantity = quantity + ? WHERE place = ? AND sku = ?", (change, place, movement.sku)
            )


def beside(act: Act, place: str, sku: str) -> int:
    """How many units are at one of the SUMMED places."""
    row = act.db.execute("SELECT quantity FROM beside WHERE place = ? AND sku = ?", (place, sku)).fetchone()
    return row["quantity"] if row else 0


def balance(act: Act, location_id: str, sku: str) -> tuple[int, int]:
    """Units on hand and reserved at a location."""
    row = act.db.execute(
        "SELECT on_hand, reserved FROM stock WHERE location_id = ? AND sku = ?", (location_id, sku)
    ).fetchone()
    return (row["on_hand"], row["reserved"]) if row else (0, 0)


def open_shelf(act: Act, location_id: str, sku: str) -> None:
    """Make room for a product at a location. Raises Refused 422 when one of them is not known here."""
    for table, ident in (("location", location_id), ("product", sku)):
        _must_exist(act, table, ident)
    act.db.execute("INSERT OR IGNORE INTO stock (location_id, sku) VALUES (?, ?)", (location_id, sku))


def reserve(act: Act, location_id: str, sku: str, change: int) -> None:
    """Hold `change` units more (or fewer) at a location for a fulfillment."""
    act.db.execute(
        "UPDATE stock SET reserved = reserved + ? WHERE location_id = ? AND sku = ?", (change, location_id, sku)
    )


def take_in(act: Act, line: StockLine) -> bool:
    """Book one imported stock line; False when its reference was booked before. Raises Refused."""
    key = (line.reference, line.location_id, line.sku)
    earlier = act.db.execute(
        "SELECT quantity FROM stock_booking WHERE reference = ? AND location_id = ? AND sku = ?", key
    ).fetchone()
    if earlier is not None:
        if earlier["quantity"] == line.quantity:
            return False
        sentence = f"reference: {line.reference} already booked {earlier['quantity']} here; use a new reference."
        raise Refused(409, "reference_reused", sentence, {"got": line.quantity})
    kind = _kind_of_booking(act, line)
    act.db.execute("INSERT INTO stock_booking VALUES (?, ?, ?, ?)", (*key, line.quantity))
    come, go = (OUTSIDE, line.location_id) if line.quantity >= 0 else (line.location_id, OUTSIDE)
    move(act, Movement(kind, line.sku, come, go, abs(line.quantity), reference=line.reference))
    return True


def totals(act: Act) -> dict[str, int]:
    """Units by where they came from and where they are.

    Always: opening + adjusted + received + returned = on_hand + picked + shipped + receiving + returns + quarantine
    + scrapped + vendor. Only the places of seed 001's own flow are told when they are empty.
    """
    row = act.db.execute(
        "SELECT coalesce(sum(quantity) FILTER (WHERE kind = 'opening'), 0) AS opening,"
        " coalesce(sum(CASE WHEN from_place = '@outside' THEN quantity ELSE -quantity END)"
        " FILTER (WHERE kind = 'adjustment'), 0) AS adjusted,"
        " coalesce(sum(quantity) FILTER (WHERE to_place = '@picked'), 0)"
        " - coalesce(sum(quantity) FILTER (WHERE from_place = '@picked'), 0) AS picked,"
        " coalesce(sum(quantity) FILTER (WHERE to_place = '@shipped'), 0)"
        " - coalesce(sum(quantity) FILTER (WHERE from_place = '@shipped'), 0) AS shipped,"
        " coalesce(sum(quantity) FILTER (WHERE kind = 'receipt'), 0) AS received,"
        " coalesce(sum(quantity) FILTER (WHERE kind = 'return'), 0) AS returned,"
        " (SELECT coalesce(sum(quantity), 0) FROM beside WHERE place = '@receiving') AS receiving,"
        " (SELECT coalesce(sum(quantity), 0) FROM beside WHERE place = '@returns') AS returns,"
        " (SELECT coalesce(sum(quantity), 0) FROM beside WHERE place = '@quarantine') AS quarantine,"
        " coalesce(sum(quantity) FILTER (WHERE to_place = '@scrapped'), 0) AS scrapped,"
        " coalesce(sum(quantity) FILTER (WHERE to_place = '@vendor'), 0) AS vendor,"
        " (SELECT coalesce(sum(on_hand), 0) FROM stock) AS on_hand FROM movement"
    ).fetchone()
    return {name: row[name] for name in row.keys() if row[name] or name in ALWAYS_TOLD}  # noqa: SIM118 -- a Row


def _kind_of_booking(act: Act, line: StockLine) -> str:
    """`opening` for the first stock at a location, whose balance row is made here; else `adjustment`."""
    first = act.db.execute(
        "SELECT 1 FROM stock WHERE location_id = ? AND sku = ?", (line.location_id, line.sku)
    ).fetchone()
    open_shelf(act, line.location_id, line.sku)
    on_hand, reserved = balance(act, line.location_id, line.sku)
    if on_hand + line.quantity < reserved:
        raise Refused(
            409,
            "stock_too_low",
            f"quantity: {line.location_id} has {on_hand} of {line.sku}, {reserved} of them reserved; "
            f"{-line.quantity} cannot go. Release or cancel what holds them first.",
            {"got": line.quantity},
        )
    return "opening" if first is None and line.quantity >= 0 else "adjustment"


def _must_exist(act: Act, table: str, ident: str) -> None:
    queries = {
        "location": "SELECT 1 FROM location WHERE location_id = ?",
        "product": "SELECT 1 FROM product WHERE sku = ?",
    }
    if act.db.execute(queries[table], (ident,)).fetchone() is None:
        field = "sku" if table == "product" else "location_id"
        sentence = f"{field}: there is no {table} {ident} here. Import products first."
        raise Refused(422, f"unknown_{table}", sentence, {"got": ident})
