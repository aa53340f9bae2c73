"""A name that nobody needs any more is erased: no byte of it is left in the store's files, and no fact is touched."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from local_store import journal, outbox, retention
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.retention import NIGHTS_BEFORE_ANEW, close_night
from local_store.transaction import Transaction
from tests.support.floor import Bench, new_id, product

NAME, STREET = "Zdenka Vyhledávaná", "Nevinohradská 4711"
MANY = 60
NIGHTS = 3


@pytest.fixture
def shipped(open_bench: Callable[[str], Bench]) -> Iterator[Bench]:
    """Sixty orders for one name, each packed; HQ was told with it, and it stands on every label."""
    bench = open_bench("pack-1")
    bench.given_products(product("SKU-1"))
    bench.signed_in()
    chance = random.Random(1)
    for n in range(MANY):
        given(bench, n, "x" * chance.randrange(2000))
        bench.packed(f"O-{n}", 100)
    bench.runner.run(bench.store.run(lambda tx: told_and_printed(tx, chance)))
    yield bench
    live = bench.dump()
    assert bench.rebuilt_dump() == live


def given(bench: Bench, n: int, more: str = "") -> None:
    line = e.WorkLine(order_line_id=f"L-{n}", sku="SKU-1", qty=Decimal(1), picked=Decimal(1))
    order = e.FulfillmentReceived(
        lane="main",
        fulfillment_id=f"F-O-{n}",
        order_id=f"O-{n}",
        warehouse_id="WH-1",
        party_id=f"to:{n}",
        lines=(line,),
        picked=True,
    )
    party = c.Party(party_id=f"to:{n}", name=NAME, address={"street": STREET, "more": more})
    bench.do(c.ReceiveWork(command_id=new_id(), fulfillments=(order,), parties=(party,)))


def told_and_printed(tx: Transaction, chance: random.Random) -> None:
    """As the sender and the spooler would have done, with the name where it would be."""
    db = tx.connection
    label = f"^XA^FD{NAME} {STREET}^FS{'x' * chance.randrange(3000)}^XZ".encode()
    db.execute("UPDATE spool_job SET zpl = ?, state = 'confirmed'", (label,))
    while entities := outbox.entities_to_send(db, "main", ()):
        for entity in entities:
            facts = outbox.next_facts(db, "main", entity, 100)
            body = f'{{"to_address": "{NAME}, {STREET}", "more": "{"x" * chance.randrange(3000)}"}}'
            request = outbox.fix_request(db, "main", facts, outbox.NewRequest("POST", "/shipments", body), tx.wall_ms)
            outbox.delivered(db, request.request_id, 200)


def nights(bench: Bench, many: int) -> None:
    async def no_pause(_seconds: float) -> None:
        await asyncio.sleep(0)

    for _ in range(many):
        bench.runner.run(close_night(bench.store, no_pause, NIGHTS))


def traces(folder: Path) -> dict[str, int]:
    """How often the name or the street stands in each file of the store, whatever part of the file it is."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            found[path.name] = data.count(NAME.encode()) + data.count(STREET.encode())
    return {name: many for name, many in found.items() if many}


def test_no_byte_of_an_erased_name_is_left_in_file_or_log_and_the_chain_is_whole(shipped: Bench) -> None:
    facts = shipped.query("SELECT count(*) FROM journal")
    assert sum(traces(shipped.folder).values()) > 3 * MANY
    nights(shipped, NIGHTS)
    assert shipped.query("SELECT count(*) FROM party") == [(MANY,)]
    nights(shipped, 1)
    assert shipped.query("SELECT count(*) FROM party") == [(0,)]
    assert not [1 for (body,) in shipped.query("SELECT body FROM outbox_request") if NAME in body]
    assert shipped.query("SELECT count(*) FROM spool_job WHERE zpl IS NOT NULL") == [(0,)]
    assert sum(traces(shipped.folder).values()) < MANY / 10  # copies of rows that SQLite had moved
    assert shipped.query("PRAGMA freelist_count")[0][0] > 0
    nights(shipped, NIGHTS_BEFORE_ANEW)
    assert traces(shipped.folder) == {}
    assert shipped.query("PRAGMA freelist_count") == [(0,)]  # the file was written anew
    assert shipped.query("SELECT * FROM erased") == []
    assert shipped.query("SELECT count(*) FROM journal") == facts
    assert journal.verify(shipped.store.reader) == facts[0][0]
    assert shipped.query("SELECT count(*) FROM outbox WHERE state = 'delivered'")[0][0] > 0


def test_while_work_goes_on_the_names_of_others_stay(shipped: Bench) -> None:
    nights(shipped, NIGHTS)
    given(shipped, 900)
    nights(shipped, 1)
    assert shipped.query("SELECT party_id FROM party") == [("to:900",)]
    shipped.packed("O-900", 100)  # its shipment is not told yet
    nights(shipped, NIGHTS + 2)
    assert shipped.query("SELECT party_id FROM party") == [("to:900",)]


def test_a_request_that_waits_keeps_what_it_says(shipped: Bench) -> None:
    """HQ lost the shipment of one order and is told again: its request and its address stay."""

    def owed_again(tx: Transaction) -> None:
        (seq,) = tx.connection.execute(
            "SELECT o.seq FROM outbox o JOIN journal j USING (seq) WHERE j.kind = 'shipment.requested'"
            " AND o.entity = 'fulfillment:F-O-7'"
        ).fetchone()
        outbox.owe_again(tx.connection, "main", [seq])

    nights(shipped, NIGHTS)
    shipped.runner.run(shipped.store.run(owed_again))
    nights(shipped, 1)
    assert shipped.query("SELECT party_id FROM party") == [("to:7",)]
    assert [path for path, body in shipped.query("SELECT path, body FROM outbox_request") if NAME in body] == [
        "/shipments"
    ]


def test_hq_that_lost_a_shipment_whose_address_is_gone_is_told_without_it(shipped: Bench) -> None:
    nights(shipped, NIGHTS + 1)

    def owed_again(tx: Transaction) -> list[tuple[str, int | None]]:
        (seq,) = tx.connection.execute(
            "SELECT o.seq FROM outbox o JOIN journal j USING (seq) WHERE j.kind = 'shipment.requested'"
            " AND o.entity = 'fulfillment:F-O-7'"
        ).fetchone()
        outbox.owe_again(tx.connection, "main", [seq])
        rows = tx.connection.execute("SELECT state, request_id FROM outbox WHERE seq = ?", (seq,))
        return [tuple(row) for row in rows]

    assert shipped.runner.run(shipped.store.run(owed_again)) == [("pending", None)]


def test_a_withdrawn_order_leaves_its_name_no_longer_than_others(open_bench: Callable[[str], Bench]) -> None:
    bench = open_bench("pack-1")
    given(bench, 1)
    bench.do(c.SeeWork(command_id=new_id(), lane="main", thing="fulfillment", work_id="F-O-1", state="cancelled"))
    nights(bench, NIGHTS + 1 + NIGHTS_BEFORE_ANEW)
    assert traces(bench.folder) == {}


def test_a_file_too_large_to_be_written_anew_while_people_work_says_so(
    shipped: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_pause(_seconds: float) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr(retention, "MOST_ANEW", 1)
    nights(shipped, NIGHTS + NIGHTS_BEFORE_ANEW)
    assert not shipped.runner.run(close_night(shipped.store, no_pause, NIGHTS))
    monkeypatch.undo()
    assert shipped.runner.run(close_night(shipped.store, no_pause, NIGHTS))
    assert traces(shipped.folder) == {}


def test_scans_are_answered_after_the_file_was_written_anew(shipped: Bench) -> None:
    nights(shipped, NIGHTS + 1 + NIGHTS_BEFORE_ANEW)
    given(shipped, 901)
    assert not shipped.packed("O-901", 100).refused
    shipped.restart()
    assert shipped.query("SELECT session FROM fulfillment WHERE fulfillment_id = 'F-O-901'") == [("packed",)]
