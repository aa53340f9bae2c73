"""A database begun with an older HQ is brought up to date when it is opened."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from hq.store import ADDED_SCHEMAS, FOLDER, Store

OLD_KINDS = "'opening', 'adjustment', 'pick', 'put_back', 'ship'"


def begun_with_version_1(file: Path) -> None:
    schema = (FOLDER / "schema.sql").read_text(encoding="utf-8")
    schema = re.sub(r"(?s)CHECK \(kind IN \('opening'.*?\)\)", f"CHECK (kind IN ({OLD_KINDS}))", schema)
    db = sqlite3.connect(file)
    db.executescript(schema + ADDED_SCHEMAS[1].read_text(encoding="utf-8") + "PRAGMA user_version = 1;")
    db.execute("INSERT INTO location VALUES ('A-1', 'wh_1', 'A', 'A-1')")
    db.execute("INSERT INTO product VALUES ('SKU-1', 1, 'A-1', '{}')")
    db.execute("INSERT INTO stock (location_id, sku, on_hand) VALUES ('A-1', 'SKU-1', 7)")
    db.executemany(
        "INSERT INTO movement (at, kind, sku, from_place, to_place, quantity, actor)"
        " VALUES ('t', ?, 'SKU-1', ?, ?, ?, 'a')",
        [("opening", "@outside", "A-1", 9), ("pick", "A-1", "@picked", 2)],
    )
    db.commit()
    db.close()


def schema_of(store: Store) -> dict[str, str]:
    rows = store.db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {row["name"]: " ".join(row["sql"].replace('"', "").split()) for row in rows}


def test_its_ledger_is_kept_and_takes_the_new_kinds(tmp_path: Path) -> None:
    file = tmp_path / "hq.db"
    begun_with_version_1(file)
    store = Store(file)
    told = [tuple(row) for row in store.db.execute("SELECT seq, kind, quantity FROM movement ORDER BY seq")]
    assert told == [(1, "opening", 9), (2, "pick", 2)]
    store.db.execute(
        "INSERT INTO movement (at, kind, sku, from_place, to_place, quantity, actor)"
        " VALUES ('t', 'receipt', 'SKU-1', '@outside', '@receiving', 1, 'a')"
    )
    store.close()


def test_it_then_has_the_schema_of_a_new_one(tmp_path: Path) -> None:
    begun_with_version_1(tmp_path / "old.db")
    old, new = Store(tmp_path / "old.db"), Store(tmp_path / "new.db")
    assert schema_of(old) == schema_of(new)
    assert old.db.execute("PRAGMA user_version").fetchone() == new.db.execute("PRAGMA user_version").fetchone()
    old.close()
    new.close()


def test_it_may_be_opened_again_and_again(tmp_path: Path) -> None:
    begun_with_version_1(tmp_path / "hq.db")
    secrets = []
    for _ in range(3):
        store = Store(tmp_path / "hq.db")
        secrets.append(store.badge_secret)
        store.close()
    assert len(set(secrets)) == 1
