"""A smallest valid value of a schema: what a caller who only has the contract would send."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from web.contract import Contract

DEEPEST = 12
WORDS = (
    "wh_1", "2025-01-01T00:00:00Z", "2025-01-01", "https://conform.example/hook", "order.created",
    "0" * 32, "0" * 64, "GBP", "1", "12345678", "000000000000000000", "1.0", "^XA^XZ",
    "0190a5a0-0000-7000-8000-000000000001",
)  # fmt: skip
"""What is tried where a pattern or format is asked for; the validator says which of them fits."""


class NoSample(Exception):  # noqa: N818 -- told to the person as a call that could not be made
    """A schema for which no valid value could be found, and where."""


class Sampler:
    """Makes values of the schemas of one contract.

    `known` gives the value for a member's name where there is one, e.g. a sku that exists; `fresh` a text that was
    not used before, for ids that are ours to choose.
    """

    def __init__(self, contract: Contract, known: Mapping[str, str], fresh: Callable[[], str]) -> None:
        self._contract, self._known, self._fresh = contract, known, fresh

    def value(self, schema: Mapping[str, Any], name: str = "", depth: int = 0) -> Any:
        """A value that fits `schema`, with required members only. Raises NoSample."""
        if depth > DEEPEST:
            raise NoSample(f"{name}: the schema leads into itself")
        schema = self._contract.resolved(schema)
        found = self._composed(schema, name, depth)
        faults = self._contract.schemas.faults(name or "value", schema, found)
        if faults:
            raise NoSample(faults[0])
        return found

    def _composed(self, schema: Mapping[str, Any], name: str, depth: int) -> Any:
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self._known.get(name, schema["enum"][0])
        for alternative in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
            return self.value(alternative, name, depth + 1)
        kind = schema.get("type", "object" if "properties" in schema else "string")
        kind = kind if isinstance(kind, str) else kind[0]
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            item = name.removesuffix("s")
            return [self.value(schema.get("items", {}), item, depth + 1) for _ in range(schema.get("minItems", 0))]
        if kind in {"integer", "number"}:
            return max(schema.get("minimum", 1), schema.get("exclusiveMinimum", 0) + 1)
        return self._text(schema, name) if kind == "string" else {"boolean": False}.get(kind)

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        members = dict(schema.get("properties", {}))
        wanted = list(schema.get("required", ()))
        wanted += list(members)[: max(0, schema.get("minProperties", 0) - len(wanted))]
        made = {name: self.value(members.get(name, {}), name, depth + 1) for name in wanted}
        for part in schema.get("allOf", ()):
            made |= self.value(part, "", depth + 1)
        return made

    def _text(self, schema: Mapping[str, Any], name: str) -> str:
        if name in self._known:
            return self._known[name]
        for word in (self._fresh(), *WORDS):
            if not self._contract.schemas.faults(name, schema, word):
                return word
        raise NoSample(
            f"{name}: no text is known that fits {self._contract.schemas.shown(schema.get('pattern', ''))}"
        )
