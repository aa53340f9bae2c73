"""The parts of floor work, one module each: its views, what a command needs of them, and what it may ask for.

A new kind of floor work is a module here and in `domain`, its facts, commands and sentences, and its routes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from local_store.domain.commands import WorkerCommand
from local_store.works import (
    counting,
    dispatch,
    kitting,
    packing,
    people,
    picking,
    put_away,
    quality,
    receiving,
    returns,
    stock,
    story,
    supervising,
    tally,
)
from local_store.works.part import Act, DeskLoad, Rule

PARTS = (
    people,
    stock,
    tally,
    picking,
    packing,
    receiving,
    put_away,
    counting,
    returns,
    quality,
    kitting,
    dispatch,
    supervising,
    story,
)

TABLES: tuple[str, ...] = tuple(table for part in PARTS for table in part.TABLES)
"""Projected tables of all parts."""

ACTS: Mapping[type[WorkerCommand], Act] = {command: act for part in PARTS for command, act in part.ACTS.items()}
"""How each command of a worker is decided."""

DESKS: Mapping[str, DeskLoad] = {work: load for part in PARTS for work, load in part.DESKS.items()}
"""What is loaded for a workplace of each kind of work, beside picking and packing."""


def _rules() -> Mapping[str, tuple[Rule, ...]]:
    found: defaultdict[str, list[Rule]] = defaultdict(list)
    for part in PARTS:
        for kind, rule in part.RULES.items():
            found[kind].append(rule)
    return {kind: tuple(rules) for kind, rules in found.items()}


RULES: Mapping[str, tuple[Rule, ...]] = _rules()
"""How each fact changes the views of each part that follows it."""
