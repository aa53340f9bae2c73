"""A store after a busy day, as its files lie on the disk while the agent works: file and log, not closed."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

from local_store import inspection, journal, outbox, spool
from local_store.database import FILE_NAME
from local_store.domain.printing import Job
from local_store.outbox import NewRequest
from local_store.transaction import Transaction
from tests.support.floor import Bench, line, product

LANE = "main"
PICKLISTS, LINES, ORDERS, EARLY = 24, 6, 60, 30
LOG = f"{FILE_NAME}-wal"
OLD_LOG, EARLY_LOG, OTHER_LOG = "old-round-wal", "earlier-wal", "other-store-wal"
"""Logs that do not belong to the file as it is: of an earlier round, of an earlier moment, of another store."""


def make(folder: Path) -> None:
    """Make the store in `folder`, with the foreign logs beside it."""
    folder.mkdir()
    other = Bench(folder / "other")
    _work(other, range(4), range(0))
    shutil.copy(folder / "other" / LOG, folder / OTHER_LOG)
    other.close()
    bench = Bench(folder / "at-work", at="pick-1")
    _receive(bench)
    _work(bench, range(PICKLISTS // 2), range(EARLY))
    bench.restart()
    _work(bench, range(PICKLISTS // 2, PICKLISTS - 1), range(EARLY, ORDERS - 8))
    shutil.copy(bench.folder / LOG, folder / OLD_LOG)
    _checkpoint(bench.folder / FILE_NAME)
    _work(bench, range(PICKLISTS - 1, PICKLISTS), range(ORDERS - 8, ORDERS - 4))
    shutil.copy(bench.folder / LOG, folder / EARLY_LOG)
    _work(bench, range(0), range(ORDERS - 4, ORDERS))
    inspection.note_head(bench.store.reader, bench.folder)
    for name in (FILE_NAME, LOG, inspection.TAIL):
        shutil.copy(bench.folder / name, folder / name)
    bench.close()
    shutil.rmtree(folder / "other")
    shutil.rmtree(folder / "at-work")


def _receive(bench: Bench) -> None:
    bench.given_products(*(product(f"SKU-{n}", f"29000000{n:05d}", name=f"Item {n} łódź") for n in range(40)))
    for n in range(PICKLISTS):
        bench.given_picklist(f"PL-{n}", *(line(f"SKU-{(n + at) % 40}", 2) for at in range(LINES)))
    for n in range(ORDERS):
        bench.given_order(f"O-{n}", line(f"SKU-{n % 40}", 2), line(f"SKU-{(n + 7) % 40}", 1))


def _work(bench: Bench, picklists: range, orders: range) -> None:
    """Pick these lists and pack these orders; HQ takes most of it, most labels come out."""
    bench.at("pick-1").signed_in()
    for n in picklists:
        if not bench.query("SELECT 1 FROM picklist WHERE picklist_id = ?", f"PL-{n}"):
            bench.given_picklist(f"PL-{n}", *(line(f"SKU-{at}", 2) for at in range(LINES)))
        bench.scan(f"PL-{n}", "no such code", "A-1")
        for at in range(LINES):
            bench.scan(*[f"SKU-{(n + at) % 40}"] * 2)
        bench.complete()
    bench.at("pack-1").signed_in()
    for n in orders:
        bench.packed(f"O-{n}", 320)
        bench.runner.run(bench.store.run(partial(_print, n=n)))
    bench.runner.run(bench.store.run(_send))


def _print(tx: Transaction, n: int) -> None:
    """One label through the spool: most are confirmed, some stay on their way, some wait."""
    job = spool.waiting(tx.connection, "pack-1", 1)[0]
    spool.rendered(tx, job.job_id, f"^XA^FO20,20^FD{job.sscc} for order O-{n}^FS^XZ".encode() * 20, 203)
    job = spool.waiting(tx.connection, "pack-1", 1)[0]
    assert job.state is Job.READY
    if n % 8 == 7:  # it waits
        return
    attempt = spool.begin(tx, job, n, "printer-1")
    spool.taken(tx, job, attempt)
    if n % 8 != 3:
        spool.confirmed(tx, job, attempt, n + 1)


def _send(tx: Transaction) -> None:
    """HQ takes most requests, refuses some and does not answer others."""
    for number, entity in enumerate(outbox.entities_to_send(tx.connection, LANE, [])):
        facts = outbox.next_facts(tx.connection, LANE, entity, 20)
        if not facts or facts[0].request_id is not None:
            continue
        body = "\n".join(journal.canonical(each.fact) for each in facts)
        request = outbox.fix_request(
            tx.connection, LANE, facts, NewRequest("POST", f"/v1/{entity}", body), tx.wall_ms
        )
        if number % 9 == 5:
            outbox.park(tx.connection, request.request_id, 422, "HQ does not know this.")
        elif number % 5 == 3:
            outbox.postpone(tx.connection, request.request_id, tx.wall_ms + 1000, 503, "try again")
        else:
            outbox.delivered(tx.connection, request.request_id, 200)


def _checkpoint(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        busy = connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()[0]
    assert not busy
