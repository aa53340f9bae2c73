"""What is decided where goods come in, beside the scans: what goes back, what comes in after all, where it ends."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import quote

from agent.floor import goods_parts as parts
from agent.floor.view_parts import Asked, View, action, step, tile
from local_store.domain.inbound import Inbound
from local_store.domain.site import ReceivingRule
from local_store.domain.tally import Tally
from local_store.domain.words import Answer, phrase
from local_store.works.receiving import allowed_expiry

MOST_CLOSED = 6
"""Deliveries that were closed here and can be opened again, the newest."""
REJECT_REASONS = (
    tile("damaged", phrase("Damaged")),
    tile("wrong goods", phrase("Wrong goods")),
    tile("too warm", phrase("Too warm")),
    tile("not ordered", phrase("Not ordered")),
)
MORE_REASONS = (
    tile("wanted", phrase("It is wanted")),
    tile("instead of something else", phrase("Sent instead of something else")),
    tile("a gift", phrase("It is a gift")),
)
DATE_REASONS = (
    tile("used up in time", phrase("It will be used up in time")),
    tile("agreed with the supplier", phrase("Agreed with the supplier")),
)
REOPEN_REASONS = (
    tile("more came", phrase("More came")),
    tile("closed by mistake", phrase("Closed by mistake")),
)


class Desk(NamedTuple):
    """What stands open where goods come in, and the answer that was given last."""

    db: sqlite3.Connection
    tally: Tally | None
    inbound: Inbound | None
    rule: ReceivingRule
    answer: Answer | None


def beside(desk: Desk, tally: Tally) -> list[View]:
    """Labels, goods that go back with the driver, goods that a supervisor lets in, the end of a delivery."""
    inbound, sku = desk.inbound, parts.current_sku(tally)
    of = f"/v1/station/inbound/{quote(inbound.inbound_id if inbound else tally.about, safe='')}"
    known = sku is not None
    body = {"sku": sku} if known else {}
    found = [
        action(
            "goods-label",
            phrase("Labels for it"),
            enabled=known,
            pad="number",
            member="copies",
            body=body,
            path="/v1/station/goods-labels",
            place="more",
        ),
        action(
            "inbound-reject",
            phrase("Reject"),
            enabled=known,
            reasons=list(REJECT_REASONS),
            body=body,
            then=[step(phrase("How many go back?"), "qty", pad="number")],
            path=f"{of}/reject",
            place="more",
        ),
        *_allowing(desk, tally, f"{of}/allow"),
    ]
    if inbound is not None:
        label, alone = phrase("Nothing more comes"), not inbound.too_few(desk.rule)
        end: Asked = {"path": f"{of}/close", "place": "more", "approval": not alone}
        found.append(action("inbound-close", label, enabled=not tally.counts, **end))
    return found


def reopening(db: sqlite3.Connection) -> list[View]:
    """More came of a delivery that was closed here."""
    rows = db.execute(
        "SELECT i.inbound_id, i.number FROM inbound_closed c JOIN inbound i USING (inbound_id) WHERE c.closed"
        " ORDER BY c.seq DESC LIMIT ?",
        (MOST_CLOSED,),
    )
    return [
        action(
            "inbound-reopen",
            phrase("Reopen {number}", number=number or ident),
            reasons=list(REOPEN_REASONS),
            path=f"/v1/station/inbound/{quote(ident, safe='')}/reopen",
            place="more",
        )
        for ident, number in rows
    ]


def _allowing(desk: Desk, tally: Tally, path: str) -> list[View]:
    """What a supervisor lets in: what was asked about just now, or what a code is scanned of."""
    which = step(phrase("Scan what it is"), "sku", pad="text")
    many = step(phrase("How many may come in all?"), "qty", pad="number")
    day = step(phrase("Expiry date"), "expires_on", pad="date")
    asked = _asked_about(desk, tally)
    if asked is None:
        early = _allow(phrase("Allow an early date"), path, DATE_REASONS, which, day)
        return (
            [early]
            if desk.inbound is None
            else [_allow(phrase("Allow more"), path, MORE_REASONS, which, many), early]
        )
    if "expires_on" in asked:
        now = _allow(phrase("Allow it"), path, DATE_REASONS)
    else:
        now = _allow(phrase("Allow it"), path, MORE_REASONS, many)
    return [{**now, "body": asked, "place": "bar"}]


def _allow(label: str, path: str, reasons: tuple[View, ...], *then: View) -> View:
    of: Asked = {"then": list(then), "path": path, "place": "more", "approval": True}
    return action("inbound-allow", label, reasons=list(reasons), **of)


def _asked_about(desk: Desk, tally: Tally) -> dict[str, str] | None:
    """The goods that were not counted just now and wait for a supervisor, who has not allowed them since."""
    said, inbound = desk.answer, desk.inbound
    if said is None or "sku" not in said.values:
        return None
    sku = said.values["sku"]
    if said.code == "receive.expires":
        day = said.values["day"]
        allowed = allowed_expiry(desk.db, inbound.inbound_id if inbound else tally.about)
        return None if (sku, day) in allowed else {"sku": sku, "expires_on": day}
    if said.code in {"receive.over", "receive.unexpected"} and inbound is not None:
        return None if Decimal(said.values["total"]) <= inbound.most(sku, desk.rule) else {"sku": sku}
    return None
