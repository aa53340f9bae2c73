"""The views that facts add up to, one rule for each fact. One file, because people look a fact up here.

Each fact changes them by its own contents only, so they can always be rebuilt.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, TypeVar, cast

from local_store import announced, counts, files, history, identity, numbers, withdrawals, works
from local_store.domain import events as e
from local_store.domain import states
from local_store.domain.codes import key_of
from local_store.domain.events import Fact, decimal_text
from local_store.domain.printing import attempt_code
from local_store.journal import fact_digest

PROJECTIONS = (
    "place",
    "product",
    "code",
    "linked_code",
    "fulfillment",
    "fulfillment_line",
    "picklist",
    "pick_task",
    "last_count",
    "package",
    "package_item",
    *announced.TABLES,
    *works.TABLES,
    "work_exception",
    "hq_ref",
    "carrier_label",
    "number_block",
    "fence",
    "recovered",
    "history_conflict",
    "journal_gap",
)
"""Tables that `rebuild` empties and fills again from the journal."""

Apply = Callable[[sqlite3.Connection, int, Any], None]
F = TypeVar("F", bound=Fact)

_APPLY: dict[str, Apply] = {}


def apply(connection: sqlite3.Connection, seq: int, fact: Fact) -> None:
    """Bring the views up to date with one fact."""
    for statement, values in counts.writes(seq, fact) or ():
        connection.execute(statement, values)
    rule = _APPLY.get(fact.kind)
    if rule is not None:
        rule(connection, seq, fact)
    for follow in works.RULES.get(fact.kind, ()):
        follow(connection, seq, fact)


def dump(connection: sqlite3.Connection) -> Iterator[str]:
    """Every projected row as text, in a fixed order: two equal stores have equal dumps."""
    for table in PROJECTIONS:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        order = ", ".join(columns)
        for row in connection.execute(f"SELECT * FROM {table} ORDER BY {order}"):  # noqa: S608 -- our own names
            yield f"{table}: {tuple(row)!r}"


def clear(connection: sqlite3.Connection) -> None:
    """Empty every projection."""
    for table in PROJECTIONS:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 -- our own names


def _on(kind: type[F]) -> Callable[[Callable[[sqlite3.Connection, int, F], None]], None]:
    def register(rule: Callable[[sqlite3.Connection, int, F], None]) -> None:
        _APPLY[kind.kind] = cast("Apply", rule)

    return register


@_on(e.StationSalvaged)
def _salvaged(db: sqlite3.Connection, seq: int, fact: e.StationSalvaged) -> None:
    _tell_gaps(db, seq, fact.missing)


@_on(e.StationRestored)
def _restored(db: sqlite3.Connection, seq: int, fact: e.StationRestored) -> None:
    _tell_gaps(db, seq, fact.missing)


@_on(e.WorkerSignedIn)
def _signed_in(db: sqlite3.Connection, _seq: int, fact: e.WorkerSignedIn) -> None:
    db.execute(
        "INSERT INTO place(workplace, worker_id) VALUES (?, ?)"
        " ON CONFLICT(workplace) DO UPDATE SET worker_id = excluded.worker_id",
        (fact.workplace, fact.worker_id),
    )


@_on(e.WorkerSignedOut)
def _signed_out(db: sqlite3.Connection, _seq: int, fact: e.WorkerSignedOut) -> None:
    db.execute("UPDATE place SET worker_id = NULL WHERE workplace = ?", (fact.workplace,))


@_on(e.ProductReceived)
def _product(db: sqlite3.Connection, _seq: int, fact: e.ProductReceived) -> None:
    db.execute(
        "INSERT OR REPLACE INTO product VALUES (?,?,?,?,?,?,?,?)",
        (
            *(fact.sku, fact.name, fact.pack_text, fact.nominal_weight_mg, fact.location_id, fact_digest(fact)),
            *(fact.serial_required, fact.expiry_required),
        ),
    )
    db.execute("DELETE FROM code WHERE thing = 'product' AND id = ?", (fact.sku,))
    _code(db, fact.sku, "product", fact.sku)
    for each in fact.barcodes:
        _code(db, each.barcode, "product", fact.sku, each.multiplier)
    if fact.location_id:
        _code(db, fact.location_id, "location", fact.location_id)


@_on(e.CodeLinked)
def _code_linked(db: sqlite3.Connection, _seq: int, fact: e.CodeLinked) -> None:
    db.execute(
        "INSERT INTO linked_code VALUES (?,?,?,?) ON CONFLICT(key) DO NOTHING",
        (fact.key, fact.code, fact.sku, fact.multiplier),
    )


@_on(e.CodeUnlinked)
def _code_unlinked(db: sqlite3.Connection, _seq: int, fact: e.CodeUnlinked) -> None:
    db.execute("DELETE FROM linked_code WHERE key = ? AND sku = ?", (fact.key, fact.sku))


@_on(e.FulfillmentReceived)
def _fulfillment(db: sqlite3.Connection, seq: int, fact: e.FulfillmentReceived) -> None:
    session = states.PackSession.READY if fact.picked else states.PackSession.WAITING
    db.execute(
        "INSERT INTO fulfillment(fulfillment_id, lane, order_id, warehouse_id, party_id, session, ship_by,"
        " carrier_hint, service_code, insurance, metadata, ready_seq) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            fact.fulfillment_id,
            fact.lane,
            fact.order_id,
            fact.warehouse_id,
            fact.party_id,
            session,
            fact.ship_by,
            fact.carrier_hint,
            fact.service_code,
            _json(fact.insurance),
            _json(fact.metadata),
            seq if fact.picked else None,
        ),
    )
    for position, line in enumerate(fact.lines):
        db.execute(
            "INSERT INTO fulfillment_line VALUES (?,?,?,?,?,?,'0')",
            (
                fact.fulfillment_id,
                line.order_line_id,
                position,
                line.sku,
                decimal_text(line.qty),
                decimal_text(line.picked),
            ),
        )
        _sku(db, line.sku)
    _code(db, fact.fulfillment_id, "fulfillment", fact.fulfillment_id)
    _code(db, fact.order_id, "fulfillment", fact.fulfillment_id)


@_on(e.PicklistReceived)
def _picklist(db: sqlite3.Connection, _seq: int, fact: e.PicklistReceived) -> None:
    db.execute(
        "INSERT INTO picklist(picklist_id, lane, priority, ship_by, status, first_location, zone)"
        " VALUES (?,?,?,?,?,?,?)",
        (
            fact.picklist_id,
            fact.lane,
            states.PRIORITIES.index(fact.priority),
            fact.ship_by,
            states.Picklist.OPEN,
            fact.tasks[0].location_id if fact.tasks else "",
            fact.zone,
        ),
    )
    for position, task in enumerate(fact.tasks):
        db.execute(
            "INSERT INTO pick_task VALUES (?,?,?,?,?,?,?,?,'0',?,NULL,?)",
            (
                fact.picklist_id,
                position,
                task.task_id,
                task.fulfillment_id,
                task.order_line_id,
                task.location_id,
                task.sku,
                decimal_text(task.qty),
                states.PickTask.OPEN,
                task.lot_id,
            ),
        )
        _code(db, task.location_id, "location", task.location_id)
        _sku(db, task.sku)
    fulfillments = {task.fulfillment_id for task in fact.tasks}
    for fulfillment_id in sorted(fulfillments):
        db.execute(
            "UPDATE fulfillment SET picklist_id = ? WHERE fulfillment_id = ?", (fact.picklist_id, fulfillment_id)
        )
    _code(db, fact.picklist_id, "picklist", fact.picklist_id)


@_on(e.PicklistStarted)
def _picklist_started(db: sqlite3.Connection, _seq: int, fact: e.PicklistStarted) -> None:
    db.execute(
        "UPDATE picklist SET status = ?, workplace = ? WHERE picklist_id = ?",
        (states.Picklist.IN_PROGRESS, fact.workplace, fact.picklist_id),
    )
    db.execute("UPDATE place SET picklist_id = ? WHERE workplace = ?", (fact.picklist_id, fact.workplace))


@_on(e.PickShort)
def _pick_short(db: sqlite3.Connection, seq: int, fact: e.PickShort) -> None:
    db.execute(
        "UPDATE pick_task SET status = ?, reason = ? WHERE task_id = ?", (fact.status, fact.reason, fact.task_id)
    )
    db.execute("UPDATE picklist SET counting_task_id = NULL WHERE picklist_id = ?", (fact.picklist_id,))
    db.execute(counts.LAST_COUNT, (fact.entity, seq, fact.count_id, fact.task_id, "0"))


@_on(e.PickUndone)
def _pick_undone(db: sqlite3.Connection, _seq: int, fact: e.PickUndone) -> None:
    db.execute(
        "UPDATE pick_task SET picked = ?, status = ?, reason = NULL WHERE task_id = ?",
        (decimal_text(fact.picked), fact.status, fact.task_id),
    )
    counting = fact.task_id if fact.picked > 0 else None
    db.execute("UPDATE picklist SET counting_task_id = ? WHERE picklist_id = ?", (counting, fact.picklist_id))
    _pop_count(db, fact.entity, fact.count_id)


@_on(e.PickSkipped)
def _pick_skipped(db: sqlite3.Connection, _seq: int, fact: e.PickSkipped) -> None:
    db.execute("UPDATE pick_task SET status = ? WHERE task_id = ?", (fact.status, fact.task_id))
    db.execute("UPDATE picklist SET counting_task_id = NULL WHERE picklist_id = ?", (fact.picklist_id,))


@_on(e.ToteAssigned)
def _tote(db: sqlite3.Connection, _seq: int, fact: e.ToteAssigned) -> None:
    db.execute("UPDATE fulfillment SET tote_id = ? WHERE fulfillment_id = ?", (fact.tote_id, fact.fulfillment_id))
    db.execute("DELETE FROM code WHERE key = ? AND thing = 'fulfillment'", (key_of(fact.tote_id),))
    _code(db, fact.tote_id, "fulfillment", fact.fulfillment_id)


@_on(e.PicklistCompleted)
def _picklist_completed(db: sqlite3.Connection, seq: int, fact: e.PicklistCompleted) -> None:
    db.execute(
        "UPDATE picklist SET status = ?, pick_confirmation_id = ?, counting_task_id = NULL WHERE picklist_id = ?",
        (states.Picklist.COMPLETED, fact.pick_confirmation_id, fact.picklist_id),
    )
    db.execute("UPDATE place SET picklist_id = NULL WHERE picklist_id = ?", (fact.picklist_id,))
    db.execute("DELETE FROM last_count WHERE work = ?", (fact.entity,))
    picked: dict[tuple[str, str], Decimal] = {}
    for line in fact.lines:
        key = (line.fulfillment_id, line.order_line_id)
        picked[key] = picked.get(key, Decimal(0)) + line.picked
    for (fulfillment_id, order_line_id), qty in picked.items():
        db.execute(
            "UPDATE fulfillment_line SET picked = ? WHERE fulfillment_id = ? AND order_line_id = ?",
            (decimal_text(qty), fulfillment_id, order_line_id),
        )
    for fulfillment_id in sorted({key[0] for key in picked}):
        db.execute(
            "UPDATE fulfillment SET session = ?, ready_seq = ? WHERE fulfillment_id = ? AND session = ?"
            " AND NOT EXISTS (SELECT 1 FROM pick_task t JOIN picklist p USING (picklist_id)"
            "  WHERE t.fulfillment_id = fulfillment.fulfillment_id AND p.status <> ?)",
            (
                states.PackSession.READY,
                seq,
                fulfillment_id,
                states.PackSession.WAITING,
                states.Picklist.COMPLETED,
            ),
        )


@_on(e.PackOpened)
def _pack_opened(db: sqlite3.Connection, _seq: int, fact: e.PackOpened) -> None:
    db.execute(
        "UPDATE fulfillment SET session = ?, workplace = ?, package_id = ? WHERE fulfillment_id = ?",
        (states.PackSession.PACKING, fact.workplace, fact.package_id, fact.fulfillment_id),
    )
    db.execute("UPDATE place SET fulfillment_id = ? WHERE workplace = ?", (fact.fulfillment_id, fact.workplace))
    db.execute(
        "INSERT INTO package(package_id, fulfillment_id, status, number) VALUES (?,?,?,?)",
        (fact.package_id, fact.fulfillment_id, states.Package.OPEN, fact.number),
    )


@_on(e.PackUndone)
def _pack_undone(db: sqlite3.Connection, _seq: int, fact: e.PackUndone) -> None:
    counting = fact.order_line_id if fact.packed > 0 else None
    db.execute(counts.LINE, (decimal_text(fact.packed), fact.fulfillment_id, fact.order_line_id))
    db.execute(counts.FULFILLMENT, (counting, fact.fulfillment_id, counting))
    db.execute(
        "UPDATE package SET status = ?, weight_mg = NULL, expected_mg = NULL, reason = NULL WHERE package_id = ?",
        (states.Package.OPEN, fact.package_id),
    )
    _pop_count(db, fact.entity, fact.count_id)


@_on(e.PackageWeighed)
def _weighed(db: sqlite3.Connection, _seq: int, fact: e.PackageWeighed) -> None:
    db.execute(
        "UPDATE package SET status = ?, weight_mg = ?, expected_mg = ?, reason = ?, tare_mg = coalesce(?, tare_mg)"
        " WHERE package_id = ?",
        (states.Package.WEIGHED, fact.weight_mg, fact.expected_mg, fact.reason, fact.tare_mg, fact.package_id),
    )


@_on(e.PackagePacked)
def _packed(db: sqlite3.Connection, _seq: int, fact: e.PackagePacked) -> None:
    db.execute("UPDATE package SET packed_sscc = ? WHERE package_id = ?", (fact.sscc, fact.package_id))
    db.execute("DELETE FROM package_item WHERE package_id = ?", (fact.package_id,))
    db.executemany(
        "INSERT INTO package_item VALUES (?,?,?,?)",
        [(fact.package_id, item.order_line_id, item.sku, decimal_text(item.qty)) for item in fact.items],
    )


@_on(e.PackageSealed)
def _sealed(db: sqlite3.Connection, _seq: int, fact: e.PackageSealed) -> None:
    db.execute(
        "UPDATE package SET status = ?, sscc = ? WHERE package_id = ?",
        (states.Package.SEALED, fact.sscc, fact.package_id),
    )
    if fact.last:
        db.execute(
            "UPDATE fulfillment SET session = ?, counting_line_id = NULL, package_id = ? WHERE fulfillment_id = ?",
            (states.PackSession.PACKED, fact.package_id, fact.fulfillment_id),
        )
        db.execute("UPDATE place SET fulfillment_id = NULL WHERE fulfillment_id = ?", (fact.fulfillment_id,))
    db.execute("DELETE FROM last_count WHERE work = ?", (fact.entity,))
    numbers.used(db, fact)
    _code(db, fact.sscc, "package", fact.package_id)
    for used in fact.numbers:
        if used.kind == "package":
            _code(db, used.text, "package", fact.package_id)


@_on(e.LabelRequested)
def _label_wanted(db: sqlite3.Connection, _seq: int, fact: e.LabelRequested) -> None:
    _code(db, attempt_code(fact.job_id, fact.copy_no), "label", fact.job_id, fact.copy_no)


@_on(e.LabelReprintApproved)
def _label_copy_wanted(db: sqlite3.Connection, _seq: int, fact: e.LabelReprintApproved) -> None:
    _code(db, attempt_code(fact.job_id, fact.copy_no), "label", fact.job_id, fact.copy_no)


_APPLY.update(announced.RULES)
_on(e.CarrierLabelReceived)(files.label_received)
_on(e.NumbersLeased)(numbers.leased)
_on(e.NumbersRetired)(numbers.retired)
_on(e.NumbersBurned)(numbers.burned)
_on(e.StationFenced)(identity.fenced)
_on(e.FenceSettled)(identity.settled)
_on(e.HistoryConflict)(history.conflict_found)
_on(e.HistoryConflictSettled)(history.conflict_settled)


_APPLY |= withdrawals.RULES


@_on(e.HistoryRecovered)
def _history_recovered(db: sqlite3.Connection, seq: int, fact: e.HistoryRecovered) -> None:
    history.recovered(db, seq, fact, apply)


@_on(e.HqRefLearned)
def _hq_ref(db: sqlite3.Connection, _seq: int, fact: e.HqRefLearned) -> None:
    db.execute("INSERT OR REPLACE INTO hq_ref VALUES (?,?,?,?)", (fact.lane, fact.thing, fact.local_id, fact.hq_id))


def _tell_gaps(db: sqlite3.Connection, seq: int, missing: tuple[e.MissingFacts, ...]) -> None:
    """The newest such fact lists every gap of the journal."""
    db.execute("DELETE FROM journal_gap")
    db.executemany(
        "INSERT INTO journal_gap VALUES (?,?,?,?)",
        [(gap.first_seq, gap.last_seq, bytes.fromhex(gap.hash_before), seq) for gap in missing],
    )


def _code(db: sqlite3.Connection, code: str, thing: str, thing_id: str, multiplier: int = 1) -> None:
    """What a code means, by the key under which a scan of it is looked up."""
    db.execute("INSERT OR REPLACE INTO code VALUES (?,?,?,?)", (key_of(code), thing, thing_id, multiplier))


def _sku(db: sqlite3.Connection, sku: str) -> None:
    """Work may name a product before HQ has described it: its own code is known from then on."""
    db.execute("INSERT OR IGNORE INTO code VALUES (?, 'product', ?, 1)", (key_of(sku), sku))


def _pop_count(db: sqlite3.Connection, work: str, count_id: str) -> None:
    db.execute("DELETE FROM last_count WHERE work = ? AND count_id = ?", (work, count_id))


def _json(value: dict[str, Any] | None) -> str | None:
    return None if value is None else json.dumps(value, sort_keys=True, ensure_ascii=False)
