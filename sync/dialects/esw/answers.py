"""What ESW's answers mean. Pure. Success counts only when the answer is about what was sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from local_store.outbox import FixedRequest
from sync.auth import Token
from sync.dialect import Answer, NoAnswer, Outcome, Reply, Verdict
from sync.dialects.esw.capabilities import Profile
from sync.dialects.esw.translate import SYNC
from sync.retry import classify
from sync.wording import clean, shown

CONFLICT, UNAUTHORIZED = 409, 401
MAX_LIFE_S = 86_400


def verdict(request: FixedRequest, reply: Reply, profile: Profile) -> Verdict:
    """What a reply to `request` means.

    Nothing can be read back from ESW, so a lost answer is found out by sending the same again: its natural key makes
    a second 200 or a 409 of it (hq_contracts 1.7).
    """
    outcome = classify(reply)
    if isinstance(reply, NoAnswer):
        return Verdict(outcome, reply.sentence)
    duplicate = reply.status == CONFLICT and request.path != SYNC
    if outcome is not Outcome.OK and not duplicate:
        return Verdict(outcome, said(reply))
    if request.path == SYNC:
        return _of_stock(reply)
    odd = _not_about(json.loads(request.body), reply.body, profile, must_name=not duplicate)
    if odd:
        return Verdict(Outcome.AMBIG, clean(f"ESW's answer {reply.status} to {request.path}: {odd}"))
    if duplicate:
        return Verdict(Outcome.DUP if profile.conflict_is_duplicate else Outcome.DEAD, said(reply))
    return _by_outcome(request, reply, profile)


def token_of(reply: Reply, default_life_s: int) -> Token | Reply:
    """The token in an answer of the token service; else a reply as if the call itself had got it."""
    if isinstance(reply, NoAnswer):
        return NoAnswer(f"No token could be had. {reply.sentence}", sent=False, status=reply.status)
    outcome = classify(reply)
    if outcome is not Outcome.OK:
        refused = outcome in {Outcome.DEAD, Outcome.AUTH}
        return Answer(UNAUTHORIZED, reply.body) if refused else reply
    body = reply.body if isinstance(reply.body, dict) else {}
    value, life_s = body.get("access_token"), body.get("expires_in", default_life_s)
    if not isinstance(value, str) or not re.fullmatch(r"[!-~]{1,8192}", value):
        return NoAnswer("The token service answered without a token.", sent=False, status=reply.status)
    if type(life_s) is not int or not 0 < life_s <= MAX_LIFE_S:
        return NoAnswer("The token service gave a token without a usable life.", sent=False, status=reply.status)
    return Token(value, life_s)


def said(reply: Answer) -> str:
    """ESW's own sentences: every member's of ValidationProblemDetails, else the detail; with the trace."""
    body = reply.body if isinstance(reply.body, dict) else {}
    trace = f" (trace {body['traceId']})" if isinstance(body.get("traceId"), str) else ""
    head = f"ESW answered {reply.status}{trace}"
    sentences = (
        list(_sentences(body.get("errors")))
        or [text for text in (body.get("detail"), body.get("title")) if isinstance(text, str) and text.strip()][:1]
    )
    if not sentences and reply.body is None:
        return f"{head}."
    return clean(f"{head}: {' '.join(sentences) or shown(reply.body)}")


def _sentences(errors: Any) -> Iterator[str]:
    for name, texts in errors.items() if isinstance(errors, dict) else ():
        for text in texts if isinstance(texts, list) else ():
            yield f"{name}: {text}"


def _of_stock(reply: Answer) -> Verdict:
    """Any 2xx is success (hq_contracts 1.3), unless it is no object or names an outcome that is none."""
    if reply.body is not None and not isinstance(reply.body, dict):
        return Verdict(Outcome.AMBIG, clean(f"ESW answered {reply.status} with no object: {shown(reply.body)}"))
    outcome = (reply.body or {}).get("outcome")
    if outcome is None or (isinstance(outcome, str) and outcome.casefold() == "success"):
        return Verdict(Outcome.OK)
    return _refused(reply, outcome)


def _by_outcome(request: FixedRequest, reply: Answer, profile: Profile) -> Verdict:
    call = request.path.rpartition("/")[2]
    outcome = (reply.body or {}).get(profile.names["outcome"])
    if outcome is None and not profile.answers_name_the_order:
        return Verdict(Outcome.OK)
    if not isinstance(outcome, str):
        return Verdict(Outcome.AMBIG, clean(f"ESW's answer to {request.path} names no outcome: {shown(reply.body)}"))
    successes = {each.casefold() for name, texts in profile.success.items() if name == call for each in texts}
    if outcome.casefold() in successes:
        return Verdict(Outcome.OK)
    return _refused(reply, outcome)


def _refused(reply: Answer, outcome: Any) -> Verdict:
    detail = reply.body.get("detail")
    text = detail if isinstance(detail, str) else shown(reply.body)
    return Verdict(Outcome.DEAD, clean(f"ESW answered {reply.status} and refused it ({shown(outcome)}): {text}"))


def _not_about(sent: Mapping[str, Any], body: Any, profile: Profile, *, must_name: bool) -> str:
    """Why an answer is not about what was sent; empty when it is."""
    must_name = must_name and profile.answers_name_the_order
    if not isinstance(body, dict):
        return f"it is no object ({shown(body)})." if must_name or body is not None else ""
    names = profile.names
    order = names["eswOrderReference"]
    if must_name and order not in body:
        return f"it does not name the order: {shown(body)}"
    for member in ("eswOrderReference", "threePlRequest", "eventId"):
        name = names[member]
        if name in body and name in sent and str(body[name]).casefold() != str(sent[name]).casefold():
            return f"it is about {shown(body[name])}, and {shown(sent[name])} was sent."
    theirs, ours = (_parcels(each, names) for each in (body, sent))
    if theirs is not None and theirs != ours:
        return f"it is about the parcels {shown(theirs)}, and {shown(ours)} were sent."
    return ""


def _parcels(body: Mapping[str, Any], names: Mapping[str, str]) -> list[Any] | None:
    """The parcels a body names, None where it names none."""
    given = body.get(names["packages"])
    if given is None:
        return None
    rows = given if isinstance(given, list) else [given]
    return [row.get(names["packageReference"]) if isinstance(row, dict) else row for row in rows]
