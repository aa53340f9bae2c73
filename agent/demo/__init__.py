"""A small day of work, shipped with the agent: for the demo, for training, and for tests without other data."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

KINDS = ("products", "stock", "orders")


def lines_of(kind: str) -> bytes:
    """The NDJSON of `products`, `stock` or `orders`."""
    return resources.files("agent.demo").joinpath(f"{kind}.ndjson").read_bytes()


def rows_of(kind: str) -> list[dict[str, Any]]:
    """The same, parsed."""
    return [json.loads(line) for line in lines_of(kind).splitlines()]
