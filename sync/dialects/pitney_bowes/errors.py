"""What Pitney Bowes says went wrong, in each of the forms it has for it (hq_contracts 3.6). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sync.wording import clean, shown

MOST = 3
"""Errors of one answer that are told."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that was wrong: their code, their sentence, and what else they name."""

    code: str
    text: str
    named: tuple[str, ...] = ()


def complaints(body: Any) -> list[Complaint]:
    """The errors of an answer, whichever form it has: the standard object, or one of the three older ones."""
    items = body.get("errors") if isinstance(body, dict) else body
    if not isinstance(items, list):
        return []
    return [_complaint(item) for item in items if isinstance(item, dict)]


def said(status: int, body: Any) -> str:
    """Their own sentences with their codes, or what they answered instead."""
    found = complaints(body)
    if not found:
        return clean(f"HQ answered {status}: {shown(body)}")
    told = "; ".join(" ".join(part for part in (each.code, each.text) if part) for each in found[:MOST])
    more = f" (and {len(found) - MOST} more)" if len(found) > MOST else ""
    return clean(f"HQ answered {status}: {told}{more}")


def mentions(body: Any, *words: str) -> bool:
    """Whether an error names one of `words`, in whichever of its members."""
    return any(
        word.casefold() in text.casefold()
        for each in complaints(body)
        for text in (each.text, *each.named)
        for word in words
    )


def _complaint(item: dict[str, Any]) -> Complaint:
    text = next((item[name] for name in ("errorDescription", "message") if isinstance(item.get(name), str)), "")
    code = next((str(item[name]) for name in ("errorCode", "key") if isinstance(item.get(name), str | int)), "")
    return Complaint(code, text, tuple(_named(item)))


def _named(item: dict[str, Any]) -> Iterator[str]:
    for name in ("key", "additionalInfo", "moreInfo", "parameters"):
        value = item.get(name)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str):
                yield each
