"""A workplace's desk: scans keep their order, bytes that are no code are answered, weights are judged."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import uuid_utils.compat as uuid

from agent.floor.desk import Desk, Said
from devices.readings import BadFrame, Scan, Weight
from local_store.clock import SystemClock
from local_store.domain import commands as c
from local_store.domain import events as e
from local_store.domain.commands import MAX_CODE
from local_store.domain.site import Site, SsccNumbers, Worker
from local_store.store import Store
from local_store.transaction import Transaction
from local_store.writer import StoreInDoubt
from tests.support.site import until

SITE = Site("station-1", "WH-1", {"pack": "pack"}, {"ana": Worker("ana", "Ana", "BADGE-ANA", frozenset({"packer"}))})


class AtDesk:
    """A desk over a real store, with what it said."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.said: list[Said] = []
        self.desk = Desk("pack", store, SystemClock(), lambda: None)
        self.desk.on_said.append(self.said.append)

    async def hears(self, count: int) -> list[str]:
        await until(lambda: len(self.said) >= count, f"only {len(self.said)} of {count} answers came")
        return [said.answer.code for said in self.said]

    def facts(self, kind: str) -> list[str]:
        rows = self.store.reader.execute("SELECT body FROM journal WHERE kind = ? ORDER BY seq", (kind,))
        return [row["body"] for row in rows]


@pytest.fixture
async def at_desk(tmp_path: Path) -> AsyncIterator[AtDesk]:
    store = Store(tmp_path, SITE, SystemClock(), "test")
    await store.open()
    made = AtDesk(store)
    task = asyncio.create_task(made.desk.run())
    yield made
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await store.close()


def scan(data: bytes, symbology: str | None = None) -> Scan:
    return Scan("scanner", data, symbology, 0.0)


def weight(value: str | None, at: float, **of: Any) -> Weight:
    members = {"mode": "gross", "stability": "stable", "range": "ok", "zero": "unknown", "fault": None, **of}
    return Weight("scale", None if value is None else Decimal(value), "kg", "kg", raw=b"", t_mono=at, **members)


async def test_scans_that_arrive_at_once_are_answered_in_their_order(at_desk: AtDesk) -> None:
    for number in range(200):
        at_desk.desk.on_reading(scan(b"CODE-%03d" % number))
    await at_desk.hears(200)
    refused = at_desk.facts("scan.refused")
    assert [f'"code":"CODE-{number:03d}"' in body for number, body in enumerate(refused)] == [True] * 200


async def test_answers_are_numbered_upwards(at_desk: AtDesk) -> None:
    for _ in range(50):
        at_desk.desk.on_reading(scan(b"x"))
    await at_desk.hears(50)
    numbers = [said.number for said in at_desk.said]
    assert numbers == sorted(set(numbers))


async def test_bytes_that_are_no_text_stay_visible_for_a_person_to_report(at_desk: AtDesk) -> None:
    at_desk.desk.on_reading(scan(b"caf\xe9"))
    assert await at_desk.hears(1) == ["worker.none"]
    assert "caf\\\\xe9" in at_desk.facts("scan.refused")[0]


async def test_a_frame_that_is_no_code_is_answered_with_its_bytes_and_kept(at_desk: AtDesk) -> None:
    at_desk.desk.on_reading(BadFrame("scanner", b"\x00\x01", "longer than 4096 bytes", 0.0))
    assert await at_desk.hears(1) == ["scan.unreadable"]
    assert "00 01" in at_desk.said[0].answer.text
    assert "00 01" in at_desk.facts("scan.refused")[0]


async def test_a_code_whose_text_is_too_long_is_answered_and_does_not_stop_the_next(at_desk: AtDesk) -> None:
    at_desk.desk.on_reading(scan(b"\xff" * (MAX_CODE // 2)))
    at_desk.desk.on_reading(scan(b"BADGE-ANA"))
    assert await at_desk.hears(2) == ["scan.unreadable", "worker.signed_in"]


async def test_a_scan_whose_commit_failed_is_asked_for_again_under_its_own_id_and_counts_once(
    at_desk: AtDesk,
) -> None:
    await _with_a_commit_that_fails(at_desk, scan(b"GARBAGE"))
    assert await at_desk.hears(1) == ["worker.none"]
    assert len(at_desk.facts("scan.refused")) == 1


async def test_a_code_that_a_scanner_sends_twice_in_a_moment_counts_once_where_the_site_says_so(
    tmp_path: Path,
) -> None:
    signals: list[tuple[str, bool]] = []
    store = Store(tmp_path, replace(SITE, same_scan_ms=300), SystemClock(), "test")
    await store.open()
    made = AtDesk(store)
    desk = Desk("pack", store, SystemClock(), lambda: None, signal=lambda *signal: signals.append(signal))
    desk.on_said.append(made.said.append)
    task = asyncio.create_task(desk.run())
    try:
        for device, code, at in (
            ("gun", b"A", 1.0), ("gun", b"A", 1.2), ("gun", b"A", 1.4),  # a code that stays before the window
            ("gun", b"B", 1.5), ("gun", b"A", 1.6), ("other", b"A", 1.7), ("gun", b"A", 2.0),
        ):  # fmt: skip
            desk.on_reading(Scan(device, code, None, at))
        again = "scan.again"
        first = "worker.none"
        assert await made.hears(7) == [first, again, again, first, first, first, first]
        text = "A came twice in a moment and counts once. If there is another one, scan it again."
        assert made.said[1].answer.text == text
        await until(lambda: len(signals) == 5, "a scanner is told once of each code that counts")
        assert len(made.facts("scan.refused")) == 7, "what did not count is kept too"
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await store.close()


async def test_the_weight_of_a_request_is_the_first_stable_one_after_it(at_desk: AtDesk) -> None:
    at_desk.desk.on_reading(weight("9.000", at=1.0))
    asking = asyncio.create_task(at_desk.desk.weigh(uuid.uuid7(), "scale", None, lambda: 2.0))
    await asyncio.sleep(0)
    at_desk.desk.on_reading(weight("5.000", at=2.1, stability="unstable"))
    await asyncio.sleep(0)
    assert not asking.done()
    at_desk.desk.on_reading(weight("7.000", at=2.2))
    said = await asking
    assert said.answer.code == "worker.none"  # the weight was taken and the command decided: nobody is signed in


async def test_a_weight_is_used_for_one_parcel_only_until_the_scale_was_empty(tmp_path: Path) -> None:
    """From the start of a run on: what lies on the scale then may be yesterday's parcel."""
    async with packing(tmp_path) as (at_desk, give):
        desk = at_desk.desk
        await give("O1")
        assert await weighs(at_desk, "2.000") == "scale.not_emptied"
        for not_empty in (
            weight("0.021", at=3.0),
            weight("0.010", at=3.0, stability="unstable"),
            weight(None, at=3.0),
            weight("0.000", at=3.0, fault="Error 10b"),
            weight("0.000", at=3.0, range="unknown"),
        ):
            desk.on_reading(not_empty)
            assert await weighs(at_desk, "2.000") == "scale.not_emptied"
        desk.on_reading(weight("0.020", at=4.0))
        assert await weighs(at_desk, "2.000", stability="unstable") == "scale.moving", "a refusal uses nothing up"
        assert await weighs(at_desk, "2.000") == "pack.weighed"
        assert await weighs(at_desk, "2.001") == "pack.weighed", "the same parcel once more"
        await give("O2")
        assert await weighs(at_desk, "2.000") == "scale.not_emptied"
        desk.on_reading(weight("-0.001", at=5.0))
        assert await weighs(at_desk, "2.000") == "pack.weighed"


async def test_a_repeated_request_after_the_parcel_was_taken_off_does_not_use_the_empty_scale_up(
    tmp_path: Path,
) -> None:
    async with packing(tmp_path) as (at_desk, give):
        await give("O1")
        at_desk.desk.on_reading(weight("0.000", at=0.5))
        asked = uuid.uuid7()
        assert await weighs(at_desk, "2.000", asked=asked) == "pack.weighed"
        at_desk.desk.on_reading(weight("0.000", at=3.0))
        assert await weighs(at_desk, "2.000", asked=asked) == "pack.weighed"
        await give("O2")
        assert await weighs(at_desk, "2.000") == "pack.weighed"


async def test_whoever_watches_the_scale_sees_each_of_its_weights(at_desk: AtDesk) -> None:
    seen: list[Weight] = []
    desk = Desk("pack", at_desk.store, SystemClock(), lambda: None, watch=seen.append)
    readings = [weight("7.000", at=1.0), weight(None, at=2.0, fault="Error 10b"), weight("7.000", at=3.0)]
    desk.on_reading(scan(b"x"))
    for reading in readings:
        desk.on_reading(reading)
    assert seen == readings


async def test_an_old_weight_is_never_shown_as_live(at_desk: AtDesk) -> None:
    assert at_desk.desk.weight_json(now=0.0) is None
    at_desk.desk.on_reading(weight("7.000", at=1.0))
    assert at_desk.desk.weight_json(now=1.5) == {"state": "stable", "text": "7.000 kg", "sentence": ""}
    old = at_desk.desk.weight_json(now=9.0)
    assert old is not None
    assert (old["state"], old["sentence"]) == ("away", "The scale is silent.")


async def test_a_scale_that_gives_no_number_while_it_moves_is_shown_as_moving(at_desk: AtDesk) -> None:
    at_desk.desk.on_reading(weight(None, at=1.0, stability="unstable"))
    assert at_desk.desk.weight_json(now=1.0) == {"state": "moving", "text": "-", "sentence": ""}


async def test_a_fault_of_the_scale_is_shown_as_a_fault_and_never_as_zero(at_desk: AtDesk) -> None:
    at_desk.desk.on_reading(weight(None, at=1.0, fault="Error 10b"))
    shown = at_desk.desk.weight_json(now=1.0)
    assert shown == {"state": "fault", "text": "-", "sentence": "The scale gives no weight (Error 10b)."}


@asynccontextmanager
async def packing(folder: Path) -> AsyncIterator[tuple[AtDesk, Callable[[str], Awaitable[None]]]]:
    """A desk at which Ana packs; the function gives an order of one S, complete and ready to be weighed."""
    sscc = SsccNumbers("0614141", 3, 1, 99)
    store = Store(folder, replace(SITE, sscc=sscc), SystemClock(), "test")
    await store.open()
    at_desk = AtDesk(store)

    async def does(kind: type[c.FloorCommand], **of: Any) -> None:
        await at_desk.desk.execute(kind(command_id=uuid.uuid7(), workplace="pack", **of))

    async def give(order: str) -> None:
        await does(c.Seal)
        party = c.Party(party_id="P", name="Toms", address={})
        line = e.WorkLine(order_line_id="1", sku="S", qty=Decimal(1), picked=Decimal(1))
        fulfillment = e.FulfillmentReceived(
            lane="main",
            fulfillment_id=order,
            order_id=order,
            warehouse_id="w",
            party_id="P",
            lines=(line,),
            picked=True,
        )
        await store.execute(c.ReceiveWork(command_id=uuid.uuid7(), fulfillments=(fulfillment,), parties=(party,)))
        await does(c.OpenWork, id=order)
        await does(c.Scan, code="S")

    try:
        await does(c.Scan, code="BADGE-ANA")
        yield at_desk, give
    finally:
        await store.close()


async def weighs(at_desk: AtDesk, kilograms: str, asked: Any = None, **of: Any) -> str:
    """Ask for the weight that lies there, and return the code of the answer."""
    at_desk.desk.on_reading(weight(kilograms, at=9.0, **of))
    scale_waits = of.get("stability") != "unstable"
    now = 9.0 if scale_waits else 8.0
    said = await at_desk.desk.weigh(asked or uuid.uuid7(), "scale", "heavy wrapping", lambda: now)
    return said.answer.code


async def _with_a_commit_that_fails(at_desk: AtDesk, reading: Scan) -> None:
    """The reading becomes a command in the same transaction as work whose commit is refused."""
    begun, go_on = threading.Event(), threading.Event()

    def hold(_tx: Transaction) -> None:
        begun.set()
        assert go_on.wait(10)

    def spoil_the_commit(tx: Transaction) -> None:
        tx.connection.execute("PRAGMA defer_foreign_keys=ON")
        tx.connection.execute("INSERT INTO outbox(lane, seq, entity, state) VALUES ('main', 999999, 'x', 'pending')")

    holding = asyncio.ensure_future(at_desk.store.run(hold))
    await asyncio.to_thread(begun.wait, 10)
    spoiling = asyncio.ensure_future(at_desk.store.run(spoil_the_commit))
    at_desk.desk.on_reading(reading)
    for _ in range(10):
        await asyncio.sleep(0)  # lets the desk submit
    go_on.set()
    await holding
    with pytest.raises(StoreInDoubt):
        await spoiling


async def test_a_scanner_is_told_whether_its_code_was_taken(at_desk: AtDesk) -> None:
    signals: list[tuple[str, bool]] = []
    desk = Desk("pack", at_desk.store, SystemClock(), lambda: None, signal=lambda *signal: signals.append(signal))
    task = asyncio.create_task(desk.run())
    desk.on_reading(scan(b"no such code"))
    await until(lambda: len(signals) == 1, "no signal came")
    desk.on_reading(scan(b"BADGE-ANA"))
    await until(lambda: len(signals) == 2, "no second signal came")
    desk.on_reading(BadFrame("scanner", b"\x00", "noise", 0.0))
    await until(lambda: len(signals) == 3, "no third signal came")
    assert signals == [("scanner", False), ("scanner", True), ("scanner", False)]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
