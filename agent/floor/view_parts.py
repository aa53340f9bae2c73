"""Small parts that the views of every kind of work are made of."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal, TypedDict, Unpack

from local_store.clock import timestamp
from local_store.domain.events import decimal_text
from local_store.domain.pack_work import PackWork
from local_store.domain.pick_work import PickWork
from local_store.domain.weights import kilograms
from local_store.domain.words import phrase

CHOICES = 30
View = dict[str, Any]


def doing(
    do: str, headline: str, detail: str = "", amount: str = "", code: str = "", facts: Sequence[View] = ()
) -> View:
    """The one thing to do next, with `facts` beneath it. Whether there is a picture of it, the whole view says."""
    said = {"do": do, "headline": headline, "detail": detail, "amount": amount, "code": code}
    return {**said, "facts": list(facts), "picture": False}


def sign_in() -> View:
    """Nobody is signed in: a badge comes before anything else."""
    return doing("sign_in", phrase("Scan your badge"))


def fact(label: str, value: str, *, code: bool = False) -> View:
    """Something to compare the goods with: a lot, a date, a place. `code`: it is told letter by letter."""
    return {"label": label, "value": value, "code": code}


Pad = Literal["number", "date", "text", "texts"]
Stand = Literal["first", "bar", "more"]


class Asked(TypedDict, total=False):
    """How something is asked for, and where its button stands; see `action`."""

    member: str
    body: dict[str, Any]
    place: Stand
    ask: str
    then: list[View]
    path: str
    about: str
    wrap: str
    approval: bool


USUAL: View = {
    "member": "reason",
    "body": {},
    "place": "bar",
    "ask": "",
    "then": [],
    "path": None,
    "about": None,
    "wrap": None,
    "approval": False,
}


def action(
    do: str,
    label: str,
    *,
    enabled: bool = True,
    reasons: list[View] | None = None,
    pad: Pad | Literal["photo"] | None = None,
    **asked: Unpack[Asked],
) -> View:
    """Something that may be done now: the command `do` with `body`.

    One with `reasons` is done with one of these tiles, one with a `pad` with what is keyed or photographed; that is
    sent as `member`, and `ask` stands above it. `then` are more things to be asked before it is done; see `step`.
    `place`: the way on, beside it, or behind a second tap. `path`: where it is sent, where that is not the
    workplace's own. `about`: what a photo is kept as being of. `wrap`: the name of a list in which it is sent alone.
    `approval`: a supervisor has to allow it, whose badge and PIN are asked for last; only where there is a `path`.
    """
    return {"do": do, "label": label, "enabled": enabled, "reasons": reasons, "pad": pad, **USUAL, **asked}


def step(
    ask: str,
    member: str,
    *,
    reasons: list[View] | None = None,
    pad: Pad | None = None,
) -> View:
    """One more thing that is asked before something is done: tiles, or keys."""
    return {"ask": ask, "member": member, "reasons": reasons, "pad": pad}


def tile(
    code: Any, label: str, detail: str = "", *, body: dict[str, Any] | None = None, then: list[View] | None = None
) -> View:
    """One of several to choose from; `body`: what it says beside its code. `then`: instead of the action's own."""
    return {"code": code, "label": label, "detail": detail, "body": body or {}, "then": then}


def quantity_action(*, enabled: bool, place: Stand = "bar") -> View:
    """Keying how many are in hand in all."""
    return action("quantity", phrase("Quantity"), enabled=enabled, pad="number", member="quantity", place=place)


def by_hand(*, signed_in: bool) -> list[View]:
    """What can be done whatever the work: keying a code that no scanner reads, and leaving; what is open stays so."""
    if not signed_in:
        return [action("scan", phrase("Key your badge"), pad="text", member="code")]
    key_code = action("scan", phrase("Key a code"), pad="text", member="code", place="more")
    return [key_code, action("sign-out", phrase("Sign out"))]


def undo_action(work: PickWork | PackWork) -> View:
    """Taking the last count back."""
    return action("undo", phrase("Undo"), enabled=work.last_count is not None)


def progress(work_id: str, done: list[bool]) -> View:
    """How much of it is done."""
    return {"id": work_id, "done": sum(done), "of": len(done)}


def total(quantities: str | None) -> str:
    """Total of quantities that SQL joined with commas: summed as decimals, never as floats."""
    return decimal_text(sum((Decimal(qty) for qty in (quantities or "0").split(",")), Decimal(0)))


def weight_text(weight_mg: int | None) -> str | None:
    """A weight for people; None where there is none."""
    return None if weight_mg is None else kilograms(weight_mg)


def when(at_ms: int | None) -> str | None:
    """A time as the screens get it."""
    return None if at_ms is None else timestamp(at_ms)
