"""What a picker can do now, as buttons, tiles and keys: every command of picking that fits the moment."""

from __future__ import annotations

import sqlite3

from agent.floor.view_parts import View, action, quantity_action, step, tile, undo_action
from local_store.domain.events import decimal_text
from local_store.domain.floor import Place
from local_store.domain.pick_work import PickWork, Task
from local_store.domain.replanning import shorted
from local_store.domain.tracing import wanting
from local_store.domain.words import phrase
from local_store.domain.words.reasons import PICK_SHORT
from local_store.loading import ZONE
from local_store.works.picking import load_traces, zone_of
from local_store.works.substitutes import elsewhere

SHORT_REASONS = tuple({"code": code, "label": label} for code, label in PICK_SHORT.items())
RELEASE_REASONS = (
    tile("break", phrase("Break")),
    tile("end of shift", phrase("End of the shift")),
    tile("other work first", phrase("Other work comes first")),
)
KEYS = {
    "lot": (phrase("Key the lot"), phrase("Lot")),
    "expiry": (phrase("Key the expiry date"), phrase("Expiry date, like 2031-03-31")),
    "serial": (phrase("Key the serial number"), phrase("Serial number")),
}
"""What is missing of the item in hand -> the button, and what stands above its keys."""
LISTS_LOOKED_AT = 100
MOST_ZONES = MOST_TILES = 24


def pick_actions(db: sqlite3.Connection, place: Place, work: PickWork | None) -> list[View]:
    """What can be done at a workplace of a picker; nothing before somebody signed in."""
    if place.worker_id is None:
        return []
    if work is None:
        return [*_zones(db, place)]
    if work.put_task_id is not None:
        return [undo_action(work)]
    if work.current is None:
        complete = action("complete", phrase("Complete"))
        return [complete, *_replanning(db, work), undo_action(work), *_putting_back(db, work)]
    found = _at_line(db, work, work.current)
    return [*found, *_putting_back(db, work), *_handing_over(db, work)]


def missing_of(work: PickWork) -> str | None:
    """What is still to be said of the item in hand: `lot`, `expiry`, `serial`."""
    current, hand = work.current, work.in_hand
    if current is None or hand is None or hand.task_id != current.task_id:
        return None
    return wanting(current, hand, ())


def _at_line(db: sqlite3.Connection, work: PickWork, current: Task) -> list[View]:
    """About the line of now."""
    missing, found = missing_of(work), []
    if missing is not None:
        label, ask = KEYS[missing]
        body = {"name": missing}
        found.append(action("set", label, pad="text", member="value", body=body, ask=ask, place="first"))
    found += [
        *_replanning(db, work),
        action("short", phrase("Short"), reasons=list(SHORT_REASONS)),
        undo_action(work),
        action("skip", phrase("Skip")),
        quantity_action(enabled=work.counting_task_id == current.task_id),
    ]
    if current.traced is not None and current.traced.serial_required and work.location_id == current.location_id:
        ask = phrase("Serial numbers, one after the other")
        label = phrase("Key many serial numbers")
        found.append(action("serials", label, pad="texts", member="serials", ask=ask, place="more"))
    return found


def _replanning(db: sqlite3.Connection, work: PickWork) -> list[View]:
    """After a short: the other places of the product, as far as is known here."""
    short = shorted(work)
    if short is None:
        return []
    tiles = [
        tile(location, location, phrase("{qty} there", qty=decimal_text(qty)))
        for location, qty in elsewhere(db, short.sku, short.location_id)
    ]
    ask = phrase("Where is {item} to be taken from?", item=short.item)
    label = phrase("Take it elsewhere")
    return [action("replan", label, reasons=tiles, member="location_id", ask=ask)] if tiles else []


def _putting_back(db: sqlite3.Connection, work: PickWork) -> list[View]:
    """Units of lines that are through go back to a shelf; of those with serial numbers it is said which."""
    through = [task for task in work.tasks if not task.waits and task.picked > 0]
    if not through:
        return []
    traces = load_traces(db, work.picklist_id) if work.traced else ()
    where = step(phrase("To which location?"), "location_id", pad="text")
    many = step(phrase("How many?"), "qty", pad="number")
    tiles = []
    for task in through:
        serials = [serial for trace in traces if trace.task_id == task.task_id for serial in trace.serials]
        tiles += [
            tile(task.task_id, task.item, serial, body={"qty": "1", "serials": [serial]}, then=[where])
            for serial in serials
        ]
        if not serials:
            picked = phrase("{qty} picked", qty=decimal_text(task.picked))
            tiles.append(tile(task.task_id, task.item, picked, then=[many, where]))
    return [
        action(
            "picks-rebin",
            phrase("Put goods back"),
            reasons=tiles[:MOST_TILES],
            member="task_id",
            ask=phrase("What goes back?"),
            body={"rebin_id": "screen"},
            path=f"/v1/station/picklists/{work.picklist_id}/rebin",
            wrap="rebins",
            place="more",
        )
    ]


def _handing_over(db: sqlite3.Connection, work: PickWork) -> list[View]:
    """Putting the list aside with its progress, for later, for anybody, or for those of another zone."""
    path = f"/v1/station/picklists/{work.picklist_id}/release"
    found = [
        action(
            "picklist-release",
            phrase("Put the list aside"),
            reasons=list(RELEASE_REASONS),
            path=path,
            place="more",
        )
    ]
    tiles = [tile(zone, zone) for zone in zones(db) if zone != work.zone]
    if tiles:
        of = {"reason": "handed over"}
        label, ask = phrase("Hand over to a zone"), phrase("Who goes on with it?")
        found.append(
            action("picklist-release", label, reasons=tiles, member="zone", body=of, path=path, ask=ask, place="more")
        )
    return found


def _zones(db: sqlite3.Connection, place: Place) -> list[View]:
    """The zone in which the picker works."""
    here, known = zone_of(db, place.workplace), zones(db)
    if not known and here is None:
        return []
    label = phrase("Zone {zone}", zone=here) if here else phrase("Zone")
    tiles = [tile(None, phrase("All of the warehouse")), *(tile(zone, zone) for zone in known)]
    return [action("zone", label, reasons=tiles, member="zone", ask=phrase("In which zone do you pick?"))]


def zones(db: sqlite3.Connection) -> list[str]:
    """The zones of the lists that wait, of the first hundred."""
    rows = db.execute(
        f"SELECT DISTINCT {ZONE} AS zone FROM (SELECT * FROM picklist WHERE status = 'open'"  # noqa: S608 -- ours
        " ORDER BY priority, ship_by, first_location LIMIT ?) p ORDER BY zone LIMIT ?",
        (LISTS_LOOKED_AT, MOST_ZONES),
    )
    return [zone for (zone,) in rows if zone is not None]
