"""Any command of a class, as a strategy: what its fields may be, with ids that mean something wherever they can.

A class that is added later needs nothing here: its fields tell what they take.
"""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin
from uuid import UUID

from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel, ValidationError
from pydantic.fields import FieldInfo

M = TypeVar("M", bound=BaseModel)
Pool = Callable[[str], Sequence[str]]
"""Strings that mean something in a member of this name."""

NONSENSE = ("", " ", "GARBAGE", "ÄÖ🙂", "x" * 40, "1", "0.5", "2027-03-31", "^XA", "]C1", "\x1d")


def subclasses(base: type[M]) -> Iterator[type[M]]:
    """Every class below `base` that has a kind of its own, in the order of kinds."""
    found = {}
    waiting = [base]
    while waiting:
        each = waiting.pop()
        waiting += each.__subclasses__()
        if "kind" in vars(each):
            found[vars(each)["kind"]] = each
    return iter(found[kind] for kind in sorted(found))


def instance(model: type[M], pool: Pool, fixed: Mapping[str, Any]) -> st.SearchStrategy[M | None]:
    """An instance with the members in `fixed`; None where what was drawn is no such command."""
    members = {
        name: st.just(fixed[name]) if name in fixed else _member(name, field, pool)
        for name, field in model.model_fields.items()
    }
    return st.fixed_dictionaries(members).map(lambda drawn: _made(model, drawn))


def _made(model: type[M], drawn: dict[str, Any]) -> M | None:
    try:
        return model.model_validate(drawn)
    except ValidationError:
        return None


def _member(name: str, field: FieldInfo, pool: Pool) -> st.SearchStrategy[Any]:
    drawn = _of(name, field.annotation, tuple(field.metadata), pool)
    return drawn if field.is_required() else st.just(field.get_default(call_default_factory=True)) | drawn


def _of(name: str, kind: Any, told: tuple[Any, ...], pool: Pool) -> st.SearchStrategy[Any]:
    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _of(name, args[0], (*told, *args[1:]), pool)
    if origin is Literal:
        return st.sampled_from(args)
    if origin in {Union, types.UnionType}:
        return st.one_of([_of(name, each, told, pool) for each in args])
    if origin in {tuple, frozenset, list}:
        return st.lists(_of(name, args[0], (), pool), min_size=1, max_size=3).map(origin)
    if origin is dict:
        return st.dictionaries(_of(name, args[0], (), pool), _of(name, args[1], (), pool), max_size=2)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        nested = {field.alias or each: _member(each, field, pool) for each, field in kind.model_fields.items()}
        return st.fixed_dictionaries(nested)
    return _plain(name, kind, told, pool)


def _plain(name: str, kind: Any, told: tuple[Any, ...], pool: Pool) -> st.SearchStrategy[Any]:
    if kind is str:
        known = tuple(pool(name))
        return st.sampled_from(known * 3 + NONSENSE) if known else st.sampled_from(NONSENSE)
    if kind is Decimal:
        return st.sampled_from([Decimal(text) for text in ("1", "2", "1", "3", "0", "-1", "0.5", "6", "999999")])
    if kind is int:
        low, high = _limits(told)
        usual = [each for each in (1, 2, 300_000) if low <= each <= high]
        return st.integers(low, high) | st.sampled_from(usual or [low])
    plain: dict[Any, st.SearchStrategy[Any]] = {
        bool: st.booleans(),
        type(None): st.none(),
        bytes: st.binary(min_size=1, max_size=8),
        UUID: st.uuids(version=4),
        dt.date: st.dates(dt.date(2020, 1, 1), dt.date(2035, 1, 1)),
        dt.datetime: st.datetimes(timezones=st.just(dt.UTC)),
        AwareDatetime: st.datetimes(timezones=st.just(dt.UTC)),
        Any: st.none(),
    }
    if kind not in plain:
        raise TypeError(f"{name}: no values are known for {kind}; add them to tests/support/arbitrary.py")
    return plain[kind]


def _limits(told: tuple[Any, ...]) -> tuple[int, int]:
    """The limits that stand in the metadata of a number."""
    low, high = -(2**63), 2**63 - 1
    for each in told:
        for part in getattr(each, "metadata", None) or (each,):
            low = max(low, getattr(part, "ge", None) or low, (getattr(part, "gt", None) or low - 1) + 1)
            high = min(high, getattr(part, "le", high) if getattr(part, "le", None) is not None else high)
    return low, high
