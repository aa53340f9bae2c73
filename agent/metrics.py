"""`/metrics`: figures for the site's own monitoring, in the text format of Prometheus; one series for each lane."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aiohttp import web

from agent.api.access import OPERATOR
from agent.lanes import Lanes
from local_store import outbox
from local_store.clock import Clock
from local_store.store import Store
from sync.dialect import Outcome
from web.routes import RouteTable

CONTENT_TYPE = "text/plain; version=0.0.4"
STATES = ("unknown", "reachable", "unreachable", "paused")

Sample = tuple[Mapping[str, str], float]


class Metrics:
    """The figures of one station."""

    def __init__(self, store: Store, lanes: Lanes, clock: Clock) -> None:
        self._store, self._lanes, self._clock = store, lanes, clock

    def routes(self) -> RouteTable:
        """The one route."""
        routes = RouteTable()
        routes.get("/metrics", OPERATOR, gives="text/plain")(self.get)
        return routes

    async def get(self, _request: web.Request) -> web.Response:
        """All figures as they are now."""
        response = web.Response(text=self.text())
        response.headers["Content-Type"] = CONTENT_TYPE
        return response

    def text(self) -> str:
        """All figures as text."""
        return "".join(line + "\n" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        states = self._lanes.states()
        figures = {lane: outbox.figures(self._store.reader, lane) for lane in states}
        now = self._clock.wall_ms()
        (facts,) = self._store.reader.execute("SELECT coalesce(max(seq), 0) FROM journal").fetchone()
        yield from _family("edge_facts_total", "counter", "Facts in the journal.", [({}, facts)])
        for name, text in (
            ("unsent", "Facts that wait for this HQ."),
            ("parked", "Facts that this HQ refused and that wait for a person."),
            ("not_deliverable", "Facts that this HQ cannot be told."),
        ):
            rows = [({"lane": lane}, getattr(of, name)) for lane, of in figures.items()]
            yield from _family(f"edge_lane_{name}", "gauge", text, rows)
        ages = [
            ({"lane": lane}, max(0, now - of.oldest_unsent_ms) / 1000 if of.oldest_unsent_ms is not None else 0)
            for lane, of in figures.items()
        ]
        yield from _family("edge_lane_oldest_unsent_seconds", "gauge", "Age of the oldest fact that waits.", ages)
        rows = [
            ({"lane": lane, "state": state}, int(told.state == state))
            for lane, told in states.items()
            for state in STATES
        ]
        yield from _family("edge_lane_state", "gauge", "1 for the state this HQ is in.", rows)
        rows = [
            ({"lane": lane, "outcome": each.value}, self._lanes.outcomes(lane).get(each, 0))
            for lane in states
            for each in Outcome
        ]
        yield from _family("edge_lane_requests_total", "counter", "Requests to this HQ by their outcome.", rows)


def _family(name: str, kind: str, text: str, samples: Sequence[Sample]) -> Iterator[str]:
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} {kind}"
    for labels, value in samples:
        inside = ",".join(f'{key}="{told}"' for key, told in labels.items())
        yield f"{name}{{{inside}}} {value:g}" if inside else f"{name} {value:g}"
