"""What HQ said, as short sentences for the person at the station."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

MAX_VALUE = 80
MAX_SENTENCE = 400


def said(status: int, body: Any) -> str:
    """HQ's own sentence from `{"error": {code, message, details}}`, or what it answered instead."""
    error = body.get("error") if isinstance(body, dict) else None
    message = error.get("message") if isinstance(error, dict) else None
    if isinstance(message, str) and message.strip():
        return clean(f"HQ answered {status}: {message}")
    return clean(f"HQ answered {status}: {shown(body)}")


def fault(what: str, error: ValidationError) -> str:
    """The first thing wrong with a document of HQ: place, rule and value."""
    first, *others = error.errors(include_url=False)
    place = ".".join(str(part) for part in first["loc"])
    more = f" (and {len(others)} more)" if others else ""
    rule = first["msg"].replace("Input should", "should").replace("Value error, ", "")
    where = f"{place}: " if place else ""
    return clean(f"{what}: {where}{rule}, got {shown(first.get('input'))}{more}.")


def shown(value: Any) -> str:
    """A value as JSON, cut."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= MAX_VALUE else text[: MAX_VALUE - 1] + "…"


def clean(text: str) -> str:
    """Without control characters, and no longer than a screen can show."""
    text = "".join(each if each.isprintable() else " " for each in text)
    return text if len(text) <= MAX_SENTENCE else text[: MAX_SENTENCE - 1] + "…"
