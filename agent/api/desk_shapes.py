"""What the routes of a supervisor's page answer."""

from __future__ import annotations

from typing import Any

from agent.api.shapes import ExceptionWaiting
from web.routes import Shape


class OrdersIn(Shape):
    """Orders in one state, in HQ's words; `ready_to_ship` are those packed in the window."""

    status: str
    count: int


class HourTold(Shape):
    """An hour from `since` on: units picked and packed as decimal text, parcels sealed."""

    since: str
    picked: str
    packed: str
    parcels: int


class Thing(Shape):
    """Something that has a story."""

    thing: str
    id: str


class PlaceTold(Shape):
    """Lines that ended short and wrong scans at a location or workplace."""

    place: str
    shorts: int
    mis_scans: int
    works: list[Thing]


class Labour(Shape):
    """What one person did: minutes signed in, units picked as decimal text, parcels sealed."""

    worker_id: str
    name: str
    minutes: int
    units_picked: str
    parcels: int


class LateOrder(Shape):
    """An order that should have left."""

    fulfillment_id: str
    order_id: str
    warehouse_id: str
    status: str
    requested_ship_date: str
    late_s: int


class BacklogAt(Shape):
    """What a lane had not sent, from `at` until the next."""

    at: str
    unsent: int
    parked: int
    state: str


class NamedWorker(Shape):
    """Somebody who may be given work."""

    worker_id: str
    name: str


class Day(Shape):
    """The figures of a window; `before` are the same hours of the day before. What cannot be said yet is left out."""

    station: str
    language: str
    now: str
    since: str
    orders: list[OrdersIn]
    figures: dict[str, Any]
    hours: list[HourTold]
    before: list[HourTold]
    places: list[PlaceTold]
    people: list[Labour]
    late: list[LateOrder]
    exceptions: list[ExceptionWaiting]
    backlog: dict[str, list[BacklogAt]]
    workers: list[NamedWorker]
    complete: bool


class Site(Shape):
    """HQ's figures of the whole site, when it told them, and why there are no newer ones."""

    lane: str | None
    at: str | None
    figures: dict[str, float] | None
    sentence: str


class Meant(Shape):
    """What a code means, of things that have a story."""

    code: str
    things: list[Thing]


class ShortsOf(Shape):
    """Lines that ended short for one reason."""

    reason: str
    lines: int


class LaneOwed(Shape):
    """What one HQ has not been told yet."""

    lane: str
    unsent: int
    oldest: str
    parked: int
    not_deliverable: int


class Report(Shape):
    """The report of a shift. Those of labels that ask or wait, of exceptions and of what is owed are as of now."""

    station: str
    since: str
    until: str
    picked_lines: int
    short_lines: int
    packed_parcels: int
    labels_wanted: int
    labels_proved: int
    labels_doubted: int
    labels_asking: int
    labels_waiting: int
    refusals: int
    people: list[Labour]
    backlog: list[LaneOwed]
    unknown: list[str]
    picked_orders: int
    packed_orders: int
    picked_units: str
    packed_units: str
    shorts: list[ShortsOf]
    mis_scans: int
    exceptions_open: int
    labels_reprinted: int
    labels_voided: int
