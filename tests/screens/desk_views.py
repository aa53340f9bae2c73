"""Scripted answers for the desks: a morning with a bit of everything, as the station tells it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]
NOW = datetime(2030, 5, 6, 12, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(when: datetime) -> str:
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def hour(back: int, picked: str, packed: str, parcels: int) -> Json:
    since = NOW.replace(minute=0) - back * HOUR
    return {"since": at(since), "picked": picked, "packed": packed, "parcels": parcels}


def sample(minutes_ago: int, unsent: int, state: str = "reachable", parked: int = 2) -> Json:
    return {"at": at(NOW - timedelta(minutes=minutes_ago)), "unsent": unsent, "parked": parked, "state": state}


PICKED = ("84", "132", "151.5", "140", "96", "128", "160", "12")
BEFORE = ("90", "120", "120", "130", "118", "122", "131", "127")
PLACES = [
    ("D-01-3", 4, 2, [("picklist", "PICK-12"), ("picklist", "PICK-9")]),
    ("A-02-1", 2, 1, [("picklist", "PICK-9")]),
    ("C-11-4", 0, 3, [("picklist", "PICK-12")]),
    ("pack-1", 0, 1, [("fulfillment", "ful_10249")]),
]
DAY: Json = {
    "station": "station-1",
    "language": "en",
    "now": at(NOW),
    "since": at(NOW.replace(minute=0) - 7 * HOUR),
    "orders": [
        {"status": "awaiting_allocation", "count": 6},
        {"status": "allocated", "count": 41},
        {"status": "picking", "count": 17},
        {"status": "picked", "count": 9},
        {"status": "packing", "count": 2},
        {"status": "ready_to_ship", "count": 58},
    ],
    "figures": {
        "pick_rate_p50": 96.0,
        "pick_rate_p95": 150.0,
        "pack_throughput": 61,
        "ship_late_count": 2,
        "first_pass_yield": 0.9612,
        "mis_picks": 6,
        "clock_set": 0,
        "complete": True,
    },
    "hours": [hour(7 - n, picked, picked, 5 + n) for n, picked in enumerate(PICKED)],
    "before": [hour(31 - n, picked, picked, 8) for n, picked in enumerate(BEFORE)],
    "places": [
        {
            "place": place,
            "shorts": shorts,
            "mis_scans": wrong,
            "works": [{"thing": thing, "id": ident} for thing, ident in works],
        }
        for place, shorts, wrong, works in PLACES
    ],
    "people": [
        {"worker_id": "w1", "name": "Ana Trujillo", "minutes": 421, "units_picked": "512", "parcels": 0},
        {"worker_id": "w2", "name": "Łukasz Święty", "minutes": 402, "units_picked": "391.5", "parcels": 12},
        {"worker_id": "w3", "name": "ليلى", "minutes": 65, "units_picked": "0", "parcels": 49},
    ],
    "late": [
        {
            "fulfillment_id": "ful_10248",
            "order_id": "ord_10248",
            "warehouse_id": "WH-1",
            "status": "waiting",
            "requested_ship_date": at(NOW - 2 * HOUR),
            "late_s": 7200,
        },
        {
            "fulfillment_id": "ful_10251",
            "order_id": "ord_10251",
            "warehouse_id": "WH-1",
            "status": "packing",
            "requested_ship_date": at(NOW - 30 * HOUR),
            "late_s": 108_000,
        },
    ],
    "exceptions": [
        {
            "exception_id": "ex-1",
            "work": "fulfillment",
            "id": "ful_10250",
            "sentence": "HQ cancelled order ord_10250 after 3 of its 5 lines were picked. What becomes of the goods?",
            "state": "open",
            "proposed": "put_back",
            "steps": ["put_back", "re_bin", "hold"],
        }
    ],
    "backlog": {
        "main": [
            sample(470, 0, parked=0),
            sample(300, 3),
            sample(180, 40, "unreachable"),
            sample(150, 118, "unreachable"),
            sample(120, 212, "unreachable"),
            sample(95, 60),
            sample(60, 4),
            sample(0, 12),
        ]
    },
    "workers": [
        {"worker_id": "w1", "name": "Ana Trujillo"},
        {"worker_id": "w2", "name": "Łukasz Święty"},
        {"worker_id": "w3", "name": "ليلى"},
    ],
    "complete": True,
}
EMPTY: Json = {
    **DAY,
    "orders": [{"status": "ready_to_ship", "count": 0}],
    "figures": {"pack_throughput": 0, "ship_late_count": 0, "mis_picks": 0, "clock_set": 0, "complete": True},
    "hours": [hour(7 - n, "0", "0", 0) for n in range(8)],
    "before": [hour(31 - n, "0", "0", 0) for n in range(8)],
    "places": [],
    "people": [],
    "late": [],
    "exceptions": [],
    "backlog": {"main": [sample(0, 0, parked=0)]},
}
SITE: Json = {
    "lane": "main",
    "at": at(NOW - timedelta(minutes=3)),
    "figures": {"pick_rate_p50": 88.5, "pack_throughput": 904, "first_pass_yield": 0.981, "ship_late_count": 31},
    "sentence": "",
}
NO_SITE: Json = {
    "lane": "main",
    "at": None,
    "figures": None,
    "sentence": "HQ main tells no figures of the whole site now. It did not answer within 10 s.",
}
PARKED: Json = {
    "parked": [
        {
            "seq": 812,
            "entity": "fulfillment:ful_10247",
            "kind": "package.packed",
            "reason": "HQ says 409 invalid_state: the order ful_10247 is already shipped. Ask HQ to open it again.",
        },
        {
            "seq": 815,
            "entity": "fulfillment:ful_10247",
            "kind": "package.sealed",
            "reason": "HQ says 409 invalid_state: the order ful_10247 is already shipped. Ask HQ to open it again.",
        },
    ]
}


def picklist(ident: str, status: str, priority: str, worker: str | None, done: int, of: int) -> Json:
    tasks = [{"status": "done" if n < done else "open"} for n in range(of)]
    orders = [f"ful_{ident}_{n}" for n in range(3)]
    return {
        "picklist_id": ident,
        "status": status,
        "priority": priority,
        "worker_id": worker,
        "fulfillment_ids": orders,
        "tasks": tasks,
    }


LISTS: Json = {
    "items": [
        picklist("PICK-12", "in_progress", "urgent", "w1", 4, 9),
        picklist("PICK-13", "assigned", "normal", None, 0, 14),
        picklist("PICK-14", "assigned", "low", None, 0, 3),
    ],
    "next_cursor": None,
}
TASKS: Json = {
    "tasks": [
        {
            "task_id": "task_1",
            "type": "count",
            "instructions": "Count D-01-3: two pickers found it empty.",
            "subject": None,
            "zone": None,
            "priority": "high",
            "worker_id": "w2",
            "due_at": at(NOW + 2 * HOUR),
            "status": "open",
        }
    ]
}


def step(minutes: int, action: str, actor: str | None, place: str | None = None, **details: Any) -> Json:
    return {
        "at": at(NOW - timedelta(minutes=minutes)),
        "action": action,
        "picklist_id": None,
        "actor": actor,
        "device": "scanner-1" if actor else "station-1",
        "place": place,
        "correlation_id": "c",
        "details": details,
        "station": "station-1",
        "seq": 1000 - minutes,
        "event_id": "e",
        "hash": "00",
        "sound": True,
    }


STORY: Json = {
    "items": [
        step(1600, "work.fulfillment_received", None),
        step(95, "picklist.started", "w1", "pick-1"),
        step(92, "pick.location_confirmed", "w1", None, location_id="D-01-3"),
        step(91, "scan.refused", "w1", "pick-1", code="NW-036", reason="pick.wrong_item"),
        step(90, "pick.counted", "w1", None, location_id="D-01-3", sku="NW-011", qty="3", picked="3"),
        step(88, "pick.short", "w1", None, location_id="D-01-3", sku="NW-011", qty="4", reason="Shelf is empty"),
        step(40, "pack.opened", "w3", "pack-1"),
        {**step(31, "package.weighed", "w3", None, weight_mg=12_340_000), "device": "scale-1"},
        step(30, "package.sealed", "w3", "pack-1", sscc="006141410000000017"),
        {**step(29, "label.confirmed", None, None), "device": "printer-1"},
    ],
    "next_cursor": None,
    "complete": True,
}
REPORT: Json = {
    "station": "station-1",
    "since": "2030-05-06 06:00",
    "until": "2030-05-06 14:00",
    "picked_lines": 214,
    "short_lines": 6,
    "packed_parcels": 61,
    "labels_wanted": 64,
    "labels_proved": 61,
    "labels_doubted": 2,
    "labels_asking": 1,
    "labels_waiting": 0,
    "refusals": 9,
    "people": DAY["people"],
    "backlog": [{"lane": "main", "unsent": 12, "oldest": "3 min", "parked": 2, "not_deliverable": 4}],
    "unknown": ["whether 1 label came out; the screens ask."],
    "picked_orders": 58,
    "packed_orders": 58,
    "picked_units": "903.5",
    "packed_units": "880",
    "shorts": [{"reason": "Shelf is empty", "lines": 4}, {"reason": "Damaged", "lines": 2}],
    "mis_scans": 7,
    "exceptions_open": 1,
    "labels_reprinted": 2,
    "labels_voided": 1,
}
SIGNED_IN: Json = {
    "key": "k",
    "key_id": "key_1",
    "worker_id": "w9",
    "name": "Eve Kowalczyk",
    "roles": ["supervisor"],
    "expires_at": at(NOW + 12 * HOUR),
    "idle_s": 1800,
}
