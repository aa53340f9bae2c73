"""What picking knows of units that are to be packed, and what the ledger knows of those in a parcel."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from decimal import Decimal
from typing import Any

from local_store.domain.bringing_back import Held
from local_store.domain.events import PickedAs, RebinnedPart, WorkKind
from local_store.domain.pack_work import PickedUnits
from local_store.domain.states import Picklist
from local_store.domain.stock import MILLIONTHS, package, picked

ZERO = Decimal(0)


def load_picked(db: sqlite3.Connection, fulfillment_id: str, picklist_id: str | None) -> dict[str, Any]:
    """The members `picked` and `alike` of an order at the pack station; nothing for most orders."""
    found = _as_picked(db, fulfillment_id)
    if not found:
        return {}
    rows = db.execute(
        "SELECT DISTINCT sku FROM pick_task WHERE picklist_id = ? AND fulfillment_id <> ?",
        (picklist_id, fulfillment_id),
    )
    alike = frozenset(sku for (sku,) in rows)
    return {"picked": _waiting(db, fulfillment_id, picklist_id, found), "alike": alike}


def load_held(db: sqlite3.Connection, thing: WorkKind, work_id: str) -> tuple[Held, ...]:
    """The goods that were picked for a list or an order; without those of orders of which a parcel is sealed."""
    rows = db.execute(
        "SELECT t.picklist_id, t.task_id, t.fulfillment_id, t.order_line_id, t.location_id, t.sku,"  # noqa: S608 -- ours
        " coalesce(p.name, t.sku), t.picked, (SELECT group_concat(o.picked) FROM pick_task o"
        "  WHERE o.fulfillment_id = t.fulfillment_id AND o.order_line_id = t.order_line_id)"
        f" FROM pick_task t LEFT JOIN product p USING (sku) WHERE t.{thing}_id = ? AND t.picked <> '0' AND NOT EXISTS"
        "  (SELECT 1 FROM package k WHERE k.fulfillment_id = t.fulfillment_id AND k.status = 'sealed')"
        " ORDER BY t.picklist_id, t.position",
        (work_id,),
    ).fetchall()
    return tuple(
        Held._make(
            (
                *(*ids, sku, f"{name} ({sku})", Decimal(qty)),
                sum((Decimal(each) for each in of_line.split(",")), ZERO),
                _known(db, ids[1]),
            )
        )
        for *ids, sku, name, qty, of_line in rows
    )


def _known(db: sqlite3.Connection, task_id: str) -> tuple[RebinnedPart, ...]:
    rows = db.execute(
        "SELECT c.count_id, c.qty, c.lot_id, c.serials FROM pick_trace c"
        " JOIN pick_task t USING (picklist_id, task_id) WHERE t.task_id = ? ORDER BY c.seq DESC",
        (task_id,),
    )
    return tuple(
        RebinnedPart(count_id=count_id, qty=Decimal(qty), lot_id=lot_id, serials=tuple(json.loads(serials)))
        for count_id, qty, lot_id, serials in rows
    )


def load_inside(db: sqlite3.Connection, package_id: str) -> tuple[PickedAs, ...]:
    """The units in a parcel by product and lot, with their serial numbers, those of no lot last."""
    account = package(package_id)
    serials: dict[tuple[str, str], list[str]] = defaultdict(list)
    for sku, lot_id, serial in db.execute(
        "SELECT sku, lot_id, serial FROM serial WHERE account = ? ORDER BY sku, lot_id, serial", (account,)
    ):
        serials[sku, lot_id].append(serial)
    rows = db.execute(
        "SELECT sku, lot_id, millionths FROM stock WHERE account = ? AND millionths > 0"
        " ORDER BY lot_id = '', sku, lot_id",
        (account,),
    )
    return tuple(
        PickedAs(sku=sku, qty=Decimal(many) / MILLIONTHS, lot_id=lot_id, serials=tuple(serials[sku, lot_id]))
        for sku, lot_id, many in rows
    )


def _as_picked(db: sqlite3.Connection, fulfillment_id: str) -> list[PickedUnits]:
    """All that picking ever knew of the units of an order, in the order of picking; then substitutes of no lot."""
    rows = db.execute(
        "SELECT t.order_line_id, t.sku, c.qty, c.lot_id, c.serials FROM pick_task t JOIN pick_trace c"
        " ON c.picklist_id = t.picklist_id AND c.task_id = t.task_id"
        " WHERE t.fulfillment_id = ? ORDER BY c.seq",
        (fulfillment_id,),
    )
    found = [
        PickedUnits(line_id, sku, Decimal(qty), lot_id, tuple(json.loads(serials)))
        for line_id, sku, qty, lot_id, serials in rows
    ]
    others = db.execute(
        "SELECT t.order_line_id, t.sku, t.picked FROM pick_task t JOIN fulfillment_line l USING"
        " (fulfillment_id, order_line_id) JOIN picklist p USING (picklist_id)"
        " WHERE t.fulfillment_id = ? AND t.sku <> l.sku AND p.status = ? ORDER BY t.task_id",
        (fulfillment_id, Picklist.COMPLETED),
    ).fetchall()
    for line_id, sku, qty in others:
        known = sum((each.qty for each in found if (each.order_line_id, each.sku) == (line_id, sku)), ZERO)
        if Decimal(qty) > known:
            found.append(PickedUnits(line_id, sku, Decimal(qty) - known))
    return found


def _waiting(
    db: sqlite3.Connection, fulfillment_id: str, picklist_id: str | None, found: list[PickedUnits]
) -> tuple[PickedUnits, ...]:
    """Those of them that are in no parcel yet, as the ledger has it."""
    at = picked(picklist_id)
    here = {tuple(row) for row in db.execute("SELECT sku, serial FROM serial WHERE account = ?", (at,))}
    packed: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    rows = db.execute(
        "SELECT s.sku, s.lot_id, s.millionths - 1000000 * (SELECT count(*) FROM serial n WHERE n.account = s.account"
        "  AND n.sku = s.sku AND n.lot_id = s.lot_id) FROM package p"
        " JOIN stock s ON s.account = 'package:' || p.package_id WHERE p.fulfillment_id = ?",
        (fulfillment_id,),
    )
    for sku, lot_id, many in rows:
        packed[sku, lot_id] += Decimal(many) / MILLIONTHS
    waiting = []
    for unit in found:
        if unit.serials:
            serials = tuple(serial for serial in unit.serials if (unit.sku, serial) in here)
            left = unit._replace(serials=serials, qty=unit.qty - len(unit.serials) + len(serials))
        else:
            gone = min(unit.qty, packed[unit.sku, unit.lot_id])
            packed[unit.sku, unit.lot_id] -= gone
            left = unit._replace(qty=unit.qty - gone)
        if left.qty > 0:
            waiting.append(left)
    return tuple(waiting)
