"""What HQ's answers mean, for Exsited. Pure. Names of members differ from call to call (hq_contracts 4.3)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from local_store.domain import events as e
from local_store.outbox import FixedRequest, Promised
from sync.dialect import Answer, Learned, NoAnswer, Outcome, Reply, Verdict
from sync.retry import classify
from sync.wording import clean, shown

FULFILLMENT, RECEIPT, RETURN = "item_fulfillments", "item-receipt", "receive_return_merchandise_authorisations"
"""The wrappers of the three requests, which also tell them apart."""
LOST = 401


def is_lost_session(reply: Reply) -> bool:
    """401, 302, or a body whose error has the code 401 (hq_contracts 4.1)."""
    if isinstance(reply, NoAnswer):
        return reply.status == 302  # noqa: PLR2004 -- the redirect to the login page
    return reply.status == LOST or LOST in _error_codes(reply.body)


def as_told(reply: Reply) -> Reply:
    """The reply with the status that its errors have: a refusal in a 200 is no success."""
    if isinstance(reply, Answer) and 200 <= reply.status < 300:  # noqa: PLR2004 -- the class of success
        codes = _error_codes(reply.body)
        if codes:
            status = codes[0] if 400 <= codes[0] < 600 else 400  # noqa: PLR2004 -- the classes of refusals
            return Answer(status, reply.body, reply.retry_after, reply.etag)
    return reply


def said(status: int, body: Any) -> str:
    """HQ's own sentences from `{"errors": [{code, message}]}`, or what it answered instead."""
    errors = body.get("errors") if isinstance(body, dict) else None
    texts = [each.get("message") for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []
    told = " ".join(text for text in texts if isinstance(text, str) and text.strip())
    return clean(f"HQ answered {status}: {told or shown(body)}")


def verdict(facts: Sequence[Promised], request: FixedRequest, reply: Reply, *, again: bool = False) -> Verdict:
    """What a reply means. Success counts only for a record of ours with just what was sent.

    `again` when the record was there before: then it is one that HQ has already.
    """
    reply = as_told(reply)
    outcome = classify(reply)
    if isinstance(reply, NoAnswer):
        return Verdict(outcome, reply.sentence)
    if outcome is not Outcome.OK:
        return Verdict(outcome, said(reply.status, reply.body))
    sent = json.loads(request.body)
    if FULFILLMENT in sent:
        too_much = more_than_left(request, reply.body)
        if too_much:
            return Verdict(Outcome.DEAD, too_much)
    found = _compared(sent, reply.body)
    if found is None:
        return Verdict(
            Outcome.AMBIG, clean(f"HQ's answer to {request.path} is not about what was sent: {shown(reply.body)}")
        )
    ident, differs = found
    if differs:
        return Verdict(Outcome.DEAD, clean(f"HQ has {ident} with other contents: {differs}. Compare both by hand."))
    fact = facts[0].fact
    learned = (Learned("shipment", fact.fulfillment_id, ident),) if isinstance(fact, e.ShipmentRequested) else ()
    return Verdict(Outcome.DUP if again else Outcome.OK, learned=learned)


def id_sent(request: FixedRequest) -> str | None:
    """The id of ours that a request carries; None where this API takes none."""
    (body,) = json.loads(request.body).values()
    ident: str | None = body.get("id")
    return ident


def is_fulfillment(request: FixedRequest) -> bool:
    """Whether a request records what was sent of an invoice."""
    return FULFILLMENT in json.loads(request.body)


def more_than_left(request: FixedRequest, body: Any) -> str:
    """Why HQ's list of an invoice's fulfillments says that the request is too much; empty when it does not.

    The least that was ever left of a line counts. A line is known by its uuid; where HQ shows other uuids there, by
    its item.
    """
    rows = listed(body)
    if rows is None:
        return ""
    left: dict[str, Decimal] = {}
    for line in (line for row in rows for line in _lines_of(row)):
        amount = number(line.get("fulfillment_left"))
        for name in {_lower(line.get("uuid")), _lower(line.get("item_uuid"))} - {""}:
            if amount is not None:
                left[name] = min(amount, left.get(name, amount))
    sent = json.loads(request.body)[FULFILLMENT]["fulfillments"]
    items = [line["item_uuid"].lower() for line in sent]
    for line in sent:
        item = line["item_uuid"].lower()
        there = left.get(line["uuid"].lower(), left.get(item) if items.count(item) == 1 else None)
        if there is not None and Decimal(line["fulfillment_quantity"]) > there:
            return clean(
                f"HQ has {there:f} left of line {line['uuid']} and {line['fulfillment_quantity']} are sent: "
                "another fulfillment was recorded meanwhile. Compare both and settle it at HQ by hand."
            )
    return ""


def listed(body: Any) -> list[Any] | None:
    """The rows of `invoice.item_fulfillments`; None for another answer."""
    invoice = body.get("invoice") if isinstance(body, dict) else None
    rows = invoice.get("item_fulfillments") if isinstance(invoice, dict) else None
    return rows if isinstance(rows, list) else None


def received_already(request: FixedRequest, rows: Iterable[Any]) -> Any:
    """That one of the receipts of a return which holds just what a request sends; None when there is none."""
    wanted = _sums(json.loads(request.body)[RETURN]["receive_returns"], "uuid", "rma_receive_quantity")
    return next((row for row in rows if _sums(_lines_of(row), "uuid", "rma_receive_quantity") == wanted), None)


def number(value: Any) -> Decimal | None:
    """A quantity, which HQ writes as text or as a number; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) <= 10**9 else None


_WRAPPERS = (
    "item_fulfillment", "item_fulfillments", "item-fulfillments", "item_receipt", "item_receipts", "item-receipt",
    "receive_return_merchandise_authorisation", RETURN,
)  # fmt: skip
_LINES = ("fulfillments", "receipts", "receive_returns")


def _compared(sent: Mapping[str, Any], body: Any) -> tuple[str, str] | None:
    """(HQ's id, what is other than it was sent); None when the answer is no record of ours with its lines.

    Names of members differ per call (hq_contracts 4.3). A line is known by its uuid, or by its item where HQ gives
    the lines of a fulfillment uuids of their own.
    """
    record = _record_in(body)
    ((wrapper, wanted),) = sent.items()
    if record is None or ("id" in wanted and record.get("id") != wanted["id"]):
        return None
    lines = _lines_of(record)
    ident = record.get("id")
    if not lines or not isinstance(ident, str) or not ident:
        return None
    mine = next(wanted[name] for name in _LINES if name in wanted)
    quantity = next(name for name in mine[0] if name.endswith("quantity"))
    reference = next(name for name in mine[0] if name.endswith("uuid") and name != "item_uuid")
    theirs = _sums(lines, "line_uuid" if any("line_uuid" in line for line in lines) else "uuid", "")
    if theirs == _sums(mine, reference, quantity):
        return ident, ""
    if wrapper == FULFILLMENT and _sums(lines, "item_uuid", "") == _sums(mine, "item_uuid", quantity):
        return ident, ""
    return ident, f"{shown({key: str(value) for key, value in theirs.items()})}"


def _record_in(body: Any) -> dict[str, Any] | None:
    if not isinstance(body, dict):
        return None
    inside = body.get("invoice", body.get("purchase_order", body))
    for name in _WRAPPERS:
        found = inside.get(name) if isinstance(inside, dict) else None
        if isinstance(found, dict):
            return found
    return None


def _lines_of(record: Any) -> list[dict[str, Any]]:
    if not isinstance(record, dict):
        return []
    lines: list[Any] = next((record[name] for name in _LINES if isinstance(record.get(name), list)), [])
    return [line for line in lines if isinstance(line, dict)]


_QUANTITIES = ("fulfillment_quantity", "fulfilled_quantity", "receipt_quantity", "rma_receive_quantity")


def _sums(lines: Iterable[Mapping[str, Any]], reference: str, quantity: str) -> dict[str, Decimal | None]:
    """The quantities by what a line is known by; None, which equals nothing sent, where one cannot be read."""
    sums: dict[str, Decimal | None] = {}
    for line in lines:
        name = quantity or next((each for each in _QUANTITIES if each in line), "")
        amount, key = number(line.get(name)), _lower(line.get(reference))
        before = sums.get(key, Decimal(0))
        sums[key] = None if amount is None or before is None else before + amount
    return sums


def _error_codes(body: Any) -> list[int]:
    errors = body.get("errors") if isinstance(body, dict) else None
    if not isinstance(errors, list):
        return []
    codes = [each.get("code") for each in errors if isinstance(each, dict)]
    return [int(code) for code in codes if isinstance(code, int) or (isinstance(code, str) and code.isdecimal())]


def _lower(value: Any) -> str:
    return value.lower() if isinstance(value, str) else ""
