"""What people do on the canonical day: 200 commands of a picker and a packer, each with an id fixed by the seed."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

FIRST_ID = UUID("01990000-0000-7000-8000-000000000000").int
ORDERS_PER_LIST = 5
LINES = 3
SKUS = tuple(f"SKU-{n}" for n in range(1, 7))
BADGE = "BADGE-ANA"
COMMANDS = 200
UNDOES, MISSCANS = 0.15, 0.15
"""How often a count is taken back and made again, and a wrong code scanned first."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Act:
    """One command of a person."""

    command_id: str
    workplace: str
    kind: str
    members: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.kind} {dict(self.members) or ''} at {self.workplace} ({self.command_id})"


Rounds = list[list[list[Act]]]
"""Rounds one after the other; in a round each list is one person's, and persons work at the same time."""


class Plan:
    """The orders of a day and the commands that fulfil them. `number` tells it from others at the same HQ."""

    def __init__(self, seed: int, number: int) -> None:
        self.warehouse = f"wh-{number}"
        self._random = random.Random(seed)
        self._ids = itertools.count(FIRST_ID + (seed << 40) + (number << 20))
        self.orders = [self._order(f"ord-{number}-{n}") for n in range(2 * ORDERS_PER_LIST)]

    def act(self, workplace: str, kind: str, **members: str) -> Act:
        """A command with the next id."""
        return Act(str(UUID(int=next(self._ids))), workplace, kind, members)

    def rounds(self, picklists: list[tuple[str, list[Json]]]) -> Rounds:
        """The commands, once HQ made two picklists: (id, tasks in walking order)."""
        (first, first_tasks), (second, second_tasks) = picklists
        first_orders, second_orders = self.orders[:ORDERS_PER_LIST], self.orders[ORDERS_PER_LIST:]
        rounds = [
            [[self.act("pick", "scan", code=BADGE)], [self.act("pack", "scan", code=BADGE)]],
            [self._picking(first, first_tasks)],
            [self._picking(second, second_tasks), self._packing(first_orders)],
            [self._packing(second_orders)],
            [[self.act("pick", "sign-out")], [self.act("pack", "sign-out")]],
        ]
        missing = COMMANDS - sum(len(acts) for each in rounds for acts in each)
        rounds[3].append([self.act("pick", "scan", code=f"no-such-code-{n}") for n in range(missing)])
        return rounds

    def _order(self, order_id: str) -> Json:
        skus = self._random.sample(SKUS, LINES)
        return {
            "order_id": order_id,
            "warehouse_id": self.warehouse,
            "ship_to": {"name": "Zoë Müller", "address1": "1 Rue", "city": "Łódź", "country": "Poland"},
            "lines": [
                {"order_line_id": str(place), "sku": sku, "quantity": self._random.randint(1, 3)}
                for place, sku in enumerate(skus)
            ],
        }

    def _picking(self, picklist: str, tasks: list[Json]) -> list[Act]:
        acts, at = [self.act("pick", "scan", code=picklist)], ""
        for task in tasks:
            if task["location_id"] != at:
                at = task["location_id"]
                acts.append(self.act("pick", "scan", code=at))
            acts += self._counting("pick", task["sku"], task["qty"])
        return [*acts, self.act("pick", "complete")]

    def _packing(self, orders: list[Json]) -> list[Act]:
        acts = []
        for order in orders:
            acts.append(self.act("pack", "scan", code=order["order_id"]))
            for line in order["lines"]:
                acts += self._counting("pack", line["sku"], line["quantity"])
            acts += [self.act("pack", "weigh", reason="heavy wrapping"), self.act("pack", "seal")]
        return acts

    def _counting(self, workplace: str, sku: str, qty: int) -> list[Act]:
        whim = self._random.random()
        acts = [self.act(workplace, "scan", code="no-such-code")] if whim < MISSCANS else []
        acts.append(self.act(workplace, "scan", code=sku))
        if whim > 1 - UNDOES:
            acts += [self.act(workplace, "undo"), self.act(workplace, "scan", code=sku)]
        if qty > 1:
            acts.append(self.act(workplace, "quantity", quantity=str(qty)))
        return acts
