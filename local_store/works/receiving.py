"""Goods that come in: announcements, pallets, receipts and what differs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain import inbound_acts
from local_store.domain.codes import is_sscc, key_of
from local_store.domain.floor import Place
from local_store.domain.inbound import BLIND, Inbound, Line, Pallet, Receipt, ReceivedHere
from local_store.domain.inbound_acts import AboutInbound
from local_store.domain.meaning import Meant
from local_store.domain.receiving import DRIVER_WORD, ReceiveDesk
from local_store.domain.stock import MILLIONTHS, millionths
from local_store.domain.tally import Desk, Item
from local_store.works import stock, tally
from local_store.works.part import Act, Acts, DeskLoad, Rule, meant_by

if TYPE_CHECKING:
    from local_store.transaction import Transaction

TABLES: tuple[str, ...] = (
    "product_rule",
    "inbound_pallet",
    "received_line",
    "inbound_closed",
    "goods_allowed",
    "discrepancy",
)
MS_PER_S = 1000


def load_inbound(db: sqlite3.Connection, inbound_id: str, tally_id: str | None = None) -> Inbound | None:
    """An announcement with all that came of it; `tally_id` is the one whose counts are not counted as elsewhere."""
    row = db.execute(
        "SELECT i.inbound_id, i.lane, i.against, i.number, coalesce(1 - c.closed, i.open), i.lines FROM inbound i"
        " LEFT JOIN inbound_closed c USING (inbound_id) WHERE i.inbound_id = ?",
        (inbound_id,),
    ).fetchone()
    if row is None:
        return None
    inbound_id, lane, against, number, is_open, lines = row
    announced = [e.AnnouncedLine.model_validate(each) for each in json.loads(lines)]
    came = db.execute("SELECT line_id, sku, received FROM inbound_received WHERE inbound_id = ?", (inbound_id,))
    here = {(line_id, sku): _units(qty) for line_id, sku, qty in came}
    known = {(each.line_id, each.sku) for each in announced}
    unexpected: dict[str, Decimal] = {}
    for (line_id, sku), qty in here.items():
        if (line_id, sku) not in known:
            unexpected[sku] = unexpected.get(sku, Decimal(0)) + qty
    return Inbound(
        *(inbound_id, lane, against, number),
        open=bool(is_open),
        lines=tuple(_line(each, here) for each in announced),
        unexpected=unexpected,
        elsewhere=_elsewhere(db, inbound_id, tally_id),
        allowed=dict(_allowed(db, inbound_id)),
        lots=_lots(db, inbound_id),
        told=_told(db, inbound_id),
    )


def _line(announced: e.AnnouncedLine, here: Mapping[tuple[str, str], Decimal]) -> Line:
    """HQ may know of receipts of other stations, and not yet of ours: the higher number is nearer to the truth."""
    came = here.get((announced.line_id, announced.sku), Decimal(0))
    return Line(announced.line_id, announced.sku, announced.expected, max(came, announced.received))


def _elsewhere(db: sqlite3.Connection, inbound_id: str, tally_id: str | None) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for sku, qty in db.execute(
        "SELECT c.sku, c.qty FROM tally t JOIN tally_count c USING (tally_id)"
        " WHERE t.work = 'receive' AND t.about = ? AND t.status = 'open' AND t.tally_id IS NOT ?",
        (inbound_id, tally_id),
    ):
        found[sku] = found.get(sku, Decimal(0)) + Decimal(qty)
    return found


def _allowed(db: sqlite3.Connection, inbound_id: str) -> list[tuple[str, Decimal]]:
    rows = db.execute(
        "SELECT sku, millionths FROM goods_allowed WHERE inbound_id = ? AND expires_on = ''", (inbound_id,)
    )
    return [(sku, _units(qty)) for sku, qty in rows]


def allowed_expiry(db: sqlite3.Connection, inbound_id: str) -> frozenset[tuple[str, str]]:
    """Expiry dates (SKU, date) that a second person allowed though they are too soon."""
    rows = db.execute(
        "SELECT sku, expires_on FROM goods_allowed WHERE inbound_id = ? AND expires_on <> ''", (inbound_id,)
    )
    return frozenset((sku, expires_on) for sku, expires_on in rows)


def _lots(db: sqlite3.Connection, inbound_id: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for sku, lot_id in db.execute(
        "SELECT each.value ->> '$.sku', each.value ->> '$.lot_id' FROM inbound_pallet p, json_each(p.content) AS each"
        " WHERE p.inbound_id = ? AND each.value ->> '$.lot_id' IS NOT NULL",
        (inbound_id,),
    ):
        found[sku] = found.get(sku, frozenset()) | {lot_id}
    return found


def _told(db: sqlite3.Connection, inbound_id: str) -> dict[tuple[str, str], Decimal]:
    rows = db.execute(
        "SELECT sku, differs, sum(millionths) FROM discrepancy WHERE inbound_id = ? GROUP BY sku, differs",
        (inbound_id,),
    )
    return {(sku, differs): _units(qty) for sku, differs, qty in rows}


def load_desk(tx: Transaction, place: Place, command: c.FloorCommand, meant: Meant) -> ReceiveDesk:
    """What a receiving workplace is shown."""
    db, open_one = tx.connection, tally.load(tx.connection, place.work_id)
    asked_id, mine = _asked(db, command, meant)
    sscc = _sscc(meant) if isinstance(command, c.Scan) else None
    pallet = load_pallet(db, sscc) if sscc else None
    asked_id = asked_id or (pallet.inbound_id if pallet else None)
    about = open_one.about if open_one else None
    blind = _says_blind(command) or (mine is not None and asked_id is None)
    if open_one is None and mine is None:
        mine = _left_by(db, place.worker_id, asked_id, blind=blind)
    return ReceiveDesk(
        desk=Desk(open_one, meant, tally.scanned_item(db, meant), unit_at=tally.unit_at(db, place.work_id or mine)),
        inbound=load_inbound(db, about, place.work_id) if about else None,
        asked=load_inbound(db, asked_id, mine) if asked_id else None,
        mine=mine,
        blind=blind,
        pallet=pallet,
        sscc=sscc if pallet is None else None,
        unit_is_in=sscc is not None and _is_in(db, sscc),
        today=datetime.fromtimestamp(tx.wall_ms / MS_PER_S, UTC).date().isoformat(),
        serial_at=lambda sku, serial: stock.serial_at(db, sku, serial),
        has_file=lambda sha256: has_file(db, sha256),
        allowed_expiry=allowed_expiry(db, about or asked_id or ""),
    )


def _asked(db: sqlite3.Connection, command: c.FloorCommand, meant: Meant) -> tuple[str | None, str | None]:
    """The announcement that is named, and the tally that is to be taken over where an open names one."""
    named = next((each.id for each in meant.meanings if each.thing == "inbound"), None)
    if named is not None or not isinstance(command, c.OpenWork):
        return named, None
    row = db.execute(
        "SELECT tally_id, about FROM tally WHERE tally_id = ? AND work = 'receive' AND status = 'open'", (command.id,)
    ).fetchone()
    if row is None:
        return None, None
    tally_id, about = row
    return (None if about.startswith(BLIND) else about), tally_id


def _left_by(db: sqlite3.Connection, worker_id: str | None, inbound_id: str | None, *, blind: bool) -> str | None:
    """The open tally of this worker for the same goods: one person has one, wherever it was begun."""
    if not blind and inbound_id is None:
        return None
    row = db.execute(
        "SELECT tally_id FROM tally WHERE work = 'receive' AND status = 'open' AND worker_id IS ?"
        " AND (about = ? OR (? AND about GLOB 'blind:*')) ORDER BY tally_id LIMIT 1",
        (worker_id, inbound_id, blind),
    ).fetchone()
    return row[0] if row else None


def _says_blind(command: c.FloorCommand) -> bool:
    text = command.code if isinstance(command, c.Scan) else command.id if isinstance(command, c.OpenWork) else ""
    return text.strip().upper() == DRIVER_WORD


def _sscc(meant: Meant) -> str | None:
    """The number of a pallet or carton, where the code is one and nothing else that is known here."""
    if any(each.thing != "pallet" for each in meant.meanings):
        return None
    told = meant.parsed.sscc if meant.parsed else None
    return told or (meant.key if is_sscc(meant.key) else None)


def load_pallet(db: sqlite3.Connection, sscc: str) -> Pallet | None:
    """A pallet that was announced."""
    row = db.execute("SELECT inbound_id, content FROM inbound_pallet WHERE sscc = ?", (sscc,)).fetchone()
    if row is None:
        return None
    lines = [e.PalletLine.model_validate(each) for each in json.loads(row[1])]
    content = tuple((tally.item(db, line.sku) or Item(line.sku, line.sku), line) for line in lines)
    return Pallet(sscc, row[0], content)


def _is_in(db: sqlite3.Connection, sscc: str) -> bool:
    row = db.execute(
        "SELECT 1 FROM received_line WHERE container = :sscc UNION ALL"
        " SELECT 1 FROM tally t JOIN tally_count c USING (tally_id) WHERE t.status = 'open' AND c.container = :sscc",
        {"sscc": sscc},
    ).fetchone()
    return row is not None


def has_file(db: sqlite3.Connection, sha256: str) -> bool:
    """Whether a photo is kept here."""
    return db.execute("SELECT 1 FROM file WHERE sha256 = ?", (sha256,)).fetchone() is not None


# --- acts -------------------------------------------------------------------------------------------------------


def _about(tx: Transaction, command: c.AllowGoods | c.RejectGoods) -> AboutInbound:
    db = tx.connection
    photo = command.photo if isinstance(command, c.RejectGoods) else None
    return AboutInbound(
        load_inbound(db, command.inbound_id),
        tally.item(db, command.sku) or tally.scanned_item(db, meant_by(tx, command.sku)),
        has_photo=photo is None or has_file(db, photo),
        blind=command.inbound_id.startswith(BLIND) and tally.open_one(db, "receive", command.inbound_id) is not None,
    )


def _closing(tx: Transaction, command: c.CloseInbound | c.ReopenInbound) -> AboutInbound:
    rows = tx.connection.execute(
        "SELECT DISTINCT t.worker_id FROM tally t JOIN tally_count c USING (tally_id)"
        " WHERE t.work = 'receive' AND t.about = ? AND t.status = 'open' ORDER BY 1",
        (command.inbound_id,),
    )
    counting = tuple(worker_id or "somebody" for (worker_id,) in rows)
    return AboutInbound(load_inbound(tx.connection, command.inbound_id), counting=counting)


def load_receipt(db: sqlite3.Connection, receipt_id: str) -> Receipt | None:
    """A receipt as it stands, corrections included."""
    rows = db.execute(
        "SELECT line, sku, millionths, condition, lot_id, container, line_id, inbound_id FROM received_line"
        " WHERE receipt_id = ? ORDER BY line",
        (receipt_id,),
    ).fetchall()
    if not rows:
        return None
    lines = tuple(ReceivedHere(line, sku, _units(qty), *of) for line, sku, qty, *of, _ in rows)
    items = {line.sku: tally.item(db, line.sku) for line in lines}
    return Receipt(
        receipt_id,
        load_inbound(db, rows[0][-1]) if rows[0][-1] else None,
        lines,
        balance=lambda account, sku, lot_id: balance(db, account, sku, lot_id),
        serial_at=lambda sku, serial: stock.serial_at(db, sku, serial),
        serial_required=frozenset(sku for sku, item in items.items() if item is not None and item.serial_required),
    )


def balance(db: sqlite3.Connection, account: str, sku: str, lot_id: str) -> Decimal:
    """How much of a product and lot is in an account."""
    row = db.execute(
        "SELECT millionths FROM stock WHERE account = ? AND sku = ? AND lot_id = ?", (account, sku, lot_id)
    ).fetchone()
    return _units(row[0]) if row else Decimal(0)


ACTS: Acts = {
    c.AllowGoods: Act(_about, inbound_acts.allow),
    c.RejectGoods: Act(_about, inbound_acts.reject),
    c.CloseInbound: Act(_closing, inbound_acts.close),
    c.ReopenInbound: Act(_closing, inbound_acts.reopen),
    c.CorrectReceipt: Act(lambda tx, each: load_receipt(tx.connection, each.receipt_id), inbound_acts.correct),
    c.LabelGoods: Act(lambda tx, each: tally.item(tx.connection, each.sku), inbound_acts.label),
}
DESKS: Mapping[str, DeskLoad] = {"receive": load_desk}


# --- what the facts add up to ------------------------------------------------------------------------------------


def _units(amount: int) -> Decimal:
    return Decimal(amount) / MILLIONTHS


def _product(db: sqlite3.Connection, _seq: int, fact: e.ProductReceived) -> None:
    db.execute("DELETE FROM product_rule WHERE sku = ?", (fact.sku,))
    if fact.lot_required or fact.catch_weight or fact.min_shelf_days is not None:
        rule = (fact.sku, fact.lot_required, fact.catch_weight, fact.min_shelf_days)
        db.execute("INSERT INTO product_rule VALUES (?,?,?,?)", rule)


def _announced(db: sqlite3.Connection, _seq: int, fact: e.InboundAnnounced) -> None:
    old = db.execute("SELECT sscc FROM inbound_pallet WHERE inbound_id = ?", (fact.inbound_id,)).fetchall()
    db.executemany("DELETE FROM code WHERE thing = 'pallet' AND id = ?", old)
    db.execute("DELETE FROM inbound_pallet WHERE inbound_id = ?", (fact.inbound_id,))
    db.execute("DELETE FROM code WHERE thing = 'inbound' AND id = ?", (fact.inbound_id,))
    for code in filter(str.strip, (fact.inbound_id, fact.number)):
        db.execute("INSERT OR REPLACE INTO code VALUES (?, 'inbound', ?, 1)", (key_of(code), fact.inbound_id))
    for pallet in fact.pallets:
        content = json.dumps([each.model_dump(mode="json") for each in pallet.content], ensure_ascii=False)
        db.execute("INSERT OR REPLACE INTO inbound_pallet VALUES (?,?,?)", (pallet.sscc, fact.inbound_id, content))
        db.execute("INSERT OR REPLACE INTO code VALUES (?, 'pallet', ?, 1)", (key_of(pallet.sscc), pallet.sscc))


def _received(db: sqlite3.Connection, seq: int, fact: e.ReceiptRecorded) -> None:
    for place, line in enumerate(fact.lines):
        db.execute(
            "INSERT INTO received_line VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                *(fact.receipt_id, place, fact.entity, fact.inbound_id, line.line_id or "", line.sku),
                *(line.lot_id or "", line.expires_on, line.condition, line.container, millionths(line.qty), seq),
            ),
        )


def _corrected(db: sqlite3.Connection, _seq: int, fact: e.ReceiptCorrected) -> None:
    db.executemany(
        "UPDATE received_line SET millionths = millionths + ? WHERE receipt_id = ? AND line = ?",
        [(millionths(line.change), fact.receipt_id, line.line) for line in fact.lines],
    )


def _closed(db: sqlite3.Connection, seq: int, fact: e.InboundClosed) -> None:
    db.execute("INSERT OR REPLACE INTO inbound_closed VALUES (?, 1, ?)", (fact.inbound_id, seq))


def _reopened(db: sqlite3.Connection, seq: int, fact: e.InboundReopened) -> None:
    db.execute("INSERT OR REPLACE INTO inbound_closed VALUES (?, 0, ?)", (fact.inbound_id, seq))


def _goods_allowed(db: sqlite3.Connection, _seq: int, fact: e.GoodsAllowed) -> None:
    qty = millionths(fact.qty) if fact.qty is not None else 0
    row = (fact.inbound_id, fact.sku, fact.expires_on or "", qty)
    db.execute("INSERT OR REPLACE INTO goods_allowed VALUES (?,?,?,?)", row)


def _discrepancy(db: sqlite3.Connection, seq: int, fact: e.DiscrepancyRecorded) -> None:
    db.execute(
        "INSERT INTO discrepancy VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        (
            *(fact.discrepancy_id, seq, fact.inbound_id, fact.receipt_id, fact.line_id, fact.differs, fact.sku),
            *(millionths(fact.qty), fact.lot_id, fact.reason, json.dumps(fact.photos)),
        ),
    )


RULES: Mapping[str, Rule] = {
    e.ProductReceived.kind: _product,
    e.InboundAnnounced.kind: _announced,
    e.ReceiptRecorded.kind: _received,
    e.ReceiptCorrected.kind: _corrected,
    e.InboundClosed.kind: _closed,
    e.InboundReopened.kind: _reopened,
    e.GoodsAllowed.kind: _goods_allowed,
    e.DiscrepancyRecorded.kind: _discrepancy,
}
