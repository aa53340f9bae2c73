"""The contract of seed 001 as far as the service has a route for it."""

from __future__ import annotations

import re
from typing import Any

from hq.app import MODULES, routes
from hq.calls import BASE
from web.contract import Contract


def served_part() -> Contract:
    """The operations that have a route; all others are answered 404 or 405."""
    whole = Contract.load("ofs")
    tables = [*(module.routes for module in MODULES), routes]
    served = {(route.method, nameless(route.path)) for table in tables for route in table.routes}
    paths: dict[str, dict[str, Any]] = {}
    for each in whole.operations:
        if (each.method, nameless(BASE + each.template)) in served:
            shared = whole.document["paths"][each.template].get("parameters", [])
            paths.setdefault(each.template, {"parameters": shared})[each.method.lower()] = each.document
    return Contract({**whole.document, "paths": paths}, whole.name)


def nameless(path: str) -> str:
    """A path with `{}` for every name."""
    return re.sub(r"\{[^}]+\}", "{}", path)
