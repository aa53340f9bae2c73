"""The schemas of a contract: values against JSON Schema (Draft 2020-12), and their faults as sentences."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, NoReturn
from urllib.parse import parse_qsl
from uuid import UUID

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

FORM = "application/x-www-form-urlencoded"
MAX_FAULTS = 20
MAX_SHOWN = 80
HERE = "urn:contract"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")

FORMATS = FormatChecker(formats=())
"""Only what is said here is checked: the library's own list depends on what else is installed."""


@FORMATS.checks("uuid", ValueError)
def _is_uuid(value: object) -> bool:
    return not isinstance(value, str) or str(UUID(value)) == value.lower()


@FORMATS.checks("date-time", ValueError)
def _is_date_time(value: object) -> bool:
    return not isinstance(value, str) or bool(RFC3339.fullmatch(value) and datetime.fromisoformat(value.upper()))


@FORMATS.checks("date", ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value) and date.fromisoformat(value))


class Schemas:
    """Validators of one document, compiled when first needed; `$ref` leads into the document only."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        resource = DRAFT202012.create_resource(document)
        self._registry: Registry[Any] = Registry().with_resource(HERE, resource)
        self._compiled: dict[int, Draft202012Validator] = {}

    def faults(self, place: str, schema: Mapping[str, Any], value: Any) -> list[str]:
        """What in `value` breaks `schema`, each as a sentence; `place` says where the value stands."""
        try:
            errors = list(islice(self._validator(schema).iter_errors(value), MAX_FAULTS))
        except RecursionError:
            return [f"{place}: is nested too deeply to be checked."]
        return [self._sentence(place, error) for error in errors]

    @staticmethod
    def shown(value: Any) -> str:
        """`value` for a sentence: cut, without control characters, and never the inside of an object or array."""
        if isinstance(value, Mapping):
            names = ", ".join(Schemas.shown(name) for name in islice(value, 10))
            return f"an object with {names}" if value else "an empty object"
        if isinstance(value, list):
            return f"an array of {len(value)}"
        text = json.dumps(value)
        return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."

    def _validator(self, schema: Mapping[str, Any]) -> Draft202012Validator:
        # Schemas are parts of the document, which lives as long as this object: their identity is a sound key.
        found = self._compiled.get(id(schema))
        if found is None:
            found = Draft202012Validator(
                _inlined(self._document, schema), registry=self._registry, format_checker=FORMATS
            )
            self._compiled[id(schema)] = found
        return found

    def _sentence(self, place: str, error: ValidationError) -> str:
        where = "".join(f".{step}" for step in error.absolute_path)
        rule = _RULES.get(str(error.validator), _other_rule)(error)
        schema = error.schema if isinstance(error.schema, Mapping) else {}
        got = "a secret" if schema.get("format") == "password" else self.shown(error.instance)
        return f"{place}{where}: {rule} (got {got})."


def is_json(media: str) -> bool:
    """Whether a media type is JSON: `application/json` or anything `+json`."""
    return media == "application/json" or media.endswith("+json")


def media_type_of(content_type: str | None) -> str:
    """`application/json` of `Application/JSON; charset=utf-8`; empty without one."""
    return (content_type or "").partition(";")[0].strip().lower()


def parsed_body(media: str, body: bytes) -> Any:
    """A body as the value its schema speaks of. Raises ValueError naming why it cannot be read."""
    if is_json(media):
        return _json(body)
    text = body.decode("utf-8", "replace")
    if media == FORM:
        return dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True, max_num_fields=1000))
    return text


def parsed_text(schema: Mapping[str, Any], values: Sequence[str]) -> Any:
    """Texts from a path, query or header as the value a schema means; what does not fit stays text, and is told."""
    types = schema.get("type", "string")
    types = [types] if isinstance(types, str) else types
    if "array" in types:
        return [parsed_text(schema.get("items", {}), [value]) for value in values]
    if len(values) > 1:
        return list(values)
    value = values[0]
    if "integer" in types and re.fullmatch(r"-?\d{1,18}", value, re.ASCII):
        return int(value)
    if "number" in types and re.fullmatch(r"-?\d{1,18}(\.\d{1,18})?", value, re.ASCII):
        return float(value)
    if "boolean" in types and value in {"true", "false"}:
        return value == "true"
    return value


def _json(body: bytes) -> Any:
    try:
        return json.loads(body, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _inlined(document: Mapping[str, Any], part: Any, inside: tuple[str, ...] = ()) -> Any:
    """The schema with what its references name in their place: following them at each value takes three times longer.

    One that leads into itself stays a reference, into the document.
    """
    if isinstance(part, list):
        return [_inlined(document, each, inside) for each in part]
    if not isinstance(part, Mapping):
        return part
    ref = part.get("$ref")
    if not isinstance(ref, str):
        return {key: _inlined(document, value, inside) for key, value in part.items()}
    if ref in inside:
        return {"$ref": HERE + ref}
    target: Any = document
    for step in ref.removeprefix("#/").split("/"):
        target = target[step]
    named = _inlined(document, target, (*inside, ref))
    beside = {key: value for key, value in part.items() if key != "$ref" and not key.startswith("x-")}
    return {"allOf": [named, _inlined(document, beside, inside)]} if beside else named


def _other_rule(error: ValidationError) -> str:
    return f"breaks the rule {error.validator}: {Schemas.shown(error.validator_value)}"


def _missing(error: ValidationError) -> str:
    instance = error.instance if isinstance(error.instance, Mapping) else {}
    wanted: Any = error.validator_value
    absent = [name for name in wanted if name not in instance]
    return f"must have {', '.join(absent)}"


def _unknown(error: ValidationError) -> str:
    known = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
    instance: Any = error.instance
    more = sorted(instance.keys() - known.keys())
    return f"must not have {', '.join(Schemas.shown(name) for name in islice(more, 10))}"


def _one_of(error: ValidationError) -> str:
    reasons = islice(_innermost(error), 4)
    return "must fit one of its forms; " + "; ".join(reasons)


def _innermost(error: ValidationError) -> Iterator[str]:
    for inner in error.context or ():
        where = "".join(f".{step}" for step in inner.relative_path)
        yield f"{where or 'it'} {_RULES.get(str(inner.validator), _other_rule)(inner)}"


_RULES = {
    "type": lambda error: f"must be {_types(error.validator_value)}",
    "enum": lambda error: "must be one of " + ", ".join(Schemas.shown(each) for each in error.validator_value),
    "const": lambda error: f"must be {Schemas.shown(error.validator_value)}",
    "minimum": lambda error: f"must be {error.validator_value} or more",
    "maximum": lambda error: f"must be {error.validator_value} or less",
    "exclusiveMinimum": lambda error: f"must be more than {error.validator_value}",
    "exclusiveMaximum": lambda error: f"must be less than {error.validator_value}",
    "minLength": lambda error: f"must have {error.validator_value} characters or more",
    "maxLength": lambda error: f"must have {error.validator_value} characters or fewer",
    "minItems": lambda error: f"must have {error.validator_value} elements or more",
    "maxItems": lambda error: f"must have {error.validator_value} elements or fewer",
    "pattern": lambda error: f"must look like {error.validator_value}",
    "format": lambda error: f"must be a {error.validator_value}",
    "required": _missing,
    "additionalProperties": _unknown,
    "unevaluatedProperties": _unknown,
    "anyOf": _one_of,
    "oneOf": _one_of,
}


def _types(wanted: str | list[str]) -> str:
    return wanted if isinstance(wanted, str) else " or ".join(wanted)
