"""What every translation of this dialect is made of: who tells, what was sent, and small steps of a request. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote, unquote

from local_store.domain import events as e
from local_store.outbox import NewRequest, Promised
from sync.dialect import Known, Learned, Missing, NotNeeded, Outcome, Verdict
from sync.dialects.ofs.capabilities import PROFILE
from sync.wording import clean


class At(NamedTuple):
    """Who tells: the station, and the warehouse it stands in."""

    station_id: str
    warehouse_id: str


class Sent(NamedTuple):
    """What was sent."""

    path: str
    body: Any

    @property
    def ident(self) -> str:
        """The id in the path, `/things/{id}/act`."""
        return unquote(self.path.split("/")[2])


Facts = Sequence[Promised]
Told = NewRequest | Missing | NotNeeded
Build = Callable[[Facts, Known, At], Told]
Read = Callable[[Facts, Sent, Any], Verdict]
F = TypeVar("F", bound=e.Fact)


def about(what: str, wanted: str, got: str | None, *learned: Learned) -> Verdict:
    """Success, if HQ's answer is about the thing that was sent."""
    if got != wanted:
        return Verdict(Outcome.AMBIG, clean(f"HQ answered about {what} {got}, and {wanted} was sent."))
    return Verdict(Outcome.OK, learned=learned)


def grams(weight_mg: int) -> int:
    """Milligrams in HQ's unit of weight, half to even."""
    return round(Decimal(weight_mg) / PROFILE.mg_per_weight_unit)


def only(facts: Facts, kind: type[F]) -> F:
    """The fact of a request that carries one."""
    (each,) = facts
    assert isinstance(each.fact, kind)
    return each.fact


def post(path: str, **body: Any) -> NewRequest:
    """A POST of these members."""
    return NewRequest("POST", path, as_json(body))


def part(ident: str) -> str:
    """An id as one part of a path."""
    return quote(ident, safe="")


def number(qty: Decimal) -> int | str:
    """A JSON number where it is whole, else the exact text."""
    return int(qty) if qty == qty.to_integral_value() else e.decimal_text(qty)


def as_json(value: Any) -> str:
    """One text for one value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
