"""What an API promises: an OpenAPI 3.1 document, and whether a request or an answer keeps to it.

Both servers and the command line may use it: it opens no port and knows no framework. The documents are the YAML
files in `hq/contracts`, one per dialect; they are read as files, so that looking into one imports nothing of HQ.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml

from web.contract_schema import FORM, Schemas, media_type_of, parsed_body, parsed_text

METHODS = ("get", "post", "put", "patch", "delete")
MAX_SENTENCES = 20
"""Faults told of one message; who has mended twenty asks again."""


class BadContract(Exception):  # noqa: N818 -- a document that cannot be used, told to the person who named it
    """A contract that is missing or cannot be read, and why."""


@dataclass(frozen=True)
class Operation:
    """One method and path of a contract. `path_values` is what a path holds for the names in the template."""

    contract: Contract = field(repr=False)
    method: str
    template: str
    document: Mapping[str, Any] = field(repr=False)
    path_values: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """`POST /picklists/{picklistId}/scan`."""
        return f"{self.method} {self.template}"

    @property
    def parameters(self) -> list[Mapping[str, Any]]:
        """Its parameters and those of its path, references resolved; an operation's own goes before."""
        shared = self.contract.document["paths"][self.template].get("parameters", [])
        found = {}
        for each in [*shared, *self.document.get("parameters", [])]:
            parameter = self.contract.resolved(each)
            found[parameter["in"], parameter["name"].lower()] = parameter
        return list(found.values())

    @property
    def request_body(self) -> Mapping[str, Any] | None:
        """Its request body, or None for an operation without one."""
        body = self.document.get("requestBody")
        return None if body is None else self.contract.resolved(body)

    @property
    def statuses(self) -> frozenset[str]:
        """The documented statuses as text: `404`, `2XX` or `default`."""
        return frozenset(str(status) for status in self.document["responses"])

    def response(self, status: int) -> Mapping[str, Any] | None:
        """What is documented for `status`, or None: the exact one before its range before `default`."""
        responses = {str(key): value for key, value in self.document["responses"].items()}
        for key in (str(status), f"{status // 100}XX", "default"):
            if key in responses:
                return self.contract.resolved(responses[key])
        return None

    def check_request(self, query: Mapping[str, str], headers: Mapping[str, str], body: bytes | None) -> list[str]:
        """What in a request breaks the contract, each as a sentence with place, rule and value; [] when nothing does.

        `query` may be a multi-mapping. `body` is None where it was not read: then only its type is checked. Who may
        call is not looked at, and no sentence holds a header that the contract does not name.
        """
        envelope = self.check_envelope(headers, body)
        return [*envelope, *self.check_members(query, headers, None if envelope else body)][:MAX_SENTENCES]

    def check_envelope(self, headers: Mapping[str, str], body: bytes | None) -> list[str]:
        """The part of `check_request` that needs no schema of a body: headers, the body's type, whether it parses."""
        found = list(self._header_faults(headers))
        if self.request_body is not None and not self._may_lack(body):
            content, given = self.request_body["content"], _content_type(headers)
            found += self._type_faults(f"{self.name}, body", content, given, body)
        return found[:MAX_SENTENCES]

    def check_members(self, query: Mapping[str, str], headers: Mapping[str, str], body: bytes | None) -> list[str]:
        """The rest of it: what the path, the query and a body that can be read hold."""
        found = [*self._path_faults(), *self._query_faults(query)]
        if self.request_body is not None and body is not None and not self._may_lack(body):
            content, given = self.request_body["content"], _content_type(headers)
            found += self._schema_faults(f"{self.name}, body", content, given, body)
        return found[:MAX_SENTENCES]

    def check_answer(self, status: int, headers: Mapping[str, str], body: bytes | None) -> list[str]:
        """What in an answer breaks the contract, as sentences. `body` is None where it was not read."""
        response = self.response(status)
        if response is None:
            wanted = ", ".join(sorted(self.statuses))
            return [f"{self.name} answered {status}, which its contract does not name (it names {wanted})."]
        place = f"{self.name}, answer {status}"
        given = {name.lower(): value for name, value in headers.items()}
        found: list[str] = []
        for name, each in response.get("headers", {}).items():
            value = [given.get(name.lower())]
            found += self._value_faults(f"{place}, header {name}", self.contract.resolved(each), value)
        content, media, place = response.get("content", {}), _content_type(headers), f"{place}, body"
        wrong = self._type_faults(place, content, media, body)
        if not wrong and body:
            wrong = self._schema_faults(place, content, media, body)
        return [*found, *wrong][:MAX_SENTENCES]

    def _path_faults(self) -> Iterator[str]:
        for each in self.parameters:
            if each["in"] == "path" and each["name"] in self.path_values:
                place = f"{self.name}, path member {each['name']}"
                yield from self._value_faults(place, each, [self.path_values[each["name"]]])

    def _query_faults(self, query: Mapping[str, str]) -> Iterator[str]:
        known = {each["name"]: each for each in self.parameters if each["in"] == "query"}
        given: dict[str, list[str]] = {}
        for name, value in query.items():
            given.setdefault(name, []).append(value)
        for name in given.keys() - known.keys():
            yield f"{self.name} has no query parameter {self.contract.schemas.shown(name)}."
        for name, each in known.items():
            yield from self._value_faults(f"{self.name}, query parameter {name}", each, list(given.get(name, [None])))

    def _header_faults(self, headers: Mapping[str, str]) -> Iterator[str]:
        given = {name.lower(): value for name, value in headers.items()}
        for each in self.parameters:
            if each["in"] == "header":
                place = f"{self.name}, header {each['name']}"
                yield from self._value_faults(place, each, [given.get(each["name"].lower())])

    def _value_faults(self, place: str, declared: Mapping[str, Any], given: list[str | None]) -> list[str]:
        values = [value for value in given if value is not None]
        if not values:
            return [f"{place}: is missing."] if declared.get("required") else []
        schema = declared.get("schema", {})
        return self.contract.schemas.faults(place, schema, parsed_text(self.contract.resolved(schema), values))

    def _may_lack(self, body: bytes | None) -> bool:
        return body == b"" and not (self.request_body or {}).get("required")

    def _type_faults(self, place: str, content: Mapping[str, Any], media: str, body: bytes | None) -> list[str]:
        if not content:
            return [f"{place}: must be empty (got {len(body)} bytes)."] if body else []
        if body == b"" and not (media.startswith("text/") and media in content):  # a text may be empty
            return [f"{place}: is missing."]
        if media not in content and "*/*" not in content:
            got = self.contract.schemas.shown(media) if media else "none"
            return [f"{place}: must be of type {' or '.join(sorted(content))} (got {got})."]
        if body is None:
            return []
        try:
            parsed_body(media, body)
        except ValueError as error:
            return [f"{place}: is not {'a form' if media == FORM else 'JSON'}: {error}."]
        return []

    def _schema_faults(self, place: str, content: Mapping[str, Any], media: str, body: bytes) -> list[str]:
        declared = content.get(media, content.get("*/*"))
        if declared is None or "schema" not in declared:
            return []
        return self.contract.schemas.faults(place, declared["schema"], parsed_body(media, body))


class Contract:
    """An OpenAPI 3.1 document with its operations."""

    def __init__(self, document: Mapping[str, Any], name: str) -> None:
        """`name` is what sentences call the document. Raises BadContract for one that cannot be used."""
        self.name, self.document = name, document
        if not str(document.get("openapi", "")).startswith("3.1.") or not document.get("paths"):
            raise BadContract(f"{name} is not an OpenAPI 3.1 document with paths.")
        for ref in _references(document):
            self._target(ref)
        self.schemas = Schemas(document)
        self.operations = tuple(
            Operation(self, method.upper(), template, item[method])
            for template, item in document["paths"].items()
            for method in METHODS
            if method in item
        )
        self._routes = [(_pattern(each.template), each) for each in sorted(self.operations, key=_rank)]

    @classmethod
    def load(cls, dialect: str) -> Contract:
        """The contract of a dialect, e.g. `ofs`; read once. Raises BadContract when there is none."""
        return _load(dialect)

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation for a path as it stands on the wire (percent-encoded, without query); most literal first."""
        for pattern, found in self._routes:
            match = pattern.fullmatch(path) if found.method == method.upper() else None
            if match is not None:
                names = re.findall(r"\{([^{}]+)\}", found.template)
                values = dict(zip(names, map(unquote, match.groups()), strict=True))
                return Operation(self, found.method, found.template, found.document, values)
        return None

    def resolved(self, part: Mapping[str, Any]) -> Mapping[str, Any]:
        """`part`, or what its `$ref` names."""
        seen = part
        for _ in range(10):
            if "$ref" not in seen:
                return seen
            seen = self._target(seen["$ref"])
        raise BadContract(f"{self.name}: {part['$ref']} leads to itself.")

    def _target(self, ref: str) -> Mapping[str, Any]:
        if not ref.startswith("#/components/"):
            raise BadContract(f"{self.name}: {ref} is not in this document; only #/components/... can be followed.")
        place: Any = self.document
        for step in ref.removeprefix("#/").split("/"):
            place = place.get(step) if isinstance(place, Mapping) else None
        if not isinstance(place, Mapping):
            raise BadContract(f"{self.name}: {ref} names nothing.")
        return place


def contract_file(dialect: str) -> Path:
    """Where the contract of a dialect lies, found without importing HQ. Raises BadContract."""
    package = importlib.util.find_spec("hq")
    folders = list(package.submodule_search_locations or []) if package else []
    if not folders:
        raise BadContract("The package hq, which holds the contracts, is not installed here.")
    folder = Path(folders[0]) / "contracts"
    file = folder / f"{dialect}.yaml"
    if not re.fullmatch(r"[a-z0-9_]{1,40}", dialect) or not file.is_file():
        known = ", ".join(sorted(each.stem for each in folder.glob("*.yaml")))
        raise BadContract(f"There is no contract of a dialect {dialect[:40]!r}; there is one of {known or 'none'}.")
    return file


@cache
def _load(dialect: str) -> Contract:
    file = contract_file(dialect)
    try:
        document = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 -- a safe loader
    except yaml.YAMLError as error:
        raise BadContract(f"{file.name} is not YAML: {error}.") from error
    if not isinstance(document, Mapping):
        raise BadContract(f"{file.name} holds no mapping.")
    return Contract(document, file.name)


_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):  # type: ignore[misc]
    """Reads times as the text they are, as on the wire, and refuses a name that stands twice in one mapping."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:  # noqa: FBT001, FBT002 -- as it is called
        names = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        doubled = next((name for place, name in enumerate(names) if name in names[:place]), None)
        if doubled is not None:
            raise yaml.constructor.ConstructorError(problem=f"{doubled} is there twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _SafeLoader.yaml_implicit_resolvers.items()
}


def _content_type(headers: Mapping[str, str]) -> str:
    return media_type_of(next((value for name, value in headers.items() if name.lower() == "content-type"), None))


def _pattern(template: str) -> re.Pattern[str]:
    """`/labels/{id}.zpl` as a pattern for one path; a name never holds a raw slash, decoded ones it may."""
    names = re.split(r"\{([^{}]+)\}", template)
    parts = [re.escape(part) if place % 2 == 0 else "([^/]+)" for place, part in enumerate(names)]
    return re.compile("".join(parts))


def _rank(operation: Operation) -> list[tuple[bool, int]]:
    """Literal segments before named ones, and of these the one with more said: `{id}.zpl` before `{id}`."""
    segments = operation.template.split("/")
    return [("{" in segment, -len(re.sub(r"\{[^{}]+\}", "", segment))) for segment in segments]


def _references(part: Any) -> Iterator[str]:
    inside: Iterable[Any] = ()
    if isinstance(part, Mapping):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        inside = part.values()
    elif isinstance(part, list):
        inside = part
    for each in inside:
        yield from _references(each)
