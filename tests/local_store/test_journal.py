"""The journal: bodies that never vary, a chain that shows every change, facts that cannot be edited."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_store import journal
from local_store.domain import events as e
from local_store.domain.site import Lane
from local_store.journal import JournalDamaged
from tests.support.floor import SITE, Bench, line


def a_day(bench: Bench) -> None:
    """Nearly everything that can happen between an open picklist and a sealed parcel."""
    bench.scan("TOTE-5", "GARBAGE", "A-1", "SKU-1", "SKU-1")
    bench.undo()
    bench.skip()
    bench.scan("2900000000032", "SKU-1", "B-2")
    bench.short()
    bench.complete()
    bench.at("pack-1").signed_in().scan("TOTE-5", "SKU-1", "SKU-1", "2900000000032")
    bench.undo()
    bench.scan("2900000000032")
    bench.weigh(800)
    bench.seal()
    bench.sign_out()


# bodies


def counted(**of: object) -> e.PickCounted:
    usual = {
        "picklist_id": "PL-7", "task_id": "T", "count_id": "c", "location_id": "A-1", "sku": "SKU-1",
        "qty": Decimal(1), "picked": Decimal(1), "status": "open",
    }  # fmt: skip
    return e.PickCounted.model_validate({**usual, **of})


def test_a_body_is_sorted_compact_and_in_plain_utf_8() -> None:
    fact = counted(location_id="Łódź\u2028\U0001f4e6", qty=Decimal("2.50"), picked=Decimal("1E+2"))
    assert journal.canonical(fact) == (
        '{"count_id":"c","location_id":"Łódź\u2028\U0001f4e6","picked":"100","picklist_id":"PL-7",'
        '"qty":"2.5","sku":"SKU-1","status":"open","task_id":"T"}'
    )


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        ("1", "1"),
        ("1.0", "1"),
        ("0.500", "0.5"),
        ("1E+3", "1000"),
        ("-0.10", "-0.1"),
        ("0", "0"),
        ("0.0", "0"),
        ("-0", "0"),
    ],
)
def test_equal_quantities_have_one_text(quantity: str, text: str) -> None:
    assert e.decimal_text(Decimal(quantity)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**6), max_value=10**6), st.text())
def test_a_body_read_back_and_written_again_is_the_same_to_the_byte(quantity: Decimal, text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    fact = counted(qty=quantity, sku=text, location_id=text)
    body = journal.canonical(fact)
    again = journal.fact_of(1, fact.kind, body)
    assert again == fact
    assert journal.canonical(again) == body


def test_every_fact_of_a_day_is_read_back_just_as_it_was_written(picking: Bench) -> None:
    a_day(picking)
    rows = picking.query("SELECT seq, kind, body FROM journal")
    assert len({kind for _, kind, _ in rows}) >= 15
    for seq, kind, body in rows:
        assert journal.canonical(journal.fact_of(seq, kind, body)) == body


# facts are never edited


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE journal SET body = '{}' WHERE seq = 2", "a fact is never edited; write a correcting fact"),
        ("DELETE FROM journal WHERE seq = 2", "a fact is never deleted; write a correcting fact"),
    ],
)
def test_a_fact_is_never_edited_or_deleted(bench: Bench, statement: str, sentence: str) -> None:
    bench.signed_in()
    with pytest.raises(sqlite3.IntegrityError, match=sentence):
        bench.runner.run(bench.store.run(lambda tx: tx.connection.execute(statement)))


# damage is found and located


def edit(db: sqlite3.Connection, column: str, value: object) -> None:
    db.execute(f"UPDATE journal SET {column} = ? WHERE seq = 5", (value,))


DAMAGES: dict[str, tuple[Callable[[sqlite3.Connection], object], str]] = {
    "an edited body": (
        lambda db: db.execute("UPDATE journal SET body = replace(body, 'PL-7', 'PL-8') WHERE seq = 10"),
        "journal row 10 was changed after it was written",
    ),
    "another actor": (lambda db: edit(db, "actor", "ben"), "journal row 5 was changed"),
    "an actor where there was none": (
        lambda db: db.execute("UPDATE journal SET actor = '' WHERE seq = 1"),
        "journal row 1 was changed",
    ),
    "another time": (lambda db: edit(db, "wall_ms", 0), "journal row 5 was changed"),
    "another kind": (lambda db: edit(db, "kind", "pick.skipped"), "journal row 5 was changed"),
    "another command": (lambda db: edit(db, "command_id", bytes(16)), "journal row 5 was changed"),
    "another hash": (lambda db: edit(db, "hash", bytes(32)), "journal row 5 was changed"),
    "another previous hash": (
        lambda db: edit(db, "prev_hash", bytes(32)),
        "journal row 5 does not follow row 4: one of them was changed",
    ),
    "a removed row": (
        lambda db: db.execute("DELETE FROM journal WHERE seq = 5"),
        r"journal row 5 is missing \(the next one is 6\)",
    ),
    "a removed first row": (lambda db: db.execute("DELETE FROM journal WHERE seq = 1"), "journal row 1 is missing"),
    "a removed row with the gap closed": (
        lambda db: db.executescript(
            "DELETE FROM journal WHERE seq = 5; UPDATE journal SET seq = seq - 1 WHERE seq > 5"
        ),
        "journal row 5 does not follow row 4",
    ),
    "a row put in between": (
        lambda db: db.executescript(
            "UPDATE journal SET seq = -seq - 1 WHERE seq >= 5; UPDATE journal SET seq = -seq WHERE seq < 0;"
            "INSERT INTO journal SELECT 5, epoch, event_id, command_id, kind, version, actor, station,"
            " correlation_id, wall_ms, wall_quality, mono_ms, body, prev_hash, hash FROM journal WHERE seq = 6"
        ),
        "journal row 6 does not follow row 5",
    ),
    "two rows exchanged": (
        lambda db: db.executescript(
            "UPDATE journal SET seq = -5 WHERE seq = 5; UPDATE journal SET seq = 5 WHERE seq = 6;"
            "UPDATE journal SET seq = 6 WHERE seq = -5"
        ),
        "journal row 5 does not follow row 4",
    ),
    "a changed epoch": (lambda db: db.execute("UPDATE epoch SET epoch_id = 'other'"), "journal row 1 was changed"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_and_located(picking: Bench, damage: str) -> None:
    picking.scan("A-1", "SKU-1", "SKU-1")
    assert journal.verify(picking.store.reader) > 6
    change, sentence = DAMAGES[damage]
    db = _without_guards(picking.folder)
    change(db)
    db.close()
    with pytest.raises(JournalDamaged, match=sentence):
        journal.verify(picking.store.reader)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal SET kind = 'thing.unheard_of' WHERE seq = 5",
        "UPDATE journal SET body = '{' WHERE seq = 5",
        "UPDATE journal SET body = CAST(x'7bff7d' AS TEXT) WHERE seq = 5",
    ],
)
def test_a_row_that_is_not_what_was_written_is_never_read_as_a_fact(picking: Bench, change: str) -> None:
    db = _without_guards(picking.folder)
    db.execute(change)
    db.close()
    with pytest.raises(JournalDamaged, match=r"journal row 5 (was changed|cannot be read)"):
        list(journal.read(picking.store.reader))


def test_the_hash_of_a_row_covers_the_row_before_its_own_header_and_its_body(bench: Bench) -> None:
    bench.signed_in()
    before, (seq, epoch, event, command, *header, body, digest) = bench.query(
        "SELECT seq, epoch_id, hex(event_id), hex(command_id), kind, version, actor, station, correlation_id,"
        " wall_ms, wall_quality, mono_ms, body, hash"
        " FROM journal JOIN epoch ON epoch = ordinal ORDER BY seq DESC LIMIT 2"
    )[::-1]
    fields = (seq, epoch, event.lower(), command.lower(), *header)
    assert digest == journal.row_hash(before[-1], fields, body)
    assert digest != journal.row_hash(before[-1], (*fields[:-1], fields[-1] + 1), body)
    assert digest != journal.row_hash(bytes(32), fields, body)
    assert len(digest) == hashlib.sha256().digest_size


def test_a_forger_who_mends_one_rows_hash_and_the_next_rows_link_is_still_found(picking: Bench) -> None:
    db = _without_guards(picking.folder)
    *fields, body = db.execute(
        "SELECT seq, epoch_id, lower(hex(event_id)), lower(hex(command_id)), kind, version, actor, station,"
        " correlation_id, wall_ms, wall_quality, mono_ms, prev_hash, body || ' '"
        " FROM journal JOIN epoch ON epoch = ordinal WHERE seq = 5"
    ).fetchone()
    *header, previous = fields
    forged = journal.row_hash(previous, tuple(header), body)
    db.execute("UPDATE journal SET body = ?, hash = ? WHERE seq = 5", (body, forged))
    db.execute("UPDATE journal SET prev_hash = ? WHERE seq = 6", (forged,))
    db.commit()
    db.close()
    with pytest.raises(JournalDamaged, match="journal row 6 was changed"):
        journal.verify(picking.store.reader)


# views


def test_views_made_again_from_the_journal_are_the_same(picking: Bench) -> None:
    a_day(picking)
    live = picking.dump()
    assert picking.rebuilt_dump() == live


def test_facts_of_work_are_promised_to_the_lane_it_came_from_and_to_every_sink(tmp_path: Path) -> None:
    lanes = (
        Lane("main", frozenset({"pick.counted"}), sink=False),
        Lane("other", frozenset({"pick.counted"}), sink=False),
        Lane("archive", frozenset(), sink=True),
    )
    bench = Bench(tmp_path, replace(SITE, lanes=lanes))
    bench.given_picklist("PL-7", line("SKU-1", 2))
    bench.signed_in().scan("PL-7", "A-1", "SKU-1")
    rows = bench.query("SELECT lane, state, kind FROM outbox JOIN journal USING (seq) WHERE kind = 'pick.counted'")
    assert sorted(rows) == [("archive", "not_deliverable", "pick.counted"), ("main", "pending", "pick.counted")]
    bench.close()


def _without_guards(folder: Path) -> sqlite3.Connection:
    """Somebody else's connection, with the triggers that guard the journal dropped."""
    db = sqlite3.connect(folder / "edge.sqlite3", isolation_level=None)
    db.execute("DROP TRIGGER journal_is_never_edited")
    db.execute("DROP TRIGGER journal_is_never_pruned")
    return db
