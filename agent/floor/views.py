"""What a screen shows of a workplace, read from the store: one thing to do next, and was the last thing right."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from agent import exceptions
from agent.floor.label_view import labels_of
from agent.floor.notes import notes_of
from agent.problems import Problems
from devices.readings import DeviceState
from local_store import outbox
from local_store.clock import timestamp
from local_store.domain import states
from local_store.domain.events import decimal_text
from local_store.domain.floor import PackLine, PackWork, PickWork, Place, Task
from local_store.domain.site import Site
from local_store.domain.weights import kilograms
from local_store.loading import load_pack, load_pick, load_place, load_unchecked

CHOICES = 30
View = dict[str, Any]

SHORT_REASONS = (
    {"code": "location empty", "label": "Location empty"},
    {"code": "not enough", "label": "Not enough there"},
    {"code": "damaged", "label": "Damaged"},
    {"code": "wrong item there", "label": "Wrong item there"},
)

WEIGHT_REASONS = (
    {"code": "counted again, all is in", "label": "Counted again, all is in"},
    {"code": "other packaging", "label": "Other packaging"},
    {"code": "nominal weight is wrong", "label": "The nominal weight is wrong"},
)


class LaneState(Protocol):
    """What a lane says of its HQ."""

    @property
    def state(self) -> str:
        """`unknown`, `reachable`, `unreachable` or `paused`."""

    @property
    def since_ms(self) -> int | None:
        """Since when."""

    @property
    def sentence(self) -> str:
        """Why, in words; empty while all is well."""


@dataclass(frozen=True)
class Strip:
    """Where the members that every screen shows come from."""

    site: Site
    devices: Callable[[str], Sequence[tuple[str, str, DeviceState]]]
    """For a workplace: (name, kind, state) of its devices."""
    lanes: Callable[[], dict[str, LaneState]]
    problems: Problems
    training: bool


def view_of(db: sqlite3.Connection, strip: Strip, workplace: str, said: dict[str, Any] | None) -> View:
    """The whole view of a workplace."""
    place = load_place(db, workplace)
    work = strip.site.workplaces[workplace]
    worker = strip.site.workers.get(place.worker_id or "")
    view: View = {
        "workplace": workplace,
        "work": work,
        "station": strip.site.station_id,
        "training": strip.training,
        "worker": {"worker_id": worker.worker_id, "name": worker.name} if worker else None,
        "devices": [_device(*device) for device in strip.devices(workplace)],
        "lanes": lanes_view(db, strip),
        "problems": [problem.as_json() for problem in strip.problems.open()],
        "exceptions": exceptions.as_json(db),
        "answer": said,
    }
    doubted = said is not None and said["code"] == "pack.wrong_weight"
    if work == "pick":
        return view | _pick_view(db, place)
    return view | _pack_view(db, place, weight_doubted=doubted, label_check=strip.site.label_check)


def lanes_view(db: sqlite3.Connection, strip: Strip) -> list[View]:
    """Each lane: is its HQ reachable, how much is unsent, how old is the oldest."""
    found = []
    for name, lane in strip.lanes().items():
        figures = outbox.figures(db, name)
        found.append(
            {
                "lane": name,
                "state": lane.state,
                "since": _when(lane.since_ms),
                "sentence": _lane_words(lane.state, figures.unsent),
                "reason": lane.sentence,
                "unsent": figures.unsent,
                "oldest_unsent_at": _when(figures.oldest_unsent_ms),
                "parked": figures.parked,
                "not_deliverable": figures.not_deliverable,
            }
        )
    return found


def _lane_words(state: str, unsent: int) -> str:
    """What a worker needs to know of HQ: an outage is normal, and nothing is lost. The cause is for IT."""
    safe = f"Keep working; {unsent} facts are safe here and will be sent." if unsent else "Keep working."
    return {
        "unreachable": f"HQ cannot be reached. {safe}",
        "paused": f"HQ does not accept this station's key. {safe} Tell IT.",
    }.get(state, "")


def _device(name: str, kind: str, state: DeviceState) -> View:
    return {
        "name": name,
        "kind": kind,
        "state": state.state,
        "sentence": state.sentence,
        "next_step": state.next_step,
    }


# --- picking ----------------------------------------------------------------------------------------------------


def _pick_view(db: sqlite3.Connection, place: Place) -> View:
    work = load_pick(db, place.picklist_id) if place.picklist_id else None
    signed_in = place.worker_id is not None
    choices = _picklists_to_choose(db) if signed_in and work is None else []
    return {
        "next": _next_pick(work, signed_in=signed_in, anything_waits=bool(choices)),
        "progress": _progress(work.picklist_id, [not task.waits for task in work.tasks]) if work else None,
        "picklist": _picklist(db, work) if work else None,
        "choices": choices,
        "actions": _pick_actions(work, signed_in=signed_in),
    }


def _next_pick(work: PickWork | None, *, signed_in: bool, anything_waits: bool) -> View:
    if not signed_in:
        return _next("sign_in", "Scan your badge")
    if work is None:
        return _next("choose", "Scan a picklist", "or choose one below" if anything_waits else "none waits here yet")
    current = work.current
    if current is None:
        return _next("complete", "All lines done", f"Complete {work.picklist_id}", code=work.picklist_id)
    do = "scan_item" if work.location_id == current.location_id else "scan_location"
    more = " more" if current.picked > 0 else ""
    return _next(do, current.location_id, current.name, f"take {decimal_text(current.wanted)}{more}", current.sku)


def _picklist(db: sqlite3.Connection, work: PickWork) -> View:
    (priority,) = db.execute("SELECT priority FROM picklist WHERE picklist_id = ?", (work.picklist_id,)).fetchone()
    current = work.current
    return {
        "picklist_id": work.picklist_id,
        "priority": states.PRIORITIES[priority],
        "lines": [_task(task, current) for task in work.tasks],
    }


def _task(task: Task, current: Task | None) -> View:
    is_current = current is not None and task.task_id == current.task_id
    missing = task.wanted if task.status is states.PickTask.SHORT else 0 * task.qty
    return {
        "task_id": task.task_id,
        "location_id": task.location_id,
        "sku": task.sku,
        "name": task.name,
        "order_id": task.order_id,
        "qty": decimal_text(task.qty),
        "picked": decimal_text(task.picked),
        "short": decimal_text(missing),
        "state": "current" if is_current else task.status.value,
    }


def _picklists_to_choose(db: sqlite3.Connection) -> list[View]:
    """Open picklists by priority, ship-by and walking path."""
    rows = db.execute(
        "SELECT picklist_id, priority, ship_by, first_location FROM picklist"
        " WHERE status = 'open' ORDER BY priority, ship_by IS NULL, ship_by, first_location LIMIT ?",
        (CHOICES,),
    ).fetchall()
    return [_picklist_choice(db, *row) for row in rows]


def _picklist_choice(
    db: sqlite3.Connection, picklist_id: str, priority: int, ship_by: str | None, location: str
) -> View:
    lines, quantities = db.execute(
        "SELECT count(*), group_concat(qty) FROM pick_task WHERE picklist_id = ?", (picklist_id,)
    ).fetchone()
    return {
        "id": picklist_id,
        "title": picklist_id,
        "detail": f"starts at {location}",
        "priority": states.PRIORITIES[priority],
        "lines": lines,
        "units": _sum(quantities),
        "ship_by": ship_by,
    }


def _pick_actions(work: PickWork | None, *, signed_in: bool) -> list[View]:
    if not signed_in:
        return []
    if work is None:
        return [_action("sign-out", "Sign out")]
    if work.current is None:
        return [_action("complete", "Complete"), _undo(work)]
    counting = work.counting_task_id == work.current.task_id
    return [
        _action("short", "Short", reasons=list(SHORT_REASONS)),
        _undo(work),
        _action("skip", "Skip"),
        _action("quantity", "Quantity", enabled=counting),
        _action("sign-out", "Sign out"),
    ]


# --- packing ----------------------------------------------------------------------------------------------------


def _pack_view(db: sqlite3.Connection, place: Place, *, weight_doubted: bool, label_check: bool) -> View:
    work = load_pack(db, place.fulfillment_id) if place.fulfillment_id else None
    signed_in = place.worker_id is not None
    lines = [line for line in work.lines if line.qty > 0] if work else []
    choices = _orders_to_choose(db) if signed_in and work is None else []
    box_first = _box_first(db, place, label_check=label_check)
    return {
        "next": _next_pack(work, box_first, signed_in=signed_in, anything_waits=bool(choices)),
        "progress": _progress(work.order_id, [line.wanted <= 0 for line in lines]) if work else None,
        "picklist": None,
        "parcel": _parcel(db, work, lines) if work else None,
        "labels": labels_of(db, place.workplace),
        "choices": choices,
        "actions": _pack_actions(work, signed_in=signed_in, weight_doubted=weight_doubted),
    }


def _box_first(db: sqlite3.Connection, place: Place, *, label_check: bool) -> View | None:
    """The label that has to be scanned on its box before the next order, where the site wants that."""
    waits = load_unchecked(db, place.workplace) if label_check and place.fulfillment_id is None else None
    return None if waits is None else _next("label", "Scan the label", f"on the box of order {waits.order_id}")


def _next_pack(work: PackWork | None, box_first: View | None, *, signed_in: bool, anything_waits: bool) -> View:
    if not signed_in:
        return _next("sign_in", "Scan your badge")
    if box_first is not None:
        return box_first
    if work is None:
        below = ", or choose one below" if anything_waits else "; none waits here yet"
        return _next("scan_parcel", "Scan a tote", f"or an order{below}")
    current = work.current
    if current is not None:
        more = " more" if current.packed > 0 else ""
        return _next(
            "scan_item", current.name, current.sku, f"put {decimal_text(current.wanted)}{more} in", current.sku
        )
    if work.package is states.Package.OPEN:
        return _next("weigh", "Weigh the parcel", "Close the box and put it on the scale")
    return _next("seal", "Seal the parcel", "The label is printed when it is sealed")


def _parcel(db: sqlite3.Connection, work: PackWork, lines: list[PackLine]) -> View:
    party = db.execute(
        "SELECT name, address ->> '$.city' AS city, address ->> '$.country' AS country FROM party WHERE party_id = ?",
        (work.party_id,),
    ).fetchone()
    package = db.execute(
        "SELECT sscc, weight_mg, expected_mg FROM package WHERE package_id = ?", (work.package_id,)
    ).fetchone()
    (metadata,) = db.execute(
        "SELECT metadata FROM fulfillment WHERE fulfillment_id = ?", (work.fulfillment_id,)
    ).fetchone()
    current = work.current
    return {
        "fulfillment_id": work.fulfillment_id,
        "order_id": work.order_id,
        "notes": notes_of(metadata),
        "ship_to": {
            "name": party["name"] if party else "",
            "city": (party["city"] if party else "") or "",
            "country": (party["country"] if party else "") or "",
        },
        "lines": [_pack_line(line, current) for line in lines],
        "package": {
            "package_id": work.package_id,
            "state": work.package.value,
            "sscc": package["sscc"],
            "weight_text": _kilograms(package["weight_mg"]),
            "expected_text": _kilograms(package["expected_mg"]),
        },
    }


def _pack_line(line: PackLine, current: PackLine | None) -> View:
    is_current = current is not None and current.order_line_id == line.order_line_id
    return {
        "order_line_id": line.order_line_id,
        "sku": line.sku,
        "name": line.name,
        "qty": decimal_text(line.qty),
        "packed": decimal_text(line.packed),
        "state": "done" if line.wanted <= 0 else "current" if is_current else "open",
    }


def _orders_to_choose(db: sqlite3.Connection) -> list[View]:
    rows = db.execute(
        "SELECT f.fulfillment_id, f.order_id, f.tote_id, f.ship_by, count(*), group_concat(l.picked)"
        " FROM (SELECT * FROM fulfillment WHERE session = 'ready' ORDER BY ready_seq LIMIT ?) f"
        " JOIN fulfillment_line l USING (fulfillment_id) GROUP BY f.fulfillment_id ORDER BY min(f.ready_seq)",
        (CHOICES,),
    )
    return [
        {
            "id": fulfillment_id,
            "title": order_id,
            "detail": f"tote {tote_id}" if tote_id else "",
            "priority": "normal",
            "lines": lines,
            "units": _sum(quantities),
            "ship_by": ship_by,
        }
        for fulfillment_id, order_id, tote_id, ship_by, lines, quantities in rows
    ]


def _pack_actions(work: PackWork | None, *, signed_in: bool, weight_doubted: bool) -> list[View]:
    if not signed_in:
        return []
    if work is None:
        return [_action("sign-out", "Sign out")]
    if work.current is not None:
        counting = work.counting_line_id == work.current.order_line_id
        return [
            _undo(work),
            _action("quantity", "Quantity", enabled=counting),
            _action("sign-out", "Sign out"),
        ]
    weighed = work.package is states.Package.WEIGHED
    weigh = [_action("weigh", "Weigh again" if weighed or weight_doubted else "Weigh")]
    if weight_doubted and not weighed:
        weigh.append(_action("weigh", "Keep it: why?", reasons=list(WEIGHT_REASONS)))
    return [*weigh, _action("seal", "Seal", enabled=weighed), _undo(work)]


# --- small parts ------------------------------------------------------------------------------------------------


def _next(do: str, headline: str, detail: str = "", amount: str = "", code: str = "") -> View:
    return {"do": do, "headline": headline, "detail": detail, "amount": amount, "code": code}


def _action(do: str, label: str, *, enabled: bool = True, reasons: list[dict[str, str]] | None = None) -> View:
    return {"do": do, "label": label, "enabled": enabled, "reasons": reasons}


def _undo(work: PickWork | PackWork) -> View:
    return _action("undo", "Undo", enabled=work.last_count is not None)


def _progress(work_id: str, done: list[bool]) -> View:
    return {"id": work_id, "done": sum(done), "of": len(done)}


def _sum(quantities: str | None) -> str:
    """Total of quantities that SQL joined with commas: summed as decimals, never as floats."""
    return decimal_text(sum((Decimal(qty) for qty in (quantities or "0").split(",")), Decimal(0)))


def _kilograms(weight_mg: int | None) -> str | None:
    return None if weight_mg is None else kilograms(weight_mg)


def _when(at_ms: int | None) -> str | None:
    return None if at_ms is None else timestamp(at_ms)
