"""Pushing: every promise is kept in order, once, whatever HQ does; shown over real HTTP to a misbehaving HQ."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

import pytest

from local_store.domain.commands import Party, ReceiveWork
from sync import retry
from sync.engine import IN_FLIGHT
from tests.sync.fake_hq import SECRET, FakeHq
from tests.sync.station import (
    LANE,
    Station,
    assigned,
    completed,
    counted,
    new_id,
    packing,
    short,
    started,
    station,
    undone,
)


async def test_picking_and_packing_arrive_in_order_and_packing_waits_for_its_picklist(
    here: Station, fake: FakeHq
) -> None:
    await here.record(assigned("P1"), started("P1"), counted("P1", "c1"), counted("P1", "c2"), completed("P1"))
    await here.record(*packing("F1", "P1"))
    async with here.syncing():
        await here.sent()
    assert fake.facts() == {
        "picklist:P1": ["assign", "start", "c1", "c2", "complete"],
        "fulfillment:F1": ["open-session", "pack", "seal", "shipments"],
    }
    assert [each.entity for each in fake.told] == ["picklist:P1"] * 4 + ["fulfillment:F1"] * 4
    assert here.lane.state().state == "reachable"
    assert here.problems == {}


async def test_facts_committed_while_the_lane_runs_are_sent_at_once(here: Station, fake: FakeHq) -> None:
    async with here.syncing():
        await here.until(lambda: here.lane.state().state == "reachable")
        await here.record(counted("P1", "c1"))
        await here.sent()
        await here.record(counted("P1", "c2"))
        await here.sent()
    assert fake.facts() == {"picklist:P1": ["c1", "c2"]}
    assert max(here.time.slept, default=0) == 0


async def test_counts_of_one_picker_share_a_request_of_at_most_a_hundred(here: Station, fake: FakeHq) -> None:
    await here.record(*(counted("P1", f"c{n}") for n in range(130)))
    await here.record(counted("P1", "bens"), actor="ben")
    async with here.syncing():
        await here.sent()
    assert [len(each.facts) for each in fake.told] == [100, 30, 1]
    assert [each.headers["X-Worker-ID"] for each in fake.told] == ["ana", "ana", "ben"]


async def test_each_request_says_who_where_and_for_which_work(here: Station, fake: FakeHq) -> None:
    await here.record(assigned("P1 ü"), actor="Zoë")
    async with here.syncing():
        await here.sent()
    headers = fake.told[0].headers
    assert headers["X-Tenant-ID"] == "t1"
    assert headers["X-Device-ID"] == "st-1"
    assert headers["X-Worker-ID"] == "Zo%C3%AB"
    assert headers["X-Correlation-ID"] == "picklist:P1 %C3%BC"
    assert fake.told[0].path == "/picklists/P1 ü/assign"


@pytest.mark.parametrize(
    "how", ["lose", "close", "html", "redirect", "huge", "half", "wrong_id", "500", "503", "425"]
)
async def test_what_is_not_a_plain_yes_is_repeated_under_the_same_key_and_counts_once(
    here: Station, fake: FakeHq, how: str
) -> None:
    fake.plan.extend([how, how])
    await here.record(counted("P1", "c1"), counted("P1", "c2"))
    async with here.syncing():
        await here.sent()
    assert fake.facts() == {"picklist:P1": ["c1", "c2"]}
    assert len(fake.attempts) == 3
    assert len({(path, key, body) for path, key, body in fake.attempts}) == 1
    assert here.parked() == []


async def test_a_call_that_hangs_is_given_up_and_repeated_under_the_same_key(tmp_path: Path, fake: FakeHq) -> None:
    fake.plan.append("hang")
    async with station(tmp_path, fake.url, timeout_s=1) as here:
        await here.record(assigned("P1"))
        async with here.syncing():
            await here.sent()
    assert len(fake.attempts) == 2
    assert len({key for _, key, _ in fake.attempts}) == 1


async def test_one_request_is_in_flight_for_an_entity_and_eight_in_all(here: Station, fake: FakeHq) -> None:
    for n in range(12):
        await here.record(assigned(f"P{n}"), started(f"P{n}"), counted(f"P{n}", f"c{n}"))
    fake.gate.clear()
    async with here.syncing():
        await fake.until(lambda: len(fake.attempts) == IN_FLIGHT)
        fake.gate.set()
        await here.sent()
    assert fake.most_in_flight == IN_FLIGHT == 8
    assert all(told == ["assign", "start", f"c{entity[10:]}"] for entity, told in fake.facts().items())


async def test_a_refusal_parks_its_own_entity_with_the_words_of_hq(here: Station, fake: FakeHq) -> None:
    fake.refused["picklist:P1"] = "Picklist P1 is held by another device."
    await here.record(assigned("P1"), started("P1"), assigned("P2"))
    await here.record(*packing("F1", "P1"), *packing("F2", "P2"))
    async with here.syncing():
        await here.until(lambda: (here.figures().parked, here.figures().unsent) == (1, 5))
        assert here.parked() == [
            ("picklist:P1", "picklist.assigned", "HQ answered 422: Picklist P1 is held by another device.")
        ]
        assert set(fake.facts()) == {"picklist:P2", "fulfillment:F2"}
        fake.refused.clear()
        await here.retry("picklist:P1")
        await here.sent()
    assert fake.facts()["picklist:P1"] == ["assign", "start"]
    assert fake.facts()["fulfillment:F1"] == ["open-session", "pack", "seal", "shipments"]
    keys = [key for path, key, _ in fake.attempts if path == "/picklists/P1/assign"]
    assert len(keys) == 2
    assert len(set(keys)) == 1


async def test_a_scan_refused_inside_a_yes_is_parked_alone_and_goes_again_under_a_new_key(
    here: Station, fake: FakeHq
) -> None:
    fake.refused["c2"] = "SKU-1 is to be taken from B-1."
    await here.record(counted("P1", "c1"), counted("P1", "c2"), counted("P1", "c3"), completed("P1"))
    async with here.syncing():
        await here.until(lambda: here.figures().parked == 1)
        assert here.parked() == [("picklist:P1", "pick.counted", "HQ refused this: SKU-1 is to be taken from B-1.")]
        assert fake.facts() == {"picklist:P1": ["c1", "c3"]}
        fake.refused.clear()
        await here.retry("picklist:P1")
        await here.sent()
    assert fake.facts() == {"picklist:P1": ["c1", "c3", "c2", "complete"]}
    first, again = [key for path, key, _ in fake.attempts if path.endswith("scan")]
    assert first != again  # the first key would only bring the first answer again


async def test_corrections_go_as_adjustments_under_their_own_ids(here: Station, fake: FakeHq) -> None:
    await here.record(short("P1", "s1"), undone("P1", "u1", qty=0), undone("P1", "u2", qty=2))
    async with here.syncing():
        await here.sent()
    assert [each.body["adjustments"][0] for each in fake.told] == [
        {"adjustment_id": "s1", "task_id": "P1-T1", "kind": "short", "qty": 3, "reason": "empty"},
        {"adjustment_id": "u1", "task_id": "P1-T1", "kind": "reopen"},
        {"adjustment_id": "u2", "task_id": "P1-T1", "kind": "undo", "qty": 2},
    ]


async def test_hqs_own_package_id_and_the_receivers_address_go_with_the_shipment(here: Station, fake: FakeHq) -> None:
    party = Party(party_id="to:F1", name="Café Été", address={"city": "Reims", "country": "France"})
    await here.store.execute(ReceiveWork(command_id=new_id(), fulfillments=(), parties=(party,)))
    await here.record(*packing("F1"))
    async with here.syncing():
        await here.sent()
    pack, seal, shipment = (each.body for each in fake.told[1:])
    assert pack["packages"][0]["weight"] == 1234  # 1,234.5 g, half to even
    assert seal == {"package_id": "hq-F1-P1"}
    assert shipment["packages"] == [{"package_id": "hq-F1-P1", "weight": 1234}]
    assert shipment["to_address"] == {"name": "Café Été", "city": "Reims", "country": "France"}
    assert here.rows("SELECT lane, thing, local_id, hq_id FROM hq_ref ORDER BY thing") == [
        (LANE, "package", "F1-P1", "hq-F1-P1"),
        (LANE, "shipment", "F1", "sh-F1"),
    ]


async def test_without_hqs_id_of_a_package_its_sealing_is_parked_and_says_what_is_missing(
    here: Station, fake: FakeHq
) -> None:
    await here.record(packing("F1")[2])
    async with here.syncing():
        await here.until(lambda: here.figures().parked == 1)
    assert fake.attempts == []
    assert here.parked()[0][2].startswith("HQ's id for package F1-P1 of F1 is not known here")


async def test_a_key_that_is_not_accepted_stops_the_lane_and_parks_nothing(here: Station, fake: FakeHq) -> None:
    fake.secret = "another"
    await here.record(assigned("P1"))
    async with here.syncing() as lane:
        await here.until(lambda: lane.state().state == "paused")
        await here.record(assigned("P2"))
        assert "does not accept this station's key" in here.problems["hq.main.key"]
        fake.secret = SECRET
        await here.sent()
        assert lane.state().state == "reachable"
    waits = [wait for wait in here.time.slept if wait]
    assert waits == [retry.AUTH_PAUSE_MS / 1000] * len(waits)
    assert len(waits) >= 1
    assert here.problems == {}
    assert here.parked() == []
    assert set(fake.facts()) == {"picklist:P1", "picklist:P2"}


async def test_retry_after_is_kept_to_and_survives_a_restart(here: Station, fake: FakeHq) -> None:
    fake.plan.append("429")
    fake.retry_after = "120"
    await here.record(assigned("P1"))
    asked = here.time.now_ms
    async with here.syncing():
        await fake.until(lambda: len(fake.attempts) == 1)
        await here.until(lambda: here.rows("SELECT due_ms >= ? FROM outbox_request", asked + 120_000) == [(1,)])
    async with here.syncing():
        await here.sent()
    assert here.time.now_ms - asked >= 120_000
    assert len({key for _, key, _ in fake.attempts}) == 1


@pytest.mark.parametrize("years", [-10, 10])
async def test_a_clock_that_is_set_holds_up_nothing(here: Station, fake: FakeHq, years: int) -> None:
    """A pause that was agreed before the clock was set, and after a restart is known by the wall clock only."""
    fake.plan.extend(["429"] * 1000)
    fake.retry_after = "120"
    await here.record(assigned("P1"))
    async with here.syncing():
        await here.until(lambda: here.rows("SELECT due_ms > 0 FROM outbox_request") == [(1,)])
    fake.plan.clear()
    here.time.now_ms += years * 365 * 24 * 3_600_000
    begun = here.time.now_ms
    async with here.syncing():
        await here.sent()
    assert here.time.now_ms - begun <= retry.LONGEST_RETRY_AFTER_MS


async def test_an_entity_that_hq_cannot_take_now_holds_up_no_other(here: Station, fake: FakeHq) -> None:
    fake.plan.append("500")
    await here.record(assigned("P1"), started("P1"), assigned("P2"))
    async with here.syncing():
        await here.sent()
    assert [path for path, _, _ in fake.attempts].index("/picklists/P2/assign") < 3
    assert fake.facts() == {"picklist:P1": ["assign", "start"], "picklist:P2": ["assign"]}


async def test_what_hq_fails_to_take_again_and_again_is_shown_until_it_is_taken(here: Station, fake: FakeHq) -> None:
    fake.plan.extend(["500"] * 1000)
    await here.record(assigned("P1"))
    async with here.syncing():
        await here.until(lambda: "hq.main.not_taken" in here.problems)
        assert re.search(
            r"/picklists/P1/assign in [5-9] tries: HQ answered 500: A fault 500\.", here.problems["hq.main.not_taken"]
        )
        fake.plan.clear()
        await here.sent()
        await here.until(lambda: not here.problems)


async def test_in_an_outage_only_the_probe_asks_and_new_facts_do_not_hurry_it(here: Station, fake: FakeHq) -> None:
    async with here.syncing() as lane:
        await here.until(lambda: lane.state().state == "reachable")
        fake.away = True
        await here.record(*(assigned(f"P{n}") for n in range(40)))
        await fake.until(lambda: fake.probes >= 8)
        assert lane.state().state == "unreachable"
        assert "broke off" in lane.state().sentence
        assert fake.attempts == []
        waits = [wait for wait in here.time.slept if wait]
        assert all(0.5 <= wait <= 30 for wait in waits)
        assert fake.probes <= 2 * (len(waits) + 3)  # aiohttp itself asks twice when a connection breaks under a GET
    assert list(dict.fromkeys(each.state for each in here.states)) == ["reachable", "unreachable"]


async def stranded(here: Station, fake: FakeHq) -> None:
    """HQ goes away while all requests that may be are on their way; its proxy asks them to wait for ten minutes."""
    fake.gate.clear()
    await here.record(*(assigned(f"P{n}") for n in range(20)))
    await fake.until(lambda: len(fake.attempts) == IN_FLIGHT)
    fake.plan.extend(["503"] * IN_FLIGHT)
    fake.retry_after = "600"
    fake.away = True
    fake.gate.set()
    await here.until(lambda: here.rows("SELECT count(*) FROM outbox_request WHERE attempts = 1") == [(IN_FLIGHT,)])
    await here.until(lambda: here.lane.state().state == "unreachable")


async def test_after_an_outage_all_due_work_goes_at_once(here: Station, fake: FakeHq) -> None:
    async with here.syncing():
        await stranded(here, fake)
        fake.away = False
        await here.until(lambda: here.lane.state().state == "reachable")
        back = here.time.now_ms
        await here.sent()
        assert here.time.now_ms - back < 60_000
    assert len(fake.facts()) == 20


async def test_an_outage_that_ends_while_the_agent_is_down_delays_nothing_either(here: Station, fake: FakeHq) -> None:
    async with here.syncing():
        await stranded(here, fake)
    fake.away = False
    back = here.time.now_ms
    async with here.syncing():
        await here.sent()
    assert here.time.now_ms - back < 60_000


async def test_a_restart_sends_the_same_request_under_the_same_key(here: Station, fake: FakeHq) -> None:
    fake.plan.append("lose")
    await here.record(counted("P1", "c1"), counted("P1", "c2"))
    async with here.syncing():
        await fake.until(lambda: len(fake.attempts) == 1)
    await here.record(counted("P1", "c3"))
    async with here.syncing():
        await here.sent()
    assert fake.attempts[0] == fake.attempts[1]
    assert fake.facts() == {"picklist:P1": ["c1", "c2", "c3"]}
    assert [len(json.loads(body)) for _, _, body in fake.attempts] == [2, 2, 1]


async def test_the_request_is_on_disk_before_its_first_byte(here: Station, fake: FakeHq) -> None:
    fake.plan.append("close")
    await here.record(assigned("P1"))
    async with here.syncing():
        await fake.until(lambda: len(fake.attempts) == 1)
        path, key, body = fake.attempts[0]
        assert here.rows("SELECT path, idempotency_key, body FROM outbox_request") == [(path, key, body)]
        await here.sent()


async def test_the_key_of_the_station_is_never_logged(
    here: Station, fake: FakeHq, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fake.plan.extend(["close", "html", "redirect", "401", "500"])
    await here.record(assigned("P1"), assigned("P2"))
    async with here.syncing():
        await here.sent()
    said = caplog.text + repr(here.states) + repr(here.problems) + repr(here.rows("SELECT * FROM outbox_request"))
    assert SECRET not in said


async def test_facts_an_hq_cannot_take_are_counted_and_hold_up_nothing(tmp_path: Path, fake: FakeHq) -> None:
    async with station(tmp_path, fake.url, accepts=frozenset({"picklist.completed"})) as here:
        await here.record(assigned("P1"), completed("P1"))
        async with here.syncing():
            await here.sent()
        assert here.figures().not_deliverable == 1
    assert fake.facts() == {"picklist:P1": ["complete"]}
