"""`/v1/station/inbound`, `receipts`, `put-away`, `stock-moves`, `goods-labels`: what came in and where it goes.

The scans themselves are floor commands of a workplace for receiving or put-away. What is here is for the lists a page
shows, and for what people decide beside the scans.
"""

from __future__ import annotations

import json
import sqlite3
from decimal import Decimal
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from agent.api.access import SCREEN
from agent.api.acts import Answered, add_acts
from agent.api.around import Around
from agent.api.deciding import decided
from local_store.domain import commands as c
from local_store.domain.events import decimal_text
from local_store.domain.inbound import Inbound
from local_store.domain.stock import DOCK, MILLIONTHS
from local_store.store import Store
from local_store.works.receiving import load_inbound, load_receipt
from local_store.works.stock import balances
from web.problems import Refused
from web.routes import RouteTable, body_of, json_answer, query_of

READERS = (SCREEN, *sorted(c.RECEIVERS))
INBOUND, RECEIPT = "/v1/station/inbound/{inbound_id}", "/v1/station/receipts/{receipt_id}"
MOST = 200


class InboundQuery(BaseModel):
    """Announcements after this id, at most `limit`; those that are closed too where `closed` is true."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    after: Annotated[str, Field(max_length=120)] = ""
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    closed: bool = False


class LineTold(BaseModel):
    """A line of an announcement: how many are announced and came, in units as text."""

    line_id: str
    sku: str
    expected: str
    received: str


class InboundTold(BaseModel):
    """An announcement as it stands here."""

    inbound_id: str
    number: str
    against: str
    open: bool
    lines: tuple[LineTold, ...]


class DifferenceTold(BaseModel):
    """What is not as announced; a negative quantity takes back what was told before."""

    discrepancy_id: str
    differs: str
    sku: str
    qty: str
    lot_id: str | None
    reason: str
    photos: tuple[str, ...]


class InboundList(BaseModel):
    """Announcements, in the order of their ids; `after` is for the next page, None on the last."""

    inbound: tuple[InboundTold, ...]
    after: str | None


class InboundDetail(BaseModel):
    """An announcement, what came and was not announced, and what differs."""

    inbound: InboundTold
    unexpected: dict[str, str]
    discrepancies: tuple[DifferenceTold, ...]


class ReceivedTold(BaseModel):
    """One line of a receipt as it stands, corrections included."""

    line: int
    sku: str
    qty: str
    condition: str
    lot_id: str | None
    container: str | None


class ReceiptTold(BaseModel):
    """A receipt as it stands."""

    receipt_id: str
    inbound_id: str | None
    lines: tuple[ReceivedTold, ...]


class WaitsTold(BaseModel):
    """Units of one product and lot that wait on the dock."""

    sku: str
    lot_id: str | None
    qty: str


class UnitTold(BaseModel):
    """What is on one pallet or carton of the dock."""

    container: str
    sku: str
    lot_id: str | None
    qty: str


class DockTold(BaseModel):
    """All that waits to be put away; `units` says which of it is on pallets and in cartons."""

    waiting: tuple[WaitsTold, ...]
    units: tuple[UnitTold, ...]


def routes(around: Around) -> RouteTable:
    """Every route with the roles that may call it."""
    handlers, table = ReceivingRoutes(around.store), RouteTable()
    table.get("/v1/station/inbound", *READERS, query=InboundQuery, answers=InboundList)(handlers.inbound)
    table.get(INBOUND, *READERS, answers=InboundDetail)(handlers.one_inbound)
    table.post("/v1/station/receipts", SCREEN, body=c.RecordReceipt, answers=Answered)(handlers.record)
    table.get(RECEIPT, *READERS, answers=ReceiptTold)(handlers.one_receipt)
    table.get("/v1/station/put-away", *READERS, answers=DockTold)(handlers.dock)
    acts: dict[str, type[c.WorkerCommand]] = {
        f"{INBOUND}/allow": c.AllowGoods,
        f"{INBOUND}/reject": c.RejectGoods,
        f"{INBOUND}/close": c.CloseInbound,
        f"{INBOUND}/reopen": c.ReopenInbound,
        f"{RECEIPT}/correct": c.CorrectReceipt,
        "/v1/station/stock-moves": c.MoveStock,
        "/v1/station/goods-labels": c.LabelGoods,
    }
    add_acts(table, around.store, acts)
    return table


class ReceivingRoutes:
    """What pages read of receiving and put-away."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def inbound(self, request: web.Request) -> web.Response:
        """What is announced and not closed, a page at a time."""
        asked, db = query_of(request, InboundQuery), self._store.reader
        rows = db.execute(
            "SELECT i.inbound_id FROM inbound i LEFT JOIN inbound_closed c USING (inbound_id)"
            " WHERE i.inbound_id > ? AND (? OR coalesce(1 - c.closed, i.open)) ORDER BY 1 LIMIT ?",
            (asked.after, asked.closed, asked.limit),
        ).fetchall()
        found = [each for (ident,) in rows if (each := load_inbound(db, ident)) is not None]
        after = found[-1].inbound_id if len(found) == asked.limit else None
        return json_answer(InboundList(inbound=tuple(map(_inbound, found)), after=after))

    async def one_inbound(self, request: web.Request) -> web.Response:
        """An announcement with what came, what did not, and what differs."""
        ident, db = request.match_info["inbound_id"], self._store.reader
        found = load_inbound(db, ident)
        if found is None:
            raise Refused(404, "no_inbound", f"There is no announcement {ident[:60]!r} here. Look in the list.")
        rows = db.execute(
            "SELECT discrepancy_id, differs, sku, millionths, lot_id, reason, photos FROM discrepancy"
            " WHERE inbound_id = ? ORDER BY seq, discrepancy_id",
            (ident,),
        )
        detail = InboundDetail(
            inbound=_inbound(found),
            unexpected={sku: decimal_text(qty) for sku, qty in found.unexpected.items()},
            discrepancies=tuple(_difference(row) for row in rows),
        )
        return json_answer(detail)

    async def record(self, request: web.Request) -> web.Response:
        """Goods came in: against an announcement, a purchase order, or blind."""
        return await decided(self._store, await body_of(request, c.RecordReceipt))

    async def one_receipt(self, request: web.Request) -> web.Response:
        """A receipt as it stands, corrections included."""
        ident = request.match_info["receipt_id"]
        found = load_receipt(self._store.reader, ident)
        if found is None:
            raise Refused(404, "no_receipt", f"There is no receipt {ident[:60]!r} here. Look in the list.")
        lines = (
            ReceivedTold(
                line=line.line,
                sku=line.sku,
                qty=decimal_text(line.qty),
                condition=line.condition,
                lot_id=line.lot_id or None,
                container=line.container,
            )
            for line in found.lines
        )
        about = found.inbound.inbound_id if found.inbound else None
        return json_answer(ReceiptTold(receipt_id=ident, inbound_id=about, lines=tuple(lines)))

    async def dock(self, _request: web.Request) -> web.Response:
        """What waits on the dock to be put away."""
        db = self._store.reader
        waiting = (
            WaitsTold(sku=each.sku, lot_id=each.lot_id or None, qty=decimal_text(each.qty))
            for each in balances(db, account=DOCK)
        )
        rows = db.execute("SELECT container, sku, lot_id, millionths FROM dock_unit ORDER BY 1, 2, 3")
        units = (
            UnitTold(container=unit, sku=sku, lot_id=lot or None, qty=_text(qty)) for unit, sku, lot, qty in rows
        )
        return json_answer(DockTold(waiting=tuple(waiting), units=tuple(units)))


def _inbound(found: Inbound) -> InboundTold:
    lines = (
        LineTold(
            line_id=line.line_id,
            sku=line.sku,
            expected=decimal_text(line.expected),
            received=decimal_text(line.received),
        )
        for line in found.lines
    )
    return InboundTold(
        inbound_id=found.inbound_id,
        number=found.number,
        against=found.against,
        open=found.open,
        lines=tuple(lines),
    )


def _difference(row: sqlite3.Row) -> DifferenceTold:
    ident, differs, sku, qty, lot, reason, photos = row
    return DifferenceTold(
        discrepancy_id=ident,
        differs=differs,
        sku=sku,
        qty=_text(qty),
        lot_id=lot,
        reason=reason,
        photos=tuple(json.loads(photos)),
    )


def _text(amount: int) -> str:
    return decimal_text(Decimal(amount) / MILLIONTHS)
