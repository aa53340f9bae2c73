"""Attaching files to a fulfillment: S2 knows no key for it, so what is there already is not sent again. Pure."""

from __future__ import annotations

import json
import re
from typing import Any

PATH = "/fulfillment/{fulfillmentId}/attachment/bulk-create"
_PATH = re.compile(r"/fulfillment/([^/?]+)/attachment/bulk-create")


def fulfillment_of(method: str, path: str) -> str | None:
    """The fulfillment (as in the path) that a call attaches files to; None for any other call."""
    found = _PATH.fullmatch(path)
    return found[1] if found and method == "POST" else None


def not_yet_there(body: str, detail: Any) -> str | None:
    """The body without the files that the fulfillment's detail shows by name and path; None when none is left."""
    wanted = json.loads(body)
    there = detail.get("attachments") if isinstance(detail, dict) else None
    if not isinstance(wanted, dict) or not isinstance(wanted.get("attachments"), list) or not isinstance(there, list):
        return body
    known = {_key(each) for each in there}
    left = [each for each in wanted["attachments"] if _key(each) not in known]
    return json.dumps({**wanted, "attachments": left}, ensure_ascii=False) if left else None


def _key(attachment: Any) -> tuple[Any, Any] | None:
    return (attachment.get("fileName"), attachment.get("path")) if isinstance(attachment, dict) else None
