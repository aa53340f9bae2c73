"""What a screen shows of a workplace, read from the store: one thing to do next, and was the last thing right."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from agent import exceptions
from agent.floor.count_view import count_view
from agent.floor.inspect_view import inspect_view
from agent.floor.kit_view import kit_view
from agent.floor.load_view import load_view
from agent.floor.pack_view import pack_view
from agent.floor.pick_actions import missing_of, pick_actions
from agent.floor.pick_facts import pick_facts, tote_of
from agent.floor.put_away_view import put_away_view
from agent.floor.receive_view import receive_view
from agent.floor.return_view import return_view
from agent.floor.view_parts import CHOICES, View, by_hand, doing, progress, sign_in, total, when
from agent.problems import Problems
from devices.readings import DeviceState
from local_store import outbox
from local_store.clock import Clock, local_time
from local_store.domain import offline, states
from local_store.domain.events import decimal_text
from local_store.domain.floor import Place
from local_store.domain.pick_work import PickWork, Task
from local_store.domain.site import PickingRules, Site
from local_store.domain.words import Answer, listed, phrase, told
from local_store.loading import ZONE, load_pick, load_place
from local_store.works.picking import zone_of


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

    site_now: Callable[[], Site]
    clock: Clock
    devices: Callable[[str], Sequence[tuple[str, str, DeviceState]]]
    """For a workplace: (name, kind, state) of its devices."""
    lanes: Callable[[], dict[str, LaneState]]
    problems: Problems
    training: bool
    has_picture: Callable[[str], bool] = lambda _sku: False
    """Whether the site has a picture of a product."""

    @property
    def site(self) -> Site:
        """The site as it is now: people come and go with each bundle of badges, and HQ is heard or not."""
        return self.site_now()


GoodsView = Callable[[sqlite3.Connection, Place], View]
_GOODS: Mapping[str, GoodsView] = {
    "put_away": put_away_view,
    "count": count_view,
    "return": return_view,
    "inspect": inspect_view,
    "kit": kit_view,
    "load": load_view,
}
"""The view of each kind of work with goods, but for receiving."""


def view_of(
    db: sqlite3.Connection, strip: Strip, workplace: str, said: dict[str, Any] | None, answer: Answer | None = None
) -> View:
    """The whole view of a workplace. `answer` is what `said` shows of the last answer, with its values."""
    place = load_place(db, workplace)
    work = strip.site.workplaces[workplace]
    worker = strip.site.workers.get(place.worker_id or "")
    view: View = {
        "workplace": workplace,
        "work": work,
        "station": strip.site.station_id,
        "training": strip.training,
        "same_scan_ms": strip.site.same_scan_ms,
        "worker": {"worker_id": worker.worker_id, "name": worker.name} if worker else None,
        "devices": [_device(*device) for device in strip.devices(workplace)],
        "lanes": lanes_view(db, strip),
        "problems": [problem.as_json() for problem in strip.problems.open()],
        "exceptions": exceptions.as_json(db),
        "answer": said,
    }
    doubted = said is not None and said["code"] == "pack.wrong_weight"
    if work == "pick":
        view |= _pick_view(db, place, strip.site.picking)
    elif work == "pack":
        view |= pack_view(db, place, strip.site, weight_doubted=doubted)
    elif work == "receive":
        view |= receive_view(db, place, strip.site.receiving, answer)
    else:
        view |= _GOODS[work](db, place)
    view["actions"] += by_hand(signed_in=worker is not None)
    view["next"] |= {"picture": strip.has_picture(view["next"]["code"])}
    language = strip.site.language_of(worker)
    in_words: View = told(view, language)
    return in_words | {"language": language}


def lanes_view(db: sqlite3.Connection, strip: Strip) -> list[View]:
    """Each lane: is its HQ reachable, how much is unsent, how old is the oldest."""
    found = []
    for name, lane in strip.lanes().items():
        figures, away = outbox.figures(db, name), lane.state != "reachable"
        found.append(
            {
                "lane": name,
                "state": lane.state,
                "since": when(lane.since_ms),
                "sentence": _lane_words(lane.state, figures.unsent),
                "offline": _offline_words(strip, name) if away else [],
                "reason": lane.sentence,
                "unsent": figures.unsent,
                "oldest_unsent_at": when(figures.oldest_unsent_ms),
                "parked": figures.parked,
                "not_deliverable": figures.not_deliverable,
            }
        )
    return found


def _lane_words(state: str, unsent: int) -> str:
    """What a worker needs to know of HQ: an outage is normal, and nothing is lost. The cause is for IT."""
    kept = phrase("Keep working. Safe here and still to be sent: {unsent}.", unsent=unsent)
    safe = kept if unsent else phrase("Keep working.")
    return {
        "unreachable": phrase("HQ cannot be reached. {safe}", safe=safe),
        "paused": phrase("HQ does not accept this station's key. {safe} Tell IT.", safe=safe),
    }.get(state, "")


def _offline_words(strip: Strip, lane: str) -> list[str]:
    """Until when work of this HQ may be begun without it, and what has to wait."""
    site, now_ms = strip.site, strip.clock.mono_ms()
    said = offline.verdict(offline.OPEN_WORK, site.hq.get(lane), now_ms, site.freshness_ms)
    waits = phrase("Waits for HQ: {what}.", what=listed(list(offline.WAITING.values())))
    if not said.allowed:
        return [phrase("Work that HQ gave is not begun now, because HQ was silent for too long."), waits]
    if said.until_ms is None:
        return [waits]
    until = local_time(strip.clock.wall_ms() + said.until_ms - now_ms, site.timezone)
    return [phrase("Work that HQ gave may be begun until {until}.", until=until), waits]


def _device(name: str, kind: str, state: DeviceState) -> View:
    return {
        "name": name,
        "kind": kind,
        "state": state.state,
        "sentence": state.sentence,
        "next_step": state.next_step,
    }


# --- picking ----------------------------------------------------------------------------------------------------


def _pick_view(db: sqlite3.Connection, place: Place, rules: PickingRules) -> View:
    work = load_pick(db, place.picklist_id, rules) if place.picklist_id else None
    signed_in = place.worker_id is not None
    choices = _picklists_to_choose(db, place) if signed_in and work is None else []
    return {
        "next": _next_pick(work, _tote_wanted(db, work), signed_in=signed_in, anything_waits=bool(choices))
        | {"facts": pick_facts(db, work)},
        "progress": progress(work.picklist_id, [not task.waits for task in work.tasks]) if work else None,
        "picklist": _picklist(db, work) if work else None,
        "choices": choices,
        "actions": pick_actions(db, place, work),
    }


_ASKED = {
    "lot": phrase("Scan the lot"),
    "expiry": phrase("Scan the expiry date"),
    "serial": phrase("Scan the serial number"),
}


def _next_pick(work: PickWork | None, tote: str, *, signed_in: bool, anything_waits: bool) -> View:
    if not signed_in:
        return sign_in()
    if work is None:
        return doing(
            "choose",
            phrase("Scan a picklist"),
            phrase("or choose one below") if anything_waits else phrase("none waits here yet"),
        )
    current = work.current
    if current is None:
        return doing(
            "complete",
            phrase("All lines done"),
            phrase("Complete {picklist}", picklist=work.picklist_id),
            code=work.picklist_id,
        )
    if work.put_task_id is not None:
        task = work.task(work.put_task_id)
        where = phrase("put it into the tote of {order}", order=task.order_id)
        return doing("scan_tote", tote or phrase("Scan a tote"), task.item, where, tote or task.sku)
    do = "scan_item" if work.location_id == current.location_id else "scan_location"
    missing = missing_of(work)
    if missing is not None:
        return doing("scan_item", _ASKED[missing], current.item, code=current.sku)
    qty = decimal_text(current.wanted)
    take = phrase("take {qty} more", qty=qty) if current.picked > 0 else phrase("take {qty}", qty=qty)
    return doing(do, current.location_id, current.name, take, current.sku)


def _tote_wanted(db: sqlite3.Connection, work: PickWork | None) -> str:
    """The tote that what was taken is to go into; empty where none is wanted or known."""
    if work is None or work.put_task_id is None:
        return ""
    return tote_of(db, work.task(work.put_task_id).fulfillment_id)


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


def _picklists_to_choose(db: sqlite3.Connection, place: Place) -> list[View]:
    """Open picklists by priority, ship-by and walking path: those of the picker's zone that nobody else was given."""
    rows = db.execute(
        "SELECT picklist_id, priority, ship_by, first_location FROM picklist p"  # noqa: S608 -- ours
        f" WHERE status = 'open' AND (:zone IS NULL OR coalesce({ZONE}, :zone) = :zone)"
        " AND (given_to IS NULL OR given_to = :worker)"
        " ORDER BY priority, ship_by IS NULL, ship_by, first_location LIMIT :many",
        {"zone": zone_of(db, place.workplace), "worker": place.worker_id, "many": CHOICES},
    ).fetchall()
    return [_picklist_choice(db, *row) for row in rows]


def _picklist_choice(
    db: sqlite3.Connection, picklist_id: str, priority: int, ship_by: str | None, location: str
) -> View:
    lines, quantities, waiting = db.execute(
        "SELECT count(*), group_concat(qty), sum(status IN ('open', 'skipped')) FROM pick_task WHERE picklist_id = ?",
        (picklist_id,),
    ).fetchone()
    begun = phrase("{done} of {lines} lines done", done=lines - (waiting or 0), lines=lines)
    return {
        "id": picklist_id,
        "title": picklist_id,
        "detail": begun if waiting != lines else phrase("starts at {location}", location=location),
        "priority": states.PRIORITIES[priority],
        "lines": lines,
        "units": total(quantities),
        "ship_by": ship_by,
    }
