"""What the store lets go of, by nights and never by the clock; and what it never lets go of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from local_store import journal, outbox, retention, spool
from local_store.domain import events as e
from local_store.retention import NIGHTS_OF_ADDRESSES, NIGHTS_OF_LABELS, NIGHTS_OF_PROMISES
from local_store.transaction import Transaction
from tests.support.floor import Bench, line, product


@pytest.fixture
def shipped(open_bench: Callable[[str], Bench]) -> Bench:
    """Order O-1 is packed, its label came out, and HQ has every fact."""
    bench = open_bench("pack-1")
    bench.given_products(product("SKU-1"))
    bench.given_order("O-1", line("SKU-1", 1))
    bench.signed_in().packed("O-1", 100)
    in_store(bench, came_out)
    in_store(bench, all_delivered)
    return bench


def in_store(bench: Bench, work: Callable[[Transaction], Any]) -> Any:
    return bench.runner.run(bench.store.run(work))


def came_out(tx: Transaction) -> None:
    """Every label is rendered and settled, as the spooler would have done."""
    tx.connection.execute("UPDATE spool_job SET zpl = X'5E5841', state = 'confirmed'")


def all_delivered(tx: Transaction) -> None:
    db = tx.connection
    for entity in outbox.entities_to_send(db, "main", ()):
        facts = outbox.next_facts(db, "main", entity, 100)
        request = outbox.fix_request(db, "main", facts, outbox.NewRequest("POST", "/x", "{}"), tx.wall_ms)
        outbox.delivered(db, request.request_id, 200)


def nights(bench: Bench, many: int, address_nights: int = NIGHTS_OF_ADDRESSES) -> None:
    async def no_pause(_seconds: float) -> None:
        await asyncio.sleep(0)

    for _ in range(many):
        bench.runner.run(retention.close_night(bench.store, no_pause, address_nights))


def left(bench: Bench) -> dict[str, int]:
    """Rows that retention is about."""
    return {
        "promises": bench.query("SELECT count(*) FROM outbox")[0][0],
        "requests": bench.query("SELECT count(*) FROM outbox_request")[0][0],
        "label bytes": bench.query("SELECT count(*) FROM spool_job WHERE zpl IS NOT NULL")[0][0],
        "addresses": bench.query("SELECT count(*) FROM party")[0][0],
    }


def test_a_kept_promise_goes_after_ninety_nights_with_its_request(shipped: Bench) -> None:
    before = left(shipped)
    assert before["promises"] > 0 < before["requests"]
    nights(shipped, NIGHTS_OF_PROMISES)
    assert (left(shipped)["promises"], left(shipped)["requests"]) == (before["promises"], before["requests"])
    nights(shipped, 1)
    assert (left(shipped)["promises"], left(shipped)["requests"]) == (0, 0)


def test_bytes_of_a_label_go_after_thirty_nights(shipped: Bench) -> None:
    nights(shipped, NIGHTS_OF_LABELS)
    assert left(shipped)["label bytes"] == 1
    nights(shipped, 1)
    assert left(shipped)["label bytes"] == 0


def test_an_address_goes_so_many_nights_after_hq_has_every_fact_as_the_site_says(shipped: Bench) -> None:
    nights(shipped, 5, address_nights=5)
    assert left(shipped)["addresses"] == 1
    nights(shipped, 1, address_nights=5)
    assert left(shipped)["addresses"] == 0
    shipped.given_order("O-2", line("SKU-1", 1))
    shipped.packed("O-2", 100)
    in_store(shipped, came_out)
    nights(shipped, 20, address_nights=5)  # HQ is away
    assert left(shipped)["addresses"] == 1
    in_store(shipped, all_delivered)
    nights(shipped, 5, address_nights=5)
    assert left(shipped)["addresses"] == 1
    nights(shipped, 1, address_nights=5)
    assert left(shipped)["addresses"] == 0


def test_what_is_needed_again_is_kept_so_long_anew(shipped: Bench) -> None:
    nights(shipped, 4, address_nights=5)
    shipped.given_order("O-2", line("SKU-1", 1))  # the same party
    nights(shipped, 4, address_nights=5)
    shipped.packed("O-2", 100)
    in_store(shipped, came_out)
    in_store(shipped, all_delivered)
    nights(shipped, 5, address_nights=5)
    assert left(shipped)["addresses"] == 1
    nights(shipped, 1, address_nights=5)
    assert left(shipped)["addresses"] == 0


def test_a_promise_that_is_not_kept_stays_and_so_does_what_it_needs(shipped: Bench) -> None:
    shipped.given_order("O-2", line("SKU-1", 1))
    shipped.packed("O-2", 100)
    in_store(shipped, came_out)
    owed = shipped.query("SELECT count(*) FROM outbox WHERE state = 'pending'")[0][0]
    nights(shipped, NIGHTS_OF_PROMISES + 2)
    assert left(shipped) == {"promises": owed, "requests": 0, "label bytes": 0, "addresses": 1}


@pytest.mark.parametrize("state", ["queued", "ready", "sending", "sent", "uncertain"])
def test_a_label_nobody_has_settled_keeps_its_bytes_and_its_address(shipped: Bench, state: str) -> None:
    in_store(shipped, lambda tx: tx.connection.execute("UPDATE spool_job SET state = ?", (state,)))
    nights(shipped, NIGHTS_OF_LABELS + 2)
    assert (left(shipped)["label bytes"], left(shipped)["addresses"]) == (1, 1)


def test_an_address_stays_while_other_work_of_the_same_receiver_is_open(shipped: Bench) -> None:
    shipped.given_order("O-2", line("SKU-1", 1))  # the same party
    nights(shipped, NIGHTS_OF_ADDRESSES + 2)
    assert left(shipped)["addresses"] == 1


def test_facts_and_answers_are_never_let_go(shipped: Bench) -> None:
    facts = shipped.query("SELECT count(*) FROM journal")
    receipts = shipped.query("SELECT count(*) FROM receipt")
    nights(shipped, NIGHTS_OF_PROMISES + 10)
    assert shipped.query("SELECT count(*) FROM journal") == facts
    assert shipped.query("SELECT count(*) FROM receipt") == receipts
    assert journal.verify(shipped.store.reader) == facts[0][0]


def test_no_scan_waits_for_more_than_a_slice(shipped: Bench) -> None:
    """Each transaction of the tidying touches a few hundred rows, however much there is to let go."""

    def many(tx: Transaction) -> None:
        for n in range(2_000):
            tx.append(e.PicklistAssigned(picklist_id=f"PL-{n}", worker_id="ana", workplace="pick-1"))
        tx.connection.execute("UPDATE outbox SET state = 'delivered'")

    in_store(shipped, many)
    seen: list[int] = []

    async def pause(_seconds: float) -> None:
        seen.append(left(shipped)["promises"])

    nights(shipped, NIGHTS_OF_PROMISES)
    shipped.runner.run(retention.close_night(shipped.store, pause))
    steps = [before - after for before, after in pairwise(seen)]
    assert len([step for step in steps if step]) >= 9
    assert max(steps) <= retention.SLICE


def test_on_a_disk_that_gets_full_the_bytes_of_settled_labels_go_at_once(shipped: Bench) -> None:
    async def no_pause(_seconds: float) -> None:
        await asyncio.sleep(0)

    shipped.runner.run(retention.drop_label_bytes(shipped.store, no_pause))
    assert left(shipped)["label bytes"] == 0
    assert left(shipped)["addresses"] == 1


def test_the_growth_of_a_day_is_known_from_the_second_night_on(shipped: Bench) -> None:
    assert retention.bytes_a_day(shipped.store.reader) is None
    nights(shipped, 1)
    assert retention.bytes_a_day(shipped.store.reader) is None
    in_store(shipped, lambda tx: tx.connection.execute("UPDATE spool_job SET zpl = zeroblob(700000)"))
    nights(shipped, 1)
    assert 690_000 < (retention.bytes_a_day(shipped.store.reader) or 0) < 900_000
    nights(shipped, 1)
    assert 345_000 < (retention.bytes_a_day(shipped.store.reader) or 0) < 450_000


def test_the_newest_of_what_is_spooled_is_not_touched(shipped: Bench) -> None:
    nights(shipped, NIGHTS_OF_LABELS)
    shipped.given_order("O-2", line("SKU-1", 1))
    shipped.packed("O-2", 100)
    in_store(shipped, came_out)
    nights(shipped, 1)
    kept = [job for job in spool.recent(shipped.store.reader, "pack-1", 10) if job.zpl]
    assert len(kept) == 1


def test_what_came_after_the_oldest_of_the_nights_is_kept(shipped: Bench) -> None:
    nights(shipped, 1)
    shipped.given_order("O-2", line("SKU-1", 1))
    shipped.packed("O-2", 100)
    in_store(shipped, came_out)
    nights(shipped, NIGHTS_OF_LABELS)
    assert left(shipped)["label bytes"] == 1
    nights(shipped, 1)
    assert left(shipped)["label bytes"] == 0


def test_what_is_needed_again_between_the_finding_and_the_letting_go_stays(shipped: Bench) -> None:
    """HQ was restored from a backup, say, and a promise is open again."""
    rule, values = retention.PROMISES, {"cutoff": 1 << 62, "lanes": "[]", "most": 1000}
    found = retention._found(shipped.store.path, rule, values)
    assert found
    in_store(shipped, lambda tx: tx.connection.execute("UPDATE outbox SET state = 'pending'"))
    in_store(shipped, lambda tx: retention._prune(tx, rule=rule, found=found, values=values))
    assert left(shipped)["promises"] == len(found)


def test_every_statement_uses_an_index_for_what_it_looks_up(tmp_path: Path) -> None:
    """The writer's own part must not read a table from end to end."""
    bench = Bench(tmp_path)
    values = {"key": "x", "more": 1, "cutoff": 1, "lanes": "[]"}
    rules = (retention.PROMISES, retention.REQUESTS, retention.LABELS, retention.NEEDED_AGAIN, retention.SETTLED)
    for rule in (*rules, retention.ERASED_REQUESTS, retention.ERASED_LABELS, retention.ADDRESSES):
        plan = [row[3] for row in bench.store.reader.execute(f"EXPLAIN QUERY PLAN {rule.prune}", values)]
        assert not [step for step in plan if step.startswith("SCAN") and "json_each" not in step], plan
    bench.close()
