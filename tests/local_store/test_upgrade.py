"""A store of an earlier version: after the steps of this one its views are what a rebuild makes of its journal."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

from local_store import projections
from local_store.database import FILE_NAME
from local_store.migrations import statements_of
from tests.support.floor import Bench, line, product


def test_parcels_that_were_packed_before_are_known_with_all_that_is_in_them(
    open_bench: Callable[[str], Bench],
) -> None:
    bench = open_bench("pack-1")
    bench.given_products(product("SKU-1"), product("SKU-2"))
    bench.given_order("O-1", line("SKU-1", 2), line("SKU-2", 1))
    bench.given_order("O-2", line("SKU-1", 1))
    bench.signed_in().packed("O-1", 500)
    file = bench.store.path.parent / FILE_NAME
    with closing(sqlite3.connect(file)) as db:
        wanted = list(projections.dump(db))
        assert sum(row.startswith("package_item:") for row in wanted) == 2
        db.execute("DELETE FROM package_item")  # as the version before left it
        db.execute("UPDATE package SET packed_sscc = NULL")
        assert list(projections.dump(db)) != wanted
        for statement in statements_of("007_contents"):
            if "CREATE TABLE" not in statement and not statement.startswith(("ALTER", "CREATE INDEX")):
                db.execute(statement)
        assert list(projections.dump(db)) == wanted
