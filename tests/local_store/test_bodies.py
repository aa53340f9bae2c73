"""The text of a body: one fact has one, whatever its kind, so that a hash over it can be made again at any time."""

from __future__ import annotations

import json
import types
import typing
from decimal import Decimal
from typing import Annotated, Any, Literal, Union

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local_store import journal
from local_store.domain import events as e

texts = st.text(st.characters(codec="utf-8"), max_size=8)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | texts,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(texts, inside, max_size=3),
    max_leaves=5,
)
SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    types.NoneType: st.none(),
    str: texts,
    bool: st.booleans(),
    int: st.integers(1, 10**9),
    Decimal: st.decimals(0, 1000, places=3),
    Any: json_values,
}


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Any value that a member of this type can have."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if kind in SIMPLE:
        return SIMPLE[kind]
    if origin is Annotated:
        return values_of(inner[0])
    if origin in {Union, types.UnionType}:
        return st.one_of(*map(values_of, inner))
    if origin is Literal:
        return st.sampled_from(inner)
    if origin is tuple and inner[-1] is ...:
        return st.lists(values_of(inner[0]), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*map(values_of, inner))
    if origin is dict:
        return st.dictionaries(texts, values_of(inner[1]), max_size=4)
    assert issubclass(kind, e.Stored), kind
    return any_of(kind)


def any_of(kind: type[e.Stored]) -> st.SearchStrategy[Any]:
    """Anything of this kind."""
    members = {name: values_of(field.annotation) for name, field in kind.model_fields.items()}
    return st.fixed_dictionaries(members).map(kind.model_validate)


@pytest.mark.parametrize("kind", e.KINDS)
def test_a_body_is_the_facts_members_in_the_order_of_their_names_without_blanks(kind: str) -> None:
    @settings(max_examples=20)
    @given(any_of(e.KINDS[kind]))
    def holds(fact: e.Fact) -> None:
        members = fact.model_dump(mode="json", exclude_defaults=True)
        body = journal.canonical(fact)
        assert body == json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert journal.fact_of(1, kind, body) == fact

    holds()
