"""`docs/events.md` is written from the code: every event with its version, its members and who can be told of it."""

from __future__ import annotations

from typing import Any

from local_store.domain.events import KINDS, Fact
from sync.dialects import DIALECTS
from tests.support.generated import check_part, check_table
from tests.support.needs import ROOT

PAGE = ROOT / "docs" / "events.md"

WIDEST: dict[str, dict[str, Any]] = {
    "esw": {
        "tenant": "t1",
        "fulfillment_centre_id": "c1",
        "provider": "p1",
        "auth": "none",
        "counts_for_site": True,
    },
    "exsited": {"client_id": "c", "redirect_uri": "https://edge.example.com/", "mode": "full", "warehouse": "W"},
    "ofs": {"tenant": "t1"},
    "pitney_bowes": {"api_key": "k", "client_id": "c"},
    "s2": {
        "email": "a@b",
        "organization": "95d73baf-76ba-4bea-86ac-1534c5e5d4aa",
        "warehouse": "9cae310d-c440-4d78-bdc0-bf306ec33880",
    },
}
"""For each dialect the settings with which it can be told most."""


PLAIN = {
    "integer": "whole number",
    "number": "number",
    "string": "text",
    "boolean": "yes or no",
    "object": "members as HQ gave them",
}


def told_to(kind: str) -> list[str]:
    """The dialects that can be told of a kind of fact."""
    found = []
    for name in sorted(WIDEST):
        given = {"dialect": name, "url": "https://hq.example.com", "secret": "hq", **WIDEST[name]}
        if kind in DIALECTS[name].accepts(DIALECTS[name].settings.model_validate(given)):
            found.append(name)
    return found


def says(fact: type[Fact]) -> str:
    """The first sentence or two of what a fact says."""
    return " ".join((fact.__doc__ or "").strip().split("\n\n")[0].split()).replace("|", "\\|")


def kind_of(schema: dict[str, Any]) -> str:
    """A JSON schema in a few words."""
    if "$ref" in schema:
        return f"`{schema['$ref'].rsplit('/', 1)[1]}`"
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join(f"`{each}`" for each in schema["enum"])
    if "anyOf" in schema:
        return " or ".join("none" if each.get("type") == "null" else kind_of(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        if "prefixItems" in schema:
            return f"({', '.join(kind_of(each) for each in schema['prefixItems'])})"
        return f"list of {kind_of(schema['items'])}"
    return PLAIN[schema.get("type", "object")]


def members(name: str, schema: dict[str, Any]) -> str:
    """The members of one object, a line each."""
    lines = []
    for member, of in sorted(schema.get("properties", {}).items()):
        usual = "" if member in schema.get("required", ()) else f" (usually {of.get('default')!r})"
        lines.append(f"- `{member}`: {kind_of(of)}{usual}\n")
    return f"### {name}\n\n" + ("".join(lines) or "No members.\n") + "\n"


def test_the_page_lists_every_kind_with_its_version_and_who_can_be_told() -> None:
    rows = [
        (
            f"`{kind}`",
            str(fact.version),
            says(fact),
            ", ".join(told_to(kind)) or ("nobody yet" if fact.for_hq else "-"),
        )
        for kind, fact in sorted(KINDS.items())
    ]
    check_table(PAGE, "kinds", ("event", "version", "says", "told to"), rows)


def test_the_page_lists_the_members_of_every_kind() -> None:
    text = ""
    parts: dict[str, Any] = {}
    for kind, fact in sorted(KINDS.items()):
        schema = fact.model_json_schema(mode="serialization")
        parts |= schema.get("$defs", {})
        text += members(f"`{kind}` version {fact.version}", schema)
    text += "".join(members(f"`{name}`", schema) for name, schema in sorted(parts.items()))
    check_part(PAGE, "members", text)


def test_every_dialect_is_asked() -> None:
    assert set(WIDEST) == set(DIALECTS)
